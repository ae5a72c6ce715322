//! Periods: what `--period` and `--compare` name, as local days in the report's zone.
//!
//! Presets are resolved against the last complete week of the data, never against a wall clock. When a
//! period is judged (metrics.md §0.7) is in `timeline.rs`. A new preset is one arm of `Period::parse`.

use crate::notice::{closest, did_you_mean};
use crate::zone::{date, day_number, weekday};
use anyhow::{Result, bail};
use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

/// The size that a period and those compared with it share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    Day,
    Week,
    Month,
}

impl Grain {
    /// The first day of the grain that a day lies in.
    pub fn start(self, day: i32) -> i32 {
        match self {
            Self::Day => day,
            Self::Week => day - weekday(day),
            Self::Month => day_number(date(day).first_of_month()),
        }
    }

    /// The first day after the grain that a day lies in.
    pub fn end(self, day: i32) -> i32 {
        match self {
            Self::Day => day + 1,
            Self::Week => self.start(day) + 7,
            Self::Month => day_number(date(day).last_of_month()) + 1,
        }
    }

    /// `day`, `week`, `month`
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The machine name of the grain that begins on this day: `2026-11-15`, `2026-W46`, `2026-11`.
    pub fn name(self, start: i32) -> String {
        let first = date(start);
        match self {
            Self::Day => first.to_string(),
            Self::Week => {
                let week = first.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{}-{:02}", first.year(), first.month()),
        }
    }
}

/// Whole local days, `[from, to)`, in one or more grains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: i32,
    pub to: i32,
    pub grain: Grain,
}

/// What `--compare` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compare {
    Previous,
    YearAgo,
    Nothing,
    With(Period),
}

/// What presets are resolved against.
#[derive(Debug, Clone, Copy)]
pub struct Anchors {
    /// Monday of the last complete week of the data (metrics.md §0.8).
    pub last_week: i32,
    /// The local day of the as-of instant.
    pub today: i32,
    /// The same, but the next day where as-of is the last millisecond of its day: then that day is over.
    pub begun: i32,
}

impl Anchors {
    /// For checking how a period is spelt before any data are there.
    pub const ANY: Self = Self { last_week: 0, today: 0, begun: 0 };
}

impl Period {
    /// The grain that a day lies in, as a period.
    pub fn of(grain: Grain, day: i32) -> Self {
        Self { from: grain.start(day), to: grain.end(day), grain }
    }

    /// What `--period` names; `None` for `all`.
    pub fn parse(text: &str, anchors: Anchors) -> Result<Option<Self>> {
        let Anchors { last_week, today, begun } = anchors;
        Ok(Some(match text {
            "all" => return Ok(None),
            "last-week" => Self::of(Grain::Week, last_week),
            "this-week" => Self::of(Grain::Week, today),
            "this-month" => Self::of(Grain::Month, today),
            "last-month" => Self::of(Grain::Month, Grain::Month.start(begun) - 1),
            _ => match Self::last_weeks(text, last_week) {
                Some(period) => period,
                None => Self::named(text)?,
            },
        }))
    }

    /// `last-4-weeks`
    fn last_weeks(text: &str, last_week: i32) -> Option<Self> {
        let weeks: i32 = text.strip_prefix("last-")?.strip_suffix("-weeks")?.parse().ok()?;
        (1..=520).contains(&weeks).then(|| Self {
            from: last_week - 7 * (weeks - 1),
            to: last_week + 7,
            grain: Grain::Week,
        })
    }

    /// A week, month, day or range by its own name.
    fn named(text: &str) -> Result<Self> {
        if let Some((first, last)) = text.split_once("..") {
            let (Ok(first), Ok(last)) = (first.parse::<Date>(), last.parse::<Date>()) else { return no_period(text) };
            if last < first {
                bail!(
                    "the period `{text}` ends before it begins\nhint: the first day comes first, as in 2026-10-01..2026-10-31"
                );
            }
            return Ok(Self { from: day_number(first), to: day_number(last) + 1, grain: Grain::Day });
        }
        if let Some((year, week)) = text.split_once("-W") {
            let parsed = year.parse().ok().zip(week.parse().ok());
            let monday = parsed.and_then(|(year, week)| ISOWeekDate::new(year, week, Weekday::Monday).ok());
            return monday.map_or_else(|| no_period(text), |m| Ok(Self::of(Grain::Week, day_number(m.date()))));
        }
        if let Ok(day) = text.parse::<Date>() {
            return Ok(Self::of(Grain::Day, day_number(day)));
        }
        let month = format!("{text}-01").parse::<Date>().ok().filter(|_| text.len() == 7);
        month.map_or_else(|| no_period(text), |first| Ok(Self::of(Grain::Month, day_number(first))))
    }

    /// The period of the same length just before; a calendar month gives the month before.
    pub fn previous(self) -> Self {
        if self.is_one(Grain::Month) {
            return Self::of(Grain::Month, self.from - 1);
        }
        let days = self.to - self.from;
        Self { from: self.from - days, to: self.from, grain: self.grain }
    }

    /// The same stretch one day, week or month earlier.
    pub fn step_back(self) -> Self {
        let days = match self.grain {
            Grain::Month if self.is_one(Grain::Month) => return self.previous(),
            Grain::Week => 7,
            Grain::Day | Grain::Month => 1,
        };
        Self { from: self.from - days, to: self.to - days, grain: self.grain }
    }

    /// The same period a year before: the same month or dates, for weeks the 52nd week before.
    pub fn year_ago(self) -> Self {
        if self.grain == Grain::Week {
            return Self { from: self.from - 364, to: self.to - 364, grain: self.grain };
        }
        let back = |day: i32| date(day).checked_sub(1.year()).map_or(day - 365, day_number);
        if self.is_one(Grain::Month) {
            return Self::of(Grain::Month, back(self.from));
        }
        Self { from: back(self.from), to: back(self.from) + (self.to - self.from), grain: self.grain }
    }

    /// What `--compare` names for this period.
    pub fn compared(self, compare: &Compare) -> Option<Self> {
        match compare {
            Compare::Previous => Some(self.previous()),
            Compare::YearAgo => Some(self.year_ago()),
            Compare::Nothing => None,
            Compare::With(period) => Some(*period),
        }
    }

    /// Whether this is a single whole week, month or day.
    pub fn is_one(self, grain: Grain) -> bool {
        self.grain == grain && self == Self::of(grain, self.from)
    }

    /// The machine name: `2026-W46`, `2026-10`, `2026-10-01..2026-10-31`.
    pub fn name(self) -> String {
        if self.is_one(self.grain) {
            return self.grain.name(self.from);
        }
        format!("{}..{}", date(self.from), date(self.to - 1))
    }

    /// For people: `Week 46, 9-15 Nov 2026`, `October 2026`, `1 Oct - 12 Nov 2026`.
    pub fn title(self) -> String {
        let (first, last) = (date(self.from), date(self.to - 1));
        if self.is_one(Grain::Month) {
            return first.strftime("%B %Y").to_string();
        }
        let days = if self.to - self.from == 1 {
            first.strftime("%-d %b %Y").to_string()
        } else if (first.year(), first.month()) == (last.year(), last.month()) {
            format!("{}-{}", first.day(), last.strftime("%-d %b %Y"))
        } else if first.year() == last.year() {
            format!("{} - {}", first.strftime("%-d %b"), last.strftime("%-d %b %Y"))
        } else {
            format!("{} - {}", first.strftime("%-d %b %Y"), last.strftime("%-d %b %Y"))
        };
        if self.is_one(Grain::Week) { format!("Week {}, {days}", first.iso_week_date().week()) } else { days }
    }
}

impl Compare {
    /// What `--compare` names.
    pub fn parse(text: &str, anchors: Anchors) -> Result<Self> {
        Ok(match text {
            "previous" => Self::Previous,
            "year-ago" => Self::YearAgo,
            "none" => Self::Nothing,
            _ => match Period::parse(text, anchors).or_else(|error| no_comparison(text, error))? {
                Some(period) => Self::With(period),
                None => bail!(
                    "`all` cannot be compared with\nhint: write previous, year-ago, none or a period such as 2026-W46"
                ),
            },
        })
    }
}

/// A word that is near one of those that only comparisons know.
fn no_comparison<T>(text: &str, error: anyhow::Error) -> Result<T> {
    match closest(text, ["previous", "year-ago", "none"]) {
        Some(near) => bail!("`{text}` is nothing to compare with\nhint: did you mean `{near}`?"),
        None => Err(error),
    }
}

/// The periods that go by the data.
const MOVING: [&str; 6] = ["last-week", "this-week", "this-month", "last-month", "last-4-weeks", "all"];

fn no_period(text: &str) -> Result<Period> {
    let hint = did_you_mean(text, MOVING);
    bail!(
        "`{text}` is not a period\nhint: {hint}write last-week, this-month, last-4-weeks, all, 2026-W46, 2026-10 or 2026-10-01..2026-10-31"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANCHORS: Anchors = Anchors { last_week: 20_766, today: 20_772, begun: 20_772 };

    fn named(text: &str) -> Period {
        Period::parse(text, ANCHORS).unwrap().unwrap()
    }

    #[test]
    fn iso_weeks_at_the_turn_of_the_year() {
        assert_eq!(Grain::Week.name(Grain::Week.start(day_number(jiff::civil::date(2024, 12, 30)))), "2025-W01");
        assert_eq!(Grain::Week.name(Grain::Week.start(day_number(jiff::civil::date(2027, 1, 1)))), "2026-W53");
    }

    #[test]
    fn periods_by_name() {
        assert_eq!(date(ANCHORS.last_week).to_string(), "2026-11-09");
        assert_eq!(named("last-week").name(), "2026-W46");
        assert_eq!(named("last-week").title(), "Week 46, 9-15 Nov 2026");
        assert_eq!(named("2026-10").previous().name(), "2026-09");
        assert_eq!(named("2026-W46").previous().name(), "2026-W45");
        assert_eq!(named("last-4-weeks").name(), "2026-10-19..2026-11-15");
        assert_eq!(named("2026-10-05..2026-10-11").previous().name(), "2026-09-28..2026-10-04");
        assert_eq!(named("2026-10").year_ago().name(), "2025-10");
        assert_eq!(named("2026-W46").year_ago().name(), "2025-W46");
        assert!(Period::parse("all", ANCHORS).unwrap().is_none());
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in ["", "2026-13", "2026-W54", "2026-10-31..2026-10-01", "lastweek", "last-0-weeks", "2026"] {
            assert!(Period::parse(text, ANCHORS).is_err(), "{text}");
        }
    }
}
