//! As-of, the last complete week, and when each period is judged (metrics.md §0.5-0.8, §11).
//!
//! The one place that turns periods into instants and knows the lag of equal follow-up. Periods by
//! name are in `period.rs`; which rows fall into a window is decided in `measure/`.

use crate::columns::NO_TIME;
use crate::facts::{Facts, Out};
use crate::period::{Anchors, Grain, Period};
use crate::zone::{Zone, weekday};

/// A weekday with less than this share of contacts is no usual working day.
const USUAL: f64 = 0.05;
/// Share of a day's contacts that must have started for the day to be reached.
const REACHED: f64 = 0.95;
/// Days over which the usual working days are learnt.
const LEARN_DAYS: i64 = 56;

/// Time as the report sees it.
#[derive(Debug, Clone)]
pub struct Timeline {
    pub zone: Zone,
    /// The instant at which state is judged.
    pub as_of: i64,
    pub anchors: Anchors,
}

/// A stretch of time and when what lies in it is judged.
#[derive(Debug, Clone)]
pub struct Window {
    /// `None`: everything up to as-of.
    pub period: Option<Period>,
    /// Half-open instants of the period, cut where as-of lies inside the newest one.
    pub from: i64,
    pub to: i64,
    /// When the whole window is judged.
    pub judged_at: i64,
    /// Judge each day, week or month by itself.
    pub split: Option<Grain>,
    /// As-of minus the end of the last complete period; negative: every period is cut by that much.
    pub lag: i64,
}

impl Timeline {
    /// Learn the last complete week from the contacts.
    pub fn new(zone: Zone, as_of: i64, facts: &Facts) -> Self {
        let (today, begun) = (zone.day(as_of), zone.day(as_of + 1));
        let last_week = last_week(facts, &zone).unwrap_or_else(|| Grain::Week.start(today) - 7);
        Self { zone, as_of, anchors: Anchors { last_week, today, begun } }
    }

    /// As-of minus the end of the last complete period of this grain.
    fn usual_lag(&self, grain: Grain) -> i64 {
        let end = match grain {
            Grain::Week => self.anchors.last_week + 7,
            Grain::Day | Grain::Month => grain.start(self.anchors.begun),
        };
        self.as_of - self.zone.midnight(end)
    }

    /// The lag for a report whose newest period is this one: the usual one, or the cut if it is not over.
    pub fn lag(&self, newest: Period) -> i64 {
        // The last millisecond of a period is its end, as `--as-of DATE` means it.
        let open = self.as_of - self.zone.midnight(newest.to);
        if open + 1 < 0 { open } else { self.usual_lag(newest.grain) }
    }

    /// A period as instants, with the lag of the newest one asked for.
    pub fn window(&self, period: Period, lag: i64) -> Window {
        let end = self.zone.midnight(period.to);
        let judged_at = end.saturating_add(lag).min(self.as_of);
        // Periods are half-open, judging instants inclusive.
        let to = if lag < 0 { judged_at + 1 } else { end };
        Window { period: Some(period), from: self.zone.midnight(period.from), to, judged_at, split: None, lag }
    }

    /// Everything up to as-of.
    pub fn everything(&self) -> Window {
        Window { period: None, from: NO_TIME, to: self.as_of + 1, judged_at: self.as_of, split: None, lag: 0 }
    }

    /// The same window, each of its days, weeks or months judged by itself.
    pub fn split(&self, window: &Window, grain: Grain) -> Window {
        let lag = if window.period.is_some_and(|p| p.grain == grain) { window.lag } else { self.usual_lag(grain) };
        Window { split: Some(grain), lag, ..window.clone() }
    }

    /// When a row of this local day is judged.
    pub fn judged_at(&self, window: &Window, day: i32) -> i64 {
        match window.split {
            None => window.judged_at,
            Some(_) if day == i32::MIN => window.judged_at,
            Some(grain) => self.zone.midnight(grain.end(day)).saturating_add(window.lag).min(self.as_of),
        }
    }

    /// `to Sun 23:41` where the periods of a window are cut before their ends.
    pub fn cut_label(&self, window: &Window) -> Option<String> {
        (window.lag < 0).then(|| format!("to {}", self.zone.civil(window.judged_at).strftime("%a %H:%M")))
    }
}

/// Monday of the last week whose final usual working day is reached.
fn last_week(facts: &Facts, zone: &Zone) -> Option<i32> {
    let contacts = |from: i64| {
        let rows = facts.started(from, i64::MAX).map(|row| row as usize);
        rows.filter(|&row| facts.out[row] == Out::No)
    };
    let newest = facts.at.get(contacts(NO_TIME + 1).next_back()?);
    let mut hours = [[0u64; 24]; 7];
    for row in contacts(newest - LEARN_DAYS * crate::zone::DAY + 1) {
        let hour = usize::try_from(zone.hour(facts.at.get(row))).unwrap_or(0);
        hours[usize::try_from(weekday(facts.day[row])).unwrap_or(0)][hour] += 1;
    }
    let (final_day, final_hour) = final_working_hour(&hours)?;
    let day = zone.day(newest);
    let monday = Grain::Week.start(day);
    let reached = (weekday(day), zone.hour(newest)) >= (final_day, final_hour);
    Some(if reached { monday } else { monday - 7 })
}

/// The last usual working day of the week and the hour by which nearly all of its contacts have started.
#[expect(clippy::cast_precision_loss, reason = "counts of contacts are far below 2^52")]
fn final_working_hour(hours: &[[u64; 24]; 7]) -> Option<(i32, i32)> {
    let all: u64 = hours.iter().flatten().sum();
    let of_day = |day: usize| hours[day].iter().sum::<u64>() as f64;
    let day = (0..7).rev().find(|&day| all > 0 && of_day(day) >= USUAL * all as f64)?;
    let mut started = 0.0;
    let hour = hours[day].iter().position(|&n| {
        started += n as f64;
        started >= REACHED * of_day(day)
    });
    Some((i32::try_from(day).ok()?, i32::try_from(hour?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_final_working_hour_is_learnt_from_the_contacts() {
        let mut hours = [[0; 24]; 7];
        for day in hours.iter_mut().take(5) {
            day[9..18].fill(10);
        }
        hours[6][3] = 2;
        assert_eq!(final_working_hour(&hours), Some((4, 17)), "a lone Sunday message is no working day");
        assert_eq!(final_working_hour(&[[0; 24]; 7]), None);
    }
}
