//! What stands in a column, told by its values alone: addresses, moments, lengths of time, numbers, few words.
//!
//! Most values must agree, not all: exports are dirty, and what does not fit is counted when the file is read. Moments
//! are looked at in `moment.rs`. What a column is called does not matter here.

use super::moment::Moment;
use super::synonyms::is_nobody;
use crate::input::phone::{self, Phone};
use crate::input::{cell, duration, instant, key, number};
use std::collections::BTreeMap;

/// So many of a hundred values must agree.
const MOST: usize = 90;
/// Few words are at most so many.
pub const FEW: usize = 60;
/// Cells that say that nothing stands there, in lower case.
const PLACEHOLDERS: &[&str] = &[
    "-",
    "--",
    "—",
    "–",
    "n/a",
    "#n/a",
    "null",
    "(null)",
    "[null]",
    "none",
    "[none]",
    "(none)",
    "nan",
    "?",
    "not set",
    "(not set)",
    "[deleted]",
    "[no associated user]",
    "nil",
    "undefined",
];
/// Nought o'clock, as it is written.
const MIDNIGHTS: &[&str] = &["0:00:00", "00:00:00", "0:00", "00:00"];

/// What the values of a column have in common.
#[derive(Debug)]
pub struct Shape {
    pub rows: usize,
    /// Values that are there, and how many different ones.
    pub filled: usize,
    pub distinct: usize,
    pub example: String,
    /// The values, the most frequent first; none where there are many.
    pub few: Vec<(String, usize)>,
    /// What stands there in the place of nothing.
    pub placeholders: Vec<String>,
    pub email: bool,
    pub phone: bool,
    /// Yes or no, in words.
    pub flag: bool,
    pub moment: Option<Moment>,
    /// A time of the day, `9:15`, alone.
    pub clock: bool,
    /// Midnight to the second that comes too often: how some systems write that a thing did not happen.
    pub never: Vec<String>,
    /// Names that say that there is nobody.
    pub nobodies: Vec<String>,
    /// 0 comes again.
    pub zero: bool,
    pub length: Option<Length>,
    pub number: Option<Numbers>,
    /// Characters of a value, on average.
    pub characters: usize,
}

/// How lengths of time show their unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// `1:02:03`
    Clock,
    /// `2:03`, which may be minutes and seconds as well as hours and minutes.
    Halves,
    /// `1h 2m`
    Words,
}

/// The range of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numbers {
    pub least: f64,
    pub most: f64,
    pub whole: bool,
}

impl Shape {
    /// The shape of a column's values; an empty one is none.
    pub fn of(values: &[String]) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut placeholders: Vec<String> = Vec::new();
        for value in values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()) {
            if PLACEHOLDERS.contains(&value.to_lowercase().as_str()) {
                if !placeholders.iter().any(|known| known.eq_ignore_ascii_case(value)) {
                    placeholders.push(value.to_owned());
                }
            } else {
                *counts.entry(value).or_insert(0) += 1;
            }
        }
        let all = Values { filled: counts.values().sum(), counts };
        let mut few: Vec<(String, usize)> = Vec::new();
        if all.counts.len() <= FEW {
            few.extend(all.counts.iter().map(|(value, count)| ((*value).to_owned(), *count)));
            few.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        let characters = all.counts.iter().map(|(value, count)| value.chars().count() * count).sum::<usize>();
        Self {
            rows: values.len(),
            filled: all.filled,
            distinct: all.counts.len(),
            example: values
                .iter()
                .map(|value| value.trim())
                .find(|value| all.counts.contains_key(value))
                .unwrap_or_default()
                .to_owned(),
            few,
            placeholders,
            email: all.are(|value| key::email(value).is_some()),
            phone: all.are(|value| matches!(phone::clean(value, None), Phone::Key(_))),
            flag: all.counts.len() <= 4 && all.are(|value| is_worded(value) && cell::flag(value).is_some()),
            moment: Moment::of(&all),
            clock: all.are(|value| value.contains(':') && instant::time_of_day(value).is_some()),
            never: all.never(),
            nobodies: all.counts.keys().filter(|value| is_nobody(value)).map(|value| (*value).to_owned()).collect(),
            zero: all.counts.get("0").is_some_and(|&count| count > 1),
            length: all.length(),
            number: all.numbers(),
            characters: characters / all.filled.max(1),
        }
    }

    /// Whether it says yes or no, be it as 1 and 0.
    pub fn is_truth(&self) -> bool {
        self.flag || self.number.is_some_and(|n| n.whole && n.least >= 0.0 && n.most <= 1.0)
    }

    /// Whether every row has a value of its own.
    pub fn is_unique(&self) -> bool {
        self.filled == self.rows && self.distinct == self.rows
    }

    /// Whether they are moments, whatever the column is called.
    pub fn is_dated(&self) -> bool {
        self.moment.as_ref().is_some_and(|moment| !moment.bare)
    }

    /// Whether they are nothing that has a shape of its own: neither moments nor lengths of time, nor yes and no.
    pub fn is_plain(&self) -> bool {
        !self.is_dated() && !self.flag && !self.clock && self.length.is_none()
    }

    /// Whether the same values come again and again, or there are too few to tell.
    pub fn comes_again(&self) -> bool {
        self.distinct * 2 <= self.filled || self.filled < 30
    }

    /// Whether the values are words or names rather than dates, numbers or addresses.
    pub fn is_words(&self) -> bool {
        self.filled > 0
            && self.number.is_none()
            && !self.email
            && !self.is_dated()
            && !self.clock
            && self.length.is_none()
    }

    /// Whether the same words come again and again.
    pub fn is_few_words(&self) -> bool {
        self.is_words() && self.distinct <= FEW && self.comes_again()
    }
}

fn is_worded(value: &str) -> bool {
    value.chars().any(char::is_alphabetic)
}

/// The values of a column, each with how often it occurs.
pub struct Values<'v> {
    pub counts: BTreeMap<&'v str, usize>,
    pub filled: usize,
}

impl Values<'_> {
    /// Whether most values are something.
    pub fn are(&self, is: impl Fn(&str) -> bool) -> bool {
        let count = self.counts.iter().filter(|(value, _)| is(value)).map(|(_, count)| count).sum::<usize>();
        self.filled > 0 && count * 100 >= self.filled * MOST
    }

    fn never(&self) -> Vec<String> {
        let often = |zero: &&&str| self.counts.get(**zero).is_some_and(|&count| count > 1 && count * 50 >= self.filled);
        MIDNIGHTS.iter().filter(often).map(|zero| (*zero).to_owned()).collect()
    }

    fn length(&self) -> Option<Length> {
        let colons = |value: &str| value.matches(':').count();
        let is = |value: &str| duration::parse(value, duration::Unit::Clock, None).is_some();
        if self.are(|value| colons(value) > 0 && is(value) || value == "0") && self.counts.keys().any(|v| colons(v) > 0)
        {
            let full = self.counts.keys().any(|value| colons(value) == 2);
            return Some(if full { Length::Clock } else { Length::Halves });
        }
        let lettered =
            |value: &str| value.bytes().any(|b| b.is_ascii_alphabetic()) && value.bytes().any(|b| b.is_ascii_digit());
        let spelt = |value: &str| lettered(value) && duration::parse(value, duration::Unit::Words, None).is_some();
        self.are(spelt).then_some(Length::Words)
    }

    fn numbers(&self) -> Option<Numbers> {
        let plain =
            |value: &str| !value.bytes().any(|b| b.is_ascii_alphabetic()) && number::parse(value, None).is_some();
        if !self.are(plain) {
            return None;
        }
        let numbers = self.counts.keys().filter_map(|value| number::parse(value, None));
        let range =
            numbers.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), n| (least.min(n), most.max(n)));
        let whole = numbers.clone().all(|number| number.fract() == 0.0);
        Some(Numbers { least: range.0, most: range.1, whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(values: &[&str]) -> Shape {
        Shape::of(&values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn values_show_what_they_are() {
        assert!(shape(&["ana@example.com", "Bo <bo@example.com>", "-"]).email);
        assert!(shape(&["+61 400 000 001", "tel:+15550100"]).phone && !shape(&["12", "7"]).phone);
        assert!(shape(&["Yes", "no", ""]).flag && shape(&["Sí", "no"]).flag);
        assert_eq!(shape(&["0:35:00", "12:01"]).length, Some(Length::Clock));
        assert_eq!(shape(&["35:00", "12:01"]).length, Some(Length::Halves));
        assert_eq!(shape(&["1h 2m", "38s"]).length, Some(Length::Words));
        assert_eq!(shape(&["1", "5", "3.0"]).number, Some(Numbers { least: 1.0, most: 5.0, whole: true }));
        assert!(shape(&["9:15", "14:00"]).clock && shape(&["Billing", "Refund"]).is_few_words());
        assert!(!shape(&["", "n/a"]).is_words());
        assert_eq!(shape(&["", "N/A", "x"]).placeholders, ["N/A"]);
    }
}
