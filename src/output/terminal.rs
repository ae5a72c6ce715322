//! The terminal: titles, sentences and tables as text of a given width.
//!
//! This file is the page; each layout of tables has a file in `terminal/`, all drawn by `terminal/block.rs`. Words that other
//! formats share are in `words.rs`. A new layout is one file and one arm of `Page::table`.

mod block;
mod fit;
mod grid;
mod ink;
mod ledger;
pub mod line;
mod marks;
mod strip;

pub use line::cut;
pub use marks::sparkline;

use super::words::{self, visible};
use super::{Style, provenance};
use crate::report::text;
use crate::report::{Column, Layout, Report, Section, Table};
use anyhow::Result;
use block::{Item, Lane};
use ink::{Ink, Paint};
use jiff::tz::TimeZone;
use line::{hang, width, wrap};
use std::io::Write;

/// What belongs to a title stands this far in.
const MARGIN: &str = "  ";
/// Sentences longer than this are hard to follow from line to line.
const SENTENCE: usize = 100;

/// Write a report as text.
pub fn write(report: &Report, style: &Style, out: &mut dyn Write) -> Result<()> {
    let page = Page { report, width: style.width, zone: words::zone(report), paint: Paint { color: style.color } };
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
        let mut lines = match (table.layout, super::ledger::row(table), table.rows.is_empty()) {
            (Layout::Ledger, Some(row), _) => ledger::lines(self, table, row, width),
            (Layout::Strip, _, false) => self.titled(table, strip::lines(self, table, width)),
            (Layout::Heat | Layout::Steps, _, false) => self.titled(table, grid::heat(self, table, width)),
            _ => self.titled(table, grid::lines(self, table, width)),
        };
        lines.extend(self.reasons(table));
        lines
    }

    fn titled(&self, table: &Table, lines: Vec<String>) -> Vec<String> {
        let title = if table.title.is_empty() { Vec::new() } else { wrap(&visible(&table.title), self.measure()) };
        title.iter().map(|line| self.paint.with(Ink::Strong, line)).chain(lines).collect()
    }

    /// Why figures are missing.
    fn reasons(&self, table: &Table) -> Vec<String> {
        let measure = self.measure().min(SENTENCE);
        let lines = words::reasons(table).into_iter().flat_map(|reason| hang("– ", &reason, measure));
        lines.map(|line| self.paint.with(Ink::Quiet, &line)).collect()
    }

    /// What signs mean, notices where nobody reads them elsewhere, and where the numbers come from.
    fn foot(&self, notices: bool, out: &mut dyn Write) -> Result<()> {
        let signs = words::signs(self.report);
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
        if self.report.provenance.is_of_data() {
            writeln!(out)?;
            let lines =
                wrap(&visible(&provenance::line(&self.report.provenance)), self.width.min(SENTENCE) - MARGIN.len());
            put(out, MARGIN, lines.iter().map(|line| self.paint.with(Ink::Quiet, line)))?;
        }
        Ok(())
    }

    /// Columns of the rows' names.
    fn names(&self, table: &Table, headed: bool) -> Vec<Lane> {
        let of_row = |(row, is_total)| words::names(table, row, is_total, &self.zone);
        let named: Vec<Vec<String>> = table.lines().map(of_row).collect();
        let lane = |(at, column): (usize, &Column)| {
            let item = |(row, names): (usize, &Vec<String>)| match names[at].as_str() {
                text::MISSING => Item::text(text::MISSING, Ink::Quiet),
                name => Item::text(name, if row < table.rows.len() { Ink::Plain } else { Ink::Strong }),
            };
            Lane::names(if headed { &column.label } else { "" }, named.iter().enumerate().map(item).collect())
        };
        table.columns[..table.dimensions()].iter().enumerate().map(lane).collect()
    }
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
