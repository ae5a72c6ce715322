//! The rows of a sheet → lines of CSV: line n is row n, and all rows are as wide as the widest above or near the top.
//!
//! Excel leaves empty rows and cells out of its files; here they are empty lines and cells. What a cell says is in
//! `shown.rs`. Rows are told by their cells, whatever the sheet says its dimensions are.

use super::super::instant::three_numbers;
use super::super::trouble::Trouble;
use super::shown::{LONG, Look, shown};
use super::{Told, damaged, too_much};
use crate::notice::{Notice, count};
use calamine::{DataRef, Xlsx, XlsxError};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::utility::column_number_to_name;
use std::io::{self, Write};

/// So many rows show what a sheet is, or so many bytes.
const TOP: usize = 200;
const NEAR: usize = 1 << 18;
/// A sheet has no more.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;
/// Beyond so many bytes of text a sheet is refused, and a row: texts are shared, and may stand in every cell.
const LONGEST: u64 = 1 << 31;
const LONGEST_ROW: usize = 1 << 24;

/// Why a sheet does not become text.
pub enum Halt {
    Broken(String),
    TooLong,
}

impl Halt {
    /// In the words of the tool.
    pub fn said(self, file: &str) -> Trouble {
        match self {
            Self::Broken(why) => damaged(file, &why),
            Self::TooLong => too_much(file),
        }
    }
}

impl From<XlsxError> for Halt {
    fn from(error: XlsxError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

/// What cells showed that nobody sees in the text.
#[derive(Debug, Default)]
pub struct Met {
    /// Cells with an error.
    errors: usize,
    /// Numbers with more digits than are kept.
    long: usize,
    /// How many cells the widest row has.
    width: usize,
    /// By column: what its dates are.
    dates: Vec<Dates>,
}

/// What the dates of a column are.
#[derive(Debug, Clone, Copy, Default)]
struct Dates {
    cells: bool,
    texts: bool,
}

impl Met {
    fn cell(&mut self, column: usize, value: &DataRef) {
        let (is_date, is_text) =
            (matches!(value, DataRef::DateTime(held) if held.is_datetime()), is_date_in_text(value));
        if is_date || is_text {
            if self.dates.len() <= column {
                self.dates.resize(column + 1, Dates::default());
            }
            self.dates[column].cells |= is_date;
            self.dates[column].texts |= is_text;
        }
        match value {
            DataRef::Error(_) => self.errors += 1,
            DataRef::Float(number) if number.fract() == 0.0 && number.abs() >= LONG => self.long += 1,
            _ => {}
        }
    }

    /// What is said of it.
    pub fn notices(&self, file: &str) -> Vec<Notice> {
        let errors = || {
            let cells = count(self.errors, "cell");
            let (hold, be) = if self.errors == 1 { ("holds an error", "counts") } else { ("hold errors", "count") };
            Notice::note(format!("{cells} of `{file}` {hold} such as #N/A or #REF! and {be} as empty"))
        };
        let long = || {
            let numbers = count(self.long, "number");
            let text = format!("{numbers} in `{file}` with more than 15 digits, which is all that Excel keeps");
            Notice::warning(text).hint("if they are ids they may be wrong: export as CSV, or with such columns as text")
        };
        let mixed = |column: u16| {
            let column = column_number_to_name(column);
            let text = format!(
                "of the dates in column {column} of `{file}` some are text: a spreadsheet may have taken the day for the month in the others"
            );
            Notice::warning(text).hint("export again, and read the export as it comes, without opening and saving it")
        };
        let errors = (self.errors > 0).then(errors);
        let mixed = (0..).zip(&self.dates).filter(|(_, dates)| dates.cells && dates.texts).map(|(nth, _)| mixed(nth));
        errors.into_iter().chain((self.long > 0).then(long)).chain(mixed).collect()
    }
}

/// Whether a text is a date such as `25/04/2026`, which a spreadsheet in another country did not take for one.
fn is_date_in_text(value: &DataRef) -> bool {
    let text = match value {
        DataRef::String(text) => text.as_str(),
        DataRef::SharedString(text) => text,
        _ => return false,
    };
    three_numbers(text).is_some_and(|(_, _, _, separator, rest)| separator == '/' && !rest.contains('/'))
}

/// The beginning of a sheet.
pub fn top(book: &mut Xlsx<Told>, name: &str) -> Result<Vec<u8>, Halt> {
    let mut top = Vec::new();
    write(book, name, true, 0, &mut top)?;
    top.truncate(NEAR);
    Ok(top)
}

/// A whole sheet, packed. Excel leaves cells without a text out at the end of rows; where columns have no name, the
/// header has them all the same.
pub fn packed(book: &mut Xlsx<Told>, name: &str) -> Result<(Vec<u8>, Met), Halt> {
    let width = write(book, name, true, 0, &mut io::sink())?.width;
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    let met = write(book, name, false, width, &mut packer)?;
    Ok((packer.finish()?, met))
}

/// Write the rows of a sheet, all or those at the top, as wide as this at least.
fn write(book: &mut Xlsx<Told>, name: &str, top: bool, width: usize, out: &mut dyn Write) -> Result<Met, Halt> {
    let from_1904 = book.has_1904_epoch();
    let mut cells = book.worksheet_cells_reader(name)?;
    let looks: Vec<Look> = cells.styles().iter().map(Look::of).collect();
    let (mut lines, mut met) = (Lines::new(out, width), Met::default());
    while !top || (lines.filled < TOP && lines.written < NEAR as u64) {
        let Some((cell, style)) = cells.next_cell_with_style_id()? else { break };
        met.cell(cell.get_position().1 as usize, cell.get_value());
        let text = shown(cell.get_value(), looks.get(style).copied().unwrap_or(Look::Plain), from_1904);
        lines.put(cell.get_position(), &text)?;
    }
    lines.end()?;
    Ok(Met { width: lines.width, ..met })
}

/// Rows on their way.
struct Lines<'o> {
    out: &'o mut dyn Write,
    /// The row at hand, and its cells.
    row: u32,
    cells: Vec<String>,
    held: usize,
    /// How many rows have had cells, and how many the widest of them.
    filled: usize,
    width: usize,
    line: Vec<u8>,
    written: u64,
}

impl<'o> Lines<'o> {
    fn new(out: &'o mut dyn Write, width: usize) -> Self {
        Self { out, row: 0, cells: Vec::new(), held: 0, filled: 0, width, line: Vec::new(), written: 0 }
    }

    /// Put a text into a cell.
    fn put(&mut self, (row, column): (u32, u32), text: &str) -> Result<(), Halt> {
        if text.is_empty() {
            return Ok(());
        }
        if row >= ROWS || column >= COLUMNS {
            return Err(Halt::Broken("a cell lies where no sheet has any".to_owned()));
        }
        if row < self.row {
            return Err(Halt::Broken("its rows are out of order".to_owned()));
        }
        while self.row < row {
            self.end()?;
            self.row += 1;
        }
        self.held += text.len();
        if self.held > LONGEST_ROW {
            return Err(Halt::TooLong);
        }
        let column = column as usize;
        if self.cells.len() <= column {
            self.cells.resize_with(column + 1, String::new);
        }
        if !self.cells[column].is_empty() {
            return Err(Halt::Broken("a cell stands in it twice".to_owned()));
        }
        text.clone_into(&mut self.cells[column]);
        Ok(())
    }

    /// The row is whole.
    fn end(&mut self) -> Result<(), Halt> {
        self.line.clear();
        if !self.cells.is_empty() {
            self.filled += 1;
            self.width = self.width.max(self.cells.len());
            self.cells.resize_with(self.width, String::new);
            for (nth, cell) in self.cells.iter_mut().enumerate() {
                self.line.extend((nth > 0).then_some(b','));
                quote(cell, &mut self.line);
                cell.clear();
            }
            self.cells.clear();
            self.held = 0;
        }
        self.line.push(b'\n');
        self.written += self.line.len() as u64;
        self.out.write_all(&self.line)?;
        if self.written > LONGEST { Err(Halt::TooLong) } else { Ok(()) }
    }
}

/// A cell as CSV has it.
fn quote(cell: &str, line: &mut Vec<u8>) {
    if !cell.contains([',', '"', '\r', '\n']) {
        return line.extend_from_slice(cell.as_bytes());
    }
    line.push(b'"');
    line.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
    line.push(b'"');
}
