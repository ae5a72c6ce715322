//! Business time: how much of a stretch of time somebody was there (metrics.md §9).
//!
//! A schedule becomes stretches of instants with their running sum (`open.rs` lays them out), so that a duration in
//! business time is the difference of two quick lookups. What a schedule may say is `settings/hours.rs`; which contact
//! goes by which is `facts/schedule.rs`.

mod open;
#[cfg(test)]
mod tests;

use crate::settings::Settings;
use crate::settings::hours::Schedule;
use crate::zone::{DAY, END, Zone};
use anyhow::Result;
use open::{Stretch, Version, merged};
use std::cmp::Reverse;

/// The schedule of a contact that fits none.
pub const NO_SCHEDULE: u8 = u8::MAX;

/// 1900 to 2100: nobody is there before or after, whatever a schedule says.
const REACH: (i64, i64) = (-2_208_988_800_000, END);

/// All schedules of the settings, by number.
#[derive(Debug)]
pub struct Calendars(Vec<Calendar>);

/// One schedule, laid out over a span of time.
#[derive(Debug)]
pub struct Calendar {
    pub name: String,
    /// By the order of `hours::CONDITIONS`.
    conditions: [Option<Vec<String>>; 3],
    versions: Vec<Version>,
    /// The span that is laid out.
    from: i64,
    to: i64,
    open: Vec<Open>,
    /// How many stretches begin by the start of each 24 hours of the span: where to look, no day of any clock.
    places: Vec<u32>,
}

/// An open stretch, `[from, to)`, and how much of the span is open before it.
#[derive(Debug, Clone, Copy)]
struct Open {
    from: i64,
    to: i64,
    before: i64,
}

impl Calendars {
    /// Lay out all schedules between two instants; `None` where the settings have none. `zone` is the report's.
    pub fn new(settings: &Settings, zone: &Zone, span: (i64, i64)) -> Result<Option<Self>> {
        let schedules = Schedule::all(&settings.hours);
        let calendar = |schedule: &Schedule| Calendar::new(schedule, settings, zone, span);
        let calendars = schedules.iter().map(calendar).collect::<Result<Vec<_>>>()?;
        Ok(Some(Self(calendars)).filter(|all| !all.0.is_empty()))
    }

    /// A schedule by its number; none is `NO_SCHEDULE`'s.
    pub fn get(&self, schedule: u8) -> Option<&Calendar> {
        self.0.get(usize::from(schedule))
    }

    /// All of them, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Calendar> {
        self.0.iter()
    }

    /// The schedule of a contact with these words, in the order of `hours::CONDITIONS`: of those that fit, the one with
    /// most conditions, then the first.
    pub fn schedule_of(&self, words: [&str; 3]) -> u8 {
        let fitting = (0..NO_SCHEDULE).zip(&self.0).filter(|(_, calendar)| calendar.fits(words));
        fitting.min_by_key(|(_, calendar)| Reverse(calendar.special())).map_or(NO_SCHEDULE, |(number, _)| number)
    }
}

impl Calendar {
    fn new(schedule: &Schedule, settings: &Settings, zone: &Zone, (first, last): (i64, i64)) -> Result<Self> {
        let holidays = schedule.versions().flat_map(|hours| &hours.holidays).chain(&settings.holidays);
        let holidays: Vec<_> = holidays.copied().collect();
        let zone = schedule.first.time_zone.as_deref().map_or_else(|| Ok(zone.clone()), Zone::named)?;
        let version = |hours| Version::new(hours, &zone, &holidays);
        let versions = schedule.versions().map(version).collect::<Result<Vec<_>>>()?;
        let from = first.clamp(REACH.0, REACH.1);
        let to = last.clamp(from, REACH.1);
        // A stretch of no length stands before all others, so that every instant has one that began by then.
        let mut open = vec![Open { from, to: from, before: 0 }];
        let mut before = 0;
        for (from, to) in laid_out(&versions, from, to) {
            open.push(Open { from, to, before });
            before += to - from;
        }
        let starts = (0..=(to - from) / DAY).map(|nth| from + nth * DAY);
        let begun = |at: i64| u32::try_from(open.partition_point(|open| open.from <= at)).unwrap_or(u32::MAX);
        let places = starts.map(begun).collect();
        let conditions = schedule.first.conditions().map(|words| words.map(<[String]>::to_vec));
        Ok(Self { name: schedule.first.name.clone(), conditions, versions, from, to, open, places })
    }

    fn fits(&self, words: [&str; 3]) -> bool {
        let fits =
            |(wanted, word): (&Option<Vec<String>>, &str)| wanted.as_ref().is_none_or(|w| w.iter().any(|w| w == word));
        self.conditions.iter().zip(words).all(fits)
    }

    /// How many conditions it has.
    fn special(&self) -> usize {
        self.conditions.iter().flatten().count()
    }

    /// Business milliseconds from the start of the span to an instant, negative before it. Only differences mean
    /// anything. Outside the span the way from its edge is laid out anew: as right, and slow.
    pub fn business(&self, instant: i64) -> i64 {
        let within = instant.clamp(self.from, self.to);
        let counted = self.counted(within);
        if within == instant {
            return counted;
        }
        let far = instant.clamp(REACH.0, REACH.1);
        let length = |from, to| laid_out(&self.versions, from, to).iter().map(|(from, to)| to - from).sum::<i64>();
        counted + length(within, far) - length(far, within)
    }

    /// The same for an instant of the span.
    fn counted(&self, instant: i64) -> i64 {
        let place = usize::try_from((instant - self.from) / DAY).ok().and_then(|nth| self.places.get(nth));
        let mut next = place.map_or(1, |&place| place as usize);
        while self.open.get(next).is_some_and(|open| open.from <= instant) {
            next += 1;
        }
        self.open.get(next - 1).map_or(0, |open| open.before + instant.min(open.to) - open.from)
    }

    /// Business milliseconds from one instant to another.
    pub fn between(&self, from: i64, to: i64) -> i64 {
        self.business(to) - self.business(from)
    }

    /// Whether somebody is there.
    pub fn is_open(&self, instant: i64) -> bool {
        self.between(instant, instant.saturating_add(1)) > 0
    }
}

/// When any version is open between two instants.
fn laid_out(versions: &[Version], from: i64, to: i64) -> Vec<Stretch> {
    merged(versions.iter().flat_map(|version| version.open(from, to)).collect())
}
