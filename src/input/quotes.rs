//! Whether the quotes of a CSV row are in order, told before the row is read.
//!
//! A quote that is opened and never closed would swallow all rows up to the next quote, or the whole file.
//! What is looked at ends there, so that a file of nothing but such rows takes no longer than another.

use std::ops::RangeInclusive;

/// A row over more lines than this must be as wide as the header.
const MOST_LINES: usize = 1_000;

/// Where the row at the beginning of a text ends, if its quotes are in order: by the rules of the `csv` crate,
/// where quotes open at a cell's beginning only and two of them are one. A quote that closes on a later line in
/// the middle of a cell was never meant to close there: it is the next row's.
pub fn row_end(text: &[u8], delimiter: u8, line_end: u8, width: &RangeInclusive<usize>) -> Option<usize> {
    let (mut at, mut lines, mut cells) = (0, 0, 1);
    loop {
        if text.get(at) == Some(&b'"') {
            let closing = closing(text, at + 1)?;
            let inside = text[at..closing].iter().filter(|byte| **byte == line_end).count();
            if inside > 0 && !ends_cell(&text[closing + 1..], delimiter) {
                return None;
            }
            lines += inside;
            at = closing + 1;
        }
        let cell_end = |byte: &u8| *byte == delimiter || is_line_end(*byte);
        at = text[at..].iter().position(cell_end).map_or(text.len(), |ahead| at + ahead);
        if text.get(at) != Some(&delimiter) {
            return (lines <= MOST_LINES || width.contains(&cells)).then_some(at);
        }
        (at, cells) = (at + 1, cells + 1);
        if lines > MOST_LINES && cells > *width.end() {
            return None;
        }
    }
}

/// Where the quote is that closes a cell.
fn closing(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let quote = from + text[from..].iter().position(|byte| *byte == b'"')?;
        if text.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        from = quote + 2;
    }
}

/// Whether nothing but space stands before the next delimiter or line end.
fn ends_cell(rest: &[u8], delimiter: u8) -> bool {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t') && byte != delimiter;
    rest.iter().find(|byte| !is_space(**byte)).is_none_or(|byte| *byte == delimiter || is_line_end(*byte))
}

/// Whether a byte ends a line; of two of them the second ends an empty one.
pub const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(text: &str) -> bool {
        row_end(text.as_bytes(), b',', b'\n', &(2..=2)).is_some()
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
