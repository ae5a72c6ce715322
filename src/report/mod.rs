//! The report as data: what every command makes and every output format writes.
//!
//! Plain types only: no polars, no words for people beyond titles and sentences, no bytes. Sections
//! are made in the files beside this one; formats are in `output/`.

mod agents;
pub mod catalogue;
mod change;
pub mod check;
pub mod customers;
pub mod drafted;
mod experience;
pub mod figures;
pub mod flow;
pub mod formulas;
mod heat;
mod hours;
pub mod ids;
mod journeys;
pub mod page;
mod provenance;
pub mod readings;
mod retention;
pub mod sections;
mod sheet;
mod summary;
pub mod suppress;
mod survival;
mod tags;
pub mod text;
mod vendor;
mod verdicts;
mod waiting;
mod weeks;
pub mod why;

pub use crate::unit::{Better, Unit};
pub use provenance::{InputUsed, Provenance};

use crate::notice::Notice;
use std::cmp::Ordering;

/// A whole answer: of `report`, `table`, `check`, `list` or `explain`.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// `Week 46, 9-15 Nov 2026, Europe/London`
    pub title: String,
    /// `data to Sun 15 Nov 23:41`
    pub subtitle: String,
    pub provenance: Provenance,
    pub sections: Vec<Section>,
    /// What the reader should know about the data: goes with every report, and to standard error.
    pub notices: Vec<Notice>,
}

/// A part of a report with a title of its own; `--only` and `--skip` name its id.
#[derive(Debug, Clone, Default)]
pub struct Section {
    pub id: String,
    /// Empty on page one, which has the report's title.
    pub title: String,
    /// Sentences above the tables.
    pub summary: Vec<String>,
    pub tables: Vec<Table>,
    /// Sentences below: what was left out and why, how a figure is defined.
    pub notes: Vec<String>,
}

/// How people are shown a table; machine formats do not care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// A line a row, a column a metric.
    #[default]
    Grid,
    /// The same; where there are charts, the first figure is drawn, a bar a row.
    Bars,
    /// The same, where rows of one name follow each other in time: the last name is the period.
    Lines,
    /// The same, of a change taken apart: before, now, and the differences that lead from one to the other. The total
    /// is the whole.
    Waterfall,
    /// A table of one row, shown as a line a metric: this period, before, average, target, n.
    Ledger,
    /// A line a row: first its name, then its small chart, then its cells in words.
    Strip,
    /// Rows and columns of shares, shaded.
    Heat,
    /// The same, where columns follow each other in time and shares only fall.
    Steps,
}

/// Rows of figures.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub id: String,
    pub title: String,
    pub layout: Layout,
    /// The dimensions come first, then the figures.
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// The periods that the rows' series are of, oldest first, as machine formats name them; or those from the first row
    /// to the last, where rows follow each other in time.
    pub periods: Vec<String>,
    /// Computed from the rows of data, never from `rows`.
    pub total: Option<Row>,
}

impl Table {
    /// A table of words alone.
    pub fn worded(id: &str, title: &str, columns: &[(&str, &str)], rows: impl Iterator<Item = Vec<String>>) -> Self {
        let columns = columns.iter().map(|(id, label)| Column::name(id, label)).collect();
        let row = |cells: Vec<String>| Row { cells: cells.into_iter().map(Cell::text).collect(), series: Vec::new() };
        Self { id: id.into(), title: title.into(), columns, rows: rows.map(row).collect(), ..Self::default() }
    }

    /// How many of the columns are dimensions: the leading names. A table of nothing but text has one.
    pub fn dimensions(&self) -> usize {
        let names = self.columns.iter().take_while(|c| c.unit == Unit::Text).count();
        if names == self.columns.len() { names.min(1) } else { names }
    }

    /// Rows as they are shown, and whether each is the total, which is the last.
    pub fn lines(&self) -> impl Iterator<Item = (&Row, bool)> {
        self.rows.iter().map(|row| (row, false)).chain(self.total.iter().map(|row| (row, true)))
    }

    /// A figure over time: a cell's own series, or its row's, which is of the first figure.
    pub fn points(&self, row: &Row, column: usize) -> Vec<Point> {
        let own = row.cells.get(column).map_or(&[][..], |cell| &cell.series);
        if own.is_empty() && column == self.dimensions() {
            let point = |(period, value): (&String, &Option<f64>)| Point { period: period.clone(), value: *value };
            return self.periods.iter().zip(&row.series).map(point).collect();
        }
        own.to_vec()
    }
}

/// One line of a table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// As many as the table has columns.
    pub cells: Vec<Cell>,
    /// The headline figure over the last periods, oldest first, for a small chart; empty where there is none.
    pub series: Vec<Option<f64>>,
}

/// A figure in one of several periods that follow each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// As the machine formats name it: `2026-W46`.
    pub period: String,
    pub value: Option<f64>,
}

/// What a column holds and how people read it.
#[derive(Debug, Clone)]
pub struct Column {
    /// `channel`, `frt_p50`
    pub id: String,
    /// `Channel`, `half within`
    pub label: String,
    pub unit: Unit,
    pub better: Better,
    /// The period that the figures are of, where it is not the report's (`2026-W45`).
    pub period: Option<String>,
    /// Ledger only: a line that belongs to the one above it.
    pub indent: bool,
    /// Of differences, the size of the figures that differ: people read them with their sign, and no finer than those.
    pub size: Option<f64>,
    /// Never parted from the column before it.
    pub tied: bool,
}

impl Column {
    /// A column of names: a dimension.
    pub fn name(id: &str, label: &str) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            unit: Unit::Text,
            better: Better::Neither,
            period: None,
            indent: false,
            size: None,
            tied: false,
        }
    }

    /// A column of figures.
    pub fn figure(id: &str, label: &str, unit: Unit, better: Better) -> Self {
        Self { id: id.into(), label: label.into(), unit, better, period: None, indent: false, size: None, tied: false }
    }

    /// The same, always beside the column before it.
    pub fn tied(self) -> Self {
        Self { tied: true, ..self }
    }

    /// A column of differences between figures of this unit and size.
    pub fn difference(id: &str, label: &str, unit: Unit, size: f64) -> Self {
        Self { size: Some(size), ..Self::figure(id, label, unit, Better::Neither) }
    }
}

/// One figure with what is said beside it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    pub value: Value,
    /// How many rows it counts.
    pub n: Option<u64>,
    /// The same figure of the period compared with.
    pub previous: Option<f64>,
    /// How many rows that one counts.
    pub previous_n: Option<u64>,
    /// True where the change against `previous` could be chance: shown as `~` in place of an arrow.
    pub chance: bool,
    /// 95 % interval of the change against `previous`.
    pub change_low: Option<f64>,
    pub change_high: Option<f64>,
    /// The limits within which the weeks before let expect it: outside of them it is unusual, shown as `⇑` or `⇓`.
    pub usual: Option<(f64, f64)>,
    /// The same figure over the four weeks before.
    pub average: Option<f64>,
    /// The same figure in the weeks before and in its own, oldest first; empty where it is not asked for.
    pub series: Vec<Point>,
    /// The goal from the settings.
    pub goal: Option<f64>,
    /// How many rows stand behind it, now and before, where `n` does not tell: the part that a share of all is. No
    /// format shows it; what is left out is judged by it.
    pub behind: Option<u64>,
    pub previous_behind: Option<u64>,
    /// 95 % interval.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Why it is missing, or what it leaves out.
    pub note: Option<String>,
}

/// A value, raw.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// No observation: `–`, an empty cell, null. Never zero.
    #[default]
    Missing,
    Text(String),
    Count(i64),
    Number(f64),
}

impl Value {
    /// A number, missing where it is not finite.
    pub fn number(value: Option<f64>) -> Self {
        value.filter(|v| v.is_finite()).map_or(Self::Missing, Self::Number)
    }

    /// As a name; empty where it is none.
    pub fn as_text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    /// As a number, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            Self::Count(n) => Some(*n as f64),
            Self::Number(v) => Some(*v),
            Self::Missing | Self::Text(_) => None,
        }
    }
}

impl Cell {
    /// A name.
    pub fn text(text: impl Into<String>) -> Self {
        Self { value: Value::Text(text.into()), ..Self::default() }
    }

    /// A count.
    pub fn count(n: u64) -> Self {
        Self { value: Value::Count(i64::try_from(n).unwrap_or(i64::MAX)), ..Self::default() }
    }

    /// A number, missing where there is none.
    pub fn number(value: Option<f64>) -> Self {
        Self { value: Value::number(value), ..Self::default() }
    }

    /// Whether it lies above or below its usual limits; `None` where it is nothing unusual.
    pub fn unusual(&self) -> Option<Ordering> {
        let ((low, high), value) = self.usual.zip(self.value.as_f64())?;
        match () {
            () if value > high => Some(Ordering::Greater),
            () if value < low => Some(Ordering::Less),
            () => None,
        }
    }
}
