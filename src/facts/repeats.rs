//! What came before and after a contact of the same customer (metrics.md §4, §11 "Repeats and FCR").
//!
//! One pass over each customer's rows in order of time, another one back. Only contacts of the default
//! population make repeats; a call that goes on with the one before is folded into it.

use super::{Facts, Out, codes, times};
use crate::columns::{NO_TIME, NO_WORD};
use rustc_hash::FxHashMap;

/// A call that starts at most this long after the end of an answered one continues it.
const CONTINUES: i64 = 30 * 60 * 1_000;

/// Fill in continuations and the contacts before and after each contact.
pub(super) fn fill(facts: &mut Facts) {
    let ends = ends(facts);
    let topic = codes(&facts.table, "topic");
    let mut later = Later::default();
    let mut rows = Vec::new();
    for customer in 0..facts.customers() {
        rows.clear();
        rows.extend(facts.of(customer).filter(|&row| counts(facts, row)));
        mark_continuations(facts, &ends, &rows);
        rows.retain(|&row| !facts.continuation[row]);
        for pair in rows.windows(2) {
            facts.previous_at[pair[1]] = facts.at[pair[0]];
            facts.next_at[pair[0]] = facts.at[pair[1]];
        }
        later.clear();
        for &row in rows.iter().rev() {
            facts.next_same_topic_at[row] = later.next(topic[row]);
            later.add(topic[row], facts.at[row]);
        }
    }
}

/// Contacts with a date make and are repeats; all else does not.
fn counts(facts: &Facts, row: usize) -> bool {
    facts.out[row] == Out::No && facts.at[row] != NO_TIME
}

/// When each call ended, as far as the export tells.
fn ends(facts: &Facts) -> Vec<i64> {
    let table = &facts.table;
    let columns = ["ended_at", "answered_at", "talk", "hold", "handle"].map(|name| times(table, name));
    let [ended, answered, talk, hold, handle] = columns;
    let or_none = |a: i64, b: i64| if a == NO_TIME || b == NO_TIME { NO_TIME } else { a + b };
    let end = |row: usize| {
        let picked_up = match answered[row] {
            NO_TIME => or_none(facts.at[row], facts.wait[row]),
            at => at,
        };
        let spoke = if talk[row] == NO_TIME { handle[row] } else { talk[row] + hold[row].max(0) };
        if ended[row] == NO_TIME { or_none(picked_up, spoke) } else { ended[row] }
    };
    (0..facts.rows()).map(end).collect()
}

/// A chain of calls may run on: each is measured against the answered call before it.
fn mark_continuations(facts: &mut Facts, ends: &[i64], rows: &[usize]) {
    let mut last_end = NO_TIME;
    for &row in rows.iter().filter(|&&row| facts.phone[row] && !facts.by_day[row]) {
        facts.continuation[row] = last_end != NO_TIME && facts.at[row] <= last_end + CONTINUES;
        if facts.answered[row] {
            last_end = ends[row];
        }
    }
}

/// The nearest later contact by topic, filled from the last contact to the first.
#[derive(Default)]
struct Later {
    any: Option<i64>,
    without_topic: Option<i64>,
    by_topic: FxHashMap<u32, i64>,
}

impl Later {
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

    /// A missing topic on either side matches.
    fn next(&self, topic: u32) -> i64 {
        let nearest = if topic == NO_WORD {
            self.any
        } else {
            let same = self.by_topic.get(&topic).copied();
            match (same, self.without_topic) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            }
        };
        nearest.unwrap_or(NO_TIME)
    }
}
