//! `deskstat.toml`: zone, targets, goals, own domains, inputs. Data and defaults only.
//!
//! Where the file is looked for is in `run/prepare.rs`, opening hours are in `hours.rs`, what is refused though TOML
//! allows it in `check.rs`. A new setting is one field here with its default and its line of help.

mod check;
pub mod hours;
mod place;

use crate::notice::closest;
use anyhow::{Context, Error, Result, anyhow};
use hours::{Holiday, Hours};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

/// The settings' file name.
pub const FILE: &str = "deskstat.toml";

/// What a company says about itself once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// IANA zone of the report: its days and weeks begin at midnight there.
    pub time_zone: Option<String>,
    /// Zone of timestamps that carry none, where neither the input nor its profile names one.
    pub source_time_zone: Option<String>,
    /// Two-letter country of phone numbers that name none.
    pub region: Option<Region>,
    /// What to read where the command line names nothing; relative to this file.
    pub inputs: Vec<String>,
    /// Profiles of the company's own; relative to this file.
    pub profiles: Vec<PathBuf>,
    /// Domains whose addresses are colleagues, never customers.
    pub own_domains: Vec<String>,
    /// Further addresses of colleagues.
    pub agents: Vec<String>,
    /// Names of automatic responders.
    pub bots: Vec<String>,
    /// Addresses and numbers used by many people, never keys.
    pub shared: Vec<String>,
    /// An address or number under more than this many names is taken for shared.
    pub shared_names: usize,
    /// CSV of two columns, each row two keys of one customer; relative to this file.
    pub aliases: Option<PathBuf>,
    /// How long after a contact another one counts as a repeat.
    pub repeat_window: Span,
    /// How long a customer counts as active after an order.
    pub active_window: Span,
    /// An abandoned call shorter than this is a short one.
    pub short_abandon: Span,
    /// A pause in a message thread after which the next message begins a new contact.
    pub thread_gap: Span,
    pub service_level: ServiceLevel,
    pub targets: Targets,
    /// Unit costs by channel, in the currency of the report: `[costs.phone]`, `minute = 0.8`.
    pub costs: BTreeMap<String, Cost>,
    /// When somebody is there, by channel, team and priority.
    pub hours: Vec<Hours>,
    /// Days on which nobody is there, whatever the schedule.
    pub holidays: Vec<Holiday>,
    /// What is aimed at, by metric id: `response_sla = 0.9`.
    pub goals: BTreeMap<String, f64>,
    /// Other names for an export's words, by canonical column: `[synonyms.team]`, `5017691 = "Orders"`.
    pub synonyms: BTreeMap<String, BTreeMap<String, String>>,
    /// What topics are about: before, during or after a purchase, or complaint: `[touchpoints]`, `refunds = "complaint"`.
    pub touchpoints: BTreeMap<String, String>,
    /// What `deskstat report` does where the command line does not say.
    pub report: ReportSettings,
    /// Data that ended longer ago than this are told of and fail a run, which else never asks for the time of day.
    pub stale_after: Option<Span>,
    /// The key of pseudonyms; relative to this file.
    pub key_file: Option<PathBuf>,
    /// Settings of single inputs; the first that fits a file's name counts.
    #[serde(rename = "source")]
    pub sources: Vec<SourceSettings>,
    /// Sheets to read of every workbook, as the command line names them.
    #[serde(skip)]
    pub sheets: Vec<String>,
    /// The file itself.
    #[serde(skip)]
    pub origin: Option<Origin>,
}

/// Where settings were read.
#[derive(Debug, Clone)]
pub struct Origin {
    pub path: PathBuf,
    pub text: String,
}

/// A report that runs by itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReportSettings {
    /// As `--period` names it.
    pub period: Option<String>,
    /// Files to write; relative to the settings. `{period}` in a name becomes 2026-W46.
    pub outputs: Vec<PathBuf>,
    /// Conditions under which a run fails, as `--fail-if` takes them.
    pub fail_if: Vec<String>,
}

/// One input's own settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSettings {
    /// Glob over the file's name.
    pub file: String,
    /// The profile to read it with.
    pub profile: Option<String>,
    /// Name of this source, where a company has two of one vendor.
    pub source: Option<String>,
    pub time_zone: Option<String>,
    /// `dmy` or `mdy`, where the dates leave it open.
    pub day_order: Option<DayOrder>,
    /// One character.
    pub delimiter: Option<char>,
    /// As WHATWG names it: `windows-1252`.
    pub encoding: Option<String>,
    /// Of workbooks: the sheets to read, by name or number.
    #[serde(default)]
    pub sheets: Vec<String>,
    /// Of chats: the senders who are ours.
    #[serde(default)]
    pub us: Vec<String>,
}

/// The order of day and month in a date of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayOrder {
    Dmy,
    Mdy,
}

/// Service level X/Y of calls.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceLevel {
    pub within: Span,
    pub formula: Formula,
}

/// The formulas of `metrics.md` §3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Formula {
    Offered,
    Answered,
    LateAbandons,
    ShortExcluded,
    AbandonOk,
    ShortOk,
    Removed,
}

/// What is promised to customers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Targets {
    /// On the first reply; of live channels, on the wait.
    pub response: Vec<Target>,
    /// On the last resolution.
    pub resolution: Vec<Target>,
}

/// One promise; of those that fit a contact the most special counts: channel and priority, then channel, then priority.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Without one: all written channels.
    pub channel: Option<String>,
    pub priority: Option<String>,
    pub within: Span,
    #[serde(default)]
    pub clock: Counted,
}

/// In what time a target is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counted {
    #[default]
    Calendar,
    /// Opening hours only.
    Business,
}

/// What a contact of a channel costs: so much each, so much a minute that it is handled, or both.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cost {
    pub contact: f64,
    pub minute: f64,
}

/// A country, written as two letters, of whose phone numbers those without a country are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Region(pub phonenumber::country::Id);

impl TryFrom<String> for Region {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let known = text.trim().to_ascii_uppercase().parse();
        known.map(Self).map_err(|_| format!("`{text}` is no country\nhint: write two letters such as GB"))
    }
}

/// A length of time, written `20s`, `8h`, `7d`; milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Span(pub i64);

/// Longer than a hundred years is a slip of the pen.
const LONGEST: i64 = 100 * 366 * 86_400_000;

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let trimmed = text.trim();
        let unit_at = trimmed.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at(unit_at);
        let scale = match unit {
            "s" => 1_000,
            "min" | "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 7 * 86_400_000,
            _ => 0,
        };
        match number.trim().parse::<i64>().ok().and_then(|n| n.checked_mul(scale)) {
            Some(millis) if (1..=LONGEST).contains(&millis) => Ok(Self(millis)),
            _ => Err(format!("`{text}` is not a length of time such as 20s, 30min, 8h or 7d")),
        }
    }
}

impl Span {
    pub const fn days(days: i64) -> Self {
        Self(days * 86_400_000)
    }

    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds * 1_000)
    }
}

impl Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / 1_000;
        match seconds {
            s if s % 86_400 == 0 && s > 86_400 => write!(f, "{} days", s / 86_400),
            s if s % 3_600 == 0 => write!(f, "{} h", s / 3_600),
            s if s % 60 == 0 => write!(f, "{} min", s / 60),
            s => write!(f, "{s} s"),
        }
    }
}

impl Default for ServiceLevel {
    fn default() -> Self {
        Self { within: Span::seconds(20), formula: Formula::Offered }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time_zone: None,
            source_time_zone: None,
            region: None,
            inputs: Vec::new(),
            profiles: Vec::new(),
            own_domains: Vec::new(),
            agents: Vec::new(),
            bots: Vec::new(),
            shared: Vec::new(),
            shared_names: 5,
            aliases: None,
            repeat_window: Span::days(7),
            active_window: Span::days(90),
            short_abandon: Span::seconds(5),
            thread_gap: Span::days(1),
            service_level: ServiceLevel::default(),
            targets: Targets::default(),
            costs: BTreeMap::new(),
            hours: Vec::new(),
            holidays: Vec::new(),
            goals: BTreeMap::new(),
            synonyms: BTreeMap::new(),
            touchpoints: BTreeMap::new(),
            report: ReportSettings::default(),
            stale_after: None,
            key_file: None,
            sources: Vec::new(),
            sheets: Vec::new(),
            origin: None,
        }
    }
}

impl Settings {
    /// Read one file. Errors name the line at fault.
    pub fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read settings `{}`", path.display()))?;
        let mut settings: Self = toml::from_str(&text).map_err(|error| misspelt(path, &text, &error))?;
        settings.origin = Some(Origin { path: path.to_owned(), text });
        match settings.check() {
            Ok(()) => Ok(settings),
            Err(fault) => Err(settings.wrong(&fault.at, fault.what)),
        }
    }

    /// An error of what stands at a place: keys, and numbers of items in lists.
    pub fn wrong(&self, at: &[impl AsRef<str>], what: impl Display) -> Error {
        match &self.origin {
            Some(Origin { path, text }) => {
                let line = place::line(text, at).map_or_else(String::new, |line| format!(", line {line}"));
                anyhow!("settings `{}`{line}: {what}", path.display())
            }
            None => anyhow!("{what}"),
        }
    }

    /// Whether this is the name of an automatic responder, however it is written.
    pub fn is_bot(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.bots.iter().any(|bot| bot.to_lowercase() == name)
    }

    /// A path of the settings, which is relative to the file that names it.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        let folder = self.origin.as_ref().and_then(|o| o.path.parent());
        folder.map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }
}

/// What is wrong in a TOML file, in one line with its cure.
fn misspelt(path: &Path, text: &str, error: &toml::de::Error) -> Error {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let (what, names) = error.message().split_once(", expected").unwrap_or((error.message(), ""));
    let typed = what.split('`').nth(1).unwrap_or_default();
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    if error.message().contains("\nhint: ") {
        // What was refused by its meaning may stand further on in a list.
        let at = text[start..].find(typed).map_or(start, |further| start + further);
        return anyhow!("settings `{}`, line {}: {}", path.display(), line(at), error.message());
    }
    let hint = match closest(typed, names.split('`').skip(1).step_by(2)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.contains(" or ") => format!("write{names}"),
        None => "the README shows what can be set".to_owned(),
    };
    anyhow!("settings `{}`, line {}: {what}\nhint: {hint}", path.display(), line(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_said() {
        let span = |text: &str| Span::try_from(text.to_owned()).map(|s| (s.0, s.to_string()));
        assert_eq!(span("20s"), Ok((20_000, "20 s".into())));
        assert_eq!(span("8 h"), Ok((28_800_000, "8 h".into())));
        assert_eq!(span("7d"), Ok((604_800_000, "7 days".into())));
        assert!(span("999999999d").is_err() && span("soon").is_err() && span("-3h").is_err() && span("3").is_err());
    }

    #[test]
    fn an_unknown_setting_is_refused() {
        assert!(toml::from_str::<Settings>("time_zon = 'Europe/London'").is_err());
    }
}
