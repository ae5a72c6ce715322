//! What folding while reading promises: it changes nothing of what comes of any log, and of one whose rows stand together
//! hardly more than its records is held.

use super::*;
use crate::fold;
use crate::interaction::TableKind;
use proptest::prelude::*;
use std::sync::atomic::AtomicUsize;

/// A log with a column for each way of folding.
const LOG: &str = r#"
name = "log"
title = "Log"
system = "desk"
fold = "events"
[detect]
headers = ["Case", "Time", "Step"]
[columns]
interaction_id = "Case"
started_at = "Time"
updated_at = "Changed"
first_resolved_at = { from = "Time", when = { from = "Step", is = ["closed"] } }
resolved_at = { from = "Time", when = { from = "Step", is = ["closed"] } }
first_response_at = { from = "Time", when = { from = "Step", is = ["reply"] } }
csat_at = { from = "Time", when = { from = "Score", not = [""] } }
csat = { from = "Score", top = [4, 5] }
status = { from = "Step", map = { closed = "closed", opened = "open", "*" = "" } }
outcome = { from = "Step", map = { reply = "answered", missed = "missed", "*" = "" } }
agent = "Agent"
wait = "Wait"
talk = "Talk"
cost = "Cost"
transfers = "Moves"
bot = "Bot"
[events]
at = "Time"
kind = { from = "Step", map = { closed = "closed", opened = "opened", reply = "message_out", "*" = "" } }
actor = "Agent"
"#;

/// A list of the same tool.
const LIST: &str = r#"
name = "list"
title = "List"
system = "desk"
[detect]
headers = ["Case", "Opened", "Topic"]
[columns]
interaction_id = "Case"
started_at = "Opened"
topic = "Topic"
talk = "Talk"
segments = "Legs"
[customers]
customer_id = "Who"
"#;

/// The same where each row says what it is of.
fn log_of_desks() -> String {
    LOG.replace("[columns]", "[columns]\nsource = 'Desk'")
}

const HEADER: &str = "Case,Desk,Time,Changed,Step,Score,Agent,Wait,Talk,Cost,Moves,Bot\n";

/// Read files, in pieces of about this size; folded while they are read, and how often each was, or not at all.
fn read((profile, files): (&str, &[String]), piece: usize, early: bool) -> (Inputs, Vec<usize>) {
    let known = |text: &str| Known { profile: Arc::new(library::parse(text, "x").unwrap()), own: true, forced: false };
    let profiles = [known(profile), known(LIST)];
    let settings: Settings = toml::from_str("[[source]]\nfile = 'f3'\nsource = 'other'").unwrap();
    let times: Vec<AtomicUsize> = files.iter().map(|_| AtomicUsize::default()).collect();
    let one = |nth: usize, but: &Numbers| {
        times[nth].fetch_add(1, Ordering::Relaxed);
        let early = early.then_some((&fold::early as &Early, but));
        let with = Reading { profiles: &profiles, settings: &settings, piece, early, progress: &|_| {} };
        source::read(&Found::unfiled(&format!("f{nth}")), Content::Held(files[nth].as_bytes()), with)
    };
    let found: Vec<Found> = (0..files.len()).map(|nth| Found::unfiled(&format!("f{nth}"))).collect();
    let inputs = merge(&[], &found, early::read(files.len(), &one)).unwrap();
    (inputs, times.into_iter().map(AtomicUsize::into_inner).collect())
}

/// All that is there in the end, as text.
fn told(told_by: (&str, &[String]), piece: usize, early: bool) -> Vec<String> {
    let (mut inputs, _) = read(told_by, piece, early);
    fold::fold(&mut inputs, &Settings::default());
    let mut told: Vec<String> = inputs.rejects.iter().map(|reject| format!("{reject:?}")).collect();
    for source in &inputs.sources {
        let c = source.counts;
        assert_eq!(c.read, c.used + c.folded + c.duplicates + c.ignored + c.rejected, "{}", source.file);
        told.push(format!("{} {c:?} {}", source.file, source.origin.sha256));
    }
    for table in &inputs.tables {
        let filled: Vec<&str> = table.weights().map(|(name, _)| name).collect();
        told.push(format!("{:?}: {filled:?}", table.kind));
        // Whether an instant is known to the day only, 0 and nothing say alike.
        let fields: Vec<usize> = (0..table.kind.fields().len()).collect();
        let shown = |&at: &usize, row| match (table.kind.fields()[at].name, samples::value(table, at, row).as_str()) {
            ("by_day", "0") => String::new(),
            (_, value) => value.to_owned(),
        };
        let row = |row| fields.iter().map(|at| shown(at, row)).collect::<Vec<_>>().join("|");
        told.extend((0..table.rows()).map(row));
    }
    told
}

/// Rows of a log: the case, and what follows it. Few values each, so that they meet.
fn rows(talk: &'static str) -> impl Strategy<Value = Vec<(String, String)>> {
    let number = prop_oneof![9 => "[A-H]", 9 => "[1-9]", 1 => Just(String::new())];
    let row = format!(
        "(x|x|y|),2026-03-0[1-4]( 1[0-3]:[0-5]0| 1[0-3]:[0-5]0|),(2026-03-05 1[0-3]:00|),(opened|closed|reply|missed|),\
         ([1-5]|),(Tom|Ana|),([0-3]|),{talk},([0-9]\\.[0-9]{{1,2}}|),(1|),(true|false|)"
    );
    prop::collection::vec((number, proptest::string::string_regex(&row).unwrap()), 1..60)
}

fn log(rows: &[(String, String)]) -> String {
    rows.iter().fold(HEADER.to_owned(), |text, (case, rest)| format!("{text}{case},{rest}\n"))
}

/// The rows of each case together, the cases as they first come.
fn together(mut rows: Vec<(String, String)>) -> Vec<(String, String)> {
    let first: Vec<String> = rows.iter().map(|(case, _)| case.clone()).collect();
    rows.sort_by_key(|(case, _)| first.iter().position(|other| other == case));
    rows
}

fn list(cases: &[String]) -> String {
    let header = "Case,Desk,Opened,Topic,Talk,Legs,Who\n".to_owned();
    let row = |(nth, case): (usize, &String)| format!("{case},x,2026-03-0{} 09:00,t,60,{},w\n", nth % 4 + 1, nth % 3);
    cases.iter().enumerate().map(row).fold(header, |text, row| text + &row)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn what_comes_of_a_log_is_the_same_however_its_rows_stand(
        rows in prop_oneof![3 => rows(""), 1 => rows("([0-9]|)")],
        scattered in 0..4usize,
        cut in 0..60usize,
        desks in any::<bool>(),
        cases in prop::option::of(prop::collection::vec("[A-Z1-9]", 0..6)),
        piece in 60..2500usize,
    ) {
        let mut rows = if scattered == 1 { rows } else { together(rows) };
        if scattered == 2 {
            // Almost: the first comes again in the end.
            rows.push(rows[0].clone());
        }
        let (one, other) = rows.split_at(cut.min(rows.len()));
        let logs = [one, other].into_iter().filter(|rows| !rows.is_empty()).map(log);
        let files: Vec<String> = logs.chain(cases.filter(|cases| !cases.is_empty()).map(|cases| list(&cases))).collect();
        let profile = if desks { log_of_desks() } else { LOG.to_owned() };
        prop_assert_eq!(told((&profile, &files), piece, true), told((&profile, &files), USUAL, false));
    }
}

/// Three hundred cases of ten rows of 34 bytes each.
fn long() -> Vec<(String, String)> {
    let row = |case: usize, nth: usize| (format!("C{case:03}"), format!("x,2026-03-02 1{nth}:00,,reply,,,,,,,"));
    (0..300).flat_map(|case| (0..10).map(move |nth| row(case, nth))).collect()
}

#[test]
fn of_a_log_whose_rows_stand_together_the_records_are_held_and_the_ends_of_pieces() {
    const PIECE: usize = 4_000;
    let text = log(&long());
    let pieces = text.len().div_ceil(PIECE);
    let (inputs, times) = read((LOG, std::slice::from_ref(&text)), PIECE, true);
    let held = inputs.tables[TableKind::Interactions as usize].rows();
    assert!(pieces > 10 && held <= 300 + pieces * 20, "{held} rows in {pieces} pieces");
    assert!(held < 1_000, "{held} rows of 3000");
    assert_eq!((times, inputs.sources[0].counts.folded), (vec![1], 3_000 - held as u64));
    let (plain, _) = read((LOG, &[text]), PIECE, false);
    assert_eq!(plain.tables[TableKind::Interactions as usize].rows(), 3_000);
}

#[test]
fn only_rows_of_a_number_that_comes_again_are_held_one_by_one_and_the_file_is_read_twice() {
    const PIECE: usize = 4_000;
    let mut rows = long();
    rows.push((rows[15].0.clone(), rows[15].1.clone()));
    let held = |files: &[String]| {
        let (inputs, times) = read((LOG, files), PIECE, true);
        (inputs.tables[TableKind::Interactions as usize].rows(), times)
    };
    // Of one row for C001 there are ten, behind which another record ends or not.
    let other = |case: &str| (case.to_owned(), rows[15].1.clone());
    let (sorted, times) = held(&[log(&[long(), vec![other("D")]].concat())]);
    assert_eq!(times, [1]);
    let (again, times) = held(&[log(&rows)]);
    assert_eq!((again, times), (sorted + 9, vec![2]));
    // The same row in a file of its own, and in a list.
    let (sorted, _) = held(&[log(&long())]);
    let (beside, times) = held(&[log(&long()), log(&rows[3_000..])]);
    assert_eq!((beside, times), (sorted + 10, vec![2, 1]));
    let (beside, times) = held(&[list(&["C001".to_owned()]), log(&long())]);
    assert_eq!((beside, times), (sorted + 10, vec![1, 2]));
    // Of another source it is another record.
    let list = |case: &str| list(&[case.to_owned()]);
    let (other, times) = held(&[log(&long()), list("Y"), list("Z"), log(&rows[3_000..])]);
    assert_eq!((other, times), (sorted + 3, vec![1; 4]));
}

#[test]
fn where_each_row_says_what_it_is_of_all_are_held() {
    let (inputs, times) = read((&log_of_desks(), &[log(&long())]), 4_000, true);
    assert_eq!((inputs.tables[TableKind::Interactions as usize].rows(), times), (3_000, vec![1]));
}
