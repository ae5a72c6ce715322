//! One export in several files: its records count once however it was kept, and where numbers do not mean one record, it is
//! said.

use crate::archives::zip;
use crate::desk::Desk;
use crate::workbooks::book;

const HEAD: &str = "Ticket ID,Created time,Last update time,First response time (in hrs),Source,Status,Email\n";

/// Tickets of these days of March; closed where they changed later.
fn tickets(days: impl Iterator<Item = u32>, month: u32, changed: u32) -> String {
    let row = |day: u32| {
        let status = if day <= changed { "Closed" } else { "Open" };
        format!(
            "{day},2026-{month:02}-{day:02} 09:15:00,2026-{month:02}-{:02} 10:00:00,,Email,{status},c{day}@example.com\n",
            day.max(changed + 1)
        )
    };
    days.map(row).fold(HEAD.to_owned(), |all, row| all + &row)
}

/// How many contacts, and what is said of them.
fn counted(desk: &Desk) -> (String, String) {
    let said = desk.run(&["table", "in", "--metrics", "contacts", "--period", "all", "--tz", "UTC", "-f", "csv"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let about = said.err.lines().filter(|line| !line.contains("no zone") && !line.contains("source_time_zone"));
    (said.out.lines().nth(1).unwrap().to_owned(), about.map(|line| format!("{line}\n")).collect())
}

#[test]
fn an_export_counts_once_however_often_and_in_whatever_form_it_is_kept() {
    let csv = tickets(1..21, 3, 0);
    let utf16: Vec<u8> =
        format!("\u{feff}{}", csv.replace(',', "\t")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut lines: Vec<&str> = csv.lines().skip(1).collect();
    lines.sort_unstable_by(|a, b| b.cmp(a));
    let sorted = format!("{HEAD}{}\n", lines.join("\n"));
    let cells: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let sheet: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
    let desk = || Desk::new().with("in/tickets.csv", &csv);
    for (name, content) in [
        ("tickets (1).csv", csv.clone().into_bytes()),
        ("tickets.zip", zip(&[("tickets.csv", csv.as_bytes())])),
        ("tickets.xlsx", book(&[("Tickets", &sheet)])),
        ("resaved.txt", utf16),
        ("by-number.csv", sorted.into_bytes()),
        ("open-ones.csv", tickets((1..21).step_by(3), 3, 0).into_bytes()),
        ("semicolons.csv", csv.replace(',', ";").into_bytes()),
    ] {
        assert_eq!(counted(&desk().with(&format!("in/{name}"), content)), ("20".to_owned(), String::new()), "{name}");
    }
    // The month after, of which some tickets were there before: 20 and 10 more, and the later state counts.
    let desk = desk().with("in/april.csv", tickets(11..31, 3, 15));
    assert_eq!(counted(&desk).0, "30");
    let closed = desk.out(&[
        "table",
        "in",
        "--metrics",
        "contacts",
        "--by",
        "status",
        "--period",
        "all",
        "--tz",
        "UTC",
        "-q",
        "-f",
        "csv",
    ]);
    // 11 to 15 were closed in it; 1 to 10 are not in it any more.
    assert!(closed.contains("closed,5\n") && closed.contains("open,25\n"), "{closed}");
}

#[test]
fn numbers_that_two_accounts_share_are_told_of() {
    let desk = |second: String| Desk::new().with("in/uk.csv", tickets(1..6, 3, 0)).with("in/us.csv", second);
    let (contacts, said) = counted(&desk(tickets(1..6, 4, 0)));
    assert_eq!(
        (contacts.as_str(), said.as_str()),
        (
            "5",
            "warning: 5 numbers of `freshdesk` stand for several records, which begin at different times, as in `uk.csv` and `us.csv`: of each one counts\nhint: two accounts need a `source` each, under [[source]] in deskstat.toml; if it is one, its numbers may be of something else\n"
        )
    );
    // Within a day too.
    let (_, said) = counted(&desk(tickets(1..6, 3, 0).replace(" 09:15:00,", " 11:52:40,")));
    assert!(said.starts_with("warning: 5 numbers of `freshdesk` stand for several records"), "{said}");
    let named = ["uk", "us"].map(|name| format!("[[source]]\nfile = '{name}.csv'\nsource = '{name}'\n"));
    let desk = desk(tickets(1..6, 4, 0).replace(",c", ",d")).with("in/deskstat.toml", named.concat());
    let (contacts, said) = counted(&desk);
    assert_eq!(contacts, "10");
    assert!(!said.contains("several records"), "{said}");
}

#[test]
fn a_wrong_zone_is_told_by_records_that_two_exports_share() {
    let record = |day: u32| {
        format!(
            r#"{{"id": {day}, "requester_id": 7, "responder_id": null, "fr_escalated": false, "created_at": "2026-03-{day:02}T07:15:00Z", "source": 1, "status": 2}}"#
        )
    };
    let records = (1..5).map(record).collect::<Vec<_>>().join(",");
    let desk = Desk::new().with("in/t.csv", tickets(1..5, 3, 0)).with("in/t.json", format!("[{records}]"));
    assert_eq!(
        counted(&desk),
        (
            "4".to_owned(),
            "warning: 4 records begin 2 h later in `t.csv` than in `t.json`: one of the two is read in a wrong time zone\nhint: say it in deskstat.toml: time_zone under [[source]]\n".to_owned()
        )
    );
    let desk = desk.with("in/deskstat.toml", "[[source]]\nfile = 't.csv'\ntime_zone = 'Etc/GMT-2'\n");
    assert_eq!(counted(&desk), ("4".to_owned(), String::new()));
}

#[test]
fn numbers_that_a_spreadsheet_damaged_make_no_two_contacts_one() {
    let row = |day: u32| format!("6.42198E+15,2026-03-{day:02} 09:15:00,,,Email,Open,c{day}@example.com\n");
    let desk = Desk::new().with("in/t.csv", (3..6).map(row).fold(tickets(1..3, 3, 0), |all, row| all + &row));
    let (contacts, said) = counted(&desk);
    assert_eq!(contacts, "2");
    let left_out = "warning: 3 of 5 rows were left out (60.0 %)\n  t.csv  `Ticket ID` was damaged by a spreadsheet   3 rows   first at line 4: `6.42198E+15`\n";
    assert!(said.starts_with(left_out), "{said}");
}
