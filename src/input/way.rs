//! One rule of a column with what it needs to make values: the way from a record's cells to a typed value.
//!
//! Which text a rule picks is in `rule.rs`, what a text means in `cell.rs`; here nothing is worked out twice.

use super::cell::{Fault, Misread, Parser, Sink, Tools, Value};
use super::memo::Memo;
use super::record::Record;
use super::rule::Rule;
use super::sniff::Votes;
use crate::columns::Words;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A compiled rule, its parser, and what both have met.
#[derive(Debug)]
pub struct Way {
    pub rule: Arc<Rule>,
    pub parser: Parser,
    pub votes: Votes,
    /// The column after whose time of day this one's must be.
    pub rollover: Option<Arc<str>>,
    /// The top box.
    pub top: Arc<[f64]>,
    known: FxHashMap<Box<str>, u32>,
    scratch: String,
    /// The only cell that it reads, where nothing in it means no value.
    only: Option<usize>,
    /// What cells came to, where columns hold few words; and whether the rule's condition held.
    few: Option<Memo<Value>>,
    applies: Memo<bool>,
}

impl Way {
    pub fn new(rule: Arc<Rule>, parser: Parser, rollover: Option<Arc<str>>, top: Arc<[f64]>) -> Self {
        let only = rule.only();
        Self {
            few: only.filter(|_| parser.has_few_words()).map(|_| Memo::default()),
            only,
            rule,
            parser,
            votes: Votes::default(),
            rollover,
            top,
            known: FxHashMap::default(),
            scratch: String::new(),
            applies: Memo::default(),
        }
    }

    /// The same for another piece of the file.
    pub fn fork(&self) -> Self {
        Self::new(Arc::clone(&self.rule), self.parser.clone(), self.rollover.clone(), Arc::clone(&self.top))
    }

    /// Count what a record shows of the file's habits.
    pub fn sniff(&mut self, record: &Record) {
        if self.rule.applies(record, &mut self.applies)
            && let Some(picked) = self.rule.pick(record, &mut self.scratch)
        {
            self.parser.vote(picked.text, &mut self.votes);
        }
    }

    /// Whether a score is in the top box, where there is one.
    pub fn in_top(&self, value: Value) -> Option<bool> {
        match value {
            Value::Bits(bits) if !self.top.is_empty() => Some(self.top.contains(&f64::from_bits(bits))),
            _ => None,
        }
    }

    /// What the rule makes of a record, for the column of this name.
    #[inline]
    pub fn read(
        &mut self,
        record: &Record,
        name: &str,
        tools: &mut Tools,
        (words, text): (&mut Words, &mut String),
    ) -> Result<Value, Box<Fault>> {
        let cell = self.only.map(|only| record.cell(only));
        if cell.is_some_and(str::is_empty) || !self.rule.applies(record, &mut self.applies) {
            return Ok(Value::Missing);
        }
        if let (Some(few), Some(cell)) = (&self.few, cell)
            && let Some(value) = few.find(cell)
        {
            return Ok(value);
        }
        let picked = match cell.and_then(|cell| self.rule.plain(cell)) {
            Some(picked) => picked,
            None => self.rule.pick(record, &mut self.scratch),
        };
        let Some(picked) = picked else { return Ok(Value::Missing) };
        let mut sink = Sink { words, known: &mut self.known, text };
        match self.parser.parse(picked.text, tools, &mut sink) {
            Ok(value) => {
                if let (Some(few), Some(cell)) = (&mut self.few, cell) {
                    few.keep(cell, value);
                }
                Ok(value)
            }
            Err(misread) => {
                let column = if picked.column.is_empty() { name } else { picked.column };
                let Misread { reason, instead } = *misread;
                Err(Box::new(Fault { column: column.to_owned(), reason, text: picked.cell.to_owned(), instead }))
            }
        }
    }
}
