//! Metrics that a function makes of a group's rows, because no expression can.

use super::select::{Grouped, Selection};
use super::{Figures, can_measure};
use crate::desk::{Desk, Group};
use crate::dimensions::Dimension;
use crate::metrics::{Compute, Metric};
use crate::stats;
use crate::timeline::Window;

/// A metric's figures of the groups of a selection.
pub(super) fn figures(
    desk: &Desk,
    metric: &'static Metric,
    by: &[&'static Dimension],
    groups: &[Grouped],
    window: &Window,
) -> Figures {
    let (compute, in_hours) = metric.computed();
    let of_group = |rows: &Grouped| {
        let group = rows.group(desk, by, window, in_hours);
        (rows.key.clone(), made(compute, &group))
    };
    groups.iter().map(of_group).collect()
}

fn made(compute: &Compute, group: &Group) -> Vec<f64> {
    match compute {
        Compute::Grouped(function) | Compute::Curve { figures: function, .. } => function(group),
        Compute::PerHundred(counts) => per_hundred(counts(group)),
        Compute::Mean { each, told } => {
            let each = each(group).into_iter();
            let (sum, of) = each.fold((0.0, 0.0), |(sum, of), each| (sum + each.value, of + each.of));
            [sum / of, of].into_iter().chain(told(group)).collect()
        }
        Compute::Listed { millis, told } => {
            let millis = millis(group).into_iter().map(|(_, millis)| millis).collect();
            stats::spread(millis).into_iter().chain(told(group)).collect()
        }
        // What polars is asked, or other metrics come to.
        Compute::Aggregate(_)
        | Compute::Spread { .. }
        | Compute::Due { .. }
        | Compute::OfTotal(_)
        | Compute::Across { .. }
        | Compute::InHours(_) => Vec::new(),
    }
}

/// The first over the second, times 100, and the second; missing where there is none of it.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn per_hundred([part, whole]: [usize; 2]) -> Vec<f64> {
    if whole == 0 { vec![f64::NAN; 2] } else { vec![100.0 * part as f64 / whole as f64, whole as f64] }
}

/// Look at a metric's rows, group by group.
pub(super) fn look(
    desk: &Desk,
    metric: &'static Metric,
    by: &[&'static Dimension],
    window: &Window,
    at: &mut dyn FnMut(&Group),
) {
    if !can_measure(desk, metric) {
        return;
    }
    let clocks = (metric.population.frame, metric.population.clock);
    for rows in Selection::new(desk, clocks, (by, &[]), window, None).groups() {
        at(&rows.group(desk, by, window, metric.computed().1));
    }
}
