//! Contacts of two exports that no numbers join: it is said how many seem to be the same, and of exports that only lie
//! beside each other nothing is said.

use crate::desk::Desk;
use std::fmt::Write;

/// What is said of twins, without the rest.
fn told(desk: &Desk, more: &[&str]) -> String {
    let said = desk.run(&[&["table", "in", "--metrics", "contacts", "--period", "all"], more].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let mut lines = said.err.lines().skip_while(|line| !line.contains(" a twin in ")).take(2);
    lines.by_ref().fold(String::new(), |all, line| all + line + "\n")
}

/// The n-th call began 13 minutes and a second after the one before, and is somebody else's.
fn time(n: usize) -> String {
    let seconds = 9 * 3600 + n * 781;
    format!(
        "2024-12-{:02} {:02}:{:02}:{:02}",
        2 + seconds / 86_400,
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Aircall's first layout, whose calls have no numbers.
fn first_layout(calls: impl Iterator<Item = usize>) -> String {
    let head = "line,date (TZ offset incl.),time (TZ offset incl.),datetime (UTC),direction,from,to,answered,missed_call_reason,user,duration (in call)\n";
    let call = |n| format!("Support,,,{},inbound,3360000{n:04},33176360695,Yes,,Tom Hill,282\n", time(n));
    calls.map(call).fold(head.to_owned(), |all, row| all + &row)
}

/// Aircall's present layout.
fn present_layout(calls: impl Iterator<Item = usize>) -> String {
    let head = "datetime (utc),direction,from,to,answered,missed_call_reason,user,waiting time,call id (internal)\n";
    let call = |n| format!("{},inbound,3360000{n:04},33176360695,Yes,,Tom Hill,00:00:06,{n}\n", time(n));
    calls.map(call).fold(head.to_owned(), |all, row| all + &row)
}

#[test]
fn two_layouts_that_hold_the_same_calls_are_told_by_the_calls() {
    let desk = |one: String, other: String| Desk::new().with("in/one.csv", one).with("in/other.csv", other);
    // The list goes on where the other ends: in the time that both are of it has 6 calls, the other 8.
    let both = desk(first_layout(0..8), present_layout((0..6).chain(20..30)));
    assert_eq!(
        told(&both, &["--tz", "UTC"]),
        "warning: 6 of 6 contacts in `aircall` have a twin in `aircall-calls-v1`, of the same customer or channel at the same time: they seem to count twice\nhint: leave one of them out\n"
    );
    // Two of eight are more than none.
    let some = desk(first_layout(0..20), present_layout((0..4).chain(100..102).chain(16..20)));
    assert!(told(&some, &["--tz", "UTC"]).contains("warning: 8 of 8 contacts in `aircall`"));
    // Every other call each; and one month after the other.
    let halves = desk(first_layout((0..40).step_by(2)), present_layout((1..40).step_by(2)));
    assert_eq!(told(&halves, &["--tz", "UTC"]), "");
    let months = desk(first_layout(0..20), present_layout(20..40));
    assert_eq!(told(&months, &["--tz", "UTC"]), "");
    // One that is the same by chance is nothing to speak of.
    let one = desk(first_layout((0..40).step_by(2)), present_layout((1..40).step_by(2).chain([38])));
    assert_eq!(told(&one, &["--tz", "UTC"]), "");
}

/// Contacts in our own columns, of one source each.
fn named(sources: &[&str]) -> String {
    sources.iter().map(|name| format!("[[source]]\nfile = '{name}.csv'\nsource = '{name}'\n")).collect()
}

const HEAD: &str = "interaction_id,channel,started_at,ended_at,customer_email\n";

#[test]
fn what_coincides_by_chance_is_not_told() {
    // 500 calls each in a day that is known to the minute: a third has one of the other in its minute.
    let mut state = 7_u64;
    let mut list = |name: &str| {
        let mut rows = HEAD.to_owned();
        for n in 0..500 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let minute = (state >> 33) % 1440;
            writeln!(rows, "{n},phone,2026-03-02T{:02}:{:02}:00Z,,{name}{n}@example.com", minute / 60, minute % 60)
                .unwrap();
        }
        rows
    };
    let desk = Desk::new().with("in/a.csv", list("a")).with("in/b.csv", list("b"));
    let desk = desk.with("in/deskstat.toml", named(&["a", "b"]));
    assert_eq!(told(&desk, &["--tz", "UTC"]), "");
    // Shifts begin on the hour in both.
    let on_the_hour = |name: &str| {
        let row =
            |n: usize| format!("{n},phone,2026-03-{:02}T{:02}:00:00Z,,{name}{n}@example.com\n", 2 + n / 8, 9 + n % 8);
        (0..80).map(row).fold(HEAD.to_owned(), |all, row| all + &row)
    };
    let desk = Desk::new().with("in/a.csv", on_the_hour("a")).with("in/b.csv", on_the_hour("b"));
    let desk = desk.with("in/deskstat.toml", named(&["a", "b"]));
    assert_eq!(told(&desk, &["--tz", "UTC"]), "");
}

#[test]
fn a_wrong_zone_is_told_by_the_twins() {
    let list = |hours: usize, customer: &str| {
        let row = |n: usize| {
            let minutes = 7 * 60 + n * 307 + hours * 60;
            let (day, hour, minute) = (2 + minutes / 1440, minutes / 60 % 24, minutes % 60);
            format!("{n},phone,2026-03-{day:02} {hour:02}:{minute:02}:17,,{customer}{n}@example.com\n")
        };
        (0..13).map(row).fold(HEAD.to_owned(), |all, row| all + &row)
    };
    // Of 13 calls five hours apart, one begins before the other list does.
    for customer in ["a", "b"] {
        let desk = Desk::new().with("in/a.csv", list(0, "a")).with("in/b.csv", list(2, customer));
        let desk = desk.with("in/deskstat.toml", named(&["a", "b"]));
        assert_eq!(
            told(&desk, &["--tz", "UTC"]),
            "warning: 12 of 12 contacts in `a` have a twin in `b`, of the same customer or channel 2 h later: they seem to count twice, and one of the two is read in a wrong time zone\nhint: say it in deskstat.toml, time_zone under [[source]]; then leave one of them out\n"
        );
    }
    // In its own zone they are the same at once.
    let desk = Desk::new().with("in/a.csv", list(0, "a")).with("in/b.csv", list(2, "b"));
    let zone = named(&["a", "b"]).replace("'b'\n", "'b'\ntime_zone = 'Etc/GMT-2'\n");
    let said = told(&desk.with("in/deskstat.toml", zone), &["--tz", "UTC"]);
    assert!(
        said.starts_with(
            "note: 13 of 13 contacts in `a` have a twin in `b`, of the same customer or channel at the same time"
        ),
        "{said}"
    );
}

#[test]
fn calls_that_a_help_desk_notes_down_are_told() {
    let tickets = |noted: usize| {
        let head = "Ticket ID,Created time,Last update time,First response time (in hrs),Source,Email\n".to_owned();
        // Tickets of the first calls are made some seconds after these are over; others are written elsewhen. In the days
        // of the calls there are 11.
        let row = |n: usize| {
            let (minute, second) = if n < noted { (7, 30) } else { (41, 12) };
            format!("{n},2026-03-{:02} 09:{minute:02}:{second:02},,,Portal,c{n}@example.com\n", 1 + n)
        };
        (0..25).map(row).fold(head, |all, row| all + &row)
    };
    let call = |n: usize| {
        format!("{n},phone,2026-03-{:02}T09:02:03Z,2026-03-{:02}T09:07:01Z,c{n}@example.com\n", 1 + n, 1 + n)
    };
    let calls = (1..13).map(call).fold(HEAD.to_owned(), |all, row| all + &row);
    let desk = |noted| {
        let desk = Desk::new().with("in/calls.csv", &calls).with("in/tickets.csv", tickets(noted));
        desk.with("in/deskstat.toml", named(&["calls"]))
    };
    assert_eq!(
        told(&desk(9), &["--tz", "UTC"]),
        "note: 8 of 11 contacts in `freshdesk` have a twin in `calls`, of the same customer or channel at the same time: they seem to count twice\nhint: if one tool notes down the other's contacts, leave these out of one of the two, as with --where\n"
    );
    // Who leaves them out hears no more of it; customers who called and wrote that day are not spoken of.
    assert_eq!(told(&desk(9), &["--tz", "UTC", "--where", "source!=calls"]), "");
    assert_eq!(told(&desk(0), &["--tz", "UTC"]), "");
}

const UNNUMBERED: &str = "\
name = 'visits'
title = 'Shop, visits'
[detect]
headers = ['Shop', 'Who', 'When']
[read]
row = true
[columns]
channel = { value = 'in_person' }
customer_name = 'Who'
team = 'Shop'
started_at = 'When'
";

#[test]
fn exports_without_numbers_that_overlap_are_told_of_by_file() {
    let list = |days: std::ops::Range<usize>| {
        let row = |n: usize| format!("North,Ana {n},2026-03-{n:02} 09:{:02}\n", 10 + n);
        days.map(row).fold("Shop,Who,When\n".to_owned(), |all, row| all + &row)
    };
    let desk = |other: String| {
        let settings = "profiles = ['visits.toml']\ntime_zone = 'UTC'\n";
        let desk = Desk::new().with("in/visits.toml", UNNUMBERED).with("in/deskstat.toml", settings);
        desk.with("in/one.csv", list(1..11)).with("in/two.csv", other)
    };
    assert_eq!(
        told(&desk(list(5..20)), &[]),
        "warning: 6 of 6 contacts in `one.csv` have a twin in `two.csv`, of the same customer or channel at the same time: they seem to count twice\nhint: copies are told by their numbers, and these have none or others: leave out what both hold\n"
    );
    assert_eq!(told(&desk(list(11..20)), &[]), "");
    // Another shop's visits are its own.
    let other_shop = list(1..11).replace(" 09:", " 11:").replace("North", "South");
    assert_eq!(told(&desk(other_shop), &[]), "");
}

#[test]
fn copies_whose_numbers_a_spreadsheet_changed_are_told_of() {
    let list = |zeros: &str| {
        let head = "Ticket ID,Created time,Last update time,First response time (in hrs),Source,Email\n".to_owned();
        let row = |n: usize| format!("{zeros}{n},2026-03-0{n} 09:15:00,,,Email,c{n}@example.com\n");
        (1..6).map(row).fold(head, |all, row| all + &row)
    };
    let desk = |other: String| Desk::new().with("in/a.csv", list("00")).with("in/b.csv", other);
    let said = told(&desk(list("")), &["--tz", "UTC"]);
    assert!(said.starts_with("warning: 5 of 5 contacts in `a.csv` have a twin in `b.csv`"), "{said}");
    assert_eq!(told(&desk(list("00")), &["--tz", "UTC"]), "");
}

#[test]
fn of_many_pairs_a_few_are_told_one_by_one() {
    let settings = "profiles = ['visits.toml']\ntime_zone = 'UTC'\n";
    let desk = Desk::new().with("in/visits.toml", UNNUMBERED).with("in/deskstat.toml", settings);
    // Each day's export has all days so far: 4 files are 6 pairs.
    let desk = (4..8).fold(desk, |desk, last| {
        let row = |n: usize| format!("North,Ana,2026-03-{n:02} 09:14\n");
        let rows = (1..=last).map(row).fold("Shop,Who,When\n".to_owned(), |all, row| all + &row);
        desk.with(&format!("in/{last}.csv"), rows)
    });
    let said = desk.run(&["report", "in", "--period", "all"]).err;
    assert_eq!(said.matches(" a twin in ").count(), 3, "{said}");
    assert!(said.contains("\nwarning: 3 more pairs of exports seem to hold the same contacts\n"), "{said}");
}
