//! Lists: a header that stays and filters, and a line a row. Of `table` and lists, figures, definitions and rows.

use super::cells;
use super::fits;
use super::looks::{self, Looks};
use crate::output::terminal::line;
use crate::report::{Column, Row, Table, Unit};
use anyhow::Result;
use jiff::tz::TimeZone;
use rust_xlsxwriter::Worksheet;

const WIDTH: (usize, usize) = (9, 60);
/// What a figure takes at most: an instant, or a long count with its button.
const FIGURE: usize = 17;
const BUTTON: usize = 3;
/// The height of a line of text, and how many a row shows.
const LINE: f64 = 15.0;
const MOST_LINES: usize = 25;

/// The head of a column.
pub struct Head<'a> {
    pub name: &'a str,
    pub width: usize,
    /// Figures stand at the right.
    pub is_figure: bool,
}

impl<'a> Head<'a> {
    /// Of texts, as wide as the longest of them, within reason.
    pub fn texts<'t>(name: &'a str, texts: impl Iterator<Item = &'t str>) -> Self {
        let longest = texts.map(|text| text.lines().map(line::width).max().unwrap_or(0)).max().unwrap_or(0);
        let width = longest.max(line::width(name) + BUTTON).clamp(WIDTH.0, WIDTH.1);
        Self { name, width, is_figure: false }
    }

    pub fn figures(name: &'a str) -> Self {
        Self { name, width: (line::width(name) + BUTTON).max(FIGURE), is_figure: true }
    }
}

/// Write the header of so many rows, in the first row.
#[expect(clippy::cast_precision_loss, reason = "a few characters")]
pub fn head(sheet: &mut Worksheet, heads: &[Head], rows: usize, looks: &Looks) -> Result<()> {
    fits(rows)?;
    for (at, head) in (0..).zip(heads) {
        let format = if head.is_figure { &looks.head_right } else { &looks.head };
        cells::text(sheet, (0, at), head.name, format)?;
        sheet.set_column_width(at, head.width as f64)?;
    }
    let last = u16::try_from(heads.len().saturating_sub(1))?;
    sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?.autofilter(0, 0, u32::try_from(rows)?, last)?;
    looks::printed(sheet);
    Ok(())
}

/// A table by itself: a column an id, a line a row; its total stands apart, for it is no row.
pub fn table<'t>(sheet: &mut Worksheet, table: &'t Table, looks: &Looks, zone: &TimeZone) -> Result<()> {
    let of_column = |(at, column): (usize, &'t Column)| match column.unit {
        Unit::Text => Head::texts(&column.id, table.rows.iter().map(|row| row.cells[at].value.as_text())),
        _ => Head::figures(&column.id),
    };
    let heads: Vec<Head> = table.columns.iter().enumerate().map(of_column).collect();
    head(sheet, &heads, table.rows.len(), looks)?;
    let total = table.total.iter().map(|total| (table.rows.len() + 2, total));
    for (at, row) in (1..).zip(&table.rows).chain(total) {
        let (at, texts) = (u32::try_from(at)?, row.cells.iter().map(|cell| cell.value.as_text()));
        fit_height(sheet, at, texts.zip(heads.iter().map(|head| head.width)))?;
        line(sheet, at, (table, row), looks, zone)?;
    }
    if table.total.is_some() && table.dimensions() > 0 {
        cells::text(sheet, (u32::try_from(table.rows.len())? + 2, 0), "all", &looks.name)?;
    }
    Ok(())
}

/// Make a row as high as its longest text takes in its column.
#[expect(clippy::cast_precision_loss, reason = "a few lines")]
pub fn fit_height<'t>(sheet: &mut Worksheet, row: u32, texts: impl Iterator<Item = (&'t str, usize)>) -> Result<()> {
    let lines = |(text, width): (&str, usize)| text.lines().map(|part| line::wrap(part, width).len()).sum::<usize>();
    match texts.map(lines).max().unwrap_or(1).min(MOST_LINES) {
        0 | 1 => {}
        lines => drop(sheet.set_row_height(row, LINE * lines as f64)?),
    }
    Ok(())
}

fn line(sheet: &mut Worksheet, at: u32, (table, row): (&Table, &Row), looks: &Looks, zone: &TimeZone) -> Result<()> {
    for (column, held) in (0..).zip(row.cells.iter().zip(&table.columns)) {
        cells::plain(sheet, (at, column), held, looks, zone)?;
    }
    Ok(())
}
