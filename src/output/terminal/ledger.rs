//! A table of one row as a line a metric: now, before, average, target, n.
//!
//! What a line says is `output/ledger.rs`; here it gets its place. A further thing said of each metric is one lane.

use super::Page;
use super::block::{Block, Item, Lane};
use super::ink::Ink;
use crate::output::ledger::{self, AVERAGE, BEFORE, COUNTED, INTERVAL, Line, TARGET};
use crate::report::text::Figure;
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
            Lane::names("", self.each(|line| name(line, beside || line.target.is_some()))),
            Lane::figures(self.now, self.each(|line| Item::figure(&line.now, Ink::Strong).mark(line.change))),
        ];
        let beyond = [
            (BEFORE, self.each(|line| quiet(line.before.as_ref()))),
            (AVERAGE, self.each(|line| quiet(line.average.as_ref()))),
            (TARGET, self.each(|line| target(line, beside))),
            (COUNTED, self.each(|line| said(line.n.as_deref()))),
            (INTERVAL, self.each(|line| said(line.interval.as_deref().filter(|_| interval)))),
        ];
        // What no metric has gets no column.
        let filled = beyond.into_iter().filter(|(_, items)| items.iter().any(|i| !i.body.is_empty()));
        lanes.extend(filled.map(|(head, items)| Lane::figures(head, items)));
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

fn quiet(figure: Option<&Figure>) -> Item {
    figure.map_or_else(Item::default, |figure| Item::figure(figure, Ink::Quiet))
}

fn said(text: Option<&str>) -> Item {
    text.map_or_else(Item::default, |text| Item::text(text, Ink::Quiet))
}

fn target(line: &Line, beside: bool) -> Item {
    match (&line.target, &line.period) {
        (Some(goal), _) => Item::figure(goal, Ink::Quiet).mark(line.met),
        (None, Some(period)) if !beside => Item::text(&format!("({period})"), Ink::Quiet),
        _ => Item::default(),
    }
}
