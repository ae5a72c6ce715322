//! Opening hours from the settings to the figures.

use crate::desk::{Desk, root};

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
