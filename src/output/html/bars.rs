//! A bar a group: the first figure of a table, with its n, what it was before and the target; with an interval, a dot
//! on it in place of the bar.

use super::alt::{self, Alt};
use super::chart::{Aside, Chart, Label};
use super::markup::Markup;
use super::scale::{Part, Scale};
use super::{Page, chart};
use crate::output::{marks, words};
use crate::report::text;
use crate::report::{Cell, Column, Row, Table, Unit};
use askama::Template;
use std::cmp::Ordering;

/// More bars than this are read better as a table.
const MOST: usize = 24;
/// Fewer say nothing.
const FEWEST: usize = 2;
/// From one bar to the next, in pixels.
const PITCH: usize = 40;

struct Bar {
    y: usize,
    label: Label,
    /// Left end and length.
    bar: Option<(Part, Part)>,
    before: Option<Part>,
    /// Left end and length. With it goes a dot in place of the bar.
    interval: Option<(Part, Part)>,
    dot: Option<Part>,
    goal: Option<Part>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<svg class="bars" role="img" aria-labelledby="{{ alt.ids() }}" height="{{ height }}">{{ alt.markup()? }}
{%- for bar in bars %}<svg y="{{ bar.y }}" width="100%" height="40">{{ bar.label.markup(aside)? }}
{%- if let Some((x, width)) = bar.interval %}<rect class="track" x="0" y="24" width="100%" height="1"/><rect class="interval" x="{{ x }}" y="20" width="{{ width }}" height="8" rx="1.5"/>
{%- else if let Some((x, width)) = bar.bar %}<rect class="bar" x="{{ x }}" y="20" width="{{ width }}" height="8" rx="1.5"/>
{%- else %}<rect class="track" x="0" y="24" width="100%" height="1"/>{% endif -%}
{%- if let Some(x) = bar.before %}<line class="before" x1="{{ x }}" x2="{{ x }}" y1="17" y2="31"/>{% endif -%}
{%- if let Some(x) = bar.dot %}<circle class="now" cx="{{ x }}" cy="24" r="4.5"/>{% endif -%}
{%- if let Some(x) = bar.goal %}<line class="goal" x1="{{ x }}" x2="{{ x }}" y1="16" y2="32"/>{% endif -%}
</svg>{% endfor %}</svg>"#
)]
struct Bars {
    alt: Alt,
    height: usize,
    aside: Aside,
    bars: Vec<Bar>,
}

/// The chart of a table's first figure; nothing where there is too little or too much of it.
pub fn chart(page: &Page, table: &Table) -> askama::Result<Option<Chart>> {
    let at = table.dimensions();
    let Some(column) = table.columns.get(at).filter(|c| !matches!(c.unit, Unit::Text | Unit::Instant)) else {
        return Ok(None);
    };
    let cells = || table.rows.iter().filter_map(|row| row.cells.get(at));
    let known = cells().filter(|cell| cell.value.as_f64().is_some()).count();
    if at == 0 || known < FEWEST || table.rows.len() > MOST {
        return Ok(None);
    }
    // A little room at the end, for what stands on it.
    let x = Scale::over(cells().flat_map(reach).chain([0.0]), (0.0, 99.0));
    let bars: Vec<Bar> = table.rows.iter().enumerate().map(|row| bar(page, table, row, x)).collect();
    let goal = cells().find_map(|cell| cell.goal);
    let key = [
        bars.iter().any(|bar| bar.before.is_some()).then(|| "│ before".to_owned()),
        bars.iter().any(|bar| bar.interval.is_some()).then(|| "▬ 95 % interval".to_owned()),
        goal.map(|goal| format!("┊ target {}", text::figure(goal, column.unit, &page.zone).trimmed())),
    ];
    let title = chart::title(page, table, column);
    let alt = Alt::new(
        page,
        title.join(": "),
        [shown(page, table, column), alt::gaps(known, table.rows.len()), alt::target(goal, column)],
    );
    let aside = Aside::of(&bars.iter().map(|bar| &bar.label).collect::<Vec<_>>());
    let drawing = Markup::of(&Bars { aside, alt, height: bars.len() * PITCH, bars })?;
    Ok(Some(Chart { title, drawing, key: key.into_iter().flatten().collect(), class: "barred" }))
}

/// `highest: email, 4 h 07 min; lowest: messaging, 7 min 34 s`
fn shown(page: &Page, table: &Table, column: &Column) -> Option<String> {
    let value = |row: &&Row| row.cells.get(table.dimensions()).and_then(|cell| cell.value.as_f64());
    let by_value = |a: &&Row, b: &&Row| value(a).partial_cmp(&value(b)).unwrap_or(Ordering::Equal);
    let known = || table.rows.iter().filter(|row| value(row).is_some());
    let said = |row: &Row| {
        let name = words::names(table, row, false, &page.zone).join(" · ");
        format!("{name}, {}", value(&row).map_or_else(String::new, |value| alt::read(value, column.unit)))
    };
    let (lowest, highest) = (known().min_by(by_value)?, known().max_by(by_value)?);
    Some(format!("highest: {}; lowest: {}", said(highest), said(lowest)))
}

/// All that is drawn of a cell.
fn reach(cell: &Cell) -> impl Iterator<Item = f64> + use<> {
    let there = cell.value.as_f64();
    let beside = [cell.previous, cell.high, cell.low, cell.goal].map(|figure| figure.filter(|_| there.is_some()));
    there.into_iter().chain(beside.into_iter().flatten())
}

fn bar(page: &Page, table: &Table, (nth, row): (usize, &Row), x: Scale) -> Bar {
    let at = table.dimensions();
    let (column, none) = (&table.columns[at], Cell::default());
    let cell: &Cell = row.cells.get(at).unwrap_or(&none);
    let there = cell.value.as_f64();
    let place = |figure: Option<f64>| figure.filter(|_| there.is_some()).map(|figure| x.at(figure));
    Bar {
        y: nth * PITCH,
        label: label(page, (table, row), column, cell),
        bar: there.map(|value| chart::between(x.at(0.0), x.at(value))),
        before: place(cell.previous.filter(|before| Some(*before) != there)),
        interval: place(cell.low).zip(place(cell.high)).map(|(low, high)| chart::between(low, high)),
        dot: place(there.filter(|_| cell.low.is_some())),
        goal: place(cell.goal),
    }
}

fn label(page: &Page, (table, row): (&Table, &Row), column: &Column, cell: &Cell) -> Label {
    let name = words::names(table, row, false, &page.zone).join(" · ");
    Label {
        mark: marks::change(cell, column),
        n: cell.n.filter(|_| cell.value.as_f64().is_some()).map(text::count).unwrap_or_default(),
        ..Label::new(&name, words::figure(cell, column, &page.zone).to_string())
    }
}
