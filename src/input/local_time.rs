//! Local time → UTC, fast: the offset between two transitions of a zone is looked up once.
//!
//! Transitions come from jiff; a local time that a change of the clocks skips or repeats is read as jiff's
//! `compatible` reads it. Which zone an export is in is decided in `source.rs`.

use crate::zone::DAY;
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// The clocks of one time zone; it remembers the stretch of time in which it was asked last.
#[derive(Debug, Clone)]
pub struct LocalTime {
    zone: TimeZone,
    /// Local milliseconds from which, to which, and the offset between them.
    stretch: (i64, i64, i64),
}

impl LocalTime {
    /// Any zone of jiff's.
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, stretch: (0, 0, 0) }
    }

    /// Local milliseconds (the clock's reading, counted as if it were UTC) → UTC milliseconds.
    pub fn utc(&mut self, local: i64) -> Option<i64> {
        let (from, to, offset) = self.stretch;
        if (from..to).contains(&local) {
            return Some(local - offset);
        }
        let clock = Timestamp::from_millisecond(local).ok()?;
        let clock = TimeZone::UTC.to_datetime(clock);
        let instant = self.zone.to_ambiguous_timestamp(clock).compatible().ok()?;
        self.remember(instant);
        Some(instant.as_millisecond())
    }

    /// The same for a local time that is called so in this zone, ` IST`; nothing where the zone does not say so then.
    pub fn utc_called(&self, local: i64, abbreviation: &str) -> Option<i64> {
        let clock = TimeZone::UTC.to_datetime(Timestamp::from_millisecond(local).ok()?);
        let offsets = match self.zone.to_ambiguous_timestamp(clock).offset() {
            AmbiguousOffset::Unambiguous { offset } => [offset, offset],
            AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => [before, after],
        };
        let mut instants = offsets.into_iter().filter_map(|offset| offset.to_timestamp(clock).ok());
        let said = instants.find(|instant| self.zone.to_offset_info(*instant).abbreviation() == abbreviation);
        said.map(Timestamp::as_millisecond)
    }

    /// Keep the stretch around an instant; a day is left out at both ends, where clocks change.
    fn remember(&mut self, instant: Timestamp) {
        let offset = i64::from(self.zone.to_offset(instant).seconds()) * 1_000;
        let before = self.zone.preceding(instant).next().map_or(i64::MIN / 4, |t| t.timestamp().as_millisecond());
        let after = self.zone.following(instant).next().map_or(i64::MAX / 4, |t| t.timestamp().as_millisecond());
        self.stretch = (before + offset + DAY, after + offset - DAY, offset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(text: &str) -> i64 {
        text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond()
    }

    fn berlin(text: &str) -> String {
        let mut zone = LocalTime::new(TimeZone::get("Europe/Berlin").unwrap());
        zone.utc(clock("2026-07-01T00:00")).unwrap();
        Timestamp::from_millisecond(zone.utc(clock(text)).unwrap()).unwrap().to_string()
    }

    #[test]
    fn skipped_and_repeated_hours_are_read_as_jiff_does() {
        assert_eq!(berlin("2026-03-29T02:30"), "2026-03-29T01:30:00Z");
        assert_eq!(berlin("2026-10-25T02:30"), "2026-10-25T00:30:00Z");
        assert_eq!(berlin("2026-10-25T03:00"), "2026-10-25T02:00:00Z");
    }

    #[test]
    fn an_abbreviation_is_what_the_zone_calls_its_time() {
        let called = |zone: &str, text: &str, name: &str| {
            let instant = LocalTime::new(TimeZone::get(zone).unwrap()).utc_called(clock(text), name)?;
            Some(Timestamp::from_millisecond(instant).unwrap().to_string())
        };
        assert_eq!(called("Asia/Kolkata", "2026-01-05T10:00", "IST").as_deref(), Some("2026-01-05T04:30:00Z"));
        assert_eq!(called("Asia/Jerusalem", "2026-01-05T10:00", "IST").as_deref(), Some("2026-01-05T08:00:00Z"));
        assert_eq!(called("Europe/Dublin", "2026-01-05T10:00", "IST"), None);
        // The hour that comes twice.
        assert_eq!(called("America/Chicago", "2026-11-01T01:30", "CST").as_deref(), Some("2026-11-01T07:30:00Z"));
        assert_eq!(called("America/Chicago", "2026-11-01T01:30", "CDT").as_deref(), Some("2026-11-01T06:30:00Z"));
    }

    #[test]
    fn every_hour_of_years_agrees_with_jiff() {
        for name in ["Europe/London", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"] {
            let tz = TimeZone::get(name).unwrap();
            let mut zone = LocalTime::new(tz.clone());
            let first = clock("2015-01-01T00:10");
            for hour in 0..24 * 365 * 8 {
                let local = first + hour * 3_600_000;
                let civil = TimeZone::UTC.to_datetime(Timestamp::from_millisecond(local).unwrap());
                let theirs = tz.to_ambiguous_timestamp(civil).compatible().unwrap().as_millisecond();
                assert_eq!(zone.utc(local), Some(theirs), "{name} {civil}");
            }
        }
    }
}
