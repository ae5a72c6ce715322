//! How the moments and lengths of time of a draft are read: formats, dates and times of day in two columns, units.
//!
//! Which of day and month comes first, and what a bare number counts, is taken from the file where it shows, and asked
//! where it does not.

use super::choose::{Choice, Chosen};
use super::moment::Way;
use super::shape::Length;
use super::synonyms::Likeness;
use super::{Question, Read, Rule, Seen};
use crate::columns::{Field, Kind};
use crate::input::number;
use crate::settings::DayOrder;

/// Units that bare numbers may count, and their milliseconds.
const UNITS: &[(&str, f64)] = &[("s", 1e3), ("min", 6e4), ("h", 3.6e6), ("ms", 1.0)];
/// So many rows must agree before two moments show a unit.
const ROWS: usize = 5;

/// Columns of a file are written alike: what some show of the order of day and month holds for all.
pub fn settle_orders(columns: &mut [Seen]) {
    let shown = |seen: &Seen| seen.shape.moment.as_ref().and_then(|moment| moment.way()?.order);
    let orders: Vec<DayOrder> = columns.iter().filter_map(shown).collect();
    if let Some(&order) = orders.first().filter(|first| orders.iter().all(|order| order == *first)) {
        columns.iter_mut().filter_map(|seen| seen.shape.moment.as_mut()).for_each(|moment| moment.settle(order));
    }
}

/// Take the moments; the first of all is the one that places a row.
pub fn moments(chosen: &mut Chosen, read: &mut Read) {
    let date = start(chosen, read);
    for choice in chosen.choices_that(|choice| choice.field.kind == Kind::Instant) {
        let shape = &chosen.columns[choice.column].shape;
        match (&shape.moment, date) {
            (Some(_), _) => take(chosen, &choice, None),
            (None, Some(date)) => take(chosen, &choice, Some(date)),
            (None, None) => chosen.set_used(choice.column, false),
        }
    }
    read.day_order_open = chosen.day_order_open;
    zone(chosen, read);
}

/// Take what places a row; the column with its date, where the time of day stands in another one.
fn start(chosen: &mut Chosen, read: &mut Read) -> Option<usize> {
    let field = chosen.kind.field(chosen.kind.start()?)?;
    let mut all: Vec<_> = chosen.candidates(field).collect();
    all.sort_unstable();
    let own = chosen.choice(field.name);
    let dated = |column: usize| chosen.columns[column].shape.moment.is_some();
    let mine = |column: usize| own.as_ref().is_some_and(|own| own.column == column) || !chosen.is_used(column);
    let date = all.iter().find(|(.., column)| dated(*column) && mine(*column)).copied();
    let clock = all.iter().map(|(.., column)| *column).find(|&column| !dated(column) && mine(column));
    if let Some(own) = &own {
        chosen.set_used(own.column, false);
    }
    let Some((likeness, _, column)) = date else { return any_date(chosen, read, field) };
    chosen.set_used(column, true);
    let day_only = chosen.columns[column].shape.moment.as_ref().is_some_and(|moment| moment.day_only);
    let others = all.iter().map(|(.., other)| *other).filter(|other| *other != column && dated(*other)).collect();
    match clock.filter(|_| day_only) {
        Some(clock) => {
            chosen.set_used(clock, true);
            take(chosen, &Choice { field, column: clock, likeness, others }, Some(column));
            Some(column)
        }
        None => {
            take(chosen, &Choice { field, column, likeness, others }, None);
            day_only.then_some(column)
        }
    }
}

/// No name says when a row began: the only date, or the first of several, and its user is told so.
fn any_date(chosen: &mut Chosen, read: &mut Read, field: &'static Field) -> Option<usize> {
    let dated = |at: &usize| chosen.columns[*at].shape.moment.as_ref().is_some_and(|moment| !moment.bare);
    let mut all: Vec<usize> = (0..chosen.columns.len()).filter(dated).collect();
    // What a warehouse adds says when it was copied.
    let is_added = |at: usize| chosen.columns[at].column.name.starts_with('_');
    all.sort_by_key(|&at| (is_added(at), chosen.is_used(at), at));
    let Some((&column, others)) = all.split_first() else {
        read.undated = chosen.kind.start().is_some();
        return None;
    };
    chosen.set_used(column, true);
    let why = if others.is_empty() { "the only date there is" } else { "a date; no name says that it is the start" };
    take(chosen, &Choice { field, column, likeness: Likeness::Has, others: others.to_vec() }, None);
    if let Some(taken) = chosen.taken.iter_mut().find(|taken| taken.field.name == field.name) {
        why.clone_into(&mut taken.why);
    }
    None
}

/// Take one moment; `date` is the column with its day, where this one has the time of day alone.
fn take(chosen: &mut Chosen, choice: &Choice, date: Option<usize>) {
    let seen = &chosen.columns[choice.column];
    let dated = &chosen.columns[date.unwrap_or(choice.column)];
    let Some(moment) = &dated.shape.moment else { return };
    let start = chosen.kind.start();
    let needed = Some(choice.field.name) == start;
    let rules: Vec<(Rule, &Way)> =
        moment.ways.iter().map(|way| (rule(seen, date.map(|_| dated), way, start.filter(|_| !needed)), way)).collect();
    if let [(rule, way)] = rules.as_slice() {
        let way_shown = match &moment.shown_by {
            Some(value) => format!("; {}, as `{value}` shows", way.name),
            None if way.order.is_some() => format!("; {}, as other dates of the file show", way.name),
            None if moment.bare && !way.formats.is_empty() => format!("; {}", way.name),
            None => String::new(),
        };
        let why = format!("{}{way_shown}", choice.likeness.words());
        return chosen.take(choice, rule.clone(), why);
    }
    if moment.ways.iter().all(|way| way.order.is_some()) && (needed || chosen.day_order_open) {
        // Without it there is no row: the reader asks which it is, for all columns at once.
        chosen.day_order_open = true;
        let open = Rule { format: Vec::new(), ..rules[0].0.clone() };
        return chosen.take(choice, open, format!("{}; day first or month first is open", choice.likeness.words()));
    }
    let (header, example) = (dated.column.name.clone(), &dated.shape.example);
    let what = format!("How is `{header}` written? `{example}` and all others can be read in {} ways.", rules.len());
    let answers =
        rules.iter().map(|(rule, way)| (vec![(choice.field.name, rule.clone())], way.name.to_owned())).collect();
    chosen.asked.push(Question { header, field: choice.field.name, what, answers });
}

/// The rule of a moment in a column, or in one with the day and one with the time; `start` is the moment before it.
fn rule(seen: &Seen, date: Option<&Seen>, way: &Way, start: Option<&'static str>) -> Rule {
    let Some(date) = date else { return Rule { format: way.formats.clone(), ..Rule::of(seen.column) } };
    let time = match seen.shape.example.matches(':').count() {
        _ if seen.shape.example.to_ascii_lowercase().ends_with('m') => "%I:%M %p",
        1 => "%H:%M",
        _ => "%H:%M:%S",
    };
    Rule {
        from: vec![date.column.name.clone(), seen.column.name.clone()],
        join: true,
        format: way.formats.iter().map(|format| format!("{format} {time}")).collect(),
        missing: seen.shape.never.clone(),
        rollover: start,
        ..Rule::default()
    }
}

/// Whether the moments carry a zone, or a header names one.
fn zone(chosen: &Chosen, read: &mut Read) {
    let is_local = |seen: &&Seen| {
        seen.shape.moment.as_ref().is_some_and(|moment| !moment.zoned && (!moment.day_only || seen.shape.clock))
    };
    let is_read = |seen: &&Seen| {
        chosen
            .taken
            .iter()
            .any(|taken| taken.field.kind == Kind::Instant && taken.rule.from.contains(&seen.column.name))
    };
    let with_clock = chosen.taken.iter().any(|taken| taken.field.kind == Kind::Instant && taken.rule.join);
    let local: Vec<&Seen> = chosen.columns.iter().filter(is_read).filter(is_local).collect();
    if local.iter().any(|seen| seen.words.has_any(&["utc", "gmt"])) {
        read.time_zone = Some("UTC".to_owned());
    } else {
        read.zone_open = !local.is_empty() || with_clock;
    }
}

/// Take the lengths of time, each with its unit.
pub fn lengths(chosen: &mut Chosen) {
    let lengths = chosen.choices_that(|choice| choice.field.kind == Kind::Duration);
    let clocks = if lengths.is_empty() { Vec::new() } else { clocks(chosen) };
    for mut choice in lengths {
        let seen = &chosen.columns[choice.column];
        if seen.words.is_business() {
            let name = format!("{}_business", choice.field.name);
            choice.field = chosen.kind.field(&name).unwrap_or(choice.field);
        }
        let bare = Rule::of(seen.column);
        match unit(seen, &clocks) {
            Some((unit, why)) => {
                let why = format!("{}; {why}", choice.likeness.words());
                chosen.take(&choice, Rule { unit: Some(unit), ..bare }, why);
            }
            None => ask(chosen, &choice, &bare),
        }
    }
}

/// What the values of a length of time count, and what shows it.
fn unit(seen: &Seen, clocks: &[(&'static str, Vec<Option<i64>>)]) -> Option<(&'static str, String)> {
    let said = seen.words.unit();
    match (seen.shape.length, said) {
        (Some(Length::Clock), _) => Some(("h:m:s", "its values show the unit".to_owned())),
        (Some(Length::Words), _) => Some(("1h 2m", "its values show the unit".to_owned())),
        (Some(Length::Halves), Some("h:m:s")) if seen.words.has_any(&["mm"]) && !seen.words.has_any(&["hh", "h"]) => {
            Some(("h:m:s", "its name says minutes and seconds".to_owned()))
        }
        (Some(Length::Halves), _) | (None, Some("h:m:s")) => None,
        (None, Some(unit)) => Some((unit, format!("its name says `{unit}`"))),
        (None, None) => measured(seen, clocks),
    }
}

/// The unit in which a column is the distance between two moments of its row.
fn measured(seen: &Seen, clocks: &[(&'static str, Vec<Option<i64>>)]) -> Option<(&'static str, String)> {
    let numbers: Vec<Option<f64>> = seen.column.values.iter().map(|value| number::parse(value, None)).collect();
    let mut found = None;
    for (from, starts) in clocks {
        for (to, ends) in clocks.iter().filter(|(to, _)| to != from) {
            for &(unit, millis) in UNITS {
                let (mut compared, mut agreed) = (0, 0);
                for ((number, start), end) in numbers.iter().zip(starts).zip(ends) {
                    let (Some(number), Some(start), Some(end)) = (number, start, end) else { continue };
                    #[expect(clippy::cast_precision_loss, reason = "lengths of time are far below 2^52")]
                    let distance = (end - start) as f64;
                    if *number > 0.0 && distance > 0.0 {
                        compared += 1;
                        agreed += usize::from((distance - number * millis).abs() <= millis.clamp(1e3, 6e4));
                    }
                }
                if compared >= ROWS && agreed * 10 >= compared * 9 {
                    if found.as_ref().is_some_and(|(other, _)| *other != unit) {
                        return None;
                    }
                    found = found.or(Some((unit, format!("it is `{to}` less `{from}`"))));
                }
            }
        }
    }
    found
}

/// The moments of each row that are taken, on their own clocks.
fn clocks(chosen: &Chosen) -> Vec<(&'static str, Vec<Option<i64>>)> {
    let column = |name: &String| chosen.columns.iter().find(|seen| seen.column.name == *name).map(|seen| seen.column);
    let moments = chosen.taken.iter().filter(|taken| taken.field.kind == Kind::Instant);
    let clock = |taken: &super::Taken| {
        let parts: Vec<_> = taken.rule.from.iter().filter_map(column).collect();
        let way = Way { name: "", formats: taken.rule.format.clone(), order: None };
        let rows = parts.first().map_or(0, |part| part.values.len());
        let at = |row: usize| {
            let texts: Vec<&str> = parts.iter().map(|part| part.values[row].as_str()).collect();
            let is_missing =
                texts.iter().any(|text| text.is_empty() || taken.rule.missing.iter().any(|missing| missing == text));
            if is_missing { None } else { way.read(&texts.join(" ")) }
        };
        (taken.field.name, (0..rows).map(at).collect())
    };
    moments.map(clock).collect()
}

/// What a length of time counts is not to be seen.
fn ask(chosen: &mut Chosen, choice: &Choice, bare: &Rule) {
    let seen = &chosen.columns[choice.column];
    let (header, example) = (seen.column.name.clone(), seen.shape.example.clone());
    let answer =
        |unit, meaning: String| (vec![(choice.field.name, Rule { unit: Some(unit), ..bare.clone() })], meaning);
    let (what, answers) = if seen.shape.length == Some(Length::Halves) {
        let what = format!("Is `{example}` of `{header}` minutes and seconds, or hours and minutes?");
        (what, vec![answer("h:m:s", "minutes and seconds; hours and minutes cannot be read as they stand".to_owned())])
    } else {
        let what = format!("What does `{header}` count? `{example}` alone does not say.");
        {
            let others: Vec<String> = UNITS.iter().skip(1).map(|(unit, _)| format!("\"{unit}\"")).collect();
            (what, vec![answer(UNITS[0].0, format!("seconds; or {}", others.join(", ")))])
        }
    };
    chosen.asked.push(Question { header, field: choice.field.name, what, answers });
}
