//! `check`: what was recognised, joined, left out and suspicious, file by file.
//!
//! Counts only; nothing is decided here. The identity of rows is printed for every file:
//! read = used + folded + duplicates + ignored + rejects.

use super::{Better, Cell, Column, Row, Section, Table, Unit, Value, hours, vendor, verdicts};
use crate::columns::NO_TIME;
use crate::desk::Desk;
use crate::facts::{Facts, Out};
use crate::identity::{Identity, Nobody};
use crate::input::{Counts, Inputs, Origin, SourceFile};
use crate::interaction::TableKind;
use crate::notice::{Reject, RejectGroup, count, grouped, shown, thousands};

/// How many quarantined keys and conflicts are listed.
const LISTED: usize = 20;

/// All sections of `check`. Rejects are not to be had as they stood where nothing is.
pub fn sections(inputs: &Inputs, identity: &Identity, desk: &Desk, as_it_stands: bool) -> Vec<Section> {
    vec![files(inputs, desk), rejects(&inputs.rejects, as_it_stands), joined(identity), population(desk)]
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

/// What became of the rows of each file, and how it was read.
fn files(inputs: &Inputs, desk: &Desk) -> Section {
    let zone = &desk.timeline.zone;
    let mut columns = names(&[("file", "File")]);
    columns.extend(counts(&[
        ("read", "read"),
        ("used", "used"),
        ("folded", "folded"),
        ("duplicates", "copies"),
        ("ignored", "ignored"),
        ("rejects", "left out"),
    ]));
    let cells = |name: Cell, c: &Counts| {
        let numbers = [c.read, c.used, c.folded, c.duplicates, c.ignored, c.rejected].map(Cell::count);
        row(std::iter::once(name).chain(numbers).collect())
    };
    let rows = inputs.sources.iter().map(|source| cells(Cell::text(&source.file), &source.counts)).collect();
    let mut files = table("files", "Rows by file", columns, rows);
    let sum = inputs.sources.iter().fold(Counts::default(), |sum, source| sum.plus(source.counts));
    files.total = Some(cells(Cell::default(), &sum));
    let columns = names(&[("file", "File"), ("profile", "Read as"), ("to", "Data to"), ("how", "How")]);
    let rows = inputs.sources.iter().map(|source| {
        let profile = &source.profile.name;
        let own = if *profile == source.instance { String::new() } else { format!(" (source {})", source.instance) };
        let to = data_to(inputs, &desk.facts, source)
            .map_or_else(String::new, |at| zone.civil(at).strftime("%-d %b %Y").to_string());
        row([source.file.clone(), format!("{profile}{own}"), to, how(&source.origin)].map(Cell::text).to_vec())
    });
    let reading = table("reading", "How each file was read", columns, rows.collect());
    let notes = "Rows read = used + folded into another row + copies of another row + ignored by a rule of the profile + left out.";
    Section {
        id: "files".into(),
        title: "Files".into(),
        tables: vec![files, reading],
        notes: vec![notes.into()],
        ..Section::default()
    }
}

/// `UTF-8, cells parted by ';', times in Europe/London (the report's own zone)`
fn how(origin: &Origin) -> String {
    let mut parts = vec![format!("{}{}", origin.encoding, if origin.encoding_guessed { " (guessed)" } else { "" })];
    parts.extend(origin.delimiter.map(|delimiter| format!("cells parted by {delimiter:?}")));
    let zone = origin.zone.as_ref().filter(|zone| zone.needed);
    parts.extend(zone.map(|zone| format!("times in {} ({})", zone.name, zone.why)));
    if !origin.absent.is_empty() {
        parts.push(format!("without {}", origin.absent.join(", ")));
    }
    if !origin.unused.is_empty() {
        parts.push(format!("{} not read", count(origin.unused.len(), "column")));
    }
    parts.join(", ")
}

/// The latest start of a file's rows.
fn data_to(inputs: &Inputs, facts: &Facts, source: &SourceFile) -> Option<i64> {
    let kind = source.profile.kind;
    let table = if kind == TableKind::Interactions { &facts.table } else { &inputs.tables[kind as usize] };
    let (codes, words) = table.words("file")?;
    let (code, starts) = (words.find(&source.file)?, table.times(kind.start()?)?);
    let own = codes.iter().zip(starts.iter()).filter(|&(c, at)| c == code && at != NO_TIME);
    own.map(|(_, at)| at).max()
}

/// Rows and cells left out, by file, column and reason, with the first of each.
fn rejects(rejects: &[Reject], as_it_stands: bool) -> Section {
    let tables: Vec<Table> = [("rows", "Rows left out", true), ("cells", "Cells that count as empty", false)]
        .into_iter()
        .map(|(id, title, whole_row)| table(id, title, reject_columns(), reject_rows(rejects, whole_row)))
        .filter(|table| !table.rows.is_empty())
        .collect();
    let summary = if tables.is_empty() { vec!["No row and no cell was left out.".into()] } else { Vec::new() };
    let written = (as_it_stands && !tables.is_empty()).then(|| "--rejects FILE writes them all as they stood.".into());
    let notes = written.into_iter().collect();
    Section { id: "rejects".into(), title: "Left out".into(), summary, tables, notes }
}

fn reject_columns() -> Vec<Column> {
    let mut columns = names(&[("file", "File")]);
    columns.extend(counts(&[("count", "how many"), ("line", "first at line")]));
    columns.extend(names(&[("why", "Why, and the first text")]));
    columns
}

fn reject_rows(rejects: &[Reject], whole_row: bool) -> Vec<Row> {
    let cells = |group: RejectGroup| {
        let Reject { file, line, column, reason, text, .. } = group.first;
        let column = if column.is_empty() { String::new() } else { format!("`{column}` ") };
        let text = if text.is_empty() { String::new() } else { format!(": `{}`", shown(text)) };
        let why = Cell::text(format!("{column}{reason}{text}"));
        row(vec![Cell::text(file), Cell::count(group.count as u64), Cell::count(*line), why])
    };
    grouped(rejects, whole_row).into_iter().map(cells).collect()
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
    for (what, all) in
        [("phones in conflict", identity.conflicts.len()), ("keys that identify nobody", identity.quarantined.len())]
    {
        if all > LISTED {
            notes.push(format!(
                "{LISTED} of {} {what} are listed; `customers --explain KEY` knows them all.",
                thousands(all as u64)
            ));
        }
    }
    match identity.doubles.len() {
        0 => {}
        1 => notes.push("1 customer stands under several numbers in the customer system.".into()),
        n => notes.push(format!("{} stand under several numbers in the customer system.", count(n, "customer"))),
    }
    Section {
        id: "joined".into(),
        title: "Customers".into(),
        tables: vec![by_source, conflicts(identity), quarantined(identity)],
        notes,
        summary: Vec::new(),
    }
}

/// A share, missing where there is nothing.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn ratio(part: usize, whole: usize) -> Option<f64> {
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

/// Interactions that are not contacts, the hours that contacts go by, and durations that cannot be.
fn population(desk: &Desk) -> Section {
    let facts = &desk.facts;
    let mut kinds = [0u64; Out::NAMES.len()];
    facts.out.iter().for_each(|&out| kinds[out as usize] += 1);
    let mut columns = names(&[("kind", "Interactions")]);
    columns.extend(counts(&[("count", "how many")]));
    let rows = Out::NAMES.iter().zip(kinds).map(|(name, n)| row(vec![Cell::text(*name), Cell::count(n)]));
    let kinds = table("population", "", columns, rows.collect());
    let mut columns = names(&[("what", "Value"), ("file", "File")]);
    columns.extend(counts(&[("line", "line")]));
    let line = |line: i32| Cell { value: Value::Count(i64::from(line)), ..Cell::default() };
    let rows = facts.impossible.iter().map(|i| row(vec![Cell::text(i.what), Cell::text(&i.file), line(i.line)]));
    let impossible = table("impossible", "Values that cannot be, left out of every figure", columns, rows.collect());
    let tables = [kinds, hours::by_schedule(desk), impossible, vendor::durations(desk), verdicts::verdicts(desk)];
    Section {
        id: "population".into(),
        title: "What counts".into(),
        tables: tables.into_iter().filter(|table| !table.rows.is_empty()).collect(),
        ..Section::default()
    }
}
