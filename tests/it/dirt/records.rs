//! Rows that are one contact, records that are delivered again, frames of JSON, and what programs answer.

use super::{counts, desk, figure, of, rows, with};
use crate::desk::Desk;

#[test]
fn rule_7_legs_of_a_call_are_one_contact() {
    let cdr = |start: &str, second: &str, more: &str| {
        format!(
            "\"\",\"2025550102\",\"101\",\"from-trunk\",\"2025550102\",\"SIP/t-4\",{second},\"2024-03-04 {start}\",,\"2024-03-04 11:15:50\",20,0,{more},\"DOCUMENTATION\",\"1709550900.22\",\"\"\n"
        )
    };
    let dialpad = "date_started,call_id,entry_point_call_id,category,categories,direction,external_number,target_kind,name,talk_duration\n\
                   2026-09-01 06:10:00,73,72,incoming,\"answered,inbound\",inbound,,UserProfile,Tom Hill,5.0\n\
                   2026-09-01 06:10:00,72,,incoming,\"answered,inbound,transferred_to\",inbound,+12025550100,CallCenter,Support,5.0\n";
    let threecx = "Call Time,Call ID,From,To,Direction,Status,Ringing,Talking,Cost\n\
                   2026-09-22T10:05:31,195,\"Ruiz, Ana (2025550100)\",Tom Hill (101),Inbound,Answered,00:00:04,00:04:10,0.00\n\
                   2026-09-22T10:05:00,195,\"Ruiz, Ana (2025550100)\",Support Queue (800),Inbound Queue,Answered,00:00:05,00:00:31,0.00\n";
    let talkdesk = "Interaction ID,Contact ID,Contact Person Number,Direction,Started At,Wait Time,Abandon Time,Answered At,Talk Time,Hard Hold Time,After Call Work Time,Finished At,Transfer Out (Yes/No),User Name,Team Name\n\
                    i1,c1,+12025550100,Inbound,2024-03-04T09:15:00Z,31,,2024-03-04T09:15:31Z,250,0,60,2024-03-04T09:20:21Z,Yes,Tom Hill,Team A\n\
                    i1,c2,+12025550100,Inbound,2024-03-04T09:20:21Z,10,,2024-03-04T09:20:31Z,60,0,20,2024-03-04T09:21:31Z,No,Ann Lee,Team B\n";
    let twilio = r#"{"calls": [
        {"sid": "CA2", "parent_call_sid": "CA1", "answered_by": null, "direction": "outbound-dial", "from": "+12025550100", "to": "client:tom", "status": "completed", "duration": "340", "start_time": "Fri, 18 Oct 2019 17:00:25 +0000"},
        {"sid": "CA1", "parent_call_sid": null, "answered_by": null, "direction": "inbound", "from": "+12025550100", "to": "+12025550199", "status": "completed", "duration": "371", "start_time": "Fri, 18 Oct 2019 17:00:00 +0000"}]}"#;
    let connect = r#"{"ContactId": "c-2", "InitialContactId": "c-1", "InitiationMethod": "TRANSFER", "Channel": "VOICE", "InitiationTimestamp": "2022-04-08T15:01:22Z", "LastUpdateTimestamp": "2022-04-08T15:04:00Z", "CustomerEndpoint": {"Address": "+12025550100", "Type": "TELEPHONE_NUMBER"}, "Agent": {"AgentInteractionDuration": 60, "ConnectedToAgentTimestamp": "2022-04-08T15:02:00Z", "Username": "ana"}, "Queue": {"Duration": 38, "EnqueueTimestamp": "2022-04-08T15:01:22Z", "Name": "Billing"}}
        {"ContactId": "c-1", "InitialContactId": null, "InitiationMethod": "INBOUND", "Channel": "VOICE", "InitiationTimestamp": "2022-04-08T14:59:38Z", "LastUpdateTimestamp": "2022-04-08T15:03:02Z", "CustomerEndpoint": {"Address": "+12025550100", "Type": "TELEPHONE_NUMBER"}, "Agent": {"AgentInteractionDuration": 33, "ConnectedToAgentTimestamp": "2022-04-08T15:00:49Z", "Username": "tom"}, "Queue": {"Duration": 7, "EnqueueTimestamp": "2022-04-08T15:00:42Z", "Name": "Basic"}}"#;
    let ringcentral = r#"{"records": [
        {"id": "A2", "sessionId": "10", "startTime": "2023-04-10T23:58:49.000Z", "type": "Voice", "direction": "Inbound", "action": "Phone Call", "result": "Missed", "from": {"phoneNumber": "+12025550100"}, "to": {"phoneNumber": "+12025550199"}},
        {"id": "A1", "sessionId": "10", "startTime": "2023-04-10T23:58:47.000Z", "type": "Voice", "direction": "Inbound", "action": "Phone Call", "result": "Accepted", "from": {"phoneNumber": "+12025550100"}, "to": {"phoneNumber": "+12025550199"}}]}"#;
    let asterisk = cdr("11:15:00", "\"SIP/101-5\",\"Dial\",\"SIP/101,20\"", "\"NO ANSWER\"")
        + &cdr("11:15:20", "\"\",\"VoiceMail\",\"101@default,u\"", "\"ANSWERED\"");
    for (file, export, row) in [
        // Who was asked says where the call was; the entry's row says how long they spoke: 5 min.
        ("dialpad.csv", dialpad, "72|2026-09-01T06:10:00Z|answered|300|Tom Hill|Support|1"),
        // The queue's `Talking` is nobody's.
        ("3cx.csv", threecx, "195|2026-09-22T10:05:00Z|answered|250|Tom Hill (101)|Support Queue (800)|"),
        ("talkdesk.csv", talkdesk, "i1|2024-03-04T09:15:00Z|answered|310|Ann Lee|Team B|1"),
        ("twilio.json", twilio, "CA1|2019-10-18T17:00:00Z|answered|340|||"),
        ("connect.json", connect, "c-1|2022-04-08T14:59:38Z|answered|93|ana|Billing|1"),
        ("ringcentral.json", ringcentral, "10|2023-04-10T23:58:47Z|answered||||"),
        // One call of the same number in two rows: it rang, and then went to the voicemail.
        ("Master.csv", asterisk.as_str(), "|2024-03-04T11:15:00Z|voicemail||||"),
    ] {
        let desk = with(file, export);
        assert_eq!(rows(&desk, "case_id,started_at,outcome,talk,agent,team,transfers"), [row], "{file}");
        assert_eq!(counts(&desk), [2, 1, 1, 0, 0, 0], "{file}");
    }
}

#[test]
fn rule_7_messages_of_a_customer_are_one_contact() {
    let sms = |sid: &str, from: &str, to: &str, direction: &str, at: &str| {
        format!(
            r#"{{"sid": "{sid}", "num_segments": "1", "messaging_service_sid": null, "direction": "{direction}", "from": "{from}", "to": "{to}", "status": "received", "date_sent": "{at}", "date_created": "{at}"}}"#
        )
    };
    let (customer, us) = ("+12025550100", "+12025550199");
    let messages = [
        sms("SM1", customer, us, "inbound", "Fri, 24 May 2019 17:44:50 +0000"),
        sms("SM2", us, customer, "outbound-api", "Fri, 24 May 2019 17:46:50 +0000"),
        // The same person elsewhere, and again after more than three days.
        sms("SM3", "whatsapp:+12025550100", "whatsapp:+12025550199", "inbound", "Fri, 24 May 2019 17:47:00 +0000"),
        sms("SM4", customer, us, "inbound", "Wed, 29 May 2019 17:44:50 +0000"),
    ];
    let file = format!(r#"{{"messages": [{}]}}"#, messages.join(", "));
    assert_eq!(
        of("messages.json", file, "interaction_id,channel,first_response_at,messages"),
        ["SM1|sms|2019-05-24T17:46:50Z|2", "SM3|messaging||1", "SM4|sms||1"]
    );
}

#[test]
fn rule_7_line_items_are_one_order() {
    let orders = "Name,Email,Financial Status,Total,Created at,Lineitem quantity,Lineitem name\n\
                  #1001,ana@example.com,paid,110.00,2025-10-22 12:58:37 +0530,1,Shoe\n\
                  #1001,ana@example.com,,,,2,Sock\n";
    let desk = with("orders.csv", orders)
        .with("in/calls.csv", "interaction_id,started_at,customer_email\n1,2025-10-22T09:00:00Z,ana@example.com\n");
    assert_eq!(counts(&desk), [3, 2, 1, 0, 0, 0]);
    assert_eq!((figure(&desk, "clv_orders"), figure(&desk, "clv_revenue")), (Some(1.0), Some(110.0)));
}

/// A record in two files: whichever is read first, the later update counts.
fn newer_wins(files: [(&str, &str); 2], column: &str, value: &str) {
    for names in [["a", "b"], ["b", "a"]] {
        let put = |desk: Desk, ((file, content), name): (&(&str, &str), &str)| {
            desk.with(&format!("in/{name}-{file}"), content)
        };
        let desk = files.iter().zip(names).fold(desk(), put);
        assert_eq!(rows(&desk, column), [value]);
        assert_eq!(counts(&desk), [2, 1, 0, 1, 0, 0]);
    }
}

#[test]
fn rule_8_the_newer_copy_wins() {
    let contact = |updated: &str, wrap: u8| {
        format!(
            r#"{{"ContactId": "c-1", "InitiationMethod": "INBOUND", "Channel": "VOICE", "InitiationTimestamp": "2022-04-08T14:59:38Z", "LastUpdateTimestamp": "{updated}", "Agent": {{"AfterContactWorkDuration": {wrap}, "ConnectedToAgentTimestamp": "2022-04-08T15:00:49Z"}}}}"#
        )
    };
    let (old, new) = (contact("2022-04-08T15:03:02Z", 60), contact("2022-04-08T15:03:32Z", 32));
    newer_wins([("ctr.json", &old), ("ctr.json", &new)], "wrap", "32");
    let ticket = |updated: &str, status: &str| {
        format!(
            r#"{{"tickets": [{{"id": 7, "via": {{"channel": "email"}}, "created_at": "2026-03-02T09:00:00Z", "updated_at": "{updated}", "status": "{status}", "requester_id": 5, "submitter_id": 5, "satisfaction_rating": null}}], "end_of_stream": true}}"#
        )
    };
    let (old, new) = (ticket("2026-03-03T09:00:00Z", "solved"), ticket("2026-03-04T09:00:00Z", "open"));
    newer_wins([("tickets.json", &old), ("tickets.json", &new)], "status", "open");
    // Where pages of one export overlap, both copies are in one file.
    let desk =
        with("ctr.json", format!("{}{}", contact("2022-04-08T15:03:32Z", 32), contact("2022-04-08T15:03:02Z", 60)));
    assert_eq!((rows(&desk, "wrap"), counts(&desk)), (vec!["32".to_owned()], [2, 1, 0, 1, 0, 0]));
}

#[test]
fn rule_9_json_is_framed_in_every_way() {
    let own = |id: u8| format!(r#"{{"interaction_id": "{id}", "started_at": "2026-03-0{id}T09:00:00Z"}}"#);
    let (one, two) = (own(1), own(2));
    for (frame, content) in [
        ("an array", format!("[{one},\n{two}]")),
        ("one a line", format!("{one}\n{two}\n")),
        ("one after the other", format!("{one}{two}")),
        ("pretty and one after the other", format!("{}\n{}", one.replace(',', ",\n  "), two.replace(',', ",\r\n\t"))),
        ("arrays one a line", format!("[{one}]\n[{two}]\n")),
    ] {
        assert_eq!(of("rows.json", content, "interaction_id"), ["1", "2"], "{frame}");
    }
}

/// A record of each layout that wraps its records in an object, under the key where they lie.
const WRAPPED: &[(&str, &str)] = &[
    (
        "tickets",
        r#"{"id": 1, "via": {"channel": "email"}, "created_at": "2026-03-02T09:00:00Z", "status": "open", "requester_id": 5, "submitter_id": 5, "satisfaction_rating": null}"#,
    ),
    (
        "conversations",
        r#"{"id": "1", "created_at": 1709543700, "admin_assignee_id": 0, "team_assignee_id": null, "source": {"type": "email"}, "state": "open"}"#,
    ),
    (
        "records",
        r#"{"id": "1", "sessionId": "1", "startTime": "2026-03-02T09:00:00.000Z", "action": "Phone Call", "direction": "Inbound"}"#,
    ),
    (
        "calls",
        r#"{"id": 1, "raw_digits": "+1 202-555-0100", "missed_call_reason": null, "direction": "inbound", "started_at": 1709543700}"#,
    ),
    (
        "data",
        r#"{"id": 1, "opened_datetime": null, "last_received_message_datetime": null, "created_datetime": "2026-03-02T09:00:00+00:00", "status": "open"}"#,
    ),
    (
        "data.payload",
        r#"{"id": 1, "meta": {"sender": {"id": 7}}, "status": "open", "created_at": 1709543700, "first_reply_created_at": 0}"#,
    ),
    (
        "_results",
        r#"{"id": "1", "status_category": "open", "waiting_since": null, "created_at": 1701292649.333, "status": "assigned"}"#,
    ),
    (
        "_embedded.conversations",
        r#"{"id": 1, "mailboxId": 85, "primaryCustomer": {"id": 2}, "status": "active", "createdAt": "2026-03-02T09:00:00Z"}"#,
    ),
    (
        "entries",
        r#"{"interaction_id": "1", "talkdesk_phone_number": "+12025550199", "start_time": "2026-03-02T09:00:00Z", "call_type": "inbound"}"#,
    ),
    ("chats", r#"{"id": "c", "users": [], "thread": {"id": "1", "created_at": "2026-03-02T09:00:00Z", "events": []}}"#),
];

#[test]
fn rule_9_records_lie_under_a_key() {
    for (key, record) in WRAPPED {
        let wrap = |inner: &str, key: &str| {
            format!("{{\"before\": [1, {{\"a\": 2}}], \"{key}\": {inner}, \"count\": 1, \"after\": null}}")
        };
        let file = key.rsplit('.').fold(format!("[{record}]"), |inner, key| wrap(&inner, key));
        assert_eq!(of("export.json", &file, "interaction_id"), ["1"], "{key}");
        // Pages of an API, one after the other.
        let other = file.replace("\"1\"", "\"2\"").replace("\"id\": 1", "\"id\": 2");
        assert_eq!(of("pages.json", format!("{file}\n{other}"), "interaction_id").len(), 2, "{key}");
    }
    // `results` holds answers to a survey.
    let ratings = r#"{"results": [{"id": 10, "threadid": 99, "ratingId": 1, "ratingCustomerId": 2, "ratingCreatedAt": "2026-03-02T09:00:00Z"}], "page": 1}"#;
    assert_eq!(figure(&with("ratings.json", ratings), "csat"), Some(1.0));
}

#[test]
fn rule_17_a_program_is_no_first_reply() {
    // Intercom: the bot after 5 s, a human after two minutes.
    let intercom = "conversation_id,conversation_started_at,conversation_first_teammate_reply_at,channel,current_conversation_state,conversation_first_response_time,first_response_time_excluding_bot_inbox\n\
                    1,2024-03-04 09:15:00,2024-03-04 09:17:00,Email,Closed,5,115\n";
    let desk = with("dataset.csv", intercom);
    assert_eq!(rows(&desk, "first_response_at,bot"), ["2024-03-04T09:17:00Z|false"]);
    assert_eq!(figure(&desk, "frt_p50"), Some(120.0));
    // LiveChat: a greeting in the agent's name.
    let livechat = r#"{"chats": [{"id": "c", "users": [{"id": "u1", "type": "customer"}], "thread": {"id": "t1", "created_at": "2026-03-02T09:00:00Z", "events": [
        {"type": "message", "created_at": "2026-03-02T09:00:01Z", "author_id": "tom@acme.example", "properties": {"lc2": {"welcome_message": true}}},
        {"type": "message", "created_at": "2026-03-02T09:02:00Z", "author_id": "tom@acme.example"}]}}]}"#;
    assert_eq!(of("chats.json", livechat, "first_response_at,replies"), ["2026-03-02T09:02:00Z|1"]);
    // Crisp: a message of the operator's that a program wrote.
    let message = |n: u8, from: &str, automated: bool| {
        format!(
            r#"{{"session_id": "s1", "website_id": "w", "fingerprint": {n}, "type": "text", "from": "{from}", "automated": {automated}, "timestamp": {}, "user": {{"nickname": "Tom"}}}}"#,
            1_772_442_000_000_u64 + 60_000 * u64::from(n)
        )
    };
    let crisp = format!(
        r#"{{"data": [{}]}}"#,
        [message(0, "user", false), message(1, "operator", true), message(5, "operator", false)].join(", ")
    );
    assert_eq!(of("messages.json", crisp, "first_response_at,replies"), ["2026-03-02T09:05:00Z|1"]);
    // Genesys: the menu's 20 s are no wait, and who hung up in it never waited for a human.
    let call = |id: &str, more: &str| {
        format!(
            r#"{{"conversationId": "{id}", "conversationStart": "2020-01-01T10:00:00.000Z", "conversationEnd": "2020-01-01T10:05:00.000Z", "originatingDirection": "inbound", "participants": [{{"purpose": "customer", "sessions": [{{"mediaType": "voice", "ani": "tel:+12025550100"}}]}}, {{"purpose": "ivr", "participantId": "p1", "sessions": [{{"metrics": [{{"name": "tIvr", "value": 20000}}]}}]}}{more}]}}"#
        )
    };
    let queue = r#", {"purpose": "acd", "participantId": "p2", "sessions": [{"metrics": [{"name": "tAcd", "value": 31000}]}]}, {"purpose": "agent", "participantId": "p3", "sessions": [{"metrics": [{"name": "tAnswered", "value": 31000}, {"name": "tTalk", "value": 250000}]}]}"#;
    let genesys = format!(r#"{{"conversations": [{}, {}]}}"#, call("c1", queue), call("c2", ""));
    assert_eq!(of("details.json", genesys, "interaction_id,bot,outcome,wait"), ["c1|false|answered|31", "c2|true||"]);
}
