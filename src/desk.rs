//! The desk: everything that numbers are computed from, once the exports are read, joined and understood.
//!
//! Data only, and small questions about customers. What is true of each row is `facts/`; what is counted is
//! `metrics/`; by what it is split is `dimensions.rs`.

use crate::calendar::{Calendar, Calendars};
use crate::dimensions::Dimension;
use crate::facts::Facts;
use crate::facts::answers::{Answer, Sent};
use crate::facts::orders::Activity;
use crate::period::Grain;
use crate::settings::Settings;
use crate::timeline::{Timeline, Window};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Everything that numbers are computed from.
pub struct Desk {
    pub facts: Facts,
    pub answers: Vec<Answer>,
    /// Surveys that say when they were sent.
    pub sent: Vec<Sent>,
    /// Customers who rated 2 or less, each with the first time; ascending.
    pub unhappy: Vec<(u32, i64)>,
    pub activity: Activity,
    pub timeline: Timeline,
    /// Business time; `None` where the settings have no hours.
    pub calendars: Option<Calendars>,
    pub settings: Settings,
    /// Rows of `facts` that `--where` lets through; `None`: all.
    pub keep: Option<Vec<bool>>,
    /// The first row of each group, by the dimensions that make the groups: found once, asked for by many tables.
    pub firsts: Mutex<BTreeMap<Vec<&'static str>, Arc<[u32]>>>,
}

/// One group's rows, for what polars cannot say in an expression.
pub struct Group<'a> {
    pub desk: &'a Desk,
    /// Rows of `facts`; on the clocks of answers, sendings and orders, of those; on that of trailing windows, customers.
    pub rows: &'a [u32],
    /// When each row is judged.
    pub judged_at: &'a [i64],
    /// The window asked for, not that of the rows where the metric looks at the period before.
    pub window: &'a Window,
    /// What the rows are split by, and this group's numbers.
    pub by: &'a [&'static Dimension],
    pub key: &'a [i64],
    /// Durations are in business time.
    pub in_hours: bool,
}

impl Group<'_> {
    /// Milliseconds from one instant to a later one, in the group's time. `None` in business time where no opening
    /// hours apply to the row.
    pub fn between(&self, row: usize, from: i64, to: i64) -> Option<i64> {
        if self.in_hours { Some(self.desk.calendar(row)?.between(from, to)) } else { Some(to - from) }
    }

    /// In business time: how many of these rows no opening hours apply to.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn without_hours(&self, among: impl Fn(usize) -> bool) -> Option<f64> {
        let without = |&row: &usize| self.desk.calendar(row).is_none() && among(row);
        self.in_hours.then(|| self.rows.iter().map(|&row| row as usize).filter(without).count() as f64)
    }

    /// The rows, each with the instant at which it is judged.
    pub fn judged(&self) -> impl Iterator<Item = (usize, i64)> + '_ {
        self.rows.iter().zip(self.judged_at).map(|(&row, &at)| (row as usize, at))
    }

    /// The instants of the window that this group's time is, each `[from, to)`; `None` for times that are no stretch.
    /// Where every period of the window is cut before its end, there are several.
    pub fn stretches(&self) -> Option<Vec<(i64, i64)>> {
        let timeline = &self.desk.timeline;
        let (mut from, mut to) = (self.window.from, self.window.to);
        let period = |grain: Grain, day: i32| {
            let end = timeline.zone.midnight(grain.end(day));
            let cut = timeline.judged_at(self.window, day).saturating_add(1);
            (timeline.zone.midnight(day), if self.window.lag < 0 { cut } else { end })
        };
        let mut by_time = false;
        for (dimension, &key) in self.by.iter().zip(self.key) {
            if let Some(grain) = dimension.grain() {
                let (begins, ends) = period(grain, i32::try_from(key).ok()?);
                (from, to, by_time) = (from.max(begins), to.min(ends), true);
            } else if dimension.is_ordered() {
                return None;
            }
        }
        match (self.window.split, self.window.period) {
            (Some(grain), Some(whole)) if !by_time => {
                let mut stretches = Vec::new();
                let mut day = grain.start(whole.from);
                while day < whole.to {
                    let (begins, ends) = period(grain, day);
                    stretches.push((from.max(begins), to.min(ends)));
                    day = grain.end(day);
                }
                Some(stretches)
            }
            _ => Some(vec![(from, to)]),
        }
    }
}

impl Desk {
    /// What a customer is called: the display key of the join.
    pub fn customer_name(&self, customer: u32) -> &str {
        let code = self.facts.customer_codes.get(customer as usize).copied();
        let words = self.facts.table.words("customer").map(|(_, words)| words);
        code.zip(words).and_then(|(code, words)| words.text(code)).unwrap_or("(none)")
    }

    /// The opening hours that a row goes by, if there are any.
    pub fn calendar(&self, row: usize) -> Option<&Calendar> {
        self.calendars.as_ref()?.get(*self.facts.schedule.get(row)?)
    }

    /// Whether the data reach into a window: without any there is nothing to compare with, which is not 0.
    pub fn covers(&self, window: &Window) -> bool {
        window.from < window.to && window.to > self.facts.first_at && window.from <= self.timeline.as_of
    }

    /// Whether `--where` lets a row through.
    pub fn keeps(&self, row: usize) -> bool {
        self.keep.as_ref().is_none_or(|keep| keep[row])
    }

    /// One more than the greatest number of a customer.
    pub fn customers(&self) -> u32 {
        self.facts.customers().max(self.activity.customers())
    }

    /// Of these customers, those with an interaction that `--where` lets through.
    pub fn kept_customers(&self, customers: Vec<u32>) -> Vec<u32> {
        if self.keep.is_none() {
            return customers;
        }
        customers.into_iter().filter(|&customer| self.keeps_customer(customer)).collect()
    }

    /// Whether `--where` lets any interaction of a customer through.
    pub fn keeps_customer(&self, customer: u32) -> bool {
        self.keep.is_none() || self.facts.of(customer).any(|row| self.keeps(row))
    }
}
