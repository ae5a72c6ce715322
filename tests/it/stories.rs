//! The stories that the sample data tell, found through the command line.

use crate::desk::{cell, json, on_sample};

fn week(period: &str, by: &str, metrics: &str) -> serde_json::Value {
    json(&on_sample(&["table", "sample-data", "--period", period, "--by", by, "--metrics", metrics, "-f", "json"]))
}

#[test]
fn the_median_rises_although_every_channel_got_faster() {
    let (now, before) = (week("2026-W46", "channel", "frt_p50,frt_n"), week("2026-W45", "channel", "frt_p50,frt_n"));
    let total = |table: &serde_json::Value| table["total"]["frt_p50"].as_f64().unwrap();
    assert!(total(&now) > 1.15 * total(&before), "{} against {}", total(&now), total(&before));
    for channel in ["email", "web_form", "sms", "messaging"] {
        let of = |table| cell(table, "channel", channel, "frt_p50").as_f64().unwrap();
        assert!(of(&now) < of(&before), "{channel}: {} against {}", of(&now), of(&before));
    }
    let report = on_sample(&["report", "sample-data", "--only", "summary"]);
    assert!(report.contains("although every"), "{report}");
}

#[test]
fn one_team_is_slower_because_of_its_topics() {
    let teams = week("all", "team", "frt_p50");
    let of = |team| cell(&teams, "team", team, "frt_p50").as_f64().unwrap();
    for other in ["Orders", "Products", "Billing"] {
        assert!(of("Returns") > of(other), "{other}");
    }
    let topics = week("all", "team,topic", "frt_p50,frt_n");
    let within = |team: &str, topic: &str| {
        let rows = topics["rows"].as_array().unwrap();
        rows.iter().find(|r| r["team"] == team && r["topic"] == topic).map(|r| r["frt_p50"].as_f64().unwrap()).unwrap()
    };
    // Within its slow topics the team is about as fast as another one: by no means as much slower as overall.
    let ratio = within("Returns", "refund dispute") / within("Orders", "refund dispute");
    assert!(ratio < 1.15, "{ratio}");
}

#[test]
fn contacts_are_all_there() {
    let all = json(&on_sample(&["table", "sample-data", "--metrics", "contacts,customers", "-f", "json"]));
    assert!(all["rows"][0]["contacts"].as_f64().unwrap() >= 8_000.0);
    assert!(all["rows"][0]["customers"].as_f64().unwrap() >= 1_500.0);
}
