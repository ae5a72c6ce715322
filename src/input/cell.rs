//! One picked text → one typed value, or the words that say why not.
//!
//! Which parser a column has follows from its kind in `interaction.rs` and the rule's `format`, `unit` and
//! `clean`. Shapes of dates, numbers, phones are in files of their own; a new kind of column is one variant
//! of `Parser`.

use super::duration::{self, Unit};
use super::instant::{Format, Reading, Stamp};
use super::phone::{self, Phone};
use super::profile::{self, Clean};
use super::sniff::Votes;
use super::tools::Tools;
use super::trouble::Trouble;
use super::vocabulary::{Vocabulary, Word};
use super::{key, number, zone_name};
use crate::columns::{Field, Heard, Kind, NO_WORD};
use crate::interaction::TableKind;
use crate::notice::closest;
use crate::settings::DayOrder;
use rustc_hash::FxHashMap;

/// A value on its way into a column. All that variants hold is of one width, so that values go from hand to hand in
/// registers, millions of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    Missing,
    /// In the column's buffer: from where in the upper half, how long in the lower.
    Text(u64),
    /// Of a word.
    Code(i64),
    /// Milliseconds: of a moment since 1970 in UTC, or of a length of time.
    Time(i64),
    /// The same, known to the day only.
    Day(i64),
    Count(i64),
    /// The bits of a number; see `Value::number`.
    Bits(u64),
    /// 0 or 1.
    Flag(i64),
}

impl Value {
    /// Whether there is none: asked of the tag alone, which is cheaper than to compare.
    pub const fn is_missing(self) -> bool {
        matches!(self, Self::Missing)
    }

    /// What stands in a buffer from one byte to another, in the first four gigabytes.
    pub const fn text(from: usize, to: usize) -> Self {
        Self::Text((from as u64) << 32 | (to - from) as u64)
    }

    /// A text of this buffer; empty if it is none.
    pub fn text_in(self, buffer: &str) -> &str {
        let Self::Text(place) = self else { return "" };
        let from = (place >> 32) as usize;
        buffer.get(from..from + place as u32 as usize).unwrap_or_default()
    }

    /// A score or an amount.
    pub fn number(number: f64) -> Self {
        Self::Bits(number.to_bits())
    }

    /// Two lengths of time, counts or numbers together.
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Time(a), Self::Time(b)) => Self::Time(a.saturating_add(b)),
            (Self::Count(a), Self::Count(b)) => Self::Count(a.saturating_add(b)),
            (Self::Bits(a), Self::Bits(b)) => Self::number(f64::from_bits(a) + f64::from_bits(b)),
            (Self::Missing, value) | (value, _) => value,
        }
    }

    /// A moment or a length of time, if it is one.
    pub const fn moment(self) -> Option<i64> {
        match self {
            Self::Time(time) | Self::Day(time) => Some(time),
            _ => None,
        }
    }

    fn flag(flag: bool) -> Self {
        Self::Flag(i64::from(flag))
    }
}

/// How a column's texts are read.
#[derive(Debug, Clone)]
pub enum Parser {
    /// Words as they stand.
    Word,
    Vocabulary(Vocabulary),
    Key(Clean),
    /// Record numbers.
    Text,
    Instant {
        formats: Vec<Format>,
        order: Option<DayOrder>,
    },
    Duration {
        unit: Unit,
        decimal: Option<char>,
    },
    Count {
        decimal: Option<char>,
    },
    Number {
        decimal: Option<char>,
    },
    Flag,
}

/// Where the words of one column and rule go.
#[derive(Debug)]
pub struct Sink<'c> {
    pub words: &'c mut Heard,
    /// Raw text → code, for what costs more than a look-up.
    pub known: &'c mut FxHashMap<Box<str>, u32>,
    pub text: &'c mut String,
}

/// A code in `known` that says: a damaged phone number.
const DAMAGED: u32 = NO_WORD - 1;

impl Parser {
    /// The parser of a column under a rule.
    pub fn new(
        (table, field): (TableKind, &Field),
        rule: &profile::Rule,
        decimal: Option<char>,
        order: Option<DayOrder>,
    ) -> Result<Self, Trouble> {
        Ok(match field.kind {
            Kind::Text => Self::Text,
            Kind::Word => match (rule.clean.or_else(|| usual_clean(field.name)), Vocabulary::of(table, field.name)) {
                (Some(clean), _) => Self::Key(clean),
                (None, Some(vocabulary)) => Self::Vocabulary(vocabulary),
                (None, None) => Self::Word,
            },
            // Its end, from which its beginning is taken.
            Kind::Duration if rule.since.is_some() => instants(rule, order),
            Kind::Instant => instants(rule, order),
            Kind::Duration => Self::Duration { unit: unit(rule.unit.as_deref().unwrap_or("s"))?, decimal },
            Kind::Count => Self::Count { decimal },
            Kind::Number => Self::Number { decimal },
            Kind::Flag => Self::Flag,
        })
    }

    /// Whether the file's habits decide how it reads.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Instant { formats, order } => order.is_none() && formats.contains(&Format::Any),
            Self::Duration { decimal, .. } | Self::Count { decimal } | Self::Number { decimal } => decimal.is_none(),
            _ => false,
        }
    }

    /// Whether such columns usually hold the same few texts again and again, and a text always means the same.
    pub const fn has_few_words(&self) -> bool {
        matches!(self, Self::Word | Self::Vocabulary(_) | Self::Count { .. } | Self::Number { .. } | Self::Flag)
    }

    /// Count what a text shows of the file's habits.
    pub fn vote(&self, text: &str, votes: &mut Votes) {
        match self {
            Self::Instant { .. } => votes.date(text),
            _ => votes.number(text),
        }
    }

    /// Take what the file has shown.
    pub fn settle(&mut self, file_order: Option<DayOrder>, file_decimal: Option<char>) {
        match self {
            Self::Instant { order, .. } => *order = order.or(file_order),
            Self::Duration { decimal, .. } | Self::Count { decimal } | Self::Number { decimal } => {
                *decimal = decimal.or(file_decimal);
            }
            _ => {}
        }
    }

    /// The value of a text that is neither empty nor padded; the words of a fault without its place.
    pub fn parse(&self, text: &str, tools: &mut Tools, sink: &mut Sink) -> Result<Value, Box<Misread>> {
        match self {
            Self::Word => Ok(code(sink.words.code(text))),
            Self::Vocabulary(vocabulary) => one_of(*vocabulary, text, sink),
            Self::Key(Clean::Phone) => Ok(code(phone_code(text, tools, sink))),
            Self::Key(Clean::Email) => Ok(key::email(text).map_or(Value::Missing, |text| code(sink.words.code(&text)))),
            Self::Key(Clean::Id) | Self::Text if key::is_damaged(text) => {
                Err(misread("was damaged by a spreadsheet".to_owned()))
            }
            Self::Key(Clean::Id) => Ok(code(sink.words.code(key::id(text)))),
            Self::Key(Clean::Name) => Ok(code(sink.words.code(&key::name(text)))),
            Self::Text => {
                let from = sink.text.len();
                sink.text.push_str(key::id(text));
                Ok(Value::text(from, sink.text.len()))
            }
            Self::Instant { formats, order } => instant(formats, *order, text, tools),
            Self::Duration { unit, decimal } => match duration::parse(text, *unit, *decimal) {
                Some(millis) => Ok(Value::Time(millis)),
                None => Err(misread(format!("is not a length of time like {}", unit.example()))),
            },
            Self::Count { decimal } => match number::whole(text, *decimal) {
                Some(count) => Ok(Value::Count(i64::from(count))),
                None => Err(misread("is not a whole number".to_owned())),
            },
            Self::Number { decimal } => match number::parse(text, *decimal) {
                Some(number) => Ok(Value::number(number)),
                None => Err(misread("is not a number".to_owned())),
            },
            Self::Flag => match flag(text) {
                Some(flag) => Ok(Value::flag(flag)),
                None => Err(misread("is neither true nor false".to_owned())),
            },
        }
    }
}

/// The parser of moments under a rule.
fn instants(rule: &profile::Rule, order: Option<DayOrder>) -> Parser {
    let mut formats: Vec<Format> = rule.format.0.iter().map(|format| Format::named(format)).collect();
    match formats.last() {
        None => formats.push(Format::Any),
        // A cell of a workbook is no text but a date, whatever it looks like in other exports.
        Some(Format::Directives(..) | Format::Rfc2822) => formats.push(Format::Iso),
        Some(_) => {}
    }
    Parser::Instant { formats, order }
}

/// Why a text has no value.
#[derive(Debug)]
pub struct Misread {
    pub reason: String,
    /// What stands in its place.
    pub instead: Value,
}

fn misread(reason: String) -> Box<Misread> {
    Box::new(Misread { reason, instead: Value::Missing })
}

/// How a key column is cleaned where the profile does not say.
fn usual_clean(column: &str) -> Option<Clean> {
    match column {
        "customer_email" => Some(Clean::Email),
        "customer_phone" => Some(Clean::Phone),
        "customer_name" => Some(Clean::Name),
        "customer_id" | "customer_crm_id" | "customer_external_id" | "interaction_id" => Some(Clean::Id),
        _ => None,
    }
}

/// The unit of a profile's word.
pub fn unit(name: &str) -> Result<Unit, Trouble> {
    Unit::named(name).ok_or_else(|| {
        let near = closest(name, Unit::NAMES.iter().copied()).unwrap_or("s");
        Trouble::new(format!("`{name}` is no unit"))
            .hint(format!("write `{near}`; there are {}", Unit::NAMES.join(", ")))
    })
}

/// An empty word is a missing one.
const fn code(code: u32) -> Value {
    if code == NO_WORD { Value::Missing } else { Value::Code(code as i64) }
}

fn one_of(vocabulary: Vocabulary, text: &str, sink: &mut Sink) -> Result<Value, Box<Misread>> {
    if let Some(&known) = sink.known.get(text) {
        return Ok(code(known));
    }
    let made = match vocabulary.read(text) {
        Word::Known(word) => sink.words.code(word),
        Word::Free(word) => sink.words.code(&word),
        Word::Unknown(instead) => {
            let instead = instead.map_or(Value::Missing, |word| code(sink.words.code(word)));
            return Err(Box::new(Misread { reason: format!("is no known {}", vocabulary.noun), instead }));
        }
    };
    sink.known.insert(text.into(), made);
    Ok(code(made))
}

fn phone_code(text: &str, tools: &mut Tools, sink: &mut Sink) -> u32 {
    // The usual shape costs less than to look up whether it is known.
    if phone::plain(text, tools.region, sink.text) {
        return sink.words.code(sink.text);
    }
    let known = sink.known.get(text).copied();
    let made = known.unwrap_or_else(|| match phone::clean(text, tools.region) {
        Phone::Key(key) => sink.words.code(&key),
        Phone::Nobody => NO_WORD,
        Phone::Damaged => DAMAGED,
    });
    if known.is_none() {
        sink.known.insert(text.into(), made);
    }
    if made != DAMAGED {
        return made;
    }
    tools.damaged += 1;
    if tools.damaged_example.is_empty() {
        text.clone_into(&mut tools.damaged_example);
    }
    NO_WORD
}

fn instant(formats: &[Format], order: Option<DayOrder>, text: &str, tools: &mut Tools) -> Result<Value, Box<Misread>> {
    match reading(formats, order, text) {
        Reading::At(stamp) => Ok(utc(stamp, tools)),
        Reading::Never => Ok(Value::Missing),
        Reading::FarOff => Err(misread("is not between the years 1990 and 2100".to_owned())),
        Reading::Open => Err(misread("may be day/month or month/day".to_owned())),
        Reading::Bad => called(formats, order, text, tools).unwrap_or_else(|| {
            let example = formats.first().map_or_else(String::new, Format::example);
            Err(misread(format!("is not a date like {example}")))
        }),
    }
}

/// What the first format finds that makes sense of a text.
fn reading(formats: &[Format], order: Option<DayOrder>, text: &str) -> Reading {
    let mut worst = Reading::Bad;
    for format in formats {
        match format.parse(text, order) {
            Reading::Bad => {}
            reading @ (Reading::At(_) | Reading::Never) => return reading,
            other => worst = other,
        }
    }
    worst
}

/// A moment with the abbreviation of a zone that several countries use: the file's zone tells which.
fn called(
    formats: &[Format],
    order: Option<DayOrder>,
    text: &str,
    tools: &mut Tools,
) -> Option<Result<Value, Box<Misread>>> {
    let (rest, abbreviation, places) = zone_name::several(text)?;
    let Reading::At(Stamp { clock, offset: None, day: false }) = reading(formats, order, rest) else { return None };
    Some(match tools.local.utc_called(clock, abbreviation) {
        Some(instant) => {
            tools.zoneless = true;
            Ok(Value::Time(instant))
        }
        None => {
            Err(misread(format!("is in the time of {places}; say it in deskstat.toml: time_zone under [[source]]")))
        }
    })
}

fn utc(stamp: Stamp, tools: &mut Tools) -> Value {
    // Every moment between 1990 and 2100 is on every clock.
    if stamp.day {
        // A day without an hour is that day in the report, wherever it was written down.
        Value::Day(tools.days.utc(stamp.clock).unwrap_or(stamp.clock))
    } else if let Some(offset) = stamp.offset {
        Value::Time(stamp.clock - offset)
    } else {
        tools.zoneless = true;
        Value::Time(tools.local.utc(stamp.clock).unwrap_or(stamp.clock))
    }
}

/// What is true and what is false, in the words of exports.
pub fn flag(text: &str) -> Option<bool> {
    match key::lower(text).as_ref() {
        "true" | "yes" | "y" | "t" | "1" | "1.0" | "x" | "sí" | "si" | "ja" | "oui" => Some(true),
        "false" | "no" | "n" | "f" | "0" | "0.0" | "nein" | "non" => Some(false),
        _ => None,
    }
}
