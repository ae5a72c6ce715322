//! The terminal: titles, sentences and tables as text of a given width.
//!
//! This file is the page; each layout of tables has a file in `terminal/`, all drawn by `terminal/block.rs`. Numbers
//! become words in `text.rs`. A new layout is one file and one arm of `Page::table`.

mod block;
mod fit;
mod grid;
mod ink;
mod ledger;
mod line;
mod marks;
mod strip;

use super::Style;
use crate::report::text;
use crate::report::{Cell, Column, Layout, Report, Row, Section, Table, Value};
use anyhow::Result;
use block::{Item, Lane};
use ink::{Ink, Paint};
use jiff::tz::TimeZone;
use line::{hang, visible, width, wrap};
use std::collections::BTreeSet;
use std::io::Write;

/// What belongs to a title stands this far in.
const MARGIN: &str = "  ";
/// Sentences longer than this are hard to follow from line to line.
const SENTENCE: usize = 100;
/// What stands for all rows in the line of the total.
const TOTAL: &str = "all";
/// Reasons for missing figures that are said below a table.
const REASONS: usize = 5;
/// The signs that do not speak for themselves.
const CHANCE: &str = "~ could be chance";
const UNUSUAL: &str = "⇑ ⇓ unusual against the weeks before";

/// Write a report as text.
pub fn write(report: &Report, style: &Style, out: &mut dyn Write) -> Result<()> {
    let zone = TimeZone::get(&report.provenance.zone).unwrap_or(TimeZone::UTC);
    let page = Page { report, width: style.width, zone, paint: Paint { color: style.color } };
    page.head(out)?;
    for (i, section) in report.sections.iter().enumerate() {
        page.section(section, i > 0 || !report.title.is_empty(), out)?;
    }
    page.foot(style.notices, out)
}

/// What all layouts need to know.
struct Page<'a> {
    report: &'a Report,
    width: usize,
    zone: TimeZone,
    paint: Paint,
}

impl Page<'_> {
    /// Title at the left, subtitle at the right; beneath each other where the line is too short.
    fn head(&self, out: &mut dyn Write) -> Result<()> {
        let measure = self.width.min(SENTENCE);
        let (title, subtitle) = (visible(&self.report.title), visible(&self.report.subtitle));
        let gap = measure.saturating_sub(width(&title) + width(&subtitle));
        if gap >= 3 && !title.is_empty() && !subtitle.is_empty() {
            let (title, subtitle) = (self.paint.with(Ink::Strong, &title), self.paint.with(Ink::Quiet, &subtitle));
            return Ok(writeln!(out, "{title}{:gap$}{subtitle}", "")?);
        }
        for (text, ink) in [(title, Ink::Strong), (subtitle, Ink::Quiet)] {
            if !text.is_empty() {
                put(out, "", wrap(&text, measure).iter().map(|line| self.paint.with(ink, line)))?;
            }
        }
        Ok(())
    }

    fn section(&self, section: &Section, apart: bool, out: &mut dyn Write) -> Result<()> {
        if apart {
            writeln!(out)?;
        }
        let mut empty = true;
        if !section.title.is_empty() {
            put(out, "", wrap(&visible(&section.title), self.width).iter().map(|l| self.paint.with(Ink::Accent, l)))?;
        }
        let mut part = |lines: Vec<String>, out: &mut dyn Write| -> Result<()> {
            if lines.is_empty() {
                return Ok(());
            }
            if !std::mem::replace(&mut empty, false) {
                writeln!(out)?;
            }
            put(out, MARGIN, lines)
        };
        part(self.sentences(&section.summary, Ink::Plain), out)?;
        for table in &section.tables {
            part(self.table(table), out)?;
        }
        part(self.sentences(&section.notes, Ink::Quiet), out)
    }

    fn sentences(&self, sentences: &[String], ink: Ink) -> Vec<String> {
        let measure = self.measure().min(SENTENCE);
        let lines = sentences.iter().filter(|s| !s.is_empty()).flat_map(|s| wrap(&visible(s), measure));
        lines.map(|line| self.paint.with(ink, &line)).collect()
    }

    /// What the margin leaves.
    fn measure(&self) -> usize {
        self.width.saturating_sub(MARGIN.len())
    }

    fn table(&self, table: &Table) -> Vec<String> {
        let width = self.measure();
        let mut lines = match (table.layout, table.rows.as_slice(), &table.total) {
            (Layout::Ledger, [row], _) | (Layout::Ledger, [], Some(row)) => ledger::lines(self, table, row, width),
            (Layout::Strip, [_, ..], _) => self.titled(table, strip::lines(self, table, width)),
            (Layout::Heat, [_, ..], _) => self.titled(table, grid::heat(self, table, width)),
            _ => self.titled(table, grid::lines(self, table, width)),
        };
        lines.extend(self.reasons(table));
        lines
    }

    fn titled(&self, table: &Table, lines: Vec<String>) -> Vec<String> {
        let title = if table.title.is_empty() { Vec::new() } else { wrap(&visible(&table.title), self.measure()) };
        title.iter().map(|line| self.paint.with(Ink::Strong, line)).chain(lines).collect()
    }

    /// Why figures are missing, each reason once. What other figures leave out is in the machine formats.
    fn reasons(&self, table: &Table) -> Vec<String> {
        let (mut reasons, mut said) = (Vec::new(), BTreeSet::new());
        for row in rows(table) {
            for (column, cell) in table.columns.iter().zip(&row.cells) {
                let Some(note) = cell.note.as_ref().filter(|_| cell.value == Value::Missing) else { continue };
                let name = row.cells.first().map_or("", |cell| cell.value.as_text());
                let is_named = name.is_empty() || note.contains(name);
                let of = if is_named { String::new() } else { format!(" of {name}") };
                let reason = visible(&format!("{}{of}: {note}", column.label));
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
        let measure = self.measure().min(SENTENCE);
        let lines = reasons.iter().flat_map(|reason| hang("– ", reason, measure));
        lines.map(|line| self.paint.with(Ink::Quiet, &line)).collect()
    }

    /// What signs mean, and notices where nobody reads them elsewhere.
    fn foot(&self, notices: bool, out: &mut dyn Write) -> Result<()> {
        let tables = || self.report.sections.iter().flat_map(|s| &s.tables);
        let cells = || tables().flat_map(|t| t.rows.iter().chain(&t.total)).flat_map(|row| &row.cells);
        let signs = [
            (CHANCE, cells().any(|cell| cell.chance && cell.previous.is_some())),
            (UNUSUAL, cells().any(|cell| cell.unusual().is_some())),
        ];
        let signs: Vec<&str> = signs.into_iter().filter(|(_, shown)| *shown).map(|(sign, _)| sign).collect();
        if !signs.is_empty() {
            writeln!(out)?;
            let lines = wrap(&signs.join("; "), self.width - MARGIN.len());
            put(out, MARGIN, lines.iter().map(|line| self.paint.with(Ink::Quiet, line)))?;
        }
        if notices && !self.report.notices.is_empty() {
            writeln!(out)?;
            for line in self.report.notices.iter().flat_map(|n| n.to_string().lines().map(visible).collect::<Vec<_>>())
            {
                put(out, "", hang("", &line, self.width.min(SENTENCE)))?;
            }
        }
        Ok(())
    }

    /// Columns of the rows' names; the total's is `all`.
    fn names(&self, table: &Table, headed: bool) -> Vec<Lane> {
        let lane = |(at, column): (usize, &Column)| {
            let name = |row: &Row| match row.cells.get(at) {
                None | Some(Cell { value: Value::Missing, .. }) => Item::text(text::MISSING, Ink::Quiet),
                Some(cell) => Item::text(&text::value(&cell.value, column.unit, &self.zone).digits, Ink::Plain),
            };
            let total = table.total.iter().map(|_| Item::text(if at == 0 { TOTAL } else { "" }, Ink::Strong));
            let items = table.rows.iter().map(name).chain(total).collect();
            Lane::names(if headed { &column.label } else { "" }, items)
        };
        table.columns[..table.dimensions()].iter().enumerate().map(lane).collect()
    }

    /// A column's label, with its period where that is not the report's.
    fn heading(&self, column: &Column) -> String {
        match column.period.as_deref().filter(|p| *p != self.report.provenance.period) {
            Some(period) => format!("{} ({})", column.label, text::period(period)),
            None => column.label.clone(),
        }
    }
}

/// Rows as they are shown: the total is the last.
fn rows(table: &Table) -> Vec<&Row> {
    table.rows.iter().chain(&table.total).collect()
}

/// Lines with a margin; an empty line stays empty.
fn put(out: &mut dyn Write, margin: &str, lines: impl IntoIterator<Item = String>) -> Result<()> {
    for line in lines {
        if line.is_empty() { writeln!(out)? } else { writeln!(out, "{margin}{line}")? }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
