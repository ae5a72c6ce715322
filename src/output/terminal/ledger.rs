//! A table of one row as a line a metric: now, before, average, target, n.
//!
//! What a line says is `output/ledger.rs`; here it gets its place. A further thing said of each metric is one lane.

use super::Page;
use super::block::{Block, Item, Lane};
use super::ink::Ink;
use crate::output::ledger::{self, Beside, HEADS, INTERVAL, Line, TARGET};
use crate::report::{Row, Table};

/// The table's lines, within a width.
pub fn lines(page: &Page, table: &Table, row: &Row, width: usize) -> Vec<String> {
    let ledger = Ledger { lines: ledger::lines(page.report, table, row, &page.zone), now: ledger::heading(table) };
    // A period of its own is said beside the name, or in the place of the target where that is too wide.
    let candidates = [(true, true), (false, true), (false, false)];
    let blocks = candidates.map(|(interval, beside)| ledger.block(interval, beside));
    let fitting = blocks.iter().find(|block| block.natural_width() <= width);
    fitting.unwrap_or(&blocks[2]).lines(width, page.paint)
}

struct Ledger<'a> {
    lines: Vec<Line<'a>>,
    now: &'a str,
}

impl Ledger<'_> {
    fn block(&self, interval: bool, beside: bool) -> Block {
        let mut lanes = vec![
            Lane::names("", self.each(|line| name(line, beside || has_target(line)))),
            Lane::figures(self.now, self.each(|line| Item::figure(&line.now, Ink::Strong).mark(line.change))),
        ];
        let wanted = HEADS.into_iter().enumerate().filter(|(_, head)| interval || *head != INTERVAL);
        let lane = |(at, head)| Lane::figures(head, self.each(|line| item(line, &line.beside[at], beside)));
        // What no metric has gets no column.
        let filled = |lane: &Lane| lane.items.iter().any(|item| !item.body.is_empty());
        lanes.extend(wanted.map(lane).filter(filled));
        Block { lanes, repeated: 1, ruled: false, total: false }
    }

    fn each(&self, item: impl Fn(&Line) -> Item) -> Vec<Item> {
        self.lines.iter().map(item).collect()
    }
}

fn name(line: &Line, with_period: bool) -> Item {
    let indent = if line.column.indent { "  " } else { "" };
    let period = line.period.as_ref().filter(|_| with_period).map(|period| format!(" ({period})"));
    Item::text(&format!("{indent}{}{}", line.column.label, period.unwrap_or_default()), Ink::Plain)
}

fn has_target(line: &Line) -> bool {
    line.beside.iter().any(|beside| beside.head == TARGET && beside.figure.is_some())
}

/// A figure beside the one that counts; a period that is not said beside the name takes the place of the target.
fn item(line: &Line, of: &Beside, beside: bool) -> Item {
    match (&of.figure, &line.period) {
        (Some(figure), _) => Item::figure(figure, Ink::Quiet).mark(of.mark),
        (None, Some(period)) if !beside && of.head == TARGET => Item::text(&format!("({period})"), Ink::Quiet),
        _ => Item::default(),
    }
}
