//! What single cells mean: placeholders, marks of spreadsheets, ids, phones, names, words of other languages, dates.

use super::{of, rows, with};
use crate::desk::{Desk, json};

#[test]
fn rule_10_placeholders_are_nothing() {
    for (file, export, columns, row) in [
        (
            "five9.csv",
            "CALL ID,TIMESTAMP,CAMPAIGN,CALL TYPE,AGENT,AGENT NAME,DISPOSITION,ANI,TALK TIME,AFTER CALL WORK TIME\n1,\"Thu, 27 Oct 2016 14:51:34\",[Deleted],Inbound,[None],,[None],2025550100,00:00:00,00:00:00\n",
            "agent,team,topic",
            "||",
        ),
        (
            "aircall.csv",
            "datetime (utc),direction,from,answered,missed_call_reason,user,waiting time,call id (internal)\n2025-12-04 07:20:00,inbound,61400000002,No,short_abandoned,[No associated user],00:00:05,1\n",
            "agent,outcome",
            "|abandoned",
        ),
        (
            "zendesk.csv",
            "Id,Requester email,Group stations,Assignee stations,Assignee,Priority,Status,Via,Created at,Satisfaction Score\n1,ana@example.com,1,1,-,-,Open,Mail,2024-03-04 09:15,Not Offered\n",
            "agent,priority,csat",
            "||",
        ),
        (
            "zendesk.json",
            r#"{"tickets": [{"id": 1, "via": {"channel": "email"}, "created_at": "2026-03-02T09:00:00Z", "status": "open", "requester_id": 5, "submitter_id": 5, "assignee_id": null, "satisfaction_rating": {"score": "unoffered"}}]}"#,
            "agent,csat",
            "|",
        ),
        (
            "intercom.json",
            r#"{"conversations": [{"id": "1", "created_at": 1709543700, "admin_assignee_id": 0, "team_assignee_id": null, "source": {"type": "email"}, "state": "open"}]}"#,
            "agent,team",
            "|",
        ),
        (
            "freshdesk.csv",
            "Ticket ID,Status,Created time,Last update time,First response time (in hrs),Agent,Group\n1,Open,2024-03-04 10:00:00,2024-03-04 10:00:00,,No Agent,No Group\n",
            "agent,team",
            "|",
        ),
        (
            "jira.csv",
            "Issue key,Issue id,Reporter,Created,Status,Assignee\nSUP-1,1,Ana,2026-02-25 10:17,To Do,Unassigned\n",
            "agent,status",
            "|open",
        ),
        (
            "log.csv",
            "number,incident_state,sys_mod_count,opened_at,sys_updated_at,assigned_to,assignment_group\nINC1,New,0,1/2/2026 09:00,1/2/2026 09:00,?,?\n",
            "agent,team",
            "|",
        ),
    ] {
        assert_eq!(of(file, export, columns), [row], "{file}");
    }
}

#[test]
fn rule_10_placeholders_of_a_list_of_ones_own() {
    // The draft finds them, and reads nothing where they stand.
    let words = ["-", "--", "[None]", "[Deleted]", "[No associated user]", "N/A", "null", "Unassigned", "Nobody", ""];
    let agents = ["Tom", "Ann", "Tom", "Ann", "Tom", "Ann", "Tom", "Ann", "Tom", "Ann"];
    let row = |(n, agent): (usize, &&str)| format!("{n},2026-03-02 09:{n:02},open,{agent}\n");
    let list: String = agents.iter().chain(&words).enumerate().map(row).collect();
    let desk = with("list.csv", format!("id,created,status,agent\n{list}"));
    desk.out(&["profile", "in/list.csv", "-o", "list.toml"]);
    let out = desk.out(&["interactions", "in", "-q", "--profile", "list.toml", "--columns", "interaction_id,agent"]);
    let named: Vec<&str> = out.lines().skip(1 + agents.len()).map(|line| line.split_once(',').unwrap().1).collect();
    assert_eq!(named, vec![""; words.len()], "{out}");
}

#[test]
fn rule_11_an_apostrophe_keeps_spreadsheets_away() {
    let customers = "Customer ID,First Name,Last Name,Email,Phone,Default Address Zip,Total Spent,Total Orders\n'7012345678901,Ana,Ruiz,'ana@example.com,'+12025550100,'28001,110.00,1\n";
    let calls = "interaction_id,started_at,customer_phone\n'0042,2026-03-02T09:00:00Z,'+1 202 555 0100\n";
    let desk = with("customers.csv", customers).with("in/calls.csv", calls);
    assert_eq!(rows(&desk, "interaction_id,customer_phone,customer"), ["0042|+12025550100|ana@example.com"]);
    let osticket = "Ticket Number,Date Created,Help Topic,From,From Email,Source\n'000123,2024-03-04 10:15:00,,O'Neill,'bo@example.com,Web\n";
    assert_eq!(
        of("tickets.csv", osticket, "interaction_id,customer_email,customer_name"),
        ["000123|bo@example.com|O'Neill"]
    );
}

#[test]
fn rule_13_headers_and_words_are_localised() {
    let spanish = "Marca de hora del resultado parcial;Filtros;Usuarios;Fecha;Dirección;ANI;Total de cola;Tiempo en abandonar\n\
                   ;;Luis Soto;23/06/25 07:00;Entrante;tel:+56912345678;31s;\n\
                   ;;;02/03/25 07:00;Entrante;tel:+56912345679;38s;38s\n\
                   ;;Luis Soto;03/03/25 07:00;Saliente;;;\n";
    assert_eq!(
        of("vista.csv", spanish, "started_at,direction,outcome,wait"),
        [
            "2025-03-02T07:00:00Z|inbound|abandoned|38",
            "2025-03-03T07:00:00Z|outbound|answered|",
            "2025-06-23T07:00:00Z|inbound|answered|31",
        ]
    );
    // Phones write chats in their owner's language: French, and Arabic with its own halves of the day.
    for (chat, times) in [
        ("[13/01/2024 à 08:15:00] Ana : Bonjour\n[13/01/2024 à 08:20:00] Acme : Oui\n", ["08:15", "08:20"]),
        ("[13/01/2024، 9:15:00 ص] Ana: مرحبا\n[13/01/2024، 1:20:00 م] Acme: نعم\n", ["09:15", "13:20"]),
    ] {
        let desk = Desk::new()
            .with("in/chat.txt", chat)
            .with("deskstat.toml", "time_zone = \"UTC\"\n[[source]]\nfile = \"chat.txt\"\nus = [\"Acme\"]\n");
        let expected = format!("2024-01-13T{}:00Z|2024-01-13T{}:00Z", times[0], times[1]);
        assert_eq!(rows(&desk, "started_at,first_response_at"), [expected]);
    }
}

#[test]
fn rule_14_ids_are_texts() {
    let ids = "interaction_id,started_at,customer_id\n7253394974479.0,2026-03-02T09:00:00Z,90071992547409931234\n00001026,2026-03-02T09:01:00Z,00001026\nv1.0,2026-03-02T09:02:00Z,'701.0\n";
    assert_eq!(
        of("rows.csv", ids, "interaction_id,customer_id"),
        ["7253394974479|90071992547409931234", "00001026|00001026", "v1.0|701"]
    );
    let big = r#"[{"interaction_id": 90071992547409931, "started_at": "2026-03-02T09:00:00Z", "customer_id": 6421977457180672.0}]"#;
    assert_eq!(of("rows.json", big, "interaction_id,customer_id"), ["90071992547409931|6421977457180672"]);
    // Re-exported by pandas, the parents of tweets are floats.
    let tweets = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n\
                  10,101,True,Wed Nov 01 09:00:00 +0000 2017,a,11,\n\
                  11,Acme,False,Wed Nov 01 10:00:00 +0000 2017,b,,10.0\n";
    assert_eq!(of("twcs.csv", tweets, "interaction_id,messages"), ["10|2"]);
}

#[test]
fn rule_15_phones_have_many_shapes() {
    let key = |phone: &str, region: &str| {
        let rows_file = format!(
            "interaction_id,started_at,customer_phone\n1,2026-03-02T09:00:00Z,\"{}\"\n",
            phone.replace('"', "\"\"")
        );
        let desk = Desk::new()
            .with("in/rows.csv", rows_file)
            .with("deskstat.toml", format!("time_zone = \"UTC\"\n{region}\n"));
        rows(&desk, "customer_phone").remove(0)
    };
    let (nowhere, us, australia) = ("", "region = \"US\"", "region = \"AU\"");
    for (phone, region, expected) in [
        ("tel:+12025550100", nowhere, "+12025550100"),
        ("sip:+12025550100@pbx.example", nowhere, "+12025550100"),
        ("sip:2025550100@pbx.example;transport=udp", us, "+12025550100"),
        ("sip:tom@pbx.example", nowhere, ""),
        ("whatsapp:+12025550100", nowhere, "+12025550100"),
        ("+61 400 000 001", nowhere, "+61400000001"),
        ("+61 (0)400 000 001", nowhere, "+61400000001"),
        ("0061 400 000 001", nowhere, "+61400000001"),
        ("61400000001", nowhere, "+61400000001"),
        ("61400000001", australia, "+61400000001"),
        ("0400 000 001", australia, "+61400000001"),
        ("5550100", nowhere, "5550100"),
        ("(202) 555-0100", us, "+12025550100"),
        ("2025550100.0", us, "+12025550100"),
        ("\"Ana\" <2025550100>", us, "+12025550100"),
        ("\"Ana\" <5550100>", nowhere, "5550100"),
        ("Ana Ruiz (5550100)", nowhere, "5550100"),
        ("Ruiz, Ana (+1 202 555 0100)", nowhere, "+12025550100"),
        ("anonymous", nowhere, ""),
        ("Anonymous <anonymous>", nowhere, ""),
        ("Restricted", nowhere, ""),
        ("101", nowhere, ""),
        ("4.41E+11", nowhere, ""),
    ] {
        assert_eq!(key(phone, region), expected, "{phone} {region}");
    }
}

#[test]
fn rule_16_several_agents_stay_a_list() {
    let genesys = "Full Export Completed,Partial Result Timestamp,Filters,Media Type,Users,Date,Conversation ID\nYES,,,voice,Ann Lee; Tom Hill,2025-06-23 07:00:00,c1\nYES,,,voice,Ann Lee,2025-06-23 08:00:00,c2\n";
    let desk = with("view.csv", genesys);
    assert_eq!(rows(&desk, "agent"), ["Ann Lee; Tom Hill", "Ann Lee"]);
    let table = json(&desk.out(&["table", "in", "-q", "-f", "json", "--by", "agent", "--metrics", "contacts"]));
    assert_eq!(
        table["rows"].as_array().unwrap().len(),
        2,
        "who of the two handled it, sources do not agree on: {table}"
    );
    // Of several addresses the first is the customer's.
    let hubspot = "Ticket ID,Ticket name,Ticket status,Create date,All associated contact emails\n1,a,Closed,2025-03-04 09:15,Ana@example.com;joe@example.com\n";
    assert_eq!(of("tickets.csv", hubspot, "customer_email"), ["ana@example.com"]);
}

#[test]
fn rule_19_words_of_states_are_one_vocabulary() {
    let states = [
        ("open", ["new", "Open", "ACTIVE", "assigned", "unassigned", "In Progress", "reopened"].as_slice()),
        ("pending", &["pending", "hold", "on-hold", "On Hold", "snoozed", "waiting", "on_hold"]),
        ("resolved", &["solved", "Resolved"]),
        ("closed", &["closed", "archived", "completed", "Done"]),
        ("spam", &["spam"]),
        ("merged", &["merged"]),
        ("deleted", &["deleted", "trashed", "draft"]),
    ];
    for (ours, theirs) in states {
        for word in theirs {
            let list = format!("interaction_id,started_at,status\n1,2026-03-02T09:00:00Z,{word}\n");
            let desk = with("rows.csv", list);
            // What was dropped by its tool is no contact, and stands in the list all the same.
            assert_eq!(rows(&desk, "status"), [ours], "{word}");
            let counts = !["spam", "merged", "deleted"].contains(&ours);
            assert_eq!(super::figure(&desk, "contacts"), Some(f64::from(u8::from(counts))), "{word}");
        }
    }
    // `unresolved` is open where a tool writes it so; in our own columns it is over and known not to be solved.
    let crisp = r#"{"data": [{"session_id": "s1", "website_id": "w", "meta": {"email": "ana@example.com"}, "state": "unresolved", "created_at": 1709543700000}]}"#;
    assert_eq!(of("conversations.json", crisp, "status"), ["open"]);
}

#[test]
fn two_forms_of_dates_stand_in_one_row() {
    let jira = "Issue key,Issue id,Reporter,Created,Resolved,Status,Custom field ([CHART] Date of First Response)\n\
                SUP-12,1,Ana,25/Feb/26 10:17 PM,27/Feb/26 9:00 AM,Done,2026-02-25 22:40:58.6\n";
    assert_eq!(
        of("issues.csv", jira, "started_at,first_response_at,resolved_at"),
        ["2026-02-25T22:17:00Z|2026-02-25T22:40:58.6Z|2026-02-27T09:00:00Z"]
    );
    // And in one column, where contacts of several origins were put together.
    let mixed = "interaction_id,started_at\n1,2026-03-02 09:00\n2,3/2/2026 10:00 AM\n3,2 Mar 2026 11:00\n4,03/14/2026 12:00 PM\n5,2026-03-02T14:00:00+01:00\n6,1772458200\n";
    assert_eq!(
        of("rows.csv", mixed, "interaction_id,started_at"),
        [
            "1|2026-03-02T09:00:00Z",
            "2|2026-03-02T10:00:00Z",
            "3|2026-03-02T11:00:00Z",
            "5|2026-03-02T13:00:00Z",
            "6|2026-03-02T13:30:00Z",
            "4|2026-03-14T12:00:00Z",
        ]
    );
}

#[test]
fn abbreviations_of_zones_are_read_or_asked_about() {
    let tickets =
        |zone: &str| format!("Ticket ID,Ticket name,Ticket status,Create date\n1,a,Closed,2025-07-04 09:15{zone}\n");
    for (zone, at) in [(" EDT", "13:15"), (" CDT", "14:15"), (" UTC", "09:15"), ("", "09:15")] {
        assert_eq!(of("tickets.csv", tickets(zone), "started_at"), [format!("2025-07-04T{at}:00Z")], "{zone}");
    }
    // India, Ireland or Israel: the row is left out, and the cure is said.
    let desk = with("tickets.csv", tickets(" IST") + "2,b,Closed,2025-07-04 09:15\n");
    let said = desk.run(&["interactions", "in"]);
    assert!(
        said.err.contains(
            "is in the time of India, Ireland or Israel; say it in deskstat.toml: time_zone under [[source]]"
        ),
        "{}",
        said.err
    );
    let settings = "time_zone = \"UTC\"\n[[source]]\nfile = \"tickets.csv\"\ntime_zone = \"Asia/Kolkata\"\n";
    assert_eq!(rows(&desk.with("deskstat.toml", settings), "started_at")[0], "2025-07-04T03:45:00Z");
}
