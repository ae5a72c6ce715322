//! Journeys as tables: how many channels they go over, and from which to which (metrics.md §7).
//!
//! Of the journeys that begin in the period, with their contacts up to the instant at which it is judged.

use super::readings::Asked;
use super::sections::Made;
use super::{Better, Cell, Column, Row, Table, Unit, text};
use crate::columns::NO_WORD;
use crate::desk::Desk;
use crate::notice::count;
use crate::stats;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Of fewer changes nothing is said.
const ENOUGH: usize = 10;

/// One contact of a journey: the code of its channel, and when it began.
type Stop = (u32, i64);

/// The journeys of the period that `--where` lets begin: of each the contacts whose channel is known.
fn journeys(desk: &Desk, asked: &Asked) -> Vec<Vec<Stop>> {
    let facts = &desk.facts;
    let Some((channel, _)) = facts.table.words("channel") else { return Vec::new() };
    let window = asked.window(desk);
    let begun = facts.started(window.from, window.to).map(|row| row as usize);
    let begun = begun.filter(|&row| facts.journeys.begins[row] && desk.keeps(row));
    let stops = |first: usize| {
        let seen = facts.journey(first).take_while(|&row| facts.at.get(row) <= window.judged_at);
        seen.map(|row| (channel.get(row), facts.at.get(row))).filter(|(code, _)| *code != NO_WORD).collect()
    };
    begun.map(stops).filter(|journey: &Vec<Stop>| !journey.is_empty()).collect()
}

/// How many journeys go over one channel, two, three and more.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn channels_per_journey(desk: &Desk, asked: &Asked) -> Made {
    const NAMES: [&str; 3] = ["one", "two", "three or more"];
    let mut counts = [(0u64, 0u64); NAMES.len()];
    let journeys = journeys(desk, asked);
    for journey in &journeys {
        let channels: BTreeSet<u32> = journey.iter().map(|(code, _)| *code).collect();
        let counted = &mut counts[channels.len().min(NAMES.len()) - 1];
        *counted = (counted.0 + 1, counted.1 + journey.len() as u64);
    }
    let columns = vec![
        Column::name("channels", "Channels"),
        Column::figure("journeys", "journeys", Unit::Count, Better::Neither),
        Column::figure("share", "of all", Unit::Share, Better::Neither),
        Column::figure("contacts", "contacts in each", Unit::Ratio, Better::Neither),
    ];
    let row = |(name, (count, contacts)): (&str, (u64, u64))| {
        let (n, behind) = (Some(journeys.len() as u64), Some(count));
        let share = Cell { n, behind, ..Cell::number(Some(count as f64 / journeys.len() as f64)) };
        let each = Cell::number(Some(contacts as f64 / count as f64));
        Row { cells: vec![Cell::text(name), Cell::count(count), share, each], series: Vec::new() }
    };
    let rows = NAMES.into_iter().zip(counts).filter(|_| !journeys.is_empty()).map(row).collect();
    let title = "Channels in a journey".into();
    Made {
        table: Table { id: "channels_per_journey".into(), title, columns, rows, ..Table::default() },
        says: Vec::new(),
    }
}

/// From which channel to which customers changed within a journey, how often and after how long; most frequent first.
pub fn switches(desk: &Desk, asked: &Asked) -> Made {
    let Some((_, words)) = desk.facts.table.words("channel") else { return Made::default() };
    let mut gaps: BTreeMap<(&str, &str), Vec<i64>> = BTreeMap::new();
    let journeys = journeys(desk, asked);
    for pair in journeys.iter().flat_map(|journey| journey.windows(2)).filter(|pair| pair[0].0 != pair[1].0) {
        let name = |stop: Stop| words.text(stop.0).unwrap_or_default();
        gaps.entry((name(pair[0]), name(pair[1]))).or_default().push(pair[1].1 - pair[0].1);
    }
    let mut switches: Vec<((&str, &str), usize, f64)> =
        gaps.into_iter().map(|(names, gaps)| (names, gaps.len(), stats::spread(gaps)[0])).collect();
    switches.sort_by_key(|(names, times, _)| (Reverse(*times), *names));
    let says = switches.first().filter(|(_, times, _)| *times >= ENOUGH).map(|((from, to), times, half)| {
        let (times, half) = (count(*times, "time"), text::duration(*half));
        format!("Customers who change the channel within a journey go most often from {from} to {to} ({times}, half within {half}).")
    });
    let columns = vec![
        Column::name("from", "From"),
        Column::name("to", "To"),
        Column::figure("switches", "times", Unit::Count, Better::Neither),
        Column::figure("switches_p50", "half within", Unit::Seconds, Better::Neither),
    ];
    let row = |((from, to), times, half): ((&str, &str), usize, f64)| {
        let n = Some(times as u64);
        let cells =
            vec![Cell::text(from), Cell::text(to), Cell::count(times as u64), Cell { n, ..Cell::number(Some(half)) }];
        Row { cells, series: Vec::new() }
    };
    let rows = switches.into_iter().map(row).collect();
    let title = "Changes of channel within a journey".into();
    Made {
        table: Table { id: "switches".into(), title, columns, rows, ..Table::default() },
        says: says.into_iter().collect(),
    }
}
