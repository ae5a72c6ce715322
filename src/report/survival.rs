//! How long customers stay, as curves by the channel of their first contact (metrics.md §6).
//!
//! Tenures are worked out in `metrics/survival.rs`; the curve, its interval and the test are in `stats/`.

use super::readings::Asked;
use super::sections::Made;
use super::{Better, Cell, Column, Layout, Row, Table, Unit};
use crate::columns::NO_WORD;
use crate::desk::Desk;
use crate::metrics::survival::Tenures;
use crate::stats::logrank::logrank;
use crate::stats::survival::{Curve, Subject};
use crate::zone::DAY;
use std::collections::BTreeMap;

/// A curve is shown at so many times at most, so many days apart or a multiple of that.
const TIMES: u32 = 13;
const APART: u32 = 30;

/// Customers who have something in common, and their curve.
struct Group {
    name: String,
    subjects: Vec<Subject>,
    curve: Curve,
}

impl Group {
    fn new(name: &str, subjects: Vec<Subject>) -> Self {
        Self { name: name.to_owned(), curve: Curve::new(&subjects), subjects }
    }

    /// The share still there after so many days, with its interval.
    fn share(&self, days: u32) -> Cell {
        let days = f64::from(days);
        let (low, high) = self.curve.interval_at(days).unzip();
        Cell { low, high, behind: Some(self.subjects.len() as u64), ..Cell::number(self.curve.seen_at(days)) }
    }

    #[expect(clippy::cast_precision_loss, reason = "a day's seconds")]
    fn row(&self) -> Row {
        let half = self.curve.quantile(0.5).map(|days| days * (DAY / 1_000) as f64);
        let left = self.subjects.iter().filter(|subject| subject.event).count();
        let share = self.share(180);
        let bounds = [share.low, share.high].map(Cell::number);
        let mut cells = vec![Cell::text(&self.name), Cell::count(self.subjects.len() as u64), Cell::count(left as u64)];
        cells.extend([Cell::number(half), share]);
        cells.extend(bounds);
        cells.push(self.share(365));
        Row { cells, series: Vec::new() }
    }
}

/// Medians and shares by group, and whether the groups differ.
pub fn by_first_channel(desk: &Desk, asked: &Asked) -> Made {
    let Some((groups, all)) = groups(desk, asked) else { return Made::default() };
    let figure = |id: &str, label: &str, unit| Column::figure(id, label, unit, Better::Neither);
    let columns = vec![
        Column::name("first_channel", "First channel"),
        figure("customers", "customers", Unit::Count),
        figure("left", "left", Unit::Count),
        figure("half", "half stay for", Unit::Seconds),
        figure("after_180d", "after 180 days", Unit::Share),
        figure("after_180d_low", "from", Unit::Share),
        figure("after_180d_high", "to", Unit::Share),
        figure("after_365d", "after a year", Unit::Share),
    ];
    let title = "How long customers stay, by the channel of their first contact".into();
    let rows = groups.iter().map(Group::row).collect();
    let table = Table { id: "survival".into(), title, columns, rows, total: Some(all.row()), ..Table::default() };
    Made { table, says: difference(&groups) }
}

/// The curves themselves.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few steps")]
pub fn curves(desk: &Desk, asked: &Asked) -> Made {
    let Some((groups, all)) = groups(desk, asked) else { return Made::default() };
    let longest = all.curve.last;
    let step = (longest / f64::from(TIMES * APART)).round().clamp(1.0, 1_000.0) as u32 * APART;
    let times: Vec<u32> = (1..=TIMES).map(|n| n * step).take_while(|&days| f64::from(days) <= longest).collect();
    let column = |days: &u32| Column::figure(&format!("day_{days}"), &days.to_string(), Unit::Share, Better::Up);
    let mut columns = vec![Column::name("first_channel", "First channel")];
    columns.extend(times.iter().map(column));
    let row = |group: &Group| {
        let shares = times.iter().map(|&days| group.share(days));
        Row { cells: [Cell::text(&group.name)].into_iter().chain(shares).collect(), series: Vec::new() }
    };
    let rows = groups.iter().map(row).collect();
    let title = "Share of customers still there after so many days".into();
    let table = Table {
        id: "survival_curves".into(),
        title,
        layout: Layout::Steps,
        columns,
        rows,
        total: Some(row(&all)),
        ..Table::default()
    };
    Made { table, says: Vec::new() }
}

/// Customers by first channel, at risk from their first contact on, and all customers from their beginning on. `None`
/// where nothing tells of their comings and goings.
fn groups(desk: &Desk, asked: &Asked) -> Option<(Vec<Group>, Group)> {
    let to = asked.window(desk).to;
    let customers = desk.kept_customers((0..desk.customers()).collect());
    let channels = desk.facts.table.words("channel").map(|(_, words)| words);
    let mut by_channel: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for &customer in &customers {
        let code = desk.facts.first_channel(customer);
        if let Some(name) = channels.filter(|_| code != NO_WORD).and_then(|words| words.text(code)) {
            by_channel.entry(name).or_default().push(customer);
        }
    }
    let (from_contact, from_beginning) = (Tenures::new(desk, to, true)?, Tenures::new(desk, to, false)?);
    let all = Group::new("", from_beginning.of(&customers));
    let groups = by_channel.into_iter().map(|(name, customers)| Group::new(name, from_contact.of(&customers)));
    let groups: Vec<Group> = groups.filter(|group| !group.subjects.is_empty()).collect();
    (!groups.is_empty()).then_some((groups, all))
}

/// Whether the groups differ beyond chance, in one sentence.
fn difference(groups: &[Group]) -> Vec<String> {
    let subjects: Vec<&[Subject]> = groups.iter().map(|group| group.subjects.as_slice()).collect();
    let Some(test) = logrank(&subjects) else { return Vec::new() };
    let p = if test.p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {:.3}", test.p) };
    vec![if test.p < 0.05 {
        format!(
            "How long customers stay differs with the channel of their first contact, beyond chance (log-rank test, {p}): association, not proof."
        )
    } else {
        format!(
            "How long customers stay does not differ with the channel of their first contact beyond what could be chance (log-rank test, {p})."
        )
    }]
}
