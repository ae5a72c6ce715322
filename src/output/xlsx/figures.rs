//! All figures of a report, a line each with what is said beside it: for pivot tables and formulas.

use super::cells;
use super::list::{self, Head};
use super::looks::{self, Looks};
use crate::output::{long, raw};
use crate::report::{Cell, Column, Report, Section, Unit};
use anyhow::Result;
use jiff::tz::TimeZone;
use rust_xlsxwriter::Worksheet;

/// What stands after the place of a figure.
const TEXTS: [&str; 2] = ["metric", "unit"];
const NUMBERS: [&str; 8] = ["value", "n", "previous", "low", "high", "change_low", "change_high", "goal"];
const LAST: [&str; 2] = ["unusual", "note"];

/// Write the sheet.
pub fn write(sheet: &mut Worksheet, report: &Report, looks: &Looks, zone: &TimeZone) -> Result<()> {
    let sections: Vec<&Section> = report.sections.iter().collect();
    let dimensions = long::dimensions(&sections);
    let lines: Vec<long::Line> = long::lines(&sections).collect();
    let places = long::PLACE.iter().chain(&dimensions).chain(&TEXTS);
    let mut heads: Vec<Head> = places.map(|name| Head { name, width: 20, is_figure: false }).collect();
    heads.extend(NUMBERS.iter().map(|name| Head { width: 14, ..Head::figures(name) }));
    heads.extend(LAST.iter().map(|name| Head { name, width: 12, is_figure: false }));
    list::head(sheet, &heads, lines.iter().map(|line| line.figures().count()).sum(), looks)?;
    let figures = lines.iter().flat_map(|line| line.figures().map(move |figure| (line, figure)));
    for (row, (line, (column, cell))) in (1..).zip(figures) {
        let mut place = line.place(column, &report.provenance.period, &dimensions);
        place.extend([column.id.clone(), raw::unit(column.unit).to_owned()]);
        for (at, text) in (0..).zip(&place) {
            cells::text(sheet, (row, at), text, &looks.name)?;
        }
        figure(sheet, (row, u16::try_from(place.len())?), (cell, column), looks, zone)?;
    }
    Ok(())
}

/// A figure from its value on.
fn figure(
    sheet: &mut Worksheet,
    (row, first): cells::At,
    (cell, column): (&Cell, &Column),
    looks: &Looks,
    zone: &TimeZone,
) -> Result<()> {
    cells::plain(sheet, (row, first), (cell, column), looks, zone)?;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let n = cell.n.map(|n| n as f64);
    let beside = [cell.previous, cell.low, cell.high, cell.change_low, cell.change_high, cell.goal];
    let values = std::iter::once((n, Unit::Count)).chain(beside.map(|value| (value, column.unit)));
    for (at, (value, unit)) in (first + 1..).zip(values) {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            let format = looks.number(looks::number_format(value, unit));
            cells::number(sheet, (row, at), (value, unit), zone, &format)?;
        }
    }
    let last = first + u16::try_from(NUMBERS.len())?;
    if cell.unusual().is_some() {
        sheet.write_boolean(row, last, true)?;
    }
    cell.note.iter().try_for_each(|note| cells::text(sheet, (row, last + 1), note, &looks.name))
}
