//! Tables of changes, as warehouses and trackers keep them: one row a field of a record that changed, with what it became.
//!
//! Only what became of the state tells what happened; rows of other fields are ignored by the profile, and counted. That
//! a row is an event at all is told in `kind.rs`.

use super::Seen;
use super::choose::Chosen;
use super::shape::Shape;
use super::synonyms::{Likeness, Words};
use crate::interaction::TableKind;

/// What the column of the field is called, in words.
const FIELDS: &[&str] =
    &["field", "field name", "fieldname", "changed field", "attribute", "property", "feld", "champ", "campo", "veld"];
/// What the column of its new value is called.
const VALUES: &[&str] = &[
    "value",
    "new value",
    "newvalue",
    "to",
    "to string",
    "new",
    "changed to",
    "neuer wert",
    "wert",
    "nouvelle valeur",
    "valor",
    "valor nuevo",
    "novo valor",
    "valore",
    "nuovo valore",
    "nieuwe waarde",
];

/// Which columns are what.
#[derive(Debug)]
pub struct Changes {
    pub field: usize,
    pub value: usize,
    /// Names of the state, as the column of the field has them.
    pub states: Vec<String>,
}

/// The changes that rows are, if they are.
pub fn of(columns: &[Seen]) -> Option<Changes> {
    let called = |names: &[&str]| {
        let is = |seen: &Seen| seen.words.every().next().is_some_and(|words| names.contains(&words.as_str()));
        columns.iter().position(|seen| seen.shape.filled > 0 && is(seen))
    };
    let (field, value) = (called(FIELDS)?, called(VALUES)?);
    let is_state = |word: &str| {
        let like = Words::of(word).like(TableKind::Interactions, "status");
        like.is_some_and(|(likeness, _)| likeness == Likeness::Named)
    };
    let few = columns[field].shape.few.iter().map(|(word, _)| word);
    let states: Vec<String> = few.filter(|word| is_state(word)).cloned().collect();
    (!states.is_empty()).then_some(Changes { field, value, states })
}

impl Changes {
    /// Of the new values only states are looked at.
    pub fn settle(&self, columns: &mut [Seen]) {
        let (fields, values) = (&columns[self.field].column.values, &columns[self.value].column.values);
        let is_state = |field: &String| self.states.iter().any(|state| state == field.trim());
        let pairs = fields.iter().zip(values);
        let states: Vec<String> =
            pairs.map(|(field, value)| if is_state(field) { value.clone() } else { String::new() }).collect();
        columns[self.value].shape = Shape::of(&states);
    }
    /// The new value says what happened; which field it is of chooses the rows.
    pub fn choose(&self, chosen: &mut Chosen) {
        chosen.give("kind", self.value);
        let why = format!("which field changed; rows of `{}` are read", self.states.join("`, `"));
        chosen.leave(self.field, why);
    }
}
