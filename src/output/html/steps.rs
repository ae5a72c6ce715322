//! Shares that only fall, as steps: how many stay, or still wait, after so long. A panel a group beside all; or, without
//! a whole to be held against, the first line in the accent and the others behind it.

use super::Page;
use super::alt::Alt;
use super::chart::Chart;
use super::markup::Markup;
use super::scale::{Line, Part, Scale};
use crate::output::words;
use crate::report::{Cell, Column, Row, Table, Unit};
use askama::Template;

/// More panels than this are read better as a table.
const MOST: usize = 16;
/// Where the plot begins and ends; below is lettering.
const PLOT: (f64, f64) = (84.0, 8.0);

struct Panel {
    name: String,
    alt: Alt,
    /// The share at the end, and when that is.
    now: String,
    /// Left, top, width and height of the interval in each step.
    interval: Vec<(Part, Part, Part, Part)>,
    behind: Vec<Line>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="panels">
{% for panel in panels %}<div class="panel"><p class="panel-head"><strong>{{ panel.name }}</strong> <span>{{ panel.now }}</span></p>
<svg class="plot" role="img" aria-labelledby="{{ panel.alt.ids() }}">{{ panel.alt.markup()? }}
{%- for (label, y) in shares %}<line class="{% if loop.last %}axis{% else %}grid{% endif %}" x1="0" x2="100%" y1="{{ y }}" y2="{{ y }}"/><text class="tick" x="0" y="{{ y }}" dy="-3">{{ label }}</text>{% endfor -%}
{%- for (x, y, width, height) in panel.interval %}<rect class="usual" x="{{ x }}" y="{{ y }}" width="{{ width }}" height="{{ height }}"/>{% endfor -%}
{%- for line in panel.behind %}<line class="behind" x1="{{ line.from.0 }}" y1="{{ line.from.1 }}" x2="{{ line.to.0 }}" y2="{{ line.to.1 }}"/>{% endfor -%}
{%- for line in panel.lines %}<line class="line" x1="{{ line.from.0 }}" y1="{{ line.from.1 }}" x2="{{ line.to.0 }}" y2="{{ line.to.1 }}"/>{% endfor -%}
{%- for (label, x, anchor) in times %}<text class="tick" x="{{ x }}" y="100%" dy="-2" text-anchor="{{ anchor }}">{{ label }}</text>{% endfor -%}
</svg></div>
{% endfor %}</div>"#
)]
struct Panels<'a> {
    panels: Vec<Panel>,
    shares: [(&'static str, Part); 3],
    times: Vec<(&'a str, Part, &'static str)>,
}

/// The columns of shares, and where they stand.
struct Plot<'a> {
    page: &'a Page<'a>,
    table: &'a Table,
    /// Index of the first share.
    from: usize,
    x: Scale,
    y: Scale,
}

/// A panel a group; nothing where there is too little or too much of it.
pub fn chart(page: &Page, table: &Table) -> askama::Result<Option<Chart>> {
    let Some(from) = table.columns.iter().position(|column| column.unit == Unit::Share) else { return Ok(None) };
    let times = &table.columns[from..];
    if times.len() < 2 || table.rows.is_empty() || table.rows.len() > MOST {
        return Ok(None);
    }
    // The first place is the beginning, where all are there.
    let x = Scale::places(times.len() + 1, (0.0, 100.0));
    let plot = Plot { page, table, from, x, y: Scale::new((0.0, 1.0), PLOT) };
    let (panels, key) = match &table.total {
        Some(all) => {
            let panels = table.rows.iter().map(|row| plot.panel(row, &[all])).collect();
            (panels, vec![format!("grey: {}", words::TOTAL), "shaded: 95 % interval".to_owned()])
        }
        None => {
            let behind: Vec<&Row> = table.rows.iter().skip(1).collect();
            let named = behind.iter().map(|row| format!("grey: {}", plot.name(row))).collect();
            (vec![plot.panel(&table.rows[0], &behind)], named)
        }
    };
    let shares = [("100 %", 1.0), ("50 %", 0.5), ("", 0.0)].map(|(label, share)| (label, plot.y.at(share)));
    let times = labelled(times, x);
    let class = if table.total.is_some() { "wide" } else { "plotted" };
    let drawing = Markup::of(&Panels { panels, shares, times })?;
    Ok(Some(Chart { title: [table.title.clone(), String::new()], drawing, key, class }))
}

/// Every time where there are few, else some of them, evenly.
fn labelled(times: &[Column], x: Scale) -> Vec<(&str, Part, &'static str)> {
    let every = times.len().div_ceil(5);
    let shown = times.iter().enumerate().filter(|(nth, _)| (nth + 1) % every == 0);
    let anchor = |nth: usize| if nth + 1 == times.len() { "end" } else { "middle" };
    shown.map(|(nth, column)| (column.label.as_str(), x.nth(nth + 1), anchor(nth))).collect()
}

impl Plot<'_> {
    fn name(&self, row: &Row) -> String {
        words::names(self.table, row, false, &self.page.zone).join(" · ")
    }

    fn cells<'r>(&self, row: &'r Row) -> impl Iterator<Item = &'r Cell> + use<'r> {
        row.cells.iter().skip(self.from)
    }

    fn panel(&self, row: &Row, behind: &[&Row]) -> Panel {
        let name = self.name(row);
        let columns = &self.table.columns[self.from..];
        let known: Vec<(&Cell, &Column)> =
            self.cells(row).zip(columns).filter(|(cell, _)| cell.value.as_f64().is_some()).collect();
        let said = |(cell, column): &(&Cell, &Column)| {
            format!("{} after {}", words::figure(cell, column, &self.page.zone), column.label)
        };
        let half = known.iter().find(|(cell, _)| cell.value.as_f64().is_some_and(|share| share < 0.5));
        let now = known.last().map_or_else(String::new, said);
        let shows = [
            known.first().map(said),
            half.map(|(_, column)| format!("less than half after {}", column.label)),
            known.last().filter(|_| known.len() > 1).map(said),
        ];
        Panel {
            alt: Alt::new(self.page, format!("{}: {name}", self.table.title), shows),
            now,
            interval: self.interval(row),
            behind: behind.iter().flat_map(|row| self.steps(row)).collect(),
            lines: self.steps(row),
            name,
        }
    }

    /// Level until the next time, then down to what is left there.
    fn steps(&self, row: &Row) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut level = self.y.at(1.0);
        for (nth, share) in self.cells(row).map_while(|cell| cell.value.as_f64()).enumerate() {
            let (from, to, below) = (self.x.nth(nth), self.x.nth(nth + 1), self.y.at(share));
            lines.push(Line { from: (from, level), to: (to, level) });
            lines.push(Line { from: (to, level), to: (to, below) });
            level = below;
        }
        lines
    }

    /// From each time to the next.
    fn interval(&self, row: &Row) -> Vec<(Part, Part, Part, Part)> {
        let width = Part(self.x.nth(1).0 - self.x.nth(0).0);
        let last = self.table.columns.len() - self.from;
        let band = |(nth, cell): (usize, &Cell)| {
            let (low, high) = (self.y.at(cell.low?).0, self.y.at(cell.high?).0);
            (nth + 1 < last).then(|| (self.x.nth(nth + 1), Part(high), width, Part(low - high)))
        };
        self.cells(row).enumerate().filter_map(band).collect()
    }
}
