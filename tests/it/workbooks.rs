//! Excel workbooks read through the command line: what they say is what their CSV says.

use crate::archives::zip;
use crate::desk::{Desk, root, run_in};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use std::path::Path;

/// A sheet in which texts are texts.
fn texts(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (at, row) in (0..).zip(rows) {
        for (place, text) in (0..).zip(*row) {
            sheet.write_string(at, place, *text).unwrap();
        }
    }
}

/// A workbook of sheets of texts.
pub fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        texts(book.add_worksheet().set_name(*name).unwrap(), rows);
    }
    book.save_to_buffer().unwrap()
}

/// A CSV file as somebody saves it who opened it with Excel: numbers are numbers and moments are moments.
fn saved(csv: &Path) -> Vec<u8> {
    let (mut book, moment) = (Workbook::new(), Format::new().set_num_format("dd/mm/yyyy hh:mm"));
    let sheet = book.add_worksheet();
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(csv).unwrap();
    for (at, row) in (0..).zip(rows.records()) {
        for (place, text) in (0..).zip(row.unwrap().iter()) {
            let is_number = !text.is_empty() && text.len() < 15 && text.bytes().all(|b| b.is_ascii_digit());
            match jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M", text) {
                Ok(at_minute) => {
                    let since = at_minute.duration_since(jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0));
                    let days = since.as_secs_f64() / 86_400.0;
                    sheet.write_number_with_format(at, place, days, &moment).unwrap();
                }
                Err(_) if is_number && !text.starts_with('0') => {
                    sheet.write_number(at, place, text.parse::<f64>().unwrap()).unwrap();
                }
                Err(_) => drop(sheet.write_string(at, place, text).unwrap()),
            }
        }
    }
    book.save_to_buffer().unwrap()
}

const TICKETS: &[&[&str]] = &[
    &["interaction_id", "channel", "started_at"],
    &["1", "email", "2026-03-02T10:00:00Z"],
    &["2", "phone", "2026-03-03T10:00:00Z"],
];
const RATINGS: &[&[&str]] = &[&["interaction_id", "channel", "started_at"], &["3", "chat", "2026-03-04T10:00:00Z"]];

#[test]
fn a_workbook_gives_the_figures_of_its_csv() {
    let name = "zendesk-tickets-to-november";
    let csv = root().join(format!("sample-data/{name}.csv"));
    let tickets = saved(&csv);
    let desk = Desk::new()
        .with("csv/tickets.csv", std::fs::read(&csv).unwrap())
        .with("xlsx/tickets.xlsx", &tickets)
        .with("zip/exports.zip", zip(&[("tickets.xlsx", &tickets)]))
        .with("named/tickets.csv", &tickets);
    // Where the numbers come from is another place, and the last that is said.
    let figures = |input: &str, format: &str| {
        let said = desk.out(&["report", "--full", input, "-f", format, "--tz", "Europe/London", "-q"]);
        let end = said.find("\nprovenance,").or_else(|| said.rfind("\n  deskstat ")).unwrap_or(said.len());
        said[..end].replace("xlsx/tickets", "csv/tickets")
    };
    for format in ["csv", "text"] {
        let expected = figures("csv", format);
        assert!(expected.lines().count() > 50);
        for input in ["xlsx", "zip", "named"] {
            assert_eq!(figures(input, format), expected, "{input}");
        }
    }
    let said = run_in(desk.folder.path(), &["table", "-", "--tz", "UTC", "-q", "-f", "csv"], &tickets);
    assert_eq!(
        (said.code, said.out),
        (0, desk.out(&["table", "csv", "--tz", "UTC", "-q", "-f", "csv"])),
        "{}",
        said.err
    );
}

#[test]
fn the_sheet_is_said_where_its_rows_are() {
    let desk = Desk::new().with("book.xlsx", book(&[("Tickets", TICKETS), ("Ratings", RATINGS)]));
    let said = desk.run(&["interactions", "book.xlsx"]);
    assert_eq!(
        said.err,
        "warning: of `book.xlsx` only sheet `Tickets` was read; there are rows in `Ratings`\nhint: say which you mean: --sheet, which may be repeated, or sheets under [[source]] in deskstat.toml\n"
    );
    assert!(said.out.ends_with(",book.xlsx/Tickets,3\n"), "{}", said.out);
    let provenance = desk.out(&["report", "book.xlsx", "--period", "all", "-q", "-f", "csv", "--sheet", "2"]);
    let sum = sha256(&desk.path("book.xlsx"));
    assert!(provenance.contains("book.xlsx/Ratings") && provenance.contains(&sum), "{provenance}");
    assert!(provenance.contains("--sheet 2"), "{provenance}");
    let both = desk.run(&["table", "book.xlsx", "--sheet", "ratings", "--sheet", "Tickets", "-f", "csv"]);
    assert_eq!((both.out.as_str(), both.err.as_str()), ("contacts\n3\n", ""));
    let desk = desk.with("deskstat.toml", "[[source]]\nfile = \"book.xlsx\"\nsheets = [\"Ratings\"]\n");
    assert_eq!(desk.out(&["table", "book.xlsx", "-f", "csv"]), "contacts\n1\n");
    assert_eq!(desk.out(&["table", "book.xlsx", "-f", "csv", "--sheet", "Tickets"]), "contacts\n2\n");
    let desk = desk.with("tickets.csv", "interaction_id,channel,started_at\n1,email,2026-03-02T10:00:00Z\n");
    let said = desk.run(&["table", "tickets.csv", "--sheet", "Tickets"]).err;
    assert_eq!(said, "note: --sheet says which sheet to read, and no input is a workbook\n");
}

fn sha256(path: &Path) -> String {
    let digest = <sha2::Sha256 as sha2::Digest>::digest(std::fs::read(path).unwrap());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_mapping_is_drafted_for_a_sheet() {
    let calls: &[&[&str]] = &[
        &["Call ID", "Began", "Talk (s)", "Note"],
        &["c1", "2026-03-02 10:00:00", "61", "a;b;c;d;e;f"],
        &["c2", "2026-03-03 10:00:00", "75", "a;b;c;d;e;f"],
    ];
    let notes: &[&[&str]] = &[&["Dear all"], &["see the other sheet"]];
    let desk = Desk::new().with("calls.xlsx", book(&[("Read me", notes), ("Calls", calls), ("Tickets", TICKETS)]));
    let known = desk.run(&["profile", "calls.xlsx"]);
    assert!(known.err.starts_with("error: `calls.xlsx/Tickets` is read without a mapping"), "{}", known.err);
    let shown = desk.out(&["profile", "calls.xlsx", "--sheet", "Calls", "-o", "calls.toml"]);
    let next = "deskstat report calls.xlsx --sheet Calls --profile calls.toml";
    assert!(shown.contains("2 of 2 rows used") && shown.contains(next), "{shown}");
    let rows =
        desk.out(&["interactions", "calls.xlsx", "--sheet", "Calls", "--profile", "calls.toml", "--tz", "UTC", "-q"]);
    assert!(rows.contains("c2,") && rows.contains("2026-03-03T10:00:00Z") && rows.contains(",75"), "{rows}");
}

#[test]
fn a_workbook_of_deskstat_s_own_is_no_export() {
    let desk = Desk::new().with("exports/tickets.xlsx", book(&[("Tickets", TICKETS)]));
    let table = || desk.out(&["table", "exports", "--by", "channel", "-f", "csv"]);
    let before = table();
    for (command, file) in [("report", "exports/report.xlsx"), ("interactions", "exports/rows.xlsx")] {
        assert_eq!(desk.run(&[command, "exports", "-q", "-o", file]).code, 0);
        let said = desk.run(&["table", file]);
        assert_eq!(said.code, 1);
        assert!(said.err.contains("was written by deskstat\nhint: name the exports"), "{}", said.err);
    }
    assert_eq!(table(), before);
}
