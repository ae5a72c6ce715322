//! A section's sheet: its title, its sentences, its tables one below the other, charts at their right.
//!
//! Tables are in `tables.rs`, charts in `charts.rs`.

use super::cells;
use super::looks::{self, Looks};
use super::{charts, tables, weeks};
use crate::output::terminal::line;
use crate::output::words;
use crate::report::{Layout, Report, Section, Table};
use anyhow::Result;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{Format, Worksheet};

/// The first column is a margin, the second has the names, figures begin with the third.
pub const NAMES: u16 = 1;
pub const FIGURE: f64 = 14.0;
/// A sentence goes over so many columns.
const SENTENCE: u16 = 7;
const MARGIN: f64 = 2.0;
const NAME: (usize, usize) = (16, 38);
/// The height of a line of text.
const LINE: f64 = 15.0;

/// A sheet that is being filled from the top.
pub struct Page<'a> {
    pub sheet: &'a mut Worksheet,
    pub report: &'a Report,
    pub looks: &'a Looks,
    pub zone: TimeZone,
    /// The next free row.
    pub row: u32,
    /// The column at which charts begin.
    pub charts: u16,
    /// What the column of names holds, and what a sentence has.
    width: usize,
    measure: usize,
}

/// Write a section.
pub fn write(sheet: &mut Worksheet, report: &Report, section: &Section, looks: &Looks) -> Result<()> {
    let mut page = Page::new(sheet, report, section, looks)?;
    page.sentences(&section.summary, &looks.sentence)?;
    let mut ledgers = Vec::new();
    for table in &section.tables {
        ledgers.extend((table.layout == Layout::Ledger).then_some((table, page.row)));
        tables::write(&mut page, table)?;
    }
    ledgers.into_iter().try_for_each(|(table, top)| weeks::of_ledger(&mut page, table, top))?;
    page.sentences(&section.notes, &looks.note)?;
    page.sentences(&[words::signs(report).join("; ")], &looks.note)
}

/// Write the answer of `table`, whose rows follow each other in time, as lines.
pub fn write_lines(sheet: &mut Worksheet, report: &Report, section: &Section, looks: &Looks) -> Result<()> {
    let mut page = Page::new(sheet, report, section, looks)?;
    section.tables.iter().try_for_each(|table| weeks::of_groups(&mut page, table))
}

/// Columns of names after the first, by how wide they are if that is more than a figure.
fn second_names(tables: &[Table]) -> Vec<(u16, usize)> {
    let widest = |at: usize| {
        let tables = tables.iter().filter(|table| table.layout != Layout::Ledger && at < table.dimensions());
        let cells = tables.flat_map(|table| &table.rows).filter_map(|row| row.cells.get(at));
        cells.map(|cell| line::width(cell.value.as_text()) + 2).max().unwrap_or(0).min(NAME.1)
    };
    (1..=3).map(|at| (NAMES + at, widest(usize::from(at)))).filter(|(_, width)| *width > FIGURE as usize).collect()
}

/// The widest name of a row, within reason.
fn names_width(tables: &[Table]) -> usize {
    let names = tables.iter().flat_map(|table| match table.layout {
        Layout::Ledger => table.columns.iter().map(|column| line::width(&column.label) + 4).collect::<Vec<_>>(),
        _ => table.rows.iter().filter_map(|row| row.cells.first()).map(|c| line::width(c.value.as_text())).collect(),
    });
    names.max().unwrap_or(0).clamp(NAME.0, NAME.1)
}

impl<'a> Page<'a> {
    /// A sheet with its title.
    fn new(sheet: &'a mut Worksheet, report: &'a Report, section: &Section, looks: &'a Looks) -> Result<Self> {
        let (zone, width) = (words::zone(report), names_width(&section.tables));
        let charts = NAMES + u16::try_from(section.tables.iter().filter_map(charts::room_beside).max().unwrap_or(0))?;
        let wider: usize = second_names(&section.tables).iter().map(|(_, width)| width - FIGURE as usize).sum();
        // A sheet's unit of width is a digit, wider than most letters.
        let measure = (width + wider + usize::from(SENTENCE - 1) * FIGURE as usize) * 11 / 10;
        let mut page = Self { sheet, report, looks, zone, row: 0, charts, width, measure };
        page.set_up(&section.tables)?;
        page.head(section)?;
        Ok(page)
    }

    #[expect(clippy::cast_precision_loss, reason = "a few characters")]
    fn set_up(&mut self, tables: &[Table]) -> Result<()> {
        looks::printed(self.sheet);
        self.sheet.set_screen_gridlines(false);
        self.sheet.set_column_width(0, MARGIN)?.set_column_width(NAMES, self.width as f64)?;
        self.sheet.set_column_range_width(NAMES + 1, NAMES + 30, FIGURE)?;
        for (at, width) in second_names(tables) {
            self.sheet.set_column_width(at, width as f64)?;
        }
        Ok(())
    }

    fn head(&mut self, section: &Section) -> Result<()> {
        let report = self.report;
        let is_first = section.title.is_empty();
        let title = if is_first { &report.title } else { &section.title };
        let parts = if is_first { vec![&report.subtitle] } else { vec![&report.title, &report.subtitle] };
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        self.sheet.set_row_height(0, 30)?;
        cells::text(self.sheet, (0, NAMES), title, &self.looks.title)?;
        cells::text(self.sheet, (1, NAMES), &parts.join("   "), &self.looks.subtitle)?;
        self.sheet.set_freeze_panes(2, NAMES + 1)?.set_repeat_rows(0, 1)?;
        self.row = 3;
        Ok(())
    }

    /// Sentences, each over as many lines as it takes.
    pub fn sentences(&mut self, sentences: &[String], format: &Format) -> Result<()> {
        for sentence in sentences.iter().filter(|sentence| !sentence.is_empty()) {
            self.sentence(sentence, format)?;
        }
        if !sentences.is_empty() {
            self.row += 1;
        }
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    fn sentence(&mut self, sentence: &str, format: &Format) -> Result<()> {
        let lines: usize = cells::inert(sentence).lines().map(|part| line::wrap(part, self.measure).len()).sum();
        let (row, last) = (self.row, NAMES + SENTENCE - 1);
        self.sheet.merge_range(row, NAMES, row, last, "", format)?;
        cells::text(self.sheet, (row, NAMES), sentence, format)?;
        self.sheet.set_row_height(row, LINE * lines as f64 + 2.0)?;
        self.row += 1;
        Ok(())
    }

    /// A heading of one line.
    pub fn heading(&mut self, text: &str) -> Result<()> {
        cells::text(self.sheet, (self.row, NAMES), text, &self.looks.heading)?;
        self.sheet.set_row_height(self.row, 20)?;
        self.row += 1;
        Ok(())
    }

    /// Heads of columns from the names on, high enough for the longest.
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    pub fn heads(&mut self, names: &[&str], figures: &[String]) -> Result<()> {
        let names = names.iter().map(|head| (*head, &self.looks.head));
        let figures = figures.iter().map(|head| (head.as_str(), &self.looks.head_right));
        let mut lines = 1;
        for (column, (head, format)) in (NAMES..).zip(names.chain(figures)) {
            lines = lines.max(line::wrap(head, FIGURE as usize - 2).len());
            cells::text(self.sheet, (self.row, column), head, format)?;
        }
        self.sheet.set_row_height(self.row, LINE * lines as f64)?;
        self.row += 1;
        Ok(())
    }
}
