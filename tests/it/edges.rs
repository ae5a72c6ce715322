//! Edges that the sample data do not have, each with figures worked by hand (metrics.md §0, §11).

use crate::desk::{Desk, cell, json};
use serde_json::Value;
use std::fmt::Write;

/// The figures of a small file, total only.
fn total(csv: &str, args: &[&str]) -> serde_json::Value {
    table(&Desk::new().with("t.csv", csv), args)["rows"][0].clone()
}

fn table(desk: &Desk, args: &[&str]) -> serde_json::Value {
    json(&desk.out(&[&["table", ".", "-q", "-f", "json"], args].concat()))
}

#[test]
fn a_human_reply_is_handling_however_little_is_known_of_it() {
    let csv = "\
interaction_id,channel,customer_email,started_at,status,first_response_at,replies
1,email,a@x.com,2026-03-02T09:00:00Z,open,,3
2,email,b@x.com,2026-03-02,open,2026-03-03,
3,chat,c@x.com,2026-03-02T09:00:00Z,open,2026-03-02T09:05:00Z,
4,other,d@x.com,2026-03-02T09:00:00Z,open,2026-03-02T09:05:00Z,
5,email,e@x.com,2026-03-12T09:00:00Z,open,,
";
    let row = total(csv, &["--metrics", "backlog_untouched,fcr_n,resolved_handled_n"]);
    assert_eq!(
        (&row["backlog_untouched"], &row["fcr_n"], &row["resolved_handled_n"]),
        (&1.into(), &4.into(), &4.into())
    );
}

#[test]
fn what_happens_after_as_of_is_not_seen() {
    let csv = "\
interaction_id,channel,customer_email,started_at,status,first_response_at,resolved_at,vendor_first_response,vendor_resolution,replies,csat,csat_scale
1,email,a@x.com,2026-03-02T09:00:00Z,resolved,2026-03-10T09:00:00Z,2026-03-11T09:00:00Z,3600,7200,1,5,5
2,email,b@x.com,2026-03-02T09:00:00Z,resolved,2026-03-10T09:00:00Z,2026-03-11T09:00:00Z,,,1,,
";
    let columns = "resolution_rate,resolved_handled_n,backlog,backlog_untouched,frt_waiting,resolved,csat_n";
    let row = total(csv, &["--as-of", "2026-03-05", "--metrics", columns]);
    let expected = [
        ("resolution_rate", 0),
        ("resolved_handled_n", 0),
        ("backlog", 2),
        ("backlog_untouched", 2),
        ("frt_waiting", 2),
        ("resolved", 0),
        ("csat_n", 0),
    ];
    for (column, value) in expected {
        assert_eq!(row[column], value, "{column}");
    }
}

/// One answered call a day, by another customer each, 5 January to 8 March 2026.
fn daily_calls() -> String {
    let mut out = String::from("interaction_id,channel,customer_email,started_at,outcome,wait\n");
    for day in 0..63 {
        let date = jiff::civil::date(2026, 1, 5).checked_add(jiff::Span::new().days(day)).unwrap();
        let _ = writeln!(out, "{day},phone,c{day}@x.com,{date}T10:00:00Z,answered,5");
    }
    out
}

#[test]
fn a_series_stays_in_its_periods_and_leaves_the_unripe_one_blank() {
    let desk = Desk::new().with("t.csv", daily_calls());
    let weekly = table(&desk, &["--by", "week", "--period", "last-4-weeks", "--metrics", "contacts,fcr"]);
    let rows = weekly["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 4, "{weekly}");
    assert_eq!(cell(&weekly, "week", "2026-W09", "fcr"), 1);
    assert!(cell(&weekly, "week", "2026-W10", "fcr").is_null());
}

#[test]
fn states_end_at_as_of_and_weeks_that_have_not_begun_have_no_rows() {
    let csv = "\
interaction_id,channel,customer_email,started_at,status
1,email,a@x.com,2026-03-09T09:00:00Z,open
2,email,b@x.com,2026-03-10T09:00:00Z,open
3,email,c@x.com,2026-03-11T09:00:00Z,open
";
    let desk = Desk::new().with("t.csv", csv);
    let weekly = table(
        &desk,
        &["--by", "week", "--period", "this-month", "--metrics", "backlog,backlog_oldest,backlog_0_1d,backlog_1_3d"],
    );
    assert_eq!(cell(&weekly, "week", "2026-W11", "backlog_oldest"), 172_800);
    assert_eq!(cell(&weekly, "week", "2026-W11", "backlog_0_1d"), 2, "a day is not more than a day");
    assert_eq!(cell(&weekly, "week", "2026-W11", "backlog_1_3d"), 1);
    let weeks: Vec<&str> = weekly["rows"].as_array().unwrap().iter().map(|r| r["week"].as_str().unwrap()).collect();
    assert!(!weeks.contains(&"2026-W12"), "{weeks:?}");
}

#[test]
fn a_later_reply_is_still_waiting_without_any_status() {
    let mut csv = String::from("interaction_id,channel,started_at,first_response_at\n");
    for day in 2..29 {
        let _ = writeln!(csv, "{day},sms,2026-02-{day:02}T09:00:00Z,2026-02-{day:02}T10:00:00Z");
    }
    csv += "late1,sms,2026-02-12T09:00:00Z,2026-03-05T09:00:00Z\nlate2,sms,2026-02-12T09:30:00Z,2026-03-05T09:30:00Z\n";
    let weekly = table(&Desk::new().with("t.csv", csv), &["--by", "week", "--metrics", "frt_n,frt_waiting,frt_silent"]);
    for (column, expected) in [("frt_n", 9), ("frt_waiting", 2), ("frt_silent", 0)] {
        assert_eq!(cell(&weekly, "week", "2026-W07", column), expected, "{column}");
    }
}

#[test]
fn a_period_before_the_data_is_missing_and_not_zero() {
    let desk = Desk::new().with("t.csv", daily_calls());
    let report = json(&desk.out(&["report", ".", "-q", "-f", "json", "--only", "summary", "--compare", "year-ago"]));
    let contacts = &report["sections"][0]["tables"][0]["rows"][0]["contacts"];
    assert!(contacts["previous"].is_null(), "{contacts}");
    let report = json(&desk.out(&["report", ".", "-q", "-f", "json", "--only", "summary", "--period", "2026-W04"]));
    let contacts = &report["sections"][0]["tables"][0]["rows"][0]["contacts"];
    assert_eq!(contacts["average"], 7, "two weeks of seven, not four of three and a half");
}

#[test]
fn orders_are_counted_in_the_week_of_the_contacts() {
    let csv = "interaction_id,channel,started_at\n1,email,2026-03-08T23:00:00Z\n2,email,2026-03-15T23:00:00Z\n";
    let orders = "order_id,customer_email,ordered_at\n1,a@x.com,2026-03-02T09:00:00Z\n2,b@x.com,2026-03-03T09:00:00Z\n3,c@x.com,2026-03-09T08:00:00Z\n";
    let desk = Desk::new().with("t.csv", csv).with("orders.csv", orders);
    let weekly = table(&desk, &["--by", "week", "--metrics", "contacts_per_100_orders"]);
    assert_eq!(cell(&weekly, "week", "2026-W10", "contacts_per_100_orders"), 50);
    assert_eq!(cell(&weekly, "week", "2026-W11", "contacts_per_100_orders"), 100);
}

#[test]
fn an_outcome_wins_over_an_answer_that_contradicts_it() {
    let csv = "\
interaction_id,channel,started_at,outcome,answered_at,first_response_at,replies,customer_email
1,phone,2026-03-02T09:00:00Z,abandoned,2026-03-02T09:00:10Z,,,a@x.com
2,phone,2026-03-02T10:00:00Z,answered,2026-03-02T10:00:10Z,2026-03-02T11:00:00Z,,b@x.com
3,phone,2026-03-02T11:00:00Z,voicemail,,,1,c@x.com
4,phone,2026-03-12T11:00:00Z,answered,2026-03-12T11:00:10Z,,,d@x.com
";
    let desk = Desk::new().with("t.csv", csv).with("deskstat.toml", "service_level.formula = 'abandon-ok'\n");
    let row = table(&desk, &["--metrics", "service_level,wait_p90,fcr"])["rows"][0].clone();
    assert_eq!(row["service_level"], 0.5, "two of four in time; the abandoned one has no wait");
    assert_eq!(row["wait_p90"], 10, "a call waits for the pick-up, not for a written reply");
    assert_eq!(row["fcr_n"], 1, "a voicemail is no answered call");
}

#[test]
fn the_seven_service_levels_as_worked_in_the_contract() {
    let mut csv = String::from("interaction_id,channel,started_at,outcome,wait\n");
    let mut id = 0;
    for (outcome, wait, calls) in [
        ("answered", 15, 860),
        ("answered", 40, 140),
        ("abandoned", 4, 10),
        ("abandoned", 15, 10),
        ("abandoned", 60, 40),
    ] {
        for _ in 0..calls {
            id += 1;
            let _ = writeln!(csv, "{id},phone,2026-03-02T{:02}:{:02}:00Z,{outcome},{wait}", 8 + id / 150, id % 60);
        }
    }
    let formulas = [
        ("offered", 81.13),
        ("answered", 86.0),
        ("late-abandons", 82.69),
        ("short-excluded", 81.90),
        ("abandon-ok", 83.02),
        ("short-ok", 82.08),
        ("removed", 83.02),
    ];
    for (formula, expected) in formulas {
        let settings = format!("service_level.formula = '{formula}'\n");
        let desk = Desk::new().with("t.csv", csv.as_str()).with("deskstat.toml", settings);
        let level = table(&desk, &["--metrics", "service_level"])["rows"][0]["service_level"].as_f64().unwrap();
        assert!((100.0 * level - expected).abs() < 0.005, "{formula}: {level}");
    }
    let desk = Desk::new().with("t.csv", csv.as_str());
    let all = table(&desk, &["--metrics", "service_level", "--compare-formulas"]);
    let printed = all["rows"].as_array().unwrap().iter().map(|row| {
        let name = row["formula"].as_str().unwrap().trim_end_matches(" (yours)").to_owned();
        (name, 100.0 * row["service_level"].as_f64().unwrap())
    });
    for ((name, level), (formula, expected)) in printed.zip(formulas) {
        assert!(name == formula && (level - expected).abs() < 0.005, "{name}: {level}");
    }
    let said = desk.run(&["table", ".", "--metrics", "fcr", "--compare-formulas"]);
    assert_eq!(said.code, 2, "{}", said.err);
}

#[test]
fn a_customer_file_says_who_stayed() {
    let records = "\
customer_crm_id,customer_email,active_from,active_until
1,a@x.com,2024-01-01,
2,b@x.com,2024-01-01,
3,c@x.com,2024-01-01,
4,d@x.com,2024-01-01,2026-01-15
";
    let csv = "interaction_id,channel,started_at,customer_email\n1,email,2026-06-03T09:00:00Z,a@x.com\n2,email,2026-06-02T09:00:00Z,b@x.com\n";
    let row = table(&Desk::new().with("t.csv", csv).with("customers.csv", records), &["--metrics", "retention"]);
    assert_eq!((&row["rows"][0]["retention"], &row["rows"][0]["retention_n"]), (&0.75.into(), &4.into()));
}

#[test]
fn nothing_far_away_is_a_panic() {
    let desk = Desk::new().with("t.csv", daily_calls());
    for args in [
        &["report", ".", "--period=0001-01-01..9999-12-31"][..],
        &["report", ".", "--period", "9999-W01"],
        &["report", ".", "--as-of", "9000-01-01"],
    ] {
        let said = desk.run(args);
        assert!([0, 1, 2].contains(&said.code), "{args:?}: {}", said.err);
        assert!(!said.err.contains("panicked"), "{args:?}: {}", said.err);
    }
    let undated = "interaction_id,channel,started_at,status\n1,email,,open\n";
    let profile = "name = 'undated'\ntitle = 'x'\n[detect]\nheaders = ['Nr', 'When', 'State']\n[read]\nundated = 'keep'\n[columns]\ninteraction_id = 'Nr'\nstarted_at = 'When'\nstatus = 'State'\nchannel = { value = 'email' }\n";
    let desk = desk
        .with("u.csv", undated.replace("interaction_id,channel,started_at,status", "Nr,Kind,When,State"))
        .with("u.toml", profile);
    assert_eq!(desk.run(&["check", ".", "--profile", "u.toml"]).code, 0);
}

#[test]
fn an_export_is_never_written_over() {
    let desk = Desk::new().with("t.csv", daily_calls());
    for args in [
        &["table", "t.csv", "-o", "t.csv"][..],
        &["report", ".", "--rejects", "t.csv"],
        &["interactions", ".", "-o", "./t.csv"],
    ] {
        let said = desk.run(args);
        assert_eq!(said.code, 2, "{args:?}: {}", said.err);
        assert_eq!(std::fs::read_to_string(desk.path("t.csv")).unwrap(), daily_calls());
    }
}

#[test]
fn a_day_without_an_hour_is_that_day_in_every_zone() {
    let csv = "interaction_id,channel,started_at\n1,email,2026-03-02\n2,email,2026-03-02T23:30:00Z\n";
    let desk = Desk::new().with("t.csv", csv).with("deskstat.toml", "source_time_zone = 'UTC'\n");
    for (zone, second) in [("America/New_York", "2026-03-02"), ("Asia/Tokyo", "2026-03-03")] {
        let daily = table(&desk, &["--tz", zone, "--by", "day"]);
        let days: Vec<&str> = daily["rows"].as_array().unwrap().iter().map(|r| r["day"].as_str().unwrap()).collect();
        assert!(days.contains(&"2026-03-02") && days.contains(&second), "{zone}: {days:?}");
        let rows = desk.out(&["interactions", ".", "-q", "--tz", zone]);
        assert!(rows.contains("1,email,2026-03-02,") || rows.contains(",2026-03-02,"), "{rows}");
    }
}

#[test]
fn orders_of_weeks_that_are_cut_are_cut_with_them() {
    // Two contacts on each Monday, an order on each Monday and each Sunday; the last week is cut on its Saturday.
    let (mut contacts, mut orders) =
        ("interaction_id,channel,started_at\n".to_owned(), "order_id,ordered_at\n".to_owned());
    for week in 0..6 {
        let (monday, sunday) = (5 + 7 * week, 11 + 7 * week);
        let day = |day: i32| if day > 31 { format!("2026-02-{:02}", day - 31) } else { format!("2026-01-{day:02}") };
        for n in 0..2 {
            contacts += &format!("{week}{n},email,{}T0{n}:00:00Z\n", day(monday));
        }
        orders += &format!("m{week},{}T10:00:00Z\ns{week},{}T10:00:00Z\n", day(monday), day(sunday));
    }
    let desk = Desk::new().with("contacts.csv", contacts).with("orders.csv", orders);
    let report = ["report", ".", "--as-of", "2026-02-14T12:00:00Z", "--period", "2026-W07", "-f", "json"];
    let cell = json(&desk.out(&report))["sections"][0]["tables"][0]["rows"][0]["contacts_per_100_orders"].clone();
    assert_eq!((&cell["value"], &cell["previous"], &cell["average"]), (&200.into(), &200.into(), &200.into()));
}

#[test]
fn a_call_that_spoke_less_than_no_time_ends_nowhere() {
    let calls = |talk: &str| {
        format!(
            "interaction_id,channel,started_at,outcome,wait,talk,customer_phone\n\
             1,phone,2026-03-02T10:00:00Z,answered,5,{talk},+442079460001\n\
             2,phone,2026-03-02T10:20:00Z,answered,5,60,+442079460001\n\
             3,phone,2026-03-20T10:00:00Z,answered,5,60,+442079460002\n"
        )
    };
    let repeats = |talk: &str| total(&calls(talk), &["--metrics", "repeat_rate"])["repeat_rate_n"].clone();
    assert_eq!((repeats("300"), repeats("-300")), (1.into(), 2.into()), "a continuation begins nothing");
}

#[test]
fn the_net_promoter_score_as_worked_in_the_contract() {
    let mut surveys = String::from("survey_id,customer_email,kind,answered_at,score\n");
    // Promoters 1/2, passives 1/3, detractors 1/6 of 324.
    for (from, to, score) in [(0, 162, 9), (162, 270, 8), (270, 324, 6)] {
        for id in from..to {
            let _ = writeln!(surveys, "{id},c{id}@x.com,nps,2026-03-02T09:00:00Z,{score}");
        }
    }
    let row = table(&Desk::new().with("surveys.csv", surveys), &["--metrics", "nps,nps_se,nps_low,nps_high"]);
    let of = |column: &str| row["rows"][0][column].as_f64().unwrap();
    assert!((of("nps") - 33.333_333).abs() < 1e-6 && (of("nps_se") - 4.141).abs() < 5e-4);
    assert!((of("nps_low") - 25.2).abs() < 0.1 && (of("nps_high") - 41.5).abs() < 0.1);
}

#[test]
fn retention_is_the_textbooks_where_nobody_returns() {
    // At the start 100, 30 of them new, 110 at the end: (110 - 30) / 100.
    let mut orders = String::from("order_id,customer_email,ordered_at,amount\n0,first@x.com,2025-12-01T10:00:00Z,1\n");
    let mut id = 0;
    for (from, to, day) in
        [(0, 100, "2026-02-01"), (0, 80, "2026-05-01"), (100, 130, "2026-05-02"), (900, 905, "2026-06-30")]
    {
        for customer in from..to {
            id += 1;
            let _ = writeln!(orders, "{id},c{customer}@x.com,{day}T10:00:00Z,1");
        }
    }
    let row = table(&Desk::new().with("orders.csv", orders), &["--metrics", "retention,churn"]);
    assert_eq!((&row["rows"][0]["retention"], &row["rows"][0]["retention_n"]), (&0.8.into(), &100.into()));
    assert_eq!(row["rows"][0]["churn"], 0.2);
}

#[test]
fn where_there_are_contacts_other_counts_are_0_and_before_the_first_there_are_none() {
    let contacts = "\
interaction_id,channel,status,started_at,resolved_at
1,email,resolved,2026-03-02T10:00:00Z,2026-03-02T13:00:00Z
2,sms,open,2026-03-02T10:00:00Z,
";
    let surveys = "survey_id,customer_email,kind,answered_at,score\n1,a@x.com,nps,2026-01-15T10:00:00Z,9\n";
    let desk = Desk::new().with("t.csv", contacts).with("surveys.csv", surveys);
    let metrics = "contacts,resolved,ttr_full_p50,ttr_full_n,nps_n";
    let by = |dimension: &str| table(&desk, &["--period", "all", "--by", dimension, "--metrics", metrics]);
    let row = |table: &Value, by: &str, name: &str| {
        let row = table["rows"].as_array().unwrap().iter().find(|row| row[by] == name).unwrap();
        ["contacts", "resolved", "ttr_full_p50", "ttr_full_n", "nps_n"].map(|column| row[column].clone())
    };
    let channels = by("channel");
    assert_eq!(row(&channels, "channel", "sms"), [1.into(), 0.into(), Value::Null, 0.into(), 0.into()]);
    assert_eq!(row(&channels, "channel", "(none)"), [0.into(), 0.into(), Value::Null, 0.into(), 1.into()]);
    let months = by("month");
    let missing = || Value::Null;
    assert_eq!(row(&months, "month", "2026-01"), [missing(), missing(), missing(), missing(), 1.into()]);
    assert_eq!(row(&months, "month", "2026-03"), [2, 1, 10_800, 1, 0].map(Value::from));
}
