//! What is measured for the cells of a table: now, before, and over the weeks before.
//!
//! `Asked` is what the reader asked for. Metrics whose windows are not over are read of the latest period that
//! they can judge. Cells are made of readings in `figures.rs`.

use super::Unit;
use super::figures::Figure;
use crate::desk::Desk;
use crate::dimensions::{self, Dimension};
use crate::measure::{Ask, Key, Measured, measure_all};
use crate::metrics::{Clock, Compute, Metric};
use crate::period::{Grain, Period};
use crate::timeline::Window;
use anyhow::Result;
use std::collections::BTreeMap;

/// How many earlier weeks an average is taken over.
const AVERAGED: i32 = 4;

/// What the reader asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `None`: everything up to as-of.
    pub period: Option<Period>,
    pub compared: Option<Period>,
    /// The lag of equal follow-up, of the newest period asked for.
    pub lag: i64,
    /// Metrics whose windows are not over step back to a period that they can judge.
    pub steps_back: bool,
}

/// A group's readings by metric id.
pub type ByMetric = BTreeMap<&'static str, Readings>;

/// One metric's outputs in one group: now, before, on average.
#[derive(Clone, Default)]
pub struct Readings {
    pub now: Vec<f64>,
    pub before: Option<Vec<f64>>,
    pub average: Option<Vec<f64>>,
}

impl Asked {
    /// The same question about the latest period that this metric can judge.
    pub fn ripe_for(&self, desk: &Desk, metric: &Metric) -> Self {
        let (Some(period), Some(ripens), true) = (self.period, metric.ripens, self.steps_back) else {
            return self.clone();
        };
        let wait = ripens(&desk.settings);
        let mut ripe = self.clone();
        let (mut now, mut before) = (period, self.compared);
        // The last row of a period that is cut before its end ripens as much earlier.
        let last_row = |period: Period| desk.timeline.window(period, self.lag).to - 1;
        while last_row(now).saturating_add(wait) > desk.timeline.as_of {
            (now, before) = (now.step_back(), before.map(Period::step_back));
        }
        (ripe.period, ripe.compared) = (Some(now), before);
        ripe
    }

    /// The same question about a series: there each period answers for itself, and stays blank where it is too recent.
    pub fn in_series(&self, by: &[&Dimension]) -> Self {
        Self { steps_back: self.steps_back && by.iter().all(|d| d.grain().is_none()), ..self.clone() }
    }

    /// What the figures of the period stand under.
    pub fn heading(&self) -> &'static str {
        match self.period {
            Some(period) if period.is_one(period.grain) => match period.grain {
                Grain::Day => "this day",
                Grain::Week => "this week",
                Grain::Month => "this month",
            },
            Some(_) => "this period",
            None => "all",
        }
    }

    /// The window of the period itself.
    pub fn window(&self, desk: &Desk) -> Window {
        self.period.map_or_else(|| desk.timeline.everything(), |p| desk.timeline.window(p, self.lag))
    }
}

/// Measure all figures in all the stretches of time that their cells show; metrics of one period together.
pub fn read(
    desk: &Desk,
    figures: &[Figure],
    by: &[&'static Dimension],
    asked: &Asked,
    averaged: bool,
) -> Result<BTreeMap<Key, ByMetric>> {
    let mut metrics: Vec<&'static Metric> = figures.iter().map(|f| f.metric).collect();
    metrics.sort_by_key(|m| (asked.ripe_for(desk, m).period.map(|p| p.from), m.id));
    metrics.dedup_by_key(|m| m.id);
    let mut out: BTreeMap<Key, ByMetric> = BTreeMap::new();
    let same =
        |a: &&'static Metric, b: &&'static Metric| asked.ripe_for(desk, a).period == asked.ripe_for(desk, b).period;
    for metrics in metrics.chunk_by(same) {
        let asked = asked.ripe_for(desk, metrics[0]);
        let compared = asked.compared.map(|period| desk.timeline.window(period, asked.lag));
        let compared = compared.filter(|window| desk.covers(window));
        let averaged = Averaged::of(desk, metrics, by, &asked).filter(|_| averaged);
        let ask = |window: &Window| Ask { metrics, by, window: window.clone() };
        let mut asks = vec![ask(&asked.window(desk))];
        asks.extend(compared.iter().map(ask));
        asks.extend(averaged.iter().flat_map(|averaged| averaged.asks(by)));
        let mut answers = measure_all(desk, &asks)?.into_iter();
        for (key, metric, values) in answers.next().into_iter().flat_map(|now| apart(metrics, now)) {
            out.entry(key).or_default().entry(metric.id).or_default().now = values;
        }
        // A group that has vanished still has its line.
        let before = compared.and_then(|_| answers.next());
        for (key, metric, values) in before.into_iter().flat_map(|before| apart(metrics, before)) {
            out.entry(key).or_default().entry(metric.id).or_default().before = Some(values);
        }
        if let (Some(averaged), Some(weekly), Some(pooled)) = (&averaged, answers.next(), answers.next()) {
            for (key, metric, values) in averaged.figures(weekly, pooled) {
                out.entry(key).or_default().entry(metric.id).or_default().average = Some(values);
            }
        }
    }
    Ok(out)
}

/// Each group's figures, metric by metric.
fn apart<'m>(
    metrics: &'m [&'static Metric],
    measured: Measured,
) -> impl Iterator<Item = (Key, &'static Metric, Vec<f64>)> + 'm {
    measured.groups.into_iter().flat_map(move |(key, values)| {
        let mut from = 0;
        metrics.iter().map(move |&metric| {
            let to = from + metric.outputs.len();
            let own = values[from..to].to_vec();
            from = to;
            (key.clone(), metric, own)
        })
    })
}

/// The weeks before the one asked for: counts and states as the mean of the weeks, all else over their rows together.
struct Averaged {
    window: Window,
    metrics: Vec<&'static Metric>,
    pooled: Vec<&'static Metric>,
    single: Vec<&'static Metric>,
    split: Vec<&'static Dimension>,
    /// How many of the weeks the data cover.
    covered: usize,
}

impl Averaged {
    /// Nothing unless a single week is asked for.
    fn of(desk: &Desk, metrics: &[&'static Metric], by: &[&'static Dimension], asked: &Asked) -> Option<Self> {
        let period = asked.period.filter(|p| p.is_one(Grain::Week))?;
        let weeks = Period { from: period.from - 7 * AVERAGED, to: period.from, grain: Grain::Week };
        let metrics: Vec<_> = metrics.iter().copied().filter(|m| m.population.clock != Clock::Trailing).collect();
        let (pooled, single): (Vec<_>, Vec<_>) = metrics.iter().copied().partition(|m| can_pool(m));
        let mut split = by.to_vec();
        split.extend(dimensions::find("week"));
        let covered = (0..AVERAGED).map(|n| Period::of(Grain::Week, weeks.from + 7 * n));
        let covered = covered.filter(|&week| desk.covers(&desk.timeline.window(week, asked.lag))).count();
        let window = Window { split: Some(Grain::Week), ..desk.timeline.window(weeks, asked.lag) };
        Some(Self { window, metrics, pooled, single, split, covered })
    }

    /// The weeks one by one, and together.
    fn asks<'a>(&'a self, by: &'a [&'static Dimension]) -> [Ask<'a>; 2] {
        let window = || self.window.clone();
        [
            Ask { metrics: &self.metrics, by: &self.split, window: window() },
            Ask { metrics: &self.pooled, by, window: window() },
        ]
    }

    fn figures(&self, weekly: Measured, pooled: Measured) -> Vec<(Key, &'static Metric, Vec<f64>)> {
        let mut by_week: BTreeMap<(Key, &str), Vec<Vec<f64>>> = BTreeMap::new();
        for (mut key, metric, values) in apart(&self.metrics, weekly) {
            key.pop();
            by_week.entry((key, metric.id)).or_default().push(values);
        }
        let mut out: Vec<(Key, &'static Metric, Vec<f64>)> = apart(&self.pooled, pooled).collect();
        for (key, id) in by_week.keys() {
            let metric = self.single.iter().find(|metric| metric.id == *id);
            out.extend(metric.map(|&metric| (key.clone(), metric, vec![f64::NAN; metric.outputs.len()])));
        }
        for (key, metric, values) in &mut out {
            let weeks = by_week.get(&(key.clone(), metric.id)).map_or(&[][..], Vec::as_slice);
            of_weeks(metric, weeks, self.covered, values);
        }
        out
    }
}

/// Put in what is an average of weeks: counts, and everything of a metric that cannot be counted over weeks together.
fn of_weeks(metric: &Metric, weeks: &[Vec<f64>], covered: usize, values: &mut [f64]) {
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
