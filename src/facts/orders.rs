//! Orders and other signs that a customer is active (metrics.md §6).

use super::seen;
use crate::columns::{NO_TIME, Table};
use crate::identity::NO_CUSTOMER;
use crate::zone::Zone;

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
        let dated = (0..orders.rows()).filter(|&row| at[row] != NO_TIME);
        let mut out = Self::default();
        for row in dated {
            out.order_times.push(at[row]);
            if order_customers[row] != NO_CUSTOMER {
                out.orders.push((order_customers[row], zone.day(at[row])));
            }
        }
        for row in (0..records.rows()).filter(|&row| record_customers[row] != NO_CUSTOMER) {
            // A record with nothing but a first day says since when, not that the customer is still active.
            if let (Some(from), Some(until)) = (records.time("active_from", row), records.time("active_until", row)) {
                out.spells.push((record_customers[row], zone.day(from), zone.day(until) + 1));
            }
        }
        out.orders.sort_unstable();
        out.order_times.sort_unstable();
        out.spells.sort_unstable();
        out
    }

    /// The first local day that anything is known of.
    pub fn first_day(&self) -> Option<i32> {
        let ordered = self.orders.iter().map(|o| o.1).min();
        ordered.into_iter().chain(self.spells.iter().map(|s| s.1)).min()
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
