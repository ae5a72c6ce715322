//! The orders in which interactions are walked, beside that of time in which they stand.
//!
//! Each is a list of row numbers, made once: by customer for repeats, cohorts and journeys, by resolution, and those
//! that can still be open long after they began. So a question about a week looks at the rows of that week only.

use super::course::Closing;
use super::{Facts, Out};
use crate::by_number::ByNumber;
use crate::columns::{Bits, NO_TIME, Times};
use crate::identity::NO_CUSTOMER;
use crate::radix;
use crate::zone::DAY;
use std::ops::Range;

/// A contact that is not over after so long lingers.
const LINGERS: i64 = 3 * DAY;

/// Row numbers of `Facts` by customer.
#[derive(Debug, Default)]
pub struct Walks {
    /// So many rows, the first ones, have a start.
    pub dated: usize,
    /// Rows of known customers.
    by_customer: ByNumber,
}

/// Row numbers in orders that depend on states, and on no customer.
#[derive(Debug, Default)]
pub struct ByState {
    /// Contacts with a last resolution, by that and then their start.
    by_resolution: Vec<u32>,
    /// Contacts with a state that were not over when they began to linger, by start.
    lingering: Vec<u32>,
}

impl Walks {
    /// By customer, from rows that stand by their start.
    pub(super) fn by_customer(customer: &[u32], at: &Times) -> Self {
        let dated = partition(0..at.len(), |row| at.get(row) != NO_TIME);
        Self { dated, by_customer: ByNumber::new(customer.iter().copied()) }
    }

    /// The rows of one customer, in order of time.
    pub fn of(&self, customer: u32) -> &[u32] {
        self.by_customer.of(customer)
    }

    /// Where they stand among those of all customers.
    pub fn range(&self, customer: u32) -> Range<usize> {
        self.by_customer.range(customer)
    }

    /// The bytes that they take.
    pub fn bytes(&self) -> usize {
        self.by_customer.bytes()
    }

    /// How many customers there are rows of.
    pub fn customers(&self) -> u32 {
        self.by_customer.count()
    }
}

impl ByState {
    /// Once states are known.
    pub(super) fn of(facts: &Facts) -> Self {
        let rows = u32::try_from(facts.rows()).unwrap_or(u32::MAX);
        let contacts = (0..rows).filter(|&row| facts.out[row as usize] == Out::No);
        let mut by_resolution: Vec<u32> =
            contacts.clone().filter(|&row| facts.resolved_at.get(row as usize) != NO_TIME).collect();
        let at = |row: u32| facts.resolved_at.get(row as usize);
        radix::by_time(&mut by_resolution, at, |tied| tied.sort_unstable_by_key(|&row| (at(row), row)));
        let lingers = |row: usize| {
            let told = facts.spells(row).and_then(|spells| spells.last().map(|last| last.to));
            let resolved = told.unwrap_or_else(|| facts.resolved_at.get(row));
            facts.at.get(row) != NO_TIME
                && (facts.open[row] || facts.done[row] && resolved != NO_TIME && resolved - facts.at.get(row) > LINGERS)
        };
        let lingering = contacts.filter(|&row| lingers(row as usize)).collect();
        Self { by_resolution, lingering }
    }

    /// The bytes that they take.
    pub fn bytes(&self) -> usize {
        size_of_val(self.by_resolution.as_slice()) + size_of_val(self.lingering.as_slice())
    }
}

/// The first row of a range for which something no longer holds.
fn partition(rows: Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (rows.start, rows.end);
    while from < to {
        let middle = from + (to - from) / 2;
        if holds(middle) { from = middle + 1 } else { to = middle }
    }
    from
}

impl Facts {
    /// The customers of whom something holds of some row.
    pub(super) fn customers_with(&self, holds: impl Fn(usize) -> bool) -> Vec<u32> {
        let mut found = Bits::none(self.customers() as usize);
        for row in (0..self.rows()).filter(|&row| holds(row) && self.customer[row] != NO_CUSTOMER) {
            found.set(self.customer[row] as usize, true);
        }
        (0..self.customers()).filter(|&customer| found[customer as usize]).collect()
    }

    /// Rows that start in `[from, to)`; those without a start lie before everything.
    pub fn started(&self, from: i64, to: i64) -> impl DoubleEndedIterator<Item = u32> + use<> {
        let dated = self.stretch(from, to);
        let undated = if from == NO_TIME { self.walks.dated..self.rows() } else { 0..0 };
        dated.chain(undated).map(|row| u32::try_from(row).unwrap_or(u32::MAX))
    }

    /// The same, without those that have no start.
    pub fn stretch(&self, from: i64, to: i64) -> Range<usize> {
        let before = |at: i64| partition(0..self.walks.dated, |row| self.at.get(row) < at);
        before(from)..before(to).max(before(from))
    }

    /// Contacts whose last resolution lies in `[from, to)`.
    pub fn resolved(&self, from: i64, to: i64) -> impl Iterator<Item = u32> + '_ {
        let rows = &self.by_state.by_resolution;
        let before = |at: i64| rows.partition_point(|&row| self.resolved_at.get(row as usize) < at);
        rows[before(from)..before(to).max(before(from))].iter().copied()
    }

    /// Resolutions of contacts in `[from, to)`: the last ones by row, and after all rows those before them, as
    /// positions in `earlier`.
    pub fn closings(&self, from: i64, to: i64) -> impl Iterator<Item = u32> + '_ {
        let before = |at: i64| self.earlier.partition_point(|closing| closing.at < at);
        let earlier = (before(from)..before(to).max(before(from))).map(|nth| self.rows() + nth);
        self.resolved(from, to).chain(earlier.map(|nth| u32::try_from(nth).unwrap_or(u32::MAX)))
    }

    /// One of these.
    pub fn closing(&self, nth: u32) -> Option<Closing> {
        let row = nth as usize;
        match row.checked_sub(self.rows()) {
            Some(earlier) => self.earlier.get(earlier).copied(),
            None => Some(Closing { row: nth, at: self.resolved_at.get(row), after: self.after_last(row) }),
        }
    }

    /// Contacts that started before an instant and were not over then, in order.
    pub fn open_at(&self, at: i64) -> impl Iterator<Item = u32> + '_ {
        let young = self.stretch(at.saturating_sub(LINGERS), at);
        let lingering = &self.by_state.lingering;
        let old = lingering.partition_point(|&row| (row as usize) < young.start);
        let young = young.map(|row| u32::try_from(row).unwrap_or(u32::MAX));
        lingering[..old].iter().copied().chain(young).filter(move |&row| self.is_open_at(row as usize, at))
    }
}
