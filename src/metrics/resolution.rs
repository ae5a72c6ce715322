//! What got solved (metrics.md §4). Whether in time is in `targets.rs`, how long it takes in `durations.rs`, whether it
//! held in `held.rs`, what is open in `backlog.rs`.

use super::expressions::{count, has, is, replied, share};
use super::{Clock, Compute, Context, Metric, Population, TOO_RECENT, left_out, n, value};
use crate::facts::course::WATCHED;
use crate::unit::{Better, Unit};
use polars::prelude::{Expr, col, lit};

const STARTED: Population = Population::new(Clock::Start, "contacts with a known state, by their start");
const HANDLED: Population =
    Population::new(Clock::Start, "contacts that a human handled, with a known state, by their start");
const RESOLVED: Population = Population::new(Clock::Resolution, "resolved contacts, by their last resolution");

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
];

/// Resolved, but nobody knows when: judged before as-of, it is in neither part.
fn undated(context: &Context) -> Expr {
    is("done").and(has("resolved_at").not()).and(col("judged_at").lt(lit(context.as_of)))
}

fn resolved_of(context: &Context, among: &Expr) -> Vec<Expr> {
    let whole = is("status_known").and(undated(context).not()).and(among.clone());
    vec![share(is("resolved_then"), whole.clone()), count(whole)]
}
