//! What the words of a draft mean: states, channels, directions, outcomes, kinds of events.
//!
//! Words that the reader knows by itself need no map. What no table knows is listed, most frequent first, for its user
//! to say.

use super::choose::Chosen;
use super::synonyms;
use super::{Rule, Seen, Taken};
use crate::input::cell;
use crate::input::vocabulary::{Vocabulary, Word};
use crate::interaction::TableKind;
use crate::notice::count;

/// Columns of few words.
pub const COLUMNS: &[&str] = &["status", "channel", "direction", "outcome", "kind"];
/// Words of headers that tell how all contacts of a file came, and how many of them must be there.
const TELLTALES: &[(&str, &[&str], usize)] = &[
    (
        "phone",
        &[
            "call", "calls", "caller", "ani", "dnis", "ivr", "talk", "ring", "ringing", "anruf", "appel", "llamada",
            "chamada", "chiamata",
        ],
        2,
    ),
    ("chat", &["chat", "visitor"], 1),
    ("email", &["mailbox", "cc", "bcc"], 2),
];

/// Take the columns of few words.
pub fn words(chosen: &mut Chosen) {
    for choice in chosen.choices_that(|choice| COLUMNS.contains(&choice.field.name)) {
        let (map, unknown) = meanings(&chosen.columns[choice.column], chosen.kind, choice.field.name);
        let why = match unknown.len() {
            0 => choice.likeness.words().to_owned(),
            n => format!("{}; {} not known", choice.likeness.words(), count(n, "word")),
        };
        let rule = Rule { map, unknown, ..Rule::of(chosen.columns[choice.column].column) };
        chosen.take(&choice, rule, why);
    }
    nobody(chosen);
    if chosen.kind == TableKind::Interactions {
        state_by_date(chosen);
        one_channel(chosen);
    }
}

/// Theirs and ours, and theirs without ours.
type Meanings = (Vec<(String, String)>, Vec<(String, usize)>);

/// What the words of a column mean, where the reader does not know it, and those that nobody knows.
fn meanings(seen: &Seen, table: TableKind, name: &str) -> Meanings {
    let (mut map, mut unknown) = (Vec::new(), Vec::new());
    let known = |word: &str| {
        let vocabulary = Vocabulary::of(table, name)?;
        if let Word::Known(ours) = vocabulary.read(word) { Some(ours) } else { None }
    };
    for (word, rows) in &seen.shape.few {
        let ours = match yes(seen, name) {
            Some(meant) if seen.shape.is_truth() => cell::flag(word).filter(|truth| *truth).map(|_| meant),
            _ if known(word).is_some() => continue,
            _ => synonyms::word(name, word).or_else(|| (name == "kind").then(|| change_into(word)).flatten()),
        };
        match ours {
            Some(ours) => map.push((word.clone(), ours.to_owned())),
            None => unknown.push((word.clone(), *rows)),
        }
    }
    (map, unknown)
}

/// What happened when a contact came into a state.
fn change_into(state: &str) -> Option<&'static str> {
    match synonyms::word("status", state)? {
        "open" => Some("opened"),
        same @ ("pending" | "resolved" | "closed" | "merged" | "deleted") => Some(same),
        _ => None,
    }
}

/// What yes means in a column of yes and no: its name, where that is one of our words.
pub fn yes(seen: &Seen, name: &str) -> Option<&'static str> {
    seen.words.every().find_map(|word| synonyms::word(name, &word))
}

/// Names that say that there is nobody, and 0 for a customer whom nobody knows.
fn nobody(chosen: &mut Chosen) {
    let people = ["agent", "team", "customer_id", "customer_crm_id"];
    for choice in chosen.choices_that(|choice| people.contains(&choice.field.name)) {
        let seen = &chosen.columns[choice.column];
        let missing: Vec<String> = match seen.shape.number {
            Some(_) => seen.shape.zero.then(|| "0".to_owned()).into_iter().collect(),
            None => seen.shape.nobodies.clone(),
        };
        let why = match missing.as_slice() {
            [] => choice.likeness.words().to_owned(),
            words => format!("{}; `{}` is nobody", choice.likeness.words(), words.join("`, `")),
        };
        let rule = Rule { missing, ..Rule::of(seen.column) };
        chosen.take(&choice, rule, why);
    }
}

/// Without a column of states, a date of the end is one.
fn state_by_date(chosen: &mut Chosen) {
    let taken = |name: &str| chosen.taken.iter().find(|taken| taken.field.name == name);
    let (None, Some(end)) = (taken("status"), taken("closed_at").or_else(|| taken("resolved_at"))) else { return };
    let word = if end.field.name == "closed_at" { "closed" } else { "resolved" };
    let map = [("*", word), ("", "open")].map(|(theirs, ours)| (theirs.to_owned(), ours.to_owned())).into();
    let rule = Rule { map, ..Rule { from: end.rule.from.clone(), nth: end.rule.nth, ..Rule::default() } };
    if let (Some(field), false) = (TableKind::Interactions.field("status"), rule.from.len() > 1) {
        let (example, why) =
            (end.example.clone(), format!("no column of states; a date of `{}` is an end", rule.from[0]));
        chosen.taken.push(Taken { field, rule, example, why, sure: false, others: Vec::new() });
    }
}

/// Without a column of channels, the names of the others may tell that all came in one way.
fn one_channel(chosen: &mut Chosen) {
    if chosen.taken.iter().any(|taken| taken.field.name == "channel") {
        return;
    }
    let tells = |(_, words, least): &&(&str, &[&str], usize)| {
        chosen.columns.iter().filter(|seen| seen.words.has_any(words)).count() >= *least
    };
    let (Some((channel, ..)), Some(field)) = (TELLTALES.iter().find(tells), TableKind::Interactions.field("channel"))
    else {
        return;
    };
    let rule = Rule { value: Some((*channel).to_owned()), ..Rule::default() };
    let why = "no column says it; the names of others do".to_owned();
    chosen.taken.push(Taken { field, rule, example: String::new(), why, sure: false, others: Vec::new() });
}
