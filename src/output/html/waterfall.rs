//! A change taken apart: from before to now in steps, first what each group did by its share, then by itself.
//!
//! Which columns are which is the layout's contract: before, now, and the differences that lead from one to the other.

use super::Page;
use super::chart::{Chart, Label, between};
use super::markup::Markup;
use super::scale::{Part, Scale};
use crate::output::marks::{self, Tone};
use crate::output::words;
use crate::report::{Cell, Column, Row, Table};
use askama::Template;

/// More steps than this are read better as a table.
const MOST: usize = 24;
/// From one step to the next, in pixels.
const PITCH: usize = 40;

struct Step {
    y: usize,
    label: Label,
    class: &'static str,
    /// Left end and length; of before and now there is only the place.
    bar: Option<(Part, Part)>,
    /// Where it ends, and the next begins.
    end: Part,
    is_last: bool,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<svg class="bars" role="img" height="{{ height }}"><title>{{ title }}</title>
{%- for step in steps %}<svg y="{{ step.y }}" width="100%" height="40" overflow="visible">{{ step.label.markup()? }}
{%- if !step.is_last %}<line class="link" x1="{{ step.end }}" x2="{{ step.end }}" y1="24" y2="64"/>{% endif -%}
{%- if let Some((x, width)) = step.bar %}<rect class="step {{ step.class }}" x="{{ x }}" y="19" width="{{ width }}" height="10" rx="1.5"/>
{%- else %}<circle class="{{ step.class }}" cx="{{ step.end }}" cy="24" r="5"/>{% endif -%}
</svg>{% endfor %}</svg>"#
)]
struct Waterfall {
    title: String,
    height: usize,
    steps: Vec<Step>,
}

/// Who did it, by how much, and how that is to be taken.
struct Way {
    label: Label,
    by: f64,
    tone: Tone,
}

/// The way from before to now; nothing where it is not known or too long.
pub fn chart(page: &Page, table: &Table) -> askama::Result<Option<Chart>> {
    let whole = |nth: usize| table.total.as_ref()?.cells.get(table.dimensions() + nth);
    let Some(column) = table.columns.get(table.dimensions() + 1) else { return Ok(None) };
    let (Some(before), Some(now)) = (whole(0), whole(1)) else { return Ok(None) };
    let (Some(from), Some(to)) = (before.value.as_f64(), now.value.as_f64()) else { return Ok(None) };
    let ways = ways(page, table, column);
    if ways.is_empty() || ways.len() > MOST {
        return Ok(None);
    }
    let mut reached = vec![from];
    ways.iter().for_each(|way| reached.push(reached[reached.len() - 1] + way.by));
    let x = Scale::over(reached.iter().copied().chain([to]), (2.0, 98.0));
    let last = ways.len() + 1;
    let step = |nth: usize, label: Label, class: &'static str, start: Option<f64>, end: f64| {
        let (bar, end) = (start.map(|start| between(x.at(start), x.at(end))), x.at(end));
        Step { y: nth * PITCH, label, class, bar, end, is_last: nth == last }
    };
    let read = |cell: &Cell| words::figure(cell, column, &page.zone).to_string();
    let mut steps = vec![step(0, Label::new("before", read(before)), "from", None, from)];
    for (nth, Way { label, tone, .. }) in ways.into_iter().enumerate() {
        steps.push(step(nth + 1, label, tone.class(), Some(reached[nth]), reached[nth + 1]));
    }
    let label = Label { mark: marks::change(now, column), ..Label::new("now", read(now)) };
    steps.push(step(last, label, "now", None, to));
    let title = "from before to now".to_owned();
    let drawing = Markup::of(&Waterfall { title: title.clone(), height: (last + 1) * PITCH, steps })?;
    Ok(Some(Chart { title: [table.title.clone(), title], drawing, key: Vec::new(), class: "steps" }))
}

/// The differences, column by column; those that read as nothing are no steps.
fn ways(page: &Page, table: &Table, now: &Column) -> Vec<Way> {
    let differences: Vec<(usize, &Column)> =
        table.columns.iter().enumerate().filter(|(_, column)| column.size.is_some()).collect();
    let way = |(at, column): (usize, &Column), row: &Row| {
        let cell = row.cells.get(at)?;
        let by = cell.value.as_f64()?;
        let name = words::names(table, row, false, &page.zone).join(" · ");
        let name = if differences.len() > 1 { format!("{name}, {}", column.label) } else { name };
        let label = Label::new(&name, words::figure(cell, column, &page.zone).to_string());
        let says = label.figure.contains(|c: char| ('1'..='9').contains(&c));
        says.then(|| Way { label, by, tone: marks::judged(now, by > 0.0) })
    };
    differences.iter().flat_map(|&column| table.rows.iter().filter_map(move |row| way(column, row))).collect()
}
