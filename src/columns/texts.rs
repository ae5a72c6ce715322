//! Texts that are mostly distinct: record numbers as numbers where all are, else one buffer.

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
            (Self::Any(texts), text) => texts.push(&text.into_cow()),
            (Self::Numbers(ints), Text::Plain(text)) => {
                let mut texts = Arena::default();
                for number in ints.iter() {
                    texts.push(&if number == NO_INT { String::new() } else { number.to_string() });
                }
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
            Self::Any(texts) => texts.get(row).is_empty(),
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
                let mut taken = Arena::with_room(texts.usual_length().saturating_mul(rows.len()));
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

/// How many texts share a base, from which their ends are counted in four bytes.
const BLOCK: usize = 1 << 16;

/// Texts one after another in one buffer.
#[derive(Debug, Clone, Default)]
pub struct Arena {
    buffer: String,
    len: usize,
    /// The length of all, as long as they have the same.
    width: usize,
    /// Else where each ends, from the start of its block.
    ends: Vec<u32>,
    /// And where each block starts.
    blocks: Vec<usize>,
}

impl Arena {
    /// No texts yet, with room for so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self { buffer: String::with_capacity(bytes), ..Self::default() }
    }

    /// Make room for so many more, as long as those that are there.
    pub fn reserve(&mut self, more: usize) {
        let _ = self.buffer.try_reserve_exact(more.saturating_mul(self.usual_length()));
        if !self.ends.is_empty() {
            let _ = self.ends.try_reserve_exact(more);
        }
    }

    /// The length of its texts, on average.
    fn usual_length(&self) -> usize {
        self.buffer.len().div_ceil(self.len.max(1))
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// The bytes that the texts take.
    pub fn bytes(&self) -> usize {
        self.buffer.len() + size_of_val(self.ends.as_slice())
    }

    pub fn push(&mut self, text: &str) {
        if self.len == 0 {
            self.width = text.len();
        } else if self.ends.is_empty() && text.len() != self.width {
            (0..self.len).for_each(|n| self.push_end(n * self.width, (n + 1) * self.width));
        }
        let start = self.buffer.len();
        self.buffer.push_str(text);
        if !self.ends.is_empty() {
            self.push_end(start, self.buffer.len());
        }
        self.len += 1;
    }

    fn push_end(&mut self, start: usize, end: usize) {
        if self.ends.len().is_multiple_of(BLOCK) {
            self.blocks.push(start);
        }
        let base = self.blocks.last().copied().unwrap_or(0);
        self.ends.push(u32::try_from(end - base).unwrap_or(u32::MAX));
    }

    /// One text. Of 65 536 texts that take four gigabytes the last ones read as empty.
    #[inline]
    pub fn get(&self, at: usize) -> &str {
        let (start, end) = if self.ends.is_empty() {
            (at * self.width, (at + 1) * self.width)
        } else {
            let base = self.blocks[at / BLOCK];
            let start = if at.is_multiple_of(BLOCK) { 0 } else { self.ends[at - 1] as usize };
            (base + start, base + self.ends[at] as usize)
        };
        self.buffer.get(start..end).unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len).map(|at| self.get(at))
    }
}
