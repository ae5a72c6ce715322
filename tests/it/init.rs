//! `init`: settings to begin with, which the reader takes as they are.

use crate::desk::{Desk, root, run_in};

const ROWS: &str = "\
interaction_id,channel,started_at,agent,topic,team,customer_phone,csat,csat_scale
1,email,2026-03-02T09:00:00Z,tom@acme.example,refund,5017691,+442079460018,4,5
2,email,2026-03-02 10:00,ann@acme.example,login,5017691,+442079460019,,
3,phone,2026-03-02T11:00:00Z,Answer Bot,refund,Billing,+34600000001,,
4,phone,2026-03-02T11:30:00Z,ida@gmail.com,refund,Billing,,,
";

#[test]
fn settings_hold_what_the_exports_show() {
    let desk = Desk::new().with("exports/rows.csv", ROWS);
    let said = desk.run(&["init", "exports"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
    let text = std::fs::read_to_string(desk.path("deskstat.toml")).unwrap();
    for line in [
        "inputs = [\"exports\"]",
        "# There are such in rows.csv.",
        "#region = \"GB\"",
        "own_domains = [\"acme.example\"]",
        "agents = [\"ida@gmail.com\"]",
        "#bots = [\"Answer Bot\"]",
        "# There are contacts by email (2), phone (2).",
        "# Satisfaction is on a scale of 5 points in deskstat-interactions; csat is the share of the best.",
        "#\"refund\" = \"complaint\" # 3",
        "#\"5017691\" = \"…\" # 2",
        "#file = \"rows.csv\"",
    ] {
        assert!(text.lines().any(|own| own == line), "{line} is not in\n{text}");
    }
    // Found where it lies, and taken as it is: the inputs need not be named any more.
    let table = desk.out(&["table", "-q", "-f", "csv"]);
    assert_eq!(table.lines().nth(1), Some("4"));
}

#[test]
fn settings_that_are_there_stay() {
    let desk = Desk::new().with("deskstat.toml", "time_zone = 'Europe/London'\n");
    let said = desk.run(&["init"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("`deskstat.toml` is there already\nhint: "), "{}", said.err);
    assert_eq!(std::fs::read_to_string(desk.path("deskstat.toml")).unwrap(), "time_zone = 'Europe/London'\n");
    assert_eq!(desk.run(&["init", "-o", "other.toml"]).code, 0);
    assert!(desk.path("other.toml").exists());
}

#[test]
fn without_exports_all_settings_are_examples() {
    let desk = Desk::new().with("rows.csv", ROWS);
    assert_eq!(desk.run(&["init"]).code, 0);
    assert!(desk.out(&["table", "rows.csv", "-q", "-f", "csv"]).ends_with("4\n"));
}

#[test]
fn the_sample_s_settings_are_found_again() {
    let desk = Desk::new();
    let sample = root().join("sample-data");
    let said = run_in(desk.folder.path(), &["init", sample.to_str().unwrap(), "-o", "-"], "");
    assert_eq!(said.code, 0, "{}", said.err);
    for part in ["time_zone = \"Europe/London\"", "#region = \"GB\"", "5017691"] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
}
