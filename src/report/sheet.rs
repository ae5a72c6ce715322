//! What the tables of a report show, measured once for each way to split: tables that are split alike count the same
//! rows in the same weeks.
//!
//! What is measured for a figure is in `readings.rs`; cells are made of it in `figures.rs`.

use super::figures::Figure;
use super::readings::{Asked, ByMetric, Groups, read};
use crate::desk::Desk;
use crate::dimensions::Dimension;
use crate::measure::Key;
use anyhow::Result;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Figures that a table shows, split like this.
pub struct Wanted {
    pub figures: Vec<Figure>,
    pub by: Vec<&'static Dimension>,
    /// Beside what the weeks before come to.
    pub averaged: bool,
}

/// What several tables want of one way to split.
#[derive(Default)]
struct Split {
    by: Vec<&'static Dimension>,
    figures: Vec<Figure>,
    /// The metrics of which the weeks before are asked too.
    averaged: BTreeSet<&'static str>,
}

/// All readings, by the ids of the dimensions.
pub struct Sheet(BTreeMap<Vec<&'static str>, Groups>);

impl Sheet {
    /// Measure what all of these want, and the totals of what is split.
    pub fn of(desk: &Desk, wanted: &[Wanted], asked: &Asked) -> Result<Self> {
        let mut splits: BTreeMap<Vec<&'static str>, Split> = BTreeMap::new();
        for Wanted { figures, by, averaged } in wanted {
            for by in [by.as_slice(), &[]] {
                let split = splits.entry(ids(by)).or_insert_with(|| Split { by: by.to_vec(), ..Split::default() });
                split.figures.extend(figures);
                split.averaged.extend(figures.iter().filter(|_| *averaged).map(|figure| figure.metric.id));
            }
        }
        let measured = splits
            .into_par_iter()
            .map(|(ids, Split { by, figures, averaged })| Ok((ids, read(desk, &figures, &by, asked, &averaged)?)));
        Ok(Self(measured.collect::<Result<_>>()?))
    }

    /// The groups that have any of these figures, each with all readings of its own.
    pub fn groups<'s>(
        &'s self,
        figures: &'s [Figure],
        by: &[&'static Dimension],
    ) -> impl Iterator<Item = (&'s Key, &'s ByMetric)> {
        let any = |of_group: &ByMetric| figures.iter().any(|figure| of_group.contains_key(figure.metric.id));
        self.0.get(&ids(by)).into_iter().flatten().filter(move |(_, of_group)| any(of_group))
    }

    /// The readings of all rows together.
    pub fn total(&self) -> Option<&ByMetric> {
        self.0.get(&Vec::new())?.values().next()
    }
}

fn ids(by: &[&Dimension]) -> Vec<&'static str> {
    by.iter().map(|dimension| dimension.id).collect()
}
