//! Monthly cohorts: of the customers first active in a month, the share active in each month after it.
//!
//! Active is an order where there are orders, else a contact, and the title says which. Months that are
//! not over stay blank, and the data's first month is left out: who is seen there is not new.

use super::{Better, Cell, Column, Layout, Row, Table, Unit};
use crate::desk::Desk;
use crate::facts::Out;
use crate::identity::NO_CUSTOMER;
use std::collections::{BTreeMap, BTreeSet};

/// How many months after the first are shown.
const MONTHS: i32 = 12;

/// The cohorts of all customers that `--where` lets through.
pub fn cohorts(desk: &Desk) -> Table {
    let by_orders = !desk.activity.orders.is_empty();
    let mut months = active_months(desk, by_orders);
    let first_seen = months.values().filter_map(|m| m.first()).min().copied();
    let kept = desk.kept_customers(months.keys().copied().collect());
    months.retain(|customer, _| kept.binary_search(customer).is_ok());
    // Where orders end before the other data, later months are not over.
    let as_of = desk.timeline.as_of;
    let ordered = desk.activity.order_times.last().filter(|_| by_orders);
    let reached = ordered.map_or(as_of, |&at| at.min(as_of));
    let last_full = month_index(desk.timeline.zone.day(reached + 1)) - 1;
    let mut cohorts: BTreeMap<i32, Vec<&BTreeSet<i32>>> = BTreeMap::new();
    for months in months.values() {
        let Some(&first) = months.first() else { continue };
        if Some(first) != first_seen && first <= last_full {
            cohorts.entry(first).or_default().push(months);
        }
    }
    let longest = cohorts.keys().next().map_or(0, |first| (last_full - first).min(MONTHS));
    let mut columns = vec![
        Column::name("cohort", "First active"),
        Column::figure("customers", "customers", Unit::Count, Better::Neither),
    ];
    columns
        .extend((1..=longest).map(|m| Column::figure(&format!("month_{m}"), &m.to_string(), Unit::Share, Better::Up)));
    let rows = cohorts.iter().map(|(&first, members)| cohort_row(first, members, longest, last_full)).collect();
    let activity = if by_orders { "an order" } else { "a contact" };
    Table {
        id: "cohorts".into(),
        title: format!("Share of customers with {activity} in each month after their first"),
        layout: Layout::Heat,
        columns,
        rows,
        total: None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn cohort_row(first: i32, members: &[&BTreeSet<i32>], longest: i32, last_full: i32) -> Row {
    let size = members.len() as u64;
    let mut cells = vec![Cell::text(month_name(first)), Cell::count(size)];
    for month in first + 1..=first + longest {
        let active = members.iter().filter(|m| m.contains(&month)).count();
        let share = (month <= last_full).then_some(active as f64 / members.len() as f64);
        cells.push(Cell { n: share.map(|_| size), ..Cell::number(share) });
    }
    Row { cells, series: Vec::new() }
}

/// The months in which each customer was active.
fn active_months(desk: &Desk, by_orders: bool) -> BTreeMap<u32, BTreeSet<i32>> {
    let mut months: BTreeMap<u32, BTreeSet<i32>> = BTreeMap::new();
    if by_orders {
        for &(customer, day) in &desk.activity.orders {
            months.entry(customer).or_default().insert(month_index(day));
        }
    } else {
        let facts = &desk.facts;
        for row in (0..facts.rows()).filter(|&row| facts.out[row] == Out::No && facts.customer[row] != NO_CUSTOMER) {
            if facts.day[row] != i32::MIN {
                months.entry(facts.customer[row]).or_default().insert(month_index(facts.day[row]));
            }
        }
    }
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
