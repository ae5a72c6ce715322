//! What single rows come to, of which a metric takes its median, 9 in 10 and mean: for intervals and for `why`.
//!
//! Only metrics of durations and means have it; which rows count, and as what, is what their figures are made of. Those
//! of curves have subjects instead.

use super::by_hand::look;
use super::select::{Grouped, Selection};
use super::{Key, columns, query, split_by};
use crate::desk::{Desk, Group};
use crate::dimensions::Dimension;
use crate::metrics::{self, Compute, Metric};
use crate::stats::clusters::Sample;
use crate::stats::survival::Subject;
use crate::timeline::Window;
use anyhow::Result;
use polars::prelude::{DataType, Expr, IntoLazy};
use std::collections::BTreeMap;

/// What the rows that a metric counts in a window come to, by dimensions: durations in seconds; nothing for metrics that
/// are not of durations or means.
pub fn values(
    desk: &Desk,
    metric: &'static Metric,
    by: &[&'static Dimension],
    window: &Window,
) -> Result<BTreeMap<Key, Vec<Sample>>> {
    let window = split_by(desk, by, window);
    let (compute, in_hours) = metric.computed();
    let clocks = (metric.population.frame, metric.population.clock);
    if !super::can_measure(desk, metric) {
        return Ok(BTreeMap::new());
    }
    let selection = || Selection::new(desk, clocks, (by, &[]), &window, None);
    match compute {
        Compute::Spread { millis, .. } | Compute::Due { late: millis, .. } => {
            let selection = selection();
            let expression = millis(&query::context(desk, in_hours));
            let expression = if in_hours { metrics::in_hours(expression) } else { expression };
            let millis = of_rows(desk, &selection, expression.alias("millis"))?;
            let mut groups = vec![Vec::new(); selection.keys.len()];
            for ((&row, &group), millis) in selection.rows.iter().zip(&selection.group).zip(millis) {
                groups[group as usize].extend(millis.map(|millis| timed(desk, row, millis)));
            }
            Ok(selection.keys.into_iter().zip(groups).collect())
        }
        Compute::Listed { .. } | Compute::Mean { .. } => {
            let of_group = |rows: Grouped| {
                let samples = listed(compute, &rows.group(desk, by, &window, in_hours));
                (rows.key, samples)
            };
            Ok(selection().groups().into_iter().map(of_group).collect())
        }
        _ => Ok(BTreeMap::new()),
    }
}

/// Those whom a metric watches in a window, by dimensions; nobody for metrics that are no curves.
pub fn subjects(
    desk: &Desk,
    metric: &'static Metric,
    by: &[&'static Dimension],
    window: &Window,
) -> BTreeMap<Key, Vec<Subject>> {
    let mut out = BTreeMap::new();
    if let Compute::Curve { subjects, .. } = metric.computed().0 {
        look(desk, metric, by, window, &mut |group| {
            out.insert(group.key.to_vec(), subjects(group));
        });
    }
    out
}

/// What the rows of a group come to, where a function tells.
fn listed(compute: &Compute, group: &Group) -> Vec<Sample> {
    match compute {
        Compute::Listed { millis, .. } => {
            millis(group).into_iter().map(|(row, millis)| timed(group.desk, row, millis)).collect()
        }
        Compute::Mean { each, .. } => each(group),
        _ => Vec::new(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
fn timed(desk: &Desk, row: u32, millis: i64) -> Sample {
    Sample::one(desk.facts.customer_of(row as usize), millis as f64 / 1_000.0)
}

/// What an expression comes to for each row.
fn of_rows(desk: &Desk, selection: &Selection, expression: Expr) -> Result<Vec<Option<i64>>> {
    let rows = columns::Rows::of(std::iter::once(selection));
    let frame = columns::frame(desk, selection.clock, &rows, std::slice::from_ref(&expression))?;
    let height = frame.height();
    let table = query::collected(|| frame.lazy().select([expression]).collect())?;
    let values = table.column("millis")?.cast(&DataType::Int64)?;
    let mut out: Vec<Option<i64>> = values.i64()?.iter().collect();
    // A metric that nothing can fill is one missing value for all.
    out.resize(height, None);
    Ok(out)
}
