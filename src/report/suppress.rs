//! `--suppress-under`: figures of so few that they may tell of somebody are left out of a report.
//!
//! What goes: each figure of fewer rows than that, and each count below it but zero; what it is compared with by the same
//! measure; so many of the next smallest that a total less what is shown tells none of them; and all sentences on the
//! data, which state counts. A new part of a report that states counts is named here.
//!
//! Which go is worked out on plain numbers in `suppress/hidden.rs`.

mod hidden;

use super::sections::PAGE_ONE;
use super::{Cell, Column, Layout, Report, Row, Section, Table, Unit, Value};
use hidden::{Grid, Sums, hidden};

/// Tables whose rows add up, not only their columns: open contacts by age, what came and went.
const ADD_UP: [&str; 2] = ["backlog_by_age", "flow"];

/// Leave out what is of fewer than `under`.
pub fn suppress(report: &mut Report, under: u64) {
    report.provenance.options.push(format!("--suppress-under {under}"));
    report.sections.iter_mut().for_each(|section| in_section(section, under));
    if let Some(last) = report.sections.last_mut() {
        last.notes.push(format!(
            "Figures of fewer than {under} are left out, with so many of the next smallest that no total tells them; sentences too."
        ));
    }
}

fn in_section(section: &mut Section, under: u64) {
    section.summary.clear();
    if section.id == PAGE_ONE {
        section.notes.clear();
    }
    section.tables.iter_mut().for_each(|table| in_table(table, under));
}

fn in_table(table: &mut Table, under: u64) {
    let first = table.dimensions();
    let columns = &table.columns[first.min(table.columns.len())..];
    let sums = match table.layout {
        Layout::Waterfall => Sums::Whole,
        _ if ADD_UP.contains(&table.id.as_str()) => Sums::Both,
        _ => Sums::Columns,
    };
    let names: Vec<String> = table.rows.iter().map(|row| named(row, first)).collect();
    let of_row =
        |row: &Row| columns.iter().zip(row.cells.iter().skip(first)).flat_map(|(c, cell)| told(c, cell)).collect();
    let grid = Grid {
        rows: table.rows.iter().map(of_row).collect(),
        total: table.total.as_ref().map(of_row),
        sides: SIDES,
        names,
    };
    let (rows, total) = hidden(&grid, sums, as_f64(under));
    for (row, flags) in table.rows.iter_mut().chain(&mut table.total).zip(rows.iter().chain(&total)) {
        leave_out(columns, &mut row.cells[first..], (flags, sums), under);
    }
    in_series(table, under);
    if !matches!(table.layout, Layout::Lines | Layout::Heat | Layout::Steps) {
        put_last(&mut table.rows, first);
    }
}

/// Where rows go by their figures, their place would tell what is left out: these come last, by name.
fn put_last(rows: &mut [Row], first: usize) {
    let is_hidden = |row: &Row| row.cells.get(first).is_some_and(|cell| cell.value == Value::Missing);
    rows.sort_by_cached_key(|row| is_hidden(row).then(|| named(row, first)));
}

fn named(row: &Row, first: usize) -> String {
    row.cells.iter().take(first).map(|cell| cell.value.as_text()).collect::<Vec<_>>().join("\0")
}

/// How many rows each side of a cell is of: now, before, on average over the weeks before.
const SIDES: usize = 3;

/// How many rows a cell is of, side by side. Of how many an average of anything but a count is, is not known.
fn told(column: &Column, cell: &Cell) -> [Option<f64>; SIDES] {
    match (column.unit, column.size) {
        (Unit::Count, None) => [cell.value.as_f64(), cell.previous, cell.average],
        // A difference of counts goes with what it is between.
        (Unit::Count, Some(_)) => [None; SIDES],
        _ => [cell.n.map(as_f64), cell.previous_n.map(as_f64), None],
    }
}

/// Leave out of a row what is to be hidden.
fn leave_out(columns: &[Column], cells: &mut [Cell], (flags, sums): (&[bool], Sums), under: u64) {
    let whole = sums == Sums::Whole && flags.contains(&true);
    let mut counted = false;
    for ((column, cell), sides) in columns.iter().zip(cells.iter_mut()).zip(flags.chunks(SIDES)) {
        cell.note = None;
        if sides[0] || whole {
            hide(cell, under);
            counted |= column.unit == Unit::Count;
        }
        if sides[1] {
            forget_before(cell);
        }
        if sides[2] {
            cell.average = None;
        }
    }
    if !counted {
        return;
    }
    // A share of all tells the count that is hidden.
    let shares = columns.iter().zip(cells).filter(|(column, cell)| column.unit == Unit::Share && cell.n.is_none());
    shares.for_each(|(_, cell)| hide(cell, under));
}

/// What was before, week by week. Of how many that was is known of counts alone.
fn in_series(table: &mut Table, under: u64) {
    let first = table.dimensions();
    for row in table.rows.iter_mut().chain(&mut table.total) {
        for (column, cell) in table.columns.iter().zip(&mut row.cells) {
            let is_small = |value: Option<f64>| value.is_some_and(|value| value > 0.0 && value < as_f64(under));
            let tells = |value| column.unit != Unit::Count || is_small(value);
            cell.series.iter_mut().filter(|point| tells(point.value)).for_each(|point| point.value = None);
        }
    }
    let counted = table.columns.get(first).is_some_and(|column| column.unit == Unit::Count);
    // The last of them is the figure itself.
    let shown = |row: &Row| counted && row.cells.get(first).is_some_and(|cell| cell.value.as_f64().is_some());
    let names = table.rows.iter().map(|row| named(row, first)).collect();
    let grid = Grid { rows: table.rows.iter().map(|row| row.series.clone()).collect(), total: None, sides: 1, names };
    let gone: Vec<bool> = table.rows.iter().map(|row| !shown(row)).collect();
    let (rows, _) = grid.hidden_with(&gone, Sums::Columns, as_f64(under));
    for (row, flags) in table.rows.iter_mut().zip(rows) {
        row.series.iter_mut().zip(flags).filter(|(_, is_hidden)| *is_hidden).for_each(|(value, _)| *value = None);
    }
}

fn hide(cell: &mut Cell, under: u64) {
    *cell = Cell { note: Some(format!("of fewer than {under}, or left out with one that is")), ..Cell::default() };
}

fn forget_before(cell: &mut Cell) {
    (cell.previous, cell.previous_n) = (None, None);
    (cell.change_low, cell.change_high, cell.chance) = (None, None, false);
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn as_f64(n: u64) -> f64 {
    n as f64
}
