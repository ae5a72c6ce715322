//! A change taken apart, as bars that begin where the one above them ended: a stack of two, of which the lower is not
//! seen. The cells that it is drawn from stand beside it.

use super::cells;
use super::charts::{self, Frame};
use super::looks::{self, Weight};
use super::section::{NAMES, Page};
use crate::output::marks::Tone;
use crate::output::waterfall::{self, Way};
use crate::report::Unit;
use anyhow::Result;
use rust_xlsxwriter::{Chart, ChartFormat, ChartPoint, ChartSolidFill, ChartType, Color};

/// The columns of the cells, after the names.
const HEADS: [&str; 4] = ["by", "comes to", "bar from", "bar length"];
/// Of the bars' colours, beside those of marks.
const ENDS: Color = looks::QUIET;
/// Room for the title and the scale, in rows, and for so many bars in another.
const AROUND: u32 = 3;
const TIGHT: u32 = 3;

/// One bar: its words, what it adds, what that comes to, and how it looks.
struct Bar {
    name: String,
    by: Option<f64>,
    comes_to: f64,
    /// Where it begins and how long it is; on the far side of nothing both are below it.
    from: f64,
    length: f64,
    color: Color,
}

impl Bar {
    fn between(name: &str, (one, other): (f64, f64), color: Color) -> Self {
        let (near, far) = if one.abs() < other.abs() { (one, other) } else { (other, one) };
        Self { name: name.into(), by: None, comes_to: other, from: near, length: far - near, color }
    }
}

/// The way from before to now, below the table; nothing where it is not known, or crosses nothing: a stack cannot.
pub fn write(page: &mut Page, way: &Way) -> Result<()> {
    let bars = bars(way);
    let crosses = bars.iter().any(|bar| bar.from * (bar.from + bar.length) < 0.0);
    if crosses {
        return Ok(());
    }
    page.row += 1;
    page.heading("From before to now")?;
    let head = page.row;
    page.heads(&[""], &HEADS.map(str::to_owned))?;
    let unit = way.column.unit;
    for bar in &bars {
        cells::text(page.sheet, (page.row, NAMES), &bar.name, &page.looks.name)?;
        if let Some(by) = bar.by {
            let format = page.looks.figure(looks::signed(unit), ("", Tone::Plain), Weight::Plain);
            cells::difference(page.sheet, (page.row, NAMES + 1), (by, unit), &format)?;
        }
        let figures = [(bar.comes_to, Weight::Plain), (bar.from, Weight::Quiet), (bar.length, Weight::Quiet)];
        for (at, (value, weight)) in (NAMES + 2..).zip(figures) {
            let format = page.looks.figure(looks::number_format(value, unit), ("", Tone::Plain), weight);
            cells::number(page.sheet, (page.row, at), (value, unit), &page.zone, &format)?;
        }
        page.row += 1;
    }
    draw(page, &bars, (head, unit))
}

fn bars(way: &Way) -> Vec<Bar> {
    let end = |name: &str, value: f64| Bar::between(name, (0.0, value), ENDS);
    let step = |step: &waterfall::Step| {
        let bar = Bar::between(&step.name, (step.from, step.to), looks::toned(step.tone));
        Bar { by: Some(step.by), ..bar }
    };
    let first = std::iter::once(end("before", way.before.0));
    first.chain(way.steps.iter().map(step)).chain([end("now", way.now.0)]).collect()
}

fn draw(page: &mut Page, bars: &[Bar], (head, unit): (u32, Unit)) -> Result<()> {
    let (sheet, count) = (page.sheet.name(), u32::try_from(bars.len())?);
    let (from, last) = (head + 1, head + count);
    let mut chart = Chart::new(ChartType::BarStacked);
    let colors: Vec<ChartPoint> = bars
        .iter()
        .map(|bar| ChartPoint::new().set_format(ChartFormat::new().set_solid_fill(&solid(bar.color))))
        .collect();
    for column in [NAMES + 3, NAMES + 4] {
        let series = chart.add_series();
        series.set_categories((sheet.as_str(), from, NAMES, last, NAMES)).set_gap(40);
        series.set_values((sheet.as_str(), from, column, last, column)).set_name((sheet.as_str(), head, column));
        if column == NAMES + 3 {
            series.set_format(ChartFormat::new().set_no_fill().set_no_border());
        } else {
            series.set_points(&colors);
        }
    }
    chart.legend().set_hidden();
    chart.y_axis().set_reverse();
    let reached = || bars.iter().map(|bar| bar.comes_to);
    let (least, most) = (reached().fold(f64::INFINITY, f64::min), reached().fold(f64::NEG_INFINITY, f64::max));
    // Bars are as long as what they stand for: the scale begins at nothing.
    let frame = Frame {
        least: least.min(0.0),
        most: most.max(0.0),
        rows: count + count / TIGHT + AROUND,
        sideways: true,
        ..Frame::new("From before to now", unit)
    };
    charts::put(page, chart, (head - 1, NAMES + 5), &frame)
}

fn solid(color: Color) -> ChartSolidFill {
    let mut fill = ChartSolidFill::new();
    fill.set_color(color);
    fill
}
