//! `--anonymise-agents`: agents get numbers instead of names, in every output.
//!
//! The numbers follow the hashes of the names, so that their order tells nothing, and are the same as long as the same
//! agents are in the data. What was left out is written as it stood (`--rejects`), names and all.

use crate::columns::Table;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Give the agents of a table their numbers.
pub fn agents(table: &mut Table) {
    let Some((_, words)) = table.words("agent") else { return };
    let mut names: Vec<String> = words.iter().map(str::to_owned).collect();
    names.sort_by_cached_key(|name| Sha256::digest(name));
    let width = names.len().to_string().len();
    let number = |(nth, name): (usize, String)| (name, format!("agent {:0width$}", nth + 1));
    let numbers: BTreeMap<String, String> = names.into_iter().enumerate().map(number).collect();
    table.rename("agent", &numbers);
}
