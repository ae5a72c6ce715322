//! A made-up week of a made-up company, for the tests of all formats. Its figures mean nothing.

use crate::notice::Notice;
use crate::report::{
    Better, Cell, Column, InputUsed, Layout, Point, Provenance, Report, Row, Section, Table, Unit, Value,
};

use Better::{Down, Neither, Up};

/// All of them.
pub const LAYOUTS: [Layout; 8] = [
    Layout::Grid,
    Layout::Bars,
    Layout::Lines,
    Layout::Waterfall,
    Layout::Ledger,
    Layout::Strip,
    Layout::Heat,
    Layout::Steps,
];

/// A whole Monday report: one table of each layout.
pub fn report() -> Report {
    Report {
        title: "Week 46, 9-15 Nov 2026, Europe/London".into(),
        subtitle: "data to Sun 15 Nov 23:41".into(),
        provenance: provenance(),
        sections: vec![page(), teams(), cohorts()],
        notices: vec![
            Notice::warning("41 of 9,312 rows were left out (0.4 %)").hint("--rejects bad.csv writes them all"),
            Notice::note("`calls.csv` ends on Sat 14 Nov, a day before the others"),
        ],
    }
}

/// The answer of `table --by team,topic`.
pub fn table_answer() -> Report {
    let columns = vec![
        Column::name("team", "Team"),
        Column::name("topic", "Topic"),
        Column::figure("contacts", "contacts", Unit::Count, Neither),
        Column::figure("response_sla", "in target", Unit::Share, Up),
        Column::figure("frt_p50", "half within", Unit::Seconds, Down),
        Column::figure("oldest_open", "oldest open", Unit::Instant, Neither),
    ];
    let rows = vec![
        named(&["Returns", "refund"], vec![whole(96), plain(17.0 / 24.0), plain(15_600.0), plain(1_791_531_000_000.0)]),
        named(&["Billing", "invoice"], vec![whole(88), plain(0.92), plain(5400.0), Cell::default()]),
        named(&["Billing", ""], vec![whole(140), plain(0.95), plain(48.0), Cell::default()]),
        named(&["Front desk", "other"], vec![whole(88), plain(0.9), plain(130.0), Cell::default()]),
    ];
    let total = named(&["", ""], vec![whole(412), plain(0.861_111), plain(7800.0), plain(1_791_531_000_000.0)]);
    let table = Table { id: "table".into(), columns, rows, total: Some(total), ..Table::default() };
    answer("table", table)
}

/// One row of this name, in a section that is written in long form.
pub fn with_name(name: &str) -> Report {
    let columns = vec![
        Column::name("team", "Team"),
        Column::figure("contacts", "Contacts", Unit::Count, Neither),
        Column::figure("note", "Note", Unit::Text, Neither),
    ];
    let rows = vec![named(&[name], vec![whole(7), Cell::text(name)])];
    answer("teams", Table { id: "teams".into(), columns, rows, ..Table::default() })
}

/// Texts that an export may hold and a reader must survive.
pub fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "=HYPERLINK(\"http://example.org\";\"win\")",
        "<script>alert(1)</script>",
        "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}",
        "invoice\u{202e}fdp.exe",
        "nul\0byte",
        "two\nlines\r\nand a tab\t",
        "👩‍👩‍👧 🇬🇧 ❤\u{fe0f}",
        "she said \"no\", twice",
        "カスタマーサポート東京本社 返品チーム",
    ]
    .map(str::to_owned)
    .into();
    texts.push("long ".repeat(2000).trim_end().to_owned());
    texts.push("x".repeat(10_000));
    texts
}

/// Every text of the report as something hostile.
pub fn hostile_everywhere(text: &str) -> Report {
    let mut report = report();
    (report.title, report.subtitle) = (text.into(), text.into());
    report.notices.push(Notice::note(text).hint(text));
    for section in &mut report.sections {
        section.title = text.into();
        section.summary.push(text.into());
        section.notes.push(text.into());
        for table in &mut section.tables {
            table.title = text.into();
            for column in &mut table.columns {
                column.label = text.into();
            }
            for row in &mut table.rows {
                row.cells[0] = Cell { note: Some(text.into()), ..Cell::text(text) };
            }
        }
    }
    report
}

fn answer(id: &str, table: Table) -> Report {
    let section = Section { id: id.into(), tables: vec![table], ..Section::default() };
    Report { provenance: provenance(), sections: vec![section], ..Report::default() }
}

fn provenance() -> Provenance {
    let input = InputUsed {
        file: "tickets.csv".into(),
        profile: "zendesk".into(),
        profile_sha256: None,
        rows: 9312,
        sha256: "ab".repeat(32),
    };
    Provenance {
        period: "2026-W46".into(),
        as_of: "2026-11-15T23:41:00Z".into(),
        zone: "Europe/London".into(),
        definitions: "cd".repeat(32),
        settings: "ef".repeat(32),
        settings_file: "deskstat.toml".into(),
        compared: "2026-W45".into(),
        options: vec!["--where channel=email".into()],
        inputs: vec![input],
    }
}

fn whole(n: u64) -> Cell {
    Cell::count(n)
}

fn plain(value: f64) -> Cell {
    Cell::number(Some(value))
}

/// A figure with what it was before and over four weeks, and its n.
fn figure(value: f64, previous: f64, average: f64, n: u64) -> Cell {
    Cell { previous: Some(previous), average: Some(average), n: Some(n), ..plain(value) }
}

fn goal(goal: f64, cell: Cell) -> Cell {
    Cell { goal: Some(goal), ..cell }
}

fn chance(cell: Cell) -> Cell {
    Cell { chance: true, change_low: Some(-0.1), change_high: Some(0.1), ..cell }
}

fn between(low: f64, high: f64, cell: Cell) -> Cell {
    Cell { low: Some(low), high: Some(high), ..cell }
}

/// A row of names, of which an empty one is missing, and figures.
fn named(names: &[&str], figures: Vec<Cell>) -> Row {
    let name = |name: &&str| if name.is_empty() { Cell::default() } else { Cell::text(*name) };
    Row { cells: names.iter().map(name).chain(figures).collect(), series: Vec::new() }
}

/// Figures of the weeks up to the report's; a negative one is missing.
fn weekly(values: &[f64]) -> Vec<Point> {
    let first = 47 - values.len();
    let point = |(nth, &value): (usize, &f64)| Point {
        period: format!("2026-W{}", first + nth),
        value: (value >= 0.0).then_some(value),
    };
    values.iter().enumerate().map(point).collect()
}

fn page() -> Section {
    let sentences = [
        "Contacts rose from 349 to 412; e-mail alone brought 58 of the 63 more.",
        "Half of first replies now take 2 h 10 min, up from 1 h 34 min, although every channel got faster: more e-mail \
         accounts for +49 min, quicker work for −13 min.",
        "Abandoned calls fell from 9.1 to 6.7 %, which could be chance.",
    ];
    Section {
        id: "page".into(),
        summary: sentences.map(str::to_owned).into(),
        tables: vec![ledger(), channels()],
        notes: vec![
            "To look at: 3 e-mails open over 30 days (list with --where status=open); Returns team 71 % in target; 22 \
             calls from unknown numbers."
                .into(),
            "Left out: 41 of 9,312 rows (0.4 %), see deskstat check.".into(),
        ],
        ..Section::default()
    }
}

fn ledger() -> Table {
    let contacts = Cell { value: Value::Count(412), ..figure(412.0, 349.0, 352.0, 412) };
    let none = Cell { note: Some("no export has survey dates".into()), ..Cell::default() };
    let sla = between(0.816, 0.896, goal(0.9, figure(0.861_111, 0.91, 0.904, 288)));
    let sla = Cell { series: weekly(&[0.9, 0.91, -1.0, 0.88, 0.9, 0.93, 0.91, 0.861_111]), ..sla };
    let fcr = chance(Cell { previous: Some(0.77), n: Some(325), ..plain(0.783_076_923) });
    let metrics: Vec<(&str, &str, Unit, Better, Cell)> = vec![
        ("contacts", "Contacts", Unit::Count, Neither, contacts),
        ("contacts_per_100_orders", "+per 100 orders", Unit::Number, Neither, figure(17.31, 14.94, 15.02, 412)),
        ("backlog", "Open on Sunday", Unit::Count, Down, figure(121.0, 86.0, 88.0, 121)),
        ("oldest_open", "+oldest", Unit::Seconds, Down, plain(37.0 * 86_400.0 + 16.0 * 3600.0)),
        ("response_sla", "First reply in target", Unit::Share, Up, sla),
        ("frt_p50", "+half within", Unit::Seconds, Down, figure(7800.0, 5640.0, 5760.0, 288)),
        ("frt_p90", "+9 in 10 within", Unit::Seconds, Down, figure(42_720.0, 33_600.0, 34_260.0, 288)),
        (
            "service_level",
            "Calls answered in 20 s",
            Unit::Share,
            Up,
            goal(0.8, chance(figure(0.813, 0.809, 0.802, 104))),
        ),
        ("abandonment", "+abandoned", Unit::Share, Down, goal(0.05, chance(figure(0.0673, 0.091, 0.077, 104)))),
        ("wait_p50", "+half wait", Unit::Seconds, Down, figure(14.0, 16.2, 15.0, 97)),
        ("fcr", "Solved at first contact", Unit::Share, Up, fcr),
        (
            "csat",
            "Satisfied",
            Unit::Share,
            Up,
            between(0.804, 0.934, goal(0.9, chance(figure(0.884, 0.897, 0.899, 95)))),
        ),
        ("nps", "Would recommend", Unit::Points, Up, between(21.4, 45.2, chance(figure(33.3, 30.0, 31.9, 61)))),
        ("survey_rate", "+answered a survey", Unit::Share, Neither, none),
    ];
    let mut table = Table { id: "figures".into(), layout: Layout::Ledger, ..Table::default() };
    let mut row = Row::default();
    for (id, label, unit, better, cell) in metrics {
        let mut column = Column::figure(id, label.trim_start_matches('+'), unit, better);
        column.indent = label.starts_with('+');
        column.period = (id == "fcr").then(|| "2026-W45".into());
        table.columns.push(column);
        row.cells.push(cell);
    }
    table.rows.push(row);
    table
}

fn channels() -> Table {
    let columns = vec![
        Column::name("channel", "Channel"),
        Column::figure("contacts", "", Unit::Count, Neither),
        Column::figure("share", "", Unit::Share, Neither),
        Column::figure("frt_p50", "half within", Unit::Seconds, Down),
        Column::figure("wait_p50", "answered in", Unit::Seconds, Down),
        Column::figure("csat", "satisfied", Unit::Share, Up),
    ];
    let row = |name: &str, n: u64, mail: Option<(f64, f64)>, live: Option<f64>, csat: Option<f64>, series: &[f64]| {
        let written = Cell { n: Some(n), previous: mail.map(|m| m.1), ..Cell::number(mail.map(|m| m.0)) };
        let figures = vec![whole(n), plain(n as f64 / 412.0), written, Cell::number(live), Cell::number(csat)];
        Row { series: weekly(series).into_iter().map(|point| point.value).collect(), ..named(&[name], figures) }
    };
    let rows = vec![
        row("email", 188, Some((14_520.0, 12_060.0)), None, Some(0.86), &[61., 66., 70., 72., 90., 92., 130., 188.]),
        row("phone", 104, None, Some(14.0), Some(0.91), &[99., 101., 96., 98., 107., 103., 98., 104.]),
        row("chat", 71, None, Some(48.0), Some(0.9), &[70., -1., 82., 71., 72., 70., 69., 71.]),
        row("web_form", 49, Some((3120.0, 3120.0)), None, None, &[-1., -1., -1., -1., 12., 30., 44., 49.]),
    ];
    let periods = weekly(&[0.0; 8]).into_iter().map(|point| point.period).collect();
    Table { id: "channels".into(), layout: Layout::Strip, columns, rows, periods, ..Table::default() }
}

fn teams() -> Section {
    let columns = vec![
        Column::name("team", "Team"),
        Column::name("topic", "Topic"),
        Column::figure("contacts", "contacts", Unit::Count, Neither),
        Column::figure("response_sla", "first reply in target", Unit::Share, Up),
        Column::figure("frt_p50", "half within", Unit::Seconds, Down),
        Column::figure("frt_p90", "9 in 10 within", Unit::Seconds, Down),
        Column::figure("csat_mean", "mean rating", Unit::Number, Up),
        Column::figure("transfer_rate", "handed over", Unit::Share, Down),
        Column::figure("cost_per_contact", "cost per contact", Unit::Number, Down),
        Column::figure("oldest_open", "oldest open", Unit::Instant, Neither),
    ];
    let row = |names: [&str; 2], n: u64, sla: (f64, f64), p50: f64, p90: f64, score: Option<f64>, cost: f64| {
        let (handed, sla) = (plain(sla.0 / 9.0), Cell { previous: Some(sla.1), n: Some(n), ..plain(sla.0) });
        let oldest = if n > 90 { plain(1_791_531_000_000.0) } else { Cell::default() };
        let rest = vec![plain(p50), plain(p90), Cell::number(score), handed, plain(cost), oldest];
        named(&names, [whole(n), sla].into_iter().chain(rest).collect())
    };
    let long = "Customer Success Europe, Middle East and Africa";
    let rows = vec![
        row(["Returns", "refund"], 96, (0.708, 0.91), 15_600.0, 190_000.0, Some(3.905), 7.25),
        row([long, "change of delivery address"], 88, (0.92, 0.9), 5400.0, 42_000.0, Some(4.4), 6.1),
        row(["Billing", ""], 140, (0.95, 0.95), 48.0, 130.0, None, 1204.0),
        row(["カスタマーサポート東京本社", "返品"], 88, (1.0, 0.98), 5.5, 3600.0, Some(4.31), 3.0),
    ];
    let total = row(["", ""], 412, (0.861_111, 0.91), 7800.0, 42_720.0, Some(4.2), 6.4);
    let table = Table { id: "teams".into(), columns, rows, total: Some(total), ..Table::default() };
    Section { id: "teams".into(), title: "Teams".into(), tables: vec![table], ..Section::default() }
}

fn cohorts() -> Section {
    let months = ["Jun 2026", "Jul 2026", "Aug 2026", "Sep 2026", "Oct 2026"];
    let mut columns =
        vec![Column::name("cohort", "First order"), Column::figure("n", "customers", Unit::Count, Neither)];
    columns.extend((0..6).map(|m| Column::figure(&format!("m{m}"), &m.to_string(), Unit::Share, Up)));
    let cell = |month: usize, since: usize| {
        let active = 1.0 / (1.0 + since as f64 * (0.6 + month as f64 / 10.0));
        Cell::number((month + since < 6).then_some(active))
    };
    let row = |(i, month): (usize, &&str)| {
        let shares = (0..6).map(|since| cell(i, since));
        named(&[month], [whole(120 + 31 * i as u64)].into_iter().chain(shares).collect())
    };
    let rows = months.iter().enumerate().map(row).collect();
    let table = Table {
        id: "cohorts".into(),
        title: "Per cent active again, by months since the first order".into(),
        layout: Layout::Heat,
        columns,
        rows,
        ..Table::default()
    };
    let notes = vec!["Months that are not over are blank.".into()];
    Section { id: "cohorts".into(), title: "Customers kept".into(), tables: vec![table], notes, ..Section::default() }
}
