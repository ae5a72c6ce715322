//! Components → customers: dense numbers in an order that depends on content only, and their keys.
//!
//! A customer is called by the smallest of its keys; customers are numbered in the order of those. Neither
//! the order of files nor that of rows comes into it.

use super::NO_CUSTOMER;
use super::keys::{Keys, NO_KEY};
use super::union::Components;
use crate::by_number::ByNumber;
use rayon::prelude::*;

/// Customers and their keys.
#[derive(Debug, Default)]
pub(super) struct Customers {
    /// By key; `NO_CUSTOMER` for keys that are nobody's.
    pub of_key: Vec<u32>,
    /// By customer: the key that it is called by.
    pub display: Vec<u32>,
    /// By customer: its keys.
    keys_of: ByNumber,
}

impl Customers {
    /// Number the components that have rows; `used` says in how many rows each key stands.
    pub fn new(keys: &Keys, components: &Components, used: &[u32]) -> Self {
        let mut has_rows = vec![false; keys.len()];
        for &component in components.of_rows.iter().filter(|&&component| component != NO_KEY) {
            has_rows[component as usize] = true;
        }
        let mut smallest = vec![NO_KEY; keys.len()];
        for (key, &component) in (0..).zip(&components.of) {
            if component == NO_KEY || !has_rows[component as usize] || used[key as usize] == 0 {
                continue;
            }
            let best = &mut smallest[component as usize];
            if *best == NO_KEY || keys.compare(key, *best).is_lt() {
                *best = key;
            }
        }
        let display = sorted(keys, smallest.into_iter().filter(|&key| key != NO_KEY).collect());
        let mut number = vec![NO_CUSTOMER; keys.len()];
        for (customer, &key) in (0..).zip(&display) {
            number[components.of[key as usize] as usize] = customer;
        }
        let of_key: Vec<u32> =
            components.of.iter().map(|&c| number.get(c as usize).copied().unwrap_or(NO_CUSTOMER)).collect();
        Self { keys_of: ByNumber::new(of_key.iter().copied()), of_key, display }
    }

    /// Number the customers anew, in the order of what they are called by now: their new numbers by the old ones.
    pub fn renumber(&mut self, keys: &Keys) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.display.len() as u32).collect();
        order.sort_by(|&a, &b| keys.compare(self.display[a as usize], self.display[b as usize]));
        let mut number = vec![NO_CUSTOMER; order.len()];
        (0..).zip(&order).for_each(|(new, &old)| number[old as usize] = new);
        self.display = order.iter().map(|&old| self.display[old as usize]).collect();
        self.of_key.iter_mut().filter(|customer| **customer != NO_CUSTOMER).for_each(|c| *c = number[*c as usize]);
        self.keys_of = ByNumber::new(self.of_key.iter().copied());
        number
    }

    /// The keys of one customer, in no order.
    pub fn keys(&self, customer: u32) -> &[u32] {
        self.keys_of.of(customer)
    }

    /// The customers that have two or more such keys.
    pub fn with_several(&self, is_such: impl Fn(u32) -> bool) -> Vec<u32> {
        let several = |&customer: &u32| self.keys(customer).iter().filter(|&&key| is_such(key)).nth(1).is_some();
        (0..self.display.len() as u32).filter(several).collect()
    }
}

/// Keys in the order of content.
fn sorted(keys: &Keys, list: Vec<u32>) -> Vec<u32> {
    let mut list: Vec<_> = list.into_par_iter().map(|key| (keys.prefix(key), key)).collect();
    list.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| keys.compare(a.1, b.1)));
    list.into_iter().map(|(_, key)| key).collect()
}
