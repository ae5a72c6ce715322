//! One cell → one moment: the shapes that dates are written in.
//!
//! Formats of profiles go through jiff; ISO and seconds since 1970 are parsed by hand, because they are
//! in every row of nearly every export. Dates with named months are in `month_names.rs`. Which zone a
//! moment without one is in, and whether `3/4` is in March or in April, is settled for the whole file in
//! `source.rs` and `sniff.rs`.

use super::fixed::{self, Pattern};
use super::{month_names, zone_name};
use crate::settings::DayOrder;
use crate::zone::DAY;
use jiff::fmt::strtime::BrokenDownTime;

/// A moment as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Milliseconds since 1970 on the clock that was read.
    pub clock: i64,
    /// That clock's distance from UTC in milliseconds, if the cell says it.
    pub offset: Option<i64>,
    /// Known to the day only.
    pub day: bool,
}

/// What a cell turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    At(Stamp),
    /// `0` and `0000-00-00` are how systems write "never".
    Never,
    /// Day and month could be either way round.
    Open,
    /// A date, but of a year in which there were no such exports.
    FarOff,
    Bad,
}

/// How a column's moments are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// All that look like a date.
    Any,
    Iso,
    /// Also with the day's name left out, and other orders with a named month.
    Rfc2822,
    Epoch,
    EpochMillis,
    /// jiff's directives, and where they allow it a faster way.
    Directives(String, Option<Pattern>),
}

impl Format {
    /// The format of a profile's word.
    pub fn named(text: &str) -> Self {
        match text {
            "iso" => Self::Iso,
            "rfc2822" => Self::Rfc2822,
            "epoch" => Self::Epoch,
            "epoch_ms" => Self::EpochMillis,
            directives => Self::Directives(directives.to_owned(), Pattern::new(directives)),
        }
    }

    /// How such a date looks, for messages.
    pub fn example(&self) -> String {
        let sample = jiff::civil::date(2026, 12, 31).at(23, 59, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
        match (self, sample) {
            (Self::Any | Self::Iso, _) | (_, Err(_)) => "2026-12-31 23:59".to_owned(),
            (Self::Rfc2822, _) => "Thu, 31 Dec 2026 23:59:00 +0000".to_owned(),
            (Self::Epoch, _) => "1798761540".to_owned(),
            (Self::EpochMillis, _) => "1798761540000".to_owned(),
            (Self::Directives(format, _), Ok(sample)) => {
                jiff::fmt::strtime::format(format, &sample).unwrap_or_else(|_| format.clone())
            }
        }
    }

    /// Read one cell, which is neither empty nor padded.
    pub fn parse(&self, text: &str, order: Option<DayOrder>) -> Reading {
        let reading = match self {
            Self::Any | Self::Iso if let Some(stamp) = fixed::iso(text) => Reading::At(stamp),
            Self::Any => any(text, order),
            Self::Iso => iso(text),
            Self::Rfc2822 => match fixed::rfc2822(text) {
                Some(stamp) => Reading::At(stamp),
                None => month_names::parse(text),
            },
            Self::Epoch => epoch(text, 1_000.0),
            Self::EpochMillis => epoch(text, 1.0),
            Self::Directives(format, pattern) => match pattern.as_ref().and_then(|pattern| pattern.read(text)) {
                Some(stamp) => Reading::At(stamp),
                None => directives(format, text),
            },
        };
        match reading {
            Reading::At(stamp) if !near(stamp.clock) => Reading::FarOff,
            other => other,
        }
    }
}

/// From 1990 to 2100.
fn near(clock: i64) -> bool {
    (631_152_000_000..4_133_980_800_000).contains(&clock)
}

fn any(text: &str, order: Option<DayOrder>) -> Reading {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let next = text.as_bytes().get(digits);
    match (digits, next) {
        (1, Some(b'.')) if text.ends_with(['9', '2']) && text.contains(['e', 'E']) => {
            epoch(text, if text.ends_with("12") { 1.0 } else { 1_000.0 })
        }
        (4, Some(b'-' | b'/' | b'.')) => iso(text),
        (1 | 2, Some(b'/' | b'.' | b'-')) => match numeric(text, order) {
            Reading::Bad => month_names::parse(text),
            reading => reading,
        },
        (8, None) => compact(text),
        (1, None) if text == "0" => Reading::Never,
        (9..=11, None | Some(b'.' | b'e' | b'E')) => epoch(text, 1_000.0),
        (12..=14, None | Some(b'.' | b'e' | b'E')) => epoch(text, 1.0),
        (15..=17, None | Some(b'.')) => epoch(text, 0.001),
        _ => month_names::parse(text),
    }
}

/// `2026-12-31`, `2026-12-31 23:59`, `2026-12-31T23:59:59.123+01:00`, also with slashes.
fn iso(text: &str) -> Reading {
    let Some((year, rest)) = number(text, 4..=4) else { return Reading::Bad };
    let Some(separator) = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.')) else { return Reading::Bad };
    let parts = number(&rest[1..], 1..=2).and_then(|(month, rest)| {
        let (day, rest) = number(rest.strip_prefix(separator)?, 1..=2)?;
        Some((month, day, rest))
    });
    let Some((month, day, rest)) = parts else { return Reading::Bad };
    if (year, month, day) == (0, 0, 0) {
        return Reading::Never;
    }
    let rest = rest.strip_prefix(['T', 't']).unwrap_or(rest);
    stamp(year, month, day, rest)
}

/// `20261231`
fn compact(text: &str) -> Reading {
    match (number(&text[..4], 4..=4), number(&text[4..6], 2..=2), number(&text[6..], 2..=2)) {
        (Some((year, _)), Some((month, _)), Some((day, _))) => stamp(year, month, day, ""),
        _ => Reading::Bad,
    }
}

/// The three numbers of `31/12/2026`, as written, with the mark between them and the rest.
pub fn three_numbers(text: &str) -> Option<(i64, i64, i64, char, &str)> {
    let (first, rest) = number(text, 1..=2)?;
    let separator = rest.chars().next().filter(|c| matches!(c, '/' | '.' | '-'))?;
    let (second, rest) = number(&rest[1..], 1..=2)?;
    let rest = rest.strip_prefix(separator)?;
    let (year, rest) = number(rest, 4..=4).or_else(|| number(rest, 2..=2))?;
    let two_digits = !text[..text.len() - rest.len()].bytes().rev().take(4).all(|b| b.is_ascii_digit());
    Some((first, second, if two_digits { full_year(year) } else { year }, separator, rest))
}

/// `69` → 1969, `68` → 2068.
pub fn full_year(two_digits: i64) -> i64 {
    if two_digits < 69 { 2000 + two_digits } else { 1900 + two_digits }
}

/// `31/12/2026 23:59`, `12/31/26 11:59 PM`, `31.12.2026`
fn numeric(text: &str, order: Option<DayOrder>) -> Reading {
    let Some((first, second, year, separator, rest)) = three_numbers(text) else { return Reading::Bad };
    // Points are written between day and month wherever they are written at all.
    let order = if separator == '.' { Some(DayOrder::Dmy) } else { order };
    let (day, month) = match order {
        Some(DayOrder::Dmy) => (first, second),
        Some(DayOrder::Mdy) => (second, first),
        None if first > 12 || first == second => (first, second),
        None if second > 12 => (second, first),
        None => return Reading::Open,
    };
    stamp(year, month, day, rest)
}

/// Whole or broken seconds since 1970, scaled to milliseconds.
fn epoch(text: &str, scale: f64) -> Reading {
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let plain = mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits > 0;
    // A spreadsheet's `1.7E+09` has lost its last digits.
    if !plain || (exponent.is_some() && digits < 8) {
        return Reading::Bad;
    }
    match text.parse::<f64>() {
        Ok(0.0) => Reading::Never,
        #[expect(clippy::cast_possible_truncation, reason = "a float too large is far off either way")]
        Ok(number) => Reading::At(Stamp { clock: (number * scale).round() as i64, offset: Some(0), day: false }),
        Err(_) => Reading::Bad,
    }
}

fn directives(format: &str, text: &str) -> Reading {
    let Ok(parsed) = BrokenDownTime::parse(format, text) else { return Reading::Bad };
    if let Some(instant) = parsed.timestamp() {
        return Reading::At(Stamp { clock: instant.as_millisecond(), offset: Some(0), day: false });
    }
    let (Ok(date), Ok(time)) = (parsed.to_date(), parsed.to_time()) else { return Reading::Bad };
    let days = days(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let since_midnight = time.duration_since(jiff::civil::Time::midnight()).as_millis();
    let Ok(since_midnight) = i64::try_from(since_midnight) else { return Reading::Bad };
    let offset = parsed.offset().map(|offset| i64::from(offset.seconds()) * 1_000);
    Reading::At(Stamp { clock: days * DAY + since_midnight, offset, day: parsed.hour().is_none() })
}

/// A date and what follows it.
pub fn stamp(year: i64, month: i64, day: i64, rest: &str) -> Reading {
    if !is_date(year, month, day) {
        return Reading::Bad;
    }
    let midnight = days(year, month, day) * DAY;
    let rest = rest.trim_start_matches([' ', ',', '\u{a0}', '\u{202f}']);
    if rest.is_empty() {
        return Reading::At(Stamp { clock: midnight, offset: None, day: true });
    }
    match time_of_day(rest) {
        Some((time, offset)) => Reading::At(Stamp { clock: midnight + time, offset, day: false }),
        None => Reading::Bad,
    }
}

/// A date that exists, so many milliseconds after its midnight.
pub fn stamp_of(year: i64, month: i64, day: i64, time: i64, offset: Option<i64>) -> Option<Stamp> {
    is_date(year, month, day).then(|| Stamp { clock: days(year, month, day) * DAY + time, offset, day: false })
}

/// `23:59`, `23:59:59.123Z`, `11:59 PM`, `23:59:59 +0100`: milliseconds since midnight, and the offset.
pub fn time_of_day(text: &str) -> Option<(i64, Option<i64>)> {
    let (hour, rest) = number(text, 1..=2)?;
    let (minute, mut rest) = number(rest.strip_prefix(':')?, 2..=2)?;
    let (mut second, mut millis) = (0, 0);
    if let Some(tail) = rest.strip_prefix(':') {
        (second, rest) = number(tail, 2..=2)?;
        if let Some(tail) = rest.strip_prefix(['.', ',']) {
            let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
            let digits = tail.get(..end.min(3)).filter(|digits| !digits.is_empty())?;
            millis = digits.parse::<i64>().ok()? * [100, 10, 1][digits.len() - 1];
            rest = &tail[end..];
        }
    }
    let rest = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let (hour, rest) = half_day(hour, rest)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let time = ((hour * 60 + minute) * 60 + second) * 1_000 + millis;
    if rest.is_empty() {
        return Some((time, None));
    }
    Some((time, Some(offset(rest)?)))
}

/// The hour of the day with AM or PM taken into account, and what follows.
fn half_day(hour: i64, rest: &str) -> Option<(i64, &str)> {
    let letters: String = rest.chars().filter(|c| *c != '.').take(2).collect::<String>().to_ascii_lowercase();
    let afternoon = match letters.as_str() {
        "am" => false,
        "pm" => true,
        _ => return Some((hour, rest)),
    };
    let end = rest.find(['m', 'M'])? + 1;
    let rest = rest[end..].trim_start_matches(['.', ' ']);
    (hour <= 12).then_some((hour % 12 + if afternoon { 12 } else { 0 }, rest))
}

/// `Z`, `UTC`, `+01:00`, `-0500`, `+01`, `CDT`; milliseconds.
pub fn offset(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT" | "UT") {
        return Some(0);
    }
    if let Some(offset) = zone_name::offset(text) {
        return Some(offset);
    }
    let text = text.strip_prefix("UTC").or_else(|| text.strip_prefix("GMT")).unwrap_or(text);
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, rest) = number(&text[1..], 2..=2)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = if rest.is_empty() { (0, "") } else { number(rest, 2..=2)? };
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
}

/// A number of so many digits at the beginning, and what follows.
pub fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<(i64, &str)> {
    let mut value = 0_i64;
    let mut length = 0;
    for byte in text.bytes().take(*digits.end()).take_while(u8::is_ascii_digit) {
        value = value * 10 + i64::from(byte - b'0');
        length += 1;
    }
    (length >= *digits.start()).then(|| (value, &text[length..]))
}

fn is_date(year: i64, month: i64, day: i64) -> bool {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// Days from 1970-01-01 to a date that exists.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is the last one.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
#[path = "instant_tests.rs"]
mod tests;
