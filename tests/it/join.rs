//! Who is whom, on the sample data and on small traps.

use crate::desk::{Desk, json, on_sample};

#[test]
fn three_addresses_with_one_phone_are_one_customer() {
    let said = on_sample(&["customers", "sample-data", "--explain", "miraokafor88@mail.example", "-f", "json"]);
    for key in
        ["mira.okafor@example.com", "m.okafor.design@studio.example", "miraokafor88@mail.example", "+447700900995"]
    {
        assert!(said.contains(key), "{key} is missing in {said}");
    }
}

#[test]
fn senders_of_a_shared_address_are_not_one_customer() {
    let said = on_sample(&["customers", "sample-data", "--explain", "info@thegreathotel.example"]);
    assert!(said.contains("identifies nobody"), "{said}");
    let rows = on_sample(&["customers", "sample-data"]);
    assert!(!rows.contains("info@thegreathotel.example"));
}

#[test]
fn a_phone_of_two_customers_joins_neither() {
    let said = on_sample(&["customers", "sample-data", "--explain", "+442079460950"]);
    assert!(said.contains("different customers"), "{said}");
    let check = json(&on_sample(&["check", "sample-data", "-f", "json"]));
    assert!(check.to_string().contains("+442079460950"));
}

#[test]
fn an_unknown_key_names_its_neighbours() {
    let said = crate::desk::run_in(
        crate::desk::root(),
        &["customers", "sample-data", "--explain", "mira.okafr@example.com"],
        "",
    );
    assert_eq!(said.code, 1);
    assert!(said.err.contains("mira.okafor@example.com"), "{}", said.err);
}

const DESK: &str = "interaction_id,channel,started_at,customer_email,customer_phone,status\n";

#[test]
fn the_order_of_files_changes_no_byte() {
    let desk = Desk::new()
        .with("a.csv", format!("{DESK}1,email,2026-03-02T09:00:00Z,ann@example.com,+447700900001,open\n"))
        .with("b.csv", format!("{DESK}2,phone,2026-03-03T09:00:00Z,,+447700900001,\n1,email,2026-03-02T09:00:00Z,ann@example.com,+447700900001,resolved\n"))
        .with("c.csv", format!("{DESK}3,sms,2026-03-04T09:00:00Z,bob@example.com,+447700900001,open\n"));
    let orders = [["a.csv", "b.csv", "c.csv"], ["c.csv", "b.csv", "a.csv"], ["b.csv", "a.csv", "c.csv"]];
    for command in [&["report", "-f", "json"][..], &["interactions"], &["customers"], &["check", "-f", "csv"]] {
        let answers: Vec<String> = orders.iter().map(|files| desk.out(&[command, &files[..]].concat())).collect();
        assert_eq!(answers[0], answers[1], "{command:?}");
        assert_eq!(answers[0], answers[2], "{command:?}");
    }
}

#[test]
fn rows_are_accounted_for_in_every_file() {
    let check = json(&on_sample(&["check", "sample-data", "-f", "json"]));
    let files = &check["sections"][0]["tables"][0];
    let rows = files["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 10);
    for row in rows {
        let n = |column: &str| row[column]["value"].as_i64().unwrap();
        let sum = n("used") + n("folded") + n("duplicates") + n("ignored") + n("rejects");
        assert_eq!(n("read"), sum, "{row}");
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    for args in
        [&["report", "sample-data", "-f", "json"][..], &["check", "sample-data"], &["interactions", "sample-data"]]
    {
        let with = |threads: &str| on_sample(&[args, &["--threads", threads]].concat());
        let one = with("1");
        assert!(one == with("2") && one == with("5"), "{args:?}");
    }
}
