//! Opening hours from the settings to the figures.

use crate::desk::{Desk, json, root};
use serde_json::Value;

const CONTACTS: &str = "\
interaction_id,channel,team,started_at
1,email,,2026-03-02T09:00:00Z
2,email,,2026-03-02T19:00:00Z
3,email,,2026-03-02
4,phone,Nights,2026-03-02T23:30:00Z
5,phone,Nights,2026-03-03T05:30:00Z
6,phone,Nights,2026-03-03T12:00:00Z
7,chat,,2026-03-03T12:00:00Z
";

const HOURS: &str = "\
time_zone = 'UTC'
holidays = ['2026-03-03 00:00-05:00']

[[hours]]
name = 'Office'
channel = ['email', 'web_form']
weekdays = '09:00-17:00'

[[hours]]
name = 'Nobody'
team = 'Nihgts'
daily = '00:00-24:00'

[[hours]]
name = 'Nights'
team = 'Nights'
daily = '22:00-06:00'
";

#[test]
fn check_tells_which_hours_contacts_go_by() {
    let desk = Desk::new().with("t.csv", CONTACTS).with("deskstat.toml", HOURS);
    let said: Vec<String> = desk
        .checked("hours")
        .iter()
        .map(|row| format!("{} {} {}", row["hours"], row["contacts"]["value"], row["open"]["value"]))
        .collect();
    assert_eq!(said[0], "\"Office\" 3 0.5", "one of the two whose hour is known");
    assert_eq!(said[1], "\"Nobody\" 0 null", "a misspelt team has no contacts");
    assert!(said[2].starts_with("\"Nights\" 3 0.66"), "{}", said[2]);
    assert_eq!(said[3], "\"(none)\" 1 null");
}

#[test]
fn without_hours_nothing_is_told_of_them() {
    assert!(Desk::new().with("t.csv", CONTACTS).checked("hours").is_empty());
}

#[test]
fn the_hours_of_the_readme_are_settings() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, hours) = readme.split_once("```toml\nholidays").unwrap();
    let hours = format!("holidays{}", hours.split_once("```").unwrap().0);
    let desk = Desk::new().with("t.csv", CONTACTS).with("deskstat.toml", hours);
    assert_eq!(desk.checked("hours").len(), 2);
}

/// Opening hours for e-mail only, and targets in business time on texts.
const FOR_EMAIL: &str = "\
time_zone = 'UTC'
targets.response = [{ channel = 'sms', within = '1h', clock = 'business' }]
targets.resolution = [{ channel = 'sms', within = '8h', clock = 'business' }]

[[hours]]
name = 'Office'
channel = 'email'
weekdays = '09:00-17:00'
";

const COLUMNS: &str =
    "interaction_id,channel,status,started_at,first_response_at,resolved_at,vendor_response_sla,vendor_resolution_sla";

/// An e-mail that was answered and solved, and these contacts.
fn beside_an_email(rows: &[&str]) -> Desk {
    let email = "1,email,resolved,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z,2026-03-02T13:00:00Z,,";
    let asked = "last,email,open,2026-03-12T10:00:00Z,,,,";
    let contacts = [&[COLUMNS, email, asked], rows].concat().join("\n");
    Desk::new().with("t.csv", contacts + "\n").with("deskstat.toml", FOR_EMAIL)
}

/// The figures of all contacts.
fn figures(desk: &Desk, columns: &[String]) -> Vec<Value> {
    let table = json(&desk.out(&["table", ".", "-q", "-f", "json", "--metrics", &columns.join(",")]));
    columns.iter().map(|column| table["rows"][0][column].clone()).collect()
}

fn each(metrics: &[&str], suffix: &str) -> Vec<String> {
    metrics.iter().map(|metric| format!("{metric}{suffix}")).collect()
}

#[test]
fn what_no_hours_apply_to_is_counted_of_what_the_metric_counts() {
    let no_hours = |desk: &Desk, metrics: &[&str]| figures(desk, &each(metrics, "_business_no_hours"));
    let bot = beside_an_email(&["2,bot,,2026-03-02T10:00:00Z,,,,"]);
    let all = ["frt", "frt_any", "frt_km", "wait", "wait_km", "response_sla", "ttr_full", "ttr_km", "resolution_sla"];
    assert_eq!(no_hours(&bot, &all), vec![Value::from(0); all.len()], "a bot's contact is of none of them");
    // Open again: of those with a state, but of no time to resolution.
    let again = beside_an_email(&["2,sms,open,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z,2026-03-02T13:00:00Z,,"]);
    assert_eq!(no_hours(&again, &all), [1, 1, 1, 0, 0, 1, 0, 1, 1].map(Value::from));
}

#[test]
fn turns_without_hours_are_told_as_such() {
    // Of two turns one is answered, one waits: neither in business time, and neither is over without a reply.
    let events = "\
interaction_id,at,kind,actor_kind
2,2026-03-02T10:00:00Z,message_in,
2,2026-03-02T12:00:00Z,message_out,human
2,2026-03-03T10:00:00Z,message_in,
";
    let desk = beside_an_email(&["2,sms,open,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z,,,"]).with("events.csv", events);
    let told = ["n", "waiting", "silent", "no_hours"].map(|suffix| format!("next_reply_business_{suffix}"));
    assert_eq!(figures(&desk, &told), [0, 0, 0, 2].map(Value::from));
}

#[test]
fn nobody_waits_in_business_time_where_no_hours_apply() {
    let desk = beside_an_email(&["2,sms,open,2026-03-02T10:00:00Z,,,,"]);
    let waiting = each(&["frt_business", "frt_any_business", "frt", "frt_any"], "_waiting");
    // The last e-mail waits by either clock, the text by the calendar only.
    assert_eq!(figures(&desk, &waiting), [1, 1, 2, 2].map(Value::from));
}

#[test]
fn the_export_says_whether_a_target_was_met_where_no_hours_apply() {
    let columns = |metric: &str, last: &str| ["n", "vendor", last].map(|suffix| format!("{metric}_{suffix}"));
    let told = |desk: &Desk| {
        let of = |metric: &str, last: &str| figures(desk, &columns(metric, last));
        [
            of("response_sla", "closed"),
            of("response_sla_business", "no_hours"),
            of("resolution_sla", "closed"),
            of("resolution_sla_business", "no_hours"),
        ]
    };
    let row = "2,sms,resolved,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z,2026-03-02T13:00:00Z,";
    let said = beside_an_email(&[&format!("{row}true,true")]);
    assert_eq!(told(&said), vec![[1, 1, 0].map(Value::from).to_vec(); 4][..]);
    let silent = beside_an_email(&[&format!("{row},")]);
    assert_eq!(told(&silent), vec![[0, 0, 1].map(Value::from).to_vec(); 4][..]);
    // A resolution at an unknown time, likewise.
    let undated = beside_an_email(&["2,sms,resolved,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z,,,false"]);
    let undated = figures(&undated, &["", "_n", "_vendor", "_undated"].map(|suffix| format!("resolution_sla{suffix}")));
    assert_eq!(undated, [0, 1, 1, 0].map(Value::from));
}
