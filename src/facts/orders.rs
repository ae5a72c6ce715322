//! Orders and other signs that a customer is active (metrics.md §6).

use super::seen::{codes, seen, times};
use crate::by_number::ByNumber;
use crate::columns::{NO_TIME, Numbers, Table};
use crate::identity::NO_CUSTOMER;
use crate::zone::Zone;
use std::collections::BTreeSet;

/// What customers did besides making contact.
#[derive(Debug, Default)]
pub struct Activity {
    /// (customer, local day) of each order of a known customer, ascending.
    pub orders: Vec<(u32, i32)>,
    /// All orders by time, of unknown customers too.
    pub purchases: Vec<Purchase>,
    /// Positions in `purchases`.
    by_customer: ByNumber,
    /// (customer, first day, day after the last) of customer records with dates, ascending.
    pub spells: Vec<(u32, i32, i32)>,
}

/// One order.
#[derive(Debug, Clone, Copy)]
pub struct Purchase {
    pub at: i64,
    pub customer: u32,
    /// In the shop's currency; 0 where the export does not say.
    pub amount: f64,
    /// Of that, paid back.
    pub refunded: f64,
}

impl Activity {
    /// Gather orders and customers' active spells as seen at `as_of`.
    pub fn new(orders: (&Table, &[u32]), records: (&Table, &[u32]), zone: &Zone, as_of: i64) -> Self {
        let purchases = purchases(orders, as_of);
        let by_customer = ByNumber::new(purchases.iter().map(|order| order.customer));
        let days: Vec<i32> = purchases.iter().map(|order| zone.day(order.at)).collect();
        let mut orders = Vec::with_capacity(purchases.len());
        for (customer, own) in by_customer.iter() {
            orders.extend(own.iter().map(|&nth| (customer, days[nth as usize])));
        }
        Self { orders, purchases, by_customer, spells: spells(records, zone) }
    }

    /// One more than the greatest number of a customer of whom anything is known here.
    pub fn customers(&self) -> u32 {
        self.by_customer.count().max(self.spells.last().map_or(0, |spell| spell.0 + 1))
    }

    /// The orders of a customer, by time.
    pub fn of(&self, customer: u32) -> impl ExactSizeIterator<Item = &Purchase> {
        self.by_customer.of(customer).iter().map(|&nth| &self.purchases[nth as usize])
    }

    /// Those on local days in `[from, to)`.
    pub fn of_days(&self, customer: u32, from: i32, to: i32) -> impl ExactSizeIterator<Item = &Purchase> {
        let days = self.days_of(customer);
        let before = |day: i32| days.partition_point(|(_, own)| *own < day);
        self.of(customer).skip(before(from)).take(before(to).saturating_sub(before(from)))
    }

    /// The local days of a customer's orders, ascending.
    pub fn days_of(&self, customer: u32) -> &[(u32, i32)] {
        self.orders.get(self.by_customer.range(customer)).unwrap_or_default()
    }

    /// The spells of a customer, ascending.
    pub fn spells_of(&self, customer: u32) -> &[(u32, i32, i32)] {
        let from = self.spells.partition_point(|spell| spell.0 < customer);
        let own = self.spells[from..].iter().take_while(|spell| spell.0 == customer).count();
        &self.spells[from..from + own]
    }

    /// The first local day that anything is known of: of orders where there are any, else of records.
    pub fn first_day(&self, zone: &Zone) -> Option<i32> {
        let ordered = self.purchases.first().map(|order| zone.day(order.at));
        ordered.or_else(|| self.spells.iter().map(|spell| spell.1).min())
    }

    /// Whether a customer was active on a day in `[from, to)`.
    pub fn is_active(&self, customer: u32, from: i32, to: i32) -> bool {
        let days = self.days_of(customer);
        let next = days.get(days.partition_point(|(_, day)| *day < from));
        let ordered = next.is_some_and(|(_, day)| *day < to);
        ordered || self.spells_of(customer).iter().any(|(_, first, after)| *first < to && *after > from)
    }

    /// How many orders were placed in `[from, to)`.
    pub fn orders_between(&self, from: i64, to: i64) -> usize {
        self.between(from, to).count()
    }

    /// The orders placed in `[from, to)`, as positions in `purchases`.
    pub fn between(&self, from: i64, to: i64) -> impl Iterator<Item = u32> + use<> {
        let before = |at: i64| self.purchases.partition_point(|order| order.at < at);
        (before(from)..before(to).max(before(from))).map(|nth| u32::try_from(nth).unwrap_or(u32::MAX))
    }
}

/// All orders, by time.
fn purchases((orders, customers): (&Table, &[u32]), as_of: i64) -> Vec<Purchase> {
    let at = seen(orders, "ordered_at", as_of);
    let (amounts, refunds) = (orders.numbers("amount"), orders.numbers("refunded"));
    let purchase = |row: usize| {
        let of = |column: Option<&Numbers>| column.map(|c| c.get(row)).filter(|v| v.is_finite()).unwrap_or(0.0);
        Purchase { at: at.get(row), customer: customers[row], amount: of(amounts), refunded: of(refunds) }
    };
    let dated = (0..orders.rows()).filter(|&row| at.get(row) != NO_TIME);
    let mut purchases: Vec<Purchase> = dated.map(purchase).collect();
    // Orders stand by time; which of one instant come first is told by whose they are.
    purchases.sort_by_key(|order| order.at);
    for tied in purchases.chunk_by_mut(|a, b| a.at == b.at) {
        tied.sort_by(|a, b| a.customer.cmp(&b.customer).then(a.amount.total_cmp(&b.amount)));
    }
    purchases
}

/// The spells that customer records tell of, ascending.
fn spells((records, customers): (&Table, &[u32]), zone: &Zone) -> Vec<(u32, i32, i32)> {
    let Some(from) = records.times("active_from") else { return Vec::new() };
    let (until, source) = (times(records, "active_until"), codes(records, "source"));
    let leaves = |row: &usize| until.get(*row) != NO_TIME;
    // Where a source says when customers left, one without an end is still there; where it never does, a first
    // day says since when and nothing more.
    let with_ends: BTreeSet<u32> = (0..records.rows()).filter(leaves).map(|row| source.get(row)).collect();
    let spell = |row: usize| {
        let after = match until.get(row) {
            NO_TIME => with_ends.contains(&source.get(row)).then_some(i32::MAX)?,
            at => zone.day(at) + 1,
        };
        Some((customers[row], zone.day(from.get(row)), after))
    };
    let told = |row: &usize| customers[*row] != NO_CUSTOMER && from.get(*row) != NO_TIME;
    let mut spells: Vec<_> = (0..records.rows()).filter(told).filter_map(spell).collect();
    spells.sort_unstable();
    spells
}
