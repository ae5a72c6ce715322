//! The table of a change taken apart: a line a group, before and now beside each other, and what it did.

use super::words;
use super::{Group, Kind, Why};
use crate::report::{Better, Cell, Column, Layout, Row, Section, Table, Unit, Value};

/// The sentence, the table, and how it is computed.
pub fn section(why: &Why) -> Section {
    let mut columns: Vec<Column> = why.by.iter().map(|d| Column::name(d.id, d.label)).collect();
    let unsplit = vec![Cell::default(); columns.len()];
    columns.extend(if why.kind == Kind::Count { counted(why) } else { averaged(why) });
    let rows = why.groups.iter().map(|group| {
        let names = group.names.iter().map(|name| Cell::text(&name.text));
        Row { cells: names.chain(cells(why, group)).collect(), series: Vec::new() }
    });
    let whole = Group {
        names: Vec::new(),
        cell: why.total.clone(),
        rows: why.rows,
        mix: if why.kind == Kind::Count { why.rows.1 - why.rows.0 } else { why.mix },
        within: why.within,
    };
    let total = Row { cells: unsplit.into_iter().chain(cells(why, &whole)).collect(), series: Vec::new() };
    let rows = rows.collect();
    let table =
        Table { id: "why".into(), layout: Layout::Waterfall, columns, rows, total: Some(total), ..Table::default() };
    Section {
        id: "why".into(),
        title: String::new(),
        summary: vec![words::sentence(why)],
        tables: vec![table],
        notes: words::notes(why),
    }
}

fn counted(why: &Why) -> Vec<Column> {
    let (id, unit, better) = (why.figure.column(), why.figure.unit(), why.figure.metric.better);
    vec![
        Column::figure(&format!("{id}_before"), "before", unit, Better::Neither),
        Column::figure(&id, "now", unit, better),
        Column::difference("change", "change", unit, why.size()),
    ]
}

/// What matters most comes first: where the line is too short for all, the rest goes below.
fn averaged(why: &Why) -> Vec<Column> {
    let (id, unit, better) = (why.figure.column(), why.figure.unit(), why.figure.metric.better);
    let plain = |id: &str, label: &str, unit| Column::figure(id, label, unit, Better::Neither);
    vec![
        plain(&format!("{id}_before"), "before", unit),
        Column::figure(&id, "now", unit, better).tied(),
        Column::difference("mix", "by share", unit, why.size()),
        Column::difference("within", "by itself", unit, why.size()).tied(),
        plain("n_before", "n before", Unit::Count),
        plain("n", "n now", Unit::Count).tied(),
        plain("share_before", "share before", Unit::Share),
        plain("share", "share now", Unit::Share).tied(),
    ]
}

/// What stands beside a group's names.
fn cells(why: &Why, group: &Group) -> Vec<Cell> {
    let count = |rows: f64| Cell { value: Value::Number(rows), ..Cell::default() };
    if why.kind == Kind::Count {
        return vec![count(group.rows.0), group.cell.clone(), count(group.mix)];
    }
    let before = Cell { value: Value::number(group.cell.previous), ..Cell::default() };
    let share = |part: f64, whole: f64| Cell::number(Some(part / whole));
    let called = words::named(why, group);
    let missing = |cell: Cell, there: bool, note: String| if there { cell } else { Cell { note: Some(note), ..cell } };
    vec![
        missing(before, !group.is_new(), format!("{called} is new")),
        missing(group.cell.clone(), !group.is_gone(), format!("{called} is gone")),
        Cell::number(Some(group.mix)),
        Cell::number(Some(group.within)),
        count(group.rows.0),
        count(group.rows.1),
        share(group.rows.0, why.rows.0),
        share(group.rows.1, why.rows.1),
    ]
}
