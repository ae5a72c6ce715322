//! Open hours against a walk by the minute, and the days on which clocks are changed.

use super::*;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;
const OFFICE: &str = "[[hours]]\nname = 'Office'\nweekdays = '09:00-17:00'\n";
const ALWAYS: &str = "[[hours]]\nname = 'Always'\ndaily = '00:00-24:00'\n";

fn calendars(settings: &str, zone: &str, span: (i64, i64)) -> Calendars {
    let settings: Settings = toml::from_str(settings).unwrap();
    Calendars::new(&settings, &Zone::named(zone).unwrap(), span).unwrap().unwrap()
}

/// Local time in a zone as an instant.
fn at(zone: &str, local: &str) -> i64 {
    let local: DateTime = local.parse().unwrap();
    local.to_zoned(TimeZone::get(zone).unwrap()).unwrap().timestamp().as_millisecond()
}

/// Hours from one local time to another: by the calendar, and of business.
fn hours(settings: &str, zone: &str, from: &str, to: &str) -> (i64, i64) {
    let (from, to) = (at(zone, from), at(zone, to));
    let calendars = calendars(settings, zone, (from, to));
    let business = calendars.get(0).unwrap().between(from, to);
    assert_eq!(((to - from) % HOUR, business % HOUR), (0, 0), "whole hours");
    ((to - from) / HOUR, business / HOUR)
}

#[test]
fn a_weekend_of_changing_clocks_as_worked_in_the_contract() {
    let berlin = |from, to| hours(OFFICE, "Europe/Berlin", from, to);
    assert_eq!(berlin("2025-03-29T12:00", "2025-03-31T10:00"), (45, 1));
    assert_eq!(berlin("2025-10-25T12:00", "2025-10-27T10:00"), (47, 1));
}

#[test]
fn a_zone_that_dropped_summer_time() {
    // Brazil's clocks went back for the last time on Sunday 2019-02-17 at midnight; in November they stayed.
    let brazil = |from, to| hours(OFFICE, "America/Sao_Paulo", from, to);
    assert_eq!(brazil("2018-11-03T12:00", "2018-11-05T10:00"), (45, 1));
    assert_eq!(brazil("2019-02-16T12:00", "2019-02-18T10:00"), (47, 1));
    assert_eq!(brazil("2019-11-02T12:00", "2019-11-04T10:00"), (46, 1));
    // Jordan's went back on Friday 2021-10-29; in 2022 they stayed on summer time for good. Its week begins on Sunday.
    let sunday_to_thursday = "[[hours]]\nname = 'Amman'\nweekdays = '9-17'\nfriday = []\nsunday = '9-17'\n";
    let jordan = |from, to| hours(sunday_to_thursday, "Asia/Amman", from, to);
    assert_eq!(jordan("2021-10-28T12:00", "2021-10-31T10:00"), (71, 6));
    assert_eq!(jordan("2022-10-27T12:00", "2022-10-30T10:00"), (70, 6));
}

#[test]
fn an_hour_shown_twice_counts_twice_and_a_skipped_one_does_not() {
    let night = "[[hours]]\nname = 'Night'\ndaily = '01:00-04:00'\n";
    let berlin = |from, to| hours(night, "Europe/Berlin", from, to).1;
    assert_eq!(berlin("2025-03-30T00:00", "2025-03-30T12:00"), 2);
    assert_eq!(berlin("2025-10-26T00:00", "2025-10-26T12:00"), 4);
}

#[test]
fn a_holiday_over_a_weeks_edge() {
    // Good Friday and Easter Monday 2026, the Saturday and Sunday between them, and the eve from noon on.
    let easter = "holidays = ['2026-04-03..2026-04-06']\n[[hours]]\nname = 'Shop'\ndaily = '9-17'\nholidays = ['2026-04-02 12:00-24:00']\n";
    let berlin = |from, to| hours(easter, "Europe/Berlin", from, to);
    assert_eq!(berlin("2026-04-02T08:00", "2026-04-07T10:00"), (122, 4), "Thursday 9 to 12, Tuesday 9 to 10");
    assert_eq!(berlin("2026-04-02T13:00", "2026-04-06T17:00"), (100, 0), "a true 0");
}

#[test]
fn the_end_of_a_day_is_24_00() {
    let late = "[[hours]]\nname = 'Late'\nfriday = '16:00-24:00'\nsaturday = '00:00-02:00'\nsunday = '20:00-00:00'\n";
    let utc = |from, to| hours(late, "UTC", from, to).1;
    assert_eq!(utc("2026-03-06T23:00", "2026-03-07T01:00"), 2);
    assert_eq!(utc("2026-03-06T00:00", "2026-03-10T00:00"), 14);
    assert_eq!(utc("2026-03-08T23:00", "2026-03-09T01:00"), 1, "00:00 as an end is the same");
}

#[test]
fn a_night_runs_over_midnight_and_ends_where_a_holiday_begins() {
    let night =
        "[[hours]]\nname = 'Night'\nmonday = '22:00-06:00'\ntuesday = '22:00-06:00'\nholidays = ['2026-03-10']\n";
    let utc = |from, to| hours(night, "UTC", from, to).1;
    // Tuesday the 10th is closed from midnight to midnight: two hours of Monday's night, six of Tuesday's are left.
    assert_eq!(utc("2026-03-09T00:00", "2026-03-12T00:00"), 2 + 6);
    assert_eq!(utc("2026-03-16T00:00", "2026-03-19T00:00"), 16);
    let noon = "[[hours]]\nname = 'Shop'\ndaily = '00:00-24:00'\nholidays = ['2026-03-10 22:00-06:00']\n";
    assert_eq!(hours(noon, "UTC", "2026-03-10T00:00", "2026-03-12T00:00"), (48, 40), "a holiday may, too");
}

#[test]
fn parts_that_overlap_count_once() {
    let twice = "[[hours]]\nname = 'Twice'\ndaily = ['08:00-13:00', '12:00-18:00', '20:00-10:00']\n";
    assert_eq!(hours(twice, "UTC", "2026-03-02T00:00", "2026-03-03T00:00"), (24, 22));
}

#[test]
fn more_than_a_year_of_working_days() {
    // numpy.busday_count('2025-01-01', '2026-07-01') is 390.
    let (_, business) = hours(OFFICE, "America/New_York", "2025-01-01T00:00", "2026-07-01T00:00");
    assert_eq!(business, 390 * 8);
}

#[test]
fn always_open_is_calendar_time() {
    for zone in ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "UTC"] {
        let (calendar, business) = hours(ALWAYS, zone, "2010-01-05T07:00", "2026-01-11T19:00");
        assert_eq!(calendar, business, "{zone}");
    }
    let by_parts = "[[hours]]\nname = 'Parts'\ndaily = ['06:00-22:00', '22:00-06:00']\n";
    let (calendar, business) = hours(by_parts, "Europe/Berlin", "2024-01-01T00:00", "2026-01-01T00:00");
    assert_eq!(calendar, business);
}

#[test]
fn what_happens_before_any_schedule_begins_takes_no_business_time() {
    let new = "[[hours]]\nname = 'New'\nweekdays = '9-17'\nfrom = '2026-03-04'\nuntil = '2026-03-05'\n";
    let utc = |from, to| hours(new, "UTC", from, to).1;
    assert_eq!(utc("2026-03-02T09:00", "2026-03-03T17:00"), 0, "a true 0");
    assert_eq!(utc("2026-03-02T09:00", "2026-03-04T10:00"), 1);
    assert_eq!(utc("2026-03-05T16:00", "2026-03-09T17:00"), 1, "the last day counts");
}

#[test]
fn versions_follow_each_other_with_the_zone_and_the_holidays_of_all() {
    let moved = "[[hours]]\nname = 'Desk'\ntime_zone = 'Europe/Berlin'\nweekdays = '9-17'\nuntil = '2026-03-03'\nholidays = ['2026-03-05']\n\
        [[hours]]\nname = 'Desk'\nweekdays = '8-18'\nfrom = '2026-03-04'\n";
    // Tuesday the 3rd 8 hours, Wednesday 10, Thursday none, Friday 10; the report is in Tokyo's time.
    assert_eq!(hours(moved, "Asia/Tokyo", "2026-03-03T12:00", "2026-03-07T12:00").1, 28);
}

#[test]
fn the_most_special_schedule_counts_then_the_first() {
    let settings = "\
        [[hours]]\nname = 'All'\ndaily = '9-17'\n\
        [[hours]]\nname = 'Mail'\nchannel = ['email', 'web_form']\ndaily = '9-17'\n\
        [[hours]]\nname = 'Urgent'\npriority = 'urgent'\ndaily = '9-17'\n\
        [[hours]]\nname = 'Urgent mail'\nchannel = 'email'\npriority = 'urgent'\nteam = 'Orders'\ndaily = '9-17'\n";
    let all = calendars(settings, "UTC", (0, 0));
    let name = |words| all.get(all.schedule_of(words)).map(|calendar| calendar.name.as_str());
    assert_eq!(name(["phone", "", ""]), Some("All"));
    assert_eq!(name(["web_form", "Orders", "low"]), Some("Mail"));
    assert_eq!(name(["email", "", "urgent"]), Some("Mail"), "as special as Urgent, and before it");
    assert_eq!(name(["phone", "", "urgent"]), Some("Urgent"));
    assert_eq!(name(["email", "Orders", "urgent"]), Some("Urgent mail"));
    let few = calendars("[[hours]]\nname = 'Mail'\nchannel = 'email'\ndaily = '9-17'\n", "UTC", (0, 0));
    assert_eq!((few.schedule_of(["email", "", ""]), few.schedule_of(["", "", ""])), (0, NO_SCHEDULE));
}

#[test]
fn instants_far_away_are_right_and_no_panic() {
    let (from, to) = (at("UTC", "2026-01-01T00:00"), at("UTC", "2027-01-01T00:00"));
    let wide = calendars(OFFICE, "Europe/Berlin", (at("UTC", "1960-01-01T00:00"), at("UTC", "2099-01-01T00:00")));
    let narrow = calendars(OFFICE, "Europe/Berlin", (from, to));
    let (wide, narrow) = (wide.get(0).unwrap(), narrow.get(0).unwrap());
    for far in ["1961-05-05T15:00", "1999-12-31T12:34", "2025-12-31T16:00", "2027-01-04T11:00", "2098-07-01T10:00"] {
        assert_eq!(narrow.between(from, at("UTC", far)), wide.between(from, at("UTC", far)), "{far}");
    }
    let ends = narrow.between(i64::MIN, i64::MAX);
    assert_eq!(ends, narrow.between(REACH.0, REACH.1), "nobody is there before 1900 or after 2100");
    assert!(!narrow.is_open(i64::MIN) && !narrow.is_open(i64::MAX) && narrow.is_open(at("UTC", "2026-07-01T07:00")));
}

/// Open or closed parts, in minutes after midnight; they may run into the next day.
type Parts = Vec<(u16, u16)>;

/// Hours that change on a day, and holidays.
#[derive(Debug, Clone)]
struct Case {
    zone: &'static str,
    weeks: [[Parts; 7]; 2],
    changes: Date,
    holidays: Vec<(Date, (u16, u16))>,
}

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Case {
    fn settings(&self) -> String {
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
        let part = |&(from, to): &(u16, u16)| {
            let to = if to == 1440 { "24:00".into() } else { clock(to) };
            format!("{}-{to}", clock(from))
        };
        let holidays: Vec<String> =
            self.holidays.iter().map(|(day, closed)| format!("{day} {}", part(closed))).collect();
        let mut out = format!("holidays = {holidays:?}\n");
        let limits = [format!("until = {}", self.changes.yesterday().unwrap()), format!("from = {}", self.changes)];
        for (week, limit) in self.weeks.iter().zip(limits) {
            out += &format!("[[hours]]\nname = 'Desk'\n{limit}\n");
            for (day, parts) in DAYS.iter().zip(week) {
                out += &format!("{day} = {:?}\n", parts.iter().map(part).collect::<Vec<_>>());
            }
        }
        out
    }

    /// What the clock on the wall says, in the plainest words.
    fn is_open(&self, local: DateTime) -> bool {
        let (today, yesterday) = (local.date(), local.date().yesterday().unwrap());
        let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap();
        let within = |(from, to): (u16, u16), minute| from <= minute && minute < to;
        let closed = |&(day, part): &(Date, (u16, u16))| {
            day == today && within(part, minute) || day == yesterday && within(part, minute + 1440)
        };
        let week = &self.weeks[usize::from(today >= self.changes)];
        let parts = |day: Date| &week[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap()];
        let begun_today = parts(today).iter().any(|&part| within(part, minute));
        let begun_yesterday = parts(yesterday).iter().any(|&part| within(part, minute + 1440));
        (begun_today || begun_yesterday) && !self.holidays.iter().any(closed)
    }
}

const ZONES: [&str; 10] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Amman",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Antarctica/Troll",
];

fn part() -> impl Strategy<Value = (u16, u16)> {
    (0..1440_u16, prop_oneof![1..1440_u16, Just(600)]).prop_map(|(from, length)| (from, from + length))
}

fn week() -> impl Strategy<Value = [Parts; 7]> {
    prop::array::uniform7(prop_oneof![
        2 => Just(vec![(540, 750), (810, 1020)]),
        1 => Just(vec![(0, 1440)]),
        3 => prop::collection::vec(part(), 0..4),
    ])
}

/// A case, and the minute at which to look: near a change of the zone's clocks, if it has one.
fn cases() -> impl Strategy<Value = (Case, Timestamp)> {
    let near = (0..ZONES.len(), 2008..2027_i16, -6 * 1440..6 * 1440_i64);
    let holidays = prop::collection::vec((-9..9_i64, prop_oneof![Just((0, 1440)), part()]), 0..5);
    (near, [week(), week()], -9..9_i64, holidays).prop_map(|((zone, year, minutes), weeks, changes, holidays)| {
        let (zone, first) = (ZONES[zone], jiff::civil::date(year, 1, 1));
        let new_year = first.to_zoned(TimeZone::get(zone).unwrap()).unwrap().timestamp();
        let change = TimeZone::get(zone).unwrap().following(new_year).next().map_or(new_year, |next| next.timestamp());
        let from = change.round(jiff::Unit::Minute).unwrap() + minutes.minutes();
        let day = |days: i64| from.to_zoned(TimeZone::UTC).date() + days.days();
        let holidays = holidays.into_iter().map(|(days, part)| (day(days), part)).collect();
        (Case { zone, weeks, changes: day(changes), holidays }, from)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Walks minute by minute and looks at the clock of jiff.
    #[test]
    fn business_time_is_what_a_walk_by_the_minute_finds((case, from) in cases(), minutes in 0..12 * 1440_i64, narrow in any::<bool>()) {
        let zone = TimeZone::get(case.zone).unwrap();
        let starts = (0..minutes).map(|minute| from + minute.minutes());
        let open = starts.filter(|at| case.is_open(at.to_zoned(zone.clone()).datetime())).count();
        let (from, to) = (from.as_millisecond(), (from + minutes.minutes()).as_millisecond());
        let span = if narrow { (from + (to - from) / 3, to - (to - from) / 3) } else { (from, to) };
        let all = calendars(&case.settings(), case.zone, span);
        let calendar = all.get(0).unwrap();
        prop_assert_eq!(calendar.between(from, to), i64::try_from(open).unwrap() * 60_000, "{}", case.settings());
        prop_assert_eq!(calendar.is_open(from), case.is_open(Timestamp::from_millisecond(from).unwrap().to_zoned(zone).datetime()));
    }
}
