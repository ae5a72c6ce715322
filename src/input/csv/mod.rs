//! CSV text → records with physical line numbers.
//!
//! A text is read as a stretch of its file: it begins with a row, and where it ends before the file does, so
//! may its last row. This file knows what real exports do to CSV: rows of another width, footers, headers in the
//! middle. Marks are found in `marks.rs`, cells held in `row.rs`, quotes that are astray told in `quotes.rs`; where
//! the header is and which delimiter there is, in `layout.rs`.

pub mod layout;
mod marks;
mod quotes;
pub mod row;
#[cfg(test)]
mod tests;
pub mod unheaded;

use super::header::Header;
use super::record::{Cells, Each, Event, Record};
use csv::{Reader, ReaderBuilder};
use layout::Layout;
use marks::Marks;
use memchr::{memchr, memchr_iter};
use quotes::{End, Habits, is_line_end, row_end};
use row::Row;

/// Part of a file, beginning with a row.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'t> {
    pub text: &'t str,
    /// The line of its first byte.
    pub line: u64,
    /// Nothing follows it in the file.
    pub last: bool,
    /// The table has ended before: what comes now are footers.
    pub ended: bool,
}

/// Where reading a stretch stopped, and what is known there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The first byte not read.
    pub byte: usize,
    pub line: u64,
    pub ended: bool,
}

/// What the rows of a file are read by.
#[derive(Debug, Clone)]
pub struct Rules<'p> {
    pub header: &'p Header,
    pub habits: Habits,
    pub footers: &'p [String],
}

impl<'p> Rules<'p> {
    /// The rows below a header, in a file whose lines end with this byte.
    pub fn new(layout: &'p Layout, footers: &'p [String], line_end: u8) -> Self {
        let header = &layout.header;
        let width = header.width()..=header.names().len();
        Self { header, habits: Habits { delimiter: layout.delimiter, line_end, width }, footers }
    }

    fn is_footer(&self, first: &str, raw: &str) -> bool {
        self.footers.iter().any(|footer| first.starts_with(footer.as_str()) || raw.starts_with(footer.as_str()))
    }

    /// Why a row does not fit the header; empty cells too many, and rows without any text, are nobody's fault.
    fn misfit(&self, row: &Row) -> Option<String> {
        let (least, headers) = (*self.habits.width.start(), *self.habits.width.end());
        let empty_from = |from: usize| (from..row.len()).all(|nth| row.get(nth).is_none_or(|c| c.trim().is_empty()));
        let fits = (row.len() >= least && empty_from(headers)) || empty_from(0);
        let whole = || match self.header.is_given() {
            true => format!("a whole one has {least} to {headers}"),
            false => format!("the header has {headers}"),
        };
        (!fits).then(|| format!("row has {}, {}", crate::notice::count(row.len(), "cell"), whole()))
    }
}

/// Go through the rows of a stretch.
pub fn read(stretch: Stretch, rules: &Rules, each: &mut Each) -> Stop {
    let mut rows = Rows::new(stretch, &rules.habits);
    let mut row = Row::new(stretch.text);
    let mut ended = stretch.ended;
    while let Some(span) = rows.next(&mut row) {
        let raw = &stretch.text[span.from..span.to];
        let first = row.get(0).unwrap_or_default().trim();
        // The header once more begins the next table.
        let begins = rules.header.is_repeated(&row);
        ended = !begins && (ended || rules.is_footer(first, raw));
        let event = if ended || begins {
            Event::Skipped { raw }
        } else if span.unclosed {
            Event::Broken { line: span.line, raw, reason: "a quote opened here is never closed".to_owned() }
        } else if let Some(reason) = rules.misfit(&row) {
            Event::Broken { line: span.line, raw, reason }
        } else {
            Event::Record(Record { line: span.line, raw, cells: Cells::Row(&row) })
        };
        if each(event).is_break() {
            break;
        }
    }
    Stop { byte: rows.at, line: rows.line, ended }
}

/// A row's place in the text.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: usize,
    to: usize,
    line: u64,
    unclosed: bool,
}

/// The rows of a stretch, one after the other.
struct Rows<'t, 'h> {
    text: &'t [u8],
    last: bool,
    habits: &'h Habits,
    marks: Marks<'t>,
    /// Where the next row is looked for, and the line of that byte.
    at: usize,
    line: u64,
}

impl<'t, 'h> Rows<'t, 'h> {
    fn new(stretch: Stretch<'t>, habits: &'h Habits) -> Self {
        let text = stretch.text.as_bytes();
        let marks = Marks::new(text, habits.delimiter);
        Self { text, last: stretch.last, habits, marks, at: 0, line: stretch.line }
    }

    /// The next row; `None` at the end of the text, and where the last row's end is not in it.
    fn next(&mut self, row: &mut Row) -> Option<Span> {
        self.pass_line_ends();
        let from = self.at;
        if from == self.text.len() {
            return None;
        }
        row.clear();
        let mut cell = from;
        loop {
            self.marks.delimiters(|mark| {
                row.push(cell, mark);
                cell = mark + 1;
            });
            let Some(mark) = self.marks.next() else { break };
            if self.text[mark] != b'"' {
                row.push(cell, mark);
                return Some(self.passed(from, mark));
            }
            if mark == cell {
                let Some(end) = self.simply_quoted(mark) else { return self.quoted(row) };
                row.push(mark + 1, end - 1);
                if self.text[end] != self.habits.delimiter {
                    return Some(self.passed(from, end));
                }
                cell = end + 1;
            }
        }
        row.push(cell, self.text.len());
        self.last.then(|| self.passed(from, self.text.len()))
    }

    /// Where a cell ends that is quoted, on one line and with no quote in it; that mark is passed.
    fn simply_quoted(&mut self, opened: usize) -> Option<usize> {
        let closed = self.marks.by_ref().find(|&mark| self.text[mark] != self.habits.delimiter)?;
        let follows = self.marks.peek().filter(|&mark| mark == closed + 1 && self.text[mark] != b'"')?;
        (self.text[closed] == b'"' && closed > opened).then(|| self.marks.next())?;
        Some(follows)
    }

    /// Blank lines belong to no row.
    fn pass_line_ends(&mut self) {
        while self.text.get(self.at).is_some_and(|byte| is_line_end(*byte)) {
            self.line += u64::from(self.text[self.at] == self.habits.line_end);
            self.at += 1;
            self.marks.next();
        }
    }

    /// A row that ends before a mark, or with the text.
    fn passed(&mut self, from: usize, to: usize) -> Span {
        let span = Span { from, to, line: self.line, unclosed: false };
        self.line += u64::from(self.text.get(to) == Some(&self.habits.line_end));
        self.at = self.text.len().min(to + 1);
        span
    }

    /// The row at hand, in which some cell begins with a quote.
    fn quoted(&mut self, row: &mut Row) -> Option<Span> {
        let from = self.at;
        match row_end(&self.text[from..], self.habits, self.last) {
            End::At(length) => {
                let to = from + length;
                row.split(from, to, self.habits.delimiter);
                let inside = memchr_iter(self.habits.line_end, &self.text[from..to]).count();
                let span = self.passed(from, to);
                self.line += inside as u64;
                self.marks.seek(self.at);
                Some(span)
            }
            // Only the line with the quote is lost; reading goes on below it.
            End::Unclosed => {
                let end = memchr(self.habits.line_end, &self.text[from..]).map(|ahead| from + ahead);
                let to = end.or_else(|| self.last.then_some(self.text.len()))?;
                row.clear();
                let span = self.passed(from, to);
                self.marks.seek(self.at);
                let to = (from..to).rev().find(|&i| !is_line_end(self.text[i])).map_or(from, |i| i + 1);
                Some(Span { to, unclosed: true, ..span })
            }
            End::Beyond => None,
        }
    }
}

/// The crate's reader as headers need it.
pub fn reader(bytes: &[u8], delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes)
}
