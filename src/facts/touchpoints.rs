//! Where in a customer's dealings a contact falls: before, during or after a purchase, or a complaint (metrics.md §1).
//!
//! The export's own word stays; else the settings say what a topic means; else the customer's orders tell. That fills
//! the canonical column `touchpoint`, so that all that knows columns knows it.

use super::Facts;
use super::orders::Activity;
use super::seen::codes;
use crate::columns::{Data, NO_TIME, NO_WORD, Words};
use crate::terms::TOUCHPOINTS;
use crate::zone::DAY;
use std::collections::BTreeMap;

/// For so long after an order a contact is part of the purchase.
const DURING: i64 = 30 * DAY;

impl Facts {
    /// Fill the column `touchpoint` where it is empty; `topics` says which a topic means.
    pub fn fill_touchpoints(&mut self, activity: &Activity, topics: &BTreeMap<String, String>) {
        let own = self.table.words("touchpoint");
        let mut words = own.map_or_else(Words::default, |(_, words)| words.clone());
        let [before, during, after, _] = TOUCHPOINTS.map(|word| words.code(word));
        let mut found: Vec<u32> = own.map_or_else(|| vec![NO_WORD; self.rows()], |(codes, _)| codes.iter().collect());
        let meant = meanings(self.table.words("topic").map(|(_, words)| words), topics, &mut words);
        let topic = codes(&self.table, "topic");
        for (row, found) in found.iter_mut().enumerate().filter(|(_, found)| **found == NO_WORD) {
            *found = meant.get(topic.get(row) as usize).copied().unwrap_or(NO_WORD);
        }
        for customer in 0..self.customers().min(activity.customers()) {
            let mut orders = activity.of(customer).map(|order| order.at).peekable();
            if orders.peek().is_none() {
                continue;
            }
            let mut last = NO_TIME;
            for row in self.of(customer).filter(|&row| self.at.get(row) != NO_TIME) {
                let at = self.at.get(row);
                while let Some(order) = orders.next_if(|order| *order <= at) {
                    last = order;
                }
                if found[row] == NO_WORD {
                    let soon = at.saturating_sub(last) <= DURING;
                    found[row] = if last == NO_TIME {
                        before
                    } else if soon {
                        during
                    } else {
                        after
                    };
                }
            }
        }
        if found.iter().any(|&code| code != NO_WORD) {
            self.table.set("touchpoint", Data::Word { codes: found.into_iter().collect(), words });
        }
    }
}

/// What each topic means, by its code; however it is written.
fn meanings(known: Option<&Words>, topics: &BTreeMap<String, String>, words: &mut Words) -> Vec<u32> {
    if topics.is_empty() {
        return Vec::new();
    }
    let meant = |topic: &str| topics.iter().find(|(name, _)| name.to_lowercase() == topic.to_lowercase());
    let codes = known.into_iter().flat_map(Words::iter);
    codes.map(|topic| meant(topic).map_or(NO_WORD, |(_, touchpoint)| words.code(touchpoint))).collect()
}
