//! The small chart beside a figure: the weeks before as a line, their usual limits as a band, the target dashed; or
//! counts as columns.

use super::Page;
use super::alt::{self, Alt};
use super::markup::Markup;
use super::scale::{self, Line, Part, Scale, alone, extent};
use crate::report::text;
use crate::report::{Cell, Column, Point, Unit};
use askama::Template;
use jiff::tz::TimeZone;

/// Fewer known periods than this are no trend.
const FEWEST: usize = 3;

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<svg class="trend" role="img" aria-labelledby="{{ alt.ids() }}">{{ alt.markup()? }}
{%- if let Some((top, height)) = usual %}<rect class="usual" x="0" y="{{ top }}" width="100%" height="{{ height }}"/>{% endif -%}
{%- if let Some(at) = goal %}<line class="goal" x1="0" x2="100%" y1="{{ at }}" y2="{{ at }}"/>{% endif -%}
{%- for line in lines %}<line class="line" x1="{{ line.from.0 }}" y1="{{ line.from.1 }}" x2="{{ line.to.0 }}" y2="{{ line.to.1 }}"/>{% endfor -%}
{%- for (x, y) in alone %}<circle class="dot" cx="{{ x }}" cy="{{ y }}" r="1.5"/>{% endfor -%}
{%- if let Some((x, y)) = now %}<circle class="now" cx="{{ x }}" cy="{{ y }}" r="3.5"/>{% endif -%}
</svg>"#
)]
struct Trend {
    alt: Alt,
    usual: Option<(Part, Part)>,
    goal: Option<Part>,
    lines: Vec<Line>,
    alone: Vec<(Part, Part)>,
    now: Option<(Part, Part)>,
}

/// The line of a cell's series; nothing where too little of it is known.
pub fn of(page: &Page, cell: &Cell, column: &Column) -> askama::Result<Markup> {
    let first = cell.series.iter().position(|point| point.value.is_some()).unwrap_or(0);
    let series = &cell.series[first..];
    let known: Vec<f64> = series.iter().filter_map(|point| point.value).collect();
    if known.len() < FEWEST {
        return Ok(Markup::default());
    }
    let (low, high) = cell.usual.unzip();
    let y = Scale::over(known.iter().copied().chain([low, high, cell.goal].into_iter().flatten()), (92.0, 8.0));
    let x = Scale::places(series.len(), (1.5, 98.0));
    let place = |(nth, point): (usize, &Point)| Some((x.nth(nth), y.at(point.value?)));
    let points: Vec<Option<(Part, Part)>> = series.iter().enumerate().map(place).collect();
    let band = |(low, high): (f64, f64)| {
        let (top, bottom) = (y.at(high).0, y.at(low).0);
        (Part(top), Part(bottom - top))
    };
    Markup::of(&Trend {
        alt: told(page, cell, column, series),
        usual: cell.usual.map(band),
        goal: cell.goal.map(|goal| y.at(goal)),
        lines: scale::lines(&points),
        alone: alone(&points),
        now: points.last().copied().flatten(),
    })
}

/// What the line is of and what it shows.
fn told(page: &Page, cell: &Cell, column: &Column, series: &[Point]) -> Alt {
    let read = |value: f64| alt::read(value, column.unit);
    let (low, high) = extent(series.iter().filter_map(|point| point.value));
    let last = series.iter().rev().find_map(|point| Some((text::period(&point.period), point.value?)));
    let shows = [
        Some(format!("between {} and {}", read(low), read(high))),
        last.map(|(period, value)| format!("{period} {}", read(value))),
        cell.usual.map(|(low, high)| format!("usual {} to {}", read(low), read(high))),
        alt::target(cell.goal, column),
    ];
    Alt::new(page, format!("{}, {}", column.label, stretch(series)), shows)
}

/// `week 33 to week 46`
fn stretch(series: &[Point]) -> String {
    let name = |point: Option<&Point>| point.map_or_else(String::new, |point| text::period(&point.period));
    format!("{} to {}", name(series.first()), name(series.last()))
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<svg class="columns" role="img" aria-labelledby="{{ alt.ids() }}">{{ alt.markup()? }}
{%- for (x, width, top, height, now) in columns %}<rect class="{% if *now %}now{% else %}column{% endif %}" x="{{ x }}" y="{{ top }}" width="{{ width }}" height="{{ height }}"/>{% endfor -%}
{%- for (x, width) in gaps %}<rect class="gap" x="{{ x }}" y="96%" width="{{ width }}" height="1"/>{% endfor -%}
</svg>"#
)]
struct Columns {
    alt: Alt,
    columns: Vec<(Part, Part, Part, Part, bool)>,
    gaps: Vec<(Part, Part)>,
}

/// Columns from 0, the last in the accent; where a period has no figure there is a gap.
pub fn columns(page: &Page, series: &[Point], name: &str, unit: Unit) -> askama::Result<Markup> {
    if series.is_empty() {
        return Ok(Markup::default());
    }
    #[expect(clippy::cast_precision_loss, reason = "a few periods")]
    let pitch = 100.0 / series.len() as f64;
    let width = Part(pitch * 0.76);
    let most = series.iter().filter_map(|point| point.value).fold(0.0, f64::max);
    let y = Scale::new((0.0, most), (0.0, 96.0));
    let (mut columns, mut gaps) = (Vec::new(), Vec::new());
    let x = Scale::places(series.len(), (0.0, 100.0 - pitch));
    for (nth, point) in series.iter().enumerate() {
        match point.value.filter(|value| *value > 0.0) {
            Some(value) => {
                let height = y.at(value).0;
                columns.push((x.nth(nth), width, Part(100.0 - height), Part(height), nth + 1 == series.len()));
            }
            None => gaps.push((x.nth(nth), width)),
        }
    }
    let read = |value: Option<f64>| {
        value.map_or_else(|| text::MISSING.into(), |v| text::figure(v, unit, &TimeZone::UTC).to_string())
    };
    let values: Vec<String> = series.iter().map(|point| read(point.value)).collect();
    let alt = Alt::new(page, format!("{name}, {}", stretch(series)), [Some(values.join(", "))]);
    Markup::of(&Columns { alt, columns, gaps })
}
