//! JSON: a report as one document of sections, tables and figures; the answer of `table` as plain rows.
//!
//! Keys have one order, numbers six digits, instants are ISO 8601. The shapes are a contract (`"schema": 1`): adding
//! a key is free, changing one is a new schema.

use super::{Style, lone_table, raw};
use crate::notice::Notice;
use crate::report::{Cell, Column, InputUsed, Point, Provenance, Report, Row, Section, Table, Unit, Value};
use anyhow::Result;
use serde_json::{Map, Number, Value as Json, json};
use std::io::Write;

const SCHEMA: u32 = 1;

/// Write a report as one indented document.
pub fn write(report: &Report, _: &Style, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(report))?;
    Ok(out.write_all(b"\n")?)
}

/// One object a line: rows of `table`, or the whole report on one line.
pub fn write_lines(report: &Report, _: &Style, out: &mut dyn Write) -> Result<()> {
    let mut line = |json: &Json| -> Result<()> {
        serde_json::to_writer(&mut *out, json)?;
        Ok(out.write_all(b"\n")?)
    };
    match lone_table(report) {
        Some(table) => table.rows.iter().try_for_each(|row| line(&raw_row(table, row, 0))),
        None => line(&document(report)),
    }
}

fn document(report: &Report) -> Json {
    match lone_table(report) {
        Some(table) => wide(report, table),
        None => json!({
            "schema": SCHEMA,
            "deskstat": provenance(report),
            "sections": report.sections.iter().map(section).collect::<Vec<_>>(),
            "notices": report.notices.iter().map(notice).collect::<Vec<_>>(),
        }),
    }
}

/// The answer of `table`: raw values by id; the total has figures only.
fn wide(report: &Report, table: &Table) -> Json {
    let mut out = Map::new();
    if report.provenance.is_of_data() {
        out.insert("deskstat".into(), provenance(report));
    }
    out.insert("columns".into(), table.columns.iter().map(|c| c.id.as_str()).collect());
    out.insert("rows".into(), table.rows.iter().map(|row| raw_row(table, row, 0)).collect());
    if let Some(total) = &table.total {
        out.insert("total".into(), raw_row(table, total, table.dimensions()));
    }
    Json::Object(out)
}

fn raw_row(table: &Table, row: &Row, skip: usize) -> Json {
    let cells = table.columns.iter().zip(&row.cells).skip(skip);
    Json::Object(cells.map(|(column, cell)| (column.id.clone(), value(&cell.value, column.unit))).collect())
}

/// Where the numbers come from.
pub fn provenance(report: &Report) -> Json {
    let Provenance { period, compared, as_of, zone, definitions, settings, settings_file, options, inputs } =
        &report.provenance;
    let inputs: Vec<_> = inputs.iter().map(input).collect();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "title": report.title,
        "period": period,
        "compared": compared,
        "as_of": as_of,
        "zone": zone,
        "definitions": definitions,
        "settings": settings,
        "settings_file": settings_file,
        "options": options,
        "inputs": inputs,
    })
}

fn input(input: &InputUsed) -> Json {
    let mut out = Map::new();
    out.insert("file".into(), input.file.as_str().into());
    out.insert("profile".into(), input.profile.as_str().into());
    out.extend(input.profile_sha256.as_deref().map(|hash| ("profile_sha256".into(), hash.into())));
    out.insert("rows".into(), input.rows.into());
    out.insert("sha256".into(), input.sha256.as_str().into());
    Json::Object(out)
}

fn section(section: &Section) -> Json {
    json!({
        "id": section.id,
        "title": section.title,
        "summary": section.summary,
        "tables": section.tables.iter().map(table).collect::<Vec<_>>(),
        "notes": section.notes,
    })
}

fn table(table: &Table) -> Json {
    let mut out = Map::new();
    out.insert("id".into(), table.id.as_str().into());
    if !table.title.is_empty() {
        out.insert("title".into(), table.title.as_str().into());
    }
    out.insert("columns".into(), table.columns.iter().map(column).collect());
    out.insert("rows".into(), table.rows.iter().map(|r| row(table, r, 0)).collect());
    if let Some(total) = &table.total {
        out.insert("total".into(), row(table, total, table.dimensions()));
    }
    Json::Object(out)
}

fn column(column: &Column) -> Json {
    let mut out = Map::new();
    out.insert("id".into(), column.id.as_str().into());
    out.insert("label".into(), column.label.as_str().into());
    out.insert("unit".into(), raw::unit(column.unit).into());
    out.insert("better".into(), raw::better(column.better).into());
    if let Some(period) = &column.period {
        out.insert("period".into(), period.as_str().into());
    }
    Json::Object(out)
}

/// Dimensions as plain values, figures as objects.
fn row(table: &Table, row: &Row, skip: usize) -> Json {
    let dimensions = table.dimensions();
    let cells = table.columns.iter().zip(&row.cells).enumerate().skip(skip);
    let entry = |(i, (column, cell)): (usize, (&Column, &Cell))| {
        let json = if i < dimensions {
            value(&cell.value, column.unit)
        } else {
            figure(cell, column.unit, &table.points(row, i))
        };
        (column.id.clone(), json)
    };
    Json::Object(cells.map(entry).collect())
}

/// The value is always there, null where missing; the rest only where it is known.
fn figure(cell: &Cell, unit: Unit, series: &[Point]) -> Json {
    let mut out = Map::new();
    out.insert("value".into(), value(&cell.value, unit));
    out.extend(cell.n.map(|n| ("n".into(), n.into())));
    let named = [
        ("previous", cell.previous),
        ("average", cell.average),
        ("goal", cell.goal),
        ("low", cell.low),
        ("high", cell.high),
        ("change_low", cell.change_low),
        ("change_high", cell.change_high),
        ("usual_low", cell.usual.map(|(low, _)| low)),
        ("usual_high", cell.usual.map(|(_, high)| high)),
    ];
    for (name, known) in named {
        let known = known.map(|v| number(v, unit)).filter(|v| !v.is_null());
        out.extend(known.map(|v| (name.into(), v)));
    }
    if cell.chance {
        out.insert("chance".into(), true.into());
    }
    if cell.unusual().is_some() {
        out.insert("unusual".into(), true.into());
    }
    if !series.is_empty() {
        let point = |point: &Point| (point.period.clone(), point.value.map_or(Json::Null, |v| number(v, unit)));
        out.insert("series".into(), Json::Object(series.iter().map(point).collect()));
    }
    out.extend(cell.note.as_deref().map(|note| ("note".into(), note.into())));
    Json::Object(out)
}

fn value(value: &Value, unit: Unit) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Text(text) => text.as_str().into(),
        Value::Count(n) if unit != Unit::Instant => (*n).into(),
        other => other.as_f64().map_or(Json::Null, |v| number(v, unit)),
    }
}

/// Whole numbers without `.0`, instants as text, null for what is no number.
fn number(value: f64, unit: Unit) -> Json {
    if unit == Unit::Instant {
        return raw::number(value, unit).into();
    }
    let value = raw::rounded(value);
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return (value as i64).into();
    }
    Number::from_f64(value).map_or(Json::Null, Json::Number)
}

fn notice(notice: &Notice) -> Json {
    let mut out = Map::new();
    out.insert("severity".into(), notice.severity.name().into());
    out.insert("text".into(), notice.text.as_str().into());
    out.extend(notice.hint.as_deref().map(|hint| ("hint".into(), hint.into())));
    Json::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Color, sample};

    fn written(report: &Report) -> String {
        let mut bytes = Vec::new();
        write(report, &Style::file(Color::Never), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn milliseconds(instant: jiff::Timestamp) -> f64 {
        instant.as_millisecond() as f64
    }

    fn parsed(report: &Report) -> Json {
        serde_json::from_str(&written(report)).unwrap()
    }

    #[test]
    fn the_document_has_the_shape_that_scripts_know() {
        let json = parsed(&sample::report());
        let keys: Vec<_> = json.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["schema", "deskstat", "sections", "notices"]);
        assert_eq!(json["deskstat"]["period"], "2026-W46");
        assert_eq!(json["sections"][0]["id"], "page");
        let table = &json["sections"][0]["tables"][0];
        let column = json!({ "id": "contacts", "label": "Contacts", "unit": "count", "better": "neither" });
        assert_eq!(table["columns"][0], column);
        let sla = json!({
            "value": 0.861111, "n": 288, "previous": 0.91, "average": 0.904, "goal": 0.9, "low": 0.816, "high": 0.896,
            "series": {
                "2026-W39": 0.9, "2026-W40": 0.91, "2026-W41": null, "2026-W42": 0.88, "2026-W43": 0.9,
                "2026-W44": 0.93, "2026-W45": 0.91, "2026-W46": 0.861111
            }
        });
        assert_eq!(table["rows"][0]["response_sla"], sla);
        let contacts = &json["sections"][0]["tables"][1]["rows"][3]["contacts"]["series"];
        assert_eq!(contacts["2026-W42"], Json::Null);
        assert_eq!(contacts["2026-W43"], 12);
        let missing = json!({ "value": null, "note": "no export has survey dates" });
        assert_eq!(table["rows"][0]["survey_rate"], missing);
        assert_eq!(json["sections"][1]["tables"][0]["rows"][0]["team"], "Returns");
        assert!(json["sections"][1]["tables"][0]["total"].get("team").is_none());
        assert_eq!(json["notices"][0]["severity"], "warning");
    }

    #[test]
    fn the_table_command_has_plain_rows() {
        let json = parsed(&sample::table_answer());
        assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), ["deskstat", "columns", "rows", "total"]);
        assert_eq!(
            json["rows"][0],
            json!({
                "team": "Returns", "topic": "refund", "contacts": 96, "response_sla": 0.708333,
                "frt_p50": 15600, "oldest_open": "2026-10-09T07:30:00Z"
            })
        );
        assert_eq!(json["total"]["contacts"], 412);
        let mut lines = Vec::new();
        write_lines(&sample::table_answer(), &Style::file(Color::Never), &mut lines).unwrap();
        let lines: Vec<Json> =
            String::from_utf8(lines).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(Json::Array(lines), json["rows"]);
    }

    #[test]
    fn every_figure_is_read_back() {
        let report = sample::report();
        let json = parsed(&report);
        for (s, section) in report.sections.iter().enumerate() {
            for (t, table) in section.tables.iter().enumerate() {
                for (r, row) in table.rows.iter().enumerate() {
                    let read = &json["sections"][s]["tables"][t]["rows"][r];
                    for (column, cell) in table.columns.iter().zip(&row.cells).skip(table.dimensions()) {
                        let read = &read[&column.id];
                        let value = match &read["value"] {
                            Json::String(instant) => instant.parse::<jiff::Timestamp>().ok().map(milliseconds),
                            value => value.as_f64(),
                        };
                        assert_eq!(value, cell.value.as_f64().map(raw::rounded), "{}", column.id);
                        assert_eq!(read["n"].as_u64(), cell.n);
                        assert_eq!(read["previous"].as_f64(), cell.previous.map(raw::rounded));
                    }
                }
            }
        }
    }

    #[test]
    fn hostile_cells_come_through_unchanged_and_inert() {
        for text in sample::hostile() {
            let report = sample::with_name(&text);
            assert_eq!(parsed(&report)["sections"][0]["tables"][0]["rows"][0]["team"], text);
            assert!(!written(&report).contains(['\u{1b}', '\0']));
        }
    }
}
