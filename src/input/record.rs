//! One record of an export on its way from the reader to the columns: cells by position, and where it stood.
//!
//! CSV and JSON readers make these; rules read them. What a cell means is not known here.

use super::batch::Batch;
use super::csv::row::Row;
use memchr::{memchr, memchr_iter};
use std::ops::ControlFlow;

/// One record.
#[derive(Debug, Clone, Copy)]
pub struct Record<'r> {
    /// Physical line, from 1.
    pub line: u64,
    /// As it stands in the file.
    pub raw: &'r str,
    pub cells: Cells<'r>,
}

/// Where the cells are.
#[derive(Debug, Clone, Copy)]
pub enum Cells<'r> {
    Row(&'r Row<'r>),
    /// Values of JSON paths, in the order in which the header knows them.
    Values(&'r [String]),
    /// Of the n-th of several records.
    Kept(&'r Batch<'r>, usize),
}

/// What a reader comes upon.
#[derive(Debug)]
pub enum Event<'r> {
    Record(Record<'r>),
    /// No record and no fault: a footer, a row after one, the header once more.
    Skipped {
        raw: &'r str,
    },
    /// Not a record at all.
    Broken {
        line: u64,
        raw: &'r str,
        reason: String,
    },
}

/// What becomes of the events; `Break` ends the reading.
pub type Each<'e> = dyn FnMut(Event) -> ControlFlow<()> + 'e;

impl<'r> Event<'r> {
    /// The line at which it begins, where that is kept.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Record(record) => Some(record.line),
            Self::Broken { line, .. } => Some(*line),
            Self::Skipped { .. } => None,
        }
    }

    /// The text that it stands for.
    pub fn raw(&self) -> &'r str {
        match self {
            Self::Record(record) => record.raw,
            Self::Skipped { raw } | Self::Broken { raw, .. } => raw,
        }
    }
}

impl<'r> Record<'r> {
    /// A cell without outer space; empty where there is none.
    #[inline]
    pub fn cell(&self, position: usize) -> &'r str {
        let cell = match self.cells {
            Cells::Row(row) => row.get(position),
            Cells::Values(values) => values.get(position).map(String::as_str),
            Cells::Kept(batch, nth) => return batch.cell(nth, position),
        };
        trimmed(cell.unwrap_or_default())
    }

    /// Whether there is nothing in any cell.
    pub fn is_empty(&self) -> bool {
        match self.cells {
            Cells::Row(row) => row.iter().all(|cell| cell.trim().is_empty()),
            Cells::Values(values) => values.iter().all(String::is_empty),
            Cells::Kept(batch, nth) => batch.cells(nth).all(|cell| cell.trim().is_empty()),
        }
    }
}

/// Without outer space; most cells have none, which their ends tell.
#[inline]
pub fn trimmed(cell: &str) -> &str {
    let is_dense = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    let bytes = cell.as_bytes();
    if is_dense(bytes.first()) && is_dense(bytes.last()) { cell } else { cell.trim() }
}

/// The byte that ends the lines of a file, told by its top. Old Macintosh files have carriage returns only.
pub fn line_end(top: &[u8]) -> u8 {
    if memchr(b'\n', top).is_none() && memchr(b'\r', top).is_some() { b'\r' } else { b'\n' }
}

/// Counts lines up to where the reader stands.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
    end: u8,
}

impl<'t> Lines<'t> {
    /// From the beginning of a text.
    pub fn new(text: &'t str) -> Self {
        Self::from(text, 1, line_end(text.as_bytes()))
    }

    /// From a line of a file on, whose lines end with this byte.
    pub fn from(text: &'t str, line: u64, end: u8) -> Self {
        Self { text: text.as_bytes(), at: 0, line, end }
    }

    /// The line of a byte at or after the last one asked for.
    pub fn at(&mut self, byte: usize) -> u64 {
        let byte = byte.min(self.text.len());
        if byte > self.at {
            self.line += memchr_iter(self.end, &self.text[self.at..byte]).count() as u64;
            self.at = byte;
        }
        self.line
    }

    /// Where the line after this byte begins.
    pub fn next_line(&self, byte: usize) -> usize {
        let rest = self.text.get(byte..).unwrap_or_default();
        memchr(self.end, rest).map_or(self.text.len(), |i| byte + i + 1)
    }
}
