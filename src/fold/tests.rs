//! What folding promises: by example, and over random tables (nothing lost, no order of rows matters).

use super::fold_table;
use crate::columns::{Data, Kind, NO_COUNT, NO_FLAG, NO_TIME, Table, Texts, Words};
use crate::input::{self, Counts, Options, SourceFile};
use crate::interaction::{TableKind, day_bit};
use crate::settings::Settings;
use proptest::prelude::*;
use std::sync::Arc;

/// A file and its profile: `calls.csv: kind = "orders"` and what follows in TOML.
pub fn source(file: &str, kind: &str, rules: &str) -> SourceFile {
    let text = format!("name = 'x'\ntitle = 'x'\nkind = '{kind}'\n{rules}\ndetect.headers = []\ncolumns = {{}}\n");
    let profile = Arc::new(toml::from_str(&text).expect("a profile"));
    SourceFile::new(file, profile, "x")
}

/// A table from CSV; instants and durations in seconds.
pub fn table(kind: TableKind, text: &str) -> Table {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().expect("headers").clone();
    let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    let columns = headers.iter().enumerate().map(|(at, name)| {
        let position = kind.position(name).expect(name);
        let cells: Vec<&str> = rows.iter().map(|row| &row[at]).collect();
        (position, column(kind.fields()[position].kind, &cells))
    });
    let mut table = Table::new(kind);
    table.fill(columns, rows.len());
    table
}

fn column(kind: Kind, cells: &[&str]) -> Data {
    let seconds = |cell: &&str| cell.parse::<i64>().map_or(NO_TIME, |s| s * 1000);
    match kind {
        Kind::Word => {
            let mut words = Words::default();
            Data::Word { codes: cells.iter().map(|cell| words.code(cell)).collect(), words: words.into() }
        }
        Kind::Text => {
            let mut texts = Texts::default();
            for cell in cells {
                texts.push(cell);
            }
            Data::Text(texts)
        }
        Kind::Instant | Kind::Duration => Data::Time(cells.iter().map(seconds).collect()),
        Kind::Count => Data::Count(cells.iter().map(|cell| cell.parse().unwrap_or(NO_COUNT)).collect()),
        Kind::Number => Data::Number(cells.iter().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect()),
        Kind::Flag => Data::Flag(cells.iter().map(|cell| cell.parse::<bool>().map_or(NO_FLAG, u8::from)).collect()),
    }
}

/// One value as the CSV of `table` has it.
fn cell(table: &Table, name: &str, row: usize) -> String {
    match table.column(name) {
        Some(data) if data.is_missing(row) => String::new(),
        Some(Data::Time(values)) => (values.get(row) / 1000).to_string(),
        Some(Data::Count(values)) => values.get(row).to_string(),
        Some(Data::Number(values)) => values.get(row).to_string(),
        Some(Data::Flag(values)) => (values.get(row) == 1).to_string(),
        Some(Data::Text(texts)) => texts.get(row).to_string(),
        _ => table.word(name, row).to_owned(),
    }
}

/// The rows in these columns.
pub fn shown(table: &Table, columns: &str) -> Vec<String> {
    let line = |row| columns.split(',').map(|name| cell(table, name, row)).collect::<Vec<_>>().join(",");
    (0..table.rows()).map(line).collect()
}

/// Fold one table; its rows in these columns, and (used, folded, duplicates) by file.
pub fn folded(table: Table, mut sources: Vec<SourceFile>, columns: &str) -> (Vec<String>, Vec<(u64, u64, u64)>) {
    for source in &mut sources {
        let of_file = (0..table.rows()).filter(|&row| table.word("file", row) == source.file).count() as u64;
        source.counts = Counts { read: of_file, used: of_file, ..Counts::default() };
    }
    let (table, ledger, _) = fold_table(table, &sources, &Settings::default());
    ledger.settle(&mut sources);
    let counts = |s: &SourceFile| (s.counts.used, s.counts.folded, s.counts.duplicates);
    (shown(&table, columns), sources.iter().map(counts).collect())
}

#[test]
fn our_own_tables_are_read_back_whole() {
    let settings = Settings::default();
    let profiles = input::profiles(&Options::new(&settings, &[])).expect("profiles");
    let ours: Vec<_> = profiles.iter().filter(|profile| profile.name.starts_with("deskstat-")).collect();
    assert_eq!(ours.len(), 2 * TableKind::ALL.len(), "CSV and JSON of each");
    for profile in ours {
        // Where a row stands is that of the file read now, and who the customer is is found anew.
        const FOUND: [&str; 4] = ["customer", "file", "line", "by_day"];
        let fields = profile.kind.fields().iter().map(|f| f.name).filter(|name| !FOUND.contains(name));
        let mut fields: Vec<_> = fields.collect();
        fields.sort_unstable();
        assert_eq!(profile.columns.keys().collect::<Vec<_>>(), fields, "{}", profile.name);
    }
}

#[test]
fn the_latest_copy_counts_and_a_missing_update_is_the_earliest() {
    let rows = table(
        TableKind::Interactions,
        "interaction_id,source,started_at,updated_at,status,file,line
         1,x,100,,open,a,2
         1,x,100,500,closed,a,3
         1,x,100,200,pending,b,2
         1,y,100,,open,b,3
         ,x,50,,open,b,4
         ,x,50,,open,b,5",
    );
    let sources = vec![source("a", "interactions", ""), source("b", "interactions", "")];
    let (rows, counts) = folded(rows, sources, "started_at,source,interaction_id,status,file,line");
    assert_eq!(rows, ["50,x,,open,b,4", "50,x,,open,b,5", "100,x,1,closed,a,3", "100,y,1,open,b,3"]);
    assert_eq!(counts, [(1, 0, 1), (3, 0, 1)]);
}

#[test]
fn copies_of_one_update_are_told_apart_by_content_not_by_place() {
    for (first, second) in [("open", "pending"), ("pending", "open")] {
        let text = format!("interaction_id,source,started_at,status,file,line\n1,x,9,{first},a,2\n1,x,9,{second},b,2");
        let sources = vec![source("a", "interactions", ""), source("b", "interactions", "")];
        let (rows, _) = folded(table(TableKind::Interactions, &text), sources, "status");
        assert_eq!(rows, ["pending"]);
    }
}

#[test]
fn rows_without_a_number_of_their_own_are_never_copies() {
    let text = "interaction_id,source,started_at,file,line\na:2,x,1,a,2\na:2,x,1,a,2";
    let sources = vec![source("a", "interactions", "read.row = true")];
    let (rows, counts) = folded(table(TableKind::Interactions, text), sources, "interaction_id");
    assert_eq!((rows.len(), counts), (2, vec![(2, 0, 0)]));
}

#[test]
fn customers_are_known_by_their_first_key() {
    let rows = table(
        TableKind::Customers,
        "source,customer_id,customer_crm_id,customer_email,segment,updated_at,file,line
         x,,7,a@example.com,old,1,a,2
         x,,7,b@example.com,new,2,a,3
         x,7,,,other,1,a,4
         x,,,c@example.com,one,1,a,5
         x,,,c@example.com,two,,a,6
         x,,,,nobody,,a,7
         x,,,,nobody,,a,8",
    );
    let (rows, counts) = folded(rows, vec![source("a", "customers", "")], "segment");
    assert_eq!(rows, ["nobody", "nobody", "new", "other", "one"]);
    assert_eq!(counts, [(5, 0, 2)]);
}

#[test]
fn line_items_are_one_order_and_orders_of_two_files_are_copies() {
    let rows = table(
        TableKind::Orders,
        "order_id,source,ordered_at,amount,refunded,customer_email,file,line
         #1,x,100,110.5,,,a,2
         #1,x,100,,,ana@example.com,a,3
         #2,x,90,5,,,a,4
         #1,x,100,110.5,10,,b,2
         #1,x,101,,,ana@example.com,b,3",
    );
    let sources = vec![source("a", "orders", "fold = 'lines'"), source("b", "orders", "fold = 'lines'")];
    let (rows, counts) = folded(rows, sources, "order_id,ordered_at,amount,refunded,customer_email,file,line");
    assert_eq!(rows, ["#2,90,5,,,a,4", "#1,100,110.5,10,ana@example.com,b,2"]);
    assert_eq!(counts, [(1, 1, 1), (1, 1, 0)]);
}

#[test]
fn legs_of_a_call_are_one_interaction() {
    let rows = table(
        TableKind::Interactions,
        "interaction_id,case_id,source,started_at,outcome,agent,wait,talk,bot,transfers,cost,file,line
         l2,c,x,130,answered,Tom,20,60,false,1,0.5,a,2
         l1,c,x,100,abandoned,,0,,true,,,a,3
         l3,c,x,190,missed,Ana,40,30,,1,1,a,4
         l4,,x,100,,,,,,,,a,5
         l5,c,y,100,answered,,,,true,,,a,6",
    );
    let columns = "interaction_id,case_id,source,started_at,outcome,agent,wait,talk,bot,transfers,cost,line";
    let (rows, counts) = folded(rows, vec![source("a", "interactions", "")], columns);
    assert_eq!(
        rows,
        ["l1,c,x,100,answered,Ana,20,90,false,2,1.5,3", "l4,,x,100,,,,,,,,5", "l5,c,y,100,answered,,,,true,,,6",]
    );
    assert_eq!(counts, [(3, 2, 0)]);
}

#[test]
fn the_wait_before_a_transfer_is_not_the_wait_for_the_answer() {
    let text = "interaction_id,case_id,source,started_at,outcome,wait,file
                1,c,x,1,answered,,a
                2,c,x,2,answered,30,a
                3,d,x,3,abandoned,,a
                4,d,x,4,,12,a
                5,e,x,5,overflow,40,a
                6,e,x,6,answered,5,a";
    let (rows, _) =
        folded(table(TableKind::Interactions, text), vec![source("a", "interactions", "")], "interaction_id,wait");
    assert_eq!(rows, ["1,", "3,12", "5,40"]);
}

#[test]
fn an_instant_is_known_to_the_day_only_if_the_row_that_it_is_from_says_so() {
    let [started, updated] = ["started_at", "updated_at"].map(|name| day_bit(TableKind::Interactions, name));
    let text = format!(
        "interaction_id,case_id,source,started_at,updated_at,by_day,file
         1,c,x,1,5,{started},a
         2,c,x,2,6,{started},a
         3,d,x,3,5,{updated},a
         4,d,x,4,6,0,a"
    );
    let (rows, _) =
        folded(table(TableKind::Interactions, &text), vec![source("a", "interactions", "")], "interaction_id,by_day");
    assert_eq!(rows, [format!("1,{started}"), "3,0".to_owned()]);
}

#[test]
fn messages_are_threads_by_customer_channel_and_pause() {
    let rows = table(
        TableKind::Interactions,
        "interaction_id,source,started_at,direction,bot,channel,customer_phone,customer_email,file,line
         m4,x,400,outbound,,sms,+15550100,,a,2
         m1,x,100,outbound,,sms,+15550100,,a,3
         m2,x,200,inbound,,sms,+15550100,,a,4
         m3,x,201,outbound,true,sms,+15550100,,a,5
         m5,x,86800,inbound,,sms,+15550100,,a,6
         m6,x,173201,inbound,,sms,+15550100,,a,7
         m7,x,300,inbound,,messaging,+15550100,,a,8
         m8,x,300,inbound,,sms,,ana@example.com,a,9
         m9,x,300,,,sms,,bo@example.com,a,10
         n1,x,310,outbound,,sms,,bo@example.com,a,11
         n2,x,300,inbound,,sms,,,a,12
         m2,x,200,inbound,,sms,+15550100,,b,2",
    );
    let sources = ["a", "b"].map(|file| source(file, "interactions", "fold = 'thread'")).to_vec();
    let columns = "interaction_id,case_id,started_at,direction,first_response_at,replies,messages,updated_at,bot,line";
    let (rows, counts) = folded(rows, sources, columns);
    assert_eq!(
        rows,
        [
            "m1,m1,100,outbound,400,1,5,86800,,3",
            "m7,m7,300,inbound,,0,1,300,,8",
            "m8,m8,300,inbound,,0,1,300,,9",
            "m9,m9,300,,310,1,2,310,,10",
            "n2,n2,300,inbound,,0,1,300,,12",
            "m6,m6,173201,inbound,,0,1,173201,,7",
        ]
    );
    assert_eq!(counts, [(6, 5, 0), (0, 0, 1)]);
}

#[test]
fn a_row_is_counted_by_its_own_table_only() {
    let text = "survey_id,source,answered_at,file,line\n1,x,1,a,2\n1,x,1,a,2";
    let (rows, counts) = folded(table(TableKind::Surveys, text), vec![source("a", "interactions", "")], "survey_id");
    assert_eq!((rows.len(), counts), (1, vec![(2, 0, 0)]));
}

/// Rules of the files of random tables.
const RULES: [&str; 6] =
    ["", "fold = 'lines'", "fold = 'thread'", "read.row = true", "fold = 'events'", "fold = 'side'"];

/// What a random row is made of.
type Row = ((u8, usize, u8, u8, i64), (u8, u8, usize, usize, u8), (u8, Option<i32>));

/// Rows of few values each, so that they meet.
fn random_rows() -> impl Strategy<Value = Vec<String>> {
    let row = (
        (0..4u8, 0..RULES.len(), 0..2u8, 0..3u8, 0..6i64),
        (0..3u8, 0..3u8, 0..3usize, 0..3usize, 0..3u8),
        (0..3u8, prop::option::of(0..3i32)),
    );
    prop::collection::vec(row, 0..40).prop_map(|rows| {
        let some = |n: u8, text: String| if n == 0 { String::new() } else { text };
        let cells = |at: usize, row| {
            let ((id, file, source, case, start), (updated, phone, direction, outcome, wait), (talk, cost)): Row = row;
            [
                some(id, id.to_string()),
                some(case, case.to_string()),
                ["x", "y"][usize::from(source)].into(),
                if start == 0 { String::new() } else { (start * 50_000).to_string() },
                some(updated, updated.to_string()),
                some(phone, format!("+1555010{phone}")),
                ["", "inbound", "outbound"][direction].into(),
                ["", "answered", "missed"][outcome].into(),
                some(wait, wait.to_string()),
                some(talk, talk.to_string()),
                cost.map(|c| (f64::from(c) / 10.0).to_string()).unwrap_or_default(),
                format!("f{file}"),
                (at + 2).to_string(),
            ]
            .join(",")
        };
        rows.into_iter().enumerate().map(|(at, row)| cells(at, row)).collect()
    })
}

const RANDOM: &str =
    "interaction_id,case_id,source,started_at,updated_at,customer_phone,direction,outcome,wait,talk,cost,file,line";

fn fold_random(rows: &[String]) -> (Vec<String>, Vec<(u64, u64, u64)>) {
    let sources = RULES.iter().enumerate().map(|(i, rule)| source(&format!("f{i}"), "interactions", rule)).collect();
    let columns = format!("{RANDOM},first_response_at,replies,messages");
    folded(table(TableKind::Interactions, &format!("{RANDOM}\n{}", rows.join("\n"))), sources, &columns)
}

proptest! {
    #[test]
    fn no_row_is_lost_and_none_counted_twice(rows in random_rows()) {
        let (folded, counts) = fold_random(&rows);
        for (i, (used, folded, duplicates)) in counts.iter().enumerate() {
            let suffix = format!(",f{i},");
            let read = rows.iter().filter(|row| row.contains(&suffix)).count() as u64;
            prop_assert_eq!(read, used + folded + duplicates);
        }
        prop_assert_eq!(counts.iter().map(|c| c.0).sum::<u64>(), folded.len() as u64);
    }

    #[test]
    fn the_order_of_rows_changes_nothing(
        (rows, shuffled) in random_rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        prop_assert_eq!(fold_random(&rows), fold_random(&shuffled));
    }

    #[test]
    fn records_stand_by_start(rows in random_rows()) {
        let (folded, _) = fold_random(&rows);
        let start = |row: &String| row.split(',').nth(3).and_then(|s| s.parse::<i64>().ok()).map_or((true, 0), |s| (false, s));
        prop_assert!(folded.iter().map(start).is_sorted());
    }
}
