//! Tables as tables: names, figures with their marks, a small chart a row where there is one; and the weeks behind
//! the small charts.

use super::Page;
use super::markup::{Markup, mark};
use super::trend;
use crate::output::{marks, words};
use crate::report::text;
use crate::report::{Layout, Point, Row, Table, Unit, Value};
use askama::Template;

/// How a cell looks.
struct Shown {
    class: &'static str,
    text: String,
    mark: Markup,
}

struct Line {
    names: Vec<String>,
    chart: Markup,
    cells: Vec<Shown>,
    is_total: bool,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="scroll"><table class="{{ class }}" role="table" aria-label="{{ name }}">
{% if headed %}<thead role="rowgroup"><tr role="row">{% for head in names %}<th role="columnheader" scope="col">{{ head }}</th>{% endfor %}{% if charted %}<td role="cell" class="trended"></td>{% endif %}{% for (head, class) in heads %}<th role="columnheader" scope="col" class="{{ class }}">{{ head }}</th>{% endfor %}</tr></thead>
{% endif %}<tbody role="rowgroup">
{% for line in lines %}<tr role="row"{% if line.is_total %} class="total"{% endif %}>{% for name in line.names %}<th role="rowheader" scope="row">{{ name }}</th>{% endfor %}{% if charted %}<td role="cell" class="trended">{{ line.chart }}</td>{% endif %}{% for cell in line.cells %}<td role="cell" class="{{ cell.class }}" data-h="{{ heads[loop.index0].0 }}">{{ cell.text }}{% if !cell.mark.is_empty() %} {{ cell.mark }}{% endif %}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></div>
"#
)]
struct Grid<'a> {
    name: &'a str,
    class: &'a str,
    headed: bool,
    charted: bool,
    names: Vec<String>,
    heads: Vec<(String, &'static str)>,
    lines: Vec<Line>,
}

/// A line a row, a column a metric.
pub fn grid(page: &Page, table: &Table, name: &str) -> askama::Result<Markup> {
    let dimensions = table.dimensions();
    let (names, figures) = table.columns.split_at(dimensions);
    let all_words = table.columns.iter().all(|column| column.unit == Unit::Text);
    let class = match table.layout {
        Layout::Strip => "strip",
        _ if all_words => "words",
        _ => "grid",
    };
    let is_text = |unit: Unit| if unit == Unit::Text { "text" } else { "num" };
    let head = |column| words::full_heading(page.report, column);
    let heads: Vec<(String, &str)> = figures.iter().map(|column| (head(column), is_text(column.unit))).collect();
    let lines: askama::Result<Vec<Line>> =
        table.lines().map(|(row, is_total)| line(page, table, row, is_total)).collect();
    Markup::of(&Grid {
        name,
        class,
        headed: table.columns.iter().any(|column| !column.label.is_empty()),
        charted: table.rows.iter().any(|row| !row.series.is_empty()),
        names: names.iter().map(|column| column.label.clone()).collect(),
        heads,
        lines: lines?,
    })
}

fn line(page: &Page, table: &Table, row: &Row, is_total: bool) -> askama::Result<Line> {
    let dimensions = table.dimensions();
    let shown = |(column, cell): (&crate::report::Column, &crate::report::Cell)| {
        let class = match (&cell.value, column.unit) {
            (Value::Missing, _) => "num none",
            (_, Unit::Text) => "text",
            _ => "num",
        };
        let text = words::figure(cell, column, &page.zone).to_string();
        Ok(Shown { class, text, mark: mark(marks::change(cell, column))? })
    };
    let figures = table.columns.iter().zip(&row.cells).skip(dimensions);
    let names = words::names(table, row, is_total, &page.zone);
    let unit = table.columns.get(dimensions).map_or(Unit::Count, |column| column.unit);
    Ok(Line {
        chart: trend::columns(page, &table.points(row, dimensions), &names.join(" "), unit)?,
        names,
        cells: figures.map(shown).collect::<askama::Result<_>>()?,
        is_total,
    })
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="scroll"><table class="grid" role="table" aria-label="{{ name }}, week by week">
<thead role="rowgroup"><tr role="row"><td role="cell"></td>{% for week in weeks %}<th role="columnheader" scope="col" class="num">{{ week }}</th>{% endfor %}</tr></thead>
<tbody role="rowgroup">
{% for (name, figures) in lines %}<tr role="row"><th role="rowheader" scope="row">{{ name }}</th>{% for figure in figures %}<td role="cell" class="num">{{ figure }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></div>
"#
)]
struct Weeks<'a> {
    name: &'a str,
    weeks: Vec<String>,
    lines: Vec<(String, Vec<String>)>,
}

/// What the small charts of a table show, period by period; nothing where it has none.
pub fn weeks(page: &Page, table: &Table, called: &str) -> askama::Result<Markup> {
    let charted = |row| {
        let name = words::names(table, row, false, &page.zone).join(" ");
        table.columns.iter().enumerate().map(move |(at, column)| {
            (if name.is_empty() { column.label.clone() } else { name.clone() }, column.unit, table.points(row, at))
        })
    };
    let charted: Vec<_> = table.rows.iter().flat_map(charted).filter(|(.., series)| !series.is_empty()).collect();
    let mut periods: Vec<&str> = charted.iter().flat_map(|(.., s)| s.iter().map(|p| p.period.as_str())).collect();
    periods.sort_unstable();
    periods.dedup();
    if periods.is_empty() {
        return Ok(Markup::default());
    }
    let line = |(name, unit, series): &(String, Unit, Vec<Point>)| {
        let figure = |period: &&str| {
            let value = series.iter().find(|point| point.period == *period).map(|point| Value::number(point.value));
            value.map_or_else(String::new, |value| text::value(&value, *unit, &page.zone).to_string())
        };
        (name.clone(), periods.iter().map(figure).collect())
    };
    let lines = charted.iter().map(line).collect();
    Markup::of(&Weeks { name: called, weeks: periods.iter().map(|period| text::period(period)).collect(), lines })
}
