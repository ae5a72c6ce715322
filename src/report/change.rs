//! Whether a change is more than chance: the 95 % interval of the difference of two periods (metrics.md §8).
//!
//! Which formula fits follows from what a figure is: counts as Poisson, shares by Newcombe, means and quantiles of
//! what rows come to by the variance between customers, curves, scores and ratios by their own intervals. A further
//! kind is one arm of `change`.

use super::Cell;
use super::figures::Figure;
use super::readings::{ByMetric, Readings};
use crate::metrics::{Clock, Compute, Role, Statistic};
use crate::stats::clusters::{self, Samples};
use crate::stats::survival::Curve;
use crate::stats::{self, Estimate};
use crate::unit::Unit;

/// What is known of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// Its 95 % interval.
    Between(f64, f64),
    /// There are too few rows for an interval, or no formula for it: it could be anything.
    Unclear,
    /// It is no sample of anything: how long the oldest contact is open.
    Fact,
}

impl Change {
    /// Whether no change at all is among what it could be.
    pub fn could_be_chance(self) -> bool {
        match self {
            Self::Between(low, high) => low <= 0.0 && high >= 0.0,
            Self::Unclear => true,
            Self::Fact => false,
        }
    }

    pub fn interval(self) -> Option<(f64, f64)> {
        if let Self::Between(low, high) = self { Some((low, high)) } else { None }
    }

    fn of(interval: Option<(f64, f64)>) -> Self {
        match interval.filter(|(low, high)| low.is_finite() && high.is_finite()) {
            Some((low, high)) => Self::Between(low, high),
            None => Self::Unclear,
        }
    }
}

impl Cell {
    /// The same, beside the value before and how far the change from it could be chance.
    pub fn compared(self, previous: Option<f64>, change: Option<Change>) -> Self {
        let (change_low, change_high) = change.and_then(Change::interval).unzip();
        let chance = change.is_some_and(Change::could_be_chance);
        Self { previous, chance, change_low, change_high, ..self }
    }

    /// A count beside the one before.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn compared_count(now: u64, before: Option<u64>) -> Self {
        let before = before.map(|before| before as f64);
        Self::count(now).compared(before, before.map(|before| of_counts(now as f64, before)))
    }
}

/// The change of a figure between the two periods of its readings; `None` where it has no value in one of them.
pub fn change(figure: Figure, readings: &ByMetric) -> Option<Change> {
    let own = readings.get(figure.metric.id)?;
    both(own, figure.output)?;
    let output = &figure.metric.outputs[figure.output];
    if matches!(output.role, Role::Low | Role::High) {
        // The bound of a value that could have moved by chance could have.
        return change(Figure { output: 0, ..figure }, readings);
    }
    // Beside a ratio of two groups stands the difference of their shares, which is no share of all.
    let of_groups = figure.metric.outputs[0].unit == Unit::Ratio;
    let whole_share = figure.n().filter(|_| output.unit == Unit::Share && !of_groups);
    Some(match (figure.metric.statistic(figure.output), &figure.metric.compute) {
        (Some(Statistic::Quantile(q)), _) => {
            Change::of(of_samples(own, |now, before| clusters::quantile_difference(now, before, q)))
        }
        (Some(Statistic::Mean), _) => Change::of(of_samples(own, clusters::mean_difference)),
        (Some(Statistic::Within(q)), _) => Change::of(of_curves(own, |curve| curve.quantile_estimate(q))),
        (Some(Statistic::After(time)), _) => Change::of(of_curves(own, |curve| curve.survival_estimate(time))),
        (None, Compute::OfTotal(base)) => Change::of(of_total(figure, base, readings)),
        (None, Compute::PerHundred(_)) => Change::of(per_hundred(own)),
        (None, _) if output.unit == Unit::Count => {
            let (now, before) = both(own, figure.output)?;
            of_counts(now, before)
        }
        (None, _) if figure.output == 0 && output.unit != Unit::Share && figure.bounds().is_some() => {
            Change::of(by_bounds(figure, own))
        }
        (None, _) => match whole_share {
            Some(n) => Change::of(shares(both(own, figure.output)?, both(own, n))),
            None if figure.metric.population.clock == Clock::State => Change::Fact,
            None => Change::Unclear,
        },
    })
}

/// An output now and before.
fn both(readings: &Readings, output: usize) -> Option<(f64, f64)> {
    let known = |values: &[f64]| values.get(output).copied().filter(|value| value.is_finite());
    Some((known(&readings.now)?, known(readings.before.as_deref()?)?))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small and not negative")]
fn whole(n: f64) -> u64 {
    n.round() as u64
}

/// Of what the rows of the two periods come to.
fn of_samples(own: &Readings, compare: impl Fn(&Samples, &Samples) -> Option<Estimate>) -> Option<(f64, f64)> {
    let (now, before) = own.samples.as_ref()?;
    compare(now, before).map(|change| (change.low, change.high))
}

/// Of what is read off the curves of the two periods.
fn of_curves(own: &Readings, read: impl Fn(&Curve) -> Option<Estimate>) -> Option<(f64, f64)> {
    let (now, before) = own.curves.as_ref()?;
    let change = read(now)?.minus(read(before)?);
    Some((change.low, change.high))
}

/// Of two counts.
pub fn of_counts(now: f64, before: f64) -> Change {
    Change::of(Some(stats::poisson_difference(whole(now), whole(before))))
}

/// Shares of so many, by Newcombe.
fn shares((now, before): (f64, f64), of: Option<(f64, f64)>) -> Option<(f64, f64)> {
    let (now_n, before_n) = of?;
    let part = |share: f64, n: f64| (whole(share * n), whole(n));
    stats::newcombe(part(now, now_n), part(before, before_n))
}

/// A group's share of all groups: what all came to follows from its own count.
fn of_total(figure: Figure, base: &str, readings: &ByMetric) -> Option<(f64, f64)> {
    let (now, before) = both(readings.get(figure.metric.id)?, figure.output)?;
    let (count_now, count_before) = both(readings.get(base)?, 0)?;
    shares((now, before), Some((count_now / now, count_before / before)))
}

/// A count over another, which is taken as it is.
fn per_hundred(own: &Readings) -> Option<(f64, f64)> {
    let ((now, before), (now_n, before_n)) = (both(own, 0)?, both(own, 1)?);
    let variance = |rate: f64, n: f64| 100.0 * rate / n;
    let spread = stats::Z95 * (variance(now, now_n) + variance(before, before_n)).sqrt();
    Some((now - before - spread, now - before + spread))
}

/// Two values with intervals of their own, taken as independent.
fn by_bounds(figure: Figure, own: &Readings) -> Option<(f64, f64)> {
    let (low, high) = figure.bounds()?;
    let ((low_now, low_before), (high_now, high_before)) = (both(own, low)?, both(own, high)?);
    let (now, before) = both(own, figure.output)?;
    let now = Estimate { value: now, low: low_now, high: high_now };
    let change = now.minus(Estimate { value: before, low: low_before, high: high_before });
    Some((change.low, change.high))
}
