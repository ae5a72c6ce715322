//! A change taken apart, as bars that begin where the one above them ended.
//!
//! Which steps there are is `output/waterfall.rs`.

use super::Page;
use super::alt::Alt;
use super::chart::{Aside, Chart, Label, between};
use super::markup::Markup;
use super::scale::{Part, Scale};
use crate::output::waterfall::{self, Step, Way};
use crate::output::{marks, words};
use crate::report::{Cell, Table};
use askama::Template;

/// From one step to the next, in pixels.
const PITCH: usize = 40;

struct Bar {
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
    source = r#"<svg class="bars" role="img" aria-labelledby="{{ alt.ids() }}" height="{{ height }}">{{ alt.markup()? }}
{%- for step in bars %}<svg y="{{ step.y }}" width="100%" height="40" overflow="visible">{{ step.label.markup(aside)? }}
{%- if !step.is_last %}<line class="link" x1="{{ step.end }}" x2="{{ step.end }}" y1="24" y2="64"/>{% endif -%}
{%- if let Some((x, width)) = step.bar %}<rect class="step {{ step.class }}" x="{{ x }}" y="19" width="{{ width }}" height="10" rx="1.5"/>
{%- else %}<circle class="{{ step.class }}" cx="{{ step.end }}" cy="24" r="5"/>{% endif -%}
</svg>{% endfor %}</svg>"#
)]
struct Waterfall {
    alt: Alt,
    height: usize,
    aside: Aside,
    bars: Vec<Bar>,
}

/// The way from before to now; nothing where it is not known or too long.
pub fn chart(page: &Page, table: &Table) -> askama::Result<Option<Chart>> {
    let Some(way) = waterfall::way(table, &page.zone) else { return Ok(None) };
    let Way { column, before, now, steps } = &way;
    let reached = steps.iter().map(|step| step.to).chain([before.0, now.0]);
    let x = Scale::over(reached, (2.0, 98.0));
    let last = steps.len() + 1;
    let bar = |nth: usize, label: Label, class: &'static str, start: Option<f64>, end: f64| {
        let (bar, end) = (start.map(|start| between(x.at(start), x.at(end))), x.at(end));
        Bar { y: nth * PITCH, label, class, bar, end, is_last: nth == last }
    };
    let read = |cell: &Cell| words::figure(cell, column, &page.zone).to_string();
    let mut bars = vec![bar(0, Label::new("before", read(before.1)), "from", None, before.0)];
    for (nth, step) in steps.iter().enumerate() {
        let label = Label::new(&step.name, step.figure.clone());
        bars.push(bar(nth + 1, label, step.tone.class(), Some(step.from), step.to));
    }
    let label = Label { mark: marks::change(now.1, column), ..Label::new("now", read(now.1)) };
    bars.push(bar(last, label, "now", None, now.0));
    let title = "from before to now".to_owned();
    let shows = [
        Some(format!("from {} to {}", read(before.1), read(now.1))),
        largest(steps, 1.0).map(|step| format!("most added: {}, {}", step.name, step.figure)),
        largest(steps, -1.0).map(|step| format!("most taken away: {}, {}", step.name, step.figure)),
    ];
    let alt = Alt::new(page, title.clone(), shows);
    let aside = Aside::of(&bars.iter().map(|bar| &bar.label).collect::<Vec<_>>());
    let drawing = Markup::of(&Waterfall { aside, alt, height: (last + 1) * PITCH, bars })?;
    Ok(Some(Chart { title: [table.title.clone(), title], drawing, key: Vec::new(), class: "steps" }))
}

/// The largest step up or down.
fn largest(steps: &[Step], way: f64) -> Option<&Step> {
    let steps = steps.iter().filter(|step| step.by * way > 0.0);
    steps.max_by(|a, b| (a.by * way).total_cmp(&(b.by * way)))
}
