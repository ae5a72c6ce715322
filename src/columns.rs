//! How canonical columns are held: typed values in few bytes, words as codes, absent columns as nothing at all.
//!
//! A `Table` of them is in `table.rs`. No polars here, no meaning of a column either: names and types come from
//! `interaction.rs`. A new kind of column is one variant of
//! `Kind` and of `Data`, and the compiler names every place that must know it. How the values of a column are
//! packed is below `columns/`; callers see plain numbers and texts.

mod arena;
mod bits;
mod heard;
mod ints;
mod numbers;
mod packed;
mod slots;
mod table;
#[cfg(test)]
mod tests;
mod texts;
mod times;
mod words;

pub use arena::Arena;
pub use bits::Bits;
pub use heard::{Heard, Room};
pub use numbers::Numbers;
pub use packed::{Codes, Counts, Flags};
pub use slots::Slots;
use std::sync::Arc;
pub use table::Table;
pub use texts::{Text, Texts};
pub use times::Times;
pub use words::{NO_WORD, TOGETHER, Words, hash};

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

    /// Whether a value is missing.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Word { codes, .. } => codes.get(row) == NO_WORD,
            Self::Text(texts) => texts.is_missing(row),
            Self::Time(values) => values.get(row) == NO_TIME,
            Self::Count(values) => values.get(row) == NO_COUNT,
            Self::Number(values) => values.get(row).is_nan(),
            Self::Flag(values) => values.get(row) == NO_FLAG,
        }
    }

    /// Which values are there, found along the column: for those who then ask for rows here and there.
    pub fn there(&self) -> Bits {
        match self {
            Self::Word { codes, .. } => codes.there(),
            Self::Text(texts) => texts.there(),
            Self::Time(values) => values.there(),
            Self::Count(values) => values.there(),
            Self::Number(values) => values.iter().map(|number| !number.is_nan()).collect(),
            Self::Flag(values) => values.there(),
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

    /// Add the rows of another column of the same kind; words get the codes of this column's dictionary.
    pub fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Word { codes, words }, Self::Word { codes: more, words: theirs }) => {
                if words.len() == 0 || Arc::ptr_eq(words, &theirs) {
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
