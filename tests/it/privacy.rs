//! What must not be told: who the customers are, what a few of them did, and what stood in their cells.

use crate::books::Book;
use crate::desk::{Desk, Said, json, on_sample};
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
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
            &["why", "contacts", "--by", "customer"],
            &["interactions"],
            &["customers"],
            &["check"],
        ] {
            // Rows are for machines.
            if ["interactions", "customers"].contains(&args[0]) && ["text", "html", "md"].contains(&format) {
                continue;
            }
            let said = run(&desk, &[args, &["-f", format]].concat());
            assert!(said.code == 0 || args[0] == "why", "{args:?}: {}", said.err);
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
        (&["why", "contacts", "--by", "customer", "--period", "2026-W10", "--compare", "2026-W09"], "out.xlsx"),
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
        if args[0] == "why" && said.code == 1 {
            continue;
        }
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

/// Contacts of one day: seven by e-mail, three by chat, six by phone, in the week after as many of each but two chats.
fn few() -> Desk {
    let mut csv = String::from("interaction_id,channel,started_at,first_response_at,csat,csat_scale\n");
    for (week, chats) in [(2, 2), (9, 3)] {
        for (channel, count) in [("email", 7), ("chat", chats), ("phone", 6), ("sms", 30)] {
            for n in 0..count {
                let rating = if n < 4 { "5,5" } else { "," };
                let _ = writeln!(
                    csv,
                    "{week}{channel}{n},{channel},2026-03-{week:02}T09:00:00Z,2026-03-{week:02}T10:00:00Z,{rating}"
                );
            }
        }
    }
    Desk::new().with("t.csv", csv + "end,sms,2026-03-15T23:00:00Z,,,\n")
}

#[test]
fn figures_of_fewer_than_five_are_left_out() {
    let desk = few();
    let table = |args: &[&str]| {
        let all = [&["table", ".", "-q", "-f", "json", "--period", "2026-W11", "--by", "channel"], args].concat();
        json(&desk.out(&all))
    };
    let metrics = ["--metrics", "contacts,contacts_share,csat"];
    let shown = table(&metrics);
    let hidden = table(&[&metrics[..], &["--suppress-under", "5"]].concat());
    let of = |table: &serde_json::Value, channel: &str, column: &str| {
        crate::desk::cell(table, "channel", channel, column).clone()
    };
    assert_eq!((of(&shown, "chat", "contacts"), of(&shown, "chat", "csat_n")), (3.into(), 3.into()));
    for column in ["contacts", "contacts_share", "csat", "csat_n"] {
        assert!(of(&hidden, "chat", column).is_null(), "{column} of three");
    }
    // The total less the others would tell it: the next smallest goes too, and the others stay.
    assert!(of(&hidden, "phone", "contacts").is_null() && of(&hidden, "phone", "contacts_share").is_null());
    assert_eq!((of(&hidden, "email", "contacts"), of(&hidden, "sms", "contacts")), (7.into(), 31.into()));
    assert!(of(&hidden, "email", "csat").is_null(), "of four ratings");
    assert_eq!(hidden["total"]["contacts"], 47);
    assert_eq!(hidden["deskstat"]["options"][0], "--suppress-under 5");
}

#[test]
fn no_format_tells_what_is_left_out() {
    let desk = few();
    let report = ["report", ".", "-q", "--period", "2026-W11", "--full", "--suppress-under", "5"];
    let document = json(&desk.out(&[&report[..], &["-f", "json"]].concat()));
    for section in document["sections"].as_array().unwrap() {
        assert_eq!(section["summary"].as_array().unwrap().len(), 0);
        for table in section["tables"].as_array().unwrap() {
            let units: BTreeMap<&str, &str> = table["columns"]
                .as_array()
                .unwrap()
                .iter()
                .map(|column| (column["id"].as_str().unwrap(), column["unit"].as_str().unwrap()))
                .collect();
            for row in table["rows"].as_array().unwrap() {
                for (id, cell) in row.as_object().unwrap() {
                    let few =
                        |value: &serde_json::Value| value.as_f64().is_some_and(|value| value > 0.0 && value < 5.0);
                    let counts =
                        units[id.as_str()] == "count" && [&cell["value"], &cell["previous"]].into_iter().any(few);
                    assert!(!counts && !few(&cell["n"]), "{} {id}: {cell}", table["id"]);
                }
            }
        }
    }
    let text = desk.out(&report);
    assert!(text.contains("Figures of fewer than 5 are left out"), "{text}");
    let csv = desk.out(&[&report[..], &["-f", "csv"]].concat());
    let chat = csv.lines().find(|line| line.starts_with("channels,mix,2026-W11,") && line.contains("chat,")).unwrap();
    assert!(chat.contains(",contacts,,,"), "{chat}");
}

/// Figures of the rows of a JSON table: by column and side, as they stand.
fn sides(table: &Value) -> BTreeMap<(String, &'static str), Vec<Option<f64>>> {
    let mut sides = BTreeMap::new();
    // Rows that are left out are not where they were.
    let mut rows = table["rows"].as_array().unwrap().clone();
    rows.sort_by_key(|row| row.as_object().unwrap().values().filter_map(Value::as_str).collect::<Vec<_>>().join("/"));
    for column in table["columns"].as_array().unwrap() {
        let (id, is_count) = (column["id"].as_str().unwrap(), column["unit"] == "count");
        // A difference of counts goes with what it is between.
        if column["unit"] == "text" || id == "change" {
            continue;
        }
        let told: &[&str] = if is_count { &["value", "previous"] } else { &["n"] };
        for &side in told {
            sides.insert((id.to_owned(), side), rows.iter().map(|row| row[id][side].as_f64()).collect());
        }
    }
    sides
}

/// Hold a report with figures left out against the same with all: whoever adds up a column learns of no group.
fn adds_up_to_nothing(args: &[&str], under: f64) -> usize {
    let limit = under.to_string();
    let all = json(&on_sample(&[args, &["-q", "-f", "json"]].concat()));
    let some = json(&on_sample(&[args, &["-q", "-f", "json", "--suppress-under", &limit]].concat()));
    let tables = |report: &Value| -> Vec<Value> {
        let sections = report["sections"].as_array().unwrap().iter();
        sections.flat_map(|section| section["tables"].as_array().unwrap().clone()).collect()
    };
    let mut found = 0;
    for (all, some) in tables(&all).iter().zip(&tables(&some)) {
        let shown = sides(some);
        for (key, truth) in sides(all) {
            let pairs = || truth.iter().zip(&shown[&key]);
            let left_out: Vec<f64> = pairs()
                .filter(|(_, shown)| shown.is_none())
                .filter_map(|(truth, _)| truth.filter(|n| *n > 0.0))
                .collect();
            assert!(pairs().all(|(_, shown)| shown.is_none_or(|n| n == 0.0 || n >= under)), "{} {key:?}", all["id"]);
            let is_all = pairs().all(|(_, shown)| shown.is_none_or(|n| n == 0.0));
            if left_out.is_empty() || is_all {
                continue;
            }
            found += 1;
            let told = format!("{} {key:?}: {left_out:?} of {truth:?}", all["id"]);
            assert!(left_out.len() > 1 && left_out.iter().sum::<f64>() >= under, "{told}");
        }
    }
    found
}

#[test]
fn no_total_tells_what_is_left_out() {
    let report = ["report", "sample-data", "--full"];
    assert!(adds_up_to_nothing(&report, 5.0) > 10);
    assert!(adds_up_to_nothing(&report, 20.0) > 20);
    assert!(adds_up_to_nothing(&["why", "contacts", "sample-data", "--by", "topic,channel"], 5.0) > 0);
    assert!(adds_up_to_nothing(&["why", "frt_p50", "sample-data", "--by", "topic,channel"], 5.0) > 0);
}

#[test]
fn what_came_and_went_tells_nothing_that_is_left_out() {
    let desk = few();
    let flow = |args: &[&str]| {
        let report =
            [&["report", ".", "-q", "--period", "2026-W11", "--only", "resolution", "-f", "json"], args].concat();
        let report = json(&desk.out(&report));
        let tables = report["sections"][0]["tables"].as_array().unwrap().clone();
        tables.into_iter().filter(|table| ["flow", "backlog_by_age"].contains(&table["id"].as_str().unwrap())).collect()
    };
    let counts = |row: &Value| -> Vec<Option<f64>> {
        row.as_object().unwrap().values().map(|cell| cell["value"].as_f64()).collect()
    };
    let (all, some): (Vec<Value>, Vec<Value>) = (flow(&[]), flow(&["--suppress-under", "5"]));
    for (all, some) in all.iter().zip(&some) {
        for (all, some) in all["rows"].as_array().unwrap().iter().zip(some["rows"].as_array().unwrap()) {
            let pairs = counts(all).into_iter().zip(counts(some));
            let left_out = pairs.filter(|(all, some)| all.is_some_and(|n| n > 0.0) && some.is_none()).count();
            assert_ne!(left_out, 1, "{all} {some}");
        }
    }
}

#[test]
fn why_leaves_out_groups_of_few_as_a_whole() {
    let desk = few();
    let why = ["why", "contacts", ".", "-q", "--period", "2026-W11", "--by", "channel", "--suppress-under", "5"];
    let report = json(&desk.out(&[&why[..], &["-f", "json"]].concat()));
    let section = &report["sections"][0];
    assert_eq!(section["summary"].as_array().unwrap().len(), 0, "sentences state counts");
    let rows = section["tables"][0]["rows"].as_array().unwrap();
    let of = |channel: &str| rows.iter().find(|row| row["channel"] == channel).unwrap();
    for column in ["contacts_before", "contacts", "change"] {
        assert!(of("chat")[column]["value"].is_null(), "{column} of three: {}", of("chat"));
        assert!(!of("sms")[column]["value"].is_null(), "{column} of many");
    }
    assert_eq!(report["deskstat"]["options"][0], "--suppress-under 5");
    // Rows go by their change, and where these stood would tell it.
    let names: Vec<&str> = rows.iter().map(|row| row["channel"].as_str().unwrap()).collect();
    let hidden = |row: &Value| row["contacts"]["value"].is_null();
    let first = rows.iter().position(hidden).unwrap();
    assert!(rows[first..].iter().all(hidden) && names[first..].is_sorted(), "{names:?}");
    // What is drawn goes all the way: the rest is one step.
    let page = desk.out(&[&why[..], &["-f", "html"]].concat());
    assert!(page.contains(">left out<"), "{page}");
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
