//! The order of records, and which of two copies is the later: nothing here depends on the files' order.
//!
//! Records stand by start, source and number; ties are broken by what the rows say, column by column, and
//! only between rows that say the same by where they stood.

use crate::columns::{Data, NO_TIME, NO_WORD, Table};
use crate::interaction::TableKind;
use std::cmp::Ordering;

/// Columns that say where a row stood, and so nothing about the record.
const PLACE: [&str; 2] = ["file", "line"];

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
    pub fn of(&self, row: u32) -> Option<(usize, &'a str)> {
        let mut keys = self.0.iter().map(|data| text(data, row)).enumerate();
        keys.find(|(_, number)| !number.is_empty())
    }
}

/// The order of a table's rows.
pub struct Order<'a> {
    table: &'a Table,
    starts: Option<&'a [i64]>,
    source: Option<&'a Data>,
    ids: Ids<'a>,
    updated: Option<&'a [i64]>,
}

impl<'a> Order<'a> {
    pub fn new(table: &'a Table) -> Self {
        Self {
            table,
            starts: table.kind.start().and_then(|name| table.times(name)),
            source: table.column("source"),
            ids: Ids::new(table),
            updated: table.times("updated_at"),
        }
    }

    /// By start (rows without one last), source, number, content and place.
    pub fn compare(&self, a: u32, b: u32) -> Ordering {
        let start = |row: u32| self.starts.map(|values| (values[row as usize] == NO_TIME, values[row as usize]));
        let by_source = || self.source.map_or(Ordering::Equal, |data| compare(data, a, b));
        start(a)
            .cmp(&start(b))
            .then_with(by_source)
            .then_with(|| self.ids.of(a).cmp(&self.ids.of(b)))
            .then_with(|| self.content(a, b))
            .then_with(|| self.place(a, b))
    }

    /// Whether the first of two copies is the one that counts: the later updated; where equal, the one with the
    /// greater content; where that is equal too, the one that stands first.
    pub fn is_later(&self, a: u32, b: u32) -> bool {
        let updated = |row: u32| self.updated.map_or(NO_TIME, |values| values[row as usize]);
        let order = updated(a).cmp(&updated(b)).then_with(|| self.content(a, b)).then_with(|| self.place(b, a));
        order == Ordering::Greater
    }

    fn content(&self, a: u32, b: u32) -> Ordering {
        self.by(a, b, |name| !PLACE.contains(&name))
    }

    fn place(&self, a: u32, b: u32) -> Ordering {
        self.by(a, b, |name| PLACE.contains(&name))
    }

    fn by(&self, a: u32, b: u32, wanted: impl Fn(&str) -> bool) -> Ordering {
        let fields = self.table.kind.fields().iter().enumerate().filter(|(_, field)| wanted(field.name));
        let mut orders = fields.filter_map(|(at, _)| self.table.at(at)).map(|data| compare(data, a, b));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// Two values of one column as a reader sees them; missing ones first.
pub fn compare(data: &Data, a: u32, b: u32) -> Ordering {
    let (x, y) = (a as usize, b as usize);
    match data {
        Data::Word { codes, .. } if codes[x] == codes[y] => Ordering::Equal,
        Data::Word { .. } | Data::Text(_) => text(data, a).cmp(text(data, b)),
        Data::Time(values) => values[x].cmp(&values[y]),
        Data::Count(values) => values[x].cmp(&values[y]),
        Data::Number(values) => (!values[x].is_nan()).cmp(&!values[y].is_nan()).then(values[x].total_cmp(&values[y])),
        Data::Flag(_) if data.is_missing(x) || data.is_missing(y) => data.is_missing(y).cmp(&data.is_missing(x)),
        Data::Flag(values) => values[x].cmp(&values[y]),
    }
}

/// A word or a text; empty where it is missing.
fn text(data: &Data, row: u32) -> &str {
    match data {
        Data::Word { codes, words } if codes[row as usize] != NO_WORD => {
            words.text(codes[row as usize]).unwrap_or_default()
        }
        Data::Text(texts) => texts.get(row as usize),
        _ => "",
    }
}
