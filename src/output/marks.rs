//! Marks beside figures: arrows of change, ticks of targets.
//!
//! Shared by all formats for people. Each says what it says without colour. A new mark is one function here.

use crate::report::text;
use crate::report::{Better, Cell, Column};
use jiff::tz::TimeZone;
use std::cmp::Ordering;

/// How what a mark says is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Plain,
    Quiet,
    Good,
    Bad,
}

/// A glyph and its tone; no glyph where there is nothing to say.
pub type Mark = (&'static str, Tone);

/// What a mark says, for those who do not see it.
pub fn words(glyph: &str) -> &'static str {
    match glyph {
        "⇑" => "unusually high",
        "⇓" => "unusually low",
        "▲" => "up, beyond chance",
        "▼" => "down, beyond chance",
        "~" => "could be chance",
        "✓" => "target met",
        "✗" => "target missed",
        _ => "",
    }
}

/// Whether a figure is unusual, else its direction against the period before; nothing where both read the same or one
/// is unknown.
pub fn change(cell: &Cell, column: &Column) -> Mark {
    match cell.unusual() {
        Some(Ordering::Greater) => return ("⇑", judged(column, true)),
        Some(_) => return ("⇓", judged(column, false)),
        None => {}
    }
    let (Some(now), Some(before)) = (cell.value.as_f64(), cell.previous) else { return ("", Tone::Plain) };
    let read = |v| text::figure(v, column.unit, &TimeZone::UTC);
    if !before.is_finite() || read(now) == read(before) {
        return ("", Tone::Plain);
    }
    // Where nothing is known of the change but that it is one, no mark says more.
    if cell.chance {
        return if cell.change_low.is_some() { ("~", Tone::Quiet) } else { ("", Tone::Plain) };
    }
    let up = now > before;
    (if up { "▲" } else { "▼" }, judged(column, up))
}

/// Good where the direction is the better one, bad where it is the other.
pub fn judged(column: &Column, up: bool) -> Tone {
    match column.better {
        Better::Neither => Tone::Plain,
        Better::Up if up => Tone::Good,
        Better::Down if !up => Tone::Good,
        Better::Up | Better::Down => Tone::Bad,
    }
}

/// Whether a goal is met; nothing where no direction is better.
pub fn target(cell: &Cell, better: Better) -> Mark {
    let (Some(value), Some(goal)) = (cell.value.as_f64(), cell.goal) else { return ("", Tone::Plain) };
    let met = match better {
        Better::Up => value >= goal,
        Better::Down => value <= goal,
        Better::Neither => return ("", Tone::Plain),
    };
    if met { ("✓", Tone::Good) } else { ("✗", Tone::Bad) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Unit, Value};

    #[test]
    fn arrows_point_and_colour_judges() {
        let column = Column::figure("frt_p50", "half within", Unit::Seconds, Better::Down);
        let cell = |now, before, chance: bool| {
            let value = Value::Number(now);
            let change_low = chance.then_some(-40.0);
            change(&Cell { value, previous: before, chance, change_low, ..Cell::default() }, &column)
        };
        assert_eq!(cell(90.0, Some(60.0), false), ("▲", Tone::Bad));
        assert_eq!(cell(60.0, Some(90.0), false), ("▼", Tone::Good));
        assert_eq!(cell(60.0, Some(90.0), true), ("~", Tone::Quiet));
        let untested = Cell { chance: true, previous: Some(90.0), ..Cell::number(Some(60.0)) };
        assert_eq!(change(&untested, &column).0, "", "no interval, no mark");
        assert_eq!(cell(7800.0, Some(7801.0), false).0, "");
        assert_eq!(cell(60.0, None, false).0, "");
        let against = |low, high| {
            change(&Cell { value: Value::Number(90.0), usual: Some((low, high)), ..Cell::default() }, &column)
        };
        assert_eq!(against(30.0, 80.0), ("⇑", Tone::Bad));
        assert_eq!(against(95.0, 99.0), ("⇓", Tone::Good));
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
