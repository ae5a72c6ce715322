//! Which profile fits a file, and what to say where none does.
//!
//! A profile fits if all its headers (or paths) are there; of several the one with the most. Shapes of files
//! are found in `layout.rs`, `unheaded.rs` and `framing.rs`; files that are no exports at all are refused in `refuse.rs`.

use super::chat;
use super::csv::layout::{self, Layout};
use super::csv::unheaded;
use super::find::Found;
use super::json;
use super::json::framing::{self, Frame, Invalid};
use super::library::Known;
use super::profile::{Profile, Shape};
use super::trouble::Trouble;
use std::cmp::Reverse;
use std::ops::ControlFlow;
use std::sync::Arc;

/// How many records of JSON are looked at.
const RECORDS: usize = 20;
/// They are found in so many bytes as a rule.
const NEAR: usize = 1 << 20;
/// How many headers are listed where no profile fits.
const LISTED: usize = 12;

/// A profile that fits, and where its rows are.
#[derive(Debug, Clone)]
pub struct Fit {
    pub profile: Arc<Profile>,
    /// The user's, not a built-in one.
    pub own: bool,
    pub body: Body,
}

impl Fit {
    /// What separates cells, of CSV.
    pub fn delimiter(&self) -> Option<u8> {
        match &self.body {
            Body::Csv(layout) => Some(layout.delimiter),
            Body::Json(_) | Body::Chat(_) => None,
        }
    }
}

/// The form of a file.
#[derive(Debug, Clone)]
pub enum Body {
    Csv(Layout),
    /// With the key under which the records lie.
    Json(Option<String>),
    /// With those who write near its top.
    Chat(Vec<String>),
}

/// What a file shows of a profile's headers.
struct Match<'k> {
    known: &'k Known,
    found: usize,
    missing: Vec<String>,
    body: Body,
}

/// What the settings say of one input.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish<'w> {
    /// The profile to read it with, whether it fits or not.
    pub profile: Option<&'w str>,
    pub delimiter: Option<char>,
}

/// Find the profile of a file.
pub fn fit(found: &Found, text: &str, all: &[Known], wish: Wish) -> Result<Fit, Trouble> {
    let file = found.shown.as_str();
    let (wished, elsewhere): (Vec<Known>, Vec<Known>) = match wish.profile {
        Some(name) => (vec![super::library::named(all, name)?], Vec::new()),
        None => all.iter().cloned().partition(|known| may_be(known, found)),
    };
    let json = framing::looks_like_json(text);
    let mut matches = csv_matches(text, &wished, wish);
    matches.extend(chat_matches(text, &wished));
    let mut invalid = None;
    if json {
        // The top of a file tells, unless its first record is huge or other arrays stand before the records.
        let near = &text[..text.floor_char_boundary(NEAR)];
        invalid = json_matches(near, &wished, &mut matches);
        if best(&matches, wish).is_none() && near.len() < text.len() {
            matches.retain(|m| matches!(m.body, Body::Csv(_)));
            invalid = json_matches(text, &wished, &mut matches);
        }
    }
    match (best(&matches, wish), invalid) {
        (Some(best), _) => {
            let profile = Arc::clone(&best.known.profile);
            Ok(Fit { profile, own: best.known.own, body: best.body.clone() })
        }
        (None, Some(invalid)) => Err(not_json(file, text, invalid)),
        (None, None) => Err(called_else(no_fit(file, text, json, &matches, wish), text, &elsewhere)),
    }
}

/// Whether a file is called as its profile wants it.
fn may_be(known: &Known, found: &Found) -> bool {
    let files = &known.profile.detect.files;
    let is = |file: &String| glob::Pattern::new(file).is_ok_and(|pattern| found.is_called(&pattern));
    files.is_empty() || files.iter().any(is)
}

/// What is more: profiles that would fit, were the file called as they want it.
fn called_else(trouble: Trouble, text: &str, elsewhere: &[Known]) -> Trouble {
    let fitting = csv_matches(text, elsewhere, Wish::default()).into_iter().filter(|m| m.missing.is_empty());
    fitting.fold(trouble, |trouble, Match { known, .. }| {
        let (name, files) = (&known.profile.name, known.profile.detect.files.join("`, `"));
        trouble.detail(format!("`{name}` is for files called `{files}`: `files` in its [detect]"))
    })
}

/// The profile that fits best.
fn best<'m, 'k>(matches: &'m [Match<'k>], wish: Wish) -> Option<&'m Match<'k>> {
    let fits = |m: &&Match| m.missing.is_empty() || (wish.profile.is_some() && m.found > 0);
    let rank = |m: &&Match<'k>| (m.known.forced, m.found, m.known.own, Reverse(&m.known.profile.name));
    matches.iter().filter(fits).max_by_key(rank)
}

/// The names of all profiles that fit a text.
#[cfg(test)]
pub fn fitting<'k>(text: &str, all: &'k [Known]) -> Vec<&'k str> {
    let mut matches = csv_matches(text, all, Wish::default());
    matches.extend(chat_matches(text, all));
    if framing::looks_like_json(text) {
        json_matches(text, all, &mut matches);
    }
    matches.iter().filter(|m| m.missing.is_empty()).map(|m| m.known.profile.name.as_str()).collect()
}

/// The best table for each profile.
fn csv_matches<'k>(text: &str, all: &'k [Known], wish: Wish) -> Vec<Match<'k>> {
    let mut delimiters: Vec<u8> = match ascii(wish.delimiter) {
        Some(delimiter) => vec![delimiter],
        None => {
            layout::DELIMITERS.into_iter().chain(all.iter().filter_map(|k| ascii(k.profile.read.delimiter))).collect()
        }
    };
    delimiters.sort_unstable();
    delimiters.dedup();
    let layouts = layout::candidates(text, &delimiters);
    let is_csv = |known: &&Known| known.profile.detect.shape == Shape::Csv;
    let best = |known: &'k Known| {
        let delimiter = ascii(wish.delimiter).or_else(|| ascii(known.profile.read.delimiter));
        let allowed = |own: u8| delimiter.is_none_or(|delimiter| delimiter == own);
        let headed =
            layouts.iter().filter(|own| allowed(own.delimiter)).filter_map(|own| headed(known, own)).reduce(better);
        // A header tells more than what stands below it.
        if known.profile.detect.names.is_empty() || headed.as_ref().is_some_and(|m| m.missing.is_empty()) {
            return headed;
        }
        let unheaded = delimiters.iter().filter(|own| allowed(**own)).filter_map(|own| unheaded(known, text, *own));
        headed.into_iter().chain(unheaded).reduce(better)
    };
    all.iter().filter(is_csv).filter_map(best).collect()
}

fn ascii(delimiter: Option<char>) -> Option<u8> {
    delimiter.and_then(|c| u8::try_from(c).ok()).filter(u8::is_ascii)
}

/// Which of a profile's headers a header has.
fn headed<'k>(known: &'k Known, layout: &Layout) -> Option<Match<'k>> {
    if known.profile.read.skip.is_some_and(|skip| layout.line != skip as u64 + 1) {
        return None;
    }
    let (there, missing): (Vec<_>, Vec<_>) =
        known.profile.detect.headers.iter().cloned().partition(|name| layout.header.has(name));
    // Nearly every profile has nothing in common with nearly every line.
    (!there.is_empty()).then(|| Match { known, found: there.len(), missing, body: Body::Csv(layout.clone()) })
}

/// Which columns of a file without a header hold what a profile says.
fn unheaded<'k>(known: &'k Known, text: &str, delimiter: u8) -> Option<Match<'k>> {
    let detect = &known.profile.detect;
    let (layout, missing) = unheaded::table(text, delimiter, detect)?;
    Some(Match { known, found: detect.rows.len() - missing.len(), missing, body: Body::Csv(layout) })
}

/// The profiles of chats, if the text is one.
fn chat_matches<'k>(text: &str, all: &'k [Known]) -> impl Iterator<Item = Match<'k>> {
    let chats = all.iter().filter(|known| known.profile.detect.shape == Shape::Chat);
    let senders = chat::senders(text);
    chats.filter_map(move |known| {
        Some(Match { known, found: 1, missing: Vec::new(), body: Body::Chat(senders.clone()?) })
    })
}

/// Which paths of each profile are in the first records; where there is not one record, why.
fn json_matches<'k>(text: &str, all: &'k [Known], matches: &mut Vec<Match<'k>>) -> Option<Invalid> {
    let mut samples: Vec<(Option<&str>, Vec<&str>)> = Vec::new();
    let mut invalid = None;
    for known in all.iter().filter(|known| known.profile.detect.shape == Shape::Json) {
        let keys = &known.profile.detect.records.0;
        let keys = keys.iter().map(|key| Some(key.as_str())).chain(keys.is_empty().then_some(None));
        let tried = keys.map(|key| {
            if !samples.iter().any(|(own, _)| *own == key) {
                let records = sample(text, key).unwrap_or_else(|error| {
                    invalid = Some(error);
                    Vec::new()
                });
                samples.push((key, records));
            }
            let records = samples.iter().filter(|(own, _)| *own == key).flat_map(|(_, records)| records);
            json_match(known, key, records.copied())
        });
        matches.extend(tried.reduce(better));
    }
    invalid.filter(|_| samples.iter().all(|(_, records)| records.is_empty()))
}

/// Which paths of a profile are in records under this key.
fn json_match<'k, 't>(known: &'k Known, key: Option<&str>, records: impl Iterator<Item = &'t str>) -> Match<'k> {
    let headers = &known.profile.detect.headers;
    let mut present = vec![false; headers.len()];
    records.for_each(|raw| json::note_present(raw, headers, &mut present));
    let absent = headers.iter().zip(&present).filter(|(_, present)| !**present);
    let missing: Vec<_> = absent.map(|(path, _)| path.clone()).collect();
    Match { known, found: present.len() - missing.len(), missing, body: Body::Json(key.map(str::to_owned)) }
}

/// The one that shows more headers; of equal ones the first.
fn better<'k>(best: Match<'k>, next: Match<'k>) -> Match<'k> {
    if next.found > best.found { next } else { best }
}

/// The first records; an error only where there is not even one.
fn sample<'t>(text: &'t str, key: Option<&str>) -> Result<Vec<&'t str>, Invalid> {
    let mut records = Vec::new();
    let done = framing::read(text, key, &mut |frame| {
        if let Frame::Record(raw) = frame {
            records.push(raw);
        }
        if records.len() < RECORDS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    match done {
        Err(invalid) if records.is_empty() => Err(invalid),
        _ => Ok(records),
    }
}

/// Where a file stops being JSON, told by its beginning.
fn not_json(file: &str, text: &str, invalid: Invalid) -> Trouble {
    stops_being_json(file, text, (1, 0, 0), invalid)
}

/// Where a file stops being JSON, in a part of it that begins on a line, after so many characters of that line and
/// so many bytes of the file.
pub fn stops_being_json(file: &str, text: &str, (line, column, offset): (u64, u64, u64), at: Invalid) -> Trouble {
    let before = &text[..text.floor_char_boundary(at.byte)];
    let lines = before.matches('\n').count() as u64;
    let characters = before.rsplit('\n').next().unwrap_or_default().chars().count() as u64;
    let column = 1 + characters + if lines == 0 { column } else { 0 };
    let byte = crate::notice::thousands(offset + at.byte as u64);
    let place = format!("line {}, column {column} (byte {byte})", line + lines);
    let trouble = Trouble::new(format!("`{file}` is not valid JSON at {place}"));
    if at.byte >= text.trim_end().len() {
        return trouble.hint("the file ends too early; export or download it again");
    }
    trouble.hint("export it again; one record a line (NDJSON) would lose only the broken ones")
}

fn no_fit(file: &str, text: &str, json: bool, matches: &[Match], wish: Wish) -> Trouble {
    let headers = if json {
        keys(text)
    } else {
        layout::likeliest(text, wish.delimiter).map_or_else(Vec::new, |l| l.header.names().to_vec())
    };
    let mut trouble = match wish.profile {
        Some(name) => Trouble::new(format!("profile `{name}` does not fit `{file}`")),
        None => Trouble::new(format!("no profile fits `{file}`")),
    };
    trouble = match headers.len() {
        0 => trouble.detail(format!("it begins: `{}`", crate::notice::shown(text.lines().next().unwrap_or_default()))),
        n => {
            let listed: Vec<String> = headers
                .iter()
                .filter(|header| !header.is_empty())
                .take(LISTED)
                .map(|header| crate::notice::shown(header))
                .collect();
            let more = if n > LISTED { format!(" … ({n})") } else { String::new() };
            trouble.detail(format!("headers found: {}{more}", listed.join(", ")))
        }
    };
    let share = |m: &&Match| m.found * 1_000 / (m.found + m.missing.len()).max(1);
    let near =
        matches.iter().filter(|m| share(m) >= 500).max_by_key(|m| (share(m), m.found, Reverse(&m.known.profile.name)));
    if let Some(near) = near {
        let (name, all) = (&near.known.profile.name, near.found + near.missing.len());
        let missing = near.missing.join("`, `");
        trouble = trouble.detail(format!("closest: `{name}` ({} of {all}; missing `{missing}`)", near.found));
    }
    trouble.hint(format!(
        "`deskstat profile` drafts a mapping of your own for `{file}`; `deskstat list profiles` shows what is known"
    ))
}

/// The keys of the first record, as headers; of a wrapped one with the key that wraps it.
fn keys(text: &str) -> Vec<String> {
    let records = sample(text, None).unwrap_or_default();
    let members = json::members(records.first().copied().unwrap_or_default());
    let wrapped = members.iter().find_map(|(key, raw)| {
        let first = raw.starts_with('[').then(|| sample(raw, None).unwrap_or_default().first().copied())??;
        Some((key, json::members(first))).filter(|(_, inner)| !inner.is_empty())
    });
    match wrapped {
        // A record may have arrays of objects too; what wraps records has little else.
        Some((key, inner)) if inner.len() > members.len() => {
            inner.into_iter().map(|(own, _)| format!("{key}[].{own}")).collect()
        }
        _ => members.into_iter().map(|(key, _)| key).collect(),
    }
}
