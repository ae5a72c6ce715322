//! Fact columns for polars: only those that the expressions of a query name, only for its rows.
//!
//! A new fact column is one arm of `contact_column`.

use super::select::Selection;
use crate::columns::{Bits, NO_COUNT, NO_TIME, Times};
use crate::desk::Desk;
use crate::facts::Facts;
use crate::identity::NO_CUSTOMER;
use crate::metrics::Clock;
use crate::terms::Mode;
use anyhow::{Result, bail};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, Expr, Int32Chunked, Int64Chunked, IntoColumn, NewChunkedArray, UInt32Chunked,
};
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
}

/// A frame with the columns that these expressions use.
pub(super) fn frame(desk: &Desk, clock: Clock, rows: &Rows, expressions: &[Expr]) -> Result<DataFrame> {
    let names: BTreeSet<String> = expressions.iter().flat_map(leaves).collect();
    let group = UInt32Chunked::from_slice(GROUP.into(), &rows.group).into_column();
    let mut columns = vec![group];
    for name in names {
        columns.push(contact_column(&desk.facts, clock, rows, &name)?);
    }
    Ok(DataFrame::new(rows.rows.len(), columns)?)
}

/// The names of the columns that an expression reads.
fn leaves(expression: &Expr) -> Vec<String> {
    let column = |e: &Expr| if let Expr::Column(name) = e { Some(name.to_string()) } else { None };
    expression.into_iter().filter_map(column).collect()
}

fn contact_column(facts: &Facts, clock: Clock, asked: &Rows, name: &str) -> Result<Column> {
    let rows = &asked.rows;
    let millis = |values: &Times| {
        let picked: Vec<i64> = rows.iter().map(|&row| values.get(row as usize)).collect();
        let there: Bitmap = picked.iter().map(|&value| value != NO_TIME).collect();
        let some_missing = there.unset_bits() > 0;
        Int64Chunked::from_vec_validity(name.into(), picked, some_missing.then_some(there)).into_column()
    };
    let flags = |values: &Bits| {
        let picked: Bitmap = rows.iter().map(|&row| values[row as usize]).collect();
        BooleanChunked::from_bitmap(name.into(), picked).into_column()
    };
    let states = |is: &dyn Fn(usize, i64) -> bool| {
        let picked: Bitmap = rows.iter().zip(&asked.judged_at).map(|(&row, &at)| is(row as usize, at)).collect();
        BooleanChunked::from_bitmap(name.into(), picked).into_column()
    };
    let numbers = |pick: &dyn Fn(usize) -> Option<i32>| {
        Int32Chunked::from_iter_options(name.into(), rows.iter().map(|&row| pick(row as usize))).into_column()
    };
    let count = |row: usize| facts.table.counts(name).map(|c| c.get(row)).filter(|&c| c != NO_COUNT);
    Ok(match name {
        // A row's time is that of the clock: of its resolution, where resolutions are counted.
        "at" if clock == Clock::Resolution => millis(&facts.resolved_at),
        "at" => millis(&facts.at),
        "judged_at" => Int64Chunked::from_slice(name.into(), &asked.judged_at).into_column(),
        "ends_at" => Int64Chunked::from_slice(name.into(), &asked.ends_at).into_column(),
        "resolved_at" => millis(&facts.resolved_at),
        "started_at" => millis(&facts.at),
        "timed" => flags(&facts.timed),
        "replied_at" => millis(&facts.replied_at),
        "wait" => millis(&facts.wait),
        "target" => millis(&facts.target),
        "next_at" => millis(&facts.next_at),
        "next_same_topic_at" => millis(&facts.next_same_topic_at),
        "previous_at" => millis(&facts.previous_at),
        "written" => states(&|row, _| facts.is_written(row)),
        "replied" => states(&|row, judged_at| facts.has_reply(row, judged_at)),
        "waiting" => states(&|row, judged_at| facts.is_waiting(row, judged_at)),
        "live" => states(&|row, _| facts.mode[row] == Mode::Live),
        "by_day" => flags(&facts.by_day),
        "handled" => flags(&facts.handled),
        "touched" => flags(&facts.touched),
        "status_known" => flags(&facts.status_known),
        "open" => flags(&facts.open),
        "unresolved" => flags(&facts.unresolved),
        "done" => flags(&facts.done),
        "reply_by_vendor" => flags(&facts.reply_by_vendor),
        "resolved_by_vendor" => flags(&facts.resolved_by_vendor),
        "answered" => flags(&facts.answered),
        "abandoned" => flags(&facts.abandoned),
        "offered" => flags(&facts.offered),
        "callback" => flags(&facts.callback),
        "phone" => flags(&facts.phone),
        "continuation" => flags(&facts.continuation),
        "missed" => flags(&facts.missed),
        "vendor_sla" => numbers(&|row| Some(i32::from(facts.vendor_sla[row]))),
        "customer" => {
            numbers(&|row| i32::try_from(facts.customer[row]).ok().filter(|_| facts.customer[row] != NO_CUSTOMER))
        }
        "replies" | "reopens" => numbers(&count),
        other => bail!("internal: no fact column `{other}`"),
    })
}
