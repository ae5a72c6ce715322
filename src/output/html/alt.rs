//! What a drawing says to those who do not see it: what it is of, and in a sentence what it shows.

use super::Page;
use super::markup::Markup;
use crate::report::text;
use crate::report::{Column, Unit};
use askama::Template;
use jiff::tz::TimeZone;

/// The words of one drawing.
pub struct Alt {
    /// By this number the drawing refers to its words.
    nth: usize,
    pub title: String,
    pub shows: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<title id="t{{ alt.nth }}">{{ alt.title }}</title><desc id="d{{ alt.nth }}">{{ alt.shows }}</desc>"#
)]
struct Said<'a> {
    alt: &'a Alt,
}

impl Alt {
    /// The words of the next drawing of the page; the parts of what it shows that there are, as one sentence.
    pub fn new(page: &Page, title: String, shows: impl IntoIterator<Item = Option<String>>) -> Self {
        let nth = page.drawings.get() + 1;
        page.drawings.set(nth);
        let shows: Vec<String> = shows.into_iter().flatten().collect();
        Self { nth, title, shows: shows.join("; ") }
    }

    /// What `aria-labelledby` holds.
    pub fn ids(&self) -> String {
        format!("t{0} d{0}", self.nth)
    }

    pub fn markup(&self) -> askama::Result<Markup> {
        Markup::of(&Said { alt: self })
    }
}

/// A figure as words.
pub fn read(figure: f64, unit: Unit) -> String {
    text::figure(figure, unit, &TimeZone::UTC).trimmed().to_string()
}

/// `target 80 %`
pub fn target(goal: Option<f64>, column: &Column) -> Option<String> {
    goal.map(|goal| format!("target {}", read(goal, column.unit)))
}

/// `without a figure: 3 of 7`
pub fn gaps(known: usize, all: usize) -> Option<String> {
    (known < all).then(|| format!("without a figure: {} of {all}", all - known))
}
