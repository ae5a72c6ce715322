//! Which schedule of opening hours each row goes by (metrics.md §9): the most special of the settings.
//!
//! Words are compared once for each combination of channel, team and priority, never for a row.

use super::seen::codes;
use crate::calendar::Calendars;
use crate::columns::Table;
use crate::settings::hours::CONDITIONS;
use rustc_hash::FxHashMap;

/// The number of each row's schedule, or `NO_SCHEDULE`.
pub(super) fn of_rows(table: &Table, calendars: &Calendars) -> Vec<u8> {
    let columns = CONDITIONS.map(|name| codes(table, name));
    let words = CONDITIONS.map(|name| table.words(name).map(|(_, words)| words));
    let mut known: FxHashMap<[u32; 3], u8> = FxHashMap::default();
    let number = |codes: [u32; 3]| {
        let word = |at: usize| words[at].and_then(|words| words.text(codes[at])).unwrap_or_default();
        calendars.schedule_of([word(0), word(1), word(2)])
    };
    let row_codes = |row: usize| columns.map(|codes| codes.get(row));
    (0..table.rows()).map(row_codes).map(|codes| *known.entry(codes).or_insert_with(|| number(codes))).collect()
}
