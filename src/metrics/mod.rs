//! Every number that deskstat prints: one literal a metric, in the file of its family.
//!
//! A metric says what it is called, whom it counts, how it is computed and what it comes to on the
//! hand-made sample (`sample.rs`). Headings, `list`, `explain`, CSV columns and tests follow from the
//! literal. To add one: write it in its family's table, with its proof. When rows are judged and how
//! groups are made is `measure/`.

mod backlog;
mod calls;
mod channels;
mod curves;
mod customers;
mod durations;
pub mod experience;
mod expressions;
mod held;
mod hours;
mod journeys;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod properties;
mod resolution;
mod response;
#[cfg(test)]
mod sample;
mod satisfaction;
#[cfg(test)]
mod stationary;
pub mod survival;
mod targets;

pub use calls::{FORMULAS, FormulaWords};
pub use expressions::distribution;
pub use hours::{IN_HOURS, in_hours};

use crate::desk::Group;
use crate::settings::Settings;
use crate::stats::clusters::Sample;
use crate::stats::survival::Subject;
use crate::unit::{Better, Unit};
use polars::prelude::Expr;
use std::sync::LazyLock;

/// One definition.
pub struct Metric {
    /// `frt`
    pub id: &'static str,
    /// `first reply`
    pub label: &'static str,
    /// What it is, in words that anyone can check with a pencil; ends with a full stop.
    pub help: &'static str,
    /// In symbols.
    pub formula: &'static str,
    pub better: Better,
    pub population: Population,
    pub outputs: &'static [Output],
    /// Canonical columns without which it is `–`; one of them is enough.
    pub needs: &'static [&'static str],
    pub compute: Compute,
    /// Milliseconds after a row's time until it can be judged, where that needs waiting.
    pub ripens: Option<fn(&Settings) -> i64>,
    /// Outputs and their values on the sample.
    pub proof: &'static [(&'static str, f64)],
}

/// One figure of a metric; its column is `id` or `id_suffix`.
#[derive(Clone, Copy)]
pub struct Output {
    pub suffix: &'static str,
    pub label: &'static str,
    pub unit: Unit,
    pub role: Role,
}

/// What a figure is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Value,
    /// How many rows the values count.
    N,
    /// Bounds of the 95 % interval.
    Low,
    High,
    /// Rows that the values leave out; the label says why.
    LeftOut,
    /// Rows left out because their windows are not over: where there are any, a period has no value yet.
    TooRecent,
    /// Rows that the values count in a way worth telling.
    Told,
}

/// Whom a metric counts (metrics.md §0.2, §0.5, §0.7): contacts unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Population {
    pub frame: Frame,
    pub clock: Clock,
    pub span: Span,
    /// Rows of several periods may be counted together. Not so where a longer period means another thing:
    /// a state, or a set of customers.
    pub pools: bool,
    /// For people: `inbound contacts, by their start`.
    pub words: &'static str,
}

/// Which interactions are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frame {
    /// The default population.
    Contacts,
    /// Contacts and what the company began itself.
    BothWays,
}

/// What places a row in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clock {
    Start,
    Resolution,
    /// Each resolution, those that were reopened too.
    Closing,
    /// When a rating was given.
    Answer,
    /// When a survey was sent.
    Sending,
    /// When an order was placed.
    Order,
    /// A state at the period's end: contacts that had started and were not over then.
    State,
    /// Customers over trailing windows of their own.
    Trailing,
}

/// Which stretch of time the rows are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// The period itself.
    Own,
    /// The period before.
    Before,
}

/// How the figures are computed, in the order of the outputs.
pub enum Compute {
    /// polars expressions: in `select` the total, in `group_by` the row.
    Aggregate(fn(&Context) -> Vec<Expr>),
    /// Milliseconds of each row that counts, of which half within, 9 in 10 within, mean and how many are taken; and
    /// what else is told.
    Spread { millis: fn(&Context) -> Expr, told: fn(&Context) -> Vec<Expr> },
    /// The same, where a row has none or several durations: each with its row.
    Listed { millis: fn(&Group) -> Vec<(u32, i64)>, told: fn(&Group) -> Vec<f64> },
    /// The mean of what rows come to, and of how many; and what else is told.
    Mean { each: fn(&Group) -> Vec<Sample>, told: fn(&Group) -> Vec<f64> },
    /// Targets: the figures, and by how many milliseconds each row that is late is.
    Due { figures: fn(&Context) -> Vec<Expr>, late: fn(&Context) -> Expr },
    /// What needs a look at several rows together; NaN is missing.
    Grouped(fn(&Group) -> Vec<f64>),
    /// The same, of those who are watched until something happens, in seconds.
    Curve { subjects: fn(&Group) -> Vec<Subject>, figures: fn(&Group) -> Vec<f64> },
    /// One count over another, times 100; and the other.
    PerHundred(fn(&Group) -> [usize; 2]),
    /// The group's value of another metric's first output over that of all groups of the same time.
    OfTotal(&'static str),
    /// How far the first outputs of other metrics lie apart between the groups of a dimension, and how many groups are
    /// compared: two outputs for each.
    Across { of: &'static [&'static str], by: &'static str },
    /// Another metric with its durations in business time.
    InHours(&'static Metric),
}

/// What is taken of what single rows come to, or of those who are watched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    Quantile(f64),
    Mean,
    /// Of a curve: the time by which it has happened to such a share.
    Within(f64),
    /// Of a curve: the share to whom it has not happened after so many seconds.
    After(f64),
}

/// What an expression may depend on besides its rows.
pub struct Context<'a> {
    pub settings: &'a Settings,
    pub as_of: i64,
    /// The start of the earliest contact.
    pub first_at: i64,
    /// Durations are in business time.
    pub in_hours: bool,
}

impl Metric {
    /// The column of an output.
    pub fn column(&self, output: &Output) -> String {
        if output.suffix.is_empty() { self.id.to_owned() } else { format!("{}_{}", self.id, output.suffix) }
    }

    /// How it is computed, and whether in business time.
    pub fn computed(&'static self) -> (&'static Compute, bool) {
        match &self.compute {
            Compute::InHours(base) => (&base.compute, true),
            own => (own, false),
        }
    }

    /// What an output takes of what single rows come to, or of those who are watched, where these are known.
    pub fn statistic(&'static self, output: usize) -> Option<Statistic> {
        let suffix = self.outputs[output].suffix;
        let quantile = match suffix {
            "p50" => Some(0.5),
            "p90" => Some(0.9),
            _ => None,
        };
        let after = survival::AFTER.into_iter().find(|(of, _)| *of == suffix).map(|(_, seconds)| seconds);
        match self.computed().0 {
            Compute::Spread { .. } | Compute::Listed { .. } if suffix == "mean" => Some(Statistic::Mean),
            Compute::Spread { .. } | Compute::Listed { .. } => quantile.map(Statistic::Quantile),
            Compute::Mean { .. } => (output == 0).then_some(Statistic::Mean),
            Compute::Due { .. } => (suffix == "late_p50").then_some(Statistic::Quantile(0.5)),
            Compute::Curve { .. } => quantile.map(Statistic::Within).or(after.map(Statistic::After)),
            _ => None,
        }
    }

    /// Whether an output counts interactions one by one, so that there is one behind each.
    pub fn counts_interactions(&'static self, output: usize) -> bool {
        let Population { clock, span, pools, .. } = self.population;
        let of_interactions = matches!(clock, Clock::Start | Clock::Resolution | Clock::State) && span == Span::Own;
        // Where rows of several periods cannot be counted together, it is customers that are counted, or a state.
        let one_by_one = pools || clock == Clock::State;
        let by_rows = matches!(self.computed().0, Compute::Aggregate(_) | Compute::Spread { .. });
        of_interactions && one_by_one && by_rows && self.outputs[output].unit == Unit::Count
    }

    /// The metric whose first output counts the rows behind this one's values, where it has no n of its own that does.
    pub fn behind(&'static self) -> Option<&'static str> {
        match self.compute {
            Compute::OfTotal(base) => Some(base),
            Compute::PerHundred(_) => Some("contacts"),
            _ if self.n().is_some() => None,
            _ if self.population.clock == Clock::State => Some("backlog"),
            _ => Some(self.id).filter(|_| self.outputs[0].unit == Unit::Count),
        }
    }

    /// The position of the output that counts rows.
    pub fn n(&self) -> Option<usize> {
        self.outputs.iter().position(|o| o.role == Role::N)
    }
}

impl Population {
    const fn new(clock: Clock, words: &'static str) -> Self {
        let pools = !matches!(clock, Clock::State | Clock::Trailing);
        Self { frame: Frame::Contacts, clock, span: Span::Own, pools, words }
    }
}

const fn output(suffix: &'static str, label: &'static str, unit: Unit, role: Role) -> Output {
    Output { suffix, label, unit, role }
}

const fn value(suffix: &'static str, label: &'static str, unit: Unit) -> Output {
    output(suffix, label, unit, Role::Value)
}

const fn n(label: &'static str) -> Output {
    output("n", label, Unit::Count, Role::N)
}

const fn told(suffix: &'static str, label: &'static str) -> Output {
    output(suffix, label, Unit::Count, Role::Told)
}

/// The figures that `expressions::distribution` makes.
const HALF: Output = value("p50", "half within", Unit::Seconds);
const NINE_IN_TEN: Output = value("p90", "9 in 10 within", Unit::Seconds);
const MEAN: Output = value("mean", "mean", Unit::Seconds);

const TOO_RECENT: Output = output("immature", "too recent to judge", Unit::Count, Role::TooRecent);

const fn left_out(suffix: &'static str, label: &'static str) -> Output {
    output(suffix, label, Unit::Count, Role::LeftOut)
}

/// All metrics, in the order in which they are listed.
pub static METRICS: LazyLock<Vec<&'static Metric>> = LazyLock::new(|| {
    let families = [
        channels::METRICS,
        response::METRICS,
        targets::RESPONSE,
        curves::RESPONSE,
        calls::METRICS,
        resolution::METRICS,
        targets::RESOLUTION,
        durations::METRICS,
        curves::RESOLUTION,
        held::METRICS,
        backlog::METRICS,
        satisfaction::METRICS,
        customers::METRICS,
        journeys::METRICS,
    ];
    let mut all: Vec<&'static Metric> = families.into_iter().flatten().collect();
    all.extend(hours::variants(&all));
    all
});

/// A metric by its id.
pub fn find(id: &str) -> Option<&'static Metric> {
    METRICS.iter().copied().find(|m| m.id == id)
}

/// A metric by the id of one of its columns, with that output's position: `frt_p50`.
pub fn find_column(column: &str) -> Option<(&'static Metric, usize)> {
    METRICS.iter().find_map(|m| m.outputs.iter().position(|o| m.column(o) == column).map(|at| (*m, at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_complete_and_columns_unique() {
        let mut columns: Vec<String> = METRICS.iter().flat_map(|m| m.outputs.iter().map(|o| m.column(o))).collect();
        let all = columns.len();
        columns.sort();
        columns.dedup();
        assert_eq!(columns.len(), all, "two outputs share a column");
        for metric in METRICS.iter() {
            assert!(metric.help.ends_with('.'), "{}: help ends with a full stop", metric.id);
            assert!(!metric.formula.is_empty() && !metric.proof.is_empty(), "{}", metric.id);
            for (suffix, _) in metric.proof {
                assert!(metric.outputs.iter().any(|o| o.suffix == *suffix), "{}: no output `{suffix}`", metric.id);
            }
        }
    }
}
