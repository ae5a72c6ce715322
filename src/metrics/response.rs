//! How fast customers are answered (metrics.md §2). Kaplan-Meier curves of the same are in `curves.rs`, targets in
//! `targets.rs`.

use super::expressions::{count, has, is, on_written, only, precise_written, replied, waiting, without_hours};
use super::{Clock, Compute, Context, HALF, MEAN, Metric, NINE_IN_TEN, Population, left_out, n, told, value};
use crate::columns::NO_TIME;
use crate::desk::Group;
use crate::facts::history::{Actor, Event, Kind};
use crate::stats::clusters::Sample;
use crate::unit::{Better, Unit};
use polars::prelude::{Expr, col, lit, when};

const WRITTEN: Population = Population::new(Clock::Start, "contacts on written channels, by their start");
const WITH_HISTORY: Population =
    Population::new(Clock::Start, "turns of written contacts with a history, by the contact's start");
const LIVE: Population = Population::new(Clock::Start, "contacts on live channels, by their start");
const CALLS: Population = Population::new(Clock::Start, "answered calls, by their start");

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "frt",
        label: "first reply",
        help: "Written channels: from the customer's first message (or the start) to the first public reply by a human; bots do not count. After a resolution by a bot and a reopening: from the reopening. Not yet answered and open: counted, with the present wait. Closed, or of unknown state, without a reply, or replied to at an unknown time: left out and counted. Live channels have `wait` instead: seconds and hours are not pooled. A duration computed by the vendor enters only where the export has no instants.",
        formula: "first_response_at − started_at; median and p90 by linear interpolation (type 7)",
        better: Better::Down,
        population: WRITTEN,
        outputs: &[
            HALF,
            NINE_IN_TEN,
            MEAN,
            n("answered or waiting"),
            told("waiting", "still waiting, with their present wait"),
            told("vendor", "by the vendor's own duration"),
            left_out("silent", "over, or of unknown state, without a reply"),
            left_out("undated", "replied to at an unknown time"),
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
            ("undated", 0.0),
        ],
    },
    Metric {
        id: "frt_any",
        label: "first reply by anybody",
        help: "The same as the first reply, but bots count: what many dashboards call first response. From the start to the first message to the customer by anybody, as the history tells; else the human reply; else the reply of what a bot dealt with.",
        formula: "first message to the customer − started_at",
        better: Better::Down,
        population: WRITTEN,
        outputs: &[
            HALF,
            NINE_IN_TEN,
            MEAN,
            n("answered or waiting"),
            told("waiting", "still waiting, with their present wait"),
            left_out("silent", "over, or of unknown state, without a reply"),
        ],
        needs: &["first_response_at", "vendor_first_response"],
        compute: Compute::Spread { millis: first_reply_by_anybody, told: first_reply_by_anybody_told },
        ripens: None,
        proof: &[
            ("p50", 2_700.0),
            ("p90", 33_480.0),
            ("mean", 13_882.5),
            ("n", 8.0),
            ("waiting", 1.0),
            ("silent", 1.0),
        ],
    },
    Metric {
        id: "next_reply",
        label: "each reply",
        help: "Written channels, by turns of the customer: from the first unanswered message of a run of them to the next public reply by a human. Unanswered and open: counted, with the present wait; unanswered and over: counted apart. Needs the history of contacts.",
        formula: "next message to the customer by a human − first message of the run",
        better: Better::Down,
        population: WITH_HISTORY,
        outputs: &[
            HALF,
            NINE_IN_TEN,
            MEAN,
            n("turns answered or waiting"),
            told("waiting", "still waiting, with their present wait"),
            left_out("silent", "over without a reply"),
        ],
        needs: &["events"],
        compute: Compute::Listed { millis: next_replies, told: next_replies_told },
        ripens: None,
        proof: &[
            ("p50", 12_600.0),
            ("p90", 36_720.0),
            ("mean", 17_250.0),
            ("n", 4.0),
            ("waiting", 1.0),
            ("silent", 0.0),
        ],
    },
    Metric {
        id: "wait",
        label: "wait",
        help: "Live channels: from queue entry to the human answer, over answered contacts: the export's wait where filled, else the pick-up minus the start; for chat the first human reply. An answered contact without a usable wait is left out and counted.",
        formula: "wait, else answered_at − started_at",
        better: Better::Down,
        population: LIVE,
        outputs: &[
            HALF,
            NINE_IN_TEN,
            value("mean", "mean (ASA)", Unit::Seconds),
            n("answered"),
            left_out("unknown", "answered, wait unknown"),
        ],
        needs: &["wait", "answered_at", "first_response_at"],
        compute: Compute::Spread {
            millis: |context| only(waited(context), is("answered").and(picked_up())),
            told: |context| {
                let unknown = count(is("answered").and(has("wait").not()));
                std::iter::once(unknown).chain(without_hours(context, is("live"))).collect()
            },
        },
        ripens: None,
        proof: &[("p50", 65.0), ("p90", 228.0), ("mean", 104.0), ("n", 5.0), ("unknown", 1.0)],
    },
    Metric {
        id: "asa",
        label: "average speed of answer",
        help: "The mean wait of answered calls. A few long waits move it more than many short ones: the median of `wait` says what most callers met.",
        formula: "Σ wait / answered calls with a known wait",
        better: Better::Down,
        population: CALLS,
        outputs: &[value("", "mean wait", Unit::Seconds), n("answered calls")],
        needs: &["wait", "answered_at"],
        compute: Compute::Mean {
            each: waits_of_calls,
            told: |group| group.without_hours(|row| is_answered_call(group, row)).into_iter().collect(),
        },
        ripens: None,
        proof: &[("", 100.0 / 3.0), ("n", 3.0)],
    },
    Metric {
        id: "abandon_wait",
        label: "wait before giving up",
        help: "Live channels: how long those waited who left before a human answered. One without a known wait is left out.",
        formula: "wait of abandoned contacts",
        better: Better::Neither,
        population: LIVE,
        outputs: &[HALF, NINE_IN_TEN, MEAN, n("abandoned")],
        needs: &["wait"],
        compute: Compute::Spread {
            millis: |context| only(waited(context), is("abandoned").and(picked_up())),
            told: |context| without_hours(context, is("live")).into_iter().collect(),
        },
        ripens: None,
        proof: &[("p50", 35.0), ("p90", 39.0), ("mean", 35.0), ("n", 2.0)],
    },
];

/// The reply's time counts: in business time a vendor's own duration says nothing.
pub(super) fn timely(context: &Context) -> Expr {
    if context.in_hours { is("reply_by_vendor").not() } else { lit(true) }
}

/// The same of the reply by anybody.
fn timely_by_anybody(context: &Context) -> Expr {
    if context.in_hours { is("any_reply_by_vendor").not() } else { lit(true) }
}

fn first_reply(context: &Context) -> Expr {
    when(precise_written().and(replied()))
        .then(only(col("replied_at") - col("asked_at"), timely(context)))
        .otherwise(present_wait())
}

/// How long those still waiting have waited.
fn present_wait() -> Expr {
    only(col("judged_at") - col("asked_at"), waiting())
}

fn first_reply_told(context: &Context) -> Vec<Expr> {
    let told = [
        count(present_wait().is_not_null()),
        count(precise_written().and(replied()).and(is("reply_by_vendor"))),
        count(precise_written().and(replied().or(is("touched")).not()).and(waiting().not())),
        count(precise_written().and(replied().or(waiting()).not()).and(is("touched"))),
    ];
    told.into_iter().chain(without_hours(context, on_written())).collect()
}

fn first_reply_by_anybody(context: &Context) -> Expr {
    when(is("any_replied"))
        .then(only(col("any_reply_at") - col("at"), timely_by_anybody(context)))
        .otherwise(present_wait_for_anybody())
}

fn present_wait_for_anybody() -> Expr {
    only(col("judged_at") - col("at"), is("any_waiting"))
}

fn first_reply_by_anybody_told(context: &Context) -> Vec<Expr> {
    let unanswered = precise_written().and(is("touched").not());
    let silent = unanswered.and(is("any_replied").not()).and(is("any_waiting").not());
    let told = [count(present_wait_for_anybody().is_not_null()), count(silent)];
    told.into_iter().chain(without_hours(context, on_written())).collect()
}

/// How long a live contact waited; in business time from its start, which must have an hour.
fn waited(context: &Context) -> Expr {
    if context.in_hours { only(col("picked_up_at") - col("at"), is("by_day").not()) } else { col("wait") }
}

/// The wait was over by the judging instant.
fn picked_up() -> Expr {
    is("picked_up")
}

fn is_answered_call(group: &Group, row: usize) -> bool {
    group.desk.facts.answered[row] && group.desk.facts.phone[row]
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
fn waits_of_calls(group: &Group) -> Vec<Sample> {
    let facts = &group.desk.facts;
    let picked_up = |&(row, judged_at): &(usize, i64)| {
        let (at, wait) = (facts.at.get(row), facts.wait.get(row));
        wait != NO_TIME && (at == NO_TIME || at.saturating_add(wait) <= judged_at)
    };
    let took = |row: usize| {
        let (at, wait) = (facts.at.get(row), facts.wait.get(row));
        let has_hour = at != NO_TIME && !facts.by_day[row];
        match group.in_hours {
            true if !has_hour => None,
            true => group.between(row, at, at.saturating_add(wait)),
            false => Some(wait),
        }
    };
    let known = group.judged().filter(|&(row, _)| is_answered_call(group, row)).filter(picked_up);
    known.filter_map(|(row, _)| Some(Sample::one(facts.customer_of(row), took(row)? as f64 / 1_000.0))).collect()
}

/// What became of one turn of the customer, and how long it took; nobody knows where no opening hours apply.
enum Turn {
    Answered(Option<i64>),
    Waiting(Option<i64>),
    Silent,
}

/// The turns of a contact that began by the instant at which it is judged.
fn turns_of(group: &Group, row: usize, judged_at: i64) -> Vec<Turn> {
    let facts = &group.desk.facts;
    let is_reply = |event: &Event| event.kind == Kind::MessageOut && event.by == Actor::Human;
    let history = facts.history.of(row);
    let mut turns = Vec::new();
    let asks = history.clone().any(|event| event.kind == Kind::MessageIn);
    // One who never wrote asked by beginning.
    let mut asked = (!asks && history.clone().any(|event| is_reply(&event))).then(|| facts.at.get(row));
    for event in history {
        match (event.kind, asked) {
            (Kind::MessageIn, None) if event.at <= judged_at => asked = Some(event.at),
            (_, Some(since)) if is_reply(&event) => {
                let took = group.between(row, since, event.at.min(judged_at));
                turns.push(if event.at <= judged_at { Turn::Answered(took) } else { Turn::Waiting(took) });
                asked = None;
            }
            _ => {}
        }
    }
    turns.extend(asked.map(|since| match facts.is_unanswered(row, judged_at) {
        true => Turn::Waiting(group.between(row, since, judged_at)),
        false => Turn::Silent,
    }));
    turns
}

/// The turns of the rows that have a history.
fn turns<'g>(group: &'g Group) -> impl Iterator<Item = (usize, Turn)> + 'g {
    let facts = &group.desk.facts;
    let told = group.judged().filter(|&(row, _)| facts.is_written(row) && facts.history.of(row).len() > 0);
    told.flat_map(|(row, judged_at)| turns_of(group, row, judged_at).into_iter().map(move |turn| (row, turn)))
}

fn next_replies(group: &Group) -> Vec<(u32, i64)> {
    let took = |(row, turn)| match turn {
        Turn::Answered(took) | Turn::Waiting(took) => Some((u32::try_from(row).ok()?, took?)),
        Turn::Silent => None,
    };
    turns(group).filter_map(took).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn next_replies_told(group: &Group) -> Vec<f64> {
    let (mut waiting, mut silent, mut without_hours) = (0u64, 0u64, 0u64);
    for (row, turn) in turns(group) {
        waiting += u64::from(matches!(turn, Turn::Waiting(Some(_))));
        silent += u64::from(matches!(turn, Turn::Silent));
        without_hours += u64::from(group.in_hours && group.desk.calendar(row).is_none());
    }
    let told = [waiting as f64, silent as f64];
    told.into_iter().chain(group.in_hours.then_some(without_hours as f64)).collect()
}
