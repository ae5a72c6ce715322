//! Rows of one number: line items of one record, and copies of one record in several exports.
//!
//! Legs and messages, which have numbers of their own, are in `cases.rs`.

use super::groups::Groups;
use super::ledger::Ledger;
use super::order::{Ids, Order};
use crate::columns::{NO_WORD, Table};
use crate::input::profile::FoldRule;
use rustc_hash::FxHashMap;

/// The line items of one record in one file, in the file's order; `None` where no profile has any.
pub fn lines(table: &Table, ledger: &Ledger) -> Option<Groups> {
    if !ledger.any(FoldRule::Lines) {
        return None;
    }
    let ids = Ids::new(table);
    let place = |name: &str, row: u32| table.words(name).map_or(NO_WORD, |(codes, _)| codes[row as usize]);
    let line = |row: u32| table.counts("line").map_or(0, |lines| lines[row as usize]);
    let record = |row: u32| {
        let id = ids.of(row).filter(|_| ledger.folds_by(FoldRule::Lines, table, row))?;
        Some((place("file", row), place("source", row), id))
    };
    let mut rows: Vec<u32> = (0..).take(table.rows()).collect();
    rows.sort_by_cached_key(|&row| (record(row), line(row)));
    Some(Groups::split(rows, |a, b| record(a).is_some() && record(a) == record(b)))
}

/// The rows that count, and the older copies of them.
pub fn latest(table: &Table, ledger: &Ledger) -> (Vec<u32>, Vec<u32>) {
    let (ids, order) = (Ids::new(table), Order::new(table));
    let sources = table.words("source").map(|(codes, _)| codes);
    let mut records = FxHashMap::default();
    let mut older = vec![false; table.rows()];
    for row in (0..).take(table.rows()) {
        let Some(id) = ids.of(row).filter(|_| !ledger.is_unnumbered(table, row)) else { continue };
        let source = sources.map_or(NO_WORD, |codes| codes[row as usize]);
        let best = records.entry((source, id)).or_insert(row);
        if *best != row {
            let loser = if order.is_later(row, *best) { std::mem::replace(best, row) } else { row };
            older[loser as usize] = true;
        }
    }
    (0..).take(table.rows()).partition(|&row| !older[row as usize])
}
