//! Rows: which, with which columns, in every format the same; and the interactions behind a count.

use crate::books::{Book, Held};
use crate::desk::{Desk, json, on_sample, root, run_in};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;
use std::collections::BTreeMap;

const DAY: f64 = 86_400.0;

fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let record = |record: csv::StringRecord| heads.iter().zip(&record).map(|(h, c)| (h.into(), c.into())).collect();
    reader.records().map(|row| record(row.unwrap())).collect()
}

fn objects(args: &[&str]) -> Vec<Value> {
    json(&on_sample(&[args, &["-q", "-f", "json"]].concat())).as_array().unwrap().clone()
}

#[test]
fn columns_stand_as_they_are_asked_for() {
    let rows = on_sample(&["interactions", "sample-data", "-q", "--columns", "started_at,interaction_id,qa,channel"]);
    assert!(rows.starts_with("started_at,interaction_id,qa,channel\n"), "{}", &rows[..200]);
    let rows = on_sample(&["customers", "sample-data", "-q", "--columns", "contacts,customer"]);
    assert!(rows.starts_with("contacts,customer\n"));
    let said = run_in(root(), &["interactions", "sample-data", "--columns", "chanel"], "");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("unknown column `chanel` in --columns\nhint: did you mean `channel`?"), "{}", said.err);
    let said = run_in(root(), &["customers", "sample-data", "--columns", "channel"], "");
    assert!(said.code == 2 && said.err.contains("did you mean `channels`?"), "{}", said.err);
}

#[test]
fn customers_are_those_of_the_rows_that_count() {
    let chat = records(&on_sample(&["interactions", "sample-data", "-q", "--where", "channel=chat"]));
    let mut contacts: BTreeMap<&str, u32> = BTreeMap::new();
    for row in chat.iter().filter(|row| !row["customer"].is_empty()) {
        *contacts.entry(&row["customer"]).or_default() += 1;
    }
    let rows = records(&on_sample(&["customers", "sample-data", "-q", "--where", "channel=chat"]));
    let found: BTreeMap<&str, u32> =
        rows.iter().map(|row| (row["customer"].as_str(), row["contacts"].parse().unwrap())).collect();
    assert!(found.len() > 100 && found == contacts);
    assert!(rows.iter().all(|row| row["channels"] == "chat"));
}

#[test]
fn every_format_has_the_same_rows() {
    for command in ["interactions", "customers"] {
        let desk = Desk::new();
        let path = |name: &str| desk.path(name).to_str().unwrap().to_owned();
        let files = ["a.csv", "a.json", "a.ndjson", "a.tsv", "a.xlsx", "a.parquet"].map(path);
        let mut args = vec![command, "sample-data", "-q"];
        files.iter().for_each(|file| args.extend(["-o", file.as_str()]));
        assert_eq!(run_in(root(), &args, "").code, 0);
        let text = |name: &str| std::fs::read_to_string(desk.path(name)).unwrap();
        let csv = records(&text("a.csv"));
        let rows: Vec<Value> = json(&text("a.json")).as_array().unwrap().clone();
        let lines: Vec<Value> = text("a.ndjson").lines().map(json).collect();
        assert!(rows == lines && rows.len() == csv.len() && rows.len() > 1_000);
        assert_eq!(text("a.tsv").lines().count(), csv.len() + 1);
        let book = Book::read(&desk.path("a.xlsx"));
        let sheet = &book.sheets[0].1;
        let parquet = SerializedFileReader::new(std::fs::File::open(desk.path("a.parquet")).unwrap()).unwrap();
        let typed: Vec<_> = parquet.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!((sheet.rows(), typed.len()), (csv.len() + 1, csv.len()));
        for (nth, (row, typed)) in csv.iter().zip(&typed).enumerate() {
            for (name, field) in typed.get_column_iter() {
                let (cell, held) = (&row[name], sheet.0.get(&(nth + 1, sheet.column(name))));
                same(name, cell, &rows[nth][name], held, field);
            }
        }
    }
}

/// One cell in four formats.
fn same(name: &str, csv: &str, json: &Value, xlsx: Option<&Held>, parquet: &Field) {
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{name}: {csv} is {a} and {b}");
    match (parquet, json, xlsx) {
        (Field::Null, Value::Null, None) => assert_eq!(csv, "", "{name}"),
        (Field::Str(typed), Value::String(json), Some(Held::Text(held))) => {
            assert!(csv == typed && csv == json && csv.replace("\r\n", "\n") == *held, "{name}: {csv} {held}");
        }
        (Field::Bool(typed), Value::Bool(json), Some(Held::Flag(held))) => {
            assert!(typed == json && typed == held && csv == json.to_string(), "{name}: {csv}");
        }
        (Field::TimestampMillis(at), Value::String(_), Some(Held::Number(days))) => {
            let instant =
                csv.parse::<jiff::Timestamp>().unwrap_or_else(|_| format!("{csv}T00:00:00Z").parse().unwrap());
            assert_eq!(instant.as_millisecond(), *at, "{name}");
            // London in the sample's months is at most an hour from UTC.
            let utc = instant.as_millisecond() as f64 / 1_000.0 / DAY + 25_569.0;
            let hours = (days - utc) * 24.0;
            assert!(
                (hours - hours.round()).abs() < 1e-4 && (0.0..1.1).contains(&hours.round()),
                "{name}: {csv} {days}"
            );
        }
        (Field::Double(typed), Value::Number(json), Some(Held::Number(held))) => {
            near(*typed, json.as_f64().unwrap());
            near(*typed, csv.parse().unwrap());
            let scale = if (held * DAY - typed).abs() < 1e-6 { DAY } else { 1.0 };
            near(*typed, held * scale);
        }
        (Field::Int(typed), Value::Number(json), Some(Held::Number(held))) => {
            near(f64::from(*typed), json.as_f64().unwrap());
            near(f64::from(*typed), *held);
        }
        other => panic!("{name}: {csv} is {other:?}"),
    }
}

#[test]
fn the_ids_behind_a_count_are_as_many_as_it_says() {
    // Counts of every clock and computation; `fcr` steps back to a week that it can judge.
    let metrics = "contacts,frt_n,frt_waiting,wait_n,abandonment_n,resolved,ttr_full_n,resolution_rate_n,\
                   fcr_n,repeat_contacts_n,backlog,backlog_over_7d,untouched,fcr_issue_n,frt_business_n";
    for (by, period) in [("channel", "2026-W46"), ("team,week", "last-4-weeks"), ("source", "all"), ("weekday", "all")]
    {
        let args = ["table", "sample-data", "--by", by, "--metrics", metrics, "--period", period];
        let table = json(&on_sample(&[&args[..], &["-q", "-f", "json"]].concat()));
        let ids = objects(&[&args[..], &["--ids"]].concat());
        let mut counted: BTreeMap<(Vec<String>, &str), u64> = BTreeMap::new();
        let names = |row: &Value| by.split(',').map(|d| row[d].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        for id in &ids {
            *counted.entry((names(id), id["metric"].as_str().unwrap())).or_default() += 1;
        }
        let mut compared = 0;
        for row in table["rows"].as_array().unwrap() {
            for metric in metrics.split(',') {
                let key = (names(row), metric);
                let behind = counted.remove(&key).unwrap_or(0);
                assert_eq!(row[metric].as_u64().unwrap_or(0), behind, "{by}: {key:?}");
                compared += behind;
            }
        }
        assert!(counted.is_empty() && compared > 500, "{by}: {counted:?}");
    }
}

#[test]
fn ids_lead_to_their_rows() {
    let ids =
        objects(&["table", "sample-data", "--by", "team", "--metrics", "backlog_30d", "--period", "2026-W46", "--ids"]);
    let source = "zendesk";
    let of_team = ids.iter().filter(|id| id["team"] == "Orders" && id["source"] == source);
    let named: Vec<&str> = of_team.map(|id| id["interaction_id"].as_str().unwrap()).collect();
    assert!(named.len() > 2, "{ids:?}");
    let condition = format!("interaction_id={}", named.join(","));
    let source = format!("source={source}");
    let rows = records(&on_sample(&["interactions", "sample-data", "-q", "--where", &condition, "--where", &source]));
    assert_eq!(rows.len(), named.len());
    assert!(rows.iter().all(|row| row["team"] == "Orders" && ["open", "pending"].contains(&row["status"].as_str())));
}

#[test]
fn what_counts_no_interactions_has_no_ids() {
    for (metric, hint) in [
        ("customers", "counts such as contacts"),
        ("frt_p50", "`frt_n` counts those that it is of"),
        ("csat_n", "counts such as contacts"),
        ("next_reply_n", "counts such as contacts"),
        ("retention", "counts such as contacts"),
    ] {
        let said = run_in(root(), &["table", "sample-data", "--metrics", metric, "--ids"], "");
        assert_eq!(said.code, 2, "{metric}");
        let expected =
            format!("`{metric}` does not count interactions one by one, so there are no ids behind it\nhint: ");
        assert!(said.err.contains(&expected) && said.err.contains(hint), "{}", said.err);
    }
}

#[test]
fn csv_for_spreadsheets_is_asked_for_with_csv_alone() {
    let plain = on_sample(&["interactions", "sample-data", "-q"]);
    let excel = on_sample(&["interactions", "sample-data", "-q", "--excel"]);
    // Phone numbers and negative numbers are what they were: nothing in the sample is a formula.
    assert!(plain.contains(",+44"));
    assert_eq!(excel, format!("\u{feff}{}", plain.replace('\n', "\r\n")));
    let said = run_in(root(), &["report", "sample-data", "--excel"], "");
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("--excel is for CSV, and none is written\nhint: "), "{}", said.err);
}

#[test]
fn tabs_separate_the_figures_of_csv() {
    for args in [&["report", "sample-data"][..], &["table", "sample-data", "--by", "team"]] {
        let as_format = |format: &str| on_sample(&[args, &["-q", "-f", format]].concat());
        let csv = as_format("csv");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
        let lines: Vec<String> =
            reader.records().map(|record| record.unwrap().iter().collect::<Vec<_>>().join("\t")).collect();
        assert_eq!(as_format("tsv").lines().collect::<Vec<_>>(), lines);
    }
}
