//! Customers with a bad experience beside those without: the tables behind `experience_effect` (metrics.md §6).
//!
//! What counts as bad and how the two are compared is `metrics/experience.rs`; here it becomes rows and one sentence.

use super::readings::Asked;
use super::sections::Made;
use super::{Better, Cell, Column, Row, Table, Unit, text};
use crate::desk::Desk;
use crate::metrics::experience::{ENOUGH, Effect, Experience, KINDS, Side, experiences};
use crate::notice::thousands;
use crate::stats::{self, Estimate};

/// The two groups and what became of them; refused with a sentence where either is too small.
pub fn effect(desk: &Desk, asked: &Asked) -> Made {
    let experiences = of_all(desk, asked);
    if experiences.is_empty() {
        return Made::default();
    }
    let effect = Effect::of(&experiences);
    let mut table = table("experience", "Customers with a bad experience and those without: association, not proof");
    let compared = [("relative_risk", "times as often"), ("same_contacts", "as often, equal contacts")];
    table.columns.extend(compared.map(|(id, label)| Column::figure(id, label, Unit::Ratio, Better::Neither)));
    if effect.risk.is_none() {
        return Made { table, says: refused(&effect) };
    }
    let times = [effect.risk, effect.alike].map(|times| times.map_or_else(Cell::default, estimated));
    table.rows =
        vec![row("bad", effect.bad, &times), row("not bad", effect.other, &[Cell::default(), Cell::default()])];
    Made { table, says: said(&effect) }
}

/// Each kind of bad experience by itself; a customer may have had several.
pub fn by_kind(desk: &Desk, asked: &Asked) -> Made {
    let experiences = of_all(desk, asked);
    let side = |among: &dyn Fn(&Experience) -> bool| Side::of(experiences.iter().filter(|one| among(one)));
    let kinds = KINDS.iter().enumerate().map(|(nth, name)| (*name, side(&|one| one.bad[nth])));
    let rows = kinds.chain([("none of these", side(&|one| !one.is_bad()))]);
    let rows = rows.filter(|(_, side)| side.customers > 0).map(|(name, side)| row(name, side, &[])).collect();
    let table = table("customers_by_experience", "By what customers had been through");
    Made { table: Table { rows, ..table }, says: Vec::new() }
}

fn of_all(desk: &Desk, asked: &Asked) -> Vec<Experience> {
    let customers = desk.kept_customers((0..desk.customers()).collect());
    experiences(desk, asked.window(desk).to, &customers).unwrap_or_default()
}

fn table(id: &str, title: &str) -> Table {
    let figure = |id: &str, label: &str, unit| Column::figure(id, label, unit, Better::Neither);
    let columns = vec![
        Column::name("experience", "Experience before"),
        figure("customers", "customers", Unit::Count),
        Column::figure("not_active", "not active after", Unit::Share, Better::Down),
        Column::figure("bought", "ordered after", Unit::Share, Better::Up),
        Column::figure("revenue", "spent after", Unit::Number, Better::Up),
    ];
    Table { id: id.into(), title: title.into(), columns, ..Table::default() }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn row(name: &str, side: Side, beside: &[Cell]) -> Row {
    let n = Some(side.customers);
    let share = |part: u64| {
        let (low, high) = stats::wilson(part, side.customers).unzip();
        Cell { low, high, n, ..Cell::number(Some(part as f64 / side.customers as f64)) }
    };
    let spent = Cell { n, ..Cell::number(Some(side.revenue / side.customers as f64)) };
    let figures = [Cell::text(name), Cell::count(side.customers), share(side.left), share(side.bought), spent];
    let cells = figures.into_iter().chain(beside.iter().cloned());
    Row { cells: cells.collect(), series: Vec::new() }
}

fn estimated(estimate: Estimate) -> Cell {
    Cell { low: Some(estimate.low), high: Some(estimate.high), ..Cell::number(Some(estimate.value)) }
}

/// The effect in one sentence.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn said(effect: &Effect) -> Vec<String> {
    let Effect { bad, other, risk: Some(risk), alike, .. } = effect else { return Vec::new() };
    let share = |side: &Side| text::share(side.left as f64 / side.customers as f64);
    let beyond = if risk.low > 1.0 || risk.high < 1.0 { "" } else { ", which could be chance" };
    let alike = alike.map(|alike| format!("; among those with as many contacts {:.2} times", alike.value));
    vec![format!(
        "Customers with a bad experience were gone afterwards {:.2} times as often as those without ({} of {} against {} of {}; 95 % interval {:.2} to {:.2}{beyond}{}): association, not proof.",
        risk.value,
        share(bad),
        thousands(bad.customers),
        share(other),
        thousands(other.customers),
        risk.low,
        risk.high,
        alike.unwrap_or_default(),
    )]
}

/// Why nothing is compared.
fn refused(effect: &Effect) -> Vec<String> {
    let Effect { bad, other, .. } = effect;
    let few = bad.customers.min(other.customers) < ENOUGH;
    let why = if few { format!("it takes {ENOUGH} on each side") } else { "all or none of one side stayed".to_owned() };
    let (bad, other) = (thousands(bad.customers), thousands(other.customers));
    vec![format!(
        "Whether a bad experience drives customers away is not said: {bad} had one and {other} had none, and {why}."
    )]
}
