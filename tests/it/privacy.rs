//! What must not be told: who the customers are, and what stood in their cells. What a few of them did is `suppressed.rs`.

use crate::books::Book;
use crate::desk::{Desk, Said, json};
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const SECRET: &str = "0123456789abcdef0123456789abcdef\n";
/// HMAC-SHA-256 with that secret, by Python's `hmac`.
const MIRA: &str = "p9c3904386838ca94";
const PHONE: &str = "paa61911e664c5605";

/// Everything that must not come through.
const PERSONAL: &[&str] =
    &["mira", "Mira", "Okafor", "shop.test", "7946", "CRM-77", "loyal-5", "u-1001", "info@", "Ben", "ben@"];

fn desk() -> Desk {
    let tickets = "\
interaction_id,channel,started_at,first_response_at,status,topic,customer_id,customer_crm_id,customer_external_id,customer_email,customer_phone,customer_name
1,email,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,closed,refund,u-1001,CRM-77,,Mira.Okafor@shop.test,,Mira Okafor
2,phone,2026-03-03T09:00:00Z,,closed,refund,,,loyal-5,,+44 20 7946 0001,M. Okafor
3,email,2026-03-04T09:00:00Z,,open,delivery,,,loyal-5,mira.okafor@shop.test,,Mira Okafor
4,email,2026-03-05T09:00:00Z,,open,delivery,,,,info@shop.test,,Ben Ashby
5,phone,2026-03-05T10:00:00Z,,open,delivery,,CRM-78,,ben@shop.test,+44 20 7946 0001,Ben Ashby
6,email,yesterday,,open,delivery,u-1001,,,mira.okafor@shop.test,,Mira Okafor
7,email,2026-03-06T10:00:00Z,,Mira Okafor says so,delivery,,,,mira.okafor@shop.test,,Mira Okafor
8,phone,2026-02-24T10:00:00Z,,closed,refund,,CRM-78,,ben@shop.test,,Ben Ashby
";
    let orders =
        "order_id,ordered_at,customer_email,customer_name\n9,2026-03-01T09:00:00Z,mira.okafor@shop.test,Mira Okafor\n";
    let surveys = "survey_id,kind,answered_at,score,scale,customer_email\n5,csat,2026-03-06T09:00:00Z,5,5,mira.okafor@shop.test\n";
    let events = "interaction_id,at,kind,actor,actor_kind\n1,2026-03-02T09:30:00Z,message_in,Mira Okafor,customer\n";
    Desk::new()
        .with("exports/t.csv", tickets)
        .with("exports/orders.csv", orders)
        .with("exports/surveys.csv", surveys)
        .with("exports/events.csv", events)
        .with("secret.key", SECRET)
        .with("deskstat.toml", "region = 'GB'\ninputs = ['exports']\n")
}

/// Two weeks with contacts in both.
const WHY: [&str; 8] = ["why", "contacts", "--by", "customer", "--period", "2026-W10", "--compare", "2026-W09"];

fn run(desk: &Desk, args: &[&str]) -> Said {
    desk.run(&[args, &["--pseudonymise", "--key-file", "secret.key"]].concat())
}

fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().map(Result::unwrap).collect()
}

#[test]
fn nobody_is_named_in_any_output_of_any_command() {
    let desk = desk();
    let plain = desk.out(&["interactions", "-q"]);
    assert!(PERSONAL.iter().filter(|word| plain.contains(**word)).count() > 5, "{plain}");
    for format in ["text", "csv", "tsv", "json", "ndjson", "html", "md"] {
        for args in [
            &["report", "--full"][..],
            &["table", "--by", "customer,topic"],
            &WHY,
            &["interactions"],
            &["customers"],
            &["check"],
        ] {
            // Rows are for machines.
            if ["interactions", "customers"].contains(&args[0]) && ["text", "html", "md"].contains(&format) {
                continue;
            }
            let said = run(&desk, &[args, &["-f", format]].concat());
            assert_eq!(said.code, 0, "{args:?}: {}", said.err);
            for word in PERSONAL {
                let at = |text: &str| text.lines().find(|line| line.contains(word)).map(str::to_owned);
                assert_eq!((at(&said.out), at(&said.err)), (None, None), "{args:?} -f {format} tells `{word}`");
            }
        }
    }
}

/// All that a file holds: the parts of a workbook, the cells of a Parquet file with what is said of it.
fn held(file: &Path) -> String {
    let bytes = std::fs::read(file).unwrap();
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("xlsx") => {
            // The theme names fonts, one of them for Bengali.
            let parts = Book::read(file).parts.into_iter().filter(|(name, _)| !name.starts_with("xl/theme/"));
            parts.map(|(name, part)| format!("{name} {part}\n")).collect()
        }
        Some("parquet") => {
            let reader = SerializedFileReader::new(std::fs::File::open(file).unwrap()).unwrap();
            let about = format!("{:?}", reader.metadata().file_metadata());
            let rows = reader.get_row_iter(None).unwrap().map(|row| format!("{}\n", row.unwrap()));
            about + "\n" + &rows.collect::<String>() + &String::from_utf8_lossy(&bytes)
        }
        _ => panic!("{}", file.display()),
    }
}

#[test]
fn nobody_is_named_in_a_workbook_or_in_parquet() {
    let desk = desk();
    for (args, file) in [
        (&["report", "--full"][..], "out.xlsx"),
        (&["table", "--by", "customer,topic"], "out.xlsx"),
        (&["table", "--by", "customer,week"], "out.xlsx"),
        (&WHY, "out.xlsx"),
        (&["check"], "out.xlsx"),
        (&["interactions"], "out.xlsx"),
        (&["customers"], "out.xlsx"),
        (&["table", "--by", "customer", "--ids"], "out.xlsx"),
        (&["interactions"], "out.parquet"),
        (&["customers"], "out.parquet"),
        (&["table", "--by", "customer", "--ids"], "out.parquet"),
    ] {
        let path = desk.path(file);
        let said = run(&desk, &[args, &["-o", file]].concat());
        assert_eq!(said.code, 0, "{args:?}: {}", said.err);
        let hidden = held(&path);
        assert!(!said.err.contains("shop.test"), "{}", said.err);
        for word in PERSONAL {
            let line = hidden.lines().find(|line| line.contains(word)).unwrap_or_default();
            assert!(line.is_empty(), "{args:?} -o {file} tells `{word}`: {line:.400}");
        }
        // The same without it does tell.
        if ["interactions", "customers"].contains(&args[0]) {
            desk.out(&[args, &["-q", "-o", file]].concat());
            let plain = held(&path);
            assert!(PERSONAL.iter().filter(|word| plain.contains(**word)).count() > 5, "{args:?} -o {file}");
        }
    }
}

/// `p` and 16 digits of a hash.
fn is_pseudonym(word: &str) -> bool {
    let digits = word.strip_prefix('p').unwrap_or_default();
    digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[test]
fn a_secret_makes_the_same_pseudonyms_in_every_format() {
    let desk = desk().with("other.key", "another secret of good length");
    let emails = |file: &str, key: &str| -> BTreeSet<String> {
        desk.out(&["interactions", "-q", "--pseudonymise", "--key-file", key, "-o", file]);
        let path = desk.path(file);
        let text = if file.ends_with(".xlsx") || file.ends_with(".parquet") {
            held(&path)
        } else {
            std::fs::read_to_string(path).unwrap()
        };
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_pseudonym(word));
        words.map(str::to_owned).collect()
    };
    let ours = emails("rows.csv", "secret.key");
    assert!(ours.contains(MIRA) && ours.contains(PHONE) && ours.len() > 5, "{ours:?}");
    let others = emails("rows.csv", "other.key");
    assert!(ours.is_disjoint(&others) && ours.len() == others.len(), "{ours:?} {others:?}");
    for file in ["rows.tsv", "rows.json", "rows.ndjson", "rows.xlsx", "rows.parquet"] {
        for (key, expected) in [("secret.key", &ours), ("other.key", &others)] {
            let found = emails(file, key);
            assert!(expected.is_subset(&found), "{file}, {key}: {found:?}");
            // Beside them stands what tells secrets apart, in the options.
            assert!(found.len() <= expected.len() + 1, "{file}, {key}: {found:?}");
        }
    }
}

#[test]
fn the_same_customer_has_the_same_pseudonym_everywhere() {
    let desk = desk();
    let interactions = rows(&run(&desk, &["interactions", "-q"]).out);
    let of = |id: &str, column: &str| {
        interactions.iter().find(|row| row["interaction_id"] == id).map(|row| row[column].clone()).unwrap()
    };
    assert_eq!((of("1", "customer_email"), of("3", "customer_email")), (MIRA.into(), MIRA.into()));
    assert_eq!((of("2", "customer_phone"), of("5", "customer_phone")), (PHONE.into(), PHONE.into()));
    assert!(!interactions[0].contains_key("customer_name"), "names are dropped");
    assert_eq!(of("1", "topic"), "refund", "all else stays");

    // Who is one customer does not change by it.
    let plain = rows(&desk.out(&["interactions", "-q"]));
    let groups = |rows: &[BTreeMap<String, String>]| {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        rows.iter()
            .for_each(|row| groups.entry(row["customer"].clone()).or_default().push(row["interaction_id"].clone()));
        let mut groups: Vec<_> = groups.into_values().collect();
        groups.sort();
        groups
    };
    assert_eq!(groups(&interactions), groups(&plain));

    // Lists of customers join those of interactions, and are in the order of what they say.
    let customers = rows(&run(&desk, &["customers", "-q"]).out);
    let mira = customers.iter().find(|row| row["customer_email"] == MIRA).unwrap();
    assert_eq!((mira["customer"].clone(), mira["orders"].as_str()), (of("1", "customer"), "1"));
    let explained = run(&desk, &["customers", "--explain", MIRA, "-q"]);
    assert!(explained.code == 0 && explained.out.contains("t.csv line 2"), "{}", explained.err);
    assert_eq!(run(&desk, &["customers", "--explain", "mira.okafor@shop.test"]).code, 1);
    let plain = desk.out(&["table", "-q", "-f", "json", "--where", "customer_email=mira.okafor@shop.test"]);
    assert_eq!(json(&plain)["rows"][0]["contacts"], 3);
    let found = run(&desk, &["table", "-q", "-f", "json", "--where", &format!("customer_email={MIRA}")]);
    assert_eq!(json(&found.out)["rows"][0]["contacts"], 3);

    // Another secret, other pseudonyms; and the report says which.
    let other = desk.with("other.key", "another secret of good length");
    let args = |key| ["report", "-q", "-f", "json", "--pseudonymise", "--key-file", key];
    let options = |key| json(&other.out(&args(key)))["deskstat"]["options"].clone();
    assert_ne!(options("secret.key"), options("other.key"));
    assert!(options("secret.key")[0].as_str().unwrap().starts_with("--pseudonymise p"));
}

#[test]
fn figures_stay_what_they_are() {
    let desk = desk();
    let figures = |text: &str| json(text)["sections"].clone();
    let report = ["report", "-q", "-f", "json", "--full"];
    assert_eq!(figures(&run(&desk, &report).out), figures(&desk.out(&report)));
}

#[test]
fn without_a_secret_there_are_no_pseudonyms() {
    let desk = desk().with("short.key", "hunter2");
    for (args, said) in [
        (&["--pseudonymise"][..], "openssl rand -hex 32"),
        (&["--pseudonymise", "--key-file", "short.key"], "shorter than 16"),
        (
            &["--pseudonymise", "--key-file", "secret.key", "--rejects", "bad.csv"],
            "--rejects writes rows as they stand",
        ),
    ] {
        let refused = desk.run(&[&["report"], args].concat());
        assert_eq!(refused.code, 2, "{args:?}: {}", refused.err);
        assert!(refused.err.contains(said) && refused.err.contains("\nhint: "), "{args:?}: {}", refused.err);
    }
    assert_eq!(desk.run(&["report", "--pseudonymise", "--key-file", "none.key"]).code, 1);
    assert!(!desk.path("bad.csv").exists());
    let desk = desk.with("deskstat.toml", "inputs = ['exports']\nregion = 'GB'\nkey_file = 'secret.key'\n");
    assert!(desk.out(&["interactions", "-q", "--pseudonymise"]).contains(MIRA), "the settings may name it");
}

#[test]
fn beside_pseudonyms_no_message_quotes_a_cell_or_hints_at_what_is_refused() {
    let desk = desk().with(
        "exports/calls.csv",
        "interaction_id,channel,started_at,customer_phone\n1,phone,2026-03-05T10:00:00Z,4.41E+11\n",
    );
    for command in ["report", "check"] {
        let (plain, hidden) = (desk.run(&[command]), run(&desk, &[command]));
        assert_eq!((plain.code, hidden.code), (0, 0), "{} {}", plain.err, hidden.err);
        assert!(plain.err.contains("spreadsheet (`4.41E+11`)\n"), "{}", plain.err);
        assert!(hidden.err.contains("1 phone number in") && hidden.err.contains("spreadsheet\n"), "{}", hidden.err);
        let all = |said: &Said| said.out.clone() + &said.err;
        assert!(all(&plain).contains("--rejects") && !all(&hidden).contains("--rejects"), "{}", all(&hidden));
        assert!(!all(&hidden).contains("4.41E+11") && hidden.err.contains("--strict"), "{}", all(&hidden));
    }
}

#[test]
fn messages_show_no_more_than_the_beginning_of_a_cell() {
    let long = format!("{}SECRET-TAIL", "x".repeat(60));
    let csv = format!(
        "interaction_id,channel,started_at,status,priority\n1,email,2026-03-02T09:00:00Z,{long},low\n2,email,{long},open,low\n3,email,2026-03-02T09:00:00Z,open,low,{long}\n"
    );
    let list = format!("Nr,{long},Opened\n1,{long},2026-03-02\n");
    let desk = Desk::new().with("t.csv", csv).with("list.csv", list);
    for args in [
        &["report", "."][..],
        &["check", "."],
        &["check", ".", "-f", "json"],
        &["report", "t.csv", "-f", "json", "--strict"],
        &["table", "list.csv"],
    ] {
        let said = desk.run(args);
        assert!(!said.err.contains("SECRET-TAIL"), "{args:?}: {}", said.err);
        assert!(!said.out.contains("SECRET-TAIL"), "{args:?}: {}", said.out);
        assert!(said.err.contains("xxxxx"), "{args:?}: {}", said.err);
    }
}

#[test]
fn two_reports_that_differ_say_what_differs() {
    let csv = "interaction_id,channel,started_at\n1,email,2026-03-02T09:00:00Z\n2,chat,2026-03-03T09:00:00Z\n";
    let desk = Desk::new().with("t.csv", csv).with("a.toml", "region = 'GB'\n").with("b.toml", "region = 'DE'\n");
    let report = |args: &[&str]| desk.out(&[&["report", "t.csv", "-q"], args].concat());
    let base = ["--config", "a.toml"];
    let differing: [&[&str]; 5] = [
        &["--config", "b.toml"],
        &["--config", "a.toml", "--as-of", "2026-03-20"],
        &["--config", "a.toml", "--where", "channel=email"],
        &["--config", "a.toml", "--tz", "Asia/Tokyo"],
        &["--config", "a.toml", "--suppress-under", "2"],
    ];
    let last = |text: &str| text.trim_end().rsplit("\n\n").next().unwrap().to_owned();
    let provenance = |csv: &str| {
        let lines: Vec<&str> = csv.lines().filter(|line| line.starts_with("provenance,")).collect();
        lines.join("\n")
    };
    assert!(last(&report(&base)).contains("1 input "), "{}", report(&base));
    assert_eq!(report(&base), report(&base));
    for args in differing {
        if !args.contains(&"--tz") {
            assert_ne!(last(&report(args)), last(&report(&base)), "{args:?}");
        }
        let csv = |args: &[&str]| provenance(&report(&[args, &["-f", "csv"]].concat()));
        assert!(csv(&base).contains(",t.csv,") && csv(&base).contains("a.toml"), "{}", csv(&base));
        assert_ne!(csv(args), csv(&base), "{args:?}");
        let json = |args: &[&str]| json(&report(&[args, &["-f", "json"]].concat()))["deskstat"].clone();
        assert_ne!(json(args), json(&base), "{args:?}");
    }
    let csv_text = report(&[&base[..], &["-f", "csv"]].concat());
    let input = csv_text.lines().find(|line| line.starts_with("provenance,") && line.contains(",t.csv,")).unwrap();
    let sha256 = <sha2::Sha256 as sha2::Digest>::digest(csv);
    let hex: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(input.contains(&hex), "{input}");
}
