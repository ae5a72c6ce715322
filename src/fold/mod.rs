//! Several rows of one record become one: line items, copies, legs of a call, messages of a thread.
//!
//! `fold` reads as the line it is; each step has its own file and says which rows belong together, and
//! `combine.rs` alone makes one row of several, by the rule that `interaction.rs` gives each column. What
//! the rows' own file says about them is in `ledger.rs`, the order of records in `order.rs`, what rows of one number do not
//! agree about in `apart.rs`. What is over of messages and events is folded in `early.rs`, while others are read; `torn.rs`
//! finds out whether it was. Joining to customers is not done here. A new way to fold is a file that returns `Groups`, and a step here.

mod apart;
mod cases;
mod combine;
mod copies;
mod early;
mod groups;
mod ledger;
mod order;
mod replies;
mod sides;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_events;
mod threads;
mod torn;

use crate::columns::Table;
use crate::input::{Inputs, SourceFile};
use crate::notice::Notice;
use crate::settings::Settings;
use apart::Apart;
pub use early::Early;
use groups::Groups;
use ledger::Ledger;
use rayon::prelude::*;

/// Make one row of each record, in an order that does not depend on the files' order.
///
/// Before and after, for every file: read = used + folded + duplicates + ignored + rejected.
pub fn fold(inputs: &mut Inputs, settings: &Settings) {
    let Inputs { tables, sources, notices, .. } = inputs;
    replies::link(tables, sources);
    let folded: Vec<_> =
        std::mem::take(tables).into_par_iter().map(|table| fold_table(table, sources, settings)).collect();
    for (table, ledger, told) in folded {
        ledger.settle(sources);
        notices.extend(told);
        tables.push(table);
    }
}

/// One table, what became of its rows, and what the reader should know of them.
fn fold_table(mut table: Table, sources: &[SourceFile], settings: &Settings) -> (Table, Ledger, Vec<Notice>) {
    let (mut ledger, mut apart) = (Ledger::new(&table, sources), Apart::default());
    if let Some(lines) = copies::lines(&table, &ledger) {
        ledger.note_folded(&table, &lines);
        table = combine::combine(table, &lines);
    }
    let (latest, older) = copies::latest(&table, &ledger, &mut apart);
    ledger.note_duplicates(&table, &older);
    let (table, latest) = sides::complete(table, &mut ledger, latest, &mut apart);
    let groups = cases::records(&table, &ledger, latest, settings.thread_gap);
    ledger.note_folded(&table, &groups);
    let table = one_each(table, &groups, &ledger);
    let notices = apart.notices(&table);
    (table, ledger, notices)
}

/// One row a record.
fn one_each(table: Table, groups: &Groups, ledger: &Ledger) -> Table {
    let mut special = cases::waits(&table, groups, ledger);
    special.extend(cases::segments(&table, groups, ledger));
    let threads = threads::found(&table, groups, ledger);
    let mut table = combine::combine(table, groups);
    special.extend(threads::columns(&table, &threads));
    for (name, data) in special {
        table.set(name, data);
    }
    table
}
