//! A change taken apart: from before to now in steps, first what each group did by its share, then by itself.
//!
//! Shared by the formats that draw it. Which columns are which is the layout's contract: before, now, and the
//! differences that lead from one to the other.

use super::marks::{self, Tone};
use super::words;
use crate::report::{Cell, Column, Row, Table};
use jiff::tz::TimeZone;

/// More steps than this are read better as a table.
const MOST: usize = 24;

/// What groups together did that are not shown by themselves.
const LEFT_OUT: &str = "left out";

/// The way from before to now.
pub struct Way<'a> {
    /// Of what it is, as it is now.
    pub column: &'a Column,
    pub before: (f64, &'a Cell),
    pub now: (f64, &'a Cell),
    pub steps: Vec<Step>,
}

/// Who did it, by how much, and how that is to be taken.
pub struct Step {
    pub name: String,
    pub by: f64,
    /// The same in words.
    pub figure: String,
    pub tone: Tone,
    /// Where it begins, and where it ends and the next begins.
    pub from: f64,
    pub to: f64,
}

/// The way; nothing where it is not known or too long.
pub fn way<'a>(table: &'a Table, zone: &TimeZone) -> Option<Way<'a>> {
    let whole = |nth: usize| table.total.as_ref()?.cells.get(table.dimensions() + nth);
    let column = table.columns.get(table.dimensions() + 1)?;
    let end = |cell: &'a Cell| Some((cell.value.as_f64()?, cell));
    let (before, now) = (end(whole(0)?)?, end(whole(1)?)?);
    let mut at = before.0;
    let mut steps = differences(table, column, zone);
    steps.extend(left_out(table, (column, now.0 - before.0), zone));
    for step in &mut steps {
        step.from = at;
        at += step.by;
        step.to = at;
    }
    (1..=MOST).contains(&steps.len()).then_some(Way { column, before, now, steps })
}

/// What the rest did, where rows are left out.
fn left_out(table: &Table, (column, whole): (&Column, f64), zone: &TimeZone) -> Option<Step> {
    let at = table.columns.iter().position(|column| column.size.is_some())?;
    let is_known = |row: &Row| row.cells.get(at).is_some_and(|cell| cell.value.as_f64().is_some());
    if table.rows.iter().all(is_known) {
        return None;
    }
    let differences = table.columns.iter().enumerate().filter(|(_, column)| column.size.is_some());
    let known =
        differences.flat_map(|(at, _)| table.rows.iter().filter_map(move |row| row.cells.get(at)?.value.as_f64()));
    let by = whole - known.sum::<f64>();
    let difference = Column { size: table.columns[at].size, ..column.clone() };
    let figure = words::figure(&Cell::number(Some(by)), &difference, zone).to_string();
    let name = LEFT_OUT.to_owned();
    says(&figure).then(|| Step { name, by, figure, tone: marks::judged(column, by > 0.0), from: 0.0, to: 0.0 })
}

/// Whether a difference reads as one.
fn says(figure: &str) -> bool {
    figure.contains(|c: char| ('1'..='9').contains(&c))
}

/// The differences, column by column; those that read as nothing are no steps.
fn differences(table: &Table, now: &Column, zone: &TimeZone) -> Vec<Step> {
    let columns: Vec<(usize, &Column)> =
        table.columns.iter().enumerate().filter(|(_, column)| column.size.is_some()).collect();
    let step = |(at, column): (usize, &Column), row: &Row| {
        let cell = row.cells.get(at)?;
        let by = cell.value.as_f64()?;
        let name = words::names(table, row, false, zone).join(" · ");
        let name = if columns.len() > 1 { format!("{name}, {}", column.label) } else { name };
        let figure = words::figure(cell, column, zone).to_string();
        says(&figure).then(|| Step { name, by, figure, tone: marks::judged(now, by > 0.0), from: 0.0, to: 0.0 })
    };
    columns.iter().flat_map(|&column| table.rows.iter().filter_map(move |row| step(column, row))).collect()
}
