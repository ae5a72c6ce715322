//! As-of, last week, equal follow-up and what `--where` may not touch.

use crate::desk::{Desk, cell, json, on_sample, root, run_in};
use std::fmt::Write;

/// A desk that works Monday to Friday, 9 to 17, and exports on a Friday evening: four weeks, ten contacts a day.
fn office() -> String {
    let mut out =
        String::from("interaction_id,channel,started_at,first_response_at,customer_email,status,resolved_at\n");
    let mut id = 0;
    for week in 0..4 {
        for day in 0..5 {
            for hour in 0..10 {
                id += 1;
                let date = 2 + week * 7 + day;
                let (hour, minute) = (9 + hour * 8 / 10, if hour == 9 { 55 } else { 10 });
                let _ = writeln!(
                    out,
                    "{id},email,2026-03-{date:02}T{hour:02}:{minute:02}:00Z,2026-03-{date:02}T{hour:02}:{:02}:00Z,c{id}@example.com,resolved,2026-03-{date:02}T{hour:02}:59:00Z",
                    minute + 3
                );
            }
        }
    }
    out
}

#[test]
fn a_friday_evening_export_reports_that_week() {
    let desk = Desk::new().with("tickets.csv", office());
    let report = json(&desk.out(&["report", "tickets.csv", "-f", "json"]));
    assert_eq!(report["deskstat"]["period"], "2026-W13");
    // A Thursday-evening export does not.
    let thursday: String =
        office().lines().filter(|line| !line.contains("2026-03-27")).map(|l| format!("{l}\n")).collect();
    let desk = Desk::new().with("tickets.csv", thursday);
    let report = json(&desk.out(&["report", "tickets.csv", "-f", "json"]));
    assert_eq!(report["deskstat"]["period"], "2026-W12");
}

#[test]
fn one_row_dated_2062_changes_only_the_count_of_rejects() {
    let far = "9999,email,2062-03-26T09:00:00Z,,far@example.com,open,\n";
    let (plain, odd) = (Desk::new().with("t.csv", office()), Desk::new().with("t.csv", office() + far));
    let tables = |desk: &Desk| {
        desk.out(&[
            "table",
            "t.csv",
            "--by",
            "week",
            "--metrics",
            "contacts,frt_p50,resolution_rate,backlog",
            "-f",
            "csv",
        ])
    };
    assert_eq!(tables(&plain), tables(&odd));
    let check = json(&odd.out(&["check", "t.csv", "-f", "json"]));
    assert_eq!(check["sections"][0]["tables"][0]["rows"][0]["rejects"]["value"], 1);
    // Another instant of a row is emptied, and the row stays.
    let updated = office().replace("resolved_at\n", "resolved_at,updated_at\n").replacen(
        ":59:00Z\n",
        ":59:00Z,2062-01-01T00:00:00Z\n",
        1,
    );
    let padded: String = updated
        .lines()
        .map(|l| if l.matches(',').count() == 6 { format!("{l},\n") } else { format!("{l}\n") })
        .collect();
    let emptied = Desk::new().with("t.csv", padded);
    assert_eq!(tables(&plain), tables(&emptied));
}

#[test]
fn where_changes_no_customers_repeat_contacts() {
    let whole = json(&on_sample(&[
        "table",
        "sample-data",
        "--by",
        "channel",
        "--metrics",
        "repeat_contacts,fcr",
        "-f",
        "json",
    ]));
    let only = json(&on_sample(&[
        "table",
        "sample-data",
        "--by",
        "channel",
        "--metrics",
        "repeat_contacts,fcr",
        "--where",
        "channel=email",
        "-f",
        "json",
    ]));
    for column in ["repeat_contacts", "repeat_contacts_n", "fcr"] {
        assert_eq!(cell(&whole, "channel", "email", column), cell(&only, "channel", "email", column), "{column}");
    }
    assert_eq!(only["rows"].as_array().unwrap().len(), 1);
}

#[test]
fn a_week_has_one_value_in_every_command() {
    let weekly = json(&on_sample(&[
        "table",
        "sample-data",
        "--by",
        "week",
        "--metrics",
        "contacts,frt_p50,resolution_rate",
        "-f",
        "json",
    ]));
    let alone = json(&on_sample(&[
        "table",
        "sample-data",
        "--period",
        "2026-W40",
        "--metrics",
        "contacts,frt_p50,resolution_rate",
        "-f",
        "json",
    ]));
    for column in ["contacts", "frt_p50", "resolution_rate"] {
        assert_eq!(cell(&weekly, "week", "2026-W40", column), &alone["rows"][0][column], "{column}");
    }
}

#[test]
fn a_later_as_of_changes_no_mature_period_and_unseen_things_are_not_seen() {
    let early = json(&on_sample(&[
        "table",
        "sample-data",
        "--as-of",
        "2026-10-04",
        "--metrics",
        "contacts,backlog",
        "-f",
        "json",
    ]));
    let late = json(&on_sample(&[
        "table",
        "sample-data",
        "--period",
        "2026-05-18..2026-10-04",
        "--metrics",
        "contacts",
        "-f",
        "json",
    ]));
    let contacts = |table: &serde_json::Value| table["rows"][0]["contacts"].as_f64().unwrap();
    // The last minutes of the newest period are cut where the data end before midnight.
    assert!((contacts(&early) - contacts(&late)).abs() <= 2.0, "{} {}", contacts(&early), contacts(&late));
    assert!(early["rows"][0]["backlog"].as_f64().unwrap() > 10.0);
}

#[test]
fn a_later_as_of_never_changes_a_week_whose_windows_were_over() {
    let folder = root().join("tests/oracle/desk");
    let list = json(&run_in(&folder, &["list", "metrics", "-f", "json"], "").out);
    let metrics: Vec<&str> =
        list["rows"].as_array().unwrap().iter().map(|row| row["metric"].as_str().unwrap()).collect();
    let metrics = metrics.join(",");
    // A week apart, so that the lag of equal follow-up is the same.
    let weekly = |as_of: &str| {
        let args = ["table", ".", "-q", "--by", "week", "--metrics", &metrics, "--as-of", as_of, "-f", "json"];
        json(&run_in(&folder, &args, "").out)
    };
    let (earlier, later) = (weekly("2026-05-07T16:20:37Z"), weekly("2026-05-14T16:20:37Z"));
    let week = |table: &serde_json::Value, name: &str| {
        let rows = table["rows"].as_array().unwrap();
        rows.iter().find(|row| row["week"] == name).unwrap_or_else(|| panic!("no {name}")).clone()
    };
    for number in 11..=17 {
        let name = format!("2026-W{number}");
        assert_eq!(week(&earlier, &name), week(&later, &name));
    }
    assert_ne!(week(&earlier, "2026-W18"), week(&later, "2026-W18"), "that week was not over");
}
