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
fn customers_with_a_bad_experience_leave_more_often() {
    let report = json(&on_sample(&["report", "sample-data", "--only", "retention", "-f", "json"]));
    let tables = report["sections"][0]["tables"].as_array().unwrap();
    let rows = tables.iter().find(|table| table["id"] == "experience").unwrap()["rows"].as_array().unwrap().clone();
    // 304 of 534 against 332 of 758, by another program from the same files.
    let figure = |row: usize, column: &str| rows[row][column]["value"].as_f64().unwrap();
    assert_eq!((figure(0, "customers"), figure(1, "customers")), (534.0, 758.0));
    assert!(
        (figure(0, "not_active") - 304.0 / 534.0).abs() < 1e-6
            && (figure(1, "not_active") - 332.0 / 758.0).abs() < 1e-6
    );
    assert!(rows[0]["relative_risk"]["low"].as_f64().unwrap() > 1.0, "beyond chance");
    assert!(rows[0]["same_contacts"]["low"].as_f64().unwrap() > 1.0, "among those with as many contacts too");
    let words = on_sample(&["report", "sample-data", "--only", "retention"]);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let story = "Customers with a bad experience were gone afterwards 1.30 times as often as those without (56.9 % of 534 against 43.8 % of 758; 95 % interval 1.17 to 1.45;";
    assert!(words.contains(story), "{words}");
}

#[test]
fn one_team_is_slower_because_of_its_topics() {
    let teams = week("all", "team", "frt_p50");
    let of = |team| cell(&teams, "team", team, "frt_p50").as_f64().unwrap();
    for other in ["Orders", "Products", "Billing"] {
        assert!(of("Returns") > of(other), "{other}");
    }
    // Within its slow topics the team is about as fast as the others together.
    let within = |who: &str, topic: &str| {
        let (who, topic) = (format!("team{who}Returns"), format!("topic={topic}"));
        let table = on_sample(&[
            "table",
            "sample-data",
            "--metrics",
            "frt_p50",
            "--where",
            &who,
            "--where",
            &topic,
            "-f",
            "json",
        ]);
        json(&table)["rows"][0]["frt_p50"].as_f64().unwrap()
    };
    for topic in ["refund dispute", "damaged item", "returns", "delivery"] {
        let ratio = within("=", topic) / within("!=", topic);
        assert!((0.8..1.25).contains(&ratio), "{topic}: {ratio}");
    }
}

#[test]
fn contacts_are_all_there() {
    let all = json(&on_sample(&["table", "sample-data", "--metrics", "contacts,customers", "-f", "json"]));
    assert!(all["rows"][0]["contacts"].as_f64().unwrap() >= 8_000.0);
    assert!(all["rows"][0]["customers"].as_f64().unwrap() >= 1_500.0);
}
