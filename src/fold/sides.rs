//! Exports that only add to the records of others: the metrics of tickets beside the tickets.
//!
//! A side row fills what the record of its number leaves empty; one whose record is in no file stands for itself. Copies
//! of one and the same export are in `copies.rs`.

use super::apart::Apart;
use super::combine;
use super::groups::Groups;
use super::ledger::Ledger;
use super::order::{Ids, Order};
use crate::columns::{NO_WORD, Table};
use crate::input::profile::FoldRule;

/// The table with its records complete, and the rows of it that count.
pub fn complete(table: Table, ledger: &mut Ledger, rows: Vec<u32>, apart: &mut Apart) -> (Table, Vec<u32>) {
    if !ledger.any(FoldRule::Side) {
        return (table, rows);
    }
    let records = records(&table, ledger, &rows);
    records.iter().for_each(|rows| apart.note(&table, rows[0], &rows[1..]));
    let groups = Groups::around(rows.clone(), &records, |_| ());
    ledger.note_folded(&table, &groups);
    let table = combine::complete(table, &groups);
    let rows = (0..).take(table.rows()).collect();
    (table, rows)
}

/// Records with their side rows; of several rows of one record, which `cases.rs` folds, the first has them.
fn records(table: &Table, ledger: &Ledger, rows: &[u32]) -> Groups {
    let (ids, order) = (Ids::new(table), Order::new(table));
    let sources = table.words("source").map(|(codes, _)| codes);
    let record = |row: u32| Some((sources.map_or(NO_WORD, |codes| codes.get(row as usize)), ids.tag(row)?));
    let is_side = |row: &u32| ledger.folds_by(FoldRule::Side, table, *row);
    let mut records = Groups::default();
    for met in Groups::meeting(rows, record).iter() {
        let (mut sides, own): (Vec<u32>, Vec<u32>) = met.iter().copied().partition(is_side);
        let Some(first) = own.into_iter().min_by(|&a, &b| order.compare(a, b)) else { continue };
        if !sides.is_empty() {
            sides.insert(0, first);
            records.push(&sides);
        }
    }
    records
}
