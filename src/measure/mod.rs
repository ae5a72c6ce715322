//! Metrics by dimensions over a window: which rows count, in which group, judged when.
//!
//! Rows get a group number here, so that polars groups one integer column and never text; what a
//! metric makes of its rows is in its own literal. Totals are the same expressions over all rows, never
//! sums of groups. Which rows are whose is in `select.rs`, what polars is asked in `query.rs`, its fact columns in
//! `columns.rs`; what functions make of a group's rows is in `by_hand.rs`, of other metrics in `derived.rs`; the values
//! of single rows are in `values.rs`, those that a count is made of in `counted.rs`.

mod by_hand;
mod columns;
mod counted;
mod derived;
mod query;
mod select;
mod values;

pub use counted::counted;
pub use values::{subjects, values};

use crate::desk::Desk;
use crate::dimensions::Dimension;
use crate::metrics::{Clock, Compute, Frame, Metric, Population, Role, Span};
use crate::period::{Grain, Period};
use crate::timeline::Window;
use anyhow::Result;
use rayon::prelude::*;
use select::Selection;
use std::collections::BTreeMap;

/// The numbers of one group, one a dimension.
pub type Key = Vec<i64>;

/// A metric's figures by group: one value an output; NaN is missing.
pub type Figures = BTreeMap<Key, Vec<f64>>;

/// A question: metrics by dimensions over a window.
pub struct Ask<'a> {
    pub metrics: &'a [&'static Metric],
    pub by: &'a [&'static Dimension],
    pub window: Window,
}

/// A metric's groups and their figures.
pub fn measure(desk: &Desk, metric: &'static Metric, by: &[&'static Dimension], window: &Window) -> Result<Figures> {
    let ask = Ask { metrics: &[metric], by, window: window.clone() };
    Ok(measure_all(desk, &[ask])?.into_iter().flatten().next().unwrap_or_default())
}

/// The same for several questions, metric by metric: what polars is asked of the same metrics, it is asked once.
pub fn measure_all(desk: &Desk, asks: &[Ask]) -> Result<Vec<Vec<Figures>>> {
    let windows: Vec<Window> = asks.iter().map(|ask| split_by(desk, ask.by, &ask.window)).collect();
    let answered =
        asks.par_iter().zip(&windows).enumerate().map(|(nth, (ask, window))| queried(desk, ask, nth, window));
    let (mut answers, queried): (Vec<_>, Vec<_>) = answered.collect::<Result<Vec<_>>>()?.into_iter().unzip();
    let mut queries: BTreeMap<(Clock, Vec<&str>), Vec<Query>> = BTreeMap::new();
    for query in queried.into_iter().flatten() {
        let ids = query.parts.iter().map(|part| part.metric.id).collect();
        queries.entry((query.selection.clock, ids)).or_default().push(query);
    }
    let queries: Vec<Vec<Query>> = queries.into_values().collect();
    let lines = queries.par_iter().map(|queries| query::run(desk, queries)).collect::<Result<Vec<_>>>()?;
    for (query, key, values) in lines.into_iter().flatten() {
        let mut values = values.into_iter();
        for part in &query.parts {
            let own = values.by_ref().take(part.metric.outputs.len()).collect();
            answers[query.ask][part.nth].insert(key.clone(), own);
        }
    }
    for ((ask, window), answers) in asks.iter().zip(&windows).zip(&mut answers) {
        for (nth, metric) in ask.metrics.iter().enumerate() {
            if let Compute::OfTotal(base) = metric.compute {
                let known = ask.metrics.iter().position(|metric| metric.id == base).map(|base| answers[base].clone());
                answers[nth] = derived::of_total(desk, (base, known), ask.by, window)?;
            }
            blank_unripe(&mut answers[nth], metric, window);
        }
    }
    Ok(answers)
}

/// The figures of the only group there is, where nothing was split.
pub fn only(figures: &Figures) -> Option<&[f64]> {
    figures.values().next().map(Vec::as_slice)
}

/// The window, each of its periods judged by itself where it is split by time.
fn split_by(desk: &Desk, by: &[&'static Dimension], window: &Window) -> Window {
    let grain = by.iter().filter_map(|d| d.grain()).min();
    grain.map_or_else(|| window.clone(), |grain| desk.timeline.split(window, grain))
}

/// Answer what polars need not be asked; what it is to be asked.
fn queried(desk: &Desk, ask: &Ask, nth: usize, window: &Window) -> Result<(Vec<Figures>, Vec<Query>)> {
    let mut answers = vec![Figures::new(); ask.metrics.len()];
    let mut parts: BTreeMap<(Frame, Clock, Span), Vec<Part>> = BTreeMap::new();
    for (nth, (&metric, answer)) in ask.metrics.iter().zip(&mut answers).enumerate() {
        match &metric.compute {
            // From what its base comes to.
            Compute::OfTotal(_) => {}
            Compute::Across { of, by } => *answer = derived::across(desk, (of, by), ask.by, window)?,
            _ if can_measure(desk, metric) => {
                let Population { frame, clock, span, .. } = metric.population;
                parts.entry((frame, clock, span)).or_default().push(Part { metric, nth });
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
            let groups = if by_hand.is_empty() { Vec::new() } else { selection.groups() };
            for part in &by_hand {
                answers[part.nth].extend(by_hand::figures(desk, part.metric, ask.by, &groups, &window));
            }
            if !by_polars.is_empty() {
                queries.push(Query { ask: nth, parts: by_polars.clone(), selection });
            }
        }
    }
    Ok((answers, queries))
}

/// A metric and its place among those asked for.
#[derive(Clone, Copy)]
struct Part {
    metric: &'static Metric,
    nth: usize,
}

impl Part {
    /// Whether polars can say it.
    fn is_expression(&self) -> bool {
        matches!(self.metric.computed().0, Compute::Aggregate(_) | Compute::Spread { .. } | Compute::Due { .. })
    }
}

/// What polars is asked: metrics of one clock, all of them aggregates, over some rows.
struct Query {
    /// Which question it is part of.
    ask: usize,
    parts: Vec<Part>,
    selection: Selection,
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

/// A period in which any row is too recent to judge has no value yet; the count says so.
fn blank_unripe(figures: &mut Figures, metric: &Metric, window: &Window) {
    if window.period.is_none() && window.split.is_none() {
        return;
    }
    let recent = metric.outputs.iter().position(|o| o.role == Role::TooRecent);
    for values in figures.values_mut().filter(|v| recent.is_some_and(|recent| v[recent] > 0.0)) {
        for (value, output) in values.iter_mut().zip(metric.outputs) {
            if matches!(output.role, Role::Value | Role::Low | Role::High | Role::N) {
                *value = f64::NAN;
            }
        }
    }
}
