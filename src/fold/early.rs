//! Records that a piece of a log has whole: one row each, before the rest of the log is read.
//!
//! Where the rows of a number stand together, a record is whole as soon as the next one begins. The first of a piece may
//! have begun before it, and the last may go on behind it: their rows are left to the fold of all, and so is all of a piece
//! in which a number returns. That no row elsewhere is of the same record, `input` finds out when all is read. Then one
//! row here is what the fold of all would have made of the same rows, and that takes it as it is.

use super::groups::Groups;
use super::ledger::Ledger;
use super::one_each;
use super::order::Order;
use crate::columns::{Flags, Table, Text};
use crate::input::{Log, Numbers, SourceFile};
use rustc_hash::FxHashSet;

/// Fold the records that these rows of a log have whole, but for those of these numbers.
pub fn early(table: Table, source: &SourceFile, but: &Numbers) -> Log {
    let Some(groups) = records(&table, &|number| but.has(&source.instance, number)) else {
        return Log { joined: Flags::filled(0, table.rows()), table };
    };
    let ledger = Ledger::new(&table, std::slice::from_ref(source));
    let joined = groups.iter().map(|rows| u8::from(rows.len() > 1)).collect();
    Log { table: one_each(table, &groups, &ledger), joined }
}

/// The rows of each record in the order in which they stand, one by one where it may not be whole. None where a number
/// returns; and none where there is talk, for how many legs of a call have some is counted only if no export says
/// it.
fn records(table: &Table, is_elsewhere: &dyn Fn(Text) -> bool) -> Option<Groups> {
    let numbers = table.texts("interaction_id").filter(|_| table.column("talk").is_none())?;
    let number = |row: u32| numbers.get(row as usize);
    let rows: Vec<u32> = (0..).take(table.rows()).collect();
    let (order, mut met, mut groups) = (Order::new(table), FxHashSet::default(), Groups::default());
    for run in rows.chunk_by(|&a, &b| !number(a).is_empty() && number(a) == number(b)) {
        let own = number(run[0]);
        if !own.is_empty() && !met.insert(own) {
            return None;
        }
        let at_an_end = run.first() == rows.first() || run.last() == rows.last();
        if at_an_end || is_elsewhere(own) {
            run.iter().for_each(|&row| groups.push(&[row]));
        } else {
            let mut run = run.to_vec();
            order.sort_events(&mut run);
            groups.push(&run);
        }
    }
    Some(groups)
}
