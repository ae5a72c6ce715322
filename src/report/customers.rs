//! `customers`: one row a customer, or why two keys are one.

use super::{Report, Section, Table};
use crate::columns::{self, Codes, Counts, Data, Kind, NO_TIME, Texts, Times, Words};
use crate::desk::Desk;
use crate::facts::Out;
use crate::identity::{Explanation, Identity, KeyKind};
use crate::rows::{self, Rows};
use anyhow::{Result, bail};

/// The columns of a customer's row: its name, its keys by kind, and what it did.
pub fn names() -> Vec<&'static str> {
    let keys = KeyKind::ALL.map(KeyKind::column);
    [&["customer"][..], &keys, &["channels", "contacts", "first_contact", "last_contact", "orders"]].concat()
}

/// Customers with their keys and what they did: all, or those of the interactions that `--where` lets through, and of
/// what they did these.
pub fn rows(identity: &Identity, desk: &Desk) -> Rows<'static> {
    let customers: Vec<u32> = (0..identity.count).filter(|&customer| desk.keeps_customer(customer)).collect();
    let columns = keys(identity, &customers).into_iter().chain(deeds(desk, &customers)).collect();
    Rows { name: "customers", about: Report::default(), columns, rows: (0..).take(customers.len()).collect() }
}

/// What each is called, and its keys by kind.
fn keys(identity: &Identity, customers: &[u32]) -> Vec<rows::Column<'static>> {
    let mut names = Texts::default();
    let mut keys = KeyKind::ALL.map(|_| Texts::default());
    for &customer in customers {
        names.push(&identity.display(customer).to_string());
        let used = identity.keys_of(customer);
        for (texts, kind) in keys.iter_mut().zip(KeyKind::ALL) {
            let own: Vec<&str> = used.iter().filter(|used| used.key.kind == kind).map(|used| used.key.text).collect();
            texts.push(&own.join(" "));
        }
    }
    let column = |name, texts| rows::Column::new(name, Kind::Text, Data::Text(texts));
    let keys = KeyKind::ALL.into_iter().zip(keys).map(|(kind, texts)| column(kind.column(), texts));
    std::iter::once(column("customer", names)).chain(keys).collect()
}

/// What each did.
fn deeds(desk: &Desk, customers: &[u32]) -> [rows::Column<'static>; 5] {
    let (mut words, mut channels, mut contacts) = (Words::default(), Codes::default(), Counts::default());
    let (mut first, mut last, mut orders) = (Times::default(), Times::default(), Counts::default());
    for did in customers.iter().map(|&customer| Did::of(desk, customer)) {
        channels.push(words.code(&did.channels.join(" ")));
        contacts.push(did.contacts);
        first.push(did.first);
        last.push(did.last);
        orders.push(did.orders);
    }
    let new = rows::Column::new;
    [
        new("channels", Kind::Word, Data::Word { codes: channels, words: words.into() }),
        new("contacts", Kind::Count, Data::Count(contacts)),
        new("first_contact", Kind::Instant, Data::Time(first)),
        new("last_contact", Kind::Instant, Data::Time(last)),
        new("orders", Kind::Count, Data::Count(orders)),
    ]
}

/// What a customer did.
struct Did<'a> {
    channels: Vec<&'a str>,
    contacts: i32,
    /// Of its contacts; `NO_TIME` where none has a date.
    first: i64,
    last: i64,
    orders: i32,
}

impl<'a> Did<'a> {
    fn of(desk: &'a Desk, customer: u32) -> Self {
        let facts = &desk.facts;
        let own = facts.of(customer).filter(|&row| facts.out[row] == Out::No && desk.keeps(row));
        let contacts: Vec<usize> = own.collect();
        let mut channels: Vec<&str> =
            contacts.iter().map(|&row| facts.table.word("channel", row)).filter(|name| !name.is_empty()).collect();
        channels.sort_unstable();
        channels.dedup();
        // Undated ones come last.
        let dated = contacts.partition_point(|&row| facts.at.get(row) != NO_TIME);
        let at = |row: Option<&usize>| row.map_or(NO_TIME, |&row| facts.at.get(row));
        let orders = &desk.activity.orders;
        let orders = orders.partition_point(|o| o.0 <= customer) - orders.partition_point(|o| o.0 < customer);
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        Self {
            channels,
            contacts: count(contacts.len()),
            first: at(contacts[..dated].first()),
            last: at(contacts[..dated].last()),
            orders: count(orders),
        }
    }
}

/// Whose a key is, all keys of that customer, and the row that joins each two.
pub fn explained<'a>(
    identity: &'a Identity,
    joined: impl Iterator<Item = (&'a columns::Table, &'a [u32])>,
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
        tables.push(Table::worded(
            "keys",
            &title,
            &[("key", "Key"), ("kind", "Kind"), ("rows", "Rows"), ("sources", "Seen in")],
            keys,
        ));
        let links = customer.links.iter().map(|link| {
            let place = format!("{} line {}", link.witness.file, link.witness.line);
            vec![link.keys.0.to_string(), link.keys.1.to_string(), place]
        });
        tables.push(Table::worded(
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
    (!explanation.nobodys.is_empty()).then(|| Table::worded("nobody", "", &columns, rows))
}
