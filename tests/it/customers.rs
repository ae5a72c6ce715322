//! Who stays, for how long, and after what: worked by hand or by the textbook (metrics.md §6).

use crate::desk::{Desk, json, on_sample, root, run_in};
use serde_json::Value;
use std::fmt::Write;

fn table(desk: &Desk, args: &[&str]) -> Value {
    json(&desk.out(&[&["table", ".", "-q", "-f", "json"], args].concat()))
}

/// Customers who wrote once in January; (unhappy, how many, how many of them ordered again in May). Orders reach from
/// June to June, so that X is 1 April.
fn customers(groups: &[(bool, usize, usize)]) -> Desk {
    let mut contacts = String::from("interaction_id,channel,customer_email,started_at,csat,csat_scale\n");
    let mut orders = String::from("order_id,customer_email,ordered_at,amount\n");
    for day in 28..=30 {
        let _ = writeln!(contacts, "last-{day},email,z@x.com,2026-06-{day}T12:00:00Z,,");
    }
    orders += "first,z@x.com,2025-06-01T12:00:00Z,10\nlast,z@x.com,2026-06-30T12:00:00Z,10\n";
    for (group, &(unhappy, all, stayed)) in groups.iter().enumerate() {
        for n in 0..all {
            let rating = if unhappy { 1 } else { 5 };
            let _ = writeln!(contacts, "{group}-{n},email,c{group}-{n}@x.com,2026-01-10T09:00:00Z,{rating},5");
            if n < stayed {
                let _ = writeln!(orders, "{group}-{n},c{group}-{n}@x.com,2026-05-01T09:00:00Z,20");
            }
        }
    }
    Desk::new().with("contacts.csv", contacts).with("orders.csv", orders)
}

const EFFECT: &str = "experience_effect,experience_effect_low,experience_effect_high,experience_effect_difference,experience_effect_mh,experience_effect_exposed";

#[test]
fn the_effect_of_a_bad_experience_as_worked_in_the_contract() {
    // 30 of 100 gone against 20 of 200: 3.00, 1.797 to 5.008 (metrics.md §6).
    let desk = customers(&[(true, 100, 70), (false, 200, 180)]);
    let row = table(&desk, &["--metrics", EFFECT])["rows"][0].clone();
    let near = |column: &str, expected: f64| {
        let value = row[column].as_f64().unwrap();
        assert!((value - expected).abs() < 5e-4, "{column}: {value}");
    };
    near("experience_effect", 3.0);
    near("experience_effect_low", 1.797);
    near("experience_effect_high", 5.008);
    near("experience_effect_difference", 0.2);
    near("experience_effect_mh", 3.0);
    assert_eq!((&row["experience_effect_n"], &row["experience_effect_exposed"]), (&300.into(), &100.into()));
    let report = desk.out(&["report", ".", "-q", "--only", "retention"]);
    let words = report.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("gone afterwards 3.00 times as often as those without (30.0 % of 100 against 10.0 % of 200; 95 % interval 1.80 to 5.01"), "{report}");
    assert!(words.contains("association, not proof"), "{report}");
}

#[test]
fn fewer_than_thirty_on_a_side_are_refused_with_a_sentence() {
    let desk = customers(&[(true, 29, 20), (false, 200, 180)]);
    let row = table(&desk, &["--metrics", EFFECT])["rows"][0].clone();
    assert!(row["experience_effect"].is_null() && row["experience_effect_mh"].is_null(), "{row}");
    assert_eq!((&row["experience_effect_n"], &row["experience_effect_exposed"]), (&229.into(), &29.into()));
    let report = desk.out(&["report", ".", "-q", "--only", "retention"]);
    let words = report.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("is not said: 29 had one and 200 had none, and it takes 30 on each side."), "{report}");
    assert!(!words.contains("times as often"), "{report}");
}

/// Customers by their days: `+` is still there on 1 June 2026; the others left some time before.
fn records(days: &str) -> String {
    let mut out = String::from("customer_crm_id,customer_email,active_from,active_until\n");
    let (today, begin) = (jiff::civil::date(2026, 6, 1), jiff::civil::date(2026, 1, 1));
    for (n, word) in days.split(',').enumerate() {
        let days: i64 = word.trim_end_matches('+').parse().unwrap();
        let span = |days: i64| jiff::Span::new().days(days);
        let (from, until) = if word.ends_with('+') {
            (today - span(days), String::new())
        } else {
            (begin, (begin + span(days - 1)).to_string())
        };
        let _ = writeln!(out, "{n},c{n}@x.com,{from},{until}");
    }
    out
}

const SINCE_DECEMBER: &str = "\
interaction_id,channel,started_at,customer_email
1,email,2025-12-01T09:00:00Z,c0@x.com
2,email,2026-06-01T09:00:00Z,c1@x.com
";

#[test]
fn customers_stay_as_long_as_patients_did_on_6_mp() {
    // Freireich 1963, weeks taken as days: median 23 (metrics.md §6).
    let days = "6,6,6,6+,7,9+,10,10+,11+,13,16,17+,19+,20+,22,23,25+,32+,32+,34+,35+";
    let desk = Desk::new().with("t.csv", SINCE_DECEMBER).with("customers.csv", records(days));
    let row = table(&desk, &["--metrics", "survival,survival_left,survival_entered_late"])["rows"][0].clone();
    assert_eq!(row["survival_p50"], 23 * 86_400);
    assert_eq!((&row["survival_n"], &row["survival_left"]), (&21.into(), &9.into()));
    assert!(row["survival_90d"].is_null(), "nobody was watched for so long");
}

#[test]
fn once_all_have_left_nobody_is_there_any_more() {
    let desk = Desk::new().with("t.csv", SINCE_DECEMBER).with("customers.csv", records("10,20"));
    let row = table(&desk, &["--metrics", "survival"])["rows"][0].clone();
    assert_eq!((&row["survival_90d"], &row["survival_365d"]), (&0.into(), &0.into()), "{row}");
}

/// Contacts to Wednesday 18 March at noon.
const TO_A_WEDNESDAY: &str = "\
interaction_id,channel,started_at,customer_email
1,email,2026-03-02T10:00:00Z,b@x.com
2,email,2026-03-09T10:00:00Z,b@x.com
3,email,2026-03-14T10:00:00Z,c@x.com
4,email,2026-03-18T12:00:00Z,c@x.com
";

/// What stands beside a week.
fn of_week(desk: &Desk, week: &str, metrics: &str) -> Value {
    let table = table(desk, &["--period", "all", "--by", "week", "--metrics", metrics]);
    table["rows"].as_array().unwrap().iter().find(|row| row["week"] == week).unwrap().clone()
}

#[test]
fn beside_a_week_stands_what_was_so_at_its_end() {
    let orders = "\
order_id,customer_email,ordered_at,amount
1,c@x.com,2026-03-01T10:00:00Z,10
2,a@x.com,2026-03-03T10:00:00Z,10
3,b@x.com,2026-03-10T10:00:00Z,10
4,b@x.com,2026-03-12T10:00:00Z,10
5,a@x.com,2026-03-17T10:00:00Z,10
6,c@x.com,2026-03-18T11:00:00Z,10
";
    let desk = Desk::new().with("t.csv", TO_A_WEDNESDAY).with("orders.csv", orders);
    let desk = desk.with("deskstat.toml", "time_zone = 'UTC'\nactive_window = '7d'\n");
    let kept = |week: &str| {
        let row = of_week(&desk, week, "retention,retention_n");
        (row["retention"].clone(), row["retention_n"].clone())
    };
    // On Monday 16: of those who bought from the 2nd to the 8th (a) nobody did from the 9th to the 15th.
    assert_eq!(kept("2026-W11"), (0.into(), 1.into()));
    // On Wednesday 18, to which the data reach: of those of the 4th to the 10th (b) all did up to the 17th.
    assert_eq!(kept("2026-W12"), (1.into(), 1.into()));
    // To Wednesday noon, as this week: of the week before b alone.
    let again = of_week(&desk, "2026-W12", "contact_return,contact_return_n");
    assert_eq!((&again["contact_return"], &again["contact_return_n"]), (&0.into(), &1.into()));
}

#[test]
fn who_leaves_on_a_weeks_last_day_has_left_at_its_end() {
    let records = "\
customer_crm_id,customer_email,active_from,active_until
1,a@x.com,2026-03-02,2026-03-15
2,b@x.com,2026-03-02,2026-03-08
";
    let desk = Desk::new().with("t.csv", TO_A_WEDNESDAY).with("customers.csv", records);
    let desk = desk.with("deskstat.toml", "time_zone = 'UTC'\n");
    let left = |week: &str| of_week(&desk, week, "survival_left")["survival_left"].clone();
    assert_eq!([left("2026-W10"), left("2026-W11")], [1, 2].map(Value::from));
}

#[test]
fn a_target_missed_by_the_exports_own_verdict_is_a_bad_experience() {
    // No opening hours apply to texts, so that nothing else tells.
    let contacts = "\
interaction_id,channel,customer_email,started_at,first_response_at,vendor_response_sla
1,sms,a@x.com,2026-01-10T09:00:00Z,2026-01-10T10:00:00Z,false
2,sms,b@x.com,2026-01-10T09:00:00Z,2026-01-10T10:00:00Z,true
3,email,z@x.com,2026-06-30T12:00:00Z,,
";
    let orders = "order_id,customer_email,ordered_at,amount\n1,z@x.com,2025-06-01T12:00:00Z,10\n2,z@x.com,2026-06-30T12:00:00Z,10\n";
    let settings = "\
time_zone = 'UTC'
targets.response = [{ channel = 'sms', within = '1h', clock = 'business' }]
[[hours]]
name = 'Office'
channel = 'email'
weekdays = '09:00-17:00'
";
    let desk = Desk::new().with("t.csv", contacts).with("orders.csv", orders).with("deskstat.toml", settings);
    let row = table(&desk, &["--metrics", EFFECT])["rows"][0].clone();
    assert_eq!((&row["experience_effect_n"], &row["experience_effect_exposed"]), (&2.into(), &1.into()), "{row}");
}

#[test]
fn who_was_there_before_the_data_begin_is_watched_from_then_on() {
    // 0 and 1 from 1 November, 30 days before the data: 0 leaves after 40 days, when 1 is there too; 2 and 3 from 1
    // January: 2 leaves after 20 days, when 3 alone is beside it. So S falls to 1/2 at 20 and to 1/3 at 40.
    let records = "\
customer_crm_id,customer_email,active_from,active_until
0,c0@x.com,2025-11-01,2025-12-10
1,c1@x.com,2025-11-01,
2,c2@x.com,2026-01-01,2026-01-20
3,c3@x.com,2026-01-01,
";
    let desk = Desk::new().with("t.csv", SINCE_DECEMBER).with("customers.csv", records);
    let row = table(&desk, &["--metrics", "survival,survival_left,survival_entered_late"])["rows"][0].clone();
    assert_eq!((&row["survival_p50"], &row["survival_n"]), (&(20 * 86_400).into(), &4.into()), "{row}");
    assert!((row["survival_90d"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-6, "{row}");
    assert_eq!((&row["survival_left"], &row["survival_entered_late"]), (&2.into(), &2.into()));
}

#[test]
fn first_channels_add_up_to_all_customers() {
    let by = json(&on_sample(&[
        "table",
        "sample-data",
        "--by",
        "first_channel",
        "--metrics",
        "retention,retention_n,churn,clv_revenue,clv_n",
        "-f",
        "json",
    ]));
    let rows = by["rows"].as_array().unwrap();
    let of = |row: &Value, column: &str| row[column].as_f64().unwrap_or(0.0);
    let sum = |what: &dyn Fn(&Value) -> f64| rows.iter().map(what).sum::<f64>();
    let total = &by["total"];
    assert!(rows.len() > 5 && of(total, "retention_n") > 500.0, "{total}");
    for column in ["retention_n", "clv_revenue", "clv_n"] {
        assert!((sum(&|row| of(row, column)) - of(total, column)).abs() < 1e-3, "{column}");
    }
    let kept = sum(&|row| of(row, "retention") * of(row, "retention_n"));
    assert!((kept / of(total, "retention_n") - of(total, "retention")).abs() < 1e-6);
    assert!((of(total, "retention") + of(total, "churn") - 1.0).abs() < 1e-9);
}

#[test]
fn depth_is_shown_when_it_is_asked_for() {
    let sections = |args: &[&str]| -> Vec<String> {
        let report = json(&on_sample(&[&["report", "sample-data", "-f", "json"], args].concat()));
        report["sections"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect()
    };
    let is_there = |sections: &[String], id: &str| sections.iter().any(|section| section == id);
    let usual = sections(&[]);
    assert!(is_there(&usual, "retention") && !is_there(&usual, "journeys") && !is_there(&usual, "customers"));
    let full = sections(&["--full", "--skip", "response"]);
    assert!(is_there(&full, "journeys") && is_there(&full, "customers") && !is_there(&full, "response"));
    assert_eq!(sections(&["--only", "journeys"]), ["journeys"]);
    let list = run_in(root(), &["list", "sections"], "").out;
    let line = list.lines().find(|line| line.trim_start().starts_with("journeys")).unwrap();
    assert!(line.contains("with --full or --only"), "{list}");
}

#[test]
fn customers_of_the_sample_stay_as_long_as_another_program_says() {
    // pandas, lifelines 0.30.3 and scipy, from the orders as Shopify wrote them: of 1,127 customers 516 left, half after
    // 159 days; the seven channels are told apart by a statistic of 4.7945, six degrees of freedom.
    let report = json(&on_sample(&["report", "sample-data", "--only", "customers", "-f", "json"]));
    let section = &report["sections"][0];
    let table = |id: &str| {
        let tables = section["tables"].as_array().unwrap();
        tables.iter().find(|table| table["id"] == id).unwrap().clone()
    };
    let ledger = table("customers")["rows"][0].clone();
    let near = |value: &Value, expected: f64| assert!((value.as_f64().unwrap() - expected).abs() < 1e-6, "{value}");
    near(&ledger["survival_p50"]["value"], 159.0 * 86_400.0);
    near(&ledger["survival_365d"]["value"], 0.115_453_838);
    let survival = table("survival");
    let all = &survival["total"];
    assert_eq!((&all["customers"]["value"], &all["left"]["value"]), (&1127.into(), &516.into()));
    let sms = survival["rows"].as_array().unwrap().iter().find(|row| row["first_channel"] == "sms").unwrap().clone();
    near(&sms["after_180d"]["value"], 0.463_297);
    assert!(section["summary"][0].as_str().unwrap().contains("p = 0.570"), "{}", section["summary"]);
    let kinds = table("customers_by_experience");
    let none = kinds["rows"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&none["experience"], &none["customers"]["value"]), (&"none of these".into(), &758.into()));
}
