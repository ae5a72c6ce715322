//! Why a figure moved: its change between two periods, taken apart by groups (metrics.md §8).
//!
//! Counts are compared group by group; means, rates and medians are split into mix (more or fewer of a group) and what
//! changed within the groups. The arithmetic is `stats::decompose`. The table is in `table.rs`, the sentences are in
//! `words.rs`; page one says the same ones.

mod table;
mod words;

pub use table::section;
pub use words::{accounts, every, most_moved, moved};

use super::figures::{Figure, Name};
use super::readings::{Asked, ByMetric, Readings};
use super::sheet::{Sheet, Wanted};
use super::{Cell, Unit, Value, change, text};
use crate::desk::Desk;
use crate::dimensions::Dimension;
use crate::measure::Key;
use crate::metrics::{Clock, Compute, Role, Statistic};
use crate::stats::decompose::{self, Decomposition, Values};
use anyhow::{Result, bail};

/// For those who have asked for something that cannot be taken apart.
const HINT: &str =
    "counts, rates, means and medians can be, such as contacts, frt_p50, frt_mean, response_sla, fcr, csat";

/// What is taken apart, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Count,
    /// A mean or a rate: the groups' own, weighted by their rows.
    Mean,
    Quantile(f64),
}

/// A figure's change, taken apart.
pub struct Why {
    pub figure: Figure,
    pub by: Vec<&'static Dimension>,
    pub kind: Kind,
    /// What is compared with: `week 45`.
    pub compared: String,
    /// The figure of all groups, with what it was before and how far that could be chance.
    pub total: Cell,
    /// Rows that it counts, before and now.
    pub rows: (f64, f64),
    pub mix: f64,
    pub within: f64,
    /// Every group moved against the whole.
    pub simpson: bool,
    /// What moved the figure most stands first.
    pub groups: Vec<Group>,
}

/// One group's part in it; what is not known is NaN.
pub struct Group {
    pub names: Vec<Name>,
    /// Its own figure, with what it was before.
    pub cell: Cell,
    pub rows: (f64, f64),
    pub mix: f64,
    pub within: f64,
}

impl Why {
    pub fn before(&self) -> f64 {
        self.total.previous.unwrap_or(f64::NAN)
    }

    pub fn now(&self) -> f64 {
        self.total.value.as_f64().unwrap_or(f64::NAN)
    }

    /// The size of the figures: differences are read no finer.
    pub fn size(&self) -> f64 {
        self.before().abs().max(self.now().abs())
    }
}

impl Group {
    /// None of it before.
    pub fn is_new(&self) -> bool {
        self.rows.0 == 0.0
    }

    /// None of it now.
    pub fn is_gone(&self) -> bool {
        self.rows.1 == 0.0
    }

    pub fn before(&self) -> f64 {
        self.cell.previous.unwrap_or(f64::NAN)
    }

    pub fn now(&self) -> f64 {
        self.cell.value.as_f64().unwrap_or(f64::NAN)
    }

    /// How much it did, either way.
    fn weight(&self) -> f64 {
        [self.mix, self.within].iter().filter(|term| term.is_finite()).map(|term| term.abs()).sum()
    }
}

/// How a figure can be taken apart; an error that says what can be where it cannot.
pub fn kind(figure: Figure) -> Result<Kind> {
    let (metric, output) = (figure.metric, &figure.metric.outputs[figure.output]);
    let column = figure.column();
    let refused = |why: &str| bail!("`{column}` cannot be taken apart: {why}\nhint: {HINT}");
    if output.role != Role::Value {
        return refused("it is not a figure of its own");
    }
    match (metric.statistic(figure.output), &metric.compute) {
        (Some(Statistic::Quantile(q)), _) => return Ok(Kind::Quantile(q)),
        (Some(Statistic::Mean), _) => return Ok(Kind::Mean),
        (Some(Statistic::Within(_)), _) => return refused("its rows are not known one by one"),
        (None, Compute::OfTotal(_)) => return refused("it says itself what part of all a group is"),
        (None, Compute::Across { .. }) => return refused("it is a difference between groups"),
        (Some(Statistic::After(_)) | None, _) => {}
    }
    match (output.unit, figure.n()) {
        _ if metric.population.clock == Clock::Trailing => refused("it is of customers over windows of their own"),
        (Unit::Count, _) => Ok(Kind::Count),
        (Unit::Seconds, _) if !output.suffix.is_empty() => refused("its rows are not known one by one"),
        (_, Some(_)) => Ok(Kind::Mean),
        (_, None) => refused("it does not say how many rows it counts"),
    }
}

/// The readings of each group, in the order of their keys.
type Groups<'s> = Vec<(&'s Key, &'s ByMetric)>;

/// Measure a figure and take its change apart; `None` where there is nothing to compare or to split.
pub fn take_apart(desk: &Desk, figure: Figure, by: &[&'static Dimension], asked: &Asked) -> Result<Option<Why>> {
    let wanted = Wanted { figures: vec![figure], by: by.to_vec(), averaged: false };
    measured(desk, figure, by, (&Sheet::of(desk, &[wanted], asked)?, asked))
}

/// The same of a figure that has been measured.
pub fn measured(
    desk: &Desk,
    figure: Figure,
    by: &[&'static Dimension],
    (sheet, asked): (&Sheet, &Asked),
) -> Result<Option<Why>> {
    let kind = kind(figure)?;
    let figures = [figure];
    let groups: Groups = sheet.groups(&figures, by).collect();
    let none = ByMetric::new();
    let total = sheet.total().unwrap_or(&none);
    let cell = Cell { average: None, usual: None, ..figure.cell(desk, total) };
    let (Some(_), Some(_)) = (cell.value.as_f64(), cell.previous) else { return Ok(None) };
    let mut why = Why {
        figure,
        by: by.to_vec(),
        kind,
        compared: asked.ripe_for(desk, figure.metric).compared.map_or_else(String::new, |p| text::period(&p.name())),
        total: cell,
        rows: rows(kind, figure, total.get(figure.metric.id)),
        mix: f64::NAN,
        within: f64::NAN,
        simpson: false,
        groups: sided(desk, (figure, kind), by, &groups),
    };
    if why.groups.is_empty() {
        return Ok(None);
    }
    why.decompose(&groups)?;
    why.groups.sort_by(|a, b| b.weight().total_cmp(&a.weight()).then_with(|| a.names.cmp(&b.names)));
    Ok(Some(why))
}

/// Each group with rows in either period.
fn sided(desk: &Desk, (figure, kind): (Figure, Kind), by: &[&'static Dimension], groups: &Groups) -> Vec<Group> {
    let group = |&(key, readings): &(&Vec<i64>, &ByMetric)| {
        let names = by.iter().zip(key).map(|(dimension, &key)| Name::of(desk, dimension, key)).collect();
        let (cell, rows) = (figure.cell(desk, readings), rows(kind, figure, readings.get(figure.metric.id)));
        let cell = if kind == Kind::Count { counted(cell, rows) } else { cell };
        Group { names, cell, rows, mix: f64::NAN, within: f64::NAN }
    };
    groups.iter().map(group).collect()
}

/// A count whose group has none in one of the periods: there it is 0, not missing.
fn counted(cell: Cell, (before, now): (f64, f64)) -> Cell {
    Cell { value: Value::Number(now), ..cell }.compared(Some(before), Some(change::of_counts(now, before)))
}

/// How many rows a figure counts, before and now; a count counts itself.
fn rows(kind: Kind, figure: Figure, readings: Option<&Readings>) -> (f64, f64) {
    let at = if kind == Kind::Count { Some(figure.output) } else { figure.n() };
    let known = |values: Option<&Vec<f64>>| {
        let value = at.zip(values).and_then(|(at, values)| values.get(at).copied());
        value.filter(|value| value.is_finite()).unwrap_or(0.0)
    };
    (known(readings.and_then(|r| r.before.as_ref())), known(readings.map(|r| &r.now)))
}

impl Why {
    /// Fill in what each group did, and leave out those that are in neither period.
    fn decompose(&mut self, readings: &Groups) -> Result<()> {
        let decomposition = match self.kind {
            Kind::Count => None,
            Kind::Mean => decompose::mean(&self.groups.iter().map(averaged).collect::<Vec<_>>()),
            Kind::Quantile(q) => {
                let id = self.figure.metric.id;
                let samples = readings.iter().map(|(_, group)| group.get(id).and_then(|own| own.samples.as_ref()));
                let values = samples.map(|samples| match samples {
                    Some((later, earlier)) => Values { earlier: earlier.ascending(), later: later.ascending() },
                    None => Values::default(),
                });
                decompose::quantiles(&values.collect::<Vec<_>>(), q)
            }
        };
        match decomposition {
            Some(decomposition) => self.fill(&decomposition)?,
            None if self.kind == Kind::Count => {
                self.groups.iter_mut().for_each(|group| group.mix = group.rows.1 - group.rows.0);
            }
            // No group is in both periods.
            None => self.mix = self.now() - self.before(),
        }
        self.groups.retain(|group| !(group.is_new() && group.is_gone()));
        Ok(())
    }

    fn fill(&mut self, decomposition: &Decomposition) -> Result<()> {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (1.0 + b.abs());
        if !near(decomposition.earlier, self.before()) || !near(decomposition.later, self.now()) {
            let column = self.figure.column();
            bail!("`{column}` cannot be taken apart like this: its groups do not add up to the whole\nhint: {HINT}");
        }
        (self.mix, self.within, self.simpson) = (decomposition.mix, decomposition.within, decomposition.simpson);
        for (group, terms) in self.groups.iter_mut().zip(&decomposition.terms) {
            (group.mix, group.within) = (terms.mix, terms.within);
        }
        Ok(())
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small and not negative")]
fn averaged(group: &Group) -> decompose::Group {
    let whole = |rows: f64| rows.round() as u64;
    decompose::Group { n0: whole(group.rows.0), m0: group.before(), n1: whole(group.rows.1), m1: group.now() }
}
