//! What joins and what does not, on tables of a few rows; and that order never matters, on random ones.

use super::*;
use crate::columns::{Data, Words};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Columns of the tests' rows, as `column=text`; each row stands in line 2, 3, … of `<source>.csv`.
fn tables(rows: &[(TableKind, String)]) -> Vec<Table> {
    let table = |kind: TableKind| {
        let rows: Vec<BTreeMap<&str, &str>> = rows
            .iter()
            .filter(|(of, _)| *of == kind)
            .map(|(_, row)| row.split(' ').filter_map(|cell| cell.split_once('=')).collect())
            .collect();
        let mut table = Table::new(kind);
        table.fill([], rows.len());
        for field in kind.fields().iter().filter(|f| f.name.starts_with("customer_") || f.name == "source") {
            let mut words = Words::default();
            let codes = rows.iter().map(|row| words.code(row.get(field.name).copied().unwrap_or(""))).collect();
            table.set(field.name, Data::Word { codes, words: words.into() });
        }
        let mut words = Words::default();
        let codes = rows.iter().map(|row| words.code(&format!("{}.csv", row.get("source").unwrap_or(&"")))).collect();
        table.set("file", Data::Word { codes, words: words.into() });
        let line =
            |(i, row): (usize, &BTreeMap<&str, &str>)| row.get("line").map_or(i as i32 + 2, |l| l.parse().unwrap());
        table.set("line", Data::Count(rows.iter().enumerate().map(line).collect()));
        table
    };
    TableKind::ALL.map(table).into()
}

/// Rows of one table: `crm=1 mail=a@x phone=+1 own=7 ext=K name=Ann source=desk`.
fn spelled(row: &str) -> String {
    let mut row = format!(" {row}");
    for (short, column) in [("crm", "crm_id"), ("mail", "email"), ("ext", "external_id"), ("own", "id")] {
        row = row.replace(&format!(" {short}="), &format!(" customer_{column}="));
    }
    row.replace(" phone=", " customer_phone=").replace(" name=", " customer_name=")
}

fn interactions(rows: &[&str]) -> Vec<Table> {
    tables(&rows.iter().map(|row| (TableKind::Interactions, spelled(row))).collect::<Vec<_>>())
}

fn joined(rows: &[&str], settings: &Settings) -> (Vec<Table>, Identity, Vec<String>) {
    let tables = interactions(rows);
    let (identity, notices) = join(&tables, settings).unwrap();
    let notices = notices.iter().map(|notice| notice.text.clone()).collect();
    (tables, identity, notices)
}

/// The customers of the rows; -1 where there is none.
fn customers(rows: &[&str]) -> Vec<i64> {
    numbers(&joined(rows, &Settings::default()).1)
}

fn numbers(identity: &Identity) -> Vec<i64> {
    identity.customers[0].iter().map(|&c| if c == NO_CUSTOMER { -1 } else { i64::from(c) }).collect()
}

fn quarantined(identity: &Identity) -> Vec<(String, Reason)> {
    identity.quarantined.iter().map(|q| (identity.key(q.key).to_string(), q.reason)).collect()
}

/// Tables with the customers of their rows.
fn with_customers<'a>(identity: &'a Identity, tables: &'a [Table]) -> impl Iterator<Item = (&'a Table, &'a [u32])> {
    tables.iter().map(|table| (table, identity.of(table.kind)))
}

#[test]
fn one_phone_joins_three_addresses() {
    let rows = ["mail=a@x.example phone=+1", "mail=b@x.example phone=+1", "phone=+1", "mail=c@x.example phone=+1"];
    let (_, identity, notices) = joined(&rows, &Settings::default());
    assert_eq!((numbers(&identity), identity.count), (vec![0, 0, 0, 0], 1));
    assert_eq!(identity.display(0).to_string(), "a@x.example");
    assert!(notices.is_empty(), "{notices:?}");
}

#[test]
fn a_household_phone_joins_no_two_crm_records() {
    let rows = ["crm=2 phone=+1", "crm=1 phone=+1", "phone=+1", "phone=+2", "mail=a@x.example phone=+1"];
    let (_, identity, notices) = joined(&rows, &Settings::default());
    assert_eq!(numbers(&identity), [1, 0, -1, 3, 2]);
    let conflict = &identity.conflicts[0];
    let crm_ids: Vec<_> = conflict.crm_ids.iter().map(|&key| identity.key(key).text).collect();
    assert_eq!((crm_ids, conflict.edges, conflict.phones.len()), (vec!["1", "2"], 3, 1));
    assert_eq!(quarantined(&identity), [("+1".into(), Reason::Conflict)]);
    assert_eq!(identity.without(Nobody::Conflict), 1);
    assert_eq!(notices, ["1 phone number would join different customers of the customer system; it joins nobody"]);
}

#[test]
fn all_phones_of_a_chain_between_two_crm_records_are_dropped() {
    let rows =
        ["crm=1 phone=+1", "mail=a@x.example phone=+1", "mail=a@x.example phone=+2", "crm=2 phone=+2", "phone=+2"];
    let (_, identity, _) = joined(&rows, &Settings::default());
    assert_eq!(numbers(&identity), [0, 2, 2, 1, -1]);
    assert_eq!((identity.conflicts.len(), identity.conflicts[0].phones.len(), identity.conflicts[0].edges), (1, 2, 4));
}

#[test]
fn crm_records_that_an_address_joins_are_one_customer_and_no_conflict() {
    let rows = ["crm=1 mail=a@x.example", "crm=2 mail=a@x.example phone=+1", "crm=1 phone=+1", "phone=+1"];
    let (_, identity, notices) = joined(&rows, &Settings::default());
    assert_eq!((numbers(&identity), identity.doubles.clone()), (vec![0, 0, 0, 0], vec![0]));
    assert_eq!(notices, ["1 customer stands more than once in the customer system"]);
}

#[test]
fn senders_from_a_shared_address_are_not_one_customer() {
    let rows: Vec<_> = (0..8).map(|i| format!("source=desk mail=info@client.example own=77 name=N{i}")).collect();
    let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    rows.extend(["source=desk mail=info@client.example own=77 phone=+1", "source=desk own=77", "source=chat own=77"]);
    let (_, identity, notices) = joined(&rows, &Settings::default());
    assert_eq!(numbers(&identity), [-1, -1, -1, -1, -1, -1, -1, -1, 0, -1, 1]);
    let expected = [("desk:77".into(), Reason::WithShared), ("info@client.example".into(), Reason::Role)];
    assert_eq!(quarantined(&identity), expected);
    assert_eq!(identity.quarantined[1].names, 8);
    assert_eq!(notices, ["1 shared address or phone number identified nobody; 9 rows had no other key"]);
}

#[test]
fn an_id_with_an_address_of_its_own_stays_a_key() {
    let rows = ["own=7 mail=info@client.example", "own=7 mail=bob@client.example", "own=7"];
    assert_eq!(customers(&rows), [0, 0, 0]);
}

#[test]
fn an_address_under_many_names_is_shared() {
    let row = |i: usize| format!("mail=desk@client.example phone=+1 name=N{i}");
    let mut rows: Vec<String> = (0..5).map(row).collect();
    // The same names in other letters and a word for no one add nothing.
    rows.extend(["N0", "n1", "unknown"].map(|name| format!("mail=desk@client.example phone=+1 name={name}")));
    let five: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(customers(&five), [0; 8]);
    let six = [&five[..], &["mail=desk@client.example phone=+1 name=N6"]].concat();
    let (_, identity, _) = joined(&six, &Settings::default());
    assert_eq!(numbers(&identity), [-1; 9]);
    assert!(identity.quarantined.iter().all(|q| q.reason == Reason::ManyNames && q.names == 6 && q.rows == 9));
}

#[test]
fn a_colleagues_row_has_no_customer_whatever_else_it_says() {
    let settings = Settings { own_domains: vec!["acme.example".into()], ..Settings::default() };
    let rows = [
        "source=desk mail=jo@uk.acme.example own=1 crm=9 phone=+1",
        "source=desk own=1",
        "crm=9",
        "crm=8 phone=+1",
        "mail=jo@acme.example crm=8 ext=E",
        "ext=E",
    ];
    let (_, identity, notices) = joined(&rows, &settings);
    assert_eq!(numbers(&identity), [-1, -1, 1, 0, -1, -1]);
    assert_eq!((identity.without(Nobody::OwnStaff), identity.without(Nobody::NoKey)), (4, 0));
    assert_eq!(notices, ["4 rows of own staff counted for no customer"]);
}

#[test]
fn a_sources_own_id_means_nothing_in_another_source() {
    assert_eq!(
        customers(&["source=a own=1", "source=b own=1", "source=a own=1", "name=Ann", "name=Ann"]),
        [0, 1, 0, -1, -1]
    );
}

#[test]
fn orders_and_surveys_bring_keys() {
    let row = |kind, row: &str| (kind, spelled(row));
    let tables = tables(&[
        row(TableKind::Interactions, "source=desk mail=a@x.example"),
        row(TableKind::Customers, "source=crm crm=5 ext=K"),
        row(TableKind::Orders, "source=shop ext=K mail=a@x.example"),
        row(TableKind::Surveys, "source=desk mail=b@x.example"),
    ]);
    let (identity, _) = join(&tables, &Settings::default()).unwrap();
    assert_eq!(identity.customers, [vec![0], vec![0], vec![1], vec![0], vec![]]);
    assert_eq!(identity.display(0).to_string(), "5");
    let matched: Vec<_> =
        identity.matches.iter().map(|m| (m.source.as_str(), m.rows, m.identified, m.matched)).collect();
    assert_eq!(matched, [("crm", 1, 1, 1), ("desk", 2, 2, 1), ("shop", 1, 1, 1)]);
    let sources: Vec<_> =
        identity.keys_of(0).into_iter().map(|used| (used.key.text, used.rows, used.sources)).collect();
    let expected = [("5", 1, vec!["crm"]), ("a@x.example", 2, vec!["desk", "shop"]), ("K", 2, vec!["crm", "shop"])];
    assert_eq!(sources, expected);
}

fn with_aliases(text: &str) -> (tempfile::TempDir, Settings) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("same.csv");
    std::fs::write(&path, text).unwrap();
    (folder, Settings { aliases: Some(path), ..Settings::default() })
}

#[test]
fn an_alias_joins_keys_of_all_forms() {
    let (_folder, settings) = with_aliases(
        "key;same\nOld@x.example;new@x.example\ndesk:7;+44 (20) 7946\nlink@x.example;1\nlink@x.example;K\n8;K\nnobody;K\nK\ninfo@x.example;K\n",
    );
    let rows = [
        "mail=old@x.example",
        "mail=new@x.example",
        "source=desk own=7",
        "phone=+44207946",
        "crm=1",
        "ext=K",
        "source=chat own=7",
        "source=chat own=8",
    ];
    let (tables, identity, notices) = joined(&rows, &settings);
    assert_eq!(numbers(&identity), [1, 1, 2, 2, 0, 0, 3, 0]);
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(notices[0].contains("2 rows without two keys") && notices[1].contains("1 row with a shared"));
    let explanation = identity.explain(with_customers(&identity, &tables), "link@x.example");
    let links = &explanation.customers[0].links;
    assert_eq!(links.len(), 3);
    assert_eq!((links[0].witness.source, links[0].witness.line), ("aliases", 4));
}

#[test]
fn an_alias_gives_a_shared_phone_its_owner() {
    let (_folder, settings) = with_aliases("+1,1\n");
    let rows = ["crm=1 phone=+1", "crm=2 phone=+1", "phone=+1"];
    let (_, identity, _) = joined(&rows, &settings);
    assert_eq!(numbers(&identity), [0, 1, 0]);
    assert_eq!((identity.conflicts[0].edges, identity.quarantined.len()), (1, 0));
}

#[test]
fn an_alias_file_that_is_not_there_is_an_error() {
    let settings = Settings { aliases: Some("/nowhere/same.csv".into()), ..Settings::default() };
    let error = join(&interactions(&["crm=1"]), &settings).unwrap_err();
    assert_eq!(error.to_string(), "cannot read alias file `/nowhere/same.csv`");
}

#[test]
fn explain_names_the_rows_that_linked() {
    let rows = [
        "source=desk mail=a@x.example own=7 line=9",
        "source=desk mail=a@x.example own=7 line=4",
        "source=desk mail=a@x.example own=7 line=6",
        "source=calls mail=a@x.example phone=+4420 line=30",
        "crm=1 phone=+1",
        "crm=2 phone=+1",
    ];
    let (tables, identity, _) = joined(&rows, &Settings::default());
    let explanation = identity.explain(with_customers(&identity, &tables), "+44 20");
    let said: Vec<_> = explanation.customers[0]
        .links
        .iter()
        .map(|l| format!("{} {} {}:{}", l.keys.0, l.keys.1, l.witness.file, l.witness.line))
        .collect();
    assert_eq!(said, ["a@x.example +4420 calls.csv:30", "a@x.example desk:7 desk.csv:4"]);
    assert_eq!(
        identity.explain(with_customers(&identity, &tables), "desk:7").customers[0].customer,
        explanation.customers[0].customer
    );
    assert_eq!(identity.explain(with_customers(&identity, &tables), "A@X.example").found.len(), 1);
    let nobodys = &identity.explain(with_customers(&identity, &tables), "+1").nobodys[0];
    assert_eq!((nobodys.reason, nobodys.conflict.map(|c| c.edges)), (Some(Reason::Conflict), Some(2)));
    let unknown = identity.explain(with_customers(&identity, &tables), "a@x.exampel");
    assert_eq!((unknown.found.len(), unknown.closest[0].text), (0, "a@x.example"));
}

#[test]
fn no_rows_are_no_customers() {
    let (identity, notices) = join(&interactions(&[]), &Settings::default()).unwrap();
    assert_eq!((identity.count, notices.len()), (0, 0));
    assert_eq!(join(&[], &Settings::default()).unwrap().0.count, 0);
}

/// A random row over few keys, so that most meet; some are nobody's.
fn any_row(phones: bool) -> impl Strategy<Value = String> {
    let some = |column: &'static str, texts: &'static [&'static str]| {
        prop_oneof![
            3 => Just(String::new()),
            2 => prop::sample::select(texts).prop_map(move |text| format!("{column}={text}"))
        ]
    };
    let phone = if phones { &["+1", "+2", "+3", "+4"][..] } else { &["-"] };
    let cells = (
        some("source", &["desk", "calls", "shop"]),
        some("crm", &["1", "2", "3", "4", "unknown"]),
        some("mail", &["a@x.example", "b@x.example", "c@x.example", "info@x.example", "jo@acme.example"]),
        some("ext", &["K", "L", "M"]),
        some("own", &["1", "2", "7", "8"]),
        some("phone", phone),
        some("name", &["A", "B", "C"]),
    );
    cells.prop_map(|(a, b, c, d, e, f, g)| [a, b, c, d, e, f, g].join(" "))
}

fn random_settings() -> Settings {
    Settings { own_domains: vec!["acme.example".into()], shared_names: 2, ..Settings::default() }
}

/// The customer and the customer's name of each row, found again through its line.
fn by_line(rows: &[(usize, TableKind, &String)]) -> Vec<Option<(u32, String)>> {
    let spelled: Vec<_> =
        rows.iter().map(|(line, kind, row)| (*kind, spelled(&format!("{row} line={line}")))).collect();
    let tables = tables(&spelled);
    let (identity, _) = join(&tables, &random_settings()).unwrap();
    let mut out = vec![None; rows.len()];
    for table in &tables {
        for (row, &customer) in identity.of(table.kind).iter().enumerate() {
            let line = table.counts("line").unwrap().get(row) as usize;
            out[line] = (customer != NO_CUSTOMER).then(|| (customer, identity.display(customer).to_string()));
        }
    }
    out
}

proptest! {
    #[test]
    fn neither_order_nor_table_of_rows_matters(
        rows in prop::collection::vec(any_row(true), 0..40)
            .prop_flat_map(|rows| {
                let places = prop::collection::vec(prop::sample::select(&TableKind::ALL[..4]), rows.len());
                (Just(rows.clone()), places, Just((0..rows.len()).collect::<Vec<_>>()).prop_shuffle())
            })
    ) {
        let (rows, places, order) = rows;
        let straight: Vec<_> = rows.iter().enumerate().map(|(i, row)| (i, TableKind::Interactions, row)).collect();
        let mixed: Vec<_> = order.iter().map(|&i| (i, places[i], &rows[i])).collect();
        prop_assert_eq!(by_line(&straight), by_line(&mixed));
    }

    #[test]
    fn usable_keys_have_one_customer_and_no_two_crm_ids_one_by_phone(
        rows in prop::collection::vec(any_row(true), 0..40)
    ) {
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let (tables, identity, _) = joined(&rows, &random_settings());
        let barred: Vec<_> = identity.quarantined.iter().map(|q| identity.key(q.key)).collect();
        let mut owner = BTreeMap::new();
        for (row, &customer) in identity.customers[0].iter().enumerate().filter(|(_, c)| **c != NO_CUSTOMER) {
            for kind in KeyKind::ALL {
                let source = if kind == KeyKind::Source { tables[0].word("source", row) } else { "" };
                let key = Key { kind, source, text: tables[0].word(kind.column(), row) };
                if !key.text.is_empty() && !barred.contains(&key) {
                    prop_assert_eq!(*owner.entry(key).or_insert(customer), customer);
                    prop_assert!(identity.keys_of(customer).iter().any(|used| used.key == key));
                }
            }
        }
        let silent: Vec<String> = rows.iter().map(|row| row.replace("phone=", "fax=")).collect();
        let silent: Vec<_> = silent.iter().map(String::as_str).collect();
        let (_, apart, _) = joined(&silent, &random_settings());
        let crm_rows: Vec<_> = (0..rows.len())
            .filter(|&row| identity.customers[0][row] != NO_CUSTOMER)
            .filter(|&row| !["", "unknown"].contains(&tables[0].word("customer_crm_id", row)))
            .collect();
        for (&a, &b) in crm_rows.iter().flat_map(|a| crm_rows.iter().map(move |b| (a, b))) {
            let same = |identity: &Identity| identity.customers[0][a] == identity.customers[0][b];
            prop_assert_eq!(same(&identity), same(&apart));
        }
    }

    #[test]
    fn without_phones_customers_are_connected_components(rows in prop::collection::vec(any_row(false), 0..40)) {
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let (tables, identity, _) = joined(&rows, &random_settings());
        let barred: Vec<_> = identity.quarantined.iter().map(|q| identity.key(q.key)).collect();
        let keys = |row: usize| -> Vec<Key> {
            let all = KeyKind::ALL.map(|kind| {
                let source = if kind == KeyKind::Source { tables[0].word("source", row) } else { "" };
                Key { kind, source, text: tables[0].word(kind.column(), row) }
            });
            if all[1].text.ends_with("acme.example") {
                return Vec::new();
            }
            all.into_iter().filter(|key| !key.text.is_empty() && !barred.contains(key)).collect()
        };
        // The plainest way: give neighbours the smaller label until nothing changes.
        let mut labels: Vec<usize> = (0..rows.len()).collect();
        loop {
            let before = labels.clone();
            for a in 0..rows.len() {
                for b in 0..rows.len() {
                    if keys(a).iter().any(|key| keys(b).contains(key)) {
                        labels[a] = labels[a].min(labels[b]);
                    }
                }
            }
            if before == labels {
                break;
            }
        }
        let found = &identity.customers[0];
        for a in 0..rows.len() {
            prop_assert_eq!(found[a] == NO_CUSTOMER, keys(a).is_empty());
            for b in (0..a).filter(|&b| !keys(a).is_empty() && !keys(b).is_empty()) {
                prop_assert_eq!(found[a] == found[b], labels[a] == labels[b]);
            }
        }
    }
}
