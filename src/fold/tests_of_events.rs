//! What becomes of exports of single events, of messages that answer each other, and of exports beside others.

use super::replies;
use super::tests::{folded, shown, source, table};
use crate::columns::Table;
use crate::interaction::TableKind;

#[test]
fn events_of_one_number_are_one_record_in_the_order_in_which_they_happened() {
    let rows = table(
        TableKind::Interactions,
        "interaction_id,source,started_at,updated_at,status,agent,talk,file,line
         7,x,100,300,closed,,20,a,4
         7,x,100,200,resolved,Tom,10,a,3
         7,x,100,100,open,,,a,2
         8,x,150,150,open,,,a,5
         7,y,100,100,open,,,b,2
         8,x,150,160,pending,Ana,,a,6
         8,x,150,160,open,Bo,,a,7",
    );
    let sources = vec![source("a", "interactions", "fold = 'events'"), source("b", "interactions", "fold = 'events'")];
    let (rows, counts) = folded(rows, sources, "interaction_id,source,started_at,updated_at,status,agent,talk");
    assert_eq!(rows, ["7,x,100,300,closed,Tom,30", "7,y,100,100,open,,", "8,x,150,160,open,Bo,"]);
    assert_eq!(counts, [(2, 4, 0), (1, 0, 0)]);
}

#[test]
fn the_same_event_in_two_files_is_told_once_and_twice_in_one_file_twice() {
    let rows = table(
        TableKind::Interactions,
        "interaction_id,source,started_at,talk,file,line
         7,x,100,5,a,2
         7,x,100,5,a,3
         7,x,100,5,b,2
         7,x,200,9,b,3",
    );
    let sources = vec![source("a", "interactions", "fold = 'events'"), source("b", "interactions", "fold = 'events'")];
    let (rows, counts) = folded(rows, sources, "interaction_id,started_at,talk");
    assert_eq!(rows, ["7,100,19"]);
    assert_eq!(counts, [(1, 1, 0), (0, 1, 1)]);
}

#[test]
fn an_event_is_the_same_beside_others_of_which_only_the_day_is_known() {
    let rows = table(
        TableKind::Interactions,
        "interaction_id,source,started_at,by_day,file,line
         7,x,100,,a,2
         7,x,100,0,b,2
         8,x,86400,1,b,3",
    );
    let sources = vec![source("a", "interactions", "fold = 'events'"), source("b", "interactions", "fold = 'events'")];
    let (rows, counts) = folded(rows, sources, "interaction_id,file");
    assert_eq!(rows, ["7,a", "8,b"]);
    assert_eq!(counts, [(1, 0, 0), (1, 0, 1)]);
}

#[test]
fn a_side_row_fills_what_is_empty_and_adds_up_nothing() {
    let rows = table(
        TableKind::Interactions,
        "interaction_id,source,started_at,status,replies,reopens,updated_at,file,line
         1,x,100,open,,,50,tickets,2
         1,x,90,,3,1,900,metrics,2
         1,x,90,,2,1,800,metrics,3
         2,x,95,,4,0,700,metrics,4
         1,x,100,closed,,,60,tickets,3
         1,y,80,open,,,,other,2",
    );
    let sources = vec![
        source("tickets", "interactions", ""),
        source("metrics", "interactions", "fold = 'side'"),
        source("other", "interactions", ""),
    ];
    let columns = "interaction_id,source,started_at,status,replies,reopens,file";
    let (rows, counts) = folded(rows, sources, columns);
    assert_eq!(rows, ["1,y,80,open,,,other", "2,x,95,,4,0,metrics", "1,x,100,closed,3,1,tickets"]);
    assert_eq!(counts, [(1, 0, 1), (1, 1, 1), (1, 0, 0)]);
}

/// The cases of messages, and the numbers that events of them come to have.
fn linked(messages: &str) -> (Vec<String>, Vec<String>) {
    let mut tables: Vec<Table> = TableKind::ALL.map(Table::new).into();
    let messages = format!("interaction_id,case_id,source,started_at,file\n{messages}");
    tables[TableKind::Interactions as usize] = table(TableKind::Interactions, &messages);
    let events: Vec<_> =
        messages.lines().skip(1).map(|line| format!("{},x,a", line.split(',').next().unwrap())).collect();
    let events = format!("interaction_id,source,file\n{}", events.join("\n"));
    tables[TableKind::Events as usize] = table(TableKind::Events, &events);
    replies::link(&mut tables, &[source("a", "interactions", "fold = 'replies'"), source("b", "interactions", "")]);
    (
        shown(&tables[TableKind::Interactions as usize], "interaction_id,case_id"),
        shown(&tables[TableKind::Events as usize], "interaction_id"),
    )
}

#[test]
fn messages_that_hang_together_have_the_number_of_the_earliest() {
    let (messages, events) = linked("2,1,x,20,a\n1,,x,10,a\n3,2,x,30,a\n5,9,x,50,a\n4,9,x,60,a\n6,,x,70,a\n2,1,x,20,b");
    // 5 and 4 both answer 9, which is nowhere. The last row is of an export that folds nothing.
    assert_eq!(messages, ["2,1", "1,1", "3,1", "5,5", "4,5", "6,6", "2,1"]);
    assert_eq!(events, ["1", "1", "1", "5", "5", "6", "1"]);
}

#[test]
fn messages_that_answer_each_other_in_a_circle_are_one_thread() {
    let (forth, _) = linked("1,3,x,30,a\n2,1,x,20,a\n3,2,x,10,a\n4,4,x,40,a");
    assert_eq!(forth, ["1,3", "2,3", "3,3", "4,4"]);
    let (back, _) = linked("3,2,x,10,a\n2,1,x,20,a\n1,3,x,30,a");
    assert_eq!(back, ["3,3", "2,3", "1,3"]);
}
