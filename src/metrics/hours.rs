//! Metrics in business time: which of them have such a variant, and what it comes to on the sample.
//!
//! A variant is its metric with every instant counted in open hours: `first reply, in business hours` is computed by
//! the expressions of `first reply`. What no opening hours apply to is left out, and how much that is the metric itself
//! tells last, in business time. To give a metric its variant: a line in `VARIANTS`. When desks are open is `calendar/`.

use super::{Compute, Metric, Output, left_out, targets};
use polars::prelude::Expr;

/// A metric and its proof in business time.
struct Variant {
    of: &'static str,
    proof: &'static [(&'static str, f64)],
}

const VARIANTS: &[Variant] = &[
    Variant {
        of: "frt",
        proof: &[
            ("p50", 3_600.0),
            ("p90", 24_480.0),
            ("mean", 9_600.0),
            ("n", 7.0),
            ("vendor", 1.0),
            ("no_hours", 0.0),
        ],
    },
    Variant {
        of: "frt_any",
        proof: &[("p50", 1_800.0), ("p90", 18_000.0), ("mean", 45_660.0 / 7.0), ("n", 7.0), ("waiting", 1.0)],
    },
    Variant {
        of: "next_reply",
        proof: &[("p50", 2_100.0), ("p90", 16_200.0), ("mean", 6_450.0), ("n", 4.0), ("waiting", 1.0)],
    },
    Variant { of: "wait", proof: &[("p50", 65.0), ("p90", 228.0), ("mean", 104.0), ("n", 5.0)] },
    Variant { of: "asa", proof: &[("", 100.0 / 3.0), ("n", 3.0)] },
    Variant { of: "abandon_wait", proof: &[("p50", 20.0), ("p90", 36.0), ("mean", 20.0), ("n", 2.0)] },
    Variant { of: "wait_km", proof: &[("p50", 65.0), ("p90", 300.0), ("n", 7.0), ("answered", 5.0), ("gone", 2.0)] },
    Variant { of: "response_sla", proof: &[("", 0.7), ("n", 10.0), ("late_p50", 0.0), ("not_due", 1.0)] },
    Variant { of: "frt_km", proof: &[("p50", 3_600.0), ("n", 8.0), ("answered", 6.0), ("waiting", 2.0)] },
    Variant { of: "resolution_sla", proof: &[("", 0.8), ("n", 5.0), ("late_p50", 201_600.0), ("not_due", 2.0)] },
    Variant { of: "ttr_full", proof: &[("p50", 19_800.0), ("p90", 28_800.0), ("mean", 17_100.0), ("n", 6.0)] },
    Variant { of: "ttr_first", proof: &[("p50", 10_800.0), ("p90", 20_880.0), ("n", 3.0), ("unknown", 3.0)] },
    Variant { of: "ttr_active", proof: &[("p50", 10_800.0), ("p90", 20_880.0), ("n", 3.0), ("unknown", 3.0)] },
    Variant { of: "ttr_km", proof: &[("p50", 28_800.0), ("n", 9.0), ("resolved", 6.0), ("open", 3.0)] },
];

/// The columns that are instants: in business time each is the open time until then.
const INSTANTS: &[&str] = &[
    "at",
    "started_at",
    "asked_at",
    "judged_at",
    "replied_at",
    "any_reply_at",
    "resolved_at",
    "first_resolved_at",
    "resolved_by_then",
    "picked_up_at",
];

/// What the columns of business time begin with.
pub const IN_HOURS: &str = "business ";

const WITHOUT_HOURS: Output = left_out("no_hours", "no opening hours apply");

/// The variants of these metrics. Made once and kept as long as the program runs, as the literals are.
pub(super) fn variants(metrics: &[&'static Metric]) -> Vec<&'static Metric> {
    let metric = |variant: &Variant| metrics.iter().find(|metric| metric.id == variant.of);
    VARIANTS.iter().filter_map(|variant| Some(in_business_time(metric(variant)?, variant.proof))).collect()
}

fn in_business_time(metric: &'static Metric, proof: &'static [(&'static str, f64)]) -> &'static Metric {
    let vendor = left_out("vendor", "only the vendor's own duration");
    let own = |output: &Output| if output.suffix == vendor.suffix && !is_verdict(metric) { vendor } else { *output };
    let outputs = metric.outputs.iter().filter(|output| output.suffix != targets::CLOSED.suffix).map(own);
    let outputs: Vec<Output> = outputs.chain([WITHOUT_HOURS]).collect();
    let help = format!(
        "{} All of it in business time: only the hours in which the settings say that the contact's desk is open. Wholly outside of them is a true 0; a vendor's own duration is left out. Of what the metric counts, that to which no opening hours apply is left out and told.",
        metric.help
    );
    Box::leak(Box::new(Metric {
        id: format!("{}_business", metric.id).leak(),
        label: format!("{}, business hours", metric.label).leak(),
        help: help.leak(),
        formula: format!("{}, in business time", metric.formula).leak(),
        outputs: outputs.leak(),
        compute: Compute::InHours(metric),
        proof,
        ..*metric
    }))
}

/// A metric of targets, where the vendor's is a verdict, which counts in any time.
const fn is_verdict(metric: &Metric) -> bool {
    matches!(metric.compute, Compute::Due { .. })
}

/// The open time until an instant.
pub fn open_until(name: &str) -> Expr {
    polars::prelude::col(format!("{IN_HOURS}{name}"))
}

/// An expression over instants, now over the open time until each of them.
pub fn in_hours(expression: Expr) -> Expr {
    expression.map_expr(|part| match part {
        Expr::Column(name) if INSTANTS.contains(&name.as_str()) => open_until(&name),
        other => other,
    })
}
