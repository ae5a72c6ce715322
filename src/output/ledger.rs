//! A table of one row as a line a metric, in words: now, before, average, target, n, interval.
//!
//! Shared by all formats for people, who lay it out. The unit is said once a line, by the first figure.

use super::marks::{self, Mark, Tone};
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
/// What stands beside a figure, in this order.
pub const HEADS: [&str; 5] = [BEFORE, AVERAGE, TARGET, COUNTED, INTERVAL];

/// One metric's line.
pub struct Line<'a> {
    pub column: &'a Column,
    pub cell: &'a Cell,
    /// The period of its own, if it has one: `week 45`.
    pub period: Option<String>,
    pub now: Figure,
    pub change: Mark,
    /// What stands beside it, as `HEADS` has it.
    pub beside: [Beside; 5],
}

/// A figure beside the one that counts, and the heading of its column.
pub struct Beside {
    pub head: &'static str,
    pub figure: Option<Figure>,
    /// The same where it stands in a line of words, with its unit; may be empty.
    pub whole: String,
    pub mark: Mark,
}

impl Beside {
    fn new(head: &'static str, figure: Option<Figure>, whole: Option<Figure>) -> Self {
        let whole = whole.map_or_else(String::new, |whole| whole.to_string());
        Self { head, figure, whole, mark: ("", Tone::Plain) }
    }
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

/// The headings under which any line has a figure: what no metric has gets no column.
pub fn filled(lines: &[Line]) -> Vec<&'static str> {
    let beside = lines.iter().flat_map(|line| &line.beside).filter(|beside| beside.figure.is_some());
    let filled: Vec<&str> = beside.map(|beside| beside.head).collect();
    HEADS.into_iter().filter(|head| filled.contains(head)).collect()
}

fn line<'a>(report: &Report, column: &'a Column, cell: &'a Cell, zone: &TimeZone) -> Line<'a> {
    let whole = |value| text::figure(value, column.unit, zone);
    let short = |value| beside(column, cell, value, zone);
    let said = |head, value: Option<f64>| Beside::new(head, value.map(short), value.map(whole));
    let words = |digits| Figure { digits, unit: "" };
    let counted = cell.n.map(|n| words(text::count(n)));
    let bounds = cell.low.zip(cell.high);
    let between = bounds.map(|(low, high)| words(interval(column, [low, high].map(short), low)));
    Line {
        column,
        cell,
        period: words::own_period(report, column),
        now: text::value(&cell.value, column.unit, zone),
        change: marks::change(cell, column),
        beside: [
            said(BEFORE, cell.previous),
            said(AVERAGE, cell.average),
            Beside {
                mark: marks::target(cell, column.better),
                ..Beside::new(
                    TARGET,
                    cell.goal.map(|goal| short(goal).trimmed()),
                    cell.goal.map(|goal| whole(goal).trimmed()),
                )
            },
            Beside::new(COUNTED, counted.clone(), counted),
            Beside::new(INTERVAL, between, bounds.map(|(low, high)| words(text::range([low, high].map(whole))))),
        ],
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
