//! What agents make of the contacts that they get: each against what all agents together make of the same mix.
//!
//! Indirect standardisation: a contact's kind is its channel, topic and priority; expected is the share of each kind
//! over all agents, weighted by how many of it the agent had. Who has few contacts is not shown by name. A further
//! figure is one function here and its line in `sections/depth.rs`.

use super::readings::Asked;
use super::sections::{Made, capital};
use super::{Better, Cell, Column, Row, Table, Unit};
use crate::desk::Desk;
use crate::dimensions::{self, Dimension, NO_KEY};
use crate::measure::measure;
use crate::metrics::{self, Metric};
use crate::stats;
use anyhow::Result;
use std::collections::BTreeMap;

/// Fewer than this many say nothing about anybody.
const ENOUGH: f64 = 20.0;
/// What makes two contacts alike.
const KIND: [&str; 3] = ["channel", "topic", "priority"];

/// Of one agent: how many count, how many of them went well, and how many would have by the kinds of contact.
#[derive(Default, Clone, Copy)]
struct Tally {
    n: f64,
    good: f64,
    expected: f64,
}

pub fn response(desk: &Desk, asked: &Asked) -> Made {
    fair(desk, asked, "response_sla")
}

pub fn one_touch(desk: &Desk, asked: &Asked) -> Made {
    fair(desk, asked, "one_touch")
}

pub fn first_contact(desk: &Desk, asked: &Asked) -> Made {
    fair(desk, asked, "fcr")
}

pub fn satisfaction(desk: &Desk, asked: &Asked) -> Made {
    fair(desk, asked, "csat")
}

/// One figure by agent. A share of which polars tells nothing has no lines, and then no table.
fn fair(desk: &Desk, asked: &Asked, id: &str) -> Made {
    let Some(metric) = metrics::find(id) else { return Made::default() };
    let (weeks, asked) = asked.widened();
    let rows = tallies(desk, &asked, metric).map(lines).unwrap_or_default();
    let figure = |id: &str, label: &str| Column::figure(id, label, Unit::Share, Better::Neither);
    let columns = vec![
        Column::name("agent", "Agent"),
        Column::figure("n", "of", Unit::Count, Better::Neither),
        figure(metric.id, metric.outputs[0].label),
        figure("expected", "expected"),
        Column::figure("difference", "points apart", Unit::Points, Better::Neither),
        Column::name("verdict", "verdict"),
    ];
    let over = if weeks > 1 { format!(", {weeks} weeks") } else { String::new() };
    let title = format!("{}, by agent{over}", capital(metric.label));
    Made { table: Table { id: format!("agents_{id}"), title, columns, rows, ..Table::default() }, ..Made::default() }
}

/// Each agent's tally, by name; those with few together.
fn tallies(desk: &Desk, asked: &Asked, metric: &'static Metric) -> Result<Vec<(String, Tally)>> {
    let (Some(agent), Some(n)) = (dimensions::find("agent"), metric.n()) else { return Ok(Vec::new()) };
    let by: Vec<&'static Dimension> =
        std::iter::once(agent).chain(KIND.into_iter().filter_map(dimensions::find)).collect();
    let asked = asked.ripe_for(desk, metric);
    let measured = measure(desk, metric, &by, &asked.window(desk))?;
    let counted = measured.iter().filter(|(key, values)| key[0] != NO_KEY && values[n] > 0.0);
    let mut kinds: BTreeMap<&[i64], (f64, f64)> = BTreeMap::new();
    for (key, values) in counted.clone() {
        let kind = kinds.entry(&key[1..]).or_default();
        *kind = (kind.0 + values[n], kind.1 + values[0] * values[n]);
    }
    let mut agents: BTreeMap<i64, Tally> = BTreeMap::new();
    for (key, values) in counted {
        let (all, good) = kinds[&key[1..]];
        let tally = agents.entry(key[0]).or_default();
        tally.n += values[n];
        tally.good += values[0] * values[n];
        tally.expected += values[n] * good / all;
    }
    let (shown, few): (Vec<_>, Vec<_>) = agents.into_iter().partition(|(_, tally)| tally.n >= ENOUGH);
    let mut out: Vec<(String, Tally)> = shown.into_iter().map(|(key, tally)| (agent.name(desk, key), tally)).collect();
    out.sort_by_key(|(name, _)| (name.to_lowercase(), name.clone()));
    let add = |a: Tally, b: Tally| Tally { n: a.n + b.n, good: a.good + b.good, expected: a.expected + b.expected };
    let agents = few.len();
    let rest = few.into_iter().map(|(_, tally)| tally).reduce(add).filter(|_| agents > 1);
    out.extend(rest.map(|tally| (format!("{agents} with few"), tally)));
    Ok(out)
}

/// Wilson's interval of the share against what was expected, which is taken as known.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small and not negative")]
fn lines(tallies: Vec<(String, Tally)>) -> Vec<Row> {
    let line = |(name, tally): (String, Tally)| {
        let Tally { n, good, expected } = tally;
        let (share, expected) = (good / n, expected / n);
        let interval = stats::wilson(good.round() as u64, n.round() as u64);
        let points = |bound: f64| 100.0 * (bound - expected);
        let (low, high) = interval.map(|(low, high)| (points(low), points(high))).unzip();
        let verdict = match (low, high) {
            (Some(low), _) if low > 0.0 => "better",
            (_, Some(high)) if high < 0.0 => "worse",
            _ => "could be chance",
        };
        let difference = Cell { low, high, ..Cell::number(Some(points(share))) };
        let cells = vec![
            Cell::text(name),
            Cell::count(n.round() as u64),
            Cell::number(Some(share)),
            Cell::number(Some(expected)),
            difference,
            Cell::text(verdict),
        ];
        Row { cells, series: Vec::new() }
    };
    tallies.into_iter().map(line).collect()
}
