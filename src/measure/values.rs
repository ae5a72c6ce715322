//! The durations of single rows, of which a metric takes its median, 9 in 10 and mean: for intervals and for `why`.
//!
//! Only metrics of durations have them; which rows count, and how long each took, is what their figures are made of.

use super::select::Selection;
use super::{Key, columns, query, split_by};
use crate::desk::{Desk, Group};
use crate::dimensions::Dimension;
use crate::identity::NO_CUSTOMER;
use crate::metrics::{self, Compute, Metric};
use crate::timeline::Window;
use anyhow::Result;
use polars::prelude::{DataType, IntoLazy};

/// One duration that a metric counts.
#[derive(Debug, Clone)]
pub struct Valued {
    /// The group's numbers, one a dimension.
    pub key: Key,
    /// `None` where nobody is known.
    pub customer: Option<u32>,
    /// Milliseconds.
    pub millis: i64,
}

/// All durations that a metric counts in a window, by dimensions; none for metrics that are not of durations.
pub fn values(desk: &Desk, metric: &'static Metric, by: &[&'static Dimension], window: &Window) -> Result<Vec<Valued>> {
    let window = split_by(desk, by, window);
    let (compute, in_hours) = metric.computed();
    let clocks = (metric.population.frame, metric.population.clock);
    if !matches!(compute, Compute::Spread { .. } | Compute::Listed { .. }) || !super::can_measure(desk, metric) {
        return Ok(Vec::new());
    }
    let selection = Selection::new(desk, clocks, (by, &[]), &window, None);
    let listed: Vec<(u32, Key, i64)> = match compute {
        Compute::Spread { millis, .. } => {
            let expression = millis(&query::context(desk, in_hours));
            let expression = if in_hours { metrics::in_hours(expression) } else { expression };
            let millis = of_rows(desk, &selection, expression.alias("millis"))?;
            let rows = selection.rows.iter().zip(&selection.group).zip(millis);
            rows.filter_map(|((&row, &group), ms)| Some((row, selection.keys[group as usize].clone(), ms?))).collect()
        }
        Compute::Listed { millis, .. } => {
            let of_group = |(key, rows, judged_at): (Key, Vec<u32>, Vec<i64>)| {
                let (rows, judged_at, window) = (&rows, &judged_at, &window);
                let own = millis(&Group { desk, rows, judged_at, window, by, key: &key, in_hours });
                own.into_iter().map(|(row, millis)| (row, key.clone(), millis)).collect::<Vec<_>>()
            };
            selection.groups().into_iter().flat_map(of_group).collect()
        }
        _ => Vec::new(),
    };
    let customer = |row: u32| Some(desk.facts.customer[row as usize]).filter(|&customer| customer != NO_CUSTOMER);
    Ok(listed.into_iter().map(|(row, key, millis)| Valued { key, customer: customer(row), millis }).collect())
}

/// What an expression comes to for each row.
fn of_rows(desk: &Desk, selection: &Selection, expression: polars::prelude::Expr) -> Result<Vec<Option<i64>>> {
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
