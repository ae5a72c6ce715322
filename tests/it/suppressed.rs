//! `--suppress-under`: no output tells what a few of them did, not by what stands beside it either.

use crate::desk::{Desk, json, on_sample};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

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
            // As many as their sum are one each.
            let others = left_out.iter().skip(1).map(|_| 1.0).sum::<f64>();
            assert!(others > 0.0 && left_out.iter().sum::<f64>() >= under + others, "{told}");
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

/// The tables of a report on the sample data, all of it and with figures left out, row by row: each with its table.
fn rows_of_both(under: &str) -> Vec<(Value, Value, Value)> {
    let report = ["report", "sample-data", "--full", "-q", "-f", "json"];
    let tables = |args: &[&str]| -> Vec<Value> {
        let report = json(&on_sample(&[&report, args].concat()));
        let sections = report["sections"].as_array().unwrap();
        sections.iter().flat_map(|section| section["tables"].as_array().unwrap().clone()).collect()
    };
    let pairs = tables(&[]).into_iter().zip(tables(&["--suppress-under", under]));
    let both = |(all, some): (Value, Value)| {
        let names = |row: &Value, table: &Value| -> Vec<String> {
            let text =
                |column: &&Value| column["unit"] == "text" && column["id"] != "verdict" && column["id"] != "words";
            let columns = table["columns"].as_array().unwrap().iter().filter(text);
            columns.map(|column| row[column["id"].as_str().unwrap()].to_string()).collect()
        };
        let find = |wanted: &Value| {
            let same = |row: &&Value| names(row, &some) == names(wanted, &all);
            some["rows"].as_array().unwrap().iter().find(same).unwrap().clone()
        };
        all["rows"].as_array().unwrap().iter().map(|row| (all.clone(), row.clone(), find(row))).collect::<Vec<_>>()
    };
    pairs.flat_map(both).collect()
}

/// Whether a cell had a figure but zero and is without it now.
fn is_left_out(all: &Value, some: &Value) -> bool {
    all["value"].as_f64().is_some_and(|n| n != 0.0) && some["value"].is_null()
}

fn columns(table: &Value) -> Vec<(&str, bool)> {
    let columns = table["columns"].as_array().unwrap().iter().filter(|column| column["unit"] != "text");
    columns.map(|column| (column["id"].as_str().unwrap(), column["unit"] == "count")).collect()
}

#[test]
fn beside_a_count_that_is_left_out_nothing_stands_of_nobody_knows_how_many() {
    let mut found = BTreeMap::new();
    for (table, all, some) in rows_of_both("20") {
        let hidden = columns(&table).iter().any(|(id, is_count)| *is_count && is_left_out(&all[*id], &some[*id]));
        let id = table["id"].as_str().unwrap();
        for (column, is_count) in columns(&table) {
            let is_unknown = !is_count && all[column]["n"].is_null() && !column.contains("oldest");
            if hidden && is_unknown && all[column]["value"].is_number() {
                assert!(some[column]["value"].is_null(), "{id} {column}: {some}");
                *found.entry(id.to_owned()).or_insert(0) += 1;
            }
        }
        if hidden && id == "channels_per_journey" {
            assert!(some["share"]["value"].is_null(), "{some}");
        }
        assert!(!hidden || some.get("verdict").is_none_or(Value::is_null), "{some}");
    }
    assert!(found.len() > 2, "{found:?}");
}

#[test]
fn figures_without_a_number_of_their_own_are_judged_by_what_stands_behind_them() {
    let table = |metrics: &str| {
        let args = ["table", "sample-data", "-q", "-f", "json", "--by", "channel", "--suppress-under", "10"];
        json(&on_sample(&[&args[..], &["--metrics", metrics]].concat()))["rows"].as_array().unwrap().clone()
    };
    let missing = |metrics: &str, column: &str| -> Vec<String> {
        let mut rows = table(metrics);
        rows.retain(|row| row[column].is_null());
        let mut names: Vec<String> = rows.iter().map(|row| row["channel"].to_string()).collect();
        names.sort();
        names
    };
    let hidden = missing("backlog", "backlog");
    assert!(!hidden.is_empty() && hidden.len() < table("backlog").len(), "{hidden:?}");
    // Where nothing is open, nothing is the oldest.
    let none = |names: &[String]| hidden.iter().all(|name| names.contains(name));
    assert!(none(&missing("oldest_open,backlog", "oldest_open")));
    assert!(none(&missing("oldest_open", "oldest_open")) && none(&missing("backlog_oldest", "backlog_oldest")));

    let desk = few();
    let args = ["table", ".", "-q", "-f", "json", "--by", "channel", "--suppress-under", "10"];
    let shares = json(&desk.out(&[&args[..], &["--metrics", "contacts_share"]].concat()));
    let of = |channel: &str| crate::desk::cell(&shares, "channel", channel, "contacts_share").clone();
    assert!(of("chat").is_null() && of("phone").is_null() && of("sms").is_number(), "{shares}");
}

#[test]
fn curves_are_left_out_with_the_customers_that_they_are_of() {
    let rows = rows_of_both("100");
    let of = |id: &str| rows.iter().filter(|(table, ..)| table["id"] == id).collect::<Vec<_>>();
    let (mut hidden, mut shown) = (0, 0);
    for (curves, _, curve) in of("survival_curves") {
        let same = |(_, _, row): &&&(Value, Value, Value)| row["first_channel"] == curve["first_channel"];
        let customers = of("survival").iter().find(same).unwrap().2["customers"]["value"].clone();
        let points = columns(curves).into_iter().map(|(day, _)| &curve[day]);
        let told = points.filter(|cell| cell["value"].is_number() || cell["low"].is_number()).count();
        assert_eq!(customers.is_null(), told == 0, "{curve}");
        (hidden, shown) = (hidden + usize::from(told == 0), shown + usize::from(told > 0));
    }
    assert!(hidden > 0 && shown > 0, "{hidden} {shown}");
}

#[test]
fn what_came_and_went_tells_nothing_that_is_left_out() {
    let mut found = 0;
    for (table, all, some) in rows_of_both("20") {
        let parts: Vec<&str> = match table["id"].as_str().unwrap() {
            "flow" => columns(&table).iter().map(|(id, _)| *id).collect(),
            "backlog_by_age" => columns(&table).iter().map(|(id, _)| *id).filter(|id| *id != "backlog").collect(),
            _ => continue,
        };
        if parts.iter().any(|part| is_left_out(&all[*part], &some[*part])) {
            found += 1;
            assert!(parts.iter().all(|part| some[*part]["value"].is_null()), "{some}");
        }
    }
    assert!(found > 1, "{found}");
}

#[test]
fn the_parts_of_a_metric_are_left_out_together() {
    let table = |args: &[&str]| {
        let metrics = ["--metrics", "contacts,ttr_km_n,ttr_km_resolved,ttr_km_open"];
        let base = ["table", "sample-data", "-q", "-f", "json", "--by", "channel"];
        let mut rows = json(&on_sample(&[&base, &metrics[..], args].concat()))["rows"].as_array().unwrap().clone();
        rows.sort_by_key(|row| row["channel"].to_string());
        rows
    };
    let mut found = 0;
    for (all, some) in table(&[]).iter().zip(&table(&["--suppress-under", "10"])) {
        let open = all["ttr_km_open"].as_u64().unwrap();
        if open > 0 && open < 10 {
            assert!(some["ttr_km_open"].is_null() && some["ttr_km_resolved"].is_null(), "{some}");
            found += usize::from(some["ttr_km_n"].is_number());
        }
    }
    assert!(found > 0);
}

#[test]
fn no_average_tells_a_week_that_is_left_out() {
    let mut found = 0;
    for (table, all, some) in rows_of_both("20") {
        for (id, is_count) in columns(&table) {
            let weeks = all[id]["series"].as_object().into_iter().flatten();
            let few = weeks.filter_map(|(_, n)| n.as_f64()).any(|n| n > 0.0 && n < 20.0);
            // What is drawn of a row's first figure has no average.
            if is_count && few && all[id]["average"].is_number() {
                found += 1;
                let told = ["average", "usual_low", "usual_high", "series"].map(|told| &some[id][told]);
                assert!(told.iter().all(|told| told.is_null()), "{id}: {}", some[id]);
            }
        }
    }
    assert!(found > 0);
}

#[test]
fn notes_state_nothing_of_the_cells() {
    let report = |args: &[&str]| {
        let report = json(&on_sample(&[&["report", "sample-data", "--full", "-q", "-f", "json"], args].concat()));
        report["sections"].as_array().unwrap().clone()
    };
    let notes = |sections: &[Value]| -> Vec<String> {
        let all = sections.iter().flat_map(|section| section["notes"].as_array().unwrap());
        all.map(|note| note.as_str().unwrap().to_owned()).collect()
    };
    let all = report(&[]);
    let tables = all.iter().flat_map(|section| section["tables"].as_array().unwrap());
    let cells = tables.flat_map(|table| table["rows"].as_array().unwrap()).flat_map(|row| row.as_object().unwrap());
    let told: Vec<&str> = cells.filter_map(|(_, cell)| cell["note"].as_str()).collect();
    let states = |note: &String| told.iter().any(|told| note.contains(told));
    let (before, after) = (notes(&all), notes(&report(&["--suppress-under", "20"])));
    assert!(before.iter().filter(|note| states(note)).count() > 3, "{before:?}");
    assert_eq!(after.iter().find(|note| states(note)), None);
    assert!(!after.iter().any(|note| note.starts_with("To look at") || note.starts_with("Left out: ")), "{after:?}");
    // What a section says of its tables at all times stays.
    assert!(after.contains(&"Hours and weekdays are local, by the start of the contact.".to_owned()), "{after:?}");
    assert!(before.len() > after.len() && after.len() > 5, "{after:?}");
}

#[test]
fn what_fails_a_run_is_named_without_a_value_of_few() {
    let desk = few();
    let chats = [".", "-q", "--period", "2026-W11", "--where", "channel=chat", "--fail-if", "contacts>1"];
    for command in ["report", "table"] {
        let run = |args: &[&str]| desk.run(&[&[command], &chats[..], args].concat());
        let (all, some, enough) = (run(&[]), run(&["--suppress-under", "5"]), run(&["--suppress-under", "3"]));
        assert_eq!((all.code, some.code, enough.code), (4, 4, 4), "{}", some.err);
        assert!(all.err.contains("failed: contacts>1: 3 in 2026-W11"), "{}", all.err);
        assert_eq!(some.err, "failed: contacts>1: in 2026-W11, left out by --suppress-under 5\n");
        assert_eq!(enough.err, all.err);
    }
}

#[test]
fn what_is_left_out_is_explained_in_one_line_a_table() {
    let text = on_sample(&["report", "sample-data", "--full", "-q", "--suppress-under", "20"]);
    for part in text.split("\n\n") {
        assert!(part.matches("– left out:").count() < 2, "{part}");
    }
    assert!(text.contains("– left out: of fewer than 20, or beside one that is"), "{text}");
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
