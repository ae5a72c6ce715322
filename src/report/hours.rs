//! How contacts fall to the opening hours of the settings, for `check`: hours that fit nobody are misspelt.
//!
//! What business time is, is `calendar/`.

use super::check::ratio;
use super::{Better, Cell, Column, Row, Table, Unit};
use crate::calendar::{Calendars, NO_SCHEDULE};
use crate::columns::NO_TIME;
use crate::desk::Desk;
use crate::facts::Out;

/// Contacts of one schedule: all, those whose start is known to the minute, and of these those that began while open.
#[derive(Debug, Clone, Copy, Default)]
struct Begun {
    contacts: usize,
    timed: usize,
    open: usize,
}

/// A line a schedule, and one for contacts that fit none; no line where the settings have no hours.
pub fn by_schedule(desk: &Desk) -> Table {
    let columns = vec![
        Column::name("hours", "Hours"),
        Column::figure("contacts", "contacts", Unit::Count, Better::Neither),
        Column::figure("open", "began while open", Unit::Share, Better::Neither),
    ];
    let rows = desk.calendars.as_ref().map_or_else(Vec::new, |calendars| lines(desk, calendars));
    let title = "Contacts by opening hours".into();
    Table { id: "hours".into(), title, columns, rows, ..Table::default() }
}

fn lines(desk: &Desk, calendars: &Calendars) -> Vec<Row> {
    let facts = &desk.facts;
    let mut begun = [Begun::default(); NO_SCHEDULE as usize + 1];
    for row in (0..facts.rows()).filter(|&row| facts.out[row] == Out::No) {
        let (at, calendar) = (facts.at.get(row), desk.calendar(row));
        let of = &mut begun[usize::from(facts.schedule[row])];
        of.contacts += 1;
        if at != NO_TIME && !facts.by_day[row] {
            of.timed += 1;
            of.open += usize::from(calendar.is_some_and(|calendar| calendar.is_open(at)));
        }
    }
    let line = |name: &str, begun: &Begun, known: bool| {
        let share = ratio(begun.open, begun.timed).filter(|_| known);
        let open = Cell { n: Some(begun.timed as u64), ..Cell::number(share) };
        Row { cells: vec![Cell::text(name), Cell::count(begun.contacts as u64), open], series: Vec::new() }
    };
    let mut lines: Vec<Row> = calendars.iter().zip(&begun).map(|(c, begun)| line(&c.name, begun, true)).collect();
    let none = &begun[usize::from(NO_SCHEDULE)];
    lines.extend((none.contacts > 0).then(|| line("(none)", none, false)));
    lines
}
