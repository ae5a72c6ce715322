//! Where delimiters, quotes and line ends stand in a text, found 64 bytes at a time.
//!
//! What a mark means is not known here: a quote may be open or astray, which `csv.rs` and `quotes.rs` decide.

use super::super::block::{Block, SIZE as BLOCK};

/// The marks of a text, one after the other.
#[derive(Debug)]
pub struct Marks<'t> {
    text: &'t [u8],
    delimiter: u8,
    /// Where the block at hand begins, and which of its bytes are marks yet to come, lowest first: delimiters, and others.
    block: usize,
    delimiters: u64,
    others: u64,
}

impl<'t> Marks<'t> {
    /// The delimiters, double quotes and both line ends of a text.
    pub fn new(text: &'t [u8], delimiter: u8) -> Self {
        let mut marks = Self { text, delimiter, block: 0, delimiters: 0, others: 0 };
        marks.look();
        marks
    }

    /// Go on from a byte, which may be a mark itself.
    pub fn seek(&mut self, byte: usize) {
        self.block = byte / BLOCK * BLOCK;
        self.look();
        let ahead = u64::MAX << (byte % BLOCK);
        (self.delimiters, self.others) = (self.delimiters & ahead, self.others & ahead);
    }

    /// The next mark, without passing it.
    #[inline]
    pub fn peek(&mut self) -> Option<usize> {
        while self.delimiters | self.others == 0 {
            self.advance().then_some(())?;
        }
        Some(self.block + (self.delimiters | self.others).trailing_zeros() as usize)
    }

    /// Pass the delimiters that come before any other mark.
    #[inline]
    pub fn delimiters(&mut self, mut each: impl FnMut(usize)) {
        loop {
            let before = self.others.wrapping_sub(1) & !self.others;
            let mut near = self.delimiters & before;
            self.delimiters &= !before;
            while near != 0 {
                each(self.block + near.trailing_zeros() as usize);
                near &= near - 1;
            }
            if self.others != 0 || !self.advance() {
                return;
            }
        }
    }

    /// Go on to the next block, if there is one.
    #[inline]
    fn advance(&mut self) -> bool {
        let there = self.block + BLOCK < self.text.len();
        if there {
            self.block += BLOCK;
            self.look();
        }
        there
    }

    /// Find the marks of the block.
    #[inline]
    fn look(&mut self) {
        let block = Block::at(self.text, self.block);
        // What stands behind the end is nothing, even where zeros are delimiters.
        let there = match self.text.len().saturating_sub(self.block) {
            rest @ 0..BLOCK => !(u64::MAX << rest),
            _ => u64::MAX,
        };
        self.delimiters = block.equal(self.delimiter) & there;
        self.others = (block.equal(b'"') | block.equal(b'\n') | block.equal(b'\r')) & there & !self.delimiters;
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let mark = self.peek()?;
        let rest = !(1 << (mark - self.block));
        (self.delimiters, self.others) = (self.delimiters & rest, self.others & rest);
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
            let mut met = Vec::new();
            loop {
                marks.delimiters(|mark| met.push(mark));
                met.extend(match marks.next() {
                    Some(mark) if text[mark] != b',' => Some(mark),
                    None => break,
                    Some(_) => return Err(TestCaseError::fail("a delimiter was not passed")),
                });
            }
            prop_assert_eq!(met, later);
        }
    }
}
