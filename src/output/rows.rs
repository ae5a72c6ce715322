//! Rows of data as CSV, JSON or NDJSON under their canonical names, so that deskstat can read them back.
//!
//! Columns that no row fills are left out, except the id and the start. What columns there are is in
//! `interaction.rs`; how a new kind of column is written is one arm of `Writer::cell`.

use super::raw;
use crate::columns::{Counts, Data, Field, Kind, NO_COUNT, NO_TIME, Table};
use anyhow::Result;
use std::io::Write;

/// The bookkeeping column: it shapes how instants are written and is not written itself.
const BY_DAY: &str = "by_day";
const DAY: i64 = 86_400_000;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Csv,
    /// One array, an object a line.
    Json,
    /// An object a line.
    Ndjson,
}

/// Write all rows of a table.
pub fn write(table: &Table, form: Form, out: &mut dyn Write) -> Result<()> {
    let rows = Writer::new(table);
    match form {
        Form::Csv => rows.csv(out),
        Form::Json => rows.json(out, ["[\n", ",\n", "\n]\n"]),
        Form::Ndjson => rows.json(out, ["", "\n", "\n"]),
    }
}

struct Writer<'a> {
    table: &'a Table,
    columns: Vec<Printed<'a>>,
    by_day: Option<&'a Counts>,
}

/// A column that is written.
struct Printed<'a> {
    field: &'static Field,
    data: Option<&'a Data>,
    /// The bit of `by_day` that says: known to the day only.
    day_bit: i32,
}

impl<'a> Writer<'a> {
    fn new(table: &'a Table) -> Self {
        let (id, start) = (table.kind.id(), table.kind.start());
        let (mut columns, mut bit) = (Vec::new(), 1_i32);
        for (position, field) in table.kind.fields().iter().enumerate() {
            let day_bit = if field.kind == Kind::Instant { bit } else { 0 };
            if field.kind == Kind::Instant {
                bit <<= 1;
            }
            let data = table.at(position).filter(|data| (0..table.rows()).any(|row| !data.is_missing(row)));
            let always = field.name == id || Some(field.name) == start;
            if (data.is_some() || always) && field.name != BY_DAY {
                columns.push(Printed { field, data, day_bit });
            }
        }
        Self { table, columns, by_day: table.counts(BY_DAY) }
    }

    fn csv(&self, out: &mut dyn Write) -> Result<()> {
        let mut csv = ::csv::Writer::from_writer(out);
        csv.write_record(self.columns.iter().map(|c| c.field.name))?;
        let mut text = String::new();
        for row in 0..self.table.rows() {
            for column in &self.columns {
                text.clear();
                self.cell(column, row, &mut text);
                csv.write_field(&text)?;
            }
            csv.write_record(None::<&[u8]>)?;
        }
        Ok(csv.flush()?)
    }

    /// Objects with all keys in each, nulls included, between the marks given.
    fn json(&self, out: &mut dyn Write, [open, between, close]: [&str; 3]) -> Result<()> {
        out.write_all(open.as_bytes())?;
        let mut text = String::new();
        for row in 0..self.table.rows() {
            if row > 0 {
                out.write_all(between.as_bytes())?;
            }
            for (i, column) in self.columns.iter().enumerate() {
                write!(out, "{}\"{}\":", if i == 0 { '{' } else { ',' }, column.field.name)?;
                text.clear();
                self.cell(column, row, &mut text);
                match column.field.kind {
                    _ if text.is_empty() => out.write_all(b"null")?,
                    Kind::Word | Kind::Text | Kind::Instant => serde_json::to_writer(&mut *out, &text)?,
                    Kind::Duration | Kind::Count | Kind::Number | Kind::Flag => out.write_all(text.as_bytes())?,
                }
            }
            out.write_all(b"}")?;
        }
        // Nothing at all is right NDJSON for no rows; the marks of an array are always there.
        if self.table.rows() > 0 || !open.is_empty() {
            out.write_all(close.as_bytes())?;
        }
        Ok(())
    }

    /// One value as text, nothing where it is missing.
    fn cell(&self, column: &Printed, row: usize, text: &mut String) {
        let Some(data) = column.data.filter(|data| !data.is_missing(row)) else { return };
        match data {
            Data::Word { codes, words } => text.push_str(words.text(codes.get(row)).unwrap_or_default()),
            Data::Text(texts) => text.push_str(&texts.get(row).into_cow()),
            Data::Time(values) if column.field.kind == Kind::Instant => {
                text.push_str(&self.instant(values.get(row), column.day_bit, row));
            }
            #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
            Data::Time(values) => text.push_str(&raw::decimal(values.get(row) as f64 / 1000.0)),
            Data::Count(values) => text.push_str(&values.get(row).to_string()),
            Data::Number(values) if values.get(row).is_finite() => text.push_str(&raw::decimal(values.get(row))),
            Data::Number(_) => {}
            Data::Flag(values) => text.push_str(if values.get(row) == 1 { "true" } else { "false" }),
        }
    }

    /// A day is held as some local midnight; the nearest midnight in UTC has the same date in all zones from UTC-12
    /// to UTC+12.
    fn instant(&self, milliseconds: i64, day_bit: i32, row: usize) -> String {
        let days = self.by_day.map(|bits| bits.get(row)).filter(|&bits| bits != NO_COUNT).unwrap_or(0);
        if days & day_bit == 0 || milliseconds == NO_TIME {
            return raw::instant(milliseconds).unwrap_or_default();
        }
        let midnight = (milliseconds + DAY / 2).div_euclid(DAY) * DAY;
        raw::instant(midnight)
            .and_then(|text| text.split_once('T').map(|(date, _)| date.to_owned()))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::{Texts, Words};
    use crate::interaction::TableKind;
    use crate::output::sample;

    fn table(names: &[&str]) -> Table {
        let rows = names.len();
        let mut table = Table::new(TableKind::Interactions);
        table.fill([], rows);
        let (mut ids, mut words) = (Texts::default(), Words::default());
        (0..rows).for_each(|i| ids.push(&format!("T{i}")));
        let codes = names.iter().map(|name| words.code(name)).collect();
        table.set("interaction_id", Data::Text(ids));
        table.set("customer_name", Data::Word { codes, words });
        table.set("started_at", Data::Time(vec![1_794_786_060_000; rows].into()));
        // Resolved on 14 Nov, local midnight in Berlin; known to the day.
        table.set("resolved_at", Data::Time(vec![1_794_610_800_000; rows].into()));
        table.set("by_day", Data::Count(vec![1 << 4; rows].into()));
        table.set("wait", Data::Time(vec![48_250; rows].into()));
        table.set("talk", Data::missing(Kind::Duration, rows));
        table.set("bot", Data::Flag(vec![0; rows].into()));
        table.set("csat", Data::Number(vec![4.0; rows].into()));
        table.set("line", Data::Count(vec![2; rows].into()));
        table
    }

    fn written(table: &Table, form: Form) -> String {
        let mut out = Vec::new();
        write(table, form, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_filled_columns_are_written_under_their_canonical_names() {
        assert_eq!(
            written(&table(&["Ann", ""]), Form::Csv),
            "interaction_id,customer_name,bot,started_at,resolved_at,wait,csat,line\n\
             T0,Ann,false,2026-11-15T23:41:00Z,2026-11-14,48.25,4,2\n\
             T1,,false,2026-11-15T23:41:00Z,2026-11-14,48.25,4,2\n"
        );
        assert_eq!(written(&Table::new(TableKind::Interactions), Form::Csv), "interaction_id,started_at\n");
        assert_eq!(written(&Table::new(TableKind::Customers), Form::Csv), "customer_crm_id\n");
    }

    #[test]
    fn json_forms_have_every_key_in_every_row() {
        let line = "{\"interaction_id\":\"T0\",\"customer_name\":null,\"bot\":false,\
                    \"started_at\":\"2026-11-15T23:41:00Z\",\"resolved_at\":\"2026-11-14\",\"wait\":48.25,\"csat\":4,\"line\":2}";
        let mut one = table(&["", "Ann"]);
        assert_eq!(written(&one, Form::Ndjson).lines().next(), Some(line));
        let array: Vec<serde_json::Value> = serde_json::from_str(&written(&one, Form::Json)).unwrap();
        assert_eq!(array[1]["customer_name"], "Ann");
        one = one.take(&[]);
        assert_eq!((written(&one, Form::Ndjson), written(&one, Form::Json)), (String::new(), "[\n\n]\n".into()));
    }

    #[test]
    fn hostile_cells_come_through_unchanged() {
        for text in sample::hostile() {
            let table = table(&[&text]);
            let csv = written(&table, Form::Csv);
            let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
            assert_eq!(&reader.records().next().unwrap().unwrap()[1], text);
            let json: serde_json::Value = serde_json::from_str(&written(&table, Form::Ndjson)).unwrap();
            assert_eq!(json["customer_name"], text);
        }
    }
}
