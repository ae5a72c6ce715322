//! Rows of data as CSV, TSV, JSON or NDJSON under their canonical names, so that deskstat can read them back.
//!
//! What rows and columns there are is in `crate::rows`; how a new kind of value is written is one arm of `text`.

use super::records::Records;
use super::{Style, raw};
use crate::columns::Kind;
use crate::rows::{Cell, Rows};
use anyhow::Result;
use std::borrow::Cow;
use std::io::Write;

/// Write rows as CSV.
pub fn csv(rows: &Rows, style: &Style, out: &mut dyn Write) -> Result<()> {
    records(rows, Records::csv(style, out)?)
}

/// Write rows as TSV.
pub fn tabs(rows: &Rows, _: &Style, out: &mut dyn Write) -> Result<()> {
    records(rows, Records::tsv(out))
}

/// Write rows as one array, an object a line.
pub fn json(rows: &Rows, _: &Style, out: &mut dyn Write) -> Result<()> {
    objects(rows, out, ["[\n", ",\n", "\n]\n"])
}

/// Write rows as an object a line.
pub fn lines(rows: &Rows, _: &Style, out: &mut dyn Write) -> Result<()> {
    objects(rows, out, ["", "\n", "\n"])
}

fn records(rows: &Rows, mut out: Records) -> Result<()> {
    out.record(rows.columns.iter().map(|column| column.name))?;
    for &row in &rows.rows {
        for column in &rows.columns {
            out.cell(&text(column.cell(row)))?;
        }
        out.end()?;
    }
    out.finish()
}

/// Objects with all keys in each, nulls included, between the marks given.
fn objects(rows: &Rows, out: &mut dyn Write, [open, between, close]: [&str; 3]) -> Result<()> {
    out.write_all(open.as_bytes())?;
    for (nth, &row) in rows.rows.iter().enumerate() {
        if nth > 0 {
            out.write_all(between.as_bytes())?;
        }
        for (i, column) in rows.columns.iter().enumerate() {
            write!(out, "{}\"{}\":", if i == 0 { '{' } else { ',' }, column.name)?;
            let value = text(column.cell(row));
            match column.kind {
                _ if value.is_empty() => out.write_all(b"null")?,
                Kind::Word | Kind::Text | Kind::Instant => serde_json::to_writer(&mut *out, &value)?,
                Kind::Duration | Kind::Count | Kind::Number | Kind::Flag => out.write_all(value.as_bytes())?,
            }
        }
        out.write_all(b"}")?;
    }
    // Nothing at all is right NDJSON for no rows; the marks of an array are always there.
    if !rows.rows.is_empty() || !open.is_empty() {
        out.write_all(close.as_bytes())?;
    }
    Ok(())
}

/// One value as text, nothing where it is missing.
fn text(cell: Cell<'_>) -> Cow<'_, str> {
    Cow::Owned(match cell {
        Cell::Missing => return Cow::Borrowed(""),
        Cell::Text(text) => return text,
        Cell::Instant(at) => raw::instant(at).unwrap_or_default(),
        Cell::Day(midnight) => {
            let instant = raw::instant(midnight).unwrap_or_default();
            instant.split_once('T').map_or_else(String::new, |(date, _)| date.to_owned())
        }
        Cell::Seconds(value) | Cell::Number(value) => raw::decimal(value),
        Cell::Count(n) => n.to_string(),
        Cell::Flag(is) => is.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::{Data, Kind, Table, Texts, Words};
    use crate::interaction::TableKind;
    use crate::output::{Color, WriteRows, sample};

    fn table(names: &[&str]) -> Table {
        let rows = names.len();
        let mut table = Table::new(TableKind::Interactions);
        table.fill([], rows);
        let (mut ids, mut words) = (Texts::default(), Words::default());
        (0..rows).for_each(|i| ids.push(&format!("T{i}")));
        let codes = names.iter().map(|name| words.code(name)).collect();
        table.set("interaction_id", Data::Text(ids));
        table.set("customer_name", Data::Word { codes, words: words.into() });
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

    fn written(table: &Table, write: WriteRows) -> String {
        let mut out = Vec::new();
        let rows = Rows::of("interactions", table, (0..).take(table.rows()).collect(), &[]).unwrap();
        write(&rows, &Style::file(Color::Never), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_filled_columns_are_written_under_their_canonical_names() {
        assert_eq!(
            written(&table(&["Ann", ""]), csv),
            "interaction_id,customer_name,bot,started_at,resolved_at,wait,csat,line\n\
             T0,Ann,false,2026-11-15T23:41:00Z,2026-11-14,48.25,4,2\n\
             T1,,false,2026-11-15T23:41:00Z,2026-11-14,48.25,4,2\n"
        );
        assert_eq!(written(&Table::new(TableKind::Interactions), csv), "interaction_id,started_at\n");
        assert_eq!(written(&Table::new(TableKind::Customers), csv), "customer_crm_id\n");
    }

    #[test]
    fn json_forms_have_every_key_in_every_row() {
        let line = "{\"interaction_id\":\"T0\",\"customer_name\":null,\"bot\":false,\
                    \"started_at\":\"2026-11-15T23:41:00Z\",\"resolved_at\":\"2026-11-14\",\"wait\":48.25,\"csat\":4,\"line\":2}";
        let mut one = table(&["", "Ann"]);
        assert_eq!(written(&one, lines).lines().next(), Some(line));
        let array: Vec<serde_json::Value> = serde_json::from_str(&written(&one, json)).unwrap();
        assert_eq!(array[1]["customer_name"], "Ann");
        one = one.take(&[]);
        assert_eq!((written(&one, lines), written(&one, json)), (String::new(), "[\n\n]\n".into()));
    }

    #[test]
    fn hostile_cells_come_through_unchanged() {
        for text in sample::hostile() {
            let table = table(&[&text]);
            let written_csv = written(&table, csv);
            let mut reader = ::csv::Reader::from_reader(written_csv.as_bytes());
            assert_eq!(&reader.records().next().unwrap().unwrap()[1], text);
            let json: serde_json::Value = serde_json::from_str(&written(&table, lines)).unwrap();
            assert_eq!(json["customer_name"], text);
        }
    }
}
