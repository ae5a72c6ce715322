//! A table as a matrix: what stands in its squares, and which of them are shaded by how large they are.
//!
//! Shared by all formats that shade, each with grounds of its own.

use super::words;
use crate::report::text;
use crate::report::{Cell, Column, Table, Unit, Value};
use jiff::tz::TimeZone;

/// What the squares of a table have in common.
pub struct Matrix {
    /// Shares are shaded where there are any; counts beside them (the size of a cohort) are plain.
    shares: bool,
    /// The largest figure that is no share: what its unit is chosen by.
    pub most: f64,
}

impl Matrix {
    pub fn of(table: &Table) -> Self {
        let shares = table.columns.iter().any(|column| column.unit == Unit::Share);
        Self { shares, most: largest(table, |column| column.unit != Unit::Share) }
    }

    /// Whether a column of figures is shaded.
    pub fn is_shaded(&self, column: &Column) -> bool {
        !self.shares || column.unit == Unit::Share
    }

    /// The largest figure that is shaded: it has the darkest ground.
    pub fn darkest(&self, table: &Table) -> f64 {
        largest(table, |column| self.is_shaded(column))
    }

    /// What stands in a square: whole per cents, or whole units of one size, which the title says; nothing where it is
    /// not over.
    pub fn square(&self, cell: &Cell, column: &Column, zone: &TimeZone) -> String {
        let whole = |value: f64| text::figure(value, Unit::Count, zone).digits;
        match (&cell.value, cell.value.as_f64()) {
            (_, Some(value)) => match column.unit {
                Unit::Share => whole(value * 100.0),
                Unit::Seconds => whole(value / text::coarse(self.most).0),
                unit => text::figure(value, unit, zone).digits,
            },
            (Value::Text(text), _) => text.clone(),
            _ => String::new(),
        }
    }
}

/// The largest figure in these columns, 0 where there is none.
fn largest(table: &Table, is_meant: impl Fn(&Column) -> bool) -> f64 {
    let rows = words::rows(table).into_iter();
    let cells = rows.flat_map(|row| table.columns.iter().zip(&row.cells));
    cells.filter(|(column, _)| is_meant(column)).filter_map(|(_, cell)| cell.value.as_f64()).fold(0.0, f64::max)
}
