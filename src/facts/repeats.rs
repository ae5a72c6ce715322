//! What came before and after a contact of the same customer (metrics.md §4, §11 "Repeats and FCR").
//!
//! One pass over each customer's rows in order of time, another one back, side by side. Only contacts of the default
//! population make repeats; a call that goes on with the one before is folded into it.

use super::seen::{Seen, codes, times};
use super::{Facts, Out};
use crate::columns::{Bits, NO_TIME, NO_WORD, Table, Times};
use crate::identity::NO_CUSTOMER;
use std::ops::Range;

/// A call that starts at most this long after the end of an answered one continues it.
const CONTINUES: i64 = 30 * 60 * 1_000;

/// What is true of each contact by those of the same customer before and after it.
pub(super) struct Repeats {
    pub continuation: Bits,
    /// When the nearest ones began: of any topic, and of the same.
    pub previous: (Times, Times),
    pub next: (Times, Times),
}

impl Repeats {
    pub fn of(facts: &Facts) -> Self {
        let continuation = continuations(facts);
        let contacts = Contacts::of(facts, &continuation);
        let (previous, next) = rayon::join(|| contacts.nearest(Side::Before), || contacts.nearest(Side::After));
        Self { continuation, previous, next }
    }
}

/// What both passes look at.
#[derive(Clone, Copy, Default)]
struct Contact {
    row: u32,
    topic: u32,
    at: i64,
}

/// All that make repeats, without those that continue a call.
struct Contacts {
    /// By customer and time.
    all: Vec<Contact>,
    /// Where each customer's are.
    places: Vec<Range<usize>>,
    /// How many interactions and how many topics there are.
    rows: usize,
    topics: usize,
}

impl Contacts {
    /// Looked at as they stand, and put where their customers are.
    fn of(facts: &Facts, continuation: &Bits) -> Self {
        let table = &facts.table;
        let (topic, topics) = (codes(table, "topic"), table.words("topic").map_or(0, |(_, words)| words.len()));
        let begin = |customer| facts.walks.range(customer).start;
        let mut places: Vec<_> = (0..facts.customers()).map(|customer| begin(customer)..begin(customer)).collect();
        let mut all = vec![Contact::default(); begin(facts.customers())];
        for row in (0..facts.rows()).filter(|&row| counts(facts, row) && !continuation[row]) {
            let Some(place) = places.get_mut(facts.customer[row] as usize) else { continue };
            all[place.end] = Contact { row: row as u32, topic: topic.get(row), at: facts.at.get(row) };
            place.end += 1;
        }
        Self { all, places, rows: facts.rows(), topics }
    }

    /// The nearest contact of the same customer on one side of each: of any topic, and of the same.
    fn nearest(&self, side: Side) -> (Times, Times) {
        let (mut any, mut same) = (Times::missing(self.rows), Times::missing(self.rows));
        let mut near = Nearest::new(self.topics);
        for (customer, place) in (0..).zip(&self.places).filter(|(_, place)| place.len() > 1) {
            near.begin(customer);
            let look = |&Contact { row, topic, at }: &Contact| {
                any.set(row as usize, near.any.unwrap_or(NO_TIME));
                same.set(row as usize, near.of(topic, side));
                near.add(topic, at);
            };
            let own = &self.all[place.clone()];
            match side {
                Side::Before => own.iter().for_each(look),
                Side::After => own.iter().rev().for_each(look),
            }
        }
        (any, same)
    }
}

/// On which side of a contact others are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// Contacts with a date make and are repeats; all else does not.
pub(super) fn counts(facts: &Facts, row: usize) -> bool {
    facts.out[row] == Out::No && facts.at.get(row) != NO_TIME
}

/// Calls that go on with the one before. A chain of them may run on: each is measured against the answered call before it.
fn continuations(facts: &Facts) -> Bits {
    let (calls, mut continuation) = (Calls::of(&facts.table), Bits::none(facts.rows()));
    // When each customer's last answered call ended.
    let mut ended = vec![NO_TIME; facts.customers() as usize];
    for row in (0..facts.rows()).filter(|&row| facts.phone[row]) {
        let Some(ended) = ended.get_mut(facts.customer[row] as usize) else { continue };
        if facts.by_day[row] || !counts(facts, row) {
            continue;
        }
        continuation.set(row, *ended != NO_TIME && facts.at.get(row) <= *ended + CONTINUES);
        if facts.answered[row] {
            *ended = calls.end(facts, row);
        }
    }
    continuation
}

/// What tells when a call ended.
struct Calls<'t> {
    ended: Seen<'t>,
    answered: Seen<'t>,
    talk: Seen<'t>,
    hold: Seen<'t>,
    handle: Seen<'t>,
}

impl<'t> Calls<'t> {
    fn of(table: &'t Table) -> Self {
        let [ended, answered, talk, hold, handle] =
            ["ended_at", "answered_at", "talk", "hold", "handle"].map(|name| times(table, name));
        Self { ended, answered, talk, hold, handle }
    }

    /// As far as the export tells.
    fn end(&self, facts: &Facts, row: usize) -> i64 {
        let or_none = |a: i64, b: i64| if a == NO_TIME || b == NO_TIME { NO_TIME } else { a + b };
        if self.ended.get(row) != NO_TIME {
            return self.ended.get(row);
        }
        let picked_up = match self.answered.get(row) {
            NO_TIME => or_none(facts.at.get(row), facts.wait.get(row)),
            at => at,
        };
        // What cannot be is missing here as everywhere.
        let possible = |duration: i64| if duration < 0 { NO_TIME } else { duration };
        let spoke = match possible(self.talk.get(row)) {
            NO_TIME => possible(self.handle.get(row)),
            talk => talk + self.hold.get(row).max(0),
        };
        or_none(picked_up, spoke)
    }
}

/// The nearest contact by topic of those walked so far: later ones where the walk goes back, else earlier ones.
struct Nearest {
    customer: u32,
    any: Option<i64>,
    without_topic: Option<i64>,
    /// Of each topic, with whose it is: those of other customers are as good as none.
    by_topic: Vec<(u32, i64)>,
}

impl Nearest {
    fn new(topics: usize) -> Self {
        Self { customer: NO_CUSTOMER, any: None, without_topic: None, by_topic: vec![(NO_CUSTOMER, NO_TIME); topics] }
    }

    fn begin(&mut self, customer: u32) {
        (self.customer, self.any, self.without_topic) = (customer, None, None);
    }

    fn add(&mut self, topic: u32, at: i64) {
        self.any = Some(at);
        match self.by_topic.get_mut(topic as usize) {
            Some(nearest) => *nearest = (self.customer, at),
            None => self.without_topic = Some(at),
        }
    }

    /// A missing topic on either side matches; of two that do, the nearer one.
    fn of(&self, topic: u32, side: Side) -> i64 {
        let nearest = if topic == NO_WORD {
            self.any
        } else {
            let same = self.by_topic.get(topic as usize).filter(|nearest| nearest.0 == self.customer);
            match (same.map(|nearest| nearest.1), self.without_topic) {
                (Some(a), Some(b)) => Some(if side == Side::After { a.min(b) } else { a.max(b) }),
                (a, b) => a.or(b),
            }
        };
        nearest.unwrap_or(NO_TIME)
    }
}
