//! Local days and hours of instants in one IANA zone, fast enough for every row.
//!
//! jiff knows the rules; this keeps their transitions in a table so that a row costs a short search.
//! What a week or a month is lives in `period.rs`; business time in `calendar/`.

use crate::notice::did_you_mean;
use anyhow::{Result, anyhow};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Milliseconds in a day without a change of offset.
pub const DAY: i64 = 86_400_000;

/// Zones are laid out up to 2100; exports do not reach further.
pub const END: i64 = 4_102_444_800_000;

/// The rules of a zone by its IANA name.
pub fn find(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_| {
        let known: Vec<_> = jiff::tz::db().available().collect();
        let hint = did_you_mean(name, known.iter().map(jiff::tz::TimeZoneName::as_str));
        anyhow!("`{name}` is no time zone\nhint: {hint}write one such as Europe/London")
    })
}

/// A zone with its offsets laid out.
#[derive(Debug, Clone)]
pub struct Zone {
    zone: TimeZone,
    name: String,
    /// From this instant on (ms), local time is UTC plus this offset (ms). Ascending.
    offsets: Vec<(i64, i64)>,
    /// By stretch of time from 1970 on: which of the offsets is in force as it begins.
    in_force: Vec<usize>,
}

/// Twelve days: hardly ever do clocks change twice in them.
const STRETCH: i64 = 1 << 30;

impl Zone {
    /// The zone of an IANA name.
    pub fn named(name: &str) -> Result<Self> {
        Ok(Self::new(find(name)?, name))
    }

    fn new(zone: TimeZone, name: &str) -> Self {
        let first = i64::from(zone.to_offset(Timestamp::UNIX_EPOCH).seconds()) * 1_000;
        let mut offsets = vec![(i64::MIN, first)];
        // Zones that still change have no last transition.
        let changes = zone.following(Timestamp::UNIX_EPOCH).take_while(|t| t.timestamp().as_millisecond() < END);
        offsets.extend(changes.map(|t| (t.timestamp().as_millisecond(), i64::from(t.offset().seconds()) * 1_000)));
        let begins = (0..=END / STRETCH).map(|stretch| stretch * STRETCH);
        let in_force = begins.map(|begin| offsets.partition_point(|(from, _)| *from <= begin) - 1).collect();
        Self { name: name.to_owned(), offsets, in_force, zone }
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Local wall-clock milliseconds since 1970-01-01T00:00.
    #[inline]
    pub fn local(&self, instant: i64) -> i64 {
        let stretch = usize::try_from(instant / STRETCH).unwrap_or(0).min(self.in_force.len() - 1);
        let known = self.in_force[stretch];
        let changed = self.offsets[known + 1..].iter().take_while(|(from, _)| *from <= instant).count();
        instant + self.offsets[known + changed].1
    }

    /// Between two instants, the stretches of one offset: from, to, and local time minus UTC.
    pub fn stretches(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, i64, i64)> + '_ {
        let ends = self.offsets.iter().skip(1).map(|(at, _)| *at).chain([i64::MAX]);
        let stretches = self.offsets.iter().zip(ends);
        stretches.map(move |(&(at, offset), end)| (at.max(from), end.min(to), offset)).filter(|(at, end, _)| at < end)
    }

    /// The local day, as days since 1970-01-01.
    #[inline]
    pub fn day(&self, instant: i64) -> i32 {
        i32::try_from(self.local(instant).div_euclid(DAY)).unwrap_or(i32::MAX)
    }

    /// The local hour, 0 to 23.
    pub fn hour(&self, instant: i64) -> i32 {
        i32::try_from(self.local(instant).rem_euclid(DAY) / 3_600_000).unwrap_or(0)
    }

    /// The instant at which a local day begins.
    pub fn midnight(&self, day: i32) -> i64 {
        date(day)
            .to_zoned(self.zone.clone())
            .and_then(|z| z.start_of_day())
            .map_or(i64::from(day) * DAY, |z| z.timestamp().as_millisecond())
    }

    /// An instant as local time, for people and labels.
    pub fn civil(&self, instant: i64) -> jiff::civil::DateTime {
        let seconds = instant.div_euclid(1_000);
        Timestamp::from_second(seconds)
            .map_or_else(|_| date(self.day(instant)).at(0, 0, 0, 0), |t| t.to_zoned(self.zone.clone()).datetime())
    }
}

/// The date of a day number.
pub fn date(day: i32) -> Date {
    let far = if day < 0 { Date::MIN } else { Date::MAX };
    let span = jiff::Span::new().try_days(day);
    span.and_then(|span| jiff::civil::date(1970, 1, 1).checked_add(span)).unwrap_or(far)
}

/// The day number of a date.
pub fn day_number(date: Date) -> i32 {
    jiff::civil::date(1970, 1, 1).until(date).map_or(0, |span| span.get_days())
}

/// Monday is 0.
pub fn weekday(day: i32) -> i32 {
    (day + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn local_time_is_what_the_rules_say(
            name in prop::sample::select(vec!["Europe/London", "Africa/Casablanca", "Asia/Gaza", "Pacific/Apia", "UTC"]),
            instant in 0..END,
        ) {
            let zone = Zone::named(name).unwrap();
            let changed = zone.offsets[zone.offsets.partition_point(|(from, _)| *from <= instant) - 1].0.max(1);
            for at in [instant, changed - 1, changed] {
                let offset = zone.zone.to_offset(Timestamp::from_millisecond(at).unwrap()).seconds();
                prop_assert_eq!(zone.local(at) - at, i64::from(offset) * 1_000);
            }
            prop_assert_eq!(zone.local(-1) + 1, zone.offsets[0].1);
        }
    }

    #[test]
    fn days_and_hours_follow_the_clocks_of_the_zone() {
        let london = Zone::named("Europe/London").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        // The clocks go back on 2026-10-25 at 01:00 UTC.
        assert_eq!(london.hour(at("2026-10-24T23:30:00Z")), 0);
        assert_eq!(london.day(at("2026-10-24T23:30:00Z")), day_number(jiff::civil::date(2026, 10, 25)));
        assert_eq!(london.hour(at("2026-10-25T01:30:00Z")), 1);
        let sunday = day_number(jiff::civil::date(2026, 10, 25));
        assert_eq!(london.midnight(sunday + 1) - london.midnight(sunday), DAY + 3_600_000);
        assert_eq!(weekday(sunday), 6);
    }

    #[test]
    fn day_numbers_and_dates_agree() {
        for day in [-1, 0, 20_000, 30_000] {
            assert_eq!(day_number(date(day)), day);
        }
        assert_eq!((date(i32::MAX), date(i32::MIN)), (Date::MAX, Date::MIN), "too far is as far as there is");
    }
}
