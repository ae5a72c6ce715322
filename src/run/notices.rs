//! What a run tells of its data besides the report: rows left out, sources that end early, events of nothing. Contacts that
//! may count twice are in `twice.rs`.

use crate::columns::NO_TIME;
use crate::desk::Desk;
use crate::input::Inputs;
use crate::interaction::TableKind;
use crate::notice::{Notice, RejectGroup, count, grouped, shown, thousands};
use anyhow::anyhow;
use std::fmt::Write;

/// Why there is nothing to count up to: the first thing that was noticed.
pub fn no_date(inputs: &mut Inputs) -> anyhow::Error {
    let why = reject_notices(inputs, false).into_iter().chain(inputs.notices.drain(..)).next();
    let Some(why) = why.map(|notice| notice.text) else {
        let has_contacts = inputs.tables.iter().any(|table| table.kind == TableKind::Interactions && table.rows() > 0);
        let cure = match has_contacts {
            true => "a profile says in which column the dates are: `deskstat profile` drafts one",
            false => "name an export of contacts too; a list of customers alone has no figures",
        };
        return anyhow!("nothing that was read says when anything happened\nhint: {cure}");
    };
    anyhow!("no row has a date that could be read: {why}\nhint: a profile says which dates an export holds: --profile")
}

/// Events that tell of nothing else that was read.
pub fn strays(desk: &Desk) -> Option<Notice> {
    let strays = desk.facts.history.strays;
    let (events, belong) = (count(strays, "event"), if strays == 1 { "belongs" } else { "belong" });
    (strays > 0).then(|| {
        Notice::warning(format!("{events} {belong} to no interaction that was read, or to several of one number"))
            .hint("give the export of the interactions too, or name their `source` in the events")
    })
}

/// One warning for all rows left out, with the commonest reasons; one note for emptied cells. Beside pseudonyms,
/// nothing writes rows as they stand.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn reject_notices(inputs: &Inputs, pseudonymised: bool) -> Vec<Notice> {
    let read: u64 = inputs.sources.iter().map(|s| s.counts.read).sum();
    let (rows, cells) = (grouped(&inputs.rejects, true), grouped(&inputs.rejects, false));
    let total = |groups: &[RejectGroup]| groups.iter().map(|group| group.count).sum::<usize>();
    let mut out = Vec::new();
    if let left_out @ 1.. = total(&rows) {
        let (were, share) = (if left_out == 1 { "was" } else { "were" }, 100.0 * left_out as f64 / read.max(1) as f64);
        let (left_out, read) = (thousands(left_out as u64), thousands(read));
        let text = format!("{left_out} of {read} rows {were} left out ({share:.1} %){}", reasons(rows, "row"));
        let all = if pseudonymised { "" } else { "--rejects bad.csv writes them all; " };
        out.push(Notice::warning(text).hint(format!("{all}--strict makes this an error")));
    }
    if let emptied @ 1.. = total(&cells) {
        let counts = if emptied == 1 { "counts" } else { "count" };
        let text = format!("{} could not be read and {counts} as empty", count(emptied, "cell"));
        out.push(Notice::note(text + &reasons(cells, "cell")));
    }
    out
}

/// A line for each of the commonest reasons.
fn reasons(mut groups: Vec<RejectGroup>, noun: &str) -> String {
    const SHOWN: usize = 3;
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    let mut out = String::new();
    for RejectGroup { first, count: n } in groups.iter().take(SHOWN) {
        let column = if first.column.is_empty() { String::new() } else { format!("`{}` ", first.column) };
        let (file, reason, line) = (&first.file, &first.reason, first.line);
        let text = if first.text.is_empty() { String::new() } else { format!(": `{}`", shown(&first.text)) };
        let _ = write!(out, "\n  {file}  {column}{reason}   {}   first at line {line}{text}", count(*n, noun));
    }
    if groups.len() > SHOWN {
        let _ = write!(out, "\n  and {} more", count(groups.len() - SHOWN, "reason"));
    }
    out
}

/// Sources whose contacts end on another day than the newest, in one warning.
pub fn early_ends(desk: &Desk) -> Option<Notice> {
    let table = &desk.facts.table;
    let ((codes, words), started) = table.words("source").zip(table.times("started_at"))?;
    let mut latest = vec![NO_TIME; words.len()];
    for (code, at) in codes.iter().zip(started.iter()) {
        if let Some(known) = latest.get_mut(code as usize) {
            *known = at.max(*known);
        }
    }
    let zone = &desk.timeline.zone;
    let dated = words.iter().zip(latest).filter(|(_, at)| *at != NO_TIME);
    let mut ends: Vec<(&str, i32)> = dated.map(|(source, at)| (source, zone.day(at))).collect();
    ends.sort_unstable();
    let newest = ends.iter().map(|(_, day)| *day).max()?;
    let said = |day: i32| crate::zone::date(day).strftime("%a %-d %b").to_string();
    let early = ends.iter().filter(|(_, day)| *day < newest).map(|(source, day)| format!("{source} {}", said(*day)));
    let early: Vec<String> = early.collect();
    let warning = || format!("sources end on different days: {}; the others {}", early.join(", "), said(newest));
    (!early.is_empty())
        .then(|| Notice::warning(warning()).hint("export all up to the same day, unless these were closed"))
}
