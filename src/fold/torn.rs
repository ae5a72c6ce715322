//! Threads that were folded while their file was read, and of which a message stands elsewhere: found by their times.
//!
//! A message belongs to a thread of the same people if no pause lies between. What is here looks at whole threads as at
//! messages that last; how messages are told apart is known in `cases.rs`, and numbers are compared in `input`.

use super::cases::CORRESPONDENT;
use crate::columns::{Codes, NO_TIME, Times, Words};
use crate::input::profile::FoldRule;
use crate::input::{Numbers, Part};
use crate::settings::Span;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// A message, or a thread of several.
struct Lasting {
    /// Who wrote with whom, by a hash: others that happen to have the same one cost a second reading.
    key: u64,
    from: i64,
    to: i64,
    /// Which part it is of, and where it stands there.
    part: u32,
    row: u32,
}

/// The threads that others are too close to, by their inputs and numbers.
pub fn torn(parts: &[Part], pause: Span) -> Vec<(usize, u64)> {
    let rule = |part: &Part| part.source.profile.fold;
    if !parts.iter().any(|part| part.joined > 0 && rule(part) != FoldRule::Events) {
        return Vec::new();
    }
    let messages = (0..).zip(parts).filter(|(_, part)| matches!(rule(part), FoldRule::Thread | FoldRule::Chat));
    let mut all: Vec<Lasting> = messages.flat_map(|(nth, part)| lasting(nth, part)).collect();
    all.sort_unstable_by_key(|own| (own.key, own.from, own.to));
    let (mut torn, mut start, mut end) = (Vec::new(), 0, i64::MIN);
    for at in 0..=all.len() {
        let goes_on = at > start
            && all.get(at).is_some_and(|own| own.key == all[start].key && own.from.saturating_sub(end) <= pause.0);
        if !goes_on {
            torn.extend(all[start..at].iter().filter(|_| at - start > 1).filter_map(|own| number(parts, own)));
            (start, end) = (at, i64::MIN);
        }
        end = end.max(all.get(at).map_or(end, |own| own.to));
    }
    torn
}

/// The input and number of a thread; none of a single message.
fn number(parts: &[Part], own: &Lasting) -> Option<(usize, u64)> {
    let (part, row) = (&parts[own.part as usize], own.row as usize);
    let number = || Numbers::hash(&part.source.instance, part.table.text("interaction_id", row));
    (row < part.joined).then(|| (part.input, number()))
}

/// The messages and threads of a file that others may belong to.
fn lasting<'p>(nth: u32, part: &'p Part) -> impl Iterator<Item = Lasting> + 'p {
    let table = part.table;
    let columns = CORRESPONDENT.map(|name| table.words(name));
    let [sources, files, channels] = ["source", "file", "channel"].map(|name| table.words(name));
    let key = move |row: usize| {
        if part.source.profile.fold == FoldRule::Chat {
            return Some(FxBuildHasher.hash_one((word(sources, row), word(files, row))));
        }
        let customer = columns.iter().enumerate().find_map(|(which, words)| Some((which, word(*words, row)?)))?;
        Some(FxBuildHasher.hash_one((word(sources, row), word(channels, row), customer)))
    };
    let (starts, ends) = (table.times("started_at"), table.times("updated_at"));
    let time = |times: Option<&Times>, row: usize| times.map(|times| times.get(row)).filter(|&at| at != NO_TIME);
    (0..table.rows()).filter_map(move |row| {
        let from = time(starts, row)?;
        let to = time(ends, row).filter(|_| row < part.joined).unwrap_or(from);
        Some(Lasting { key: key(row)?, from, to, part: nth, row: row as u32 })
    })
}

/// The word of a row, if it has one.
fn word<'w>(column: Option<(&'w Codes, &'w Words)>, row: usize) -> Option<&'w str> {
    column.and_then(|(codes, words)| words.text(codes.get(row)))
}
