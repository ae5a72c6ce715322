//! A table of one row as a line a metric: now, before, average, target, n.
//!
//! The unit is said once a line, beside the first figure. A further thing said of each metric is one column here.

use super::Page;
use super::block::{Block, Item, Lane};
use super::ink::Ink;
use super::marks;
use crate::report::text::{self, Figure};
use crate::report::{Cell, Column, Row, Table, Unit};

/// Heading of the figures where the table has no title.
const NOW: &str = "this week";
const BEFORE: &str = "before";
const AVERAGE: &str = "4 weeks";
const TARGET: &str = "target";
const COUNTED: &str = "n";
const INTERVAL: &str = "95 % interval";

/// The table's lines, within a width.
pub fn lines(page: &Page, table: &Table, row: &Row, width: usize) -> Vec<String> {
    let ledger = Ledger { page, table, row };
    // A period of its own is said beside the name, or in the place of the target where that is too wide.
    let candidates = [(true, true), (false, true), (false, false)];
    let blocks = candidates.map(|(interval, beside)| ledger.block(interval, beside));
    let fitting = blocks.iter().find(|block| block.natural_width() <= width);
    fitting.unwrap_or(&blocks[2]).lines(width, page.paint)
}

struct Ledger<'a> {
    page: &'a Page<'a>,
    table: &'a Table,
    row: &'a Row,
}

impl Ledger<'_> {
    fn block(&self, interval: bool, beside: bool) -> Block {
        let now = if self.table.title.is_empty() { NOW } else { &self.table.title };
        let mut lanes = vec![
            Lane::names("", self.each(|column, cell| self.name(column, beside || cell.goal.is_some()))),
            Lane::figures(now, self.each(|column, cell| self.now(column, cell))),
        ];
        let beyond = [
            (BEFORE, self.each(|column, cell| self.beside(column, cell, cell.previous))),
            (AVERAGE, self.each(|column, cell| self.beside(column, cell, cell.average))),
            (TARGET, self.each(|column, cell| self.target(column, cell, beside))),
            (COUNTED, self.each(|_, cell| counted(cell))),
            (INTERVAL, if interval { self.each(|column, cell| self.interval(column, cell)) } else { Vec::new() }),
        ];
        // What no metric has gets no column.
        let filled = beyond.into_iter().filter(|(_, items)| items.iter().any(|i| !i.body.is_empty()));
        lanes.extend(filled.map(|(head, items)| Lane::figures(head, items)));
        Block { lanes, repeated: 1, ruled: false, total: false }
    }

    fn each(&self, item: impl Fn(&Column, &Cell) -> Item) -> Vec<Item> {
        self.table.columns.iter().zip(&self.row.cells).map(|(column, cell)| item(column, cell)).collect()
    }

    /// The period of a figure that is not of the report's.
    fn own_period(&self, column: &Column) -> Option<String> {
        let period = column.period.as_deref().filter(|period| *period != self.page.report.provenance.period)?;
        Some(format!("({})", text::period(period)))
    }

    fn name(&self, column: &Column, with_period: bool) -> Item {
        let indent = if column.indent { "  " } else { "" };
        let period = self.own_period(column).filter(|_| with_period).map(|p| format!(" {p}")).unwrap_or_default();
        Item::text(&format!("{indent}{}{period}", column.label), Ink::Plain)
    }

    fn now(&self, column: &Column, cell: &Cell) -> Item {
        let figure = text::value(&cell.value, column.unit, &self.page.zone);
        Item::figure(&figure, Ink::Strong).mark(marks::change(cell, column))
    }

    /// A figure beside the first, which has said the unit if it is there.
    fn beside(&self, column: &Column, cell: &Cell, value: Option<f64>) -> Item {
        value.map_or_else(Item::default, |v| Item::figure(&self.quiet(column, cell, v), Ink::Quiet))
    }

    fn quiet(&self, column: &Column, cell: &Cell, value: f64) -> Figure {
        let read = |v| text::figure(v, column.unit, &self.page.zone);
        match cell.value.as_f64() {
            Some(now) => read(value).after(&read(now), column.unit),
            None => read(value),
        }
    }

    fn target(&self, column: &Column, cell: &Cell, beside: bool) -> Item {
        match (cell.goal, self.own_period(column)) {
            (Some(goal), _) => {
                let mark = marks::target(cell, column.better);
                Item::figure(&self.quiet(column, cell, goal).trimmed(), Ink::Quiet).mark(mark)
            }
            (None, Some(period)) if !beside => Item::text(&period, Ink::Quiet),
            _ => Item::default(),
        }
    }

    fn interval(&self, column: &Column, cell: &Cell) -> Item {
        let (Some(low), Some(high)) = (cell.low, cell.high) else { return Item::default() };
        let read = |v| self.quiet(column, cell, v).to_string();
        // A minus sign and a dash would be hard to tell apart, and so would `1 h 34-2 h 10`.
        let to = if low < 0.0 || column.unit == Unit::Seconds { " to " } else { "-" };
        Item::text(&format!("{}{to}{}", read(low), read(high)), Ink::Quiet)
    }
}

fn counted(cell: &Cell) -> Item {
    cell.n.map_or_else(Item::default, |n| Item::text(&text::count(n), Ink::Quiet))
}
