//! What polars is asked: the aggregates of some metrics, over the rows of one or several selections at once.
//!
//! A question has its price, whatever it is about, so selections that ask for the same metrics are put together: their
//! groups are numbered on, and each row is judged as its own selection says.

use super::columns::{self, GROUP, Rows};
use super::select::Selection;
use super::{Key, Query};
use crate::desk::Desk;
use crate::metrics::{self, Compute, Context, Metric};
use anyhow::{Result, anyhow};
use polars::prelude::{DataFrame, DataType, Expr, IntoLazy, col};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// So many rows at once spare memory; a selection of more is asked about by itself.
const AT_ONCE: usize = 1 << 18;

/// A group of a query and its values, metric by metric.
pub(super) type Line<'q> = (&'q Query, &'q Key, Vec<f64>);

/// Ask for the same metrics over all these selections.
pub(super) fn run<'q>(desk: &Desk, queries: &'q [Query]) -> Result<Vec<Line<'q>>> {
    let mut lines = Vec::new();
    let mut rest = queries;
    while !rest.is_empty() {
        let mut rows = 0;
        let fits = rest.iter().take_while(|query| {
            rows += query.selection.rows.len();
            rows <= AT_ONCE
        });
        let (now, later) = rest.split_at(fits.count().max(1));
        lines.extend(run_together(desk, now)?);
        rest = later;
    }
    Ok(lines)
}

/// The figures of a metric, one an output.
fn expressions(desk: &Desk, metric: &'static Metric) -> Vec<Expr> {
    let (compute, in_hours) = metric.computed();
    let context = context(desk, in_hours);
    let mut out = match compute {
        Compute::Aggregate(figures) | Compute::Due { figures, .. } => figures(&context),
        Compute::Spread { millis, told } => {
            let mut out = metrics::distribution(&millis(&context));
            out.extend(told(&context));
            out
        }
        _ => Vec::new(),
    };
    if in_hours {
        out = out.into_iter().map(metrics::in_hours).collect();
    }
    out
}

/// What expressions depend on besides their rows.
pub(super) fn context(desk: &Desk, in_hours: bool) -> Context<'_> {
    Context { settings: &desk.settings, as_of: desk.timeline.as_of, first_at: desk.facts.first_at, in_hours }
}

fn run_together<'q>(desk: &Desk, queries: &'q [Query]) -> Result<Vec<Line<'q>>> {
    let Some(first) = queries.first() else { return Ok(Vec::new()) };
    let expressions = first.parts.iter().flat_map(|part| expressions(desk, part.metric));
    let named: Vec<Expr> = expressions.enumerate().map(|(nth, e)| e.alias(format!("v{nth}"))).collect();
    let is_total = queries.len() == 1 && first.selection.total;
    let rows = Rows::of(queries.iter().map(|query| &query.selection)).by_group();
    let frame = columns::frame(desk, first.selection.clock, &rows, &named)?;
    let groups = if is_total { vec![(0, totals(frame, &named)?)] } else { by_group(frame, &named)? };
    let mut values: Vec<Option<Vec<f64>>> = vec![None; rows.groups];
    for (group, of_group) in groups {
        values[group as usize] = Some(of_group);
    }
    // A group that nothing is in: its counts are 0.
    let of_none = if values.contains(&None) {
        totals(columns::frame(desk, first.selection.clock, &Rows::of(std::iter::empty()), &named)?, &named)?
    } else {
        Vec::new()
    };
    let keys = queries.iter().flat_map(|query| query.selection.keys.iter().map(move |key| (query, key)));
    let line = |((query, key), values): ((&'q Query, &'q Key), Option<Vec<f64>>)| {
        (query, key, values.unwrap_or_else(|| of_none.clone()))
    };
    Ok(keys.zip(values).map(line).collect())
}

/// An output of each row by itself, of a selection in which every row is a group of its own.
pub(super) fn by_row(
    desk: &Desk,
    selection: &Selection,
    (metric, output): (&'static Metric, usize),
) -> Result<Vec<(u32, f64)>> {
    let Some(expression) = expressions(desk, metric).into_iter().nth(output) else { return Ok(Vec::new()) };
    let named = [expression.alias("v0")];
    let rows = Rows::of(std::iter::once(selection));
    let groups = by_group(columns::frame(desk, selection.clock, &rows, &named)?, &named)?;
    Ok(groups.into_iter().map(|(row, values)| (row, values[0])).collect())
}

/// All values over all rows.
fn totals(frame: DataFrame, named: &[Expr]) -> Result<Vec<f64>> {
    let table = collected(|| frame.lazy().select(named).collect())?;
    let values = rows_of(&table, named.len())?;
    Ok(values.into_iter().next().unwrap_or_default())
}

/// Each group's number and values.
fn by_group(frame: DataFrame, named: &[Expr]) -> Result<Vec<(u32, Vec<f64>)>> {
    let table = collected(|| frame.lazy().group_by([col(GROUP)]).agg(named).collect())?;
    let groups = table.column(GROUP)?.u32()?.iter().map(|group| group.unwrap_or(0));
    Ok(groups.zip(rows_of(&table, named.len())?).collect())
}

/// polars panics where it meets what it did not expect; the other tables still stand.
pub(super) fn collected(collect: impl FnOnce() -> polars::prelude::PolarsResult<DataFrame>) -> Result<DataFrame> {
    let table = catch_unwind(AssertUnwindSafe(collect));
    Ok(table.map_err(|_| anyhow!("internal: the query engine gave up"))??)
}

/// The values of each line.
fn rows_of(table: &DataFrame, width: usize) -> Result<Vec<Vec<f64>>> {
    let mut rows = vec![Vec::with_capacity(width); table.height()];
    for nth in 0..width {
        let values = table.column(&format!("v{nth}"))?.cast(&DataType::Float64)?;
        for (row, value) in rows.iter_mut().zip(values.f64()?.iter()) {
            row.push(value.unwrap_or(f64::NAN));
        }
    }
    Ok(rows)
}
