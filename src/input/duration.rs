//! Lengths of time in the units that exports use, in milliseconds.
//!
//! `unit` is what the profile says of bare numbers; a cell that shows its own unit (`0:35:00`, `1h 2m`)
//! is read by its look, and so is one that counts from 1970. A new unit is one line in `Unit::named`.

use super::{fixed, instant, number};
use crate::zone::DAY;

/// More than ten thousand years is damage.
const LONGEST: i64 = 315_576_000_000_000;

/// What a bare number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// So many milliseconds each.
    Millis(i64),
    /// `0:35:00`, `35:00`: a bare number means nothing, save nought.
    Clock,
    /// `1h 2m 3s`, as above.
    Words,
}

impl Unit {
    /// The names that profiles use.
    pub const NAMES: &[&str] = &["s", "ms", "min", "h", "d", "h:m:s", "1h 2m"];

    /// The unit of a name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ms" => Self::Millis(1),
            "s" => Self::Millis(1_000),
            "min" => Self::Millis(60_000),
            "h" => Self::Millis(3_600_000),
            "d" => Self::Millis(DAY),
            "h:m:s" => Self::Clock,
            "1h 2m" | "1h 2m 3s" => Self::Words,
            _ => return None,
        })
    }

    /// How such a length looks, for messages.
    pub fn example(self) -> &'static str {
        match self {
            Self::Millis(1) => "2100000",
            Self::Millis(1_000) => "2100",
            Self::Millis(60_000) => "35.5",
            Self::Millis(_) => "1.5",
            Self::Clock => "0:35:00",
            Self::Words => "1h 35m",
        }
    }
}

/// A length of time in milliseconds; a negative one stays negative.
pub fn parse(text: &str, unit: Unit, decimal: Option<char>) -> Option<i64> {
    if let (Unit::Millis(scale), Ok(number)) = (unit, text.parse::<i64>()) {
        return number.checked_mul(scale).filter(|millis| millis.abs() < LONGEST);
    }
    if let Some(millis) = clock(text) {
        return Some(millis);
    }
    let text = text.trim().trim_start_matches('\'');
    let (rest, sign) = text.strip_prefix('-').map_or((text, 1), |rest| (rest, -1));
    let millis = if rest.contains(':') {
        with_days(rest).or_else(|| since_1970(rest))
    } else if rest.bytes().any(|b| b.is_ascii_alphabetic()) {
        words(rest)
    } else {
        let number = number::parse(rest, decimal)?;
        match unit {
            Unit::Millis(scale) => scaled(number, scale),
            // Nought is nought in every unit.
            Unit::Clock | Unit::Words => (number == 0.0).then_some(0),
        }
    };
    millis.map(|millis| sign * millis)
}

/// Rounded to the millisecond; nothing where no such length can be.
fn scaled(number: f64, scale: i64) -> Option<i64> {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "bounded in the next line")]
    let millis = (number * scale as f64).round() as i64;
    (number.is_finite() && millis.abs() < LONGEST).then_some(millis)
}

/// `35:00`, `26:05:00`: the fast way for what nearly every cell holds. What does not fit is left to the others.
fn clock(text: &str) -> Option<i64> {
    const SURE: usize = 12;
    let (mut total, mut part, mut digits, mut colons) = (0, 0, 0, 0);
    for byte in text.bytes().take(SURE) {
        match byte {
            b'0'..=b'9' => (part, digits) = (part * 10 + i64::from(byte - b'0'), digits + 1),
            b':' if digits > 0 && colons < 2 => (total, part, digits, colons) = ((total + part) * 60, 0, 0, colons + 1),
            _ => return None,
        }
    }
    (text.len() <= SURE && colons > 0 && digits > 0 && part < 60).then_some((total + part) * 1_000)
}

/// `35:00`, `26:05:00`, `0:35:00.250`, `1 day 02:03:04`, `1.02:03:04`.
fn with_days(text: &str) -> Option<i64> {
    let (head, last) = text.rsplit_once(':')?;
    let start = head.rfind(|c: char| !c.is_ascii_digit() && c != ':').map_or(0, |i| i + 1);
    let (days, head) = head.split_at_checked(start)?;
    let days = match days.trim_end_matches(|c: char| !c.is_ascii_digit()) {
        "" if days.is_empty() => 0,
        number => number.parse::<i64>().ok()?,
    };
    let mut minutes = 0_i64;
    let parts: Vec<&str> = head.split(':').collect();
    if parts.len() > 2 {
        return None;
    }
    for part in parts {
        minutes = minutes.checked_mul(60)?.checked_add(part.parse::<u32>().ok()?.into())?;
    }
    let seconds = last.replace(',', ".");
    if !seconds.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let seconds: f64 = seconds.parse().ok().filter(|s| *s < 60.0)?;
    let whole = minutes.checked_add(days.checked_mul(24 * 60)?)?.checked_mul(60_000)?;
    whole.checked_add(scaled(seconds, 1_000)?)
}

/// `1970-01-02 09:46:18`, as some systems store what has passed; `1/1/1970 0:27`, as spreadsheets show it. Twenty years are
/// enough: what is later is a date astray.
fn since_1970(text: &str) -> Option<i64> {
    if let Some(time) = text.strip_prefix("1/1/1970 ") {
        return instant::time_of_day(time).map(|(millis, _)| millis);
    }
    fixed::iso(text).map(|stamp| stamp.clock).filter(|clock| (0..20 * 365 * DAY).contains(clock))
}

/// `1h 2m 3s`, `2 minutes 10 seconds`, `1 day, 3 hours`, `PT1H2M`.
fn words(text: &str) -> Option<i64> {
    let text = text.trim_start_matches(['P', 'p']);
    let (mut millis, mut rest, mut seen) = (0_i64, text, false);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        rest = rest.strip_prefix(['T', 't']).unwrap_or(rest);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
        if rest.is_empty() {
            return seen.then_some(millis);
        }
        let number_end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))?;
        let (number, tail) = rest.split_at(number_end);
        let tail = tail.trim_start();
        let word_end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        let (word, tail) = tail.split_at(word_end);
        let number = number.replace(',', ".").parse::<f64>().ok()?;
        millis = millis.checked_add(scaled(number, scale_of(word)?)?)?;
        (rest, seen) = (tail, true);
    }
}

fn scale_of(word: &str) -> Option<i64> {
    Some(match word.to_ascii_lowercase().as_str() {
        "ms" | "msec" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7 * DAY,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECONDS: Unit = Unit::Millis(1_000);

    proptest::proptest! {
        #[test]
        fn the_short_way_agrees_with_the_long_one(text in "[0-9]{0,4}(:[0-9]{1,3}){0,3}") {
            if let Some(millis) = clock(&text) {
                proptest::prop_assert_eq!(with_days(&text), Some(millis));
            }
        }
    }

    #[test]
    fn every_look_is_read() {
        for (text, unit, millis) in [
            ("371", SECONDS, 371_000),
            ("-33", SECONDS, -33_000),
            ("0.75", Unit::Millis(60_000), 45_000),
            ("0,75", Unit::Millis(60_000), 45_000),
            ("70000", Unit::Millis(1), 70_000),
            ("26:05:00", Unit::Clock, 93_900_000),
            ("06:11", Unit::Clock, 371_000),
            ("0:35:12", SECONDS, 2_112_000),
            ("-0:00:05", Unit::Clock, -5_000),
            ("0:00:05.250", Unit::Clock, 5_250),
            ("1 day, 2:00:00", Unit::Clock, 93_600_000),
            ("1.02:00:00", Unit::Clock, 93_600_000),
            ("6m 11s", Unit::Words, 371_000),
            ("1h 2m 3s", SECONDS, 3_723_000),
            ("2 minutes 10 seconds", Unit::Words, 130_000),
            ("1 day 3 hours", Unit::Words, 97_200_000),
            ("PT1H2M", Unit::Words, 3_720_000),
            ("0", Unit::Clock, 0),
            ("1970-01-01 09:46:18", SECONDS, 35_178_000),
            ("1970-01-03 00:00:01", SECONDS, 172_801_000),
            ("1/1/1970 0:27", Unit::Clock, 1_620_000),
        ] {
            assert_eq!(parse(text, unit, None), Some(millis), "{text}");
        }
    }

    #[test]
    fn damage_is_no_length() {
        for text in [
            "",
            "abc",
            "2/1/1970 0:27",
            "2024-01-01 09:46:18",
            "1:2:3:4",
            "1:75",
            "12 parsecs",
            "1:",
            ":5",
            "45",
            "h",
            "9:9:9:9:9",
        ] {
            assert_eq!(parse(text, Unit::Clock, None), None, "{text}");
        }
        assert_eq!(parse("99999999999999999999", SECONDS, None), None);
        assert_eq!(parse("9223372036854775807", SECONDS, None), None);
    }

    #[test]
    fn every_name_has_its_unit() {
        assert!(Unit::NAMES.iter().all(|name| Unit::named(name).is_some()));
    }
}
