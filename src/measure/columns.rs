//! Fact columns for polars: only those that the expressions of a query name, only for its rows.
//!
//! A new fact column is one line of `fact`.

use super::select::Selection;
use crate::by_number::ByNumber;
use crate::columns::{Bits, NO_COUNT, NO_TIME, Times};
use crate::desk::Desk;
use crate::facts::course::WATCHED;
use crate::facts::{Facts, Out};
use crate::identity::NO_CUSTOMER;
use crate::interaction::place;
use crate::metrics::{self, Clock};
use crate::terms::Mode;
use anyhow::{Result, bail};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, Expr, Int32Chunked, Int64Chunked, IntoColumn, NewChunkedArray, UInt32Chunked,
};
use polars::series::IsSorted;
use polars_arrow::bitmap::Bitmap;
use std::collections::BTreeSet;

/// The group number of each row.
pub(super) const GROUP: &str = "group";

/// The rows of one or several selections, with what each is judged by.
pub(super) struct Rows {
    rows: Vec<u32>,
    /// Numbered on from one selection to the next.
    group: Vec<u32>,
    judged_at: Vec<i64>,
    ends_at: Vec<i64>,
    /// How many groups there are.
    pub groups: usize,
}

impl Rows {
    pub fn of<'s>(selections: impl Iterator<Item = &'s Selection>) -> Self {
        let mut all =
            Self { rows: Vec::new(), group: Vec::new(), judged_at: Vec::new(), ends_at: Vec::new(), groups: 0 };
        for selection in selections {
            let before = u32::try_from(all.groups).unwrap_or(u32::MAX);
            all.rows.extend(&selection.rows);
            all.group.extend(selection.group.iter().map(|group| before + group));
            all.judged_at.extend(&selection.judged_at);
            all.ends_at.resize(all.rows.len(), selection.ends_at);
            all.groups += selection.keys.len();
        }
        all
    }

    /// Group by group, those of one as they stand: so nobody has to look for the groups.
    pub fn by_group(self) -> Self {
        if self.group.is_sorted() {
            return self;
        }
        let (_, order) = ByNumber::new(self.group.iter().copied()).into_parts();
        fn picked<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
            order.iter().map(|&at| values[at as usize]).collect()
        }
        Self {
            rows: picked(&self.rows, &order),
            group: picked(&self.group, &order),
            judged_at: picked(&self.judged_at, &order),
            ends_at: picked(&self.ends_at, &order),
            groups: self.groups,
        }
    }
}

/// A frame with the columns that these expressions use.
pub(super) fn frame(desk: &Desk, clock: Clock, rows: &Rows, expressions: &[Expr]) -> Result<DataFrame> {
    let names: BTreeSet<String> = expressions.iter().flat_map(leaves).collect();
    let mut group = UInt32Chunked::from_slice(GROUP.into(), &rows.group);
    if rows.group.is_sorted() {
        group.set_sorted_flag(IsSorted::Ascending);
    }
    let mut columns = vec![group.into_column()];
    for name in names {
        columns.push(column(desk, clock, rows, &name)?);
    }
    Ok(DataFrame::new(rows.rows.len(), columns)?)
}

/// The names of the columns that an expression reads.
fn leaves(expression: &Expr) -> Vec<String> {
    let column = |e: &Expr| if let Expr::Column(name) = e { Some(name.to_string()) } else { None };
    expression.into_iter().filter_map(column).collect()
}

/// Where the values of a fact column come from.
enum Fact<'f> {
    /// Instants or durations.
    Times(&'f Times),
    /// Instants that are found row by row.
    Found(fn(&Facts, usize) -> i64),
    Flags(&'f Bits),
    /// What holds of a row at the instant at which it is judged.
    Then(fn(&Facts, usize, i64) -> bool),
    /// Instants as they are known at the instant at which a row is judged.
    FoundThen(fn(&Facts, usize, i64) -> i64),
    /// What holds of a row just before a state's end.
    Before(fn(&Facts, usize, i64) -> bool),
    Counts(fn(&Facts, usize) -> Option<i32>),
}

fn fact<'f>(facts: &'f Facts, clock: Clock, name: &str) -> Option<Fact<'f>> {
    Some(match name {
        // A row's time is that of the clock: of its resolution, where resolutions are counted.
        "at" if clock == Clock::Resolution => Fact::Times(&facts.resolved_at),
        "at" | "started_at" => Fact::Times(&facts.at),
        "asked_at" => Fact::Found(Facts::asked_at),
        "replied_at" => Fact::Times(&facts.replied_at),
        "any_reply_at" => Fact::Found(Facts::any_reply_at),
        "resolved_at" => Fact::Times(&facts.resolved_at),
        "resolved_by_then" => Fact::FoundThen(Facts::resolved_by),
        "first_resolved_at" => Fact::Found(Facts::first_resolved),
        "picked_up_at" => Fact::Found(Facts::picked_up_at),
        "wait" => Fact::Times(&facts.wait),
        "target" => Fact::Times(&facts.target),
        "resolution_target" => Fact::Times(&facts.resolution_target),
        "next_at" => Fact::Times(&facts.next_at),
        "next_handled_at" => Fact::Times(&facts.journeys.next_handled_at),
        "next_same_topic_at" => Fact::Times(&facts.next_same_topic_at),
        "previous_at" => Fact::Times(&facts.previous_at),
        "previous_same_topic_at" => Fact::Times(&facts.previous_same_topic_at),
        "dated" => Fact::Then(|facts, row, _| facts.at.get(row) != NO_TIME),
        "on_written" => Fact::Then(|facts, row, _| facts.mode[row] == Mode::Written),
        "written" => Fact::Then(|facts, row, _| facts.is_written(row)),
        "replied" => Fact::Then(Facts::has_reply),
        "waiting" => Fact::Then(Facts::is_waiting),
        "any_replied" => Fact::Then(|facts, row, at| (NO_TIME + 1..=at).contains(&facts.any_reply_at(row))),
        "any_reply_by_vendor" => Fact::Then(|facts, row, _| {
            facts.reply_by_vendor[row] && facts.any_reply_at(row) == facts.replied_at.get(row)
        }),
        "picked_up" => Fact::Then(|facts, row, at| facts.picked_up_at(row) <= at),
        "any_waiting" => Fact::Then(Facts::is_waiting_for_anybody),
        "resolved_then" => Fact::Then(Facts::was_resolved),
        "touched_before" => Fact::Before(|facts, row, end| facts.was_touched(row, end - 1)),
        "open_then" => Fact::Before(Facts::is_open_at),
        "first_known" => Fact::Then(|facts, row, _| facts.first_resolved(row) != NO_TIME),
        "resolved_7d" => Fact::Then(|facts, row, _| facts.was_resolved(row, facts.at.get(row) + WATCHED)),
        "was_reopened" => Fact::Then(|facts, row, _| facts.was_reopened(row)),
        "outbound" => Fact::Then(|facts, row, _| facts.out[row] == Out::Outbound),
        "live" => Fact::Then(|facts, row, _| facts.mode[row] == Mode::Live),
        "followed_up" => Fact::Flags(&facts.followed_up),
        "target_in_hours" => Fact::Flags(&facts.target_in_hours),
        "resolution_target_in_hours" => Fact::Flags(&facts.resolution_target_in_hours),
        "by_day" => Fact::Flags(&facts.by_day),
        "handled" => Fact::Flags(&facts.handled),
        "touched" => Fact::Then(Facts::was_touched),
        "status_known" => Fact::Flags(&facts.status_known),
        "open" => Fact::Flags(&facts.open),
        "unresolved" => Fact::Flags(&facts.unresolved),
        "done" => Fact::Flags(&facts.done),
        "timed" => Fact::Flags(&facts.timed),
        "reply_by_vendor" => Fact::Flags(&facts.reply_by_vendor),
        "resolved_by_vendor" => Fact::Flags(&facts.resolved_by_vendor),
        "answered" => Fact::Flags(&facts.answered),
        "abandoned" => Fact::Flags(&facts.abandoned),
        "missed" => Fact::Flags(&facts.missed),
        "offered" => Fact::Flags(&facts.offered),
        "callback" => Fact::Flags(&facts.callback),
        "phone" => Fact::Flags(&facts.phone),
        "continuation" => Fact::Flags(&facts.continuation),
        "by_bot" => Fact::Flags(&facts.bot),
        "with_bot" => Fact::Flags(&facts.journeys.with_bot),
        "proactive" => Fact::Flags(&facts.journeys.proactive),
        "vendor_sla" => Fact::Counts(|facts, row| Some(i32::from(facts.vendor_sla[row]))),
        "vendor_resolution_sla" => Fact::Counts(|facts, row| Some(i32::from(facts.vendor_resolution_sla(row)))),
        "customer" => Fact::Counts(|facts, row| {
            i32::try_from(facts.customer[row]).ok().filter(|_| facts.customer[row] != NO_CUSTOMER)
        }),
        "replies" => Fact::Counts(|facts, row| facts.counted(const { place("replies") }, row)),
        "reopens" => Fact::Counts(|facts, row| facts.counted(const { place("reopens") }, row)),
        "transfers" => Fact::Counts(|facts, row| facts.counted(const { place("transfers") }, row)),
        _ => return None,
    })
}

fn column(desk: &Desk, clock: Clock, asked: &Rows, name: &str) -> Result<Column> {
    let (facts, rows) = (&desk.facts, &asked.rows);
    let judged = || rows.iter().zip(&asked.judged_at).map(|(&row, &at)| (row as usize, at));
    match name {
        "judged_at" => return Ok(Int64Chunked::from_slice(name.into(), &asked.judged_at).into_column()),
        "without_hours" => {
            return Ok(flags(name, rows.iter().map(|&row| desk.calendar(row as usize).is_none()).collect()));
        }
        "ends_at" => return Ok(Int64Chunked::from_slice(name.into(), &asked.ends_at).into_column()),
        _ => {}
    }
    if let Some(instant) = name.strip_prefix(metrics::IN_HOURS) {
        return in_hours(desk, clock, asked, instant);
    }
    let Some(fact) = fact(facts, clock, name) else { bail!("internal: no fact column `{name}`") };
    Ok(match fact {
        Fact::Times(values) => millis(name, rows.iter().map(|&row| values.get(row as usize)).collect()),
        Fact::Found(value) => millis(name, rows.iter().map(|&row| value(facts, row as usize)).collect()),
        Fact::FoundThen(value) => millis(name, judged().map(|(row, at)| value(facts, row, at)).collect()),
        Fact::Flags(values) => flags(name, rows.iter().map(|&row| values[row as usize]).collect()),
        Fact::Then(holds) => flags(name, judged().map(|(row, at)| holds(facts, row, at)).collect()),
        Fact::Before(holds) => {
            let ends = rows.iter().zip(&asked.ends_at).map(|(&row, &at)| (row as usize, at));
            flags(name, ends.map(|(row, at)| holds(facts, row, at)).collect())
        }
        Fact::Counts(count) => {
            let counts: Vec<i32> = rows.iter().map(|&row| count(facts, row as usize).unwrap_or(NO_COUNT)).collect();
            let there = validity(counts.iter().map(|&count| count != NO_COUNT).collect());
            Int32Chunked::from_vec_validity(name.into(), counts, there).into_column()
        }
    })
}

/// Instants as the open time until each, by the opening hours of its row; missing where there are none.
fn in_hours(desk: &Desk, clock: Clock, asked: &Rows, name: &str) -> Result<Column> {
    let instants = match fact(&desk.facts, clock, name) {
        Some(Fact::Times(values)) => asked.rows.iter().map(|&row| values.get(row as usize)).collect(),
        Some(Fact::Found(value)) => asked.rows.iter().map(|&row| value(&desk.facts, row as usize)).collect(),
        Some(Fact::FoundThen(value)) => {
            let judged = asked.rows.iter().zip(&asked.judged_at);
            judged.map(|(&row, &at)| value(&desk.facts, row as usize, at)).collect()
        }
        _ if name == "judged_at" => asked.judged_at.clone(),
        _ => bail!("internal: `{name}` is no instant"),
    };
    let open_until = |(&row, at): (&u32, i64)| match desk.calendar(row as usize) {
        Some(calendar) if at != NO_TIME => calendar.business(at),
        _ => NO_TIME,
    };
    let values = asked.rows.iter().zip(instants).map(open_until).collect();
    Ok(millis(&format!("{}{name}", metrics::IN_HOURS), values))
}

fn flags(name: &str, values: Bitmap) -> Column {
    BooleanChunked::from_bitmap(name.into(), values).into_column()
}

/// Times, those that are missing as such.
fn millis(name: &str, values: Vec<i64>) -> Column {
    let there = validity(values.iter().map(|&value| value != NO_TIME).collect());
    Int64Chunked::from_vec_validity(name.into(), values, there).into_column()
}

/// Which values are there, where some are not.
fn validity(there: Bitmap) -> Option<Bitmap> {
    (there.unset_bits() > 0).then_some(there)
}
