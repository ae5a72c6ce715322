//! Work on a contact: how long it was handled, what it cost, who was spoken to again (metrics.md §3, §4).
//!
//! Looked up row by row for those figures that ask; only what needs a look at other rows is kept (`followed_up`).

use super::course::WATCHED;
use super::seen::times;
use super::{Facts, Impossible, Out};
use crate::columns::{Bits, NO_COUNT, NO_TIME, Table};
use crate::identity::NO_CUSTOMER;
use crate::interaction::place;

const TALK: usize = place("talk");
const HOLD: usize = place("hold");
const WRAP: usize = place("wrap");
const HANDLE: usize = place("handle");
const SEGMENTS: usize = place("segments");

/// Durations of work, which cannot be negative.
const WORK: [&str; 4] = ["talk", "hold", "wrap", "handle"];

/// Note durations that cannot be.
pub(super) fn note_impossible(facts: &mut Facts, table: &Table) {
    for name in WORK.into_iter().filter(|name| table.times(name).is_some()) {
        let own = times(table, name);
        let negative = |row: &usize| own.get(*row) < 0 && own.get(*row) != NO_TIME;
        let found = (0..facts.rows()).filter(negative).map(|row| Impossible::of(table, row, name));
        facts.impossible.extend(found.collect::<Vec<_>>());
    }
}

/// Contacts whose customer was contacted within the time that a resolution is watched for.
pub(super) fn followed_up(facts: &Facts) -> Bits {
    let mut followed = Bits::none(facts.rows());
    for customer in facts.customers_with(|row| facts.out[row] == Out::Outbound) {
        let starts = facts.of(customer).filter(|&row| facts.out[row] == Out::Outbound).map(|row| facts.at.get(row));
        let ours: Vec<i64> = starts.filter(|&at| at != NO_TIME).collect();
        let resolved: Vec<usize> = facts.of(customer).filter(|&row| facts.resolved_at.get(row) != NO_TIME).collect();
        for row in resolved {
            let at = facts.resolved_at.get(row);
            let next = ours.get(ours.partition_point(|&start| start <= at));
            followed.set(row, next.is_some_and(|next| next - at <= WATCHED));
        }
    }
    followed
}

impl Facts {
    /// Milliseconds of talk, hold and wrap as far as they are known, else of the export's own sum; `NO_TIME` where
    /// neither is.
    pub fn handle_time(&self, row: usize) -> i64 {
        let of = |column: usize| self.table.times_at(column).map(|times| times.get(row)).filter(|&time| time >= 0);
        let talked =
            of(TALK).map(|talk| talk.saturating_add(of(HOLD).unwrap_or(0)).saturating_add(of(WRAP).unwrap_or(0)));
        talked.or_else(|| of(HANDLE)).unwrap_or(NO_TIME)
    }

    /// Whether talk is known, and hold or wrap is not.
    pub fn is_partly_timed(&self, row: usize) -> bool {
        let has = |column: usize| self.table.times_at(column).is_some_and(|times| times.get(row) >= 0);
        has(TALK) && !(has(HOLD) && has(WRAP))
    }

    /// The legs with a human that the handling time is the sum of.
    pub fn segments(&self, row: usize) -> i32 {
        self.counted(SEGMENTS, row).unwrap_or(1).max(1)
    }

    /// A count of the canonical columns, where the export has it.
    pub fn counted(&self, column: usize, row: usize) -> Option<i32> {
        self.table.counts_at(column).map(|counts| counts.get(row)).filter(|&n| n != NO_COUNT)
    }

    /// The customer, where known.
    #[inline]
    pub fn customer_of(&self, row: usize) -> Option<u32> {
        Some(self.customer[row]).filter(|&customer| customer != NO_CUSTOMER)
    }
}
