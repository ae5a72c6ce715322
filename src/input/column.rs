//! One canonical column of one file: its rules, tried in order, and the values so far.
//!
//! `convert.rs` decides which rows there are; here a row's value is found and kept.

use super::batch::Batch;
use super::cell::{Parser, Value};
use super::fault::Fault;
use super::header::Header;
use super::profile::{self, Profile};
use super::record::Record;
use super::rule::Rule;
use super::sniff::Votes;
use super::tools::Tools;
use super::trouble::Trouble;
use super::way::{Earlier, Way};
use crate::columns::{Data, Field, Heard, Kind, NO_COUNT, NO_FLAG, NO_TIME, NO_WORD, Room, Words};
use crate::interaction::{TableKind, day_bit};
use crate::settings::DayOrder;
use std::borrow::Cow;
use std::sync::Arc;

/// A canonical column under construction.
#[derive(Debug)]
pub struct Column {
    /// Its position in the table's fields.
    pub position: usize,
    pub field: &'static Field,
    /// Its bit in `by_day`.
    pub day_bit: i32,
    rules: Vec<Way>,
    /// Codes are those of `heard` in a piece of the file, and those of `words` in the whole, which get them in the end.
    data: Data,
    heard: Heard,
    words: Arc<Words>,
    /// Values of the batch at hand, by record; of a text column they are in the buffer.
    values: Vec<Value>,
    buffer: String,
    /// Whether any row has a value.
    filled: bool,
    /// Verdicts on the score, where a rule has a top box.
    top: Option<Vec<u8>>,
    /// And those of the batch at hand.
    in_top: Vec<u8>,
    /// Of the words of the last piece: the next one most likely has as many.
    room: Room,
}

/// What all columns of a file are compiled with.
#[derive(Debug, Clone, Copy)]
pub struct Compile<'p> {
    pub profile: &'p Profile,
    pub table: TableKind,
    pub order: Option<DayOrder>,
    pub decimal: Option<char>,
}

impl Column {
    /// Compile a column; nothing where the file has none of its headers.
    pub fn new(
        field: &'static Field,
        position: usize,
        source: &profile::Source,
        with: Compile,
        header: &mut Header,
    ) -> Result<Option<Self>, Trouble> {
        let mut rules = Vec::new();
        for rule in &source.0 {
            let parser = Parser::new((with.table, field), rule, with.decimal, with.order)?;
            if let Some(compiled) = Rule::new(rule, &with.profile.read.missing, header) {
                rules.push(Way::new(rule, Arc::new(compiled), parser));
            }
        }
        let has_top = rules.iter().any(|way| !way.top.is_empty());
        let column = Self {
            day_bit: day_bit(with.table, field.name),
            top: has_top.then(Vec::new),
            ..Self::blank(field, position)
        };
        Ok((!rules.is_empty()).then_some(Self { rules, ..column }))
    }

    /// A column that no rule fills.
    pub fn blank(field: &'static Field, position: usize) -> Self {
        Self {
            position,
            field,
            day_bit: 0,
            rules: Vec::new(),
            data: Data::missing(field.kind, 0),
            heard: Heard::with_room(Room::default()),
            words: Arc::default(),
            values: Vec::new(),
            buffer: String::new(),
            filled: false,
            top: None,
            in_top: Vec::new(),
            room: Room::default(),
        }
    }

    /// The same column of another piece of the file: no values yet.
    pub fn fork(&self) -> Self {
        Self {
            day_bit: self.day_bit,
            rules: self.rules.iter().map(Way::fork).collect(),
            top: self.top.as_ref().map(|_| Vec::new()),
            heard: Heard::with_room(self.room),
            room: self.room,
            ..Self::blank(self.field, self.position)
        }
    }

    /// Put the values of the pieces that follow after these.
    pub fn absorb(&mut self, parts: Vec<Self>) {
        for part in parts {
            self.filled |= part.filled;
            self.room = part.heard.room();
            match (&mut self.data, part.data) {
                (Data::Word { codes, .. }, Data::Word { codes: more, .. }) => {
                    codes.append_renumbered(&more, &Arc::make_mut(&mut self.words).learn(&part.heard));
                }
                (data, more) => data.append(more),
            }
            if let (Some(top), Some(more)) = (&mut self.top, part.top) {
                top.extend(more);
            }
        }
    }

    /// Make room for so many more rows.
    pub fn reserve(&mut self, more: usize) {
        self.data.reserve(more);
    }

    /// Whether some rule reads the file; a column of constants says nothing about a row.
    pub fn reads(&self) -> bool {
        self.rules.iter().any(|way| way.rule.reads())
    }

    /// The export's name of the column, or ours where it has none.
    pub fn name(&self) -> &str {
        self.rules.iter().map(|way| way.rule.column()).find(|name| !name.is_empty()).unwrap_or(self.field.name)
    }

    /// The column that must have its value before this one.
    pub fn waits_for(&self) -> Option<&str> {
        self.rules.iter().find_map(|way| way.earlier.as_ref().map(Earlier::name))
    }

    /// The value of a record of the batch at hand.
    pub fn value(&self, nth: usize) -> Value {
        self.values[nth]
    }

    /// Its text, of a text column; empty where it is missing.
    pub fn text(&self, nth: usize) -> &str {
        self.values[nth].text_in(&self.buffer)
    }

    /// Call a record so, in a column of texts or words.
    pub fn call(&mut self, nth: usize, text: &str) {
        self.values[nth] = if self.field.kind == Kind::Text {
            let from = self.buffer.len();
            self.buffer.push_str(text);
            Value::text(from, self.buffer.len())
        } else {
            Value::Code(self.heard.code(text).into())
        };
    }

    /// Whether the file's habits decide how it is read.
    pub fn is_open(&self) -> bool {
        self.rules.iter().any(|way| way.parser.is_open())
    }

    /// Count what the row shows of the file's habits.
    pub fn sniff(&mut self, record: &Record) {
        self.rules.iter_mut().filter(|way| way.parser.is_open()).for_each(|way| way.sniff(record));
    }

    /// Begin to look at the file's habits anew.
    pub fn forget_votes(&mut self) {
        self.rules.iter_mut().for_each(|way| way.votes = Votes::default());
    }

    /// Count what another piece's rows have shown.
    pub fn add_votes(&mut self, other: &Self) {
        for (way, theirs) in self.rules.iter_mut().zip(&other.rules) {
            way.votes.add(&theirs.votes);
        }
    }

    /// Whether it holds dates whose order may matter, and none was met.
    pub fn is_unseen(&self) -> bool {
        self.field.kind == Kind::Instant && self.is_open() && self.votes().is_unseen()
    }

    /// What rows have shown.
    pub fn votes(&self) -> Votes {
        let mut all = Votes::default();
        self.rules.iter().for_each(|way| all.add(&way.votes));
        all
    }

    /// Settle what is open: by the column's own votes, else by the file's.
    pub fn settle(&mut self, file: &Votes) {
        for way in &mut self.rules {
            let order = way.votes.day_order().or_else(|| file.day_order());
            let decimal = way.votes.decimal().or_else(|| file.decimal());
            way.parser.settle(order, decimal);
        }
    }

    /// Read the values of some records of a batch, each by the first rule that gives one. `earlier` has the values of
    /// the columns before this one.
    pub fn read(
        &mut self,
        (batch, records): (&Batch, &[usize]),
        tools: &mut Tools,
        earlier: &[Self],
        faults: &mut Vec<(usize, Fault)>,
    ) {
        self.begin(batch.len());
        let mut left = Cow::Borrowed(records);
        let last = self.rules.len().saturating_sub(1);
        for (rule, way) in self.rules.iter_mut().enumerate() {
            let moments = way.earlier.as_ref().and_then(|own| earlier.iter().find(|c| c.field.name == own.name()));
            let before = faults.len();
            let sinks = (&mut self.heard, &mut self.buffer);
            way.read((batch, &left), self.field.name, tools, sinks, (&mut self.values, faults));
            let is_faulty = |nth: usize| faults[before..].iter().any(|(other, _)| *other == nth);
            if let Some(earlier) = &way.earlier {
                for &nth in left.iter().filter(|&&nth| !is_faulty(nth)) {
                    let moment = moments.and_then(|column| column.values[nth].moment());
                    self.values[nth] = earlier.seen(self.values[nth], moment);
                }
            }
            if !way.top.is_empty() {
                left.iter().for_each(|&nth| self.in_top[nth] = way.in_top(self.values[nth]));
            }
            if rule == last {
                break;
            }
            let is_left = |nth: &usize| self.values[*nth].is_missing() && !is_faulty(*nth);
            left = left.iter().copied().filter(is_left).collect();
        }
    }

    /// No values of a batch of so many records yet.
    fn begin(&mut self, records: usize) {
        self.buffer.clear();
        self.values.clear();
        self.values.resize(records, Value::Missing);
        if self.top.is_some() {
            self.in_top.clear();
            self.in_top.resize(records, NO_FLAG);
        }
    }

    /// Keep the values of these records as the next rows', and note which are known to the day only.
    pub fn keep(&mut self, records: &[usize], days: &mut [i32]) {
        let values = records.iter().map(|&nth| self.values[nth]);
        self.filled |= values.clone().any(|value| !value.is_missing());
        for (day, value) in days.iter_mut().zip(values.clone()).filter(|_| self.day_bit != 0) {
            *day |= if matches!(value, Value::Day(_)) { self.day_bit } else { 0 };
        }
        match &mut self.data {
            Data::Word { codes, .. } => codes.extend(values.map(|value| match value {
                Value::Code(code) => u32::try_from(code).unwrap_or(NO_WORD),
                _ => NO_WORD,
            })),
            Data::Text(texts) => values.for_each(|value| texts.push(value.text_in(&self.buffer))),
            Data::Time(times) => times.extend(values.map(|value| value.moment().unwrap_or(NO_TIME))),
            Data::Count(counts) => counts.extend(values.map(|value| match value {
                Value::Count(count) => i32::try_from(count).unwrap_or(NO_COUNT),
                _ => NO_COUNT,
            })),
            Data::Number(numbers) => values.for_each(|value| {
                numbers.push(if let Value::Bits(bits) = value { f64::from_bits(bits) } else { f64::NAN });
            }),
            Data::Flag(flags) => flags.extend(values.map(|value| match value {
                Value::Flag(flag) => u8::from(flag == 1),
                _ => NO_FLAG,
            })),
        }
        if let Some(top) = &mut self.top {
            top.extend(records.iter().map(|&nth| self.in_top[nth]));
        }
    }

    /// Give the values away, and the verdicts on the top box; nothing where no row has a value.
    pub fn give(&mut self) -> Option<(usize, Data, Option<Data>)> {
        let data = match std::mem::replace(&mut self.data, Data::missing(self.field.kind, 0)) {
            Data::Word { codes, .. } => Data::Word { codes, words: Arc::clone(&self.words) },
            data => data,
        };
        let top = self.top.as_mut().map(std::mem::take);
        self.filled.then(|| (self.position, data, top.map(|top| Data::Flag(top.into()))))
    }

    /// Take back the values of some of the rows that were given away, and their verdicts.
    pub fn take_back(&mut self, data: Option<Data>, top: Option<&Data>, rows: usize) {
        self.data = match data {
            Some(Data::Word { codes, .. }) => Data::Word { codes, words: Arc::default() },
            data => data.unwrap_or_else(|| Data::missing(self.field.kind, rows)),
        };
        if let Some(own) = &mut self.top {
            *own = if let Some(Data::Flag(top)) = top { top.to_vec() } else { vec![NO_FLAG; rows] };
        }
    }
}
