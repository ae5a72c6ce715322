//! The tests inside profiles: their samples are read as any file is, and compared with what they expect.
//!
//! Expected cells are compared by meaning: `6` and `0:00:06` are one length of time, moments are UTC, an empty
//! cell is a missing value. Columns that are not named are not compared.

use super::duration::{self, Unit};
use super::find::Found;
use super::instant::{Format, Reading as Moment};
use super::library::Known;
use super::open::Content;
use super::profile::{FoldRule, Profile, Sample};
use super::source::{self, Failure, Reading};
use super::trouble::Trouble;
use super::{Inputs, USUAL, number};
use crate::columns::{Data, Kind, Table};
use crate::interaction::TableKind;
use crate::settings::{Settings, SourceSettings};
use anyhow::{Context, Result, bail, ensure};
use std::sync::Arc;

/// Read a profile's samples among all profiles under these settings, and compare. `finish` folds, as `run` does after
/// reading; where a profile folds nothing, rows are compared as they are read.
pub fn check_samples(
    profile: &Arc<Profile>,
    all: &[Arc<Profile>],
    settings: &Settings,
    finish: &dyn Fn(&mut Inputs),
) -> Result<()> {
    for (i, sample) in profile.tests.iter().enumerate() {
        check((profile, sample), all, settings, finish)
            .with_context(|| format!("profile `{}`, test {}", profile.name, i + 1))?;
    }
    Ok(())
}

fn check(
    (profile, sample): (&Arc<Profile>, &Sample),
    all: &[Arc<Profile>],
    settings: &Settings,
    finish: &dyn Fn(&mut Inputs),
) -> Result<()> {
    let known = |profile: &Arc<Profile>| Known { profile: Arc::clone(profile), own: false, forced: false };
    let mut profiles: Vec<Known> = all.iter().filter(|other| other.name != profile.name).map(known).collect();
    profiles.push(known(profile));
    let own = SourceSettings { file: "*".to_owned(), us: sample.us.clone(), ..SourceSettings::default() };
    let sources = settings.sources.iter().cloned().chain((!sample.us.is_empty()).then_some(own)).collect();
    let settings = &Settings { sources, ..settings.clone() };
    let with = Reading { profiles: &profiles, settings, piece: USUAL, early: None, progress: &|_| {} };
    // A pattern is of itself.
    let name = profile.detect.files.first().map_or("sample", String::as_str);
    let done = source::read(&Found::unfiled(name), Content::Held(sample.input.as_bytes()), with).map_err(trouble)?;
    let fits = &done.first().context("nothing was read")?.source.profile.name;
    ensure!(*fits == profile.name, "the sample is taken for `{fits}`");
    let mut inputs = Inputs {
        tables: TableKind::ALL.map(Table::new).into(),
        sources: Vec::new(),
        rejects: Vec::new(),
        notices: Vec::new(),
        questions: Vec::new(),
    };
    let tables = done.into_iter().flat_map(|done| inputs.add(done)).collect();
    inputs.fill(tables);
    let counts = inputs.sources[0].counts;
    let rejects: Vec<_> =
        inputs.rejects.iter().map(|r| format!("line {}: `{}` {}", r.line, r.column, r.reason)).collect();
    let rejects = rejects.join("; ");
    ensure!(
        counts.rejected == sample.rejected,
        "{} rows rejected, not {}: {rejects}",
        counts.rejected,
        sample.rejected
    );
    ensure!(counts.ignored == sample.ignored, "{} rows ignored, not {}", counts.ignored, sample.ignored);
    let folds = profile.fold != FoldRule::Copies || !profile.beside.is_empty();
    if folds || profile.columns.contains_key("case_id") {
        finish(&mut inputs);
    }
    let kind = sample.table.unwrap_or(profile.kind);
    let table = inputs.tables.iter().find(|table| table.kind == kind).context("no such table")?;
    compare(table, &sample.expect).with_context(|| {
        if rejects.is_empty() { "nothing was rejected".to_owned() } else { format!("rejected: {rejects}") }
    })
}

fn trouble(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Misfit(trouble) | Failure::Undecided(trouble) | Failure::Prose(trouble) => trouble.into(),
        Failure::Open(question) => question.what.into(),
        Failure::OwnOutput => Trouble::new("the sample is an output of deskstat").into(),
        Failure::NotUtf8 => Trouble::new("the sample is not UTF-8").into(),
    }
}

fn compare(table: &Table, expect: &str) -> Result<()> {
    let mut reader = ::csv::Reader::from_reader(expect.trim_start().as_bytes());
    let columns = reader.headers()?.clone();
    let mut rows = 0;
    for expected in reader.records() {
        let expected = expected?;
        ensure!(rows < table.rows(), "there are {} rows, more are expected", table.rows());
        for (name, cell) in columns.iter().zip(&expected) {
            let position = table.kind.position(name).with_context(|| format!("`{name}` is no column"))?;
            let found = value(table, position, rows);
            let wanted = meaning(table.kind.fields()[position].kind, cell)
                .with_context(|| format!("row {}, `{name}`: `{cell}` cannot be expected", rows + 1))?;
            if found != wanted {
                bail!("row {}, `{name}`: expected `{wanted}`, found `{found}`", rows + 1);
            }
        }
        rows += 1;
    }
    ensure!(rows == table.rows(), "there are {} rows, {rows} are expected", table.rows());
    Ok(())
}

/// A value as comparable text.
pub fn value(table: &Table, position: usize, row: usize) -> String {
    if table.is_missing(position, row) {
        return String::new();
    }
    match table.at(position) {
        Some(Data::Word { codes, words }) => words.text(codes.get(row)).unwrap_or_default().to_owned(),
        Some(Data::Text(texts)) => texts.get(row).to_string(),
        Some(Data::Time(times)) if table.kind.fields()[position].kind == Kind::Instant => moment(times.get(row)),
        Some(Data::Time(times)) => millis(times.get(row)),
        Some(Data::Count(counts)) => counts.get(row).to_string(),
        Some(Data::Number(numbers)) => numbers.get(row).to_string(),
        Some(Data::Flag(flags)) => (flags.get(row) == 1).to_string(),
        None => String::new(),
    }
}

/// An expected cell as the same text.
fn meaning(kind: Kind, cell: &str) -> Option<String> {
    if cell.is_empty() {
        return Some(String::new());
    }
    match kind {
        Kind::Word | Kind::Text => Some(cell.to_owned()),
        Kind::Instant => match Format::Iso.parse(cell, None) {
            Moment::At(stamp) => Some(moment(stamp.clock - stamp.offset.unwrap_or(0))),
            _ => None,
        },
        Kind::Duration => duration::parse(cell, Unit::Millis(1_000), Some('.')).map(millis),
        Kind::Count => number::whole(cell, Some('.')).map(|count| count.to_string()),
        Kind::Number => number::parse(cell, Some('.')).map(|number| number.to_string()),
        Kind::Flag => matches!(cell, "true" | "false").then(|| cell.to_owned()),
    }
}

fn moment(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |instant| instant.to_string())
}

fn millis(millis: i64) -> String {
    format!("{millis} ms")
}
