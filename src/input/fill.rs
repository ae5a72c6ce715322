//! One canonical table of one file: which rows it gets, and what stands in every row.
//!
//! A row without its number or its start is no row; a row of a further table needs the score, amount or
//! key that makes it one. Values themselves are found in `column.rs`.

use super::batch::Batch;
use super::cell::Value;
use super::column::{Column, Compile};
use super::fault::{Fault, Faults};
use super::header::Header;
use super::inner::Inner;
use super::profile::{Profile, Source, Undated};
use super::record::Record;
use super::tools::Tools;
use super::trouble::Trouble;
use crate::columns::{Codes, Counts, Data, Kind, Table, Words};
use crate::interaction::{KEYS, TableKind};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A table under construction.
#[derive(Debug)]
pub struct Filler {
    kind: TableKind,
    columns: Vec<Column>,
    /// How many columns, the first ones, decide whether there is a row.
    deciding: usize,
    /// Where the row's number and start are among the columns.
    id: Option<usize>,
    start: Option<usize>,
    /// Where what places a row without a start is.
    start_instead: Option<usize>,
    /// Where the number of the record is that the row stands in.
    about: Option<usize>,
    /// The rows are the objects of a list in each record.
    inner: Option<Inner>,
    /// The main table of the profile, whose rows are the file's rows.
    main: bool,
    id_needed: bool,
    start_needed: bool,
    /// How many rows the last piece had: the next one most likely has as many.
    room: usize,
    lines: Counts,
    days: Counts,
}

impl Filler {
    /// Compile a table of a profile against a file's header; nothing where the profile does not feed it.
    pub fn new(with: Compile, header: &mut Header) -> Result<Option<Self>, Trouble> {
        let Some(sources) = sources(with.profile, with.table) else { return Ok(None) };
        let list = Some(&with.profile.events).filter(|own| own.each.is_some() && with.table == TableKind::Events);
        let mut objects = Header::paths();
        let (outer, header) = if list.is_some() { (Some(header), &mut objects) } else { (None, header) };
        let mut columns = Vec::new();
        for (name, source) in &sources {
            let Some(position) = with.table.position(name) else { continue };
            if let Some(column) = Column::new(&with.table.fields()[position], position, source, with, header)? {
                columns.push(column);
            } else {
                let mut wanted = source.0.iter().flat_map(|rule| &rule.from.0);
                let first = wanted.clone().next().unwrap_or(name);
                let absent = wanted.find(|name| !header.has(name)).unwrap_or(first);
                header.note_absent(absent);
            }
        }
        let deciding = deciding(with.table, with.profile.kind == with.table);
        let decides = |column: &Column| deciding.contains(&column.field.name);
        let main = with.profile.kind == with.table;
        let anonymous = matches!(with.table, TableKind::Customers | TableKind::Surveys | TableKind::Events);
        let id_needed = main && !anonymous && !with.profile.read.row;
        // Events are many and are told apart by what they say.
        let numbers = with.table.field(with.table.id()).is_some_and(|field| field.kind == Kind::Text);
        let placed = !id_needed && numbers && with.table != TableKind::Events;
        columns.extend(placed.then(|| blank(with, with.table.id(), &columns)).flatten());
        let stands_in = with.table == TableKind::Events && !main;
        let about = stands_in.then(|| blank(with, "interaction_id", &columns)).flatten();
        let told_about = about.is_none();
        columns.extend(about);
        // Those that decide come first, those that wait for another column last.
        columns.sort_by_key(|column| (!decides(column), column.waits_for().is_some(), column.position));
        let at = |name: &str| columns.iter().position(|column| column.field.name == name);
        let (id, start) = (at(with.table.id()), with.table.start().and_then(at));
        let start_instead = with.table.start_instead().and_then(at);
        let about = if told_about { None } else { at("interaction_id") };
        let inner = match list.zip(outer) {
            Some((events, header)) => match Inner::new(events, header, &objects) {
                None => return Ok(None),
                found => found,
            },
            None => None,
        };
        Ok(Some(Self {
            kind: with.table,
            deciding: columns.iter().filter(|column| decides(column)).count(),
            columns,
            id,
            start,
            start_instead,
            about,
            inner,
            main,
            id_needed,
            start_needed: with.table.start().is_some() && with.profile.read.undated == Undated::Reject,
            room: 0,
            lines: Counts::default(),
            days: Counts::default(),
        }))
    }

    /// The same table of another piece of the file: no rows yet.
    pub fn fork(&self) -> Self {
        let mut fork = Self {
            columns: self.columns.iter().map(Column::fork).collect(),
            inner: self.inner.as_ref().map(Inner::fork),
            lines: Counts::default(),
            days: Counts::default(),
            ..*self
        };
        fork.reserve(self.room);
        fork
    }

    /// Put the rows of the pieces that follow after these.
    pub fn absorb(&mut self, parts: Vec<Self>) {
        let mut columns: Vec<Vec<Column>> = self.columns.iter().map(|_| Vec::with_capacity(parts.len())).collect();
        for part in parts {
            self.room = part.lines.len();
            self.lines.append(part.lines);
            self.days.append(part.days);
            columns.iter_mut().zip(part.columns).for_each(|(column, part)| column.push(part));
        }
        self.columns.par_iter_mut().zip(columns).for_each(|(column, parts)| column.absorb(parts));
    }

    /// Make room for so many times the rows that there are.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a guess")]
    pub fn make_room(&mut self, times: f64) {
        self.reserve((self.lines.len() as f64 * times) as usize);
    }

    fn reserve(&mut self, more: usize) {
        self.lines.reserve(more);
        self.days.reserve(more);
        self.columns.iter_mut().for_each(|column| column.reserve(more));
    }

    /// The number and the start that rows need, and that no column of the file can give.
    pub fn lacking(&self) -> Option<&'static str> {
        let id = (self.id_needed && self.id.is_none()).then(|| self.kind.id());
        let start =
            self.kind.start().filter(|_| self.main && self.start_needed && self.start.or(self.start_instead).is_none());
        id.or(start)
    }

    /// Begin to look at the file's habits anew.
    pub fn forget_votes(&mut self) {
        self.columns.iter_mut().for_each(Column::forget_votes);
    }

    /// Count what another piece's rows have shown.
    pub fn add_votes(&mut self, other: &Self) {
        self.columns.iter_mut().zip(&other.columns).for_each(|(column, theirs)| column.add_votes(theirs));
    }

    /// All columns.
    pub fn columns(&mut self) -> &mut [Column] {
        &mut self.columns
    }

    /// Count what a record shows of the file's habits.
    pub fn sniff(&mut self, record: &Record) {
        let columns = &mut self.columns;
        let mut sniff = |record: &Record| columns.iter_mut().for_each(|column| column.sniff(record));
        match &mut self.inner {
            Some(inner) => inner.each(record, &mut sniff),
            None => sniff(record),
        }
    }

    /// Add the rows of these records of a batch, or those of their lists. `number` is that of a record whose row has none.
    pub fn take(
        &mut self,
        (batch, records): (&Batch, &[usize]),
        tools: &mut Tools,
        faults: &mut Faults,
        number: &dyn Fn(usize) -> String,
    ) {
        let Some(mut inner) = self.inner.take() else { return self.rows((batch, records), tools, faults, number) };
        let (mut objects, mut around) = (Batch::new(""), Vec::new());
        for &nth in records {
            inner.each(&batch.record(nth), &mut |object| {
                objects.push(object);
                around.push(nth);
            });
        }
        self.inner = Some(inner);
        let (all, mut own): (Vec<usize>, _) = ((0..objects.len()).collect(), Faults::default());
        self.rows((&objects, &all), tools, &mut own, &|object| number(around[object]));
        // An object that is no row leaves its record as it is.
        faults.cells.extend(own.in_order().map(|(object, fault, _)| (around[object], fault)));
    }

    /// Add a row of each record that makes one.
    fn rows(
        &mut self,
        (batch, records): (&Batch, &[usize]),
        tools: &mut Tools,
        faults: &mut Faults,
        number: &dyn Fn(usize) -> String,
    ) {
        let mut left = records.to_vec();
        for at in 0..self.deciding {
            let before = faults.cells.len();
            self.read(at, (batch, &left), tools, faults);
            if self.main && [self.id, self.start].contains(&Some(at)) && faults.cells.len() > before {
                let fatal = faults.cells.split_off(before);
                left.retain(|nth| fatal.iter().all(|(other, _)| other != nth));
                faults.records.extend(fatal);
            }
        }
        left.retain(|&nth| self.main || self.is_worth_a_row(nth));
        left.retain(|&nth| {
            let Some(fault) = self.missing_essential(nth) else { return true };
            if self.main {
                faults.records.push((nth, fault));
            } else {
                self.undated((nth, fault), faults);
            }
            false
        });
        for at in self.deciding..self.columns.len() {
            self.read(at, (batch, &left), tools, faults);
        }
        self.keep((batch, &left), number);
    }

    fn read(&mut self, column: usize, records: (&Batch, &[usize]), tools: &mut Tools, faults: &mut Faults) {
        let (before, from) = self.columns.split_at_mut(column);
        from[0].read(records, tools, before, &mut faults.cells);
    }

    fn missing_essential(&self, nth: usize) -> Option<Fault> {
        let is_missing = |at: Option<usize>| at.is_none_or(|at| self.columns[at].value(nth).is_missing());
        let fault = |at: Option<usize>, reason: &str| Fault {
            column: at.map_or_else(String::new, |at| self.columns[at].name().to_owned()),
            reason: reason.to_owned(),
            text: String::new(),
            instead: Value::Missing,
        };
        if self.id_needed && is_missing(self.id) {
            return Some(fault(self.id, "is empty, and no row is without its number"));
        }
        (self.start_needed && is_missing(self.start) && is_missing(self.start_instead))
            .then(|| fault(self.start, "is empty, and no row is without its date"))
    }

    /// A survey or order in a row of something else that has no date: said, but no fault of that row's. A date that could
    /// not be read has been said already, and a column is said once.
    fn undated(&self, (nth, mut fault): (usize, Fault), faults: &mut Faults) {
        if fault.column.is_empty() {
            self.kind.start().unwrap_or_default().clone_into(&mut fault.column);
        }
        faults.cells.push((nth, fault));
    }

    fn is_worth_a_row(&self, nth: usize) -> bool {
        let worth = worth(self.kind);
        let mut deciding = self.columns[..self.deciding].iter();
        deciding.any(|column| !column.value(nth).is_missing() && column.reads() && worth.contains(&column.field.name))
    }

    fn keep(&mut self, (batch, records): (&Batch, &[usize]), number: &dyn Fn(usize) -> String) {
        let is_text = |at: &usize| self.columns[*at].field.kind == Kind::Text;
        if let Some(at) = self.about.or(self.id.filter(is_text)) {
            let column = &mut self.columns[at];
            for &nth in records {
                if self.about.is_some() || column.value(nth).is_missing() {
                    column.call(nth, &number(nth));
                }
            }
        }
        let mut days = vec![0; records.len()];
        self.columns.iter_mut().for_each(|column| column.keep(records, &mut days));
        self.days.extend(days.into_iter());
        self.lines.extend(records.iter().map(|&nth| i32::try_from(batch.record(nth).line).unwrap_or(i32::MAX)));
    }

    /// The number of a record of the batch that was taken last, where the table has text numbers.
    pub fn id(&self, nth: usize) -> &str {
        self.id.map_or("", |at| self.columns[at].text(nth))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Give the rows away.
    pub fn give(&mut self, file: &str, instance: &str) -> Table {
        let (rows, top) = (self.len(), self.top());
        let mut table = Table::new(self.kind);
        let mut columns = Vec::new();
        for (position, data, verdicts) in self.columns.iter_mut().filter_map(Column::give) {
            columns.push((position, data));
            columns.extend(top.zip(verdicts));
        }
        table.fill(columns, rows);
        table.set("file", constant(file, rows));
        if table.column("source").is_none() {
            table.set("source", constant(instance, rows));
        }
        table.set("line", Data::Count(std::mem::take(&mut self.lines)));
        let days = std::mem::take(&mut self.days);
        if days.iter().any(|days| days != 0) {
            table.set("by_day", Data::Count(days));
        }
        table
    }

    /// Take back some of the rows that were given away.
    pub fn take_back(&mut self, mut table: Table) {
        let (rows, kind) = (table.rows(), self.kind);
        let mut counts = |name: &str| match kind.position(name).and_then(|position| table.pull(position)) {
            Some(Data::Count(counts)) => counts,
            _ => Counts::filled(0, rows),
        };
        (self.lines, self.days) = (counts("line"), counts("by_day"));
        let top = self.top().and_then(|top| table.pull(top));
        for column in &mut self.columns {
            column.take_back(table.pull(column.position), top.as_ref(), rows);
        }
    }

    /// Where verdicts on the top box are.
    fn top(&self) -> Option<usize> {
        self.kind.position(if self.kind == TableKind::Surveys { "top" } else { "csat_top" })
    }
}

/// A column of numbers where the export has none, to be filled with the row's place in the file, or with the number of
/// the record that it stands in.
fn blank(with: Compile, name: &str, columns: &[Column]) -> Option<Column> {
    let position = with.table.position(name)?;
    let there = columns.iter().any(|column| column.position == position);
    (!there).then(|| Column::blank(&with.table.fields()[position], position))
}

/// A column of one word.
fn constant(word: &str, rows: usize) -> Data {
    let mut words = Words::default();
    let code = words.code(word);
    Data::Word { codes: Codes::filled(code, rows), words: words.into() }
}

/// Where a table's columns come from. Rows of a further table are about the same customer and of the same
/// age as the record that they stand in, unless the profile says otherwise.
fn sources(profile: &Profile, table: TableKind) -> Option<BTreeMap<String, Source>> {
    let mut sources = profile.table(table)?.clone();
    // Objects of a list know nothing of the record around them.
    let inside = table == TableKind::Events && profile.events.each.is_some();
    if table != profile.kind && !inside {
        let about = ["interaction_id", "updated_at"];
        for name in KEYS.iter().chain(&about).filter(|name| table.position(name).is_some()) {
            if let Some(source) = profile.columns.get(*name) {
                sources.entry((*name).to_owned()).or_insert_with(|| source.clone());
            }
        }
    }
    Some(sources)
}

/// The columns that are read first: they decide whether there is a row.
fn deciding(table: TableKind, main: bool) -> Vec<&'static str> {
    let essential = [Some(table.id()), table.start(), table.start_instead()].into_iter().flatten();
    if main { essential.collect() } else { essential.chain(worth(table).iter().copied()).collect() }
}

/// What makes a row of a further table worth having.
fn worth(table: TableKind) -> &'static [&'static str] {
    match table {
        TableKind::Customers => &KEYS[..5],
        TableKind::Surveys => &["score"],
        TableKind::Orders => &["amount", "ordered_at"],
        TableKind::Events => &["kind"],
        TableKind::Interactions => &[],
    }
}
