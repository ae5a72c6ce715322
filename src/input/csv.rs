//! CSV text → records with physical line numbers.
//!
//! Splitting at delimiters and quotes is the `csv` crate's; this file knows what real exports do to it: rows
//! of another width, footers, headers in the middle. Which quotes are astray is told in `quotes.rs`, where the
//! header is and which delimiter there is in `layout.rs`.

use super::layout::Layout;
use super::quotes::{self, is_line_end};
use super::record::{Cells, Each, Event, Lines, Record};
use csv::{Reader, ReaderBuilder, StringRecord};
use std::ops::RangeInclusive;

/// Go through the rows below the header.
pub fn read(text: &str, layout: &Layout, footers: &[String], each: &mut Each) {
    let (headers, width) = (layout.header.names().len(), layout.header.width());
    let mut rows = Rows::new(text, layout);
    let mut ended = false;
    let mut row = StringRecord::new();
    while let Some(span) = rows.next(&mut row) {
        let raw = &text[span.from..span.to];
        let first = row.get(0).unwrap_or_default().trim();
        // The header once more begins the next table.
        let begins = layout.header.is_repeated(&row);
        let is_footer = |footer: &String| first.starts_with(footer.as_str()) || raw.starts_with(footer.as_str());
        ended = !begins && (ended || footers.iter().any(is_footer));
        let event = if ended || begins {
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
    /// How many cells a full row has.
    width: RangeInclusive<usize>,
    reader: Reader<&'t [u8]>,
    /// Where the reader began.
    base: usize,
    lines: Lines<'t>,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str, layout: &Layout) -> Self {
        let base = layout.body.min(text.len());
        let reader = reader(&text.as_bytes()[base..], layout.delimiter);
        let width = layout.header.width()..=layout.header.names().len();
        Self { text, delimiter: layout.delimiter, width, reader, base, lines: Lines::new(text) }
    }

    fn next(&mut self, row: &mut StringRecord) -> Option<Span> {
        let bytes = self.text.as_bytes();
        let before = self.position();
        // Blank lines before the row belong to no row.
        let from = before + bytes[before..].iter().position(|byte| !is_line_end(*byte))?;
        let line = self.lines.at(from);
        let below = self.lines.next_line(from);
        let quoted = bytes[from..below].contains(&b'"');
        let unclosed =
            quoted && quotes::row_end(&bytes[from..], self.delimiter, self.lines.end(), &self.width).is_none();
        let end = if unclosed {
            // Only the line with the quote is lost; reading goes on below it.
            row.clear();
            self.base = below;
            self.reader = reader(&bytes[below..], self.delimiter);
            below
        } else if self.reader.read_record(row).unwrap_or(false) {
            self.position()
        } else {
            // The text is UTF-8 and the delimiter ASCII, so this cannot be; if it were, the last row was the last.
            return None;
        };
        let to = (from..end).rev().find(|&i| !is_line_end(bytes[i])).map_or(from, |i| i + 1);
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

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
