//! Rows of one canonical table: its columns by position and by name.
//!
//! `Table` is the only container of rows between reading and facts. What the values of a column are is `Data`.

use super::{Codes, Counts, Data, Flags, NO_TIME, Numbers, Text, Texts, Times, Weight, Words};
use crate::interaction::TableKind;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows of one canonical table. A column that no source fills takes no memory.
#[derive(Debug, Clone)]
pub struct Table {
    pub kind: TableKind,
    columns: Vec<Option<Data>>,
    rows: usize,
}

impl Table {
    /// No rows yet.
    pub fn new(kind: TableKind) -> Self {
        Self { kind, columns: vec![None; kind.fields().len()], rows: 0 }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// A column by its position in the table's fields, if any source fills it.
    pub fn at(&self, position: usize) -> Option<&Data> {
        self.columns.get(position)?.as_ref()
    }

    /// A column by name, if any source fills it.
    pub fn column(&self, name: &str) -> Option<&Data> {
        self.at(self.kind.position(name)?)
    }

    /// Put a whole column in place.
    pub fn set(&mut self, name: &str, data: Data) {
        if let Some(position) = self.kind.position(name) {
            self.columns[position] = Some(data);
        }
    }

    /// Put columns of `rows` values in place, by position; used by the readers when a file is done.
    pub fn fill(&mut self, columns: impl IntoIterator<Item = (usize, Data)>, rows: usize) {
        self.rows = rows;
        for (position, data) in columns {
            self.columns[position] = Some(data);
        }
    }

    /// The columns that some source fills, by position: what `fill` takes.
    pub fn into_columns(self) -> impl Iterator<Item = (usize, Data)> {
        self.columns.into_iter().enumerate().filter_map(|(position, data)| Some((position, data?)))
    }

    /// Whether the value is missing, or its whole column is.
    pub fn is_missing(&self, position: usize, row: usize) -> bool {
        self.at(position).is_none_or(|data| data.is_missing(row))
    }

    /// An instant or a duration in milliseconds.
    pub fn time(&self, name: &str, row: usize) -> Option<i64> {
        self.times(name).map(|values| values.get(row)).filter(|&at| at != NO_TIME)
    }

    /// A word of a column of words; empty where it is missing.
    pub fn word(&self, name: &str, row: usize) -> &str {
        self.words(name).and_then(|(codes, words)| words.text(codes.get(row))).unwrap_or_default()
    }

    /// A text of a column of texts or words; empty where it is missing.
    pub fn text(&self, name: &str, row: usize) -> Text<'_> {
        match self.column(name) {
            Some(Data::Text(texts)) => texts.get(row),
            Some(Data::Word { codes, words }) => words.text(codes.get(row)).map_or(Text::EMPTY, Text::new),
            _ => Text::EMPTY,
        }
    }

    /// All codes of a word column with their dictionary, if any source fills it.
    pub fn words(&self, name: &str) -> Option<(&Codes, &Words)> {
        match self.column(name) {
            Some(Data::Word { codes, words }) => Some((codes, words.as_ref())),
            _ => None,
        }
    }

    /// The dictionary of a word column, for those who need it longer than its rows.
    pub fn dictionary(&self, name: &str) -> Option<Arc<Words>> {
        match self.column(name) {
            Some(Data::Word { words, .. }) => Some(Arc::clone(words)),
            _ => None,
        }
    }

    /// All texts of a text column, if any source fills it.
    pub fn texts(&self, name: &str) -> Option<&Texts> {
        match self.column(name) {
            Some(Data::Text(texts)) => Some(texts),
            _ => None,
        }
    }

    /// All values of an instant or duration column, if any source fills it.
    pub fn times(&self, name: &str) -> Option<&Times> {
        self.times_at(self.kind.position(name)?)
    }

    /// The same of a column by its position.
    pub fn times_at(&self, position: usize) -> Option<&Times> {
        match self.at(position) {
            Some(Data::Time(values)) => Some(values),
            _ => None,
        }
    }

    /// All values of a count column, if any source fills it.
    pub fn counts(&self, name: &str) -> Option<&Counts> {
        self.counts_at(self.kind.position(name)?)
    }

    /// The same of a column by its position.
    pub fn counts_at(&self, position: usize) -> Option<&Counts> {
        match self.at(position) {
            Some(Data::Count(values)) => Some(values),
            _ => None,
        }
    }

    /// All values of a number column, if any source fills it.
    pub fn numbers(&self, name: &str) -> Option<&Numbers> {
        match self.column(name) {
            Some(Data::Number(values)) => Some(values),
            _ => None,
        }
    }

    /// All values of a flag column, if any source fills it.
    pub fn flags(&self, name: &str) -> Option<&Flags> {
        match self.column(name) {
            Some(Data::Flag(values)) => Some(values),
            _ => None,
        }
    }

    /// Call words of a column by other names.
    pub fn rename(&mut self, name: &str, synonyms: &BTreeMap<String, String>) {
        self.reword(name, |word| synonyms.get(word).cloned().unwrap_or_else(|| word.to_owned()));
    }

    /// Say another word for each of a column; those that become alike are one.
    pub fn reword(&mut self, name: &str, other: impl Fn(&str) -> String) {
        let column = self.kind.position(name).and_then(|position| self.columns[position].as_mut());
        if let Some(Data::Word { codes, words }) = column {
            let mut renamed = Words::default();
            let new: Vec<u32> = words.iter().map(|word| renamed.code(&other(word))).collect();
            *codes = codes.renumbered(&new);
            *words = renamed.into();
        }
    }

    /// Take a column away, as if no source filled it.
    pub fn drop(&mut self, name: &str) {
        if let Some(position) = self.kind.position(name) {
            self.columns[position] = None;
        }
    }

    /// Take the values of a column out of it.
    pub fn pull(&mut self, position: usize) -> Option<Data> {
        self.columns.get_mut(position)?.take()
    }

    /// Let go of all dictionaries, where somebody else holds them until `remember_words`.
    pub fn forget_words(&mut self) {
        for column in self.columns.iter_mut().flatten() {
            if let Data::Word { words, .. } = column {
                *words = Arc::default();
            }
        }
    }

    /// Codes are those of another table's dictionaries.
    pub fn remember_words(&mut self, other: &Self) {
        for (column, theirs) in self.columns.iter_mut().zip(&other.columns) {
            if let (Some(Data::Word { words, .. }), Some(Data::Word { words: theirs, .. })) = (column, theirs) {
                *words = Arc::clone(theirs);
            }
        }
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[u32]) -> Self {
        let columns = self.columns.par_iter().map(|c| c.as_ref().map(|data| data.take(rows))).collect();
        Self { kind: self.kind, columns, rows: rows.len() }
    }

    /// The same where the table is not needed any more, column by column: never is all of it there twice.
    pub fn into_taken(self, rows: &[u32]) -> Self {
        let columns = self.columns.into_par_iter().map(|c| c.map(|data| data.take(rows))).collect();
        Self { kind: self.kind, columns, rows: rows.len() }
    }

    /// Times of these rows become missing; the others need fewer bytes perhaps.
    pub fn forget(&mut self, name: &str, rows: &[u32]) {
        let column = self.kind.position(name).and_then(|position| self.columns[position].as_mut());
        if let Some(Data::Time(values)) = column {
            rows.iter().for_each(|&row| values.set(row as usize, NO_TIME));
            values.narrow();
        }
    }

    /// What each column that some source fills takes in memory.
    pub fn weights(&self) -> impl Iterator<Item = (&'static str, Weight)> {
        let columns = self.kind.fields().iter().zip(&self.columns);
        columns.filter_map(|(field, data)| Some((field.name, data.as_ref()?.weight())))
    }

    /// Add other tables' rows after this one's.
    pub fn append(&mut self, others: Vec<Self>) {
        let (before, added): (usize, Vec<usize>) = (self.rows, others.iter().map(|other| other.rows).collect());
        let mut columns: Vec<Vec<Option<Data>>> = self.columns.iter().map(|_| Vec::new()).collect();
        for other in others {
            columns.iter_mut().zip(other.columns).for_each(|(column, data)| column.push(data));
        }
        let pairs = self.columns.par_iter_mut().zip(columns).zip(self.kind.fields());
        pairs.filter(|((ours, theirs), _)| ours.is_some() || theirs.iter().any(Option::is_some)).for_each(
            |((ours, theirs), field)| {
                let ours = ours.get_or_insert_with(|| Data::missing(field.kind, before));
                let mut left: usize = added.iter().sum();
                for (theirs, &added) in theirs.into_iter().zip(&added) {
                    ours.append(theirs.unwrap_or_else(|| Data::missing(field.kind, added)));
                    left -= added;
                    ours.reserve(left);
                }
            },
        );
        self.rows += added.iter().sum::<usize>();
    }
}
