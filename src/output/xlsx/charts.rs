//! Charts: columns of a table's first figure, and lines of what was before or of curves. Each stands by the cells that it
//! is drawn from.

use super::cells;
use super::looks::{self, GRID, LINES, QUIET, Weight};
use super::section::{NAMES, Page};
use crate::output::marks::Tone;
use crate::report::sections::capital;
use crate::report::text;
use crate::report::{Layout, Table, Unit};
use anyhow::Result;
use rust_xlsxwriter::{
    Chart, ChartEmptyCells, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker, ChartSolidFill,
    Sparkline, SparklineType,
};

/// Bars of one chart; more are hard to tell apart.
const BARS: std::ops::RangeInclusive<usize> = 2..=16;
/// The height of a chart, in rows.
const ROWS: u32 = 12;
/// Pixels from the table.
const APART: u32 = 24;
const WIDTH: u32 = 480;
const HEIGHT: u32 = 240;

/// Whether a table tells of the periods before.
pub fn has_series(table: &Table) -> bool {
    !table.periods.is_empty() && table.rows.iter().any(|row| !row.series.is_empty())
}

/// How many columns a table takes that has a chart at its right.
pub fn room_beside(table: &Table) -> Option<usize> {
    let small = usize::from(has_series(table));
    let beside = has_series(table) || charted(table).is_some();
    beside.then(|| (table.columns.len() + small).max(table.periods.len() + 1))
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
    put(page, chart, (top, page.charts), &Axis { title: &capital(title), unit: column.unit, most })
}

/// The figures of the periods before: a small line in each row, the numbers below the table, and lines at its right.
pub fn series(page: &mut Page, table: &Table, (top, from): (u32, u32)) -> Result<()> {
    let label = &table.columns[table.dimensions()];
    let unit = label.unit;
    let name = capital(if label.label.is_empty() { &label.id } else { &label.label });
    let periods: Vec<String> = table.periods.iter().map(|period| text::period(period)).collect();
    let title = match periods.as_slice() {
        [first, .., last] => format!("{name}, {first} to {last}"),
        _ => name,
    };
    page.row += 1;
    page.heading(&title)?;
    let (head, sheet) = (page.row, page.sheet.name());
    page.heads(&[&table.columns[0].label], &periods)?;
    let below = page.row;
    let last = NAMES + u16::try_from(periods.len())?;
    for (nth, row) in (0..).zip(&table.rows) {
        cells::text(page.sheet, (page.row, NAMES), row.cells[0].value.as_text(), &page.looks.name)?;
        for (at, value) in (NAMES + 1..).zip(&row.series) {
            let Some(value) = value else { continue };
            let format = page.looks.figure(looks::number_format(*value, unit), ("", Tone::Plain), Weight::Plain);
            cells::number(page.sheet, (page.row, at), (*value, unit), &page.zone, &format)?;
        }
        let line = Sparkline::new().set_range((sheet.as_str(), page.row, NAMES + 1, page.row, last));
        let beside = NAMES + u16::try_from(table.dimensions())?;
        let line = line.set_type(SparklineType::Column).set_sparkline_color(looks::FULL).set_custom_min(0);
        let line = line.show_last_point(true).set_last_point_color(looks::ACCENT);
        page.sheet.add_sparkline(from + nth, beside, &line)?;
        page.row += 1;
    }
    let chart = lines((&sheet, head, below), table.rows.len(), (NAMES + 1, last))?;
    let most = most(table.rows.iter().flat_map(|row| row.series.iter().copied()));
    put(page, chart, (top, page.charts), &Axis { title: &title, unit, most })
}

/// Curves of a table whose heads stand at `head` and whose figures begin at `first`: where it is told.
pub fn curves(page: &mut Page, table: &Table, (head, first): (u32, u16), place: (u32, u16)) -> Result<()> {
    if table.layout != Layout::Steps || !(1..=LINES.len()).contains(&table.rows.len()) {
        return Ok(());
    }
    let figures = &table.columns[table.dimensions()..];
    let counts = figures.iter().position(|column| column.unit == Unit::Share).unwrap_or(0);
    let (left, right) = (first + u16::try_from(counts)?, first + u16::try_from(figures.len())? - 1);
    let sheet = page.sheet.name();
    let chart = lines((&sheet, head, head + 1), table.rows.len(), (left, right))?;
    put(page, chart, place, &Axis { title: &table.title, unit: Unit::Share, most: 1.0 })
}

fn most(values: impl Iterator<Item = Option<f64>>) -> f64 {
    values.flatten().filter(|value| value.is_finite()).fold(0.0, f64::max)
}

/// A line a row, over the heads of the columns; a missing one is a gap.
fn lines((sheet, head, from): (&str, u32, u32), rows: usize, (left, right): (u16, u16)) -> Result<Chart> {
    let mut chart = Chart::new_line();
    for (row, color) in (from..).take(rows).zip(LINES) {
        let series = chart.add_series();
        series.set_name((sheet, row, NAMES)).set_categories((sheet, head, left, head, right));
        series.set_values((sheet, row, left, row, right)).set_marker(ChartMarker::new().set_none());
        series.set_format(ChartFormat::new().set_line(ChartLine::new().set_color(color).set_width(2)));
    }
    chart.legend().set_position(ChartLegendPosition::Right).set_font(&font(9));
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    Ok(chart)
}

fn font(size: u8) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_color(QUIET).set_size(size).unset_bold();
    font
}

/// What a chart's values are.
struct Axis<'a> {
    title: &'a str,
    unit: Unit,
    most: f64,
}

/// Place a chart, in the one way in which all look; what follows begins below it.
fn put(page: &mut Page, mut chart: Chart, (row, column): (u32, u16), of: &Axis) -> Result<()> {
    let mut bold = font(10);
    bold.set_bold();
    chart.title().set_name(of.title).set_font(&bold).set_overlay(false);
    let none = ChartLine::new().set_hidden(true).clone();
    chart.x_axis().set_font(&font(9)).set_format(ChartFormat::new().set_line(ChartLine::new().set_color(looks::RULE)));
    let axis = chart.y_axis().set_font(&font(9));
    axis.set_major_gridlines_line(ChartLine::new().set_color(GRID)).set_format(ChartFormat::new().set_line(&none));
    match of.unit {
        Unit::Share => axis.set_num_format("0 %").set_min(0),
        Unit::Seconds => axis.set_num_format("[h]:mm").set_min(0).set_major_unit(step(of.most) / 86_400.0),
        // These may lie below.
        Unit::Points => axis.set_num_format("0"),
        unit => axis.set_num_format(looks::base(unit).trim_end_matches(".0")).set_min(0),
    };
    if of.unit == Unit::Share && of.most > 0.8 {
        chart.y_axis().set_max(1);
    }
    chart.chart_area().set_format(ChartFormat::new().set_no_border());
    chart.set_width(WIDTH).set_height(HEIGHT).set_alt_text(of.title);
    page.sheet.insert_chart_with_offset(row, column, &chart, APART, 4)?;
    page.row = page.row.max(row + ROWS);
    Ok(())
}

/// Seconds from one line of the grid to the next: as people count them, and five at most.
fn step(most: f64) -> f64 {
    const STEPS: [f64; 12] =
        [60.0, 300.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0, 604_800.0];
    STEPS.into_iter().find(|step| most <= 5.0 * step).unwrap_or(most / 4.0)
}
