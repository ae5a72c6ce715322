//! Ways to split: one literal a dimension. `--by`, `list dimensions` and CSV columns follow from it.
//!
//! A dimension gives each row a number and each number a name. Time dimensions follow the clock of the
//! metric: a resolution is placed in the week in which it was resolved. To add one: a line in `DIMENSIONS`,
//! and an arm in `Key` if it is of a new kind.

use crate::columns::{Codes, NO_WORD};
use crate::desk::Desk;
use crate::identity::NO_CUSTOMER;
use crate::period::Grain;
use crate::terms::Mode;
use crate::zone::weekday;

/// The key of a row that has none: `(none)`, sorted last.
pub const NO_KEY: i64 = i64::MAX;

/// One way to split.
pub struct Dimension {
    pub id: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub key: Key,
}

/// How a row's number is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The code of a word column of that name.
    Word,
    Mode,
    Customer,
    /// The channel of the customer's first contact.
    FirstChannel,
    Time(Grain),
    Weekday,
    Hour,
}

const fn word(id: &'static str, label: &'static str, help: &'static str) -> Dimension {
    Dimension { id, label, help, key: Key::Word }
}

const fn of(id: &'static str, label: &'static str, help: &'static str, key: Key) -> Dimension {
    Dimension { id, label, help, key }
}

/// All dimensions, in the order in which they are listed.
pub const DIMENSIONS: &[Dimension] = &[
    word("channel", "Channel", "phone, email, chat and so on"),
    of("mode", "Mode", "live, written or self-service", Key::Mode),
    word("source", "Source", "the export that the contact stood in"),
    word("direction", "Direction", "inbound or outbound"),
    word("touchpoint", "Touchpoint", "before, during or after a purchase, or complaint"),
    word("agent", "Agent", "who handled it"),
    word("team", "Team", "the group or queue"),
    word("topic", "Topic", "what it was about"),
    word("priority", "Priority", "as the export says"),
    word("status", "Status", "where it stands now"),
    word("outcome", "Outcome", "what became of a live contact"),
    word("segment", "Segment", "the customer's group"),
    of("first_channel", "First channel", "the channel of the customer's first contact", Key::FirstChannel),
    of("day", "Day", "local day", Key::Time(Grain::Day)),
    of("week", "Week", "ISO week", Key::Time(Grain::Week)),
    of("month", "Month", "calendar month", Key::Time(Grain::Month)),
    of("weekday", "Weekday", "Monday to Sunday", Key::Weekday),
    of("hour", "Hour", "local hour of the day", Key::Hour),
    of("customer", "Customer", "the customer after the join", Key::Customer),
];

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A dimension by its id.
pub fn find(id: &str) -> Option<&'static Dimension> {
    DIMENSIONS.iter().find(|d| d.id == id)
}

/// Where and when a row stands: its place in the facts, if it has one, its customer, and its clock.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// `None` for a rating that is about no known interaction.
    pub row: Option<usize>,
    pub customer: u32,
    pub at: i64,
    /// The local day of `at`; `i32::MIN` where undated.
    pub day: i32,
    /// `at` is known to the day only.
    pub by_day: bool,
}

impl Dimension {
    /// The period that this dimension splits time into.
    pub fn grain(&self) -> Option<Grain> {
        match self.key {
            Key::Time(grain) => Some(grain),
            _ => None,
        }
    }

    /// What tells the numbers of rows.
    pub fn numbered<'d>(&self, desk: &'d Desk) -> Numbered<'d> {
        let codes = desk.facts.table.words(self.id).map(|(codes, _)| codes).filter(|_| self.key == Key::Word);
        Numbered { key: self.key, desk, codes }
    }

    /// What people and files call a number.
    pub fn name(&self, desk: &Desk, key: i64) -> String {
        let number = i32::try_from(key).unwrap_or(0);
        match self.key {
            _ if key == NO_KEY => "(none)".to_owned(),
            Key::Word | Key::FirstChannel => {
                let column = if self.key == Key::Word { self.id } else { "channel" };
                let words = desk.facts.table.words(column).map(|(_, words)| words);
                words.and_then(|w| w.text(u32::try_from(key).ok()?)).unwrap_or("(none)").to_owned()
            }
            Key::Mode => Mode::NAMES.get(usize::try_from(key).unwrap_or(9)).copied().unwrap_or("other").to_owned(),
            Key::Customer => desk.customer_name(u32::try_from(key).unwrap_or(NO_CUSTOMER)).to_owned(),
            Key::Time(grain) => grain.name(number),
            Key::Weekday => WEEKDAYS.get(usize::try_from(key).unwrap_or(9)).copied().unwrap_or("?").to_owned(),
            Key::Hour => format!("{number:02}"),
        }
    }

    /// Whether names sort by their numbers (time) rather than by their text.
    pub fn is_ordered(&self) -> bool {
        matches!(self.key, Key::Time(_) | Key::Weekday | Key::Hour)
    }
}

/// A dimension about to number rows.
pub struct Numbered<'d> {
    key: Key,
    desk: &'d Desk,
    /// Of a word column, if some source fills it.
    codes: Option<&'d Codes>,
}

impl Numbered<'_> {
    /// The number of a row.
    #[inline]
    pub fn of(&self, place: Place) -> i64 {
        let dated = place.day != i32::MIN;
        let code = |row: usize| self.codes.map(|codes| codes.get(row)).filter(|&code| code != NO_WORD);
        match self.key {
            Key::Word => place.row.and_then(code).map_or(NO_KEY, i64::from),
            Key::Mode => place.row.map_or(NO_KEY, |row| self.desk.facts.mode[row] as i64),
            Key::Customer if place.customer == NO_CUSTOMER => NO_KEY,
            Key::Customer => i64::from(place.customer),
            Key::FirstChannel => match self.desk.facts.first_channel(place.customer) {
                NO_WORD => NO_KEY,
                code => i64::from(code),
            },
            Key::Time(grain) if dated => i64::from(grain.start(place.day)),
            Key::Weekday if dated => i64::from(weekday(place.day)),
            Key::Hour if dated && !place.by_day => i64::from(self.desk.timeline.zone.hour(place.at)),
            Key::Time(_) | Key::Weekday | Key::Hour => NO_KEY,
        }
    }
}
