//! How far the exports' own durations lie from ours, where both are there (metrics.md §0.12).
//!
//! Ours count; a vendor's enters a figure only where there are no instants. A constant difference of whole hours is a
//! time zone, a large one business hours. To compare one more duration: a line in `COMPARED`.

use super::{Better, Cell, Column, Row, Table, Unit};
use crate::columns::NO_TIME;
use crate::facts::Facts;
use std::collections::BTreeMap;

/// Our instant, the vendor's duration, and what they are called.
const COMPARED: [(&str, &str, &str); 2] =
    [("first_response_at", "vendor_first_response", "first reply"), ("resolved_at", "vendor_resolution", "resolution")];

/// A line a source and duration: the median of vendor minus ours, and within what 9 in 10 of them lie.
pub fn compared(facts: &Facts) -> Table {
    let figure = |id: &str, label: &str, unit| Column::figure(id, label, unit, Better::Neither);
    let columns = vec![
        Column::name("source", "Source"),
        Column::name("what", "Duration"),
        figure("rows", "rows with both", Unit::Count),
        figure("median", "vendor's minus ours, half below", Unit::Seconds),
        figure("p90", "apart, 9 in 10 within", Unit::Seconds),
    ];
    let mut rows = Vec::new();
    for (instant, duration, what) in COMPARED {
        for (source, differences) in differences(facts, instant, duration) {
            let apart = differences.iter().map(|d| d.abs()).collect();
            let count = Cell::count(differences.len() as u64);
            let cells = vec![Cell::text(source), Cell::text(what), count, at(differences, 0.5), at(apart, 0.9)];
            rows.push(Row { cells, series: Vec::new() });
        }
    }
    let title = "The exports' own durations beside ours, where both are there".into();
    Table { id: "vendor".into(), title, columns, rows, ..Table::default() }
}

/// By source: the vendor's duration minus ours, in milliseconds.
fn differences(facts: &Facts, instant: &str, duration: &str) -> BTreeMap<String, Vec<i64>> {
    let mut out: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let (Some(instants), Some(durations)) = (facts.table.times(instant), facts.table.times(duration)) else {
        return out;
    };
    for row in 0..facts.rows() {
        let (at, ended, took) = (facts.at.get(row), instants.get(row), durations.get(row));
        if at != NO_TIME && ended != NO_TIME && took != NO_TIME && !facts.by_day[row] {
            out.entry(facts.table.word("source", row).to_owned()).or_default().push(took - (ended - at));
        }
    }
    out
}

/// A quantile by linear interpolation (type 7), in seconds.
#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position in a list")]
fn at(mut millis: Vec<i64>, quantile: f64) -> Cell {
    millis.sort_unstable();
    let place = quantile * (millis.len().max(1) - 1) as f64;
    let value = |at: usize| millis.get(at).or(millis.last()).map(|&ms| ms as f64 / 1_000.0);
    let (low, high) = (value(place.floor() as usize), value(place.ceil() as usize));
    Cell::number(low.zip(high).map(|(low, high)| low + (high - low) * place.fract()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        let tenths: Vec<i64> = (1..=10).map(|n| n * 1_000).collect();
        assert_eq!(at(tenths, 0.9), Cell::number(Some(9.1)), "p90 of 1..10");
        assert_eq!(at(Vec::new(), 0.5), Cell::default());
    }
}
