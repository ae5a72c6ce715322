//! Metrics in business time: which of them have such a variant, and what it comes to on the sample.
//!
//! A variant is its metric with every instant counted in open hours: `first reply, in business hours` is computed by
//! the expressions of `first reply`. A contact that no opening hours apply to is left out and counted. To give a
//! metric its variant: a line in `VARIANTS`. When desks are open is `calendar/`.

use super::{Compute, Metric, Output, left_out};
use polars::prelude::Expr;

/// A metric and its proof in business time.
struct Variant {
    of: &'static str,
    proof: &'static [(&'static str, f64)],
}

const VARIANTS: &[Variant] = &[];

/// The columns that are instants: in business time each is the open time until then.
const INSTANTS: &[&str] =
    &["at", "started_at", "judged_at", "replied_at", "any_reply_at", "resolved_at", "first_resolved_at"];

/// What the columns of business time begin with.
pub const PREFIX: &str = "business ";

const WITHOUT_HOURS: Output = left_out("no_hours", "no opening hours apply");

/// The variants of these metrics. Made once and kept as long as the program runs, as the literals are.
pub(super) fn variants(metrics: &[&'static Metric]) -> Vec<&'static Metric> {
    let metric = |variant: &Variant| metrics.iter().find(|metric| metric.id == variant.of);
    VARIANTS.iter().filter_map(|variant| Some(in_business_time(metric(variant)?, variant.proof))).collect()
}

fn in_business_time(metric: &'static Metric, proof: &'static [(&'static str, f64)]) -> &'static Metric {
    let outputs: Vec<Output> = metric.outputs.iter().copied().chain([WITHOUT_HOURS]).collect();
    let help = format!(
        "{} All of it in business time: only the hours in which the settings say that the contact's desk is open. Wholly outside of them is a true 0; a vendor's own duration is left out.",
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

/// An expression over instants, now over the open time until each of them.
pub fn in_hours(expression: Expr) -> Expr {
    expression.map_expr(|part| match part {
        Expr::Column(name) if INSTANTS.contains(&name.as_str()) => polars::prelude::col(format!("{PREFIX}{name}")),
        other => other,
    })
}
