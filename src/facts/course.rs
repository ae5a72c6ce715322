//! How the state of a contact went: resolved by when, open at an instant, held or reopened (metrics.md §4, §11).
//!
//! By its history where it has one that ends as the export says; else by its last resolution alone. Nothing here
//! knows of periods: instants come from those who ask.

use super::Facts;
use super::history::{Actor, Kind, Spell, spells};
use crate::columns::NO_TIME;
use crate::interaction::place;
use crate::zone::DAY;

/// A resolution is watched for this long.
pub const WATCHED: i64 = 7 * DAY;

const FIRST_RESOLVED: usize = place("first_resolved_at");
const REOPENS: usize = place("reopens");

/// A resolution of a contact, and whether it held.
#[derive(Debug, Clone, Copy)]
pub struct Closing {
    pub row: u32,
    pub at: i64,
    pub after: After,
}

/// What came after a resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    Held,
    Reopened(i64),
    /// Reopened, and nobody says when.
    ReopenedSometime,
    /// The export does not tell of reopenings.
    Unknown,
}

impl Facts {
    /// When a contact was open, by its history; `None` where it has none, or one that ends otherwise than the export
    /// says.
    #[inline]
    pub fn spells(&self, row: usize) -> Option<Vec<Spell>> {
        if self.history.is_empty() { None } else { self.told_spells(row) }
    }

    fn told_spells(&self, row: usize) -> Option<Vec<Spell>> {
        let events = self.history.of(row);
        let tells = |kind: Kind| matches!(kind, Kind::Opened | Kind::Resolved | Kind::Merged | Kind::Deleted);
        if !events.clone().any(|event| tells(event.kind)) {
            return None;
        }
        let spells = spells(self.at.get(row), events);
        let last = spells.last()?;
        let agrees = if last.to == NO_TIME { self.open[row] } else { last.resolved && self.done[row] };
        agrees.then_some(spells)
    }

    /// Resolved at an instant, as far as anybody can tell: one resolved at an unknown time always was.
    pub fn was_resolved(&self, row: usize, at: i64) -> bool {
        let unknown = self.done[row] && self.resolved_at.get(row) == NO_TIME;
        unknown || self.resolved_by(row, at) != NO_TIME
    }

    /// The last resolution of a contact that is resolved at an instant; `NO_TIME` where it is not, or nobody knows when.
    pub fn resolved_by(&self, row: usize, at: i64) -> i64 {
        let last = self.resolved_at.get(row);
        match self.spells(row) {
            Some(spells) => {
                let now = spells.iter().enumerate().rev().find(|(_, spell)| spell.from <= at);
                match now.filter(|(_, spell)| spell.resolved && spell.to <= at) {
                    // The export's own time of the last one goes before the history's.
                    Some((nth, _)) if nth + 1 == spells.len() && last != NO_TIME => last,
                    Some((_, spell)) => spell.to,
                    None => NO_TIME,
                }
            }
            None if self.done[row] && last <= at => last,
            None => NO_TIME,
        }
    }

    /// Started before an instant, with a state, and not over by then.
    pub fn is_open_at(&self, row: usize, at: i64) -> bool {
        match self.spells(row) {
            Some(spells) => spells.iter().any(|spell| spell.from < at && (spell.to == NO_TIME || spell.to >= at)),
            None => self.open[row] || self.done[row] && self.resolved_at.get(row) >= at,
        }
    }

    /// Milliseconds from the first instant to the second by `between`, summed over the times that a contact was open
    /// until its last resolution. `None` where nobody tells of its reopenings.
    pub fn active(&self, row: usize, between: &dyn Fn(i64, i64) -> Option<i64>) -> Option<i64> {
        let (start, end) = (self.at.get(row), self.resolved_at.get(row));
        match self.spells(row) {
            Some(spells) => {
                let (last, earlier) = spells.split_last()?;
                // The export's own time of the last resolution goes before the history's, if it can be.
                let to = if end >= last.from { end } else { last.to };
                let before = earlier.iter().map(|spell| between(spell.from, spell.to));
                before.chain([between(last.from, to)]).sum()
            }
            None if self.reopens(row) == Some(0) => between(start, end),
            None => None,
        }
    }

    /// The first resolution: the export's, or the last one where it held.
    pub fn first_resolved(&self, row: usize) -> i64 {
        let own = self.table.times_at(FIRST_RESOLVED).map(|times| times.get(row));
        let start = self.at.get(row);
        match own.filter(|&at| at != NO_TIME && at >= start && at <= self.resolved_at.get(row)) {
            Some(at) => at,
            None if self.reopens(row) == Some(0) => self.resolved_at.get(row),
            None => NO_TIME,
        }
    }

    /// How often it was reopened, where the export tells.
    fn reopens(&self, row: usize) -> Option<i32> {
        self.counted(REOPENS, row)
    }

    /// What came after the last resolution.
    pub fn after_last(&self, row: usize) -> After {
        match self.spells(row) {
            Some(spells) => match spells.last() {
                Some(last) if last.to == NO_TIME => After::Reopened(last.from),
                _ => After::Held,
            },
            None if self.open[row] => After::ReopenedSometime,
            None if self.reopens(row) == Some(0) => After::Held,
            None => After::Unknown,
        }
    }

    /// The last resolution did not hold for as long as it is watched; without a history, any reopening counts.
    pub fn was_reopened(&self, row: usize) -> bool {
        let late = |at: i64| at - self.resolved_at.get(row) > WATCHED;
        match self.after_last(row) {
            After::Held => false,
            After::Reopened(at) => !late(at),
            After::ReopenedSometime => true,
            After::Unknown => self.reopens(row).is_some_and(|n| n > 0),
        }
    }

    /// From when a first reply is waited for: the start, or the last reopening before it of what a bot had resolved.
    pub fn asked_at(&self, row: usize) -> i64 {
        let (start, replied) = (self.at.get(row), self.replied_at.get(row));
        let events = self.history.of(row);
        if events.len() == 0 {
            return start;
        }
        let spells = spells(start, events);
        let by_bot = spells.windows(2).filter(|pair| pair[0].by == Actor::Bot).map(|pair| pair[1].from);
        by_bot.rev().find(|&reopened| replied == NO_TIME || reopened <= replied).unwrap_or(start)
    }

    /// The export's own verdict on its resolution target: 0, 1, or 2 for none.
    pub fn vendor_resolution_sla(&self, row: usize) -> u8 {
        self.table.flags("vendor_resolution_sla").map_or(2, |flags| flags.get(row))
    }

    /// The resolutions of histories before the last one, by time: those that were reopened.
    pub(super) fn earlier_closings(&self) -> Vec<Closing> {
        let mut out = Vec::new();
        if self.history.is_empty() {
            return out;
        }
        for row in (0..self.rows()).filter(|&row| self.out[row] == super::Out::No) {
            let Some(spells) = self.spells(row) else { continue };
            let over: Vec<&Spell> = spells.iter().filter(|spell| spell.resolved).collect();
            let earlier = over.split_last().map_or(&[][..], |(_, earlier)| earlier);
            for (nth, spell) in earlier.iter().enumerate() {
                let after = spells.get(nth + 1).map_or(After::Held, |next| After::Reopened(next.from));
                out.push(Closing { row: u32::try_from(row).unwrap_or(u32::MAX), at: spell.to, after });
            }
        }
        out.sort_by_key(|closing| (closing.at, closing.row));
        out
    }
}
