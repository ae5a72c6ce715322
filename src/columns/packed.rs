//! Codes, counts and flags: values of one type, held in no more bytes than `Ints` need for them.
//!
//! Which width that is, and what stands for none in each, is known in `ints.rs`.

use super::Bits;
use super::ints::{Ints, NO_INT, Value, fitted, wide};
use std::marker::PhantomData;
use std::ops::Range;

/// Values of one type, held as `Ints`.
#[derive(Debug, Clone)]
pub struct Packed<T>(Ints, PhantomData<T>);

/// Codes of words; `NO_WORD` where there is none.
pub type Codes = Packed<u32>;
/// `NO_COUNT` where there is none.
pub type Counts = Packed<i32>;
/// 0, 1, or `NO_FLAG`.
pub type Flags = Packed<u8>;

impl<T: Value> Packed<T> {
    /// So many of one value.
    pub fn filled(value: T, rows: usize) -> Self {
        Self(Ints::filled(wide(value), rows), PhantomData)
    }

    /// The bytes that the values take.
    pub fn bytes(&self) -> usize {
        self.0.bytes()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    pub fn get(&self, row: usize) -> T {
        fitted(self.0.get(row))
    }

    /// Which of them are there.
    pub fn there(&self) -> Bits {
        self.0.there()
    }

    pub fn push(&mut self, value: T) {
        self.0.push(wide(value));
    }

    /// Add several.
    #[inline]
    pub fn extend(&mut self, values: impl Iterator<Item = T>) {
        self.0.extend(values.map(wide));
    }

    pub fn iter(&self) -> impl Iterator<Item = T> + Clone + '_ {
        self.0.iter().map(fitted)
    }

    /// Some in turn.
    pub fn range(&self, rows: Range<usize>) -> impl Iterator<Item = T> {
        self.0.range(rows).map(fitted)
    }

    pub fn to_vec(&self) -> Vec<T> {
        self.0.to_values()
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[u32]) -> Self {
        Self(self.0.take(rows), PhantomData)
    }

    /// Add others after these.
    pub fn append(&mut self, more: Self) {
        self.0.append(more.0);
    }

    /// Make room for so many more, and for no others.
    pub fn reserve(&mut self, more: usize) {
        self.0.reserve(more);
    }
}

impl Codes {
    /// Add others after these, each by the number that it has in `new`.
    pub fn append_renumbered(&mut self, more: &Self, new: &[u32]) {
        let most = new.iter().copied().max().unwrap_or(0);
        self.0.append_with(&more.0, most.into(), |code| new.get(code as usize).copied().map_or(NO_INT, wide));
    }

    /// Each by the number that it has in `new`.
    pub fn renumbered(&self, new: &[u32]) -> Self {
        let mut codes = Self::default();
        codes.append_renumbered(self, new);
        codes
    }
}

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Self(Ints::default(), PhantomData)
    }
}

impl<T: Value> FromIterator<T> for Packed<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().map(wide).collect(), PhantomData)
    }
}

impl<T: Value> From<Vec<T>> for Packed<T> {
    fn from(values: Vec<T>) -> Self {
        values.into_iter().collect()
    }
}
