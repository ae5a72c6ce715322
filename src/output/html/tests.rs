//! The page is read back by an XML parser, which forgives nothing: what it says, and that nothing in it does anything.

use super::*;
use crate::output::{Color, sample};
use crate::report::{Cell, Column, Layout, Row, Unit, text};
use roxmltree::{Document as Xml, Node, ParsingOptions};

fn written(report: &Report) -> String {
    let mut bytes = Vec::new();
    write(report, &Style::file(Color::Never), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn parsed(page: &str) -> Xml<'_> {
    Xml::parse_with_options(page, ParsingOptions { allow_dtd: true, ..ParsingOptions::default() }).unwrap()
}

fn words(node: Node) -> String {
    let text: Vec<&str> = node.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect();
    text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn named<'a, 'i>(xml: &'a Xml<'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    xml.descendants().filter(move |node| node.has_tag_name(name))
}

/// The lines of all tables: names, then figures.
fn lines(xml: &Xml) -> Vec<Vec<String>> {
    named(xml, "tr").map(|tr| tr.children().filter(Node::is_element).map(words).collect()).collect()
}

/// A report of a table in a layout, for what is empty or ragged.
fn ragged(layout: Layout) -> Vec<Report> {
    let mut report = sample::with_name("x");
    report.sections[0].tables[0].layout = layout;
    let rows = [vec![], vec![Row::default()], vec![Row::default(); 3]];
    let mut reports: Vec<Report> = rows
        .map(|rows| {
            report.sections[0].tables[0].rows = rows;
            report.clone()
        })
        .into();
    report.sections[0].tables[0].columns.clear();
    reports.push(report);
    reports
}

#[test]
fn every_figure_is_read_back() {
    let report = sample::report();
    let zone = crate::output::words::zone(&report);
    let page = written(&report);
    let read = lines(&parsed(&page));
    for table in report.sections.iter().flat_map(|s| &s.tables).filter(|t| t.layout != Layout::Heat) {
        for row in table.rows.iter().chain(&table.total) {
            for (cell, column) in row.cells.iter().zip(&table.columns).filter(|(_, c)| c.unit != Unit::Text) {
                let said = text::value(&cell.value, column.unit, &zone).to_string();
                let name = if table.layout == Layout::Ledger { &column.label } else { row.cells[0].value.as_text() };
                let found =
                    |line: &&Vec<String>| line[0].starts_with(name) && line.iter().any(|c| c.starts_with(&said));
                assert!(read.iter().any(|line| found(&line)), "{}: {said}", column.id);
            }
        }
    }
    let kept = read.iter().find(|line| line[0] == "Jul 2026").unwrap();
    assert_eq!(kept.join(" "), "Jul 2026 151 100 59 42 32 26 ");
}

#[test]
fn page_one_says_how_figures_changed() {
    let page = written(&sample::report());
    let xml = parsed(&page);
    let cards: Vec<String> = named(&xml, "article").map(words).collect();
    assert_eq!(cards[0], "Contacts 412 ▲ up from 349 4 weeks 352 n 412 per 100 orders 17.3 ▲");
    let said = "Satisfied 88.4 % ~ down from 89.7 %, which could be chance (−10.0 to +10.0 points) 4 weeks 89.9 % target 90 % ✗ n 95";
    assert!(cards.iter().any(|card| card == said), "{cards:?}");
    let beside = named(&xml, "td").filter_map(|td| td.attribute("data-h")).collect::<Vec<_>>();
    assert!(beside.contains(&"before 1 h 34 min"), "with the unit on a phone: {beside:?}");
    assert_eq!(named(&xml, "h1").map(words).collect::<Vec<_>>(), ["Week 46"]);
    let weeks = lines(&xml).into_iter().find(|line| line[0] == "First reply in target" && line.len() == 9).unwrap();
    assert_eq!(weeks[1..], ["90.0 %", "91.0 %", "–", "88.0 %", "90.0 %", "93.0 %", "91.0 %", "86.1 %"]);
}

#[test]
fn where_the_numbers_come_from_and_what_they_mean_is_at_the_end() {
    let page = written(&sample::report());
    let text = words(parsed(&page).root_element());
    for said in [
        "First reply frt Written channels: from the customer's first message",
        "time zone Europe/London",
        "state as of 2026-11-15T23:41:00Z",
        "tickets.csv zendesk 9,312 abab",
        concat!("deskstat ", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains(&"cd".repeat(32)) && text.contains(&"ef".repeat(32)));
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    for report in [sample::report(), sample::table_answer(), Report::default()] {
        let page = written(&report);
        let xml = parsed(&page);
        let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
        assert!(named(&xml, "meta").any(|meta| meta.attribute("content") == Some(policy)));
        assert!(
            !page.contains("http:") && !page.contains("https:") && !page.contains("url(") && !page.contains("@import")
        );
        for node in xml.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            assert!(
                !["script", "link", "img", "iframe", "object", "form", "base", "image", "use"].contains(&name),
                "{name}"
            );
            for attribute in node.attributes() {
                let (name, value) = (attribute.name(), attribute.value());
                assert!(!name.starts_with("on") && name != "style" && name != "src", "{name}");
                assert!(name != "href" || value.starts_with('#'), "{value}");
            }
        }
    }
}

#[test]
fn hostile_texts_are_words_and_nothing_else() {
    let of = |report: &Report| {
        let page = written(report);
        let xml = parsed(&page);
        let names: Vec<String> =
            xml.descendants().filter(Node::is_element).map(|n| n.tag_name().name().to_owned()).collect();
        (names, words(xml.root_element()), page)
    };
    let mut texts = sample::hostile();
    texts.extend(
        ["<svg onload=alert(1)>", "</style></title><script>", "\" onmouseover=\"alert(1)", "]]>", "&lt;b&gt;"]
            .map(str::to_owned),
    );
    for text in texts {
        let (same, all, page) = of(&sample::hostile_everywhere(&text));
        // What stands before the first comma of a title is its first line.
        let harmless = if text.contains(", ") { "harm, less" } else { "harmless" };
        assert_eq!(same, of(&sample::hostile_everywhere(harmless)).0, "{text:?}");
        let shown: String = super::words::visible(&text).chars().take(500).collect();
        assert!(all.contains(&shown.split_whitespace().collect::<Vec<_>>().join(" ")), "{text:?}");
        assert!(page.chars().all(|c| c == '\n' || !c.is_control() && !crate::notice::is_invisible(c)), "{text:?}");
    }
}

#[test]
fn a_cell_of_a_megabyte_is_cut() {
    let page = written(&sample::with_name(&"x".repeat(1 << 20)));
    assert!(page.len() < 100_000, "{}", page.len());
}

#[test]
fn it_can_be_heard() {
    let reports = [sample::report(), sample::table_answer(), sample::with_name("x")];
    for report in reports.into_iter().chain(sample::LAYOUTS.into_iter().flat_map(ragged)) {
        let page = written(&report);
        let xml = parsed(&page);
        assert_eq!(xml.root_element().attribute("lang"), Some("en"));
        let mut level = 0;
        for heading in xml.descendants().filter(|n| matches!(n.tag_name().name(), "h1" | "h2" | "h3")) {
            let own: u8 = heading.tag_name().name()[1..].parse().unwrap();
            assert!(own <= level + 1, "{}", words(heading));
            level = own;
        }
        for svg in named(&xml, "svg").filter(|svg| svg.parent().is_none_or(|parent| !parent.has_tag_name("svg"))) {
            let title = svg.first_element_child().unwrap();
            assert!(svg.attribute("role") == Some("img") && title.has_tag_name("title") && !words(title).is_empty());
            // What it is of and what it shows, each by an id that no other has.
            let desc = title.next_sibling_element().unwrap();
            assert!(desc.has_tag_name("desc") && !words(desc).is_empty(), "{}", words(title));
            let ids: Vec<&str> = [title, desc].map(|part| part.attribute("id").unwrap()).into();
            assert_eq!(svg.attribute("aria-labelledby"), Some(ids.join(" ").as_str()));
        }
        let mut ids: Vec<&str> = xml.descendants().filter_map(|node| node.attribute("id")).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
        assert!(named(&xml, "th").all(|th| th.has_attribute("scope")));
        assert!(named(&xml, "table").all(|table| table.attribute("aria-label").is_some_and(|name| !name.is_empty())));
        assert!(named(&xml, "table").all(|table| named(&xml, "tr").any(|tr| tr.ancestors().any(|a| a == table))));
        assert!(named(&xml, "figure").all(|figure| figure.descendants().any(|n| n.has_tag_name("table"))));
    }
}

/// A table of each kind that is drawn, with what its drawing must have.
#[test]
fn each_layout_has_its_chart() {
    let columns = |units: &[Unit]| -> Vec<Column> {
        let figure =
            |(nth, unit): (usize, &Unit)| Column::figure(&format!("c{nth}"), "c", *unit, crate::report::Better::Down);
        [Column::name("group", "Group")].into_iter().chain(units.iter().enumerate().map(figure)).collect()
    };
    let row = |name: &str, figures: &[f64]| Row {
        cells: [Cell::text(name)].into_iter().chain(figures.iter().map(|&f| Cell::number(Some(f)))).collect(),
        series: Vec::new(),
    };
    let drawn = |layout: Layout, columns: Vec<Column>, rows: Vec<Row>, total: Option<Row>| {
        let mut report = sample::with_name("x");
        let periods = ["2026-W43", "2026-W44", "2026-W45", "2026-W46"].map(str::to_owned).into();
        report.sections[0].tables[0] = Table { layout, columns, rows, periods, total, ..Table::default() };
        written(&report)
    };
    let count = |page: &str, class: &str| page.matches(&format!("class=\"{class}\"")).count();

    let bars = drawn(Layout::Bars, columns(&[Unit::Seconds]), vec![row("a", &[60.0]), row("b", &[30.0])], None);
    assert_eq!(count(&bars, "bar"), 2);
    assert!(bars.contains(r#"<rect class="bar" x="0%" y="20" width="49.5%""#), "{bars}");

    let weeks = [row("2026-W43", &[0.4]), row("2026-W44", &[0.5]), row("2026-W46", &[0.7])];
    let lines = drawn(Layout::Lines, columns(&[Unit::Share]), weeks.into(), None);
    assert_eq!((count(&lines, "line"), count(&lines, "dot")), (1, 3), "a gap is no line");

    let weeks = ["2026-W43", "2026-W44", "2026-W45"].map(|week| row(week, &[0.4, 60.0]));
    let lines = drawn(Layout::Lines, columns(&[Unit::Share, Unit::Seconds]), weeks.into(), None);
    assert_eq!((count(&lines, "panel"), count(&lines, "dot")), (2, 6), "a panel a figure");

    let shares = columns(&[Unit::Count, Unit::Share, Unit::Share]);
    let steps =
        drawn(Layout::Steps, shares, vec![row("now", &[9.0, 0.5, 0.25]), row("before", &[9.0, 0.6, 0.5])], None);
    assert_eq!((count(&steps, "line"), count(&steps, "behind")), (4, 4));

    let mut columns = columns(&[Unit::Seconds, Unit::Seconds]);
    columns.extend(["by share", "by itself"].map(|label| Column::difference("d", label, Unit::Seconds, 100.0)));
    let whole = Some(row("", &[100.0, 140.0, 50.0, -10.0]));
    let waterfall = drawn(Layout::Waterfall, columns, vec![row("a", &[90.0, 80.0, 50.0, -10.0])], whole);
    assert_eq!((count(&waterfall, "step bad"), count(&waterfall, "step good")), (1, 1));
    let text = words(parsed(&waterfall).root_element());
    assert!(text.contains("before 1 min 40 s a, by share +50 s a, by itself −10 s now 2 min 20 s"), "{text}");
}

/// WCAG 2: 4.5 to 1 for words, 3 to 1 for what is drawn.
#[test]
fn words_and_drawings_stand_out_from_their_ground_in_both_schemes() {
    let schemes: Vec<&str> = STYLE.split(":root {").skip(1).map(|scheme| scheme.split('}').next().unwrap()).collect();
    assert_eq!(schemes.len(), 3, "light, dark, print");
    for scheme in schemes {
        let ink = |name: &str| scheme.split_once(&format!("--{name}: ")).unwrap().1.split(';').next().unwrap();
        let grounds =
            ["paper", "card"].iter().flat_map(|ground| ["ink", "quiet", "accent", "bad", "good"].map(|i| (i, *ground)));
        let low = ["g0", "g1", "g2", "g3", "g4"].map(|ground| ("on-low", ground));
        let high = ["g5", "g6", "g7"].map(|ground| ("on-high", ground));
        for (over, ground) in grounds.chain(low).chain(high).chain([("quiet", "faint")]) {
            let contrast = contrast(ink(over), ink(ground));
            assert!(contrast >= 4.5, "{over} on {ground}: {contrast:.2}");
        }
        for (over, ground) in
            ["paper", "card"].iter().flat_map(|ground| ["accent", "bad", "column"].map(|i| (i, *ground)))
        {
            let contrast = contrast(ink(over), ink(ground));
            assert!(contrast >= 3.0, "{over} on {ground}: {contrast:.2}");
        }
    }
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(color: &str) -> f64 {
    let digits = color.trim_start_matches('#');
    let part = |nth: usize| {
        let digits =
            if digits.len() == 3 { digits[nth..=nth].repeat(2) } else { digits[2 * nth..2 * nth + 2].to_owned() };
        let part = f64::from(u8::from_str_radix(&digits, 16).unwrap()) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2)
}
