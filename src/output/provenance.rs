//! Where the numbers come from, as the last section of formats for people: version, settings, inputs.
//!
//! Machine formats write the same by its own names.

use crate::report::{Better, Cell, Column, Provenance, Report, Row, Section, Table, Unit};

/// What is known of the numbers' origin; what is not has no line.
pub fn section(report: &Report) -> Section {
    let Provenance { period, as_of, zone, definitions, settings, settings_file, inputs } = &report.provenance;
    let version = concat!("deskstat ", env!("CARGO_PKG_VERSION"));
    let said = [
        ("made by", version),
        ("period", period),
        ("state as of", as_of),
        ("time zone", zone),
        ("settings", settings_file),
        ("SHA-256 of the settings", settings),
        ("SHA-256 of the definitions", definitions),
    ];
    let line = |(name, value): (&str, &str)| row(vec![Cell::text(name), Cell::text(value)]);
    let origin = Table {
        id: "provenance".into(),
        columns: vec![Column::name("what", ""), Column::name("value", "")],
        rows: said.into_iter().filter(|(_, value)| !value.is_empty()).map(line).collect(),
        ..Table::default()
    };
    let mut tables = vec![origin];
    if !inputs.is_empty() {
        let columns = vec![
            Column::name("file", "File"),
            Column::name("profile", "Read as"),
            Column::figure("rows", "rows", Unit::Count, Better::Neither),
            Column::figure("sha256", "SHA-256", Unit::Text, Better::Neither),
        ];
        let line = |input: &crate::report::InputUsed| {
            let cells = [&input.file, &input.profile, &input.sha256].map(|text| Cell::text(text.as_str()));
            let [file, profile, sha256] = cells;
            row(vec![file, profile, Cell::count(input.rows), sha256])
        };
        tables.push(Table {
            id: "inputs".into(),
            columns,
            rows: inputs.iter().map(line).collect(),
            ..Table::default()
        });
    }
    Section { id: "provenance".into(), title: "Where the numbers come from".into(), tables, ..Section::default() }
}

fn row(cells: Vec<Cell>) -> Row {
    Row { cells, series: Vec::new() }
}
