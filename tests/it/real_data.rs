//! Real data in `../shared/data`: figures that their keepers publish. Skipped, with a word, where the folder is absent.

use crate::desk::{Desk, cell, json, root};
use std::io::Write;

/// The folder, if it is there.
fn shared() -> Option<std::path::PathBuf> {
    let folder = root().join("../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    // Past the test runner, which keeps what a passing test prints to itself.
    let _ = writeln!(std::io::stderr(), "skipped: no ../shared/data here");
    None
}

#[test]
fn the_anonymous_bank_comes_out_as_documented() {
    let Some(folder) = shared() else { return };
    let calls = folder.join("anonymous-bank-january.txt");
    let calls = calls.to_str().unwrap();
    let profile = root().join("tests/it/anonymous-bank.toml");
    let profile = profile.to_str().unwrap();
    let desk = Desk::new().with("deskstat.toml", "time_zone = 'Asia/Jerusalem'\nservice_level.formula = 'answered'\n");
    let table =
        |more: &[&str]| json(&desk.out(&[&["table", calls, "--profile", profile, "-f", "json"], more].concat()));

    let outcomes = table(&["--by", "outcome", "--metrics", "contacts"]);
    assert_eq!(cell(&outcomes, "outcome", "answered", "contacts"), 27_060);
    assert_eq!(cell(&outcomes, "outcome", "abandoned", "contacts"), 4_299);
    let check = json(&desk.out(&["check", calls, "--profile", profile, "-f", "json"]));
    let file = &check["sections"][0]["tables"][0]["rows"][0];
    assert_eq!(file["ignored"]["value"], 240);
    assert_eq!(file["read"]["value"], 31_599);

    let near = |value: &serde_json::Value, expected: f64| {
        let value = value.as_f64().unwrap();
        assert!((value - expected).abs() < 0.005, "{value} instead of {expected}");
    };
    near(&table(&["--metrics", "wait_mean"])["rows"][0]["wait_mean"], 35.03);
    near(&table(&["--metrics", "wait_mean", "--where", "wait>0"])["rows"][0]["wait_mean"], 69.77);
    let in_time = table(&["--metrics", "service_level"])["rows"][0]["service_level"].as_f64().unwrap();
    near(&serde_json::json!(100.0 * in_time), 60.61);

    let rows = desk.out(&["interactions", calls, "--profile", profile, "--where", "outcome=answered"]);
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let talk = reader.headers().unwrap().iter().position(|h| h == "talk").unwrap();
    let talks: Vec<f64> = reader.records().map(|r| r.unwrap()[talk].parse().unwrap()).collect();
    near(&serde_json::json!(talks.iter().sum::<f64>() / talks.len() as f64), 183.45);
}

#[test]
fn the_city_s_service_requests_come_out_as_documented() {
    let Some(folder) = shared() else { return };
    let requests = folder.join("nyc-311-sample.csv");
    let profile = root().join("tests/it/nyc-311.toml");
    let desk = Desk::new().with("deskstat.toml", "time_zone = 'America/New_York'\n");
    let paths = [requests.to_str().unwrap(), "--profile", profile.to_str().unwrap(), "-f", "json"];
    let table = |more: &[&str]| json(&desk.out(&[&["table"], &paths[..], more].concat()));

    let channels = table(&["--by", "channel", "--metrics", "contacts"]);
    for (channel, requests) in [("web_form", 501), ("messaging", 280), ("phone", 139), ("other", 4)] {
        assert_eq!(cell(&channels, "channel", channel, "contacts"), requests, "{channel}");
    }
    let all = table(&["--metrics", "contacts,ttr_full_n,ttr_full_mean,ttr_full_p50"])["rows"][0].clone();
    assert_eq!((&all["contacts"], &all["ttr_full_n"]), (&924.into(), &480.into()));
    let hours = |column: &str| all[column].as_f64().unwrap() / 3600.0;
    assert!((hours("ttr_full_mean") - 0.6312).abs() < 0.00005, "{all}");
    assert!((hours("ttr_full_p50") - 0.5403).abs() < 0.00005, "{all}");
}
