//! Logs of one row an event, longer than a piece of what is read at once: in whatever order their rows stand, and in
//! however many files, the same comes of them.

use crate::desk::{Desk, json};
use jiff::civil::date;
use jiff::{SignedDuration, civil::DateTime};

const HEADER: &str = "case_id,activity,timestamp,resource\n";
/// An hour apart each: resolved six hours after the start, closed after seven, by Value 8.
const STEPS: [&str; 8] = [
    "Insert ticket",
    "Take in charge ticket",
    "Wait",
    "Take in charge ticket",
    "Wait",
    "Take in charge ticket",
    "Resolve ticket",
    "Closed",
];
/// In the end, one of the first cases comes again.
const AGAIN: &str = "Case 17,Reopened,2026-03-10 00:00:00,Value 9\n";

/// When a step of a case happened: cases begin a minute apart.
fn at(case: i64, hours: i64) -> DateTime {
    date(2026, 3, 2).at(0, 0, 0, 0) + SignedDuration::from_mins(case) + SignedDuration::from_hours(hours)
}

/// The rows of three thousand cases, with when each happened; some 1.2 MB of text.
fn rows() -> Vec<(DateTime, String)> {
    let row = |case, (hours, step): (i64, &&str)| {
        let at = at(case, hours);
        (at, format!("Case {case},{step},{},Value {}\n", at.strftime("%Y-%m-%d %H:%M:%S"), hours + 1))
    };
    (1..=3_000).flat_map(|case| (0..).zip(&STEPS).map(move |step| row(case, step))).collect()
}

fn text<'r>(rows: impl IntoIterator<Item = &'r (DateTime, String)>) -> String {
    rows.into_iter().fold(HEADER.to_owned(), |text, (_, row)| text + row)
}

/// What every log here must come to: its rows but for where they stood, and what was counted of each file.
fn is_told(desk: &Desk, lines: bool, counts: &[(&str, [i64; 4])]) {
    let columns = "interaction_id,status,agent,reopens,started_at,first_resolved_at,resolved_at,line";
    let out = desk.out(&["interactions", ".", "-q", "-f", "csv", "--columns", columns]);
    let mut wanted = format!("{columns}\n");
    for case in 1..=3_000 {
        let (status, agent, reopens) = if case == 17 { ("open", "Value 9", 1) } else { ("resolved", "Value 8", 0) };
        let (start, resolved) = (at(case, 0).strftime("%FT%TZ"), at(case, 6).strftime("%FT%TZ"));
        let line = if lines { (2 + 8 * (case - 1)).to_string() } else { String::new() };
        wanted += &format!("Case {case},{status},{agent},{reopens},{start},{resolved},{resolved},{line}\n");
    }
    let shown = |text: &str| if lines { text.to_owned() } else { without_lines(text) };
    assert!(shown(&out) == shown(&wanted), "{}", &out[..1_000]);
    let files = desk.checked("files");
    for (file, counted) in counts {
        let row = files.iter().find(|row| row["file"] == *file).unwrap();
        let columns = ["read", "used", "folded", "duplicates"];
        assert_eq!(columns.map(|name| row[name]["value"].as_i64().unwrap()), *counted, "{file}");
    }
    let figures = json(&desk.out(&["table", ".", "-q", "-f", "json", "--metrics", "contacts,ttr_first_p50,backlog"]));
    let row = &figures["rows"][0];
    assert_eq!((&row["contacts"], &row["ttr_first_p50"], &row["backlog"]), (&3_000.into(), &21_600.into(), &1.into()));
}

/// Rows of CSV without their last cell.
fn without_lines(text: &str) -> String {
    text.lines().filter_map(|line| Some(line.rsplit_once(',')?.0)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_case_that_comes_again_in_the_end_is_one_case() {
    let desk = Desk::new().with("log.csv", text(&rows()) + AGAIN);
    is_told(&desk, true, &[("log.csv", [24_001, 3_000, 21_001, 0])]);
}

#[test]
fn so_is_one_that_comes_again_in_another_file() {
    let desk = Desk::new().with("a.csv", text(&rows())).with("b.csv", HEADER.to_owned() + AGAIN);
    is_told(&desk, true, &[("a.csv", [24_000, 3_000, 21_000, 0]), ("b.csv", [1, 0, 1, 0])]);
}

#[test]
fn a_log_by_time_or_backwards_comes_to_the_same() {
    let mut by_time = rows();
    by_time.sort_by_key(|(at, _)| *at);
    let desk = Desk::new().with("log.csv", text(&by_time) + AGAIN);
    is_told(&desk, false, &[("log.csv", [24_001, 3_000, 21_001, 0])]);
    let desk = Desk::new().with("log.csv", text(rows().iter().rev()) + AGAIN);
    is_told(&desk, false, &[("log.csv", [24_001, 3_000, 21_001, 0])]);
}

#[test]
fn what_two_logs_tell_alike_counts_once() {
    let desk = Desk::new().with("a.csv", text(&rows()) + AGAIN).with("b.csv", text(&rows()[..8 * 1_000]));
    is_told(&desk, true, &[("a.csv", [24_001, 3_000, 21_001, 0]), ("b.csv", [8_000, 0, 0, 8_000])]);
}

#[test]
fn a_log_from_a_pipe_comes_to_the_same() {
    let text = text(&rows()) + AGAIN;
    let desk = Desk::new().with("log.csv", &text);
    let columns = "interaction_id,status,agent,reopens,started_at,resolved_at,updated_at,line";
    let args = |input| ["interactions", input, "-q", "-f", "csv", "--columns", columns];
    let piped = crate::desk::run_in(desk.folder.path(), &args("-"), &text);
    assert_eq!((piped.code, piped.out), (0, desk.out(&args("log.csv"))));
}
