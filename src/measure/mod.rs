//! Metrics by dimensions over a window: which rows count, in which group, judged when.
//!
//! Rows get a group number here, so that polars groups one integer column and never text; what a
//! metric makes of its rows is in its own literal. Totals are the same expressions over all rows, never
//! sums of groups. Fact columns for polars are in `columns.rs`.

mod columns;
mod select;

use crate::desk::{Desk, Group};
use crate::dimensions::Dimension;
use crate::metrics::{self, Clock, Compute, Context, Metric, Role, Span};
use crate::period::{Grain, Period};
use crate::timeline::Window;
use anyhow::{Result, anyhow};
use polars::prelude::{Expr, IntoLazy, col};
use select::Selection;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The numbers of one group, one a dimension.
pub type Key = Vec<i64>;

/// Figures by group: one value an output, in the order of the metrics asked for; NaN is missing.
#[derive(Debug, Default, Clone)]
pub struct Measured {
    pub groups: BTreeMap<Key, Vec<f64>>,
}

/// The groups of a table and their figures.
pub fn measure(
    desk: &Desk,
    metrics: &[&'static Metric],
    by: &[&'static Dimension],
    window: &Window,
) -> Result<Measured> {
    let grain = by.iter().filter_map(|d| d.grain()).min();
    let window = grain.map_or_else(|| window.clone(), |grain| desk.timeline.split(window, grain));
    let mut out = Measured::default();
    let width: usize = metrics.iter().map(|m| m.outputs.len()).sum();
    let mut at = 0;
    let mut parts: BTreeMap<(Clock, Span), Vec<Part>> = BTreeMap::new();
    for &metric in metrics {
        let part = Part { metric, at };
        at += metric.outputs.len();
        if let Compute::OfTotal(base) = metric.compute {
            of_total(desk, base, by, &window, &mut |key, value| out.put(key, part.at, &[value], width))?;
        } else {
            parts.entry((metric.population.clock, metric.population.span)).or_default().push(part);
        }
    }
    for ((clock, span), parts) in parts {
        let firsts = if clock == Clock::State { select::firsts(desk, by) } else { Vec::new() };
        for window in stretches(desk, clock, span, &window) {
            let rows = if span == Span::Before { before(desk, &window) } else { Some(window.clone()) };
            let Some(rows) = rows else { continue };
            let selection = Selection::new(desk, clock, (by, &firsts), &rows, window.split_key(clock, span));
            compute(desk, &parts, by, (&selection, &window), &mut |key, at, values| out.put(key, at, values, width))?;
        }
    }
    blank_unripe(&mut out, metrics, &window);
    Ok(out)
}

/// A metric and where its outputs begin in a row of figures.
struct Part {
    metric: &'static Metric,
    at: usize,
}

impl Measured {
    fn put(&mut self, key: Key, at: usize, values: &[f64], width: usize) {
        let row = self.groups.entry(key).or_insert_with(|| vec![f64::NAN; width]);
        row[at..at + values.len()].copy_from_slice(values);
    }

    /// The figures of the only group there is, where nothing was split.
    pub fn only(&self) -> Option<&[f64]> {
        self.groups.values().next().map(Vec::as_slice)
    }
}

type Sink<'a> = dyn FnMut(Key, usize, &[f64]) + 'a;

/// States, trailing windows and looks at the period before cannot be grouped by the time of their rows.
fn period_by_period(clock: Clock, span: Span) -> bool {
    matches!(clock, Clock::State | Clock::Trailing) || span == Span::Before
}

/// The windows that a query is asked for, one after the other.
fn stretches(desk: &Desk, clock: Clock, span: Span, window: &Window) -> Vec<Window> {
    let Some(grain) = window.split.filter(|_| period_by_period(clock, span)) else { return vec![window.clone()] };
    let (first, last) = covered_days(desk, window);
    let mut out = Vec::new();
    let mut day = grain.start(first);
    while day <= last {
        let period = Period::of(grain, day);
        // A period that as-of lies in is cut there, as it is when asked for by itself.
        let open = desk.timeline.as_of - desk.timeline.zone.midnight(period.to);
        out.push(Window { split: Some(grain), ..desk.timeline.window(period, window.lag.min(open)) });
        day = period.to;
    }
    out
}

/// The local days that a window can show: its period, or all that the data cover.
fn covered_days(desk: &Desk, window: &Window) -> (i32, i32) {
    let today = desk.timeline.anchors.today;
    match window.period {
        Some(period) => (period.from, (period.to - 1).min(today)),
        None if desk.facts.first_at == crate::columns::NO_TIME => (today, today),
        None => (desk.timeline.zone.day(desk.facts.first_at), today),
    }
}

/// The period before a window, cut as the window is.
fn before(desk: &Desk, window: &Window) -> Option<Window> {
    let period = window.period?;
    Some(Window { split: window.split, ..desk.timeline.window(period.previous(), window.lag.min(0)) })
}

impl Window {
    /// The key of the period that this window is, for what is taken period by period.
    fn split_key(&self, clock: Clock, span: Span) -> Option<(Grain, i64)> {
        let (grain, period) = (self.split?, self.period?);
        period_by_period(clock, span).then_some((grain, i64::from(period.from)))
    }
}

fn compute(
    desk: &Desk,
    parts: &[Part],
    by: &[&'static Dimension],
    (selection, window): (&Selection, &Window),
    put: &mut Sink,
) -> Result<()> {
    let context = Context { settings: &desk.settings, as_of: desk.timeline.as_of, first_at: desk.facts.first_at };
    let mut expressions: Vec<Expr> = Vec::new();
    let mut places = Vec::new();
    for part in parts.iter().filter(|part| can_measure(desk, part.metric)) {
        match part.metric.compute {
            Compute::Aggregate(expression) => {
                places.push((part.at, part.metric.outputs.len()));
                expressions.extend(expression(&context));
            }
            Compute::Grouped(function) => {
                for (key, rows) in selection.groups() {
                    let group = Group { desk, rows: &rows, window, by, key: &key };
                    let values = function(&group);
                    put(key, part.at, &values);
                }
            }
            Compute::OfTotal(_) => {}
        }
    }
    if expressions.is_empty() {
        return Ok(());
    }
    for (key, values) in aggregate(desk, selection, expressions)? {
        let mut from = 0;
        for &(at, len) in &places {
            put(key.clone(), at, &values[from..from + len]);
            from += len;
        }
    }
    Ok(())
}

/// Ask polars: the groups' keys with the values of all expressions.
fn aggregate(desk: &Desk, selection: &Selection, expressions: Vec<Expr>) -> Result<Vec<(Key, Vec<f64>)>> {
    let named: Vec<Expr> = expressions.into_iter().enumerate().map(|(i, e)| e.alias(format!("v{i}"))).collect();
    let frame = columns::frame(desk, selection, &named)?;
    // polars panics where it meets what it did not expect; the other tables still stand.
    let collect = || match selection.total {
        true => frame.lazy().select(&named).collect(),
        false => frame.lazy().group_by([col(columns::GROUP)]).agg(&named).collect(),
    };
    let table =
        catch_unwind(AssertUnwindSafe(collect)).map_err(|_| anyhow!("internal: the query engine gave up"))??;
    let groups: Vec<u32> = if selection.total {
        vec![0]
    } else {
        table.column(columns::GROUP)?.u32()?.iter().map(|g| g.unwrap_or(0)).collect()
    };
    let mut rows: Vec<(Key, Vec<f64>)> =
        groups.iter().map(|&g| (selection.keys[g as usize].clone(), Vec::with_capacity(named.len()))).collect();
    for i in 0..named.len() {
        let values = table.column(&format!("v{i}"))?.cast(&polars::prelude::DataType::Float64)?;
        for (row, value) in rows.iter_mut().zip(values.f64()?.iter()) {
            row.1.push(value.unwrap_or(f64::NAN));
        }
    }
    Ok(rows)
}

/// Whether any source fills a column that the metric needs.
fn can_measure(desk: &Desk, metric: &Metric) -> bool {
    let survey = |name: &str| matches!(name, "score") && !desk.answers.is_empty();
    metric.needs.is_empty() || metric.needs.iter().any(|name| desk.facts.table.column(name).is_some() || survey(name))
}

/// Each group's first output of `base` over that of all groups of the same time.
fn of_total(
    desk: &Desk,
    base: &str,
    by: &[&'static Dimension],
    window: &Window,
    put: &mut dyn FnMut(Key, f64),
) -> Result<()> {
    let Some(base) = metrics::find(base) else { return Ok(()) };
    let is_time: Vec<bool> = by.iter().map(|d| d.grain().is_some()).collect();
    let times: Vec<&'static Dimension> = by.iter().copied().filter(|d| d.grain().is_some()).collect();
    let groups = measure(desk, &[base], by, window)?;
    let totals = measure(desk, &[base], &times, window)?;
    for (key, values) in groups.groups {
        let time: Key = key.iter().zip(&is_time).filter(|(_, is_time)| **is_time).map(|(k, _)| *k).collect();
        let total = totals.groups.get(&time).map_or(f64::NAN, |v| v[0]);
        put(key, values[0] / total);
    }
    Ok(())
}

/// A period in which any row is too recent to judge has no value yet; the count says so.
fn blank_unripe(out: &mut Measured, metrics: &[&'static Metric], window: &Window) {
    if window.period.is_none() && window.split.is_none() {
        return;
    }
    let mut at = 0;
    for metric in metrics {
        let recent = metric.outputs.iter().position(|o| o.role == Role::TooRecent);
        for values in out.groups.values_mut().filter(|v| recent.is_some_and(|r| v[at + r] > 0.0)) {
            for (i, output) in metric.outputs.iter().enumerate() {
                if matches!(output.role, Role::Value | Role::Low | Role::High | Role::N) {
                    values[at + i] = f64::NAN;
                }
            }
        }
        at += metric.outputs.len();
    }
}
