//! Who belongs together: union-find over key numbers, strong keys first, then phones.
//!
//! No text and no settings here. A phone joins strong components unless they would come to hold two of
//! the customer system's customers; then no phone of that whole group joins anything, whichever row was
//! read first. What the groups are called is `mod.rs`.

use super::alias::Alias;
use super::keys::{KeyKind, Keys, NO_KEY};
use super::quarantine::Verdicts;
use super::rows::Row;
use super::rules::Reason;
use rustc_hash::FxHashMap;

/// Disjoint sets of keys.
#[derive(Clone)]
struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    fn new(keys: usize) -> Self {
        Self { parent: (0..keys as u32).collect() }
    }

    fn find(&mut self, mut key: u32) -> u32 {
        while self.parent[key as usize] != key {
            let above = self.parent[self.parent[key as usize] as usize];
            self.parent[key as usize] = above;
            key = above;
        }
        key
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        // Halved paths stay short whichever goes below the other.
        self.parent[a.max(b) as usize] = a.min(b);
    }
}

/// Phones that would make one customer of several customers of the customer system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Key numbers; see `Identity::key`.
    pub phones: Vec<u32>,
    /// The CRM ids that would have become one.
    pub crm_ids: Vec<u32>,
    /// How many joins of a phone and a customer were dropped.
    pub edges: usize,
}

/// What joining came to.
pub(super) struct Components {
    /// For each key the number of some key of its component; `NO_KEY` for unusable ones.
    pub of: Vec<u32>,
    /// By row: the component that it is of.
    pub of_rows: Vec<u32>,
    pub conflicts: Vec<Conflict>,
}

impl Components {
    /// Join all usable keys. Phones in conflict become unusable.
    pub fn new(keys: &Keys, rows: &[Row], aliases: &[Alias], verdicts: &mut Verdicts) -> Self {
        let (mut strong, owners) = join_strong(keys.len(), rows, aliases, verdicts);
        let mut weak = join_weak(&strong, rows, &owners, verdicts);
        let in_conflict = find_conflicts(keys, &mut strong, &mut weak, verdicts);
        let edges = weak_edges(rows, &owners, verdicts);
        let conflicts = describe(keys, edges, verdicts, &mut strong, &mut weak, &in_conflict);
        let owned = have_owner(keys, &mut strong);
        let mut of = vec![NO_KEY; keys.len()];
        for key in 0..keys.len() as u32 {
            if !verdicts.is_usable(key) {
                continue;
            }
            let group = weak.find(key);
            if !in_conflict[group as usize] {
                of[key as usize] = group;
            } else if owned[strong.find(key) as usize] {
                of[key as usize] = strong.find(key);
            } else {
                verdicts.reasons[key as usize] = Some(Reason::Conflict);
            }
        }
        // A phone counts only where a row has nothing better.
        let phone = |row: &Row| verdicts.weak(row).next().filter(|_| !verdicts.is_staff(row));
        let key = |row, owner| if owner == NO_KEY { phone(row) } else { Some(owner) };
        let of_row = |(owner, row)| key(row, owner).map_or(NO_KEY, |key| of[key as usize]);
        let of_rows = owners.into_iter().zip(rows).map(of_row).collect();
        Self { of, of_rows, conflicts }
    }
}

/// The sets, and for each row the first of its strong keys.
fn join_strong(keys: usize, rows: &[Row], aliases: &[Alias], verdicts: &Verdicts) -> (Sets, Vec<u32>) {
    let mut sets = Sets::new(keys);
    let mut owner = |row: &Row| {
        let mut strong = verdicts.strong(row);
        let first = strong.next().filter(|_| !verdicts.is_staff(row))?;
        strong.for_each(|key| sets.join(first, key));
        Some(first)
    };
    let owners = rows.iter().map(|row| owner(row).unwrap_or(NO_KEY)).collect();
    // Somebody has written these down: they hold for phones too.
    for alias in aliases.iter().filter(|alias| verdicts.is_usable(alias.keys.0) && verdicts.is_usable(alias.keys.1)) {
        sets.join(alias.keys.0, alias.keys.1);
    }
    (sets, owners)
}

fn join_weak(strong: &Sets, rows: &[Row], owners: &[u32], verdicts: &Verdicts) -> Sets {
    let mut sets = strong.clone();
    weak_edges(rows, owners, verdicts).for_each(|(phone, owner)| sets.join(owner, phone));
    sets
}

/// Each row's phone with one of its strong keys.
fn weak_edges<'a>(rows: &'a [Row], owners: &'a [u32], verdicts: &'a Verdicts) -> impl Iterator<Item = (u32, u32)> + 'a {
    let owned = rows.iter().zip(owners).filter(|(_, owner)| **owner != NO_KEY);
    owned.flat_map(|(row, &owner)| verdicts.weak(row).map(move |phone| (phone, owner)))
}

/// By weak set: whether phones would join strong sets of the customer system in it. Two CRM ids that an
/// address or an alias has joined already are one customer, and no conflict.
fn find_conflicts(keys: &Keys, strong: &mut Sets, weak: &mut Sets, verdicts: &Verdicts) -> Vec<bool> {
    let mut holder = vec![NO_KEY; keys.len()];
    let mut in_conflict = vec![false; keys.len()];
    for key in usable_crm_ids(keys, verdicts) {
        let group = weak.find(key) as usize;
        let set = strong.find(key);
        in_conflict[group] |= holder[group] != NO_KEY && holder[group] != set;
        holder[group] = set;
    }
    in_conflict
}

/// By strong set: whether it is more than phones. The alias file can give a phone in conflict its owner.
fn have_owner(keys: &Keys, strong: &mut Sets) -> Vec<bool> {
    let mut owned = vec![false; keys.len()];
    for key in (0..keys.len() as u32).filter(|&key| keys.kind(key).is_strong()) {
        owned[strong.find(key) as usize] = true;
    }
    owned
}

fn usable_crm_ids(keys: &Keys, verdicts: &Verdicts) -> impl Iterator<Item = u32> {
    (0..keys.len() as u32).filter(|&key| keys.kind(key) == KeyKind::Crm && verdicts.is_usable(key))
}

/// What `check` shows of the conflicts, in the order of their CRM ids.
fn describe(
    keys: &Keys,
    weak_edges: impl Iterator<Item = (u32, u32)>,
    verdicts: &Verdicts,
    strong: &mut Sets,
    weak: &mut Sets,
    in_conflict: &[bool],
) -> Vec<Conflict> {
    if !in_conflict.contains(&true) {
        return Vec::new();
    }
    let mut edges = Vec::new();
    for (phone, owner) in weak_edges {
        if !in_conflict[weak.find(phone) as usize] {
            continue;
        }
        // An alias may have given the phone to this very customer: nothing was dropped there.
        let owner = strong.find(owner);
        if strong.find(phone) != owner {
            edges.push((phone, owner));
        }
    }
    edges.sort_unstable();
    edges.dedup();

    let mut groups: FxHashMap<u32, Conflict> = FxHashMap::default();
    let empty = || Conflict { phones: Vec::new(), crm_ids: Vec::new(), edges: 0 };
    for (phone, _) in edges {
        let conflict = groups.entry(weak.find(phone)).or_insert_with(empty);
        conflict.edges += 1;
        if conflict.phones.last() != Some(&phone) {
            conflict.phones.push(phone);
        }
    }
    for key in usable_crm_ids(keys, verdicts) {
        if let Some(conflict) = groups.get_mut(&weak.find(key)) {
            conflict.crm_ids.push(key);
        }
    }
    let mut conflicts: Vec<_> = groups.into_values().collect();
    for conflict in &mut conflicts {
        conflict.phones.sort_unstable_by(|&a, &b| keys.compare(a, b));
        conflict.crm_ids.sort_unstable_by(|&a, &b| keys.compare(a, b));
    }
    conflicts.sort_by(|a, b| keys.compare(a.crm_ids[0], b.crm_ids[0]));
    conflicts
}
