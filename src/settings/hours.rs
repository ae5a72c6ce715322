//! Opening hours as a company writes them: `[[hours]]` and `holidays` of `deskstat.toml`.
//!
//! What is written, and whether it can be meant. Which instants that is, is `calendar/`. A further condition on
//! contacts is a name in `CONDITIONS` and a field beside the others.

use super::check::{Fault, check_channel};
use anyhow::{Result, bail};
use jiff::civil::Date;
use serde::Deserialize;
use toml::value::Datetime;

/// Columns of words by which contacts are told apart.
pub const CONDITIONS: [&str; 3] = ["channel", "team", "priority"];

/// Minutes in a day of the wall clock.
const DAY: u16 = 24 * 60;

/// More schedules than this have no number left.
const MOST: usize = u8::MAX as usize;

/// A schedule, or one version of it: several of one name follow each other in time.
///
/// A later version may leave conditions and zone to the first; holidays of one are holidays of all.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    pub name: String,
    /// Contacts that it is for; without any condition: all. Of those that fit, the one with most conditions counts,
    /// then the first.
    channel: Option<Names>,
    team: Option<Names>,
    priority: Option<Names>,
    /// Where the clock hangs; by default in the report's zone.
    pub time_zone: Option<String>,
    /// Every day that is not named otherwise.
    daily: Option<Opening>,
    /// Monday to Friday.
    weekdays: Option<Opening>,
    /// Saturday and Sunday.
    weekend: Option<Opening>,
    monday: Option<Opening>,
    tuesday: Option<Opening>,
    wednesday: Option<Opening>,
    thursday: Option<Opening>,
    friday: Option<Opening>,
    saturday: Option<Opening>,
    sunday: Option<Opening>,
    /// The first and the last local day on which it counts.
    pub from: Option<Day>,
    pub until: Option<Day>,
    /// Days on which nobody works, beside those of all schedules.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// A word or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrMany")]
pub struct Names(Vec<String>);

/// The open parts of a day; none: closed.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "OneOrMany")]
struct Opening(Vec<Interval>);

/// Part of a day, `09:00-17:00`, in minutes after its midnight. Past 24:00 it runs on into the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub from: u16,
    pub to: u16,
}

/// A local day, `2026-12-24`, with or without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "DayText")]
pub struct Day(pub Date);

/// Closed days, `2026-12-25` or `2026-12-27..2026-12-30`, or a part of each: `2026-12-24 12:00-24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "DayText")]
pub struct Holiday {
    pub first: Date,
    pub last: Date,
    pub part: Interval,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "text is wanted here, or a list of texts")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a day is wanted here, such as \"2026-12-24\"")]
enum DayText {
    Text(String),
    Toml(Datetime),
}

impl From<OneOrMany> for Names {
    fn from(texts: OneOrMany) -> Self {
        match texts {
            OneOrMany::One(text) => Self(vec![text]),
            OneOrMany::Many(texts) => Self(texts),
        }
    }
}

impl TryFrom<OneOrMany> for Opening {
    type Error = String;

    fn try_from(texts: OneOrMany) -> Result<Self, String> {
        let interval = |text: &String| {
            Interval::parse(text).ok_or_else(|| {
                format!("`{text}` is no part of a day\nhint: write such as 09:00-17:00, 22:00-06:00 (over midnight) or 00:00-24:00; [] is closed")
            })
        };
        Names::from(texts).0.iter().map(interval).collect::<Result<_, _>>().map(Self)
    }
}

impl Interval {
    const WHOLE_DAY: Self = Self { from: 0, to: DAY };

    fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(['-', '–'])?;
        let (from, to) = (minute(from.trim())?, minute(to.trim())?);
        let over_midnight = if to < from { DAY } else { 0 };
        (from < DAY && to != from).then_some(Self { from, to: to + over_midnight })
    }
}

/// `17:30`, `9:00`, `9`, and 24:00 for the end of the day.
fn minute(text: &str) -> Option<u16> {
    let number = |digits: &str| digits.parse::<u16>().ok().filter(|_| digits.len() <= 2 && !digits.starts_with('+'));
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let minute = number(minute).filter(|of_hour| minute.len() == 2 && *of_hour < 60)?;
    Some(number(hour)? * 60 + minute).filter(|&at| at <= DAY)
}

impl DayText {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Toml(day) => day.to_string(),
        }
    }
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok().filter(|_| text.len() == 10)
}

impl TryFrom<DayText> for Day {
    type Error = String;

    fn try_from(text: DayText) -> Result<Self, String> {
        let text = text.into_text();
        day(&text).map(Self).ok_or_else(|| format!("`{text}` is not a day\nhint: write such as \"2026-01-31\""))
    }
}

impl TryFrom<DayText> for Holiday {
    type Error = String;

    fn try_from(text: DayText) -> Result<Self, String> {
        let text = text.into_text();
        Self::parse(&text).ok_or_else(|| {
            format!("`{text}` is not a holiday\nhint: write such as \"2026-12-25\", \"2026-12-27..2026-12-30\" or \"2026-12-24 12:00-24:00\"")
        })
    }
}

impl Holiday {
    fn parse(text: &str) -> Option<Self> {
        let (days, part) = text.split_once(' ').map_or((text, None), |(days, part)| (days, Some(part)));
        let (first, last) = days.split_once("..").unwrap_or((days, days));
        let part = part.map_or(Some(Interval::WHOLE_DAY), Interval::parse)?;
        Some(Self { first: day(first)?, last: day(last)?, part }).filter(|holiday| holiday.first <= holiday.last)
    }
}

impl Hours {
    /// The words that a contact must have one of, in the order of `CONDITIONS`.
    pub fn conditions(&self) -> [Option<&[String]>; 3] {
        [&self.channel, &self.team, &self.priority].map(|names| names.as_ref().map(|names| names.0.as_slice()))
    }

    /// What is open on a weekday, Monday being 0: a day of its own name says more than `weekdays` and `weekend`, and
    /// those more than `daily`.
    pub fn on(&self, weekday: usize) -> &[Interval] {
        let Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday, .. } = self;
        let days = [monday, tuesday, wednesday, thursday, friday, saturday, sunday];
        let most = if weekday < 5 { &self.weekdays } else { &self.weekend };
        let said = days.get(weekday).and_then(|day| day.as_ref()).or(most.as_ref()).or(self.daily.as_ref());
        said.map_or(&[], |opening| &opening.0)
    }

    /// Whether it can be meant, beside the first version of its name.
    fn check(&self, first: &Self) -> Result<()> {
        let name = &self.name;
        if (0..7).all(|weekday| self.on(weekday).is_empty()) {
            bail!("the hours `{name}` are never open\nhint: write such as weekdays = \"09:00-17:00\"");
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until < from
        {
            bail!("the hours `{name}` end on {} before they begin on {}\nhint: both days count", until.0, from.0);
        }
        for ((column, words), others) in CONDITIONS.iter().zip(self.conditions()).zip(first.conditions()) {
            if words.is_some_and(<[String]>::is_empty) {
                bail!("the hours `{name}` are for no {column}\nhint: leave `{column}` out where they are for all");
            }
            if words.is_some() && words != others {
                bail!(
                    "two of the hours named `{name}` are for different contacts\nhint: give each its own name, or the same `{column}`"
                );
            }
        }
        Ok(())
    }
}

/// All versions of one name.
pub struct Schedule<'h> {
    pub first: &'h Hours,
    later: Vec<&'h Hours>,
}

impl<'h> Schedule<'h> {
    /// The schedules, in the order in which they are first named.
    pub fn all(hours: &'h [Hours]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for version in hours {
            match all.iter_mut().find(|schedule| schedule.first.name == version.name) {
                Some(schedule) => schedule.later.push(version),
                None => all.push(Self { first: version, later: Vec::new() }),
            }
        }
        all
    }

    pub fn versions(&self) -> impl Iterator<Item = &'h Hours> {
        std::iter::once(self.first).chain(self.later.iter().copied())
    }

    /// Two versions of which both count on some day.
    fn overlapping(&self) -> Option<(&'h Hours, &'h Hours)> {
        let ends = |version: &Hours| version.until.unwrap_or(Day(Date::MAX));
        let mut spans: Vec<_> = self.versions().collect();
        spans.sort_by_key(|version| (version.from, ends(version)));
        let overlap = |pair: &&[&Hours]| pair[1].from.is_none_or(|from| from <= ends(pair[0]));
        spans.windows(2).find(overlap).map(|pair| (pair[0], pair[1]))
    }
}

/// Hours that cannot be meant are better refused now than found in a number.
pub(super) fn check(hours: &[Hours]) -> Result<(), Fault> {
    for (nth, version) in hours.iter().enumerate() {
        for channel in version.conditions()[0].into_iter().flatten() {
            let known = check_channel(channel, "the hours name");
            known.map_err(|what| Fault::new(&[&"hours", &nth, &"channel"], what))?;
        }
    }
    let schedules = Schedule::all(hours);
    if schedules.len() > MOST {
        let what =
            format!("there are {} schedules of hours, and {MOST} is the most\nhint: leave some out", schedules.len());
        return Err(Fault::new(&[&"hours"], what));
    }
    let nth = |version: &Hours| hours.iter().position(|other| std::ptr::eq(other, version)).unwrap_or(0);
    for schedule in schedules {
        for version in schedule.versions() {
            version.check(schedule.first).map_err(|error| Fault::new(&[&"hours", &nth(version)], error))?;
        }
        if let Some((earlier, later)) = schedule.overlapping() {
            let what = format!(
                "two of the hours named `{}` count on the same days\nhint: end one (`until`) before the other begins (`from`), or give each its own name",
                later.name
            );
            return Err(Fault::new(&[&"hours", &nth(earlier).max(nth(later))], what));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(text: &str) -> Result<Vec<Hours>, String> {
        #[derive(Deserialize)]
        struct File {
            hours: Vec<Hours>,
        }
        let file: File = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        check(&file.hours).map_err(|error| error.to_string())?;
        Ok(file.hours)
    }

    #[test]
    fn parts_of_a_day_are_read_as_people_write_them() {
        let read = |text: &str| Interval::parse(text).map(|interval| (interval.from, interval.to));
        assert_eq!(read("09:00-12:30"), Some((540, 750)));
        assert_eq!(read("9 – 17"), Some((540, 1020)));
        assert_eq!((read("00:00-24:00"), read("00:00-00:00")), (Some((0, 1440)), None));
        assert_eq!((read("22:00-06:00"), read("17:00-00:00")), (Some((1320, 1800)), Some((1020, 1440))));
        for text in ["", "9", "-", "9-", "09:60-10:00", "24:00-06:00", "09:00-24:01", "+9-17", "9:5-10", "009-17"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn holidays_are_days_parts_of_days_or_several_days() {
        let read = |text: &str| Holiday::parse(text).map(|h| format!("{} {} {:?}", h.first, h.last, h.part));
        let whole = "Interval { from: 0, to: 1440 }";
        assert_eq!(read("2026-12-25"), Some(format!("2026-12-25 2026-12-25 {whole}")));
        assert_eq!(read("2026-12-27..2026-12-30"), Some(format!("2026-12-27 2026-12-30 {whole}")));
        assert!(read("2026-12-24 12:00-24:00").is_some_and(|said| said.ends_with("{ from: 720, to: 1440 }")));
        for text in ["", "25.12.2026", "2026-12-25 noon", "2026-12-30..2026-12-27", "2026-12-25T00:00"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_most_special_word_for_a_day_counts() {
        let hours = hours(
            "[[hours]]\nname = 'A'\ndaily = '10-12'\nweekdays = ['9-12', '13-17']\nfriday = '9-12'\nsunday = []\nfrom = 2026-01-01",
        )
        .unwrap();
        let open: Vec<usize> = (0..7).map(|weekday| hours[0].on(weekday).len()).collect();
        assert_eq!(open, [2, 2, 2, 2, 1, 1, 0]);
        assert_eq!(hours[0].from, Some(Day(jiff::civil::date(2026, 1, 1))), "a day needs no quotes");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_name() {
        let cases = [
            ("weekdays = '9 to 5'", "`9 to 5` is no part of a day"),
            ("weekdays = 9", "text is wanted here"),
            ("weekdays = []", "`A` are never open"),
            ("daily = '9-17'\nfrom = '2026-02-30'", "`2026-02-30` is not a day"),
            ("daily = '9-17'\nholidays = ['Christmas']", "`Christmas` is not a holiday"),
            ("daily = '9-17'\nfrom = '2026-02-01'\nuntil = '2026-01-01'", "end on 2026-01-01 before"),
            ("daily = '9-17'\nchannel = 'emial'", "name the channel `emial`\nhint: did you mean `email`?"),
            ("daily = '9-17'\nteam = []", "for no team"),
            ("daily = '9-17'\nmondays = '9-17'", "unknown field `mondays`"),
            ("daily = '9-17'\n[[hours]]\nname = 'A'\ndaily = '9-18'", "count on the same days"),
            (
                "daily = '9-17'\nuntil = '2026-06-30'\n[[hours]]\nname = 'A'\nteam = 'B'\ndaily = '9-18'\nfrom = '2026-07-01'",
                "for different contacts",
            ),
        ];
        for (lines, said) in cases {
            let error = hours(&format!("[[hours]]\nname = 'A'\n{lines}\n")).unwrap_err();
            assert!(error.contains(said), "{lines}: {error}");
        }
        let versions = "[[hours]]\nname = 'A'\nteam = 'B'\ndaily = '9-17'\nuntil = '2026-06-30'\n[[hours]]\nname = 'A'\ndaily = '9-18'\nfrom = '2026-07-01'";
        assert_eq!(Schedule::all(&hours(versions).unwrap()).len(), 1);
    }
}
