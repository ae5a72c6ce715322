//! Orders and other signs that a customer is active (metrics.md §6).

use super::seen::seen;
use crate::columns::{NO_TIME, Table};
use crate::identity::NO_CUSTOMER;
use crate::zone::Zone;
use std::collections::BTreeSet;

/// What customers did besides making contact.
#[derive(Debug, Default)]
pub struct Activity {
    /// (customer, local day) of each order of a known customer, ascending.
    pub orders: Vec<(u32, i32)>,
    /// All orders' instants, ascending, of unknown customers too.
    pub order_times: Vec<i64>,
    /// (customer, first day, day after the last) of customer records with dates, ascending.
    pub spells: Vec<(u32, i32, i32)>,
}

impl Activity {
    /// Gather orders and customers' active spells as seen at `as_of`.
    pub fn new(orders: (&Table, &[u32]), records: (&Table, &[u32]), zone: &Zone, as_of: i64) -> Self {
        let ((orders, order_customers), (records, record_customers)) = (orders, records);
        let at = seen(orders, "ordered_at", as_of);
        let dated = (0..orders.rows()).filter(|&row| at.get(row) != NO_TIME);
        let mut out = Self::default();
        for row in dated {
            out.order_times.push(at.get(row));
            if order_customers[row] != NO_CUSTOMER {
                out.orders.push((order_customers[row], zone.day(at.get(row))));
            }
        }
        let ends = sources_with_ends(records);
        for row in (0..records.rows()).filter(|&row| record_customers[row] != NO_CUSTOMER) {
            // Where a source says when customers left, one without an end is still there; where it never does, a first
            // day says since when and nothing more.
            let open = ends.contains(records.word("source", row)).then_some(i32::MAX);
            let until = records.time("active_until", row).map(|at| zone.day(at) + 1).or(open);
            if let (Some(from), Some(until)) = (records.time("active_from", row), until) {
                out.spells.push((record_customers[row], zone.day(from), until));
            }
        }
        out.orders.sort_unstable();
        out.order_times.sort_unstable();
        out.spells.sort_unstable();
        out
    }

    /// The first local day that anything is known of: of orders where there are any, else of records.
    pub fn first_day(&self, zone: &Zone) -> Option<i32> {
        let ordered = self.order_times.first().map(|&at| zone.day(at));
        ordered.or_else(|| self.spells.iter().map(|spell| spell.1).min())
    }

    /// Customers active on a day in `[from, to)`, ascending.
    pub fn active(&self, from: i32, to: i32) -> Vec<u32> {
        let ordered = self.orders.iter().filter(|(_, day)| (from..to).contains(day)).map(|(c, _)| *c);
        let covered = self.spells.iter().filter(|(_, first, after)| *first < to && *after > from).map(|(c, ..)| *c);
        let mut customers: Vec<u32> = ordered.chain(covered).collect();
        customers.sort_unstable();
        customers.dedup();
        customers
    }

    /// How many orders were placed in `[from, to)`.
    pub fn orders_between(&self, from: i64, to: i64) -> usize {
        let before = |at: i64| self.order_times.partition_point(|&t| t < at);
        before(to).saturating_sub(before(from))
    }
}

/// Sources that say of some customer when he left.
fn sources_with_ends(records: &Table) -> BTreeSet<String> {
    let ended = (0..records.rows()).filter(|&row| records.time("active_until", row).is_some());
    ended.map(|row| records.word("source", row).to_owned()).collect()
}
