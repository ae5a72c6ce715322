//! Where delimiters, quotes and line ends stand in a text, found 64 bytes at a time.
//!
//! What a mark means is not known here: a quote may be open or astray, which `csv.rs` and `quotes.rs` decide.

use super::super::block::{Block, SIZE as BLOCK};

/// The marks of a text, one after the other.
#[derive(Debug)]
pub struct Marks<'t> {
    text: &'t [u8],
    delimiter: u8,
    /// Where the block at hand begins, and which of its bytes are marks yet to come, lowest first.
    block: usize,
    ahead: u64,
}

impl<'t> Marks<'t> {
    /// The delimiters, double quotes and both line ends of a text.
    pub fn new(text: &'t [u8], delimiter: u8) -> Self {
        let mut marks = Self { text, delimiter, block: 0, ahead: 0 };
        marks.ahead = marks.look(0);
        marks
    }

    /// Go on from a byte, which may be a mark itself.
    pub fn seek(&mut self, byte: usize) {
        self.block = byte / BLOCK * BLOCK;
        self.ahead = self.look(self.block) & (u64::MAX << (byte % BLOCK));
    }

    /// The next mark, without passing it.
    #[inline]
    pub fn peek(&mut self) -> Option<usize> {
        while self.ahead == 0 {
            if self.block + BLOCK >= self.text.len() {
                return None;
            }
            self.block += BLOCK;
            self.ahead = self.look(self.block);
        }
        Some(self.block + self.ahead.trailing_zeros() as usize)
    }

    /// Which bytes of the block at an offset are marks.
    #[inline]
    fn look(&self, from: usize) -> u64 {
        let block = Block::at(self.text, from);
        let bits = block.equal(self.delimiter) | block.equal(b'"') | block.equal(b'\n') | block.equal(b'\r');
        // What stands behind the end is nothing, even where zeros are delimiters.
        match self.text.len().saturating_sub(from) {
            rest @ 0..BLOCK => bits & !(u64::MAX << rest),
            _ => bits,
        }
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let mark = self.peek()?;
        self.ahead &= self.ahead - 1;
        Some(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_mark_is_found_once(text in "[a-z,;\"\r\n]{0,300}", from in 0..300usize) {
            let text = text.as_bytes();
            let is_mark = |byte: &u8| b",\"\r\n".contains(byte);
            let all: Vec<usize> = (0..text.len()).filter(|&at| is_mark(&text[at])).collect();
            prop_assert_eq!(Marks::new(text, b',').collect::<Vec<_>>(), &all[..]);
            let from = from.min(text.len());
            let mut marks = Marks::new(text, b',');
            marks.seek(from);
            let later: Vec<usize> = all.into_iter().filter(|&at| at >= from).collect();
            prop_assert_eq!(marks.peek(), later.first().copied());
            prop_assert_eq!(marks.collect::<Vec<_>>(), later);
        }
    }
}
