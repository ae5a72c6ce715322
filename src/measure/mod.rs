//! Metrics by dimensions over a window: which rows count, in which group, judged when.
//!
//! Rows get a group number here, so that polars groups one integer column and never text; what a
//! metric makes of its rows is in its own literal. Totals are the same expressions over all rows, never
//! sums of groups. What polars is asked is in `query.rs`, its fact columns in `columns.rs`; the values of single rows
//! are in `values.rs`.

mod columns;
mod query;
mod select;
mod values;

pub use values::values;

use crate::desk::{Desk, Group};
use crate::dimensions::{self, Dimension};
use crate::metrics::{self, Clock, Compute, Frame, Metric, Population, Role, Span};
use crate::period::{Grain, Period};
use crate::stats;
use crate::timeline::Window;
use anyhow::Result;
use select::Selection;
use std::collections::BTreeMap;

/// The numbers of one group, one a dimension.
pub type Key = Vec<i64>;

/// Figures by group: one value an output, in the order of the metrics asked for; NaN is missing.
#[derive(Debug, Default, Clone)]
pub struct Measured {
    pub groups: BTreeMap<Key, Vec<f64>>,
}

/// A question: metrics by dimensions over a window.
pub struct Ask<'a> {
    pub metrics: &'a [&'static Metric],
    pub by: &'a [&'static Dimension],
    pub window: Window,
}

/// The groups of a table and their figures.
pub fn measure(
    desk: &Desk,
    metrics: &[&'static Metric],
    by: &[&'static Dimension],
    window: &Window,
) -> Result<Measured> {
    let mut measured = measure_all(desk, &[Ask { metrics, by, window: window.clone() }])?;
    Ok(measured.pop().unwrap_or_default())
}

/// The same for several questions: what polars is asked of the same metrics, it is asked once.
pub fn measure_all(desk: &Desk, asks: &[Ask]) -> Result<Vec<Measured>> {
    let mut answers = vec![Measured::default(); asks.len()];
    let mut queries: BTreeMap<(Clock, Vec<&str>), Vec<Query>> = BTreeMap::new();
    let mut windows = Vec::new();
    for (nth, (ask, answer)) in asks.iter().zip(&mut answers).enumerate() {
        let window = split_by(desk, ask.by, &ask.window);
        for query in queried(desk, ask, nth, &window, answer)? {
            let ids = query.parts.iter().map(|part| part.metric.id).collect();
            queries.entry((query.selection.clock, ids)).or_default().push(query);
        }
        windows.push(window);
    }
    for queries in queries.into_values() {
        query::run(desk, &queries, &mut |query, key, values| {
            let mut from = 0;
            for part in &query.parts {
                let to = from + part.metric.outputs.len();
                answers[query.ask].put(key.clone(), part.at, &values[from..to], width(asks[query.ask].metrics));
                from = to;
            }
        })?;
    }
    for ((ask, window), answer) in asks.iter().zip(&windows).zip(&mut answers) {
        blank_unripe(answer, ask.metrics, window);
    }
    Ok(answers)
}

/// The window, each of its periods judged by itself where it is split by time.
fn split_by(desk: &Desk, by: &[&'static Dimension], window: &Window) -> Window {
    let grain = by.iter().filter_map(|d| d.grain()).min();
    grain.map_or_else(|| window.clone(), |grain| desk.timeline.split(window, grain))
}

/// How many figures a group has.
fn width(metrics: &[&'static Metric]) -> usize {
    metrics.iter().map(|metric| metric.outputs.len()).sum()
}

/// Answer what polars need not be asked; what it is to be asked.
fn queried(desk: &Desk, ask: &Ask, nth: usize, window: &Window, answer: &mut Measured) -> Result<Vec<Query>> {
    let width = width(ask.metrics);
    let mut at = 0;
    let mut parts: BTreeMap<(Frame, Clock, Span), Vec<Part>> = BTreeMap::new();
    for &metric in ask.metrics {
        let part = Part { metric, at };
        at += metric.outputs.len();
        let mut put = |key, values: &[f64]| answer.put(key, part.at, values, width);
        match &metric.compute {
            Compute::OfTotal(base) => of_total(desk, base, ask.by, window, &mut put)?,
            Compute::Across { of, by } => across(desk, (of, by), ask.by, window, &mut put)?,
            _ if can_measure(desk, metric) => {
                let Population { frame, clock, span, .. } = metric.population;
                parts.entry((frame, clock, span)).or_default().push(part);
            }
            _ => {}
        }
    }
    let mut queries = Vec::new();
    for ((frame, clock, span), parts) in parts {
        let firsts = if clock == Clock::State { select::firsts(desk, ask.by) } else { [].into() };
        let (by_polars, by_hand): (Vec<_>, Vec<_>) = parts.into_iter().partition(Part::is_expression);
        for window in stretches(desk, clock, span, window) {
            let rows = if span == Span::Before { before(desk, &window) } else { Some(window.clone()) };
            let Some(rows) = rows else { continue };
            let split = window.split_key(clock, span);
            let selection = Selection::new(desk, (frame, clock), (ask.by, &firsts), &rows, split);
            for part in &by_hand {
                grouped(desk, part, ask.by, (&selection, &window), &mut |key, values| {
                    answer.put(key, part.at, values, width);
                });
            }
            if !by_polars.is_empty() {
                queries.push(Query { ask: nth, parts: by_polars.clone(), selection });
            }
        }
    }
    Ok(queries)
}

/// A metric and where its outputs begin in a row of figures.
#[derive(Clone, Copy)]
struct Part {
    metric: &'static Metric,
    at: usize,
}

impl Part {
    /// Whether polars can say it.
    fn is_expression(&self) -> bool {
        matches!(self.metric.computed().0, Compute::Aggregate(_) | Compute::Spread { .. })
    }
}

/// What polars is asked: metrics of one clock, all of them aggregates, over some rows.
struct Query {
    /// Which question it is part of.
    ask: usize,
    parts: Vec<Part>,
    selection: Selection,
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

/// What is computed group by group, by a function over its rows.
fn grouped(
    desk: &Desk,
    part: &Part,
    by: &[&'static Dimension],
    (selection, window): (&Selection, &Window),
    put: &mut dyn FnMut(Key, &[f64]),
) {
    let (compute, in_hours) = part.metric.computed();
    for (key, rows, judged_at) in selection.groups() {
        let group = Group { desk, rows: &rows, judged_at: &judged_at, window, by, key: &key, in_hours };
        let mut values: Vec<f64> = match compute {
            Compute::Grouped(function) => function(&group),
            Compute::PerHundred(counts) => per_hundred(counts(&group)),
            Compute::Mean { each, told } => {
                let each = each(&group).into_iter();
                let (sum, of) = each.fold((0.0, 0.0), |(sum, of), each| (sum + each.value, of + each.of));
                [sum / of, of].into_iter().chain(told(&group)).collect()
            }
            Compute::Listed { millis, told } => {
                let millis = millis(&group).into_iter().map(|(_, millis)| millis).collect();
                stats::spread(millis).into_iter().chain(told(&group)).collect()
            }
            _ => return,
        };
        values.extend(in_hours.then(|| group.without_hours()));
        put(key, &values);
    }
}

/// The first over the second, times 100, and the second; missing where there is none of it.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn per_hundred([part, whole]: [usize; 2]) -> Vec<f64> {
    if whole == 0 { vec![f64::NAN; 2] } else { vec![100.0 * part as f64 / whole as f64, whole as f64] }
}

/// Look at a metric's rows, group by group.
pub fn look(
    desk: &Desk,
    metric: &'static Metric,
    by: &[&'static Dimension],
    window: &Window,
    at: &mut dyn FnMut(&Group),
) {
    let (in_hours, clocks) = (metric.computed().1, (metric.population.frame, metric.population.clock));
    if !can_measure(desk, metric) {
        return;
    }
    let selection = Selection::new(desk, clocks, (by, &[]), window, None);
    for (key, rows, judged_at) in selection.groups() {
        at(&Group { desk, rows: &rows, judged_at: &judged_at, window, by, key: &key, in_hours });
    }
}

/// Whether any source fills a column that the metric needs.
fn can_measure(desk: &Desk, metric: &'static Metric) -> bool {
    let known = |name: &str| match name {
        "score" => !desk.answers.is_empty(),
        "hours" => desk.calendars.is_some(),
        "events" => !desk.facts.history.is_empty(),
        "sent_at" => !desk.sent.is_empty(),
        "ordered_at" => !desk.activity.purchases.is_empty(),
        name => desk.facts.table.column(name).is_some(),
    };
    if metric.computed().1 && desk.calendars.is_none() {
        return false;
    }
    metric.needs.is_empty() || metric.needs.iter().any(|name| known(name))
}

/// Each group's first output of `base` over that of all groups of the same time.
fn of_total(
    desk: &Desk,
    base: &str,
    by: &[&'static Dimension],
    window: &Window,
    put: &mut dyn FnMut(Key, &[f64]),
) -> Result<()> {
    let Some(base) = metrics::find(base) else { return Ok(()) };
    let is_time: Vec<bool> = by.iter().map(|d| d.grain().is_some()).collect();
    let times: Vec<&'static Dimension> = by.iter().copied().filter(|d| d.grain().is_some()).collect();
    let groups = measure(desk, &[base], by, window)?;
    let totals = measure(desk, &[base], &times, window)?;
    for (key, values) in groups.groups {
        let time: Key = key.iter().zip(&is_time).filter(|(_, is_time)| **is_time).map(|(k, _)| *k).collect();
        let total = totals.groups.get(&time).map_or(f64::NAN, |v| v[0]);
        put(key, &[values[0] / total]);
    }
    Ok(())
}

/// By how much the first outputs of other metrics differ between the groups of a dimension that have enough rows, and
/// how many groups these are.
fn across(
    desk: &Desk,
    (of, dimension): (&[&str], &str),
    by: &[&'static Dimension],
    window: &Window,
    put: &mut dyn FnMut(Key, &[f64]),
) -> Result<()> {
    /// Of fewer rows a share says little.
    const ENOUGH: f64 = 20.0;
    let split: Vec<&'static Dimension> = by.iter().copied().chain(dimensions::find(dimension)).collect();
    let mut apart: BTreeMap<Key, Vec<f64>> = BTreeMap::new();
    for (at, metric) in of.iter().filter_map(|id| metrics::find(id)).enumerate() {
        let mut bounds: BTreeMap<Key, (f64, f64, u32)> = BTreeMap::new();
        for (mut key, values) in measure(desk, &[metric], &split, window)?.groups {
            let known = key.pop() != Some(dimensions::NO_KEY);
            let bounds = bounds.entry(key).or_insert((f64::INFINITY, f64::NEG_INFINITY, 0));
            if known && metric.n().is_some_and(|n| values[n] >= ENOUGH) {
                *bounds = (bounds.0.min(values[0]), bounds.1.max(values[0]), bounds.2 + 1);
            }
        }
        for (key, (least, most, groups)) in bounds {
            let apart = apart.entry(key).or_insert_with(|| vec![f64::NAN; 2 * of.len()]);
            apart[2 * at] = if groups > 1 { most - least } else { f64::NAN };
            apart[2 * at + 1] = f64::from(groups);
        }
    }
    apart.into_iter().for_each(|(key, values)| put(key, &values));
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
