//! Who stays, who leaves, who comes back, and what customers spend (metrics.md §6).
//!
//! How long customers stay is worked out in `survival.rs`, what bad experiences come to in `experience.rs`. Cohorts are
//! a table of their own, in `report/retention.rs`.

use super::{Clock, Compute, Metric, Population, Role, Span, experience, n, output, survival, value};
use crate::desk::{Desk, Group};
use crate::facts::Out;
use crate::facts::orders::Purchase;
use crate::identity::NO_CUSTOMER;
use crate::stats::clusters::Sample;
use crate::unit::{Better, Unit};
use crate::zone::DAY;
use rayon::prelude::*;
use std::collections::BTreeMap;

const TRAILING: Population = Population::new(Clock::Trailing, "customers active in the window before");
const OF_CONTACTS: Population = Population::new(Clock::Trailing, "customers who made contact before X");
const KNOWN_FROM_THE_BEGINNING: Population = Population::new(Clock::Trailing, "customers whose beginning is known");
const ORDERS: Population =
    Population { pools: false, ..Population::new(Clock::Order, "orders of known customers, by when they were placed") };
const BEFORE: Population = Population {
    span: Span::Before,
    pools: false,
    ..Population::new(Clock::Start, "known customers with a contact in the period before")
};

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "retention",
        label: "customers kept",
        help: "Of the customers active in the active window (default 90 days) up to X, the share active again in the window after it; X rolls, and only windows that are over count: X + window is the last midnight that both as-of and the orders have reached. Active = an order (a refunded one too), or a customer record whose dates cover the day. Refused where orders begin after X − window. Beside a week stands what was so at its end. The textbook formula (E − N) / S agrees where nobody returns after a pause.",
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
        id: "churn",
        label: "customers lost",
        help: "Of the customers active in the active window (default 90 days) up to X, the share not active in the window after it: 1 − retention of the same customers. One who returns later is active again then. Beside a week stands what was so at its end.",
        formula: "1 − |S ∩ E| / |S|, S active in [X − window, X), E active in [X, X + window)",
        better: Better::Down,
        population: TRAILING,
        outputs: &[value("", "customers lost", Unit::Share), n("customers")],
        needs: &[],
        compute: Compute::Grouped(churn),
        ripens: None,
        proof: &[("", 1.0 / 3.0), ("n", 3.0)],
    },
    Metric {
        id: "contact_return",
        label: "made contact again",
        help: "Of the known customers with a contact in the period before, the share with a contact in this one, on any channel. Repeat contact, not loyalty: this is no retention. Where the data end within a period, the one before is cut at the same day and hour.",
        formula: "customers of the period before with a contact in this one / customers of the period before",
        better: Better::Neither,
        population: BEFORE,
        outputs: &[value("", "made contact again", Unit::Share), n("customers")],
        needs: &[],
        compute: Compute::Grouped(contact_return),
        ripens: None,
        proof: &[("", 0.5), ("n", 2.0)],
    },
    Metric {
        id: "survival",
        label: "customers stay",
        help: "How long customers stay, by Kaplan and Meier (1958): those still there count as long as they have been watched. By customer records of sources that say when customers left: from the first day to the last; who was there before the data begin is at risk from then on only. Without such records by orders: from the first order until the active window (default 90 days) after the last one before a longer pause; customers first seen in the data's first month are left out, for they may not be new. Split by first channel, customers are at risk from their first contact on: nobody chooses a channel before. Once all have left, the share still there stays 0; beyond the longest time for which anybody was watched it is not known. Beside a week stands what was so at its end.",
        formula: "S(t) = Π (1 − left / at risk) over the days of leaving up to t; half stay = first t with S(t) <= 0.5",
        better: Better::Up,
        population: KNOWN_FROM_THE_BEGINNING,
        outputs: &[
            value("p50", "half stay for", Unit::Seconds),
            value("90d", "after 90 days", Unit::Share),
            value("365d", "after a year", Unit::Share),
            n("customers"),
            output("left", "left so far", Unit::Count, Role::Told),
            output("entered_late", "watched from later than their beginning", Unit::Count, Role::Told),
        ],
        needs: &[],
        compute: Compute::Curve { subjects: survival::subjects, figures: survival::figures },
        ripens: None,
        proof: &[("p50", 7_776_000.0), ("90d", 0.5), ("n", 3.0), ("left", 1.0), ("entered_late", 0.0)],
    },
    Metric {
        id: "experience_effect",
        label: "leave more often after a bad experience",
        help: "Among customers who made contact before X (see `retention`): how many times as often those with a bad experience until then were not active in the window after X as those without, with Katz's 95 % interval. A bad experience is a rating of 2 or less (the better of two grades is none), a missed response target (see `response_sla`), 3 contacts within 7 days, or an abandoned call that no answered one followed. Beside it the difference of the two shares, and the ratio among customers with as many contacts (1, 2, 3, 4, 5 and more; Mantel and Haenszel 1959). Refused where either group has fewer than 30 customers. Beside a week stands what was so at its end. Association, not proof: who has more trouble may also be another kind of customer.",
        formula: "(left / customers, with a bad experience) / (left / customers, without); left = not active in [X, X + window)",
        better: Better::Down,
        population: OF_CONTACTS,
        outputs: &[
            value("", "times as often", Unit::Ratio),
            n("customers"),
            output("low", "from", Unit::Ratio, Role::Low),
            output("high", "to", Unit::Ratio, Role::High),
            value("difference", "more of them", Unit::Share),
            value("mh", "with as many contacts", Unit::Ratio),
            output("exposed", "with a bad experience", Unit::Count, Role::Told),
        ],
        needs: &[],
        compute: Compute::Grouped(experience::effect),
        ripens: None,
        // Nobody made contact before X. Worked examples are in `experience.rs`.
        proof: &[("n", 0.0), ("exposed", 0.0)],
    },
    Metric {
        id: "clv",
        label: "revenue per customer",
        help: "Of the known customers who ordered in the period: what they spent in it over how many they are, in the shop's currency as exported. What was paid back is counted apart and not taken off. No forecast.",
        formula: "amounts of the period's orders of known customers / customers with such an order",
        better: Better::Up,
        population: ORDERS,
        outputs: &[
            value("", "per customer", Unit::Number),
            n("customers"),
            value("revenue", "revenue", Unit::Number),
            value("refunded", "paid back", Unit::Number),
            value("orders", "orders", Unit::Count),
        ],
        needs: &["ordered_at"],
        compute: Compute::Mean { each: spent, told: orders_told },
        ripens: None,
        proof: &[("", 16.0), ("n", 5.0), ("revenue", 80.0), ("refunded", 4.0), ("orders", 8.0)],
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

/// Customers active in the window up to X, and those of them active in the one after it.
fn active_and_kept(group: &Group) -> Option<(u64, u64)> {
    let (middle, end) = landmark(group.desk, group.window.to)?;
    let activity = &group.desk.activity;
    let before = group.rows.iter().filter(|&&c| activity.is_active(c, 2 * middle - end, middle));
    let (mut active, mut kept) = (0, 0);
    for &customer in before {
        active += 1;
        kept += u64::from(activity.is_active(customer, middle, end));
    }
    Some((active, kept))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn retention(group: &Group) -> Vec<f64> {
    let Some((active, kept)) = active_and_kept(group) else { return vec![f64::NAN, f64::NAN] };
    vec![kept as f64 / active as f64, active as f64]
}

fn churn(group: &Group) -> Vec<f64> {
    let kept = retention(group);
    vec![1.0 - kept[0], kept[1]]
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn contact_return(group: &Group) -> Vec<f64> {
    let facts = &group.desk.facts;
    let mut customers: Vec<u32> = group.rows.iter().map(|&row| facts.customer[row as usize]).collect();
    customers.retain(|&c| c != NO_CUSTOMER);
    customers.sort_unstable();
    customers.dedup();
    let window = facts.stretch(group.window.from, group.window.to);
    let again = |customer: u32| facts.of_stretch(customer, &window).any(|row| facts.out[row] == Out::No);
    let back = customers.par_iter().with_min_len(1 << 12).filter(|&&c| again(c)).count();
    vec![back as f64 / customers.len() as f64, customers.len() as f64]
}

fn orders<'g>(group: &'g Group) -> impl Iterator<Item = &'g Purchase> + 'g {
    group.rows.iter().map(|&nth| &group.desk.activity.purchases[nth as usize])
}

/// What each customer spent.
fn spent(group: &Group) -> Vec<Sample> {
    let mut spent: BTreeMap<u32, f64> = BTreeMap::new();
    orders(group).for_each(|order| *spent.entry(order.customer).or_default() += order.amount);
    spent.into_iter().map(|(customer, amount)| Sample::one(Some(customer), amount)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn orders_told(group: &Group) -> Vec<f64> {
    let sum = |of: fn(&Purchase) -> f64| orders(group).map(of).sum();
    vec![sum(|order| order.amount), sum(|order| order.refunded), group.rows.len() as f64]
}
