//! What an unknown export seems to be → a profile that reads it, for its user to look at and to change.
//!
//! The line is `shape` and `moment` (what stands in each column) → `kind` (what a row is; `changes`: of tables of them) →
//! `choose` (which column is taken for what; `unheaded`: where no header says it) → `record` (what the row's number is),
//! `time` (how moments and lengths of time are read) and `words` (what words mean) → `text` (the profile's). Names in
//! several languages are `synonyms.toml`. What the file leaves open is asked and never guessed: day or month, a unit, a
//! scale, a direction. What exports that are read show of a company becomes settings to begin with in `settings`.

mod changes;
mod choose;
mod kind;
mod moment;
mod record;
mod scores;
mod settings;
mod shape;
mod synonyms;
mod text;
mod time;
mod unheaded;
mod words;

#[cfg(test)]
mod properties;

pub use settings::{Shown, settings};
pub use text::text;

use crate::columns::Field;
use crate::input::glance::{self, Glance};
use crate::input::profile::Shape as Form;
use crate::interaction::TableKind;
use changes::Changes;
use choose::Chosen;
use shape::Shape;
use synonyms::Words;
use unheaded::Unheaded;

/// A profile in the making.
#[derive(Debug)]
pub struct Draft {
    pub name: String,
    pub file: String,
    pub rows: usize,
    /// All rows of the file were looked at.
    pub whole: bool,
    pub form: Form,
    /// JSON: the key under which the records lie.
    pub records: Option<String>,
    pub kind: TableKind,
    /// Little speaks for what its rows are taken for.
    pub doubtful: bool,
    /// Headers or paths by which the file is known; none where it has no header.
    pub detect: Vec<String>,
    pub unheaded: Option<Unheaded>,
    pub read: Read,
    /// A column, and what it holds in rows that are read; the others are ignored.
    pub only: Option<(String, Vec<String>)>,
    /// Rows of one number are a contact and what happened to it.
    pub log: bool,
    /// In the order of the table's columns.
    pub taken: Vec<Taken>,
    pub asked: Vec<Question>,
    pub left: Vec<Left>,
}

/// What `[read]` says.
#[derive(Debug, Default)]
pub struct Read {
    pub missing: Vec<String>,
    pub time_zone: Option<String>,
    /// Dates may be day first or month first, and nothing can be read before somebody says it.
    pub day_order_open: bool,
    /// Moments carry no zone, and nothing names one.
    pub zone_open: bool,
    /// Why rows have no number of their own, where they have none.
    pub row: Option<String>,
    /// There is no moment that places a row.
    pub undated: bool,
}

/// A canonical column and what it is read from.
#[derive(Debug)]
pub struct Taken {
    pub field: &'static Field,
    pub rule: Rule,
    pub example: String,
    /// Why it is taken for that.
    pub why: String,
    /// Nothing else is likely.
    pub sure: bool,
    /// Other headers that may be meant.
    pub others: Vec<String>,
}

/// One rule of a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    pub from: Vec<String>,
    pub nth: Option<usize>,
    pub join: bool,
    pub format: Vec<String>,
    pub missing: Vec<String>,
    pub rollover: Option<&'static str>,
    pub unit: Option<&'static str>,
    pub value: Option<String>,
    /// Theirs → ours.
    pub map: Vec<(String, String)>,
    /// Words whose meaning is not known, with how often they occur.
    pub unknown: Vec<(String, usize)>,
}

/// What the file leaves open.
#[derive(Debug)]
pub struct Question {
    pub header: String,
    pub field: &'static str,
    pub what: String,
    /// The lines of the profile that answer it, and what each means.
    pub answers: Vec<(Vec<(&'static str, Rule)>, String)>,
}

/// A column that nothing is read from.
#[derive(Debug)]
pub struct Left {
    pub header: String,
    pub example: String,
    pub why: String,
}

/// One column of the file with all that is known of it.
#[derive(Debug)]
struct Seen<'g> {
    column: &'g glance::Column,
    words: Words,
    shape: Shape,
}

impl Rule {
    fn of(column: &glance::Column) -> Self {
        Self { from: vec![column.name.clone()], nth: column.nth, ..Self::default() }
    }
}

impl Draft {
    /// What a file seems to be, under this name; its rows are of this table, where the user says so.
    pub fn new(glance: &Glance, name: String, said: Option<TableKind>) -> Self {
        let seen = |column| Seen { column, words: Words::of(&column.name), shape: Shape::of(&column.values) };
        let mut columns: Vec<Seen> = glance.columns.iter().map(seen).collect();
        time::settle_orders(&mut columns);
        let kind = said.unwrap_or_else(|| kind::of(&columns));
        let changes = changes::of(&columns).filter(|_| kind == TableKind::Events);
        if let Some(changes) = &changes {
            changes.settle(&mut columns);
        }
        let mut read = Read { missing: placeholders(&columns), ..Read::default() };
        let chosen = chosen(&columns, kind, (glance.unheaded, changes.as_ref()), &mut read);
        let detect = if glance.unheaded { Vec::new() } else { chosen.fingerprint(glance.shape) };
        let (taken, asked, left) = chosen.done();
        let has = |name: &str| taken.iter().any(|taken: &Taken| taken.field.name == name);
        let log = said.is_none() && kind == TableKind::Events && has("interaction_id") && has("at");
        let doubtful = said.is_none() && kind == TableKind::Interactions && kind::is_doubtful(&taken);
        Self {
            doubtful,
            name,
            file: glance.file.clone(),
            rows: glance.rows,
            whole: glance.whole,
            form: glance.shape,
            records: glance.records.clone(),
            kind,
            detect,
            unheaded: glance.unheaded.then(|| Unheaded::of(&columns, &glance.file)),
            read,
            only: changes.map(|changes| (columns[changes.field].column.name.clone(), changes.states)),
            log,
            taken,
            asked,
            left,
        }
    }
}

impl Draft {
    /// How much the file leaves open.
    pub fn questions(&self) -> usize {
        self.asked.len() + usize::from(self.read.day_order_open)
    }
}

/// Which column is taken for what, and how each is read.
fn chosen<'s, 'g>(
    columns: &'s [Seen<'g>],
    kind: TableKind,
    (unheaded, changes): (bool, Option<&Changes>),
    read: &mut Read,
) -> Chosen<'s, 'g> {
    let mut chosen = Chosen::new(columns, kind, unheaded);
    if let Some(changes) = changes {
        changes.choose(&mut chosen);
    }
    record::number(&mut chosen, read);
    time::moments(&mut chosen, read);
    time::lengths(&mut chosen);
    scores::scores(&mut chosen);
    words::words(&mut chosen);
    chosen.rest();
    chosen
}

/// What stands in the place of nothing, anywhere in the file.
fn placeholders(columns: &[Seen]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for placeholder in columns.iter().flat_map(|seen| &seen.shape.placeholders) {
        if !all.iter().any(|known| known.eq_ignore_ascii_case(placeholder)) {
            all.push(placeholder.clone());
        }
    }
    all
}
