//! Figures over time: a panel a group and figure, a line through its periods, gaps where nothing is known, the target
//! dashed.

use super::Page;
use super::alt::{self, Alt};
use super::chart::Chart;
use super::markup::Markup;
use super::scale::{self, Line, Part, Scale, alone, extent};
use crate::output::words;
use crate::report::text;
use crate::report::{Cell, Column, Row, Table, Unit};
use askama::Template;

/// More panels than this are read better as a table.
const MOST: usize = 16;
/// Of more periods than this not every one has a dot, and the chart takes the whole width.
const MANY: usize = 14;
/// Fewer periods say nothing.
const FEWEST: usize = 3;

struct Panel {
    name: String,
    alt: Alt,
    now: String,
    lines: Vec<Line>,
    dots: Vec<(Part, Part)>,
    last: Option<(Part, Part)>,
    goal: Option<Part>,
    high: String,
    /// Empty where it is 0.
    low: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% for (figure, panels) in figures %}{% if figures.len() > 1 %}<p class="figured">{{ figure }}</p>
{% endif %}<div class="panels">
{% for panel in panels %}<div class="panel"><p class="panel-head"><strong>{{ panel.name }}</strong> <span>{{ panel.now }}</span></p>
<svg class="plot" role="img" aria-labelledby="{{ panel.alt.ids() }}">{{ panel.alt.markup()? }}
<line class="grid" x1="0" x2="100%" y1="{{ top }}" y2="{{ top }}"/><line class="axis" x1="0" x2="100%" y1="{{ bottom }}" y2="{{ bottom }}"/>
{%- if let Some(y) = panel.goal %}<line class="goal" x1="0" x2="100%" y1="{{ y }}" y2="{{ y }}"/>{% endif -%}
{%- for line in panel.lines %}<line class="line" x1="{{ line.from.0 }}" y1="{{ line.from.1 }}" x2="{{ line.to.0 }}" y2="{{ line.to.1 }}"/>{% endfor -%}
{%- for (x, y) in panel.dots %}<circle class="dot" cx="{{ x }}" cy="{{ y }}" r="2"/>{% endfor -%}
{%- if let Some((x, y)) = panel.last %}<circle class="now" cx="{{ x }}" cy="{{ y }}" r="3.5"/>{% endif -%}
<text class="tick" x="0" y="{{ top }}" dy="-4">{{ panel.high }}</text>{% if !panel.low.is_empty() %}<text class="tick" x="0" y="{{ bottom }}" dy="-4">{{ panel.low }}</text>{% endif -%}
<text class="tick" x="0" y="100%" dy="-2">{{ first }}</text><text class="tick" x="100%" y="100%" dy="-2" text-anchor="end">{{ last }}</text></svg></div>
{% endfor %}</div>
{% endfor %}"#
)]
struct Panels {
    figures: Vec<Drawn>,
    top: Part,
    bottom: Part,
    first: String,
    last: String,
}

/// Where the plot begins and ends; above and below is lettering.
const PLOT: (f64, f64) = (80.0, 16.0);

/// A figure and its panels.
type Drawn = (String, Vec<Panel>);

/// What the panels of a figure share.
struct Plot<'a> {
    page: &'a Page<'a>,
    column: &'a Column,
    /// Where the figure stands, and where its period.
    at: usize,
    period: usize,
    periods: &'a [String],
}

/// A panel a group of the same leading names, figure by figure; nothing where there is too little or too much of it.
pub fn chart(page: &Page, table: &Table) -> askama::Result<Option<Chart>> {
    let Some(period) = table.dimensions().checked_sub(1) else { return Ok(None) };
    let groups = groups(page, table);
    if table.periods.len() < FEWEST || groups.len() > MOST {
        return Ok(None);
    }
    let mut figures = figures(page, table, (&groups, period));
    let headings: Vec<&str> = figures.iter().map(|(heading, _)| heading.as_str()).collect();
    let title = [table.title.clone(), headings.join(" · ")];
    if figures.is_empty() {
        return Ok(None);
    }
    if period == 0 {
        // One panel each, which has the name of its figure.
        figures = vec![(String::new(), figures.into_iter().flat_map(|(_, panels)| panels).collect())];
    }
    let panels = || figures.iter().flat_map(|(_, panels)| panels);
    let key = [
        panels().any(|panel| panel.goal.is_some()).then(|| "┊ target".to_owned()),
        (panels().count() > 1).then(|| "each on a scale of its own".to_owned()),
    ];
    let class = if panels().count() > 1 || table.periods.len() > MANY { "wide" } else { "plotted" };
    let drawing = drawing(&table.periods, figures)?;
    Ok(Some(Chart { title, drawing, key: key.into_iter().flatten().collect(), class }))
}

/// The panels of each figure. Groups of which nothing is known are in the table.
fn figures(page: &Page, table: &Table, (groups, period): (&[Group], usize)) -> Vec<Drawn> {
    let columns = table.columns.iter().enumerate().skip(period + 1);
    let panels = |(at, column): (usize, &Column)| {
        let plot = Plot { page, column, at, period, periods: &table.periods };
        let heading = words::full_heading(page.report, column);
        let name = |names: &[String]| if names.is_empty() { heading.clone() } else { names.join(" · ") };
        let panels: Vec<Panel> = groups.iter().filter_map(|(names, rows)| plot.panel(name(names), rows)).collect();
        (heading, panels)
    };
    let drawn = columns.filter(|(_, column)| !matches!(column.unit, Unit::Text | Unit::Instant)).map(panels);
    drawn.filter(|(_, panels)| !panels.is_empty()).collect()
}

/// Rows of the same leading names.
type Group<'t> = (Vec<String>, Vec<&'t Row>);

fn groups<'t>(page: &Page, table: &'t Table) -> Vec<Group<'t>> {
    let mut groups: Vec<Group> = Vec::new();
    for row in &table.rows {
        let mut names = words::names(table, row, false, &page.zone);
        names.pop();
        match groups.iter_mut().find(|(of, _)| *of == names) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((names, vec![row])),
        }
    }
    groups
}

fn drawing(periods: &[String], figures: Vec<Drawn>) -> askama::Result<Markup> {
    let name = |name: Option<&String>| name.map_or_else(String::new, |name| text::period(name));
    let (first, last) = (name(periods.first()), name(periods.last()));
    Markup::of(&Panels { figures, top: Part(PLOT.1), bottom: Part(PLOT.0), first, last })
}

impl Plot<'_> {
    fn read(&self, figure: f64) -> String {
        text::figure(figure, self.column.unit, &self.page.zone).trimmed().to_string()
    }

    fn panel(&self, name: String, rows: &[&Row]) -> Option<Panel> {
        let of_period = |name: &String| {
            let is_of = |row: &&&Row| row.cells.get(self.period).is_some_and(|cell| cell.value.as_text() == name);
            rows.iter().find(is_of)?.cells.get(self.at)
        };
        let cells: Vec<Option<&Cell>> = self.periods.iter().map(of_period).collect();
        let value = |cell: &Option<&Cell>| cell.and_then(|cell| cell.value.as_f64());
        let known = || cells.iter().filter_map(value);
        known().next()?;
        let goal = cells.iter().flatten().find_map(|cell| cell.goal);
        // Of shares the changes are what is looked at; all else is drawn from 0.
        let base = (self.column.unit != Unit::Share).then_some(0.0);
        let y = Scale::over(known().chain(goal).chain(base), PLOT);
        let x = Scale::places(self.periods.len(), (1.0, 99.0));
        let place = |(nth, cell): (usize, &Option<&Cell>)| Some((x.nth(nth), y.at(value(cell)?)));
        let points: Vec<Option<(Part, Part)>> = cells.iter().enumerate().map(place).collect();
        let (low, high) = extent(known());
        let told = |(nth, value): (usize, f64)| format!("{} {}", text::period(&self.periods[nth]), self.read(value));
        let told_at = |(nth, cell): (usize, &Option<&Cell>)| value(cell).map(|value| told((nth, value)));
        let each: Vec<String> = cells.iter().enumerate().filter_map(told_at).collect();
        let shows = [
            each.first().cloned(),
            each.last().filter(|_| each.len() > 1).cloned(),
            Some(format!("between {} and {}", self.read(low), self.read(high))),
            alt::gaps(each.len(), cells.len()),
            alt::target(goal, self.column),
        ];
        let label = &self.column.label;
        let of = if self.period == 0 { name.clone() } else { format!("{name}, {label}") };
        let few = self.periods.len() <= MANY;
        Some(Panel {
            alt: Alt::new(self.page, of, shows),
            name,
            now: cells.last().and_then(value).map_or_else(String::new, |value| self.read(value)),
            lines: scale::lines(&points),
            dots: if few { points.iter().flatten().copied().collect() } else { alone(&points) },
            last: points.last().copied().flatten(),
            goal: goal.map(|goal| y.at(goal)),
            high: self.read(y.high()),
            low: if base.is_some() { String::new() } else { self.read(y.low()) },
        })
    }
}
