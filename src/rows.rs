//! Rows about to be written: which rows, which of their columns, and what a cell holds.
//!
//! `interactions`, `customers` and the ids behind a table are made into these, formats write them. Nothing is copied
//! that the exports' own columns hold. A new kind of value is one variant of `Cell`, and the compiler names the formats.

use crate::columns::{Counts, Data, Kind, NO_COUNT, Table};
use crate::interaction::day_bit;
use crate::notice::closest;
use crate::report::Report;
use crate::zone::DAY;
use anyhow::{Result, bail};
use std::borrow::Cow;

/// The bookkeeping column: it tells how instants are written and is not written itself.
const BY_DAY: &str = "by_day";

/// Rows about to be written.
pub struct Rows<'a> {
    /// `interactions`, `customers`, `ids`
    pub name: &'static str,
    /// Title, provenance and notices; no sections.
    pub about: Report,
    pub columns: Vec<Column<'a>>,
    /// The rows of the columns that are meant, in the order in which they are written.
    pub rows: Vec<u32>,
}

/// A column that is written.
pub struct Column<'a> {
    pub name: &'static str,
    pub kind: Kind,
    /// Absent where no source fills it.
    data: Option<Cow<'a, Data>>,
    /// Of instants: which are known to the day only, by the bit that says so.
    days: Option<(&'a Counts, i32)>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    Missing,
    Text(Cow<'a, str>),
    /// Milliseconds since 1970, UTC.
    Instant(i64),
    /// Midnight UTC of a day, where no more than the day is known.
    Day(i64),
    Seconds(f64),
    Count(i32),
    Number(f64),
    Flag(bool),
}

impl<'a> Rows<'a> {
    /// Rows of a canonical table: the columns asked for, else those that some row fills, with the id and the start.
    pub fn of(name: &'static str, table: &'a Table, rows: Vec<u32>, asked: &[String]) -> Result<Self> {
        let days = table.counts(BY_DAY);
        let column = |(at, field): (usize, &'static crate::columns::Field)| Column {
            name: field.name,
            kind: field.kind,
            data: table.at(at).map(Cow::Borrowed),
            days: days.map(|days| (days, day_bit(table.kind, field.name))),
        };
        let fields = table.kind.fields().iter().enumerate().filter(|(_, field)| field.name != BY_DAY);
        let columns: Vec<Column> = fields.map(column).collect();
        let mut out = Self { name, about: Report::default(), columns, rows };
        if asked.is_empty() {
            let always = [Some(table.kind.id()), table.kind.start()];
            let is_filled = |column: &Column| out.rows.iter().any(|&row| column.cell(row) != Cell::Missing);
            let filled: Vec<bool> = out.columns.iter().map(is_filled).collect();
            let mut filled = filled.into_iter();
            out.columns.retain(|column| filled.next() == Some(true) || always.contains(&Some(column.name)));
            return Ok(out);
        }
        out.only(asked)
    }

    /// The columns asked for, in that order; all where none is.
    pub fn only(mut self, asked: &[String]) -> Result<Self> {
        if asked.is_empty() {
            return Ok(self);
        }
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        check(asked, &names)?;
        let mut columns: Vec<Option<Column>> = self.columns.into_iter().map(Some).collect();
        let places = asked.iter().filter_map(|name| names.iter().position(|own| own == name));
        self.columns = places.filter_map(|at| columns[at].take()).collect();
        Ok(self)
    }
}

/// Every name asked for is one of these.
pub fn check(asked: &[String], names: &[&str]) -> Result<()> {
    if let Some(unknown) = asked.iter().find(|name| !names.contains(&name.as_str())) {
        let near = closest(unknown, names.iter().copied());
        let hint =
            near.map_or_else(|| format!("there are {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
        bail!("unknown column `{unknown}` in --columns\nhint: {hint}");
    }
    Ok(())
}

/// The names that rows of a canonical table may be asked for by.
pub fn names(kind: crate::interaction::TableKind) -> Vec<&'static str> {
    kind.fields().iter().map(|field| field.name).filter(|name| *name != BY_DAY).collect()
}

impl<'a> Column<'a> {
    /// A column made for the occasion.
    pub fn new(name: &'static str, kind: Kind, data: Data) -> Self {
        Self { name, kind, data: Some(Cow::Owned(data)), days: None }
    }

    /// The value of a row.
    pub fn cell(&self, row: u32) -> Cell<'_> {
        let at = row as usize;
        let Some(data) = self.data.as_deref().filter(|data| !data.is_missing(at)) else { return Cell::Missing };
        match data {
            Data::Word { codes, words } => {
                words.text(codes.get(at)).map_or(Cell::Missing, |word| Cell::Text(Cow::Borrowed(word)))
            }
            Data::Text(texts) => Cell::Text(texts.get(at).into_cow()),
            Data::Time(values) if self.kind == Kind::Instant => self.instant(values.get(at), at),
            #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
            Data::Time(values) => Cell::Seconds(values.get(at) as f64 / 1_000.0),
            Data::Count(values) => Cell::Count(values.get(at)),
            Data::Number(values) if values.get(at).is_finite() => Cell::Number(values.get(at)),
            Data::Number(_) => Cell::Missing,
            Data::Flag(values) => Cell::Flag(values.get(at) == 1),
        }
    }

    /// A day is held as some local midnight; the nearest midnight in UTC has the same date in all zones from UTC-12
    /// to UTC+12.
    fn instant(&self, milliseconds: i64, row: usize) -> Cell<'_> {
        let known_to_the_day = |&(days, bit): &(&Counts, i32)| {
            let days = days.get(row);
            days != NO_COUNT && days & bit != 0
        };
        match self.days.filter(known_to_the_day) {
            Some(_) => Cell::Day((milliseconds + DAY / 2).div_euclid(DAY) * DAY),
            None => Cell::Instant(milliseconds),
        }
    }
}
