//! CSV text → records with physical line numbers.
//!
//! Splitting at delimiters and quotes is the `csv` crate's; this file knows what real exports do to it:
//! rows of another width, footers, headers in the middle, and a quote that is opened and never closed, which must not swallow the
//! rest of the file. Where the header is and which delimiter there is, is found in `layout.rs`.

use super::layout::Layout;
use super::record::{Cells, Each, Event, Lines, Record};
use csv::{Reader, ReaderBuilder, StringRecord};

/// A record over more lines than this is a quote gone wrong.
const MOST_LINES: u64 = 1_000;

/// Go through the rows below the header.
pub fn read(text: &str, layout: &Layout, footers: &[String], each: &mut Each) {
    let (headers, width) = (layout.header.names().len(), layout.header.width());
    let mut rows = Rows::new(text, layout);
    let mut ended = false;
    let mut row = StringRecord::new();
    while let Some(span) = rows.next(&mut row) {
        let raw = &text[span.from..span.to];
        let first = row.get(0).unwrap_or_default().trim();
        ended = ended
            || footers.iter().any(|footer| first.starts_with(footer.as_str()) || raw.starts_with(footer.as_str()));
        let event = if ended || layout.header.is_repeated(&row) {
            Event::Skipped { raw }
        } else if span.unclosed {
            Event::Broken { line: span.line, raw, reason: "a quote opened here is never closed".to_owned() }
        } else if let Some(reason) = misfit(&row, headers, width) {
            Event::Broken { line: span.line, raw, reason }
        } else {
            Event::Record(Record { line: span.line, raw, cells: Cells::Row(&row) })
        };
        if each(event).is_break() {
            return;
        }
    }
}

/// Why a row does not fit the header; empty cells too many, and rows without any text, are nobody's fault.
fn misfit(row: &StringRecord, headers: usize, width: usize) -> Option<String> {
    let empty_from = |from: usize| row.iter().skip(from).all(|cell| cell.trim().is_empty());
    let fits = (row.len() >= width && empty_from(headers)) || empty_from(0);
    (!fits).then(|| format!("row has {}, the header has {headers}", crate::notice::count(row.len(), "cell")))
}

/// A row's place in the text.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: usize,
    to: usize,
    line: u64,
    unclosed: bool,
}

/// The rows one after the other.
struct Rows<'t> {
    text: &'t str,
    delimiter: u8,
    reader: Reader<&'t [u8]>,
    /// Where the reader began.
    base: usize,
    lines: Lines<'t>,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str, layout: &Layout) -> Self {
        let base = layout.body.min(text.len());
        let reader = reader(&text.as_bytes()[base..], layout.delimiter);
        Self { text, delimiter: layout.delimiter, reader, base, lines: Lines::new(text) }
    }

    fn next(&mut self, row: &mut StringRecord) -> Option<Span> {
        let before = self.position();
        // The text is UTF-8 and the delimiter ASCII, so this cannot fail; if it did, the row would be the last.
        if !self.reader.read_record(row).unwrap_or(false) {
            return None;
        }
        let bytes = self.text.as_bytes();
        let is_end = |byte: u8| matches!(byte, b'\r' | b'\n');
        let end = self.position();
        // Blank lines before the row belong to no row.
        let from = (before..end).find(|&i| !is_end(bytes[i])).unwrap_or(end);
        let to = (from..end).rev().find(|&i| !is_end(bytes[i])).map_or(from, |i| i + 1);
        let line = self.lines.at(from);
        let last = self.lines.at(to);
        let unclosed =
            last - line > MOST_LINES || (end == bytes.len() && ends_in_quotes(&bytes[from..], self.delimiter));
        if !unclosed {
            return Some(Span { from, to, line, unclosed });
        }
        // Only the line with the quote is lost; reading goes on below it.
        let next = self.lines.next_line(from);
        self.lines.back_to(from, line);
        self.base = next;
        self.reader = reader(&bytes[next..], self.delimiter);
        let to = (from..next).rev().find(|&i| !is_end(bytes[i])).map_or(from, |i| i + 1);
        Some(Span { from, to, line, unclosed })
    }

    #[expect(clippy::cast_possible_truncation, reason = "an offset into a text in memory")]
    fn position(&self) -> usize {
        (self.base + self.reader.position().byte() as usize).min(self.text.len())
    }
}

/// The crate's reader as exports need it.
pub fn reader(bytes: &[u8], delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes)
}

/// Whether a row ends between quotes, by the rules of the `csv` crate: quotes open at a cell's beginning
/// only, and two of them are one.
fn ends_in_quotes(row: &[u8], delimiter: u8) -> bool {
    let (mut quoted, mut cell_begins) = (false, true);
    let mut bytes = row.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if quoted {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                quoted = false;
            }
        } else {
            quoted = cell_begins && byte == b'"';
            cell_begins = byte == delimiter;
        }
    }
    quoted
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
