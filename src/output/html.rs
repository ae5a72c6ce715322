//! HTML: one page that needs nothing else, opens from an e-mail on a phone, light and dark, and prints.
//!
//! No script, no network, and a policy that allows neither. Each kind of chart is a file in `html/`, drawn as SVG whose
//! inks are those of `style.css`: chart crates write fixed colours and scale their lettering with the picture. All
//! texts pass through templates, which escape them. A new chart is one file and one arm of `Page::table`.

mod alt;
mod bars;
mod chart;
mod heat;
mod ledger;
mod lines;
mod markup;
mod scale;
mod steps;
mod table;
mod trend;
mod waterfall;

use super::{Style, provenance, words};
use crate::notice::{Notice, count};
use crate::report::catalogue::Definition;
use crate::report::sections::capital;
use crate::report::{Layout, Report, Section, Table};
use anyhow::Result;
use askama::Template;
use jiff::tz::TimeZone;
use markup::{Markup, sentence, sentences};
use std::cell::Cell;
use std::io::Write;

const STYLE: &str = include_str!("html/style.css");
/// With fewer sections than this nobody gets lost.
const LISTED: usize = 4;

/// What all parts of the page need to know.
struct Page<'a> {
    report: &'a Report,
    zone: TimeZone,
    /// How many drawings there are so far.
    drawings: Cell<usize>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no"/>
<meta name="referrer" content="no-referrer"/>
<title>{{ title }}</title>
<style>
{{ style|safe }}</style>
</head>
<body>
<header>
<h1>{{ name }}</h1>
{% for when in when %}<p class="when">{{ when }}</p>
{% endfor %}{% if !listed.is_empty() %}<nav aria-label="Sections"><ul>
{% for (id, title) in listed %}<li><a href="#{{ id }}">{{ title }}</a></li>
{% endfor %}</ul></nav>
{% endif %}</header>
<main>
{% for section in first %}{{ section }}{% endfor %}<div class="rest">
{% for section in rest %}{{ section }}{% endfor %}</div>
</main>
<footer>
{% if !signs.is_empty() %}<p class="quiet">{{ signs }}</p>
{% endif %}{% if !notices.is_empty() %}<section id="notices"><h2>About the data</h2>
<details><summary>{{ told }}</summary>
<ul class="notes">
{% for notice in notices %}<li>{{ notice }}</li>
{% endfor %}</ul></details></section>
{% endif %}{% if !definitions.is_empty() %}<section id="definitions"><h2>Definitions</h2>
<details><summary>What each metric means</summary>
<dl class="definitions">
{% for definition in definitions %}<dt>{{ definition.label }} <code>{{ definition.metric }}</code></dt>
<dd>{{ definition.said }}</dd>
{% endfor %}</dl></details></section>
{% endif %}{{ origin }}</footer>
</body>
</html>
"##
)]
struct Document<'a> {
    title: &'a str,
    style: &'static str,
    name: &'a str,
    when: Vec<&'a str>,
    listed: Vec<(&'a str, &'a str)>,
    /// Page one, and what follows it.
    first: Vec<Markup>,
    rest: Vec<Markup>,
    signs: String,
    told: String,
    notices: Vec<Markup>,
    definitions: Vec<Defined>,
    origin: Markup,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<section id="{{ section.id }}"{% if section.title.is_empty() %} class="first"{% endif %}>
{% if section.title.is_empty() %}<h2 class="sr">In short</h2>
{% else %}<h2>{{ section.title }}</h2>
{% endif %}{% if !summary.is_empty() %}<ul class="lead">
{% for sentence in summary %}<li>{{ sentence }}</li>
{% endfor %}</ul>
{% endif %}{% for group in groups %}{% if group.charts %}<div class="charts">
{% endif %}{% for piece in group.pieces %}{{ piece }}{% endfor %}{% if group.charts %}</div>
{% endif %}{% endfor %}{% if !notes.is_empty() %}{% if !section.title.is_empty() %}<details><summary>Notes</summary>
{% endif %}<ul class="notes">
{% for note in notes %}<li>{{ note }}</li>
{% endfor %}</ul>
{% if !section.title.is_empty() %}</details>
{% endif %}{% endif %}</section>
"#
)]
struct Part<'a> {
    section: &'a Section,
    summary: Vec<Markup>,
    groups: Vec<Group>,
    notes: Vec<Markup>,
}

/// A metric in words.
struct Defined {
    label: String,
    metric: &'static str,
    said: Markup,
}

/// What stands below each other, or charts beside each other.
struct Group {
    charts: bool,
    pieces: Vec<Markup>,
}

/// A table that is shown as it is.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="tabled">
{% if !title.is_empty() %}<h3>{{ title }}</h3>
{% endif %}{{ table }}{% for reason in reasons %}<p class="key">– {{ reason }}</p>
{% endfor %}</div>
"#
)]
struct Tabled<'a> {
    title: &'a str,
    table: Markup,
    reasons: Vec<String>,
}

/// What is there for those who want it.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<details><summary>{{ summary }}</summary>
{{ content }}</details>
"#
)]
struct Folded<'a> {
    summary: &'a str,
    content: Markup,
}

/// Write a report as a page. Notices go with it: what standard error said is not where the page is read.
pub fn write(report: &Report, _: &Style, out: &mut dyn Write) -> Result<()> {
    let page = Page { report, zone: words::zone(report), drawings: Cell::new(0) };
    let document = page.document()?.to_string();
    // Nothing in the page's own markup is changed by this, and no text gets past it.
    for line in document.lines() {
        writeln!(out, "{}", words::visible(line))?;
    }
    Ok(())
}

impl Page<'_> {
    fn document(&self) -> askama::Result<Markup> {
        let Report { title, subtitle, sections, notices, .. } = self.report;
        // What it is, and below it of when.
        let (name, when) = title.split_once(", ").unwrap_or((title, ""));
        let mut first: Vec<Markup> = sections.iter().map(|section| self.section(section)).collect::<Result<_, _>>()?;
        let rest = first.split_off(sections.iter().take_while(|section| section.title.is_empty()).count());
        let titled = sections.iter().filter(|section| !section.title.is_empty());
        let listed: Vec<_> = titled.map(|section| (section.id.as_str(), section.title.as_str())).collect();
        Markup::of(&Document {
            title: if title.is_empty() { "deskstat" } else { title },
            style: STYLE,
            name: if name.is_empty() { "deskstat" } else { name },
            when: [when, subtitle].into_iter().filter(|text| !text.is_empty()).collect(),
            listed: if listed.len() < LISTED { Vec::new() } else { listed },
            first,
            rest,
            signs: words::signs(self.report).join("; "),
            told: count(notices.len(), "notice"),
            notices: sentences(&notices.iter().map(Notice::to_string).collect::<Vec<_>>())?,
            definitions: words::definitions(self.report).iter().map(defined).collect::<Result<_, _>>()?,
            origin: self.section(&provenance::section(self.report))?,
        })
    }

    fn section(&self, section: &Section) -> askama::Result<Markup> {
        let mut groups: Vec<Group> = Vec::new();
        for table in &section.tables {
            let (charts, piece) = self.table(table, section)?;
            match groups.last_mut().filter(|group| group.charts == charts) {
                Some(group) => group.pieces.push(piece),
                None => groups.push(Group { charts, pieces: vec![piece] }),
            }
        }
        let (summary, notes) = (sentences(&section.summary)?, sentences(&section.notes)?);
        Markup::of(&Part { section, summary, groups, notes })
    }

    /// A table as its layout asks, and whether it is a chart. Page one, which has no title, has cards.
    fn table(&self, table: &Table, section: &Section) -> askama::Result<(bool, Markup)> {
        let chart = match table.layout {
            Layout::Bars => bars::chart(self, table)?,
            Layout::Lines => lines::chart(self, table)?,
            Layout::Steps => steps::chart(self, table)?,
            Layout::Waterfall => waterfall::chart(self, table)?,
            Layout::Heat if !table.rows.is_empty() => Some(heat::chart(self, table, self.called(table, section))?),
            _ => None,
        };
        let Some(chart) = chart else { return Ok((false, self.undrawn(table, section)?)) };
        // A matrix is its own table.
        let is_table = table.layout == Layout::Heat;
        let drawn = if is_table {
            chart.alone()
        } else {
            chart.before(&self.plain(table, section, false)?, section.title.is_empty())
        };
        Ok((true, drawn?))
    }

    /// A table without a chart of all of it, and the weeks behind the small charts in it.
    fn undrawn(&self, table: &Table, section: &Section) -> askama::Result<Markup> {
        let name = self.called(table, section);
        let shown = match super::ledger::row(table).filter(|_| table.layout == Layout::Ledger) {
            Some(row) if section.title.is_empty() => {
                let lines = folded("These figures as a table", ledger::lines(self, table, row, name)?)?;
                Markup::all([ledger::cards(self, table, row)?, lines])
            }
            Some(row) => ledger::lines(self, table, row, name)?,
            None => self.plain(table, section, true)?,
        };
        Ok(Markup::all([shown, folded("Week by week", table::weeks(self, table, name)?)?]))
    }

    /// What a table is called for those who do not see where it stands.
    fn called<'t>(&'t self, table: &'t Table, section: &'t Section) -> &'t str {
        let names = [&table.title, &section.title, &self.report.title, &section.id];
        names.into_iter().find(|name| !name.is_empty()).map_or("", String::as_str)
    }

    /// A table with its title, if that is not said elsewhere.
    fn plain(&self, table: &Table, section: &Section, titled: bool) -> askama::Result<Markup> {
        let drawn = if table.rows.is_empty() && table.total.is_none() {
            Markup::of(&Nothing { said: words::NOTHING })?
        } else {
            table::grid(self, table, self.called(table, section))?
        };
        let title = if titled { table.title.as_str() } else { "" };
        Markup::of(&Tabled { title, table: drawn, reasons: words::reasons(table) })
    }
}

fn defined(of: &Definition) -> askama::Result<Defined> {
    let said = sentence(&words::defined(of))?;
    Ok(Defined { label: capital(of.label), metric: of.metric, said })
}

fn folded(summary: &str, content: Markup) -> askama::Result<Markup> {
    if content.is_empty() { Ok(content) } else { Markup::of(&Folded { summary, content }) }
}

#[derive(Template)]
#[template(ext = "html", source = r#"<p class="quiet">{{ said }}</p>"#)]
struct Nothing {
    said: &'static str,
}

#[cfg(test)]
mod tests;
