//! The weeks before the one asked for: what they come to on average, and between which limits a week is nothing
//! unusual.
//!
//! Both are made of the same series, asked for once. What is asked and shown besides is in `readings.rs`.

use super::readings::{Asked, each};
use super::{Point, Unit};
use crate::desk::Desk;
use crate::dimensions::{self, Dimension};
use crate::measure::{Ask, Figures, Key};
use crate::metrics::{Clock, Compute, Metric, Output, Role};
use crate::period::{Grain, Period};
use crate::stats::usual;
use crate::timeline::Window;
use std::collections::BTreeMap;

/// How many earlier weeks an average is taken over.
const AVERAGED: i32 = 4;
/// How many earlier weeks say what is usual.
const WATCHED: i32 = 13;

/// What a metric's outputs were in the weeks before.
pub struct Earlier {
    /// Counts and states as the mean of the last four weeks, all else over their rows together.
    pub average: Vec<f64>,
    /// The limits of each output, where the weeks are enough.
    pub usual: Vec<Option<(f64, f64)>>,
    /// What each output was in each week.
    pub series: Vec<Vec<Point>>,
}

/// The weeks before the one asked for.
pub struct Weeks {
    /// All of them, judged one by one; the last four, together.
    watched: Window,
    averaged: Window,
    metrics: Vec<&'static Metric>,
    pooled: Vec<&'static Metric>,
    single: Vec<&'static Metric>,
    split: Vec<&'static Dimension>,
    /// Mondays of those that the data cover from their first day on, oldest first.
    whole: Vec<i32>,
    /// The name of the one asked for.
    pub name: String,
    /// How many of the averaged ones the data cover.
    covered: usize,
    /// The first of those that an average is taken over.
    from: i64,
}

/// A metric's outputs by Monday.
type Series = BTreeMap<i64, Vec<f64>>;

impl Weeks {
    /// Nothing unless a single week is asked for.
    pub fn of(desk: &Desk, metrics: &[&'static Metric], by: &[&'static Dimension], asked: &Asked) -> Option<Self> {
        let period = asked.period.filter(|p| p.is_one(Grain::Week))?;
        let last = |weeks: i32| Period { from: period.from - 7 * weeks, to: period.from, grain: Grain::Week };
        let window = |weeks| Window { split: Some(Grain::Week), ..desk.timeline.window(last(weeks), asked.lag) };
        let metrics: Vec<_> = metrics.iter().copied().filter(|m| m.population.clock != Clock::Trailing).collect();
        let (pooled, single): (Vec<_>, Vec<_>) = metrics.iter().copied().partition(|m| can_pool(m));
        let mut split = by.to_vec();
        split.extend(dimensions::find("week"));
        let mondays = |weeks| (1..=weeks).rev().map(move |n| period.from - 7 * n);
        let week = |monday| desk.timeline.window(Period::of(Grain::Week, monday), asked.lag);
        let covered = mondays(AVERAGED).filter(|&monday| desk.covers(&week(monday))).count();
        let first_day = desk.timeline.zone.day(desk.facts.first_at);
        let whole = mondays(WATCHED).filter(|&monday| monday >= first_day && desk.covers(&week(monday)));
        Some(Self {
            watched: window(WATCHED),
            averaged: window(AVERAGED),
            metrics,
            pooled,
            single,
            split,
            whole: whole.collect(),
            name: period.name(),
            covered,
            from: i64::from(period.from - 7 * AVERAGED),
        })
    }

    /// The weeks one by one, and the last of them together.
    pub fn asks<'a>(&'a self, by: &'a [&'static Dimension]) -> [Ask<'a>; 2] {
        [
            Ask { metrics: &self.metrics, by: &self.split, window: self.watched.clone() },
            Ask { metrics: &self.pooled, by, window: self.averaged.clone() },
        ]
    }

    /// What the answers say of each group and metric.
    pub fn figures(&self, weekly: Vec<Figures>, pooled: Vec<Figures>) -> Vec<(Key, &'static Metric, Earlier)> {
        let mut series: BTreeMap<(Key, &str), Series> = BTreeMap::new();
        for (mut key, metric, values) in each(&self.metrics, weekly) {
            let monday = key.pop().unwrap_or(0);
            series.entry((key, metric.id)).or_default().insert(monday, values);
        }
        let mut averages: Vec<(Key, &'static Metric, Vec<f64>)> = each(&self.pooled, pooled).collect();
        for (key, id) in series.keys() {
            let metric = self.single.iter().find(|metric| metric.id == *id);
            averages.extend(metric.map(|&metric| (key.clone(), metric, vec![f64::NAN; metric.outputs.len()])));
        }
        let none = Series::new();
        let earlier = |(key, metric, mut average): (Key, &'static Metric, Vec<f64>)| {
            let series = series.get(&(key.clone(), metric.id)).unwrap_or(&none);
            let recent: Vec<&Vec<f64>> = series.range(self.from..).map(|(_, values)| values).collect();
            of_weeks(metric, &recent, self.covered, &mut average);
            let series: Vec<_> = (0..metric.outputs.len()).map(|at| self.points(metric, at, series)).collect();
            let usual = metric.outputs.iter().zip(&series).map(|(output, points)| limits(output, points)).collect();
            (key, metric, Earlier { average, usual, series })
        };
        averages.into_iter().map(earlier).collect()
    }

    /// An output week by week. A week without any rows is none in a count; in anything else it has no value.
    fn points(&self, metric: &Metric, at: usize, series: &Series) -> Vec<Point> {
        let none = (metric.outputs[at].unit == Unit::Count).then_some(0.0);
        let point = |&monday: &i32| {
            let value = series.get(&i64::from(monday)).map_or(none, |values| values.get(at).copied());
            Point { period: Grain::Week.name(monday), value: value.filter(|v| v.is_finite()) }
        };
        self.whole.iter().map(point).collect()
    }
}

/// The limits of a value by what it was.
fn limits(output: &Output, points: &[Point]) -> Option<(f64, f64)> {
    let known: Vec<f64> = points.iter().filter_map(|point| point.value).collect();
    usual::limits(&known).filter(|_| output.role == Role::Value)
}

/// Put in what is an average of weeks: counts, and everything of a metric that cannot be counted over weeks together.
fn of_weeks(metric: &Metric, weeks: &[&Vec<f64>], covered: usize, values: &mut [f64]) {
    let n = metric.n();
    for (at, output) in metric.outputs.iter().enumerate().filter(|(_, o)| !can_pool(metric) || o.unit == Unit::Count) {
        values[at] = match n.filter(|_| output.unit == Unit::Share) {
            Some(n) => weighted(weeks.iter().map(|w| (w[at], w[n]))),
            None => mean_of_weeks(weeks.iter().map(|w| w[at]), output.unit, covered),
        };
    }
}

/// Whether a metric of several weeks can be computed over their rows together.
fn can_pool(metric: &Metric) -> bool {
    metric.population.pools && !matches!(metric.compute, Compute::OfTotal(_) | Compute::Across { .. })
}

/// A share of several weeks is sum over sum, never the mean of shares.
fn weighted(weeks: impl Iterator<Item = (f64, f64)>) -> f64 {
    let known = weeks.filter(|(share, n)| share.is_finite() && n.is_finite());
    let (part, whole) = known.fold((0.0, 0.0), |(part, whole), (share, n)| (part + share * n, whole + n));
    part / whole
}

/// A week without any rows counts as none in a count, if the data cover it; in anything else it has no value.
#[expect(clippy::cast_precision_loss, reason = "a handful of weeks")]
fn mean_of_weeks(values: impl Iterator<Item = f64>, unit: Unit, covered: usize) -> f64 {
    let known: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    let weeks = if unit == Unit::Count { covered } else { known.len() };
    if known.is_empty() { f64::NAN } else { known.iter().sum::<f64>() / weeks.max(1) as f64 }
}
