//! Tests of folders as they are: with our own outputs, odd names, profiles that miss, and files to go back to.

use super::tests::{PROFILE, folder, read_all, read_as_is, rejects, texts};
use super::*;
use std::fs;
use tempfile::TempDir;

const TICKETS: &str = "Ticket,Opened\n1,2026-03-04T10:00Z\n";

fn said(inputs: &Inputs) -> Vec<String> {
    inputs.notices.iter().map(ToString::to_string).collect()
}

fn files(inputs: &Inputs) -> Vec<&str> {
    inputs.sources.iter().map(|source| source.file.as_str()).collect()
}

#[test]
fn our_own_rows_are_read_by_name_only() {
    let csv = "interaction_id,source,customer,started_at,file,line\n1,acme,c,2026-03-04T10:00:00Z,a.csv,2\n";
    let json = r#"{"interaction_id":"1","source":"acme","started_at":"2026-03-04T10:00:00Z","file":"a.csv","line":2}"#;
    let packed = format!("[\n{json}\n]\n");
    let dir =
        folder(&[("in/a.csv", TICKETS), ("in/rows.csv", csv), ("in/rows.ndjson", json), ("in/rows.json", &packed)]);
    for typed in ["in", "in/*"] {
        let inputs = read_all(&dir, &[typed], "").unwrap();
        assert_eq!((files(&inputs), said(&inputs).len()), (vec!["a.csv"], 0), "{typed}");
    }
    for name in ["in/rows.csv", "in/rows.ndjson", "in/rows.json"] {
        let inputs = read_all(&dir, &[name], "").unwrap();
        assert_eq!((texts(&inputs, 0, "source"), inputs.tables[0].rows()), (vec!["acme".into()], 1), "{name}");
    }
    fs::remove_file(dir.path().join("in/a.csv")).unwrap();
    let trouble = read_all(&dir, &["in"], "").unwrap_err().to_string();
    assert!(
        trouble.contains("\n  `rows.csv` was written by deskstat\n") && trouble.contains("if the file itself"),
        "{trouble}"
    );
}

#[test]
fn our_own_outputs_do_not_warn() {
    let table = "{\n  \"columns\": [\n    \"channel\",\n    \"contacts\"\n  ],\n  \"rows\": []\n}\n";
    let customers = "customer,customer_crm_id,customer_email,channels,contacts\nx,1,a@x.de,email,1\n";
    let report =
        "Week 46\n\n  Channel    contacts\n  ───────────────────\n  email         1,002\n  phone         1,003\n";
    let outputs = [("in/t.json", table), ("in/c.csv", customers), ("in/r.txt", report), ("in/a.csv", TICKETS)];
    let dir = folder(&outputs);
    for typed in ["in", "in/*"] {
        let inputs = read_all(&dir, &[typed], "").unwrap();
        assert_eq!(
            (files(&inputs), said(&inputs)),
            (vec!["a.csv"], vec!["note: `r.txt` is text for people and was left out".into()])
        );
    }
    let named = |name: &str| read_all(&dir, &[name], "").unwrap_err().to_string();
    assert!(named("in/t.json").starts_with("`t.json` was written by deskstat"));
    assert!(named("in/c.csv").starts_with("`c.csv` was written by deskstat"));
    assert!(named("in/r.txt").starts_with("no profile fits `r.txt`"));
    // The same shape from elsewhere is an export, if a profile says so.
    let elsewhere = r#"{"columns": ["Ticket", "Opened"], "rows": [{"Ticket": 1, "Opened": "2026-03-04T10:00Z"}]}"#;
    fs::write(dir.path().join("in/t.json"), elsewhere).unwrap();
    let profile = PROFILE.replace("[detect]", "[detect]\nshape = 'json'\nrecords = 'rows'");
    fs::write(dir.path().join("acme.toml"), profile).unwrap();
    assert_eq!(files(&read_all(&dir, &["in/t.json"], "").unwrap()), ["t.json"]);
}

#[test]
#[cfg(unix)]
fn hostile_names_reach_no_message_and_keep_their_rows_apart() {
    let dir = folder(&[
        ("in/a\u{1b}[2J.csv", TICKETS),
        ("in/a\u{7}[2J.csv", "Ticket,Opened\n1,never\n3,2026-03-04T10:00Z\n"),
    ]);
    let inputs = read_all(&dir, &["in"], "[[source]]\nfile = 'a?[[]2J.csv'\nsource = 'odd'").unwrap();
    assert_eq!(files(&inputs), ["a�[2J.csv", "a�[2J.csv (2)"]);
    let mut rows: Vec<_> = texts(&inputs, 0, "file").into_iter().zip(texts(&inputs, 0, "source")).collect();
    rows.sort();
    assert_eq!(rows, [("a�[2J.csv".into(), "odd".into()), ("a�[2J.csv (2)".into(), "odd".into())]);
    assert!(rejects(&inputs)[0].starts_with("a�[2J.csv:2 `Opened` is not a date"));
}

/// A file under a profile of the user's own.
fn under(columns: &str, text: &str) -> TempDir {
    let dir = folder(&[("x.csv", text)]);
    let profile = format!("name = 'own'\ntitle = 'Own'\n[detect]\nheaders = ['Nr', 'Day']\n{columns}");
    fs::write(dir.path().join("acme.toml"), profile).unwrap();
    dir
}

#[test]
fn headers_that_an_own_profile_misses_are_said() {
    let columns = "[columns]\ninteraction_id = 'Nr'\nstarted_at = 'Day'\n";
    let text = "Nr,Day,Channel,State\n1,2026-03-04T10:00Z,mail,open\n";
    let said = |more: &str| said(&read_as_is(&under(&format!("{columns}{more}"), text), &["x.csv"], "").unwrap());
    assert_eq!(said("channel = ['Via', 'Channel']"), Vec::<String>::new());
    assert_eq!(
        said("channel = 'Chann'"),
        ["warning: profile `own` reads `Chann`, which `x.csv` does not have\nhint: did you mean `Channel`?"]
    );
    assert_eq!(
        said("channel = 'Chann'\nagent = 'Who'"),
        [
            "warning: profile `own` reads `Who`, `Chann`, which `x.csv` does not have\nhint: did you mean `Channel` by `Chann`?"
        ]
    );
    assert!(said("topic = { value = 'x', when = { from = 'Stat', is = ['open'] } }")[0].contains("`Stat`"));
    assert!(said("topic = { from = ['Nr', 'Stat'], join = ' ' }")[0].contains("reads `Stat`,"));
    // Built-in profiles know several layouts each.
    let dir = folder(&[("x.csv", "interaction_id,started_at\n1,2026-03-04T10:00Z\n")]);
    let settings = Settings::default();
    let (args, profiles) =
        ([dir.path().join("x.csv").to_string_lossy().into_owned()], ["deskstat-interactions".into()]);
    let inputs = read(&args, &Options::new(&settings, &profiles)).unwrap();
    assert!(inputs.notices.is_empty() && !inputs.sources[0].origin.absent.is_empty());
}

#[test]
fn a_named_file_of_which_nothing_is_left_is_said() {
    let rules = "[[ignore]]\nfrom = 'State'\nis = ['spam']\n[columns]\ninteraction_id = 'Nr'\nstarted_at = 'Day'\nstatus = 'State'\n";
    let row = "1,2026-03-04T10:00Z,spam\n";
    let said = |rows: usize, typed: &str| {
        let dir = under(rules, &format!("Nr,Day,State\n{}", row.repeat(rows)));
        said(&read_as_is(&dir, &[typed], "").unwrap())
    };
    assert_eq!(said(2, "x.csv"), ["warning: all 2 rows of `x.csv` were ignored by a rule of profile `own`"]);
    assert_eq!(said(1, "*.csv"), ["warning: the only row of `x.csv` was ignored by a rule of profile `own`"]);
    assert!(said(2, "").is_empty(), "in a folder");
}

#[test]
fn records_are_read_again_as_they_stand() {
    let text = "Ticket,Opened,Mail\r\n1,2026-03-04T10:00Z,\"a\r\nb\"\r\n2,2026-03-04T10:00Z,x";
    let dir = folder(&[
        ("x.csv", text),
        (
            "y.json",
            "[{\"interaction_id\": 1,\n\"started_at\": \"2026-03-04\"},\n{\"interaction_id\": 2, \"started_at\": \"2026-03-05\"}]",
        ),
    ]);
    let inputs = read_all(&dir, &["x.csv", "y.json"], "").unwrap();
    let rows = |file: &str, lines: &[u64]| inputs.records(file, lines).into_iter().collect::<Vec<_>>();
    let last = (4, "2,2026-03-04T10:00Z,x".to_owned());
    assert_eq!(rows("x.csv", &[4, 2]), [(2, "1,2026-03-04T10:00Z,\"a\r\nb\"".to_owned()), last.clone()]);
    assert_eq!(rows("x.csv", &[4, 99]), [last]);
    assert_eq!(rows("y.json", &[3]), [(3, "{\"interaction_id\": 2, \"started_at\": \"2026-03-05\"}".to_owned())]);
    assert!(rows("nowhere.csv", &[2]).is_empty());
    fs::write(dir.path().join("y.json"), "[{\"interaction_id\": 1, \"started_at\": \"2026-03-04\"}, {\"interaction_id\": 2, \"started_at\": \"2026-03-05\"}]").unwrap();
    assert!(read_all(&dir, &["y.json"], "").unwrap().records("y.json", &[1]).is_empty(), "which of the two?");
    fs::write(dir.path().join("x.csv"), TICKETS).unwrap();
    assert!(rows("x.csv", &[2]).is_empty(), "it is another file now");
}
