//! `--suppress-under`: figures of so few that they may tell of somebody are left out of a report.
//!
//! What goes: each figure of fewer rows than that, and each count below it but zero; what it is compared with by the same
//! measure; so many of the next smallest that a total less what is shown tells none of them; in such a row the other
//! parts of the same metric, and all of which it is not known of how many it is; and all sentences on the data, which
//! state counts. A new part of a report that states counts is named here.
//!
//! A share is judged by what it is of, not by its part. Which go is worked out on plain numbers in
//! `suppress/hidden.rs`.

mod hidden;

use super::sections::{PAGE_ONE, left_out};
use super::{Cell, Column, Layout, Report, Row, Section, Table, Unit, Value};
use crate::metrics::{Role, find_column};
use hidden::{Grid, Kin};
use std::collections::BTreeMap;

/// A table of counts of no metric that are parts of one sum: what came and went.
const ONE_SUM: &str = "flow";

/// What the note of each cell begins with that is left out.
pub const LEFT_OUT: &str = "left out: ";

/// Leave out what is of fewer than `under`.
pub fn suppress(report: &mut Report, under: u64) {
    report.provenance.options.push(format!("--suppress-under {under}"));
    report.sections.iter_mut().for_each(|section| in_section(section, under));
    if let Some(last) = report.sections.last_mut() {
        last.notes.push(format!(
            "Figures of fewer than {under} are left out, with so many of the next smallest that no total tells them; sentences too. A share is judged by what it is of: its part may be smaller."
        ));
    }
}

/// Whether a figure is left out by itself: of too few, or of nobody knows how many.
pub fn is_of_few(column: &Column, cell: &Cell, under: u64) -> bool {
    told(column, cell)[0].is_none_or(|n| is_small(n, under))
}

fn is_small(n: f64, under: u64) -> bool {
    n > 0.0 && n < as_f64(under)
}

fn in_section(section: &mut Section, under: u64) {
    section.summary.clear();
    if section.id == PAGE_ONE {
        section.notes.clear();
    }
    let of_cells = left_out(&section.tables);
    section.notes.retain(|note| !of_cells.contains(note));
    section.tables.iter_mut().for_each(|table| in_table(table, under));
}

fn in_table(table: &mut Table, under: u64) {
    let first = table.dimensions();
    let columns = &table.columns[first.min(table.columns.len())..];
    let names: Vec<String> = table.rows.iter().map(|row| named(row, first)).collect();
    let of_row =
        |row: &Row| columns.iter().zip(row.cells.iter().skip(first)).flat_map(|(c, cell)| told(c, cell)).collect();
    let grid = Grid {
        rows: table.rows.iter().map(of_row).collect(),
        total: table.total.as_ref().map(of_row),
        sides: SIDES,
        kin: kin(table, columns),
        names,
    };
    let (rows, total) = grid.hidden(as_f64(under));
    for (row, flags) in table.rows.iter_mut().chain(&mut table.total).zip(rows.iter().chain(&total)) {
        leave_out(columns, &mut row.cells[first..], flags, under);
        in_weeks(columns, &mut row.cells[first..], &grid.kin, under);
    }
    in_series(table, under);
    if !matches!(table.layout, Layout::Lines | Layout::Heat | Layout::Steps) {
        put_last(&mut table.rows, first);
    }
}

/// Which columns tell each other: counts of one metric, and all of what adds up along a row.
fn kin(table: &Table, columns: &[Column]) -> Vec<Kin> {
    if table.layout == Layout::Waterfall || table.id == ONE_SUM {
        let all: Vec<usize> = (0..columns.len()).collect();
        return vec![Kin { all: all.clone(), parts: all }];
    }
    let mut kin: BTreeMap<&str, Kin> = BTreeMap::new();
    for (at, column) in columns.iter().enumerate().filter(|(_, column)| is_count(column)) {
        let Some((metric, output)) = find_column(&column.id) else { continue };
        let (own, output) = (kin.entry(metric.id).or_default(), &metric.outputs[output]);
        own.all.push(at);
        own.parts.extend(Some(at).filter(|_| output.role != Role::N && !output.suffix.is_empty()));
    }
    kin.into_values().collect()
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

/// A difference of counts is none: it goes with what it is between.
fn is_count(column: &Column) -> bool {
    column.unit == Unit::Count && column.size.is_none()
}

/// How many rows a cell is of, side by side. Of how many an average of anything but a count is, is not known.
fn told(column: &Column, cell: &Cell) -> [Option<f64>; SIDES] {
    if is_count(column) {
        return [cell.value.as_f64(), cell.previous, cell.average];
    }
    let fewest = |n: Option<u64>, behind: Option<u64>| n.into_iter().chain(behind).min().map(as_f64);
    [fewest(cell.n, cell.behind), fewest(cell.previous_n, cell.previous_behind), None]
}

/// Leave out of a row what is to be hidden, and beside a hidden count all of nobody knows how many.
fn leave_out(columns: &[Column], cells: &mut [Cell], flags: &[bool], under: u64) {
    let counts = columns.iter().zip(flags.chunks(SIDES)).filter(|(column, _)| is_count(column));
    let (now, before) = counts.fold((false, false), |(now, before), (_, sides)| (now | sides[0], before | sides[1]));
    for ((column, cell), sides) in columns.iter().zip(cells.iter_mut()).zip(flags.chunks(SIDES)) {
        let is_unknown = told(column, cell) == [None; SIDES];
        cell.note = None;
        if sides[0] || now && is_unknown {
            hide(cell, under);
        }
        if sides[1] || before && is_unknown {
            forget_before(cell);
        }
        if sides[2] {
            cell.average = None;
        }
    }
}

/// What was before, week by week. Of how many that was is known of counts alone; where any of these is small, no week is
/// told, nor what is made of the weeks: their average, and what they let expect.
fn in_weeks(columns: &[Column], cells: &mut [Cell], kin: &[Kin], under: u64) {
    let tells = |cell: &Cell| cell.series.iter().filter_map(|point| point.value).any(|n| is_small(n, under));
    let mut flags: Vec<bool> =
        columns.iter().zip(&*cells).map(|(column, cell)| is_count(column) && tells(cell)).collect();
    kin.iter().for_each(|kin| kin.together(&mut flags, (0, 1)));
    for ((column, cell), is_hidden) in columns.iter().zip(cells).zip(flags) {
        if is_hidden {
            forget_weeks(cell);
        }
        if !is_count(column) {
            cell.series.clear();
        }
    }
}

/// What is drawn of a row's first figure.
fn in_series(table: &mut Table, under: u64) {
    let first = table.dimensions();
    let counted = table.columns.get(first).is_some_and(is_count);
    // The last of them is the figure itself.
    let shown = |row: &Row| counted && row.cells.get(first).is_some_and(|cell| cell.value.as_f64().is_some());
    let names = table.rows.iter().map(|row| named(row, first)).collect();
    let rows = table.rows.iter().map(|row| row.series.clone()).collect();
    let grid = Grid { rows, total: None, sides: 1, kin: Vec::new(), names };
    let gone: Vec<bool> = table.rows.iter().map(|row| !shown(row)).collect();
    let (rows, _) = grid.hidden_with(&gone, as_f64(under));
    for (row, flags) in table.rows.iter_mut().zip(rows) {
        row.series.iter_mut().zip(flags).filter(|(_, is_hidden)| *is_hidden).for_each(|(value, _)| *value = None);
    }
}

/// What has no value has nothing to leave out.
fn hide(cell: &mut Cell, under: u64) {
    let note = format!("{LEFT_OUT}of fewer than {under}, or beside one that is");
    let any = cell.value != Value::Missing || cell.previous.is_some();
    *cell = Cell { note: any.then_some(note), ..Cell::default() };
}

fn forget_before(cell: &mut Cell) {
    (cell.previous, cell.previous_n) = (None, None);
    (cell.change_low, cell.change_high, cell.chance) = (None, None, false);
    forget_weeks(cell);
}

fn forget_weeks(cell: &mut Cell) {
    cell.series.clear();
    (cell.average, cell.usual) = (None, None);
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn as_f64(n: u64) -> f64 {
    n as f64
}
