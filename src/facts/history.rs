//! What happened to interactions, event by event: the history that some sources export beside them.
//!
//! A history says what a flat export cannot: each turn of a conversation, each resolution and reopening. How the state of
//! an interaction went is told here (`spells`); which interaction an event is about is found in `owners.rs`, and what the
//! columns learn from events is in `told.rs`. A new kind of event is a line in `Kind::of`.

use super::Impossible;
use super::owners::Owners;
use super::seen::{Coded, codes, days_only, seen, times};
use crate::by_number::ByNumber;
use crate::columns::{Counts, NO_TIME, Table, Times, Words};
use crate::settings::Settings;
use crate::terms::meaning;

/// The row of an event of no interaction.
const NOBODY: u32 = u32::MAX;

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

/// All events, by the row of the interaction that they are about and then by time: six bytes each, where all are at whole
/// seconds. What is told turn by turn, and how things stood at any instant, needs every one of them; all else of an event
/// is let go once it is here.
#[derive(Debug, Default)]
pub struct History {
    /// Where each row's events begin; one more at the end. Empty where no source has a history.
    bounds: Vec<u32>,
    at: Times,
    what: Vec<(Kind, Actor)>,
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
        let mut owners = Owners::new(interactions, events);
        let (at, by_day) = (seen(events, "at", as_of), days_only(events, "at"));
        let started = interactions.times("started_at");
        let mut rows = vec![NOBODY; events.rows()];
        for event in (0..events.rows()).filter(|&event| at.get(event) != NO_TIME) {
            let Some(row) = owners.of(event) else {
                out.strays += 1;
                continue;
            };
            let start = started.map_or(NO_TIME, |started| started.get(row as usize));
            if by_day.get(event) || at.get(event) < start {
                out.impossible.push(Impossible::of(events, event, "event"));
            } else {
                rows[event] = row;
            }
        }
        out.impossible.sort();
        out.fill(ByNumber::of_many(rows.into_iter(), interactions.rows()), events, settings);
        out
    }

    /// The events of each row, given in the order of their table.
    fn fill(&mut self, by_row: ByNumber, events: &Table, settings: &Settings) {
        let (bounds, mut order) = by_row.into_parts();
        let (at, kind, place) = (times(events, "at"), codes(events, "kind"), Place::new(events));
        for bound in bounds.windows(2) {
            let own = &mut order[bound[0] as usize..bound[1] as usize];
            own.sort_by_key(|&event| (at.get(event as usize), place.of(event as usize)));
        }
        let (kinds, actors) = (kinds(events), Actors::new(events, settings));
        let what = |event: usize| {
            let kind = meaning(&kinds, kind.get(event), Kind::Other);
            (kind, actors.of(event, kind))
        };
        self.bounds = bounds;
        self.at = order.iter().map(|&event| at.get(event as usize)).collect();
        self.what = order.iter().map(|&event| what(event as usize)).collect();
    }

    /// The history of these rows of the interactions.
    pub fn take(self, rows: &[u32]) -> Self {
        if self.bounds.is_empty() {
            return self;
        }
        let mut bounds = vec![0];
        let mut order: Vec<u32> = Vec::new();
        for &row in rows {
            order.extend(self.bounds[row as usize]..self.bounds[row as usize + 1]);
            bounds.push(u32::try_from(order.len()).unwrap_or(u32::MAX));
        }
        let what = order.iter().map(|&nth| self.what[nth as usize]).collect();
        Self { bounds, at: self.at.take(&order), what, ..self }
    }

    /// Whether no source has any.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.what.is_empty()
    }

    /// What happened to an interaction, in order of time.
    #[inline]
    pub fn of(&self, row: usize) -> impl DoubleEndedIterator<Item = Event> + ExactSizeIterator + Clone + '_ {
        let bound = |row: usize| self.bounds.get(row).map_or(0, |&at| at as usize);
        (bound(row)..bound(row + 1)).map(|nth| {
            let (kind, by) = self.what[nth];
            Event { at: self.at.get(nth), kind, by }
        })
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.what.len()
    }

    /// The bytes that it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(self.bounds.as_slice()) + self.at.bytes() + size_of_val(self.what.as_slice())
    }
}

/// How the state of an interaction went: open from its start, and again from each reopening. A repeated state changes
/// nothing, so that closed after resolved is no second resolution.
pub fn spells(start: i64, events: impl Iterator<Item = Event>) -> Vec<Spell> {
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
struct Place<'t> {
    files: Coded<'t>,
    /// By the file's code.
    rank: Vec<u32>,
    lines: Option<&'t Counts>,
}

impl<'t> Place<'t> {
    fn new(events: &'t Table) -> Self {
        let none = Words::default();
        let names: Vec<&str> = events.words("file").map_or(&none, |(_, words)| words).iter().collect();
        let mut by_name: Vec<usize> = (0..names.len()).collect();
        by_name.sort_unstable_by_key(|&code| names[code]);
        let mut rank = vec![0; names.len()];
        (0..).zip(by_name).for_each(|(nth, code)| rank[code] = nth);
        Self { files: codes(events, "file"), rank, lines: events.counts("line") }
    }

    fn of(&self, event: usize) -> (u32, i32) {
        (meaning(&self.rank, self.files.get(event), 0), self.lines.map_or(0, |lines| lines.get(event)))
    }
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
        let stretches: Vec<_> = spells(0, events.into_iter()).iter().map(|spell| (spell.from, spell.to)).collect();
        assert_eq!(stretches, [(0, 10), (30, 50)]);
    }

    #[test]
    fn what_was_merged_stays_so() {
        let events = [event(5, Kind::Merged), event(9, Kind::Opened)];
        let spells = spells(0, events.into_iter());
        assert_eq!((spells.len(), spells[0].to, spells[0].resolved), (1, 5, false));
    }
}
