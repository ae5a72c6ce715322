//! `customers`: one row a customer, or why two keys are one.

use super::{Better, Cell, Column, Report, Row, Section, Table, Unit};
use crate::columns::{NO_TIME, Table as Rows};
use crate::desk::Desk;
use crate::facts::Out;
use crate::identity::{Explanation, Identity, KeyKind};
use anyhow::{Result, bail};

/// All customers with their keys and what they did.
pub fn all(identity: &Identity, desk: &Desk) -> Report {
    let mut columns = vec![Column::name("customer", "Customer")];
    columns.extend(KeyKind::ALL.iter().map(|kind| Column::name(kind.column(), kind.title())));
    columns.push(Column::name("channels", "Channels"));
    let figure = |id: &str, label: &str, unit| Column::figure(id, label, unit, Better::Neither);
    columns.push(figure("contacts", "contacts", Unit::Count));
    columns.push(figure("first_contact", "first contact", Unit::Instant));
    columns.push(figure("last_contact", "last contact", Unit::Instant));
    columns.push(figure("orders", "orders", Unit::Count));
    let rows =
        (0..identity.count).map(|customer| Row { cells: customer_cells(identity, desk, customer), series: Vec::new() });
    let table = Table { id: "customers".into(), columns, rows: rows.collect(), ..Table::default() };
    Report {
        sections: vec![Section { id: "table".into(), tables: vec![table], ..Section::default() }],
        ..Report::default()
    }
}

#[expect(clippy::cast_precision_loss, reason = "instants are far below 2^52 ms")]
fn customer_cells(identity: &Identity, desk: &Desk, customer: u32) -> Vec<Cell> {
    let facts = &desk.facts;
    let keys = identity.keys_of(customer);
    let mut cells = vec![Cell::text(identity.display(customer).to_string())];
    for kind in KeyKind::ALL {
        let own: Vec<&str> = keys.iter().filter(|used| used.key.kind == kind).map(|used| used.key.text).collect();
        cells.push(Cell::text(own.join(" ")));
    }
    let contacts: Vec<usize> = facts.of(customer).filter(|&row| facts.out[row] == Out::No).collect();
    let mut channels: Vec<&str> = contacts.iter().map(|&row| facts.table.word("channel", row)).collect();
    channels.sort_unstable();
    channels.dedup();
    cells.push(Cell::text(channels.join(" ")));
    cells.push(Cell::count(contacts.len() as u64));
    let at = |row: Option<&usize>| Cell::number(row.map(|&row| facts.at.get(row) as f64));
    // Undated ones come last.
    let dated = contacts.partition_point(|&row| facts.at.get(row) != NO_TIME);
    cells.push(at(contacts[..dated].first()));
    cells.push(at(contacts[..dated].last()));
    let orders = &desk.activity.orders;
    let own = orders.partition_point(|o| o.0 <= customer) - orders.partition_point(|o| o.0 < customer);
    cells.push(Cell::count(own as u64));
    cells
}

/// Whose a key is, all keys of that customer, and the row that joins each two.
pub fn explained<'a>(
    identity: &'a Identity,
    joined: impl Iterator<Item = (&'a Rows, &'a [u32])>,
    key: &str,
) -> Result<Report> {
    let explanation = identity.explain(joined, key);
    if explanation.found.is_empty() {
        let near: Vec<String> = explanation.closest.iter().map(|k| format!("`{k}`")).collect();
        let hint = if near.is_empty() { String::new() } else { format!("\nhint: near it are {}", near.join(", ")) };
        bail!("no export has the key `{key}`{hint}");
    }
    let mut tables = Vec::new();
    for customer in &explanation.customers {
        let title = format!("Customer {}", identity.display(customer.customer));
        let keys = customer.keys.iter().map(|used| {
            vec![used.key.to_string(), used.key.kind.title().to_owned(), used.rows.to_string(), used.sources.join(", ")]
        });
        tables.push(worded(
            "keys",
            &title,
            &[("key", "Key"), ("kind", "Kind"), ("rows", "Rows"), ("sources", "Seen in")],
            keys,
        ));
        let links = customer.links.iter().map(|link| {
            let place = format!("{} line {}", link.witness.file, link.witness.line);
            vec![link.keys.0.to_string(), link.keys.1.to_string(), place]
        });
        tables.push(worded(
            "links",
            "Joined by",
            &[("key", "Key"), ("with", "With"), ("place", "First seen in")],
            links,
        ));
    }
    tables.extend(nobody(identity, &explanation));
    let section = Section { id: "explain".into(), tables, ..Section::default() };
    Ok(Report { title: key.to_owned(), sections: vec![section], ..Report::default() })
}

/// Why a key identifies nobody, for those that do not.
fn nobody(identity: &Identity, explanation: &Explanation) -> Option<Table> {
    let reason = |n: &crate::identity::Nobodys| {
        let why = match (n.reason, n.conflict) {
            (_, Some(conflict)) => {
                let ids: Vec<&str> = conflict.crm_ids.iter().map(|&k| identity.key(k).text).collect();
                format!("it would join different customers of the customer system: {}", ids.join(", "))
            }
            (Some(reason), None) => reason.to_string(),
            (None, None) => "only rows of own staff have it".to_owned(),
        };
        vec![n.key.to_string(), why]
    };
    let rows = explanation.nobodys.iter().map(reason);
    let columns = [("key", "Key"), ("reason", "Why it identifies nobody")];
    (!explanation.nobodys.is_empty()).then(|| worded("nobody", "", &columns, rows))
}

fn worded(id: &str, title: &str, columns: &[(&str, &str)], rows: impl Iterator<Item = Vec<String>>) -> Table {
    let columns = columns.iter().map(|(id, label)| Column::name(id, label)).collect();
    let row = |cells: Vec<String>| Row { cells: cells.into_iter().map(Cell::text).collect(), series: Vec::new() };
    Table { id: id.into(), title: title.into(), columns, rows: rows.map(row).collect(), ..Table::default() }
}
