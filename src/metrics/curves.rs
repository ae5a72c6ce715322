//! Times to an event, those who still wait included as far as they have come: Kaplan-Meier (metrics.md §2, §4, §6).
//!
//! Each metric says who is watched, since when, and what ends it; the estimate is `stats::survival`.

use super::{Clock, Compute, HALF, Metric, NINE_IN_TEN, Population, left_out, n, told};
use crate::columns::NO_TIME;
use crate::desk::Group;
use crate::stats::survival::{Curve, Subject};
use crate::terms::Mode;
use crate::unit::Better;

const WRITTEN: Population = Population::new(Clock::Start, "contacts on written channels, by their start");
const LIVE: Population = Population::new(Clock::Start, "contacts on live channels, by their start");
const WITH_STATE: Population = Population::new(Clock::Start, "contacts with a known state, by their start");

pub(super) const RESPONSE: &[Metric] = &[
    Metric {
        id: "frt_km",
        label: "first reply, with those still waiting",
        help: "Kaplan-Meier estimate of the time to the first human reply on written channels: those still waiting count as having waited so far (censored), and those closed without a reply as having waited until then. Half within is the first time by which half are answered; it may not be reached.",
        formula: "first t with S(t) <= 0.5 (9 in 10: 0.1), S = Π (1 − answered / waiting)",
        better: Better::Down,
        population: WRITTEN,
        outputs: &[
            HALF,
            NINE_IN_TEN,
            n("contacts"),
            told("answered", "answered"),
            told("waiting", "waited so far, or until it was closed"),
            left_out("silent", "replied to, or over without a reply, at an unknown time"),
        ],
        needs: &["first_response_at", "vendor_first_response"],
        compute: Compute::Curve {
            subjects: |group| watched(group, first_reply).0,
            figures: |group| {
                let told = curve(group, first_reply).into_iter();
                told.chain(group.without_hours(|row| group.desk.facts.mode[row] == Mode::Written)).collect()
            },
        },
        ripens: None,
        proof: &[("p50", 7_200.0), ("n", 9.0), ("answered", 7.0), ("waiting", 2.0), ("silent", 0.0)],
    },
    Metric {
        id: "wait_km",
        label: "wait, with those who gave up",
        help: "Kaplan-Meier estimate of the time to the human answer on live channels: those who gave up, or still wait, count as having waited so long (censored), so that impatience does not shorten the wait. Half within may not be reached.",
        formula: "first t with S(t) <= 0.5 (9 in 10: 0.1), S = Π (1 − answered / waiting)",
        better: Better::Down,
        population: LIVE,
        outputs: &[
            HALF,
            NINE_IN_TEN,
            n("contacts"),
            told("answered", "answered"),
            told("gone", "gave up or still wait"),
        ],
        needs: &["wait", "answered_at", "first_response_at"],
        compute: Compute::Curve {
            subjects: |group| watched(group, wait).0,
            figures: |group| {
                let told = curve(group, wait).into_iter().take(5);
                told.chain(group.without_hours(|row| group.desk.facts.mode[row] == Mode::Live)).collect()
            },
        },
        ripens: None,
        proof: &[("p50", 65.0), ("p90", 300.0), ("n", 7.0), ("answered", 5.0), ("gone", 2.0)],
    },
];

pub(super) const RESOLUTION: &[Metric] = &[Metric {
    id: "ttr_km",
    label: "time to resolution, with the open ones",
    help: "Kaplan-Meier estimate of the time from the start to the last resolution: open contacts, and those over and known not to be solved, count as unresolved so far (censored). The median over the closed ones alone is biased low. Half within may not be reached.",
    formula: "first t with S(t) <= 0.5 (9 in 10: 0.1), S = Π (1 − resolved / unresolved so far)",
    better: Better::Down,
    population: WITH_STATE,
    outputs: &[
        HALF,
        NINE_IN_TEN,
        n("contacts"),
        told("resolved", "resolved"),
        told("open", "not resolved so far"),
        left_out("undated", "resolved at an unknown time"),
    ],
    needs: &["status"],
    compute: Compute::Curve {
        subjects: |group| watched(group, resolution).0,
        figures: |group| {
            let told = curve(group, resolution).into_iter();
            told.chain(group.without_hours(|row| group.desk.facts.status_known[row])).collect()
        },
    },
    ripens: None,
    proof: &[("p50", 86_400.0), ("n", 9.0), ("resolved", 6.0), ("open", 3.0), ("undated", 0.0)],
}];

/// What is known of one row.
enum Watched {
    /// It happened after so many milliseconds, or had not happened by then.
    Until(i64, bool),
    /// Nobody knows when it ended.
    LeftOut,
    /// No business of the metric.
    Not,
}

/// Those who are watched, and how many are left out for want of an end.
#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
fn watched(group: &Group, watch: Watch) -> (Vec<Subject>, u64) {
    let (mut subjects, mut left_out) = (Vec::new(), 0);
    for (row, judged_at) in group.judged() {
        match watch(group, row, judged_at) {
            Watched::Until(millis, event) => subjects.push(Subject::new(millis as f64 / 1_000.0, event)),
            Watched::LeftOut => left_out += 1,
            Watched::Not => {}
        }
    }
    (subjects, left_out)
}

/// What is known of a row at the instant at which it is judged.
type Watch = fn(&Group, usize, i64) -> Watched;

/// Half within, 9 in 10 within, how many, with the event, without it, left out.
#[expect(clippy::cast_precision_loss, reason = "counts and durations are far below 2^52")]
fn curve(group: &Group, watch: Watch) -> [f64; 6] {
    let (subjects, left_out) = watched(group, watch);
    let curve = Curve::new(&subjects);
    let within = |q: f64| curve.quantile(q).unwrap_or(f64::NAN);
    let events = subjects.iter().filter(|subject| subject.event).count();
    let censored = subjects.len() - events;
    let counts = [subjects.len(), events, censored].map(|n| n as f64);
    [within(0.5), within(0.9), counts[0], counts[1], counts[2], left_out as f64]
}

/// From an instant to a later one in the group's time.
fn until(group: &Group, row: usize, from: i64, to: i64, event: bool) -> Watched {
    group.between(row, from, to).map_or(Watched::Not, |took| Watched::Until(took, event))
}

fn first_reply(group: &Group, row: usize, judged_at: i64) -> Watched {
    let facts = &group.desk.facts;
    if !facts.is_written(row) {
        return Watched::Not;
    }
    let (asked, resolved) = (facts.asked_at(row), facts.resolved_by(row, judged_at));
    if facts.has_reply(row, judged_at) {
        let by_vendor = group.in_hours && facts.reply_by_vendor[row];
        return if by_vendor { Watched::LeftOut } else { until(group, row, asked, facts.replied_at.get(row), true) };
    }
    if facts.is_waiting(row, judged_at) {
        return until(group, row, asked, judged_at, false);
    }
    let over = resolved != NO_TIME && resolved >= asked && !facts.was_touched(row, judged_at);
    if over { until(group, row, asked, resolved, false) } else { Watched::LeftOut }
}

fn wait(group: &Group, row: usize, judged_at: i64) -> Watched {
    let facts = &group.desk.facts;
    let (at, wait) = (facts.at.get(row), facts.wait.get(row));
    let known = facts.answered[row] || facts.abandoned[row];
    if facts.mode[row] != Mode::Live || !known || wait == NO_TIME {
        return Watched::Not;
    }
    let over = at == NO_TIME || at.saturating_add(wait) <= judged_at;
    let to = if over { at.saturating_add(wait) } else { judged_at };
    match group.in_hours {
        true if at == NO_TIME || facts.by_day[row] => Watched::Not,
        true => until(group, row, at, to, over && facts.answered[row]),
        false => Watched::Until(if over { wait } else { to - at }, over && facts.answered[row]),
    }
}

fn resolution(group: &Group, row: usize, judged_at: i64) -> Watched {
    let facts = &group.desk.facts;
    let (at, last) = (facts.at.get(row), facts.resolved_at.get(row));
    let resolved = facts.resolved_by(row, judged_at);
    if !facts.status_known[row] || at == NO_TIME {
        return Watched::Not;
    }
    if facts.done[row] && last == NO_TIME {
        return Watched::LeftOut;
    }
    if resolved != NO_TIME {
        // An earlier resolution is a history's, which has an hour.
        let by_day = resolved == last && facts.resolved_by_day[row];
        let timed = (facts.resolved_by_vendor[row] || facts.by_day[row] == by_day)
            && !(group.in_hours && facts.resolved_by_vendor[row]);
        return if timed { until(group, row, at, resolved, true) } else { Watched::LeftOut };
    }
    until(group, row, at, judged_at, false)
}
