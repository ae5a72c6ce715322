//! Matrices: hours by weekday, cohorts by month. The table is the chart: each figure stands on a ground as dark as it is
//! large, and what is not over is blank.

use super::Page;
use super::chart::Chart;
use super::markup::Markup;
use crate::output::matrix::Matrix;
use crate::output::words;
use crate::report::text;
use crate::report::{Cell, Column, Row, Table, Unit};
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
    source = r#"<div class="scroll"><table class="heat" role="table" aria-label="{{ name }}">
<thead role="rowgroup"><tr role="row">{% for head in heads %}<th role="columnheader" scope="col">{{ head }}</th>{% endfor %}</tr></thead>
<tbody role="rowgroup">
{% for (names, squares) in lines %}<tr role="row">{% for name in names %}<th role="rowheader" scope="row">{{ name }}</th>{% endfor %}{% for square in squares %}{% if let Some(ground) = square.ground %}<td role="cell" class="g{{ ground }}">{{ square.text }}</td>{% else %}<td role="cell" class="quiet">{{ square.text }}</td>{% endif %}{% endfor %}</tr>
{% endfor %}</tbody></table></div>
<p class="key" aria-hidden="true">{{ least }} <span class="ramp">{% for ground in 0..8 %}<i class="g{{ ground }}"></i>{% endfor %}</span> {{ most }}</p>
"#
)]
struct Heat<'a> {
    name: &'a str,
    heads: Vec<String>,
    lines: Vec<(Vec<String>, Vec<Square>)>,
    least: String,
    most: String,
}

/// The matrix, and what its grounds stand for.
pub fn chart(page: &Page, table: &Table, name: &str) -> askama::Result<Chart> {
    let matrix = Matrix::of(table);
    let top = matrix.darkest(table);
    let shaded = table.columns.iter().skip(table.dimensions()).find(|column| matrix.is_shaded(column));
    let unit = shaded.map_or(Unit::Count, |column| column.unit);
    let square = |(column, cell): (&Column, &Cell)| Square {
        text: matrix.square(cell, column, &page.zone),
        ground: cell.value.as_f64().filter(|_| matrix.is_shaded(column)).map(|value| ground(value, top)),
    };
    let line = |(row, is_total): (&Row, bool)| {
        let cells = table.columns.iter().zip(&row.cells).skip(table.dimensions());
        (words::names(table, row, is_total, &page.zone), cells.map(square).collect())
    };
    let drawing = Markup::of(&Heat {
        name,
        heads: table.columns.iter().map(|column| column.label.clone()).collect(),
        lines: table.lines().map(line).collect(),
        least: text::figure(0.0, unit, &page.zone).trimmed().to_string(),
        most: text::figure(top, unit, &page.zone).to_string(),
    })?;
    let title = [table.title.clone(), String::new()];
    let class = if table.columns.len() > WIDE { "wide" } else { "matrix" };
    Ok(Chart { title, drawing, key: Vec::new(), class })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the number of grounds")]
fn ground(value: f64, top: f64) -> u8 {
    if top > 0.0 { (value.clamp(0.0, top) / top * GROUNDS).round() as u8 } else { 0 }
}
