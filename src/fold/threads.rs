//! What a thread of messages is: who began, when a human first replied, how often, how many messages.
//!
//! Which messages are one thread is decided in `cases.rs`.

use super::combine::folded;
use super::groups::Groups;
use super::ledger::Ledger;
use crate::columns::{Codes, Data, Flags, NO_COUNT, NO_TIME, Table, Text, Texts, Times};

/// The columns of an interaction that its messages decide together; rows that are no messages keep theirs.
pub fn columns(table: &Table, groups: &Groups, ledger: &Ledger) -> Vec<(&'static str, Data)> {
    if !ledger.any_messages() {
        return Vec::new();
    }
    let messages = Messages::new(table);
    let is_thread = |rows: &[u32]| ledger.is_message(table, rows[0]);
    let threads: Vec<_> = groups.iter().map(|rows| is_thread(rows).then(|| messages.thread(rows))).collect();
    let times = |name: &str, of: fn(&Thread) -> i64| overlay(times(&folded(table, name, groups)), &threads, of).into();
    let counts =
        |name: &str, of: fn(&Thread) -> i32| overlay(counts(&folded(table, name, groups)), &threads, of).into();
    vec![
        ("case_id", case_ids(table, groups, &threads)),
        ("direction", directions(table, groups, &threads)),
        ("first_response_at", Data::Time(times("first_response_at", |t| t.first_response))),
        ("updated_at", Data::Time(times("updated_at", |t| t.last))),
        ("replies", Data::Count(counts("replies", |t| t.replies))),
        ("messages", Data::Count(counts("messages", |t| t.messages))),
    ]
}

/// What the messages of one thread say together.
struct Thread {
    first_response: i64,
    last: i64,
    /// Unknown where the customer wrote nothing: nobody could reply.
    replies: i32,
    messages: i32,
}

/// The columns of messages.
struct Messages<'a> {
    starts: Option<&'a Times>,
    /// Codes of the directions, and which is outbound.
    directions: Option<(&'a Codes, Option<u32>)>,
    bots: Option<&'a Flags>,
}

impl<'a> Messages<'a> {
    fn new(table: &'a Table) -> Self {
        Self {
            starts: table.times("started_at"),
            directions: table.words("direction").map(|(codes, words)| (codes, words.find("outbound"))),
            bots: table.flags("bot"),
        }
    }

    fn is_outbound(&self, row: u32) -> bool {
        self.directions.is_some_and(|(codes, outbound)| Some(codes.get(row as usize)) == outbound)
    }

    fn is_bot(&self, row: u32) -> bool {
        self.bots.is_some_and(|flags| flags.get(row as usize) == 1)
    }

    fn start(&self, row: u32) -> i64 {
        self.starts.map_or(NO_TIME, |starts| starts.get(row as usize))
    }

    /// Messages in order of time. A reply is a human's message after the customer's first.
    fn thread(&self, rows: &[u32]) -> Thread {
        let asked = rows.iter().position(|&row| !self.is_outbound(row));
        let after = asked.map_or(&[][..], |at| &rows[at..]);
        let mut replies = after.iter().copied().filter(|&row| self.is_outbound(row) && !self.is_bot(row));
        Thread {
            replies: asked.map_or(NO_COUNT, |_| count(replies.clone().count())),
            first_response: replies.next().map_or(NO_TIME, |row| self.start(row)),
            last: rows.last().map_or(NO_TIME, |&row| self.start(row)),
            messages: count(rows.len()),
        }
    }
}

fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn times(data: &Data) -> Vec<i64> {
    if let Data::Time(values) = data { values.to_vec() } else { Vec::new() }
}

fn counts(data: &Data) -> Vec<i32> {
    if let Data::Count(values) = data { values.to_vec() } else { Vec::new() }
}

/// The values of threads over those of other interactions.
fn overlay<T>(mut values: Vec<T>, threads: &[Option<Thread>], of: fn(&Thread) -> T) -> Vec<T> {
    for (value, thread) in values.iter_mut().zip(threads) {
        if let Some(thread) = thread {
            *value = of(thread);
        }
    }
    values
}

/// A thread is a case, named by its first message.
fn case_ids(table: &Table, groups: &Groups, threads: &[Option<Thread>]) -> Data {
    let mut texts = Texts::default();
    for (rows, thread) in groups.iter().zip(threads) {
        let column = if thread.is_some() { "interaction_id" } else { "case_id" };
        let there = rows.iter().map(|&row| table.text(column, row as usize)).find(|text| !text.is_empty());
        texts.push_text(there.unwrap_or(Text::EMPTY));
    }
    Data::Text(texts)
}

/// A thread has the direction of its first message, even where only later ones name theirs.
fn directions(table: &Table, groups: &Groups, threads: &[Option<Thread>]) -> Data {
    let Some(data) = table.column("direction") else { return folded(table, "direction", groups) };
    let first = |rows: &[u32]| rows.iter().copied().find(|&row| !data.is_missing(row as usize));
    let chosen = groups.iter().zip(threads).map(|(rows, thread)| match thread {
        Some(_) => rows[0],
        None => first(rows).unwrap_or(rows[0]),
    });
    data.take(&chosen.collect::<Vec<_>>())
}
