//! Where in a customer's dealings a contact falls: before, during or after a purchase, or a complaint (metrics.md §1).
//!
//! The export's own word stays; else the settings say what a topic means; else the customer's orders tell. That fills
//! the canonical column `touchpoint`, so that all that knows columns knows it.

use super::Facts;
use super::orders::Activity;
use super::seen::codes;
use crate::columns::{Data, NO_TIME, NO_WORD, Words};
use crate::zone::DAY;
use std::collections::BTreeMap;

/// For so long after an order a contact is part of the purchase.
const DURING: i64 = 30 * DAY;

/// The column, filled where the export leaves it empty; `topics` says which touchpoint a topic means. `None` where nothing
/// tells of any.
pub(super) fn column(facts: &Facts, activity: &Activity, topics: &BTreeMap<String, String>) -> Option<Data> {
    let own = facts.table.words("touchpoint");
    let mut words = own.map_or_else(Words::default, |(_, words)| words.clone());
    let mut found: Vec<u32> = own.map_or_else(|| vec![NO_WORD; facts.rows()], |(codes, _)| codes.iter().collect());
    let meant = meanings(facts.table.words("topic").map(|(_, words)| words), topics, &mut words);
    let topic = codes(&facts.table, "topic");
    for (row, found) in found.iter_mut().enumerate().filter(|(_, found)| **found == NO_WORD) {
        *found = meant.get(topic.get(row) as usize).copied().unwrap_or(NO_WORD);
    }
    by_orders(facts, activity, ["before", "during", "after"].map(|word| words.code(word)), &mut found);
    let any = found.iter().any(|&code| code != NO_WORD);
    any.then(|| Data::Word { codes: found.into_iter().collect(), words: words.into() })
}

/// Where rows lie among their customers' orders, for those of which nothing else tells.
fn by_orders(facts: &Facts, activity: &Activity, [before, during, after]: [u32; 3], found: &mut [u32]) {
    // Of each customer who ever ordered, the last order so far.
    let mut last = vec![None; facts.customers() as usize];
    let mut orders = activity.purchases.iter().filter(|order| order.customer < facts.customers()).peekable();
    orders.clone().for_each(|order| last[order.customer as usize] = Some(NO_TIME));
    for (row, at) in facts.at.iter().enumerate().take_while(|(_, at)| *at != NO_TIME) {
        while let Some(order) = orders.next_if(|order| order.at <= at) {
            last[order.customer as usize] = Some(order.at);
        }
        let Some(&Some(last)) = last.get(facts.customer[row] as usize) else { continue };
        if found[row] == NO_WORD {
            found[row] = match at.saturating_sub(last) {
                _ if last == NO_TIME => before,
                ..=DURING => during,
                _ => after,
            };
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
