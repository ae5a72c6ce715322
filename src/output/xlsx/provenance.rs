//! What the figures mean and where they come from: a sheet of definitions, and one of inputs, settings and notices.

use super::cells;
use super::list::{self, Head};
use super::looks::Looks;
use super::{Names, section, sheet};
use crate::notice::Notice;
use crate::output::{provenance, words};
use crate::report::catalogue::Definition;
use crate::report::{Report, Section};
use anyhow::Result;
use rust_xlsxwriter::{Workbook, Worksheet};

/// The definitions of the figures in the report; no sheet where there are none.
pub fn definitions(book: &mut Workbook, report: &Report, looks: &Looks, names: &mut Names) -> Result<()> {
    let definitions = words::definitions(report);
    if definitions.is_empty() {
        return Ok(());
    }
    let sheet = sheet(book, &names.free("Definitions"))?;
    let parts = [("metric", 24), ("what", 34), ("definition", 70), ("formula", 46), ("counts", 34)];
    let heads = parts.map(|(name, width)| Head { name, width, is_figure: false });
    list::head(sheet, &heads, definitions.len(), looks)?;
    for (row, Definition { metric, label, help, formula, counts }) in (1..).zip(&definitions) {
        let texts = [metric, label, help, formula, counts];
        list::fit_height(sheet, row, texts.into_iter().copied().zip(parts.map(|(_, width)| width)))?;
        for (at, text) in (0..).zip(texts) {
            cells::text(sheet, (row, at), text, &looks.wrapped)?;
        }
    }
    Ok(())
}

/// Where the numbers come from, as all formats for people say it, and what the reader should know of the data.
pub fn write(sheet: &mut Worksheet, report: &Report, looks: &Looks) -> Result<()> {
    let notes = report.notices.iter().map(Notice::to_string).collect();
    section::write(sheet, report, &Section { notes, ..provenance::section(report) }, looks)
}
