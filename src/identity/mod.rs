//! Who is who: keys of all tables → customers, with what could not be joined and why.
//!
//! `join` reads like the steps below it: see equal rows as one (`rows.rs`), number the keys (`keys.rs`), set
//! aside those that are nobody's (`rules.rs` by text, `quarantine.rs` by rows), join the rest (`union.rs`,
//! `alias.rs`), number the customers (`number.rs`), count (`stats.rs`). Names never join anybody; metrics are
//! elsewhere. A new kind of key is a variant of `KeyKind` in `keys.rs`.

mod alias;
mod explain;
mod keys;
mod number;
mod quarantine;
mod rows;
mod rules;
mod stats;
#[cfg(test)]
mod tests;
mod union;

use crate::columns::Table;
use crate::interaction::TableKind;
use crate::notice::{Notice, count, thousands};
use crate::settings::Settings;
use anyhow::Result;
use rayon::prelude::*;

pub use explain::{Explanation, Nobodys};
pub use keys::{Key, KeyKind};
pub use quarantine::Nobody;
pub use rules::Reason;
pub use stats::Match;
pub use union::Conflict;

/// The row has no customer.
pub const NO_CUSTOMER: u32 = u32::MAX;

/// The customers of all tables.
#[derive(Debug, Default)]
pub struct Identity {
    /// For each table of `TableKind::ALL`, for each row: its customer, or `NO_CUSTOMER`; empty for events.
    pub customers: [Vec<u32>; TableKind::ALL.len()],
    /// Number of customers. They are numbered from 0 in the order of the keys that they are called by.
    pub count: u32,
    /// How the rows of each source found their customers, by name of the source.
    pub matches: Vec<Match>,
    /// Phones that join nobody because they would join too many.
    pub conflicts: Vec<Conflict>,
    /// Keys that identify nobody, those in most rows first.
    pub quarantined: Vec<Quarantined>,
    /// Customers that hold several CRM ids: the same one stands twice in the customer system.
    pub doubles: Vec<u32>,
    keys: keys::Keys,
    uses: stats::Uses,
    /// By key: why it identifies nobody.
    reasons: Vec<Option<Reason>>,
    customers_of: number::Customers,
    aliases: alias::Aliases,
}

/// A key that identifies nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarantined {
    /// Key number; see `Identity::key`.
    pub key: u32,
    pub reason: Reason,
    /// Rows that it stands in.
    pub rows: u32,
    /// Distinct names that it stands with.
    pub names: u32,
}

/// A key and where it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used<'a> {
    pub key: Key<'a>,
    /// Rows that it stands in; none where only the alias file has it.
    pub rows: u32,
    pub sources: Vec<&'a str>,
}

/// Join the rows of all tables, one table per `TableKind::ALL`. Fails only on an alias file that cannot be read.
pub fn join(tables: &[Table], settings: &Settings) -> Result<(Identity, Vec<Notice>)> {
    let mut index = keys::Index::default();
    let mut customers: [Vec<u32>; TableKind::ALL.len()] = Default::default();
    let tables: Vec<&Table> = tables.iter().filter(|table| table.kind.has_customers()).collect();
    let distinct: Vec<_> = tables.par_iter().map(|table| rows::Distinct::of(table)).collect();
    index.rows.reserve_exact(distinct.iter().map(|distinct| distinct.rows.len()).sum());
    for (table, distinct) in tables.into_iter().zip(distinct) {
        customers[table.kind as usize] = index.add(table, distinct);
    }
    let aliases = alias::Aliases::read(settings, &mut index)?;
    let (keys, rows) = index.into_numbered();

    let mut verdicts = quarantine::Verdicts::new(&keys, &rows, settings);
    let barred = aliases.barred(&verdicts);
    let (components, uses) = rayon::join(
        || union::Components::new(&keys, &rows, &aliases.links, &mut verdicts),
        || stats::Uses::new(&keys, &rows),
    );
    let customers_of = number::Customers::new(&keys, &components, &uses.rows);
    let customer = |&component: &u32| customers_of.of_key.get(component as usize).copied().unwrap_or(NO_CUSTOMER);
    let of_rows: Vec<u32> = components.of_rows.iter().map(customer).collect();
    let count = customers_of.display.len();
    let (matches, ()) = rayon::join(
        || stats::by_source(&keys, &rows, &of_rows, count, &verdicts),
        || customers.par_iter_mut().flatten().for_each(|row| *row = of_rows[*row as usize]),
    );
    let identity = Identity {
        count: count as u32,
        matches,
        quarantined: quarantined(&keys, &uses, &verdicts),
        doubles: customers_of.with_several(|key| keys.kind(key) == KeyKind::Crm),
        conflicts: components.conflicts,
        reasons: verdicts.reasons,
        customers,
        keys,
        uses,
        customers_of,
        aliases,
    };
    let notices = identity.notices(barred);
    Ok((identity, notices))
}

fn quarantined(keys: &keys::Keys, uses: &stats::Uses, verdicts: &quarantine::Verdicts) -> Vec<Quarantined> {
    let listed = (0..).zip(&verdicts.reasons).filter_map(|(key, reason)| {
        let (rows, names) = (uses.rows[key as usize], verdicts.names[key as usize]);
        reason.filter(|_| rows > 0).map(|reason| Quarantined { key, reason, rows, names })
    });
    let mut listed: Vec<_> = listed.collect();
    listed.sort_unstable_by(|a, b| b.rows.cmp(&a.rows).then_with(|| keys.compare(a.key, b.key)));
    listed
}

impl Identity {
    /// Say another text for each key. What was joined stays; the order of customers follows what they are called now,
    /// so that it does not tell what they were called.
    pub fn reword(&mut self, other: impl Fn(&str) -> String) {
        self.keys.reword(other);
        let number = self.customers_of.renumber(&self.keys);
        let numbered = self.customers.iter_mut().flatten().chain(&mut self.doubles);
        numbered.filter(|customer| **customer != NO_CUSTOMER).for_each(|c| *c = number[*c as usize]);
        self.doubles.sort_unstable();
    }

    /// Only which row is which customer's, for those who ask no more: what customers are called takes memory.
    pub fn without_keys(self) -> Self {
        Self { customers: self.customers, count: self.count, ..Self::default() }
    }

    /// The customers of one table's rows.
    pub fn of(&self, table: TableKind) -> &[u32] {
        &self.customers[table as usize]
    }

    /// A key by its number.
    pub fn key(&self, key: u32) -> Key<'_> {
        self.keys.get(key)
    }

    /// The key that a customer is called by: its smallest, a CRM id before an e-mail before the others.
    pub fn display(&self, customer: u32) -> Key<'_> {
        self.key(self.customers_of.display[customer as usize])
    }

    /// All keys of a customer, the one that it is called by first but for keys of the alias file.
    pub fn keys_of(&self, customer: u32) -> Vec<Used<'_>> {
        let mut keys: Vec<_> = self.customers_of.keys(customer).iter().map(|&key| self.used(key)).collect();
        keys.sort_unstable_by_key(|used| used.key);
        keys
    }

    /// How many rows have no customer for this reason.
    pub fn without(&self, reason: Nobody) -> usize {
        self.matches.iter().map(|source| source.without[reason as usize]).sum()
    }

    fn used(&self, key: u32) -> Used<'_> {
        Used { key: self.key(key), rows: self.uses.rows[key as usize], sources: self.uses.sources(key, &self.keys) }
    }

    /// What the reader should know; never a key itself, since notices go into reports.
    fn notices(&self, barred: usize) -> Vec<Notice> {
        let mut notices: Vec<_> = self.aliases.notices(barred).collect();
        let mut add = |n: usize, notice: &dyn Fn() -> Notice| {
            if n > 0 {
                notices.push(notice().hint("see deskstat check"));
            }
        };
        let phones = self.conflicts.iter().map(|conflict| conflict.phones.len()).sum();
        add(phones, &|| {
            let they = if phones == 1 { "it joins" } else { "they join" };
            let numbers = count(phones, "phone number");
            Notice::warning(format!("{numbers} would join different customers of the customer system; {they} nobody"))
        });
        let is_address = |q: &&Quarantined| matches!(self.keys.kind(q.key), KeyKind::Email | KeyKind::Phone);
        let shared = self.quarantined.iter().filter(|q| q.reason.is_shared()).filter(is_address).count();
        add(shared, &|| {
            let keys = thousands(shared as u64);
            let noun = if shared == 1 { "address or phone number" } else { "addresses or phone numbers" };
            let rows = count(self.without(Nobody::Shared), "row");
            Notice::note(format!("{keys} shared {noun} identified nobody; {rows} had no other key"))
        });
        let staff = self.without(Nobody::OwnStaff);
        add(staff, &|| Notice::note(format!("{} of own staff counted for no customer", count(staff, "row"))));
        let doubles = self.doubles.len();
        add(doubles, &|| {
            let verb = if doubles == 1 { "stands" } else { "stand" };
            Notice::note(format!("{} {verb} more than once in the customer system", count(doubles, "customer")))
        });
        notices
    }
}
