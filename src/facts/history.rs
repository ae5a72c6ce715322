//! What happened to interactions, event by event: the history that some sources export beside them.
//!
//! A history says what a flat export cannot: each turn of a conversation, each resolution and reopening. Which events
//! are an interaction's own is decided here, and how its state went (`spells`); what its columns learn from that is in
//! `told.rs`. A new kind of event is a line in `Kind::of`.

use super::Impossible;
use super::numbered::{Numbered, numbers};
use super::seen::{Coded, codes, days_only, seen};
use crate::columns::{NO_TIME, NO_WORD, Table, Text, Words};
use crate::settings::Settings;
use crate::terms::meaning;
use rustc_hash::FxHashMap;

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub at: i64,
    pub kind: Kind,
    pub by: Actor,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A message from the customer, or to him.
    MessageIn,
    MessageOut,
    /// Opened, pending or reopened: there is work to do.
    Opened,
    /// Resolved or closed.
    Resolved,
    Merged,
    Deleted,
    Transferred,
    /// Notes, assignments and what else no figure asks about.
    Other,
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    Human,
    Bot,
    Customer,
}

/// A stretch of time in which an interaction was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    pub from: i64,
    /// `NO_TIME` while it lasts.
    pub to: i64,
    /// It ended by a resolution; else by a merger or a deletion.
    pub resolved: bool,
    /// Who resolved it.
    pub by: Actor,
}

/// All events, by the row of the interaction that they are about and then by time.
#[derive(Debug, Default)]
pub struct History {
    /// Where each row's events begin in `events`; one more at the end. Empty where no source has a history.
    bounds: Vec<u32>,
    events: Vec<Event>,
    /// Events of no interaction that was read.
    pub strays: usize,
    /// Events before their interaction began, or without an hour.
    pub impossible: Vec<Impossible>,
}

impl Spell {
    /// One that ended by a resolution of a human, if it ended.
    pub fn of(from: i64, to: i64) -> Self {
        Self { from, to, resolved: to != NO_TIME, by: Actor::Human }
    }
}

impl Kind {
    fn of(word: &str) -> Self {
        match word {
            "message_in" => Self::MessageIn,
            "message_out" => Self::MessageOut,
            "opened" | "pending" | "reopened" => Self::Opened,
            "resolved" | "closed" => Self::Resolved,
            "merged" => Self::Merged,
            "deleted" => Self::Deleted,
            "transferred" => Self::Transferred,
            _ => Self::Other,
        }
    }
}

impl History {
    /// The events that are seen at `as_of`, each with its interaction: by number, and by source where two share one.
    pub fn new(interactions: &Table, events: &Table, settings: &Settings, as_of: i64) -> Self {
        let mut out = Self::default();
        if events.rows() == 0 {
            return out;
        }
        let owners = Owners::new(interactions, events);
        let kinds = kinds(events);
        let actors = Actors::new(events, settings);
        let (at, by_day, kind) = (seen(events, "at", as_of), days_only(events, "at"), codes(events, "kind"));
        let started = interactions.times("started_at");
        let mut placed: Vec<(u32, u32, Event)> = Vec::new();
        for event in (0..events.rows()).filter(|&event| at.get(event) != NO_TIME) {
            let Some(row) = owners.of(event) else {
                out.strays += 1;
                continue;
            };
            let start = started.map_or(NO_TIME, |started| started.get(row as usize));
            if by_day.get(event) || at.get(event) < start {
                out.impossible.push(Impossible::of(events, event, "event"));
                continue;
            }
            let kind = meaning(&kinds, kind.get(event), Kind::Other);
            let by = actors.of(event, kind);
            let place = u32::try_from(event).unwrap_or(u32::MAX);
            placed.push((row, place, Event { at: at.get(event), kind, by }));
        }
        let place = place(events);
        placed.sort_unstable_by_key(|(row, event, what)| (*row, what.at, place[*event as usize]));
        out.impossible.sort();
        out.fill(interactions.rows(), placed.into_iter().map(|(row, _, event)| (row, event)));
        out
    }

    /// Events by row, ascending.
    fn fill(&mut self, rows: usize, events: impl Iterator<Item = (u32, Event)>) {
        self.bounds = vec![0; rows + 1];
        for (row, event) in events {
            self.bounds[row as usize + 1] += 1;
            self.events.push(event);
        }
        for row in 0..rows {
            self.bounds[row + 1] += self.bounds[row];
        }
    }

    /// The history of these rows of the interactions.
    pub fn take(self, rows: &[u32]) -> Self {
        if self.bounds.is_empty() {
            return self;
        }
        let mut out = Self::default();
        let events = (0..).zip(rows).flat_map(|(to, &row)| self.of(row as usize).iter().map(move |&event| (to, event)));
        out.fill(rows.len(), events);
        Self { strays: self.strays, impossible: self.impossible, ..out }
    }

    /// Whether no source has any.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// What happened to an interaction, in order of time.
    #[inline]
    pub fn of(&self, row: usize) -> &[Event] {
        let bound = |row: usize| self.bounds.get(row).map_or(0, |&at| at as usize);
        self.events.get(bound(row)..bound(row + 1)).unwrap_or_default()
    }

    /// The bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.bounds.len() * size_of::<u32>() + self.events.len() * size_of::<Event>()
    }
}

/// How the state of an interaction went: open from its start, and again from each reopening. A repeated state changes
/// nothing, so that closed after resolved is no second resolution.
pub fn spells(start: i64, events: &[Event]) -> Vec<Spell> {
    let mut spells = vec![Spell::of(start, NO_TIME)];
    for event in events {
        let Some(last) = spells.last_mut() else { break };
        let open = last.to == NO_TIME;
        match event.kind {
            Kind::Resolved | Kind::Merged | Kind::Deleted if open => {
                (last.to, last.resolved, last.by) = (event.at, event.kind == Kind::Resolved, event.by);
            }
            Kind::Opened if !open && last.resolved => spells.push(Spell::of(event.at, NO_TIME)),
            _ => {}
        }
    }
    spells
}

/// What each word of the column `kind` means.
fn kinds(events: &Table) -> Vec<Kind> {
    let words = events.words("kind").map(|(_, words)| words);
    words.map_or_else(Vec::new, |words| words.iter().map(Kind::of).collect())
}

/// Where each event stood, to put those of one instant in order: its file by name, and its line.
fn place(events: &Table) -> Vec<(u32, i32)> {
    let none = Words::default();
    let (files, lines) = (codes(events, "file"), events.counts("line"));
    let names: Vec<&str> = events.words("file").map_or(&none, |(_, words)| words).iter().collect();
    let mut by_name: Vec<usize> = (0..names.len()).collect();
    by_name.sort_unstable_by_key(|&code| names[code]);
    let mut rank = vec![0; names.len()];
    (0..).zip(by_name).for_each(|(nth, code)| rank[code] = nth);
    let of = |event| (meaning(&rank, files.get(event), 0), lines.map_or(0, |lines| lines.get(event)));
    (0..events.rows()).map(of).collect()
}

/// Who did what an event tells.
struct Actors<'t> {
    said: Coded<'t>,
    kinds: Vec<Option<Actor>>,
    name: Coded<'t>,
    bots: Vec<bool>,
}

impl<'t> Actors<'t> {
    fn new(events: &'t Table, settings: &Settings) -> Self {
        let none = Words::default();
        let words = |name| events.words(name).map_or(&none, |(_, words)| words);
        let kind = |word: &str| match word {
            "human" => Some(Actor::Human),
            "bot" => Some(Actor::Bot),
            "customer" => Some(Actor::Customer),
            _ => None,
        };
        Self {
            said: codes(events, "actor_kind"),
            kinds: words("actor_kind").iter().map(kind).collect(),
            name: codes(events, "actor"),
            bots: words("actor").iter().map(|name| settings.is_bot(name)).collect(),
        }
    }

    /// As said; else a customer's message is the customer's, and what a bot of the settings does is a bot's.
    fn of(&self, event: usize, kind: Kind) -> Actor {
        let is_bot = meaning(&self.bots, self.name.get(event), false);
        let usual = match kind {
            Kind::MessageIn => Actor::Customer,
            _ if is_bot => Actor::Bot,
            _ => Actor::Human,
        };
        meaning(&self.kinds, self.said.get(event), None).unwrap_or(usual)
    }
}

/// The interactions that events are about: by number and source where that is known, else by number alone.
struct Owners<'t> {
    events: &'t Table,
    by_number: Numbered<'t>,
    by_source: FxHashMap<(u32, Text<'t>), u32>,
    /// For each source's code among the events, its code among the interactions.
    sources: Vec<u32>,
}

impl<'t> Owners<'t> {
    fn new(interactions: &'t Table, events: &'t Table) -> Self {
        let source = codes(interactions, "source");
        let by_source = numbers(interactions).map(|(row, number)| ((source.get(row as usize), number), row)).collect();
        let known = interactions.words("source").map(|(_, words)| words);
        let code = |name: &str| known.and_then(|known| known.find(name)).unwrap_or(NO_WORD);
        let sources = events.words("source").map_or_else(Vec::new, |(_, words)| words.iter().map(code).collect());
        Self { events, by_number: Numbered::new(interactions), by_source, sources }
    }

    fn of(&self, event: usize) -> Option<u32> {
        let number = self.events.text("interaction_id", event);
        let source = meaning(&self.sources, codes(self.events, "source").get(event), NO_WORD);
        if source != NO_WORD {
            return self.by_source.get(&(source, number)).copied();
        }
        self.by_number.of(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: i64, kind: Kind) -> Event {
        Event { at, kind, by: Actor::Human }
    }

    #[test]
    fn closed_after_resolved_is_no_second_resolution_and_opened_after_either_is_a_reopening() {
        let kinds = [Kind::Resolved, Kind::Resolved, Kind::Opened, Kind::Opened, Kind::Resolved];
        let events: Vec<Event> = (1..).zip(kinds).map(|(nth, kind)| event(nth * 10, kind)).collect();
        let stretches: Vec<_> = spells(0, &events).iter().map(|spell| (spell.from, spell.to)).collect();
        assert_eq!(stretches, [(0, 10), (30, 50)]);
    }

    #[test]
    fn what_was_merged_stays_so() {
        let events = [event(5, Kind::Merged), event(9, Kind::Opened)];
        let spells = spells(0, &events);
        assert_eq!((spells.len(), spells[0].to, spells[0].resolved), (1, 5, false));
    }
}
