//! What came, went and stayed: opening + started + reopened − resolved − merged − deleted = closing (metrics.md §4).
//!
//! Counted from the stretches of time in which contacts were open, so that the sum holds by itself; a test adds it up.
//! What was merged or deleted counts until then.

use super::readings::Asked;
use super::sections::Made;
use super::{Better, Cell, Column, Layout, Row, Table, Unit};
use crate::columns::NO_TIME;
use crate::desk::Desk;
use crate::facts::Out;
use crate::facts::history::{Spell, spells};
use crate::timeline::Window;

/// The lines of the sum, in order.
const LINES: [(&str, &str); 7] = [
    ("opening", "open before"),
    ("started", "started"),
    ("reopened", "reopened"),
    ("resolved", "resolved"),
    ("merged", "merged"),
    ("deleted", "deleted"),
    ("closing", "open after"),
];

/// The flow of the period, and of the one compared with.
pub fn flow(desk: &Desk, asked: &Asked) -> Made {
    let now = counted(desk, &asked.window(desk));
    let before = asked.window_before(desk).map(|window| counted(desk, &window));
    let column = |(id, label): &(&str, &str)| Column::figure(id, label, Unit::Count, Better::Neither);
    let cell = |nth: usize| Cell::compared_count(now[nth], before.map(|before| before[nth]));
    let any = now.iter().chain(before.iter().flatten()).any(|&count| count > 0);
    let row = Row { cells: (0..LINES.len()).map(cell).collect(), series: Vec::new() };
    let table = Table {
        id: "flow".into(),
        title: asked.heading().into(),
        layout: Layout::Ledger,
        columns: LINES.iter().map(column).collect(),
        rows: if any { vec![row] } else { Vec::new() },
        ..Table::default()
    };
    Made { table, ..Made::default() }
}

/// The counts of one window, in the order of `LINES`.
fn counted(desk: &Desk, window: &Window) -> [u64; 7] {
    let facts = &desk.facts;
    let (from, to) = (window.from, window.to.min(desk.timeline.as_of + 1));
    let inside = |at: i64| (from..to).contains(&at);
    let mut counts = [0; 7];
    // What starts later was neither open nor did anything become of it.
    for row in facts.started(NO_TIME + 1, to).map(|row| row as usize).filter(|&row| desk.keeps(row)) {
        let mut add = |nth: usize, spell: &Spell| {
            let open_at = |at: i64| spell.from < at && (spell.to == NO_TIME || spell.to >= at);
            let ended = match facts.out[row] {
                _ if spell.resolved => 3,
                Out::Merged => 4,
                _ => 5,
            };
            counts[0] += u64::from(open_at(from));
            counts[1 + usize::from(nth > 0)] += u64::from(inside(spell.from));
            counts[ended] += u64::from(spell.to != NO_TIME && inside(spell.to));
            counts[6] += u64::from(open_at(to));
        };
        match told(desk, row) {
            Some(spells) => spells.iter().enumerate().for_each(|(nth, spell)| add(nth, spell)),
            None => flat(desk, row).iter().for_each(|spell| add(0, spell)),
        }
    }
    counts
}

/// When an interaction was open by its history, where it has one that counts.
fn told(desk: &Desk, row: usize) -> Option<Vec<Spell>> {
    let facts = &desk.facts;
    match facts.out[row] {
        Out::No => facts.spells(row),
        Out::Merged | Out::Deleted => {
            let told = spells(facts.at.get(row), facts.history.of(row));
            told.last().is_some_and(|last| last.to != NO_TIME && !last.resolved).then_some(told)
        }
        _ => None,
    }
}

/// From its start to its last resolution. None of what has no state, was over without being solved, or ended at an
/// unknown time.
fn flat(desk: &Desk, row: usize) -> Option<Spell> {
    let facts = &desk.facts;
    let (at, resolved) = (facts.at.get(row), facts.resolved_at.get(row));
    let over = facts.done[row] && resolved != NO_TIME;
    let counts = facts.out[row] == Out::No && (over || facts.open[row]);
    counts.then(|| Spell::of(at, if over { resolved } else { NO_TIME }))
}
