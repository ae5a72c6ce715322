//! Blocks of aligned columns: the one layout that ledgers, strips, grids and matrices share, drawn by comfy-table.
//!
//! A figure is aligned by its last digit; its unit and its mark hang to the right, as parts of its cell. Where a block
//! is too wide, names are cut first, then columns are stacked in groups beneath each other (`fit.rs`), each drawn as a
//! table; nothing is dropped.

use super::fit::{self, Size};
use super::ink::{Ink, Paint};
use super::line::{cut, width, wrap};
use crate::output::marks::Mark;
use crate::output::words::visible;
use crate::report::text::Figure;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, LineStyle, Table, Width};

/// Headings are wrapped rather than make a column of short figures wider than this.
const HEAD: usize = 12;
/// The thin line below headings and above the total.
const RULE: LineStyle = LineStyle::none().fill('─');

/// One cell as it is shown.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// Text, or the digits of a figure.
    pub body: String,
    pub unit: &'static str,
    pub mark: Mark,
    pub ink: Ink,
}

impl Item {
    /// Text from anywhere, made inert.
    pub fn text(text: &str, ink: Ink) -> Self {
        Self { body: visible(text), ink, ..Self::default() }
    }

    /// A figure.
    pub fn figure(figure: &Figure, ink: Ink) -> Self {
        Self { body: visible(&figure.digits), unit: figure.unit, ink, ..Self::default() }
    }

    /// The same with a mark beside it.
    pub fn mark(mut self, mark: Mark) -> Self {
        self.mark = mark;
        self
    }
}

/// What is done with a column that is too wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Excess {
    /// Nothing: figures are whole.
    #[default]
    Keep,
    /// The middle is cut out.
    Cut,
    /// Text goes on in the next line.
    Wrap,
}

/// One column.
#[derive(Debug, Clone, Default)]
pub struct Lane {
    pub head: String,
    /// Text is left-aligned, figures by their last digit.
    pub left: bool,
    /// Spaces before it.
    pub gap: u16,
    pub excess: Excess,
    /// Never parted from the column before it.
    pub tied: bool,
    pub items: Vec<Item>,
}

impl Lane {
    /// A column of text.
    pub fn names(head: &str, items: Vec<Item>) -> Self {
        Self { head: visible(head), left: true, gap: 2, excess: Excess::Cut, tied: false, items }
    }

    /// A column of figures.
    pub fn figures(head: &str, items: Vec<Item>) -> Self {
        Self { head: visible(head), left: false, gap: 2, excess: Excess::Keep, tied: false, items }
    }

    /// What it takes when nothing presses.
    pub fn size(&self) -> Size {
        let most = |of: fn(&Item) -> usize| self.items.iter().map(of).max().unwrap_or(0);
        let marked = |item: &Item| if item.mark.0.is_empty() { 0 } else { width(item.mark.0) + 1 };
        let mut size = Size { body: most(|i| width(&i.body)), unit: most(|i| width(i.unit)), mark: most(marked) };
        let lines = wrap(&self.head, size.text().max(HEAD));
        let head = lines.iter().map(|line| width(line)).max().unwrap_or(0);
        // comfy-table knows no column of no width.
        size.body += head.max(1).saturating_sub(size.text());
        size
    }
}

/// Columns that belong together.
#[derive(Debug, Clone, Default)]
pub struct Block {
    pub lanes: Vec<Lane>,
    /// How many of the first columns are said again in each group.
    pub repeated: usize,
    /// A thin line below the headings.
    pub ruled: bool,
    /// The last row is set off from the others.
    pub total: bool,
}

impl Block {
    /// The width when nothing presses.
    pub fn natural_width(&self) -> usize {
        let sizes: Vec<Size> = self.lanes.iter().map(Lane::size).collect();
        fit::total(self, &sizes, &(0..self.lanes.len()).collect::<Vec<_>>())
    }

    /// Lines of at most `limit` columns, an empty one between groups.
    pub fn lines(&self, limit: usize, paint: Paint) -> Vec<String> {
        let (sizes, groups) = fit::fit(self, limit);
        let drawn = groups.iter().map(|lanes| Group { block: self, sizes: &sizes, lanes, paint }.lines());
        drawn.collect::<Vec<_>>().join(&String::new())
    }
}

/// Columns that stand side by side.
struct Group<'a> {
    block: &'a Block,
    sizes: &'a [Size],
    lanes: &'a [usize],
    paint: Paint,
}

impl Group<'_> {
    fn lines(&self) -> Vec<String> {
        let rows = self.block.lanes.iter().map(|lane| lane.items.len()).max().unwrap_or(0);
        // comfy-table parts all rows or none: the total is in a table of its own, with the row that it is parted from.
        let parted = if self.block.total { rows.saturating_sub(2) } else { rows };
        let (mut above, mut below) = (Table::new(), Table::new());
        above.load_style(if self.block.ruled { NOTHING.header_separator(RULE) } else { NOTHING });
        below.load_style(NOTHING.row_separator(RULE));
        if self.lanes.iter().any(|&i| !self.block.lanes[i].head.is_empty()) {
            above.set_header(self.heads());
        }
        above.add_rows((0..parted).map(|row| self.row(row)));
        below.add_rows((parted..rows).map(|row| self.row(row)));
        [above, below].into_iter().flat_map(|table| self.drawn(table)).collect()
    }

    /// A table's lines without the spaces at their ends; its rules, for which comfy-table has no ink, in theirs.
    fn drawn(&self, mut table: Table) -> Vec<String> {
        for (column, &i) in table.column_iter_mut().zip(self.lanes) {
            let lane = &self.block.lanes[i];
            let gap = if column.index == 0 { 0 } else { lane.gap };
            let room = u16::try_from(self.sizes[i].all()).unwrap_or(u16::MAX).saturating_add(gap);
            column.set_padding((gap, 0)).set_constraint(ColumnConstraint::Absolute(Width::Fixed(room)));
            column.set_cell_alignment(if lane.left { CellAlignment::Left } else { CellAlignment::Right });
        }
        let rule = |line: &str| line.chars().all(|c| Some(c) == RULE.fill);
        let inked = |line: &str| self.paint.with(if rule(line) { Ink::Quiet } else { Ink::Plain }, line);
        table.force_no_tty().lines().map(|line| inked(line.trim_end())).collect()
    }

    /// Headings, standing on the line below them, each over digits and unit together.
    fn heads(&self) -> Vec<String> {
        let wrapped = self.lanes.iter().map(|&i| wrap(&self.block.lanes[i].head, self.sizes[i].text()));
        let wrapped: Vec<Vec<String>> = wrapped.collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |(lines, &i): (&Vec<String>, &usize)| {
            let beside = " ".repeat(self.sizes[i].mark);
            let lines: Vec<String> = lines.iter().map(|line| self.paint.with(Ink::Quiet, line) + &beside).collect();
            "\n".repeat(height - lines.len()) + &lines.join("\n")
        };
        wrapped.iter().zip(self.lanes).map(cell).collect()
    }

    fn row(&self, row: usize) -> Vec<String> {
        let cell = |&i: &usize| self.block.lanes[i].items.get(row).map(|item| self.cell(item, i)).unwrap_or_default();
        self.lanes.iter().map(cell).collect()
    }

    /// Body, unit and mark, with spaces for what others of the column have; lines of their own where text is wrapped.
    fn cell(&self, item: &Item, lane: usize) -> String {
        let size = self.sizes[lane];
        let body = match self.block.lanes[lane].excess {
            Excess::Wrap => wrap(&item.body, size.body).join("\n"),
            Excess::Cut | Excess::Keep => cut(&item.body, size.body),
        };
        let [body, unit] = [&body, item.unit].map(|text| self.paint.with(item.ink, text));
        let (glyph, tone) = item.mark;
        let (after, before) = (size.unit.saturating_sub(width(item.unit)), size.mark.saturating_sub(width(glyph)));
        format!("{body}{unit}{:after$}{:before$}{}", "", "", self.paint.with(tone.into(), glyph))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(body: &str, unit: &'static str) -> Item {
        Item { body: body.into(), unit, ..Item::default() }
    }

    fn block(names: [&str; 2], figures: usize) -> Block {
        let mut lanes = vec![Lane::names("Team", names.map(|n| Item::text(n, Ink::Plain)).into())];
        let items = || vec![figure("412", ""), figure("2 h 10", " min")];
        lanes.extend((0..figures).map(|i| Lane::figures(&format!("within {i}"), items())));
        Block { lanes, repeated: 1, ruled: true, total: false }
    }

    const BLANK: Paint = Paint { color: false };

    #[test]
    fn last_digits_stand_below_each_other() {
        let lines = block(["Mail", "Chat"], 1).lines(80, BLANK);
        assert_eq!(
            lines,
            ["Team    within 0", "────────────────", "Mail     412", "Chat  2 h 10 min"],
            "{}",
            lines.join("\n")
        );
    }

    #[test]
    fn a_block_too_wide_is_stacked_with_its_names_repeated() {
        for limit in [24, 40, 80] {
            let lines =
                block(["Customer Success Europe and Africa", "カスタマーサポート東京本社"], 9).lines(limit, BLANK);
            assert!(lines.iter().all(|line| width(line) <= limit), "{}", lines.join("\n"));
            let text = lines.join("\n");
            assert!((0..9).all(|i| text.contains(&format!("within {i}")) || limit == 24), "{text}");
        }
    }
}
