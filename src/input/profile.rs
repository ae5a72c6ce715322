//! What an export looks like and what its columns mean: the type of `profiles/*.toml`.
//!
//! A profile is data in a closed vocabulary: no expressions, no code. A new vendor's export is one TOML
//! file in `profiles/` with a test inside. A new word of the vocabulary is a field here and its meaning
//! in `convert.rs`. Which profile fits a file is decided in `detect.rs`.

pub use super::written::{OneOrMany, Scalar};
use crate::interaction::TableKind;
use crate::settings::DayOrder;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::{Deserialize, Deserializer, de};
use std::collections::BTreeMap;
use std::fmt;

/// One export layout.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// `aircall-calls`: what `--profile` takes and the column `source` says.
    pub name: String,
    /// `Aircall, calls export`
    pub title: String,
    /// The tool, where several of its exports speak of the same records and customers: they share its numbers, and the
    /// column `source` says it. None: the profile's name.
    pub system: Option<String>,
    /// The table that `[columns]` feeds.
    #[serde(default = "interactions")]
    pub kind: TableKind,
    /// What the profile was written from; a user's own need not say.
    pub evidence: Option<Evidence>,
    pub detect: Detect,
    /// JSON: keys of lists that may stand beside the records, and the profiles that read them.
    #[serde(default)]
    pub beside: BTreeMap<String, String>,
    #[serde(default)]
    pub read: ReadRules,
    /// Rows that are no records; counted as ignored.
    #[serde(default)]
    pub ignore: Vec<Condition>,
    /// How several rows become one record.
    #[serde(default)]
    pub fold: FoldRule,
    /// Canonical column → where it comes from.
    pub columns: BTreeMap<String, Source>,
    /// Further tables that each row feeds as well.
    #[serde(default)]
    pub customers: BTreeMap<String, Source>,
    #[serde(default)]
    pub surveys: BTreeMap<String, Source>,
    #[serde(default)]
    pub orders: BTreeMap<String, Source>,
    #[serde(default)]
    pub events: Events,
    /// Samples with their expected rows.
    #[serde(default, rename = "test")]
    pub tests: Vec<Sample>,
    /// SHA-256 of the file, for one of the user's own.
    #[serde(skip)]
    pub sha256: Option<String>,
}

/// What records tell of what happened, event by event.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Events {
    /// JSON: the list in a record whose elements are the events; none: the record is one itself.
    pub each: Option<String>,
    /// JSON: how many elements the list should have. One that has fewer is not read: a history with gaps misleads.
    pub whole: Option<String>,
    #[serde(flatten)]
    pub columns: BTreeMap<String, Source>,
}

const fn interactions() -> TableKind {
    TableKind::Interactions
}

/// Where a layout was seen, the best place first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    File,
    Docs,
    Source,
    Parser,
}

impl Evidence {
    /// As people read it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::File => "a real file",
            Self::Docs => "documentation",
            Self::Source => "the tool's own code",
            Self::Parser => "programs that read it",
        }
    }
}

/// The fingerprint. Headers and paths are compared without case and outer space.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    #[serde(default)]
    pub shape: Shape,
    /// CSV: headers that must all be there. JSON: paths in a record that must all be there. Chats have none.
    #[serde(default)]
    pub headers: Vec<String>,
    /// CSV without a header, where the export may lack it: what its columns are called here, from the first on.
    #[serde(default)]
    pub names: Vec<String>,
    /// Of such a file: what must hold of most of its first rows.
    #[serde(default)]
    pub rows: Vec<Condition>,
    /// Only files that are called so: patterns, `calls-*.csv`. For what nothing in the file tells.
    #[serde(default)]
    pub files: Vec<String>,
    /// JSON: the key under which the records lie (`tickets`), or several of which a file has one; none: the records stand
    /// by themselves.
    #[serde(default)]
    pub records: OneOrMany,
}

/// The outer form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Rows of cells under a header.
    #[default]
    Csv,
    /// Objects: an array, an array under a key, one a line, or one after the other.
    Json,
    /// Messages as a phone exports a chat; their columns are `time`, `sender` and `text`.
    Chat,
}

/// How the file is read; what is not said is sniffed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReadRules {
    pub delimiter: Option<char>,
    pub encoding: Option<String>,
    /// `,` or `.`
    pub decimal: Option<char>,
    /// `dmy` or `mdy`, where the dates leave it open.
    pub day_order: Option<DayOrder>,
    /// Zone of timestamps that carry none.
    pub time_zone: Option<String>,
    /// Cells that are empty, in every column.
    pub missing: Vec<String>,
    /// Lines before the header.
    pub skip: Option<usize>,
    /// Beginnings of lines that end the table.
    pub footer: Vec<String>,
    pub undated: Undated,
    /// No number in the export: file and line are the row's number, equal rows are not duplicates.
    pub row: bool,
}

/// What becomes of a row without a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Undated {
    #[default]
    Reject,
    /// It counts under `all` and in states, in no dated series.
    Keep,
}

/// How several rows become one record. Rows of one `case_id` always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FoldRule {
    /// Two rows of one number are two copies of one record: the later update counts.
    #[default]
    Copies,
    /// Rows of one number in one file are parts of one record (line items of an order).
    Lines,
    /// Rows are messages: those of one customer and channel with no long pause are one thread.
    Thread,
    /// Rows are events: all rows of one number are one record, and what happened is in `[events]`. As messages by pauses,
    /// they are folded while the file is read; those that answer each other are held till all is read.
    Events,
    /// Rows are the messages of one chat a file, which a long pause parts.
    Chat,
    /// Rows are messages, and `case_id` is the number of the one that is answered: those that hang together are one
    /// thread.
    Replies,
    /// Rows fill what the rows of their numbers in other exports of the same tool leave empty.
    Side,
}

/// Our own names, in conditions.
pub const US: &str = "@us";

/// A test on a column of the export, as it stands in the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub from: String,
    /// Holds if the cell is one of these; `""` is an empty cell, `*` any other, `abc*` a beginning, `@us` a name that
    /// the settings of the input say is ours. Without case.
    #[serde(default)]
    pub is: Vec<String>,
    /// Holds if the cell is none of these.
    #[serde(default)]
    pub not: Vec<String>,
}

/// Where a canonical column comes from: the first rule that gives a value.
#[derive(Debug, Clone)]
pub struct Source(pub Vec<Rule>);

/// One way to a value.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rule {
    /// Headers or paths: the first that holds a value; with `join`, all of them. In a header that no column has,
    /// `*` stands for anything; of one that repeats, `Labels[]` is all columns. A path names the keys to a value,
    /// `a.b`; in arrays `[0]` is one element, `[]` all that there are, written with commas, and `[type=agent]` the
    /// first whose `type` is `agent`.
    pub from: OneOrMany,
    /// The n-th column of that header, from 1.
    pub nth: Option<usize>,
    /// Put all parts together with this between them; one missing = all missing.
    pub join: Option<String>,
    /// Of the text only what stands behind the last such mark: the number at the end of a link.
    pub after: Option<String>,
    /// A constant.
    pub value: Option<Scalar>,
    /// Only where this holds.
    pub when: Option<Condition>,
    /// Cells that are empty in this column.
    pub missing: Vec<String>,
    /// Words of the export → ours; `*` is any other value, `""` an empty cell, `abc*` a beginning. Without case.
    pub map: BTreeMap<String, Scalar>,
    /// Tried in order: `%d/%m/%Y %H:%M`, `iso`, `rfc2822`, `epoch`, `epoch_ms`. Default: all that look like a date.
    pub format: OneOrMany,
    /// A time of day earlier than this canonical column's is on the next day.
    pub rollover: Option<String>,
    /// Of a duration that the export gives as the moment of its end: the canonical column of its beginning.
    pub since: Option<String>,
    /// Of several values, written with commas: what they are together.
    pub sum: bool,
    /// Of a duration: `s`, `ms`, `min`, `h`, `d`, `h:m:s`, `1h 2m`.
    pub unit: Option<String>,
    /// `phone`, `email`, `id` or `name`.
    pub clean: Option<Clean>,
    /// Scores that are in the top box.
    pub top: Vec<f64>,
}

/// How a key is made comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clean {
    Phone,
    Email,
    Id,
    Name,
}

/// A sample of the export and what must come of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    pub input: String,
    /// CSV of canonical columns: the expected rows in order of reading, or after folding where the profile folds.
    pub expect: String,
    /// The table that `expect` is of, where it is not the profile's own.
    pub table: Option<TableKind>,
    #[serde(default)]
    pub rejected: u64,
    #[serde(default)]
    pub ignored: u64,
    /// Of a chat: the senders who are ours.
    #[serde(default)]
    pub us: Vec<String>,
}

impl Detect {
    /// What the export is recognised by.
    pub fn told_by(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().chain(self.rows.iter().map(|row| &row.from)).map(String::as_str)
    }
}

impl Profile {
    /// Whose tool it is of: what the title begins with.
    pub fn vendor(&self) -> &str {
        self.title.split(',').next().unwrap_or_default()
    }

    /// The column `source`, where nothing else is said.
    pub fn instance(&self) -> &str {
        self.system.as_deref().unwrap_or(&self.name)
    }

    /// The same profile, which knows our own names.
    pub fn knowing(&self, us: &[String]) -> Self {
        let mut own = self.clone();
        let tables = [&mut own.columns, &mut own.customers, &mut own.surveys, &mut own.orders, &mut own.events.columns];
        let rules = tables.into_iter().flat_map(BTreeMap::values_mut).flat_map(|source| &mut source.0);
        for condition in rules.filter_map(|rule| rule.when.as_mut()).chain(&mut own.ignore) {
            for texts in [&mut condition.is, &mut condition.not] {
                if let Some(at) = texts.iter().position(|text| text == US) {
                    texts.splice(at..=at, us.iter().cloned());
                }
            }
        }
        own
    }

    /// The columns that feed a table; empty where the profile does not feed it.
    pub fn table(&self, kind: TableKind) -> Option<&BTreeMap<String, Source>> {
        let map = match kind {
            _ if kind == self.kind => &self.columns,
            TableKind::Customers => &self.customers,
            TableKind::Surveys => &self.surveys,
            TableKind::Orders => &self.orders,
            TableKind::Events => &self.events.columns,
            TableKind::Interactions => return None,
        };
        (!map.is_empty()).then_some(map)
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SourceVisitor)
    }
}

struct SourceVisitor;

impl<'de> de::Visitor<'de> for SourceVisitor {
    type Value = Source;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a header, a rule `{ from = … }`, or a list of rules")
    }

    fn visit_str<E: de::Error>(self, header: &str) -> Result<Source, E> {
        let from = OneOrMany(vec![header.to_owned()]);
        Ok(Source(vec![Rule { from, ..Rule::default() }]))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
        Rule::deserialize(MapAccessDeserializer::new(map)).map(|rule| Source(vec![rule]))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Source, A::Error> {
        let sources: Vec<Source> = Vec::deserialize(SeqAccessDeserializer::new(seq))?;
        Ok(Source(sources.into_iter().flat_map(|s| s.0).collect()))
    }
}
