//! The exports' own figures beside ours, and the causes that `check` names.

use crate::desk::Desk;
use serde_json::Value;

const OFFICE: &str = "time_zone = 'UTC'\n[[hours]]\nname = 'Office'\nweekdays = '09:00-17:00'\n";

/// Tickets whose columns besides number, channel and start are these.
fn tickets(columns: &str, rows: &[&str]) -> Desk {
    let rows: String = (1..).zip(rows).map(|(id, row)| format!("{id},email,{row}\n")).collect();
    Desk::new().with("t.csv", format!("interaction_id,channel,started_at,{columns}\n{rows}"))
}

/// The line of a duration in `check`.
fn line(desk: &Desk, what: &str) -> Value {
    let rows = desk.checked("vendor");
    rows.iter().find(|row| row["what"] == what).unwrap_or_else(|| panic!("no {what} in {rows:?}")).clone()
}

/// Of each target: rows with both verdicts, the share that agrees, kept but missed there, missed but kept there.
fn verdicts(desk: &Desk) -> Vec<(String, [f64; 4])> {
    let value = |row: &Value, column: &str| row[column]["value"].as_f64().unwrap();
    let figures = |row: &Value| ["rows", "agree", "missed_there", "kept_there"].map(|column| value(row, column));
    desk.checked("vendor_sla").iter().map(|row| (row["what"].as_str().unwrap().into(), figures(row))).collect()
}

fn cause(line: &Value) -> &str {
    line["cause"]["value"].as_str().unwrap_or_default()
}

#[test]
fn how_far_durations_lie_apart() {
    // Apart by 0 s, 60 s, 10 min, 10 min and 20 min; all in order, so that nothing explains them.
    let desk = tickets(
        "first_response_at,vendor_first_response",
        &[
            "2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,3600",
            "2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,3660",
            "2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,3000",
            "2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,3000",
            "2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,4800",
            "2026-03-02,2026-03-02T10:00:00Z,60",
            "2026-03-02T09:00:00Z,2026-03-03,60",
            "2026-03-02T09:00:00Z,,60",
        ],
    );
    let line = line(&desk, "first reply");
    let value = |column: &str| line[column]["value"].as_f64().unwrap();
    assert_eq!(["rows", "equal", "median", "commonest"].map(value), [5.0, 0.4, 600.0, -600.0]);
    assert!((value("p90") - 960.0).abs() < 1e-9, "numpy.percentile([0, 60, 600, 600, 1200], 90)");
    assert_eq!(cause(&line), "");
    assert_eq!(desk.checked("vendor").len(), 1, "nothing is compared with what is not there");
}

#[test]
fn a_constant_hour_is_a_zone() {
    // Replies are written in a local time two hours ahead, vendors cut off seconds; one reply agrees.
    let desk = tickets(
        "first_response_at,vendor_first_response",
        &[
            "2026-03-02T09:00:00Z,2026-03-02T11:10:40Z,600",
            "2026-03-03T14:00:00Z,2026-03-03T16:30:10Z,1800",
            "2026-03-04T14:00:00Z,2026-03-05T08:00:59Z,57600",
            "2026-03-05T14:00:00Z,2026-03-05T14:10:00Z,600",
        ],
    );
    let line = line(&desk, "first reply");
    assert_eq!((cause(&line), &line["commonest"]["value"]), ("times of another zone", &(-7200).into()));
}

#[test]
fn an_export_that_counts_business_hours() {
    let rows = [
        "2026-03-02T16:00:00Z,2026-03-03T09:30:00Z,2026-03-03T09:30:00Z,5400,5400",
        "2026-03-03T16:30:00Z,2026-03-04T09:30:00Z,2026-03-04T09:30:00Z,3600,3600",
        "2026-03-06T16:30:00Z,2026-03-09T09:30:00Z,2026-03-09T09:30:00Z,3600,3600",
        "2026-03-04T10:00:00Z,2026-03-04T11:00:00Z,2026-03-04T11:00:00Z,3600,3600",
    ];
    let columns = "first_response_at,resolved_at,vendor_first_response,vendor_resolution";
    let desk = tickets(columns, &rows).with("deskstat.toml", OFFICE);
    for what in ["first reply", "resolution"] {
        let line = line(&desk, what);
        assert_eq!((cause(&line), &line["equal"]["value"]), ("the export counts business hours", &0.25.into()));
    }
    // Without hours of ours there is nothing to tell it by; the nights are too long for a zone.
    assert_eq!(cause(&line(&tickets(columns, &rows), "first reply")), "");
}

#[test]
fn business_hours_are_held_against_ours() {
    let columns = "first_response_at,resolved_at,vendor_first_response_business,vendor_resolution_business";
    let rows = [
        "2026-03-02T16:00:00Z,2026-03-03T09:30:00Z,2026-03-03T10:00:00Z,5400,64800",
        "2026-03-06T16:30:00Z,2026-03-09T09:30:00Z,2026-03-09T10:00:00Z,3600,235800",
        "2026-03-07T10:00:00Z,2026-03-07T11:00:00Z,2026-03-07T12:00:00Z,0,7200",
    ];
    let desk = tickets(columns, &rows).with("deskstat.toml", OFFICE);
    let reply = line(&desk, "first reply, business hours");
    assert_eq!((&reply["rows"]["value"], &reply["equal"]["value"]), (&3.into(), &1.into()), "0 on a Saturday, too");
    assert_eq!(cause(&line(&desk, "resolution, business hours")), "the export counts every hour");
    assert!(tickets(columns, &rows).checked("vendor").is_empty(), "without hours there is no business time of ours");
}

#[test]
fn an_export_that_counts_a_bots_reply() {
    let rows = [
        "2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,5,Answer Bot",
        "2026-03-02T10:00:00Z,2026-03-02T11:30:00Z,4,Answer Bot",
        "2026-03-02T11:00:00Z,2026-03-02T13:10:00Z,6,ann",
    ];
    let columns = "first_response_at,vendor_first_response,agent";
    let by_name = tickets(columns, &rows).with("deskstat.toml", "bots = ['Answer Bot']\n");
    assert_eq!(cause(&line(&by_name, "first reply")), "a bot's reply counts there");
    assert_eq!(cause(&line(&tickets(columns, &rows), "first reply")), "", "nobody says that it is one");
    // A history shows the bot's words, and when the human wrote.
    let events = "interaction_id,at,kind,actor_kind\n\
        1,2026-03-02T09:00:05Z,message_out,bot\n1,2026-03-02T10:00:00Z,message_out,human\n\
        2,2026-03-02T10:00:04Z,message_out,bot\n2,2026-03-02T11:30:00Z,message_out,human\n";
    let rows = ["2026-03-02T09:00:00Z,5", "2026-03-02T10:00:00Z,4"];
    let by_history = tickets("vendor_first_response", &rows).with("events.csv", events);
    assert_eq!(cause(&line(&by_history, "first reply")), "a bot's reply counts there");
}

#[test]
fn verdicts_on_targets_are_counted_by_row() {
    // Eight hours: kept, missed, missed without a reply, not due at as-of, none of ours; two verdicts differ.
    let desk = tickets(
        "first_response_at,vendor_response_sla",
        &[
            "2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,true",
            "2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,false",
            "2026-03-02T09:00:00Z,2026-03-02T20:00:00Z,false",
            "2026-03-02T09:00:00Z,,true",
            "2026-03-05T09:00:00Z,2026-03-05T09:01:00Z,true",
            "2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,",
        ],
    )
    .with("deskstat.toml", "targets.response = [{ within = '8h' }]\n");
    assert_eq!(verdicts(&desk), [("first reply".into(), [4.0, 0.5, 1.0, 1.0])]);
}

#[test]
fn targets_in_business_time_are_judged_so() {
    // Four business hours: a night is none of them. Resolved in time, resolved late, open, resolved on a day, no status.
    let desk = tickets(
        "status,first_response_at,resolved_at,vendor_response_sla,vendor_resolution_sla",
        &[
            "resolved,2026-03-03T09:30:00Z,2026-03-03T12:00:00Z,true,true",
            "resolved,2026-03-03T13:00:00Z,2026-03-03T13:00:00Z,true,false",
            "open,,,false,false",
            "resolved,2026-03-03T09:30:00Z,2026-03-03,true,true",
            ",2026-03-03T09:30:00Z,2026-03-09T12:00:00Z,true,true",
        ]
        .map(|row| format!("2026-03-02T16:00:00Z,{row}"))
        .each_ref()
        .map(String::as_str),
    );
    let targets = "[targets]\nresponse = [{ within = '4h', clock = 'business' }]\nresolution = [{ within = '4h', clock = 'business' }]\n";
    let desk = desk.with("deskstat.toml", OFFICE.replace("[[hours]]", &format!("{targets}[[hours]]")));
    assert_eq!(
        verdicts(&desk),
        [("first reply".into(), [5.0, 0.8, 0.0, 1.0]), ("resolution".into(), [3.0, 1.0, 0.0, 0.0])]
    );
}
