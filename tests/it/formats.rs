//! The same figures in every format, and rows that can be read back.

use crate::desk::{Desk, json, on_sample};
use std::collections::BTreeMap;

#[test]
fn csv_and_json_carry_the_same_figures() {
    let report = json(&on_sample(&["report", "sample-data", "-f", "json"]));
    let csv = on_sample(&["report", "sample-data", "-f", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let mut long: BTreeMap<(String, String), f64> = BTreeMap::new();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    for record in reader.records().map(Result::unwrap) {
        let is_ledger = record[at("section")] == *"summary" && record[at("table")] == *"summary";
        if is_ledger && let Ok(value) = record[at("value")].parse() {
            long.insert((record[at("table")].to_owned(), record[at("metric")].to_owned()), value);
        }
    }
    let row = report["sections"][0]["tables"][0]["rows"][0].as_object().unwrap();
    assert!(row.len() > 10);
    for (metric, cell) in row {
        if let Some(value) = cell["value"].as_f64() {
            assert_eq!(long.get(&("summary".to_owned(), metric.clone())), Some(&value), "{metric}");
        }
    }
}

#[test]
fn what_interactions_writes_is_read_back_to_the_same_figures() {
    let desk = Desk::new().with("rows.csv", on_sample(&["interactions", "sample-data"]));
    let figures = [
        "--by",
        "channel",
        "--metrics",
        "contacts,frt_p50,frt_n,wait_p50,abandonment,resolution_rate,ttr_full_p50,backlog",
        "-f",
        "csv",
    ];
    let ours = on_sample(&[&["table", "sample-data"], &figures[..]].concat());
    // The settings come along: the targets and own domains are not in the rows.
    let settings = std::fs::read_to_string(crate::desk::root().join("sample-data/deskstat.toml")).unwrap();
    let desk = desk.with("deskstat.toml", settings.replace("profiles = [\"shop-visits.toml\"]\n", ""));
    assert_eq!(desk.out(&[&["table", "rows.csv"], &figures[..]].concat()), ours);
    let lines = desk.out(&["interactions", "rows.csv", "-f", "ndjson"]);
    let desk = Desk::new()
        .with("rows.ndjson", lines)
        .with("deskstat.toml", settings.replace("profiles = [\"shop-visits.toml\"]\n", ""));
    assert_eq!(desk.out(&[&["table", "rows.ndjson"], &figures[..]].concat()), ours);
}

#[test]
fn output_files_are_written_whole_or_not_at_all() {
    let desk = Desk::new()
        .with("t.csv", "interaction_id,channel,started_at\n1,email,2026-03-02T09:00:00Z\n")
        .with("out.csv", "kept");
    let said = desk.run(&["report", "t.csv", "-o", "out.csv", "--only", "nonsense"]);
    assert_eq!(said.code, 2);
    assert_eq!(std::fs::read_to_string(desk.path("out.csv")).unwrap(), "kept");
    assert_eq!(desk.out(&["table", "t.csv", "-o", "out.csv", "-o", "out.json"]), "");
    assert_eq!(std::fs::read_to_string(desk.path("out.csv")).unwrap(), "contacts\n1\n");
    assert_eq!(json(&std::fs::read_to_string(desk.path("out.json")).unwrap())["rows"][0]["contacts"], 1);
}

#[test]
fn text_fits_its_width_and_is_plain_when_piped() {
    for command in
        [&["report", "sample-data"][..], &["check", "sample-data"], &["list", "metrics"], &["explain", "frt"]]
    {
        let text = on_sample(command);
        assert!(!text.contains('\u{1b}'), "{command:?} is coloured");
        for line in text.lines() {
            let width = unicode_width::UnicodeWidthStr::width(line);
            assert!(width <= 80, "{command:?}: {width} columns: {line}");
        }
    }
}

#[test]
fn exit_codes_say_how_it_went() {
    let desk = Desk::new().with(
        "t.csv",
        "interaction_id,channel,started_at,status\n1,email,2026-03-02T09:00:00Z,open\n2,email,never,open\n",
    );
    assert_eq!(desk.run(&["table", "t.csv"]).code, 0);
    assert_eq!(desk.run(&["table", "t.csv", "--strict"]).code, 3);
    assert_eq!(desk.run(&["table", "t.csv", "--fail-if", "resolution_rate<0.5"]).code, 4);
    assert_eq!(desk.run(&["table", "t.csv", "--strict", "--fail-if", "resolution_rate<0.5"]).code, 4);
    assert_eq!(desk.run(&["table", "t.csv", "--fail-if", "csat<0.5"]).code, 0, "a missing value does not hold");
    assert_eq!(desk.run(&["table", "t.csv", "--metrics", "resolution_rat"]).code, 2);
    assert_eq!(desk.run(&["table", "nowhere.csv"]).code, 1);
}

#[test]
fn rejects_are_written_as_they_stood() {
    let desk = Desk::new().with(
        "t.csv",
        "interaction_id,channel,started_at,status\n1,email,2026-03-02T09:00:00Z,open\n2,email,\"ne\nver\",open\n3,email,2026-02-30T09:00:00Z,open\n",
    );
    desk.out(&["table", "t.csv", "--rejects", "bad.csv"]);
    let bad = std::fs::read_to_string(desk.path("bad.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(bad.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let lines: Vec<&str> = rows.iter().map(|r| &r[1]).collect();
    assert_eq!(lines, ["3", "5"], "physical lines");
    assert!(rows[0][6].contains("ne\nver"), "{bad}");
}

#[test]
fn check_tells_what_is_wrong_where_nothing_can_be_counted() {
    let desk = Desk::new().with("t.csv", "interaction_id,channel,started_at\n1,email,never\n2,email,soon\n");
    assert_eq!(desk.run(&["report", "t.csv", "--rejects", "bad.csv"]).code, 1);
    assert_eq!(std::fs::read_to_string(desk.path("bad.csv")).unwrap().lines().count(), 3, "a header and two rows");
    let check = json(&desk.out(&["check", "t.csv", "-f", "json"]));
    assert_eq!(check["sections"][0]["tables"][0]["rows"][0]["rejects"]["value"], 2);
}
