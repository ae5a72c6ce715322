//! Figures over time: a line a figure and a column a period, and a chart of lines beside what they belong to. A period
//! without a figure is a gap, a target a dashed line.

use super::cells;
use super::charts::{self, Frame, Line, ROWS};
use super::looks::{self, LINES, Weight};
use super::section::{NAMES, Page};
use crate::output::marks::Tone;
use crate::output::{ledger, words};
use crate::report::sections::capital;
use crate::report::text;
use crate::report::{Cell, Column, Row, Table, Unit};
use anyhow::Result;
use rust_xlsxwriter::{Sparkline, SparklineType};
use std::collections::BTreeSet;

/// How high a small chart's scale goes, in its highest columns, so that they do not touch the row above.
const ABOVE: f64 = 1.3;

/// A figure in each of the periods.
struct Series {
    name: String,
    unit: Unit,
    values: Vec<Option<f64>>,
    is_target: bool,
}

/// Where the figures stand: the row of their heads, the first and the last column; series follow row by row.
struct Block {
    head: u32,
    columns: (u16, u16),
    /// All that have lines in the charts of the sheet, where these are not the same in each.
    peers: Vec<String>,
}

/// The figures of a column over time, as people call it.
fn called(column: &Column) -> String {
    capital(if column.label.is_empty() { &column.id } else { &column.label })
}

/// Of a table whose rows begin at `from`: a small chart in each row, the figures below the table, lines at its right.
pub fn of_rows(page: &mut Page, table: &Table, (top, from): (u32, u32)) -> Result<()> {
    let column = &table.columns[table.dimensions()];
    let series = |row: &Row| Series {
        name: row.cells[0].value.as_text().to_owned(),
        unit: column.unit,
        values: row.series.clone(),
        is_target: false,
    };
    let series: Vec<Series> = table.rows.iter().map(series).collect();
    let title = match table.periods.as_slice() {
        [first, .., last] => format!("{}, {} to {}", called(column), text::period(first), text::period(last)),
        _ => called(column),
    };
    page.row = page.row.max(top + ROWS) + 1;
    page.heading(&title)?;
    let block = block(page, &table.columns[0].label, &table.periods, &series)?;
    let beside = NAMES + u16::try_from(table.dimensions())?;
    let (left, right) = block.columns;
    for (nth, series) in (0..).zip(&series) {
        let of = block.head + 1 + nth;
        let columns = Sparkline::new().set_range((page.sheet.name().as_str(), of, left, of, right));
        let columns = columns.set_type(SparklineType::Column).set_sparkline_color(looks::FULL).set_custom_min(0);
        let columns = columns.show_last_point(true).set_last_point_color(looks::ACCENT);
        let most = charts::most(series.values.iter().copied());
        let top = cells::held(most * ABOVE, column.unit, &page.zone).filter(|_| most > 0.0);
        let columns = top.into_iter().fold(columns, Sparkline::set_custom_max);
        page.sheet.add_sparkline(from + nth, beside, &columns)?;
    }
    drawn(page, &block, (&title, &series), (top, page.charts))
}

/// Whether a table of one row tells of the weeks before.
pub fn are_told(row: &Row) -> bool {
    row.cells.iter().any(is_told)
}

fn is_told(cell: &Cell) -> bool {
    cell.series.iter().any(|point| point.value.is_some())
}

/// Of a table of one row that begins at `top`: the figures, and at its right the lines of one with a target, or of the
/// first.
pub fn of_ledger(page: &mut Page, table: &Table, top: u32) -> Result<()> {
    let Some(row) = ledger::row(table).filter(|row| are_told(row)) else { return Ok(()) };
    let told = || table.columns.iter().zip(&row.cells).filter(|(_, cell)| is_told(cell));
    let points = told().flat_map(|(_, cell)| &cell.series);
    let periods: BTreeSet<String> = points.map(|point| point.period.clone()).collect();
    let periods: Vec<String> = periods.into_iter().collect();
    let series: Vec<Series> = told().flat_map(|(column, cell)| with_target(column, cell, &periods)).collect();
    page.heading("Week by week")?;
    let block = block(page, "", &periods, &series)?;
    let first = series.iter().position(|series| series.is_target).map_or(0, |target| target - 1);
    let targets = series[first + 1..].iter().take_while(|series| series.is_target).count();
    let chosen = &series[first..=first + targets];
    chart(page, &block, (&chosen[0].name, chosen, first), (top, page.charts))?;
    page.row += 1;
    Ok(())
}

/// A figure of a table of one row, and its target below it.
fn with_target(column: &Column, cell: &Cell, periods: &[String]) -> Vec<Series> {
    let value = |period: &String| cell.series.iter().find(|point| point.period == *period)?.value;
    let values: Vec<Option<f64>> = periods.iter().map(value).collect();
    let target = cell.goal.map(|goal| target(goal, column.unit, periods.len()));
    let own = Series { name: column.label.clone(), unit: column.unit, values, is_target: false };
    std::iter::once(own).chain(target).collect()
}

fn target(goal: f64, unit: Unit, periods: usize) -> Series {
    Series { name: ledger::TARGET.into(), unit, values: vec![Some(goal); periods], is_target: true }
}

/// Of a table in which rows of one name follow each other in time: a line a name, figure by figure.
pub fn of_groups(page: &mut Page, table: &Table) -> Result<()> {
    let Some(period) = table.dimensions().checked_sub(1) else { return Ok(()) };
    let figures = table.columns.iter().enumerate().skip(period + 1);
    for (at, column) in figures.filter(|(_, column)| !matches!(column.unit, Unit::Text | Unit::Instant)) {
        of_figure(page, table, (at, column), period)?;
        page.row += 1;
    }
    Ok(())
}

fn of_figure(page: &mut Page, table: &Table, (at, column): (usize, &Column), period: usize) -> Result<()> {
    let mut groups: Vec<(String, Vec<&Row>)> = Vec::new();
    for row in &table.rows {
        let mut names = words::names(table, row, false, &page.zone);
        names.pop();
        let name = if names.is_empty() { called(column) } else { names.join(" · ") };
        match groups.iter_mut().find(|(of, _)| *of == name) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((name, vec![row])),
        }
    }
    let value = |rows: &[&Row], name: &String| {
        let row = rows.iter().find(|row| row.cells.get(period).is_some_and(|cell| cell.value.as_text() == name))?;
        row.cells.get(at)?.value.as_f64()
    };
    let names: Vec<String> = groups.iter().map(|(name, _)| name.clone()).collect();
    let mut series: Vec<Series> = Vec::new();
    for (name, rows) in groups {
        let values: Vec<Option<f64>> = table.periods.iter().map(|name| value(&rows, name)).collect();
        // Groups of which nothing is known are in the list.
        if values.iter().all(Option::is_none) {
            continue;
        }
        series.push(Series { name, unit: column.unit, values, is_target: false });
    }
    if series.is_empty() {
        return Ok(());
    }
    let goal = table.rows.iter().filter_map(|row| row.cells.get(at)).find_map(|cell| cell.goal);
    series.extend(goal.map(|goal| target(goal, column.unit, table.periods.len())));
    let (top, title) = (page.row, words::full_heading(page.report, column));
    // The chart stands above: there may be many periods.
    page.row += ROWS + 1;
    let head = if period == 0 { "" } else { &table.columns[0].label };
    let mut block = block(page, head, &table.periods, &series)?;
    block.peers = if names.len() > LINES.len() { Vec::new() } else { names };
    drawn(page, &block, (&capital(&title), &series), (top, NAMES))
}

/// The figures, a line a series.
fn block(page: &mut Page, head: &str, periods: &[String], series: &[Series]) -> Result<Block> {
    let heads: Vec<String> = periods.iter().map(|period| text::period(period)).collect();
    let block =
        Block { head: page.row, columns: (NAMES + 1, NAMES + u16::try_from(periods.len())?), peers: Vec::new() };
    page.heads(&[head], &heads)?;
    for Series { name, unit, values, is_target } in series {
        let (name_looks, weight) =
            if *is_target { (&page.looks.indented, Weight::Quiet) } else { (&page.looks.name, Weight::Plain) };
        cells::text(page.sheet, (page.row, NAMES), name, name_looks)?;
        for (at, value) in (NAMES + 1..).zip(values) {
            let Some(value) = value else { continue };
            let format = page.looks.figure(looks::number_format(*value, *unit), ("", Tone::Plain), weight);
            cells::number(page.sheet, (page.row, at), (*value, *unit), &page.zone, &format)?;
        }
        page.row += 1;
    }
    Ok(block)
}

/// All series as lines; of more than can be told apart the figures are there.
fn drawn(page: &mut Page, block: &Block, (title, series): (&str, &[Series]), place: (u32, u16)) -> Result<()> {
    if series.iter().filter(|series| !series.is_target).count() > LINES.len() {
        return Ok(());
    }
    chart(page, block, (title, series, 0), place)
}

/// A chart of some of the series, the first of which is the `first` of the block.
fn chart(
    page: &mut Page,
    block: &Block,
    (title, series, first): (&str, &[Series], usize),
    place: (u32, u16),
) -> Result<()> {
    let from = block.head + 1 + u32::try_from(first)?;
    let line = |(row, series): (u32, &Series)| match series.is_target {
        true => Line::Target(row),
        false => Line::Figures(row, series.name.clone()),
    };
    let lines: Vec<Line> = (from..).zip(series).map(line).collect();
    let values = || series.iter().flat_map(|series| series.values.iter().copied());
    let most = charts::most(values());
    let lowest = values().flatten().fold(1.0, f64::min);
    let unit = series.first().map_or(Unit::Count, |series| series.unit);
    // Of shares the changes are what is looked at; all else is drawn from nothing.
    let least = if unit == Unit::Share { (10.0 * lowest - 0.5).floor().max(0.0) / 10.0 } else { 0.0 };
    let drawing = charts::lines((&page.sheet.name(), block.head), &lines, block.columns, &block.peers);
    charts::put(page, drawing, place, &Frame { least, most, ..Frame::new(title, unit) })
}
