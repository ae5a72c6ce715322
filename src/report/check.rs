//! `check`: what was recognised, joined, left out and suspicious, file by file.
//!
//! Counts only; nothing is decided here. The identity of rows is printed for every file:
//! read = used + folded + duplicates + ignored + rejects.

use super::{Better, Cell, Column, Row, Section, Table, Unit, Value};
use crate::facts::{Facts, Out};
use crate::identity::{Identity, Nobody};
use crate::input::{Counts, Inputs};
use crate::measure::Desk;
use crate::notice::{Reject, count, shown, thousands};
use std::collections::BTreeMap;

/// How many quarantined keys and conflicts are listed.
const LISTED: usize = 20;

/// All sections of `check`.
pub fn sections(inputs: &Inputs, identity: &Identity, desk: &Desk) -> Vec<Section> {
    vec![files(inputs), rejects(&inputs.rejects), joined(identity), population(&desk.facts)]
}

/// `41 of 9,312 rows left out (0.4 %), see deskstat check`
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn left_out(inputs: &Inputs) -> String {
    let read: u64 = inputs.sources.iter().map(|s| s.counts.read).sum();
    let rejected: u64 = inputs.sources.iter().map(|s| s.counts.rejected).sum();
    if rejected == 0 {
        return format!("Left out: none of {} rows.", thousands(read));
    }
    let share = 100.0 * rejected as f64 / read as f64;
    format!("Left out: {} of {} rows ({share:.1} %), see `deskstat check`.", thousands(rejected), thousands(read))
}

fn names(columns: &[(&str, &str)]) -> Vec<Column> {
    columns.iter().map(|(id, label)| Column::name(id, label)).collect()
}

fn counts(columns: &[(&str, &str)]) -> impl Iterator<Item = Column> {
    columns.iter().map(|(id, label)| Column::figure(id, label, Unit::Count, Better::Neither))
}

fn row(cells: Vec<Cell>) -> Row {
    Row { cells, series: Vec::new() }
}

fn table(id: &str, title: &str, columns: Vec<Column>, rows: Vec<Row>) -> Table {
    Table { id: id.into(), title: title.into(), columns, rows, ..Table::default() }
}

/// What became of the rows of each file.
fn files(inputs: &Inputs) -> Section {
    let mut columns = names(&[("file", "File"), ("profile", "Profile")]);
    columns.extend(counts(&[
        ("read", "read"),
        ("used", "used"),
        ("folded", "folded"),
        ("duplicates", "duplicates"),
        ("ignored", "ignored"),
        ("rejects", "left out"),
    ]));
    let cells = |c: &Counts| [c.read, c.used, c.folded, c.duplicates, c.ignored, c.rejected].map(Cell::count);
    let rows = inputs.sources.iter().map(|source| {
        let mut all = vec![Cell::text(&source.file), Cell::text(&source.profile.name)];
        all.extend(cells(&source.counts));
        row(all)
    });
    let mut files = table("files", "Rows by file", columns, rows.collect());
    let mut total = vec![Cell::default(), Cell::default()];
    total.extend(cells(&inputs.sources.iter().fold(Counts::default(), |sum, s| sum.plus(s.counts))));
    files.total = Some(row(total));
    let notes = vec![
        "Rows read = used + folded into another row + duplicates + ignored by a rule of the profile + left out.".into(),
    ];
    let read = inputs.sources.iter().map(|source| {
        let origin = &source.origin;
        let guessed = if origin.encoding_guessed { " (guessed)" } else { "" };
        let zone =
            origin.zone.as_ref().filter(|z| z.needed).map_or_else(String::new, |z| format!("{}, by {}", z.name, z.why));
        let delimiter = origin.delimiter.map_or_else(|| "JSON".to_owned(), |d| format!("CSV, {d:?} between cells"));
        let encoding = format!("{}{guessed}", origin.encoding);
        row([source.file.clone(), source.instance.clone(), encoding, delimiter, zone].map(Cell::text).to_vec())
    });
    let columns = names(&[
        ("file", "File"),
        ("source", "Source"),
        ("encoding", "Encoding"),
        ("layout", "Layout"),
        ("zone", "Zone of its times"),
    ]);
    Section {
        id: "files".into(),
        title: "Files".into(),
        tables: vec![files, table("reading", "How each file was read", columns, read.collect())],
        notes,
        summary: Vec::new(),
    }
}

/// Rows and cells left out, by file, column and reason, with the first of each.
fn rejects(rejects: &[Reject]) -> Section {
    let mut groups: BTreeMap<(&str, &str, &str, bool), (u64, &Reject)> = BTreeMap::new();
    for reject in rejects {
        let key = (reject.file.as_str(), reject.column.as_str(), reject.reason.as_str(), !reject.whole_row);
        let group = groups.entry(key).or_insert((0, reject));
        group.0 += 1;
        if reject.line < group.1.line {
            group.1 = reject;
        }
    }
    let mut columns = names(&[("file", "File"), ("column", "Column"), ("reason", "Why"), ("what", "What")]);
    columns.extend(counts(&[("count", "how many"), ("line", "first at line")]));
    columns.push(Column::name("text", "Text there"));
    let rows = groups.iter().map(|((file, column, reason, cell), (n, first))| {
        let what = if *cell { "cell emptied" } else { "row left out" };
        let mut all: Vec<Cell> = [file, column, reason, &what].map(|text| Cell::text(*text)).to_vec();
        all.extend([Cell::count(*n), Cell::count(first.line), Cell::text(shown(&first.text))]);
        row(all)
    });
    let rows: Vec<Row> = rows.collect();
    let summary = if rows.is_empty() { vec!["No row and no cell was left out.".into()] } else { Vec::new() };
    Section {
        id: "rejects".into(),
        title: "Left out".into(),
        summary,
        tables: vec![table("rejects", "", columns, rows)],
        notes: vec!["--rejects FILE writes them all as they stood.".into()],
    }
}

/// How well the sources joined, and what was kept from joining.
fn joined(identity: &Identity) -> Section {
    let mut columns = names(&[("source", "Source")]);
    columns.extend(counts(&[("rows", "rows")]));
    columns.push(Column::figure("identified", "with a customer", Unit::Share, Better::Up));
    columns.push(Column::figure("matched", "known elsewhere too", Unit::Share, Better::Up));
    columns.extend(
        Nobody::ALL.iter().map(|reason| {
            Column::figure(&reason.title().replace(' ', "_"), reason.title(), Unit::Count, Better::Neither)
        }),
    );
    let rows = identity.matches.iter().map(|m| {
        let share = |part: usize| Cell::number(ratio(part, m.rows));
        let mut all = vec![Cell::text(&m.source), Cell::count(m.rows as u64), share(m.identified), share(m.matched)];
        all.extend(m.without.iter().map(|&n| Cell::count(n as u64)));
        row(all)
    });
    let by_source = table("joined", "Match by source", columns, rows.collect());
    let mut notes = vec![format!("{} in all.", count(identity.count as usize, "customer"))];
    if !identity.doubles.is_empty() {
        notes.push(format!(
            "{} under several numbers in the customer system.",
            count(identity.doubles.len(), "customer stands")
        ));
    }
    Section {
        id: "joined".into(),
        title: "Customers".into(),
        tables: vec![by_source, conflicts(identity), quarantined(identity)],
        notes,
        summary: Vec::new(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn conflicts(identity: &Identity) -> Table {
    let mut columns = names(&[("phones", "Phone"), ("customers", "Would join")]);
    columns.extend(counts(&[("links", "links dropped")]));
    let texts = |keys: &[u32]| keys.iter().map(|&k| identity.key(k).text).collect::<Vec<_>>().join(", ");
    let rows =
        identity.conflicts.iter().take(LISTED).map(|c| {
            row(vec![Cell::text(texts(&c.phones)), Cell::text(texts(&c.crm_ids)), Cell::count(c.edges as u64)])
        });
    table("conflicts", "Phones that would join different customers, and so join nobody", columns, rows.collect())
}

fn quarantined(identity: &Identity) -> Table {
    let mut columns = names(&[("key", "Key"), ("reason", "Why it identifies nobody")]);
    columns.extend(counts(&[("rows", "rows"), ("names", "names")]));
    let rows = identity.quarantined.iter().take(LISTED).map(|q| {
        let (rows, names) = (Cell::count(u64::from(q.rows)), Cell::count(u64::from(q.names)));
        row(vec![Cell::text(identity.key(q.key).to_string()), Cell::text(q.reason.to_string()), rows, names])
    });
    table("quarantined", "Keys that identify nobody", columns, rows.collect())
}

/// Interactions that are not contacts, and durations that cannot be.
fn population(facts: &Facts) -> Section {
    let mut kinds = [0u64; Out::NAMES.len()];
    facts.out.iter().for_each(|&out| kinds[out as usize] += 1);
    let mut columns = names(&[("kind", "Interactions")]);
    columns.extend(counts(&[("count", "how many")]));
    let rows = Out::NAMES.iter().zip(kinds).map(|(name, n)| row(vec![Cell::text(*name), Cell::count(n)]));
    let kinds = table("population", "", columns, rows.collect());
    let mut columns = names(&[("what", "Duration"), ("file", "File")]);
    columns.extend(counts(&[("line", "line")]));
    let rows = facts.impossible.iter().map(|&(at, what)| {
        let at = at as usize;
        let line = facts.table.counts("line").map_or(Value::Missing, |lines| Value::Count(i64::from(lines[at])));
        row(vec![Cell::text(what), Cell::text(facts.table.text("file", at)), Cell { value: line, ..Cell::default() }])
    });
    let impossible = table("impossible", "Durations that cannot be, left out of every figure", columns, rows.collect());
    Section {
        id: "population".into(),
        title: "What counts".into(),
        tables: vec![kinds, impossible],
        ..Section::default()
    }
}
