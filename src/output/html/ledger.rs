//! A table of one row: a line a metric with the weeks before beside it; on page one, cards.
//!
//! What a line says is `output/ledger.rs`; its small chart is `trend.rs`.

use super::Page;
use super::markup::{Markup, mark};
use super::trend;
use crate::output::ledger::{self, BEFORE, Beside, INTERVAL, Line};
use crate::report::text::{self, Figure};
use crate::report::{Row, Table};
use askama::Template;

/// A line with its chart and its words.
struct Entry<'a> {
    label: &'a str,
    /// Of its own, else empty.
    period: String,
    indent: bool,
    now: Figure,
    change: Markup,
    /// How it has changed.
    said: String,
    trend: Markup,
    beside: Vec<Aside>,
}

/// What stands beside it: in columns, whose first figure says the unit, and in words.
struct Aside {
    head: &'static str,
    figure: String,
    whole: String,
    mark: Markup,
}

/// A metric and those that belong to it.
struct Card<'a> {
    head: Entry<'a>,
    below: Vec<Entry<'a>>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="cards">
{% for card in cards %}<article class="card">
<h3>{{ card.head.label }}{% if !card.head.period.is_empty() %} <span class="quiet">({{ card.head.period }})</span>{% endif %}</h3>
<p class="figure">{{ card.head.now.digits }}<span class="unit">{{ card.head.now.unit }}</span> {{ card.head.change }}</p>
<p class="said">{{ card.head.said }}</p>
{% if !card.head.trend.is_empty() %}{{ card.head.trend }}
{% endif %}<p class="beside">{% for aside in card.head.beside %}{% if !aside.whole.is_empty() %}<span>{{ aside.head }} {{ aside.whole }}{% if !aside.mark.is_empty() %} {{ aside.mark }}{% endif %}</span> {% endif %}{% endfor %}</p>
{% if card.head.trend.is_empty() %}<span></span>
{% endif %}<dl>{% for entry in card.below %}<div><dt>{{ entry.label }}{% if !entry.period.is_empty() %} <span class="quiet">({{ entry.period }})</span>{% endif %}</dt> <dd>{{ entry.now.to_string() }} {{ entry.change }}</dd></div>{% endfor %}</dl>
</article>
{% endfor %}</div>
"#
)]
struct Cards<'a> {
    cards: Vec<Card<'a>>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<div class="scroll"><table class="ledger" role="table" aria-label="{{ name }}">
<thead role="rowgroup"><tr role="row"><td role="cell"></td>{% if trends %}<th role="columnheader" scope="col" class="trended">weeks before</th>{% endif %}<th role="columnheader" scope="col">{{ heading }}</th>{% for head in heads %}<th role="columnheader" scope="col">{{ head }}</th>{% endfor %}</tr></thead>
<tbody role="rowgroup">
{% for entry in entries %}<tr role="row"{% if entry.indent %} class="below"{% endif %}><th role="rowheader" scope="row">{{ entry.label }}{% if !entry.period.is_empty() %} <span class="quiet">({{ entry.period }})</span>{% endif %}</th>{% if trends %}<td role="cell" class="trended">{{ entry.trend }}</td>{% endif %}<td role="cell" class="num strong">{{ entry.now.to_string() }} {{ entry.change }}</td>{% for aside in entry.beside %}{% if heads.contains(aside.head) %}<td role="cell" class="num quiet{% if aside.figure.is_empty() %} none{% endif %}" data-h="{{ aside.head }} {{ aside.whole }}"><span class="short">{{ aside.figure }}</span>{% if !aside.mark.is_empty() %} {{ aside.mark }}{% endif %}</td>{% endif %}{% endfor %}</tr>
{% endfor %}</tbody></table></div>
"#
)]
struct Lines<'a> {
    name: &'a str,
    heading: &'a str,
    trends: bool,
    /// Of the columns in which any line has a figure.
    heads: Vec<&'static str>,
    entries: Vec<Entry<'a>>,
}

fn entry<'a>(page: &Page, line: Line<'a>) -> askama::Result<Entry<'a>> {
    let change = text::change(line.cell, line.column.unit);
    let said: Vec<String> = change.into_iter().chain(text::unusual(line.cell).map(str::to_owned)).collect();
    let beside = |beside: &Beside| {
        let figure = beside.figure.as_ref().map_or_else(String::new, Figure::to_string);
        Ok(Aside { head: beside.head, figure, whole: beside.whole.clone(), mark: mark(beside.mark)? })
    };
    Ok(Entry {
        label: &line.column.label,
        period: line.period.unwrap_or_default(),
        indent: line.column.indent,
        change: mark(line.change)?,
        said: said.join("; "),
        trend: trend::of(page, line.cell, line.column)?,
        beside: line.beside.iter().map(beside).collect::<askama::Result<_>>()?,
        now: line.now,
    })
}

/// A card a metric, with what belongs to it.
pub fn cards(page: &Page, table: &Table, row: &Row) -> askama::Result<Markup> {
    let mut cards: Vec<Card> = Vec::new();
    for line in ledger::lines(page.report, table, row, &page.zone) {
        let mut entry = entry(page, line)?;
        // What it was before is in the words.
        entry.beside.retain(|aside| aside.head != BEFORE && aside.head != INTERVAL);
        match cards.last_mut().filter(|_| entry.indent) {
            Some(card) => card.below.push(entry),
            None => cards.push(Card { head: entry, below: Vec::new() }),
        }
    }
    Markup::of(&Cards { cards })
}

/// A line a metric. What no metric has gets no column.
pub fn lines(page: &Page, table: &Table, row: &Row, name: &str) -> askama::Result<Markup> {
    let lines = ledger::lines(page.report, table, row, &page.zone);
    let heads = ledger::filled(&lines);
    let entries = lines.into_iter().map(|line| entry(page, line)).collect::<askama::Result<Vec<Entry>>>()?;
    let trends = entries.iter().any(|entry| !entry.trend.is_empty());
    Markup::of(&Lines { name, heading: ledger::heading(table), trends, heads, entries })
}
