//! A draft as the text of a profile: what is taken, and as comments what else may be meant and what must be said.
//!
//! The text is read by the same reader as any profile (`input/library.rs`). Texts of the export stand in quotes of one
//! line, whatever is in them.

use super::unheaded::Unheaded;
use super::{Draft, Question, Rule, Taken};
use crate::input::profile::Shape as Form;
use crate::interaction::TableKind;
use crate::notice::{count, inert_whole, shown};
use crate::quote::{list, quoted};

/// What a log is taken for.
const LOG: &[&str] = &[
    "# Each number is a contact, put together from its rows. Where contacts have an export of their own too, say in both",
    "# profiles that their numbers are the same; or draft anew with --kind events, for events of theirs and nothing else.",
    "fold = \"events\"",
    "# system = \"our-desk\"",
];

/// The profile's text.
pub fn text(draft: &Draft) -> String {
    let mut out = String::new();
    head(draft, &mut out);
    read(draft, &mut out);
    columns(draft, &mut out);
    let longer = draft.taken.iter().filter(|taken| is_long(&taken.rule));
    longer.for_each(|taken| table(taken, if draft.log { "events" } else { "columns" }, &mut out));
    foot(draft, &mut out);
    out
}

fn head(draft: &Draft, out: &mut String) {
    let seen = if draft.whole { "" } else { "the first " };
    let rows = count(draft.rows, "row");
    line(
        out,
        &format!("# Drafted from {seen}{rows} of `{}`: look at it, and change what is wrong.", shown(&draft.file)),
    );
    if draft.questions() > 0 {
        line(
            out,
            "# Lines with a question mark ask what the file leaves open; take away the # of the line that answers.",
        );
    }
    if draft.doubtful {
        line(out, "# ? Little in it speaks of contacts. What is a row? --kind says it; or leave the file out.");
    }
    line(out, &format!("name = {}", quoted(&draft.name)));
    line(out, &format!("title = {}", quoted(&format!("{}, drafted", draft.file))));
    if draft.log {
        LOG.iter().for_each(|text| line(out, text));
    } else if draft.kind != TableKind::Interactions {
        line(out, &format!("kind = {}", quoted(draft.kind.name())));
    }
    line(out, "\n[detect]");
    if draft.form == Form::Json {
        line(out, "shape = \"json\"");
    }
    if let Some(records) = &draft.records {
        line(out, &format!("records = {}", quoted(records)));
    }
    match &draft.unheaded {
        Some(columns) => unheaded(columns, out),
        None => line(out, &format!("headers = {}", list(&draft.detect))),
    }
}

/// What the columns of a file without a header are called, and what it is told by.
fn unheaded(columns: &Unheaded, out: &mut String) {
    line(out, "# The file has no line with the names of its columns. Give them better ones, here and below.");
    line(out, "names = [");
    for (name, example) in &columns.names {
        line(out, &format!("  {}, # {}", quoted(name), shown(example)));
    }
    line(out, "]");
    if let Some(called) = &columns.called {
        line(out, &format!("files = [{}] # nothing in it tells it from other files; * is anything", quoted(called)));
        return;
    }
    line(out, "rows = [ # what most of its first rows hold");
    for (name, is) in &columns.told_by {
        line(out, &format!("  {{ from = {}, is = {} }},", quoted(name), list(is)));
    }
    line(out, "]");
}

fn read(draft: &Draft, out: &mut String) {
    let read = &draft.read;
    let mut lines = Vec::new();
    if !read.missing.is_empty() {
        lines.push(format!("missing = {} # cells that stand for nothing", list(&read.missing)));
    }
    if let Some(zone) = &read.time_zone {
        lines.push(format!("time_zone = {} # by the names of the columns", quoted(zone)));
    }
    if read.day_order_open {
        lines.push("# ? Which comes first in its dates, day or month? They leave it open.".to_owned());
        lines.push("# day_order = \"dmy\" # day first".to_owned());
        lines.push("# day_order = \"mdy\" # month first".to_owned());
    }
    if read.zone_open {
        lines.push("# ? Times carry no zone. In which are they?".to_owned());
        lines.push("# time_zone = \"Europe/London\"".to_owned());
    }
    if let Some(why) = &read.row {
        lines.push(format!("row = true # {}: file and line tell rows apart", shown(why)));
    }
    if read.undated {
        lines.push(
            "undated = \"keep\" # nothing looks like a date; without one nothing can be placed in a period".to_owned(),
        );
    }
    if !lines.is_empty() {
        line(out, "\n[read]");
        lines.iter().for_each(|text| line(out, text));
    }
}

fn columns(draft: &Draft, out: &mut String) {
    if let Some((column, is)) = &draft.only {
        line(out, "\n# Changes of anything else tell nothing of what happened.\n[[ignore]]");
        line(out, &format!("from = {}\nnot = {}", quoted(column), list(is)));
    }
    line(out, "\n[columns]");
    if draft.log {
        // What a log has of its contacts: the number, and that they were there when it began.
        for taken in &draft.taken {
            match taken.field.name {
                "interaction_id" => one(taken, "interaction_id", out),
                "at" => one(taken, "started_at", out),
                _ => {}
            }
        }
        line(out, "\n[events]");
    }
    let is_above = |taken: &Taken| draft.log && taken.field.name == "interaction_id";
    let is_here = |taken: &&Taken| !is_long(&taken.rule) && !is_above(taken);
    draft.taken.iter().filter(is_here).for_each(|taken| one(taken, taken.field.name, out));
    draft.asked.iter().for_each(|question| ask(question, out));
}

/// A column in one line, and what else may be meant.
fn one(taken: &Taken, name: &str, out: &mut String) {
    let why = if taken.sure { String::new() } else { format!(" # ? {}", shown(&taken.why)) };
    line(out, &format!("{name} = {}{why}", value(&taken.rule)));
    others(taken, out);
}

fn ask(question: &Question, out: &mut String) {
    line(out, &format!("# ? {}", inert_whole(&question.what)));
    for (rules, meaning) in &question.answers {
        for (nth, (field, rule)) in rules.iter().enumerate() {
            let meaning = if nth == 0 { format!(" # {meaning}") } else { String::new() };
            line(out, &format!("# {field} = {}{meaning}", value(rule)));
        }
    }
}

fn others(taken: &Taken, out: &mut String) {
    if !taken.others.is_empty() {
        let others: Vec<String> = taken.others.iter().take(4).map(|other| format!("`{}`", shown(other))).collect();
        line(out, &format!("# or from {}", others.join(", ")));
    }
}

/// Rules with words of their own take a table.
fn is_long(rule: &Rule) -> bool {
    rule.map.len() > 3 || !rule.unknown.is_empty()
}

fn table(taken: &Taken, section: &str, out: &mut String) {
    let (name, rule) = (taken.field.name, &taken.rule);
    let why = if taken.sure { String::new() } else { format!(" # ? {}", shown(&taken.why)) };
    line(out, &format!("\n[{section}.{name}]{why}"));
    let bare = Rule { map: Vec::new(), unknown: Vec::new(), ..rule.clone() };
    pairs(&bare).iter().for_each(|(key, value)| line(out, &format!("{key} = {value}")));
    others(taken, out);
    line(out, &format!("\n[{section}.{name}.map]"));
    rule.map.iter().for_each(|(theirs, ours)| line(out, &format!("{} = {}", quoted(theirs), quoted(ours))));
    if !rule.unknown.is_empty() {
        let words = taken.field.help;
        line(out, &format!("# ? What do these mean? {words}"));
    }
    for (word, rows) in &rule.unknown {
        line(out, &format!("# {} = \"\" # {}", quoted(word), count(*rows, "row")));
    }
}

fn foot(draft: &Draft, out: &mut String) {
    if !draft.left.is_empty() {
        line(out, "\n# Not read:");
        for left in &draft.left {
            line(out, &format!("#   {}: {}", shown(&left.header), left.why));
        }
    }
    line(
        out,
        "\n# A test keeps the mapping as it is meant. Put in a row or two with made-up customers, and what they must come to:",
    );
    let header: Vec<String> = draft.detect.iter().map(|header| shown(header)).collect();
    let fields: Vec<&str> = draft.taken.iter().map(|taken| taken.field.name).take(4).collect();
    line(out, "# [[test]]");
    let header = if header.is_empty() { String::new() } else { format!("# {}\n", header.join(",")) };
    line(out, &format!("# input = '''\n{header}# …'''"));
    line(out, &format!("# expect = '''\n# {}\n# …'''", fields.join(",")));
}

/// A rule in one line: the header alone, where that is all.
fn value(rule: &Rule) -> String {
    let pairs = pairs(rule);
    match pairs.as_slice() {
        [("from", from)] if rule.from.len() == 1 => from.clone(),
        _ => {
            let inside: Vec<String> = pairs.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            format!("{{ {} }}", inside.join(", "))
        }
    }
}

fn pairs(rule: &Rule) -> Vec<(&'static str, String)> {
    let one_or_many = |texts: &[String]| if let [text] = texts { quoted(text) } else { list(texts) };
    let mut pairs = Vec::new();
    if !rule.from.is_empty() {
        pairs.push(("from", one_or_many(&rule.from)));
    }
    if let Some(nth) = rule.nth {
        pairs.push(("nth", nth.to_string()));
    }
    if rule.join {
        pairs.push(("join", quoted(" ")));
    }
    if !rule.missing.is_empty() {
        pairs.push(("missing", list(&rule.missing)));
    }
    if !rule.format.is_empty() {
        pairs.push(("format", one_or_many(&rule.format)));
    }
    if let Some(rollover) = rule.rollover {
        pairs.push(("rollover", quoted(rollover)));
    }
    if let Some(unit) = rule.unit {
        pairs.push(("unit", quoted(unit)));
    }
    if let Some(value) = &rule.value {
        pairs.push(("value", scalar(value)));
    }
    if !rule.map.is_empty() {
        let map: Vec<String> =
            rule.map.iter().map(|(theirs, ours)| format!("{} = {}", quoted(theirs), scalar(ours))).collect();
        pairs.push(("map", format!("{{ {} }}", map.join(", "))));
    }
    pairs
}

/// A word, or a number or truth value as it is.
fn scalar(text: &str) -> String {
    let is_plain = text.parse::<u32>().is_ok() || text == "true" || text == "false";
    if is_plain { text.to_owned() } else { quoted(text) }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
