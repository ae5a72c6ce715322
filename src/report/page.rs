//! Page one of the Monday report (metrics.md §10): the figures, a line a channel, what needs a look.
//!
//! Its sentences are in `summary.rs`. All else is a section (`sections.rs`).

use super::figures::{self, Spec};
use super::readings::Asked;
use super::sheet::{Sheet, Wanted};
use super::{Layout, Section, summary};
use crate::desk::Desk;
use crate::dimensions;
use crate::facts::Out;
use crate::identity::NO_CUSTOMER;
use crate::measure::{measure, only};
use crate::metrics;
use crate::notice::count;
use anyhow::Result;

const FIGURES: &[&str] = &[
    "contacts",
    " contacts_per_100_orders|per 100 orders",
    "resolved",
    "backlog",
    " backlog_over_7d",
    "response_sla",
    " frt_p50",
    " frt_p90",
    "service_level|calls answered in time",
    " abandonment",
    "resolution_rate|resolved so far",
    " resolved_handled|of those handled",
    "repeat_contacts",
    " fcr",
    "csat",
    " nps|net promoter score",
    "retention",
];

const PAGE: Spec = Spec { id: "summary", title: "", layout: Layout::Ledger, by: &[], figures: FIGURES, charted: false };

const CHANNELS: Spec = Spec {
    id: "summary_by_channel",
    title: "",
    layout: Layout::Strip,
    by: &["channel"],
    figures: &["contacts|", "contacts_share|", "frt_p50|half within", "wait_p50|answered in", "csat|satisfied"],
    charted: true,
};

/// What is to be measured for page one.
pub fn wanted() -> Result<Vec<Wanted>> {
    Ok(vec![PAGE.wanted()?, CHANNELS.wanted()?, summary::wanted()?])
}

/// Page one.
pub fn page(desk: &Desk, sheet: &Sheet, asked: &Asked, left_out: &str) -> Result<Section> {
    let (mut ledger, mut channels) =
        (figures::table(desk, &PAGE, sheet, asked)?, figures::table(desk, &CHANNELS, sheet, asked)?);
    figures::drop_missing(&mut ledger);
    let contacts = |row: &super::Row| row.cells[1].value.as_f64().unwrap_or(0.0);
    channels.rows.sort_by(|a, b| contacts(b).total_cmp(&contacts(a)));
    channels.rows.retain(|row| contacts(row) > 0.0);
    channels.total = None;
    let summary = summary::sentences(desk, (sheet, asked), &ledger)?;
    // The small chart shows how volume moved, and a mark beside satisfaction would not fit.
    let marked = |id: &str| id.starts_with("frt") || id.starts_with("wait");
    let plain: Vec<bool> = channels.columns.iter().map(|column| !marked(&column.id)).collect();
    for row in &mut channels.rows {
        row.cells.iter_mut().zip(&plain).filter(|(_, plain)| **plain).for_each(|(cell, _)| cell.previous = None);
    }
    let mut notes = to_look_at(desk, asked)?;
    notes.push(left_out.to_owned());
    Ok(Section {
        id: super::sections::PAGE_ONE.into(),
        title: String::new(),
        summary,
        tables: vec![ledger, channels],
        notes,
    })
}

/// Up to three things that need somebody: old cases, the worst team, contacts that nobody can be joined to.
fn to_look_at(desk: &Desk, asked: &Asked) -> Result<Vec<String>> {
    let window = asked.window(desk);
    let mut parts = Vec::new();
    if let Some(backlog) = metrics::find("backlog") {
        let over_30d = backlog.outputs.iter().position(|o| o.suffix == "30d").unwrap_or(0);
        let old = only(&measure(desk, backlog, &[], &window)?).map_or(0.0, |values| values[over_30d]);
        if old > 0.0 {
            parts.push(format!(
                "{old} open for more than 30 days (`deskstat interactions --where status=open,pending`)"
            ));
        }
    }
    parts.extend(worst_team(desk, asked)?);
    let facts = &desk.facts;
    let inside = |row: &usize| (window.from..window.to).contains(&facts.at.get(*row)) && facts.out[*row] == Out::No;
    let unknown = (0..facts.rows())
        .filter(inside)
        .filter(|&row| desk.keeps(row))
        .filter(|&row| facts.customer[row] == NO_CUSTOMER)
        .count();
    if unknown > 0 {
        parts.push(format!("{} of unknown customers", count(unknown, "contact")));
    }
    if parts.is_empty() { Ok(Vec::new()) } else { Ok(vec![format!("To look at: {}.", parts.join("; "))]) }
}

/// The team with the lowest share of first replies in target, if any is under the goal.
fn worst_team(desk: &Desk, asked: &Asked) -> Result<Option<String>> {
    const ENOUGH: f64 = 10.0;
    let (Some(sla), Some(team)) = (metrics::find("response_sla"), dimensions::find("team")) else { return Ok(None) };
    let Some(&goal) = desk.settings.goals.get("response_sla") else { return Ok(None) };
    let n = sla.n().unwrap_or(0);
    let teams = measure(desk, sla, &[team], &asked.window(desk))?;
    let enough = teams.iter().filter(|(key, v)| v[n] >= ENOUGH && key[0] != dimensions::NO_KEY);
    let worst = enough.min_by(|a, b| a.1[0].total_cmp(&b.1[0]).then_with(|| a.0.cmp(b.0)));
    Ok(worst.filter(|(_, v)| v[0] < goal).map(|(key, v)| {
        format!("team {} has {:.0} % of first replies in target", team.name(desk, key[0]), 100.0 * v[0])
    }))
}
