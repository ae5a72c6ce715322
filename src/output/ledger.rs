//! A table of one row as a line a metric, in words: now, before, average, target, n, interval.
//!
//! Shared by all formats for people, who lay it out. The unit is said once a line, by the first figure.

use super::marks::{self, Mark};
use super::words;
use crate::report::text::{self, Figure};
use crate::report::{Cell, Column, Report, Row, Table, Unit};
use jiff::tz::TimeZone;

/// Heading of the figures where the table has no title.
pub const NOW: &str = "this week";
pub const BEFORE: &str = "before";
pub const AVERAGE: &str = "4 weeks";
pub const TARGET: &str = "target";
pub const COUNTED: &str = "n";
pub const INTERVAL: &str = "95 % interval";

/// One metric's line.
pub struct Line<'a> {
    pub column: &'a Column,
    pub cell: &'a Cell,
    /// The period of its own, if it has one: `week 45`.
    pub period: Option<String>,
    pub now: Figure,
    pub change: Mark,
    pub before: Option<Figure>,
    pub average: Option<Figure>,
    pub target: Option<Figure>,
    pub met: Mark,
    pub n: Option<String>,
    pub interval: Option<String>,
}

/// The row of a table that is shown as lines, if it is one.
pub fn row(table: &Table) -> Option<&Row> {
    match (table.rows.as_slice(), &table.total) {
        ([row], _) | ([], Some(row)) => Some(row),
        _ => None,
    }
}

/// What the figures of the period stand under.
pub fn heading(table: &Table) -> &str {
    if table.title.is_empty() { NOW } else { &table.title }
}

/// A line a column.
pub fn lines<'a>(report: &Report, table: &'a Table, row: &'a Row, zone: &TimeZone) -> Vec<Line<'a>> {
    table.columns.iter().zip(&row.cells).map(|(column, cell)| line(report, column, cell, zone)).collect()
}

fn line<'a>(report: &Report, column: &'a Column, cell: &'a Cell, zone: &TimeZone) -> Line<'a> {
    let read = |value| beside(column, cell, value, zone);
    Line {
        column,
        cell,
        period: words::own_period(report, column),
        now: text::value(&cell.value, column.unit, zone),
        change: marks::change(cell, column),
        before: cell.previous.map(read),
        average: cell.average.map(read),
        target: cell.goal.map(|goal| read(goal).trimmed()),
        met: marks::target(cell, column.better),
        n: cell.n.map(text::count),
        interval: cell.low.zip(cell.high).map(|(low, high)| interval(column, [low, high].map(read), low)),
    }
}

/// A figure beside the first, which has said the unit if it is there.
fn beside(column: &Column, cell: &Cell, value: f64, zone: &TimeZone) -> Figure {
    let read = |value| text::figure(value, column.unit, zone);
    match cell.value.as_f64() {
        Some(now) => read(value).after(&read(now), column.unit),
        None => read(value),
    }
}

fn interval(column: &Column, [low, high]: [Figure; 2], lowest: f64) -> String {
    // A minus sign and a dash would be hard to tell apart, and so would `1 h 34-2 h 10`.
    let to = if lowest < 0.0 || column.unit == Unit::Seconds { " to " } else { "-" };
    format!("{low}{to}{high}")
}
