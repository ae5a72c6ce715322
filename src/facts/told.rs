//! What the columns of interactions learn from their histories, where the export itself leaves them empty.
//!
//! The export's own values stay; nothing is judged here. A column more is one line in `fill`.

use super::history::{Actor, History, Kind, Spell, spells};
use super::seen::codes;
use crate::columns::{Codes, Data, NO_COUNT, NO_TIME, NO_WORD, Table, Words};
use crate::interaction::TableKind;
use crate::settings::Settings;
use crate::terms::{Status, meaning, statuses};

/// What a history tells of its interaction.
struct Told {
    first_reply: i64,
    first_resolved: i64,
    last_resolved: i64,
    reopens: i32,
    replies: i32,
    messages: i32,
    transfers: i32,
    /// The last state, where any is told.
    state: Option<&'static str>,
}

/// What happened to the interactions as seen at `as_of`, and their columns filled from it. One table per
/// `TableKind::ALL`.
pub fn history(tables: &mut [Table], settings: &Settings, as_of: i64) -> History {
    let (interactions, events) = (TableKind::Interactions as usize, TableKind::Events as usize);
    let history = History::new(&tables[interactions], &tables[events], settings, as_of);
    fill(&mut tables[interactions], &history, as_of);
    history
}

fn fill(table: &mut Table, history: &History, as_of: i64) {
    if history.is_empty() {
        return;
    }
    let started = table.times("started_at");
    let start = |row: usize| started.map_or(NO_TIME, |started| started.get(row));
    let writes = sources(table, history, |kind| matches!(kind, Kind::MessageIn | Kind::MessageOut));
    let hands_over = sources(table, history, |kind| kind == Kind::Transferred);
    let source = codes(table, "source");
    let one = |row: usize| {
        let known = |sources: &[bool]| meaning(sources, source.get(row), false);
        told(start(row), history, row, (known(&writes), known(&hands_over)))
    };
    let told: Vec<Option<Told>> = (0..table.rows()).map(one).collect();
    // What the export says of a resolution after as-of is not seen yet: until then the history knows better.
    let later = |row: usize| table.time("resolved_at", row).is_some_and(|at| at > as_of);
    let later: Vec<bool> = (0..table.rows()).map(later).collect();
    states(table, &told, &later);
    instants(table, "first_response_at", &told, as_of, |told| told.first_reply);
    instants(table, "first_resolved_at", &told, as_of, |told| told.first_resolved);
    instants(table, "resolved_at", &told, as_of, |told| told.last_resolved);
    counts(table, "reopens", &told, |told| if told.state.is_some() { told.reopens } else { NO_COUNT });
    counts(table, "replies", &told, |told| told.replies);
    counts(table, "messages", &told, |told| told.messages);
    counts(table, "transfers", &told, |told| told.transfers);
}

/// By source: whether the histories of any of its interactions tell of such a thing. Where none does, silence says
/// nothing.
fn sources(table: &Table, history: &History, tells: fn(Kind) -> bool) -> Vec<bool> {
    let mut known = vec![false; table.words("source").map_or(0, |(_, words)| words.len())];
    let source = codes(table, "source");
    for row in (0..table.rows()).filter(|&row| history.of(row).any(|event| tells(event.kind))) {
        if let Some(known) = known.get_mut(source.get(row) as usize) {
            *known = true;
        }
    }
    known
}

fn told(start: i64, history: &History, row: usize, (writes, hands_over): (bool, bool)) -> Option<Told> {
    let events = history.of(row);
    if events.len() == 0 {
        return None;
    }
    let spells = spells(start, events.clone());
    let resolved = || spells.iter().filter(|spell| spell.resolved);
    let replies = || events.clone().filter(|event| event.kind == Kind::MessageOut && event.by == Actor::Human);
    let messages = events.clone().filter(|event| matches!(event.kind, Kind::MessageIn | Kind::MessageOut)).count();
    let transfers = events.clone().filter(|event| event.kind == Kind::Transferred).count();
    Some(Told {
        first_reply: replies().next().map_or(NO_TIME, |event| event.at),
        first_resolved: resolved().next().map_or(NO_TIME, |spell| spell.to),
        last_resolved: resolved().next_back().map_or(NO_TIME, |spell| spell.to),
        reopens: counted(spells.len() - 1),
        replies: if writes { counted(replies().count()) } else { NO_COUNT },
        messages: if writes { counted(messages) } else { NO_COUNT },
        transfers: if hands_over { counted(transfers) } else { NO_COUNT },
        state: state(&spells, events.rev().map(|event| event.kind)),
    })
}

/// The state that a history ends in; none where it is about messages only.
fn state(spells: &[Spell], mut latest_first: impl Iterator<Item = Kind>) -> Option<&'static str> {
    let is_state = |kind: &Kind| matches!(kind, Kind::Opened | Kind::Resolved | Kind::Merged | Kind::Deleted);
    let last = latest_first.find(is_state)?;
    Some(match spells.last()? {
        spell if spell.to == NO_TIME => "open",
        spell if spell.resolved => "resolved",
        _ if last == Kind::Merged => "merged",
        _ => "deleted",
    })
}

fn counted(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// Instants of rows that have none, or none that is seen yet.
fn instants(table: &mut Table, name: &str, told: &[Option<Told>], as_of: i64, of: fn(&Told) -> i64) {
    let own = table.times(name);
    let value = |(row, told): (usize, &Option<Told>)| {
        let own = own.map_or(NO_TIME, |own| own.get(row));
        let history = told.as_ref().map_or(NO_TIME, of);
        if own == NO_TIME || own > as_of && history != NO_TIME { history } else { own }
    };
    let values: Vec<i64> = told.iter().enumerate().map(value).collect();
    table.set(name, Data::Time(values.into()));
}

fn counts(table: &mut Table, name: &str, told: &[Option<Told>], of: fn(&Told) -> i32) {
    let own = table.counts(name);
    let value = |(row, told): (usize, &Option<Told>)| {
        let own = own.map_or(NO_COUNT, |own| own.get(row));
        if own == NO_COUNT { told.as_ref().map_or(NO_COUNT, of) } else { own }
    };
    let values: Vec<i32> = told.iter().enumerate().map(value).collect();
    table.set(name, Data::Count(values.into()));
}

/// States of rows that have none that is seen.
fn states(table: &mut Table, told: &[Option<Told>], later: &[bool]) {
    let (mut words, own): (Words, Option<&Codes>) =
        table.words("status").map_or_else(|| (Words::default(), None), |(codes, words)| (words.clone(), Some(codes)));
    let known = statuses(&words);
    let code = |(row, told): (usize, &Option<Told>)| {
        let own = own.map_or(NO_WORD, |codes| codes.get(row));
        let state = told.as_ref().and_then(|told| told.state);
        match state {
            Some(state) if later[row] || meaning(&known, own, Status::Unknown) == Status::Unknown => words.code(state),
            _ => own,
        }
    };
    let codes: Codes = told.iter().enumerate().map(code).collect();
    table.set("status", Data::Word { codes, words: words.into() });
}
