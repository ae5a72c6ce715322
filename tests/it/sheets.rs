//! Workbooks: the same figures as in JSON, typed; rows as in CSV; and LibreOffice opens them.

use crate::books::{Book, Held, Sheet};
use crate::desk::{Desk, json, root, run_in};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const DAY: f64 = 86_400.0;

/// Written from the sample data to a folder of its own.
fn written(args: &[&str], file: &str) -> Desk {
    let desk = Desk::new();
    let path = desk.path(file);
    let said = run_in(root(), &[args, &["-q", "-o", path.to_str().unwrap()]].concat(), "");
    assert_eq!(said.code, 0, "{}", said.err);
    desk
}

/// Figures of a report by section, table, names and metric, as JSON has them: value and n.
fn of_json(report: &Value) -> BTreeMap<Vec<String>, (Value, Option<f64>, String)> {
    let mut figures = BTreeMap::new();
    let of = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    for section in report["sections"].as_array().unwrap() {
        for table in section["tables"].as_array().unwrap() {
            let columns = table["columns"].as_array().unwrap();
            let rows = table["rows"].as_array().unwrap().iter().chain(table.get("total"));
            for row in rows {
                let names = columns.iter().filter_map(|column| row[&of(column, "id")].as_str().map(str::to_owned));
                let names: Vec<String> = names.collect();
                for column in columns.iter().filter(|column| row[&of(column, "id")].is_object()) {
                    let cell = &row[&of(column, "id")];
                    let mut key = vec![of(section, "id"), of(table, "id"), of(column, "id")];
                    key.extend(names.iter().cloned());
                    figures.insert(key, (cell["value"].clone(), cell["n"].as_f64(), of(column, "unit")));
                }
            }
        }
    }
    figures
}

/// The same, of the sheet of figures.
fn of_sheet(sheet: &Sheet) -> BTreeMap<Vec<String>, (Option<Held>, Option<f64>)> {
    let [section, table, metric, value, n] =
        ["section", "table", "metric", "value", "n"].map(|head| sheet.column(head));
    let names = sheet.column("period") + 1..metric;
    let figure = |row: usize| {
        let mut key = [section, table, metric].map(|column| sheet.text(row, column).to_owned()).to_vec();
        key.extend(names.clone().map(|column| sheet.text(row, column).to_owned()).filter(|name| !name.is_empty()));
        (key, (sheet.0.get(&(row, value)).cloned(), sheet.number(row, n)))
    };
    (1..sheet.rows()).map(figure).collect()
}

#[test]
fn a_workbook_carries_the_figures_of_json() {
    let desk = written(&["report", "sample-data", "--full"], "full.xlsx");
    let report = json(&run_in(root(), &["report", "sample-data", "--full", "-q", "-f", "json"], "").out);
    let book = Book::read(&desk.path("full.xlsx"));
    let (expected, found) = (of_json(&report), of_sheet(book.sheet("Figures")));
    assert!(expected.len() > 900, "{}", expected.len());
    assert_eq!(expected.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    for (key, (value, n, unit)) in &expected {
        let (held, held_n) = &found[key];
        assert_eq!(n, held_n, "{key:?}");
        match (value, held) {
            (Value::Null, None) => {}
            (Value::String(text), Some(Held::Text(held))) => assert_eq!(text, held, "{key:?}"),
            (Value::Number(number), Some(Held::Number(held))) => {
                let scale = if unit == "seconds" { DAY } else { 1.0 };
                assert!((number.as_f64().unwrap() - held * scale).abs() < 1e-6, "{key:?}: {number} {held}");
            }
            other => panic!("{key:?}: {other:?}"),
        }
    }
    let names: Vec<&str> = book.sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.starts_with(&["Summary", "Response times", "Resolution", "Retention"]), "{names:?}");
    assert!(names.ends_with(&["Figures", "Definitions", "Provenance"]), "{names:?}");
    assert!(book.parts.keys().any(|part| part.starts_with("xl/charts/")));
}

#[test]
fn a_section_s_sheet_shows_the_figures_typed_and_what_was_before() {
    let desk = written(&["report", "sample-data"], "week.xlsx");
    let book = Book::read(&desk.path("week.xlsx"));
    let sheet = book.sheet("Summary");
    let line = |name: &str| {
        let found = sheet.0.iter().find(|((_, column), held)| *column == 1 && **held == Held::Text(name.into()));
        found.unwrap_or_else(|| panic!("no line {name}")).0.0
    };
    // Page one of the README: 451 contacts after 328; half within 2 h 51 min after 2 h 13 min 30 s.
    assert_eq!([2, 3].map(|column| sheet.number(line("Contacts"), column)), [Some(451.0), Some(328.0)]);
    let half = line("half within");
    assert!((sheet.number(half, 2).unwrap() * DAY - 10_260.0).abs() < 1e-6);
    assert!((sheet.number(half, 3).unwrap() * DAY - 8_010.0).abs() < 1e-6);
    let styles = &book.parts["xl/styles.xml"];
    for format in ["[h]:mm:ss", "0.0 %", "#,##0"] {
        assert!(styles.contains(format), "no cell is formatted as {format}");
    }
    let provenance = book.sheet("Provenance");
    let value = |name: &str| {
        let found = provenance.0.iter().find(|((_, column), held)| *column == 1 && **held == Held::Text(name.into()));
        provenance.text(found.unwrap().0.0, 2).to_owned()
    };
    assert_eq!((value("period"), value("time zone")), ("2026-W46".into(), "Europe/London".into()));
    assert_eq!(value("SHA-256 of the definitions").len(), 64);
    assert_eq!(value("zendesk-tickets-to-november.csv"), "zendesk-tickets");
    let warns = |held: &Held| matches!(held, Held::Text(text) if text.starts_with("warning: "));
    assert!(provenance.0.values().any(warns), "notices go with it");
    let definitions = book.sheet("Definitions");
    assert!((1..definitions.rows()).any(|row| definitions.text(row, 0) == "frt"), "frt is defined");
}

#[test]
fn the_answer_of_table_is_a_list_that_filters() {
    let args = ["table", "sample-data", "--by", "channel,week", "--metrics", "contacts,frt,csat"];
    let desk = written(&args, "table.xlsx");
    let book = Book::read(&desk.path("table.xlsx"));
    let sheet = book.sheet("Table");
    let table = json(&run_in(root(), &[&args[..], &["-q", "-f", "json"]].concat(), "").out);
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(sheet.rows(), rows.len() + 1);
    for (nth, row) in rows.iter().enumerate() {
        for (name, value) in row.as_object().unwrap() {
            let at = (nth + 1, sheet.column(name));
            let scale = if ["frt_p50", "frt_p90", "frt_mean"].contains(&name.as_str()) { DAY } else { 1.0 };
            match (value, sheet.0.get(&at)) {
                (Value::Null, None) => {}
                (Value::String(text), Some(Held::Text(held))) => assert_eq!(text, held),
                (Value::Number(number), Some(Held::Number(held))) => {
                    assert!((number.as_f64().unwrap() - held * scale).abs() < 1e-6, "{name}: {number} {held}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
    let part = &book.parts["xl/worksheets/sheet1.xml"];
    assert!(part.contains("<autoFilter") && part.contains("state=\"frozen\""));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for (args, file) in [
        (&["report", "sample-data"][..], "a.xlsx"),
        (&["interactions", "sample-data", "--where", "channel=chat"], "a.xlsx"),
        (&["interactions", "sample-data", "--where", "channel=chat"], "a.parquet"),
    ] {
        let bytes = || std::fs::read(written(args, file).path(file)).unwrap();
        let first = bytes();
        // Times in archives go by two seconds.
        std::thread::sleep(std::time::Duration::from_millis(2_100));
        assert!(first == bytes(), "{args:?} as {file}");
    }
}

/// LibreOffice, if it is here.
fn soffice(folder: &Path, args: &[&str]) -> bool {
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let mut command = Command::new("soffice");
    command.arg(profile).args(["--headless", "--convert-to"]).args(args).current_dir(folder);
    match command.output() {
        Ok(said) => said.status.success(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn libreoffice_opens_a_workbook_and_shows_the_same_figures() {
    let desk = written(&["report", "sample-data", "--full"], "full.xlsx");
    let every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
    if !soffice(desk.folder.path(), &[every_sheet, "full.xlsx"]) {
        println!("skipped: there is no soffice here");
        return;
    }
    let report = json(&run_in(root(), &["report", "sample-data", "--full", "-q", "-f", "json"], "").out);
    let expected = of_json(&report);
    let mut reader = csv::Reader::from_path(desk.path("full-Figures.csv")).unwrap();
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (mut shown, mut rows) = (0, 0);
    for record in reader.records().map(Result::unwrap) {
        rows += 1;
        let mut key = ["section", "table", "metric"].map(|name| record[at(name)].to_owned()).to_vec();
        let names = at("period") + 1..at("metric");
        key.extend(names.map(|column| record[column].to_owned()).filter(|name| !name.is_empty()));
        let (value, _, unit) = &expected[&key];
        let digits = record[at("value")].replace([',', '%', ' '], "");
        if let (Some(value), "count" | "share") = (value.as_f64(), unit.as_str()) {
            let scale = if unit == "share" { 100.0 } else { 1.0 };
            assert!((value * scale - digits.parse::<f64>().unwrap()).abs() < 0.051, "{key:?}: {value} {digits}");
            shown += 1;
        }
    }
    assert!(rows == expected.len() && shown > 500, "{rows} rows, {shown} counts and shares");
    assert!(desk.path("full-Response times.csv").exists() && desk.path("full-Provenance.csv").exists());
}

/// A chart of a workbook: its series, and what of the sheets they are drawn from.
struct Drawn {
    xml: String,
    /// Names or figures that each refers to, by the kind of reference: `cat`, `val`.
    series: Vec<BTreeMap<&'static str, Vec<Option<Held>>>>,
}

/// The chart of this number, its references looked up in the sheets.
fn drawn(book: &Book, nth: usize) -> Drawn {
    let xml = book.parts[&format!("xl/charts/chart{nth}.xml")].clone();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let named = |node: roxmltree::Node, name: &str| node.tag_name().name() == name;
    let of_series = |series: roxmltree::Node| {
        let referred = |kind: &'static str| {
            let node = series.children().find(|node| named(*node, kind)).unwrap();
            let place = node.descendants().find(|node| named(*node, "f")).unwrap().text().unwrap().to_owned();
            (kind, cells(book, &place))
        };
        ["cat", "val"].map(referred).into()
    };
    let series = document.descendants().filter(|node| named(*node, "ser")).map(of_series).collect();
    Drawn { series, xml }
}

/// What stands in `'Week by week'!$C$4:$O$4`.
fn cells(book: &Book, place: &str) -> Vec<Option<Held>> {
    let (sheet, range) = place.rsplit_once('!').unwrap();
    let ends: Vec<(usize, usize)> = range.replace('$', "").split(':').map(crate::books::place).collect();
    let sheet = book.sheet(sheet.trim_matches('\''));
    let rows = ends[0].0..=ends[1].0;
    rows.flat_map(|row| (ends[0].1..=ends[1].1).map(move |column| sheet.0.get(&(row, column)).cloned())).collect()
}

fn numbers(held: &[Option<Held>]) -> Vec<Option<f64>> {
    held.iter().map(|held| if let Some(Held::Number(number)) = held { Some(*number) } else { None }).collect()
}

#[test]
fn a_change_taken_apart_is_drawn_from_before_to_now() {
    let why = ["why", "frt_p50", "sample-data", "--by", "channel"];
    let desk = written(&why, "why.xlsx");
    let book = Book::read(&desk.path("why.xlsx"));
    let chart = drawn(&book, 1);
    assert!(chart.xml.contains("<c:grouping val=\"stacked\"/>") && chart.xml.contains("<c:overlap val=\"100\"/>"));
    assert!(chart.xml.contains("<a:noFill/>"), "the lower of the stack is not seen");
    assert!(chart.xml.contains("<c:min val=\"0\"/>"), "bars begin at nothing");
    let [from, length] = [0, 1].map(|nth| numbers(&chart.series[nth]["val"]));
    let names: Vec<Held> = chart.series[0]["cat"].iter().flatten().cloned().collect();
    assert_eq!((&names[0], &names[1]), (&Held::Text("before".into()), &Held::Text("email, by share".into())));
    assert_eq!(names.last(), Some(&Held::Text("now".into())));
    // From 2 h 13 min 30 s to 2 h 51 min, as the README's page has it; each bar touches the one before it.
    let ends: Vec<[f64; 2]> =
        from.iter().zip(&length).map(|(from, length)| [from.unwrap(), from.unwrap() + length.unwrap()]).collect();
    let close = |one: f64, other: f64| (one - other).abs() * DAY < 1e-3;
    assert!(close(ends[0][1], 8_010.0 / DAY) && close(ends[ends.len() - 1][1], 10_260.0 / DAY), "{ends:?}");
    for pair in ends.windows(2) {
        assert!(pair[0].iter().any(|one| pair[1].iter().any(|other| close(*one, *other))), "{pair:?}");
    }
}

#[test]
fn weeks_are_lines_with_their_target() {
    let desk = written(&["report", "sample-data", "--only", "summary"], "week.xlsx");
    let book = Book::read(&desk.path("week.xlsx"));
    let charts = book.parts.keys().filter(|part| part.starts_with("xl/charts/chart")).count();
    let of_target =
        (1..=charts).map(|nth| drawn(&book, nth)).find(|chart| chart.xml.contains("<a:prstDash val=\"dash\"/>"));
    let of_target = of_target.expect("a dashed line");
    assert!(of_target.xml.contains("<c:lineChart>") && of_target.xml.contains("<c:dispBlanksAs val=\"gap\"/>"));
    // The goal in the settings is 80 %.
    assert!(numbers(&of_target.series[1]["val"]).iter().all(|goal| *goal == Some(0.8)));
    let shares: Vec<f64> = numbers(&of_target.series[0]["val"]).into_iter().flatten().collect();
    let weekly = ["table", "sample-data", "--by", "week", "--metrics", "response_sla", "-q", "-f", "json"];
    let weekly = json(&run_in(root(), &[&weekly[..], &["--period", "2026-10-19..2026-11-15"]].concat(), "").out);
    let expected: Vec<f64> =
        weekly["rows"].as_array().unwrap().iter().map(|row| row["response_sla"].as_f64().unwrap()).collect();
    let last = &shares[shares.len() - 4..];
    assert!(
        expected.len() == 4 && last.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-6),
        "{last:?} {expected:?}"
    );
}

#[test]
fn a_channel_has_one_colour_in_the_whole_workbook() {
    let desk = written(&["report", "sample-data", "--full"], "full.xlsx");
    let book = Book::read(&desk.path("full.xlsx"));
    let mut colors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for xml in book.parts.iter().filter(|(part, _)| part.starts_with("xl/charts/chart")).map(|(_, xml)| xml) {
        let chart = roxmltree::Document::parse(xml).unwrap();
        let lines = chart.descendants().filter(|node| node.tag_name().name() == "lineChart");
        for series in lines.flat_map(|line| line.children()).filter(|node| node.tag_name().name() == "ser") {
            let first = |name: &str| series.descendants().find(|node| node.tag_name().name() == name).unwrap();
            let place = first("f").text().unwrap();
            let Some(Held::Text(name)) =
                cells(&book, &format!("{place}:{}", place.rsplit_once('!').unwrap().1)).remove(0)
            else {
                panic!("{place} names no line")
            };
            colors.entry(name).or_default().push(first("srgbClr").attribute("val").unwrap().to_owned());
        }
    }
    let channels = ["chat", "email", "in_person", "messaging", "phone", "sms", "web_form"];
    let one: Vec<&String> = channels.iter().map(|channel| &colors[*channel][0]).collect();
    assert!(channels.iter().all(|channel| colors[*channel].len() >= 2), "on two sheets: {colors:?}");
    assert!(
        channels.iter().zip(&one).all(|(channel, color)| colors[*channel].iter().all(|own| own == *color)),
        "{colors:?}"
    );
    assert_eq!(one.iter().collect::<std::collections::BTreeSet<_>>().len(), channels.len(), "{one:?}");
}

#[test]
fn a_week_without_a_figure_is_a_gap() {
    let rows = "1,email,2026-03-02T09:00:00Z,5\n2,email,2026-03-16T09:00:00Z,4\n3,chat,2026-03-09T09:00:00Z,3\n";
    let desk = Desk::new().with("t.csv", format!("interaction_id,channel,started_at,csat\n{rows}"));
    desk.out(&[
        "table",
        "t.csv",
        "--by",
        "channel,week",
        "--period",
        "all",
        "--metrics",
        "contacts",
        "-q",
        "-o",
        "t.xlsx",
    ]);
    let book = Book::read(&desk.path("t.xlsx"));
    let chart = drawn(&book, 1);
    let names = |held: &[Option<Held>]| -> Vec<String> {
        held.iter().map(|held| if let Some(Held::Text(text)) = held { text.clone() } else { String::new() }).collect()
    };
    assert_eq!(names(&chart.series[0]["cat"]), ["week 10", "week 11", "week 12"]);
    let values: Vec<_> = chart.series.iter().map(|series| numbers(&series["val"])).collect();
    assert_eq!(values, [[None, Some(1.0), None], [Some(1.0), None, Some(1.0)]]);
    assert!(chart.xml.contains("<c:dispBlanksAs val=\"gap\"/>"));
}

#[test]
fn libreoffice_keeps_the_charts() {
    let why = written(&["why", "frt_p50", "sample-data"], "drawn.xlsx");
    let table =
        ["table", "sample-data", "--by", "channel,week", "--metrics", "response_sla", "--period", "last-12-weeks"];
    for (desk, kind, series) in [(why, "<c:barChart>", 2), (written(&table, "drawn.xlsx"), "<c:lineChart>", 5)] {
        let before = drawn(&Book::read(&desk.path("drawn.xlsx")), 1);
        if !soffice(desk.folder.path(), &["xlsx:Calc MS Excel 2007 XML", "--outdir", "again", "drawn.xlsx"]) {
            println!("skipped: there is no soffice here");
            return;
        }
        let after = drawn(&Book::read(&desk.path("again/drawn.xlsx")), 1);
        assert!(after.xml.contains(kind), "{kind}");
        assert_eq!((before.series.len(), after.series.len()), (series, series));
        for (one, other) in before.series.iter().zip(&after.series) {
            let [one, other] = [one, other].map(|series| numbers(&series["val"]));
            let same = |(a, b): (&Option<f64>, &Option<f64>)| match (a, b) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-9,
                (None, None) => true,
                _ => false,
            };
            assert!(one.len() == other.len() && one.iter().zip(&other).all(same), "{one:?} {other:?}");
        }
    }
}
