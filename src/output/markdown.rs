//! Markdown, as GitHub, wikis and chats render it: sentences, and a table for each table.
//!
//! Whatever stands in a text is said and does nothing: no markup, link or line break comes out of an export.

use super::ledger::{self, Beside, Line};
use super::marks::{self, Mark};
use super::matrix::Matrix;
use super::terminal::sparkline;
use super::words::{self, visible};
use super::{Style, provenance};
use crate::report::catalogue::Definition;
use crate::report::sections::capital;
use crate::report::text::{self, Figure};
use crate::report::{Cell, Column, Layout, Report, Row, Section, Table};
use anyhow::Result;
use jiff::tz::TimeZone;
use std::io::Write;

/// What belongs to the line above.
const BELONGS: &str = "↳ ";
/// What Markdown would take for markup anywhere in a line.
const MARKUP: [char; 15] = ['\\', '`', '*', '_', '{', '}', '[', ']', '>', '|', '~', '&', '#', '$', '!'];

/// Write a report as Markdown.
pub fn write(report: &Report, _: &Style, out: &mut dyn Write) -> Result<()> {
    let page = Page { report, zone: words::zone(report) };
    let blocks: Vec<String> = page.blocks().into_iter().filter(|block| !block.is_empty()).collect();
    Ok(writeln!(out, "{}", blocks.join("\n\n"))?)
}

/// Text between the pipes of a table, or in a line of its own.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        if MARKUP.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    // Nor is an address a link.
    out.replace('<', "&lt;").replace("://", "\\://").replace("www.", "www\\.")
}

/// A sentence, with its code as code; what would make a list or a heading of it does not.
fn sentence(text: &str) -> String {
    let part = |(code, text): (bool, &str)| if code { format!("`{}`", visible(text)) } else { escaped(text) };
    let line: String = text::spans(text).into_iter().map(part).collect();
    let line = line.trim();
    let starts_list = line.starts_with(['-', '+', '=']);
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    match () {
        () if starts_list => format!("\\{line}"),
        () if numbered.len() < line.len() && numbered.starts_with(['.', ')']) => {
            let digits = line.len() - numbered.len();
            format!("{}\\{numbered}", &line[..digits])
        }
        () => line.to_owned(),
    }
}

fn marked(figure: &Figure, (glyph, _): Mark) -> String {
    // `~` alone is no markup.
    if glyph.is_empty() { escaped(&figure.to_string()) } else { format!("{} {glyph}", escaped(&figure.to_string())) }
}

/// A metric's name, and its period where that is not the report's.
fn named(line: &Line) -> String {
    let period = line.period.as_ref().map(|period| format!(" ({period})")).unwrap_or_default();
    let belongs = if line.column.indent { BELONGS } else { "" };
    format!("{belongs}{}", escaped(&format!("{}{period}", line.column.label)))
}

/// A table: its headings, which of its columns are text, its lines.
fn table(heads: &[String], text: usize, lines: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let rule: Vec<String> = (0..heads.len()).map(|at| if at < text { "---" } else { "--:" }.to_owned()).collect();
    let all = [line(heads), line(&rule)].into_iter().chain(lines.iter().map(|cells| line(cells)));
    all.collect::<Vec<_>>().join("\n")
}

struct Page<'a> {
    report: &'a Report,
    zone: TimeZone,
}

impl Page<'_> {
    /// Everything, in order; an empty line goes between.
    fn blocks(&self) -> Vec<String> {
        let Report { title, subtitle, sections, notices, .. } = self.report;
        let title = if title.is_empty() { String::new() } else { format!("# {}", escaped(title)) };
        let mut blocks = vec![title, sentence(subtitle)];
        blocks.extend(sections.iter().flat_map(|section| self.section(section)));
        blocks.push(sentence(&words::signs(self.report).join("; ")));
        let notice = |notice: &crate::notice::Notice| {
            let lines: Vec<String> = notice.to_string().lines().map(sentence).collect();
            format!("> {}", lines.join("  \n> "))
        };
        blocks.extend(notices.iter().map(notice));
        blocks.extend(self.definitions());
        blocks.extend(self.section(&provenance::section(self.report)));
        blocks
    }

    fn section(&self, section: &Section) -> Vec<String> {
        let title = if section.title.is_empty() { String::new() } else { format!("## {}", escaped(&section.title)) };
        let mut blocks = vec![title];
        blocks.extend(section.summary.iter().map(|text| sentence(text)));
        blocks.extend(section.tables.iter().flat_map(|table| self.table(table)));
        blocks.extend(section.notes.iter().map(|text| sentence(text)));
        blocks
    }

    fn table(&self, table: &Table) -> Vec<String> {
        let mut blocks = Vec::new();
        match (table.layout, ledger::row(table), table.rows.is_empty()) {
            (Layout::Ledger, Some(row), _) => blocks.push(self.ledger(table, row)),
            (_, None, true) => blocks.extend([self.title(table), words::NOTHING.to_owned()]),
            (Layout::Heat | Layout::Steps, ..) => blocks.extend([self.title(table), self.matrix(table)]),
            _ => blocks.extend([self.title(table), self.grid(table)]),
        }
        let reasons = words::reasons(table);
        blocks.push(reasons.iter().map(|reason| format!("- {}", escaped(reason))).collect::<Vec<_>>().join("\n"));
        blocks
    }

    fn title(&self, table: &Table) -> String {
        if table.title.is_empty() { String::new() } else { format!("**{}**", escaped(&table.title)) }
    }

    /// What no metric has gets no column.
    fn ledger(&self, of: &Table, row: &Row) -> String {
        let lines = ledger::lines(self.report, of, row, &self.zone);
        let filled = ledger::filled(&lines);
        let mut heads = vec![String::new(), escaped(ledger::heading(of))];
        heads.extend(filled.iter().map(|head| escaped(head)));
        let cells = |line: &Line| {
            let mut cells = vec![named(line), marked(&line.now, line.change)];
            let beside = line.beside.iter().filter(|beside| filled.contains(&beside.head));
            cells.extend(beside.map(|Beside { figure, mark, .. }| {
                figure.as_ref().map_or_else(String::new, |figure| marked(figure, *mark))
            }));
            cells
        };
        table(&heads, 1, &lines.iter().map(cells).collect::<Vec<_>>())
    }

    fn grid(&self, of: &Table) -> String {
        let names = of.dimensions();
        let charted = of.rows.iter().any(|row| !row.series.is_empty());
        let mut heads: Vec<String> = of.columns.iter().map(|c| escaped(&words::full_heading(self.report, c))).collect();
        if charted {
            heads.insert(names, "trend".into());
        }
        let figure = |(column, cell): (&Column, &Cell)| {
            marked(&words::figure(cell, column, &self.zone), marks::change(cell, column))
        };
        let line = |(row, is_total): (&Row, bool)| {
            let mut cells: Vec<String> = self.names(of, row, is_total);
            if charted {
                cells.push(sparkline(&row.series));
            }
            cells.extend(of.columns.iter().zip(&row.cells).skip(names).map(figure));
            cells
        };
        table(&heads, names + usize::from(charted), &of.lines().map(line).collect::<Vec<_>>())
    }

    /// Whole per cents; a cell that is not finished is blank.
    fn matrix(&self, of: &Table) -> String {
        let matrix = Matrix::of(of);
        let heads: Vec<String> = of.columns.iter().map(|c| escaped(&c.label)).collect();
        let line = |(row, is_total): (&Row, bool)| {
            let mut cells = self.names(of, row, is_total);
            let figures = of.columns.iter().zip(&row.cells).skip(of.dimensions());
            cells.extend(figures.map(|(column, cell)| escaped(&matrix.square(cell, column, &self.zone))));
            cells
        };
        table(&heads, of.dimensions(), &of.lines().map(line).collect::<Vec<_>>())
    }

    fn names(&self, table: &Table, row: &Row, is_total: bool) -> Vec<String> {
        words::names(table, row, is_total, &self.zone).iter().map(|name| escaped(name)).collect()
    }

    fn definitions(&self) -> Vec<String> {
        let line = |of: &Definition| {
            format!("- **{}** (`{}`): {}", escaped(&capital(of.label)), of.metric, sentence(&words::defined(of)))
        };
        let lines: Vec<String> = words::definitions(self.report).iter().map(line).collect();
        if lines.is_empty() { Vec::new() } else { vec!["## Definitions".into(), lines.join("\n")] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Color, sample};
    use crate::report::Unit;

    fn written(report: &Report) -> String {
        let mut bytes = Vec::new();
        write(report, &Style::file(Color::Never), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// The cells of all lines that are of a table, without their escapes.
    fn cells(page: &str) -> Vec<Vec<String>> {
        let lines = page.lines().filter(|line| line.starts_with('|') && !line.contains("---") && !line.contains("--:"));
        let inner = |line: &str| line.trim_start_matches("| ").trim_end_matches(" |").replace("\\|", "\u{1}");
        let cell = |cell: &str| cell.replace('\u{1}', "|").replace("&lt;", "<").replace('\\', "");
        lines.map(|line| inner(line).split(" | ").map(cell).collect()).collect()
    }

    #[test]
    fn every_figure_is_read_back() {
        let report = sample::report();
        let read = cells(&written(&report));
        for table in report.sections.iter().flat_map(|s| &s.tables).filter(|t| t.layout != Layout::Heat) {
            for row in table.rows.iter().chain(&table.total) {
                for (cell, column) in row.cells.iter().zip(&table.columns) {
                    let said = text::value(&cell.value, column.unit, &TimeZone::get("Europe/London").unwrap());
                    let name = row.cells[0].value.as_text();
                    let line = read.iter().find(|line| {
                        let own = if table.layout == Layout::Ledger { &column.label } else { name };
                        line[0].contains(own) && line.iter().any(|c| c.starts_with(&said.to_string()))
                    });
                    assert!(line.is_some() || column.unit == Unit::Text, "{}: {said}", column.id);
                }
            }
        }
        let kept: Vec<&str> =
            read.iter().find(|line| line[0] == "Jul 2026").unwrap().iter().map(String::as_str).collect();
        assert_eq!(kept, ["Jul 2026", "151", "100", "59", "42", "32", "26", ""]);
    }

    #[test]
    fn the_monday_report() {
        let page = written(&sample::report());
        let ledger = "\
|  | this week | before | 4 weeks | target | n | 95 % interval |
| --- | --: | --: | --: | --: | --: | --: |
| Contacts | 412 ▲ | 349 | 352 |  | 412 |  |
| ↳ per 100 orders | 17.3 ▲ | 14.9 | 15.0 |  | 412 |  |
";
        assert!(page.contains(ledger), "{page}");
        assert!(
            page.starts_with("# Week 46, 9-15 Nov 2026, Europe/London\n\ndata to Sun 15 Nov 23:41\n\nContacts rose")
        );
        assert!(page.contains("\n## Definitions\n\n- **Contacts** (`contacts`): "), "{page}");
        assert!(page.contains("\n- **First reply** (`frt`): Written channels: from the customer's first"), "{page}");
        assert!(page.contains("| tickets.csv | zendesk | 9,312 | abab"), "{page}");
    }

    #[test]
    fn hostile_texts_are_words_in_their_cells() {
        for text in sample::hostile() {
            let page = written(&sample::with_name(&text));
            let shown: String = visible(&text).trim().chars().take(1_000).collect();
            let line = cells(&page).into_iter().find(|line| line[0].starts_with(&shown)).unwrap();
            assert!(line[1] == "7" && line[2].starts_with(&shown), "{text:?}");
            assert!(!page.contains("<script") && !page.contains("http://") && !page.contains('\u{1b}'), "{page}");
        }
        assert_eq!(escaped("a|b *c* <d> [e](f) www.g.com"), "a\\|b \\*c\\* &lt;d\\> \\[e\\](f) www\\.g.com");
        assert_eq!(sentence("- see `a_b` 1_2"), "\\- see `a_b` 1\\_2");
        assert_eq!(sentence("12. of it"), "12\\. of it");
    }

    #[test]
    fn what_is_empty_or_ragged_is_written_all_the_same() {
        assert!(written(&Report::default()).contains("| made by | deskstat"));
        for layout in sample::LAYOUTS {
            let mut report = sample::with_name("x");
            report.sections[0].tables[0].layout = layout;
            for rows in [vec![], vec![Row::default()], vec![Row::default(); 2]] {
                report.sections[0].tables[0].rows = rows;
                written(&report);
            }
            report.sections[0].tables[0].columns.clear();
            written(&report);
        }
    }
}
