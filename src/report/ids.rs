//! `table --ids`: the interactions behind each count of a table, a row each, after the names of its group.
//!
//! Which rows a count is made of is found in `measure/counted.rs`.

use super::Report;
use super::figures::{Figure, Name};
use super::readings::Asked;
use crate::columns::{Codes, Data, Kind, Texts, Words};
use crate::desk::Desk;
use crate::dimensions::Dimension;
use crate::measure::counted;
use crate::rows::{Column, Rows};
use anyhow::{Result, bail};

/// All figures count interactions.
pub fn check(figures: &[Figure]) -> Result<()> {
    let counts = |figure: &&Figure| figure.metric.counts_interactions(figure.output);
    let Some(other) = figures.iter().find(|figure| !counts(figure)) else { return Ok(()) };
    let column = other.column();
    let n = other.metric.n().filter(|&n| other.metric.counts_interactions(n));
    let hint = n.map_or_else(
        || "counts such as contacts, frt_n, resolved and backlog have them".to_owned(),
        |n| format!("`{}` counts those that it is of", other.metric.column(&other.metric.outputs[n])),
    );
    bail!("`{column}` does not count interactions one by one, so there are no ids behind it\nhint: {hint}")
}

/// The interactions behind the figures, by group, then by figure, then by time.
pub fn rows(desk: &Desk, figures: &[Figure], by: &[&'static Dimension], asked: &Asked) -> Result<Rows<'static>> {
    let asked = asked.in_series(by);
    let mut groups: Vec<(Vec<Name>, usize, Vec<u32>)> = Vec::new();
    for (nth, figure) in figures.iter().enumerate() {
        let window = asked.ripe_for(desk, figure.metric).window(desk);
        for (key, rows) in counted(desk, (figure.metric, figure.output), by, &window)? {
            let names = by.iter().zip(&key).map(|(dimension, &key)| Name::of(desk, dimension, key)).collect();
            groups.push((names, nth, rows));
        }
    }
    groups.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let mut names: Vec<Named> = by.iter().map(|dimension| Named::new(dimension.id)).collect();
    let (mut metric, mut source, mut ids) = (Named::new("metric"), Named::new("source"), Texts::default());
    for (group, nth, rows) in &groups {
        let figure = figures[*nth].column();
        for &row in rows {
            names.iter_mut().zip(group).for_each(|(column, name)| column.push(&name.text));
            metric.push(&figure);
            source.push(desk.facts.table.word("source", row as usize));
            ids.push(&desk.facts.table.text("interaction_id", row as usize).into_cow());
        }
    }
    let rows = (0..).take(ids.len()).collect();
    // Ids are of a source; where the table is split by it, it is there already.
    let source = Some(source).filter(|source| by.iter().all(|dimension| dimension.id != source.name));
    let mut columns: Vec<Column> = names.into_iter().chain([metric]).chain(source).map(Named::column).collect();
    columns.push(Column::new("interaction_id", Kind::Text, Data::Text(ids)));
    Ok(Rows { name: "ids", about: Report::default(), columns, rows })
}

/// A column of words that is being filled.
struct Named {
    name: &'static str,
    codes: Codes,
    words: Words,
}

impl Named {
    fn new(name: &'static str) -> Self {
        Self { name, codes: Codes::default(), words: Words::default() }
    }

    fn push(&mut self, word: &str) {
        self.codes.push(self.words.code(word));
    }

    fn column(self) -> Column<'static> {
        Column::new(self.name, Kind::Word, Data::Word { codes: self.codes, words: self.words.into() })
    }
}
