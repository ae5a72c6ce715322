//! Journeys of customers over all channels, what the company began itself, and where bots took part (metrics.md §7).
//!
//! One pass over all rows in order of time; where a bot or a message of ours is among them, over that customer's rows again.
//! What all that comes to is `metrics/journeys.rs`.

use super::history::{Actor, Kind};
use super::repeats::counts;
use super::seen::{codes, is_word};
use super::{Facts, Out};
use crate::columns::{Bits, NO_TIME, NO_WORD, Times};
use crate::zone::DAY;
use rayon::prelude::*;

/// A contact that begins less than this after the one before goes on with its journey; what a human handles within
/// this after a bot, the bot has not contained.
pub const APART: i64 = 3 * DAY;
/// A message is proactive where the customer has been quiet for longer than this.
const QUIET: i64 = 7 * DAY;

/// What is true of each row by those of the same customer on all channels.
#[derive(Debug, Default)]
pub struct Journeys {
    /// A contact of a known customer with no other one in the three days before.
    pub begins: Bits,
    /// Outbound, by a human, to a known customer who had nothing open and made no contact in the week before.
    pub proactive: Bits,
    /// A bot took part, alone or before a human did.
    pub with_bot: Bits,
    /// After a contact in which a bot took part: the customer's next one that a human handled.
    pub next_handled_at: Times,
    /// By customer, the code of the first contact's channel.
    first_channel: Vec<u32>,
}

impl Journeys {
    /// Of all interactions, once their states are known.
    pub(super) fn new(facts: &Facts) -> Self {
        let ((begins, first_channel), (proactive, (with_bot, next_handled_at))) =
            rayon::join(|| beginnings(facts), || rayon::join(|| proactive(facts), || handled_after_bots(facts)));
        Self { begins, proactive, with_bot, next_handled_at, first_channel }
    }

    /// The bytes that they take.
    pub fn bytes(&self) -> usize {
        let bits = [&self.begins, &self.proactive, &self.with_bot].iter().map(|bits| bits.bytes()).sum::<usize>();
        bits + self.next_handled_at.bytes() + self.first_channel.len() * size_of::<u32>()
    }
}

/// The contacts that begin a journey, and by customer, on which channel the first contact of all was.
fn beginnings(facts: &Facts) -> (Bits, Vec<u32>) {
    let (channel, customers) = (codes(&facts.table, "channel"), facts.customers() as usize);
    let (mut begins, mut first_channel) = (Bits::none(facts.rows()), vec![NO_WORD; customers]);
    // When each customer last made contact.
    let mut last = vec![NO_TIME; customers];
    for row in (0..facts.rows()).filter(|&row| counts(facts, row)) {
        let (customer, at) = (facts.customer[row] as usize, facts.at.get(row));
        let Some(last) = last.get_mut(customer) else { continue };
        if *last == NO_TIME {
            first_channel[customer] = channel.get(row);
        }
        begins.set(row, *last == NO_TIME || at.saturating_sub(*last) >= APART);
        *last = at;
    }
    (begins, first_channel)
}

/// A customer's rows in order of time; undated ones, which come last, are left out.
fn dated(facts: &Facts, customer: u32) -> Vec<usize> {
    facts.of(customer).take_while(|&row| facts.at.get(row) != NO_TIME).collect()
}

/// What people sent while the customer had nothing open and had been quiet.
fn proactive(facts: &Facts) -> Bits {
    let mut proactive = Bits::none(facts.rows());
    let customers = facts.customers_with(|row| facts.out[row] == Out::Outbound);
    let rows: Vec<usize> = customers.into_par_iter().flat_map_iter(|customer| unasked(facts, customer)).collect();
    rows.into_iter().for_each(|row| proactive.set(row, true));
    proactive
}

/// Of one customer.
fn unasked(facts: &Facts, customer: u32) -> Vec<usize> {
    let own = dated(facts, customer);
    let mut open: Vec<(i64, i64)> = own.iter().flat_map(|&row| open_spells(facts, row)).collect();
    open.sort_unstable();
    let mut open = open.into_iter().peekable();
    let (mut last, mut open_until) = (NO_TIME, NO_TIME);
    let mut unasked = Vec::new();
    for row in own {
        let at = facts.at.get(row);
        if counts(facts, row) {
            last = at;
        } else if facts.out[row] == Out::Outbound && !facts.bot[row] {
            while let Some((_, to)) = open.next_if(|(from, _)| *from <= at) {
                open_until = open_until.max(to);
            }
            let quiet = last == NO_TIME || at.saturating_sub(last) > QUIET;
            unasked.extend((quiet && open_until <= at).then_some(row));
        }
    }
    unasked
}

/// Where a bot took part; and beside each of these when the customer's next contact that a human handled began.
fn handled_after_bots(facts: &Facts) -> (Bits, Times) {
    let (with_bot, mut next_handled_at) = (with_bot(facts), Times::missing(facts.rows()));
    for customer in facts.customers_with(|row| with_bot[row]) {
        let (mut next, mut same_or_later) = (NO_TIME, NO_TIME);
        for row in dated(facts, customer).into_iter().rev().filter(|&row| counts(facts, row)) {
            let at = facts.at.get(row);
            if same_or_later > at {
                next = same_or_later;
            }
            if with_bot[row] {
                next_handled_at.set(row, next);
            }
            if facts.handled[row] {
                same_or_later = at;
            }
        }
    }
    (with_bot, next_handled_at)
}

/// Said by the export, its agent or its channel, or by a message in its history.
fn with_bot(facts: &Facts) -> Bits {
    let channel = is_word(&facts.table, "channel", "bot");
    let wrote = |row: usize| {
        let mut events = facts.history.of(row);
        events.any(|event| event.kind == Kind::MessageOut && event.by == Actor::Bot)
    };
    (0..facts.rows()).map(|row| facts.bot[row] || channel.get(row) || wrote(row)).collect()
}

/// When a contact was open, from and to, as far as anybody can tell.
fn open_spells(facts: &Facts, row: usize) -> Vec<(i64, i64)> {
    let lasting = |to: i64| if to == NO_TIME { i64::MAX } else { to };
    match facts.spells(row) {
        _ if !counts(facts, row) => Vec::new(),
        Some(spells) => spells.iter().map(|spell| (spell.from, lasting(spell.to))).collect(),
        None if facts.open[row] => vec![(facts.at.get(row), i64::MAX)],
        None if facts.done[row] => vec![(facts.at.get(row), facts.resolved_at.get(row))],
        None => Vec::new(),
    }
}

impl Facts {
    /// The contacts of the journey that a contact begins, in order of time: itself first.
    pub fn journey(&self, first: usize) -> impl Iterator<Item = usize> {
        let own = self.walks.of(self.customer[first]);
        let from = own.partition_point(|&row| (row as usize) < first);
        let contacts = own[from..].iter().map(|&row| row as usize).filter(|&row| counts(self, row));
        contacts.take_while(move |&row| row == first || !self.journeys.begins[row])
    }

    /// The channel of a customer's first contact, by its code.
    pub fn first_channel(&self, customer: u32) -> u32 {
        self.journeys.first_channel.get(customer as usize).copied().unwrap_or(NO_WORD)
    }
}
