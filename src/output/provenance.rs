//! Where the numbers come from, as formats say it: for people as the last section or a line, for CSV as figures.
//!
//! JSON writes the same by its own names.

use crate::notice::count;
use crate::report::{Better, Cell, Column, Provenance, Report, Row, Section, Table, Unit};

/// How much of a hash people are shown in a line.
const SHORT: usize = 8;

/// `deskstat 0.1.0 · definitions 41b07a6f · no settings · 3 inputs 9d2c11ab · as of 2026-11-15T23:38:00Z`
pub fn line(provenance: &Provenance) -> String {
    let short = |hash: &str| hash.get(..SHORT).unwrap_or(hash).to_owned();
    let settings = match provenance.settings_file.as_str() {
        "" => "no settings".to_owned(),
        file => format!("{file} {}", short(&provenance.settings)),
    };
    let parts = [
        format!("deskstat {}", env!("CARGO_PKG_VERSION")),
        format!("definitions {}", short(&provenance.definitions)),
        settings,
        format!("{} {}", count(provenance.inputs.len(), "input"), short(&provenance.inputs_sha256())),
        format!("as of {}", provenance.as_of),
    ];
    parts.iter().chain(&provenance.options).map(String::as_str).collect::<Vec<_>>().join(" · ")
}

/// All of it as a table of one row, for formats of a line a figure. Each input has two: its rows and SHA-256, and how it
/// was read.
pub fn figures(provenance: &Provenance) -> Section {
    let Provenance { compared, as_of, zone, definitions, settings, settings_file, options, inputs, .. } = provenance;
    let text = |id: &str, text: &str| (Column::name(id, id), Cell::text(text));
    // The count comes first: columns of text at the beginning are names.
    let rows = Column::figure("rows", "rows", Unit::Count, Better::Neither);
    let mut line = vec![
        (rows, Cell::count(inputs.iter().map(|input| input.rows).sum())),
        text("version", env!("CARGO_PKG_VERSION")),
        text("definitions", definitions),
        text("settings", settings),
        text("settings_file", settings_file),
        text("options", &options.join(" ")),
        text("as_of", as_of),
        text("zone", zone),
        text("compared", compared),
    ];
    for input in inputs {
        let (column, sha256) = text(&input.file, &input.sha256);
        line.push((column, Cell { n: Some(input.rows), ..sha256 }));
        let profile = [Some(input.profile.as_str()), input.profile_sha256.as_deref()].into_iter().flatten();
        line.push(text(&format!("profile of {}", input.file), &profile.collect::<Vec<_>>().join(" ")));
    }
    let (columns, cells) = line.into_iter().unzip();
    let table = Table { id: "provenance".into(), columns, rows: vec![row(cells)], ..Table::default() };
    Section { id: "provenance".into(), tables: vec![table], ..Section::default() }
}

/// What is known of the numbers' origin; what is not has no line.
pub fn section(report: &Report) -> Section {
    let Provenance { period, compared, as_of, zone, definitions, settings, settings_file, options, inputs } =
        &report.provenance;
    let options = options.join(" ");
    let version = concat!("deskstat ", env!("CARGO_PKG_VERSION"));
    let said = [
        ("made by", version),
        ("period", period),
        ("compared with", compared),
        ("asked for", &options),
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
