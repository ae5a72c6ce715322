//! The as-of instant, and dates so far beyond the rest that they must be mistyped (metrics.md §0.6).
//!
//! Runs between folding and identity: a row with an isolated start becomes a reject here, another
//! isolated instant becomes missing and is a reject of its cell. Due dates and contracts' ends are no events.

use crate::columns::{NO_TIME, Table, Times};
use crate::input::{Inputs, SourceFile};
use crate::interaction::TableKind;
use crate::notice::Reject;
use crate::zone::DAY;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Instants of things that happened.
const EVENTS: &[&str] = &[
    "started_at",
    "queued_at",
    "answered_at",
    "first_response_at",
    "resolved_at",
    "first_resolved_at",
    "closed_at",
    "updated_at",
    "csat_at",
    "ended_at",
    "sent_at",
    "ordered_at",
    "at",
];
/// Days of silence before an isolated date.
const APART: i64 = 30;
/// In a file of a few rows, a few late ones are no slip: only one row in this many may be.
const MINORITY: usize = 10;

/// Reject isolated dates; the latest observed event of what remains, or `given`. `None`: nothing has a date.
pub fn settle(inputs: &mut Inputs, given: Option<i64>) -> Option<i64> {
    let has_contacts = inputs.tables[TableKind::Interactions as usize].rows() > 0;
    let told = |kind: TableKind| match kind {
        TableKind::Interactions | TableKind::Surveys | TableKind::Events => true,
        // Orders tell the time only where there is nothing else.
        TableKind::Orders => !has_contacts,
        TableKind::Customers => false,
    };
    let told_by = &[TableKind::Interactions, TableKind::Surveys, TableKind::Events][..];
    for kinds in [told_by, &[TableKind::Orders]] {
        // Orders are late only beyond all that customers did.
        let of_orders = kinds[0] == TableKind::Orders;
        let silence = if of_orders { latest_contact(inputs).map(|at| at + APART * DAY) } else { None };
        if let Some(limit) = limit_of(inputs, kinds).map(|limit| silence.map_or(limit, |end| limit.max(end))) {
            kinds.iter().for_each(|&kind| reject_beyond(inputs, kind, limit));
        }
    }
    let latest = TableKind::ALL
        .into_iter()
        .filter(|&kind| told(kind))
        .filter_map(|kind| latest(&inputs.tables[kind as usize]))
        .max();
    given.or(latest)
}

/// The interactions that have started by as-of, where not all have.
pub fn seen(table: &Table, as_of: i64) -> Option<Vec<u32>> {
    let starts = table.times("started_at")?;
    let rows: Vec<u32> = (0..).zip(starts.iter()).filter(|(_, at)| *at <= as_of).map(|(row, _)| row).collect();
    (rows.len() < table.rows()).then_some(rows)
}

/// The columns of a table that hold events.
fn events(table: &Table) -> Vec<(&'static str, &Times)> {
    EVENTS.iter().filter_map(|&name| Some((name, table.times(name)?))).collect()
}

fn latest(table: &Table) -> Option<i64> {
    events(table).into_par_iter().filter_map(|(_, values)| values.iter().max()).max().filter(|&at| at != NO_TIME)
}

/// The latest event of interactions, surveys and histories.
fn latest_contact(inputs: &Inputs) -> Option<i64> {
    let table = |kind: TableKind| &inputs.tables[kind as usize];
    let all = [TableKind::Interactions, TableKind::Surveys, TableKind::Events];
    all.into_iter().filter_map(|kind| latest(table(kind))).max()
}

/// The instant beyond which dates are isolated: fewer than max(3, 0.1 %) rows, over 30 days past the rest.
fn limit_of(inputs: &Inputs, kinds: &[TableKind]) -> Option<i64> {
    let tables = || kinds.iter().map(|&kind| &inputs.tables[kind as usize]);
    let (rows, days) = (tables().map(Table::rows).sum::<usize>(), tables().map(days).fold(BTreeMap::new(), both));
    let few = 3.max(rows.div_ceil(1_000));
    let mut beyond = 0;
    let mut limit = None;
    let mut later: Option<i64> = None;
    for (&day, &n) in days.iter().rev() {
        if later.is_some_and(|later| later - day > APART) && beyond < few && beyond * MINORITY <= rows {
            limit = Some((day + 1) * DAY);
        }
        beyond += n;
        later = Some(day);
    }
    limit
}

/// How many rows there are of each day. A row counts once, by its latest event.
fn days(table: &Table) -> BTreeMap<i64, usize> {
    const TOGETHER: usize = 1 << 16;
    let columns = events(table);
    let of_some = |from: usize| {
        let mut days: FxHashMap<i64, usize> = FxHashMap::default();
        for row in from..table.rows().min(from + TOGETHER) {
            let latest = columns.iter().map(|(_, values)| values.get(row)).max();
            if let Some(at) = latest.filter(|&at| at != NO_TIME) {
                *days.entry(at.div_euclid(DAY)).or_default() += 1;
            }
        }
        days.into_iter().collect()
    };
    (0..table.rows()).into_par_iter().step_by(TOGETHER).map(of_some).reduce(BTreeMap::new, both)
}

/// What two counts come to together.
fn both(mut one: BTreeMap<i64, usize>, other: BTreeMap<i64, usize>) -> BTreeMap<i64, usize> {
    other.into_iter().for_each(|(day, n)| *one.entry(day).or_default() += n);
    one
}

/// Rows that start beyond the limit are rejected; other instants beyond it become missing.
fn reject_beyond(inputs: &mut Inputs, kind: TableKind, limit: i64) {
    let table = &mut inputs.tables[kind as usize];
    let start = kind.start().unwrap_or_default();
    let late = |values: &Times| -> Vec<u32> {
        (0..).zip(values.iter()).filter(|&(_, at)| at >= limit).map(|(row, _)| row).collect()
    };
    // Hardly any: all else goes by these.
    let late = events(table).into_par_iter().map(|(name, values)| (name, late(values)));
    let late: Vec<(&'static str, Vec<u32>)> = late.filter(|(_, rows)| !rows.is_empty()).collect();
    let gone = late.iter().find(|(name, _)| *name == start).map_or(&[][..], |(_, rows)| rows);
    let mut rejects: Vec<Reject> = Vec::new();
    for (name, rows) in &late {
        // A row that goes as a whole needs no word on its cells.
        let told = rows.iter().filter(|row| *name == start || gone.binary_search(row).is_err());
        rejects.extend(told.map(|&row| reject(table, row as usize, name, *name == start)));
    }
    late.iter().for_each(|(name, rows)| table.forget(name, rows));
    if !gone.is_empty() {
        let rows = 0..u32::try_from(table.rows()).unwrap_or(u32::MAX);
        let kept: Vec<u32> = rows.filter(|row| gone.binary_search(row).is_err()).collect();
        *table = std::mem::replace(table, Table::new(kind)).into_taken(&kept);
    }
    for reject in rejects.iter().filter(|r| r.whole_row) {
        let own = |source: &&mut SourceFile| source.file == reject.file && source.profile.kind == kind;
        if let Some(source) = inputs.sources.iter_mut().find(own) {
            source.counts.used = source.counts.used.saturating_sub(1);
            source.counts.rejected += 1;
        }
    }
    inputs.rejects.extend(as_they_stood(inputs, rejects));
}

/// Rejects with their records as the files have them, where those can be read again.
fn as_they_stood(inputs: &Inputs, rejects: Vec<Reject>) -> Vec<Reject> {
    let mut lines: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for reject in &rejects {
        lines.entry(reject.file.clone()).or_default().push(reject.line);
    }
    let records: BTreeMap<String, BTreeMap<u64, String>> =
        lines.into_iter().map(|(file, lines)| (file.clone(), inputs.records(&file, &lines))).collect();
    let record = |reject: &Reject| records.get(&reject.file)?.get(&reject.line).cloned();
    rejects.into_iter().map(|reject| Reject { record: record(&reject).unwrap_or(reject.record), ..reject }).collect()
}

fn reject(table: &Table, row: usize, column: &str, whole_row: bool) -> Reject {
    let at = table.time(column, row).unwrap_or_default();
    let text = jiff::Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |t| t.to_string());
    Reject {
        file: table.word("file", row).to_owned(),
        line: table.counts("line").and_then(|lines| u64::try_from(lines.get(row)).ok()).unwrap_or(0),
        column: column.to_owned(),
        reason: "lies more than 30 days beyond all other dates".to_owned(),
        record: text.clone(),
        text,
        whole_row,
    }
}
