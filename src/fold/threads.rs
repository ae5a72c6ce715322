//! What a thread of messages is: who began, when a human first replied, how often, how many messages.
//!
//! Which messages are one thread is decided in `cases.rs`.

use super::groups::Groups;
use super::ledger::Ledger;
use crate::columns::{Codes, Data, Flags, NO_COUNT, NO_TIME, NO_WORD, Table, Text, Texts, Times};
use std::sync::Arc;

/// What the messages of one thread say together.
#[derive(Debug)]
pub struct Thread {
    first_response: i64,
    last: i64,
    /// Unknown where the customer wrote nothing: nobody could reply.
    replies: i32,
    messages: i32,
    /// Its first message names no direction, and so it has none, even where later ones name theirs.
    undirected: bool,
}

/// Of each group the thread, where its rows are messages; nothing where no rows are.
pub fn found(table: &Table, groups: &Groups, ledger: &Ledger) -> Vec<Option<Thread>> {
    if !ledger.any_messages() {
        return Vec::new();
    }
    let messages = Messages::new(table);
    let is_thread = |row: u32| ledger.is_message(table, row) && !is_whole(table, row, ledger);
    groups.map(|rows| is_thread(rows[0]).then(|| messages.thread(rows)))
}

/// Whether a row is all messages of a thread, which were counted when they were folded while they were read.
fn is_whole(table: &Table, row: u32, ledger: &Ledger) -> bool {
    ledger.is_early(table, row) && table.column("messages").is_some_and(|counts| !counts.is_missing(row as usize))
}

/// The columns that threads have something to say in, of a table with a row for each group; rows that are no threads keep
/// theirs.
pub fn columns(table: &Table, threads: &[Option<Thread>]) -> Vec<(&'static str, Data)> {
    if threads.is_empty() {
        return Vec::new();
    }
    let (cases, mut columns) = rayon::join(
        || case_ids(table, threads),
        || {
            vec![
                ("first_response_at", times(table, "first_response_at", threads, |thread| thread.first_response)),
                ("updated_at", times(table, "updated_at", threads, |thread| thread.last)),
                ("replies", counts(table, "replies", threads, |thread| thread.replies)),
                ("messages", counts(table, "messages", threads, |thread| thread.messages)),
            ]
        },
    );
    columns.push(("case_id", cases));
    columns.extend(directions(table, threads).map(|directions| ("direction", directions)));
    columns
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
            undirected: self.directions.is_some_and(|(codes, _)| codes.get(rows[0] as usize) == NO_WORD),
        }
    }
}

fn count(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn times(table: &Table, name: &str, threads: &[Option<Thread>], of: fn(&Thread) -> i64) -> Data {
    let own = table.times(name);
    let own = |row: usize| own.map_or(NO_TIME, |own| own.get(row));
    Data::Time(told(threads, of, own).into())
}

fn counts(table: &Table, name: &str, threads: &[Option<Thread>], of: fn(&Thread) -> i32) -> Data {
    let own = table.counts(name);
    let own = |row: usize| own.map_or(NO_COUNT, |own| own.get(row));
    Data::Count(told(threads, of, own).into())
}

/// What threads say, and of other rows their own.
fn told<T>(threads: &[Option<Thread>], of: fn(&Thread) -> T, own: impl Fn(usize) -> T) -> Vec<T> {
    threads.iter().enumerate().map(|(row, thread)| thread.as_ref().map_or_else(|| own(row), of)).collect()
}

/// A thread is a case, named by its first message.
fn case_ids(table: &Table, threads: &[Option<Thread>]) -> Data {
    let [numbers, cases] = ["interaction_id", "case_id"].map(|name| table.texts(name));
    let mut texts = Texts::default();
    for (row, thread) in threads.iter().enumerate() {
        let own = if thread.is_some() { numbers } else { cases };
        texts.push_text(own.map_or(Text::EMPTY, |own| own.get(row)));
    }
    Data::Text(texts)
}

/// A thread has the direction of its first message.
fn directions(table: &Table, threads: &[Option<Thread>]) -> Option<Data> {
    let Some(Data::Word { codes, words }) = table.column("direction") else { return None };
    let is_undirected = |thread: &Option<Thread>| thread.as_ref().is_some_and(|thread| thread.undirected);
    let code = |(code, thread)| if is_undirected(thread) { NO_WORD } else { code };
    Some(Data::Word { codes: codes.iter().zip(threads).map(code).collect(), words: Arc::clone(words) })
}
