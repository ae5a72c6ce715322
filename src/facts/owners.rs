//! Which interaction each event is about.
//!
//! Many events are about one interaction: its number is looked up once.

use super::numbered::{Numbered, numbers};
use super::seen::{Coded, codes};
use crate::columns::{Codes, NO_WORD, Table, Text, Words};
use crate::terms::meaning;
use rustc_hash::FxHashMap;

/// The interactions that events are about: by number and source where that is known, else by number alone.
pub struct Owners<'t> {
    numbers: Option<(&'t Codes, &'t Words)>,
    source: Coded<'t>,
    /// For each source's code among the events, its code among the interactions.
    sources: Vec<u32>,
    /// Where there are events of no known source.
    by_number: Option<Numbered<'t>>,
    by_source: FxHashMap<(u32, Text<'t>), u32>,
    /// What each number was of when it was last asked, and in which source.
    known: Vec<Option<(u32, Option<u32>)>>,
}

impl<'t> Owners<'t> {
    pub fn new(interactions: &'t Table, events: &'t Table) -> Self {
        let source = codes(interactions, "source");
        let by_source = numbers(interactions).map(|(row, number)| ((source.get(row as usize), number), row)).collect();
        let known = interactions.words("source").map(|(_, words)| words);
        let code = |name: &str| known.and_then(|known| known.find(name)).unwrap_or(NO_WORD);
        let own = events.words("source");
        let sources: Vec<u32> = own.map_or_else(Vec::new, |(_, words)| words.iter().map(code).collect());
        let nameless =
            own.is_none_or(|(codes, _)| codes.iter().any(|code| meaning(&sources, code, NO_WORD) == NO_WORD));
        let by_number = nameless.then(|| Numbered::new(interactions));
        let numbers = events.words("interaction_id");
        let known = vec![None; numbers.map_or(0, |(_, words)| words.len())];
        Self { numbers, source: codes(events, "source"), sources, by_number, by_source, known }
    }

    /// The interaction of an event, if it is clear which it is.
    pub fn of(&mut self, event: usize) -> Option<u32> {
        let (codes, words) = self.numbers?;
        let number = codes.get(event);
        let source = meaning(&self.sources, self.source.get(event), NO_WORD);
        let known = self.known.get_mut(number as usize)?;
        if let Some((_, row)) = known.filter(|(asked, _)| *asked == source) {
            return row;
        }
        let text = Text::new(words.text(number)?);
        let row = match &self.by_number {
            Some(by_number) if source == NO_WORD => by_number.of(text),
            _ => self.by_source.get(&(source, text)).copied(),
        };
        *known = Some((source, row));
        row
    }
}
