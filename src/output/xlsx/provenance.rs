//! What the figures mean and where they come from: a sheet of definitions, and one of inputs, settings and notices.

use super::cells;
use super::list::{self, Head};
use super::looks::{self, Looks};
use super::{Names, serial, sheet};
use crate::notice::Severity;
use crate::output::words;
use crate::report::catalogue::Definition;
use crate::report::{Provenance, Report};
use anyhow::Result;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

/// How wide the text of a notice is.
const TEXT: usize = 48;

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

/// Where the numbers come from.
pub fn write(sheet: &mut Worksheet, report: &Report, looks: &Looks, zone: &TimeZone) -> Result<()> {
    let Provenance { period, as_of, zone: named, definitions, settings, settings_file, inputs } = &report.provenance;
    [(0, 36), (1, 36), (2, 12), (3, 70)]
        .into_iter()
        .try_for_each(|(at, width)| sheet.set_column_width(at, width).map(|_| ()))?;
    looks::printed(sheet);
    sheet.set_screen_gridlines(false);
    sheet.set_row_height(0, 30)?;
    cells::text(sheet, (0, 0), "Provenance", &looks.title)?;
    let version = env!("CARGO_PKG_VERSION");
    let parts = [
        ("report", report.title.as_str()),
        ("data", &report.subtitle),
        ("period", period),
        ("instants are local to", named),
        ("deskstat", version),
        ("definitions", definitions),
        ("settings", settings),
        ("settings file", settings_file),
    ];
    let mut row = 2;
    for (name, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
        pair(sheet, row, (name, value), looks)?;
        row += 1;
    }
    if let Some(at) = as_of.parse::<Timestamp>().ok().and_then(|at| serial(at.as_millisecond(), zone)) {
        cells::text(sheet, (row, 0), "as of", &looks.subtitle)?;
        sheet.write_number_with_format(row, 1, at, &left(looks.number("yyyy-mm-dd hh:mm:ss")))?;
        row += 1;
    }
    row += 1;
    header(sheet, row, ["input", "profile", "rows", "SHA-256"], looks)?;
    for input in inputs {
        row += 1;
        cells::text(sheet, (row, 0), &input.file, &looks.name)?;
        cells::text(sheet, (row, 1), &input.profile, &looks.name)?;
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        sheet.write_number_with_format(row, 2, input.rows as f64, &looks.number("#,##0"))?;
        cells::text(sheet, (row, 3), &input.sha256, &looks.indented)?;
    }
    notices(sheet, row + 2, report, looks)
}

fn pair(sheet: &mut Worksheet, row: u32, (name, value): (&str, &str), looks: &Looks) -> Result<()> {
    cells::text(sheet, (row, 0), name, &looks.subtitle)?;
    cells::text(sheet, (row, 1), value, &looks.name)
}

fn left(format: Format) -> Format {
    format.set_align(rust_xlsxwriter::FormatAlign::Left)
}

fn header(sheet: &mut Worksheet, row: u32, names: [&str; 4], looks: &Looks) -> Result<()> {
    (0..).zip(names).try_for_each(|(at, name)| {
        let format = if name == "rows" { &looks.head_right } else { &looks.head };
        cells::text(sheet, (row, at), name, format)
    })
}

/// What the reader should know of the data.
fn notices(sheet: &mut Worksheet, mut row: u32, report: &Report, looks: &Looks) -> Result<()> {
    if report.notices.is_empty() {
        return Ok(());
    }
    header(sheet, row, ["notice", "", "", "hint"], looks)?;
    for notice in &report.notices {
        row += 1;
        let severity = match notice.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
        };
        cells::text(sheet, (row, 0), severity, &looks.wrapped)?;
        sheet.merge_range(row, 1, row, 2, "", &looks.wrapped)?;
        cells::text(sheet, (row, 1), &notice.text, &looks.wrapped)?;
        cells::text(sheet, (row, 3), notice.hint.as_deref().unwrap_or(""), &looks.wrapped)?;
        list::fit_height(sheet, row, std::iter::once((notice.text.as_str(), TEXT)))?;
    }
    Ok(())
}
