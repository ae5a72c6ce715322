//! `--suppress-under`: figures of so few that they may tell of somebody are left out of a report.
//!
//! What goes: each figure of fewer rows than that, and each count below it but zero; what it is compared with by the same
//! measure; of a column in which one count alone would be missing, the next smallest too, or the total would tell it;
//! and all sentences on the data, which state counts. A new part of a report that states counts is named here.

use super::sections::PAGE_ONE;
use super::{Cell, Report, Row, Section, Table, Unit, Value};

/// Leave out what is of fewer than `under`.
pub fn suppress(report: &mut Report, under: u64) {
    report.provenance.options.push(format!("--suppress-under {under}"));
    report.sections.iter_mut().for_each(|section| in_section(section, under));
    if let Some(last) = report.sections.last_mut() {
        last.notes.push(format!(
            "Figures of fewer than {under} are left out, and with the only one of a column the next smallest; sentences too."
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
    let counts: Vec<usize> = (first..table.columns.len()).filter(|&at| table.columns[at].unit == Unit::Count).collect();
    let is_small = |value: Option<f64>| value.is_some_and(|value| value > 0.0 && value < as_f64(under));
    for row in table.rows.iter_mut().chain(&mut table.total) {
        let mut hidden = false;
        for (at, cell) in row.cells.iter_mut().enumerate().skip(first) {
            let is_count = counts.contains(&at);
            let n = if is_count { cell.value.as_f64() } else { cell.n.map(as_f64) };
            let before = if is_count { cell.previous } else { cell.previous_n.map(as_f64) };
            cell.note = None;
            if is_small(n) {
                hide(cell, under);
                hidden |= is_count;
            }
            if is_small(before) {
                forget_before(cell);
            }
            if is_count && is_small(cell.average) {
                cell.average = None;
            }
            // Of how many the weeks before are is known of counts alone.
            cell.series
                .iter_mut()
                .filter(|point| !is_count || is_small(point.value))
                .for_each(|point| point.value = None);
        }
        if hidden {
            hide_shares(table.columns.iter().map(|column| column.unit), row, under);
        }
        let charted = counts.contains(&first);
        row.series.iter_mut().filter(|value| !charted || is_small(**value)).for_each(|value| *value = None);
    }
    for at in counts {
        if let Some(row) = second(&mut table.rows, at) {
            hide(&mut row.cells[at], under);
            hide_shares(table.columns.iter().map(|column| column.unit), row, under);
        }
    }
}

/// A share of all in a row whose count is hidden would tell it.
fn hide_shares(units: impl Iterator<Item = Unit>, row: &mut Row, under: u64) {
    let shares = units.zip(&mut row.cells).filter(|(unit, cell)| *unit == Unit::Share && cell.n.is_none());
    shares.for_each(|(_, cell)| hide(cell, under));
}

/// Where one row's count alone is hidden, the total and the other rows would tell it: the row with the next smallest.
fn second(rows: &mut [Row], at: usize) -> Option<&mut Row> {
    let is_hidden = |row: &&Row| row.cells[at].value == Value::Missing && row.cells[at].note.is_some();
    if rows.iter().filter(is_hidden).count() != 1 {
        return None;
    }
    let value = |row: &Row| row.cells[at].value.as_f64().filter(|value| *value > 0.0);
    let others = rows.iter_mut().filter(|row| value(row).is_some());
    others.min_by(|a, b| value(a).partial_cmp(&value(b)).unwrap_or(std::cmp::Ordering::Equal))
}

fn hide(cell: &mut Cell, under: u64) {
    *cell = Cell { note: Some(format!("of fewer than {under}, or left out with one that is")), ..Cell::default() };
}

fn forget_before(cell: &mut Cell) {
    (cell.previous, cell.change_low, cell.change_high, cell.chance) = (None, None, None, false);
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn as_f64(n: u64) -> f64 {
    n as f64
}
