//! Which keys may join rows: the judgement of `rules.rs`, and what the rows themselves give away.
//!
//! An address or number under many names is shared; an id that stands with shared or colleagues'
//! addresses only is as doubtful as they are. What usable keys join is `union.rs`.

use super::keys::{KINDS, KeyKind, Keys, NO_KEY, NO_NAME};
use super::rows::Row;
use super::rules::{Reason, Rules};
use crate::settings::Settings;
use rayon::prelude::*;

/// The pairs of key and name kept before repeats among them are thrown out.
const PAIRS: usize = 1 << 20;

/// An id stands with a shared address, with a colleague's, with a usable one.
const SHARED: u8 = 1;
const COLLEAGUE: u8 = 2;
const USABLE: u8 = 4;

/// What every key is worth.
pub(super) struct Verdicts {
    /// Why a key identifies nobody; none for a usable one.
    pub reasons: Vec<Option<Reason>>,
    /// How many distinct names a key was seen under.
    pub names: Vec<u32>,
}

impl Verdicts {
    /// Judge all keys.
    pub fn new(keys: &Keys, rows: &[Row], settings: &Settings) -> Self {
        let rules = Rules::new(settings);
        let judge = || (0..keys.len() as u32).into_par_iter().map(|key| rules.judge(keys.get(key))).collect();
        let (mut reasons, names): (Vec<_>, _) = rayon::join(judge, || count_names(keys.len(), rows));
        for (key, reason) in (0..).zip(&mut reasons) {
            let is_address = matches!(keys.kind(key), KeyKind::Email | KeyKind::Phone);
            if reason.is_none() && is_address && names[key as usize] as usize > settings.shared_names {
                *reason = Some(Reason::ManyNames);
            }
        }
        let mut verdicts = Self { reasons, names };
        verdicts.spread(rows);
        verdicts
    }

    /// Take ids with them that stand with unusable addresses only.
    fn spread(&mut self, rows: &[Row]) {
        let mut company = vec![0u8; self.reasons.len()];
        for row in rows {
            let met = match row.key(KeyKind::Email) {
                NO_KEY => continue,
                email => match self.reasons[email as usize] {
                    None => USABLE,
                    Some(Reason::Colleague) => COLLEAGUE,
                    Some(reason) if reason.spreads() => SHARED,
                    Some(_) => continue,
                },
            };
            for id in [row.key(KeyKind::External), row.key(KeyKind::Source)] {
                if id != NO_KEY {
                    company[id as usize] |= met;
                }
            }
        }
        for (reason, company) in self.reasons.iter_mut().zip(company) {
            if reason.is_none() && company & USABLE == 0 && company != 0 {
                *reason = Some(if company & SHARED == 0 { Reason::WithColleague } else { Reason::WithShared });
            }
        }
    }

    pub fn is_usable(&self, key: u32) -> bool {
        key != NO_KEY && self.reasons[key as usize].is_none()
    }

    /// Whether the row is a colleague's own: it joins nothing and has no customer.
    pub fn is_staff(&self, row: &Row) -> bool {
        self.has(row.key(KeyKind::Email), Reason::Colleague)
    }

    /// The usable keys of the row that join whatever they stand with.
    pub fn strong(&self, row: &Row) -> impl Iterator<Item = u32> {
        let kinds = KeyKind::ALL.into_iter().filter(|kind| kind.is_strong());
        kinds.map(|kind| row.key(kind)).filter(|&key| self.is_usable(key))
    }

    /// The usable keys of the row that join only where they make no conflict.
    pub fn weak(&self, row: &Row) -> impl Iterator<Item = u32> {
        let kinds = KeyKind::ALL.into_iter().filter(|kind| !kind.is_strong());
        kinds.map(|kind| row.key(kind)).filter(|&key| self.is_usable(key))
    }

    /// Why a row without a customer has none.
    pub fn why_nobody(&self, row: &Row) -> Nobody {
        let any = |test: fn(Reason) -> bool| row.present().any(|key| self.reasons[key as usize].is_some_and(test));
        if self.is_staff(row) {
            Nobody::OwnStaff
        } else if any(|reason| reason == Reason::Conflict) {
            Nobody::Conflict
        } else if any(Reason::is_shared) {
            Nobody::Shared
        } else if any(|reason| reason == Reason::WithColleague) {
            Nobody::OwnStaff
        } else {
            Nobody::NoKey
        }
    }

    fn has(&self, key: u32, reason: Reason) -> bool {
        key != NO_KEY && self.reasons[key as usize] == Some(reason)
    }
}

/// Why a row has no customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nobody {
    /// No key at all, or placeholders only.
    NoKey,
    /// Only keys that several people use.
    Shared,
    /// A colleague's row.
    OwnStaff,
    /// Only a phone that different customers of the customer system have.
    Conflict,
}

impl Nobody {
    /// All reasons, in the order of `Match::without`.
    pub const ALL: [Self; 4] = [Self::NoKey, Self::Shared, Self::OwnStaff, Self::Conflict];

    /// As `check` says it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::NoKey => "no key",
            Self::Shared => "shared address",
            Self::OwnStaff => "own staff",
            Self::Conflict => "phone in conflict",
        }
    }
}

/// How many distinct names each key stands with. The first name of a key costs no memory beyond its own
/// number; only keys with a second one are kept as pairs.
fn count_names(keys: usize, rows: &[Row]) -> Vec<u32> {
    let mut first = vec![NO_NAME; keys];
    let mut pairs: Vec<u64> = Vec::new();
    let mut limit = PAIRS;
    for row in rows.iter().filter(|row| row.name != NO_NAME) {
        for key in row.present() {
            let first = &mut first[key as usize];
            if *first == NO_NAME {
                *first = row.name;
            } else if *first != row.name {
                pairs.push(u64::from(key) << 32 | u64::from(row.name));
            }
        }
        if pairs.len() + KINDS > limit {
            pairs.sort_unstable();
            pairs.dedup();
            limit = PAIRS.max(pairs.len() * 2);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut names: Vec<u32> = first.iter().map(|&name| u32::from(name != NO_NAME)).collect();
    pairs.iter().for_each(|pair| names[(pair >> 32) as usize] += 1);
    names
}
