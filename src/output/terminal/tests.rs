//! The page as a whole: it reads well, fits, and nothing in it does anything.

use super::*;
use crate::output::{Color, sample};
use crate::report::{Better, Cell, Row, Unit};

fn drawn(report: &Report, width: usize, color: bool) -> String {
    let mut out = Vec::new();
    write(report, &Style { width, color, ..Style::file(Color::Never) }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn uncoloured(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').unwrap().1)
}

#[test]
fn the_monday_report_at_80_columns() {
    let page = drawn(&sample::report(), 80, false);
    assert_eq!(page, MONDAY, "{page}");
}

#[test]
fn a_table_at_80_columns() {
    let page = drawn(&sample::table_answer(), 80, false);
    assert_eq!(page.trim_start_matches('\n'), TABLE, "{page}");
}

#[test]
fn no_line_is_wider_than_the_page_and_none_ends_in_spaces() {
    let mut reports: Vec<Report> = sample::hostile().iter().map(|text| sample::hostile_everywhere(text)).collect();
    reports.extend(sample::hostile().iter().map(|text| sample::with_name(text)));
    reports.extend([sample::report(), sample::table_answer()]);
    for width in [40, 64, 80, 120, 200] {
        for report in &reports {
            let page = drawn(report, width, false);
            let wide = page.lines().find(|line| line::width(line) > width || line.ends_with(' '));
            assert_eq!(wide, None, "at {width}");
        }
    }
}

#[test]
fn nothing_from_an_export_reaches_the_terminal_as_control() {
    let inert =
        |c: char| c == '\n' || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}'..='\u{200f}'));
    for text in sample::hostile() {
        for report in [sample::hostile_everywhere(&text), sample::with_name(&text)] {
            assert!(drawn(&report, 80, false).chars().all(inert), "{text:?}");
            assert!(uncoloured(&drawn(&report, 80, true)).chars().all(inert), "{text:?}");
        }
    }
}

#[test]
fn colour_says_nothing_of_its_own() {
    let mut report = sample::report();
    // A matrix has other spaces where its cells have a ground.
    let matrix = report.sections.pop().unwrap();
    for width in [80, 200] {
        assert_eq!(uncoloured(&drawn(&report, width, true)), drawn(&report, width, false));
    }
    report.sections = vec![matrix];
    let words =
        |text: &str| text.split_whitespace().filter(|w| !w.starts_with('─')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&uncoloured(&drawn(&report, 80, true))), words(&drawn(&report, 80, false)));
}

#[test]
fn nothing_is_dropped_at_any_width() {
    let labels = ["mean rating", "handed over", "oldest open", "9 in 10", "Sat 14 Nov"];
    for width in [64, 80, 120, 200] {
        let page = drawn(&sample::report(), width, false);
        assert!(labels.iter().all(|label| page.contains(label)), "{page}");
    }
}

#[test]
fn a_wide_page_has_bars_and_a_long_text_is_wrapped() {
    assert!(drawn(&sample::table_answer(), 120, false).contains("█▊"));
    let columns = vec![Column::name("id", "Name"), Column::figure("help", "What it is", Unit::Text, Better::Neither)];
    let help = "the share of contacts that were answered within the time that the settings name as their target";
    let cells = vec![Cell::text("response_sla"), Cell::text(help)];
    let table = Table { columns, rows: vec![Row { cells, ..Row::default() }], ..Table::default() };
    let section = Section { tables: vec![table], ..Section::default() };
    let page = drawn(&Report { sections: vec![section], ..Report::default() }, 60, false);
    assert!(page.contains("response_sla  the share of contacts that were answered\n                within"), "{page}");
}

#[test]
fn what_is_empty_or_ragged_is_drawn_all_the_same() {
    assert_eq!(drawn(&Report::default(), 80, false), "");
    for layout in sample::LAYOUTS {
        let mut report = sample::with_name("x");
        report.sections[0].tables[0].layout = layout;
        for rows in [vec![], vec![Row::default()], vec![Row::default(); 2]] {
            report.sections[0].tables[0].rows = rows;
            drawn(&report, 80, true);
        }
        report.sections[0].tables[0].columns.clear();
        drawn(&report, 80, true);
    }
}

const MONDAY: &str = r#"Week 46, 9-15 Nov 2026, Europe/London                   data to Sun 15 Nov 23:41

  Contacts rose from 349 to 412; e-mail alone brought 58 of the 63 more.
  Half of first replies now take 2 h 10 min, up from 1 h 34 min, although every
  channel got faster: more e-mail accounts for +49 min, quicker work for
  −13 min.
  Abandoned calls fell from 9.1 to 6.7 %, which could be chance.

                             this week    before  4 weeks     target      n
  Contacts                     412     ▲     349      352               412
    per 100 orders            17.3     ▲    14.9     15.0               412
  Open on Sunday               121     ▲      86       88               121
    oldest                 37 d 16 h
  First reply in target       86.1 %   ▼    91.0     90.4         90 ✗  288
    half within             2 h 10 min ▲  1 h 34   1 h 36               288
    9 in 10 within         11 h 52 min ▲  9 h 20   9 h 31               288
  Calls answered in 20 s      81.3 %   ~    80.9     80.2         80 ✓  104
    abandoned                  6.7 %   ~     9.1      7.7          5 ✗  104
    half wait                   14 s   ▼      16       15                97
  Solved at first contact     78.3 %   ~    77.0           (week 45)    325
  Satisfied                   88.4 %   ~    89.7     89.9         90 ✗   95
  Would recommend             33.3     ~    30.0     31.9                61
    answered a survey            –
  – answered a survey: no export has survey dates

  email     ▃▃▄▄▄▄▆█  188  46 %   half within 4 h 02 min ▲   satisfied 86 %
  phone     ▇█▇▇██▇█  104  25 %   answered in     14 s       satisfied 91 %
  chat      ▇·█▇▇▇▇▇   71  17 %   answered in     48 s       satisfied 90 %
  web_form  ····▃▅▇█   49  12 %   half within     52 min     satisfied  –

  To look at: 3 e-mails open over 30 days (list with --where status=open);
  Returns team 71 % in target; 22 calls from unknown numbers.
  Left out: 41 of 9,312 rows (0.4 %), see deskstat check.

Teams
                                                     first reply
  Team                 Topic               contacts    in target    half within
  ─────────────────────────────────────────────────────────────────────────────
  Returns              refund                    96       70.8 % ▼   4 h 20 min
  Customer …nd Africa  change of… address        88       92.0   ▲   1 h 30 min
  Billing              –                        140       95.0           48 s
  カスタマ…東京本社    返品                      88      100.0   ▲      5.5 s
  ─────────────────────────────────────────────────────────────────────────────
  all                                           412       86.1   ▼   2 h 10 min

                                                9 in 10
  Team                 Topic                     within  mean rating
  ──────────────────────────────────────────────────────────────────
  Returns              refund                 2 d 5 h            3.9
  Customer …nd Africa  change of… address   11 h 40 min          4.4
  Billing              –                   2 min 10 s              –
  カスタマ…東京本社    返品                       1 h            4.3
  ──────────────────────────────────────────────────────────────────
  all                                       11 h 52 min          4.2

                                                        cost per
  Team                 Topic               handed over   contact
  ──────────────────────────────────────────────────────────────
  Returns              refund                    7.9 %       7.3
  Customer …nd Africa  change of… address       10.2         6.1
  Billing              –                        10.6       1,204
  カスタマ…東京本社    返品                     11.1         3.0
  ──────────────────────────────────────────────────────────────
  all                                            9.6         6.4

  Team                 Topic                        oldest open
  ─────────────────────────────────────────────────────────────
  Returns              refund              Fri 9 Oct 2026 08:30
  Customer …nd Africa  change of… address                     –
  Billing              –                   Fri 9 Oct 2026 08:30
  カスタマ…東京本社    返品                                   –
  ─────────────────────────────────────────────────────────────
  all                                      Fri 9 Oct 2026 08:30

Customers kept
  Per cent active again, by months since the first order
  First order  customers    0   1   2   3   4   5
  ───────────────────────────────────────────────
  Jun 2026           120  100  63  45  36  29  25
  Jul 2026           151  100  59  42  32  26
  Aug 2026           182  100  56  38  29
  Sep 2026           213  100  53  36
  Oct 2026           244  100  50

  Months that are not over are blank.

  ~ could be chance

warning: 41 of 9,312 rows were left out (0.4 %)
hint: --rejects bad.csv writes them all
note: `calls.csv` ends on Sat 14 Nov, a day before the others

  deskstat 0.1.0 · definitions cdcdcdcd · deskstat.toml efefefef · 1 input
  6de2ebdf · as of 2026-11-15T23:41:00Z · --where channel=email
"#;

const TABLE: &str = r#"  Team        Topic    contacts  in target   half within           oldest open
  ────────────────────────────────────────────────────────────────────────────
  Returns     refund         96     70.8 %    4 h 20 min  Fri 9 Oct 2026 08:30
  Billing     invoice        88     92.0      1 h 30 min                     –
  Billing     –             140     95.0          48 s                       –
  Front desk  other          88     90.0    2 min 10 s                       –
  ────────────────────────────────────────────────────────────────────────────
  all                       412     86.1      2 h 10 min  Fri 9 Oct 2026 08:30

  deskstat 0.1.0 · definitions cdcdcdcd · deskstat.toml efefefef · 1 input
  6de2ebdf · as of 2026-11-15T23:41:00Z · --where channel=email
"#;
