//! Which targets apply to a contact: the most special of the settings (metrics.md §2, §4).

use super::Facts;
use super::seen::codes;
use crate::columns::{NO_WORD, Table, Words};
use crate::settings::{Counted, Target, Targets};
use crate::terms::Mode;
use std::cmp::Reverse;

/// Fill in each row's targets, and the export's own verdict.
pub(super) fn fill(facts: &mut Facts, table: &Table, targets: &Targets) {
    each(facts, table, &targets.response, |facts, row, rule| {
        facts.target.set(row, rule.within);
        facts.target_in_hours.set(row, rule.in_hours);
    });
    each(facts, table, &targets.resolution, |facts, row, rule| {
        facts.resolution_target.set(row, rule.within);
        facts.resolution_target_in_hours.set(row, rule.in_hours);
    });
    // Whether ours or the export's verdict counts is decided where it is known what can be computed.
    if let Some(flags) = table.flags("vendor_response_sla") {
        facts.vendor_sla = flags.to_vec();
    }
}

/// Tell each row the most special target that fits it.
fn each(facts: &mut Facts, table: &Table, targets: &[Target], tell: fn(&mut Facts, usize, &Rule)) {
    if targets.is_empty() {
        return;
    }
    let none = Words::default();
    let words = |name| table.words(name).map_or(&none, |(_, words)| words);
    let mut rules: Vec<Rule> = targets.iter().map(|t| Rule::new(t, words("channel"), words("priority"))).collect();
    // The most special ones first; of two that are as special, the later.
    rules.reverse();
    rules.sort_by_key(|rule| Reverse(rule.weight));
    let (channel, priority) = (codes(table, "channel"), codes(table, "priority"));
    for row in 0..facts.rows() {
        let (channel, priority, mode) = (channel.get(row), priority.get(row), facts.mode[row]);
        if let Some(rule) = rules.iter().find(|rule| rule.fits(channel, priority, mode)) {
            tell(facts, row, rule);
        }
    }
}

/// A target with its words as codes.
struct Rule {
    channel: Option<u32>,
    priority: Option<u32>,
    within: i64,
    in_hours: bool,
    /// Channel counts more than priority.
    weight: u8,
}

impl Rule {
    fn new(target: &Target, channels: &Words, priorities: &Words) -> Self {
        // A word that no row has fits no row: its code is none's.
        let code = |word: &Option<String>, words: &Words| word.as_ref().map(|w| words.find(w).unwrap_or(NO_WORD));
        Self {
            channel: code(&target.channel, channels),
            priority: code(&target.priority, priorities),
            within: target.within.0,
            in_hours: target.clock == Counted::Business,
            weight: u8::from(target.channel.is_some()) * 2 + u8::from(target.priority.is_some()),
        }
    }

    fn fits(&self, channel: u32, priority: u32, mode: Mode) -> bool {
        let is = |wanted: Option<u32>, code| wanted.is_none_or(|w| w != NO_WORD && w == code);
        is(self.channel, channel) && is(self.priority, priority) && (self.channel.is_some() || mode == Mode::Written)
    }
}
