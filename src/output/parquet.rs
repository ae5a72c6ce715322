//! Parquet: rows as typed columns, instants in UTC, durations in seconds; with where they come from.
//!
//! What is known to the day only is midnight UTC of that day, as in CSV. A new kind of column is one arm of `schema` and
//! one of `write_chunk`.

use super::{Style, json, raw};
use crate::columns::Kind;
use crate::rows::{Cell, Column, Rows};
use anyhow::{Context, Result, bail};
use parquet::column::writer::{ColumnWriter, ColumnWriterImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fmt::Write as _;
use std::io::{self, Seek, Write};
use std::sync::Arc;

/// Rows that are held at once.
const GROUP: usize = 1 << 16;

/// Write rows as Parquet.
pub fn write(rows: &Rows, _: &Style, out: &mut dyn Write) -> Result<()> {
    let about = KeyValue::new("deskstat".to_owned(), json::provenance(&rows.about).to_string());
    let properties = WriterProperties::builder()
        .set_created_by(concat!("deskstat ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(vec![about]))
        .build();
    // Its end tells where everything stands: it is made as a whole, and then handed on.
    let mut file = tempfile::tempfile().context("cannot make a temporary file")?;
    let schema = Arc::new(parse_message_type(&schema(rows))?);
    let mut writer = SerializedFileWriter::new(&mut file, schema, Arc::new(properties))?;
    for rows_of_group in rows.rows.chunks(GROUP) {
        let mut group = writer.next_row_group()?;
        for column in &rows.columns {
            if let Some(mut chunk) = group.next_column()? {
                write_chunk(column, rows_of_group, chunk.untyped())?;
                chunk.close()?;
            }
        }
        group.close()?;
    }
    writer.close()?;
    file.rewind()?;
    io::copy(&mut file, out)?;
    Ok(())
}

/// The schema in Parquet's own words.
fn schema(rows: &Rows) -> String {
    let mut schema = format!("message {} {{", rows.name);
    for column in &rows.columns {
        let (name, kind) = (column.name, column.kind);
        let _ = match kind {
            Kind::Word | Kind::Text => write!(schema, " optional binary {name} (STRING);"),
            Kind::Instant => write!(schema, " optional int64 {name} (TIMESTAMP(MILLIS,true));"),
            Kind::Duration | Kind::Number => write!(schema, " optional double {name};"),
            Kind::Count => write!(schema, " optional int32 {name};"),
            Kind::Flag => write!(schema, " optional boolean {name};"),
        };
    }
    schema + " }"
}

/// A column of some rows.
fn write_chunk(column: &Column, rows: &[u32], chunk: &mut ColumnWriter) -> Result<()> {
    match chunk {
        ColumnWriter::ByteArrayColumnWriter(out) => values(column, rows, out, |cell| match cell {
            Cell::Text(text) => Some(ByteArray::from(text.as_ref())),
            _ => None,
        }),
        ColumnWriter::Int64ColumnWriter(out) => values(column, rows, out, |cell| match cell {
            Cell::Instant(at) | Cell::Day(at) => Some(at),
            _ => None,
        }),
        ColumnWriter::DoubleColumnWriter(out) => values(column, rows, out, |cell| match cell {
            Cell::Seconds(value) | Cell::Number(value) => Some(raw::rounded(value)),
            _ => None,
        }),
        ColumnWriter::Int32ColumnWriter(out) => values(column, rows, out, |cell| match cell {
            Cell::Count(n) => Some(n),
            _ => None,
        }),
        ColumnWriter::BoolColumnWriter(out) => values(column, rows, out, |cell| match cell {
            Cell::Flag(is) => Some(is),
            _ => None,
        }),
        _ => bail!("internal: `{}` has a type that the schema does not name", column.name),
    }
}

/// The values that are there, and for each row whether there is one.
fn values<T: DataType>(
    column: &Column,
    rows: &[u32],
    out: &mut ColumnWriterImpl<T>,
    value: impl Fn(Cell) -> Option<T::T>,
) -> Result<()> {
    let mut values = Vec::with_capacity(rows.len());
    let mut is_there = Vec::with_capacity(rows.len());
    for &row in rows {
        let value = value(column.cell(row));
        is_there.push(i16::from(value.is_some()));
        values.extend(value);
    }
    out.write_batch(&values, Some(&is_there), None)?;
    Ok(())
}
