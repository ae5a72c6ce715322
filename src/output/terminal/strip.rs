//! A line a row: its name, its small chart, then its figures each with its word.
//!
//! Figures of one unit that no row has both of share a place: what half wait for by mail and in calls.

use super::Page;
use super::block::{Block, Item, Lane};
use super::ink::Ink;
use super::marks;
use crate::output::marks::change;
use crate::output::words;
use crate::report::text;
use crate::report::{Cell, Row, Table, Unit, Value};

/// The table's lines, within a width.
pub fn lines(page: &Page, table: &Table, width: usize) -> Vec<String> {
    let strip = Strip { page, table, rows: words::rows(table) };
    let mut lanes = strip.names();
    lanes.extend(strip.places().iter().flat_map(|place| strip.figures(place)));
    Block { lanes, repeated: table.dimensions(), ruled: false, total: false }.lines(width, page.paint)
}

struct Strip<'a> {
    page: &'a Page<'a>,
    table: &'a Table,
    rows: Vec<&'a Row>,
}

impl Strip<'_> {
    /// Names and small charts; charts of fewer periods end where the others do.
    fn names(&self) -> Vec<Lane> {
        let mut lanes = self.page.names(self.table, false);
        if self.rows.iter().any(|row| !row.series.is_empty()) {
            let chart = |row: &&Row| Item::text(&marks::sparkline(&row.series), Ink::Accent);
            lanes.push(Lane::figures("", self.rows.iter().map(chart).collect()));
        }
        lanes
    }

    /// Columns by the place where they stand.
    fn places(&self) -> Vec<Vec<usize>> {
        let mut places: Vec<Vec<usize>> = Vec::new();
        for column in self.table.dimensions()..self.table.columns.len() {
            match places.last_mut() {
                Some(place) if self.can_share(place, column) => place.push(column),
                _ => places.push(vec![column]),
            }
        }
        places
    }

    fn can_share(&self, place: &[usize], column: usize) -> bool {
        let unit = |at: usize| self.table.columns[at].unit;
        let there = |row: &&Row, at: usize| row.cells.get(at).is_some_and(|c| c.value != Value::Missing);
        let fits =
            |&at: &usize| unit(at) == unit(column) && !self.rows.iter().any(|r| there(r, at) && there(r, column));
        // A column that no row fills must not hide behind another.
        place.iter().all(fits) && self.rows.iter().any(|row| there(row, column))
    }

    /// The word and the figure; a count is followed by its word, as it is said.
    fn figures(&self, place: &[usize]) -> Vec<Lane> {
        let (mut words, mut figures) = (Vec::new(), Vec::new());
        for row in &self.rows {
            let held = |at: &&usize| row.cells.get(**at).is_some_and(|c| c.value != Value::Missing);
            let Some(&at) = place.iter().find(held).or(place.first()) else { continue };
            let column = &self.table.columns[at];
            let missing = Cell::default();
            let cell = row.cells.get(at).unwrap_or(&missing);
            let figure = match (column.unit, cell.value.as_f64()) {
                (Unit::Share, Some(share)) => text::whole_share(share),
                _ => text::value(&cell.value, column.unit, &self.page.zone),
            };
            words.push(Item::text(&column.label, Ink::Quiet));
            figures.push(Item::figure(&figure, Ink::Plain).mark(change(cell, column)));
        }
        let counts = place.iter().all(|&at| self.table.columns[at].unit == Unit::Count);
        let worded = words.iter().any(|word| !word.body.is_empty());
        let (words, figures) = (Lane::names("", words), Lane::figures("", figures));
        let wide = |lane| Lane { gap: 3, ..lane };
        let tied = |lane| Lane { gap: 1, tied: true, ..lane };
        match (worded, counts) {
            (false, _) => vec![figures],
            (true, true) => vec![wide(figures), tied(words)],
            (true, false) => vec![wide(words), tied(figures)],
        }
    }
}
