//! Monthly cohorts: of the customers first active in a month, the share active in each month after it.
//!
//! Active is an order where there are orders, else a contact, and the title says which. Months that are
//! not over stay blank, and the data's first month is left out: who is seen there is not new.

use super::readings::Asked;
use super::sections::Made;
use super::{Better, Cell, Column, Layout, Row, Table, Unit};
use crate::desk::Desk;
use crate::facts::Out;
use crate::identity::NO_CUSTOMER;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// How many months after the first are shown.
const MONTHS: i32 = 12;

/// The cohorts of all customers that `--where` lets through.
pub fn cohorts(desk: &Desk, _: &Asked) -> Made {
    let by_orders = !desk.activity.orders.is_empty();
    let months = active_months(desk, by_orders);
    let of_customers = || months.chunk_by(|a, b| a.0 == b.0);
    let first_seen = of_customers().map(|months| months[0].1).min();
    let kept = desk.kept_customers(of_customers().map(|months| months[0].0).collect());
    // Where orders end before the other data, later months are not over.
    let as_of = desk.timeline.as_of;
    let ordered = desk.activity.purchases.last().filter(|_| by_orders);
    let reached = ordered.map_or(as_of, |order| order.at.min(as_of));
    let last_full = month_index(desk.timeline.zone.day(reached + 1)) - 1;
    let mut cohorts: BTreeMap<i32, Cohort> = BTreeMap::new();
    for months in of_customers().filter(|months| kept.binary_search(&months[0].0).is_ok()) {
        let first = months[0].1;
        if Some(first) != first_seen && first <= last_full {
            cohorts.entry(first).or_default().add(first, months);
        }
    }
    let longest = cohorts.keys().next().map_or(0, |first| (last_full - first).min(MONTHS));
    let mut columns = vec![
        Column::name("cohort", "First active"),
        Column::figure("customers", "customers", Unit::Count, Better::Neither),
    ];
    columns
        .extend((1..=longest).map(|m| Column::figure(&format!("month_{m}"), &m.to_string(), Unit::Share, Better::Up)));
    let rows = cohorts.iter().map(|(&first, cohort)| cohort.row(first, longest, last_full)).collect();
    let activity = if by_orders { "an order" } else { "a contact" };
    let title = format!("Share of customers with {activity} in each month after their first");
    let table = Table { id: "cohorts".into(), title, layout: Layout::Heat, columns, rows, ..Table::default() };
    Made { table, says: Vec::new() }
}

/// Customers who were first active in the same month, and how many of them were so many months later.
#[derive(Default)]
struct Cohort {
    customers: u64,
    later: [u64; MONTHS as usize],
}

impl Cohort {
    fn add(&mut self, first: i32, months: &[(u32, i32)]) {
        self.customers += 1;
        for (_, month) in &months[1..] {
            let after = usize::try_from(month - first - 1).unwrap_or(usize::MAX);
            if let Some(active) = self.later.get_mut(after) {
                *active += 1;
            }
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn row(&self, first: i32, longest: i32, last_full: i32) -> Row {
        let mut cells = vec![Cell::text(month_name(first)), Cell::count(self.customers)];
        for (month, active) in (first + 1..=first + longest).zip(self.later) {
            let share = (month <= last_full).then_some(active as f64 / self.customers as f64);
            cells.push(Cell { n: share.map(|_| self.customers), ..Cell::number(share) });
        }
        Row { cells, series: Vec::new() }
    }
}

/// Each customer with each month of activity, ascending.
fn active_months(desk: &Desk, by_orders: bool) -> Vec<(u32, i32)> {
    let facts = &desk.facts;
    let days: Vec<(u32, i32)> = if by_orders {
        desk.activity.orders.clone()
    } else {
        let contacts = (0..facts.rows()).filter(|&row| facts.out[row] == Out::No && facts.customer[row] != NO_CUSTOMER);
        contacts.filter(|&row| facts.day[row] != i32::MIN).map(|row| (facts.customer[row], facts.day[row])).collect()
    };
    // There are far fewer days than orders.
    let mut known: FxHashMap<i32, i32> = FxHashMap::default();
    let month = |(customer, day): (u32, i32)| (customer, *known.entry(day).or_insert_with(|| month_index(day)));
    let mut months: Vec<(u32, i32)> = days.into_iter().map(month).collect();
    months.sort_unstable();
    months.dedup();
    months
}

/// Months since year 0, so that the next month is one more.
fn month_index(day: i32) -> i32 {
    let date = crate::zone::date(day);
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

fn month_name(index: i32) -> String {
    format!("{}-{:02}", index.div_euclid(12), index.rem_euclid(12) + 1)
}
