//! Matrices: hours by weekday, cohorts by month. The table is the chart: each figure stands on a ground as dark as it is
//! large, and what is not over is blank.

use super::Page;
use super::chart::Chart;
use super::markup::Markup;
use crate::output::words;
use crate::report::text;
use crate::report::{Cell, Column, Row, Table, Unit, Value};
use askama::Template;

/// How many grounds there are; `style.css` has as many.
const GROUNDS: f64 = 7.0;

/// With more columns than this it takes the whole width.
const WIDE: usize = 9;

/// A figure and its ground; none where it is beside the matrix, or not there.
struct Square {
    text: String,
    ground: Option<u8>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="scroll"><table class="heat" role="table">
<thead role="rowgroup"><tr role="row">{% for head in heads %}<th role="columnheader" scope="col">{{ head }}</th>{% endfor %}</tr></thead>
<tbody role="rowgroup">
{% for (names, squares) in lines %}<tr role="row">{% for name in names %}<th role="rowheader" scope="row">{{ name }}</th>{% endfor %}{% for square in squares %}{% if let Some(ground) = square.ground %}<td role="cell" class="g{{ ground }}">{{ square.text }}</td>{% else %}<td role="cell" class="quiet">{{ square.text }}</td>{% endif %}{% endfor %}</tr>
{% endfor %}</tbody></table></div>
<p class="key" aria-hidden="true">{{ least }} <span class="ramp">{% for ground in 0..8 %}<i class="g{{ ground }}"></i>{% endfor %}</span> {{ most }}</p>
"#
)]
struct Heat {
    heads: Vec<String>,
    lines: Vec<(Vec<String>, Vec<Square>)>,
    least: String,
    most: String,
}

/// The matrix, and what its grounds stand for.
pub fn chart(page: &Page, table: &Table) -> askama::Result<Chart> {
    let unit = ground_unit(table);
    let most = words::most(table);
    let grounded = table.columns.iter().enumerate().skip(table.dimensions()).filter(|(_, c)| c.unit == unit);
    let grounded: Vec<usize> = grounded.map(|(at, _)| at).collect();
    let values =
        |row: &Row| -> Vec<f64> { grounded.iter().filter_map(|&at| row.cells.get(at)?.value.as_f64()).collect() };
    let top = words::rows(table).into_iter().flat_map(values).fold(0.0, f64::max);
    let square = |(at, (column, cell)): (usize, (&Column, &Cell))| Square {
        text: figure(page, column, cell, most),
        ground: cell.value.as_f64().filter(|_| grounded.contains(&at)).map(|value| ground(value, top)),
    };
    let line = |row: &Row, is_total: bool| {
        let cells = table.columns.iter().zip(&row.cells).enumerate().skip(table.dimensions());
        (words::names(table, row, is_total, &page.zone), cells.map(square).collect())
    };
    let rows = table.rows.iter().map(|row| line(row, false));
    let drawing = Markup::of(&Heat {
        heads: table.columns.iter().map(|column| column.label.clone()).collect(),
        lines: rows.chain(table.total.iter().map(|row| line(row, true))).collect(),
        least: text::figure(0.0, unit, &page.zone).trimmed().to_string(),
        most: text::figure(top, unit, &page.zone).to_string(),
    })?;
    let title = [table.title.clone(), String::new()];
    let class = if table.columns.len() > WIDE { "wide" } else { "matrix" };
    Ok(Chart { title, drawing, key: Vec::new(), class })
}

/// Where shares are shaded, counts beside them (the size of a cohort) are plain.
fn ground_unit(table: &Table) -> Unit {
    let figures = &table.columns[table.dimensions()..];
    let share = figures.iter().find(|column| column.unit == Unit::Share);
    share.or(figures.first()).map_or(Unit::Count, |column| column.unit)
}

fn figure(page: &Page, column: &Column, cell: &Cell, most: f64) -> String {
    match (&cell.value, cell.value.as_f64()) {
        (_, Some(value)) => words::square(value, column.unit, most, &page.zone),
        (Value::Text(text), _) => text.clone(),
        _ => String::new(),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the number of grounds")]
fn ground(value: f64, top: f64) -> u8 {
    if top > 0.0 { (value.clamp(0.0, top) / top * GROUNDS).round() as u8 } else { 0 }
}
