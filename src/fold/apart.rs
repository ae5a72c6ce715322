//! Rows of one number that begin at different times, which no record does: two accounts have the number, or one of the
//! exports is read in a wrong time zone. Both are told of; which rows count does not depend on it.

use crate::columns::{NO_TIME, NO_WORD, Table};
use crate::interaction::{TableKind, day_bit};
use crate::notice::{Notice, count, thousands};
use crate::settings::Span;
use crate::zone::DAY;
use std::collections::BTreeMap;

/// Clocks around the world are no further apart, in milliseconds; what is, is something else.
const CLOCKS: i64 = DAY + 2 * 3_600_000;
/// Zones are whole quarters of an hour apart.
const QUARTER: i64 = 900_000;
/// Some exports have no seconds.
const MINUTE: i64 = 60_000;
/// One or two may be damaged dates.
const FEW: u64 = 3;

/// The cure where numbers are not of one record.
const TWO_ACCOUNTS: &str = "two accounts need a `source` each, under [[source]] in deskstat.toml; if it is one, its numbers may be of something else";

/// What was met in each source, by its code.
#[derive(Default)]
pub struct Apart(BTreeMap<u32, Met>);

#[derive(Default)]
struct Met {
    /// Numbers of several records.
    strangers: Seen,
    /// By quarters of an hour between the starts.
    shifted: BTreeMap<i64, Seen>,
}

/// How many, and the files of the first: that of the earlier start in front.
#[derive(Default)]
struct Seen {
    count: u64,
    files: [String; 2],
}

impl Apart {
    /// Take note of a row and others of its number.
    pub fn note(&mut self, table: &Table, row: u32, others: &[u32]) {
        let Some((between, rows)) = others.iter().find_map(|&other| between(table, row, other)) else { return };
        let quarters = (between + QUARTER / 2) / QUARTER;
        let is_zone = between <= CLOCKS && between.abs_diff(quarters * QUARTER) <= MINUTE as u64;
        let source = table.words("source").map_or(NO_WORD, |(codes, _)| codes.get(row as usize));
        let met = self.0.entry(source).or_default();
        let seen = if is_zone { met.shifted.entry(quarters).or_default() } else { &mut met.strangers };
        if seen.count == 0 {
            seen.files = rows.map(|row| table.word("file", row as usize).to_owned());
        }
        seen.count += 1;
    }

    /// What the reader should know of it.
    pub fn notices(self, table: &Table) -> Vec<Notice> {
        let source = |code: u32| table.words("source").and_then(|(_, words)| words.text(code)).unwrap_or_default();
        let notices = self.0.into_iter().flat_map(|(code, met)| {
            let commonest = met.shifted.into_iter().max_by_key(|(quarters, seen)| (seen.count, -quarters));
            let zone = commonest.filter(|(_, seen)| seen.count >= FEW && seen.count > met.strangers.count);
            [met.strangers.strange(source(code)), zone.map(|(quarters, seen)| seen.zone(quarters))]
        });
        notices.flatten().collect()
    }
}

/// How much later the one record begins than the other, and their rows in that order. Layouts may differ by what passed
/// before a call was in the queue: that is nothing.
fn between(table: &Table, row: u32, other: u32) -> Option<(i64, [u32; 2])> {
    let (start, other_start) = (start(table, row)?, start(table, other)?);
    let rows = if start <= other_start { [row, other] } else { [other, row] };
    let between = start.max(other_start).saturating_sub(start.min(other_start));
    (between > QUARTER - MINUTE).then_some((between, rows))
}

/// When a row's record began, where that cannot change and is known to the minute.
fn start(table: &Table, row: u32) -> Option<i64> {
    let name = table.kind.start().filter(|_| matches!(table.kind, TableKind::Interactions | TableKind::Orders))?;
    let by_day = table.counts("by_day").is_some_and(|days| {
        let days = days.get(row as usize);
        days > 0 && days & day_bit(table.kind, name) != 0
    });
    table.times(name).map(|times| times.get(row as usize)).filter(|&at| at != NO_TIME && !by_day)
}

impl Seen {
    fn strange(self, source: &str) -> Option<Notice> {
        let Self { count: n, files: [one, other] } = self;
        let place = if one == other { format!("`{one}`") } else { format!("`{one}` and `{other}`") };
        let numbers = count(usize::try_from(n).unwrap_or(usize::MAX), "number");
        let (stand, them) = if n == 1 { ("stands", "it") } else { ("stand", "each") };
        let text = format!(
            "{numbers} of `{source}` {stand} for several records, which begin at different times, as in {place}: of {them} one counts"
        );
        (n > 0).then(|| Notice::warning(text).hint(TWO_ACCOUNTS))
    }

    fn zone(self, quarters: i64) -> Notice {
        let Self { count, files: [earlier, later] } = self;
        let (count, later_by) = (thousands(count), Span(quarters * QUARTER));
        let text = format!(
            "{count} records begin {later_by} later in `{later}` than in `{earlier}`: one of the two is read in a wrong time zone"
        );
        Notice::warning(text).hint("say it in deskstat.toml: time_zone under [[source]]")
    }
}
