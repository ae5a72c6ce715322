//! Whether the quotes of a CSV row are in order, told before the row is read.
//!
//! A quote that is opened and never closed would swallow all rows up to the next quote, or the whole file.
//! What is looked at ends there, so that a file of nothing but such rows takes no longer than another.

use memchr::{memchr, memchr_iter, memchr3};
use std::ops::RangeInclusive;

/// A row over more lines than this must be as wide as the header.
const MOST_LINES: usize = 1_000;
/// A quote that is not closed within so many bytes is not closed: what is looked at must fit in memory.
const LONGEST: usize = 1 << 24;

/// Where the row at the beginning of a text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    At(usize),
    /// A quote is opened and never closed, or only where it was never meant to.
    Unclosed,
    /// The text at hand ends before that can be told.
    Beyond,
}

/// What rows of a file look like.
#[derive(Debug, Clone)]
pub struct Habits {
    pub delimiter: u8,
    pub line_end: u8,
    /// How many cells a full row has.
    pub width: RangeInclusive<usize>,
}

/// Where the row at the beginning of a text ends, if its quotes are in order: by the rules of the `csv` crate,
/// where quotes open at a cell's beginning only and two of them are one. A quote that closes on a later line in
/// the middle of a cell was never meant to close there: it is the next row's. `last`: nothing follows the text.
pub fn row_end(text: &[u8], habits: &Habits, last: bool) -> End {
    let (delimiter, width) = (habits.delimiter, &habits.width);
    let beyond = |end: End| if last { end } else { End::Beyond };
    let (mut at, mut lines, mut cells) = (0, 0, 1);
    loop {
        if text.get(at) == Some(&b'"') {
            let near = &text[..text.len().min(at + LONGEST)];
            let Some(closing) = closing(near, at + 1) else {
                return if near.len() < text.len() { End::Unclosed } else { beyond(End::Unclosed) };
            };
            // Whether it closes may be the next byte's to say.
            if closing + 1 == text.len() && !last {
                return End::Beyond;
            }
            let inside = memchr_iter(habits.line_end, &text[at..closing]).count();
            if inside > 0 {
                match ends_cell(&text[closing + 1..], delimiter) {
                    Some(true) => {}
                    Some(false) => return End::Unclosed,
                    None if last => {}
                    None => return End::Beyond,
                }
            }
            lines += inside;
            at = closing + 1;
        }
        let Some(ahead) = memchr3(delimiter, b'\r', b'\n', &text[at..]) else {
            at = text.len();
            let sound = lines <= MOST_LINES || width.contains(&cells);
            return beyond(if sound { End::At(at) } else { End::Unclosed });
        };
        at += ahead;
        if text[at] != delimiter {
            return if lines <= MOST_LINES || width.contains(&cells) { End::At(at) } else { End::Unclosed };
        }
        (at, cells) = (at + 1, cells + 1);
        if lines > MOST_LINES && cells > *width.end() {
            return End::Unclosed;
        }
    }
}

/// Where the quote is that closes a cell.
pub fn closing(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let quote = from + memchr(b'"', &text[from..])?;
        if text.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        from = quote + 2;
    }
}

/// Whether nothing but space stands before the next delimiter or line end; `None` where the text ends before.
fn ends_cell(rest: &[u8], delimiter: u8) -> Option<bool> {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t') && byte != delimiter;
    rest.iter().find(|byte| !is_space(**byte)).map(|byte| *byte == delimiter || is_line_end(*byte))
}

/// Whether a byte ends a line; of two of them the second ends an empty one.
pub const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(text: &str) -> bool {
        let habits = Habits { delimiter: b',', line_end: b'\n', width: 2..=2 };
        matches!(row_end(text.as_bytes(), &habits, true), End::At(_))
    }

    #[test]
    fn what_cannot_be_told_yet_is_not_guessed() {
        let habits = Habits { delimiter: b',', line_end: b'\n', width: 2..=2 };
        let whole = b"1,\"a\"\"b\nc\" \n2,x\n";
        for end in 0..=10 {
            assert_eq!(row_end(&whole[..end], &habits, false), End::Beyond, "{end}");
        }
        assert_eq!(row_end(&whole[..12], &habits, false), End::At(11));
        assert_eq!(row_end(whole, &habits, false), End::At(11));
    }

    #[test]
    fn quotes_that_close_are_sound() {
        for text in
            ["1,x\n\"", "1,\"x\"", "1,\"\"\n", "1,\"a\nb\"\r\n", "1,\"a\"\"\nb\" ,\n", "19\" x,y\n", "1,\"19\" x\n"]
        {
            assert!(sound(text), "{text}");
        }
    }

    #[test]
    fn quotes_that_close_nowhere_or_in_another_cell_are_not() {
        for text in ["1,\"x", "1,\"x\"\"\n", "1,\"x\n2,\"y\"\n", "1,\"x\n2,y,\"z\"\n", "1,\"x\n2,19\" y\n"] {
            assert!(!sound(text), "{text}");
        }
    }

    #[test]
    fn a_very_long_row_is_as_wide_as_the_header() {
        let lines = "line\n".repeat(2_000);
        assert!(sound(&format!("1,\"{lines}\"\n")) && sound(&format!("1,\"{lines}\"")));
        assert!(!sound(&format!("1,\"{lines}\",3\n")) && !sound(&format!("\"{lines}\"\n")));
    }
}
