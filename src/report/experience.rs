//! Whether customers with a bad experience leave more often (metrics.md §6, `experience_effect`).
//!
//! Among customers who made contact before X, the landmark of `retention`: those with a bad experience until then
//! against those without, and who of them was active in the window after X. Association, not proof.

use super::{Better, Cell, Column, Row, Table, Unit};
use crate::desk::Desk;
use crate::facts::answers::Asked;
use crate::facts::{Facts, Out};
use crate::identity::NO_CUSTOMER;
use crate::metrics::landmark;
use crate::stats;
use crate::terms::Mode;
use crate::zone::DAY;
use std::collections::BTreeSet;

/// Smaller groups say nothing.
const ENOUGH: u64 = 30;
/// So many contacts within seven days are a bad experience.
const CROWD: usize = 3;

/// Customers of one kind, and how many of them were not active afterwards.
#[derive(Default, Clone, Copy)]
struct Group {
    customers: u64,
    left: u64,
}

/// The two groups side by side; no rows where there is nothing to tell activity by, or too few customers.
pub fn experience(desk: &Desk) -> Table {
    let columns = vec![
        Column::name("experience", "Experience before"),
        Column::figure("customers", "customers", Unit::Count, Better::Neither),
        Column::figure("not_active", "not active after", Unit::Share, Better::Down),
        Column::figure("relative_risk", "times as often", Unit::Number, Better::Neither),
    ];
    let title = "Customers with a bad experience and those without: association, not proof".to_owned();
    let rows = groups(desk).map_or_else(Vec::new, |(bad, other)| rows(bad, other));
    Table { id: "experience".into(), title, columns, rows, ..Table::default() }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn rows(bad: Group, other: Group) -> Vec<Row> {
    let risk = stats::relative_risk((bad.left, bad.customers), (other.left, other.customers));
    let row = |name: &str, group: Group, risk: Option<(f64, f64, f64)>| {
        let (low, high) = stats::wilson(group.left, group.customers).unzip();
        let share = Cell::number(Some(group.left as f64 / group.customers as f64));
        let times = Cell { low: risk.map(|r| r.1), high: risk.map(|r| r.2), ..Cell::number(risk.map(|r| r.0)) };
        let cells = vec![
            Cell::text(name),
            Cell::count(group.customers),
            Cell { low, high, n: Some(group.customers), ..share },
            times,
        ];
        Row { cells, series: Vec::new() }
    };
    vec![row("bad", bad, risk), row("not bad", other, None)]
}

fn groups(desk: &Desk) -> Option<(Group, Group)> {
    let everything = desk.timeline.everything();
    let (middle, end) = landmark(desk, everything.to)?;
    let before = desk.timeline.zone.midnight(middle);
    let active = desk.activity.active(middle, end);
    let unhappy = unhappy(desk, before);
    let (mut bad, mut other) = (Group::default(), Group::default());
    for customer in desk.kept_customers((0..desk.facts.customers()).collect()) {
        let rows: Vec<usize> = desk.facts.of(customer).filter(|&row| is_contact(&desk.facts, row, before)).collect();
        if rows.is_empty() {
            continue;
        }
        let had = unhappy.contains(&customer) || had_bad_contact(&desk.facts, &rows, before);
        let group = if had { &mut bad } else { &mut other };
        group.customers += 1;
        group.left += u64::from(active.binary_search(&customer).is_err());
    }
    (bad.customers >= ENOUGH && other.customers >= ENOUGH).then_some((bad, other))
}

fn is_contact(facts: &Facts, row: usize, before: i64) -> bool {
    facts.out[row] == Out::No && facts.at.get(row) != crate::columns::NO_TIME && facts.at.get(row) < before
}

/// Customers who rated 2 or less, or bad, before an instant.
fn unhappy(desk: &Desk, before: i64) -> BTreeSet<u32> {
    let ratings = desk.answers.iter().filter(|a| a.asked == Asked::Csat && a.at < before && a.customer != NO_CUSTOMER);
    ratings.filter(|a| a.top == Some(false) && a.score <= 2.0).map(|a| a.customer).collect()
}

/// A missed target, a crowd of contacts, or an abandoned call that no answered one followed; rows in order of time.
fn had_bad_contact(facts: &Facts, rows: &[usize], before: i64) -> bool {
    let crowd = rows.windows(CROWD).any(|near| facts.at.get(near[CROWD - 1]) - facts.at.get(near[0]) <= 7 * DAY);
    let last_answer = rows.iter().rposition(|&row| facts.answered[row] && facts.phone[row]);
    let gave_up = rows.iter().rposition(|&row| facts.abandoned[row] && facts.phone[row]);
    let never_answered = gave_up.is_some_and(|at| last_answer.is_none_or(|answer| answer < at));
    crowd || never_answered || rows.iter().any(|&row| missed_target(facts, row, before))
}

fn missed_target(facts: &Facts, row: usize, before: i64) -> bool {
    const NEVER: i64 = crate::columns::NO_TIME;
    let (at, target) = (facts.at.get(row), facts.target.get(row));
    if target == NEVER || facts.by_day[row] || at + target > before {
        return false;
    }
    match facts.mode[row] {
        Mode::Written => facts.replied_at.get(row) == NEVER || facts.replied_at.get(row) - at > target,
        Mode::Live if facts.answered[row] => facts.wait.get(row) != NEVER && facts.wait.get(row) > target,
        _ => facts.abandoned[row] || facts.missed[row],
    }
}
