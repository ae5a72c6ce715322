//! When contacts come and how long they wait, by hour of the day and weekday, in local time.
//!
//! Of the period, or of the eight weeks up to its end where it is a single week: one week alone is too thin. To show
//! one more figure: a function that names it.

use super::figures::whole;
use super::readings::Asked;
use super::sections::Made;
use super::{Better, Cell, Column, Layout, Row, Table, Unit, Value, text};
use crate::desk::Desk;
use crate::dimensions::{self, NO_KEY};
use crate::measure::{Key, measure};
use crate::metrics;
use anyhow::Result;
use std::collections::BTreeMap;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

pub fn arrivals(desk: &Desk, asked: &Asked) -> Made {
    table(desk, asked, "contacts", "Contacts")
}

pub fn first_replies(desk: &Desk, asked: &Asked) -> Made {
    table(desk, asked, "frt_p50", "Half of first replies within")
}

pub fn waits(desk: &Desk, asked: &Asked) -> Made {
    table(desk, asked, "wait_p50", "Half of calls, chats and visits answered within")
}

/// A line an hour in which anything came, a column a weekday.
fn table(desk: &Desk, asked: &Asked, column: &str, title: &str) -> Made {
    let (weeks, asked) = asked.widened();
    let values = by_hour(desk, &asked, column).unwrap_or_default();
    let unit = metrics::find_column(column).map_or(Unit::Count, |(metric, output)| metric.outputs[output].unit);
    let most = values.values().filter_map(|cell| cell.value.as_f64()).fold(0.0, f64::max);
    let scale = if unit == Unit::Seconds { format!(", in {}", text::coarse(most).1) } else { String::new() };
    let over = if weeks > 1 { format!(", {weeks} weeks") } else { String::new() };
    let mut columns = vec![Column::name("hour", "Hour")];
    columns.extend(
        (0..).zip(WEEKDAYS).map(|(_, day): (i32, _)| Column::figure(&day.to_lowercase(), day, unit, Better::Neither)),
    );
    let hours = 0..24_i64;
    let came = hours.filter(|&hour| values.iter().any(|(key, cell)| key[0] == hour && cell.value != Value::Missing));
    let cell = |hour: i64, day: i64| values.get(&vec![hour, day]).cloned().unwrap_or_default();
    let line = |hour: i64| {
        let days = (0..7).map(|day| cell(hour, day));
        Row { cells: std::iter::once(Cell::text(format!("{hour:02}"))).chain(days).collect(), series: Vec::new() }
    };
    let rows = came.map(line).collect();
    let title = format!("{title} by hour and weekday{scale}{over}");
    let id = format!("{column}_by_hour");
    Made { table: Table { id, title, layout: Layout::Heat, columns, rows, ..Table::default() }, ..Made::default() }
}

/// A figure by hour and weekday; contacts without an hour are in none.
fn by_hour(desk: &Desk, asked: &Asked, column: &str) -> Result<BTreeMap<Key, Cell>> {
    let Some((metric, output)) = metrics::find_column(column) else { return Ok(BTreeMap::new()) };
    let by: Vec<_> = ["hour", "weekday"].into_iter().filter_map(dimensions::find).collect();
    let groups = measure(desk, metric, &by, &asked.window(desk))?;
    let timed = groups.into_iter().filter(|(key, _)| !key.contains(&NO_KEY));
    let n = metric.n();
    let cell = |values: &[f64]| Cell { behind: n.and_then(|n| whole(values[n])), ..Cell::number(Some(values[output])) };
    Ok(timed.map(|(key, values)| (key, cell(&values))).collect())
}
