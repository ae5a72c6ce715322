//! Histories: what events tell that flat exports cannot, and the sum of what came and went.

use crate::desk::{Desk, json, root, run_in};

fn table(desk: &Desk, args: &[&str]) -> serde_json::Value {
    json(&desk.out(&[&["table", ".", "-q", "-f", "json"], args].concat()))["rows"][0].clone()
}

const TICKETS: &str = "\
interaction_id,channel,customer_email,started_at,status
1,email,a@x.com,2026-03-02T09:00:00Z,resolved
2,email,b@x.com,2026-03-02T10:00:00Z,open
";

/// A bot solves 1 at once; the customer comes back two hours later, and a human replies after one more.
const EVENTS: &str = "\
interaction_id,at,kind,actor_kind
1,2026-03-02T09:00:00Z,message_in,
1,2026-03-02T09:00:05Z,message_out,bot
1,2026-03-02T09:00:06Z,resolved,bot
1,2026-03-02T11:00:00Z,reopened,customer
1,2026-03-02T12:00:00Z,message_out,human
1,2026-03-02T13:00:00Z,resolved,human
3,2026-03-02T13:00:00Z,resolved,human
";

#[test]
fn after_a_resolution_by_a_bot_the_reply_is_waited_for_from_the_reopening() {
    let desk = Desk::new().with("tickets.csv", TICKETS).with("events.csv", EVENTS);
    let row = table(
        &desk,
        &[
            "--metrics",
            "frt_mean,frt_n,frt_any_p50,reopen_rate,ttr_first_p50,ttr_active_p50",
            "--where",
            "status=resolved",
        ],
    );
    assert_eq!((&row["frt_mean"], &row["frt_n"]), (&3600.into(), &1.into()), "an hour, not three");
    assert_eq!(row["frt_any_p50"], 5);
    assert_eq!(row["ttr_first_p50"], 6);
    assert_eq!(row["ttr_active_p50"], 7206, "six seconds and two hours");
}

#[test]
fn events_of_nothing_that_was_read_are_counted_and_said() {
    let desk = Desk::new().with("tickets.csv", TICKETS).with("events.csv", EVENTS);
    let said = desk.run(&["table", ".", "--metrics", "contacts"]);
    assert!(said.err.contains("1 event belongs to no interaction"), "{}", said.err);
    let rows = desk.checked("files");
    let events = rows.iter().find(|row| row["file"] == "events.csv").unwrap();
    assert_eq!(events["used"]["value"], 7);
}

#[test]
fn the_same_events_in_two_exports_count_once() {
    let later: String =
        EVENTS.lines().enumerate().filter(|(nth, _)| *nth != 2).map(|(_, l)| format!("{l}\n")).collect();
    let desk = Desk::new().with("tickets.csv", TICKETS).with("events.csv", EVENTS).with("later.csv", later);
    let row = table(&desk, &["--metrics", "reopen_rate_n,reopen_rate_immature,frt_n"]);
    assert_eq!(row["reopen_rate_immature"], 2, "two resolutions, not four");
    let duplicates: i64 =
        desk.checked("files").iter().map(|row| row["duplicates"]["value"].as_i64().unwrap_or(0)).sum();
    assert_eq!(duplicates, 6);
}

#[test]
fn what_came_and_went_adds_up_in_every_week() {
    let folder = root().join("tests/oracle/desk");
    for week in 10..=19 {
        let period = format!("2026-W{week}");
        let said =
            run_in(&folder, &["report", ".", "-q", "--only", "resolution", "--period", &period, "-f", "json"], "");
        assert_eq!(said.code, 0, "{}", said.err);
        let report = json(&said.out);
        let tables = report["sections"][0]["tables"].as_array().unwrap();
        let flow = tables.iter().find(|table| table["id"] == "flow").expect("the flow of the week");
        let cell = |name: &str| flow["rows"][0][name]["value"].as_i64().unwrap();
        let came = cell("opening") + cell("started") + cell("reopened");
        let went = cell("resolved") + cell("merged") + cell("deleted");
        assert_eq!(came - went, cell("closing"), "{period}");
        assert!(cell("started") > 0 && cell("resolved") > 0, "{period} is not empty");
        let previous = |name: &str| flow["rows"][0][name]["previous"].as_i64();
        if let (Some(closing), Some(_)) = (previous("closing"), previous("opening")) {
            assert_eq!(closing, cell("opening"), "{period} begins with what was left");
        }
    }
}

#[test]
fn numbered_agents_are_named_nowhere() {
    let tickets = "interaction_id,channel,agent,started_at\n1,email,Mira Okafor,2026-03-02T09:00:00Z\n2,email,Ben Li,2026-03-02T09:30:00Z\n";
    let desk = Desk::new().with("tickets.csv", tickets);
    for args in [&["interactions", "."][..], &["table", ".", "--by", "agent"], &["report", ".", "--full"]] {
        let said = desk.run(&[args, &["--anonymise-agents", "-f", "csv"]].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(!said.out.contains("Okafor") && !said.out.contains("Ben Li"), "{}", said.out);
    }
    assert!(desk.out(&["table", ".", "--by", "agent", "--anonymise-agents", "-f", "csv"]).contains("agent 1"));
}

#[test]
fn a_reply_before_the_reopening_or_a_later_closing_moves_nothing() {
    let tickets = "\
interaction_id,channel,customer_email,started_at,status,first_response_at
1,email,a@x.com,2026-03-02T09:00:00Z,resolved,2026-03-02T09:10:00Z
2,email,b@x.com,2026-03-03T09:00:00Z,resolved,
";
    // 1 was replied to before the bot closed it; 2 is closed again, by nobody in particular, before the customer comes back.
    let events = "\
interaction_id,at,kind,actor_kind
1,2026-03-02T09:30:00Z,resolved,bot
1,2026-03-02T12:00:00Z,reopened,customer
1,2026-03-02T13:00:00Z,resolved,human
2,2026-03-03T09:10:00Z,resolved,bot
2,2026-03-07T09:10:00Z,closed,
2,2026-03-10T09:00:00Z,reopened,customer
2,2026-03-10T09:10:00Z,message_out,human
2,2026-03-10T10:10:00Z,resolved,human
";
    let desk = Desk::new().with("tickets.csv", tickets).with("events.csv", events);
    let row = table(&desk, &["--metrics", "frt_p50,frt_p90,frt_n,ttr_active_mean"]);
    assert_eq!((&row["frt_p50"], &row["frt_p90"], &row["frt_n"]), (&600.into(), &600.into(), &2.into()));
    // 30 min and 1 h; 10 min and 1 h 10 min.
    assert_eq!(row["ttr_active_mean"], 5100);
}

#[test]
fn a_history_without_messages_says_nothing_of_replies() {
    let tickets = "interaction_id,channel,started_at,status\n1,email,2026-03-02T09:00:00Z,open\n2,email,2026-03-02T09:00:00Z,resolved\n";
    let events = "interaction_id,at,kind\n2,2026-03-03T09:00:00Z,resolved\n1,2026-03-03T10:00:00Z,assigned\n";
    let desk = Desk::new().with("tickets.csv", tickets).with("events.csv", events);
    let row = table(&desk, &["--metrics", "frt_mean,frt_n,one_touch,transfer_rate"]);
    assert!(row["frt_mean"].is_null() && row["one_touch"].is_null() && row["transfer_rate"].is_null(), "{row}");
}

#[test]
fn an_event_that_names_its_source_is_of_that_source_alone() {
    let tickets = "interaction_id,source,channel,started_at,status,replies\n7,shop,email,2026-03-02T09:00:00Z,open,0\n8,desk,email,2026-03-02T09:00:00Z,open,0\n";
    let events = "interaction_id,source,at,kind\n7,desk,2026-03-02T11:00:00Z,message_out\n8,desk,2026-03-02T11:00:00Z,message_out\n";
    let desk = Desk::new().with("tickets.csv", tickets).with("events.csv", events);
    let said = desk.run(&["table", ".", "--by", "source", "--metrics", "untouched", "-f", "csv"]);
    assert!(said.err.contains("1 event belongs to no interaction"), "{}", said.err);
    assert!(said.out.contains("shop,1") && said.out.contains("desk,0"), "{}", said.out);
}
