//! Dates with a named month, in any order: `Thu, 27 Oct 2016 14:51:34 +0000`, `Oct 31, 2017 9:05 PM`,
//! `04-Mar-2024`, `Tue Oct 31 22:10:47 +0000 2017`.
//!
//! English names only; other languages need their own table here. Dates of numbers are in `instant.rs`.

use super::instant::{self, Reading};

/// Full names; three letters are enough.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What has been recognised so far.
#[derive(Default)]
struct Parts {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    /// Time of day and offset, put together as they are written.
    time: String,
    offset: Option<String>,
}

/// Read one cell.
pub fn parse(text: &str) -> Reading {
    // A date is short; prose in a date column is not looked at for long.
    if text.len() > 60 || !text.is_ascii() {
        return Reading::Bad;
    }
    let mut parts = Parts::default();
    for token in text.split([' ', ',']).filter(|token| !token.is_empty()) {
        if parts.take(token).is_none() {
            return Reading::Bad;
        }
    }
    let (Some(year), Some(month), Some(day)) = (parts.year, parts.month, parts.day) else { return Reading::Bad };
    if let (Some(offset), false) = (&parts.offset, parts.time.is_empty()) {
        parts.time.push(' ');
        parts.time.push_str(offset);
    }
    instant::stamp(year, month, day, &parts.time)
}

impl Parts {
    /// Make sense of one word; nothing where it makes none.
    fn take(&mut self, token: &str) -> Option<()> {
        let letters = token.bytes().any(|b| b.is_ascii_alphabetic());
        if token.contains(':') && !token.starts_with(['+', '-']) {
            return self.time.is_empty().then(|| self.time.push_str(token));
        }
        if letters && token[1..].contains(['-', '/']) {
            return token.split(['-', '/']).try_for_each(|part| self.take(part));
        }
        if letters && !token.starts_with(|c: char| c.is_ascii_digit()) {
            return self.word(token);
        }
        if token.starts_with(['+', '-']) {
            return self.offset.replace(token.to_owned()).is_none().then_some(());
        }
        self.number(token.trim_end_matches(|c: char| c.is_ascii_alphabetic()))
    }

    fn word(&mut self, token: &str) -> Option<()> {
        let lower = token.trim_end_matches('.').to_ascii_lowercase();
        if let Some(month) = position(&MONTHS, &lower) {
            return self.month.replace(month).is_none().then_some(());
        }
        match lower.as_str() {
            "at" | "of" | "the" => {}
            "am" | "pm" | "a.m" | "p.m" => self.time.push_str(&lower),
            _ if position(&WEEKDAYS, &lower).is_some() => {}
            _ if instant::offset(token).is_some() => self.offset = Some(token.to_owned()),
            _ => return None,
        }
        Some(())
    }

    fn number(&mut self, token: &str) -> Option<()> {
        let (value, rest) = instant::number(token, 1..=4)?;
        let slot = match token.len() {
            _ if !rest.is_empty() => return None,
            4 => &mut self.year,
            1 | 2 if self.day.is_none() => &mut self.day,
            2 if self.year.is_none() => return self.year.replace(instant::full_year(value)).is_none().then_some(()),
            _ => return None,
        };
        slot.replace(value).is_none().then_some(())
    }
}

/// The number, from 1, of the name that begins so; three letters at least.
fn position(names: &[&str], lower: &str) -> Option<i64> {
    let at = names
        .iter()
        .position(|name| lower.len() >= 3 && (name.starts_with(lower) || lower == "sept" && *name == "september"))?;
    i64::try_from(at + 1).ok()
}
