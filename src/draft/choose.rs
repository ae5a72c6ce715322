//! Which column is taken for which canonical one: the best name whose values fit, each column for one thing.

use super::moment::Moment;
use super::shape::Shape;
use super::synonyms::{self, Likeness};
use super::{Left, Question, Rule, Seen, Taken, unheaded};
use crate::columns::{Field, Kind};
use crate::input::profile::Shape as Form;
use crate::interaction::TableKind;
use crate::notice::count;

/// Columns that are told by more than their names: the row's number and what it is part of.
const NUMBERS: &[&str] = &["interaction_id", "case_id"];
/// Columns that are made, or that no name can be trusted with.
const NEVER: &[&str] = &[
    "customer",
    "file",
    "line",
    "by_day",
    "source",
    "segments",
    "csat_scale",
    "csat_top",
    "ces_scale",
    "ces_high_is_easy",
    "scale",
    "top",
    "high_is_easy",
    "touchpoint",
    "first_resolved_at",
];
/// Words of headers that say what they are, though nobody knows what stands below them.
const SAY_SO: &[&str] =
    &["status", "statut", "situacao", "channel", "canal", "kanal", "canale", "kanaal", "bearbeitungsstand"];
/// A profile is known by so many headers.
const FINGERPRINT: usize = 8;
/// More different words are no topics.
const TOPICS: usize = 200;
/// Longer ones are prose.
const PROSE: usize = 80;
/// More is no count.
const COUNT: f64 = 100_000.0;
/// More than any list of names is long.
const ROUGH: usize = 1_000;

/// A field with the columns that may be it, the likeliest first.
#[derive(Debug)]
pub struct Choice {
    pub field: &'static Field,
    pub column: usize,
    pub likeness: Likeness,
    /// Further columns that may be it.
    pub others: Vec<usize>,
}

/// Who is taken for what, and what has come of it so far.
pub struct Chosen<'s, 'g> {
    pub columns: &'s [Seen<'g>],
    pub kind: TableKind,
    pub choices: Vec<Choice>,
    pub taken: Vec<Taken>,
    pub asked: Vec<Question>,
    pub left: Vec<Left>,
    /// What places a row may be day first or month first.
    pub day_order_open: bool,
    /// The file has no header: names say nothing.
    unheaded: bool,
    used: Vec<bool>,
}

impl<'s, 'g> Chosen<'s, 'g> {
    pub fn new(columns: &'s [Seen<'g>], kind: TableKind, unheaded: bool) -> Self {
        let (taken, asked, left) = (Vec::new(), Vec::new(), Vec::new());
        let mut chosen = Self {
            columns,
            kind,
            choices: Vec::new(),
            taken,
            asked,
            left,
            day_order_open: false,
            unheaded,
            used: vec![false; columns.len()],
        };
        let mut candidates = Vec::new();
        // What has happened does not change: the time of a change is the event's own.
        let is_never = |name: &str| NEVER.contains(&name) || kind == TableKind::Events && name == "updated_at";
        let fields = kind.fields().iter().filter(|field| !is_never(field.name));
        for field in fields.filter(|field| !NUMBERS.contains(&field.name) || kind != TableKind::Interactions) {
            candidates.extend(chosen.candidates(field).map(|(likeness, rank, column)| (likeness, rank, column, field)));
        }
        candidates.sort_by_key(|(likeness, rank, column, _)| (*likeness, *rank, *column));
        for (likeness, _, column, field) in candidates {
            match chosen.choices.iter_mut().find(|choice| choice.field.name == field.name) {
                Some(choice) => choice.others.push(column),
                None if !chosen.used[column] => {
                    chosen.used[column] = true;
                    chosen.choices.push(Choice { field, column, likeness, others: Vec::new() });
                }
                None => {}
            }
        }
        chosen
    }

    /// The columns that may be a field.
    pub fn candidates(&self, field: &'static Field) -> impl Iterator<Item = (Likeness, usize, usize)> {
        let (kind, columns, unheaded) = (self.kind, self.columns, self.unheaded);
        columns.iter().enumerate().filter(|(_, seen)| seen.shape.filled > 0).filter_map(move |(at, seen)| {
            let shown = || unheaded::says(seen, field.name).then_some((Likeness::Shown, 0));
            let (likeness, rank) = if unheaded { shown()? } else { seen.words.like(kind, field.name)? };
            // Of customers a bare name or address is theirs.
            let likeness = match likeness {
                Likeness::Maybe if kind == TableKind::Customers => Likeness::Named,
                other => other,
            };
            // Of two moments the one with a time of day says more.
            let is_rough = |moment: &Moment| moment.day_only;
            let rough = field.kind == Kind::Instant && seen.shape.moment.as_ref().is_none_or(is_rough);
            let rank = if rough { rank + ROUGH } else { rank };
            fits(seen, kind, field.name, likeness).then_some((likeness, rank, at))
        })
    }

    /// Choose a column for a field, whatever names say.
    pub fn give(&mut self, field: &str, column: usize) {
        let Some(field) = self.kind.field(field) else { return };
        self.choices.retain(|choice| choice.column != column && choice.field.name != field.name);
        self.used[column] = true;
        self.choices.push(Choice { field, column, likeness: Likeness::Named, others: Vec::new() });
    }

    /// Read nothing from a column, for a reason of its own.
    pub fn leave(&mut self, column: usize, why: String) {
        self.choices.retain(|choice| choice.column != column);
        self.used[column] = true;
        let seen = &self.columns[column];
        self.left.push(Left { header: seen.column.name.clone(), example: seen.shape.example.clone(), why });
    }

    /// The choice of a field, taken out.
    pub fn choice(&mut self, field: &str) -> Option<Choice> {
        let at = self.choices.iter().position(|choice| choice.field.name == field)?;
        Some(self.choices.remove(at))
    }

    /// The choices that are something, taken out.
    pub fn choices_that(&mut self, are: impl Fn(&Choice) -> bool) -> Vec<Choice> {
        let (taken, rest) = std::mem::take(&mut self.choices).into_iter().partition(are);
        self.choices = rest;
        taken
    }

    pub fn is_used(&self, column: usize) -> bool {
        self.used[column]
    }

    pub fn set_used(&mut self, column: usize, used: bool) {
        self.used[column] = used;
    }

    /// The headers of columns that nothing else is made of.
    pub fn names_of(&self, columns: &[usize]) -> Vec<String> {
        let free = columns.iter().filter(|&&column| !self.used[column]);
        free.map(|&column| self.columns[column].column.name.clone()).collect()
    }

    /// Take a choice as this rule says.
    pub fn take(&mut self, choice: &Choice, rule: Rule, why: impl Into<String>) {
        let example = self.columns[choice.column].shape.example.clone();
        let others = self.names_of(&choice.others);
        let sure = choice.likeness < Likeness::Maybe;
        self.taken.push(Taken { field: choice.field, rule, example, why: why.into(), sure, others });
    }

    /// Everything that needs no second look, and then what is left.
    pub fn rest(&mut self) {
        for choice in std::mem::take(&mut self.choices) {
            let rule = Rule::of(self.columns[choice.column].column);
            let why = choice.likeness.words();
            self.take(&choice, rule, why);
        }
        for (seen, _) in self.columns.iter().zip(&self.used).filter(|(_, used)| !**used) {
            let header = seen.column.name.clone();
            let other = self.taken.iter().find(|taken| taken.others.contains(&header)).map(|taken| taken.field.name);
            let why = match other {
                _ if self.asked.iter().any(|question| question.header == header) => continue,
                Some(field) => format!("may be {field} too"),
                None => noun(&seen.shape),
            };
            self.left.push(Left { header, example: seen.shape.example.clone(), why });
        }
    }

    /// Headers by which the file is known again: those that are read first of all.
    pub fn fingerprint(&self, form: Form) -> Vec<String> {
        let is_read = |name: &String| self.taken.iter().any(|taken| taken.rule.from.contains(name));
        let fits = |seen: &&Seen| !seen.column.name.is_empty() && seen.column.nth.is_none() && seen.column.always;
        let name = |seen: &Seen| seen.column.name.clone();
        let (read, unread): (Vec<String>, Vec<String>) = self.columns.iter().filter(fits).map(name).partition(is_read);
        let mut headers: Vec<String> = read.into_iter().chain(unread).take(FINGERPRINT).collect();
        if headers.is_empty() && form == Form::Json {
            headers.extend(self.columns.iter().take(1).map(name));
        }
        headers
    }

    /// All that came of it, in the table's order.
    pub fn done(mut self) -> (Vec<Taken>, Vec<Question>, Vec<Left>) {
        let kind = self.kind;
        self.taken.sort_by_key(|taken| kind.position(taken.field.name));
        (self.taken, self.asked, self.left)
    }
}

impl Likeness {
    /// Why a column is taken for what it is.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Named => "by its name",
            Self::Within => "by the end of its name",
            Self::Maybe => "by its name, which may mean something else",
            Self::Shown => "by what stands in it",
            Self::Has => "by part of its name",
        }
    }
}

/// What a column holds, in a few words.
pub fn noun(shape: &Shape) -> String {
    if shape.filled == 0 {
        return "empty".to_owned();
    }
    match shape {
        _ if shape.email => "e-mail addresses".to_owned(),
        _ if shape.is_dated() => "dates".to_owned(),
        _ if shape.clock || shape.length.is_some() => "times or lengths of time".to_owned(),
        _ if shape.flag => "yes or no".to_owned(),
        _ if shape.number.is_some() => "numbers".to_owned(),
        _ if shape.is_few_words() => count(shape.distinct, "word"),
        _ => "text".to_owned(),
    }
}

/// Whether what stands in a column can be what its name says.
pub fn fits(seen: &Seen, table: TableKind, name: &str, likeness: Likeness) -> bool {
    let shape = &seen.shape;
    let Some(field) = table.field(name) else { return false };
    let within = |least: f64, most: f64| shape.number.is_some_and(|n| n.least >= least && n.most <= most);
    match name {
        "customer_email" => shape.email,
        "customer_phone" => shape.phone && !shape.is_dated(),
        "customer_name" => shape.is_words() && !shape.phone && !shape.flag,
        "status" | "channel" | "direction" | "outcome" | "kind" => words_fit(seen, name, likeness),
        "topic" => shape.is_words() && shape.distinct <= TOPICS && shape.characters <= PROSE && shape.comes_again(),
        "priority" => shape.is_plain() && shape.distinct <= 12,
        "agent" | "team" | "segment" | "plan" | "actor" | "actor_kind" | "tags" => shape.is_plain(),
        "nps" => within(0.0, 10.0) && shape.number.is_some_and(|n| n.whole),
        "csat" => within(0.0, 100.0) || super::scores::verdicts(shape).is_some(),
        "ces" => within(0.0, 10.0),
        _ => fits_kind(shape, field.kind, likeness),
    }
}

/// Whether values can be of a kind.
fn fits_kind(shape: &Shape, kind: Kind, likeness: Likeness) -> bool {
    match kind {
        Kind::Word | Kind::Text => shape.is_plain() && shape.characters <= PROSE,
        Kind::Instant => shape.is_dated() || (shape.moment.is_some() && likeness < Likeness::Has) || shape.clock,
        Kind::Duration => !shape.is_dated() && (shape.length.is_some() || shape.number.is_some()),
        Kind::Count => shape.number.is_some_and(|n| n.whole && n.least >= 0.0 && n.most < COUNT),
        Kind::Number => shape.number.is_some() && !shape.is_dated(),
        Kind::Flag => shape.is_truth(),
    }
}

/// Whether words are those of a column of few: enough of them are known, or its name leaves no doubt.
fn words_fit(seen: &Seen, name: &str, likeness: Likeness) -> bool {
    let shape = &seen.shape;
    if shape.few.is_empty() || shape.is_dated() || shape.email {
        return false;
    }
    if shape.is_truth() {
        return likeness == Likeness::Named && super::words::yes(seen, name).is_some();
    }
    let known = |column: &str| {
        let known = shape.few.iter().filter(|(word, _)| synonyms::word(column, word).is_some());
        known.map(|(_, count)| count).sum::<usize>()
    };
    let many = |column: &str| known(column) * 5 >= shape.filled * 2;
    let says_so = matches!(name, "status" | "channel") && seen.words.has_any(SAY_SO);
    let doubtless = likeness <= Likeness::Within && shape.is_few_words() && (says_so || known(name) > 0);
    many(name) || (doubtless && !super::words::COLUMNS.iter().any(|other| many(other)))
}
