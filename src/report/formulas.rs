//! The service level by each of the seven formulas in use, side by side: one desk, seven numbers (metrics.md §3).
//!
//! The formulas are `metrics::FORMULAS`; what each comes to is measured as any metric is.

use super::readings::Asked;
use super::sections::Made;
use super::{Better, Cell, Column, Row, Table, Unit, Value};
use crate::desk::Desk;
use crate::measure::{measure, only};
use crate::metrics::{self, FORMULAS};
use anyhow::{Context, Result};

/// The metric that holds all of them.
const ALL: &str = "service_level_by_formula";

/// The same as a table of a section; none without calls.
pub fn side_by_side(desk: &Desk, asked: &Asked) -> Made {
    let table = compared(desk, asked).unwrap_or_default();
    let any = table.rows.iter().any(|row| row.cells.get(1).is_some_and(|cell| cell.value != Value::Missing));
    let table = Table { id: "service_levels".into(), title: "Service level by formula".into(), ..table };
    Made { table: if any { table } else { Table::default() }, ..Made::default() }
}

/// A line a formula: its name, what it comes to, the calls that it divides by, what it divides and where it is usual.
pub fn compared(desk: &Desk, asked: &Asked) -> Result<Table> {
    let metric = metrics::find(ALL).context("internal: no metric of all formulas")?;
    let measured = measure(desk, metric, &[], &asked.window(desk))?;
    let values = only(&measured).unwrap_or_default();
    let own = desk.settings.service_level.formula;
    let line = |(nth, formula): (usize, &metrics::FormulaWords)| {
        let level = Cell { n: None, ..Cell::number(values.get(2 * nth).copied()) };
        let calls = Cell::number(values.get(2 * nth + 1).copied());
        let name = if formula.formula == own { format!("{} (yours)", formula.name) } else { formula.name.to_owned() };
        let usual = if formula.usual_at.is_empty() { "" } else { ": " };
        let words = format!("{}{usual}{}", formula.words, formula.usual_at);
        let cells = vec![Cell::text(name), level, calls, Cell::text(words)];
        Row { cells, series: Vec::new() }
    };
    let columns = vec![
        Column::name("formula", "Formula"),
        Column::figure("service_level", "in time", Unit::Share, Better::Up),
        Column::figure("service_level_n", "of", Unit::Count, Better::Neither),
        Column::name("words", "What it divides, and where it is usual"),
    ];
    Ok(Table { id: "table".into(), columns, rows: FORMULAS.iter().enumerate().map(line).collect(), ..Table::default() })
}
