//! Pieces of markup: made by templates only, whose texts are escaped; and sentences with their code.

use crate::output::marks::{self, Mark, Tone};
use crate::report::text;
use askama::Template;
use askama::filters::HtmlSafe;
use std::fmt;

/// Markup that templates take as it is. Nothing but a template makes one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Markup(String);

impl Markup {
    /// What a template comes to.
    pub fn of(template: &impl Template) -> askama::Result<Self> {
        template.render().map(Self)
    }

    /// One after the other.
    pub fn all(pieces: impl IntoIterator<Item = Self>) -> Self {
        Self(pieces.into_iter().map(|piece| piece.0).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

/// A sentence; what stood between back-ticks is code.
#[derive(Template)]
#[template(
    ext = "html",
    source = "{% for (code, text) in spans %}{% if *code %}<code>{{ text }}</code>{% else %}{{ text }}{% endif %}{% endfor %}"
)]
struct Sentence<'a> {
    spans: Vec<(bool, &'a str)>,
}

/// A sentence with its code.
pub fn sentence(text: &str) -> askama::Result<Markup> {
    Markup::of(&Sentence { spans: text::spans(text) })
}

/// Several, without those that say nothing.
pub fn sentences(texts: &[String]) -> askama::Result<Vec<Markup>> {
    texts.iter().filter(|text| !text.is_empty()).map(|text| sentence(text)).collect()
}

/// A mark beside a figure, and what it says to those who do not see it.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<span class="mark {{ class }}" role="img" aria-label="{{ words }}" title="{{ words }}">{{ glyph }}</span>"#
)]
struct Glyph {
    glyph: &'static str,
    class: &'static str,
    words: &'static str,
}

impl Tone {
    /// As `style.css` calls it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Quiet => "quiet",
            Self::Good => "good",
            Self::Bad => "bad",
        }
    }
}

/// A mark; nothing where it says nothing.
pub fn mark((glyph, tone): Mark) -> askama::Result<Markup> {
    if glyph.is_empty() {
        return Ok(Markup::default());
    }
    Markup::of(&Glyph { glyph, class: tone.class(), words: marks::words(glyph) })
}
