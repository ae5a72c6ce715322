//! Who stays and who comes back (metrics.md §6). Cohorts are a table of their own, in `report/retention.rs`.

use super::{Clock, Compute, Metric, Population, Span, n, value};
use crate::desk::{Desk, Group};
use crate::facts::Out;
use crate::identity::NO_CUSTOMER;
use crate::unit::{Better, Unit};
use crate::zone::DAY;

const TRAILING: Population = Population::new(Clock::Trailing, "customers active in the window before");
const BEFORE: Population = Population {
    span: Span::Before,
    pools: false,
    ..Population::new(Clock::Start, "known customers with a contact in the period before")
};

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "retention",
        label: "customers kept",
        help: "Of the customers active in the active window (default 90 days) up to X, the share active again in the window after it; X rolls, and only windows that are over count: X + window is the last midnight that both as-of and the orders have reached. Active = an order (a refunded one too), or a customer record whose dates cover the day. Refused where orders begin after X − window. The textbook formula (E − N) / S agrees where nobody returns after a pause.",
        formula: "|S ∩ E| / |S|, S active in [X − window, X), E active in [X, X + window)",
        better: Better::Up,
        population: TRAILING,
        outputs: &[value("", "customers kept", Unit::Share), n("customers")],
        needs: &[],
        compute: Compute::Grouped(retention),
        ripens: None,
        proof: &[("", 2.0 / 3.0), ("n", 3.0)],
    },
    Metric {
        id: "contact_return",
        label: "made contact again",
        help: "Of the known customers with a contact in the period before, the share with a contact in this one, on any channel. Repeat contact, not loyalty: this is no retention.",
        formula: "customers of the period before with a contact in this one / customers of the period before",
        better: Better::Neither,
        population: BEFORE,
        outputs: &[value("", "made contact again", Unit::Share), n("customers")],
        needs: &[],
        compute: Compute::Grouped(contact_return),
        ripens: None,
        proof: &[("", 0.5), ("n", 2.0)],
    },
];

/// X and the end of the window after it, as local days: the last full day that as-of and the orders have reached, as
/// asked. `None` where nothing tells of activity, or orders begin after X − window.
pub fn landmark(desk: &Desk, asked: i64) -> Option<(i32, i32)> {
    let zone = &desk.timeline.zone;
    let window = i32::try_from(desk.settings.active_window.0 / DAY).ok()?;
    // Records with dates know every day up to as-of; orders only up to their newest.
    let ordered = desk.activity.purchases.last().map_or(desk.timeline.as_of, |order| order.at);
    let end = zone.day(ordered.min(desk.timeline.as_of).min(asked));
    let middle = end - window;
    desk.activity.first_day(zone).filter(|&first| first <= middle - window)?;
    Some((middle, end))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn retention(group: &Group) -> Vec<f64> {
    let desk = group.desk;
    let Some((middle, end)) = landmark(desk, group.window.to) else { return vec![f64::NAN, f64::NAN] };
    let before = desk.kept_customers(desk.activity.active(2 * middle - end, middle));
    let after = desk.activity.active(middle, end);
    let kept = before.iter().filter(|&c| after.binary_search(c).is_ok()).count();
    vec![kept as f64 / before.len() as f64, before.len() as f64]
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn contact_return(group: &Group) -> Vec<f64> {
    let facts = &group.desk.facts;
    let mut customers: Vec<u32> = group.rows.iter().map(|&row| facts.customer[row as usize]).collect();
    customers.retain(|&c| c != NO_CUSTOMER);
    customers.sort_unstable();
    customers.dedup();
    let window = group.window;
    let again = |customer: u32| {
        facts.of(customer).any(|row| facts.out[row] == Out::No && (window.from..window.to).contains(&facts.at.get(row)))
    };
    let back = customers.iter().filter(|&&c| again(c)).count();
    vec![back as f64 / customers.len() as f64, customers.len() as f64]
}
