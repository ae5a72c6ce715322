//! How long resolutions take (metrics.md §4): to the first, to the last, and what of it the contact was open for.

use super::expressions::{count, is, only, without_hours};
use super::{Clock, Compute, Context, HALF, MEAN, Metric, NINE_IN_TEN, Population, Role, left_out, n, output};
use crate::desk::Group;
use crate::unit::{Better, Unit};
use polars::prelude::{Expr, col, lit};

const RESOLVED: Population = Population::new(Clock::Resolution, "resolved contacts, by their last resolution");

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "ttr_full",
        label: "time to resolution",
        help: "From the start to the last resolution, of the contacts resolved in the period. Of those closed: contacts still open have no time yet, so this is lower than what a new contact may expect; `ttr_km` counts them.",
        formula: "resolved_at − started_at",
        better: Better::Down,
        population: RESOLVED,
        outputs: &[
            HALF,
            NINE_IN_TEN,
            MEAN,
            n("closed"),
            output("vendor", "by the vendor's own duration", Unit::Count, Role::Told),
        ],
        needs: &["resolved_at", "closed_at", "vendor_resolution"],
        compute: Compute::Spread {
            millis: |context| only(col("resolved_at") - col("started_at"), closed(context)),
            told: |context| told(context, is("timed").and(is("resolved_by_vendor"))),
        },
        ripens: None,
        proof: &[("p50", 48_600.0), ("p90", 86_400.0), ("mean", 45_900.0), ("n", 6.0)],
    },
    Metric {
        id: "ttr_first",
        label: "time to first resolution",
        help: "From the start to the first resolution, of the contacts whose last one lies in the period. By the export's own column or its history; where neither is there, of those known never to have been reopened. The rest is left out and counted.",
        formula: "first_resolved_at − started_at",
        better: Better::Down,
        population: RESOLVED,
        outputs: &[HALF, NINE_IN_TEN, MEAN, n("closed"), left_out("unknown", "first resolution unknown")],
        needs: &["first_resolved_at", "reopens"],
        compute: Compute::Spread {
            millis: |context| only(col("first_resolved_at") - col("started_at"), closed(context)),
            told: |context| told(context, closed(context).and(is("first_known").not())),
        },
        ripens: None,
        proof: &[("p50", 10_800.0), ("p90", 20_880.0), ("mean", 12_600.0), ("n", 3.0), ("unknown", 3.0)],
    },
    Metric {
        id: "ttr_active",
        label: "time open until resolved",
        help: "The time that a contact was open until its last resolution, without the time between a resolution and the reopening after it. By the history; where there is none, of those known never to have been reopened. The rest is left out and counted.",
        formula: "Σ (resolution − start or reopening)",
        better: Better::Down,
        population: RESOLVED,
        outputs: &[HALF, NINE_IN_TEN, MEAN, n("closed"), left_out("unknown", "reopenings unknown")],
        needs: &["events", "reopens"],
        compute: Compute::Listed { millis: active, told: active_told },
        ripens: None,
        proof: &[("p50", 10_800.0), ("p90", 58_320.0), ("mean", 28_200.0), ("n", 3.0), ("unknown", 3.0)],
    },
];

/// Resolved, and both ends are known equally well; in business time not by a vendor's own duration.
fn closed(context: &Context) -> Expr {
    let ours = if context.in_hours { is("resolved_by_vendor").not() } else { lit(true) };
    is("done").and(is("timed")).and(ours)
}

/// How many of the resolved this holds for; contacts that are open again are not among them.
fn told(context: &Context, holds: Expr) -> Vec<Expr> {
    std::iter::once(count(is("done").and(holds))).chain(without_hours(context, is("done"))).collect()
}

/// The rows that `closed` holds for.
fn closed_rows<'g>(group: &'g Group) -> impl Iterator<Item = u32> + 'g {
    let facts = &group.desk.facts;
    let ours = |row: usize| !group.in_hours || !facts.resolved_by_vendor[row];
    let closed = move |row: &u32| {
        let row = *row as usize;
        facts.done[row] && facts.timed[row] && ours(row)
    };
    group.rows.iter().copied().filter(closed)
}

fn active_of(group: &Group, row: u32) -> Option<i64> {
    group.desk.facts.active(row as usize, &|from, to| group.between(row as usize, from, to))
}

fn active(group: &Group) -> Vec<(u32, i64)> {
    closed_rows(group).filter_map(|row| Some((row, active_of(group, row)?))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn active_told(group: &Group) -> Vec<f64> {
    let unknown = |row: &u32| group.desk.facts.active(*row as usize, &|from, to| Some(to - from)).is_none();
    let unknown = closed_rows(group).filter(unknown).count() as f64;
    std::iter::once(unknown).chain(group.without_hours(|row| group.desk.facts.done[row])).collect()
}
