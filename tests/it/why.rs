//! Why figures moved, and whether changes are more than chance: through the command line.
//!
//! The numbers of the sample data are by another program: pandas 2.3.3, statsmodels 0.15.0 and scipy 1.17.1 on the rows
//! that `interactions` prints, run once.

use crate::desk::{Desk, json, on_sample, root, run_in};
use serde_json::Value;
use std::fmt::Write;

/// The table of a `why`, and its sentence.
fn why(args: &[&str]) -> (Value, String) {
    let all: Vec<&str> = ["why"].into_iter().chain(args.iter().copied()).chain(["-f", "json"]).collect();
    let answer = json(&on_sample(&all));
    let section = answer["sections"][0].clone();
    (section["tables"][0].clone(), section["summary"][0].as_str().unwrap().to_owned())
}

fn row<'t>(table: &'t Value, channel: &str) -> &'t Value {
    table["rows"].as_array().unwrap().iter().find(|row| row["channel"] == channel).unwrap()
}

fn near(value: &Value, expected: f64) {
    let value = value.as_f64().unwrap_or_else(|| panic!("{value} for {expected}"));
    assert!((value - expected).abs() < 1e-5 * expected.abs().max(1.0), "{value} for {expected}");
}

/// What a cell says of its change.
fn interval(cell: &Value, low: f64, high: f64) {
    near(&cell["change_low"], low);
    near(&cell["change_high"], high);
    assert_eq!(cell["chance"] == true, low <= 0.0 && high >= 0.0, "{cell}");
}

#[test]
fn the_story_of_the_sample_data_is_one_sentence() {
    let (table, sentence) = why(&["frt_p50", "sample-data", "--by", "channel"]);
    assert_eq!(
        sentence,
        "First reply, half within, rose from 2 h 14 min to 2 h 51 min, which could be chance: more email +49 min, \
         quicker work −11 min; every channel got faster, so the rise is a matter of mix (Simpson's paradox)."
    );
    let total = &table["total"];
    near(&total["mix"]["value"], 2_911.847_144);
    near(&total["within"]["value"], -661.847_144);
    interval(&total["frt_p50"], -500.504_268, 5_000.504_268);
    interval(&row(&table, "email")["frt_p50"], -5_794.697_681, 3_994.697_681);
    let sum =
        |term: &str| table["rows"].as_array().unwrap().iter().map(|r| r[term]["value"].as_f64().unwrap()).sum::<f64>();
    near(&total["mix"]["value"], sum("mix"));
    near(&total["within"]["value"], sum("within"));
}

#[test]
fn nine_in_ten_and_means_as_pandas_and_statsmodels_have_them() {
    let (table, _) = why(&["frt_p90", "sample-data"]);
    near(&table["total"]["mix"]["value"], 9_975.778_43);
    near(&table["total"]["within"]["value"], -7_250.078_43);
    interval(&table["total"]["frt_p90"], -22_382.446_74, 27_833.846_74);
    let (table, sentence) = why(&["frt_mean", "sample-data"]);
    interval(&table["total"]["frt_mean"], -6_187.363_356, 5_841.917_873);
    for (channel, mix, within) in [
        ("email", 1_778.325_956, -3_856.522_290),
        ("sms", 859.114_615, -316.911_667),
        ("messaging", 754.718_233, -171.726_882),
        ("web_form", 357.744_900, 422.534_394),
    ] {
        near(&row(&table, channel)["mix"]["value"], mix);
        near(&row(&table, channel)["within"]["value"], within);
    }
    assert!(
        sentence.contains("which could be chance: more email +1 h 02 min, quicker work −1 h 05 min."),
        "{sentence}"
    );
}

#[test]
fn rates_by_newcombe_and_counts_by_poisson() {
    // confint_proportions_2indep(239, 323, 143, 200, method="newcomb").
    let (table, sentence) = why(&["response_sla", "sample-data"]);
    interval(&table["total"]["response_sla"], -0.051_978, 0.104_845);
    let total = &table["total"];
    let both = total["mix"]["value"].as_f64().unwrap() + total["within"]["value"].as_f64().unwrap();
    near(&Value::from(both), 239.0 / 323.0 - 143.0 / 200.0);
    assert!(sentence.contains("like for like +3.6 points"), "{sentence}");
    let (table, sentence) = why(&["contacts", "sample-data"]);
    interval(&table["total"]["contacts"], 68.296_285, 177.703_715);
    near(&row(&table, "email")["change"]["value"], 111.0);
    assert_eq!(sentence, "Contacts rose from 328 to 451: email +111; what other channels did could be chance.");
}

#[test]
fn ratios_shares_of_all_and_contacts_per_order_have_intervals_too() {
    // Talk, hold and wrap-up over segments, by the linearised ratio summed by customer, in pandas.
    let (table, _) = why(&["aht", "sample-data"]);
    interval(&table["total"]["aht"], -119.370_589, 86.513_447);
    let report = json(&on_sample(&["report", "sample-data", "--only", "channels,summary", "-f", "json"]));
    let tables: Vec<&Value> =
        report["sections"].as_array().unwrap().iter().flat_map(|s| s["tables"].as_array().unwrap()).collect();
    let table = |id: &str| tables.iter().find(|table| table["id"] == id).unwrap();
    // confint_proportions_2indep(205, 451, 94, 328, method="newcomb").
    interval(&row(table("mix"), "email")["contacts_share"], 0.099_558, 0.233_288);
    // By pencil: 451 contacts to 96 orders against 328 to 105; 1.96 × √(100 × 469.79/96 + 100 × 312.38/105) = 54.98.
    interval(&table("summary")["rows"][0]["contacts_per_100_orders"], 102.431_297, 212.390_132);
}

/// The cell of a figure in the first table of a report that has it.
fn cell(report: &Value, figure: &str) -> Value {
    let tables = report["sections"].as_array().unwrap().iter().flat_map(|s| s["tables"].as_array().unwrap());
    let mut rows = tables.filter_map(|table| table["rows"].get(0));
    rows.find(|row| !row[figure].is_null()).map(|row| row[figure].clone()).unwrap()
}

#[test]
fn curves_and_customers_worth_have_intervals_too() {
    // Weeks in remission without the drug (Freireich 1963) as hours to the reply, and the same doubled. lifelines 0.30.3:
    // medians 8 (4 to 11) and 16 (8 to 22); so 8 h - √(8² + 3²) to 8 h + √(6² + 4²) (Zou and Donner 2008).
    let mut contacts = String::from("interaction_id,channel,started_at,first_response_at\n");
    let hours = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
    for (week, day) in [2, 9].into_iter().enumerate() {
        for (nth, hours) in hours.iter().map(|hours| hours * (week + 1)).enumerate() {
            let reply = jiff::civil::date(2026, 3, day).at(0, 0, 0, 0) + jiff::Span::new().hours(hours as i64);
            let _ = writeln!(contacts, "{week}-{nth},email,2026-03-{day:02}T00:00:00Z,{reply}Z");
        }
    }
    // Customers spent 30 and 30, then 40 and 60: by pencil 20 ± 1.96 × √(4/3 × (5² + 5²)).
    let orders = "\
order_id,customer_email,ordered_at,amount
1,a@x.com,2026-03-02T10:00:00Z,10
2,a@x.com,2026-03-02T11:00:00Z,20
3,b@x.com,2026-03-02T12:00:00Z,30
4,c@x.com,2026-03-09T10:00:00Z,40
5,d@x.com,2026-03-09T11:00:00Z,60
";
    let desk =
        Desk::new().with("t.csv", contacts).with("orders.csv", orders).with("deskstat.toml", "time_zone = 'UTC'\n");
    let report = json(&desk.out(&["report", ".", "-q", "-f", "json", "--full", "--period", "2026-W11"]));
    interval(&cell(&report, "frt_km_p50"), -1_958.413_483, 54_759.969_183);
    interval(&cell(&report, "clv"), 3.996_961, 36.003_039);
    assert!(cell(&report, "frt_km_p90")["change_low"].is_null(), "nobody knows how late the last ones may be");
}

#[test]
fn page_one_says_the_same_and_what_is_unusual() {
    let report = json(&on_sample(&["report", "sample-data", "--only", "summary", "-f", "json"]));
    let page = &report["sections"][0];
    let sentences: Vec<&str> = page["summary"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
    assert_eq!(sentences[0], "Contacts rose from 328 to 451, unusually many; email alone brought 111 of the 123 more.");
    assert!(
        sentences[1]
            .contains("although every channel got faster: more email accounts for +49 min, quicker work for −11 min")
    );
    assert!(sentences[2].ends_with("which could be chance."), "{}", sentences[2]);
    // Weeks 33 to 45 of the same rows: mean ± 2.66 × mean moving range.
    let figures = &page["tables"][0]["rows"][0];
    let contacts = &figures["contacts"];
    near(&contacts["usual_low"], 280.875_641);
    near(&contacts["usual_high"], 338.508_974);
    assert_eq!(contacts["unusual"], true);
    assert!(figures["csat"].get("unusual").is_none() && figures["csat"]["usual_low"].is_number());
    let text = on_sample(&["report", "sample-data", "--only", "summary"]);
    assert!(text.contains("451     ⇑") && text.contains("⇑ ⇓ unusual against the weeks before"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

/// A month's resolved contacts of a channel, each of a customer of its own, with one duration in minutes.
fn resolved(out: &mut String, (channel, count): (&str, usize), month: u32, minutes: f64) {
    for i in 0..count {
        let (day, seconds) = (2 + i % 20, (minutes * 60.0) as usize);
        let (hour, minute, second) = (8 + seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let id = out.lines().count();
        let _ = writeln!(
            out,
            "{id},{channel},2026-{month:02}-{day:02}T08:00:00Z,2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z,resolved,c{id}@example.com"
        );
    }
}

const HEADER: &str = "interaction_id,channel,started_at,resolved_at,status,customer_email\n";

#[test]
fn kitagawa_as_worked_in_the_contract_from_rows() {
    let mut rows = HEADER.to_owned();
    resolved(&mut rows, ("email", 400), 9, 240.0);
    resolved(&mut rows, ("chat", 600), 9, 3.0);
    resolved(&mut rows, ("email", 600), 10, 230.0);
    resolved(&mut rows, ("chat", 400), 10, 2.5);
    let desk = Desk::new().with("t.csv", rows);
    let answer = json(&desk.out(&[
        "why",
        "ttr_full_mean",
        "t.csv",
        "--period",
        "2026-10",
        "--as-of",
        "2026-11-30",
        "-f",
        "json",
    ]));
    let table = &answer["sections"][0]["tables"][0];
    near(&table["total"]["ttr_full_mean"]["previous"], 97.8 * 60.0);
    near(&table["total"]["ttr_full_mean"]["value"], 139.0 * 60.0);
    near(&row(table, "email")["mix"]["value"], 23.32 * 60.0);
    near(&row(table, "chat")["mix"]["value"], 23.13 * 60.0);
    near(&table["total"]["mix"]["value"], 46.45 * 60.0);
    near(&table["total"]["within"]["value"], -5.25 * 60.0);
    let sentence = answer["sections"][0]["summary"][0].as_str().unwrap();
    assert_eq!(
        sentence,
        "Time to resolution, mean, rose from 1 h 38 min to 2 h 19 min: more email +46 min, quicker work −5 min; every \
         channel got faster, so the rise is a matter of mix (Simpson's paradox)."
    );
}

#[test]
fn new_and_vanished_groups_have_rows_of_their_own() {
    let mut rows = HEADER.to_owned();
    resolved(&mut rows, ("email", 100), 9, 60.0);
    resolved(&mut rows, ("social", 100), 9, 20.0);
    resolved(&mut rows, ("email", 150), 10, 60.0);
    resolved(&mut rows, ("sms", 50), 10, 100.0);
    let desk = Desk::new().with("t.csv", rows);
    let args = |metric: &'static str| ["why", metric, "t.csv", "--period", "2026-10", "-f", "json"];
    let table = json(&desk.out(&args("ttr_full_mean")))["sections"][0]["tables"][0].clone();
    // By pencil: means 40 and 70, centre 55; gone -1/2 × (20 - 55), new 1/4 × (100 - 55), email 1/4 × (60 - 55).
    for (channel, mix) in [("social", 17.5), ("sms", 11.25), ("email", 1.25)] {
        near(&row(&table, channel)["mix"]["value"], mix * 60.0);
    }
    assert!(row(&table, "sms")["within"]["value"].is_null() && row(&table, "social")["within"]["value"].is_null());
    assert_eq!(row(&table, "sms")["ttr_full_mean_before"]["note"], "sms is new");
    assert_eq!(row(&table, "social")["ttr_full_mean"]["note"], "social is gone");
    // The median: 60 and 20 in equal parts is 40; without social 60; with sms still 60.
    let table = json(&desk.out(&args("ttr_full_p50")))["sections"][0]["tables"][0].clone();
    near(&row(&table, "social")["mix"]["value"], 1_200.0);
    near(&row(&table, "sms")["mix"]["value"], 0.0);
    // 50 ± 1.96 √50: what was not there before counted 0.
    let counts = ["why", "contacts", "t.csv", "--period", "2026-10", "--as-of", "2026-11-30", "-f", "json"];
    let table = json(&desk.out(&counts))["sections"][0]["tables"][0].clone();
    interval(&row(&table, "sms")["contacts"], 36.140_961_8, 63.859_038_2);
    assert_eq!(
        (&row(&table, "social")["contacts"]["value"], &table["total"]["change"]["value"]),
        (&0.into(), &0.into())
    );
    let text = desk.out(&["why", "ttr_full_mean", "t.csv", "--period", "2026-10"]);
    assert!(text.contains("before: sms is new") && text.contains("now: social is gone"), "{text}");
}

#[test]
fn csv_has_a_line_a_figure_and_groups_of_several_dimensions() {
    let csv = on_sample(&["why", "frt_p50", "sample-data", "--by", "topic,channel", "-f", "csv"]);
    let header = csv.lines().next().unwrap();
    assert_eq!(
        header,
        "section,table,period,topic,channel,metric,value,n,previous,low,high,unit,change_low,change_high,unusual"
    );
    assert!(csv.lines().any(|line| line.starts_with("why,why,2026-W46,delivery,email,mix,")), "{csv}");
    assert!(
        csv.lines().any(|line| line.starts_with("why,why,2026-W46,,,frt_p50,10260,321,8010,,,seconds,-500.")),
        "{csv}"
    );
}

#[test]
fn conditions_and_periods_are_kept_to() {
    let args = ["why", "frt_p50", "sample-data", "--where", "channel=email", "--by", "topic", "--compare", "2026-W44"];
    let all: Vec<&str> = args.into_iter().chain(["-f", "json"]).collect();
    let answer = json(&on_sample(&all));
    let total = &answer["sections"][0]["tables"][0]["total"];
    assert_eq!(total["n"]["value"], 202);
    let alone = on_sample(&[
        "table",
        "sample-data",
        "--period",
        "2026-W44",
        "--where",
        "channel=email",
        "--metrics",
        "frt_p50",
        "-f",
        "json",
    ]);
    assert_eq!(total["frt_p50"]["previous"], json(&alone)["rows"][0]["frt_p50"]);
}

#[test]
fn what_cannot_be_taken_apart_is_refused_with_what_can() {
    for metric in ["frt_km_p50", "retention", "contacts_share", "survival_90d", "csat_low", "frt_n"] {
        let said = run_in(root(), &["why", metric, "sample-data"], "");
        assert_eq!(said.code, 2, "{metric}: {}", said.err);
        assert!(said.err.contains("cannot be taken apart") && said.err.contains("frt_p50"), "{metric}: {}", said.err);
    }
    // Customers of several channels are in several groups.
    let said = run_in(root(), &["why", "multi_channel", "sample-data", "-q"], "");
    assert!(said.code == 1 && said.err.contains("do not add up"), "{}", said.err);
    for (args, hint) in [
        (["--period", "all"], "--period last-4-weeks"),
        (["--compare", "none"], "--period last-4-weeks"),
        (["--by", "week"], "--period and --compare"),
    ] {
        let said = run_in(root(), &["why", "csat", "sample-data", args[0], args[1]], "");
        assert!(said.code == 2 && said.err.contains(hint), "{}", said.err);
    }
    let said = run_in(root(), &["why", "csat", "sample-data", "-q", "--period", "2020-W10"], "");
    assert!(said.code == 1 && said.err.contains("no value in both"), "{}", said.err);
}

#[test]
fn a_few_weeks_say_nothing_of_what_is_usual() {
    let mut rows = HEADER.to_owned();
    for month in 8..=9 {
        resolved(&mut rows, ("email", 300), month, 30.0);
    }
    let desk = Desk::new().with("t.csv", rows);
    let report = json(&desk.out(&["report", "t.csv", "--only", "summary", "-f", "json"]));
    let figures = &report["sections"][0]["tables"][0]["rows"][0];
    assert!(figures["contacts"].get("usual_low").is_none(), "{figures}");
}
