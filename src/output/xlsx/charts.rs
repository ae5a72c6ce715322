//! Charts: columns of a table's first figure, lines of curves, and the one way in which all charts look. Each stands by
//! the cells that it is drawn from.
//!
//! Lines over time are in `weeks.rs`, a change taken apart in `waterfall.rs`.

use super::looks::{self, GRID, LINES, QUIET};
use super::section::{NAMES, Page};
use super::{tables, weeks};
use crate::output::ledger;
use crate::report::sections::capital;
use crate::report::{Layout, Row, Table, Unit};
use anyhow::Result;
use rust_xlsxwriter::{
    Chart, ChartEmptyCells, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker,
    ChartMarkerType, ChartSolidFill, Color,
};
use std::collections::{BTreeMap, BTreeSet};

/// Bars of one chart; more are hard to tell apart.
const BARS: std::ops::RangeInclusive<usize> = 2..=16;
/// The height of a chart, in rows.
pub const ROWS: u32 = 12;
/// The height of a row, in pixels.
const ROW: u32 = 20;
/// Pixels from the table.
const APART: u32 = 24;
const WIDTH: u32 = 560;
/// Categories that have room for their names.
const NAMED: usize = 8;

/// Whether a table tells of the periods before.
pub fn has_series(table: &Table) -> bool {
    !table.periods.is_empty() && table.rows.iter().any(|row| !row.series.is_empty())
}

/// How many columns a table takes that has a chart at its right.
pub fn room_beside(table: &Table) -> Option<usize> {
    match ledger::row(table).filter(|_| table.layout == Layout::Ledger) {
        Some(row) => weeks::are_told(row).then(|| tables::ledger_columns(row)),
        None if has_series(table) => Some(table.columns.len() + 1),
        None => charted(table).map(|_| table.columns.len()),
    }
}

/// The figure that bars are drawn of.
fn charted(table: &Table) -> Option<usize> {
    let at = table.dimensions();
    let known = table.rows.iter().filter(|row| row.cells.get(at).is_some_and(|cell| cell.value.as_f64().is_some()));
    let is_fit = table.layout == Layout::Bars && at == 1 && BARS.contains(&table.rows.len());
    (is_fit && known.count() >= *BARS.start()).then_some(at)
}

/// Columns of a table whose rows begin at `from` and whose figures at `first`, at its right.
pub fn columns(page: &mut Page, table: &Table, (top, from, first): (u32, u32, u16)) -> Result<()> {
    let Some(at) = charted(table) else { return Ok(()) };
    let column = &table.columns[at];
    let figure = first + u16::try_from(at - table.dimensions())?;
    let last = from + u32::try_from(table.rows.len())? - 1;
    let sheet = page.sheet.name();
    let mut chart = Chart::new_column();
    let series = chart.add_series();
    series.set_categories((sheet.as_str(), from, NAMES, last, NAMES)).set_values((
        sheet.as_str(),
        from,
        figure,
        last,
        figure,
    ));
    series.set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(looks::ACCENT))).set_gap(60);
    chart.legend().set_hidden();
    let title = if column.label.is_empty() { &column.id } else { &column.label };
    let most = most(table.rows.iter().map(|row| row.cells[at].value.as_f64()));
    put(page, chart, (top, page.charts), &Frame { most, ..Frame::new(&capital(title), column.unit) })
}

/// Curves of a table whose heads stand at `head` and whose figures begin at `first`: where it is told.
pub fn curves(page: &mut Page, table: &Table, (head, first): (u32, u16), place: (u32, u16)) -> Result<()> {
    if table.layout != Layout::Steps || !(1..=LINES.len()).contains(&table.rows.len()) {
        return Ok(());
    }
    let line = |(at, (row, is_total)): (u32, (&Row, bool))| match row.cells.first() {
        Some(name) if !is_total => Line::Figures(at, name.value.as_text().to_owned()),
        _ => Line::Whole(at),
    };
    let rows: Vec<Line> = (head + 1..).zip(table.lines()).map(line).collect();
    let figures = &table.columns[table.dimensions()..];
    let counts = figures.iter().position(|column| column.unit == Unit::Share).unwrap_or(0);
    let (left, right) = (first + u16::try_from(counts)?, first + u16::try_from(figures.len())? - 1);
    let sheet = page.sheet.name();
    let chart = lines((&sheet, head), &rows, (left, right), &[]);
    put(page, chart, place, &Frame { most: 1.0, ..Frame::new(&table.title, Unit::Share) })
}

pub fn most(values: impl Iterator<Item = Option<f64>>) -> f64 {
    values.flatten().filter(|value| value.is_finite()).fold(0.0, f64::max)
}

/// A row that is drawn as a line, and what it is.
pub enum Line {
    /// Of what has this name.
    Figures(u32, String),
    /// Of all that the others are parts of.
    Whole(u32),
    Target(u32),
}

/// A line a row, over the heads of the columns; a missing figure is a gap, and one between two gaps a dot. Colours go
/// by name, peers' too that have no line here: what stands in two charts, in whatever order, looks the same in both.
pub fn lines<'a>(
    (sheet, head): (&str, u32),
    rows: &'a [Line],
    (left, right): (u16, u16),
    peers: &'a [String],
) -> Chart {
    let mut chart = Chart::new_line();
    let named = |line: &'a Line| if let Line::Figures(_, name) = line { Some(name.as_str()) } else { None };
    let names: BTreeSet<&str> = rows.iter().filter_map(named).chain(peers.iter().map(String::as_str)).collect();
    let colors: BTreeMap<&str, Color> = names.into_iter().zip(LINES).collect();
    for line in rows {
        let (row, (look, marker)) = match line {
            Line::Figures(row, name) => (*row, solid(colors.get(name.as_str()).copied().unwrap_or(QUIET))),
            Line::Whole(row) => (*row, solid(QUIET)),
            Line::Target(row) => (*row, dashed()),
        };
        let series = chart.add_series();
        series.set_name((sheet, row, NAMES)).set_categories((sheet, head, left, head, right));
        series.set_values((sheet, row, left, row, right)).set_marker(&marker);
        series.set_format(ChartFormat::new().set_line(&look));
    }
    match rows {
        [_] => chart.legend().set_hidden(),
        _ => chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(9)),
    };
    let columns = usize::from(right.saturating_sub(left)) + 1;
    if let Ok(every) = u16::try_from(columns.div_ceil(NAMED)) {
        chart.x_axis().set_label_interval(every);
    }
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart
}

fn solid(color: Color) -> (ChartLine, ChartMarker) {
    let (mut line, mut marker) = (ChartLine::new(), ChartMarker::new());
    line.set_color(color).set_width(2.0);
    let mut fill = ChartFormat::new();
    fill.set_solid_fill(ChartSolidFill::new().set_color(color)).set_no_border();
    marker.set_type(ChartMarkerType::Circle).set_size(3).set_format(&mut fill);
    (line, marker)
}

fn dashed() -> (ChartLine, ChartMarker) {
    let (mut line, mut marker) = (ChartLine::new(), ChartMarker::new());
    line.set_color(looks::BAD).set_width(1.25).set_dash_type(ChartLineDashType::Dash);
    marker.set_none();
    (line, marker)
}

fn font(size: u8) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_color(QUIET).set_size(size).unset_bold();
    font
}

/// What stands around a chart: its title and its scale.
pub struct Frame<'a> {
    pub title: &'a str,
    pub unit: Unit,
    /// Where the scale begins, and the largest figure on it.
    pub least: f64,
    pub most: f64,
    /// The height, in rows.
    pub rows: u32,
    /// Whether bars go sideways: names stand at their left then.
    pub sideways: bool,
}

impl<'a> Frame<'a> {
    pub fn new(title: &'a str, unit: Unit) -> Self {
        Self { title, unit, least: 0.0, most: 0.0, rows: ROWS, sideways: false }
    }
}

/// Place a chart, in the one way in which all look; what follows begins below it.
pub fn put(page: &mut Page, mut chart: Chart, (row, column): (u32, u16), of: &Frame) -> Result<()> {
    let mut bold = font(10);
    bold.set_bold();
    chart.title().set_name(of.title).set_font(&bold).set_overlay(false);
    let none = ChartLine::new().set_hidden(true).clone();
    let names = if of.sideways { chart.y_axis() } else { chart.x_axis() };
    names
        .set_font(font(9).set_rotation(0))
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(looks::RULE)));
    names.set_major_gridlines(false);
    if of.sideways {
        names.set_label_interval(1);
    }
    let axis = if of.sideways { chart.x_axis() } else { chart.y_axis() }.set_font(&font(9));
    axis.set_major_gridlines_line(ChartLine::new().set_color(GRID)).set_format(ChartFormat::new().set_line(&none));
    match of.unit {
        Unit::Share => axis.set_num_format("0 %").set_min(of.least),
        Unit::Seconds => {
            let step = step(of.most - of.least);
            let least = (of.least / step).floor() * step;
            axis.set_num_format("[h]:mm").set_min(least / 86_400.0).set_major_unit(step / 86_400.0)
        }
        // These may lie below.
        Unit::Points => axis.set_num_format("0"),
        unit => axis.set_num_format(looks::base(unit).trim_end_matches(".0")).set_min(of.least),
    };
    if of.unit == Unit::Share && of.most > 0.8 {
        axis.set_max(1);
    }
    chart.chart_area().set_format(ChartFormat::new().set_no_border());
    chart.set_width(WIDTH).set_height(of.rows * ROW).set_alt_text(of.title);
    page.sheet.insert_chart_with_offset(row, column, &chart, APART, 4)?;
    page.row = page.row.max(row + of.rows);
    Ok(())
}

/// Seconds from one line of the grid to the next: as people count them, and five at most.
fn step(most: f64) -> f64 {
    const STEPS: [f64; 12] =
        [60.0, 300.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0, 604_800.0];
    STEPS.into_iter().find(|step| most <= 5.0 * step).unwrap_or(most / 4.0)
}
