//! Rows as the join sees them: by the codes of their keys, equal ones once.
//!
//! A customer makes contact again and again by the same keys, so that everything after this file has far fewer
//! rows to look at than the tables have.

use super::keys::{KINDS, KeyKind, NO_KEY};
use crate::columns::{Codes, NO_WORD, TOGETHER, Table, spread};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// What the join needs of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
#[derive(Default)]
pub(super) struct Distinct {
    /// Different rows, in the order of the first of those that are so. In the place of numbers they have the codes
    /// that the table's columns have.
    pub rows: Vec<Row>,
    /// Where each row of the table is among them.
    pub places: Vec<u32>,
    /// Hash and place of each.
    known: HashTable<(u32, u32)>,
}

impl Distinct {
    pub fn of(table: &Table) -> Self {
        let column = |name| table.words(name).map(|(codes, _)| codes);
        let keys = KeyKind::ALL.map(|kind| column(kind.column()));
        let (names, sources) = (column("customer_name"), column("source"));
        let mut distinct = Self { places: Vec::with_capacity(table.rows()), ..Self::default() };
        for from in (0..table.rows()).step_by(TOGETHER) {
            let look_up = |row: usize| {
                let code = |codes: Option<&Codes>| codes.map_or(NO_WORD, |codes| codes.get(row));
                let row = Row { keys: keys.map(code), name: code(names), source: code(sources), count: 0 };
                let hash = FxBuildHasher.hash_one(row);
                let hash = (hash ^ hash >> 32) as u32;
                (row, hash, distinct.first(hash))
            };
            let looked_up: Vec<_> = (from..table.rows().min(from + TOGETHER)).map(look_up).collect();
            for (row, hash, first) in looked_up {
                let same = first.filter(|&place| Row { count: 0, ..distinct.rows[place as usize] } == row);
                let place = same.unwrap_or_else(|| distinct.place(row, hash));
                distinct.rows[place as usize].count += 1;
                distinct.places.push(place);
            }
        }
        distinct.known = HashTable::new();
        distinct.rows.shrink_to_fit();
        distinct
    }

    /// The first row of a hash, which nearly always is the one that is looked for.
    fn first(&self, hash: u32) -> Option<u32> {
        self.known.find(spread(hash), |&(other, _)| other == hash).map(|&(_, place)| place)
    }

    fn place(&mut self, row: Row, hash: u32) -> u32 {
        let Self { rows, known, .. } = self;
        let is_same = |&(other, place): &(u32, u32)| other == hash && Row { count: 0, ..rows[place as usize] } == row;
        match known.entry(spread(hash), is_same, |&(hash, _)| spread(hash)) {
            Entry::Occupied(known) => known.get().1,
            Entry::Vacant(free) => {
                let place = rows.len() as u32;
                free.insert((hash, place));
                rows.push(row);
                place
            }
        }
    }
}
