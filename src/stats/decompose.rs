//! Why a figure of all rows moved: other groups (mix), or other figures within the groups.
//!
//! Both ways add up: the terms of the groups to mix and within, and these to the whole change. A group that is new or
//! gone has no figure to compare, so all that it does is mix.

use super::quantile::{quantile, weighted_quantile};
use std::iter::zip;

/// What a group's rows do to the change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// By there being more or fewer of them.
    pub mix: f64,
    /// By their own figure; NaN where the group is new or gone.
    pub within: f64,
}

/// A change, taken apart. Where one part cannot be shared out among the groups, their terms are NaN, its sum is not.
#[derive(Debug, Clone, PartialEq)]
pub struct Decomposition {
    pub earlier: f64,
    pub later: f64,
    pub mix: f64,
    pub within: f64,
    /// In the order of the groups.
    pub terms: Vec<Terms>,
    /// The figure of every group moved against that of the whole: Simpson's paradox.
    pub simpson: bool,
}

/// A group's rows and their mean or rate, earlier and later; without rows a figure means nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    pub n0: u64,
    pub m0: f64,
    pub n1: u64,
    pub m1: f64,
}

/// The difference of two means or rates (Kitagawa 1955), with mix terms centred on the mean of the two means, so that
/// more of a group counts by how far it lies from them: mix (w1 - w0)((m0 + m1)/2 - (M0 + M1)/2), within
/// (m1 - m0)(w0 + w1)/2. `None` where either side has no rows.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn mean(groups: &[Group]) -> Option<Decomposition> {
    let all0 = groups.iter().map(|group| group.n0).sum::<u64>() as f64;
    let all1 = groups.iter().map(|group| group.n1).sum::<u64>() as f64;
    if all0 == 0.0 || all1 == 0.0 {
        return None;
    }
    let known = |n: u64, m: f64| if n > 0 { m } else { 0.0 };
    let earlier = groups.iter().map(|g| g.n0 as f64 / all0 * known(g.n0, g.m0)).sum::<f64>();
    let later = groups.iter().map(|g| g.n1 as f64 / all1 * known(g.n1, g.m1)).sum::<f64>();
    let centre = f64::midpoint(earlier, later);
    let terms = |g: &Group| {
        let (w0, w1) = (g.n0 as f64 / all0, g.n1 as f64 / all1);
        match (g.n0, g.n1) {
            (0, 0) => Terms { mix: 0.0, within: f64::NAN },
            (0, _) => Terms { mix: w1 * (g.m1 - centre), within: f64::NAN },
            (_, 0) => Terms { mix: -w0 * (g.m0 - centre), within: f64::NAN },
            _ => Terms {
                mix: (w1 - w0) * (f64::midpoint(g.m0, g.m1) - centre),
                within: (g.m1 - g.m0) * f64::midpoint(w0, w1),
            },
        }
    };
    let terms: Vec<Terms> = groups.iter().map(terms).collect();
    let mix = terms.iter().map(|term| term.mix).sum();
    let within = terms.iter().map(|term| term.within).filter(|within| !within.is_nan()).sum();
    let moves = groups.iter().filter(|g| g.n0 > 0 && g.n1 > 0).map(|g| g.m1 - g.m0);
    Some(Decomposition { earlier, later, mix, within, terms, simpson: against(later - earlier, moves) })
}

/// Whether at least two groups moved, all of them the other way than the whole.
fn against(whole: f64, moves: impl Iterator<Item = f64>) -> bool {
    let (mut groups, mut all) = (0, true);
    for by in moves {
        groups += 1;
        all &= by * whole < 0.0;
    }
    groups > 1 && all
}

/// A group's values, earlier and later, each ascending.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Values<'a> {
    pub earlier: &'a [f64],
    pub later: &'a [f64],
}

/// The difference of two medians or other quantiles. The earlier rows are weighted to the groups' later shares
/// (Di Nardo, Fortin and Lemieux 1996): reweighted minus earlier is mix, later minus reweighted is within. What groups
/// that are gone or new did is taken out first and put in last, as mix.
///
/// Each step from one mixture of groups to another is shared out by how far each group moved the share of rows below
/// the middle of the step: the quantile's influence function (Firpo, Fortin and Lemieux 2009), scaled to the step.
/// `None` where either side has no rows, or no group has rows on both.
pub fn quantiles(groups: &[Values], q: f64) -> Option<Decomposition> {
    let stay = |group: &Values| !group.earlier.is_empty() && !group.later.is_empty();
    let earlier = |which: &dyn Fn(&Values) -> bool| Mixture::of(groups, which, |group| group.earlier);
    let later = |which: &dyn Fn(&Values) -> bool| Mixture::of(groups, which, |group| group.later);
    let (before, without_gone) = (earlier(&|_| true), earlier(&stay));
    let (without_new, after) = (later(&stay), later(&|_| true));
    let reweighted = Mixture(zip(&without_gone.0, &without_new.0).map(|(old, new)| (old.0, new.1)).collect());
    let path = [before, without_gone, reweighted, without_new, after];
    let at: Vec<f64> = path.iter().map(|mixture| mixture.quantile(q)).collect::<Option<_>>()?;
    let mut terms: Vec<Terms> =
        groups.iter().map(|group| Terms { mix: 0.0, within: if stay(group) { 0.0 } else { f64::NAN } }).collect();
    for (nth, (step, ends)) in zip(path.windows(2), at.windows(2)).enumerate() {
        let shared = shared_out(&step[0], &step[1], (ends[0], ends[1]), q);
        for (term, part) in zip(&mut terms, shared) {
            *(if nth == 2 { &mut term.within } else { &mut term.mix }) += part;
        }
    }
    let moves = groups.iter().filter_map(|g| Some(quantile(g.later, q)? - quantile(g.earlier, q)?));
    Some(Decomposition {
        earlier: at[0],
        later: at[4],
        mix: (at[2] - at[0]) + (at[4] - at[3]),
        within: at[3] - at[2],
        simpson: against(at[4] - at[0], moves),
        terms,
    })
}

/// Groups' sorted values, and how much each group weighs.
struct Mixture<'a>(Vec<(&'a [f64], usize)>);

impl<'a> Mixture<'a> {
    /// One side of some groups, each with the weight of its rows.
    fn of(groups: &[Values<'a>], which: &dyn Fn(&Values) -> bool, side: fn(&Values<'a>) -> &'a [f64]) -> Self {
        let values = |group| if which(group) { side(group) } else { &[][..] };
        Self(groups.iter().map(|group| (values(group), values(group).len())).collect())
    }

    /// Type 7; with weights where a group weighs more or less than its rows.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn quantile(&self, q: f64) -> Option<f64> {
        let groups = || self.0.iter().filter(|(values, _)| !values.is_empty());
        if groups().all(|(values, weight)| values.len() == *weight) {
            let mut all: Vec<f64> = groups().flat_map(|(values, _)| values.iter().copied()).collect();
            all.sort_unstable_by(f64::total_cmp);
            return quantile(&all, q);
        }
        let weighted = |(values, weight): &(&[f64], usize)| *weight as f64 / values.len() as f64;
        let mut all: Vec<(f64, f64)> =
            groups().flat_map(|group| group.0.iter().map(|value| (*value, weighted(group)))).collect();
        all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        weighted_quantile(&all, q)
    }

    /// What all groups weigh.
    fn all(&self) -> usize {
        self.0.iter().map(|(_, weight)| weight).sum()
    }

    /// Each group's share of the whole, and the share of its rows at or below a value.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn below(&self, value: f64) -> Vec<(f64, f64)> {
        let all = self.all();
        let part = |(values, weight): &(&[f64], usize)| {
            let below = values.partition_point(|v| *v <= value) as f64 / (values.len().max(1)) as f64;
            (*weight as f64 / all.max(1) as f64, below)
        };
        self.0.iter().map(part).collect()
    }
}

/// What each group did to a quantile that went from one value to another between two mixtures; NaN where the shares
/// below do not tell. Groups that come or go answer for all of their step.
fn shared_out(from: &Mixture, to: &Mixture, (start, end): (f64, f64), q: f64) -> Vec<f64> {
    /// Parts that nearly cancel would be blown up.
    const CANCELS: f64 = 0.05;
    let (moved, middle) = (end - start, f64::midpoint(start, end));
    let parts: Vec<_> = zip(from.below(middle), to.below(middle)).collect();
    let moving = |w0: f64, w1: f64| (w0 == 0.0) != (w1 == 0.0);
    let comes_or_goes = parts.iter().any(|((w0, _), (w1, _))| moving(*w0, *w1));
    let staying = if from.all() < to.all() { from } else { to };
    let rest: f64 = staying.below(middle).iter().map(|(weight, below)| weight * below).sum();
    // Fewer rows below the middle of the step push the quantile up.
    let by = |&((w0, f0), (w1, f1)): &((f64, f64), (f64, f64))| match (comes_or_goes, moving(w0, w1)) {
        (true, true) => w1 * (rest - f1) - w0 * (rest - f0),
        (true, false) => 0.0,
        (false, _) => w1 * (q - f1) - w0 * (q - f0),
    };
    let by: Vec<f64> = parts.iter().map(by).collect();
    let (sum, size) = (by.iter().sum::<f64>(), by.iter().map(|by| by.abs()).sum::<f64>());
    let tells = sum * moved > 0.0 && sum.abs() >= CANCELS * size;
    let share = |by: f64| match () {
        () if by == 0.0 || moved == 0.0 => 0.0,
        () if tells => by / sum * moved,
        () => f64::NAN,
    };
    by.into_iter().map(share).collect()
}

#[cfg(test)]
mod tests;
