//! The cells of one CSV row, as spans of the text they stand in.
//!
//! Where rows begin and end is found in `csv.rs`; here a row is split, and only what has doubled quotes in it is
//! copied. The rules are the `csv` crate's: a quote opens at a cell's beginning only, two of them are one, and
//! what follows the closing one belongs to the cell.

use super::quotes::closing;
use memchr::memchr;
use std::borrow::Cow;

/// One row; made once and filled again and again.
#[derive(Debug, Default)]
pub struct Row<'t> {
    text: &'t str,
    /// From where to where each cell goes. Beyond the text's end follows what was copied.
    spans: Vec<(usize, usize)>,
    copied: String,
}

impl<'t> Row<'t> {
    /// Rows of this text.
    pub fn new(text: &'t str) -> Self {
        Self { text, ..Self::default() }
    }

    /// Begin another row.
    pub fn clear(&mut self) {
        self.spans.clear();
        self.copied.clear();
    }

    /// Add a cell that stands in the text as it is meant.
    #[inline]
    pub fn push(&mut self, from: usize, to: usize) {
        self.spans.push((from, to));
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// A cell.
    #[inline]
    pub fn get(&self, nth: usize) -> Option<&str> {
        let &(from, to) = self.spans.get(nth)?;
        let end = self.text.len();
        Some(if to <= end { &self.text[from..to] } else { &self.copied[from - end..to - end] })
    }

    /// Whether its cells stand in this text.
    pub fn is_of(&self, text: &str) -> bool {
        self.text.as_ptr() == text.as_ptr() && self.text.len() == text.len()
    }

    /// From where to where each cell goes, and what was copied, which follows the text's end.
    pub fn spans(&self) -> (&[(usize, usize)], &str) {
        (&self.spans, &self.copied)
    }

    /// All cells.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|nth| self.get(nth))
    }

    /// Take the cells of a row with quotes in order, which goes from one byte to another.
    pub fn split(&mut self, from: usize, to: usize, delimiter: u8) {
        self.clear();
        let bytes = &self.text.as_bytes()[..to];
        let mut at = from;
        loop {
            let opened = bytes.get(at) == Some(&b'"');
            let closed = if opened { closing(bytes, at + 1).unwrap_or(to) } else { at };
            let end = memchr(delimiter, &bytes[closed..]).map_or(to, |ahead| closed + ahead);
            if opened {
                self.unquoted(at + 1, closed, end);
            } else {
                self.push(at, end);
            }
            if end == to {
                return;
            }
            at = end + 1;
        }
    }

    /// Add a quoted cell: what stands between the quotes, and what follows them.
    fn unquoted(&mut self, from: usize, closed: usize, end: usize) {
        let inside = &self.text[from..closed];
        let after = self.text.get(closed + 1..end).unwrap_or_default();
        let single = if memchr(b'"', inside.as_bytes()).is_some() {
            Cow::Owned(inside.replace("\"\"", "\""))
        } else if after.is_empty() {
            return self.push(from, closed);
        } else {
            Cow::Borrowed(inside)
        };
        let begin = self.text.len() + self.copied.len();
        self.copied.push_str(&single);
        self.copied.push_str(after);
        self.push(begin, self.text.len() + self.copied.len());
    }
}
