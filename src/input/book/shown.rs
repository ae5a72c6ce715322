//! What a cell of a sheet says, as a text that the reader of any export understands.
//!
//! Moments are written as ISO without a zone, so that a file's zone is found as for any other; lengths of time as
//! `26:05:00`; numbers as they are and not as they are rounded for the eye. Cells that hold an error say nothing.

use calamine::{DataRef, ExcelDateTime, Style};
use jiff::civil::{DateTime, Time, date};
use jiff::{SignedDuration, ToSpan};
use std::borrow::Cow;

/// What a cell's number format makes of its number, beyond what the crate tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Plain,
    Percent,
    /// Hours, minutes and seconds, and no day.
    Clock,
}

/// Whole numbers from here on have more digits than a workbook keeps.
pub const LONG: f64 = 1e15;
const DAY: f64 = 86_400_000.0;
/// Beyond all that is shown as a date.
const END: f64 = 2_958_466.0;
/// A time without a day is no longer than a year; what is more is a moment of which the time is shown.
const YEAR: f64 = 366.0;

impl Look {
    /// Of a style.
    pub fn of(style: &Style) -> Self {
        let Some(format) = &style.number_format else { return Self::Plain };
        let letters = letters(&format.format_code);
        let has = |wanted: &[char]| letters.contains(wanted);
        if has(&['%']) {
            Self::Percent
        } else if has(&['h', 's']) && !has(&['y', 'd', 'e']) && letters.matches("mmm").next().is_none() {
            Self::Clock
        } else {
            Self::Plain
        }
    }
}

/// The first part of a format in lower case, without what is shown as it stands.
fn letters(code: &str) -> String {
    let (mut letters, mut chars) = (String::new(), code.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '[' => drop(chars.by_ref().find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            ';' => break,
            c => letters.extend(c.to_lowercase()),
        }
    }
    letters
}

/// The text of a cell; `from_1904`: days are counted from 1904 in its workbook.
pub fn shown<'c>(value: &'c DataRef, look: Look, from_1904: bool) -> Cow<'c, str> {
    match value {
        DataRef::Empty | DataRef::Error(_) => Cow::Borrowed(""),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => one_line(text),
        DataRef::SharedString(text) => one_line(text),
        DataRef::Bool(is) => Cow::Borrowed(if *is { "TRUE" } else { "FALSE" }),
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) if look == Look::Percent => format!("{}%", number_text(number * 100.0)).into(),
        DataRef::Float(number) => number_text(*number).into(),
        DataRef::DateTime(held) => of_days(held, look, from_1904).into(),
    }
}

/// A line of a sheet's text is a row: within a cell lines end otherwise.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains('\n') { text.replace("\r\n", "\r").replace('\n', "\r").into() } else { text.into() }
}

/// With the fifteen digits that count, and so that no mark can be taken for one of thousands.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 {
        return number.to_string();
    }
    let mut text = format!("{number:.14e}").parse().unwrap_or(number).to_string();
    if text.rsplit_once('.').is_some_and(|(_, fraction)| fraction.len() == 3) {
        text.push('0');
    }
    text
}

/// Days and parts of them as a length of time, a time of day, or a moment.
fn of_days(held: &ExcelDateTime, look: Look, from_1904: bool) -> String {
    let days = held.as_f64();
    if held.is_duration() || (look == Look::Clock && days.abs() < YEAR) || (days > 0.0 && days < 1.0) {
        return clock(days);
    }
    // Nought is no date, and neither is what is shown as a row of hashes.
    let moment = if (1.0..END).contains(&days) { moment(days, from_1904) } else { None };
    moment.map_or_else(|| number_text(days), |moment| iso(moment, days))
}

#[expect(clippy::cast_possible_truncation, reason = "bounded where days are, and saturating")]
fn millis(days: f64) -> i64 {
    (days * DAY).round() as i64
}

/// `26:05:00`, `00:27:00`, `00:00:05.250`.
fn clock(days: f64) -> String {
    let millis = millis(days);
    let (sign, length) = (if millis < 0 { "-" } else { "" }, SignedDuration::from_millis(millis).unsigned_abs());
    let (seconds, rest) = (length.as_secs(), length.subsec_millis());
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:03}") };
    format!("{sign}{:02}:{:02}:{:02}{fraction}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// The moment so many days after the beginning. There was no 29 February 1900, which Excel counts all the same.
fn moment(days: f64, from_1904: bool) -> Option<DateTime> {
    let begin = match from_1904 {
        true => date(1904, 1, 1),
        false if days < 60.0 => date(1899, 12, 31),
        false if days < 61.0 => return None,
        false => date(1899, 12, 30),
    };
    begin.at(0, 0, 0, 0).checked_add(millis(days).milliseconds()).ok()
}

/// A day, or a moment to the second or below it.
fn iso(moment: DateTime, days: f64) -> String {
    let format = match (moment.time(), moment.subsec_nanosecond()) {
        (time, _) if time == Time::midnight() && days.fract() == 0.0 => "%Y-%m-%d",
        (_, 0) => "%Y-%m-%d %H:%M:%S",
        _ => "%Y-%m-%d %H:%M:%S%.3f",
    };
    moment.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn dated(days: f64, look: Look, from_1904: bool) -> String {
        let held = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, from_1904);
        shown(&DataRef::DateTime(held), look, from_1904).into_owned()
    }

    #[test]
    fn moments_are_iso_in_both_systems() {
        for (days, from_1904, text) in [
            (46_357.0, false, "2026-12-01"),
            (46_357.588_298_611_1, false, "2026-12-01 14:07:09"),
            (44_895.588_298_611_1, true, "2026-12-01 14:07:09"),
            (46_357.999_999_999, false, "2026-12-02 00:00:00"),
            (46_357.000_002_893_5, false, "2026-12-01 00:00:00.250"),
            (1.0, false, "1900-01-01"),
            (59.0, false, "1900-02-28"),
            (60.0, false, "60"),
            (61.0, false, "1900-03-01"),
            (1.5, true, "1904-01-02 12:00:00"),
            (2_958_465.0, false, "9999-12-31"),
            (2_958_466.0, false, "2958466"),
            (0.0, false, "0"),
            (-1.0, false, "-1"),
            (0.018_75, false, "00:27:00"),
            (f64::NAN, false, "NaN"),
        ] {
            assert_eq!(dated(days, Look::Plain, from_1904), text, "{days}");
        }
    }

    #[test]
    fn times_without_a_day_may_last_longer() {
        for (days, text) in [(0.018_75, "00:27:00"), (26.0 / 24.0, "26:00:00"), (0.0, "00:00:00"), (-0.25, "-06:00:00")]
        {
            assert_eq!(dated(days, Look::Clock, false), text);
        }
        assert_eq!(dated(46_357.5, Look::Clock, false), "2026-12-01 12:00:00");
        let held = ExcelDateTime::new(400.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(shown(&DataRef::DateTime(held), Look::Plain, false), "9612:00:00");
    }

    #[test]
    fn numbers_are_not_rounded_for_the_eye() {
        for (number, text) in [
            (441_632_960_000.0, "441632960000"),
            (7_253_394_974_479.0, "7253394974479"),
            (0.1 + 0.2, "0.3"),
            (1.5, "1.5"),
            (1.234, "1.2340"),
            (-0.5, "-0.5"),
            (1e21, "1000000000000000000000"),
        ] {
            assert_eq!(shown(&DataRef::Float(number), Look::Plain, false), text);
        }
        assert_eq!(shown(&DataRef::Float(0.07), Look::Percent, false), "7%");
        assert_eq!(shown(&DataRef::Bool(true), Look::Plain, false), "TRUE");
        assert_eq!(shown(&DataRef::SharedString("a\r\nb\nc"), Look::Plain, false), "a\rb\rc");
    }

    #[test]
    fn formats_tell_clocks_and_shares() {
        let look = |code: &str| {
            let letters = letters(code);
            (letters.contains('%'), letters)
        };
        assert_eq!(look("0.0\" %\""), (false, "0.0".into()));
        assert_eq!(look("[$-409]h:mm\\ AM/PM;@"), (false, "h:mmam/pm".into()));
        assert!(look("0.00%").0);
    }
}
