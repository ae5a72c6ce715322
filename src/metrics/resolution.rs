//! What got solved, and whether in time (metrics.md §4). How long it takes is in `durations.rs`, whether it held in
//! `held.rs`, what is open in `backlog.rs`.

use super::expressions::{InTime, count, has, in_own_time, is, only, quantile, replied, share};
use super::{Clock, Compute, Context, Metric, Population, TOO_RECENT, left_out, n, told, value};
use crate::facts::course::WATCHED;
use crate::unit::{Better, Unit};
use polars::prelude::{Expr, col, lit, when};

const STARTED: Population = Population::new(Clock::Start, "contacts with a known state, by their start");
const HANDLED: Population =
    Population::new(Clock::Start, "contacts that a human handled, with a known state, by their start");
const RESOLVED: Population = Population::new(Clock::Resolution, "resolved contacts, by their last resolution");
const WITH_TARGET: Population = Population::new(
    Clock::Start,
    "contacts with a known state and a resolution target that fell due by the judging instant, by their start",
);

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "resolution_rate",
        label: "resolved",
        help: "Of the contacts with a known state that started in the period, the share resolved at the judging instant; each period is judged at its own end plus the same lag. A live contact without a state is left out and counted. With a history, the state at that instant is its; else that of the last resolution. Resolved without a usable time: in no rate that is judged before as-of.",
        formula: "resolved at the judging instant / contacts with a known state",
        better: Better::Up,
        population: STARTED,
        outputs: &[
            value("", "resolved", Unit::Share),
            n("contacts"),
            left_out("unknown", "state unknown"),
            left_out("undated", "resolved at an unknown time"),
        ],
        needs: &["status"],
        compute: Compute::Aggregate(|context| {
            let mut out = resolved_of(context, &lit(true));
            out.push(count(is("status_known").not()));
            out.push(count(undated(context)));
            out
        }),
        ripens: None,
        proof: &[("", 6.0 / 9.0), ("n", 9.0), ("unknown", 12.0), ("undated", 0.0)],
    },
    Metric {
        id: "resolved_handled",
        label: "resolved, of those handled",
        help: "The same share over the contacts that a human had handled by then: answered, or spoken, or replied to. One well-known call data set gives 72.9 % or 89.9 % by this choice, so both are printed.",
        formula: "resolved at the judging instant / handled contacts with a known state",
        better: Better::Up,
        population: HANDLED,
        outputs: &[value("", "resolved, of those handled", Unit::Share), n("handled contacts")],
        needs: &["status"],
        compute: Compute::Aggregate(|context| resolved_of(context, &is("touched").or(replied()))),
        ripens: None,
        proof: &[("", 5.0 / 7.0), ("n", 7.0)],
    },
    Metric {
        id: "resolved_7d",
        label: "resolved within 7 days",
        help: "Of the contacts with a known state that started in the period, windows over, the share resolved 7 days after the start. A window of its own, so that periods compare without waiting for the slowest. Resolved at an unknown time: left out and counted.",
        formula: "resolved at started_at + 7 d / contacts with a known state, started_at + 7 d <= as-of",
        better: Better::Up,
        population: STARTED,
        outputs: &[
            value("", "within 7 days", Unit::Share),
            n("contacts"),
            TOO_RECENT,
            left_out("undated", "resolved at an unknown time"),
        ],
        needs: &["status"],
        compute: Compute::Aggregate(|context| {
            let undated = is("done").and(has("resolved_at").not());
            let over = (col("at") + lit(WATCHED)).lt_eq(lit(context.as_of)).fill_null(lit(false));
            let known = is("status_known").and(has("at")).and(undated.clone().not());
            vec![
                share(is("resolved_7d"), known.clone().and(over.clone())),
                count(known.clone().and(over.clone())),
                count(known.and(over.not())),
                count(undated),
            ]
        }),
        ripens: Some(|_| WATCHED),
        proof: &[("", 5.0 / 6.0), ("n", 6.0), ("immature", 3.0), ("undated", 0.0)],
    },
    Metric {
        id: "resolved",
        label: "closed",
        help: "Contacts whose last resolution lies in the period.",
        formula: "count by resolved_at",
        better: Better::Up,
        population: RESOLVED,
        outputs: &[value("", "closed", Unit::Count)],
        needs: &["status"],
        compute: Compute::Aggregate(|_| vec![count(is("done"))]),
        ripens: None,
        proof: &[("", 6.0)],
    },
    Metric {
        id: "resolution_sla",
        label: "resolved in target",
        help: "Of the contacts whose resolution target fell due by the judging instant, the share whose last resolution met it. Targets by channel and priority come from the settings (a target without a channel is for written ones), and so does whether they are counted in calendar or business time; over and known not to be solved is not met; the export's own verdict counts where no target of ours applies, and is counted. Late by how much: of those resolved late or still open.",
        formula: "resolved_at − started_at <= target / contacts with started_at + target <= judging instant",
        better: Better::Up,
        population: WITH_TARGET,
        outputs: &[
            value("", "in target", Unit::Share),
            n("due"),
            value("late_p50", "late by, half within", Unit::Seconds),
            told("late_n", "late"),
            told("vendor", "by the export's own verdict"),
            left_out("not_due", "not yet due"),
            left_out("undated", "resolved at an unknown time"),
            left_out("closed", "target in business time, and no opening hours apply"),
        ],
        needs: &["status", "vendor_resolution_sla"],
        compute: Compute::Aggregate(resolution_sla),
        ripens: None,
        proof: &[
            ("", 4.0 / 6.0),
            ("n", 6.0),
            ("late_p50", 561_600.0),
            ("vendor", 0.0),
            ("not_due", 1.0),
            ("undated", 0.0),
        ],
    },
];

/// Resolved, but nobody knows when: judged before as-of, it is in neither part.
fn undated(context: &Context) -> Expr {
    is("done").and(has("resolved_at").not()).and(col("judged_at").lt(lit(context.as_of)))
}

fn resolved_of(context: &Context, among: &Expr) -> Vec<Expr> {
    let whole = is("status_known").and(undated(context).not()).and(among.clone());
    vec![share(is("resolved_then"), whole.clone()), count(whole)]
}

fn resolution_sla(context: &Context) -> Vec<Expr> {
    let targets = &context.settings.targets.resolution;
    let own = |of: &InTime| in_own_time("resolution_target_in_hours", targets, of);
    let target = || col("resolution_target");
    let aimed = is("status_known").and(has("resolution_target")).and(has("at"));
    // In business time a vendor's own duration says nothing.
    let in_hours = if context.in_hours { lit(true) } else { is("resolution_target_in_hours") };
    let undated = is("done").and(has("resolved_at").not().or(is("resolved_by_vendor").and(in_hours)));
    let ours = aimed.clone().and(undated.clone().not());
    let by_vendor = col("vendor_resolution_sla").lt(lit(2)).and(aimed.clone().not());
    let due = own(&|at| (at("at") + target()).lt_eq(at("judged_at")));
    // Not known where a target is in business time, and no opening hours apply.
    let (known, due) = (due.clone().is_not_null(), due.fill_null(lit(false)));
    let resolved = has("resolved_by_then");
    let took = own(&|at| at("resolved_by_then") - at("at"));
    let ours_met = resolved.clone().and(took.lt_eq(target())).fill_null(lit(false));
    let met = when(by_vendor.clone()).then(col("vendor_resolution_sla").eq(lit(1))).otherwise(ours_met);
    let counted = ours.clone().and(due.clone()).or(by_vendor.clone());
    let late =
        own(&|at| when(resolved.clone()).then(at("resolved_by_then")).otherwise(at("judged_at")) - at("at") - target());
    let late = only(late, ours.clone().and(due.clone()).and(met.clone().not()).and(is("unresolved").not()));
    vec![
        share(met, counted.clone()),
        count(counted),
        quantile(late.clone(), 0.5),
        count(late.is_not_null()),
        count(by_vendor),
        count(ours.clone().and(known.clone()).and(due.not())),
        count(aimed.and(undated)),
        count(ours.and(known.not()).and(lit(!context.in_hours))),
    ]
}
