//! Exports of single messages and of changes of state: what becomes of them, with figures worked by hand.

use crate::desk::{Desk, json};

/// One row's figures of the whole folder.
fn total(desk: &Desk, metrics: &str) -> serde_json::Value {
    json(&desk.out(&["table", ".", "-q", "-f", "json", "--metrics", metrics]))["rows"][0].clone()
}

const TWEETS: &str = "\
tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id
10,101,True,Wed Nov 01 09:00:00 +0000 2017,late,11,
11,Acme,False,Wed Nov 01 10:00:00 +0000 2017,@101 sorry,12,10
12,101,True,Wed Nov 01 10:30:00 +0000 2017,and now?,13,11
13,Acme,False,Wed Nov 01 12:30:00 +0000 2017,on its way,,12
20,102,True,Thu Nov 02 08:00:00 +0000 2017,nobody answers,,
30,Acme,False,Thu Nov 02 09:00:00 +0000 2017,@103 how was it?,31,
31,103,True,Thu Nov 02 09:30:00 +0000 2017,fine,,30
";

#[test]
fn conversations_of_tweets_are_contacts_with_each_reply_timed() {
    let desk = Desk::new().with("twcs.csv", TWEETS);
    let row = total(&desk, "contacts,frt_p50,frt_n,next_reply_p50,next_reply_n,next_reply_silent");
    // 30 was begun by the company. Of the two contacts one was answered after an hour, the other never; each reply took
    // 1 h and 2 h. Whether an unanswered tweet is still open, nobody knows.
    let expected =
        [("contacts", 2.0), ("frt_p50", 3600.0), ("frt_n", 1.0), ("next_reply_p50", 5400.0), ("next_reply_n", 2.0)];
    for (column, value) in expected {
        assert_eq!(row[column].as_f64(), Some(value), "{column}");
    }
}

#[test]
fn the_order_and_the_overlap_of_files_change_nothing() {
    let (header, rows) = TWEETS.split_once('\n').unwrap();
    let lines: Vec<&str> = rows.lines().collect();
    let file = |lines: &[&str]| format!("{header}\n{}\n", lines.join("\n"));
    let backwards: Vec<&str> = lines.iter().rev().copied().collect();
    let metrics = "contacts,frt_p50,frt_n,next_reply_mean,next_reply_n";
    let whole = total(&Desk::new().with("all.csv", TWEETS), metrics);
    assert_eq!(whole, total(&Desk::new().with("all.csv", file(&backwards)), metrics));
    let parts = Desk::new().with("a.csv", file(&lines[..5])).with("b.csv", file(&lines[2..]));
    assert_eq!(whole, total(&parts, metrics));
    let files = parts.checked("files");
    let sum = |count: &str| files.iter().map(|row| row[count]["value"].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("read"), sum("used"), sum("folded"), sum("duplicates")), (10, 3, 4, 3));
}

#[test]
fn of_two_parents_of_a_message_the_files_order_chooses_none() {
    // 12 answers 11 in one file and 20 in the other; nothing tells which is the later copy.
    let one = TWEETS.lines().filter(|line| !line.starts_with("31,")).collect::<Vec<_>>().join("\n");
    let other = one.replace("and now?,13,11", "and now?,13,20");
    assert_ne!(one, other);
    let rows = |first: &str, second: &str| {
        let desk = Desk::new().with("a.csv", first).with("b.csv", second);
        desk.out(&["interactions", ".", "-q", "--columns", "interaction_id,messages,first_response_at"])
    };
    let told = rows(&one, &other);
    assert_eq!(told, rows(&other, &one));
    assert_eq!(told.lines().count(), 4, "{told}");
}

#[test]
fn a_log_of_changes_is_an_incident_that_was_reopened() {
    let log = "\
number,incident_state,sys_mod_count,opened_at,sys_updated_by,sys_updated_at,contact_type
INC1,New,0,1/2/2026 09:00,a,1/2/2026 09:00,Email
INC1,Resolved,1,1/2/2026 09:00,b,1/2/2026 13:00,Email
INC1,Active,2,1/2/2026 09:00,c,3/2/2026 09:00,Email
INC1,Resolved,3,1/2/2026 09:00,b,3/2/2026 11:00,Email
INC2,New,0,14/2/2026 10:00,a,14/2/2026 10:00,Phone
";
    let desk = Desk::new().with("log.csv", log);
    let row = total(&desk, "contacts,resolved,ttr_full_p50,ttr_first_p50,ttr_active_p50,reopen_rate,backlog");
    // Open 4 h, then 2 h; 50 h from the start to the end. One of its two resolutions did not hold.
    let expected = [
        ("contacts", 2.0),
        ("resolved", 1.0),
        ("ttr_full_p50", 50.0 * 3600.0),
        ("ttr_first_p50", 4.0 * 3600.0),
        ("ttr_active_p50", 6.0 * 3600.0),
        ("reopen_rate", 0.5),
        ("backlog", 1.0),
    ];
    for (column, value) in expected {
        assert_eq!(row[column].as_f64(), Some(value), "{column}");
    }
}

#[test]
fn a_greeting_by_a_program_is_no_reply_of_a_human() {
    let chat = r#"{"chats": [{"id": "c", "users": [{"id": "u1", "type": "customer", "email": "ana@example.com"}],
"thread": {"id": "t1", "created_at": "2026-03-02T09:00:00Z", "tags": [], "events": [
{"id": "1", "type": "message", "created_at": "2026-03-02T09:00:01Z", "author_id": "tom@acme.example", "properties": {"lc2": {"welcome_message": true}}},
{"id": "2", "type": "message", "created_at": "2026-03-02T09:00:20Z", "author_id": "u1"},
{"id": "3", "type": "message", "created_at": "2026-03-02T09:02:00Z", "author_id": "tom@acme.example"}]}}]}"#;
    let rows = Desk::new().with("chats.json", chat).out(&["interactions", ".", "-q", "-f", "json"]);
    let row = &json(&rows)[0];
    assert_eq!(
        (&row["first_response_at"], &row["replies"], &row["messages"]),
        (&"2026-03-02T09:02:00Z".into(), &1.into(), &3.into())
    );
}

const CHAT: &str = "\
[16/03/2026, 9:41:13 AM] Ana Ruiz: Where is my order?
second line
[16/03/2026, 9:51:13 AM] Acme: on its way
";

#[test]
fn a_chat_from_a_phone_needs_to_know_who_we_are() {
    let desk = Desk::new().with("chat.txt", CHAT);
    let said = desk.run(&["interactions", "chat.txt"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("there write `Ana Ruiz`, `Acme`\nhint: say it in deskstat.toml:\n  [[source]]"),
        "{}",
        said.err
    );
    let desk = desk.with("deskstat.toml", "[[source]]\nfile = \"chat.txt\"\nus = [\"Acme\"]\n");
    let rows = json(&desk.out(&["interactions", "chat.txt", "-q", "-f", "json"]));
    assert_eq!(rows.as_array().unwrap().len(), 1);
    let told =
        ["started_at", "first_response_at", "customer_name", "agent", "channel"].map(|name| rows[0][name].clone());
    assert_eq!(told, ["2026-03-16T09:41:13Z", "2026-03-16T09:51:13Z", "Ana Ruiz", "Acme", "messaging"]);
}

#[test]
fn the_metrics_of_tickets_complete_the_tickets_of_the_same_tool() {
    let ticket = r#"{"tickets": [{"id": 7, "url": "x", "created_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-03T09:00:00Z", "status": "solved", "requester_id": 5, "submitter_id": 5, "via": {"channel": "email"}, "satisfaction_rating": null}]}"#;
    let metrics = r#"{"ticket_metrics": [{"id": 1, "ticket_id": 7, "created_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-09T09:00:00Z", "reopens": 2, "replies": 3, "solved_at": "2026-03-03T09:00:00Z", "reply_time_in_minutes": {"calendar": 90, "business": 30}, "full_resolution_time_in_minutes": {"calendar": 1440, "business": 480}, "first_resolution_time_in_minutes": {"calendar": null, "business": null}}]}"#;
    let desk = Desk::new().with("tickets.json", ticket).with("metrics.json", metrics);
    let rows = json(&desk.out(&["interactions", ".", "-q", "-f", "json"]));
    assert_eq!(rows.as_array().unwrap().len(), 1);
    let row = &rows[0];
    let told = ["channel", "status", "resolved_at"].map(|name| row[name].as_str().unwrap_or_default());
    assert_eq!(told, ["email", "resolved", "2026-03-03T09:00:00Z"]);
    assert_eq!((row["replies"].as_i64(), row["vendor_first_response"].as_f64()), (Some(3), Some(5400.0)));
}
