//! Records → typed tables: a profile compiled against one file's header, and what came of its rows.
//!
//! Every record is counted once: used, ignored by a rule, or rejected. Rows of a table are in `fill.rs`,
//! values in `column.rs`, texts in `rule.rs`. How several rows become one is decided later, in `fold`.

use super::batch::{Batch, ROWS};
use super::column::Compile;
use super::early::{Folding, Log};
use super::fault::Faults;
use super::fill::Filler;
use super::header::Header;
use super::memo::Memo;
use super::profile::Profile;
use super::record::{Event, Record};
use super::rule::Test;
use super::sniff::Votes;
use super::tools::Tools;
use super::trouble::Trouble;
use super::{Counts, SourceFile};
use crate::columns::Table;
use crate::interaction::TableKind;
use crate::notice::Reject;
use crate::settings::DayOrder;
use std::sync::Arc;

/// The tables of one file under construction.
#[derive(Debug)]
pub struct Converter {
    file: String,
    /// The profile's own table first.
    tables: Vec<Filler>,
    /// What of the first of them is over, where it is folded while it is read.
    log: Option<Log>,
    ignore: Arc<[Test]>,
    /// What each of these tests remembers.
    ignored: Vec<Memo<bool>>,
    pub tools: Tools,
    pub counts: Counts,
    /// Of those ignored, how many by a rule of the profile.
    pub ruled_out: u64,
    pub rejects: Vec<Reject>,
}

/// What became of a file's rows.
pub struct Finished {
    pub tables: Vec<Table>,
    /// How many rows of the first of them are several, and their numbers.
    pub joined: usize,
    pub numbers: Vec<u64>,
    pub rejects: Vec<Reject>,
}

impl Converter {
    /// Compile a profile against a header.
    pub fn new(
        file: &str,
        profile: &Profile,
        header: &mut Header,
        tools: Tools,
        order: Option<DayOrder>,
        decimal: Option<char>,
    ) -> Result<Self, Trouble> {
        let mut kinds = TableKind::ALL;
        kinds.sort_by_key(|kind| *kind != profile.kind);
        let mut tables = Vec::new();
        for table in kinds {
            let decimal = profile.read.decimal.or(decimal);
            tables.extend(Filler::new(Compile { profile, table, order, decimal }, header)?);
        }
        if let Some(lacking) = tables.first().and_then(Filler::lacking) {
            return Err(lacking_column(file, profile, header, lacking));
        }
        let ignore: Arc<[Test]> = profile.ignore.iter().map(|condition| Test::new(condition, header)).collect();
        let ignored = vec![Memo::default(); ignore.len()];
        let (file, log) = (file.to_owned(), None);
        let (counts, rejects) = (Counts::default(), Vec::new());
        Ok(Self { file, tables, log, ignore, ignored, tools, counts, ruled_out: 0, rejects })
    }

    /// The same for another piece of the file: nothing read yet.
    pub fn fork(&self) -> Self {
        Self {
            file: self.file.clone(),
            tables: self.tables.iter().map(Filler::fork).collect(),
            log: None,
            ignore: Arc::clone(&self.ignore),
            ignored: vec![Memo::default(); self.ignore.len()],
            tools: self.tools.fork(),
            counts: Counts::default(),
            ruled_out: 0,
            rejects: Vec::new(),
        }
    }

    /// Put what came of the pieces that follow after this.
    pub fn absorb(&mut self, parts: Vec<Self>) {
        let mut tables: Vec<Vec<Filler>> = self.tables.iter().map(|_| Vec::with_capacity(parts.len())).collect();
        for part in parts {
            self.counts = self.counts.plus(part.counts);
            self.ruled_out += part.ruled_out;
            self.rejects.extend(part.rejects);
            self.tools.absorb(part.tools);
            tables.iter_mut().zip(part.tables).for_each(|(table, part)| table.push(part));
        }
        self.tables.iter_mut().zip(tables).for_each(|(table, parts)| table.absorb(parts));
    }

    /// Fold what is over of the rows so far.
    pub fn fold(&mut self, with: Folding, source: &SourceFile, ended: bool) {
        let Some(main) = self.tables.first_mut() else { return };
        let folded = self.log.get_or_insert_with(Log::new).look(main, with, source, ended);
        self.counts.used -= folded;
        self.counts.folded += folded;
    }

    /// Make room for the rows of a text of so many bytes, where those so far took `read` bytes.
    #[expect(clippy::cast_precision_loss, reason = "a guess")]
    pub fn make_room(&mut self, length: u64, read: u64) {
        let times = length.saturating_sub(read) as f64 / read.max(1) as f64;
        self.tables.iter_mut().for_each(|table| table.make_room(times));
    }

    /// Begin to look at the file's habits anew.
    pub fn forget_votes(&mut self) {
        self.tables.iter_mut().for_each(Filler::forget_votes);
    }

    /// Count what another piece has shown of the file's habits.
    pub fn add_votes(&mut self, other: &Self) {
        for (table, theirs) in self.tables.iter_mut().zip(&other.tables) {
            table.add_votes(theirs);
        }
    }

    /// Whether the file's habits decide how some column is read.
    pub fn is_open(&mut self) -> bool {
        self.tables.iter_mut().flat_map(Filler::columns).any(|column| column.is_open())
    }

    /// Count what an event shows of the file's habits.
    pub fn sniff(&mut self, event: &Event) {
        if let Event::Record(record) = event
            && !self.is_ignored(record)
        {
            self.tables.iter_mut().for_each(|table| table.sniff(record));
        }
    }

    /// Whether what was looked at leaves a question: dates that can be read both ways, or a column of dates that was
    /// empty so far.
    pub fn has_questions(&mut self) -> bool {
        self.open_dates().is_some() || self.tables.iter_mut().flat_map(Filler::columns).any(|column| column.is_unseen())
    }

    /// The column whose dates can be read both ways.
    fn open_dates(&mut self) -> Option<String> {
        let file = self.votes();
        let mut columns = self.tables.iter_mut().flat_map(Filler::columns);
        let open = columns.find(|column| column.votes().is_open() && file.day_order().is_none());
        open.map(|column| column.name().to_owned())
    }

    /// What all columns show together.
    fn votes(&mut self) -> Votes {
        let mut file = Votes::default();
        self.tables.iter_mut().flat_map(Filler::columns).for_each(|column| file.add(&column.votes()));
        file
    }

    /// Settle the habits of the file; the column whose dates stay open is named.
    pub fn settle(&mut self) -> Result<(), String> {
        if let Some(open) = self.open_dates() {
            return Err(open);
        }
        let file = self.votes();
        self.tables.iter_mut().flat_map(Filler::columns).for_each(|column| column.settle(&file));
        Ok(())
    }

    /// Take what the reader came upon. Records gather in a batch, and are converted when it is full.
    pub fn take(&mut self, event: &Event, batch: &mut Batch) {
        self.counts.read += 1;
        match event {
            Event::Record(record) => self.record(record, batch),
            Event::Skipped { .. } => self.counts.ignored += 1,
            Event::Broken { line, raw, reason } => {
                self.convert(batch);
                self.counts.rejected += 1;
                self.rejects.push(Reject {
                    file: self.file.clone(),
                    line: *line,
                    column: String::new(),
                    reason: reason.clone(),
                    text: (*raw).to_owned(),
                    record: (*raw).to_owned(),
                    whole_row: true,
                });
            }
        }
    }

    /// Whether a rule of the profile says that it is no record.
    fn is_ignored(&mut self, record: &Record) -> bool {
        self.ignore.iter().zip(&mut self.ignored).any(|(test, known)| test.holds(record, known))
    }

    fn record(&mut self, record: &Record, batch: &mut Batch) {
        let is_empty = record.is_empty();
        if is_empty || self.is_ignored(record) {
            self.counts.ignored += 1;
            self.ruled_out += u64::from(!is_empty);
            return;
        }
        batch.push(record);
        if batch.len() == ROWS {
            self.convert(batch);
        }
    }

    /// Make rows of the records that have gathered.
    pub fn convert(&mut self, batch: &mut Batch) {
        let mut records: Vec<usize> = (0..batch.len()).collect();
        let mut faults = Faults::default();
        let place = |nth: usize| format!("{}:{}", self.file, batch.record(nth).line);
        let Some((main, further)) = self.tables.split_first_mut() else { return };
        main.take((batch, &records), &mut self.tools, &mut faults, &place);
        if !faults.records.is_empty() {
            // What else is wrong with a row that is left out does not matter.
            let is_left_out = |nth: usize| faults.records.iter().any(|(other, _)| *other == nth);
            records.retain(|&nth| !is_left_out(nth));
            faults.cells.retain(|(nth, _)| !is_left_out(*nth));
        }
        self.counts.used += records.len() as u64;
        self.counts.rejected += faults.records.len() as u64;
        let main = &*main;
        let id = |nth: usize| if main.id(nth).is_empty() { place(nth) } else { main.id(nth).to_owned() };
        let damaged = self.tools.damaged;
        for table in further {
            table.take((batch, &records), &mut self.tools, &mut faults, &id);
            // The same cell again.
            self.tools.damaged = damaged;
        }
        self.reject(batch, faults);
        batch.clear();
    }

    /// Say what is wrong. A cell that feeds several columns is said once.
    fn reject(&mut self, batch: &Batch, faults: Faults) {
        let mut said: (usize, Vec<String>) = (0, Vec::new());
        for (nth, fault, whole_row) in faults.in_order() {
            if said.0 != nth {
                said = (nth, Vec::new());
            }
            if said.1.contains(&fault.column) {
                continue;
            }
            said.1.push(fault.column.clone());
            let record = batch.record(nth);
            self.rejects.push(Reject {
                file: self.file.clone(),
                line: record.line,
                column: fault.column,
                reason: fault.reason,
                text: fault.text,
                record: record.raw.to_owned(),
                whole_row,
            });
        }
    }

    /// The finished tables.
    pub fn finish(mut self, instance: &str) -> Finished {
        let mut tables: Vec<Table> = self.tables.iter_mut().map(|table| table.give(&self.file, instance)).collect();
        let (mut joined, mut numbers) = (0, Vec::new());
        if let (Some(main), Some(log)) = (tables.first_mut(), self.log) {
            let open = std::mem::replace(main, Table::new(main.kind));
            (*main, joined, numbers) = log.finish(open);
        }
        Finished { tables, joined, numbers, rejects: self.rejects }
    }
}

/// The file fits the profile's fingerprint and yet has no number or no start.
fn lacking_column(file: &str, profile: &Profile, header: &Header, lacking: &str) -> Trouble {
    let rules = profile.columns.get(lacking).map_or(&[][..], |source| &source.0);
    let wanted: Vec<&str> = rules.iter().flat_map(|rule| &rule.from.0).map(String::as_str).collect();
    if wanted.is_empty() {
        return Trouble::new(format!("profile `{}` says nothing of `{lacking}`", profile.name))
            .hint(format!("add `{lacking} = \"Header\"` to its [columns]"));
    }
    let trouble = Trouble::new(format!("`{file}` has no column `{}`", wanted.join("` or `")))
        .detail(format!("profile `{}` reads `{lacking}` from it", profile.name));
    match crate::notice::closest(wanted[0], header.names().iter().map(String::as_str)) {
        Some(near) => trouble.hint(format!("there is a column `{near}`; a profile of your own can read it")),
        None => trouble.hint("export again with that column, or read it with a profile of your own"),
    }
}
