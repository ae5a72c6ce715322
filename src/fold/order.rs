//! The order of records, and which of two copies is the later: nothing here depends on the files' order.
//!
//! Records stand by start, source and number; ties are broken by what the rows say, column by column, and
//! only between rows that say the same by where they stood.

use crate::columns::{Counts, Data, NO_TIME, Table, Text, Times};
use crate::interaction::TableKind;
use crate::radix;
use rayon::prelude::*;
use std::cmp::Ordering;

/// Columns that say where a row stood, and so nothing about the record.
const PLACE: [&str; 2] = ["file", "line"];
/// The column of bits that say of what only the day is known.
const BY_DAY: &str = "by_day";

/// The number of a record: `TableKind::id`, or of customers the first key that is there.
pub struct Ids<'a>(Vec<&'a Data>);

impl<'a> Ids<'a> {
    pub fn new(table: &'a Table) -> Self {
        let keys: &[&str] = match table.kind {
            TableKind::Customers => &["customer_id", "customer_external_id", "customer_email"],
            _ => &[],
        };
        Self(
            std::iter::once(table.kind.id())
                .chain(keys.iter().copied())
                .filter_map(|name| table.column(name))
                .collect(),
        )
    }

    /// Which key it is, and the number; `None` where the row has none.
    pub fn of(&self, row: u32) -> Option<(usize, Text<'a>)> {
        let which = self.0.iter().position(|data| !data.is_missing(row as usize))?;
        Some((which, text(self.0[which], row)))
    }

    /// The same for telling numbers apart: of words the code will do, and texts as they stand.
    pub fn tag(&self, row: u32) -> Option<(usize, Text<'a>)> {
        let which = self.0.iter().position(|data| !data.is_missing(row as usize))?;
        Some(match self.0[which] {
            Data::Word { codes, .. } => (which, Text::Number(codes.get(row as usize).into())),
            Data::Text(texts) => (which, texts.as_it_stands(row as usize)),
            _ => (which, Text::EMPTY),
        })
    }
}

/// The order of a table's rows.
pub struct Order<'a> {
    /// What says something about the record; the same but for when it was last touched; where its rows stood.
    content: Vec<&'a Data>,
    telling: Vec<&'a Data>,
    place: Vec<&'a Data>,
    days: Option<&'a Counts>,
    starts: Option<&'a Times>,
    source: Option<&'a Data>,
    ids: Ids<'a>,
    updated: Option<&'a Times>,
}

impl<'a> Order<'a> {
    pub fn new(table: &'a Table) -> Self {
        let columns = |wanted: fn(&str) -> bool| {
            let fields = table.kind.fields().iter().enumerate().filter(|(_, field)| wanted(field.name));
            fields.filter_map(|(at, _)| table.at(at)).collect()
        };
        Self {
            content: columns(|name| !PLACE.contains(&name) && name != BY_DAY),
            telling: columns(|name| !PLACE.contains(&name) && name != BY_DAY && name != "updated_at"),
            place: columns(|name| PLACE.contains(&name)),
            days: table.counts(BY_DAY),
            starts: table.kind.start().and_then(|name| table.times(name)),
            source: table.column("source"),
            ids: Ids::new(table),
            updated: table.times("updated_at"),
        }
    }

    /// By start (rows without one last), source, number, content and place.
    pub fn compare(&self, a: u32, b: u32) -> Ordering {
        let start = |row: u32| self.start(row).map(|start| (start == NO_TIME, start));
        let by_source = || self.source.map_or(Ordering::Equal, |data| compare(data, a, b));
        start(a)
            .cmp(&start(b))
            .then_with(by_source)
            .then_with(|| self.ids.of(a).cmp(&self.ids.of(b)))
            .then_with(|| self.content(a, b))
            .then_with(|| self.place(a, b))
    }

    /// Rows in this order.
    pub fn sort(&self, rows: &mut [u32]) {
        let start = |row| self.start(row).unwrap_or(NO_TIME);
        radix::by_time(rows, start, |tied| tied.par_sort_unstable_by(|&a, &b| self.compare(a, b)));
    }

    fn start(&self, row: u32) -> Option<i64> {
        self.starts.map(|starts| starts.get(row as usize))
    }

    /// Whether the first of two copies is the one that counts: the later updated; where equal, the one with the
    /// greater content; where that is equal too, the one that stands first.
    pub fn is_later(&self, a: u32, b: u32) -> bool {
        let updated = |row: u32| self.updated.map_or(NO_TIME, |values| values.get(row as usize));
        let order = updated(a).cmp(&updated(b)).then_with(|| self.content(a, b)).then_with(|| self.place(b, a));
        order == Ordering::Greater
    }

    /// Events of one record: by when they happened, then as they stand in their files; but first the one that says when
    /// the record began, by which records stand.
    pub fn sort_events(&self, rows: &mut [u32]) {
        let start = |row: u32| self.start(row).map(|start| (start == NO_TIME, start));
        let at = |row: u32| match self.updated.map_or(NO_TIME, |values| values.get(row as usize)) {
            NO_TIME => self.start(row).unwrap_or(NO_TIME),
            updated => updated,
        };
        rows.sort_unstable_by(|&a, &b| at(a).cmp(&at(b)).then_with(|| self.place(a, b)));
        if let Some(first) = (0..rows.len()).min_by_key(|&nth| start(rows[nth])) {
            rows[..=first].rotate_right(1);
        }
    }

    /// By what the rows tell, whenever they were last touched.
    pub fn telling(&self, a: u32, b: u32) -> Ordering {
        by(&self.telling, a, b).then_with(|| self.days(a, b))
    }

    fn content(&self, a: u32, b: u32) -> Ordering {
        by(&self.content, a, b).then_with(|| self.days(a, b))
    }

    /// By what is known to the day only. A file that knows the hour of all that it tells has no such bits.
    fn days(&self, a: u32, b: u32) -> Ordering {
        let bits = |row: u32| self.days.map(|days| days.get(row as usize).max(0));
        bits(a).cmp(&bits(b))
    }

    /// By where they stood.
    pub fn place(&self, a: u32, b: u32) -> Ordering {
        by(&self.place, a, b)
    }
}

/// By the first of these columns in which two rows differ.
fn by(columns: &[&Data], a: u32, b: u32) -> Ordering {
    let mut orders = columns.iter().map(|data| compare(data, a, b));
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Two values of one column as a reader sees them; missing ones first.
pub fn compare(data: &Data, a: u32, b: u32) -> Ordering {
    let (x, y) = (a as usize, b as usize);
    match data {
        Data::Word { codes, .. } if codes.get(x) == codes.get(y) => Ordering::Equal,
        Data::Word { .. } | Data::Text(_) => text(data, a).cmp(&text(data, b)),
        Data::Time(values) => values.get(x).cmp(&values.get(y)),
        Data::Count(values) => values.get(x).cmp(&values.get(y)),
        Data::Number(values) => {
            let (x, y) = (values.get(x), values.get(y));
            (!x.is_nan()).cmp(&!y.is_nan()).then(x.total_cmp(&y))
        }
        Data::Flag(_) if data.is_missing(x) || data.is_missing(y) => data.is_missing(y).cmp(&data.is_missing(x)),
        Data::Flag(values) => values.get(x).cmp(&values.get(y)),
    }
}

/// A word or a text; empty where it is missing.
fn text(data: &Data, row: u32) -> Text<'_> {
    match data {
        Data::Word { codes, words } => Text::Plain(words.text(codes.get(row as usize)).unwrap_or_default()),
        Data::Text(texts) => texts.get(row as usize),
        _ => Text::EMPTY,
    }
}
