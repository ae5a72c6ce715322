//! Numbers, instants and lists as words: the only place where a figure is rounded and gets its unit.
//!
//! Used by every format for people and by the sentences of reports. Machine formats use `raw.rs`. How a new unit
//! reads is one arm of `figure`.

use crate::notice::thousands;
use crate::report::{Cell, Unit, Value};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::cmp::Ordering;
use std::fmt;

/// No observation.
pub const MISSING: &str = "–";
/// Below nothing. Machine formats have the hyphen that programs read.
const MINUS: &str = "−";

/// A figure in two parts, so that tables can align its last digit and let the unit hang.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figure {
    /// `86.1`, `2 h 10`, `–`
    pub digits: String,
    /// ` %`, ` min`, with the space before it; may be empty.
    pub unit: &'static str,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.digits, self.unit)
    }
}

impl Figure {
    fn plain(digits: String) -> Self {
        Self { digits, unit: "" }
    }

    /// The same after a figure that has said the unit: `90.4`, `1 h 34`; but `48 min` after `2 h 10 min`.
    pub fn after(mut self, said: &Self, unit: Unit) -> Self {
        let two_parts = |figure: &Self| figure.digits.contains(' ');
        if unit != Unit::Seconds || two_parts(&self) || (!two_parts(said) && said.unit == self.unit) {
            self.unit = "";
        }
        self
    }

    /// Without decimals that say nothing: goals are set as `90 %`.
    pub fn trimmed(mut self) -> Self {
        if let Some(whole) = self.digits.strip_suffix(".0").or_else(|| self.digits.strip_suffix(".00")) {
            self.digits = whole.to_owned();
        }
        self
    }
}

/// A number of this unit in words; instants in the zone given.
pub fn figure(value: f64, unit: Unit, zone: &TimeZone) -> Figure {
    if !value.is_finite() {
        return Figure::plain(MISSING.into());
    }
    match unit {
        Unit::Count | Unit::Text => Figure::plain(rounded(value, 0)),
        Unit::Share => Figure { digits: rounded(value * 100.0, 1), unit: " %" },
        Unit::Seconds => duration_figure(value),
        Unit::Points => Figure::plain(rounded(value, 1)),
        Unit::Number => Figure::plain(rounded(value, u32::from(value.abs() < 1000.0))),
        Unit::Ratio => Figure::plain(rounded(value, 2)),
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds are whole")]
        Unit::Instant => Figure::plain(instant(value as i64, zone)),
    }
}

/// A value of this unit in words; `–` where it is missing.
pub fn value(value: &Value, unit: Unit, zone: &TimeZone) -> Figure {
    match value {
        Value::Text(text) => Figure::plain(text.clone()),
        other => other.as_f64().map_or_else(|| Figure::plain(MISSING.into()), |v| figure(v, unit, zone)),
    }
}

/// A difference between two values of this unit and about this size: `+49 min`, `−1.2 points`. It is read no finer than
/// they are: of hours and minutes it has no seconds.
pub fn signed(difference: f64, unit: Unit, size: f64) -> Figure {
    let finest = match unit {
        Unit::Seconds if size >= 86_400.0 => 3_600.0,
        Unit::Seconds if size >= 3_600.0 => 60.0,
        Unit::Seconds if size >= 10.0 => 1.0,
        _ => 0.0,
    };
    let read = if finest > 0.0 { (difference / finest).round() * finest } else { difference };
    let unsigned = match unit {
        Unit::Share => Figure { digits: rounded(read * 100.0, 1), unit: " points" },
        unit => figure(read, unit, &TimeZone::UTC),
    };
    let unsigned = match unit {
        // No seconds here either.
        Unit::Seconds if read == 0.0 && finest >= 60.0 => {
            Figure { unit: if finest > 60.0 { " h" } else { " min" }, ..unsigned }
        }
        _ => unsigned,
    };
    let says = unsigned.digits.contains(|c: char| ('1'..='9').contains(&c));
    Figure { digits: format!("{}{}", if read > 0.0 && says { "+" } else { "" }, unsigned.digits), ..unsigned }
}

/// How a figure has changed: `up from 328 by 68 to 178`, or `down from 86.7 %, which could be chance (−19.0 to +5.1
/// points)`. Nothing where it is compared with nothing.
pub fn change(cell: &Cell, unit: Unit) -> Option<String> {
    let (now, before) = (cell.value.as_f64()?, cell.previous.filter(|before| before.is_finite())?);
    let read = |value| figure(value, unit, &TimeZone::UTC).to_string();
    if read(now) == read(before) {
        return Some("as before".into());
    }
    let size = now.abs().max(before.abs());
    let by = match cell.change_low.zip(cell.change_high) {
        Some((low, high)) if cell.chance => {
            format!(", which could be chance ({})", range([low, high].map(|bound| signed(bound, unit, size))))
        }
        Some((low, high)) => {
            let [least, most] = if now > before { [low, high] } else { [high, low] };
            let plain = |bound: f64| signed(bound.abs(), unit, size);
            let unsigned = |figure: Figure| Figure { digits: figure.digits.replacen('+', "", 1), ..figure };
            format!(" by {}", range([least, most].map(plain).map(unsigned)))
        }
        None => String::new(),
    };
    Some(format!("{} from {}{by}", if now > before { "up" } else { "down" }, read(before)))
}

/// `68 to 178`, `3 to 9 min`, `12 min to 1 h 02 min`
pub fn range([low, high]: [Figure; 2]) -> String {
    let parted = low.unit == high.unit && !low.digits.contains(' ') && !high.digits.contains(' ');
    if parted { format!("{} to {high}", low.digits) } else { format!("{low} to {high}") }
}

/// What is said of a figure beyond its usual limits.
pub fn unusual(cell: &Cell) -> Option<&'static str> {
    cell.unusual().map(|way| if way == Ordering::Greater { "unusually high" } else { "unusually low" })
}

/// A sentence in parts: true where it is what stood between back-ticks, code.
pub fn spans(sentence: &str) -> Vec<(bool, &str)> {
    let mut parts: Vec<(bool, &str)> = Vec::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('`')
        && let Some((code, after)) = after.split_once('`')
    {
        parts.extend([(false, before), (true, code)]);
        rest = after;
    }
    parts.push((false, rest));
    parts.retain(|(_, text)| !text.is_empty());
    parts
}

/// `1,204`
pub fn count(n: u64) -> String {
    thousands(n)
}

/// `86.1 %`
pub fn share(fraction: f64) -> String {
    figure(fraction, Unit::Share, &TimeZone::UTC).to_string()
}

/// `86 %`, where a tenth more or less says nothing.
pub fn whole_share(fraction: f64) -> Figure {
    Figure { digits: rounded(fraction * 100.0, 0), unit: " %" }
}

/// `48 s`, `2 min 10 s`, `2 h 10 min`, `3 d 4 h`
pub fn duration(seconds: f64) -> String {
    figure(seconds, Unit::Seconds, &TimeZone::UTC).to_string()
}

/// `Sun 15 Nov 2026 23:41`
pub fn instant(milliseconds: i64, zone: &TimeZone) -> String {
    zoned(milliseconds, zone).map_or_else(|| MISSING.into(), |t| t.strftime("%a %-d %b %Y %H:%M").to_string())
}

fn zoned(milliseconds: i64, zone: &TimeZone) -> Option<Zoned> {
    Timestamp::from_millisecond(milliseconds).ok().map(|t| t.to_zoned(zone.clone()))
}

/// First and last day: `9-15 Nov 2026`, `28 Sep - 4 Oct 2026`, `28 Dec 2026 - 3 Jan 2027`.
pub fn dates(first: Date, last: Date) -> String {
    let until = last.strftime("%-d %b %Y");
    let same_month = (first.year(), first.month()) == (last.year(), last.month());
    match () {
        () if first == last => until.to_string(),
        () if same_month => format!("{}-{until}", first.day()),
        () if first.year() == last.year() => format!("{} - {until}", first.strftime("%-d %b")),
        () => format!("{} - {until}", first.strftime("%-d %b %Y")),
    }
}

/// A period's machine name in passing: `week 45`, `Oct 2026`, `9 Nov 2026`, `1-12 Nov 2026`.
pub fn period(name: &str) -> String {
    if let Some((first, last)) = name.split_once("..")
        && let (Ok(first), Ok(last)) = (first.parse(), last.parse())
    {
        return dates(first, last);
    }
    if let Some((_, week)) = name.split_once("-W") {
        return format!("week {}", week.trim_start_matches('0'));
    }
    if let Ok(day) = name.parse::<Date>() {
        return dates(day, day);
    }
    format!("{name}-01").parse::<Date>().map_or_else(|_| name.to_owned(), |d| d.strftime("%b %Y").to_string())
}

/// In what a matrix of seconds is said, by its largest: so many seconds, and their name.
pub fn coarse(most: f64) -> (f64, &'static str) {
    match most {
        most if most < 600.0 => (1.0, "seconds"),
        most if most < 36_000.0 => (60.0, "minutes"),
        _ => (3_600.0, "hours"),
    }
}

/// `a, b or c`
pub fn or<S: AsRef<str>>(items: &[S]) -> String {
    list(items, "or")
}

/// `a, b and c`
pub fn and<S: AsRef<str>>(items: &[S]) -> String {
    list(items, "and")
}

fn list<S: AsRef<str>>(items: &[S], last: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// Half up (away from zero), with thousands. The nudge is for decimals that floats hold a hair too low: 0.8615.
fn rounded(value: f64, decimals: u32) -> String {
    let unit = 10_u64.pow(decimals);
    #[expect(clippy::cast_precision_loss, reason = "a power of ten below a thousand")]
    let scaled = value.abs() * unit as f64;
    let scaled = half_up(scaled);
    let sign = if value < 0.0 && scaled > 0 { MINUS } else { "" };
    let whole = thousands(scaled / unit);
    match decimals {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{:0width$}", scaled % unit, width = decimals as usize),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative; too large saturates")]
fn half_up(value: f64) -> u64 {
    (value + 0.5 + 1e-9).floor() as u64
}

/// Two units at most, rounded in the smaller one; tenths below ten seconds.
fn duration_figure(seconds: f64) -> Figure {
    let size = seconds.abs();
    let sign = if seconds < 0.0 && half_up(size * 10.0) > 0 { MINUS } else { "" };
    let (tenths, secs, mins, hours) =
        (half_up(size * 10.0), half_up(size), half_up(size / 60.0), half_up(size / 3600.0));
    let (digits, unit) = match () {
        () if tenths < 100 && !tenths.is_multiple_of(10) => (format!("{}.{}", tenths / 10, tenths % 10), " s"),
        () if secs < 60 => (secs.to_string(), " s"),
        () if secs < 3600 => pair(secs / 60, " min", secs % 60, " s", 2),
        () if mins < 24 * 60 => pair(mins / 60, " h", mins % 60, " min", 2),
        () => pair(hours / 24, " d", hours % 24, " h", 1),
    };
    Figure { digits: format!("{sign}{digits}"), unit }
}

fn pair(
    large: u64,
    large_unit: &'static str,
    small: u64,
    small_unit: &'static str,
    pad: usize,
) -> (String, &'static str) {
    match small {
        0 => (thousands(large), large_unit),
        _ => (format!("{}{large_unit} {small:0pad$}", thousands(large)), small_unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_units_and_carry() {
        let cases = [
            (0.0, "0 s"),
            (0.4, "0.4 s"),
            (9.96, "10 s"),
            (48.0, "48 s"),
            (59.6, "1 min"),
            (130.0, "2 min 10 s"),
            (125.0, "2 min 05 s"),
            (3599.7, "1 h"),
            (7800.0, "2 h 10 min"),
            (14_520.0, "4 h 02 min"),
            (86_399.0, "1 d"),
            (273_600.0, "3 d 4 h"),
            (-780.0, "−13 min"),
            (1e8, "1,157 d 10 h"),
        ];
        for (seconds, words) in cases {
            assert_eq!(duration(seconds), words);
        }
    }

    #[test]
    fn rounding_is_half_up_and_only_here() {
        assert_eq!(share(0.8615), "86.2 %");
        assert_eq!(share(0.861_111), "86.1 %");
        assert_eq!(share(1.0), "100.0 %");
        let read = |v, unit| figure(v, unit, &TimeZone::UTC).to_string();
        assert_eq!(read(-0.04, Unit::Points), "0.0");
        assert_eq!(read(1234.5, Unit::Number), "1,235");
        assert_eq!(read(1.296, Unit::Ratio), "1.30");
        assert_eq!(read(f64::NAN, Unit::Share), "–");
        assert_eq!(figure(0.9, Unit::Share, &TimeZone::UTC).trimmed().to_string(), "90 %");
    }

    #[test]
    fn differences_have_their_sign() {
        let read = |value, unit, size| signed(value, unit, size).to_string();
        assert_eq!(read(2_912.0, Unit::Seconds, 10_260.0), "+49 min");
        assert_eq!(read(-780.0, Unit::Seconds, 10_260.0), "−13 min");
        assert_eq!(
            (read(29.0, Unit::Seconds, 4_000.0), read(29.0, Unit::Seconds, 100.0)),
            ("0 min".into(), "+29 s".into())
        );
        assert_eq!(read(-0.0123, Unit::Share, 0.9), "−1.2 points");
        assert_eq!(read(0.0002, Unit::Share, 0.9), "0.0 points");
        assert_eq!((read(1_204.0, Unit::Count, 0.0), read(f64::NAN, Unit::Count, 0.0)), ("+1,204".into(), "–".into()));
    }

    #[test]
    fn a_change_is_said_with_its_interval() {
        let said = |now, before, interval: Option<(f64, f64)>, unit| {
            let (change_low, change_high) = interval.unzip();
            let chance = interval.is_some_and(|(low, high)| low <= 0.0 && high >= 0.0);
            let cell = Cell { previous: Some(before), chance, change_low, change_high, ..Cell::number(Some(now)) };
            change(&cell, unit).unwrap()
        };
        assert_eq!(said(451.0, 328.0, Some((68.3, 177.7)), Unit::Count), "up from 328 by 68 to 178");
        assert_eq!(said(6.0, 10.0, Some((-7.0, -1.0)), Unit::Seconds), "down from 10 s by 1 to 7 s");
        assert_eq!(
            said(0.797, 0.867, Some((-0.19, 0.051)), Unit::Share),
            "down from 86.7 %, which could be chance (−19.0 to +5.1 points)"
        );
        assert_eq!(
            said(10_260.0, 8_040.0, Some((720.0, 3_720.0)), Unit::Seconds),
            "up from 2 h 14 min by 12 min to 1 h 02 min"
        );
        assert_eq!(said(7.0, 6.0, None, Unit::Count), "up from 6");
        assert_eq!(said(7.01, 7.0, None, Unit::Count), "as before");
        assert_eq!(change(&Cell::count(7), Unit::Count), None);
    }

    #[test]
    fn back_ticks_part_code_from_words() {
        assert_eq!(spans("see `deskstat check`."), [(false, "see "), (true, "deskstat check"), (false, ".")]);
        assert_eq!(spans("one ` alone"), [(false, "one ` alone")]);
    }

    #[test]
    fn instants_dates_and_periods_read_as_people_write_them() {
        let london = TimeZone::get("Europe/London").unwrap();
        assert_eq!(instant(1_794_786_060_000, &london), "Sun 15 Nov 2026 23:41");
        assert_eq!(instant(i64::MAX, &london), "–");
        let d = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(dates(d("2026-11-09"), d("2026-11-15")), "9-15 Nov 2026");
        assert_eq!(dates(d("2026-09-28"), d("2026-10-04")), "28 Sep - 4 Oct 2026");
        assert_eq!(dates(d("2026-12-28"), d("2027-01-03")), "28 Dec 2026 - 3 Jan 2027");
        let read: Vec<_> = ["2026-W05", "2026-10", "2026-11-09", "2026-11-01..2026-11-12", "all"].map(period).into();
        assert_eq!(read, ["week 5", "Oct 2026", "9 Nov 2026", "1-12 Nov 2026", "all"]);
    }

    #[test]
    fn lists_are_joined_in_words() {
        assert_eq!(or(&["a", "b", "c"]), "a, b or c");
        assert_eq!(and(&["a", "b"]), "a and b");
        assert_eq!((or(&["a"]), or::<&str>(&[])), ("a".into(), String::new()));
    }
}
