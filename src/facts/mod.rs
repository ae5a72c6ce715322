//! Facts: what is true of each interaction once all sources are joined, whoever asks.
//!
//! `Facts` holds every interaction in order of time with plain columns beside the canonical ones; other orders in
//! which they are walked, such as by customer, are in `walks.rs`. What depends on the asked period, such as whether a target
//! was due, is no fact: `measure/` judges it.
//!
//! What happened event by event is in `history.rs`, what columns learn from it in `told.rs`, and how a contact's state went,
//! with or without a history, in `course.rs`. States and responses are in `state.rs`, resolutions in `resolution.rs`, work
//! in `handling.rs`, opening hours in `schedule.rs`, repeats in `repeats.rs`, journeys in `journeys.rs`, touchpoints in
//! `touchpoints.rs`, scores in `answers.rs`, orders in `orders.rs`; interactions are found by their number in
//! `numbered.rs`. A new fact is one field here and one line in the file that knows it.

pub mod answers;
pub mod course;
mod handling;
pub mod history;
pub mod journeys;
mod numbered;
pub mod orders;
mod owners;
mod repeats;
mod resolution;
mod schedule;
mod seen;
mod state;
mod targets;
pub mod told;
mod touchpoints;
mod walks;

use crate::calendar::Calendars;
use crate::columns::{Bits, Data, NO_TIME, NO_WORD, Table, Times, Words};
use crate::settings::Settings;
use crate::terms::{self, Mode};
use crate::zone::Zone;
use course::Closing;
use history::History;
use journeys::Journeys;
use orders::Activity;
use repeats::Repeats;
use std::collections::BTreeMap;
use std::ops::Range;
use walks::{ByState, Walks};

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
    by_state: ByState,
    /// What happened to each, where a source tells.
    pub history: History,
    /// The start; `NO_TIME` where undated.
    pub at: Times,
    /// The local day of the start.
    pub day: Vec<i32>,
    /// The start is known to the day only.
    pub by_day: Bits,
    pub out: Vec<Out>,
    pub mode: Vec<Mode>,
    /// A human took part, as known at as-of.
    pub handled: Bits,
    /// A human took part, other than by a written reply whose time is known.
    pub touched: Bits,
    /// Has a status, so that resolved or not is known.
    pub status_known: Bits,
    /// Open or pending now.
    pub open: Bits,
    /// Over, known not to be solved.
    pub unresolved: Bits,
    /// No human took part, as the export or the agent's name says.
    pub bot: Bits,
    /// Resolved now, with or without a time.
    pub done: Bits,
    /// The last resolution; of an open contact, the one that did not hold.
    pub resolved_at: Times,
    /// That resolution is known to the day only.
    pub resolved_by_day: Bits,
    /// That resolution's time is the vendor's, not ours.
    pub resolved_by_vendor: Bits,
    /// Start and last resolution are of one precision, so that the time between them says something.
    pub timed: Bits,
    /// The first human reply to a written contact.
    pub replied_at: Times,
    /// That reply's time is the vendor's, not ours.
    pub reply_by_vendor: Bits,
    /// Its source says of any interaction that it was replied to.
    pub tells_replies: Bits,
    /// Live: a human picked up.
    pub answered: Bits,
    pub abandoned: Bits,
    /// Live: missed, voicemail or overflow.
    pub missed: Bits,
    /// Live: answered, abandoned, missed, voicemail or overflow, in a source that knows of losses.
    pub offered: Bits,
    pub callback: Bits,
    /// A call.
    pub phone: Bits,
    /// Live: from the queue to the answer or to giving up.
    pub wait: Times,
    /// The response target as a duration; `NO_TIME` where none applies.
    pub target: Times,
    /// Rows whose response target is in business time.
    pub target_in_hours: Bits,
    /// The target on the resolution, likewise.
    pub resolution_target: Times,
    pub resolution_target_in_hours: Bits,
    /// The export's own verdict: 0, 1, or 2 for none.
    pub vendor_sla: Vec<u8>,
    /// The number of its schedule of opening hours; empty where the settings have none.
    pub schedule: Vec<u8>,
    /// A call that goes on with the one before (metrics.md §11).
    pub continuation: Bits,
    /// The next contact of the same customer, continuations left out.
    pub next_at: Times,
    /// The same, with the same topic where both have one.
    pub next_same_topic_at: Times,
    /// The contact before.
    pub previous_at: Times,
    /// The same, with the same topic where both have one.
    pub previous_same_topic_at: Times,
    /// The customer was contacted soon after the last resolution.
    pub followed_up: Bits,
    /// Resolutions that were reopened, before the last one of their contact, by time.
    pub earlier: Vec<Closing>,
    pub journeys: Journeys,
    /// The start of the earliest contact.
    pub first_at: i64,
    /// What lies after it is not seen.
    pub as_of: i64,
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
    /// Work out what is true of each interaction by itself. They stand by their start, none of them after `as_of`.
    pub fn of_rows(table: &Table, history: History, settings: &Settings, zone: &Zone, as_of: i64) -> Self {
        let rows = table.rows();
        let at = table.times("started_at").cloned().unwrap_or_else(|| Times::missing(rows));
        let (by_day, phone) = (seen::days_only(table, "started_at"), seen::is_word(table, "channel", "phone"));
        let mut facts = Self {
            walks: Walks::default(),
            day: at.iter().map(|at| if at == NO_TIME { i32::MIN } else { zone.day(at) }).collect(),
            by_day: (0..rows).map(|row| by_day.get(row)).collect(),
            out: vec![Out::No; rows],
            mode: mode_of(table),
            handled: Bits::none(rows),
            touched: Bits::none(rows),
            status_known: Bits::none(rows),
            open: Bits::none(rows),
            unresolved: Bits::none(rows),
            bot: Bits::none(rows),
            done: Bits::none(rows),
            resolved_at: Times::missing(rows),
            resolved_by_day: Bits::none(rows),
            resolved_by_vendor: Bits::none(rows),
            timed: Bits::none(rows),
            replied_at: Times::missing(rows),
            reply_by_vendor: Bits::none(rows),
            tells_replies: Bits::none(rows),
            answered: Bits::none(rows),
            abandoned: Bits::none(rows),
            missed: Bits::none(rows),
            offered: Bits::none(rows),
            callback: Bits::none(rows),
            phone: (0..rows).map(|row| phone.get(row)).collect(),
            wait: Times::missing(rows),
            target: Times::missing(rows),
            target_in_hours: Bits::none(rows),
            resolution_target: Times::missing(rows),
            resolution_target_in_hours: Bits::none(rows),
            vendor_sla: vec![2; rows],
            schedule: Vec::new(),
            continuation: Bits::none(rows),
            next_at: Times::missing(rows),
            next_same_topic_at: Times::missing(rows),
            previous_at: Times::missing(rows),
            previous_same_topic_at: Times::missing(rows),
            followed_up: Bits::none(rows),
            by_state: ByState::default(),
            earlier: Vec::new(),
            journeys: Journeys::default(),
            first_at: NO_TIME,
            as_of,
            impossible: history.impossible.clone(),
            history,
            customer: Vec::new(),
            customer_codes: Vec::new(),
            at,
            table: Table::new(table.kind),
        };
        state::fill(&mut facts, table, settings, zone, as_of);
        targets::fill(&mut facts, table, &settings.targets);
        handling::note_impossible(&mut facts, table);
        facts.impossible.sort();
        facts
    }

    /// With the rows themselves and their customers: what is true of each by those before and after it.
    pub fn joined(mut self, table: Table, customer: Vec<u32>) -> Self {
        self.walks = Walks::by_customer(&customer, &self.at);
        (self.table, self.customer) = (table, customer);
        let (repeats, (by_state, earlier, followed_up)) = rayon::join(
            || Repeats::of(&self),
            || (ByState::of(&self), self.earlier_closings(), handling::followed_up(&self)),
        );
        self.continuation = repeats.continuation;
        (self.previous_at, self.previous_same_topic_at) = repeats.previous;
        (self.next_at, self.next_same_topic_at) = repeats.next;
        (self.by_state, self.earlier, self.followed_up) = (by_state, earlier, followed_up);
        let mut contacts = (0..self.walks.dated).filter(|&row| self.out[row] == Out::No);
        self.first_at = contacts.next().map_or(NO_TIME, |row| self.at.get(row));
        self
    }

    /// With the orders and the opening hours, if there are any: what is true of each row by all that its customer did, and
    /// the schedule that it goes by. `topics` are the touchpoints that topics mean.
    pub fn followed(&mut self, activity: &Activity, topics: &BTreeMap<String, String>, calendars: Option<&Calendars>) {
        let schedule = || calendars.map(|calendars| schedule::of_rows(&self.table, calendars));
        let (journeys, (touchpoints, schedule)) = rayon::join(
            || Journeys::new(self),
            || (touchpoints::column(self, activity, topics), schedule().unwrap_or_default()),
        );
        (self.journeys, self.schedule) = (journeys, schedule);
        if let Some(touchpoints) = touchpoints {
            self.table.set("touchpoint", touchpoints);
        }
    }

    /// Give each row the name of its customer: the column `customer`.
    pub fn name_customers(&mut self, names: impl Iterator<Item = String>) {
        let mut words = Words::default();
        let codes: Vec<u32> = names.map(|name| words.code(&name)).collect();
        let code = |&customer: &u32| codes.get(customer as usize).copied().unwrap_or(NO_WORD);
        let data = Data::Word { codes: self.customer.iter().map(code).collect(), words: words.into() };
        self.table.set("customer", data);
        self.customer_codes = codes;
    }

    /// How many interactions.
    pub fn rows(&self) -> usize {
        self.at.len()
    }

    /// The bytes that the facts take beside the canonical columns and the history.
    pub fn bytes(&self) -> usize {
        let times = [&self.at, &self.resolved_at, &self.replied_at, &self.wait, &self.target, &self.resolution_target];
        let next = [&self.next_at, &self.next_same_topic_at, &self.previous_at, &self.previous_same_topic_at];
        let bits = [&self.by_day, &self.handled, &self.touched, &self.status_known, &self.open, &self.unresolved];
        let more = [
            &self.bot,
            &self.target_in_hours,
            &self.resolution_target_in_hours,
            &self.followed_up,
            &self.tells_replies,
            &self.done,
            &self.timed,
            &self.resolved_by_day,
            &self.resolved_by_vendor,
            &self.reply_by_vendor,
            &self.answered,
        ];
        let calls = [&self.abandoned, &self.missed, &self.offered, &self.callback, &self.phone, &self.continuation];
        let times = times.iter().chain(&next).map(|times| times.bytes()).sum::<usize>();
        let bits = bits.iter().chain(&more).chain(&calls).map(|bits| bits.bytes()).sum::<usize>();
        let single = size_of::<Out>() + size_of::<Mode>() + size_of::<u8>();
        let single = self.rows() * (single + size_of::<u32>() + size_of::<i32>()) + self.schedule.len();
        times + bits + single + self.walks.bytes() + self.by_state.bytes() + self.journeys.bytes()
    }

    /// The rows of one customer, in order of time.
    pub fn of(&self, customer: u32) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.walks.of(customer).iter().map(|&row| row as usize)
    }

    /// Those of one customer among rows that follow each other.
    pub fn of_stretch(&self, customer: u32, stretch: &Range<usize>) -> impl Iterator<Item = usize> {
        let own = self.walks.of(customer);
        let upto = |end: usize| own.partition_point(|&row| (row as usize) < end);
        own[upto(stretch.start)..upto(stretch.end)].iter().map(|&row| row as usize)
    }

    /// The rows of one customer that started by an instant, the last one first.
    pub fn before(&self, customer: u32, at: i64) -> impl Iterator<Item = usize> + '_ {
        let rows = self.walks.of(customer);
        // Those without a start come last.
        let started = |row: usize| row < self.walks.dated && self.at.get(row) <= at;
        let upto = rows.partition_point(|&row| started(row as usize));
        rows[..upto].iter().rev().map(|&row| row as usize)
    }

    /// How many customers there are rows of.
    pub fn customers(&self) -> u32 {
        self.walks.customers()
    }
}

fn mode_of(table: &Table) -> Vec<Mode> {
    let Some(Data::Word { codes, words }) = table.column("channel") else { return vec![Mode::Other; table.rows()] };
    let modes = terms::modes(words);
    codes.iter().map(|code| terms::meaning(&modes, code, Mode::Other)).collect()
}

/// A duration if it can be; a negative one is noted and left out (metrics.md §0.10).
fn possible(facts: &mut Facts, table: &Table, row: usize, duration: i64, what: &'static str) -> i64 {
    if duration >= 0 || duration == NO_TIME {
        return duration;
    }
    facts.impossible.push(Impossible::of(table, row, what));
    NO_TIME
}
