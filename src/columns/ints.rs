//! Whole numbers in as few bytes a row as the greatest of them needs.
//!
//! Loops over rows are compiled once for each width, so that none asks for the width of every value.

use super::{Bits, NO_COUNT, NO_FLAG, NO_TIME, NO_WORD};
use std::ops::Range;

/// No number.
pub const NO_INT: i64 = i64::MIN;

/// A whole number with one value that stands for none.
pub trait Value: Copy + PartialEq + Into<i64> + TryFrom<i64> {
    const MISSING: Self;
}

impl Value for i8 {
    const MISSING: Self = Self::MIN;
}

impl Value for i16 {
    const MISSING: Self = Self::MIN;
}

/// Counts, too.
impl Value for i32 {
    const MISSING: Self = NO_COUNT;
}

impl Value for i64 {
    const MISSING: Self = NO_TIME;
}

/// Codes of words.
impl Value for u32 {
    const MISSING: Self = NO_WORD;
}

/// Flags.
impl Value for u8 {
    const MISSING: Self = NO_FLAG;
}

pub fn wide<T: Value>(value: T) -> i64 {
    if value == T::MISSING { NO_INT } else { value.into() }
}

fn narrow<T: Value>(value: i64) -> Option<T> {
    if value == NO_INT { Some(T::MISSING) } else { T::try_from(value).ok().filter(|&v| v != T::MISSING) }
}

/// The value, where it is known to fit.
pub fn fitted<T: Value>(value: i64) -> T {
    narrow(value).unwrap_or(T::MISSING)
}

/// The bytes that a value takes.
fn width_of(value: i64) -> usize {
    if narrow::<i8>(value).is_some() {
        1
    } else if narrow::<i16>(value).is_some() {
        2
    } else if narrow::<i32>(value).is_some() {
        4
    } else {
        8
    }
}

/// Whole numbers, or none, of one width.
#[derive(Debug, Clone)]
pub enum Ints {
    One(Vec<i8>),
    Two(Vec<i16>),
    Four(Vec<i32>),
    Eight(Vec<i64>),
}

/// The same for whichever width it is.
macro_rules! of_width {
    ($ints:expr, $values:ident => $do:expr) => {
        match $ints {
            Ints::One($values) => $do,
            Ints::Two($values) => $do,
            Ints::Four($values) => $do,
            Ints::Eight($values) => $do,
        }
    };
}

impl Default for Ints {
    fn default() -> Self {
        Self::One(Vec::new())
    }
}

impl Ints {
    /// So many of one value.
    pub fn filled(value: i64, rows: usize) -> Self {
        match width_of(value) {
            1 => Self::One(vec![fitted(value); rows]),
            2 => Self::Two(vec![fitted(value); rows]),
            4 => Self::Four(vec![fitted(value); rows]),
            _ => Self::Eight(vec![value; rows]),
        }
    }

    pub fn len(&self) -> usize {
        of_width!(self, values => values.len())
    }

    /// The bytes that the values take.
    pub fn bytes(&self) -> usize {
        self.len() * self.width()
    }

    #[inline]
    pub fn get(&self, row: usize) -> i64 {
        of_width!(self, values => wide(values[row]))
    }

    #[inline]
    pub fn push(&mut self, value: i64) {
        let fits = of_width!(self, values => narrow(value).map(|value| values.push(value)));
        if fits.is_none() {
            self.widen(width_of(value));
            self.push(value);
        }
    }

    /// Add several.
    #[inline]
    pub fn extend(&mut self, values: impl Iterator<Item = i64>) {
        let mut values = values;
        while let Some(wider) = of_width!(self, own => pour_in(own, &mut values)) {
            self.push(wider);
        }
    }

    #[inline]
    pub fn set(&mut self, row: usize, value: i64) {
        let fits = of_width!(self, values => narrow(value).map(|value| values[row] = value));
        if fits.is_none() {
            self.widen(width_of(value));
            self.set(row, value);
        }
    }

    /// Which of them are numbers.
    pub fn there(&self) -> Bits {
        fn there<T: Value>(values: &[T]) -> Bits {
            Bits::of(values, |value| value != T::MISSING)
        }
        of_width!(self, values => there(values))
    }

    pub fn iter(&self) -> Iter<'_> {
        self.range(0..self.len())
    }

    /// Some in turn.
    pub fn range(&self, rows: Range<usize>) -> Iter<'_> {
        match self {
            Self::One(values) => Iter::One(values[rows].iter()),
            Self::Two(values) => Iter::Two(values[rows].iter()),
            Self::Four(values) => Iter::Four(values[rows].iter()),
            Self::Eight(values) => Iter::Eight(values[rows].iter()),
        }
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[u32]) -> Self {
        fn pick<T: Copy>(values: &[T], rows: &[u32]) -> Vec<T> {
            rows.iter().map(|&row| values[row as usize]).collect()
        }
        match self {
            Self::One(values) => Self::One(pick(values, rows)),
            Self::Two(values) => Self::Two(pick(values, rows)),
            Self::Four(values) => Self::Four(pick(values, rows)),
            Self::Eight(values) => Self::Eight(pick(values, rows)),
        }
    }

    /// Make room for so many more, and for no others, if there is as much; if not, it is found out when they come.
    pub fn reserve(&mut self, more: usize) {
        let _ = of_width!(self, values => values.try_reserve_exact(more));
    }

    fn capacity(&self) -> usize {
        of_width!(self, values => values.capacity())
    }

    /// Add others after these.
    pub fn append(&mut self, more: Self) {
        if self.len() == 0 {
            *self = more;
        } else {
            self.widen(more.width());
            self.extend_with(&more, |value| value);
        }
    }

    /// Add others after these, each changed; none is greater than `most` then, nor less than `-most`.
    pub fn append_with(&mut self, more: &Self, most: i64, change: impl Fn(i64) -> i64) {
        self.widen(width_of(most));
        self.extend_with(more, change);
    }

    fn extend_with(&mut self, more: &Self, change: impl Fn(i64) -> i64) {
        of_width!(self, values => more.pour(values, change));
    }

    fn pour<T: Value>(&self, into: &mut Vec<T>, change: impl Fn(i64) -> i64) {
        let change = |value| if value == NO_INT { NO_INT } else { change(value) };
        of_width!(self, values => into.extend(values.iter().map(|&value| fitted::<T>(change(wide(value))))));
    }

    fn width(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Two(_) => 2,
            Self::Four(_) => 4,
            Self::Eight(_) => 8,
        }
    }

    fn widen(&mut self, width: usize) {
        if width > self.width() {
            let mut wider = match width {
                2 => Self::Two(Vec::new()),
                4 => Self::Four(Vec::new()),
                _ => Self::Eight(Vec::new()),
            };
            wider.reserve(self.capacity());
            wider.extend_with(self, |value| value);
            *self = wider;
        }
    }

    /// Hold all in no more bytes than they need.
    pub fn narrow(&mut self) {
        let needed = self.iter().fold(1, |width, value| if width == 8 { 8 } else { width_of(value).max(width) });
        if needed < self.width() {
            *self = match needed {
                1 => Self::One(self.to_values()),
                2 => Self::Two(self.to_values()),
                _ => Self::Four(self.to_values()),
            };
        }
    }

    pub fn to_values<T: Value>(&self) -> Vec<T> {
        let mut values = Vec::with_capacity(self.len());
        self.pour(&mut values, |value| value);
        values
    }
}

/// Add values as long as they fit; the first that does not.
#[inline]
fn pour_in<T: Value>(own: &mut Vec<T>, values: &mut impl Iterator<Item = i64>) -> Option<i64> {
    for value in values {
        match narrow(value) {
            Some(value) => own.push(value),
            None => return Some(value),
        }
    }
    None
}

impl FromIterator<i64> for Ints {
    fn from_iter<I: IntoIterator<Item = i64>>(values: I) -> Self {
        let mut ints = Self::default();
        ints.extend(values.into_iter());
        ints
    }
}

/// All values in turn. `for_each` and whatever else folds asks for the width once.
#[derive(Debug, Clone)]
pub enum Iter<'a> {
    One(std::slice::Iter<'a, i8>),
    Two(std::slice::Iter<'a, i16>),
    Four(std::slice::Iter<'a, i32>),
    Eight(std::slice::Iter<'a, i64>),
}

impl Iterator for Iter<'_> {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        match self {
            Self::One(values) => values.next().copied().map(wide),
            Self::Two(values) => values.next().copied().map(wide),
            Self::Four(values) => values.next().copied().map(wide),
            Self::Eight(values) => values.next().copied(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::One(values) => values.size_hint(),
            Self::Two(values) => values.size_hint(),
            Self::Four(values) => values.size_hint(),
            Self::Eight(values) => values.size_hint(),
        }
    }

    fn fold<B, F: FnMut(B, i64) -> B>(self, start: B, add: F) -> B {
        match self {
            Self::One(values) => values.copied().map(wide).fold(start, add),
            Self::Two(values) => values.copied().map(wide).fold(start, add),
            Self::Four(values) => values.copied().map(wide).fold(start, add),
            Self::Eight(values) => values.copied().fold(start, add),
        }
    }
}
