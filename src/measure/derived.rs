//! Metrics that are made of other metrics: shares of all groups, and how far groups lie apart.

use super::{Ask, Figures, Key, measure, measure_all};
use crate::desk::Desk;
use crate::dimensions::{self, Dimension};
use crate::metrics::{self, Metric};
use crate::timeline::Window;
use anyhow::Result;
use std::collections::BTreeMap;

/// Each group's first output of `base` over that of all groups of the same time. The groups of `base` are known where
/// they have been asked for too.
pub(super) fn of_total(
    desk: &Desk,
    (base, known): (&str, Option<Figures>),
    by: &[&'static Dimension],
    window: &Window,
) -> Result<Figures> {
    let Some(base) = metrics::find(base) else { return Ok(Figures::new()) };
    let is_time: Vec<bool> = by.iter().map(|d| d.grain().is_some()).collect();
    let times: Vec<&'static Dimension> = by.iter().copied().filter(|d| d.grain().is_some()).collect();
    let groups = known.map_or_else(|| measure(desk, base, by, window), Ok)?;
    let totals = if times.len() == by.len() { groups.clone() } else { measure(desk, base, &times, window)? };
    let share = |(key, values): (Key, Vec<f64>)| {
        let time: Key = key.iter().zip(&is_time).filter(|(_, is_time)| **is_time).map(|(k, _)| *k).collect();
        let total = totals.get(&time).map_or(f64::NAN, |v| v[0]);
        (key, vec![values[0] / total])
    };
    Ok(groups.into_iter().map(share).collect())
}

/// By how much the first outputs of other metrics differ between the groups of a dimension that have enough rows, and
/// how many groups these are.
pub(super) fn across(
    desk: &Desk,
    (of, dimension): (&[&str], &str),
    by: &[&'static Dimension],
    window: &Window,
) -> Result<Figures> {
    /// Of fewer rows a share says little.
    const ENOUGH: f64 = 20.0;
    let split: Vec<&'static Dimension> = by.iter().copied().chain(dimensions::find(dimension)).collect();
    let mut apart = Figures::new();
    let metrics: Vec<&'static Metric> = of.iter().filter_map(|id| metrics::find(id)).collect();
    let ask = Ask { metrics: &metrics, by: &split, window: window.clone() };
    let measured = measure_all(desk, &[ask])?.into_iter().flatten();
    for (at, (metric, figures)) in metrics.iter().zip(measured).enumerate() {
        let mut bounds: BTreeMap<Key, (f64, f64, u32)> = BTreeMap::new();
        for (mut key, values) in figures {
            let known = key.pop() != Some(dimensions::NO_KEY);
            let bounds = bounds.entry(key).or_insert((f64::INFINITY, f64::NEG_INFINITY, 0));
            if known && metric.n().is_some_and(|n| values[n] >= ENOUGH) {
                *bounds = (bounds.0.min(values[0]), bounds.1.max(values[0]), bounds.2 + 1);
            }
        }
        for (key, (least, most, groups)) in bounds {
            let apart = apart.entry(key).or_insert_with(|| vec![f64::NAN; 2 * of.len()]);
            apart[2 * at] = if groups > 1 { most - least } else { f64::NAN };
            apart[2 * at + 1] = f64::from(groups);
        }
    }
    Ok(apart)
}
