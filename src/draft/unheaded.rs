//! Files without a line of names: what stands in a column is all that tells what it is, and what the file is known by.
//!
//! Only what values show by themselves is taken: addresses, dates, known words, numbers of rows. What a length of time or
//! a name is of, they do not show. Where nothing in the file tells it from others, its name must. Made-up names of columns come from
//! `input/glance.rs`.

use super::Seen;
use crate::input::phone::{self, Phone};

/// So many rows at the top are what the reader looks at.
const ROWS: usize = 20;
/// A file is known by so many columns.
const TOLD_BY: usize = 4;
/// More words in a column than these are not closed.
const CLOSED: usize = 8;

/// What stands in the place of a header.
#[derive(Debug)]
pub struct Unheaded {
    /// Made-up names of the columns, with a value of each.
    pub names: Vec<(String, String)>,
    /// What most rows hold: columns, and the patterns of their values.
    pub told_by: Vec<(String, Vec<String>)>,
    /// Where no column has a shape of its own: what the file is called, as a pattern.
    pub called: Option<String>,
}

impl Unheaded {
    pub(super) fn of(columns: &[Seen], file: &str) -> Self {
        let named = |seen: &Seen| (seen.column.name.clone(), seen.shape.example.clone());
        let told_by = told_by(columns);
        let called = told_by.is_empty().then(|| called(file));
        Self { names: columns.iter().map(named).collect(), told_by, called }
    }
}

/// Whether values may be a canonical column's, without any name; what speaks against it, `choose.rs` knows.
pub fn says(seen: &Seen, field: &str) -> bool {
    match field {
        "customer_email" | "status" | "channel" | "direction" | "outcome" => true,
        "customer_phone" => is_phone(seen),
        "interaction_id" => is_number_of_rows(seen),
        _ => false,
    }
}

/// Numbers that are written as phones are; bare digits may be anything.
fn is_phone(seen: &Seen) -> bool {
    let is = |value: &&String| value.starts_with(['+', '(']) && matches!(phone::clean(value, None), Phone::Key(_));
    let filled = || seen.column.values.iter().filter(|value| !value.trim().is_empty());
    filled().filter(is).count() * 2 > filled().count()
}

fn is_number_of_rows(seen: &Seen) -> bool {
    let shape = &seen.shape;
    let of_one_word =
        |value: &String| value.bytes().any(|byte| byte.is_ascii_digit()) && !value.contains([' ', '@', ':']);
    let whole = shape.number.is_none_or(|number| number.whole && number.least >= 0.0);
    shape.is_unique() && whole && !shape.is_dated() && !is_phone(seen) && seen.column.values.iter().all(of_one_word)
}

/// By what the first columns that have a shape hold.
fn told_by(columns: &[Seen]) -> Vec<(String, Vec<String>)> {
    columns.iter().filter_map(|seen| Some((seen.column.name.clone(), patterns(seen)?))).take(TOLD_BY).collect()
}

/// `in/calls 2026-11.csv` → `calls *-*.csv`: next month's has other digits.
fn called(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    let pattern = glob::Pattern::escape(name);
    let (stem, _) = name.rsplit_once('.').unwrap_or((name, ""));
    if !stem.contains(char::is_alphabetic) {
        return pattern;
    }
    let mut called = String::new();
    for c in pattern.chars() {
        match c {
            '0'..='9' => called.extend((!called.ends_with('*')).then_some('*')),
            c => called.push(c),
        }
    }
    called
}

/// The patterns that most of the first values fit, where they say something.
fn patterns(seen: &Seen) -> Option<Vec<String>> {
    let first = &seen.column.values[..seen.column.values.len().min(ROWS)];
    let most = |count: usize| count * 2 > first.len();
    if seen.shape.email {
        return most(first.iter().filter(|value| value.contains('@')).count()).then(|| vec!["*@*".to_owned()]);
    }
    if seen.shape.is_dated() || seen.shape.clock || seen.shape.length.is_some() {
        let outline = outline(&seen.shape.example);
        let same = first.iter().filter(|value| self::outline(value) == outline).count();
        return (most(same) && outline.contains(|c| c != '*' && c != ' ')).then(|| vec![outline]);
    }
    let words = || seen.shape.few.iter().map(|(word, _)| word.clone());
    let shape = &seen.shape;
    // What comes twice on average comes again next week.
    let is_closed = shape.is_few_words() && shape.distinct <= CLOSED && shape.distinct * 2 <= shape.filled;
    let known = first.iter().filter(|value| words().any(|word| word == value.trim())).count();
    let is_pattern = words().any(|word| word.contains('*'));
    (is_closed && !is_pattern && most(known)).then(|| words().collect())
}

/// `2026-03-02 09:15` → `*-*-* *:*`
fn outline(value: &str) -> String {
    let mut outline = String::new();
    for c in value.trim().chars() {
        match c {
            c if c.is_alphanumeric() || c == '*' => outline.extend((!outline.ends_with('*')).then_some('*')),
            c => outline.push(c),
        }
    }
    outline
}
