//! Ten hostile cells through every format that there is: as texts they come out, and as nothing else.
//!
//! The formats are those that `list formats` names: a new one is held to what holds of all, and gets an arm in `read`
//! if it can be read back.

use crate::books::Book;
use crate::desk::{Desk, json, on_sample};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;
use std::path::Path;

fn hostile() -> Vec<(&'static str, String)> {
    vec![
        ("a formula", "=HYPERLINK(\"http://example.org\";\"win\")".into()),
        ("a script", "<script>alert(1)</script>".into()),
        ("an image that acts", "<svg onload=alert(1)>".into()),
        ("an escape of terminals", "\u{1b}[31mred\u{1b}[0m\u{7}".into()),
        ("a mark that turns text round", "invoice\u{202e}fdp.exe".into()),
        ("a null byte", "nul\0byte".into()),
        ("a megabyte", format!("b{}e", "x".repeat(1 << 20))),
        ("two lines", "two\nlines".into()),
        ("an emoji of several", "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f}".into()),
        ("a quote", "she said \"no\", 'twice' | `here`".into()),
    ]
}

/// A desk whose contact, agent and customer are called so.
fn desk(text: &str) -> Desk {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["interaction_id", "channel", "started_at", "topic", "agent", "customer_name"]).unwrap();
    csv.write_record(["1", "email", "2026-03-02T09:00:00Z", text, text, text]).unwrap();
    csv.write_record(["2", "email", "2026-03-09T09:00:00Z", "plain", "plain", "plain"]).unwrap();
    Desk::new().with("t.csv", csv.into_inner().unwrap())
}

/// Names of all formats, each with one of its endings.
fn formats() -> Vec<(String, String)> {
    let list = json(&on_sample(&["list", "formats", "-f", "json"]));
    let word = |row: &serde_json::Value, column: &str| row[column].as_str().unwrap().to_owned();
    let first = |endings: String| endings.split(' ').next().unwrap().trim_start_matches('.').to_owned();
    let rows = list["rows"].as_array().unwrap();
    rows.iter().map(|row| (word(row, "format"), first(word(row, "extensions")))).collect()
}

/// Formats that can be read back.
const READ: [&str; 6] = ["csv", "tsv", "json", "ndjson", "xlsx", "parquet"];

/// The topics in a file.
fn read(format: &str, file: &Path) -> Vec<String> {
    let bytes = std::fs::read(file).unwrap();
    let text = || String::from_utf8(bytes.clone()).unwrap();
    let of_object = |row: &serde_json::Value| row["topic"].as_str().unwrap_or_default().to_owned();
    match format {
        "csv" => {
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let at = reader.headers().unwrap().iter().position(|head| head == "topic").unwrap();
            reader.records().map(|record| record.unwrap()[at].to_owned()).collect()
        }
        "tsv" => {
            let text = text();
            let mut lines = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
            let heads = lines.next().unwrap();
            let at = heads.iter().position(|head| *head == "topic").unwrap();
            let topic = |line: Vec<&str>| {
                assert_eq!(line.len(), heads.len());
                line[at].replace("\\n", "\n")
            };
            lines.map(topic).collect()
        }
        "json" => {
            let all = json(&text());
            all.get("rows").unwrap_or(&all).as_array().unwrap().iter().map(of_object).collect()
        }
        "ndjson" => text().lines().map(|line| of_object(&json(line))).collect(),
        "xlsx" => {
            let book = Book::read(file);
            let sheet = &book.sheets[0].1;
            let at = sheet.column("topic");
            (1..sheet.rows()).map(|row| sheet.text(row, at).to_owned()).collect()
        }
        "parquet" => {
            let reader = SerializedFileReader::new(std::fs::File::open(file).unwrap()).unwrap();
            let fields = reader.metadata().file_metadata().schema().get_fields().to_vec();
            let at = fields.iter().position(|field| field.name() == "topic").unwrap();
            reader.get_row_iter(None).unwrap().map(|row| row.unwrap().get_string(at).unwrap().clone()).collect()
        }
        _ => panic!("{format} is not among those that are read"),
    }
}

/// A text as a format that cannot hold all of it gives it back.
fn shown(format: &str, text: &str) -> String {
    if format != "xlsx" {
        return text.to_owned();
    }
    let hidden = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    let mut shown: String = text.chars().map(|c| if hidden(c) { '�' } else { c }).collect();
    if shown.len() > 32_767 {
        shown.truncate(32_766);
        shown.push('…');
    }
    shown
}

/// What is for people shows nothing that acts, hides or turns round.
fn is_inert(what: &str, format: &str, text: &str) {
    let acts = |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}');
    assert!(!text.contains(acts), "{what} as {format}");
    if format != "text" {
        assert!(!text.contains("<script>alert") && !text.contains("<svg onload"), "{what} as {format}");
    }
}

#[test]
fn hostile_cells_are_texts_in_every_format() {
    for (what, text) in hostile() {
        let desk = desk(&text);
        for (format, ending) in formats() {
            let file = format!("out.{ending}");
            let mut written = 0;
            for command in [&["interactions", "t.csv"][..], &["table", "t.csv", "--by", "topic"], &["report", "t.csv"]]
            {
                let run = desk.run(&[command, &["-q", "-f", &format, "-o", &file]].concat());
                if run.code == 2 && run.err.contains("cannot be written as") {
                    continue;
                }
                assert_eq!(run.code, 0, "{what} as {format}: {}", run.err);
                written += 1;
                let path = desk.path(&file);
                match (READ.contains(&format.as_str()), command[0]) {
                    (false, _) => is_inert(what, &format, &std::fs::read_to_string(path).unwrap()),
                    // A formula in it could not be read.
                    (true, "report") if format == "xlsx" => drop(Book::read(&path)),
                    (true, "report") => {}
                    (true, _) => {
                        let topics = read(&format, &path);
                        assert!(topics.contains(&shown(&format, &text)), "{what} as {format}: {topics:.300?}");
                        assert_eq!(topics.len(), 2, "{what} as {format}");
                    }
                }
            }
            assert!(written > 0, "nothing is written as {format}");
        }
    }
}

#[test]
fn csv_for_spreadsheets_has_no_formula() {
    let desk = desk("=HYPERLINK(\"http://example.org\";\"win\")");
    for command in [&["interactions", "t.csv"][..], &["table", "t.csv", "--by", "topic", "-f", "csv"]] {
        let text = desk.out(&[command, &["--excel"]].concat());
        assert!(text.starts_with('\u{feff}') && text.contains("\r\n"), "{text}");
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let cells: Vec<String> =
            reader.records().flat_map(|r| r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        assert!(cells.iter().all(|cell| !cell.starts_with(['=', '@', '\t', '\r'])), "{text}");
        assert!(cells.contains(&"'=HYPERLINK(\"http://example.org\";\"win\")".to_owned()), "{text}");
    }
}
