//! XLSX: a sheet a section with its charts, then all figures line by line, definitions and provenance; rows as one
//! sheet.
//!
//! Cells are typed: durations are fractions of a day, shares are fractions, instants are local to the report's zone.
//! How things look is in `looks.rs`, what stands in a cell in `cells.rs`, a section in `section.rs`, its tables in
//! `tables.rs`, charts in `charts.rs`, `weeks.rs` and `waterfall.rs`, lists with a filtered header in `list.rs`.

mod cells;
mod charts;
mod figures;
mod list;
mod looks;
mod provenance;
mod rows;
mod section;
mod tables;
mod waterfall;
mod weeks;

pub use rows::write as write_rows;

use super::{Style, lone_table, words};
use crate::notice::thousands;
use crate::report::sections::capital;
use crate::report::{Layout, Report};
use anyhow::{Result, bail};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use looks::Looks;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};
use std::io::Write;

/// What a sheet holds below its header.
const MOST_ROWS: usize = 1_048_575;
/// What the name of a sheet holds.
const NAME: usize = 31;

/// Write a report as a workbook.
pub fn write(report: &Report, _: &Style, out: &mut dyn Write) -> Result<()> {
    let zone = words::zone(report);
    let (mut book, looks) = (book(report)?, Looks::default());
    let mut names = Names::default();
    match lone_table(report) {
        Some(table) => {
            let name = report.sections.first().map_or("table", |section| section.id.as_str());
            list::table(sheet(&mut book, &names.free(name))?, table, &looks, &zone)?;
            if table.layout == Layout::Lines && table.periods.len() > 1 {
                let lines = sheet(&mut book, &names.free("Lines"))?;
                report.sections.iter().try_for_each(|section| section::write_lines(lines, report, section, &looks))?;
            }
        }
        None => {
            for section in &report.sections {
                let title = if section.title.is_empty() { section.id.as_str() } else { &section.title };
                section::write(sheet(&mut book, &names.free(title))?, report, section, &looks)?;
            }
            figures::write(sheet(&mut book, &names.free("Figures"))?, report, &looks, &zone)?;
        }
    }
    provenance::definitions(&mut book, report, &looks, &mut names)?;
    provenance::write(sheet(&mut book, &names.free("Provenance"))?, report, &looks)?;
    Ok(out.write_all(&book.save_to_buffer()?)?)
}

/// A workbook that is the same whenever it is written: it was made when the report is as of.
fn book(report: &Report) -> Result<Workbook> {
    let mut book = Workbook::new();
    let as_of = report.provenance.as_of.parse::<Timestamp>().unwrap_or(Timestamp::UNIX_EPOCH);
    let made = ExcelDateTime::from_timestamp(as_of.as_second()).or_else(|_| ExcelDateTime::from_timestamp(0))?;
    let about = DocProperties::new().set_title(cells::inert(&report.title)).set_creation_datetime(&made);
    book.set_properties(&about.set_author(concat!("deskstat ", env!("CARGO_PKG_VERSION"))));
    Ok(book)
}

fn sheet<'b>(book: &'b mut Workbook, name: &str) -> Result<&'b mut Worksheet> {
    Ok(book.add_worksheet().set_name(name)?)
}

/// A sheet has an end.
fn fits(rows: usize) -> Result<()> {
    if rows > MOST_ROWS {
        let (most, rows) = (thousands(MOST_ROWS as u64), thousands(rows as u64));
        bail!(
            "a sheet of XLSX holds {most} rows below its header, and there are {rows}\nhint: choose some with --where, or write CSV or Parquet"
        );
    }
    Ok(())
}

/// Names of sheets: none twice, none too long, none with what Excel does not allow in them.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn free(&mut self, wanted: &str) -> String {
        let allowed = |c: &char| !c.is_control() && !"[]:*?/\\'".contains(*c);
        let wanted: String = capital(&wanted.chars().filter(allowed).collect::<String>());
        let named = |nth: usize| {
            let ending = if nth > 1 { format!(" ({nth})") } else { String::new() };
            let room = NAME - ending.len();
            let mut units = 0;
            let fits = |c: &char| {
                units += c.len_utf16();
                units <= room
            };
            format!("{}{ending}", wanted.chars().take_while(fits).collect::<String>())
        };
        let is_free = |name: &String| !self.0.iter().any(|taken| taken.to_lowercase() == name.to_lowercase());
        let name = (1..).map(named).find(is_free).unwrap_or_default();
        self.0.push(name.clone());
        name
    }
}

/// Days since the beginning of Excel's calendar, as a sheet holds local times; `None` before March 1900, where Excel
/// counts a day that never was.
fn serial(milliseconds: i64, zone: &TimeZone) -> Option<f64> {
    const FIRST: f64 = 61.0;
    let local = zone.to_datetime(Timestamp::from_millisecond(milliseconds).ok()?);
    let since = local.duration_since(civil::date(1899, 12, 30).at(0, 0, 0, 0));
    Some(since.as_secs_f64() / 86_400.0).filter(|days| *days >= FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_rows_than_a_sheet_holds_are_refused_with_the_cure() {
        assert!(fits(1_048_575).is_ok());
        let said = fits(1_048_576).unwrap_err().to_string();
        let expected = "a sheet of XLSX holds 1,048,575 rows below its header, and there are 1,048,576\nhint: choose";
        assert!(said.starts_with(expected), "{said}");
    }

    #[test]
    fn names_of_sheets_are_short_allowed_and_their_own() {
        let mut names = Names::default();
        let free: Vec<String> = ["by/channel", "ByChannel", "a [b]: c?", &"x".repeat(40), &"x".repeat(40)]
            .map(|name| names.free(name))
            .into();
        assert_eq!(free[..3], ["Bychannel", "ByChannel (2)", "A b c"]);
        assert_eq!((free[3].len(), free[4].ends_with(" (2)")), (31, true));
    }

    #[test]
    fn instants_are_days_of_the_calendar_on_the_wall() {
        let zone = |name: &str| TimeZone::get(name).unwrap();
        // 15 Nov 2026 23:41 in London is day 46341 of Excel; in Berlin it is 00:41 on the next.
        let at = 1_794_786_060_000;
        let minutes = |days: Option<f64>| (days.unwrap() * 1_440.0).round();
        assert_eq!(minutes(serial(at, &zone("Europe/London"))), 46_341.0 * 1_440.0 + 1_421.0);
        assert_eq!(minutes(serial(at, &zone("Europe/Berlin"))), 46_342.0 * 1_440.0 + 41.0);
        assert_eq!(serial(-2_300_000_000_000, &TimeZone::UTC), None);
    }
}
