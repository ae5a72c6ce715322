//! Messages that answer each other: which of them hang together, and the number of their thread.
//!
//! Each message names at most the one that it answers, so threads are found by walking up from message to message. A
//! thread has the number of its earliest message, as its case; what happened in it is about that number too. That the
//! rows of a case are one interaction is decided in `cases.rs`.

use super::order::Order;
use crate::columns::{Data, Table, Text, Texts, Words};
use crate::input::SourceFile;
use crate::input::profile::FoldRule;
use crate::interaction::TableKind;
use rustc_hash::{FxHashMap, FxHashSet};

/// A message's number in its source.
type Number<'t> = (&'t str, Text<'t>);

/// Give each thread its case, and what happened in it the number of that. One table per `TableKind::ALL`.
pub fn link(tables: &mut [Table], sources: &[SourceFile]) {
    let files: FxHashSet<&str> = sources
        .iter()
        .filter(|source| source.profile.fold == FoldRule::Replies)
        .map(|source| source.file.as_str())
        .collect();
    if files.is_empty() {
        return;
    }
    let (interactions, events) = (TableKind::Interactions as usize, TableKind::Events as usize);
    let threads = Threads::new(&tables[interactions], &files);
    let mut cases = Texts::default();
    threads.named(&tables[interactions], "case_id", |row| threads.number(row)).for_each(|case| cases.push_text(case));
    let own = |row: usize| Some((tables[events].word("source", row), tables[events].text("interaction_id", row)));
    let mut words = Words::default();
    let numbers = threads.named(&tables[events], "interaction_id", own);
    let codes = numbers.map(|number| words.code(&number.into_cow())).collect();
    tables[interactions].set("case_id", Data::Text(cases));
    tables[events].set("interaction_id", Data::Word { codes, words: words.into() });
}

/// The messages of these files, and the thread of each.
struct Threads<'t> {
    messages: &'t Table,
    /// By its number: which thread it is in.
    of: FxHashMap<Number<'t>, usize>,
    /// The earliest message of each; none where only messages are that are in no file.
    first: Vec<Option<usize>>,
    is_message: Vec<bool>,
}

impl<'t> Threads<'t> {
    fn new(messages: &'t Table, files: &FxHashSet<&str>) -> Self {
        let is_message: Vec<bool> =
            (0..messages.rows()).map(|row| files.contains(messages.word("file", row))).collect();
        let mut threads = Self { messages, of: FxHashMap::default(), first: Vec::new(), is_message };
        let rows = || (0..messages.rows()).filter(|&row| threads.is_message[row]);
        let rows: Vec<usize> = rows().collect();
        let answered = threads.all_answered(&rows);
        for &row in &rows {
            let Some(number) = threads.number(row) else { continue };
            threads.climb(number, &answered);
        }
        threads.find_first(&rows);
        threads
    }

    fn number(&self, row: usize) -> Option<Number<'t>> {
        let number = self.messages.text("interaction_id", row);
        (self.is_message[row] && !number.is_empty()).then(|| (self.messages.word("source", row), number))
    }

    fn answered(&self, row: usize) -> Option<Number<'t>> {
        let number = self.messages.text("case_id", row);
        (!number.is_empty()).then(|| (self.messages.word("source", row), number))
    }

    /// Which message each answers. Of copies that do not agree the one says it that will count.
    fn all_answered(&self, rows: &[usize]) -> FxHashMap<Number<'t>, Number<'t>> {
        let order = Order::new(self.messages);
        let mut counts: FxHashMap<Number, usize> = FxHashMap::default();
        for &row in rows {
            let Some(number) = self.number(row) else { continue };
            let kept = counts.entry(number).or_insert(row);
            if order.is_later(row as u32, *kept as u32) {
                *kept = row;
            }
        }
        counts.into_iter().filter_map(|(number, row)| Some((number, self.answered(row)?))).collect()
    }

    /// Walk up from a message to one whose thread is known, or that answers none, or is in no file; messages that
    /// answer each other in a circle are one thread too.
    fn climb(&mut self, number: Number<'t>, answered: &FxHashMap<Number<'t>, Number<'t>>) {
        let mut path = vec![number];
        let mut on_path: FxHashSet<Number> = FxHashSet::default();
        let thread = loop {
            let at = path[path.len() - 1];
            if let Some(&known) = self.of.get(&at) {
                break known;
            }
            match answered.get(&at).filter(|_| on_path.insert(at)) {
                Some(&above) => path.push(above),
                None => {
                    self.first.push(None);
                    break self.first.len() - 1;
                }
            }
        };
        self.of.extend(path.into_iter().map(|number| (number, thread)));
    }

    /// The earliest message of each thread: by its start, then its number.
    fn find_first(&mut self, rows: &[usize]) {
        let order = |row: usize| (self.messages.time("started_at", row), self.messages.text("interaction_id", row));
        let mut first = std::mem::take(&mut self.first);
        for &row in rows {
            let Some(&thread) = self.number(row).and_then(|number| self.of.get(&number)) else { continue };
            let earliest = &mut first[thread];
            if earliest.is_none_or(|earliest| order(row) < order(earliest)) {
                *earliest = Some(row);
            }
        }
        self.first = first;
    }

    /// A column in which those that name a message have the number of its thread instead.
    fn named<'o>(
        &'o self,
        table: &'o Table,
        column: &'o str,
        message: impl Fn(usize) -> Option<Number<'o>> + 'o,
    ) -> impl Iterator<Item = Text<'o>> {
        (0..table.rows()).map(move |row| {
            let first = message(row).and_then(|number| self.first[*self.of.get(&number)?]);
            let number = first.map(|first| self.messages.text("interaction_id", first));
            number.unwrap_or_else(|| table.text(column, row))
        })
    }
}
