//! Journeys of customers over all channels, what the company began itself, and where bots took part (metrics.md §7).
//!
//! One pass over all rows in order of time; where a bot or a message of ours is among them, over that customer's rows again.
//! What all that comes to is `metrics/journeys.rs`.

use super::history::{Actor, Kind};
use super::repeats::counts;
use super::seen::{Coded, codes, is_word};
use super::{Facts, Out};
use crate::columns::{Bits, NO_TIME, NO_WORD, Times};
use crate::zone::DAY;

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
        let (channel, rows) = (codes(&facts.table, "channel"), facts.rows());
        let mut out = Self {
            begins: Bits::none(rows),
            proactive: Bits::none(rows),
            with_bot: with_bot(facts),
            next_handled_at: Times::missing(rows),
            first_channel: vec![NO_WORD; facts.customers() as usize],
        };
        out.mark_beginnings(facts, channel);
        // Undated rows come last.
        let own = |customer| facts.of(customer).take_while(|&row| facts.at.get(row) != NO_TIME).collect::<Vec<_>>();
        for customer in facts.customers_with(|row| facts.out[row] == Out::Outbound) {
            out.mark_proactive(facts, &own(customer));
        }
        for customer in facts.customers_with(|row| out.with_bot[row]) {
            out.look_ahead(facts, &own(customer));
        }
        out
    }

    /// The contacts that begin a journey, and on which channel the first contact of all was.
    fn mark_beginnings(&mut self, facts: &Facts, channel: Coded) {
        // When each customer last made contact.
        let mut last = vec![NO_TIME; facts.customers() as usize];
        for row in (0..facts.rows()).filter(|&row| counts(facts, row)) {
            let (customer, at) = (facts.customer[row] as usize, facts.at.get(row));
            let Some(last) = last.get_mut(customer) else { continue };
            if *last == NO_TIME {
                self.first_channel[customer] = channel.get(row);
            }
            self.begins.set(row, *last == NO_TIME || at.saturating_sub(*last) >= APART);
            *last = at;
        }
    }

    /// What people sent while the customer had nothing open and had been quiet.
    fn mark_proactive(&mut self, facts: &Facts, own: &[usize]) {
        let mut open: Vec<(i64, i64)> = own.iter().flat_map(|&row| open_spells(facts, row)).collect();
        open.sort_unstable();
        let mut open = open.into_iter().peekable();
        let (mut last, mut open_until) = (NO_TIME, NO_TIME);
        for &row in own {
            let at = facts.at.get(row);
            if counts(facts, row) {
                last = at;
            } else if facts.out[row] == Out::Outbound && !facts.bot[row] {
                while let Some((_, to)) = open.next_if(|(from, _)| *from <= at) {
                    open_until = open_until.max(to);
                }
                let quiet = last == NO_TIME || at.saturating_sub(last) > QUIET;
                self.proactive.set(row, quiet && open_until <= at);
            }
        }
    }

    /// When the customer's next contact that a human handled began, beside each that a bot took part in.
    fn look_ahead(&mut self, facts: &Facts, own: &[usize]) {
        let (mut next, mut same_or_later) = (NO_TIME, NO_TIME);
        for &row in own.iter().rev().filter(|&&row| counts(facts, row)) {
            let at = facts.at.get(row);
            if same_or_later > at {
                next = same_or_later;
            }
            if self.with_bot[row] {
                self.next_handled_at.set(row, next);
            }
            if facts.handled[row] {
                same_or_later = at;
            }
        }
    }

    /// The bytes that they take.
    pub fn bytes(&self) -> usize {
        let bits = [&self.begins, &self.proactive, &self.with_bot].iter().map(|bits| bits.bytes()).sum::<usize>();
        bits + self.next_handled_at.bytes() + self.first_channel.len() * size_of::<u32>()
    }
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
