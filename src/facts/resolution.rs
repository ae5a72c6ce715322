//! Resolved, open or unknown, since when and how long it took (metrics.md §4, §11).
//!
//! The export's own instants come first, the vendor's duration only where there are none. What lies after
//! as-of has not happened: such a contact is still open.

use super::seen::{Coded, DayOnly, Seen, days_only, seen, times};
use super::{Facts, possible};
use crate::columns::{NO_TIME, Table};
use crate::terms::{Status, meaning};
use crate::zone::Zone;

/// When a contact was resolved, and how that is known.
#[derive(Clone, Copy)]
struct Resolution {
    at: i64,
    by_day: bool,
    by_vendor: bool,
}

/// The columns that tell of resolutions.
struct Columns<'t> {
    resolved: Seen<'t>,
    closed: Seen<'t>,
    resolved_by_day: DayOnly<'t>,
    closed_by_day: DayOnly<'t>,
    vendor: Seen<'t>,
    as_of: i64,
}

/// Fill in what is true of each contact's resolution.
pub(super) fn fill(facts: &mut Facts, table: &Table, (codes, statuses): (Coded, &[Status]), zone: &Zone, as_of: i64) {
    let columns = Columns {
        resolved: seen(table, "resolved_at", as_of),
        closed: seen(table, "closed_at", as_of),
        resolved_by_day: days_only(table, "resolved_at"),
        closed_by_day: days_only(table, "closed_at"),
        vendor: times(table, "vendor_resolution"),
        as_of,
    };
    for row in 0..facts.rows() {
        let status = meaning(statuses, codes.get(row), Status::Unknown);
        facts.status_known.set(row, status != Status::Unknown);
        facts.unresolved.set(row, status == Status::Unresolved);
        facts.open.set(row, status == Status::Open);
        facts.done.set(row, status == Status::Done);
        match (status, columns.of(facts, row, status)) {
            (Status::Done, Err(Later)) => {
                facts.done.set(row, false);
                facts.open.set(row, true);
            }
            (Status::Done | Status::Open, Ok(Some(resolution))) => place(facts, table, row, (status, resolution), zone),
            _ => {}
        }
    }
}

/// The resolution lies after as-of.
struct Later;

impl Columns<'_> {
    fn of(&self, facts: &Facts, row: usize, status: Status) -> Result<Option<Resolution>, Later> {
        let at = facts.at.get(row);
        let known = |at, by_day| Ok(Some(Resolution { at, by_day, by_vendor: false }));
        if self.resolved.get(row) != NO_TIME {
            return known(self.resolved.get(row), self.resolved_by_day.get(row));
        }
        if self.resolved.is_later(row) || (self.closed.get(row) == NO_TIME && self.closed.is_later(row)) {
            return Err(Later);
        }
        // A closing or a vendor's duration on a case that is not resolved is no resolution.
        if status == Status::Open {
            return Ok(None);
        }
        if self.closed.get(row) != NO_TIME {
            return known(self.closed.get(row), self.closed_by_day.get(row));
        }
        match self.vendor.get(row) {
            NO_TIME => Ok(None),
            _ if at == NO_TIME => Ok(None),
            took if took >= 0 && at + took > self.as_of => Err(Later),
            took => Ok(Some(Resolution { at: at + took, by_day: false, by_vendor: true })),
        }
    }
}

/// Put a resolution in place if it can be: not before the start, nor before the day of the start.
fn place(facts: &mut Facts, table: &Table, row: usize, (status, resolution): (Status, Resolution), zone: &Zone) {
    let at = facts.at.get(row);
    if at != NO_TIME {
        let late_enough = resolution.by_day && zone.day(resolution.at) >= facts.day[row];
        let took = if late_enough { 0 } else { resolution.at - at };
        if possible(facts, table, row, took, "resolution") == NO_TIME {
            return;
        }
    }
    facts.resolved_at.set(row, resolution.at);
    facts.resolved_by_day.set(row, resolution.by_day);
    facts.resolved_by_vendor.set(row, resolution.by_vendor);
    if status == Status::Done && at != NO_TIME && (resolution.by_vendor || facts.by_day[row] == resolution.by_day) {
        facts.timed.set(row, true);
    }
}
