//! `customers --explain KEY`: whose a key is, and which rows linked it with the others.
//!
//! Links are found again from the rows of the one customer asked for, so that a report does not pay for
//! what one command needs. Nothing is decided here.

use super::keys::{Key, KeyKind};
use super::rules::{Reason, normal};
use super::{Conflict, Identity, NO_CUSTOMER, Used};
use crate::columns::Table;
use rustc_hash::FxHashMap;

/// How many known keys are offered for an unknown one.
const OFFERED: usize = 3;

/// What is known of a key.
#[derive(Debug, Default)]
pub struct Explanation<'a> {
    /// The keys of that text: one of each kind and source at most.
    pub found: Vec<Used<'a>>,
    /// The customers that they belong to.
    pub customers: Vec<Explained<'a>>,
    /// Those that are nobody's.
    pub nobodys: Vec<Nobodys<'a>>,
    /// For an unknown key: known ones that look like it.
    pub closest: Vec<Key<'a>>,
}

/// One customer, its keys and what holds them together.
#[derive(Debug)]
pub struct Explained<'a> {
    pub customer: u32,
    pub keys: Vec<Used<'a>>,
    pub links: Vec<Link<'a>>,
}

/// A key that identifies nobody.
#[derive(Debug)]
pub struct Nobodys<'a> {
    pub key: Key<'a>,
    /// None for a key that only colleagues' rows have.
    pub reason: Option<Reason>,
    /// For a phone in conflict.
    pub conflict: Option<&'a Conflict>,
}

/// Two keys that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    pub keys: (Key<'a>, Key<'a>),
    /// The first place where they do.
    pub witness: Witness<'a>,
}

/// A row; ordered by source, file and line. The alias file's rows have the source `aliases`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Witness<'a> {
    pub source: &'a str,
    pub file: &'a str,
    pub line: u64,
}

/// The source of links that the alias file makes.
pub const ALIASES: &str = "aliases";

impl Identity {
    /// What is known of a key, written as a person would write it; `source:id` names a source's own id.
    /// `joined` are the tables that were joined, with the customer of each row.
    pub fn explain<'a>(&'a self, joined: impl Iterator<Item = (&'a Table, &'a [u32])>, typed: &str) -> Explanation<'a> {
        let joined: Vec<_> = joined.collect();
        let found = self.find(typed);
        if found.is_empty() {
            return Explanation { closest: self.closest(typed), ..Explanation::default() };
        }
        let owner = |key: u32| self.customers_of.of_key[key as usize];
        let mut customers: Vec<u32> = found.iter().map(|&k| owner(k)).filter(|&c| c != NO_CUSTOMER).collect();
        customers.sort_unstable();
        customers.dedup();
        let nobodys = found.iter().filter(|&&key| owner(key) == NO_CUSTOMER).map(|&key| self.nobodys(key));
        Explanation {
            nobodys: nobodys.collect(),
            customers: customers.into_iter().map(|customer| self.explain_customer(&joined, customer)).collect(),
            found: found.into_iter().map(|key| self.used(key)).collect(),
            closest: Vec::new(),
        }
    }

    /// The keys that rows have by this text: as typed, else as it would be cleaned, else without case.
    fn find(&self, typed: &str) -> Vec<u32> {
        let typed = typed.trim();
        let clean = normal(typed);
        let folded = typed.to_lowercase();
        let tests: [&dyn Fn(Key) -> bool; 3] =
            [&|key| key.text == typed || is_label(key, typed), &|key| key.text == clean, &|key| {
                key.text.to_lowercase() == folded
            }];
        let found = tests.into_iter().map(|test| {
            let mut found: Vec<u32> = self.known().filter(|&(_, key)| test(key)).map(|(number, _)| number).collect();
            found.sort_unstable_by(|&a, &b| self.keys.compare(a, b));
            found
        });
        found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Keys that some row or the alias file has joined or been refused.
    fn known(&self) -> impl Iterator<Item = (u32, Key<'_>)> {
        self.keys.all().filter(|&(key, _)| {
            self.uses.rows[key as usize] > 0 || self.customers_of.of_key[key as usize] != NO_CUSTOMER
        })
    }

    fn closest(&self, typed: &str) -> Vec<Key<'_>> {
        let typed = normal(typed);
        let mut best: Vec<(f64, Key)> = Vec::new();
        for (_, key) in self.known() {
            let score = strsim::jaro_winkler(&typed, &key.text.to_lowercase());
            if score > 0.8 && (best.len() < OFFERED || best.last().is_some_and(|(worst, _)| score >= *worst)) {
                best.push((score, key));
                best.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
                best.truncate(OFFERED);
            }
        }
        best.into_iter().map(|(_, key)| key).collect()
    }

    fn nobodys(&self, key: u32) -> Nobodys<'_> {
        let conflict = self.conflicts.iter().find(|conflict| conflict.phones.contains(&key));
        Nobodys { key: self.key(key), reason: self.reasons[key as usize], conflict }
    }

    fn explain_customer<'a>(&'a self, joined: &[(&'a Table, &'a [u32])], customer: u32) -> Explained<'a> {
        let keys = self.keys_of(customer);
        let by_text: FxHashMap<Key, Key> = keys.iter().map(|used| (used.key, used.key)).collect();
        let mut links: FxHashMap<(Key<'a>, Key<'a>), Witness<'a>> = FxHashMap::default();
        let mut add = |keys: (Key<'a>, Key<'a>), witness: Witness<'a>| {
            links.entry(keys).and_modify(|first| *first = witness.min(*first)).or_insert(witness);
        };
        for &(table, customers) in joined {
            for (row, _) in customers.iter().enumerate().filter(|&(_, &number)| number == customer) {
                let mut present = row_keys(table, row).filter_map(|key| by_text.get(&key).copied());
                let Some(first) = present.next() else { continue };
                let witness = witness(table, row);
                present.for_each(|key| add((first, key), witness));
            }
        }
        for alias in &self.aliases.links {
            if [alias.keys.0, alias.keys.1].iter().all(|&key| self.customers_of.of_key[key as usize] == customer) {
                let (a, b) = (self.key(alias.keys.0), self.key(alias.keys.1));
                let witness = Witness { source: ALIASES, file: &self.aliases.file, line: alias.line };
                add((a.min(b), a.max(b)), witness);
            }
        }
        let mut links: Vec<_> = links.into_iter().map(|(keys, witness)| Link { keys, witness }).collect();
        links.sort_unstable_by_key(|link| link.keys);
        Explained { customer, keys, links }
    }
}

/// The keys of a row in the order of their kinds: the first is linked with each of the others.
fn row_keys<'a>(table: &'a Table, row: usize) -> impl Iterator<Item = Key<'a>> {
    KeyKind::ALL.into_iter().map(move |kind| {
        let source = if kind == KeyKind::Source { table.word("source", row) } else { "" };
        Key { kind, source, text: table.word(kind.column(), row) }
    })
}

fn witness(table: &Table, row: usize) -> Witness<'_> {
    let line = table.counts("line").map(|lines| lines.get(row));
    Witness {
        source: table.word("source", row),
        file: table.word("file", row),
        line: line.and_then(|line| u64::try_from(line).ok()).unwrap_or(0),
    }
}

/// Whether a source's own id was typed with its source.
fn is_label(key: Key, typed: &str) -> bool {
    let rest = typed.strip_prefix(key.source).and_then(|rest| rest.strip_prefix(':'));
    key.kind == KeyKind::Source && rest == Some(key.text)
}
