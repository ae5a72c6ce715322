//! Counts for `check` and `customers`: how well each source's rows found their customers, who saw a key.
//!
//! Counting only: nothing here decides. A new figure by source is a field of `Match` filled in `by_source`.

use super::NO_CUSTOMER;
use super::keys::Keys;
use super::quarantine::{Nobody, Verdicts};
use super::rows::Row;

/// How the rows of one source found their customers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Match {
    pub source: String,
    pub rows: usize,
    /// Rows with a usable key, hence with a customer.
    pub identified: usize,
    /// Rows whose customer another source has seen too.
    pub matched: usize,
    /// Rows without a customer, in the order of `Nobody::ALL`.
    pub without: [usize; Nobody::ALL.len()],
}

/// Count rows by source, in the order of the sources' names.
pub(super) fn by_source(keys: &Keys, rows: &[Row], customers: &[u32], count: usize, verdicts: &Verdicts) -> Vec<Match> {
    let rows = || rows.iter().zip(customers.iter().copied());
    let several = seen_by_several(rows().map(|(row, customer)| (row.source, customer)), count);
    let mut matches = vec![Match::default(); keys.source_count()];
    for (row, customer) in rows() {
        let source = &mut matches[row.source as usize];
        let count = row.count as usize;
        source.rows += count;
        if customer == NO_CUSTOMER {
            source.without[verdicts.why_nobody(row) as usize] += count;
        } else {
            source.identified += count;
            source.matched += if several[customer as usize] { count } else { 0 };
        }
    }
    for (number, source) in (0..).zip(&mut matches) {
        keys.source_name(number).clone_into(&mut source.source);
    }
    matches.retain(|source| source.rows > 0);
    matches.sort_by(|a, b| a.source.cmp(&b.source));
    matches
}

/// By customer: whether more than one source has it.
fn seen_by_several(rows: impl Iterator<Item = (u32, u32)>, count: usize) -> Vec<bool> {
    let mut first = vec![u32::MAX; count];
    let mut several = vec![false; count];
    for (source, customer) in rows.filter(|&(_, customer)| customer != NO_CUSTOMER) {
        let first = &mut first[customer as usize];
        if *first == u32::MAX {
            *first = source;
        }
        several[customer as usize] |= *first != source;
    }
    several
}

/// In how many rows each key stands, and in which sources.
#[derive(Debug, Default)]
pub(super) struct Uses {
    pub rows: Vec<u32>,
    /// By key: which of `combinations` saw it.
    seen: Vec<u32>,
    /// The combinations of sources that occur: few, however many keys there are.
    combinations: Vec<Vec<u32>>,
}

impl Uses {
    pub fn new(keys: &Keys, rows: &[Row]) -> Self {
        let sources = keys.source_count();
        let mut uses = Self { rows: vec![0; keys.len()], seen: vec![0; keys.len()], combinations: vec![Vec::new()] };
        // What a combination becomes by one source more; found out once for each.
        let mut grown: Vec<Option<u32>> = vec![None; sources];
        for row in rows {
            for key in row.present() {
                uses.rows[key as usize] += row.count;
                let seen = uses.seen[key as usize] as usize;
                let slot = seen * sources + row.source as usize;
                uses.seen[key as usize] = match grown[slot] {
                    Some(combination) => combination,
                    None => {
                        let combination = uses.with(seen, row.source);
                        grown.resize(uses.combinations.len() * sources, None);
                        grown[slot] = Some(combination);
                        combination
                    }
                };
            }
        }
        uses
    }

    fn with(&mut self, combination: usize, source: u32) -> u32 {
        let mut sources = self.combinations[combination].clone();
        if !sources.contains(&source) {
            sources.push(source);
            sources.sort_unstable();
        }
        let known = self.combinations.iter().position(|c| *c == sources);
        known.unwrap_or_else(|| {
            self.combinations.push(sources);
            self.combinations.len() - 1
        }) as u32
    }

    /// The names of the sources that saw a key.
    pub fn sources<'a>(&self, key: u32, keys: &'a Keys) -> Vec<&'a str> {
        let combination = &self.combinations[self.seen[key as usize] as usize];
        let mut names: Vec<_> = combination.iter().map(|&source| keys.source_name(source)).collect();
        names.sort_unstable();
        names
    }
}
