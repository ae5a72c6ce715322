//! How canonical columns are held: typed vectors, words as codes, absent columns as nothing at all.
//!
//! `Table` is the only container of rows between reading and facts. No polars here, no meaning of a
//! column either: names and types come from `interaction.rs`. A new kind of column is one variant of
//! `Kind` and of `Data`, and the compiler names every place that must know it.

use crate::interaction::TableKind;
pub use crate::words::{NO_WORD, Texts, Words};
use std::collections::BTreeMap;

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
        codes: Vec<u32>,
        words: Words,
    },
    Text(Texts),
    /// Instants and durations.
    Time(Vec<i64>),
    Count(Vec<i32>),
    Number(Vec<f64>),
    Flag(Vec<u8>),
}

impl Data {
    /// A column of this kind in which the first `rows` values are missing.
    pub fn missing(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Word => Self::Word { codes: vec![NO_WORD; rows], words: Words::default() },
            Kind::Text => Self::Text(Texts::missing(rows)),
            Kind::Instant | Kind::Duration => Self::Time(vec![NO_TIME; rows]),
            Kind::Count => Self::Count(vec![NO_COUNT; rows]),
            Kind::Number => Self::Number(vec![f64::NAN; rows]),
            Kind::Flag => Self::Flag(vec![NO_FLAG; rows]),
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
            Self::Word { codes, .. } => codes[row] == NO_WORD,
            Self::Text(texts) => texts.get(row).is_empty(),
            Self::Time(values) => values[row] == NO_TIME,
            Self::Count(values) => values[row] == NO_COUNT,
            Self::Number(values) => values[row].is_nan(),
            Self::Flag(values) => values[row] == NO_FLAG,
        }
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[u32]) -> Self {
        fn pick<T: Copy>(values: &[T], rows: &[u32]) -> Vec<T> {
            rows.iter().map(|&row| values[row as usize]).collect()
        }
        match self {
            Self::Word { codes, words } => Self::Word { codes: pick(codes, rows), words: words.clone() },
            Self::Text(texts) => {
                let mut out = Texts::default();
                rows.iter().for_each(|&row| out.push(texts.get(row as usize)));
                Self::Text(out)
            }
            Self::Time(values) => Self::Time(pick(values, rows)),
            Self::Count(values) => Self::Count(pick(values, rows)),
            Self::Number(values) => Self::Number(pick(values, rows)),
            Self::Flag(values) => Self::Flag(pick(values, rows)),
        }
    }

    /// Add the rows of another column of the same kind; words get the codes of this column's dictionary.
    pub fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Word { codes, words }, Self::Word { codes: more, words: theirs }) => {
                let renumbered: Vec<u32> = theirs.iter().map(|text| words.code(text)).collect();
                codes.extend(more.iter().map(|&c| renumbered.get(c as usize).copied().unwrap_or(NO_WORD)));
            }
            (Self::Text(texts), Self::Text(more)) => texts.append(&more),
            (Self::Time(values), Self::Time(more)) => values.extend(more),
            (Self::Count(values), Self::Count(more)) => values.extend(more),
            (Self::Number(values), Self::Number(more)) => values.extend(more),
            (Self::Flag(values), Self::Flag(more)) => values.extend(more),
            _ => debug_assert!(false, "columns of one name have one kind"),
        }
    }
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

    /// Whether the value is missing, or its whole column is.
    pub fn is_missing(&self, position: usize, row: usize) -> bool {
        self.at(position).is_none_or(|data| data.is_missing(row))
    }

    /// An instant or a duration in milliseconds.
    pub fn time(&self, name: &str, row: usize) -> Option<i64> {
        match self.column(name) {
            Some(Data::Time(values)) => values.get(row).copied().filter(|&v| v != NO_TIME),
            _ => None,
        }
    }

    /// A word or a text; empty where it is missing.
    pub fn text(&self, name: &str, row: usize) -> &str {
        match self.column(name) {
            Some(Data::Word { codes, words }) => codes.get(row).and_then(|&c| words.text(c)).unwrap_or(""),
            Some(Data::Text(texts)) => texts.get(row),
            _ => "",
        }
    }

    /// All codes of a word column with their dictionary, if any source fills it.
    pub fn words(&self, name: &str) -> Option<(&[u32], &Words)> {
        match self.column(name) {
            Some(Data::Word { codes, words }) => Some((codes, words)),
            _ => None,
        }
    }

    /// All values of an instant or duration column, if any source fills it.
    pub fn times(&self, name: &str) -> Option<&[i64]> {
        match self.column(name) {
            Some(Data::Time(values)) => Some(values),
            _ => None,
        }
    }

    /// All values of a count column, if any source fills it.
    pub fn counts(&self, name: &str) -> Option<&[i32]> {
        match self.column(name) {
            Some(Data::Count(values)) => Some(values),
            _ => None,
        }
    }

    /// All values of a number column, if any source fills it.
    pub fn numbers(&self, name: &str) -> Option<&[f64]> {
        match self.column(name) {
            Some(Data::Number(values)) => Some(values),
            _ => None,
        }
    }

    /// All values of a flag column, if any source fills it.
    pub fn flags(&self, name: &str) -> Option<&[u8]> {
        match self.column(name) {
            Some(Data::Flag(values)) => Some(values),
            _ => None,
        }
    }

    /// Call words of a column by other names.
    pub fn rename(&mut self, name: &str, synonyms: &BTreeMap<String, String>) {
        let column = self.kind.position(name).and_then(|position| self.columns[position].as_mut());
        if let Some(Data::Word { codes, words }) = column {
            let mut renamed = Words::default();
            let new: Vec<u32> =
                words.iter().map(|word| renamed.code(synonyms.get(word).map_or(word, String::as_str))).collect();
            codes.iter_mut().filter(|code| **code != NO_WORD).for_each(|code| *code = new[*code as usize]);
            *words = renamed;
        }
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[u32]) -> Self {
        let columns = self.columns.iter().map(|c| c.as_ref().map(|data| data.take(rows))).collect();
        Self { kind: self.kind, columns, rows: rows.len() }
    }

    /// Add another table's rows after this one's.
    pub fn append(&mut self, other: Self) {
        let (before, added) = (self.rows, other.rows);
        for (position, theirs) in other.columns.into_iter().enumerate() {
            let kind = self.kind.fields()[position].kind;
            match (&mut self.columns[position], theirs) {
                (Some(ours), Some(theirs)) => ours.append(theirs),
                (Some(ours), None) => ours.append(Data::missing(kind, added)),
                (ours @ None, Some(theirs)) => {
                    let mut data = Data::missing(kind, before);
                    data.append(theirs);
                    *ours = Some(data);
                }
                (None, None) => {}
            }
        }
        self.rows += added;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(channel: &str, started: i64) -> Table {
        let mut table = Table::new(TableKind::Interactions);
        let mut words = Words::default();
        let codes = vec![words.code(channel)];
        table.fill([], 1);
        table.set("channel", Data::Word { codes, words });
        table.set("started_at", Data::Time(vec![started]));
        table
    }

    #[test]
    fn appended_words_keep_their_meaning() {
        let mut table = one("email", 1);
        table.append(one("phone", 2));
        table.append(Table::new(TableKind::Interactions));
        table.append(one("email", 3));
        let read: Vec<_> = (0..3).map(|row| table.text("channel", row)).collect();
        assert_eq!(read, ["email", "phone", "email"]);
        assert_eq!(table.take(&[2, 0]).times("started_at"), Some(&[3, 1][..]));
    }

    #[test]
    fn a_column_that_only_one_table_has_is_missing_elsewhere() {
        let mut table = one("email", 1);
        let mut other = Table::new(TableKind::Interactions);
        other.fill([], 2);
        table.append(other);
        assert_eq!(table.rows(), 3);
        assert_eq!((table.text("channel", 2), table.time("started_at", 2)), ("", None));
        assert!(table.column("agent").is_none());
    }
}
