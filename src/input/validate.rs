//! Whether a profile can mean what it says: names and words that do not exist are refused before any file is read.
//!
//! What is wrong is said in one sentence with its cure; `library.rs` puts the profile's name before it. Whether a
//! file has the headers is another matter. A new word of the vocabulary gets its check here.

use super::header::folded;
use super::profile::{Condition, Detect, Profile, ReadRules, Rule, Shape, Source};
use super::trouble::Trouble;
use super::vocabulary::Vocabulary;
use super::{cell, open};
use crate::columns::{Field, Kind};
use crate::interaction::TableKind;
use crate::notice::closest;
use std::collections::BTreeMap;

/// Columns that are made, never read.
const MADE: &[&str] = &["customer", "file", "line", "by_day"];

/// What is wrong with a profile.
pub fn check(profile: &Profile) -> Result<(), Trouble> {
    if profile.name.trim().is_empty() {
        return fault("`name` is empty", "give it one such as acme-tickets");
    }
    detection(&profile.detect)?;
    reading(&profile.read)?;
    profile.ignore.iter().try_for_each(|rule| condition(rule, "[[ignore]]"))?;
    for (section, table, columns) in [
        ("columns", profile.kind, &profile.columns),
        ("customers", TableKind::Customers, &profile.customers),
        ("surveys", TableKind::Surveys, &profile.surveys),
        ("orders", TableKind::Orders, &profile.orders),
        ("events", TableKind::Events, &profile.events.columns),
    ] {
        table_columns(table, columns)
            .map_err(|fault| Trouble { what: format!("[{section}] {}", fault.what), ..fault })?;
    }
    Ok(())
}

fn fault(what: impl Into<String>, hint: impl Into<String>) -> Result<(), Trouble> {
    Err(Trouble::new(what).hint(hint))
}

/// What was written instead of what there is.
fn unknown(what: String, typed: &str, there_are: impl Iterator<Item = &'static str> + Clone) -> Result<(), Trouble> {
    match closest(typed, there_are.clone()) {
        Some(near) => fault(what, format!("write `{near}`")),
        None => fault(what, format!("there are {}", there_are.collect::<Vec<_>>().join(", "))),
    }
}

fn detection(detect: &Detect) -> Result<(), Trouble> {
    detect.rows.iter().try_for_each(|row| condition(row, "[detect] `rows`"))?;
    if let Some(file) = detect.files.iter().find(|file| glob::Pattern::new(file).is_err()) {
        return fault(format!("[detect] `files`: `{file}` is no pattern of files"), "write one such as calls-*.csv");
    }
    let named = |row: &&Condition| detect.names.iter().any(|name| folded(name) == folded(&row.from));
    if detect.names.is_empty() {
        return match (detect.headers.is_empty(), detect.rows.is_empty()) {
            (true, _) if detect.shape == Shape::Chat => Ok(()),
            (true, _) => fault("[detect] names no headers", "name some that only this export has"),
            (false, true) => Ok(()),
            (false, false) => {
                fault("[detect] says what stands in `rows`, and not in which columns", "name the columns: `names`")
            }
        };
    }
    if detect.shape != Shape::Csv {
        return fault("[detect] gives `names` to JSON", "name paths: `headers`");
    }
    if detect.rows.is_empty() && detect.files.is_empty() {
        let hint = "say in `rows` what stands in them, or in `files` what the files are called";
        return fault("[detect] has `names`, and any file would fit", hint);
    }
    match detect.rows.iter().find(|row| !named(row)) {
        Some(row) => fault(format!("[detect] `rows` is about `{}`, which is none of `names`", row.from), "name it"),
        None => Ok(()),
    }
}

fn reading(read: &ReadRules) -> Result<(), Trouble> {
    if let Some(name) = &read.encoding {
        open::encoding(name)?;
    }
    if let Some(mark) = read.decimal.filter(|mark| !matches!(mark, ',' | '.')) {
        return fault(format!("`{mark}` is no decimal mark"), "write `decimal = \",\"` or `decimal = \".\"`");
    }
    if let Some(zone) = read.time_zone.as_ref().filter(|zone| jiff::tz::TimeZone::get(zone).is_err()) {
        return fault(format!("`{zone}` is no time zone"), "write one such as Europe/London");
    }
    if read.footer.iter().any(|footer| footer.trim().is_empty()) {
        return fault(
            "a `footer` is empty, and every line begins with that",
            "write how the lines below the table begin",
        );
    }
    Ok(())
}

fn condition(condition: &Condition, place: &str) -> Result<(), Trouble> {
    if condition.is.is_empty() && condition.not.is_empty() {
        let what = format!("{place} of `{}` says neither what it is nor what it is not", condition.from);
        return fault(what, "add `is = [\"…\"]` or `not = [\"…\"]`");
    }
    Ok(())
}

fn table_columns(table: TableKind, columns: &BTreeMap<String, Source>) -> Result<(), Trouble> {
    let fields = table.fields();
    for (name, source) in columns {
        if MADE.contains(&name.as_str()) {
            return fault(format!("fills `{name}`, which deskstat fills by itself"), "leave it out");
        }
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            let names = fields.iter().map(|field| field.name).filter(|name| !MADE.contains(name));
            return unknown(format!("fills `{name}`, which is no column"), name, names);
        };
        for own in &source.0 {
            rule((table, field), own)
                .map_err(|fault| Trouble { what: format!("`{name}`: {}", fault.what), ..fault })?;
        }
    }
    Ok(())
}

/// What is wrong with one rule of a column.
fn rule((table, field): (TableKind, &Field), rule: &Rule) -> Result<(), Trouble> {
    if rule.nth == Some(0) {
        return fault("`nth = 0` is no column", "columns of one header count from 1");
    }
    if rule.after.as_deref() == Some("") {
        return fault("`after` is empty, and stands nowhere", "write the mark that what is meant stands behind");
    }
    if let Some(when) = &rule.when {
        condition(when, "`when`")?;
    }
    let kind = field.kind;
    for (word, given, fits) in [
        ("unit", rule.unit.is_some(), kind == Kind::Duration),
        ("since", rule.since.is_some(), kind == Kind::Duration),
        ("sum", rule.sum, matches!(kind, Kind::Duration | Kind::Count | Kind::Number)),
        ("clean", rule.clean.is_some(), matches!(kind, Kind::Word | Kind::Text)),
        ("format", !rule.format.0.is_empty(), kind == Kind::Instant || rule.since.is_some()),
        ("rollover", rule.rollover.is_some(), kind == Kind::Instant),
        ("top", !rule.top.is_empty(), kind == Kind::Number),
    ] {
        if given && !fits {
            return fault(
                format!("`{word}` means nothing for a column of {}", noun(kind)),
                format!("leave `{word}` out"),
            );
        }
    }
    if let Some(name) = &rule.unit {
        cell::unit(name)?;
    }
    if rule.since.is_some() && (rule.unit.is_some() || rule.sum) {
        return fault("`since` takes one moment from another", "leave `unit` and `sum` out");
    }
    for (word, name) in [("rollover", &rule.rollover), ("since", &rule.since)] {
        let Some(name) = name else { continue };
        let instants = table.fields().iter().filter(|field| field.kind == Kind::Instant).map(|field| field.name);
        if !instants.clone().any(|instant| instant == name && instant != field.name) {
            return unknown(format!("`{word}` names `{name}`, which is no other moment"), name, instants);
        }
    }
    words((table, field), rule)
}

const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Word => "words",
        Kind::Text => "record numbers",
        Kind::Instant => "moments",
        Kind::Duration => "lengths of time",
        Kind::Count => "whole numbers",
        Kind::Number => "numbers",
        Kind::Flag => "true and false",
    }
}

/// What a map or a constant puts into a column of few words must be one of them.
fn words((table, field): (TableKind, &Field), rule: &Rule) -> Result<(), Trouble> {
    let vocabulary = Vocabulary::of(table, field.name).filter(|_| field.kind == Kind::Word && rule.clean.is_none());
    for word in rule.map.values().chain(&rule.value).map(|word| word.0.trim()).filter(|word| !word.is_empty()) {
        if let Some(vocabulary) = vocabulary.filter(|vocabulary| !vocabulary.knows(word)) {
            return unknown(format!("`{word}` is no {}", vocabulary.noun), word, vocabulary.words());
        }
        if field.kind == Kind::Flag && cell::flag(word).is_none() {
            return fault(format!("`{word}` is neither true nor false"), "write true or false");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::library::parse;

    /// What is said of a profile with some lines in it.
    fn said(name: &str, read: &str, columns: &str) -> String {
        let text = format!(
            "name = '{name}'\ntitle = 'x'\n[detect]\nheaders = ['A']\n{read}\n[columns]\ninteraction_id = 'A'\n{columns}\n"
        );
        parse(&text, "p.toml").map_or_else(|trouble| trouble.to_string(), |_| "fine".to_owned())
    }

    #[test]
    fn what_a_profile_cannot_mean_is_said_with_the_cure() {
        for (read, columns, what, hint) in [
            ("", "starts_at = 'B'", "[columns] fills `starts_at`, which is no column", "write `started_at`"),
            ("", "file = 'B'", "[columns] fills `file`, which deskstat fills by itself", "leave it out"),
            ("", "[surveys]\nscor = 'B'", "[surveys] fills `scor`, which is no column", "write `score`"),
            ("", "[orders]\namout = 'B'", "[orders] fills `amout`, which is no column", "write `amount`"),
            (
                "",
                "wait = { from = 'B', unit = 'mins' }",
                "[columns] `wait`: `mins` is no unit",
                "write `min`; there are",
            ),
            (
                "",
                "csat = { from = 'B', unit = 's' }",
                "[columns] `csat`: `unit` means nothing for a column of numbers",
                "leave",
            ),
            (
                "",
                "wait = { from = 'B', clean = 'id' }",
                "[columns] `wait`: `clean` means nothing for a column of lengths of time",
                "leave",
            ),
            (
                "",
                "topic = { from = 'B', nth = 0 }",
                "[columns] `topic`: `nth = 0` is no column",
                "columns of one header count from 1",
            ),
            (
                "",
                "topic = { from = 'B', after = '' }",
                "[columns] `topic`: `after` is empty, and stands nowhere",
                "write",
            ),
            (
                "",
                "closed_at = { from = 'B', rollover = 'startd_at' }",
                "[columns] `closed_at`: `rollover` names `startd_at`, which is no other moment",
                "write `started_at`",
            ),
            (
                "",
                "talk = { from = 'B', since = 'answerd_at' }",
                "[columns] `talk`: `since` names `answerd_at`, which is no other moment",
                "write `answered_at`",
            ),
            (
                "",
                "talk = { from = 'B', since = 'answered_at', unit = 's' }",
                "[columns] `talk`: `since` takes one moment from another",
                "leave",
            ),
            (
                "",
                "agent = { from = 'B', sum = true }",
                "[columns] `agent`: `sum` means nothing for a column of words",
                "leave",
            ),
            (
                "",
                "status = { from = 'B', map = { Z = 'resolvd' } }",
                "[columns] `status`: `resolvd` is no status",
                "write `resolved`",
            ),
            (
                "",
                "channel = { value = 'pigeon' }",
                "[columns] `channel`: `pigeon` is no channel",
                "there are phone, email",
            ),
            (
                "",
                "bot = { from = 'B', map = { Z = 'maybe' } }",
                "[columns] `bot`: `maybe` is neither true nor false",
                "write true or false",
            ),
            (
                "",
                "topic = { from = 'B', when = { from = 'C' } }",
                "[columns] `topic`: `when` of `C` says neither",
                "add `is",
            ),
            (
                "[[ignore]]\nfrom = 'B'",
                "",
                "[[ignore]] of `B` says neither what it is nor what it is not",
                "add `is = [\"…\"]`",
            ),
            ("[read]\nencoding = 'utf-9'", "", "`utf-9` is no encoding", "write one such as windows-1252"),
            ("[read]\ndecimal = ';'", "", "`;` is no decimal mark", "write `decimal = \",\"`"),
            (
                "[read]\ntime_zone = 'Europe/Londn'",
                "",
                "`Europe/Londn` is no time zone",
                "write one such as Europe/London",
            ),
            ("[read]\nfooter = ['Total', '']", "", "a `footer` is empty, and every line begins with that", "write how"),
        ] {
            let expected = format!("profile `p.toml` cannot be understood\n  {what}");
            let said = said("acme", read, columns);
            assert!(said.starts_with(&expected) && said.contains(&format!("\nhint: {hint}")), "{said}");
        }
        assert!(said(" ", "", "").contains("`name` is empty\nhint: give it one"));
    }

    #[test]
    fn a_file_without_a_header_is_told_by_its_rows_alone() {
        let said = |detect: &str| {
            let text = format!("name = 'p'\ntitle = 'x'\n[detect]\n{detect}\n[columns]\ninteraction_id = 'A'\n");
            parse(&text, "p.toml").map_or_else(|trouble| trouble.to_string(), |_| "fine".to_owned())
        };
        for (detect, what, hint) in [
            ("", "[detect] names no headers", "name some"),
            ("names = ['A', 'B']", "[detect] has `names`, and any file would fit", "say in `rows`"),
            (
                "names = ['A']\nrows = [{ from = 'C', is = ['x'] }]",
                "[detect] `rows` is about `C`, which is none",
                "name it",
            ),
            ("names = ['A']\nrows = [{ from = 'A' }]", "[detect] `rows` of `A` says neither what it is", "add `is"),
            (
                "headers = ['A']\nrows = [{ from = 'A', is = ['x'] }]",
                "[detect] says what stands in `rows`, and not in which",
                "name the columns",
            ),
            (
                "shape = 'json'\nnames = ['A']\nrows = [{ from = 'A', is = ['x'] }]",
                "[detect] gives `names` to JSON",
                "name",
            ),
        ] {
            let said = said(detect);
            assert!(said.contains(&format!("\n  {what}")) && said.contains(&format!("\nhint: {hint}")), "{said}");
        }
        for both in ["", "headers = ['A', 'B']\n"] {
            assert_eq!(said(&format!("{both}names = ['A']\nrows = [{{ from = 'a', is = ['x'] }}]")), "fine");
        }
    }

    #[test]
    fn what_a_profile_may_say_is_fine() {
        let columns = "status = { from = 'B', map = { Z = 'solved', Y = '' } }\nbot = { value = true }\n\
                       case_id = { from = 'B', clean = 'id' }\npriority = { value = 'whatever' }\n\
                       closed_at = { from = 'B', rollover = 'started_at' }";
        assert_eq!(said("acme", "[[ignore]]\nfrom = 'B'\nnot = ['x']", columns), "fine");
    }
}
