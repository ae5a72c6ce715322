//! What is wrong with cells, and with records that are left out for it, while a batch of them is converted.
//!
//! Where it stood is put to it in `convert.rs`, which knows file and line.

use super::cell::Value;

/// Why a cell has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub column: String,
    pub reason: String,
    pub text: String,
    /// What stands in its place.
    pub instead: Value,
}

/// What is wrong with some records of a batch, by their place in it.
#[derive(Debug, Default)]
pub struct Faults {
    /// With single cells.
    pub cells: Vec<(usize, Fault)>,
    /// For which records are left out.
    pub records: Vec<(usize, Fault)>,
}

impl Faults {
    /// All, record by record; whether the record is left out for it.
    pub fn in_order(self) -> impl Iterator<Item = (usize, Fault, bool)> {
        let cells = self.cells.into_iter().map(|(nth, fault)| (nth, fault, false));
        let mut all: Vec<_> = cells.chain(self.records.into_iter().map(|(nth, fault)| (nth, fault, true))).collect();
        all.sort_by_key(|(nth, ..)| *nth);
        all.into_iter()
    }
}
