//! `profile` where names do not help: files without a header, logs of events, tables of changes.

use crate::desk::{Desk, json, root};

/// The drafted profile of a file, and what was found.
fn drafted(desk: &Desk, file: &str) -> (String, String) {
    let found = desk.out(&["profile", file, "-o", "x.toml"]);
    (std::fs::read_to_string(desk.path("x.toml")).unwrap(), found)
}

fn rows(desk: &Desk, file: &str, columns: &str) -> Vec<String> {
    let out = desk.out(&["interactions", file, "--profile", "x.toml", "-q", "--tz", "UTC", "--columns", columns]);
    out.lines().skip(1).map(str::to_owned).collect()
}

const UNHEADED: &str = "\
T-1,31/10/2026 09:15,Ana@Example.com,+44 20 7946 0018,Email,Closed,00:04:10,Tom
T-2,30/10/2026 10:00,bo@example.com,+44 20 7946 0019,Phone,Open,00:01:00,Ann
T-3,29/10/2026 11:00,cy@example.com,,Email,Closed,00:02:00,Tom
";

#[test]
fn a_file_without_a_header_is_read_by_what_stands_in_it() {
    let desk = Desk::new().with("list.csv", UNHEADED);
    let (profile, found) = drafted(&desk, "list.csv");
    assert!(found.contains("no line with the names of its columns"), "{found}");
    assert!(found.contains("3 of 3 rows used, 0 ignored, 0 left out."), "{found}");
    assert_eq!(
        rows(&desk, "list.csv", "interaction_id,started_at,customer_email,customer_phone,channel,status"),
        [
            "T-3,2026-10-29T11:00:00Z,cy@example.com,,email,closed",
            "T-2,2026-10-30T10:00:00Z,bo@example.com,+442079460019,phone,open",
            "T-1,2026-10-31T09:15:00Z,ana@example.com,+442079460018,email,closed",
        ]
    );
    // What is so long, and who Tom is, no value says; what was taken is marked as a guess.
    assert!(
        profile.contains("  \"column 7\", # 00:04:10\n") && !profile.contains("talk =") && !profile.contains("agent =")
    );
    assert!(profile.contains("customer_email = \"column 3\" # ? by what stands in it"), "{profile}");
    // It is known again next week, and nothing else is taken for it.
    let next = UNHEADED.replace("/10/2026", "/11/2026").replace("31/11", "28/11").replace("T-", "T-9");
    let desk = desk.with("next.csv", next).with("other.csv", "a,b\n1,2\n3,4\n");
    assert_eq!(rows(&desk, "next.csv", "interaction_id").len(), 3);
    assert_eq!(desk.run(&["interactions", "other.csv", "--profile", "x.toml"]).code, 1);
}

#[test]
fn the_order_of_day_and_month_is_asked_without_a_header_too() {
    let desk = Desk::new().with("list.csv", "1;03/04/2026;a@example.com\n2;04/04/2026;b@example.com\n");
    let (profile, found) = drafted(&desk, "list.csv");
    assert!(found.contains("Not yet:") && profile.contains("# day_order = \"dmy\""), "{found}{profile}");
    let answered = profile.replace("# day_order = \"dmy\"", "day_order = \"dmy\"");
    let desk = desk.with("x.toml", answered);
    assert_eq!(rows(&desk, "list.csv", "interaction_id,started_at")[0], "1,2026-04-03");
}

#[test]
fn a_file_of_which_nothing_has_a_shape_is_read_all_the_same() {
    let desk = Desk::new().with("in/list 2026-10.csv", "5,7\n6,x y\n7,z\n");
    let (profile, found) = drafted(&desk, "in/list 2026-10.csv");
    assert!(found.contains("3 of 3 rows used"), "{found}");
    // It is known by its name, and takes no other file of two columns for its own.
    assert!(profile.contains("\nfiles = [\"list *-*.csv\"] #") && !profile.contains("\nrows ="), "{profile}");
    let desk = desk
        .with("in/list 2026-11.csv", "8,a\n9,b\n")
        .with("in/stock.csv", "1;2\n")
        .with("in/prices.csv", "1,2\n3,4\n");
    let said = desk.run(&["check", "in", "--profile", "x.toml"]);
    assert!(said.out.contains("list 2026-11.csv  list-2026-10 "), "{}", said.out);
    assert!(!said.out.contains("prices.csv  list-2026-10"), "{}", said.out);
    let left_out = "warning: no profile fits `prices.csv`; headers found: 1, 2; `list-2026-10` is for files called `list *-*.csv`: `files` in its [detect]; it was left out\n";
    assert!(said.err.contains(left_out), "{}", said.err);
    // Who names both is obeyed.
    let named = "[[source]]\nfile = 'prices.csv'\nprofile = 'list-2026-10'\n";
    let said = desk.with("in/deskstat.toml", named).run(&["check", "in", "--profile", "x.toml"]);
    assert!(said.out.contains("prices.csv        list-2026-10"), "{}", said.out);
}

const CHANGES: &str = "\
Field,Ticket ID,Changed at,New value,User
status,1,2026-03-02 09:00,new,
priority,1,2026-03-02 09:00,high,
status,1,2026-03-02 09:30,open,ann
status,1,2026-03-02 13:00,solved,ann
status,1,2026-03-03 09:00,open,bo
status,1,2026-03-03 11:00,closed,ann
status,2,2026-03-02 10:00,new,
assignee,2,2026-03-02 10:30,ann,
status,2,2026-03-02 11:00,on-hold,ann
";

#[test]
fn a_table_of_changes_tells_what_happened() {
    let desk = Desk::new().with("changes.csv", CHANGES.replace("Changed at", "updated"));
    let (profile, found) = drafted(&desk, "changes.csv");
    assert!(found.contains("7 of 9 rows used, 2 ignored, 0 left out."), "{found}\n{profile}");
    assert!(profile.contains("from = \"Field\"\nnot = [\"status\"]"), "{profile}");
    assert_eq!(
        rows(&desk, "changes.csv", "interaction_id,started_at,resolved_at,reopens,status"),
        ["1,2026-03-02T09:00:00Z,2026-03-03T11:00:00Z,1,resolved", "2,2026-03-02T10:00:00Z,,0,open"]
    );
    // Solved after 4 h, taken up again 20 h later for 2 h: 26 h in all, open for 6 of them.
    let figures = ["--metrics", "ttr_full_p50,ttr_first_p50,ttr_active_p50", "--period", "all", "-q", "-f", "json"];
    let table = json(&desk.out(&[&["table", "changes.csv", "--profile", "x.toml"], &figures[..]].concat()));
    let hours =
        ["ttr_full_p50", "ttr_first_p50", "ttr_active_p50"].map(|id| table["rows"][0][id].as_f64().unwrap() / 3600.0);
    assert_eq!(hours, [26.0, 4.0, 6.0]);
}

#[test]
fn changes_tell_what_happened_to_contacts_of_another_file() {
    let tickets =
        "Ticket ID,Created,Channel,Status\n1,2026-03-02 09:00,Email,Closed\n2,2026-03-02 10:00,Phone,Pending\n";
    let desk =
        Desk::new().with("in/changes.csv", CHANGES.replace("Changed at", "updated")).with("in/tickets.csv", tickets);
    desk.out(&["profile", "in/tickets.csv", "-o", "tickets.toml"]);
    let both = |changes: &str, columns: &str| {
        let args = ["--profile", "tickets.toml", "--profile", changes, "-q", "--tz", "UTC", "--columns", columns];
        desk.out(&[&["interactions", "in"], &args[..]].concat())
    };
    // As events of theirs.
    desk.out(&["profile", "in/changes.csv", "--kind", "events", "-o", "events.toml"]);
    let told = "interaction_id,channel,status,reopens\n1,email,closed,1\n2,phone,pending,0\n";
    assert_eq!(both("events.toml", "interaction_id,channel,status,reopens"), told);
    // As contacts that share the tickets' numbers.
    desk.out(&["profile", "in/changes.csv", "-o", "log.toml"]);
    for file in ["tickets.toml", "log.toml"] {
        let text = std::fs::read_to_string(desk.path(file)).unwrap();
        let one_system = match text.contains("# system = ") {
            true => text.replace("# system = \"our-desk\"", "system = \"our-desk\""),
            false => text.replacen("\ntitle = ", "\nsystem = \"our-desk\"\ntitle = ", 1),
        };
        std::fs::write(desk.path(file), one_system).unwrap();
    }
    assert_eq!(both("log.toml", "interaction_id,channel,status,reopens"), told);
}

#[test]
fn the_seeds_of_a_warehouse_are_drafted_as_changes() {
    let seed = root().join("../shared/data/zendesk-seeds/ticket_field_history_data.csv");
    if !seed.is_file() {
        return;
    }
    let desk = Desk::new();
    let file = seed.to_str().unwrap();
    let (profile, found) = drafted(&desk, file);
    // Counted with pandas: 30 of 38 rows are about the state, of 15 tickets.
    assert!(found.contains("30 of 38 rows used, 8 ignored, 0 left out."), "{found}\n{profile}");
    assert_eq!(rows(&desk, file, "interaction_id").len(), 15);
}

#[test]
fn a_log_of_events_is_contacts_at_once() {
    let log = "Ticket,Activity,Timestamp,Who\n1,Created,2026-03-02 09:00,Tom\n1,Closed,2026-03-02 10:00,Ann\n2,Created,2026-03-02 11:00,Ann\n2,In Bearbeitung,2026-03-02 11:30,Ann\n";
    let desk = Desk::new().with("log.csv", log);
    let (_, found) = drafted(&desk, "log.csv");
    assert!(found.contains("4 of 4 rows used, 0 ignored, 0 left out."), "{found}");
    assert_eq!(
        rows(&desk, "log.csv", "interaction_id,started_at,resolved_at,status"),
        ["1,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,resolved", "2,2026-03-02T11:00:00Z,,open"]
    );
}
