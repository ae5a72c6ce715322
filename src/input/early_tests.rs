//! What folding while reading promises: it changes nothing of what comes of any file, and of one whose rows stand together,
//! or stand by time, hardly more than its records is held.

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

/// Messages, whose threads pauses part.
const MESSAGES: &str = r#"
name = "messages"
title = "Messages"
system = "desk"
fold = "thread"
[detect]
headers = ["Number", "Sent", "Way"]
[columns]
interaction_id = "Number"
customer_email = "Mail"
customer_phone = { from = "Phone", clean = "phone" }
channel = "Channel"
direction = { from = "Way", map = { in = "inbound", out = "outbound" } }
bot = { value = true, when = { from = "Bot", is = ["yes"] } }
agent = "Agent"
started_at = "Sent"
updated_at = "Changed"
cost = "Cost"
[read]
undated = "keep"
"#;

/// The same where a file is one chat, and no message has a number.
fn chats() -> String {
    let numbered = MESSAGES.replace("interaction_id = \"Number\"\n", "").replace("[read]", "[read]\nrow = true");
    numbered.replace("fold = \"thread\"", "fold = \"chat\"")
}

const HEADER: &str = "Case,Desk,Time,Changed,Step,Score,Agent,Wait,Talk,Cost,Moves,Bot\n";

/// How files are read: in pieces of about so many bytes, and folded every so many rows meanwhile, or not at all.
#[derive(Debug, Clone, Copy)]
struct How {
    piece: usize,
    every: Option<usize>,
}

/// All rows are held.
const PLAIN: How = How { piece: USUAL, every: None };

/// Read files, and how often each was read.
fn read((profile, files): (&str, &[String]), how: How) -> (Inputs, Vec<usize>) {
    let known = |text: &str| Known { profile: Arc::new(library::parse(text, "x").unwrap()), own: true, forced: false };
    let profiles = [known(profile), known(LIST)];
    let settings: Settings = toml::from_str("[[source]]\nfile = 'f3'\nsource = 'other'").unwrap();
    let times: Vec<AtomicUsize> = files.iter().map(|_| AtomicUsize::default()).collect();
    let early = fold::Early::new(&settings);
    let one = |nth: usize, but: &Numbers| {
        times[nth].fetch_add(1, Ordering::Relaxed);
        let early = how.every.map(|every| Folding { early: &early, but, every });
        let with = Reading { profiles: &profiles, settings: &settings, piece: how.piece, early, progress: &|_| {} };
        source::read(&Found::unfiled(&format!("f{nth}")), Content::Held(files[nth].as_bytes()), with)
    };
    let found: Vec<Found> = (0..files.len()).map(|nth| Found::unfiled(&format!("f{nth}"))).collect();
    let inputs = merge(&[], &found, early::read(files.len(), Some(&early), &one)).unwrap();
    (inputs, times.into_iter().map(AtomicUsize::into_inner).collect())
}

/// All that is there in the end, as text.
fn told(told_by: (&str, &[String]), how: How) -> Vec<String> {
    let (mut inputs, _) = read(told_by, how);
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

/// How rows stand: as they came, by case, by time, or by time from the last to the first.
#[derive(Debug, Clone, Copy)]
enum Order {
    Any,
    Together,
    Forth,
    Back,
}

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Any), Just(Order::Together), Just(Order::Forth), Just(Order::Back)]
}

/// Rows in an order; where one is `astray`, it stands elsewhere. The time is the second cell behind the number.
fn stand(mut rows: Vec<(String, String)>, order: Order, astray: Option<usize>) -> Vec<(String, String)> {
    let time = |row: &(String, String)| row.1.split(',').nth(1).unwrap_or_default().to_owned();
    let first: Vec<String> = rows.iter().map(|(case, _)| case.clone()).collect();
    match order {
        Order::Any => {}
        Order::Together => rows.sort_by_key(|(case, _)| first.iter().position(|other| other == case)),
        Order::Forth => rows.sort_by_key(time),
        Order::Back => rows.sort_by_key(|row| std::cmp::Reverse(time(row))),
    }
    if let Some(astray) = astray {
        let len = rows.len();
        rows.swap(astray % len, (astray * 31) % len);
    }
    rows
}

/// Rows of messages: the number, and what follows it.
fn messages() -> impl Strategy<Value = Vec<(String, String)>> {
    let row = "x,2026-0[34]-[012][1-9]( 1[0-3]:[0-5]0|),(2026-05-05 1[0-3]:00|),(\\+1202555010[0-3]|),([ab]@x\\.com|),\
               (sms|sms|sms|chat),(in|out|out|),(yes||),(Tom|Ana|),([0-9]\\.[0-9]{1,2}|)";
    prop::collection::vec(("m[0-9]{1,3}", proptest::string::string_regex(row).unwrap()), 1..80)
}

fn talks(rows: &[(String, String)]) -> String {
    let header = "Number,Desk,Sent,Changed,Phone,Mail,Channel,Way,Bot,Agent,Cost\n".to_owned();
    rows.iter().fold(header, |text, (number, rest)| format!("{text}{number},{rest}\n"))
}

fn list(cases: &[String]) -> String {
    let header = "Case,Desk,Opened,Topic,Talk,Legs,Who\n".to_owned();
    let row = |(nth, case): (usize, &String)| {
        let legs = [",", "60,", "60,1", "60,2"][nth % 4];
        format!("{case},x,2026-03-0{} 09:00,t,{legs},w\n", nth % 4 + 1)
    };
    cases.iter().enumerate().map(row).fold(header, |text, row| text + &row)
}

/// Rows in one file or two, beside a list of some.
fn files(
    rows: &[(String, String)],
    cut: usize,
    text: fn(&[(String, String)]) -> String,
    cases: Option<Vec<String>>,
) -> Vec<String> {
    let (one, other) = rows.split_at(cut.min(rows.len()));
    let parts = [one, other].into_iter().filter(|rows| !rows.is_empty()).map(text);
    parts.chain(cases.filter(|cases| !cases.is_empty()).map(|cases| list(&cases))).collect()
}

fn how() -> impl Strategy<Value = How> {
    (60..2500usize, 1..30usize).prop_map(|(piece, every)| How { piece, every: Some(every) })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn what_comes_of_a_log_is_the_same_however_its_rows_stand(
        rows in prop_oneof![rows(""), rows("([0-9]|)")],
        order in order(),
        astray in prop::option::of(0..1000usize),
        cut in 0..120usize,
        desks in prop::bool::weighted(0.1),
        cases in prop::option::of(prop::collection::vec("[A-Z1-9]", 0..6)),
        how in how(),
    ) {
        let files = files(&stand(rows, order, astray), cut, log, cases);
        let profile = if desks { log_of_desks() } else { LOG.to_owned() };
        prop_assert_eq!(told((&profile, &files), how), told((&profile, &files), PLAIN));
    }

    #[test]
    fn what_comes_of_messages_is_the_same_however_they_stand(
        rows in messages(),
        order in order(),
        astray in prop::option::of(0..1000usize),
        cut in 0..160usize,
        one_chat in any::<bool>(),
        cases in prop::option::of(prop::collection::vec("m[0-9]{1,3}", 0..3)),
        how in how(),
    ) {
        let files = files(&stand(rows, order, astray), cut, talks, cases);
        let profile = if one_chat { chats() } else { MESSAGES.to_owned() };
        prop_assert_eq!(told((&profile, &files), how), told((&profile, &files), PLAIN));
    }
}

/// Pieces and looks that are short for three thousand rows.
const SHORT: How = How { piece: 1_000, every: Some(100) };

/// Three hundred cases of ten rows of 34 bytes each.
fn long() -> Vec<(String, String)> {
    let row = |case: usize, nth: usize| (format!("C{case:03}"), format!("x,2026-03-02 1{nth}:00,,reply,,,,,,,"));
    (0..300).flat_map(|case| (0..10).map(move |nth| row(case, nth))).collect()
}

/// The same by time: each case is open while five others begin.
fn by_time() -> Vec<(String, String)> {
    let mut rows = long();
    let place = |nth: usize| (nth / 10 * 10 + nth % 10 * 5, nth);
    let mut places: Vec<_> = (0..rows.len()).map(place).collect();
    places.sort_unstable();
    let all = rows.clone();
    rows.iter_mut().zip(places).for_each(|(row, (_, nth))| *row = all[nth].clone());
    rows
}

/// How many interactions are held of these, and how often each file was read.
fn held(profile: &str, files: &[String], how: How) -> (usize, Vec<usize>) {
    let (inputs, times) = read((profile, files), how);
    let held = inputs.tables[TableKind::Interactions as usize].rows();
    let folded: u64 = inputs.sources.iter().map(|source| source.counts.folded).sum();
    let read: u64 = inputs.sources.iter().map(|source| source.counts.read).sum();
    assert_eq!(folded, read - held as u64);
    (held, times)
}

#[test]
fn of_a_log_that_is_sorted_the_records_are_held_and_what_came_last() {
    for rows in [long(), by_time()] {
        let text = [log(&rows)];
        let (rows, times) = held(LOG, &text, SHORT);
        assert!(rows < 900, "{rows} rows of 3000");
        assert_eq!((times, held(LOG, &text, PLAIN).0), (vec![1], 3_000));
    }
}

#[test]
fn only_rows_of_a_number_that_comes_again_are_held_one_by_one_and_the_file_is_read_twice() {
    for rows in [long(), by_time()] {
        let again = rows[15].clone();
        let other = (again.0.replace('C', "D"), again.1.clone());
        let held = |files: &[String]| held(LOG, files, SHORT);
        let (sorted, times) = held(&[log(&[rows.clone(), vec![other]].concat())]);
        assert_eq!(times, [1]);
        assert_eq!(held(&[log(&[rows.clone(), vec![again.clone()]].concat())]), (sorted + 9, vec![2]));
        // The same row in a file of its own, and in a list.
        let sorted = held(&[log(&rows)]).0;
        assert_eq!(held(&[log(&rows), log(std::slice::from_ref(&again))]), (sorted + 10, vec![2, 1]));
        assert_eq!(held(&[list(std::slice::from_ref(&again.0)), log(&rows)]), (sorted + 10, vec![1, 2]));
        // Of another source it is another record.
        let list = |case: &str| list(&[case.to_owned()]);
        assert_eq!(
            held(&[log(&rows), list("Y"), list("Z"), log(std::slice::from_ref(&again))]),
            (sorted + 3, vec![1; 4])
        );
    }
}

/// Three hundred threads of ten messages, one every hour, of four people in turn who pause for a day.
fn threads() -> Vec<(String, String)> {
    let row = |nth: usize| {
        let (day, hour, who) = (nth / 10 * 2 + 1, nth % 10, nth / 10 % 4);
        let (month, day) = (day / 28 + 1, day % 28 + 1);
        (
            format!("m{nth}"),
            format!(
                "x,20{:02}-{:02}-{day:02} 1{hour}:00,,+1202555010{who},,sms,in,,,",
                10 + month / 12,
                month % 12 + 1
            ),
        )
    };
    (0..3_000).map(row).collect()
}

#[test]
fn of_messages_that_stand_by_time_the_threads_are_held_and_what_came_last() {
    let (forth, back) = (threads(), threads().into_iter().rev().collect::<Vec<_>>());
    for rows in [forth, back] {
        let (rows, times) = held(MESSAGES, &[talks(&rows)], SHORT);
        assert!(rows < 900, "{rows} rows of 3000");
        assert_eq!(times, [1]);
    }
    // Of a chat nothing follows its file.
    assert_eq!(held(&chats(), &[talks(&threads())], SHORT), (300, vec![1]));
    assert_eq!(held(&chats(), &[talks(&threads())], How { every: Some(EVERY), ..SHORT }), (300, vec![1]));
}

#[test]
fn a_message_of_a_thread_elsewhere_costs_a_second_reading() {
    let rows = threads();
    let (sorted, _) = held(MESSAGES, &[talks(&rows)], SHORT);
    let held = |message: (&str, &str)| {
        held(MESSAGES, &[talks(&rows), talks(&[(message.0.to_owned(), message.1.to_owned())])], SHORT)
    };
    let first = rows[0].1.as_str();
    let late = first.replace(" 10:00", " 23:00");
    assert_eq!(held(("n1", &late)), (sorted + 10, vec![2, 1]));
    // Of another, or after a pause; and the same message once more, whatever it says.
    assert_eq!(held(("n1", &late.replace("0100", "0109"))), (sorted + 1, vec![1, 1]));
    assert_eq!(held(("n1", &late.replace("2010", "2009"))), (sorted + 1, vec![1, 1]));
    assert_eq!(held(("m7", &late.replace("0100", "0109"))), (sorted + 10, vec![2, 1]));
}

#[test]
fn where_each_row_says_what_it_is_of_all_are_held() {
    assert_eq!(held(&log_of_desks(), &[log(&long())], SHORT), (3_000, vec![1]));
}
