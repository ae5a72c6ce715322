//! What a drafted profile takes each column of an export for, and why: the findings of `deskstat profile`.
//!
//! The profile itself is text for its user to change (`draft/text.rs`).

use super::{Report, Section, Table};
use crate::draft::{Draft, Left, Question, Taken};
use crate::interaction::TableKind;
use crate::notice::{count, shown};

/// So much of a value is shown.
const EXAMPLE: usize = 18;

/// The findings; `end` says how the file is read with the draft.
pub fn findings(draft: &Draft, end: Vec<String>) -> Report {
    let columns = draft.taken.iter().filter(|taken| taken.rule.value.is_none()).count();
    let rows = count(draft.rows, "row");
    let seen = if draft.whole { rows } else { format!("the first {rows}") };
    let taken = Table::worded(
        "taken",
        "",
        &[("taken", "Taken as"), ("column", "Column"), ("example", "Example"), ("why", "Why")],
        draft.taken.iter().map(taken),
    );
    let left = Table::worded(
        "left",
        "",
        &[("column", "Column"), ("example", "Example"), ("holds", "Holds")],
        draft.left.iter().map(left),
    );
    let section = |id: &str, title: &str, tables: Vec<Table>, summary: Vec<String>| Section {
        id: id.into(),
        title: title.into(),
        summary,
        tables: tables.into_iter().filter(|table| !table.rows.is_empty()).collect(),
        ..Section::default()
    };
    let all = [
        section("taken", "Taken", vec![taken], Vec::new()),
        section("asked", "For you to say", Vec::new(), questions(draft)),
        section("left", "Not read", vec![left], Vec::new()),
        section("read", "Read with it", Vec::new(), end),
    ];
    Report {
        title: format!("{}: {seen}, each {}", shown(&draft.file), noun(draft.kind)),
        subtitle: format!("{} taken, {} open", count(columns, "column"), count(draft.questions(), "question")),
        sections: all.into_iter().filter(|section| !section.tables.is_empty() || !section.summary.is_empty()).collect(),
        ..Report::default()
    }
}

const fn noun(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Interactions => "a contact",
        TableKind::Customers => "a customer",
        TableKind::Surveys => "an answer to a survey",
        TableKind::Orders => "an order",
        TableKind::Events => "an event",
    }
}

fn taken(taken: &Taken) -> Vec<String> {
    let from = taken.rule.from.join(" + ");
    let from = match &taken.rule.value {
        Some(value) if from.is_empty() => format!("always {value}"),
        _ => from,
    };
    let doubt = if taken.sure { "" } else { "? " };
    let others = match taken.others.len() {
        0 => String::new(),
        1 => format!("; or {}", taken.others[0]),
        more => format!("; or {} and {} more", taken.others[0], more - 1),
    };
    vec![taken.field.name.to_owned(), shown(&from), example(&taken.example), format!("{doubt}{}{others}", taken.why)]
}

fn left(left: &Left) -> Vec<String> {
    vec![shown(&left.header), example(&left.example), left.why.clone()]
}

fn questions(draft: &Draft) -> Vec<String> {
    let mut all: Vec<String> = draft.asked.iter().map(question).collect();
    if draft.read.day_order_open {
        let order =
            "Which comes first in its dates, day or month? Nothing is read until you say: day_order under [read].";
        all.insert(0, order.to_owned());
    }
    if let Some(called) = draft.unheaded.as_ref().and_then(|unheaded| unheaded.called.as_ref()) {
        all.push(format!("Nothing in it tells it from other files: it is known by its name, {}.", shown(called)));
    }
    if draft.unheaded.is_some() {
        all.push("The file has no line with the names of its columns: they are called column 1 and so on, and what stands in them is all that tells what they are. Give them better names in the profile.".to_owned());
    }
    if draft.log {
        all.push("Each number is taken for a contact, put together from its rows. Are the contacts in an export of their own too? Say in both profiles that their numbers are the same (system), or draft with --kind events.".to_owned());
    }
    if draft.doubtful {
        all.push("Little in it speaks of contacts. What is a row? --kind says it; or leave the file out.".to_owned());
    }
    all
}

fn question(question: &Question) -> String {
    let answers: Vec<&str> = question.answers.iter().map(|(_, meaning)| meaning.as_str()).collect();
    format!("{}: {} Take one: {}. Not read until you say.", question.field, question.what, answers.join("; or "))
}

fn example(text: &str) -> String {
    let inert = shown(text);
    let cut: String = inert.chars().take(EXAMPLE).collect();
    if cut.len() < inert.len() { format!("{cut}…") } else { cut }
}
