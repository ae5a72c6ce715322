//! Rows as one sheet: typed, with a header that stays and filters. Nothing of it is held in memory but a row.

use super::cells;
use super::list::{self, Head};
use super::looks::Looks;
use super::{book, fits, provenance, sheet};
use crate::columns::Kind;
use crate::output::{Style, words};
use crate::report::Unit;
use crate::report::sections::capital;
use crate::rows::{Cell, Column, Rows};
use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use rust_xlsxwriter::{Format, Worksheet};
use std::fs::File;
use std::io::{self, Write};
use tempfile::NamedTempFile;

/// Rows that tell how wide a column is.
const LOOKED_AT: usize = 200;

/// Write rows as a workbook.
pub fn write(rows: &Rows, _: &Style, out: &mut dyn Write) -> Result<()> {
    fits(rows.rows.len())?;
    let (zone, looks) = (words::zone(&rows.about), Looks::default());
    let mut book = book(&rows.about)?;
    fill(book.add_worksheet_with_constant_memory()?.set_name(capital(rows.name))?, rows, &looks, &zone)?;
    provenance::write(sheet(&mut book, "Provenance")?, &rows.about, &looks)?;
    let file = NamedTempFile::new().context("cannot make a temporary file")?;
    book.save(file.path())?;
    io::copy(&mut File::open(file.path())?, out)?;
    Ok(())
}

fn fill(sheet: &mut Worksheet, rows: &Rows, looks: &Looks, zone: &TimeZone) -> Result<()> {
    let heads: Vec<Head> = rows.columns.iter().map(|column| head(column, rows)).collect();
    list::head(sheet, &heads, rows.rows.len(), looks)?;
    let formats = Formats {
        text: looks.name.clone(),
        instant: looks.number("yyyy-mm-dd hh:mm:ss"),
        day: looks.number("yyyy-mm-dd"),
        duration: looks.number("[h]:mm:ss"),
        number: looks.number("General"),
    };
    for (at, &row) in (1..).zip(&rows.rows) {
        for (place, column) in (0..).zip(&rows.columns) {
            formats.cell(sheet, (at, place), column.cell(row), zone)?;
        }
    }
    Ok(())
}

/// How wide a column is, by its first rows.
fn head<'r>(column: &'r Column, rows: &'r Rows) -> Head<'r> {
    match column.kind {
        Kind::Word | Kind::Text => {
            let first = rows.rows.iter().take(LOOKED_AT).map(|&row| column.cell(row));
            let texts: Vec<String> = first
                .filter_map(|cell| if let Cell::Text(text) = cell { Some(text.into_owned()) } else { None })
                .collect();
            Head::texts(column.name, texts.iter().map(String::as_str))
        }
        Kind::Instant => Head { width: 20, ..Head::figures(column.name) },
        _ => Head { width: column.name.len() + 4, ..Head::figures(column.name) },
    }
}

struct Formats {
    text: Format,
    instant: Format,
    day: Format,
    duration: Format,
    number: Format,
}

impl Formats {
    #[expect(clippy::cast_precision_loss, reason = "instants are far below 2^52 ms")]
    fn cell(&self, sheet: &mut Worksheet, at: cells::At, cell: Cell, zone: &TimeZone) -> Result<()> {
        let (value, unit, zone, format) = match cell {
            Cell::Missing => return Ok(()),
            Cell::Text(text) => return cells::text(sheet, at, &text, &self.text),
            Cell::Flag(is) => {
                sheet.write_boolean(at.0, at.1, is)?;
                return Ok(());
            }
            Cell::Instant(instant) => (instant as f64, Unit::Instant, zone, &self.instant),
            Cell::Day(midnight) => (midnight as f64, Unit::Instant, &TimeZone::UTC, &self.day),
            Cell::Seconds(seconds) => (seconds, Unit::Seconds, zone, &self.duration),
            Cell::Count(n) => (f64::from(n), Unit::Count, zone, &self.number),
            Cell::Number(value) => (value, Unit::Number, zone, &self.number),
        };
        cells::number(sheet, at, (value, unit), zone, format)
    }
}
