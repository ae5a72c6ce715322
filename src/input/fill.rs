//! One canonical table of one file: which rows it gets, and what stands in every row.
//!
//! A row without its number or its start is no row; a row of a further table needs the score, amount or
//! key that makes it one. Values themselves are found in `column.rs`.

use super::cell::{Fault, Value};
use super::column::{Column, Compile};
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
    /// Values of the row at hand, by column.
    values: Vec<Value>,
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
        let placed = !id_needed && with.table != TableKind::Events;
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
            values: vec![Value::Missing; columns.len()],
            columns,
            id,
            start,
            start_instead,
            about,
            inner,
            main,
            id_needed,
            start_needed: with.table.start().is_some() && with.profile.read.undated == Undated::Reject,
            lines: Counts::default(),
            days: Counts::default(),
        }))
    }

    /// The same table of another piece of the file: no rows yet.
    pub fn fork(&self) -> Self {
        Self {
            columns: self.columns.iter().map(Column::fork).collect(),
            values: self.values.clone(),
            inner: self.inner.as_ref().map(Inner::fork),
            lines: Counts::default(),
            days: Counts::default(),
            ..*self
        }
    }

    /// Put the rows of the pieces that follow after these.
    pub fn absorb(&mut self, parts: Vec<Self>) {
        let mut columns: Vec<Vec<Column>> = self.columns.iter().map(|_| Vec::with_capacity(parts.len())).collect();
        for part in parts {
            self.lines.append(part.lines);
            self.days.append(part.days);
            columns.iter_mut().zip(part.columns).for_each(|(column, part)| column.push(part));
        }
        self.columns.par_iter_mut().zip(columns).for_each(|(column, parts)| column.absorb(parts));
    }

    /// Make room for so many times the rows that there are.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a guess")]
    pub fn make_room(&mut self, times: f64) {
        let more = (self.lines.len() as f64 * times) as usize;
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

    /// Add the record's row, or those of its list.
    pub fn take(
        &mut self,
        record: &Record,
        tools: &mut Tools,
        faults: &mut Vec<Fault>,
        fallback_id: &dyn Fn() -> String,
    ) -> Result<(), Box<Fault>> {
        let Some(mut inner) = self.inner.take() else { return self.row(record, tools, faults, fallback_id) };
        inner.each(record, &mut |object| {
            if let Err(fault) = self.row(object, tools, faults, fallback_id) {
                faults.push(*fault);
            }
        });
        self.inner = Some(inner);
        Ok(())
    }

    /// Add a row. A fault leaves the whole record out; faults of single cells are put to `faults`.
    fn row(
        &mut self,
        record: &Record,
        tools: &mut Tools,
        faults: &mut Vec<Fault>,
        fallback_id: &dyn Fn() -> String,
    ) -> Result<(), Box<Fault>> {
        for i in 0..self.deciding {
            self.values[i] = match self.read(i, record, tools) {
                Ok(value) => value,
                Err(fault) if self.main && (Some(i) == self.id || Some(i) == self.start) => return Err(fault),
                Err(fault) => {
                    let instead = fault.instead;
                    faults.push(*fault);
                    instead
                }
            };
        }
        if !self.main && !self.is_worth_a_row() {
            return Ok(());
        }
        if let Some(fault) = self.missing_essential() {
            if self.main {
                return Err(Box::new(fault));
            }
            self.undated(fault, faults);
            return Ok(());
        }
        for i in self.deciding..self.columns.len() {
            self.values[i] = self.read(i, record, tools).unwrap_or_else(|fault| {
                let instead = fault.instead;
                faults.push(*fault);
                instead
            });
        }
        self.keep(record, fallback_id);
        Ok(())
    }

    fn read(&mut self, column: usize, record: &Record, tools: &mut Tools) -> Result<Value, Box<Fault>> {
        let (before, from) = self.columns.split_at_mut(column);
        let values = &self.values;
        let earlier = |name: &str| {
            let at = before.iter().position(|column| column.field.name == name)?;
            match values[at] {
                Value::Time(time) | Value::Day(time) => Some(time),
                _ => None,
            }
        };
        from[0].read(record, tools, earlier)
    }

    fn missing_essential(&self) -> Option<Fault> {
        let is_missing = |at: Option<usize>| at.is_none_or(|at| self.values[at].is_missing());
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

    /// A survey or order in a row of something else that has no date: said, but no fault of that row's.
    fn undated(&self, mut fault: Fault, faults: &mut Vec<Fault>) {
        if fault.column.is_empty() {
            self.kind.start().unwrap_or_default().clone_into(&mut fault.column);
        }
        // A date that could not be read has been said already.
        if !faults.iter().any(|other| other.column == fault.column) {
            faults.push(fault);
        }
    }

    fn is_worth_a_row(&self) -> bool {
        let worth = |i: usize| {
            let column = &self.columns[i];
            column.reads() && worth(self.kind).contains(&column.field.name) && !self.values[i].is_missing()
        };
        (0..self.deciding).any(worth)
    }

    fn keep(&mut self, record: &Record, fallback_id: &dyn Fn() -> String) {
        let mut days = 0;
        for (i, (column, value)) in self.columns.iter_mut().zip(&mut self.values).enumerate() {
            let unnumbered = Some(i) == self.id && value.is_missing() && self.about.is_none();
            if (unnumbered || Some(i) == self.about) && column.field.kind == Kind::Text {
                column.set_text(fallback_id());
                *value = Value::Text;
            }
            if matches!(value, Value::Day(_)) {
                days |= column.day_bit;
            }
            column.push(*value);
        }
        self.days.push(days);
        self.lines.push(i32::try_from(record.line).unwrap_or(i32::MAX));
    }

    /// The number of the row that was added last, where the table has text numbers.
    pub fn id(&self) -> &str {
        self.id.filter(|&at| self.values[at] == Value::Text).map_or("", |at| self.columns[at].text())
    }

    /// The finished table.
    pub fn finish(self, file: &str, instance: &str) -> Table {
        let rows = self.lines.len();
        let mut table = Table::new(self.kind);
        let top = if self.kind == TableKind::Surveys { "top" } else { "csat_top" };
        let mut columns = Vec::new();
        for (position, data, verdicts) in self.columns.into_iter().filter_map(Column::finish) {
            columns.push((position, data));
            columns.extend(self.kind.position(top).zip(verdicts));
        }
        table.fill(columns, rows);
        table.set("file", constant(file, rows));
        if table.column("source").is_none() {
            table.set("source", constant(instance, rows));
        }
        table.set("line", Data::Count(self.lines));
        if self.days.iter().any(|days| days != 0) {
            table.set("by_day", Data::Count(self.days));
        }
        table
    }
}

/// A column of numbers where the export has none, to be filled with the row's place in the file, or with the number of
/// the record that it stands in.
fn blank(with: Compile, name: &str, columns: &[Column]) -> Option<Column> {
    let position = with.table.position(name)?;
    let field = &with.table.fields()[position];
    let there = columns.iter().any(|column| column.position == position);
    (field.kind == Kind::Text && !there).then(|| Column::blank(field, position))
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
