//! The same figures in every format, and rows that can be read back.

use crate::desk::{Desk, json, on_sample};
use std::collections::BTreeMap;

/// Numbers by section, table and figure, as many as there are.
type Figures = BTreeMap<[String; 3], Vec<f64>>;

fn sorted(mut figures: Figures) -> Figures {
    figures.values_mut().for_each(|values| values.sort_by(f64::total_cmp));
    figures
}

/// All that stands in the long form, without the lines that say where it comes from.
fn of_lines(text: &str, delimiter: u8) -> Figures {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = ["section", "table", "metric", "value"].map(|name| header.iter().position(|h| h == name).unwrap());
    let mut figures = Figures::new();
    for record in reader.records().map(Result::unwrap).filter(|record| record[at[0]] != *"provenance") {
        if let Ok(value) = record[at[3]].parse() {
            figures.entry([at[0], at[1], at[2]].map(|at| record[at].to_owned())).or_default().push(value);
        }
    }
    sorted(figures)
}

fn of_json(text: &str) -> Figures {
    let (report, mut figures) = (json(text), Figures::new());
    let list = |value: &serde_json::Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    for (section, table) in
        list(&report, "sections").iter().flat_map(|s| list(s, "tables").into_iter().map(move |table| (s, table)))
    {
        for row in list(&table, "rows").iter().chain(table.get("total")).filter_map(|row| row.as_object()) {
            for (metric, value) in row.iter().filter_map(|(metric, cell)| Some((metric, cell.get("value")?.as_f64()?)))
            {
                let place = [&section["id"], &table["id"]].map(|id| id.as_str().unwrap().to_owned());
                let [section, table] = place;
                figures.entry([section, table, metric.clone()]).or_default().push(value);
            }
        }
    }
    sorted(figures)
}

#[test]
fn machine_formats_carry_the_same_figures() {
    let report = |format: &str| on_sample(&["report", "sample-data", "--full", "-f", format]);
    let figures = of_json(&report("json"));
    assert!(figures.values().map(Vec::len).sum::<usize>() > 1_500);
    assert_eq!(of_lines(&report("csv"), b','), figures);
    assert_eq!(of_lines(&report("tsv"), b'\t'), figures);
    assert_eq!(of_json(&report("ndjson")), figures);
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
