//! What all charts of tables share: a heading, a drawing, a key, and the table itself, folded, behind them.

use super::Page;
use super::markup::Markup;
use super::scale::Part;
use crate::output::marks::{Mark, Tone};
use crate::output::terminal::cut;
use crate::output::words;
use crate::report::{Column, Table};
use askama::Template;

/// Letters of a name that fit beside its figure on a phone.
const NAME: usize = 22;

/// A drawing with its words.
pub struct Chart {
    /// The table's title, and what of it is drawn.
    pub title: [String; 2],
    pub drawing: Markup,
    /// What lines and ticks mean.
    pub key: Vec<String>,
    /// How it is placed, as `style.css` calls it.
    pub class: &'static str,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<figure class="{{ chart.class }}">
<figcaption>{% if !chart.title[0].is_empty() %}<strong>{{ chart.title[0] }}</strong> {% endif %}<span>{{ chart.title[1] }}</span></figcaption>
{{ chart.drawing }}
{% if !chart.key.is_empty() %}<p class="key">{% for key in chart.key %}<span>{{ key }}</span> {% endfor %}</p>
{% endif %}{% if let Some(table) = table %}<details{% if open %} open=""{% endif %}><summary>Table</summary>
{{ table }}</details>
{% endif %}</figure>
"#
)]
struct Drawn<'a> {
    chart: &'a Chart,
    table: Option<&'a Markup>,
    open: bool,
}

impl Chart {
    /// The chart with the table behind it, open where that is what was asked for.
    pub fn before(&self, table: &Markup, open: bool) -> askama::Result<Markup> {
        Markup::of(&Drawn { chart: self, table: Some(table), open })
    }

    /// A chart that is itself a table.
    pub fn alone(&self) -> askama::Result<Markup> {
        Markup::of(&Drawn { chart: self, table: None, open: false })
    }
}

/// A table's title and the heading of the column that is drawn.
pub fn title(page: &Page, table: &Table, column: &Column) -> [String; 2] {
    [table.title.clone(), words::full_heading(page.report, column)]
}

/// Left end and length of what lies between two places.
pub fn between(one: Part, other: Part) -> (Part, Part) {
    (Part(one.0.min(other.0)), Part((one.0 - other.0).abs()))
}

/// A line of words above a mark: the name at the left; at the right the figure, its mark and its n, each below those of
/// the other lines.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<text class="name" x="0" y="13">{% if *short != label.name %}<title>{{ label.name }}</title>{% endif %}{{ short }}</text><text class="value" x="100%" dx="-{{ before_mark }}em" y="13" text-anchor="end">{{ label.figure }}</text>
{%- if !label.mark.0.is_empty() %}<text class="mark {{ label.mark.1.class() }}" x="100%" dx="-{{ before_n }}em" y="13" text-anchor="end">{{ label.mark.0 }}</text>{% endif -%}
{%- if !label.n.is_empty() %}<text class="quiet" x="100%" y="13" text-anchor="end">n {{ label.n }}</text>{% endif %}"#
)]
struct Labelled<'a> {
    short: String,
    label: &'a Label,
    before_mark: f64,
    before_n: f64,
}

pub struct Label {
    pub name: String,
    pub figure: String,
    pub mark: Mark,
    pub n: String,
}

/// What stands at the right of figures, by the widest of them, in widths of a letter M.
#[derive(Clone, Copy, Default)]
pub struct Aside {
    mark: f64,
    n: f64,
}

impl Aside {
    #[expect(clippy::cast_precision_loss, reason = "a few digits")]
    pub fn of(labels: &[&Label]) -> Self {
        const MARK: f64 = 1.25;
        const DIGIT: f64 = 0.65;
        let digits = labels.iter().map(|label| label.n.len()).max().unwrap_or(0);
        let marked = labels.iter().any(|label| !label.mark.0.is_empty());
        Self {
            mark: if marked { MARK } else { 0.0 },
            n: if digits > 0 { DIGIT * (digits + 2) as f64 + 0.25 } else { 0.0 },
        }
    }
}

impl Label {
    pub fn new(name: &str, figure: String) -> Self {
        Self { name: words::visible(name), figure, mark: ("", Tone::Plain), n: String::new() }
    }

    pub fn markup(&self, aside: &Aside) -> askama::Result<Markup> {
        let hundredths = |em: f64| (em * 100.0).round() / 100.0;
        let (before_mark, before_n) = (hundredths(aside.mark + aside.n), hundredths(aside.n));
        Markup::of(&Labelled { short: cut(&self.name, NAME), label: self, before_mark, before_n })
    }
}
