//! `list` and `explain`: the tables of the program, printed. Nothing is said here that no literal or profile says.

use super::sections::{PAGE_ONE, SECTIONS};
use super::{Report, Section, Table};
use crate::dimensions::DIMENSIONS;
use crate::input::profile::{Evidence, Profile};
use crate::interaction::TableKind;
use crate::metrics::{METRICS, Metric, Role};
use crate::notice::did_you_mean;
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::sync::Arc;

fn listed(id: &str, columns: &[(&str, &str)], rows: impl Iterator<Item = Vec<String>>) -> Report {
    let table = Table::worded(id, "", columns, rows);
    Report { sections: vec![Section { id: id.into(), tables: vec![table], ..Section::default() }], ..Report::default() }
}

/// All metrics with their columns.
pub fn metrics() -> Report {
    let columns = [("metric", "Metric"), ("label", "What"), ("population", "Of"), ("columns", "Columns")];
    let row = |m: &&'static Metric| {
        let columns: Vec<String> = m.outputs.iter().map(|o| m.column(o)).collect();
        vec![m.id.to_owned(), m.label.to_owned(), m.population.words.to_owned(), columns.join(" ")]
    };
    listed("metrics", &columns, METRICS.iter().map(row))
}

/// All dimensions.
pub fn dimensions() -> Report {
    let rows = DIMENSIONS.iter().map(|d| vec![d.id.to_owned(), d.help.to_owned()]);
    listed("dimensions", &[("dimension", "Dimension"), ("help", "What")], rows)
}

/// All sections of the report.
pub fn sections() -> Report {
    let row = |id: &str, full: bool, help: &str| {
        let shown = if full { "with --full or --only" } else { "always" };
        vec![id.to_owned(), shown.to_owned(), help.to_owned()]
    };
    let first = row(PAGE_ONE, false, "Page one: what changed, the figures, a line a channel.");
    let rows = SECTIONS.iter().map(|s| row(s.id, s.full, s.help));
    let columns = [("section", "Section"), ("shown", "Shown"), ("help", "What it answers")];
    listed("sections", &columns, std::iter::once(first).chain(rows))
}

/// All profiles with what each feeds, how many metrics it is enough for, and what it was written from.
pub fn profiles(profiles: &[Arc<Profile>]) -> Report {
    let row = |p: &Arc<Profile>| {
        let told_by = p.detect.told_by().collect::<Vec<_>>().join(", ");
        let evidence = p.evidence.map_or("", Evidence::words);
        let kinds = TableKind::ALL.into_iter().filter(|kind| p.table(*kind).is_some()).map(TableKind::name);
        let metrics = format!("{} of {}", metrics_of(p).len(), METRICS.len());
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        vec![p.name.clone(), p.title.clone(), kinds, metrics, evidence.into(), told_by]
    };
    let columns = [
        ("profile", "Profile"),
        ("title", "Export"),
        ("kind", "Gives"),
        ("metrics", "Metrics"),
        ("evidence", "Written from"),
        ("headers", "Recognised by"),
    ];
    listed("profiles", &columns, profiles.iter().map(row))
}

/// The metrics that an export tells by itself: those whose columns it has. Counts of contacts need none.
fn metrics_of(profile: &Profile) -> Vec<&'static Metric> {
    let tables = || TableKind::ALL.into_iter().filter_map(|kind| profile.table(kind));
    let has = |need: &&str| {
        let is_events = *need == "events" && profile.table(TableKind::Events).is_some();
        is_events || tables().any(|columns| columns.contains_key(*need))
    };
    let contacts = profile.table(TableKind::Interactions).is_some();
    let told = |metric: &&&Metric| metric.needs.iter().any(has) || (metric.needs.is_empty() && contacts);
    METRICS.iter().filter(told).copied().collect()
}

/// A profile in words.
fn profile_in_words(profile: &Profile) -> Vec<(&'static str, String)> {
    let own = metrics_of(profile);
    let ids = |wanted: bool| {
        let is_own = |metric: &&&'static Metric| own.iter().any(|own| own.id == metric.id) == wanted;
        METRICS.iter().filter(is_own).map(|metric| metric.id).collect::<Vec<_>>().join(", ")
    };
    let mut out = vec![
        ("A profile", format!("{}.", profile.title)),
        ("Recognised by", format!("{}.", profile.detect.told_by().collect::<Vec<_>>().join(", "))),
        ("Tells by itself", format!("{}.", ids(true))),
        ("Does not tell", format!("{}.", ids(false))),
    ];
    if let Some(evidence) = profile.evidence {
        out.push(("Written from", format!("{}.", evidence.words())));
    }
    out.push(("To change it", format!("`deskstat profile --like {} -o my.toml` writes it to a file.", profile.name)));
    out
}

/// All output formats, each with its extensions and what it is for.
pub fn formats(formats: impl Iterator<Item = (&'static str, &'static [&'static str], &'static str)>) -> Report {
    let rows = formats
        .map(|(name, extensions, help)| vec![name.to_owned(), format!(".{}", extensions.join(" .")), help.to_owned()]);
    listed("formats", &[("format", "Format"), ("extensions", "Extensions"), ("help", "What")], rows)
}

/// A figure of a report and what it means.
pub struct Definition {
    pub metric: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub formula: &'static str,
    pub counts: &'static str,
}

/// The metrics that columns are figures of, each once, in the order in which they are listed.
pub fn definitions<'c>(columns: impl Iterator<Item = &'c str>) -> Vec<Definition> {
    let used: BTreeSet<&str> = columns.filter_map(crate::metrics::find_column).map(|(metric, _)| metric.id).collect();
    let used = METRICS.iter().filter(|metric| used.contains(metric.id));
    let of = |m: &&'static Metric| Definition {
        metric: m.id,
        label: m.label,
        help: m.help,
        formula: m.formula,
        counts: m.population.words,
    };
    used.map(of).collect()
}

/// A metric, one of its columns, a dimension, a canonical column or a profile, in words.
pub fn explain(name: &str, profiles: &[Arc<Profile>]) -> Result<Report> {
    if let Some(metric) = crate::metrics::find(name).or_else(|| crate::metrics::find_column(name).map(|found| found.0))
    {
        return Ok(said(metric.id, metric_in_words(metric)));
    }
    if let Some(dimension) = crate::dimensions::find(name) {
        return Ok(said(dimension.id, vec![("A way to split", format!("{}.", dimension.help))]));
    }
    let fields = || TableKind::ALL.into_iter().flat_map(TableKind::fields);
    if let Some(field) = fields().find(|f| f.name == name) {
        return Ok(said(field.name, vec![("A canonical column", format!("{}.", field.help))]));
    }
    if let Some(profile) = profiles.iter().find(|profile| profile.name == name) {
        return Ok(said(&profile.name, profile_in_words(profile)));
    }
    let names = METRICS
        .iter()
        .map(|m| m.id)
        .chain(DIMENSIONS.iter().map(|d| d.id))
        .chain(fields().map(|f| f.name))
        .chain(profiles.iter().map(|profile| profile.name.as_str()));
    let hint = did_you_mean(name, names);
    bail!("nothing is called `{name}`\nhint: {hint}`deskstat list metrics` and `list dimensions` show what there is")
}

fn said(id: &str, parts: Vec<(&str, String)>) -> Report {
    let rows = parts.into_iter().map(|(part, text)| vec![part.to_owned(), text]);
    Report { title: id.to_owned(), ..listed("explain", &[("part", ""), ("text", "")], rows) }
}

fn metric_in_words(metric: &Metric) -> Vec<(&'static str, String)> {
    let outputs = |wanted: &dyn Fn(Role) -> bool| {
        let own = metric.outputs.iter().filter(|o| wanted(o.role));
        own.map(|o| format!("{} ({})", metric.column(o), o.label)).collect::<Vec<_>>().join(", ")
    };
    let mut out = vec![
        ("What", format!("{}. {}", super::sections::capital(metric.label), metric.help)),
        ("Formula", format!("{}.", metric.formula)),
        ("Counts", format!("{}.", metric.population.words)),
        ("Columns", format!("{}.", outputs(&|role| matches!(role, Role::Value | Role::N | Role::Low | Role::High)))),
    ];
    let apart = outputs(&|role| matches!(role, Role::LeftOut | Role::TooRecent | Role::Told));
    if !apart.is_empty() {
        out.push(("Counted apart", format!("{apart}.")));
    }
    if !metric.needs.is_empty() {
        out.push(("Needs one of", format!("{}.", metric.needs.join(", "))));
    }
    let proof = metric.proof.iter().map(|(suffix, value)| {
        let output = metric.outputs.iter().find(|o| o.suffix == *suffix);
        format!("{} = {value}", output.map_or_else(|| metric.id.to_owned(), |o| metric.column(o)))
    });
    out.push(("Worked", format!("on the hand-made sample of the tests, {}.", proof.collect::<Vec<_>>().join(", "))));
    out
}
