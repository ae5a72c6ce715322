//! What TOML allows and nobody can mean: zones, channels and columns that do not exist, refused with their line.
//!
//! What is wrong with a single value is said where it is read. A further check is one function here.

use super::{Counted, Settings, hours};
use crate::columns::Kind;
use crate::interaction::INTERACTION;
use crate::notice::did_you_mean;
use crate::period::{Anchors, Period};
use crate::terms::{CHANNELS, TOUCHPOINTS};
use crate::zone;
use std::fmt;

/// What is wrong, and where in the file: keys, and numbers of items in lists.
#[derive(Debug)]
pub struct Fault {
    pub at: Vec<String>,
    pub what: String,
}

impl Fault {
    pub fn new(at: &[&dyn fmt::Display], what: impl fmt::Display) -> Self {
        Self { at: at.iter().map(ToString::to_string).collect(), what: what.to_string() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Settings {
    /// What does not exist is better refused now than found in a number.
    pub(super) fn check(&self) -> Result<(), Fault> {
        self.check_zones()?;
        self.check_targets()?;
        for channel in self.costs.keys() {
            check_channel(channel, "a cost names").map_err(|what| Fault::new(&[&"costs", channel], what))?;
        }
        self.check_words()?;
        if let Some(Err(error)) = self.report.period.as_deref().map(|text| Period::parse(text, Anchors::ANY)) {
            return Err(Fault::new(&[&"report", &"period"], error));
        }
        hours::check(&self.hours)
    }

    fn check_zones(&self) -> Result<(), Fault> {
        let one = |zone: &Option<String>, at: &[&dyn fmt::Display]| match zone.as_deref().map(zone::find) {
            Some(Err(error)) => Err(Fault::new(at, error)),
            _ => Ok(()),
        };
        one(&self.time_zone, &[&"time_zone"])?;
        one(&self.source_time_zone, &[&"source_time_zone"])?;
        for (nth, source) in self.sources.iter().enumerate() {
            one(&source.time_zone, &[&"source", &nth, &"time_zone"])?;
        }
        for (nth, hours) in self.hours.iter().enumerate() {
            one(&hours.time_zone, &[&"hours", &nth, &"time_zone"])?;
        }
        Ok(())
    }

    fn check_targets(&self) -> Result<(), Fault> {
        for (list, targets) in [("response", &self.targets.response), ("resolution", &self.targets.resolution)] {
            for (nth, target) in targets.iter().enumerate() {
                let at = |key: &str, what: &dyn fmt::Display| Fault::new(&[&"targets", &list, &nth, &key], what);
                let channel = target.channel.as_deref().map_or(Ok(()), |name| check_channel(name, "a target names"));
                channel.map_err(|what| at("channel", &what))?;
                if self.hours.is_empty() && target.clock == Counted::Business {
                    return Err(at(
                        "clock",
                        &"a target is counted in business time, and there are no opening hours\nhint: say when somebody is there: [[hours]], name = \"Office\", weekdays = \"09:00-17:00\"",
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_words(&self) -> Result<(), Fault> {
        let words = || INTERACTION.iter().filter(|field| field.kind == Kind::Word).map(|field| field.name);
        if let Some(column) = self.synonyms.keys().find(|column| !words().any(|name| name == column.as_str())) {
            let hint = did_you_mean(column, words());
            let what =
                format!("`synonyms.{column}` names no column of words\nhint: {hint}write one such as [synonyms.team]");
            return Err(Fault::new(&[&"synonyms", column], what));
        }
        if let Some((topic, unknown)) = self.touchpoints.iter().find(|(_, word)| !TOUCHPOINTS.contains(&word.as_str()))
        {
            let hint = did_you_mean(unknown, TOUCHPOINTS.iter().copied());
            let all = TOUCHPOINTS.join(", ");
            let what = format!(
                "the topic `{topic}` is said to be about `{unknown}`\nhint: {hint}a touchpoint is one of {all}"
            );
            return Err(Fault::new(&[&"touchpoints", topic], what));
        }
        Ok(())
    }
}

/// A channel that is none is refused; `what` names it.
pub(super) fn check_channel(channel: &str, what: &str) -> Result<(), String> {
    let channels = || CHANNELS.iter().map(|(name, _)| *name);
    if channels().any(|known| known == channel) {
        return Ok(());
    }
    let all: Vec<&str> = channels().collect();
    let hint = did_you_mean(channel, channels());
    Err(format!("{what} the channel `{channel}`\nhint: {hint}there are {}", all.join(", ")))
}
