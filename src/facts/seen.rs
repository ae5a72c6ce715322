//! Columns of the canonical table as facts look at them: row by row, nothing copied, missing where no source has them.

use crate::columns::{Codes, Counts, NO_TIME, NO_WORD, Table, Times};

/// Instants or durations; instants after as-of are not seen.
#[derive(Clone, Copy)]
pub struct Seen<'t> {
    times: Option<&'t Times>,
    as_of: i64,
}

/// An instant column, as seen at `as_of`.
pub fn seen<'t>(table: &'t Table, name: &str, as_of: i64) -> Seen<'t> {
    Seen { times: table.times(name), as_of }
}

/// A column of times as it stands.
pub fn times<'t>(table: &'t Table, name: &str) -> Seen<'t> {
    seen(table, name, i64::MAX)
}

impl Seen<'_> {
    /// The time of a row, or `NO_TIME`.
    #[inline]
    pub fn get(&self, row: usize) -> i64 {
        self.times.map(|times| times.get(row)).filter(|&at| at <= self.as_of).unwrap_or(NO_TIME)
    }

    /// Whether there is a time that is not seen yet.
    #[inline]
    pub fn is_later(&self, row: usize) -> bool {
        self.times.is_some_and(|times| times.get(row) > self.as_of)
    }
}

/// A column of words by their codes.
#[derive(Clone, Copy)]
pub struct Coded<'t>(Option<&'t Codes>);

/// The codes of a word column.
pub fn codes<'t>(table: &'t Table, name: &str) -> Coded<'t> {
    Coded(table.words(name).map(|(codes, _)| codes))
}

impl Coded<'_> {
    /// The code of a row, or `NO_WORD`.
    #[inline]
    pub fn get(&self, row: usize) -> u32 {
        self.0.map_or(NO_WORD, |codes| codes.get(row))
    }
}

/// Whether a word column has one word.
#[derive(Clone, Copy)]
pub struct Is<'t> {
    codes: Coded<'t>,
    code: Option<u32>,
}

/// Whether rows have this word.
pub fn is_word<'t>(table: &'t Table, name: &str, word: &str) -> Is<'t> {
    Is { codes: codes(table, name), code: table.words(name).and_then(|(_, words)| words.find(word)) }
}

impl Is<'_> {
    #[inline]
    pub fn get(&self, row: usize) -> bool {
        self.code.is_some_and(|code| code == self.codes.get(row))
    }
}

/// Whether an instant is known to the day only.
#[derive(Clone, Copy)]
pub struct DayOnly<'t> {
    bits: Option<&'t Counts>,
    bit: i32,
}

/// Whether an instant of each row is known to the day only.
pub fn days_only<'t>(table: &'t Table, name: &str) -> DayOnly<'t> {
    DayOnly { bits: table.counts("by_day"), bit: crate::interaction::day_bit(table.kind, name) }
}

impl DayOnly<'_> {
    #[inline]
    pub fn get(&self, row: usize) -> bool {
        self.bits.map(|bits| bits.get(row)).is_some_and(|bits| bits > 0 && bits & self.bit != 0)
    }
}
