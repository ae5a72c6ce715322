//! A report in long form: a line a figure, with where it stands. CSV, TSV and the figures' sheet of XLSX are made of it.

use super::raw;
use crate::report::{Cell, Column, Row, Section, Table, Value};

/// A dimension that a row lacks; the total of a table has empty dimensions, and the two must not look alike.
const NO_NAME: &str = "(none)";
/// What stands before the dimensions.
pub const PLACE: [&str; 3] = ["section", "table", "period"];

/// One row of a table and where it stands.
pub struct Line<'a> {
    section: &'a Section,
    table: &'a Table,
    row: &'a Row,
    is_total: bool,
}

/// All rows of all tables. A table without dimensions is its own total.
pub fn lines<'r>(sections: &[&'r Section]) -> impl Iterator<Item = Line<'r>> {
    let tables = sections.iter().flat_map(|&section| section.tables.iter().map(move |table| (section, table)));
    tables.flat_map(|(section, table)| {
        let is_line = |is_total: bool| !is_total || table.dimensions() > 0 || table.rows.is_empty();
        let lines = table.lines().filter(move |(_, is_total)| is_line(*is_total));
        lines.map(move |(row, is_total)| Line { section, table, row, is_total })
    })
}

/// Ids of all dimensions of all tables, in order of first appearance.
pub fn dimensions<'r>(sections: &[&'r Section]) -> Vec<&'r str> {
    let mut ids = Vec::new();
    for table in sections.iter().flat_map(|s| &s.tables) {
        for column in &table.columns[..table.dimensions()] {
            if !ids.contains(&column.id.as_str()) {
                ids.push(column.id.as_str());
            }
        }
    }
    ids
}

impl<'a> Line<'a> {
    /// Section, table and period of a figure, and the names by which its row is told from others.
    pub fn place(&self, column: &Column, period: &str, dimensions: &[&str]) -> Vec<String> {
        let period = column.period.as_deref().unwrap_or(period);
        let mut place = vec![self.section.id.clone(), self.table.id.clone(), period.to_owned()];
        place.extend(dimensions.iter().map(|id| self.name(id)));
        place
    }

    /// The figures of the row.
    pub fn figures(&self) -> impl Iterator<Item = (&'a Column, &'a Cell)> + use<'a> {
        self.table.columns.iter().zip(&self.row.cells).skip(self.table.dimensions())
    }

    fn name(&self, dimension: &str) -> String {
        let columns = self.table.columns[..self.table.dimensions()].iter();
        match columns.zip(&self.row.cells).find(|(c, _)| c.id == dimension) {
            None => String::new(),
            Some(_) if self.is_total => String::new(),
            Some((_, Cell { value: Value::Missing, .. })) => NO_NAME.to_owned(),
            Some((column, cell)) => raw::value(&cell.value, column.unit),
        }
    }
}
