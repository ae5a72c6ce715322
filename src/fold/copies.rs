//! Rows of one number: line items of one record, and copies of one record in several exports.
//!
//! Legs and messages, which have numbers of their own, are in `cases.rs`.

use super::apart::Apart;
use super::groups::Groups;
use super::ledger::Ledger;
use super::order::{Ids, Order};
use crate::columns::{Codes, NO_WORD, Table};
use crate::input::profile::FoldRule;
use crate::interaction::TableKind;

/// The line items of one record in one file, in the file's order; `None` where no profile has any.
pub fn lines(table: &Table, ledger: &Ledger) -> Option<Groups> {
    if !ledger.any(FoldRule::Lines) {
        return None;
    }
    let ids = Ids::new(table);
    let [files, sources] = ["file", "source"].map(|name| table.words(name).map(|(codes, _)| codes));
    let code = |codes: Option<&Codes>, row: u32| codes.map_or(NO_WORD, |codes| codes.get(row as usize));
    let record = |row: u32| {
        let id = ids.tag(row).filter(|_| ledger.folds_by(FoldRule::Lines, table, row))?;
        Some((code(files, row), code(sources, row), id))
    };
    let rows: Vec<u32> = (0..).take(table.rows()).collect();
    let mut records = Groups::meeting(&rows, record);
    if let Some(lines) = table.counts("line") {
        records.arrange(|rows| rows.sort_by_key(|&row| lines.get(row as usize)));
    }
    Some(Groups::around(rows, &records, |_| ()))
}

/// Events without numbers that several files tell: those of the file that tells most of them count. Within one file,
/// equal events are as many as there are.
fn echoes(table: &Table, ledger: &Ledger, order: &Order) -> Vec<u32> {
    let is_told = table.kind == TableKind::Events || ledger.any(FoldRule::Events);
    if !is_told || table.words("file").is_none_or(|(_, files)| files.len() < 2) {
        return Vec::new();
    }
    let (ids, at) = (Ids::new(table), table.kind.start().and_then(|start| table.times(start)));
    let sources = table.words("source").map(|(codes, _)| codes);
    let event = |row: u32| {
        let place = row as usize;
        let unnumbered = match table.kind {
            TableKind::Events => ids.tag(row).is_none(),
            _ => ledger.folds_by(FoldRule::Events, table, row),
        };
        let source = sources.map_or(NO_WORD, |codes| codes.get(place));
        unnumbered.then(|| (source, table.text("interaction_id", place), at.map(|at| at.get(place))))
    };
    let rows: Vec<u32> = (0..).take(table.rows()).collect();
    let mut echoes = Vec::new();
    for met in Groups::meeting(&rows, event).iter() {
        let mut met = met.to_vec();
        met.sort_by(|&a, &b| order.telling(a, b).then_with(|| order.place(a, b)));
        for equal in met.chunk_by(|&a, &b| order.telling(a, b).is_eq()) {
            let file = |row: u32| table.word("file", row as usize);
            let kept = equal.chunk_by(|&a, &b| file(a) == file(b)).rev().max_by_key(|rows| rows.len());
            echoes.extend(equal.iter().filter(|row| kept.is_none_or(|kept| !kept.contains(row))));
        }
    }
    echoes
}

/// The rows that count, and the older copies of them.
pub fn latest(table: &Table, ledger: &Ledger, apart: &mut Apart) -> (Vec<u32>, Vec<u32>) {
    let (ids, order) = (Ids::new(table), Order::new(table));
    let sources = table.words("source").map(|(codes, _)| codes);
    let record = |row: u32| {
        let id = ids.tag(row).filter(|_| !ledger.is_unnumbered(table, row))?;
        let is_side = ledger.folds_by(FoldRule::Side, table, row);
        Some((sources.map_or(NO_WORD, |codes| codes.get(row as usize)), id, is_side))
    };
    let mut rows: Vec<u32> = (0..).take(table.rows()).collect();
    let mut older: Vec<u32> = echoes(table, ledger, &order);
    for copies in Groups::meeting(&rows, record).iter() {
        let later = |best, &row: &u32| if order.is_later(row, best) { row } else { best };
        let best = copies.iter().fold(copies[0], later);
        apart.note(table, best, copies);
        older.extend(copies.iter().filter(|&&row| row != best));
    }
    older.sort_unstable();
    let mut left = older.iter().peekable();
    rows.retain(|row| left.next_if(|&older| older == row).is_none());
    (rows, older)
}
