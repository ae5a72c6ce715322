//! Texts one after another in one buffer, and how they are compared.
//!
//! What they mean, and whether one stands there twice, is for those to know who hold them.

use std::fmt::Write;
use std::ops::Range;

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
    /// No texts yet, with room for so many of so many bytes.
    pub fn with_room(texts: usize, bytes: usize) -> Self {
        Self { buffer: String::with_capacity(bytes), ends: Vec::with_capacity(texts), ..Self::default() }
    }

    /// Make room for so many more, as long as those that are there.
    pub fn reserve(&mut self, more: usize) {
        let _ = self.buffer.try_reserve_exact(more.saturating_mul(self.usual_length()));
        if !self.ends.is_empty() {
            let _ = self.ends.try_reserve_exact(more);
        }
    }

    /// The length of its texts, on average.
    pub fn usual_length(&self) -> usize {
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
        let start = self.buffer.len();
        self.buffer.push_str(text);
        self.end(start);
    }

    /// Add a number as text.
    pub fn push_number(&mut self, number: i64) {
        let start = self.buffer.len();
        // There is nothing that writing to a string could fail for.
        let _ = write!(self.buffer, "{number}");
        self.end(start);
    }

    /// What is in the buffer from there on is one text more.
    fn end(&mut self, start: usize) {
        let end = self.buffer.len();
        if self.len == 0 {
            self.width = end - start;
        } else if self.ends.is_empty() && end - start != self.width {
            (0..self.len).for_each(|n| self.push_end(n * self.width, (n + 1) * self.width));
        }
        if !self.ends.is_empty() {
            self.push_end(start, end);
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
        self.buffer.get(self.span(at)).unwrap_or_default()
    }

    /// Whether one has no letters.
    #[inline]
    pub fn is_empty(&self, at: usize) -> bool {
        self.span(at).is_empty()
    }

    /// Whether one is this text.
    #[inline]
    pub fn is(&self, at: usize, text: &str) -> bool {
        are_same(self.bytes_in(self.span(at)), text.as_bytes())
    }

    /// Whether some of these are some of another arena, in pairs. Where none is meant (`u32::MAX`), anything may be said.
    /// All beginnings are asked for before any is compared: what one has to wait for from memory is then on its way for
    /// the next ones too.
    pub fn are_same(&self, some: &[u32], other: &Self, others: &[u32]) -> Vec<bool> {
        let span = |&at: &u32| if at == u32::MAX { 0..0 } else { self.span(at as usize) };
        let spans: Vec<Range<usize>> = some.iter().map(span).collect();
        let starts: Vec<u64> = spans.iter().map(|span| start(self.bytes_in(span.start..self.buffer.len()))).collect();
        let is_same = |((span, own), &at): ((Range<usize>, u64), &u32)| {
            let text = other.bytes_in(other.span(at as usize));
            (text.len() < 8 || own == start(text)) && are_same(self.bytes_in(span), text)
        };
        spans.into_iter().zip(starts).zip(others).map(is_same).collect()
    }

    /// Where one stands in the buffer.
    #[inline]
    fn span(&self, at: usize) -> Range<usize> {
        if self.ends.is_empty() {
            at * self.width..(at + 1) * self.width
        } else {
            let base = self.blocks[at / BLOCK];
            let start = if at.is_multiple_of(BLOCK) { 0 } else { self.ends[at - 1] as usize };
            base + start..base + self.ends[at] as usize
        }
    }

    #[inline]
    fn bytes_in(&self, span: Range<usize>) -> &[u8] {
        self.buffer.as_bytes().get(span).unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len).map(|at| self.get(at))
    }
}

/// Keys are short: eight bytes at a time are compared sooner than somebody else is called to do it.
#[inline]
fn are_same(a: &[u8], b: &[u8]) -> bool {
    let (Some(end_a), Some(end_b)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) else { return a == b };
    let eights = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    a.len() == b.len() && end_a == end_b && eights.into_iter().all(|(a, b)| a == b)
}

/// The first eight bytes, where there are as many.
#[inline]
fn start(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |start| u64::from_le_bytes(*start))
}
