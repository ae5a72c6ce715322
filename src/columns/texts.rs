//! Texts that are mostly distinct: record numbers as numbers where all are, else one buffer.

use super::Bits;
use super::arena::Arena;
use super::ints::{Ints, NO_INT};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// Digits that surely fit 64 bits.
const DIGITS: usize = 18;

/// One text. What looks like a number always is one here, so that equal texts are equal values; the order is that
/// of texts, in which 10 comes before 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Text<'a> {
    Number(i64),
    Plain(&'a str),
}

impl<'a> Text<'a> {
    pub const EMPTY: Self = Self::Plain("");

    pub fn new(text: &'a str) -> Self {
        number(text).map_or(Self::Plain(text), Self::Number)
    }

    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    pub fn into_cow(self) -> Cow<'a, str> {
        match self {
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Plain(text) => Cow::Borrowed(text),
        }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Plain(text) => f.write_str(text),
        }
    }
}

impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (*self, *other) {
            (Self::Number(a), Self::Number(b)) => {
                // As many digits each: then texts stand as numbers do, and a beginning comes first.
                let filled = |number: i64| number * 10_i64.pow(17 - number.max(1).ilog10());
                filled(a).cmp(&filled(b)).then(a.cmp(&b))
            }
            (Self::Plain(a), Self::Plain(b)) => a.cmp(b),
            (a, b) => a.into_cow().cmp(&b.into_cow()),
        }
    }
}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A number whose only text this is: digits, no zero in front, not too many.
fn number(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > DIGITS || (bytes[0] == b'0' && bytes.len() > 1) {
        return None;
    }
    bytes.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}

/// Texts in a row; empty means missing.
#[derive(Debug, Clone)]
pub enum Texts {
    Numbers(Ints),
    Any(Arena),
}

impl Default for Texts {
    fn default() -> Self {
        Self::Numbers(Ints::default())
    }
}

impl Texts {
    /// So many missing ones.
    pub fn missing(rows: usize) -> Self {
        Self::Numbers(Ints::filled(NO_INT, rows))
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(ints) => ints.len(),
            Self::Any(texts) => texts.len(),
        }
    }

    /// The bytes that the texts take.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Numbers(ints) => ints.bytes(),
            Self::Any(texts) => texts.bytes(),
        }
    }

    pub fn push(&mut self, text: &str) {
        match self {
            Self::Any(texts) => texts.push(text),
            Self::Numbers(_) => self.push_text(Text::new(text)),
        }
    }

    /// Add one that another column has.
    pub fn push_text(&mut self, text: Text) {
        match (&mut *self, text) {
            (Self::Numbers(ints), Text::Number(number)) => ints.push(number),
            (Self::Numbers(ints), Text::EMPTY) => ints.push(NO_INT),
            (Self::Any(texts), Text::Number(number)) => texts.push_number(number),
            (Self::Any(texts), Text::Plain(text)) => texts.push(text),
            (Self::Numbers(ints), Text::Plain(text)) => {
                let mut texts = Arena::default();
                push_numbers(&mut texts, ints);
                texts.push(text);
                *self = Self::Any(texts);
            }
        }
    }

    /// One text; empty where it is missing.
    #[inline]
    pub fn get(&self, row: usize) -> Text<'_> {
        match self {
            Self::Numbers(ints) => match ints.get(row) {
                NO_INT => Text::EMPTY,
                number => Text::Number(number),
            },
            Self::Any(texts) => Text::new(texts.get(row)),
        }
    }

    /// Whether there is none.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Numbers(ints) => ints.get(row) == NO_INT,
            Self::Any(texts) => texts.is_empty(row),
        }
    }

    /// Which of them are there.
    pub fn there(&self) -> Bits {
        match self {
            Self::Numbers(ints) => ints.there(),
            Self::Any(texts) => (0..texts.len()).map(|at| !texts.is_empty(at)).collect(),
        }
    }

    /// One text as it stands, for telling those of one column apart: what looks like a number is not read as one.
    #[inline]
    pub fn as_it_stands(&self, row: usize) -> Text<'_> {
        match self {
            Self::Numbers(_) => self.get(row),
            Self::Any(texts) => Text::Plain(texts.get(row)),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Text<'_>> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[u32]) -> Self {
        match self {
            Self::Numbers(ints) => Self::Numbers(ints.take(rows)),
            Self::Any(texts) => {
                let bytes = texts.usual_length().saturating_mul(rows.len());
                let mut taken = Arena::with_room(rows.len(), bytes);
                rows.iter().for_each(|&row| taken.push(texts.get(row as usize)));
                Self::Any(taken)
            }
        }
    }

    /// Add others after these.
    pub fn append(&mut self, more: Self) {
        if self.len() == 0 {
            *self = more;
            return;
        }
        match (&mut *self, more) {
            (Self::Numbers(ints), Self::Numbers(more)) => ints.append(more),
            (Self::Any(texts), Self::Any(more)) => more.iter().for_each(|text| texts.push(text)),
            (Self::Any(texts), Self::Numbers(more)) => push_numbers(texts, &more),
            (_, more) => more.iter().for_each(|text| self.push_text(text)),
        }
    }

    /// Make room for so many more, as long as those that are there.
    pub fn reserve(&mut self, more: usize) {
        match self {
            Self::Numbers(ints) => ints.reserve(more),
            Self::Any(texts) => texts.reserve(more),
        }
    }
}

/// Numbers as texts, empty where there is none.
fn push_numbers(texts: &mut Arena, numbers: &Ints) {
    numbers.iter().for_each(|number| match number {
        NO_INT => texts.push(""),
        number => texts.push_number(number),
    });
}
