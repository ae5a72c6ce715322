//! HTML and Markdown, read back: the same figures as JSON, of every command, and of nothing.

use crate::desk::{Desk, json, on_sample};
use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value;

const HEADER: &str = "interaction_id,channel,started_at,status,topic\n";

fn words(node: Node) -> String {
    let text: Vec<&str> = node.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect();
    text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of all tables of a page: the cells, those without a figure too. It must be well-formed, to the letter.
fn html_lines(page: &str) -> Vec<Vec<String>> {
    let xml = Document::parse_with_options(page, ParsingOptions { allow_dtd: true, ..ParsingOptions::default() });
    let xml = xml.unwrap_or_else(|error| panic!("{error}"));
    let rows = xml.descendants().filter(|node| node.has_tag_name("tr"));
    rows.map(|row| row.children().filter(Node::is_element).map(words).collect()).collect()
}

fn markdown_lines(page: &str) -> Vec<Vec<String>> {
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let cells = |line: &str| line.trim_matches(['|', ' ']).split(" | ").map(|c| c.trim().replace('\\', "")).collect();
    rows.map(cells).collect()
}

/// A count or a share in words, by itself; the units that need more rules are tested where they are made.
fn read(value: &Value, unit: &str) -> Option<String> {
    let value = value.as_f64()?;
    match unit {
        "count" if value < 1000.0 => Some(format!("{value}")),
        "share" => Some(format!("{:.1} %", (value * 1000.0 + 1e-9).round() / 10.0)),
        _ => None,
    }
}

/// Every count and share of a JSON report, with the name of its line.
fn figures(report: &Value) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let sections = report["sections"].as_array().unwrap().iter();
    for table in sections.flat_map(|section| section["tables"].as_array().unwrap()) {
        let columns = table["columns"].as_array().unwrap();
        let of_names = columns.iter().take_while(|column| column["unit"] == "text").count();
        // Matrices have whole per cents.
        let id = table["id"].as_str().unwrap();
        if id == "cohorts" || id.ends_with("_by_hour") || id.ends_with("_curves") || id.ends_with("_curve") {
            continue;
        }
        for row in table["rows"].as_array().unwrap() {
            for column in &columns[of_names..] {
                let (id, label) = (column["id"].as_str().unwrap(), column["label"].as_str().unwrap());
                let name = columns
                    .first()
                    .filter(|_| of_names > 0)
                    .map_or(label, |c| row[c["id"].as_str().unwrap()].as_str().unwrap_or("–"));
                let said = read(&row[id]["value"], column["unit"].as_str().unwrap());
                out.extend(said.map(|said| (name.to_owned(), said)));
            }
        }
    }
    out
}

#[test]
fn html_and_markdown_carry_the_same_figures_as_json() {
    let report = ["report", "sample-data", "--full", "-q", "-f"];
    let of = |format: &'static str| on_sample(&[&report[..], &[format]].concat());
    let figures = figures(&json(&of("json")));
    assert!(figures.len() > 500, "{}", figures.len());
    for (format, lines) in [("html", html_lines(&of("html"))), ("md", markdown_lines(&of("md")))] {
        for (name, said) in &figures {
            let named = |line: &&Vec<String>| line[0].trim_start_matches("↳ ").starts_with(name.as_str());
            let found = lines.iter().filter(named).any(|line| line.iter().any(|cell| cell.starts_with(said.as_str())));
            assert!(found, "{format}: {name} {said}");
        }
    }
}

#[test]
fn every_command_makes_a_page_that_fetches_and_runs_nothing() {
    for command in [
        &["report", "sample-data"][..],
        &["report", "sample-data", "--full"],
        &["report", "sample-data", "--period", "2026-10", "--compare", "none"],
        &[
            "table",
            "sample-data",
            "--by",
            "channel,week",
            "--metrics",
            "frt_p50,response_sla",
            "--period",
            "last-4-weeks",
        ],
        &["table", "sample-data", "--by", "customer", "--limit", "50"],
        &["table", "sample-data"],
        &["why", "frt_p50", "sample-data", "--by", "channel"],
        &["why", "contacts", "sample-data", "--by", "topic"],
        &["check", "sample-data"],
        &["list", "metrics"],
        &["list", "formats"],
        &["explain", "frt"],
    ] {
        let page = on_sample(&[command, &["-f", "html"]].concat());
        html_lines(&page);
        for forbidden in ["http:", "https:", "<script", "<img", "<link", "src=", "url("] {
            assert!(!page.contains(forbidden), "{command:?}: {forbidden}");
        }
        let text = on_sample(&[command, &["-f", "md"]].concat());
        assert!(!text.contains('<'), "{command:?}");
        assert!(!markdown_lines(&text).is_empty(), "{command:?}");
    }
}

#[test]
fn the_same_input_gives_the_same_page() {
    for format in ["html", "md"] {
        let once = on_sample(&["report", "sample-data", "--full", "-f", format]);
        assert_eq!(on_sample(&["report", "sample-data", "--full", "-f", format, "--threads", "1"]), once);
    }
}

#[test]
fn of_next_to_nothing_there_is_a_page_all_the_same() {
    let one = Desk::new().with("t.csv", format!("{HEADER}1,email,2026-03-02T09:00:00Z,open,\n"));
    for command in [&["report", "t.csv", "--full"][..], &["table", "t.csv", "--by", "week"], &["check", "t.csv"]] {
        let page = one.out(&[command, &["-f", "html"]].concat());
        assert!(html_lines(&page).iter().any(|line| line.iter().any(|cell| cell == "1")), "{page}");
        assert!(one.out(&[command, &["-f", "md"]].concat()).contains("| 1"));
    }
    let none = Desk::new().with("t.csv", format!("{HEADER}1,email,never,open,\n"));
    html_lines(&none.out(&["check", "t.csv", "-f", "html"]));
}

#[test]
fn what_an_export_holds_is_words_on_the_page() {
    let hostile = [
        "=1+1",
        "<script>alert(1)</script>",
        "<svg onload=alert(1)>",
        "\u{1b}[31mred",
        "a\u{202e}b",
        "🇬🇧",
        "two\nlines",
        "say \"no\"",
        "x'y",
        "[a](javascript:alert(1))",
    ];
    let row = |(nth, text): (usize, &&str)| {
        format!("{nth},email,2026-03-02T09:00:00Z,open,\"{}\"\n", text.replace('"', "\"\""))
    };
    let rows: String = hostile.iter().enumerate().map(row).collect();
    let desk = Desk::new()
        .with("t.csv", format!("{HEADER}{rows}{},email,2026-03-02T09:00:00Z,open,{}\n", 99, "y".repeat(1 << 20)));
    let table = ["table", "t.csv", "--by", "topic", "--period", "all", "-f"];
    let page = desk.out(&[&table[..], &["html"]].concat());
    let names: Vec<String> = html_lines(&page).into_iter().map(|line| line[0].clone()).collect();
    for text in [
        "=1+1",
        "<script>alert(1)</script>",
        "<svg onload=alert(1)>",
        "�[31mred",
        "a�b",
        "🇬🇧",
        "two⏎lines",
        "say \"no\"",
        "x'y",
    ] {
        assert!(names.iter().any(|name| name == text), "{text}: {names:?}");
    }
    assert!(!page.contains("<script") && !page.contains("<svg onload") && page.len() < 200_000);
    let text = desk.out(&[&table[..], &["md"]].concat());
    assert!(!text.contains("<script") && !text.contains("[a](") && !text.contains('\u{1b}') && text.len() < 20_000);
}

#[test]
fn a_line_whose_own_above_it_says_nothing_stands_for_itself() {
    // No targets are set, so no first reply is in or out of them: what belongs to that line is not that of the one above.
    let row =
        |n: u32| format!("{n},email,2026-03-0{}T09:00:00Z,2026-03-0{}T10:00:00Z,resolved\n", 2 + n % 5, 2 + n % 5);
    let rows: String = (0..20).map(row).collect();
    let desk = Desk::new().with("t.csv", format!("interaction_id,channel,started_at,first_response_at,status\n{rows}"));
    let report = json(&desk.out(&["report", "t.csv", "-q", "-f", "json"]));
    let columns = report["sections"][0]["tables"][0]["columns"].as_array().unwrap();
    let label = |id: &str| columns.iter().find(|column| column["id"] == id).map(|column| column["label"].clone());
    assert_eq!(label("response_sla"), None);
    assert_eq!(label("frt_p50"), Some("First reply, half within".into()));
    let text = desk.out(&["report", "t.csv", "-q"]);
    assert!(text.contains("\n  First reply, half within  ") && text.contains("\n    9 in 10 within  "), "{text}");
}
