//! Raw values for machines: shortest decimals of six digits, instants as ISO 8601 in UTC, names of units.
//!
//! Shared by CSV, JSON and rows. Words for people are in `text.rs`.

use crate::report::{Better, Unit, Value};
use jiff::Timestamp;

/// A fraction needs no more than six digits; sums of floats differ in their last bits between machines.
const DIGITS: f64 = 1e6;
/// Beyond this six digits are more than a float has.
const EXACT: f64 = 1e9;

/// Rounded to six digits; no negative zero.
pub fn rounded(value: f64) -> f64 {
    if value.abs() >= EXACT {
        return value;
    }
    (value * DIGITS).round() / DIGITS + 0.0
}

/// The shortest decimal: `0.861111`, `7800`.
pub fn decimal(value: f64) -> String {
    rounded(value).to_string()
}

/// Milliseconds since 1970 as `2026-11-15T23:41:00Z`.
pub fn instant(milliseconds: i64) -> Option<String> {
    Timestamp::from_millisecond(milliseconds).ok().map(|t| t.to_string())
}

/// Any number in its unit's raw form; `None` where there is none.
pub fn number(value: f64, unit: Unit) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a float too large saturates and is no instant")]
    match unit {
        Unit::Instant => instant(value as i64),
        _ => Some(decimal(value)),
    }
}

/// A value in its unit's raw form, empty where it is missing.
pub fn value(value: &Value, unit: Unit) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Count(n) if unit != Unit::Instant => n.to_string(),
        other => other.as_f64().and_then(|v| number(v, unit)).unwrap_or_default(),
    }
}

/// The name that machine formats give to a unit.
pub fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Text => "text",
        Unit::Count => "count",
        Unit::Share => "share",
        Unit::Seconds => "seconds",
        Unit::Points => "points",
        Unit::Number | Unit::Ratio => "number",
        Unit::Instant => "instant",
    }
}

/// The name that machine formats give to a direction.
pub fn better(better: Better) -> &'static str {
    match better {
        Better::Up => "up",
        Better::Down => "down",
        Better::Neither => "neither",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_short_and_never_negative_zero() {
        let read: Vec<_> = [0.1 + 0.2, 7800.0, -0.000_000_1, 31.0 / 36.0, 1e12].map(decimal).into();
        assert_eq!(read, ["0.3", "7800", "0", "0.861111", "1000000000000"]);
    }

    #[test]
    fn what_is_no_number_is_empty() {
        assert_eq!(number(f64::NAN, Unit::Share), None);
        assert_eq!(number(f64::MAX, Unit::Instant), None);
        assert_eq!(value(&Value::Missing, Unit::Count), "");
        assert_eq!(value(&Value::Count(1_794_786_060_000), Unit::Instant), "2026-11-15T23:41:00Z");
    }
}
