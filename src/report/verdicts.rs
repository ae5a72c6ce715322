//! How often the exports' own verdicts on targets are ours, row by row (metrics.md §0.12).
//!
//! Ours are judged at as-of, as `response_sla` and `resolution_sla` do. To compare one more verdict: a line in `COMPARED`.

use super::check::ratio;
use super::{Better, Cell, Column, Row, Table, Unit};
use crate::columns::{NO_FLAG, NO_TIME};
use crate::desk::Desk;
use crate::facts::Out;
use std::collections::BTreeMap;

/// Whether a contact kept its target, where that is due and can be known.
type Kept = fn(&Desk, usize) -> Option<bool>;

/// What the target is on, the vendor's column, and our own verdict.
const COMPARED: [(&str, &str, Kept); 2] =
    [("first reply", "vendor_response_sla", reply), ("resolution", "vendor_resolution_sla", resolution)];

/// Rows by our verdict and theirs.
#[derive(Debug, Clone, Copy, Default)]
struct Both {
    agree: usize,
    missed_there: usize,
    kept_there: usize,
}

/// A line a source and target: how many rows have both verdicts, and how many of them agree.
pub fn verdicts(desk: &Desk) -> Table {
    let figure = |id: &str, label: &str, unit| Column::figure(id, label, unit, Better::Neither);
    let columns = vec![
        Column::name("source", "Source"),
        Column::name("what", "Target"),
        figure("rows", "rows with both", Unit::Count),
        figure("agree", "agree", Unit::Share),
        figure("missed_there", "kept, missed there", Unit::Count),
        figure("kept_there", "missed, kept there", Unit::Count),
    ];
    let mut rows = Vec::new();
    for (what, column, kept) in COMPARED {
        for (source, Both { agree, missed_there, kept_there }) in compared(desk, column, kept) {
            let all = agree + missed_there + kept_there;
            let share = Cell { n: Some(all as u64), ..Cell::number(ratio(agree, all)) };
            let count = |n: usize| Cell::count(n as u64);
            let cells =
                vec![Cell::text(source), Cell::text(what), count(all), share, count(missed_there), count(kept_there)];
            rows.push(Row { cells, series: Vec::new() });
        }
    }
    let title = "The exports' own verdicts on targets beside ours".into();
    Table { id: "vendor_sla".into(), title, columns, rows, ..Table::default() }
}

fn compared<'d>(desk: &'d Desk, column: &str, kept: Kept) -> BTreeMap<&'d str, Both> {
    let (facts, mut out) = (&desk.facts, BTreeMap::<&str, Both>::new());
    let Some(theirs) = facts.table.flags(column) else { return out };
    for row in (0..facts.rows()).filter(|&row| facts.out[row] == Out::No && theirs.get(row) != NO_FLAG) {
        if let Some(ours) = kept(desk, row) {
            let both = out.entry(facts.table.word("source", row)).or_default();
            match (ours, theirs.get(row) == 1) {
                (true, false) => both.missed_there += 1,
                (false, true) => both.kept_there += 1,
                _ => both.agree += 1,
            }
        }
    }
    out
}

/// The response target: on the first reply to a written contact, on the wait of a live one.
fn reply(desk: &Desk, row: usize) -> Option<bool> {
    let facts = &desk.facts;
    let target = (facts.target.get(row), facts.target_in_hours[row]);
    if facts.is_written(row) {
        return judged(desk, row, target, facts.asked_at(row), facts.replied_at.get(row));
    }
    let (at, wait) = (facts.at.get(row), facts.wait.get(row));
    let lost = facts.abandoned[row] || facts.missed[row];
    let answered = facts.answered[row] && wait != NO_TIME;
    let due = judged(desk, row, target, at, NO_TIME).is_some();
    (due && (answered || lost)).then_some(answered && wait <= target.0)
}

/// The target on the last resolution.
fn resolution(desk: &Desk, row: usize) -> Option<bool> {
    let facts = &desk.facts;
    let target = (facts.resolution_target.get(row), facts.resolution_target_in_hours[row]);
    // Resolved at an unknown time, or on a day without an hour, is neither kept nor missed.
    let unknown = facts.done[row] && !(facts.timed[row] && facts.resolved_at.get(row) != NO_TIME);
    if !facts.status_known[row] || facts.by_day[row] || unknown {
        return None;
    }
    let resolved = if facts.done[row] { facts.resolved_at.get(row) } else { NO_TIME };
    judged(desk, row, target, facts.at.get(row), resolved)
}

/// Whether it ended within the target, if at all; `None` where no target applies, or it is not due yet.
fn judged(desk: &Desk, row: usize, (target, in_hours): (i64, bool), from: i64, ended: i64) -> Option<bool> {
    if target == NO_TIME || from == NO_TIME {
        return None;
    }
    let took = |to: i64| match in_hours {
        true => desk.calendar(row).map(|calendar| calendar.between(from, to)),
        false => Some(to.saturating_sub(from)),
    };
    let due = took(desk.timeline.as_of)? >= target;
    due.then(|| ended != NO_TIME && took(ended).is_some_and(|took| took <= target))
}
