//! The sentences above page one: what changed, by how much, and why.
//!
//! How much is in the cells of page one's own table, so that no sentence says what no table shows; why is what
//! `deskstat why` says of the same figure by channel.

use super::figures::Figure;
use super::readings::Asked;
use super::sheet::{Sheet, Wanted};
use super::why::{self, Why};
use super::{Cell, Table, Unit, Value, text};
use crate::desk::Desk;
use crate::dimensions;
use anyhow::Result;
use std::cmp::Ordering;

/// Shares on page one of which the one that moved most is told.
const WATCHED: [(&str, &str); 5] = [
    ("response_sla", "First replies in target"),
    ("service_level", "Calls answered in time"),
    ("abandonment", "Abandoned calls and chats"),
    ("repeat_contacts", "Customers who came back within 7 days"),
    ("csat", "Satisfied answers"),
];

/// By what changes are explained.
const SPLIT: &str = "channel";

/// Up to three sentences; fewer where there is nothing to compare with.
pub fn sentences(desk: &Desk, (sheet, asked): (&Sheet, &Asked), ledger: &Table) -> Result<Vec<String>> {
    let told = [
        cell(ledger, "contacts").map(|cell| ("contacts", "", cell)),
        cell(ledger, "frt_p50").map(|cell| ("frt_p50", "", cell)),
        most_moved(ledger),
    ];
    let mut out = Vec::new();
    for (at, (id, label, cell)) in told.into_iter().enumerate().filter_map(|(at, told)| Some((at, told?))) {
        let Some((now, before)) = change(cell) else { continue };
        let why = if now == before { None } else { apart(desk, (sheet, asked), id)? };
        out.extend(match at {
            0 => Some(volume(cell, (now, before), why.as_ref())),
            1 => first_reply(cell, (now, before), why.as_ref()),
            _ => Some(other(label, cell, (now, before), why.as_ref())),
        });
    }
    Ok(out)
}

/// What sentences may tell of, by channel.
pub fn wanted() -> Result<Wanted> {
    let ids = ["contacts", "frt_p50"].into_iter().chain(WATCHED.map(|(id, _)| id));
    let figures = ids.map(Figure::parse).collect::<Result<Vec<_>>>()?.concat();
    Ok(Wanted { figures, by: dimensions::find(SPLIT).into_iter().collect(), averaged: false })
}

/// A figure taken apart by channel.
fn apart(desk: &Desk, measured: (&Sheet, &Asked), id: &str) -> Result<Option<Why>> {
    let (Some(&figure), Some(channel)) = (Figure::parse(id)?.first(), dimensions::find(SPLIT)) else {
        return Ok(None);
    };
    why::measured(desk, figure, &[channel], measured)
}

/// A count, rounded: `1,204`.
fn words(count: f64) -> String {
    text::value(&Value::Number(count), Unit::Count, &jiff::tz::TimeZone::UTC).to_string()
}

fn cell<'t>(ledger: &'t Table, id: &str) -> Option<&'t Cell> {
    let at = ledger.columns.iter().position(|c| c.id == id)?;
    ledger.rows.first()?.cells.get(at)
}

/// Now and before.
fn change(cell: &Cell) -> Option<(f64, f64)> {
    Some((cell.value.as_f64()?, cell.previous?))
}

/// What is said of a figure that is unusual, or of a change that could be chance.
fn chance(cell: &Cell, high: &str, low: &str) -> String {
    match cell.unusual() {
        Some(Ordering::Less) => format!(", unusually {low}"),
        Some(_) => format!(", unusually {high}"),
        None if cell.chance => ", which could be chance".to_owned(),
        None => String::new(),
    }
}

/// Contacts, and the channel that moved them most.
fn volume(cell: &Cell, (now, before): (f64, f64), why: Option<&Why>) -> String {
    if now == before {
        return format!("Contacts stayed at {}.", words(now));
    }
    let chance = chance(cell, "many", "few");
    let start = format!("Contacts {} from {} to {}{chance}", why::moved(now, before), words(before), words(now));
    let change = (now - before).abs();
    // One channel that explains less than half explains little.
    let most = why.and_then(why::most_moved).filter(|(_, by)| by.abs() >= change / 2.0);
    let because = most.map(|(channel, by)| {
        let (word, whole) = if now > before { ("brought", "more") } else { ("lost", "fewer") };
        let by = by.abs();
        if by > change {
            format!("; {channel} alone {word} {}", words(by))
        } else {
            format!("; {channel} alone {word} {} of the {} {whole}", words(by), words(change))
        }
    });
    format!("{start}{}.", because.unwrap_or_default())
}

/// The median first reply, whether the channels moved the same way, and what made it move.
fn first_reply(cell: &Cell, (now, before): (f64, f64), why: Option<&Why>) -> Option<String> {
    if text::duration(now) == text::duration(before) {
        return None;
    }
    let way = if now > before { "up" } else { "down" };
    let chance = chance(cell, "long", "short");
    // What is unusual is the figure, what could be chance is the change.
    let (of_now, of_change) = if cell.unusual().is_some() { (chance, String::new()) } else { (String::new(), chance) };
    let (now, before) = (text::duration(now), text::duration(before));
    let start = format!("Half of first replies take {now}{of_now}, {way} from {before}{of_change}");
    let although = why.and_then(why::every).map(|every| format!(", although {every}"));
    let because = why.and_then(why::accounts).map(|accounts| format!(": {accounts}"));
    Some(format!("{start}{}{}.", although.unwrap_or_default(), because.unwrap_or_default()))
}

/// Of the shares on page one, the one that moved most: what is unusual or beyond chance before what could be chance.
fn most_moved(ledger: &Table) -> Option<(&'static str, &'static str, &Cell)> {
    let moved = WATCHED.iter().filter_map(|(id, label)| {
        let cell = cell(ledger, id)?;
        let (now, before) = change(cell).filter(|(now, before)| now != before)?;
        Some((cell.unusual().is_some(), !cell.chance, (now - before).abs(), (*id, *label, cell)))
    });
    let more = |a: &(bool, bool, f64, _), b: &(bool, bool, f64, _)| {
        (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| a.2.total_cmp(&b.2))
    };
    moved.max_by(more).map(|(.., told)| told)
}

/// Why it moved is said only where there is something to explain.
fn other(label: &str, cell: &Cell, (now, before): (f64, f64), why: Option<&Why>) -> String {
    let chance = chance(cell, "high", "low");
    let start =
        format!("{label} {} from {} to {}{chance}", why::moved(now, before), text::share(before), text::share(now));
    let explain = cell.unusual().is_some() || !cell.chance;
    let because = why.filter(|_| explain).and_then(why::accounts).map(|accounts| format!(": {accounts}"));
    format!("{start}{}.", because.unwrap_or_default())
}
