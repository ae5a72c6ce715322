//! What came before and after a contact of the same customer (metrics.md §4, §11 "Repeats and FCR").
//!
//! One pass over each customer's rows in order of time, another one back, side by side. Only contacts of the default
//! population make repeats; a call that goes on with the one before is folded into it.

use super::seen::{codes, times};
use super::{Facts, Out};
use crate::columns::{NO_TIME, NO_WORD, Table, Times};
use rustc_hash::FxHashMap;

/// A call that starts at most this long after the end of an answered one continues it.
const CONTINUES: i64 = 30 * 60 * 1_000;

/// Fill in continuations and the contacts before and after each contact.
pub(super) fn fill(facts: &mut Facts, table: &Table) {
    let contacts = contacts(facts, table);
    let rows = facts.rows();
    let (before, after) =
        rayon::join(|| nearest(rows, &contacts, Side::Before), || nearest(rows, &contacts, Side::After));
    (facts.previous_at, facts.previous_same_topic_at) = before;
    (facts.next_at, facts.next_same_topic_at) = after;
}

/// What both passes look at.
struct Contact {
    customer: u32,
    row: u32,
    topic: u32,
    at: i64,
}

/// All that make repeats, by customer and time; what continues a call is marked, and left out.
fn contacts(facts: &mut Facts, table: &Table) -> Vec<Contact> {
    let ends = ends(facts, table);
    let topic = codes(table, "topic");
    let (mut contacts, mut rows) = (Vec::new(), Vec::new());
    for customer in 0..facts.customers() {
        rows.clear();
        rows.extend(facts.of(customer).filter(|&row| counts(facts, row)));
        mark_continuations(facts, &ends, &rows);
        for &row in rows.iter().filter(|&&row| !facts.continuation[row]) {
            contacts.push(Contact { customer, row: row as u32, topic: topic.get(row), at: facts.at.get(row) });
        }
    }
    contacts
}

/// On which side of a contact others are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// The nearest contact of the same customer on one side of each: of any topic, and of the same.
fn nearest(rows: usize, contacts: &[Contact], side: Side) -> (Times, Times) {
    let (mut any, mut same) = (Times::missing(rows), Times::missing(rows));
    let mut near = Nearest::default();
    let several = contacts.chunk_by(|a, b| a.customer == b.customer).filter(|own| own.len() > 1);
    for own in several {
        near.clear();
        let look = |&Contact { row, topic, at, .. }: &Contact| {
            any.set(row as usize, near.any.unwrap_or(NO_TIME));
            same.set(row as usize, near.of(topic, side));
            near.add(topic, at);
        };
        match side {
            Side::Before => own.iter().for_each(look),
            Side::After => own.iter().rev().for_each(look),
        }
    }
    (any, same)
}

/// Contacts with a date make and are repeats; all else does not.
pub(super) fn counts(facts: &Facts, row: usize) -> bool {
    facts.out[row] == Out::No && facts.at.get(row) != NO_TIME
}

/// When each call ended, as far as the export tells.
fn ends(facts: &Facts, table: &Table) -> Times {
    let columns = ["ended_at", "answered_at", "talk", "hold", "handle"].map(|name| times(table, name));
    let [ended, answered, talk, hold, handle] = columns;
    let or_none = |a: i64, b: i64| if a == NO_TIME || b == NO_TIME { NO_TIME } else { a + b };
    let end = |row: usize| {
        let picked_up = match answered.get(row) {
            NO_TIME => or_none(facts.at.get(row), facts.wait.get(row)),
            at => at,
        };
        // What cannot be is missing here as everywhere.
        let possible = |duration: i64| if duration < 0 { NO_TIME } else { duration };
        let spoke = match possible(talk.get(row)) {
            NO_TIME => possible(handle.get(row)),
            talk => talk + hold.get(row).max(0),
        };
        if ended.get(row) == NO_TIME { or_none(picked_up, spoke) } else { ended.get(row) }
    };
    (0..facts.rows()).map(end).collect()
}

/// A chain of calls may run on: each is measured against the answered call before it.
fn mark_continuations(facts: &mut Facts, ends: &Times, rows: &[usize]) {
    let mut last_end = NO_TIME;
    for &row in rows.iter().filter(|&&row| facts.phone[row] && !facts.by_day[row]) {
        facts.continuation.set(row, last_end != NO_TIME && facts.at.get(row) <= last_end + CONTINUES);
        if facts.answered[row] {
            last_end = ends.get(row);
        }
    }
}

/// The nearest contact by topic of those walked so far: later ones where the walk goes back, else earlier ones.
#[derive(Default)]
struct Nearest {
    any: Option<i64>,
    without_topic: Option<i64>,
    by_topic: FxHashMap<u32, i64>,
}

impl Nearest {
    fn clear(&mut self) {
        (self.any, self.without_topic) = (None, None);
        self.by_topic.clear();
    }

    fn add(&mut self, topic: u32, at: i64) {
        self.any = Some(at);
        if topic == NO_WORD {
            self.without_topic = Some(at);
        } else {
            self.by_topic.insert(topic, at);
        }
    }

    /// A missing topic on either side matches; of two that do, the nearer one.
    fn of(&self, topic: u32, side: Side) -> i64 {
        let nearest = if topic == NO_WORD {
            self.any
        } else {
            let same = self.by_topic.get(&topic).copied();
            match (same, self.without_topic) {
                (Some(a), Some(b)) => Some(if side == Side::After { a.min(b) } else { a.max(b) }),
                (a, b) => a.or(b),
            }
        };
        nearest.unwrap_or(NO_TIME)
    }
}
