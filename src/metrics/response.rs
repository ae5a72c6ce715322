//! How fast customers are answered (metrics.md §2).

use super::expressions::{count, has, is, only, quantile, replied, share};
use super::{Clock, Compute, Context, Metric, Output, Population, Role, left_out, n, output, value};
use crate::unit::{Better, Unit};
use polars::prelude::{Expr, col, lit, when};

const STARTED_WRITTEN: Population = Population::new(Clock::Start, "contacts on written channels, by their start");
const STARTED_LIVE: Population = Population::new(Clock::Start, "contacts on live channels, by their start");
const STARTED_WITH_TARGET: Population = Population::new(
    Clock::Start,
    "contacts with a response target that fell due by the judging instant, by their start",
);

const fn told(suffix: &'static str, label: &'static str) -> Output {
    output(suffix, label, Unit::Count, Role::Told)
}

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "frt",
        label: "first reply",
        help: "Written channels: from the customer's first message (or the start) to the first public reply by a human; bots do not count. Not yet answered and open: counted, with the present wait. Closed, or of unknown state, without a reply: counted apart. Live channels have `wait` instead: seconds and hours are not pooled. A duration computed by the vendor enters only where the export has no instants.",
        formula: "first_response_at − started_at; median and p90 by linear interpolation (type 7)",
        better: Better::Down,
        population: STARTED_WRITTEN,
        outputs: &[
            value("p50", "half within", Unit::Seconds),
            value("p90", "9 in 10 within", Unit::Seconds),
            value("mean", "mean", Unit::Seconds),
            n("answered or waiting"),
            told("waiting", "still waiting, with their present wait"),
            told("vendor", "by the vendor's own duration"),
            left_out("silent", "over, or of unknown state, without a reply"),
        ],
        needs: &["first_response_at", "vendor_first_response"],
        compute: Compute::Spread { millis: first_reply, told: first_reply_told },
        ripens: None,
        proof: &[
            ("p50", 5400.0),
            ("p90", 41_040.0),
            ("mean", 16_575.0),
            ("n", 8.0),
            ("waiting", 1.0),
            ("vendor", 1.0),
            ("silent", 1.0),
        ],
    },
    Metric {
        id: "wait",
        label: "wait",
        help: "Live channels: from queue entry to the human answer, over answered contacts (its mean is the average speed of answer): the export's wait where filled, else the pick-up minus the start; for chat the first human reply. An answered contact without a usable wait is left out and counted.",
        formula: "wait, else answered_at − started_at",
        better: Better::Down,
        population: STARTED_LIVE,
        outputs: &[
            value("p50", "half within", Unit::Seconds),
            value("p90", "9 in 10 within", Unit::Seconds),
            value("mean", "mean (ASA)", Unit::Seconds),
            n("answered"),
            left_out("unknown", "answered, wait unknown"),
        ],
        needs: &["wait", "answered_at", "first_response_at"],
        compute: Compute::Spread {
            millis: |_| only(col("wait"), is("answered").and(picked_up())),
            told: |_| vec![count(is("answered").and(has("wait").not()))],
        },
        ripens: None,
        proof: &[("p50", 65.0), ("p90", 228.0), ("mean", 104.0), ("n", 5.0), ("unknown", 1.0)],
    },
    Metric {
        id: "response_sla",
        label: "first reply in target",
        help: "Of the contacts whose response target fell due by the judging instant, the share answered within it. Targets by channel and priority come from the settings (written: on the first reply; live: on the wait; a target without a channel is for written ones); the export's own verdict counts where nothing else allows ours, and is counted. Not yet due: in neither part, however early the reply. Late by how much: of the written ones that were answered late or still wait.",
        formula: "answered with frt <= target / contacts with started_at + target <= judging instant",
        better: Better::Up,
        population: STARTED_WITH_TARGET,
        outputs: &[
            value("", "in target", Unit::Share),
            n("due"),
            value("late_p50", "late by, half within", Unit::Seconds),
            told("vendor", "by the export's own verdict"),
            left_out("not_due", "not yet due"),
        ],
        needs: &["first_response_at", "vendor_first_response", "wait", "answered_at", "vendor_response_sla"],
        compute: Compute::Aggregate(response_sla),
        ripens: None,
        proof: &[("", 8.0 / 11.0), ("n", 11.0), ("late_p50", 57_600.0), ("vendor", 0.0), ("not_due", 1.0)],
    },
];

/// A written contact that was still waiting for its first reply at the judging instant.
fn waiting() -> Expr {
    is("waiting")
}

/// A written contact whose start is known to the minute.
fn precise_written() -> Expr {
    is("written")
}

fn first_reply(_: &Context) -> Expr {
    when(precise_written().and(replied()))
        .then(col("replied_at") - col("at"))
        .otherwise(only(col("judged_at") - col("at"), waiting()))
}

fn first_reply_told(_: &Context) -> Vec<Expr> {
    vec![
        count(waiting()),
        count(precise_written().and(replied()).and(is("reply_by_vendor"))),
        count(precise_written().and(replied().not()).and(waiting().not())),
    ]
}

/// The wait was over by the judging instant.
fn picked_up() -> Expr {
    (col("at") + col("wait")).lt_eq(col("judged_at")).fill_null(lit(true))
}

fn response_sla(_: &Context) -> Vec<Expr> {
    let written = precise_written().and(has("target"));
    let lost = is("abandoned").or(is("missed"));
    let live = is("live").and(has("target")).and(has("at")).and(is("answered").and(has("wait")).or(lost));
    let ours = written.clone().or(live.clone());
    let by_vendor = col("vendor_sla").lt(lit(2)).and(ours.clone().not());
    let due = (col("at") + col("target")).lt_eq(col("judged_at")).fill_null(lit(false));
    let counted = ours.clone().and(due.clone()).or(by_vendor.clone());
    let took = when(written.clone()).then(col("replied_at") - col("at")).otherwise(only(col("wait"), is("answered")));
    let met = when(by_vendor.clone()).then(col("vendor_sla").eq(lit(1))).otherwise(took.lt_eq(col("target")));
    let met = met.fill_null(lit(false));
    let end = when(replied()).then(col("replied_at")).otherwise(col("judged_at"));
    let late = end - col("at") - col("target");
    vec![
        share(met.clone(), counted.clone()),
        count(counted.clone()),
        quantile(only(late, written.and(due.clone()).and(met.not()).and(replied().or(waiting()))), 0.5),
        count(by_vendor),
        count(ours.and(due.not())),
    ]
}
