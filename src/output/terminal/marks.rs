//! Marks in text: arrows of change, ticks of targets, small charts, bars, shades.
//!
//! Each says what it says without colour. A new mark is one function here.

use super::ink::Ink;
use crate::report::text;
use crate::report::{Better, Cell, Column};
use jiff::tz::TimeZone;
use std::cmp::Ordering;

/// Periods that a small chart shows.
pub const PERIODS: usize = 8;
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A glyph and its ink; no glyph where there is nothing to say.
pub type Mark = (&'static str, Ink);

/// Whether a figure is unusual, else its direction against the period before; nothing where both read the same or one
/// is unknown.
pub fn change(cell: &Cell, column: &Column) -> Mark {
    match cell.unusual() {
        Some(Ordering::Greater) => return ("⇑", judged(column, true)),
        Some(_) => return ("⇓", judged(column, false)),
        None => {}
    }
    let (Some(now), Some(before)) = (cell.value.as_f64(), cell.previous) else { return ("", Ink::Plain) };
    let read = |v| text::figure(v, column.unit, &TimeZone::UTC);
    if !before.is_finite() || read(now) == read(before) {
        return ("", Ink::Plain);
    }
    // Where nothing is known of the change but that it is one, no mark says more.
    if cell.chance {
        return if cell.change_low.is_some() { ("~", Ink::Quiet) } else { ("", Ink::Plain) };
    }
    let up = now > before;
    (if up { "▲" } else { "▼" }, judged(column, up))
}

/// Good where the direction is the better one, bad where it is the other.
fn judged(column: &Column, up: bool) -> Ink {
    match column.better {
        Better::Neither => Ink::Plain,
        Better::Up if up => Ink::Good,
        Better::Down if !up => Ink::Good,
        Better::Up | Better::Down => Ink::Bad,
    }
}

/// Whether a goal is met; nothing where no direction is better.
pub fn target(cell: &Cell, better: Better) -> Mark {
    let (Some(value), Some(goal)) = (cell.value.as_f64(), cell.goal) else { return ("", Ink::Plain) };
    let met = match better {
        Better::Up => value >= goal,
        Better::Down => value <= goal,
        Better::Neither => return ("", Ink::Plain),
    };
    if met { ("✓", Ink::Good) } else { ("✗", Ink::Bad) }
}

/// The last periods as columns on a scale from 0; a missing one is a dot, for it is not a small one.
pub fn sparkline(series: &[Option<f64>]) -> String {
    let last = &series[series.len().saturating_sub(PERIODS)..];
    let known = |v: &Option<f64>| v.filter(|v| v.is_finite());
    let top = last.iter().filter_map(known).fold(0.0, f64::max);
    last.iter().map(|v| known(v).map_or('·', |v| LEVELS[level(v, top)])).collect()
}

/// A horizontal bar of a fraction, in eighths of a column.
pub fn bar(fraction: f64, width: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a few columns")]
    let eighths = (fraction.clamp(0.0, 1.0) * (width * 8) as f64).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the width")]
    let eighths = eighths as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// The shade of a value on a scale from 0 to `top`.
pub fn shade(value: f64, top: f64) -> Ink {
    #[expect(clippy::cast_possible_truncation, reason = "there are eight levels")]
    Ink::Shade(level(value, top) as u8)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 7")]
fn level(value: f64, top: f64) -> usize {
    if top > 0.0 { (value.clamp(0.0, top) / top * 7.0).round() as usize } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Unit, Value};

    #[test]
    fn a_missing_period_is_never_a_low_one() {
        assert_eq!(sparkline(&[Some(0.0), Some(4.0), None, Some(8.0), Some(f64::NAN)]), "▁▅·█·");
        assert_eq!(sparkline(&[None, Some(0.0)]), "·▁");
        assert_eq!(sparkline(&[Some(1.0); 20]).chars().count(), PERIODS);
        assert_eq!(sparkline(&[]), "");
    }

    #[test]
    fn bars_are_measured_in_eighths() {
        assert_eq!(bar(0.5, 3), "█▌");
        assert_eq!((bar(0.0, 4), bar(2.0, 2), bar(f64::NAN, 2)), (String::new(), "██".into(), String::new()));
    }

    #[test]
    fn arrows_point_and_colour_judges() {
        let column = Column::figure("frt_p50", "half within", Unit::Seconds, Better::Down);
        let cell = |now, before, chance: bool| {
            let value = Value::Number(now);
            let change_low = chance.then_some(-40.0);
            change(&Cell { value, previous: before, chance, change_low, ..Cell::default() }, &column)
        };
        assert_eq!(cell(90.0, Some(60.0), false), ("▲", Ink::Bad));
        assert_eq!(cell(60.0, Some(90.0), false), ("▼", Ink::Good));
        assert_eq!(cell(60.0, Some(90.0), true), ("~", Ink::Quiet));
        let untested = Cell { chance: true, previous: Some(90.0), ..Cell::number(Some(60.0)) };
        assert_eq!(change(&untested, &column).0, "", "no interval, no mark");
        assert_eq!(cell(7800.0, Some(7801.0), false).0, "");
        assert_eq!(cell(60.0, None, false).0, "");
        let against = |low, high| {
            change(&Cell { value: Value::Number(90.0), usual: Some((low, high)), ..Cell::default() }, &column)
        };
        assert_eq!(against(30.0, 80.0), ("⇑", Ink::Bad));
        assert_eq!(against(95.0, 99.0), ("⇓", Ink::Good));
        assert_eq!(against(90.0, 90.0).0, "", "on its limits a figure is usual");
    }

    #[test]
    fn a_goal_is_met_or_not_in_the_direction_that_is_better() {
        let cell = Cell { value: Value::Number(0.05), goal: Some(0.05), ..Cell::default() };
        assert_eq!(target(&cell, Better::Down).0, "✓");
        assert_eq!(target(&Cell { value: Value::Number(0.051), ..cell.clone() }, Better::Down).0, "✗");
        assert_eq!(target(&cell, Better::Neither).0, "");
    }
}
