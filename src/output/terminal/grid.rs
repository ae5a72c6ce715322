//! A line a row, a column a metric, and the shaded matrix of shares, which is the same with other cells.
//!
//! Widths and groups are the block's business; here is only what stands in the cells.

use super::Page;
use super::block::{Block, Excess, Item, Lane};
use super::ink::Ink;
use super::marks;
use crate::output::marks::change;
use crate::output::matrix::Matrix;
use crate::output::words;
use crate::report::{Cell, Column, Row, Table, Unit};

/// A bar shorter than this says less than its figure.
const BAR: std::ops::RangeInclusive<usize> = 10..=24;

/// The table's lines, within a width.
pub fn lines(page: &Page, table: &Table, width: usize) -> Vec<String> {
    let rows = words::rows(table);
    if rows.is_empty() {
        return vec![page.paint.with(Ink::Quiet, words::NOTHING)];
    }
    let (names, columns) = table.columns.split_at(table.dimensions());
    let mut lanes = page.names(table, true);
    if rows.iter().any(|row| !row.series.is_empty()) {
        let chart = |row: &&Row| Item::text(&marks::sparkline(&row.series), Ink::Accent);
        lanes.push(Lane::figures("", rows.iter().map(chart).collect()));
    }
    let repeated = names.len();
    let charts = lanes.len();
    for (at, column) in columns.iter().enumerate() {
        let cells: Vec<Option<&Cell>> = rows.iter().map(|row| row.cells.get(names.len() + at)).collect();
        lanes.push(figure_lane(page, column, &cells));
    }
    let mut block = Block { lanes, repeated, ruled: true, total: table.total.is_some() };
    if let Some(at) = columns.iter().position(|c| c.unit == Unit::Share && c.size.is_none()) {
        let column = names.len() + at;
        bars(&mut block, charts + at, width, |row| rows.get(row)?.cells.get(column)?.value.as_f64());
    }
    block.lines(width, page.paint)
}

/// Text is wrapped; of shares, which all have one unit, only the first says it.
fn figure_lane(page: &Page, column: &Column, cells: &[Option<&Cell>]) -> Lane {
    let missing = Cell::default();
    let mut items: Vec<Item> = cells
        .iter()
        .map(|cell| cell.unwrap_or(&missing))
        .map(|cell| Item::figure(&words::figure(cell, column, &page.zone), Ink::Plain).mark(change(cell, column)))
        .collect();
    let head = words::heading(page.report, column);
    match column.unit {
        Unit::Text => return Lane { excess: Excess::Wrap, tied: column.tied, ..Lane::names(&head, items) },
        Unit::Share => items.iter_mut().filter(|i| !i.unit.is_empty()).skip(1).for_each(|i| i.unit = ""),
        _ => {}
    }
    Lane { tied: column.tied, ..Lane::figures(&head, items) }
}

/// A bar beside the figures of one column, from 0 to 100 %, where the width leaves room for it.
fn bars(block: &mut Block, lane: usize, width: usize, share: impl Fn(usize) -> Option<f64>) {
    let spare = width.saturating_sub(block.natural_width() + 1);
    if spare < *BAR.start() {
        return;
    }
    let size = spare.min(*BAR.end());
    let drawn = |row| Item::text(&share(row).map(|s| marks::bar(s, size)).unwrap_or_default(), Ink::Accent);
    let items = (0..block.lanes[lane].items.len()).map(drawn).collect();
    let bar = Lane { gap: 1, excess: Excess::Keep, ..Lane::names("", items) };
    block.lanes.insert(lane + 1, bar);
}

/// The lines of a matrix: whole per cents, blank where a cell is not finished, shaded where there is colour.
pub fn heat(page: &Page, table: &Table, width: usize) -> Vec<String> {
    let rows = words::rows(table);
    let (names, columns) = table.columns.split_at(table.dimensions());
    let mut lanes = page.names(table, true);
    let matrix = Matrix::of(table);
    let mut grounded = false;
    for (at, column) in columns.iter().enumerate() {
        let most = if column.unit == Unit::Share { 1.0 } else { matrix.most };
        let top = matrix.is_shaded(column).then_some(most);
        let cells = rows.iter().map(|row| row.cells.get(names.len() + at));
        let items = cells
            .map(|cell| cell.map_or_else(Item::default, |cell| square(page, &matrix, (column, cell), top)))
            .collect();
        let ground = page.paint.color && top.is_some();
        // A hard space keeps the heading above the digits, which have a space on their ground.
        let head = if ground { format!("{}\u{a0}", column.label) } else { column.label.clone() };
        // Grounds touch each other, and nothing else.
        let gap = if ground && std::mem::replace(&mut grounded, ground) { 0 } else { 2 };
        lanes.push(Lane { gap, ..Lane::figures(&head, items) });
    }
    Block { lanes, repeated: names.len(), ruled: true, total: table.total.is_some() }.lines(width, page.paint)
}

/// One cell, padded on both sides so that grounds touch.
fn square(page: &Page, matrix: &Matrix, (column, cell): (&Column, &Cell), top: Option<f64>) -> Item {
    let said = matrix.square(cell, column, &page.zone);
    match (cell.value.as_f64(), top) {
        (Some(value), Some(top)) if page.paint.color => Item::text(&format!("{said:>4} "), marks::shade(value, top)),
        (Some(_), None) => Item::text(&said, Ink::Quiet),
        _ => Item::text(&said, Ink::Plain),
    }
}
