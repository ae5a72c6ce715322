//! Whether customers with a bad experience leave more often (metrics.md §6): association, not proof.
//!
//! Among customers who made contact before X, the landmark of `retention`: those with a bad experience until then
//! against those without, and who of them was active in the window after X. The one place where that is computed, for
//! the metric and for the tables of the report. To add a kind of bad experience: a name in `KINDS` and its bit.

use super::customers::landmark;
use crate::columns::NO_TIME;
use crate::desk::{Desk, Group};
use crate::facts::Out;
use crate::radix;
use crate::stats::Estimate;
use crate::stats::strata::{self, Stratum};
use crate::terms::Mode;
use crate::zone::DAY;
use rayon::prelude::*;

/// Smaller groups say nothing.
pub const ENOUGH: u64 = 30;
/// So many contacts within seven days are a bad experience.
const CROWD: usize = 3;
/// Customers with so many contacts or more are compared with each other.
const MANY: usize = 5;

/// The kinds of bad experience.
pub const KINDS: [&str; 4] = ["rated 2 or less", "answered late", "many contacts", "call given up"];

/// What a customer had been through by X, and did in the window after it.
#[derive(Debug, Clone, Copy)]
pub struct Experience {
    /// By `KINDS`.
    pub bad: [bool; KINDS.len()],
    contacts: usize,
    active: bool,
    bought: bool,
    revenue: f64,
}

/// Customers of one kind, and what became of them in the window after X.
#[derive(Debug, Default, Clone, Copy)]
pub struct Side {
    pub customers: u64,
    /// Not active.
    pub left: u64,
    /// With an order.
    pub bought: u64,
    /// Of their orders; what was paid back is not taken off.
    pub revenue: f64,
}

/// The two sides compared; what is compared is `None` where either is too small.
pub struct Effect {
    pub bad: Side,
    pub other: Side,
    /// How many times as often those with a bad experience were not active.
    pub risk: Option<Estimate>,
    /// The share of them minus that of the others.
    pub difference: Option<Estimate>,
    /// The first among customers with equal numbers of contacts.
    pub alike: Option<Estimate>,
}

impl Experience {
    pub fn is_bad(&self) -> bool {
        self.bad.contains(&true)
    }
}

impl Side {
    pub fn of<'e>(customers: impl Iterator<Item = &'e Experience>) -> Self {
        customers.fold(Self::default(), |sum, one| Self {
            customers: sum.customers + 1,
            left: sum.left + u64::from(!one.active),
            bought: sum.bought + u64::from(one.bought),
            revenue: sum.revenue + one.revenue,
        })
    }

    fn risk(&self) -> (u64, u64) {
        (self.left, self.customers)
    }
}

impl Effect {
    /// Side by side.
    pub fn of(experiences: &[Experience]) -> Self {
        let side = |bad: bool, among: &dyn Fn(&Experience) -> bool| {
            Side::of(experiences.iter().filter(|one| one.is_bad() == bad && among(one)))
        };
        let (bad, other) = (side(true, &|_| true), side(false, &|_| true));
        if bad.customers < ENOUGH || other.customers < ENOUGH {
            return Self { bad, other, risk: None, difference: None, alike: None };
        }
        let strata: Vec<Stratum> = (1..=MANY)
            .map(|contacts| {
                let alike = |one: &Experience| one.contacts.min(MANY) == contacts;
                Stratum { exposed: side(true, &alike).risk(), others: side(false, &alike).risk() }
            })
            .collect();
        let whole = [Stratum { exposed: bad.risk(), others: other.risk() }];
        Self {
            risk: strata::relative_risk(&whole),
            difference: strata::risk_difference(&whole),
            alike: strata::relative_risk(&strata),
            bad,
            other,
        }
    }
}

/// The figures of `experience_effect`.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn effect(group: &Group) -> Vec<f64> {
    let Some(experiences) = experiences(group.desk, group.window.to, group.rows) else { return vec![f64::NAN; 7] };
    let Effect { bad, other, risk, difference, alike } = Effect::of(&experiences);
    let of = |estimate: Option<Estimate>, part: fn(Estimate) -> f64| estimate.map_or(f64::NAN, part);
    vec![
        of(risk, |risk| risk.value),
        (bad.customers + other.customers) as f64,
        of(risk, |risk| risk.low),
        of(risk, |risk| risk.high),
        of(difference, |difference| difference.value),
        of(alike, |alike| alike.value),
        bad.customers as f64,
    ]
}

/// Of those of these customers who made contact before X; `None` where nothing tells who stayed.
pub fn experiences(desk: &Desk, to: i64, customers: &[u32]) -> Option<Vec<Experience>> {
    /// So many customers at once: columns are looked at from their beginning to their end then.
    const TOGETHER: usize = 1 << 16;
    let (middle, end) = landmark(desk, to)?;
    let before = desk.timeline.zone.midnight(middle);
    let one = |(&customer, past): (&u32, Past)| {
        let orders = desk.activity.of_days(customer, middle, end);
        (past.contacts > 0).then(|| Experience {
            bad: past.bad(desk, customer, before),
            contacts: past.contacts,
            active: desk.activity.is_active(customer, middle, end),
            bought: orders.len() > 0,
            revenue: orders.map(|order| order.amount).sum(),
        })
    };
    let of_some = |some: &[u32]| some.iter().zip(pasts(desk, some, before)).filter_map(one).collect::<Vec<_>>();
    let all: Vec<Vec<Experience>> = customers.par_chunks(TOGETHER).map(of_some).collect();
    Some(all.concat())
}

/// What a customer's contacts before an instant were like.
#[derive(Debug, Clone, Copy)]
struct Past {
    contacts: usize,
    /// When the last ones began, the latest last.
    last: [i64; CROWD - 1],
    late: bool,
    crowd: bool,
    /// The last call of all that were answered or given up was given up.
    gave_up: bool,
}

/// The past of each of some customers: all their contacts before an instant, as they stand.
fn pasts(desk: &Desk, customers: &[u32], before: i64) -> Vec<Past> {
    let stretch = desk.facts.stretch(NO_TIME, before);
    let mut rows = Vec::new();
    for (&customer, nth) in customers.iter().zip(0..) {
        rows.extend(desk.facts.of_stretch(customer, &stretch).map(|row| radix::beside(row as u32, nth)));
    }
    let none = Past { contacts: 0, last: [NO_TIME; CROWD - 1], late: false, crowd: false, gave_up: false };
    let mut pasts = vec![none; customers.len()];
    for row in radix::sorted(rows) {
        let (row, nth) = ((row >> u32::BITS) as usize, row as u32 as usize);
        if desk.facts.out[row] == Out::No {
            pasts[nth].add(desk, row, before);
        }
    }
    pasts
}

impl Past {
    /// Add a later contact.
    fn add(&mut self, desk: &Desk, row: usize, before: i64) {
        let facts = &desk.facts;
        let at = facts.at.get(row);
        self.crowd |= self.last[0] != NO_TIME && at - self.last[0] <= 7 * DAY;
        self.last.rotate_left(1);
        self.last[CROWD - 2] = at;
        self.contacts += 1;
        self.late = self.late || missed_target(desk, row, before);
        if facts.phone[row] {
            self.gave_up = facts.abandoned[row] || self.gave_up && !facts.answered[row];
        }
    }

    /// By kind.
    fn bad(&self, desk: &Desk, customer: u32, before: i64) -> [bool; KINDS.len()] {
        let rated = desk.unhappy.binary_search_by_key(&customer, |(customer, _)| *customer);
        let rated = rated.is_ok_and(|nth| desk.unhappy[nth].1 < before);
        [rated, self.late, self.crowd, self.gave_up]
    }
}

/// A response target that had fallen due by an instant and was not met then: as `response_sla` judges it.
fn missed_target(desk: &Desk, row: usize, by: i64) -> bool {
    let facts = &desk.facts;
    let (at, asked, target) = (facts.at.get(row), facts.asked_at(row), facts.target.get(row));
    let is_live = facts.mode[row] == Mode::Live;
    let timely = !(facts.reply_by_vendor[row] && facts.target_in_hours[row]);
    let told = match facts.mode[row] {
        Mode::Written => facts.is_written(row) && timely && (facts.has_reply(row, by) || !facts.was_touched(row, by)),
        Mode::Live if facts.answered[row] => facts.wait.get(row) != NO_TIME,
        _ => is_live && (facts.abandoned[row] || facts.missed[row]),
    };
    if target == NO_TIME || !told {
        return facts.vendor_sla[row] == 0;
    }
    let between = |from: i64, to: i64| match facts.target_in_hours[row] {
        true => desk.calendar(row).map(|calendar| calendar.between(from, to)),
        false => Some(to.saturating_sub(from)),
    };
    let Some(passed) = between(asked, by) else { return facts.vendor_sla[row] == 0 };
    let took = match is_live {
        true => facts.answered[row].then(|| between(at, facts.picked_up_at(row))),
        false => facts.has_reply(row, by).then(|| between(asked, facts.replied_at.get(row))),
    };
    passed >= target && took.flatten().is_none_or(|took| took > target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customers(bad: bool, contacts: usize, left: usize, stayed: usize) -> Vec<Experience> {
        let bad = [bad, false, false, false];
        let one = |active| Experience { bad, contacts, active, bought: active, revenue: 0.0 };
        [vec![one(false); left], vec![one(true); stayed]].concat()
    }

    #[test]
    fn the_effect_as_worked_in_the_contract() {
        // 30 of 100 against 20 of 200: 3.00, 1.797 to 5.008 (metrics.md §6).
        let all = [customers(true, 1, 30, 70), customers(false, 1, 20, 180)].concat();
        let Effect { risk, difference, alike, .. } = Effect::of(&all);
        let risk = risk.unwrap();
        assert!(
            (risk.value - 3.0).abs() < 1e-12 && (risk.low - 1.797).abs() < 5e-4 && (risk.high - 5.008).abs() < 5e-4
        );
        assert!((difference.unwrap().value - 0.2).abs() < 1e-12);
        assert!((alike.unwrap().value - 3.0).abs() < 1e-12, "one stratum is all");
    }

    #[test]
    fn customers_are_compared_with_those_of_as_many_contacts() {
        // The Diabetes Program: crude 30/204 over 21/205, by stratum 1.325555 (Stata's manual, [ST] epitab).
        let young = [customers(true, 1, 8, 98), customers(false, 1, 5, 115)].concat();
        let old = [customers(true, 7, 22, 76), customers(false, 9, 16, 69)].concat();
        let Effect { risk, alike, .. } = Effect::of(&[young, old].concat());
        assert!((risk.unwrap().value - 30.0 / 204.0 * 205.0 / 21.0).abs() < 1e-12);
        assert!((alike.unwrap().value - 1.325_555).abs() < 1e-6);
    }

    #[test]
    fn fewer_than_thirty_on_either_side_are_refused() {
        let (few, enough) = (customers(true, 1, 9, 20), customers(false, 1, 20, 180));
        let Effect { bad, risk, difference, alike, .. } = Effect::of(&[few, enough].concat());
        assert_eq!((bad.customers, risk, difference, alike), (29, None, None, None));
    }
}
