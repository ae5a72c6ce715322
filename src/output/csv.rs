//! CSV and TSV, raw values: a report in long form, a line a figure; the answer of `table` a line a row.
//!
//! How a record is written is in `records.rs`. A further thing said of each figure is one entry in `FIGURE` and one in
//! `figure`.

use super::records::Records;
use super::{Style, lone_table, long, raw};
use crate::report::{Cell, Column, Report, Table};
use anyhow::Result;
use std::io::Write;

/// What stands after the place of a figure.
const FIGURE: [&str; 10] =
    ["metric", "value", "n", "previous", "low", "high", "unit", "change_low", "change_high", "unusual"];

/// Write a report as CSV.
pub fn write(report: &Report, style: &Style, out: &mut dyn Write) -> Result<()> {
    written(report, Records::csv(style, out)?)
}

/// Write a report as TSV.
pub fn write_tabs(report: &Report, _: &Style, out: &mut dyn Write) -> Result<()> {
    written(report, Records::tsv(out))
}

/// Long or wide as the content asks.
fn written(report: &Report, mut out: Records) -> Result<()> {
    match lone_table(report) {
        Some(table) => wide(table, &mut out),
        None => long(report, &mut out),
    }?;
    out.finish()
}

/// One column an id, one line a row, without the total: whoever adds up a column gets what it says.
fn wide(table: &Table, out: &mut Records) -> Result<()> {
    out.record(table.columns.iter().map(|c| &c.id))?;
    table.rows.iter().try_for_each(|row| {
        let cells = table.columns.iter().zip(&row.cells);
        out.record(cells.map(|(column, cell)| raw::value(&cell.value, column.unit)))
    })
}

/// One line a figure. A table's total has empty dimensions.
fn long(report: &Report, out: &mut Records) -> Result<()> {
    let dimensions = long::dimensions(report);
    out.record(long::PLACE.iter().chain(&dimensions).chain(&FIGURE))?;
    for line in long::lines(report) {
        for (column, cell) in line.figures() {
            let place = line.place(column, &report.provenance.period, &dimensions);
            out.record(place.into_iter().chain(figure(column, cell)))?;
        }
    }
    Ok(())
}

fn figure(column: &Column, cell: &Cell) -> [String; FIGURE.len()] {
    let number = |v: Option<f64>| v.and_then(|v| raw::number(v, column.unit)).unwrap_or_default();
    [
        column.id.clone(),
        raw::value(&cell.value, column.unit),
        cell.n.map(|n| n.to_string()).unwrap_or_default(),
        number(cell.previous),
        number(cell.low),
        number(cell.high),
        raw::unit(column.unit).to_owned(),
        number(cell.change_low),
        number(cell.change_high),
        if cell.unusual().is_some() { "true".to_owned() } else { String::new() },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Color, sample};
    use crate::report::Unit;

    fn parsed(report: &Report) -> Vec<Vec<String>> {
        let mut bytes = Vec::new();
        write(report, &Style::file(Color::Never), &mut bytes).unwrap();
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn the_long_form_has_a_line_a_figure() {
        let lines = parsed(&sample::report());
        let header = "section,table,period,channel,week,team,metric,value,n,previous,low,high,unit,change_low,change_high,unusual";
        assert_eq!(lines[0].join(","), header.replace("week,team", "team,topic,cohort"));
        let find = |start: &str| lines.iter().map(|l| l.join(",")).find(|l| l.starts_with(start)).unwrap();
        assert_eq!(
            find("page,figures,2026-W46,,,,,response_sla,"),
            "page,figures,2026-W46,,,,,response_sla,0.861111,288,0.91,0.816,0.896,share,,,"
        );
        assert_eq!(find("page,figures,2026-W45,"), "page,figures,2026-W45,,,,,fcr,0.783077,325,0.77,,,share,-0.1,0.1,");
        assert_eq!(
            find("page,channels,2026-W46,email,,,,frt_p50"),
            "page,channels,2026-W46,email,,,,frt_p50,14520,188,12060,,,seconds,,,"
        );
        assert_eq!(find("teams,teams,2026-W46,,,,,contacts"), "teams,teams,2026-W46,,,,,contacts,412,,,,,count,,,");
        assert_eq!(
            find("teams,teams,2026-W46,,Billing,(none),,contacts"),
            "teams,teams,2026-W46,,Billing,(none),,contacts,140,,,,,count,,,"
        );
    }

    #[test]
    fn every_figure_is_read_back() {
        let report = sample::report();
        let lines = parsed(&report);
        let mut written = lines.iter().skip(1);
        for table in report.sections.iter().flat_map(|s| &s.tables) {
            for row in table.rows.iter().chain(table.total.iter().filter(|_| table.dimensions() > 0)) {
                for (cell, column) in row.cells.iter().zip(&table.columns).skip(table.dimensions()) {
                    let line = written.next().unwrap();
                    assert_eq!(line[7], column.id);
                    assert_eq!(line[8], raw::value(&cell.value, column.unit));
                    if column.unit != Unit::Instant {
                        assert_eq!(line[8].parse().ok(), cell.value.as_f64().map(raw::rounded));
                    }
                    assert_eq!(line[9].parse().ok(), cell.n);
                    assert_eq!(line[10].parse().ok(), cell.previous.map(raw::rounded));
                }
            }
        }
        assert!(written.next().is_none());
    }

    #[test]
    fn the_table_command_has_a_line_a_row() {
        let lines = parsed(&sample::table_answer());
        assert_eq!(lines[0], ["team", "topic", "contacts", "response_sla", "frt_p50", "oldest_open"]);
        assert_eq!(lines[1], ["Returns", "refund", "96", "0.708333", "15600", "2026-10-09T07:30:00Z"]);
        assert_eq!(lines[3][1], "");
        assert_eq!(lines.len(), 1 + 4);
    }

    #[test]
    fn hostile_cells_come_through_unchanged() {
        for text in sample::hostile() {
            let lines = parsed(&sample::with_name(&text));
            assert!(lines.iter().any(|line| line.contains(&text)), "{text:?}");
        }
    }
}
