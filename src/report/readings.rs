//! What is measured for the cells of a table: now, before, and over the weeks before, on average and as limits.
//!
//! `Asked` is what the reader asked for. Metrics whose windows are not over are read of the latest period that
//! they can judge. Cells are made of readings in `figures.rs`. What is made of the weeks before is in `weeks.rs`.

use super::Point;
use super::figures::Figure;
use super::weeks::Weeks;
use crate::desk::Desk;
use crate::dimensions::Dimension;
use crate::measure::{Ask, Figures, Key, measure_all, subjects, values};
use crate::metrics::{self, Metric};
use crate::period::{Grain, Period};
use crate::stats::clusters::Samples;
use crate::stats::survival::Curve;
use crate::timeline::Window;
use anyhow::Result;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How many weeks are looked at together where one is too thin.
const WIDENED: i32 = 8;

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

/// All groups' readings.
pub type Groups = BTreeMap<Key, ByMetric>;

/// One metric's outputs in one group: now, before, on average.
#[derive(Clone, Default)]
pub struct Readings {
    pub now: Vec<f64>,
    pub before: Option<Vec<f64>>,
    pub average: Option<Vec<f64>>,
    /// The limits of each output in the weeks before, where these are enough.
    pub usual: Vec<Option<(f64, f64)>>,
    /// Each output in the weeks before and in its own.
    pub series: Vec<Vec<Point>>,
    /// Durations of the rows now and before, where two periods are compared.
    pub samples: Option<(Samples, Samples)>,
    /// The curves of those who are watched, likewise.
    pub curves: Option<(Curve, Curve)>,
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

    /// The same question, of a single week together with those before it: for what one week is too thin for. How many
    /// weeks that are, or 1 of any other period.
    pub fn widened(&self) -> (i32, Self) {
        match self.period.filter(|period| period.is_one(Grain::Week)) {
            Some(week) => {
                let all = Period { from: week.to - 7 * WIDENED, ..week };
                (WIDENED, Self { period: Some(all), compared: None, ..self.clone() })
            }
            None => (1, self.clone()),
        }
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

    /// The window of the period compared with, if the data reach into it.
    pub fn window_before(&self, desk: &Desk) -> Option<Window> {
        let compared = self.compared.map(|period| desk.timeline.window(period, self.lag));
        compared.filter(|window| desk.covers(window))
    }

    /// The window of the period itself.
    pub fn window(&self, desk: &Desk) -> Window {
        self.period.map_or_else(|| desk.timeline.everything(), |p| desk.timeline.window(p, self.lag))
    }
}

/// Measure all figures in all the stretches of time that their cells show, metrics of one period together; of those
/// that are `averaged`, in the weeks before too.
pub fn read(
    desk: &Desk,
    figures: &[Figure],
    by: &[&'static Dimension],
    asked: &Asked,
    averaged: &BTreeSet<&str>,
) -> Result<Groups> {
    let mut metrics: Vec<&'static Metric> = figures.iter().map(|f| f.metric).collect();
    // Of a share of all groups, what it is a share of tells how far it moves by chance; and of how few something is.
    metrics.extend(figures.iter().filter_map(|figure| figure.metric.behind()).filter_map(metrics::find));
    metrics.sort_by_key(|m| (asked.ripe_for(desk, m).period.map(|p| p.from), m.id));
    metrics.dedup_by_key(|m| m.id);
    let mut out = Groups::new();
    let same =
        |a: &&'static Metric, b: &&'static Metric| asked.ripe_for(desk, a).period == asked.ripe_for(desk, b).period;
    for metrics in metrics.chunk_by(same) {
        let asked = asked.ripe_for(desk, metrics[0]);
        let windows = (asked.window(desk), asked.window_before(desk));
        let in_weeks: Vec<_> = metrics.iter().copied().filter(|metric| averaged.contains(metric.id)).collect();
        let weeks = Weeks::of(desk, &in_weeks, by, &asked).filter(|_| !in_weeks.is_empty());
        read_together(desk, (metrics, by), &windows, weeks.as_ref(), &mut out)?;
        let (now, before) = &windows;
        let Some(before) = before else { continue };
        let compared = |figure: &&Figure| figure.metric.statistic(figure.output).is_some();
        let compared: BTreeSet<&str> = figures.iter().filter(compared).map(|figure| figure.metric.id).collect();
        let compared: Vec<_> = metrics.iter().copied().filter(|metric| compared.contains(metric.id)).collect();
        add_samples(desk, (&compared, by), (now, before), &mut out)?;
        add_curves(desk, (&compared, by), (now, before), &mut out);
    }
    Ok(out)
}

/// A group's readings of a metric, to be filled.
fn of<'r>(out: &'r mut Groups, key: Key, metric: &'static Metric) -> &'r mut Readings {
    out.entry(key).or_default().entry(metric.id).or_default()
}

/// Metrics of one period, as they are now, as they were before, and in the weeks before.
fn read_together(
    desk: &Desk,
    (metrics, by): (&[&'static Metric], &[&'static Dimension]),
    (now, before): &(Window, Option<Window>),
    weeks: Option<&Weeks>,
    out: &mut Groups,
) -> Result<()> {
    let ask = |window: &Window| Ask { metrics, by, window: window.clone() };
    let mut asks = vec![ask(now)];
    asks.extend(before.iter().map(ask));
    asks.extend(weeks.iter().flat_map(|weeks| weeks.asks(by)));
    let mut answers = measure_all(desk, &asks)?.into_iter();
    for (key, metric, values) in answers.next().into_iter().flat_map(|now| each(metrics, now)) {
        of(out, key, metric).now = values;
    }
    // A group that has vanished still has its line.
    let before = before.as_ref().and_then(|_| answers.next());
    for (key, metric, values) in before.into_iter().flat_map(|before| each(metrics, before)) {
        of(out, key, metric).before = Some(values);
    }
    if let (Some(weeks), Some(weekly), Some(pooled)) = (weeks, answers.next(), answers.next()) {
        for (key, metric, earlier) in weeks.figures(weekly, pooled) {
            let readings = of(out, key, metric);
            (readings.average, readings.usual) = (Some(earlier.average), earlier.usual);
            readings.series = earlier.series;
            for (points, now) in readings.series.iter_mut().zip(&readings.now) {
                points.push(Point { period: weeks.name.clone(), value: Some(*now).filter(|now| now.is_finite()) });
            }
        }
    }
    Ok(())
}

/// What each group's rows come to, now and before.
fn add_samples(
    desk: &Desk,
    (metrics, by): (&[&'static Metric], &[&'static Dimension]),
    (now, before): (&Window, &Window),
    out: &mut Groups,
) -> Result<()> {
    let samples = |metric, window| -> Result<Vec<(Key, Samples)>> {
        Ok(values(desk, metric, by, window)?.into_iter().map(|(key, rows)| (key, Samples::new(rows))).collect())
    };
    let found = metrics.par_iter().map(|&metric| {
        let (now, before) = rayon::join(|| samples(metric, now), || samples(metric, before));
        Ok((metric, now?, before?))
    });
    for (metric, now, before) in found.collect::<Result<Vec<_>>>()? {
        for (key, samples) in now {
            of(out, key, metric).samples.get_or_insert_default().0 = samples;
        }
        for (key, samples) in before {
            of(out, key, metric).samples.get_or_insert_default().1 = samples;
        }
    }
    Ok(())
}

/// The curve of each group's subjects, now and before; none by time, where each period answers for itself.
fn add_curves(
    desk: &Desk,
    (metrics, by): (&[&'static Metric], &[&'static Dimension]),
    (now, before): (&Window, &Window),
    out: &mut Groups,
) {
    if by.iter().any(|dimension| dimension.grain().is_some()) {
        return;
    }
    for metric in metrics {
        for (key, subjects) in subjects(desk, metric, by, now) {
            of(out, key, metric).curves.get_or_insert_default().0 = Curve::new(&subjects);
        }
        for (key, subjects) in subjects(desk, metric, by, before) {
            of(out, key, metric).curves.get_or_insert_default().1 = Curve::new(&subjects);
        }
    }
}

/// Each metric's figures, group by group.
pub fn each<'m>(
    metrics: &'m [&'static Metric],
    measured: Vec<Figures>,
) -> impl Iterator<Item = (Key, &'static Metric, Vec<f64>)> + 'm {
    let own = |(&metric, figures): (&&'static Metric, Figures)| {
        figures.into_iter().map(move |(key, values)| (key, metric, values))
    };
    metrics.iter().zip(measured).flat_map(own)
}
