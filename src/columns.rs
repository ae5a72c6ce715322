//! How canonical columns are held: typed values in few bytes, words as codes, absent columns as nothing at all.
//!
//! `Table` is the only container of rows between reading and facts. No polars here, no meaning of a
//! column either: names and types come from `interaction.rs`. A new kind of column is one variant of
//! `Kind` and of `Data`, and the compiler names every place that must know it. How the values of a column are
//! packed is below `columns/`; callers see plain numbers and texts.

mod bits;
mod ints;
mod numbers;
#[cfg(test)]
mod tests;
mod texts;
mod times;
mod words;

use crate::interaction::TableKind;
pub use bits::Bits;
pub use ints::{Codes, Counts, Flags};
pub use numbers::Numbers;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
pub use texts::{Arena, Text, Texts};
pub use times::Times;
pub use words::{NO_WORD, Room, TOGETHER, Words, hash, spread};

/// No instant, no duration.
pub const NO_TIME: i64 = i64::MIN;
/// No count.
pub const NO_COUNT: i32 = i32::MIN;
/// Neither true nor false.
pub const NO_FLAG: u8 = 2;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text with few distinct values, or a key: a code into the column's dictionary.
    Word,
    /// Text that is mostly distinct: record numbers.
    Text,
    /// Milliseconds since 1970-01-01T00:00Z.
    Instant,
    /// Milliseconds.
    Duration,
    /// A whole number.
    Count,
    /// A score or an amount.
    Number,
    /// True or false.
    Flag,
}

/// What becomes of a column when several rows of one case are folded into one, in order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// The first value that is there.
    First,
    /// The last value that is there.
    Last,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// The sum of those that are there.
    Sum,
    /// True where all are true.
    All,
    /// `answered` if any is, else the last.
    Best,
}

/// A canonical column: see `interaction.rs`.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub fold: Fold,
    pub help: &'static str,
}

/// The values of one column.
#[derive(Debug, Clone)]
pub enum Data {
    Word {
        codes: Codes,
        /// Shared with those who need its texts longer than its rows.
        words: Arc<Words>,
    },
    Text(Texts),
    /// Instants and durations.
    Time(Times),
    Count(Counts),
    Number(Numbers),
    Flag(Flags),
}

impl Data {
    /// A column of this kind in which the first `rows` values are missing.
    pub fn missing(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Word => Self::Word { codes: Codes::filled(NO_WORD, rows), words: Arc::default() },
            Kind::Text => Self::Text(Texts::missing(rows)),
            Kind::Instant | Kind::Duration => Self::Time(Times::missing(rows)),
            Kind::Count => Self::Count(Counts::filled(NO_COUNT, rows)),
            Kind::Number => Self::Number(Numbers::missing(rows)),
            Kind::Flag => Self::Flag(Flags::filled(NO_FLAG, rows)),
        }
    }

    /// Add a missing value.
    pub fn push_missing(&mut self) {
        match self {
            Self::Word { codes, .. } => codes.push(NO_WORD),
            Self::Text(texts) => texts.push(""),
            Self::Time(values) => values.push(NO_TIME),
            Self::Count(values) => values.push(NO_COUNT),
            Self::Number(values) => values.push(f64::NAN),
            Self::Flag(values) => values.push(NO_FLAG),
        }
    }

    /// Whether a value is missing.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Word { codes, .. } => codes.get(row) == NO_WORD,
            Self::Text(texts) => texts.get(row).is_empty(),
            Self::Time(values) => values.get(row) == NO_TIME,
            Self::Count(values) => values.get(row) == NO_COUNT,
            Self::Number(values) => values.get(row).is_nan(),
            Self::Flag(values) => values.get(row) == NO_FLAG,
        }
    }

    /// What the column takes in memory.
    pub fn weight(&self) -> Weight {
        let values = |values| Weight { values, words: 0 };
        match self {
            Self::Word { codes, words } => Weight { values: codes.bytes(), words: words.bytes() },
            Self::Text(texts) => values(texts.bytes()),
            Self::Time(times) => values(times.bytes()),
            Self::Count(counts) => values(counts.bytes()),
            Self::Number(numbers) => values(numbers.bytes()),
            Self::Flag(flags) => values(flags.bytes()),
        }
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[u32]) -> Self {
        match self {
            Self::Word { codes, words } => Self::Word { codes: codes.take(rows), words: Arc::clone(words) },
            Self::Text(texts) => Self::Text(texts.take(rows)),
            Self::Time(values) => Self::Time(values.take(rows)),
            Self::Count(values) => Self::Count(values.take(rows)),
            Self::Number(values) => Self::Number(values.take(rows)),
            Self::Flag(values) => Self::Flag(values.take(rows)),
        }
    }

    /// Make room for so many more rows, and for no others.
    pub fn reserve(&mut self, more: usize) {
        match self {
            Self::Word { codes, .. } => codes.reserve(more),
            Self::Text(texts) => texts.reserve(more),
            Self::Time(values) => values.reserve(more),
            Self::Count(values) => values.reserve(more),
            Self::Number(values) => values.reserve(more),
            Self::Flag(values) => values.reserve(more),
        }
    }

    /// Give back the room that is not used.
    pub fn fit(&mut self) {
        match self {
            Self::Word { codes, words } => {
                codes.fit();
                Arc::make_mut(words).fit();
            }
            Self::Text(texts) => texts.fit(),
            Self::Time(values) => values.fit(),
            Self::Count(values) => values.fit(),
            Self::Number(values) => values.fit(),
            Self::Flag(values) => values.fit(),
        }
    }

    /// Add the rows of another column of the same kind; words get the codes of this column's dictionary.
    pub fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Word { codes, words }, Self::Word { codes: more, words: theirs }) => {
                if words.len() == 0 {
                    *words = theirs;
                    codes.append(more);
                } else {
                    codes.append_renumbered(&more, &Arc::make_mut(words).merge(&theirs));
                }
            }
            (Self::Text(texts), Self::Text(more)) => texts.append(more),
            (Self::Time(values), Self::Time(more)) => values.append(more),
            (Self::Count(values), Self::Count(more)) => values.append(more),
            (Self::Number(values), Self::Number(more)) => values.append(more),
            (Self::Flag(values), Self::Flag(more)) => values.append(more),
            _ => debug_assert!(false, "columns of one name have one kind"),
        }
    }
}

/// Bytes in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Of the rows.
    pub values: usize,
    /// Of the dictionary of words, however many rows there are.
    pub words: usize,
}

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

    /// Give back the room that is not used.
    pub fn fit(&mut self) {
        self.columns.iter_mut().flatten().for_each(Data::fit);
    }

    /// Whether the value is missing, or its whole column is.
    pub fn is_missing(&self, position: usize, row: usize) -> bool {
        self.at(position).is_none_or(|data| data.is_missing(row))
    }

    /// An instant or a duration in milliseconds.
    pub fn time(&self, name: &str, row: usize) -> Option<i64> {
        match self.column(name) {
            Some(Data::Time(values)) => Some(values.get(row)).filter(|&v| v != NO_TIME),
            _ => None,
        }
    }

    /// A word of a column of words; empty where it is missing.
    pub fn word(&self, name: &str, row: usize) -> &str {
        self.words(name).and_then(|(codes, words)| words.text(codes.get(row))).unwrap_or_default()
    }

    /// A text of a column of texts; empty where it is missing.
    pub fn text(&self, name: &str, row: usize) -> Text<'_> {
        self.texts(name).map_or(Text::EMPTY, |texts| texts.get(row))
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
        match self.column(name) {
            Some(Data::Time(values)) => Some(values),
            _ => None,
        }
    }

    /// All values of a count column, if any source fills it.
    pub fn counts(&self, name: &str) -> Option<&Counts> {
        match self.column(name) {
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
