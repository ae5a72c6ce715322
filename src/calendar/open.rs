//! Opening hours as instants: what the clock on the wall must show, through the zone's offsets.
//!
//! Somebody is there while the local time lies in an open part of its local day, the day is one on which the version
//! counts, and no holiday closes it. So an hour that the clock shows twice counts twice, one that it skips does not,
//! and a night over midnight ends where a holiday or another version begins. No instant is ever moved by a day: local
//! times are laid out first, and each stretch of one offset takes those that it shows.

use crate::settings::hours::{Holiday, Hours, Interval};
use crate::zone::{DAY, Zone, day_number, weekday};
use anyhow::Result;
use std::ops::RangeInclusive;

/// Half-open, `[from, to)`, in milliseconds: of instants or of local time.
pub type Stretch = (i64, i64);

const MINUTE: i64 = 60_000;

/// One version of a schedule.
#[derive(Debug)]
pub struct Version {
    zone: Zone,
    /// What is open from each weekday on, Monday first.
    week: [Vec<Interval>; 7],
    /// The local time in which it counts.
    valid: Stretch,
    holidays: Vec<Holiday>,
}

impl Version {
    /// `zone` is that of the schedule's first version, or the report's.
    pub fn new(hours: &Hours, zone: &Zone, holidays: &[Holiday]) -> Result<Self> {
        let from = hours.from.map_or(i64::MIN, |day| midnight(day_number(day.0)));
        let until = hours.until.map_or(i64::MAX, |day| midnight(day_number(day.0) + 1));
        Ok(Self {
            zone: hours.time_zone.as_deref().map_or_else(|| Ok(zone.clone()), Zone::named)?,
            week: std::array::from_fn(|weekday| hours.on(weekday).to_vec()),
            valid: (from, until),
            holidays: holidays.to_vec(),
        })
    }

    /// When somebody is there between two instants.
    pub fn open(&self, from: i64, to: i64) -> Vec<Stretch> {
        let mut out = Vec::new();
        for (from, to, offset) in self.zone.stretches(from, to) {
            let local = self.open_locally(from + offset, to + offset);
            out.extend(local.into_iter().map(|(from, to)| (from - offset, to - offset)));
        }
        out
    }

    /// The same between two local times, by the clock on the wall.
    fn open_locally(&self, from: i64, to: i64) -> Vec<Stretch> {
        let (from, to) = (from.max(self.valid.0), to.min(self.valid.1));
        if from >= to {
            return Vec::new();
        }
        // The night before may run on into the first day.
        let days = day_of(from) - 1..=day_of(to - 1);
        let week = |day: i32| usize::try_from(weekday(day)).ok().and_then(|weekday| self.week.get(weekday));
        let open = days.clone().flat_map(|day| week(day).into_iter().flatten().map(move |part| stretch(day, *part)));
        let open = open.map(|(begins, ends)| (begins.max(from), ends.min(to))).filter(|(begins, ends)| begins < ends);
        without(merged(open.collect()), &merged(self.closed(&days)))
    }

    /// The holidays of these days.
    fn closed(&self, days: &RangeInclusive<i32>) -> Vec<Stretch> {
        let of = |holiday: &Holiday| {
            let (first, last) = (day_number(holiday.first), day_number(holiday.last));
            let part = holiday.part;
            (first.max(*days.start())..=last.min(*days.end())).map(move |day| stretch(day, part))
        };
        self.holidays.iter().flat_map(of).collect()
    }
}

fn midnight(day: i32) -> i64 {
    i64::from(day) * DAY
}

fn day_of(local: i64) -> i32 {
    i32::try_from(local.div_euclid(DAY)).unwrap_or(i32::MAX)
}

/// A part of a day, in local time.
fn stretch(day: i32, part: Interval) -> Stretch {
    (midnight(day) + i64::from(part.from) * MINUTE, midnight(day) + i64::from(part.to) * MINUTE)
}

/// In order, those that meet as one.
pub fn merged(mut all: Vec<Stretch>) -> Vec<Stretch> {
    all.sort_unstable();
    let mut out: Vec<Stretch> = Vec::with_capacity(all.len());
    for (from, to) in all {
        match out.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => out.push((from, to)),
        }
    }
    out
}

/// What is left of the open stretches where the closed ones are taken away; both are merged.
fn without(open: Vec<Stretch>, closed: &[Stretch]) -> Vec<Stretch> {
    let mut out = Vec::with_capacity(open.len());
    for (mut from, to) in open {
        let later = closed.partition_point(|(_, end)| *end <= from);
        for &(closes, opens) in closed[later..].iter().take_while(|(closes, _)| *closes < to) {
            if from < closes {
                out.push((from, closes));
            }
            from = opens;
        }
        if from < to {
            out.push((from, to));
        }
    }
    out
}
