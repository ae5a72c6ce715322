//! How far the exports' own durations lie from ours, where both are there (metrics.md §0.12).
//!
//! Ours count; a vendor's enters a figure only where there are no instants. A constant difference of whole hours is a
//! time zone, a large one business hours. To compare one more duration: a line in `COMPARED`.

use super::{Better, Cell, Column, Row, Table, Unit};
use crate::columns::NO_TIME;
use crate::facts::Facts;
use crate::stats;
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

/// A quantile, in seconds.
#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
fn at(mut millis: Vec<i64>, quantile: f64) -> Cell {
    millis.sort_unstable();
    let seconds: Vec<f64> = millis.into_iter().map(|millis| millis as f64 / 1_000.0).collect();
    Cell::number(stats::quantile(&seconds, quantile))
}
