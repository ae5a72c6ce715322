//! Exports of help desks as they come: several of one tool, and times with the zones that people write behind them.

use crate::desk::{Desk, cell, json};

const TICKETS: &str = r#"{"tickets": [
{"id": 160, "via": {"channel": "email", "source": {"from": {"address": "ana@example.com"}}}, "created_at": "2024-04-12T13:00:00Z", "updated_at": "2024-04-12T15:00:00Z", "status": "solved", "requester_id": 7, "submitter_id": 7, "tags": [], "satisfaction_rating": null},
{"id": 161, "via": {"channel": "web", "source": {"from": {}}}, "created_at": "2024-04-12T14:00:00Z", "updated_at": "2024-04-12T17:00:00Z", "status": "solved", "requester_id": 8, "submitter_id": 8, "tags": [], "satisfaction_rating": null}
], "count": 2}"#;

const METRICS: &str = r#"{"ticket_metrics": [
{"id": 1, "ticket_id": 161, "created_at": "2024-04-12T14:00:01Z", "updated_at": "2024-05-01T00:00:00Z", "solved_at": "2024-04-12T17:00:00Z", "replies": 3, "reopens": 0, "reply_time_in_minutes": {"calendar": 60, "business": 0}, "full_resolution_time_in_minutes": {"calendar": 180, "business": 0}},
{"id": 2, "ticket_id": 160, "created_at": "2024-04-12T13:00:01Z", "updated_at": "2024-05-01T00:00:00Z", "solved_at": "2024-04-12T15:00:00Z", "replies": 1, "reopens": 0, "reply_time_in_minutes": {"calendar": 30, "business": 0}, "full_resolution_time_in_minutes": {"calendar": 120, "business": 0}}
]}"#;

const RATINGS: &str = r#"{"satisfaction_ratings": [
{"id": 1, "requester_id": 7, "ticket_id": 160, "assignee_id": 1, "score": "good", "created_at": "2024-04-13T10:00:00Z", "updated_at": "2024-04-13T10:00:00Z"},
{"id": 2, "requester_id": 8, "ticket_id": 161, "assignee_id": 1, "score": "bad", "created_at": "2024-04-13T11:00:00Z", "updated_at": "2024-04-13T11:00:00Z"}
]}"#;

const USERS: &str = r#"{"users": [
{"id": 8, "name": "Bo Li", "email": "Bo@example.com", "phone": null, "role": "end-user", "shared_agent": false, "external_id": null, "ticket_restriction": "requested"},
{"id": 1, "name": "Tom Hill", "email": "tom@acme.example", "phone": null, "role": "agent", "shared_agent": false, "external_id": null, "ticket_restriction": null}
]}"#;

#[test]
fn tickets_metrics_ratings_and_users_are_put_together_by_their_numbers() {
    let desk = Desk::new()
        .with("deskstat.toml", "time_zone = 'UTC'\n")
        .with("in/tickets.json", TICKETS)
        .with("in/metrics.json", METRICS)
        .with("in/ratings.json", RATINGS)
        .with("in/users.json", USERS);
    let rows = desk.out(&["interactions", "in"]);
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let names =
        ["interaction_id", "source", "customer", "started_at", "resolved_at", "vendor_first_response", "replies"];
    let at = names.map(|name| header.iter().position(|own| own == name).unwrap());
    let cells: Vec<_> = rows.iter().map(|row| at.map(|at| row[at].to_owned()).join(" ")).collect();
    assert_eq!(
        cells,
        [
            "160 zendesk ana@example.com 2024-04-12T13:00:00Z 2024-04-12T15:00:00Z 1800 1",
            "161 zendesk bo@example.com 2024-04-12T14:00:00Z 2024-04-12T17:00:00Z 3600 3",
        ]
    );
    let table = json(&desk.out(&["table", "in", "--by", "channel", "--metrics", "contacts,csat", "-f", "json"]));
    for (channel, csat) in [("email", 1), ("web_form", 0)] {
        assert_eq!(cell(&table, "channel", channel, "contacts"), 1);
        assert_eq!(cell(&table, "channel", channel, "csat").as_f64(), Some(f64::from(csat)), "{table}");
        assert_eq!(cell(&table, "channel", channel, "csat_n"), 1);
    }
}

#[test]
fn what_stands_beside_the_tickets_of_one_file_is_read_too() {
    let metrics = METRICS.replace("ticket_metrics", "metric_sets");
    let parts = [TICKETS, &metrics, USERS].map(|part| part.trim().trim_start_matches('{').trim_end_matches('}'));
    let desk = Desk::new().with("in/incremental.json", format!("{{{}, \"end_of_stream\": true}}", parts.join(", ")));
    let rows = desk.out(&["interactions", "in"]);
    assert_eq!(rows.lines().count(), 3, "{rows}");
    assert!(rows.contains("bo@example.com") && rows.contains(",10800,"), "{rows}");
    let counts = |row: &serde_json::Value| {
        let count = |name: &str| row[name]["value"].as_u64().unwrap();
        (row["file"].clone(), ["read", "used", "folded", "ignored", "rejects"].map(count))
    };
    let files: Vec<_> = desk.checked("files").iter().map(counts).collect();
    assert_eq!(
        files[..3],
        [
            ("incremental.json".into(), [2, 2, 0, 0, 0]),
            ("incremental.json/metric_sets".into(), [2, 0, 2, 0, 0]),
            ("incremental.json/users".into(), [2, 1, 0, 1, 0]),
        ]
    );
}

#[test]
fn a_zone_of_several_countries_is_read_where_the_file_s_own_tells_which() {
    let tickets = "Ticket ID,Ticket name,Ticket status,Create date\n\
                   1,a,Closed,2025-07-04 09:15 CDT\n\
                   2,b,Closed,2025-07-04 09:15 IST\n";
    let desk = Desk::new().with("in/tickets.csv", tickets);
    let said = desk.run(&["interactions", "in", "--rejects", "bad.csv"]);
    assert!(said.out.contains("2025-07-04T14:15:00Z"), "{}", said.out);
    let reason =
        "`Create date` is in the time of India, Ireland or Israel; say it in deskstat.toml: time_zone under [[source]]";
    assert!(said.err.contains(reason), "{}", said.err);
    for (zone, started) in [("Asia/Kolkata", "2025-07-04T03:45:00Z"), ("Europe/Dublin", "2025-07-04T08:15:00Z")] {
        let settings = format!("[[source]]\nfile = 'tickets.csv'\ntime_zone = '{zone}'\n");
        let desk = Desk::new().with("in/tickets.csv", tickets).with("deskstat.toml", settings);
        let rows = desk.out(&["interactions", "in"]);
        assert!(rows.contains("2025-07-04T14:15:00Z") && rows.contains(started), "{zone}: {rows}");
    }
}
