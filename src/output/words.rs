//! What all formats for people say alike: headings, names, figures of cells, why one is missing, what signs mean.
//!
//! How it is laid out is each format's own business. An export is untrusted, so every text from it goes through
//! `visible`.

use crate::notice::is_invisible;
use crate::report::catalogue::{self, Definition};
use crate::report::suppress::LEFT_OUT;
use crate::report::text::{self, Figure};
use crate::report::{Cell, Column, Report, Row, Table, Value};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthChar;

/// What stands for all rows in the line of the total.
pub const TOTAL: &str = "all";
/// What stands for a table without rows.
pub const NOTHING: &str = "nothing to show";
/// Accents stacked on one letter beyond which a text is a nuisance.
const STACKED: usize = 3;
/// Beyond so many letters a cell says nothing to people.
const LETTERS: usize = 2_000;
/// Reasons for missing figures that are said below a table.
const REASONS: usize = 5;
/// The signs that do not speak for themselves.
const CHANCE: &str = "~ could be chance";
const UNUSUAL: &str = "⇑ ⇓ unusual against the weeks before";

/// One line that does what it shows: control characters and marks that reorder or hide text become visible.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut stacked = 0;
    for c in text.chars() {
        stacked = if c.width() == Some(0) { stacked + 1 } else { 0 };
        match c {
            '\n' => out.push('⏎'),
            '\t' => out.push('→'),
            c if c.is_control() || is_invisible(c) => out.push('�'),
            _ if stacked > STACKED => {}
            c => out.push(c),
        }
    }
    out
}

/// The zone in which a report's instants are read.
pub fn zone(report: &Report) -> TimeZone {
    TimeZone::get(&report.provenance.zone).unwrap_or(TimeZone::UTC)
}

/// Rows as they are shown: the total is the last.
pub fn rows(table: &Table) -> Vec<&Row> {
    table.lines().map(|(row, _)| row).collect()
}

/// No more of a text than people read; machine formats have all of it.
fn short(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A row's names; the total's is `all`.
pub fn names(table: &Table, row: &Row, is_total: bool, zone: &TimeZone) -> Vec<String> {
    let name = |(at, column): (usize, &Column)| match row.cells.get(at) {
        _ if is_total => if at == 0 { TOTAL } else { "" }.to_owned(),
        None | Some(Cell { value: Value::Missing, .. }) => text::MISSING.to_owned(),
        Some(cell) => short(&visible(&text::value(&cell.value, column.unit, zone).digits)),
    };
    table.columns[..table.dimensions()].iter().enumerate().map(name).collect()
}

/// A figure as a table shows it: differences with their sign.
pub fn figure(cell: &Cell, column: &Column, zone: &TimeZone) -> Figure {
    match (&cell.value, cell.value.as_f64().zip(column.size)) {
        (_, Some((difference, size))) => text::signed(difference, column.unit, size),
        (Value::Text(text), None) => Figure { digits: short(text), unit: "" },
        (value, None) => text::value(value, column.unit, zone),
    }
}

/// A column's label, with its period where that is not the report's.
pub fn heading(report: &Report, column: &Column) -> String {
    match own_period(report, column) {
        Some(period) => format!("{} ({period})", column.label),
        None => column.label.clone(),
    }
}

/// The heading of a column whose figures speak for themselves where they stand in a line: by its id.
pub fn full_heading(report: &Report, column: &Column) -> String {
    if column.label.is_empty() { column.id.replace('_', " ") } else { heading(report, column) }
}

/// The period of a figure that is not of the report's: `week 45`.
pub fn own_period(report: &Report, column: &Column) -> Option<String> {
    column.period.as_deref().filter(|period| *period != report.provenance.period).map(text::period)
}

/// Why figures are missing, each reason once; of all that `--suppress-under` leaves out, one. What other figures leave out is in the machine formats.
pub fn reasons(table: &Table) -> Vec<String> {
    let (mut reasons, mut said) = (Vec::new(), BTreeSet::new());
    for row in rows(table) {
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            let Some(note) = cell.note.as_ref().filter(|_| cell.value == Value::Missing) else { continue };
            let name = row.cells.first().map_or("", |cell| cell.value.as_text());
            let is_named = name.is_empty() || note.contains(name);
            let of = if is_named { String::new() } else { format!(" of {name}") };
            let which = if note.starts_with(LEFT_OUT) { String::new() } else { format!("{}{of}: ", column.label) };
            let reason = visible(&format!("{which}{note}"));
            if said.insert(reason.clone()) {
                reasons.push(reason);
            }
        }
    }
    let more = reasons.len().saturating_sub(REASONS);
    reasons.truncate(REASONS);
    if more > 0 {
        reasons.push(format!("and {} more", text::count(more as u64)));
    }
    reasons
}

/// The metrics that a report shows, in words.
pub fn definitions(report: &Report) -> Vec<Definition> {
    let columns = report.sections.iter().flat_map(|s| &s.tables).flat_map(|table| &table.columns);
    catalogue::definitions(columns.map(|column| column.id.as_str()))
}

/// What a metric is, how it is computed and whom it counts.
pub fn defined(Definition { help, formula, counts, .. }: &Definition) -> String {
    format!("{help} Formula: {formula}. Counts: {counts}.")
}

/// What the signs in a report's tables mean.
pub fn signs(report: &Report) -> Vec<&'static str> {
    let tables = || report.sections.iter().flat_map(|s| &s.tables);
    let cells = || tables().flat_map(rows).flat_map(|row| &row.cells);
    let signs = [
        (CHANCE, cells().any(|cell| cell.chance && cell.previous.is_some())),
        (UNUSUAL, cells().any(|cell| cell.unusual().is_some())),
    ];
    signs.into_iter().filter(|(_, shown)| *shown).map(|(sign, _)| sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_visible() {
        assert_eq!(visible("a\u{1b}[31mb\nc\u{202e}d\0"), "a�[31mb⏎c�d�");
        assert_eq!(visible(&format!("e{}", "\u{301}".repeat(500))).chars().count(), 1 + STACKED);
    }
}
