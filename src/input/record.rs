//! One record of an export on its way from the reader to the columns: cells by position, and where it stood.
//!
//! CSV and JSON readers make these; rules read them. What a cell means is not known here.

use csv::StringRecord;
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
    Row(&'r StringRecord),
    /// Values of JSON paths, in the order in which the header knows them.
    Values(&'r [String]),
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
    pub fn cell(&self, position: usize) -> &'r str {
        let cell = match self.cells {
            Cells::Row(row) => row.get(position),
            Cells::Values(values) => values.get(position).map(String::as_str),
        };
        cell.unwrap_or_default().trim()
    }

    /// Whether there is nothing in any cell.
    pub fn is_empty(&self) -> bool {
        match self.cells {
            Cells::Row(row) => row.iter().all(|cell| cell.trim().is_empty()),
            Cells::Values(values) => values.iter().all(String::is_empty),
        }
    }
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
    /// From the beginning of a text. Old Macintosh files end their lines with a carriage return.
    pub fn new(text: &'t str) -> Self {
        let end = if text.contains('\r') && !text.contains('\n') { b'\r' } else { b'\n' };
        Self { text: text.as_bytes(), at: 0, line: 1, end }
    }

    /// The line of a byte at or after the last one asked for.
    pub fn at(&mut self, byte: usize) -> u64 {
        let byte = byte.min(self.text.len());
        if byte > self.at {
            #[expect(clippy::naive_bytecount, reason = "records are short: a faster count is not worth a crate")]
            let lines = self.text[self.at..byte].iter().filter(|b| **b == self.end).count() as u64;
            self.line += lines;
            self.at = byte;
        }
        self.line
    }

    /// The byte that ends lines.
    pub fn end(&self) -> u8 {
        self.end
    }

    /// Where the line after this byte begins.
    pub fn next_line(&self, byte: usize) -> usize {
        let rest = self.text.get(byte..).unwrap_or_default();
        rest.iter().position(|b| *b == self.end).map_or(self.text.len(), |i| byte + i + 1)
    }
}
