//! Resolved, open or unknown, since when and how long it took (metrics.md §4, §11).
//!
//! The export's own instants come first, the vendor's duration only where there are none. What lies after
//! as-of has not happened: such a contact is still open.

use super::{Facts, days_only, possible, seen, times};
use crate::columns::NO_TIME;
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
struct Columns {
    resolved: Vec<i64>,
    closed: Vec<i64>,
    resolved_by_day: Vec<bool>,
    closed_by_day: Vec<bool>,
    vendor: Vec<i64>,
    as_of: i64,
}

/// Fill in what is true of each contact's resolution.
pub(super) fn fill(facts: &mut Facts, status: &[u32], statuses: &[Status], zone: &Zone, as_of: i64) {
    let table = &facts.table;
    let columns = Columns {
        resolved: seen(table, "resolved_at", as_of),
        closed: seen(table, "closed_at", as_of),
        resolved_by_day: days_only(table, "resolved_at"),
        closed_by_day: days_only(table, "closed_at"),
        vendor: times(table, "vendor_resolution"),
        as_of,
    };
    for row in 0..facts.rows() {
        let status = meaning(statuses, status[row], Status::Unknown);
        facts.status_known[row] = status != Status::Unknown;
        facts.unresolved[row] = status == Status::Unresolved;
        facts.open[row] = status == Status::Open;
        facts.done[row] = status == Status::Done;
        match (status, columns.of(facts, row, status)) {
            (Status::Done, Err(Later)) => {
                facts.done[row] = false;
                facts.open[row] = true;
            }
            (Status::Done | Status::Open, Ok(Some(resolution))) => place(facts, row, status, resolution, zone),
            _ => {}
        }
    }
}

/// The resolution lies after as-of.
struct Later;

impl Columns {
    fn of(&self, facts: &Facts, row: usize, status: Status) -> Result<Option<Resolution>, Later> {
        let at = facts.at[row];
        let unseen = |name| facts.table.time(name, row).is_some_and(|at| at > self.as_of);
        let known = |at, by_day| Ok(Some(Resolution { at, by_day, by_vendor: false }));
        if self.resolved[row] != NO_TIME {
            return known(self.resolved[row], self.resolved_by_day[row]);
        }
        if unseen("resolved_at") || (self.closed[row] == NO_TIME && unseen("closed_at")) {
            return Err(Later);
        }
        // A closing or a vendor's duration on a case that is not resolved is no resolution.
        if status == Status::Open {
            return Ok(None);
        }
        if self.closed[row] != NO_TIME {
            return known(self.closed[row], self.closed_by_day[row]);
        }
        match self.vendor[row] {
            NO_TIME => Ok(None),
            _ if at == NO_TIME => Ok(None),
            took if took >= 0 && at + took > self.as_of => Err(Later),
            took => Ok(Some(Resolution { at: at + took, by_day: false, by_vendor: true })),
        }
    }
}

/// Put a resolution in place if it can be: not before the start, nor before the day of the start.
fn place(facts: &mut Facts, row: usize, status: Status, resolution: Resolution, zone: &Zone) {
    let at = facts.at[row];
    if at != NO_TIME {
        let late_enough = resolution.by_day && zone.day(resolution.at) >= facts.day[row];
        let took = if late_enough { 0 } else { resolution.at - at };
        if possible(facts, row, took, "resolution") == NO_TIME {
            return;
        }
    }
    facts.resolved_at[row] = resolution.at;
    facts.resolved_by_day[row] = resolution.by_day;
    facts.resolved_by_vendor[row] = resolution.by_vendor;
    if status == Status::Done && at != NO_TIME && (resolution.by_vendor || facts.by_day[row] == resolution.by_day) {
        facts.ttr[row] = resolution.at - at;
    }
}
