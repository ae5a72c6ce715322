//! The interactions that a count is made of: those for which the count would be 1 if there were no other.
//!
//! Which rows are looked at, and in which group each is, is what the figure itself is made of.

use super::select::{self, Selection};
use super::{Key, can_measure, measure, query, split_by, stretches};
use crate::desk::Desk;
use crate::dimensions::Dimension;
use crate::metrics::{Clock, Metric, Population};
use crate::timeline::Window;
use anyhow::{Result, ensure};
use std::collections::BTreeMap;

/// The rows behind each group's count, in order of time; none where the count has no value. Only of outputs that count
/// interactions.
pub fn counted(
    desk: &Desk,
    (metric, output): (&'static Metric, usize),
    by: &[&'static Dimension],
    window: &Window,
) -> Result<BTreeMap<Key, Vec<u32>>> {
    let mut groups: BTreeMap<Key, Vec<u32>> = BTreeMap::new();
    if !can_measure(desk, metric) {
        return Ok(groups);
    }
    let Population { frame, clock, span, .. } = metric.population;
    let firsts = if clock == Clock::State { select::firsts(desk, by) } else { [].into() };
    for window in stretches(desk, clock, span, &split_by(desk, by, window)) {
        let split = window.split_key(clock, span);
        let mut selection = Selection::new(desk, (frame, clock), (by, &firsts), &window, split);
        // Every row is a group of its own.
        let own = (0..).take(selection.rows.len()).collect();
        let group = std::mem::replace(&mut selection.group, own);
        for (nth, count) in query::by_row(desk, &selection, (metric, output))? {
            let nth = nth as usize;
            if count > 0.0 {
                groups.entry(selection.keys[group[nth] as usize].clone()).or_default().push(selection.rows[nth]);
            }
        }
    }
    groups.values_mut().for_each(|rows| rows.sort_unstable());
    let measured = measure(desk, metric, by, window)?;
    let value = |key: &Key| measured.get(key).map_or(f64::NAN, |values| values[output]);
    groups.retain(|key, _| value(key).is_finite());
    for (key, rows) in &groups {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let agree = value(key) == rows.len() as f64;
        ensure!(agree, "internal: `{}` is {} and {} interactions are behind it", metric.id, value(key), rows.len());
    }
    Ok(groups)
}
