//! Which rows are one record: `Groups`, rows in one buffer with the ends of the groups.
//!
//! Only the container, and how rows that share a key are found; who belongs together is decided in `copies.rs`
//! and `cases.rs`.

use crate::radix::{self, beside};
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use std::hash::{BuildHasher, Hash};
use std::ops::Range;

/// How many steps are taken by one thread, one after the other.
const STRIDE: usize = 1 << 13;

/// Groups of rows. None is empty; the first row of a group is the earliest.
#[derive(Debug, Default)]
pub struct Groups {
    rows: Vec<u32>,
    ends: Vec<u32>,
}

impl Groups {
    /// Rows that share a key, by two and more, in the order of their numbers; the groups nearly so. A key is hashed once,
    /// and compared only where hashes meet.
    pub fn meeting<K: Hash + Eq>(rows: &[u32], key: impl Fn(u32) -> Option<K> + Sync) -> Self {
        const NO_KEY: u64 = u64::MAX;
        let hashed = |&row: &u32| key(row).map_or(NO_KEY, |key| beside(hash(&key), row));
        let mut hashed: Vec<u64> = rows.par_iter().map(hashed).collect();
        hashed.retain(|&hashed| hashed != NO_KEY);
        let hashed = radix::sorted(hashed);
        let is_alike = |a: &u64, b: &u64| a >> u32::BITS == b >> u32::BITS;
        let (mut alike, mut start) = (Vec::new(), 0);
        for rows in hashed.chunk_by(is_alike) {
            alike.extend((rows.len() > 1).then(|| beside(rows[0] as u32, start as u32)));
            start += rows.len();
        }
        // By their first rows: who looks at groups goes along the columns then.
        let alike = radix::sorted(alike);
        Self::made(alike.len(), |steps, groups| {
            let mut met = Vec::new();
            for start in alike[steps].iter().map(|&alike| alike as u32 as usize) {
                met.extend(
                    hashed[start..].chunk_by(is_alike).next().into_iter().flatten().map(|&hashed| hashed as u32),
                );
                while let Some(&first) = met.first() {
                    let own = key(first);
                    groups.push_several(met.extract_if(.., |row| *row == first || key(*row) == own));
                }
            }
        })
    }

    /// Each group in an order of its own and cut between rows that are apart; the parts that have several rows.
    pub fn parted(&self, order: impl Fn(&mut [u32]) + Sync, is_apart: impl Fn(u32, u32) -> bool + Sync) -> Self {
        Self::made(self.len(), |steps, groups| {
            let mut ordered = Vec::new();
            for rows in steps.map(|at| self.get(at)) {
                ordered.clear();
                ordered.extend_from_slice(rows);
                order(&mut ordered);
                let parts = ordered.chunk_by(|&a, &b| !is_apart(a, b));
                parts.filter(|rows| rows.len() > 1).for_each(|rows| groups.push(rows));
            }
        })
    }

    /// Rows in an order of their own, those that are joined behind the first of them.
    pub fn around(mut rows: Vec<u32>, joined: &Self, arrange: impl FnOnce(&mut [u32])) -> Self {
        const ALONE: u32 = u32::MAX;
        const BEHIND: u32 = u32::MAX - 1;
        if joined.len() == 0 {
            arrange(&mut rows);
            return Self { ends: (1..).take(rows.len()).collect(), rows };
        }
        let mut group = vec![ALONE; rows.iter().max().map_or(0, |&row| row as usize + 1)];
        for (number, joined) in (0..).zip(joined.iter()) {
            joined.iter().for_each(|&row| group[row as usize] = BEHIND);
            group[joined[0] as usize] = number;
        }
        rows.retain(|&row| group[row as usize] != BEHIND);
        arrange(&mut rows);
        Self::made(rows.len(), |steps, groups| {
            for &row in &rows[steps] {
                match group[row as usize] {
                    ALONE => groups.push(&[row]),
                    number => groups.push(joined.get(number as usize)),
                }
            }
        })
    }

    /// The groups that so many steps make, some thousand at a time side by side, in the order of the steps.
    fn made(steps: usize, make: impl Fn(Range<usize>, &mut Self) + Sync) -> Self {
        let make_some = |nth: usize| {
            let mut groups = Self::default();
            make(nth * STRIDE..steps.min((nth + 1) * STRIDE), &mut groups);
            groups
        };
        let parts: Vec<Self> = (0..steps.div_ceil(STRIDE)).into_par_iter().map(make_some).collect();
        let sum = |size: fn(&Self) -> usize| parts.iter().map(size).sum();
        let (rows, ends) = (sum(|part| part.rows.len()), sum(|part| part.ends.len()));
        let mut all = Self { rows: Vec::with_capacity(rows), ends: Vec::with_capacity(ends) };
        for part in parts {
            let before = u32::try_from(all.rows.len()).unwrap_or(u32::MAX);
            all.rows.extend_from_slice(&part.rows);
            all.ends.extend(part.ends.into_iter().map(|end| before.saturating_add(end)));
        }
        all
    }

    /// Add a group.
    pub fn push(&mut self, rows: &[u32]) {
        self.rows.extend_from_slice(rows);
        self.ends.push(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
    }

    /// Add a group if it has more than one row.
    fn push_several(&mut self, rows: impl Iterator<Item = u32>) {
        let before = self.rows.len();
        self.rows.extend(rows);
        if self.rows.len() > before + 1 {
            self.ends.push(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        } else {
            self.rows.truncate(before);
        }
    }

    /// Put the rows of each group in another order.
    pub fn arrange(&mut self, order: impl Fn(&mut [u32])) {
        let mut start = 0;
        for &end in &self.ends {
            order(&mut self.rows[start..end as usize]);
            start = end as usize;
        }
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether some group has more than one row.
    pub fn any_joined(&self) -> bool {
        self.rows.len() > self.ends.len()
    }

    /// All rows, where each is by itself.
    pub fn singles(&self) -> Option<&[u32]> {
        (!self.any_joined()).then_some(&self.rows)
    }

    /// What becomes of each group, found side by side.
    pub fn map<T: Send>(&self, of: impl Fn(&[u32]) -> T + Sync + Send) -> Vec<T> {
        (0..self.len()).into_par_iter().map(|at| of(self.get(at))).collect()
    }

    /// One of the groups.
    pub fn get(&self, at: usize) -> &[u32] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.rows[start as usize..self.ends[at] as usize]
    }

    /// The groups, each with at least one row.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let mut rest = self.rows.as_slice();
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let (rows, others) = rest.split_at((end - start) as usize);
            (rest, start) = (others, end);
            rows
        })
    }
}

/// 32 bits that all of a key goes into.
fn hash(key: &impl Hash) -> u32 {
    let hash = FxBuildHasher.hash_one(key);
    (hash ^ hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_key_are_put_behind_the_first_of_them() {
        let rows = vec![0, 1, 2, 3, 5];
        let joined = Groups::meeting(&rows, |row| (row != 2).then_some(row % 2));
        let mut met: Vec<_> = joined.iter().collect();
        met.sort_unstable();
        assert_eq!(met, [&[1, 3, 5][..]]);
        let groups = Groups::around(rows.clone(), &joined, <[u32]>::reverse);
        assert_eq!(groups.iter().collect::<Vec<_>>(), [&[2][..], &[1, 3, 5], &[0]]);
        assert!(groups.any_joined() && groups.len() == 3 && groups.singles().is_none());
        let single = Groups::around(rows, &Groups::default(), <[u32]>::reverse);
        assert_eq!(single.singles(), Some(&[5, 3, 2, 1, 0][..]));
    }
}
