//! One rule of a column with what it needs to make values: the way from a record's cells to a typed value.
//!
//! Which text a rule picks is in `rule.rs`, what a text means in `cell.rs`; here nothing is worked out twice.

use super::batch::Batch;
use super::cell::{Misread, Parser, Sink, Value};
use super::fault::Fault;
use super::memo::Memo;
use super::profile;
use super::record::Record;
use super::rule::Rule;
use super::sniff::Votes;
use super::tools::Tools;
use crate::columns::{Heard, NO_FLAG};
use crate::zone::DAY;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A compiled rule, its parser, and what both have met.
#[derive(Debug)]
pub struct Way {
    pub rule: Arc<Rule>,
    pub parser: Parser,
    pub votes: Votes,
    /// The earlier moment that its moments are seen from.
    pub earlier: Option<Earlier>,
    /// The top box.
    pub top: Arc<[f64]>,
    /// Whether several values are added up.
    sum: bool,
    known: FxHashMap<Box<str>, u32>,
    scratch: String,
    /// The only cell that it reads, where nothing in it means no value.
    only: Option<usize>,
    /// What cells came to, where columns hold few words; and whether the rule's condition held.
    few: Option<Memo<Value>>,
    /// What a constant came to.
    constant: Option<Value>,
    applies: Memo<bool>,
}

/// What an earlier moment, in the column of this name, says of one.
#[derive(Debug, Clone)]
pub enum Earlier {
    /// A time of day before its is on the next day.
    Rollover(Arc<str>),
    /// How long after it.
    Since(Arc<str>),
}

impl Earlier {
    /// Of a profile's rule.
    fn new(rule: &profile::Rule) -> Option<Self> {
        let since = || rule.since.as_deref().map(|name| Self::Since(name.into()));
        rule.rollover.as_deref().map(|name| Self::Rollover(name.into())).or_else(since)
    }

    /// The column of the earlier moment.
    pub fn name(&self) -> &str {
        match self {
            Self::Rollover(name) | Self::Since(name) => name,
        }
    }

    /// What becomes of a moment; more than a day before the earlier one is another matter than the time of day.
    pub fn seen(&self, value: Value, earlier: Option<i64>) -> Value {
        match (self, value, earlier) {
            (Self::Rollover(_), Value::Time(time), Some(earlier)) if (1..DAY).contains(&(earlier - time)) => {
                Value::Time(time + DAY)
            }
            (Self::Rollover(_), ..) => value,
            (Self::Since(_), Value::Time(time), Some(earlier)) => Value::Time(time - earlier),
            (Self::Since(_), ..) => Value::Missing,
        }
    }
}

impl Way {
    /// `own`: the rule as the profile has it.
    pub fn new(own: &profile::Rule, rule: Arc<Rule>, parser: Parser) -> Self {
        Self::of((rule, parser), (Earlier::new(own), own.top.as_slice().into(), own.sum))
    }

    fn of((rule, parser): (Arc<Rule>, Parser), (earlier, top, sum): (Option<Earlier>, Arc<[f64]>, bool)) -> Self {
        let only = rule.only();
        Self {
            few: only.filter(|_| parser.has_few_words()).map(|_| Memo::default()),
            only,
            rule,
            parser,
            votes: Votes::default(),
            earlier,
            top,
            sum,
            known: FxHashMap::default(),
            scratch: String::new(),
            constant: None,
            applies: Memo::default(),
        }
    }

    /// The same for another piece of the file.
    pub fn fork(&self) -> Self {
        let (rule, top) = (Arc::clone(&self.rule), Arc::clone(&self.top));
        Self::of((rule, self.parser.clone()), (self.earlier.clone(), top, self.sum))
    }

    /// Count what a record shows of the file's habits.
    pub fn sniff(&mut self, record: &Record) {
        if self.rule.applies(record, &mut self.applies)
            && let Some(picked) = self.rule.pick(record, &mut self.scratch)
        {
            self.parser.vote(picked.text, &mut self.votes);
        }
    }

    /// Whether a score is in the top box; unknown where there is none.
    pub fn in_top(&self, value: Value) -> u8 {
        match value {
            Value::Bits(bits) => u8::from(self.top.contains(&f64::from_bits(bits))),
            _ => NO_FLAG,
        }
    }

    /// What the rule makes of some records of a batch, for the column of this name.
    pub fn read(
        &mut self,
        (batch, records): (&Batch, &[usize]),
        name: &str,
        tools: &mut Tools,
        (words, text): (&mut Heard, &mut String),
        (values, faults): (&mut [Value], &mut Vec<(usize, Fault)>),
    ) {
        let always = self.rule.is_unconditional();
        for &nth in records {
            let cell = self.only.map(|only| batch.cell(nth, only));
            let known = match cell {
                Some("") => Some(Value::Missing),
                Some(cell) if always => self.few.as_ref().and_then(|few| few.find(cell)),
                None if always => self.constant,
                _ => None,
            };
            let read = known.map_or_else(|| self.value((batch, nth), cell, tools, (&mut *words, &mut *text)), Ok);
            values[nth] = read.unwrap_or_else(|fault| {
                let column = if fault.column.is_empty() { name.to_owned() } else { fault.column.clone() };
                faults.push((nth, Fault { column, ..*fault }));
                fault.instead
            });
        }
    }

    /// The value of a record, worked out. `cell` is the only one that counts, if only one does.
    fn value(
        &mut self,
        (batch, nth): (&Batch, usize),
        cell: Option<&str>,
        tools: &mut Tools,
        (words, text): (&mut Heard, &mut String),
    ) -> Result<Value, Box<Fault>> {
        if !self.rule.is_unconditional() {
            if !self.rule.applies(&batch.record(nth), &mut self.applies) {
                return Ok(Value::Missing);
            }
            let few = || self.few.as_ref().zip(cell).and_then(|(few, cell)| few.find(cell));
            if let Some(value) = self.constant.or_else(few) {
                return Ok(value);
            }
        }
        let picked = match cell.and_then(|cell| self.rule.plain(cell)) {
            Some(picked) => picked,
            None => self.rule.pick(&batch.record(nth), &mut self.scratch),
        };
        let Some(picked) = picked else { return Ok(Value::Missing) };
        let mut sink = Sink { words, known: &mut self.known, text };
        let parsed = if self.sum {
            sum(&self.parser, picked.text, tools, &mut sink)
        } else {
            self.parser.parse(picked.text, tools, &mut sink)
        };
        let value = parsed.map_err(|misread| {
            let Misread { reason, instead } = *misread;
            Fault { column: picked.column.to_owned(), reason, text: picked.cell.to_owned(), instead }
        })?;
        if let (Some(few), Some(cell)) = (&mut self.few, cell) {
            few.keep(cell, value);
        }
        if self.rule.is_constant() {
            self.constant = Some(value);
        }
        Ok(value)
    }
}

/// Values with commas between, added up.
fn sum(parser: &Parser, text: &str, tools: &mut Tools, sink: &mut Sink) -> Result<Value, Box<Misread>> {
    text.split(',').try_fold(Value::Missing, |sum, part| Ok(sum.plus(parser.parse(part.trim(), tools, sink)?)))
}
