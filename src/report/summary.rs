//! The sentences above page one: what changed, by how much, and what part of it is mix.
//!
//! Made from the cells of page one's own tables, so that no sentence can say what no table shows.

use super::{Cell, Row, Table, Unit, Value};
use crate::report::text;

/// Up to three sentences; fewer where there is nothing to compare with.
pub fn sentences(ledger: &Table, channels: &Table) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(volume(ledger, channels));
    out.extend(first_reply(ledger, channels));
    out.extend(largest_other_change(ledger));
    out
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

fn moved(now: f64, before: f64) -> &'static str {
    if now > before { "rose" } else { "fell" }
}

/// Contacts, and the channel that moved them most.
fn volume(ledger: &Table, channels: &Table) -> Option<String> {
    let (now, before) = change(cell(ledger, "contacts")?)?;
    if now == before {
        return Some(format!("Contacts stayed at {}.", words(now)));
    }
    let start = format!("Contacts {} from {} to {}", moved(now, before), words(before), words(now));
    let moves = channels.rows.iter().filter_map(|row| {
        let contacts = column(channels, row, "contacts")?;
        let by = contacts.value.as_f64().unwrap_or(0.0) - contacts.previous.unwrap_or(0.0);
        Some((name(row), by))
    });
    let same_way = moves.filter(|(_, by)| (*by > 0.0) == (now > before));
    let most = same_way.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    let (change, by) = ((now - before).abs(), most.as_ref().map_or(0.0, |m| m.1.abs()));
    // One channel that explains less than half explains little.
    let why = most.filter(|_| by >= change / 2.0).map(|(channel, _)| {
        let (word, whole) = if now > before { ("brought", "more") } else { ("lost", "fewer") };
        if by > change {
            format!("; {channel} alone {word} {}", words(by))
        } else {
            format!("; {channel} alone {word} {} of the {} {whole}", words(by), words(change))
        }
    });
    Some(format!("{start}{}.", why.unwrap_or_default()))
}

/// The median first reply, and whether the channels moved the same way.
fn first_reply(ledger: &Table, channels: &Table) -> Option<String> {
    let (now, before) = change(cell(ledger, "frt_p50")?)?;
    if now == before {
        return None;
    }
    let way = if now > before { "up" } else { "down" };
    let start = format!("Half of first replies take {}, {way} from {}", text::duration(now), text::duration(before));
    let moves: Vec<bool> = channels
        .rows
        .iter()
        .filter_map(|row| change(column(channels, row, "frt_p50")?))
        .filter(|(now, before)| now != before)
        .map(|(now, before)| now > before)
        .collect();
    let against = moves.len() > 1 && moves.iter().all(|&up| up != (now > before));
    if !against {
        return Some(format!("{start}."));
    }
    let pace = if now > before { "faster" } else { "slower" };
    let grown =
        channels.rows.iter().filter(|row| column(channels, row, "frt_p50").is_some_and(|c| c.value != Value::Missing));
    let share = |row: &Row| change(column(channels, row, "contacts_share")?);
    let grown = grown.filter_map(|row| Some((name(row), share(row)?)));
    let most = grown.max_by(|a, b| (a.1.0 - a.1.1).total_cmp(&(b.1.0 - b.1.1)));
    let why = most.map(|(channel, (now, before))| {
        format!(": more of the contacts are {channel} ({}, before {})", text::share(now), text::share(before))
    });
    Some(format!("{start}, although every channel got {pace}{}.", why.unwrap_or_default()))
}

/// Of the shares on page one, the one that moved furthest.
fn largest_other_change(ledger: &Table) -> Option<String> {
    const WATCHED: [(&str, &str); 5] = [
        ("response_sla", "First replies in target"),
        ("service_level", "Calls answered in time"),
        ("abandonment", "Abandoned calls and chats"),
        ("repeat_contacts", "Customers who came back within 7 days"),
        ("csat", "Satisfied answers"),
    ];
    let changes = WATCHED.iter().filter_map(|(id, label)| {
        let cell = cell(ledger, id)?;
        Some((label, change(cell)?, cell.chance))
    });
    let (label, (now, before), chance) =
        changes.max_by(|a, b| (a.1.0 - a.1.1).abs().total_cmp(&(b.1.0 - b.1.1).abs()))?;
    let chance = if chance { ", which could be chance" } else { "" };
    (now != before).then(|| {
        format!("{label} {} from {} to {}{chance}.", moved(now, before), text::share(before), text::share(now))
    })
}

fn column<'t>(table: &'t Table, row: &'t Row, id: &str) -> Option<&'t Cell> {
    row.cells.get(table.columns.iter().position(|c| c.id == id)?)
}

fn name(row: &Row) -> String {
    row.cells.first().map_or_else(String::new, |c| c.value.as_text().to_owned())
}
