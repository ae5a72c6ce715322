//! Interactions by the numbers that their sources gave them: what events and surveys name them by.
//!
//! Nothing here knows of sources: a number that two interactions share is nobody's. Who can tell them apart does so
//! himself, as `history.rs` does.

use crate::columns::{Table, Text};
use rustc_hash::FxHashMap;

/// The row of each number.
pub struct Numbered<'t>(FxHashMap<Text<'t>, Option<u32>>);

impl<'t> Numbered<'t> {
    pub fn new(interactions: &'t Table) -> Self {
        let mut rows = FxHashMap::default();
        for (row, number) in numbers(interactions) {
            rows.entry(number).and_modify(|known| *known = None).or_insert(Some(row));
        }
        Self(rows)
    }

    /// The one interaction of this number.
    pub fn of(&self, number: Text) -> Option<u32> {
        self.0.get(&number).copied().flatten()
    }
}

/// The interactions that have a number, each with it.
pub fn numbers(interactions: &Table) -> impl Iterator<Item = (u32, Text<'_>)> {
    let all = (0..).zip(0..interactions.rows()).map(|(nth, row)| (nth, interactions.text("interaction_id", row)));
    all.filter(|(_, number)| !number.is_empty())
}
