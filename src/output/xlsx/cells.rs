//! What stands in a cell: texts that nothing is hidden in and that are no formulas, and numbers by their unit.

use super::looks::{self, Looks, Weight};
use super::serial;
use crate::notice::is_invisible;
use crate::output::marks::Tone;
use crate::output::raw;
use crate::report::{Cell, Column, Unit, Value};
use anyhow::Result;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{Format, Worksheet};

/// What a cell holds, in units of UTF-16.
const MOST: usize = 32_767;
const DAY: f64 = 86_400.0;

/// Row and column.
pub type At = (u32, u16);

/// A text as it is, but for what a sheet cannot show.
pub fn text(sheet: &mut Worksheet, (row, column): At, text: &str, format: &Format) -> Result<()> {
    let text = fitted(inert(text));
    // Who edits such a cell shall not turn it into a formula.
    let quoted = text.starts_with(['=', '+', '-', '@']).then(|| format.clone().set_quote_prefix());
    sheet.write_string_with_format(row, column, text, quoted.as_ref().unwrap_or(format))?;
    Ok(())
}

/// Control characters and marks that reorder or hide text become visible; what joins emoji stays, and so do the ends of
/// lines.
pub fn inert(text: &str) -> String {
    let harmless = |c: char| matches!(c, '\n' | '\t' | '\u{200c}' | '\u{200d}');
    let shown = |c: char| if !harmless(c) && (c.is_control() || is_invisible(c)) { '�' } else { c };
    text.replace("\r\n", "\n").chars().map(shown).collect()
}

/// As much as a cell holds, with a mark where it was cut.
fn fitted(text: String) -> String {
    if text.len() <= MOST || text.encode_utf16().count() <= MOST {
        return text;
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < MOST
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// A number as a sheet holds it: parts of a day, local instants.
pub fn held(value: f64, unit: Unit, zone: &TimeZone) -> Option<f64> {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds are whole")]
    match unit {
        _ if !value.is_finite() => None,
        Unit::Seconds => Some(raw::rounded(value) / DAY),
        Unit::Instant => serial(value as i64, zone),
        _ => Some(raw::rounded(value)),
    }
}

/// A number of this unit, in the format given.
pub fn number(
    sheet: &mut Worksheet,
    at: At,
    (value, unit): (f64, Unit),
    zone: &TimeZone,
    format: &Format,
) -> Result<()> {
    match held(value, unit, zone) {
        Some(held) => {
            sheet.write_number_with_format(at.0, at.1, held, format)?;
        }
        // An instant before Excel's calendar, or none.
        None => text(sheet, at, &raw::number(value, unit).unwrap_or_default(), format)?,
    }
    Ok(())
}

/// A difference: with its sign, and durations in minutes.
pub fn difference(sheet: &mut Worksheet, at: At, (value, unit): (f64, Unit), format: &Format) -> Result<()> {
    let shown = if unit == Unit::Seconds { value / 60.0 } else { value };
    sheet.write_number_with_format(at.0, at.1, raw::rounded(shown), format)?;
    Ok(())
}

/// A cell of a list: its value and nothing beside it.
pub fn plain(
    sheet: &mut Worksheet,
    at: At,
    (cell, column): (&Cell, &Column),
    looks: &Looks,
    zone: &TimeZone,
) -> Result<()> {
    match (&cell.value, cell.value.as_f64()) {
        (Value::Text(word), _) => text(sheet, at, word, &looks.wrapped),
        (_, Some(value)) => {
            let format = looks.number(looks::number_format(value, column.unit));
            number(sheet, at, (value, column.unit), zone, &format)
        }
        _ => Ok(()),
    }
}

/// A dash where there is no figure.
pub fn missing(sheet: &mut Worksheet, at: At, looks: &Looks, weight: Weight) -> Result<()> {
    let weight = if weight == Weight::Total { weight } else { Weight::Quiet };
    text(sheet, at, crate::report::text::MISSING, &looks.figure("@", ("", Tone::Quiet), weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_becomes_visible_and_what_is_too_long_is_cut_with_a_mark() {
        assert_eq!(inert("a\u{202e}b\0c\u{1b}[31m\r\nd\te"), "a�b�c�[31m\nd\te");
        assert_eq!(inert("👩\u{200d}👩\u{200d}👧"), "👩\u{200d}👩\u{200d}👧");
        let cut = fitted("👧".repeat(20_000));
        assert_eq!(cut.encode_utf16().count(), 32_767);
        assert!(cut.ends_with('…') && fitted("x".repeat(32_767)).ends_with('x'));
    }

    #[test]
    fn durations_are_parts_of_a_day_and_nothing_is_no_number() {
        assert_eq!(held(43_200.0, Unit::Seconds, &TimeZone::UTC), Some(0.5));
        assert_eq!(held(31.0 / 36.0, Unit::Share, &TimeZone::UTC), Some(0.861_111));
        assert_eq!(held(f64::NAN, Unit::Share, &TimeZone::UTC), None);
    }
}
