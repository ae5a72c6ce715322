//! Rows as the join sees them: by the codes of their keys, equal ones once.
//!
//! A customer makes contact again and again by the same keys, so that everything after this file has far fewer
//! rows to look at than the tables have.

use super::keys::{KINDS, KeyKind, NO_KEY};
use crate::columns::{NO_WORD, Table, spread};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// The codes of a row's keys, by kind; then of its name and its source.
pub(super) type Codes = [u32; KINDS + 2];
pub(super) const NAME: usize = KINDS;
pub(super) const SOURCE: usize = KINDS + 1;

/// What the join needs of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// By kind; `NO_KEY` where the row has none.
    pub keys: [u32; KINDS],
    pub name: u32,
    pub source: u32,
    /// How many rows of the table are so.
    pub count: u32,
}

impl Row {
    pub fn key(&self, kind: KeyKind) -> u32 {
        self.keys[kind as usize]
    }

    /// The keys that the row has, whatever they are worth.
    pub fn present(&self) -> impl Iterator<Item = u32> {
        self.keys.into_iter().filter(|&key| key != NO_KEY)
    }
}

/// The rows of one table.
pub(super) struct Distinct {
    /// Different codes, and how many rows have them; in the order of the first of those.
    pub rows: Vec<(Codes, u32)>,
    /// Where each row of the table is among them.
    pub places: Vec<u32>,
}

impl Distinct {
    pub fn of(table: &Table) -> Self {
        let column = |name| table.words(name).map(|(codes, _)| codes);
        let [a, b, c, d, e] = KeyKind::ALL.map(|kind| column(kind.column()));
        let columns = [a, b, c, d, e, column("customer_name"), column("source")];
        let mut known = HashTable::new();
        let mut distinct = Self { rows: Vec::new(), places: Vec::with_capacity(table.rows()) };
        for row in 0..table.rows() {
            let codes = columns.map(|codes| codes.map_or(NO_WORD, |codes| codes.get(row)));
            let place = distinct.place(&mut known, codes);
            distinct.rows[place as usize].1 += 1;
            distinct.places.push(place);
        }
        distinct
    }

    fn place(&mut self, known: &mut HashTable<(u32, u32)>, codes: Codes) -> u32 {
        let hash = FxBuildHasher.hash_one(codes);
        let rows = &mut self.rows;
        // The hash's first bits are kept for when the table grows.
        let mark = (hash >> 32) as u32;
        let is_same = |&(other, place): &(u32, u32)| other == mark && rows[place as usize].0 == codes;
        match known.entry(spread(mark), is_same, |&(mark, _)| spread(mark)) {
            Entry::Occupied(known) => known.get().1,
            Entry::Vacant(free) => {
                let place = rows.len() as u32;
                free.insert((mark, place));
                rows.push((codes, 0));
                place
            }
        }
    }
}
