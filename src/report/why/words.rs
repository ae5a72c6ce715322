//! A change taken apart, in words: "more email +49 min, quicker work −13 min".
//!
//! Whole sentences for `why`; what page one needs of them for its own.

use super::{Group, Kind, Why};
use crate::dimensions::Dimension;
use crate::report::figures::label;
use crate::report::sections::capital;
use crate::report::{Better, Unit, text};
use jiff::tz::TimeZone;

/// So many groups are named in a sentence.
const NAMED: usize = 3;

/// What moved, from where to where, and why.
pub fn sentence(why: &Why) -> String {
    let read = |value: f64| text::figure(value, why.figure.unit(), &TimeZone::UTC).to_string();
    let (before, now) = (read(why.before()), read(why.now()));
    let what = capital(&label(why.figure));
    let what = if what.contains(',') { format!("{what},") } else { what };
    let moved = if before == now {
        format!("{what} stayed at {now}")
    } else {
        format!("{what} {} from {before} to {now}{}", moved(why.now(), why.before()), chance(why))
    };
    let causes: Vec<String> = match why.kind {
        Kind::Count => vec![by_group(why)],
        _ => causes(why).into_iter().map(|(what, by)| format!("{what} {}", signed(why, by))).collect(),
    };
    let causes = causes.join(", ");
    let paradox = every(why).filter(|_| before != now).map(|every| {
        let way = if why.now() > why.before() { "rise" } else { "fall" };
        format!("; {every}, so the {way} is a matter of mix (Simpson's paradox)")
    });
    let colon = if causes.is_empty() { "" } else { ": " };
    format!("{moved}{colon}{causes}{}.", paradox.unwrap_or_default())
}

/// `rose` or `fell`
pub fn moved(now: f64, before: f64) -> &'static str {
    if now > before { "rose" } else { "fell" }
}

/// What is said of the change of the whole.
fn chance(why: &Why) -> &'static str {
    if why.total.chance { ", which could be chance" } else { "" }
}

fn signed(why: &Why, by: f64) -> String {
    text::signed(by, why.figure.unit(), why.size()).to_string()
}

/// `more email accounts for +49 min, quicker work for −13 min`; nothing where neither part says anything.
pub fn accounts(why: &Why) -> Option<String> {
    let causes = causes(why);
    let part = |(nth, (what, by)): (usize, &(String, f64))| {
        format!("{what} {}for {}", if nth == 0 { "accounts " } else { "" }, signed(why, *by))
    };
    let parts: Vec<String> = causes.iter().enumerate().map(part).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Mix and what changed within the groups, each with its words; a part that reads as nothing is left out.
fn causes(why: &Why) -> Vec<(String, f64)> {
    let both = [(mix(why), why.mix), (within(why).to_owned(), why.within)];
    let says = |by: f64| by.is_finite() && signed(why, by).contains(|c: char| ('1'..='9').contains(&c));
    both.into_iter().filter(|(_, by)| says(*by) && why.groups.len() > 1).collect()
}

/// `more email`: the group that did most of what the mix did.
fn mix(why: &Why) -> String {
    let same_way = why.groups.iter().filter(|group| group.mix * why.mix > 0.0);
    match same_way.max_by(|a, b| a.mix.abs().total_cmp(&b.mix.abs())) {
        Some(group) => {
            let grew = group.rows.1 / why.rows.1 > group.rows.0 / why.rows.0;
            format!("{} {}", if grew { "more" } else { "less" }, named(why, group))
        }
        None => format!("another mix of {}", plural(&why.by)),
    }
}

/// What changed within the groups: of durations it is work.
fn within(why: &Why) -> &'static str {
    let is_work = why.figure.unit() == Unit::Seconds && why.figure.metric.better == Better::Down;
    match is_work {
        true if why.within < 0.0 => "quicker work",
        true => "slower work",
        false => "like for like",
    }
}

/// `every channel got faster`, where all of them moved against the whole.
pub fn every(why: &Why) -> Option<String> {
    let noun = if let [only] = why.by.as_slice() { only.label.to_lowercase() } else { "group".to_owned() };
    let stayed = if why.groups.iter().any(|group| group.is_new() || group.is_gone()) { " that stayed" } else { "" };
    let rose = why.now() > why.before();
    let how = match why.figure.unit() {
        Unit::Seconds if rose => "got faster",
        Unit::Seconds => "got slower",
        _ if rose => "fell",
        _ => "rose",
    };
    why.simpson.then(|| format!("every {noun}{stayed} {how}"))
}

/// The groups whose own change is beyond chance, the largest first.
fn by_group(why: &Why) -> String {
    let beyond: Vec<&Group> = why.groups.iter().filter(|group| group.mix != 0.0 && !group.cell.chance).collect();
    let named = beyond.iter().take(NAMED).map(|group| format!("{} {}", named(why, group), signed(why, group.mix)));
    let named = text::and(&named.collect::<Vec<_>>());
    let groups = plural(&why.by);
    match (beyond.len(), why.groups.len()) {
        (0, 1) => String::new(),
        (0, _) => format!("what each of the {groups} did could be chance"),
        (some, _) if some > NAMED => format!("{named} most"),
        (some, all) if some == all => named,
        _ => format!("{named}; what other {groups} did could be chance"),
    }
}

/// The group whose count moved most the way of the whole, and by how much.
pub fn most_moved(why: &Why) -> Option<(String, f64)> {
    let whole = why.now() - why.before();
    let same_way = why.groups.iter().filter(|group| group.mix * whole > 0.0);
    let most = same_way.max_by(|a, b| a.mix.abs().total_cmp(&b.mix.abs()))?;
    Some((named(why, most), most.mix))
}

/// What a group is called in a sentence.
pub fn named(why: &Why, group: &Group) -> String {
    let name = |(dimension, name): (&&Dimension, &crate::report::figures::Name)| {
        if name.none { format!("without a {}", dimension.label.to_lowercase()) } else { name.text.clone() }
    };
    why.by.iter().zip(&group.names).map(name).collect::<Vec<_>>().join("/")
}

fn plural(by: &[&Dimension]) -> String {
    let [only] = by else { return "groups".to_owned() };
    let one = only.label.to_lowercase();
    match one.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ if one.ends_with('s') => format!("{one}es"),
        _ => format!("{one}s"),
    }
}

/// Which statistic was taken apart, and how.
pub fn notes(why: &Why) -> Vec<String> {
    let groups = plural(&why.by);
    let by_formula = |what: &str| {
        format!(
            "A {what}, taken apart by Kitagawa's formula. By share: what more or fewer rows of a group did. By itself: \
             what its own change did, at its mean share."
        )
    };
    let by_weights = |what: &str| {
        format!(
            "A {what}, taken apart by weights. By share: how far it moves when the rows before are weighted to the \
             present shares of the {groups}. By itself: the rest."
        )
    };
    let how = match why.kind {
        Kind::Count => "Counts, each compared by itself, as a Poisson count.".to_owned(),
        Kind::Mean if why.figure.unit() == Unit::Share => by_formula("rate"),
        Kind::Mean => by_formula("mean"),
        Kind::Quantile(0.5) => by_weights("median"),
        Kind::Quantile(_) => by_weights("9-in-10 value"),
    };
    let mut notes = vec![format!("Before is {}. {how}", why.compared)];
    let sums = why.groups.iter().fold((0.0, 0.0), |sum, group| (sum.0 + group.rows.0, sum.1 + group.rows.1));
    if why.kind == Kind::Count && sums != why.rows {
        notes.push(format!("The {groups} overlap: together they come to more than the whole."));
    }
    notes
}
