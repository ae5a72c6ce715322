//! How many still wait after so long: the curves behind `frt_km` and `ttr_km`, this period and the one before.
//!
//! Kaplan-Meier with Greenwood's intervals, and the log-rank test in words. Who is watched is `metrics/curves.rs`.

use super::readings::Asked;
use super::sections::Made;
use super::{Better, Cell, Column, Layout, Row, Table, Unit};
use crate::desk::Desk;
use crate::measure;
use crate::metrics;
use crate::stats::logrank::logrank;
use crate::stats::survival::{Curve, Subject};
use crate::timeline::Window;

/// Seconds after which the share is shown, and what they are called.
const AFTER: [(u32, &str, &str); 6] = [
    (3_600, "hour_1", "1 h"),
    (4 * 3_600, "hour_4", "4 h"),
    (8 * 3_600, "hour_8", "8 h"),
    (86_400, "day_1", "1 day"),
    (3 * 86_400, "day_3", "3 days"),
    (7 * 86_400, "day_7", "7 days"),
];

pub fn first_reply(desk: &Desk, asked: &Asked) -> Made {
    table(desk, asked, "frt_km", "Still without a first reply after", "Waiting for the first reply")
}

pub fn resolution(desk: &Desk, asked: &Asked) -> Made {
    table(desk, asked, "ttr_km", "Still unresolved after", "Time to resolution")
}

/// A line a period: how many were watched, and the share that still waited after each time, with its interval.
fn table(desk: &Desk, asked: &Asked, id: &str, title: &str, what: &str) -> Made {
    let now = watched(desk, id, &asked.window(desk));
    let before = asked.window_before(desk).map(|window| watched(desk, id, &window));
    if now.is_empty() {
        return Made::default();
    }
    let mut columns = vec![Column::name("period", "")];
    columns.push(Column::figure("n", "contacts", Unit::Count, Better::Neither));
    columns.extend(AFTER.map(|(_, id, label)| Column::figure(id, label, Unit::Share, Better::Down)));
    let mut rows = vec![row(asked.heading(), &now)];
    rows.extend(before.as_ref().map(|before| row("before", before)));
    let says = before.iter().flat_map(|before| difference(what, &now, before)).collect();
    let (id, title) = (format!("{id}_curve"), title.to_owned());
    Made { table: Table { id, title, layout: Layout::Steps, columns, rows, ..Table::default() }, says }
}

/// Everybody who is watched in a window.
fn watched(desk: &Desk, id: &str, window: &Window) -> Vec<Subject> {
    let subjects = |metric| measure::subjects(desk, metric, &[], window).into_values().flatten().collect();
    metrics::find(id).map_or_else(Vec::new, subjects)
}

fn row(name: &str, subjects: &[Subject]) -> Row {
    let curve = Curve::new(subjects);
    let share = |(seconds, ..): (u32, &str, &str)| {
        let seconds = f64::from(seconds);
        let (low, high) = curve.interval_at(seconds).unzip();
        Cell { low, high, ..Cell::number(curve.seen_at(seconds)) }
    };
    let mut cells = vec![Cell::text(name), Cell::count(subjects.len() as u64)];
    cells.extend(AFTER.map(share));
    Row { cells, series: Vec::new() }
}

/// Whether the two periods differ, in one sentence.
fn difference(what: &str, now: &[Subject], before: &[Subject]) -> Option<String> {
    let test = logrank(&[now, before])?;
    let chance = if test.p < 0.05 {
        "differs from the period before, beyond chance"
    } else {
        "differs from the period before by no more than could be chance"
    };
    Some(format!("{what} {chance} (log-rank test, those still waiting included)."))
}
