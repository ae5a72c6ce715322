//! Dates and London time, by integer arithmetic; instants are seconds since 1970 in UTC.
//!
//! The civil-date algorithms are Howard Hinnant's `days_from_civil` and `civil_from_days`.

pub type Instant = i64;

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3600;
pub const DAY: i64 = 86_400;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The number of a civil day, counted from 1970-01-01.
pub fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a day number.
pub fn date(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Monday is 0.
pub fn weekday(day: i64) -> usize {
    (day + 3).rem_euclid(7) as usize
}

fn last_sunday(year: i64, month: i64) -> i64 {
    let last = day_number(year, month, 31);
    last - ((weekday(last) + 1) % 7) as i64
}

/// Seconds by which London is ahead of UTC: summer time runs from the last Sunday of March to the
/// last one of October, changing at 01:00 UTC.
pub fn london_offset(at: Instant) -> i64 {
    let (year, ..) = date(at.div_euclid(DAY));
    let from = last_sunday(year, 3) * DAY + HOUR;
    let until = last_sunday(year, 10) * DAY + HOUR;
    if (from..until).contains(&at) { HOUR } else { 0 }
}

/// The instant of a wall-clock second of a London day.
pub fn london(day: i64, second: i64) -> Instant {
    let wall = day * DAY + second;
    wall - london_offset(wall - HOUR)
}

pub fn london_day(at: Instant) -> i64 {
    (at + london_offset(at)).div_euclid(DAY)
}

/// When people answer letters: early to late on weekdays, a small crew at the weekend.
fn staffed(day: i64) -> (Instant, Instant) {
    let (open, close) = if weekday(day) < 5 { (7, 22) } else { (9, 18) };
    (london(day, open * HOUR), london(day, close * HOUR))
}

/// The instant after so many staffed minutes.
pub fn plus_staffed(from: Instant, minutes: i64) -> Instant {
    let mut left = minutes * MINUTE;
    let mut at = from;
    let mut day = london_day(from);
    loop {
        let (open, close) = staffed(day);
        at = at.max(open);
        if at + left <= close {
            return at + left;
        }
        left -= (close - at).max(0);
        day += 1;
    }
}

/// The instant itself where somebody is at work, else a while into the next staffed hours.
pub fn when_staffed(at: Instant) -> Instant {
    let (open, close) = staffed(london_day(at));
    if (open..close).contains(&at) { at } else { plus_staffed(at, (at / MINUTE) % 90) }
}

fn of_day(second: i64) -> (i64, i64, i64) {
    (second / HOUR, second % HOUR / MINUTE, second % MINUTE)
}

fn dashed(wall: i64, between: char) -> String {
    let (year, month, day) = date(wall.div_euclid(DAY));
    let (hour, minute, second) = of_day(wall.rem_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}")
}

/// `2026-05-22 12:58:38`, without a zone.
pub fn utc_second(at: Instant) -> String {
    dashed(at, ' ')
}

/// `2026-05-22 13:58:38` on a London clock, without a zone.
pub fn london_second(at: Instant) -> String {
    dashed(at + london_offset(at), ' ')
}

/// `2026-05-22 13:58` on a London clock, without a zone.
pub fn london_minute(at: Instant) -> String {
    let mut text = london_second(at);
    text.truncate(16);
    text
}

/// `2026-05-22 13:58:38 +0100`
pub fn london_with_offset(at: Instant) -> String {
    format!("{} +{:02}00", london_second(at), london_offset(at) / HOUR)
}

/// `2026-05-22T12:58:38Z`
pub fn iso_utc(at: Instant) -> String {
    format!("{}Z", dashed(at, 'T'))
}

/// `Fri, 22 May 2026 12:58:38 +0000`
pub fn rfc_2822(at: Instant) -> String {
    let number = at.div_euclid(DAY);
    let (year, month, day) = date(number);
    let (hour, minute, second) = of_day(at.rem_euclid(DAY));
    let (name, month) = (WEEKDAYS[weekday(number)], MONTHS[month as usize - 1]);
    format!("{name}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} +0000")
}

/// `00:02:05`
pub fn clock_face(seconds: i64) -> String {
    let (hour, minute, second) = of_day(seconds);
    format!("{hour:02}:{minute:02}:{second:02}")
}
