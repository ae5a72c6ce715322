//! Tables of figures: a list of columns measured now, before and on average, made into cells.
//!
//! `Spec` is a table as data. Which tables a report has is in `sections.rs`; what is measured for a cell is in
//! `readings.rs`, for all tables together in `sheet.rs`. Nothing here formats.

use super::change::change;
use super::readings::{Asked, ByMetric, Readings};
use super::sections::capital;
use super::sheet::{Sheet, Wanted};
use super::{Better, Cell, Column, Layout, Row, Table, Unit, Value};
use crate::desk::Desk;
use crate::dimensions::{self, Dimension};
use crate::measure::{Key, measure};
use crate::metrics::{self, Metric, Role};
use crate::notice::did_you_mean;
use crate::period::{Grain, Period};
use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// How many periods a small chart shows.
const CHARTED: i32 = 8;

/// A table as data.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    pub id: &'static str,
    pub title: &'static str,
    pub layout: Layout,
    pub by: &'static [&'static str],
    /// Columns, as `frt_p50`; a leading blank belongs to the line above (ledgers); `frt_p50|half within`
    /// gives a label of the table's own.
    pub figures: &'static [&'static str],
    /// Draw the last periods of the first figure in each line.
    pub charted: bool,
}

/// One column wanted: a metric and one of its outputs.
#[derive(Clone, Copy)]
pub struct Figure {
    pub metric: &'static Metric,
    pub output: usize,
    pub indent: bool,
    /// Instead of the metric's own.
    pub label: Option<&'static str>,
}

impl Figure {
    /// A figure by its column, or by its metric's id for all of its values and its n.
    pub fn parse(text: &str) -> Result<Vec<Self>> {
        let (name, indent) = (text.trim_start(), text.starts_with(' '));
        if let Some((metric, output)) = metrics::find_column(name) {
            return Ok(vec![Self { metric, output, indent, label: None }]);
        }
        let Some(metric) = metrics::find(name) else {
            let columns = metrics::METRICS.iter().flat_map(|m| m.outputs.iter().map(|output| m.column(output)));
            let columns: Vec<String> = columns.collect();
            let ids = metrics::METRICS.iter().map(|m| m.id);
            let hint = did_you_mean(name, ids.chain(columns.iter().map(String::as_str)));
            bail!("unknown metric `{name}`\nhint: {hint}`deskstat list metrics` shows all");
        };
        let wanted = |role: Role| matches!(role, Role::Value | Role::N | Role::Low | Role::High);
        let outputs = metric.outputs.iter().enumerate().filter(|(_, o)| wanted(o.role));
        Ok(outputs.map(|(output, _)| Self { metric, output, indent, label: None }).collect())
    }

    /// A metric's id given by itself names its first output's column too; then all of it is meant.
    pub fn parse_all(text: &str) -> Result<Vec<Self>> {
        match metrics::find(text.trim()) {
            Some(metric) if metric.outputs[0].suffix.is_empty() && metric.n().is_some() => {
                let n = metric.n().unwrap_or(0);
                Ok([0, n].map(|output| Self { metric, output, indent: false, label: None }).to_vec())
            }
            _ => Self::parse(text),
        }
    }

    /// The column's id.
    pub fn column(&self) -> String {
        self.metric.column(&self.metric.outputs[self.output])
    }

    /// What it is measured in.
    pub fn unit(self) -> Unit {
        self.metric.outputs[self.output].unit
    }
}

/// Dimensions by their ids.
pub fn dimensions_of(ids: &[&str]) -> Result<Vec<&'static Dimension>> {
    let find = |id: &&str| match dimensions::find(id) {
        Some(dimension) => Ok(dimension),
        None => {
            let hint = did_you_mean(id, dimensions::DIMENSIONS.iter().map(|d| d.id));
            bail!("unknown dimension `{id}`\nhint: {hint}`deskstat list dimensions` shows all")
        }
    };
    ids.iter().map(find).collect()
}

impl Spec {
    /// What is to be measured for the table.
    pub fn wanted(&self) -> Result<Wanted> {
        let mut figures = Vec::new();
        for text in self.figures {
            let (column, label) = text.split_once('|').map_or((*text, None), |(column, label)| (column, Some(label)));
            figures.extend(Figure::parse(column)?.into_iter().map(|figure| Figure { label, ..figure }));
        }
        Ok(Wanted { figures, by: dimensions_of(self.by)?, averaged: self.layout == Layout::Ledger })
    }
}

/// A spec's table.
pub fn table(desk: &Desk, spec: &Spec, sheet: &Sheet, asked: &Asked) -> Result<Table> {
    let wanted = spec.wanted()?;
    let mut table = laid_out(desk, &wanted, sheet, asked);
    table.id = spec.id.to_owned();
    table.title = spec.title.to_owned();
    table.layout = spec.layout;
    if spec.layout == Layout::Ledger {
        table.title = asked.heading().to_owned();
        table.columns.iter_mut().filter(|c| !c.indent).for_each(|c| c.label = capital(&c.label));
    }
    if spec.charted {
        chart(desk, &mut table, wanted.figures[0], &wanted.by, asked)?;
    }
    Ok(table)
}

/// Measure figures by dimensions and lay them out.
pub fn build(desk: &Desk, figures: &[Figure], by: &[&'static Dimension], asked: &Asked) -> Result<Table> {
    let asked = asked.in_series(by);
    let wanted = [Wanted { figures: figures.to_vec(), by: by.to_vec(), averaged: false }];
    let sheet = Sheet::of(desk, &wanted, &asked)?;
    Ok(laid_out(desk, &wanted[0], &sheet, &asked))
}

/// Figures of all rows, a table each, beside what the weeks before let expect where that is asked for.
pub fn watched(desk: &Desk, figures: impl Iterator<Item = (Figure, bool)>, asked: &Asked) -> Result<Vec<Table>> {
    let wanted = |(figure, averaged)| Wanted { figures: vec![figure], by: Vec::new(), averaged };
    let wanted: Vec<Wanted> = figures.map(wanted).collect();
    let sheet = Sheet::of(desk, &wanted, asked)?;
    Ok(wanted.iter().map(|wanted| laid_out(desk, wanted, &sheet, asked)).collect())
}

/// Figures by dimensions: rows by name (time first), and the total from all rows.
fn laid_out(desk: &Desk, wanted: &Wanted, sheet: &Sheet, asked: &Asked) -> Table {
    let Wanted { figures, by, averaged } = wanted;
    let mut columns: Vec<Column> = by.iter().map(|d| Column::name(d.id, d.label)).collect();
    for figure in figures {
        let output = &figure.metric.outputs[figure.output];
        let mut column =
            Column::figure(&figure.metric.column(output), &label(*figure), output.unit, figure.metric.better);
        if output.role != Role::Value {
            column.better = Better::Neither;
        }
        let own = asked.ripe_for(desk, figure.metric).period;
        column.period = own.filter(|_| own != asked.period).map(Period::name);
        column.indent = figure.indent;
        columns.push(column);
    }
    let cell = |figure: &Figure, readings: &ByMetric| {
        let cell = figure.cell(desk, readings);
        // Another table that is not split may show the weeks before.
        if *averaged { cell } else { Cell { average: None, usual: None, series: Vec::new(), ..cell } }
    };
    let cells = |readings: &ByMetric| -> Vec<Cell> { figures.iter().map(|figure| cell(figure, readings)).collect() };
    let mut named: Vec<(Vec<Name>, Row)> = sheet
        .groups(figures, by)
        .map(|(key, readings)| {
            let names: Vec<Name> = by.iter().zip(key).map(|(d, &k)| Name::of(desk, d, k)).collect();
            let mut all: Vec<Cell> = names.iter().map(|n| Cell::text(&n.text)).collect();
            all.extend(cells(readings));
            (names, Row { cells: all, series: Vec::new() })
        })
        .collect();
    named.retain(|(names, row)| names.iter().all(|name| !name.none) || counts_anything(row));
    named.sort_by(|a, b| a.0.cmp(&b.0));
    let total = sheet.total().filter(|_| !by.is_empty()).map(|readings| {
        let mut all = vec![Cell::default(); by.len()];
        all.extend(cells(readings));
        Row { cells: all, series: Vec::new() }
    });
    let keys = sheet.groups(figures, by).map(|(key, _)| key);
    let periods = by.last().and_then(|last| last.grain()).map_or_else(Vec::new, |grain| stretch(grain, keys));
    let rows = named.into_iter().map(|(_, row)| row).collect();
    Table { layout: drawn(by), columns, rows, periods, total, ..Table::default() }
}

/// What is drawn of groups: periods as lines, others as bars.
fn drawn(by: &[&Dimension]) -> Layout {
    match by.last() {
        Some(last) if last.grain().is_some() => Layout::Lines,
        Some(_) => Layout::Bars,
        None => Layout::Grid,
    }
}

/// The names of all periods from the first to the last of these groups, those between in which nothing was too.
fn stretch<'k>(grain: Grain, keys: impl Iterator<Item = &'k Key>) -> Vec<String> {
    let starts = keys.filter_map(|key| key.last().copied().filter(|&start| start != dimensions::NO_KEY));
    let starts: Vec<i32> = starts.filter_map(|start| i32::try_from(start).ok()).collect();
    let (Some(&first), Some(&last)) = (starts.iter().min(), starts.iter().max()) else { return Vec::new() };
    std::iter::successors(Some(first), |&start| Some(grain.end(start)))
        .take_while(|&start| start <= last)
        .map(|start| grain.name(start))
        .collect()
}

/// Whether anything of a group is counted, now or before: rows without a name are a group only where there are some.
fn counts_anything(row: &Row) -> bool {
    let is_none = |value: Option<f64>| value.is_none_or(|value| value == 0.0);
    let is_nothing = |cell: &Cell| is_none(cell.value.as_f64()) && is_none(cell.previous) && cell.n.unwrap_or(0) == 0;
    !row.cells.iter().all(is_nothing)
}

/// A line that has a figure neither now nor before says nothing: its export is not there.
pub fn drop_missing(table: &mut Table) {
    let Some(row) = table.rows.first_mut() else { return };
    let there: Vec<bool> = row.cells.iter().map(|c| c.value != Value::Missing || c.previous.is_some()).collect();
    stand_alone(&mut table.columns, &there);
    let mut keep = there.iter();
    row.cells.retain(|_| keep.next().copied().unwrap_or(true));
    let mut keep = there.iter();
    table.columns.retain(|_| keep.next().copied().unwrap_or(true));
}

/// The first that belongs to a line that says nothing stands for itself, under its whole name.
fn stand_alone(columns: &mut [Column], there: &[bool]) {
    let mut headless = false;
    for (column, there) in columns.iter_mut().zip(there) {
        headless = if column.indent { headless } else { !there };
        if !(headless && *there) {
            continue;
        }
        (column.indent, headless) = (false, false);
        if let Some((metric, output)) = metrics::find_column(&column.id) {
            column.label = capital(&label(Figure { metric, output, indent: false, label: None }));
        }
    }
}

/// A group's name with what it sorts by: time by time, words by text, none last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    pub none: bool,
    order: i64,
    pub text: String,
}

impl Name {
    pub fn of(desk: &Desk, dimension: &Dimension, key: i64) -> Self {
        let order = if dimension.is_ordered() { key } else { 0 };
        Self { none: key == dimensions::NO_KEY, order, text: dimension.name(desk, key) }
    }
}

/// What people call a figure.
pub fn label(figure: Figure) -> String {
    let (metric, output) = (figure.metric, &figure.metric.outputs[figure.output]);
    match (figure.label, output.suffix.is_empty(), figure.indent) {
        (Some(label), ..) => label.to_owned(),
        (None, true, _) => metric.label.to_owned(),
        (None, false, true) => output.label.to_owned(),
        (None, false, false) => format!("{}, {}", metric.label, output.label),
    }
}

impl Figure {
    /// The output that counts what this one is of: its own (`late_n` of `late_p50`, `first_n` of `first`), else that of
    /// the metric.
    pub fn n(self) -> Option<usize> {
        let outputs = self.metric.outputs;
        let suffix = outputs[self.output].suffix;
        let own = format!("{}_n", suffix.strip_suffix("_p50").unwrap_or(suffix));
        outputs.iter().position(|output| output.suffix == own).or_else(|| self.metric.n())
    }

    /// The outputs that are the bounds of the metric's value, if it has any.
    pub fn bounds(self) -> Option<(usize, usize)> {
        let role = |role: Role| self.metric.outputs.iter().position(|output| output.role == role);
        role(Role::Low).zip(role(Role::High))
    }

    /// Its cell in a table.
    pub fn cell(self, desk: &Desk, of_group: &ByMetric) -> Cell {
        let none = Readings::default();
        let readings = of_group.get(self.metric.id).unwrap_or(&none);
        let pick = |values: &[f64]| values.get(self.output).copied().filter(|v| v.is_finite());
        let (low, high) = self.bounds().filter(|_| self.output == 0).unzip();
        let beside = |at: Option<usize>| at.and_then(|at| readings.now.get(at).copied()).filter(|v| v.is_finite());
        let value = pick(&readings.now);
        let n = |values: &[f64]| self.n().and_then(|at| values.get(at)).and_then(|n| whole(*n));
        let base = self.metric.behind().and_then(|id| of_group.get(id));
        let behind = |values: &[f64]| values.first().and_then(|n| whole(*n));
        let cell = Cell {
            value: if self.unit() == Unit::Count { counted(value) } else { Value::number(value) },
            n: n(&readings.now),
            previous_n: readings.before.as_deref().and_then(n),
            behind: base.and_then(|base| behind(&base.now)),
            previous_behind: base.and_then(|base| behind(base.before.as_deref()?)),
            usual: readings.usual.get(self.output).copied().flatten(),
            series: readings.series.get(self.output).cloned().unwrap_or_default(),
            average: readings.average.as_deref().and_then(pick),
            goal: desk.settings.goals.get(&self.metric.column(&self.metric.outputs[self.output])).copied(),
            low: beside(low),
            high: beside(high),
            note: self.note(&readings.now),
            ..Cell::default()
        };
        cell.compared(readings.before.as_deref().and_then(pick), change(self, of_group))
    }

    /// What the value leaves out and why, and what it counts in a way worth telling.
    fn note(self, now: &[f64]) -> Option<String> {
        let told = |role: Role| matches!(role, Role::LeftOut | Role::TooRecent | Role::Told);
        let outputs = self.metric.outputs.iter().zip(now).filter(|(o, n)| told(o.role) && **n > 0.0);
        let parts: Vec<String> = outputs.map(|(o, n)| format!("{n} {}", o.label)).collect();
        (!parts.is_empty() && self.metric.outputs[self.output].role == Role::Value).then(|| parts.join("; "))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "counts are far below 2^53")]
fn counted(value: Option<f64>) -> Value {
    value.map_or(Value::Missing, |v| Value::Count(v.round() as i64))
}

/// A count that a measurement holds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small and not negative")]
pub fn whole(n: f64) -> Option<u64> {
    n.is_finite().then(|| n.round() as u64)
}

/// The last periods of a figure beside each line.
fn chart(desk: &Desk, table: &mut Table, figure: Figure, by: &[&'static Dimension], asked: &Asked) -> Result<()> {
    let Some(period) = asked.period.filter(|p| p.is_one(p.grain)) else { return Ok(()) };
    let mut starts = vec![period];
    while starts.len() < usize::try_from(CHARTED).unwrap_or(8) {
        starts.push(starts[starts.len() - 1].previous());
    }
    starts.reverse();
    table.periods = starts.iter().map(|start| start.name()).collect();
    let all = Period { from: starts[0].from, ..period };
    let window = desk.timeline.window(all, asked.lag);
    let time = dimensions::DIMENSIONS.iter().find(|d| d.grain() == Some(period.grain));
    let mut split = by.to_vec();
    split.extend(time);
    let measured = measure(desk, figure.metric, &split, &window)?;
    let mut series: BTreeMap<Vec<String>, Vec<Option<f64>>> = BTreeMap::new();
    for (key, values) in measured {
        let names: Vec<String> = by.iter().zip(&key).map(|(d, &k)| d.name(desk, k)).collect();
        let line = series.entry(names).or_insert_with(|| vec![None; starts.len()]);
        let nth = starts.iter().position(|p| key.last() == Some(&i64::from(p.from)));
        if let Some(nth) = nth {
            line[nth] = Some(values[figure.output]).filter(|v| v.is_finite());
        }
    }
    for row in &mut table.rows {
        let names: Vec<String> = row.cells[..by.len()].iter().map(|c| c.value.as_text().to_owned()).collect();
        row.series = series.remove(&names).unwrap_or_default();
    }
    Ok(())
}
