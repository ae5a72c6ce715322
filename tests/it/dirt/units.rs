//! Lengths of time: units that differ in one row, business hours under plain names, zeros and moments that are none.

use super::{figure, of, rows, with};

/// A mapping of one's own, which takes `Waited` for the wait, in minutes.
const OWN: &str = "name = 'own'\ntitle = 'Own'\n[detect]\nheaders = ['No', 'Opened']\n[columns]\ninteraction_id = 'No'\nstarted_at = 'Opened'\nwait = { from = 'Waited*', unit = 'min' }\n";

#[test]
fn rule_1_units_differ_inside_one_vendor() {
    // Dialpad: 0.75 minutes are 45 s; in JSON milliseconds since 1970, one call from 09:15 to 09:16.
    let dialpad = "date_started,call_id,entry_point_call_id,category,categories,direction,target_kind,time_to_answer,hold_duration,queued_duration,talk_duration,wrapup_duration\n\
                   2026-09-01 06:10:00,64,,incoming,\"answered,inbound\",inbound,CallCenter,0.75,0.5,,5.0,1.0\n\
                   2026-09-01 07:10:00,65,,abandoned,\"unanswered,inbound\",inbound,CallCenter,,,0.39,,\n";
    assert_eq!(
        of("calls.csv", dialpad, "interaction_id,wait,talk,hold,wrap"),
        ["64|45|300|30|60", "65|23.4|||"],
        "decimal minutes"
    );
    let event = r#"{"call_id": 64, "event_timestamp": 1709543760000, "date_started": 1709543700000, "date_ended": 1709543760000, "direction": "inbound", "external_number": "+12025550100", "state": "hangup"}"#;
    assert_eq!(
        of("calls.json", event, "interaction_id,started_at,ended_at"),
        ["64|2024-03-04T09:15:00Z|2024-03-04T09:16:00Z"]
    );
}

#[test]
fn rule_1_units_differ_inside_one_row() {
    // Aircall: seconds, M:S and H:M:S side by side.
    let aircall = "datetime (utc),direction,from,answered,missed_call_reason,duration (total),duration (in call),in-call duration,waiting time,call id (internal)\n\
                   2025-12-04 07:14:00,inbound,61400000001,Yes,,302,282,04:42,00:00:06,1\n";
    assert_eq!(of("calls.csv", aircall, "wait,talk"), ["6|282"]);
    // Zendesk: minutes, but `Resolution time` in hours: 26 h 05 min are 1565 min and stand there as 26.
    let zendesk = "Id,Requester email,Group stations,Assignee stations,Status,Via,Created at,Solved at,Resolution time,First reply time in minutes,Full resolution time in minutes\n\
                   1,ana@example.com,1,1,Closed,Mail,2024-03-04 09:15,2024-03-05 11:20,26,35,1565\n";
    assert_eq!(
        of("tickets.csv", zendesk, "resolved_at,vendor_first_response,vendor_resolution"),
        ["2024-03-05T11:20:00Z|2100|93900"]
    );
    // Asterisk's log counts seconds, save that a phone rang for 15000 ms.
    let log = "1709543700|17.1|support|NONE|ENTERQUEUE||2025550100|1\n\
               1709543720|17.1|support|Tom Hill|RINGNOANSWER|15000\n\
               1709543731|17.1|support|Ann Lee|CONNECT|31|17.2|6\n\
               1709543981|17.1|support|Ann Lee|COMPLETECALLER|31|250|1\n";
    assert_eq!(of("queue_log", log, "wait,talk,agent"), ["31|250|Ann Lee"]);
}

#[test]
fn rule_1_units_differ_by_an_option_of_the_export() {
    // Genesys: 350000 ms, `5m 50s` and `0:05:50` are the same, each in a file of its own.
    for length in ["350000", "5m 50s", "0:05:50"] {
        let calls = format!(
            "Full Export Completed,Partial Result Timestamp,Filters,Media Type,Date,Total Handle,Conversation ID\nYES,,,voice,2025-06-23 07:00:00,{length},c1\n"
        );
        assert_eq!(of("calls.csv", calls, "handle"), ["350"], "{length}");
    }
    // In Spanish a bare `90` may be either: it is left out, not guessed.
    let spanish = "Marca de hora del resultado parcial;Filtros;Usuarios;Fecha;Dirección;ANI;Total de cola;Manejo total\n;;Luis Soto;23/06/25 07:00;Entrante;tel:+56912345678;90;19m 10s\n";
    let desk = with("calls.csv", spanish);
    assert_eq!(rows(&desk, "wait,handle"), ["|1150"]);
    let said = desk.run(&["check", "in"]);
    assert!(said.out.contains("Total de cola") && said.out.contains("`90`"), "{}", said.out);
}

#[test]
fn rule_2_business_hours_hide_behind_plain_names() {
    // Asked on Friday at 16:00, answered on Monday at 9:30: 65.5 h by the clock, half an hour of business.
    let freshdesk = "Ticket ID,Status,Source,Created time,Last update time,Initial response time,Resolved time,First response time (in hrs),Resolution time (in hrs)\n\
                     7,Resolved,Email,2024-03-08 16:00:00,2024-03-11 10:00:00,2024-03-11 09:30:00,2024-03-11 10:00:00,00:30:00,01:00:00\n";
    let desk = with("tickets.csv", freshdesk);
    let columns = "vendor_first_response,vendor_first_response_business,vendor_resolution,vendor_resolution_business";
    assert_eq!(rows(&desk, columns), ["|1800||3600"]);
    assert_eq!(figure(&desk, "frt_p50"), Some(65.5 * 3600.0), "by the moments");
    // Zammad leaves closing time out of what it calls `_in_min`.
    let zammad = r#"[{"id": 1, "number": "22001", "group": "Users", "state": "closed", "priority": "2 normal", "customer": "ana@example.com", "created_at": "2024-03-08T16:00:00Z", "updated_at": "2024-03-11T10:00:00Z", "first_response_at": "2024-03-11T09:30:00Z", "close_at": "2024-03-11T10:00:00Z", "article_count": 2, "first_response_in_min": 30, "close_in_min": 60}]"#;
    assert_eq!(of("tickets.json", zammad, columns), ["|1800||3600"]);
}

#[test]
fn rule_3_a_zero_is_no_time() {
    let chatwoot = r#"{"data": {"payload": [
        {"id": 55, "meta": {"sender": {"id": 7}, "channel": "Channel::Email"}, "status": "open", "created_at": 1709543700, "first_reply_created_at": 0, "last_activity_at": 1709543700},
        {"id": 56, "meta": {"sender": {"id": 8}, "channel": "Channel::Email"}, "status": "open", "created_at": 1709543700, "first_reply_created_at": 1709543760, "last_activity_at": 1709543760}]}}"#;
    let desk = with("conversations.json", chatwoot);
    assert_eq!(rows(&desk, "interaction_id,first_response_at"), ["55|", "56|2024-03-04T09:16:00Z"]);
    assert_eq!((figure(&desk, "frt_p50"), figure(&desk, "frt_waiting")), (Some(60.0), Some(1.0)));
}

#[test]
fn rule_3_lengths_are_offsets_from_1970() {
    // 9 h 46 min 18 s; and a day more than that.
    let incidents = "number,opened_at,short_description,caller_id,state,resolved_at,business_duration,calendar_duration\n\
                     INC1,2024-03-04 09:15:00,,Ana,Resolved,2024-03-05 19:01:18,1970-01-01 09:46:18,1970-01-02 09:46:18\n";
    assert_eq!(of("incidents.csv", incidents, "vendor_resolution_business,vendor_resolution"), ["35178|121578"]);
    // A spreadsheet's `0:27`, and a date astray, which is no length of time.
    let desk =
        with("own.csv", "No,Opened,Waited\n1,2024-03-04 09:15,1/1/1970 0:27\n2,2024-03-04 09:16,4/3/2024 0:27\n")
            .with("in/own.toml", OWN);
    let out =
        desk.out(&["interactions", "in/own.csv", "-q", "--profile", "in/own.toml", "--columns", "interaction_id,wait"]);
    assert_eq!(out, "interaction_id,wait\n1,1620\n2,\n");
}

#[test]
fn lengths_of_more_than_a_day_and_in_words() {
    let list = "No,Opened,Waited (min)\n1,2024-03-04 09:01,26:05:00\n2,2024-03-04 09:02,1h 2m\n3,2024-03-04 09:03,1 day 3 hours\n4,2024-03-04 09:04,PT1H2M\n5,2024-03-04 09:05,1.5\n6,2024-03-04 09:06,\"2,5\"\n";
    let desk = with("own.csv", list).with("in/own.toml", OWN);
    let out =
        desk.out(&["interactions", "in/own.csv", "-q", "--profile", "in/own.toml", "--columns", "interaction_id,wait"]);
    let waits: Vec<&str> = out.lines().skip(1).collect();
    assert_eq!(waits, ["1,93900", "2,3720", "3,97200", "4,3720", "5,90", "6,150"]);
}

#[test]
fn the_unit_stands_in_the_header() {
    // HubSpot writes it there, and one's own list is drafted by it.
    let hubspot = "Ticket ID,Ticket name,Ticket status,Create date,Close date,Time to first agent email reply (HH:mm:ss),Time to close (HH:mm:ss)\n1,a,Closed,2025-03-04 09:15,2025-03-05 11:20,0:35:12,26:05:00\n";
    assert_eq!(of("tickets.csv", hubspot, "vendor_first_response,vendor_resolution"), ["2112|93900"]);
    for (header, seconds) in [("Wait time (min)", "150"), ("Wait time (sec)", "2.5"), ("Wait time in hours", "9000")] {
        let list = format!("Call ID,Call time,Agent,{header}\n1,2026-03-02 09:00,Tom,2.5\n2,2026-03-02 09:05,Ann,4\n");
        let desk = with("calls.csv", list);
        desk.out(&["profile", "in/calls.csv", "-o", "calls.toml"]);
        let out =
            desk.out(&["interactions", "in", "-q", "--profile", "calls.toml", "--columns", "interaction_id,wait"]);
        assert_eq!(out.lines().nth(1), Some(format!("1,{seconds}").as_str()), "{header}");
    }
}
