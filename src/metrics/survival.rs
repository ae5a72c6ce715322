//! How long customers stay: the tenures that Kaplan and Meier's curve is made of (metrics.md §6).
//!
//! The one place where tenures are worked out, for the metric and for the curves of the report. The curve itself is
//! `stats/survival.rs`.

use crate::columns::NO_TIME;
use crate::desk::{Desk, Group};
use crate::dimensions::Key;
use crate::facts::Out;
use crate::period::Grain;
use crate::stats::survival::{Curve, Subject};
use crate::zone::DAY;

/// Of these customers, how many days each was one, as known before an instant.
pub struct Tenures<'a> {
    desk: &'a Desk,
    /// The local day of which nothing is known yet: that of the last order where these tell of comings and goings, else
    /// of as-of or a period's end.
    today: i32,
    /// The first local day of the data.
    begins: i32,
    /// Customers are at risk from their first contact on: where they are grouped by it.
    from_contact: bool,
}

/// The shares still there that are told: after how many seconds.
pub const AFTER: [(&str, f64); 2] = [("90d", 90.0 * DAY_SECONDS), ("365d", 365.0 * DAY_SECONDS)];

#[expect(clippy::cast_precision_loss, reason = "a day's seconds")]
const DAY_SECONDS: f64 = (DAY / 1_000) as f64;

/// Those whose tenures `survival` counts, in seconds; `None` where nothing tells of comings and goings.
fn watched(group: &Group) -> Option<Vec<Subject>> {
    let by_contact = group.by.iter().any(|dimension| dimension.key == Key::FirstChannel);
    let days = Tenures::new(group.desk, group.window.to, by_contact)?.of(group.rows).into_iter();
    let seconds = |days: Subject| Subject { entry: days.entry * DAY_SECONDS, time: days.time * DAY_SECONDS, ..days };
    Some(days.map(seconds).collect())
}

pub(super) fn subjects(group: &Group) -> Vec<Subject> {
    watched(group).unwrap_or_default()
}

/// The figures of `survival`.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn figures(group: &Group) -> Vec<f64> {
    let Some(subjects) = watched(group) else { return vec![f64::NAN; 6] };
    let curve = Curve::new(&subjects);
    let half = curve.quantile(0.5).unwrap_or(f64::NAN);
    let [quarter, year] = AFTER.map(|(_, seconds)| curve.seen_at(seconds).unwrap_or(f64::NAN));
    let count = |what: fn(&&Subject) -> bool| subjects.iter().filter(what).count() as f64;
    vec![half, quarter, year, count(|_| true), count(|s| s.event), count(|s| s.entry > 0.0)]
}

impl<'a> Tenures<'a> {
    /// `None` where nothing tells of customers' comings and goings.
    pub fn new(desk: &'a Desk, to: i64, from_contact: bool) -> Option<Self> {
        let (zone, activity) = (&desk.timeline.zone, &desk.activity);
        // The last day of a period is over at its end.
        let until = to.min(desk.timeline.as_of);
        let contacts = Some(desk.facts.first_at).filter(|&at| at != NO_TIME);
        let begins = zone.day(activity.purchases.first().map(|order| order.at).or(contacts)?);
        let known_until = if activity.spells.is_empty() { activity.purchases.last()?.at } else { i64::MAX };
        let today = zone.day(known_until.min(until));
        Some(Self { desk, today, begins, from_contact })
    }

    /// The tenures of those of these customers who were watched for any time.
    pub fn of(&self, customers: &[u32]) -> Vec<Subject> {
        let by_records = !self.desk.activity.spells.is_empty();
        let tenure = |&customer: &u32| {
            let (first, subject) = if by_records { self.by_records(customer) } else { self.by_orders(customer) }?;
            let entry = if self.from_contact { f64::from(self.first_contact(customer)? - first) } else { 0.0 };
            Some(Subject { entry: subject.entry.max(entry), ..subject })
        };
        customers.iter().filter_map(tenure).filter(|subject| subject.entry < subject.time).collect()
    }

    /// By customer records, of sources that say when customers left: from the first day to the end of the spell that
    /// began with it. Who was there before the data begin is at risk from then on only.
    fn by_records(&self, customer: u32) -> Option<(i32, Subject)> {
        let spells = self.desk.activity.spells_of(customer);
        let &(_, first, mut after) = spells.first().filter(|spell| spell.1 < self.today)?;
        for &(_, from, until) in &spells[1..] {
            // Records of several sources may overlap; a pause is an end.
            if from <= after {
                after = after.max(until);
            }
        }
        let entry = f64::from((self.begins - first).max(0));
        Some((first, Subject { entry, time: f64::from(after.min(self.today) - first), event: after <= self.today }))
    }

    /// By orders: from the first to the end of the active window after the last before a longer pause. Customers first
    /// seen in the data's first month are left out, for they may not be new.
    fn by_orders(&self, customer: u32) -> Option<(i32, Subject)> {
        let window = i32::try_from(self.desk.settings.active_window.0 / DAY).ok()?;
        let days = self.desk.activity.days_of(customer);
        let days = &days[..days.partition_point(|(_, day)| *day <= self.today)];
        let first = days.first()?.1;
        if first < Grain::Month.end(self.begins) {
            return None;
        }
        let paused = days.windows(2).find(|pair| pair[1].1 - pair[0].1 > window).map(|pair| pair[0].1);
        let left = paused.or(days.last().map(|last| last.1)).filter(|last| last + window <= self.today);
        let time = left.map_or(self.today, |last| last + window) - first;
        Some((first, Subject::new(f64::from(time), left.is_some())))
    }

    fn first_contact(&self, customer: u32) -> Option<i32> {
        let facts = &self.desk.facts;
        facts
            .of(customer)
            .find(|&row| facts.out[row] == Out::No && facts.day[row] != i32::MIN)
            .map(|row| facts.day[row])
    }
}
