//! Facts: what is true of each interaction once all sources are joined, whoever asks.
//!
//! `Facts` holds every interaction in order of time with plain columns beside the canonical ones; other orders in
//! which they are walked, such as by customer, are in `walks.rs`. What depends on the asked period, such as whether a target was due, is no fact: `measure/` judges it.
//! States and responses are in `state.rs`, resolutions in `resolution.rs`, repeats in `repeats.rs`, scores in `answers.rs`, orders in
//! `orders.rs`. A new fact is one field here and one line in the file that knows it.

pub mod answers;
pub mod orders;
mod repeats;
mod resolution;
mod state;
mod targets;
mod walks;

use crate::columns::{Data, NO_TIME, NO_WORD, Table, Times, Words};
use crate::settings::Settings;
use crate::terms::{self, Mode};
use crate::zone::Zone;
use walks::Walks;

/// Why an interaction is not a contact (metrics.md §0.2); each row has one reason at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Out {
    /// A contact: the default population.
    No,
    Outbound,
    Deleted,
    Spam,
    Merged,
    Test,
}

impl Out {
    /// How people are told, by number.
    pub const NAMES: [&'static str; 6] = ["contacts", "outbound", "deleted", "spam", "merged", "test"];
}

/// All interactions with their facts, by (start, source, number); those without a start come last.
#[derive(Debug)]
pub struct Facts {
    /// The canonical columns, in the same order.
    pub table: Table,
    pub customer: Vec<u32>,
    /// Each customer's name, as a code of the column `customer`.
    pub customer_codes: Vec<u32>,
    walks: Walks,
    /// The start; `NO_TIME` where undated.
    pub at: Vec<i64>,
    /// The local day of the start.
    pub day: Vec<i32>,
    /// The start is known to the day only.
    pub by_day: Vec<bool>,
    pub out: Vec<Out>,
    pub mode: Vec<Mode>,
    /// A human took part, as known at as-of.
    pub handled: Vec<bool>,
    /// A human took part, other than by a written reply whose time is known.
    pub touched: Vec<bool>,
    /// Has a status, so that resolved or not is known.
    pub status_known: Vec<bool>,
    /// Open or pending now.
    pub open: Vec<bool>,
    /// Over, known not to be solved.
    pub unresolved: Vec<bool>,
    /// Resolved now, with or without a time.
    pub done: Vec<bool>,
    /// The last resolution; of an open contact, the one that did not hold.
    pub resolved_at: Vec<i64>,
    /// That resolution is known to the day only.
    pub resolved_by_day: Vec<bool>,
    /// That resolution's time is the vendor's, not ours.
    pub resolved_by_vendor: Vec<bool>,
    /// Start to last resolution, where it is possible and of one precision.
    pub ttr: Vec<i64>,
    /// The first human reply to a written contact.
    pub replied_at: Vec<i64>,
    /// That reply's time is the vendor's, not ours.
    pub reply_by_vendor: Vec<bool>,
    /// Live: a human picked up.
    pub answered: Vec<bool>,
    pub abandoned: Vec<bool>,
    /// Live: missed, voicemail or overflow.
    pub missed: Vec<bool>,
    /// Live: answered, abandoned, missed, voicemail or overflow, in a source that knows of losses.
    pub offered: Vec<bool>,
    pub callback: Vec<bool>,
    /// A call.
    pub phone: Vec<bool>,
    /// Live: from the queue to the answer or to giving up.
    pub wait: Vec<i64>,
    /// The response target as a duration; `NO_TIME` where none applies.
    pub target: Vec<i64>,
    /// The export's own verdict: 0, 1, or 2 for none.
    pub vendor_sla: Vec<u8>,
    /// A call that goes on with the one before (metrics.md §11).
    pub continuation: Vec<bool>,
    /// The next contact of the same customer, continuations left out.
    pub next_at: Vec<i64>,
    /// The same, with the same topic where both have one.
    pub next_same_topic_at: Vec<i64>,
    /// The contact before.
    pub previous_at: Vec<i64>,
    /// The start of the earliest contact.
    pub first_at: i64,
    /// Values left out because they cannot be.
    pub impossible: Vec<Impossible>,
}

/// A value that cannot be, and where it stood (metrics.md §0.10).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Impossible {
    pub what: &'static str,
    pub file: String,
    pub line: i32,
}

impl Impossible {
    /// A value of a row.
    fn of(table: &Table, row: usize, what: &'static str) -> Self {
        let line = table.counts("line").map_or(0, |lines| lines.get(row));
        Self { what, file: table.word("file", row).to_owned(), line }
    }
}

impl Facts {
    /// Work out the facts of interactions that stand by their start, none of them after `as_of`, and of their customers.
    pub fn new(table: Table, customer: Vec<u32>, settings: &Settings, zone: &Zone, as_of: i64) -> Self {
        let rows = table.rows();
        let at = times(&table, "started_at");
        let mut facts = Self {
            walks: Walks::by_customer(&customer, &at),
            day: at.iter().map(|&at| if at == NO_TIME { i32::MIN } else { zone.day(at) }).collect(),
            by_day: days_only(&table, "started_at"),
            out: vec![Out::No; rows],
            mode: mode_of(&table),
            handled: vec![false; rows],
            touched: vec![false; rows],
            status_known: vec![false; rows],
            open: vec![false; rows],
            unresolved: vec![false; rows],
            done: vec![false; rows],
            resolved_at: vec![NO_TIME; rows],
            resolved_by_day: vec![false; rows],
            resolved_by_vendor: vec![false; rows],
            ttr: vec![NO_TIME; rows],
            replied_at: vec![NO_TIME; rows],
            reply_by_vendor: vec![false; rows],
            answered: vec![false; rows],
            abandoned: vec![false; rows],
            missed: vec![false; rows],
            offered: vec![false; rows],
            callback: vec![false; rows],
            phone: is_word(&table, "channel", "phone"),
            wait: vec![NO_TIME; rows],
            target: vec![NO_TIME; rows],
            vendor_sla: vec![2; rows],
            continuation: vec![false; rows],
            next_at: vec![NO_TIME; rows],
            next_same_topic_at: vec![NO_TIME; rows],
            previous_at: vec![NO_TIME; rows],
            first_at: NO_TIME,
            impossible: Vec::new(),
            customer,
            customer_codes: Vec::new(),
            at,
            table,
        };
        state::fill(&mut facts, settings, zone, as_of);
        targets::fill(&mut facts, &settings.targets.response);
        repeats::fill(&mut facts);
        facts.walks = std::mem::take(&mut facts.walks).with_states(&facts);
        facts.impossible.sort();
        let mut contacts = (0..facts.walks.dated).filter(|&row| facts.out[row] == Out::No);
        facts.first_at = contacts.next().map_or(NO_TIME, |row| facts.at[row]);
        facts
    }

    /// Give each row the name of its customer: the column `customer`.
    pub fn name_customers(&mut self, names: impl Iterator<Item = String>) {
        let mut words = Words::default();
        let codes: Vec<u32> = names.map(|name| words.code(&name)).collect();
        let code = |&customer: &u32| codes.get(customer as usize).copied().unwrap_or(NO_WORD);
        let data = Data::Word { codes: self.customer.iter().map(code).collect(), words };
        self.table.set("customer", data);
        self.customer_codes = codes;
    }

    /// How many interactions.
    pub fn rows(&self) -> usize {
        self.at.len()
    }

    /// The rows of one customer, in order of time.
    pub fn of(&self, customer: u32) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.walks.of(customer).iter().map(|&row| row as usize)
    }

    /// How many customers there are rows of.
    pub fn customers(&self) -> u32 {
        self.walks.customers()
    }
}

/// An instant or duration column; instants after `as_of` are not seen. Missing where no source has it.
fn seen(table: &Table, name: &str, as_of: i64) -> Vec<i64> {
    let unseen = |at| if at > as_of { NO_TIME } else { at };
    table.times(name).map_or_else(|| vec![NO_TIME; table.rows()], |values| values.iter().map(unseen).collect())
}

/// A column of times as it stands.
fn times(table: &Table, name: &str) -> Vec<i64> {
    table.times(name).map_or_else(|| vec![NO_TIME; table.rows()], Times::to_vec)
}

/// The codes of a word column.
fn codes(table: &Table, name: &str) -> Vec<u32> {
    table.words(name).map_or_else(|| vec![NO_WORD; table.rows()], |(codes, _)| codes.to_vec())
}

/// Whether an instant of each row is known to the day only.
fn days_only(table: &Table, name: &str) -> Vec<bool> {
    let bit = crate::interaction::day_bit(table.kind, name);
    table
        .counts("by_day")
        .map_or_else(|| vec![false; table.rows()], |bits| bits.iter().map(|b| b > 0 && b & bit != 0).collect())
}

/// Whether a word column has this word.
fn is_word(table: &Table, name: &str, word: &str) -> Vec<bool> {
    let code = table.words(name).and_then(|(_, words)| words.find(word));
    codes(table, name).iter().map(|&c| c != NO_WORD && Some(c) == code).collect()
}

fn mode_of(table: &Table) -> Vec<Mode> {
    let Some(Data::Word { codes, words }) = table.column("channel") else { return vec![Mode::Other; table.rows()] };
    let modes = terms::modes(words);
    codes.iter().map(|code| terms::meaning(&modes, code, Mode::Other)).collect()
}

/// A duration if it can be; a negative one is noted and left out (metrics.md §0.10).
fn possible(facts: &mut Facts, row: usize, duration: i64, what: &'static str) -> i64 {
    if duration >= 0 || duration == NO_TIME {
        return duration;
    }
    facts.impossible.push(Impossible::of(&facts.table, row, what));
    NO_TIME
}
