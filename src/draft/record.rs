//! Which column is the number of a row, and what it means where numbers come again.

use super::choose::{Choice, Chosen};
use super::synonyms::Likeness;
use super::{Question, Read, Rule};
use crate::interaction::TableKind;
use crate::notice::{count, thousands};
use std::collections::BTreeSet;

/// Take the number of a row; say what there is instead.
pub fn number(chosen: &mut Chosen, read: &mut Read) {
    match chosen.kind {
        TableKind::Interactions => of_contacts(chosen, read),
        TableKind::Orders if !chosen.choices.iter().any(|choice| choice.field.name == "order_id") => {
            read.row = Some("the file has no number of an order".to_owned());
        }
        _ => {}
    }
}

fn of_contacts(chosen: &mut Chosen, read: &mut Read) {
    let Some(field) = chosen.kind.field("interaction_id") else { return };
    let mut all: Vec<_> = chosen.candidates(field).filter(|(likeness, ..)| *likeness < Likeness::Has).collect();
    all.sort_unstable();
    let is_unique = |column: usize| chosen.columns[column].shape.is_unique();
    let unique: Vec<_> = all.iter().copied().filter(|(.., column)| is_unique(*column)).collect();
    match (unique.first(), all.first()) {
        (Some(&(likeness, _, column)), _) => {
            free(chosen, column);
            let others = unique.iter().skip(1).map(|(.., column)| *column).collect();
            let rule = Rule::of(chosen.columns[column].column);
            let why = format!("{}; every row has its own", likeness.words());
            chosen.take(&Choice { field, column, likeness, others }, rule, why);
            shared(chosen);
        }
        (None, Some(&(likeness, _, column))) => {
            free(chosen, column);
            let choice = Choice { field, column, likeness, others: Vec::new() };
            repeated(chosen, read, &choice);
        }
        (None, None) => read.row = Some("the file has no number of a row".to_owned()),
    }
}

/// The number comes before whatever else the column was taken for.
fn free(chosen: &mut Chosen, column: usize) {
    chosen.choices.retain(|choice| choice.column != column);
    chosen.set_used(column, true);
}

/// A number that does not tell rows apart: versions of one record where the time of the change does, else a question.
fn repeated(chosen: &mut Chosen, read: &mut Read, choice: &Choice) {
    let seen = &chosen.columns[choice.column];
    let (header, shape) = (seen.column.name.clone(), &seen.shape);
    let rule = Rule::of(seen.column);
    if shape.distinct == shape.filled {
        let why = format!(
            "{}; {} rows have none and are left out",
            choice.likeness.words(),
            thousands((shape.rows - shape.filled) as u64)
        );
        return chosen.take(choice, rule, why);
    }
    let updated = chosen.choices.iter().find(|other| other.field.name == "updated_at").map(|other| other.column);
    if let Some(updated) = updated {
        let (ids, times) = (&seen.column.values, &chosen.columns[updated].column.values);
        let pairs: BTreeSet<_> = ids.iter().zip(times).collect();
        if pairs.len() * 20 >= shape.rows * 19 {
            let why = format!("{}; of several versions the last change counts", choice.likeness.words());
            return chosen.take(choice, rule, why);
        }
    }
    read.row = Some(format!("`{header}` comes again"));
    let what = format!(
        "`{header}` does not tell rows apart ({} of them in {}): what is a row? As it stands, each is a contact of its own.",
        thousands(shape.distinct as u64),
        count(shape.rows, "row")
    );
    let answer = |field, meaning: &str| (vec![(field, rule.clone())], meaning.to_owned());
    let answers = vec![
        answer("interaction_id", "a copy of one record: the latest counts"),
        answer("case_id", "a part of one contact, such as a leg or a message: they are put together"),
    ];
    chosen.asked.push(Question { header, field: "case_id", what, answers });
}

/// A second number that several rows share may be of one case.
fn shared(chosen: &mut Chosen) {
    let Some(field) = chosen.kind.field("case_id") else { return };
    let mut all: Vec<_> = chosen.candidates(field).filter(|(likeness, ..)| *likeness == Likeness::Named).collect();
    all.sort_unstable();
    let repeats = |column: usize| {
        let shape = &chosen.columns[column].shape;
        shape.distinct < shape.filled && shape.distinct * 2 > shape.filled
    };
    let Some(&(.., column)) = all.iter().find(|(.., column)| !chosen.is_used(*column) && repeats(*column)) else {
        return;
    };
    let seen = &chosen.columns[column];
    let header = seen.column.name.clone();
    let what = format!("Some rows share one `{header}`: are these parts of one contact, such as legs of a call?");
    let answers = vec![(vec![("case_id", Rule::of(seen.column))], "yes: they are put together".to_owned())];
    chosen.asked.push(Question { header, field: "case_id", what, answers });
}
