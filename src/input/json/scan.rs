//! The end of a JSON object or array in a text that arrives in blocks, found by its strings and brackets alone.
//!
//! Whether what lies between is JSON is not asked here: where it is, the end is right, and where it is not, whoever
//! reads the value (`walker.rs`) comes upon the fault before that end.

use super::super::block::{self, Block};

/// How far an object or array has been looked through.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    at: usize,
    /// How many brackets are open.
    depth: u32,
    /// All ones inside a string.
    string: u64,
    /// 1 after a backslash that escapes what follows.
    escape: u64,
}

impl Scan {
    /// Where the value ends that `text` begins with, if it ends there. Asked again with more text after it, the scan
    /// goes on where it was.
    pub fn end(&mut self, text: &[u8]) -> Option<usize> {
        while self.at < text.len() {
            let mut next = self.clone();
            if let Some(bit) = next.block(&Block::at(text, self.at)) {
                return Some(self.at + bit + 1);
            }
            next.at += block::SIZE;
            if next.at > text.len() {
                // Looked at once more when it is whole.
                return None;
            }
            *self = next;
        }
        None
    }

    /// How many bytes have been looked through.
    pub fn seen(&self) -> usize {
        self.at
    }

    /// Which byte of a block closes the value.
    #[inline]
    fn block(&mut self, block: &Block) -> Option<usize> {
        let quotes = block.equal(b'"') & !self.escaped(block.equal(b'\\'));
        let inside = up_to_each(quotes) ^ self.string;
        self.string = if inside >> 63 == 1 { u64::MAX } else { 0 };
        // `[` and `{` differ in one bit, as do `]` and `}`. Which of them closes which is a question of grammar.
        let open = block.equal_with(0x20, b'{') & !inside;
        let mut close = block.equal_with(0x20, b'}') & !inside;
        let (opened, closed) = (open.count_ones(), close.count_ones());
        if closed >= self.depth {
            for nth in 1..=closed {
                let bit = close.trailing_zeros();
                if self.depth + (open & !(u64::MAX << bit)).count_ones() == nth {
                    return Some(bit as usize);
                }
                close &= close - 1;
            }
        }
        self.depth = self.depth + opened - closed;
        None
    }

    /// Which bytes a backslash stands before that is not itself escaped.
    #[inline]
    fn escaped(&mut self, mut backslashes: u64) -> u64 {
        let mut escaped = self.escape;
        self.escape = 0;
        backslashes &= !escaped;
        while backslashes != 0 {
            let next = (backslashes & backslashes.wrapping_neg()) << 1;
            self.escape = u64::from(next == 0);
            escaped |= next;
            backslashes &= (backslashes - 1) & !next;
        }
        escaped
    }
}

/// Bits from each set one to the next: with quotes, what is inside of them.
#[inline]
fn up_to_each(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn brackets_in_strings_do_not_count(
            strings in proptest::collection::vec("([{}x\\[\\]]|\\\\[\"\\\\/]){0,90}", 1..6), cut in 0..600usize,
        ) {
            let whole: String = strings.iter().map(|string| format!("[{{\"{string}\":[]}},")).collect();
            let whole = whole + "1" + &"]".repeat(strings.len());
            let text = format!("{whole}]}}\"");
            let mut scan = Scan::default();
            let first = scan.end(&text.as_bytes()[..cut.min(text.len())]);
            prop_assert_eq!(first, (cut >= whole.len()).then_some(whole.len()));
            prop_assert_eq!(first.or_else(|| scan.end(text.as_bytes())), Some(whole.len()));
        }
    }
}
