//! The tables of a section's sheet, by their layout.
//!
//! A new layout is one function and one arm of `write`.

use super::cells;
use super::charts::{self, ROWS};
use super::looks::{self, Weight};
use super::section::{NAMES, Page};
use super::{waterfall as bars, weeks};
use crate::output::marks::{self, Mark, Tone};
use crate::output::matrix::Matrix;
use crate::output::{ledger, waterfall, words};
use crate::report::text;
use crate::report::{Cell, Column, Layout, Row, Table, Unit, Value};
use anyhow::Result;
use rust_xlsxwriter::{ConditionalFormat2ColorScale, ConditionalFormatType, FormatAlign};

const NO_MARK: Mark = ("", Tone::Plain);

/// Write a table and its charts.
pub fn write(page: &mut Page, table: &Table) -> Result<()> {
    match (table.layout, ledger::row(table)) {
        (_, None) if table.rows.is_empty() => return Ok(()),
        (Layout::Ledger, Some(row)) => metrics(page, table, row)?,
        (Layout::Heat | Layout::Steps, ..) => heat(page, table)?,
        _ => grid(page, table)?,
    }
    if let Some(way) = waterfall::way(table, &page.zone).filter(|_| table.layout == Layout::Waterfall) {
        bars::write(page, &way)?;
    }
    page.row += 1;
    page.sentences(&words::reasons(table), &page.looks.note)
}

/// What a line of a ledger says beside its figure.
type Beside = (&'static str, fn(&Cell) -> Option<f64>);
const BESIDE: [Beside; 6] = [
    (ledger::BEFORE, |cell| cell.previous),
    (ledger::AVERAGE, |cell| cell.average),
    (ledger::TARGET, |cell| cell.goal),
    (ledger::COUNTED, counted),
    ("95 % interval from", |cell| cell.low),
    ("to", |cell| cell.high),
];

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn counted(cell: &Cell) -> Option<f64> {
    cell.n.map(|n| n as f64)
}

/// What any metric has; the rest gets no column.
fn beside(row: &Row) -> Vec<&'static Beside> {
    BESIDE.iter().filter(|(_, of)| row.cells.iter().any(|cell| of(cell).is_some())).collect()
}

/// How many columns a table of one row takes, with its names.
pub fn ledger_columns(row: &Row) -> usize {
    2 + beside(row).len()
}

/// A line a metric: now, before, on average, target, n, interval, and room for a chart of the weeks before.
fn metrics(page: &mut Page, table: &Table, row: &Row) -> Result<()> {
    let (top, beside) = (page.row, beside(row));
    let mut heads = vec![ledger::heading(table).to_owned()];
    heads.extend(beside.iter().map(|(head, _)| (*head).to_owned()));
    page.heads(&[""], &heads)?;
    for (column, cell) in table.columns.iter().zip(&row.cells) {
        let name = if column.indent { page.looks.indented.clone() } else { page.looks.name.clone() };
        cells::text(page.sheet, (page.row, NAMES), &words::heading(page.report, column), &name)?;
        figure(page, NAMES + 1, (cell, column), Weight::Strong)?;
        for (at, (head, of)) in (NAMES + 2..).zip(&beside) {
            let Some(value) = of(cell) else { continue };
            let unit = if *head == ledger::COUNTED { Unit::Count } else { column.unit };
            let mark = if *head == ledger::TARGET { marks::target(cell, column.better) } else { NO_MARK };
            let format = page.looks.figure(looks::number_format(value, unit), (mark.0, Tone::Plain), Weight::Quiet);
            cells::number(page.sheet, (page.row, at), (value, unit), &page.zone, &format)?;
        }
        page.row += 1;
    }
    if weeks::are_told(row) {
        page.row = page.row.max(top + ROWS);
    }
    Ok(())
}

/// A line a row, a column a metric, with what it was in the last periods and a chart.
fn grid(page: &mut Page, table: &Table) -> Result<()> {
    let top = page.row;
    if !table.title.is_empty() {
        page.heading(&table.title)?;
    }
    let names = table.dimensions();
    let charted = charts::has_series(table);
    let first = NAMES + u16::try_from(names)? + u16::from(charted);
    grid_heads(page, table, charted)?;
    let from = page.row;
    for (row, weight) in rows(table) {
        line(page, table, row, (first, weight))?;
    }
    if charted {
        weeks::of_rows(page, table, (top, from))?;
    } else {
        charts::columns(page, table, (top, from, first))?;
    }
    Ok(())
}

/// The heads of a table's columns, with room for small charts; none where no column has one.
fn grid_heads(page: &mut Page, table: &Table, charted: bool) -> Result<()> {
    if table.columns.iter().all(|column| column.label.is_empty()) {
        return Ok(());
    }
    let (names, figures) = table.columns.split_at(table.dimensions());
    let mut names: Vec<&str> = names.iter().map(|column| column.label.as_str()).collect();
    names.extend(charted.then_some(""));
    let heads: Vec<String> = figures.iter().map(|column| words::full_heading(page.report, column)).collect();
    page.heads(&names, &heads)?;
    // Words stand at the left below their heads, apart from figures before them.
    let first = NAMES + u16::try_from(names.len())?;
    for (at, (column, head)) in (first..).zip(figures.iter().zip(&heads)) {
        if column.unit == Unit::Text {
            cells::text(
                page.sheet,
                (page.row - 1, at),
                head,
                &page.looks.head.clone().set_align(FormatAlign::Left).set_indent(1),
            )?;
        }
    }
    Ok(())
}

/// Rows as they are shown: the total is the last.
fn rows(table: &Table) -> impl Iterator<Item = (&Row, Weight)> {
    table.lines().map(|(row, is_total)| (row, if is_total { Weight::Total } else { Weight::Plain }))
}

/// One row: its names, and its figures from a column on.
fn line(page: &mut Page, table: &Table, row: &Row, (first, weight): (u16, Weight)) -> Result<()> {
    names(page, table, row, (first, weight))?;
    let figures = table.columns.iter().zip(&row.cells).skip(table.dimensions());
    for (at, (column, cell)) in (first..).zip(figures) {
        figure(page, at, (cell, column), weight)?;
    }
    page.row += 1;
    Ok(())
}

fn names(page: &mut Page, table: &Table, row: &Row, (first, weight): (u16, Weight)) -> Result<()> {
    let format = if weight == Weight::Total { &page.looks.total } else { &page.looks.name };
    if weight == Weight::Total {
        (NAMES..first).try_for_each(|at| page.sheet.write_blank(page.row, at, format).map(|_| ()))?;
        return cells::text(page.sheet, (page.row, NAMES), words::TOTAL, format);
    }
    let named = table.columns.iter().zip(&row.cells).take(table.dimensions());
    for (at, (column, cell)) in (NAMES..).zip(named) {
        let name = text::value(&cell.value, column.unit, &page.zone).digits;
        cells::text(page.sheet, (page.row, at), &name, format)?;
    }
    Ok(())
}

/// A figure with the mark of its change.
fn figure(page: &mut Page, at: u16, (cell, column): (&Cell, &Column), weight: Weight) -> Result<()> {
    let at = (page.row, at);
    match (&cell.value, cell.value.as_f64(), column.size) {
        (Value::Text(word), ..) => cells::text(page.sheet, at, word, &page.looks.indented),
        (_, None, _) => cells::missing(page.sheet, at, page.looks, weight),
        (_, Some(value), Some(_)) => {
            let format = page.looks.figure(looks::signed(column.unit), marks::change(cell, column), weight);
            cells::difference(page.sheet, at, (value, column.unit), &format)
        }
        (_, Some(value), None) => {
            let number = looks::number_format(value, column.unit);
            let format = page.looks.figure(number, marks::change(cell, column), weight);
            cells::number(page.sheet, at, (value, column.unit), &page.zone, &format)
        }
    }
}

/// A matrix, shaded from nothing to its highest value; curves are drawn below it.
fn heat(page: &mut Page, table: &Table) -> Result<()> {
    if !table.title.is_empty() {
        page.heading(&table.title)?;
    }
    let dimensions = table.dimensions();
    let first = NAMES + u16::try_from(dimensions)?;
    let (heads, columns) = table.columns.split_at(dimensions);
    let heads: Vec<&str> = heads.iter().map(|column| column.label.as_str()).collect();
    let labels: Vec<String> = columns.iter().map(|column| column.label.clone()).collect();
    let head = page.row;
    page.heads(&heads, &labels)?;
    let from = page.row;
    let matrix = Matrix::of(table);
    for (row, weight) in rows(table) {
        names(page, table, row, (first, weight))?;
        for (at, (column, cell)) in (first..).zip(columns.iter().zip(row.cells.iter().skip(dimensions))) {
            // What is not over, or has none, is blank.
            let Some(value) = cell.value.as_f64() else { continue };
            let format = page.looks.figure(looks::coarse(column.unit, matrix.most), NO_MARK, weight);
            cells::number(page.sheet, (page.row, at), (value, column.unit), &page.zone, &format)?;
        }
        page.row += 1;
    }
    let Some(shaded) = columns.iter().position(|column| matrix.is_shaded(column)) else { return Ok(()) };
    let (left, right) = (first + u16::try_from(shaded)?, first + u16::try_from(columns.len())? - 1);
    let scale = ConditionalFormat2ColorScale::new()
        .set_minimum(ConditionalFormatType::Number, 0)
        .set_minimum_color(looks::FAINT)
        .set_maximum_color(looks::FULL);
    page.sheet.add_conditional_format(from, left, from + u32::try_from(table.rows.len())? - 1, right, &scale)?;
    charts::curves(page, table, (head, first), (page.row + 1, NAMES))
}
