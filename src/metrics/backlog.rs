//! What is open at an instant (metrics.md §4): how many, how old, and whether anybody has looked.

use super::expressions::{count, has, is, only};
use super::{Clock, Compute, Context, Metric, Population, value};
use crate::unit::{Better, Unit};
use crate::zone::DAY;
use polars::prelude::{DataType, Expr, col, lit};

const STATE: Population = Population::new(Clock::State, "contacts with a state, at the period's end");

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "backlog",
        label: "open",
        help: "Contacts with a state that started before the period's end (or as-of) and were not resolved before it, by age; an age of exactly a day belongs to the lower one. Unresolved for good is over, not open. Resolved at an unknown time is in no earlier backlog.",
        formula: "started_at < T and not resolved_at < T",
        better: Better::Down,
        population: STATE,
        outputs: &[
            value("", "open", Unit::Count),
            value("0_1d", "up to 1 day", Unit::Count),
            value("1_3d", "1 to 3 days", Unit::Count),
            value("3_7d", "3 to 7 days", Unit::Count),
            value("7_30d", "7 to 30 days", Unit::Count),
            value("30d", "over 30 days", Unit::Count),
            value("over_7d", "over 7 days", Unit::Count),
            value("oldest", "oldest", Unit::Seconds),
            value("untouched", "without a reply", Unit::Count),
        ],
        needs: &["status"],
        compute: Compute::Aggregate(backlog),
        ripens: None,
        proof: &[
            ("", 3.0),
            ("0_1d", 2.0),
            ("1_3d", 0.0),
            ("3_7d", 0.0),
            ("7_30d", 1.0),
            ("30d", 0.0),
            ("over_7d", 1.0),
            ("oldest", 1_209_600.0),
            ("untouched", 1.0),
        ],
    },
    Metric {
        id: "oldest_open",
        label: "oldest open",
        help: "The age of the oldest contact that is open at the period's end (or as-of).",
        formula: "max(T − started_at) over the open contacts",
        better: Better::Down,
        population: STATE,
        outputs: &[value("", "oldest", Unit::Seconds)],
        needs: &["status"],
        compute: Compute::Aggregate(|_| vec![oldest()]),
        ripens: None,
        proof: &[("", 1_209_600.0)],
    },
    Metric {
        id: "untouched",
        label: "open without a reply",
        help: "Contacts open at the period's end (or as-of) that no human had replied to or spoken with by then.",
        formula: "count of open contacts without a human reply",
        better: Better::Down,
        population: STATE,
        outputs: &[value("", "without a reply", Unit::Count)],
        needs: &["status"],
        compute: Compute::Aggregate(|_| vec![untouched()]),
        ripens: None,
        proof: &[("", 1.0)],
    },
];

/// Started and not over; what was resolved at an unknown time is in no earlier backlog.
fn open() -> Expr {
    is("open_then").and(has("at"))
}

fn age() -> Expr {
    col("judged_at") - col("at")
}

fn oldest() -> Expr {
    only(age(), open()).max().cast(DataType::Float64) / lit(1_000.0)
}

fn untouched() -> Expr {
    let replied = col("replied_at").lt(col("ends_at")).fill_null(lit(false));
    count(open().and(replied.or(is("touched_before")).not()))
}

fn backlog(_: &Context) -> Vec<Expr> {
    let between = |over: i64, upto: i64| {
        let old_enough = if over == 0 { lit(true) } else { age().gt(lit(over * DAY)) };
        count(open().and(old_enough).and(age().lt_eq(lit(upto * DAY))))
    };
    vec![
        count(open()),
        between(0, 1),
        between(1, 3),
        between(3, 7),
        between(7, 30),
        between(30, 1_000_000),
        between(7, 1_000_000),
        oldest(),
        untouched(),
    ]
}
