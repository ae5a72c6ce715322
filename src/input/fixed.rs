//! Dates of fixed width, read without looking left or right: the fast way for what nearly every cell holds.
//!
//! A pattern knows where each number stands. What does not fit it to the byte is left to the general parsers of
//! `instant.rs`, so nothing is refused here.

use super::instant::{Stamp, stamp_of};

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    /// `+0100`
    Offset,
    Exactly(u8),
}

/// Where each part of a date stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

impl Pattern {
    /// The pattern of a format in which all widths are fixed.
    pub fn new(directives: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut bytes = directives.bytes();
        while let Some(byte) = bytes.next() {
            parts.push(match (byte, if byte == b'%' { bytes.next() } else { None }) {
                (_, Some(b'Y')) => Part::Year,
                (_, Some(b'm')) => Part::Month,
                (_, Some(b'd')) => Part::Day,
                (_, Some(b'H')) => Part::Hour,
                (_, Some(b'M')) => Part::Minute,
                (_, Some(b'S')) => Part::Second,
                (_, Some(b'z')) => Part::Offset,
                (b'%', _) => return None,
                (byte, _) if byte.is_ascii() && !byte.is_ascii_whitespace() || byte == b' ' => Part::Exactly(byte),
                _ => return None,
            });
        }
        Some(Self(parts)).filter(|pattern| pattern.0.contains(&Part::Hour) && pattern.0.contains(&Part::Minute))
    }

    /// Read a text that fits to the byte.
    #[inline]
    pub fn read(&self, text: &str) -> Option<Stamp> {
        let mut bytes = text.as_bytes();
        let (mut year, mut month, mut day, mut time, mut offset) = (0, 0, 0, 0, None);
        for part in &self.0 {
            match part {
                Part::Year => year = take::<4>(&mut bytes)?,
                Part::Month => month = take::<2>(&mut bytes)?,
                Part::Day => day = take::<2>(&mut bytes)?,
                Part::Hour => time += take::<2>(&mut bytes).filter(|hour| *hour < 24)? * 3_600_000,
                Part::Minute => time += take::<2>(&mut bytes).filter(|minute| *minute < 60)? * 60_000,
                Part::Second => time += take::<2>(&mut bytes).filter(|second| *second < 60)? * 1_000,
                Part::Offset => offset = Some(offset_of(&mut bytes)?),
                Part::Exactly(byte) => bytes = bytes.strip_prefix(&[*byte])?,
            }
        }
        bytes.is_empty().then_some(())?;
        stamp_of(year, month, day, time, offset)
    }
}

/// `2026-12-31 23:59`, with seconds or without, with a blank or a `T`, and with `Z` or nothing after it.
#[inline]
pub fn iso(text: &str) -> Option<Stamp> {
    let mut bytes = text.as_bytes();
    let year = take::<4>(&mut bytes)?;
    bytes = bytes.strip_prefix(b"-")?;
    let month = take::<2>(&mut bytes)?;
    bytes = bytes.strip_prefix(b"-")?;
    let day = take::<2>(&mut bytes)?;
    bytes = bytes.strip_prefix(b" ").or_else(|| bytes.strip_prefix(b"T"))?;
    let hour = take::<2>(&mut bytes).filter(|hour| *hour < 24)?;
    bytes = bytes.strip_prefix(b":")?;
    let minute = take::<2>(&mut bytes).filter(|minute| *minute < 60)?;
    let mut time = hour * 3_600_000 + minute * 60_000;
    if let Some(rest) = bytes.strip_prefix(b":") {
        bytes = rest;
        time += take::<2>(&mut bytes).filter(|second| *second < 60)? * 1_000;
    }
    match bytes {
        b"" => stamp_of(year, month, day, time, None),
        b"Z" => stamp_of(year, month, day, time, Some(0)),
        _ => None,
    }
}

/// `Thu, 31 Dec 2026 23:59:00 +0000`, as RFC 2822 has it.
#[inline]
pub fn rfc2822(text: &str) -> Option<Stamp> {
    const MONTHS: [&[u8; 3]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    const DAYS: [&[u8; 5]; 7] = [b"Mon, ", b"Tue, ", b"Wed, ", b"Thu, ", b"Fri, ", b"Sat, ", b"Sun, "];
    let (weekday, mut bytes) = text.as_bytes().split_first_chunk::<5>()?;
    DAYS.contains(&weekday).then_some(())?;
    let day = take::<2>(&mut bytes)?;
    let (name, rest) = bytes.strip_prefix(b" ")?.split_first_chunk::<3>()?;
    let month = (1..).zip(MONTHS).find(|(_, month)| *month == name)?.0;
    bytes = rest.strip_prefix(b" ")?;
    let year = take::<4>(&mut bytes)?;
    bytes = bytes.strip_prefix(b" ")?;
    let hour = take::<2>(&mut bytes).filter(|hour| *hour < 24)?;
    bytes = bytes.strip_prefix(b":")?;
    let minute = take::<2>(&mut bytes).filter(|minute| *minute < 60)?;
    bytes = bytes.strip_prefix(b":")?;
    let second = take::<2>(&mut bytes).filter(|second| *second < 60)?;
    bytes = bytes.strip_prefix(b" ")?;
    let offset = offset_of(&mut bytes)?;
    bytes.is_empty().then_some(())?;
    stamp_of(year, month, day, ((hour * 60 + minute) * 60 + second) * 1_000, Some(offset))
}

/// So many digits, passed.
#[inline]
fn take<const N: usize>(bytes: &mut &[u8]) -> Option<i64> {
    let (digits, rest) = bytes.split_first_chunk::<N>()?;
    let mut number = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    *bytes = rest;
    Some(number)
}

fn offset_of(bytes: &mut &[u8]) -> Option<i64> {
    let (sign, rest) = bytes.split_first()?;
    *bytes = rest;
    let sign = match sign {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours = take::<2>(bytes).filter(|hours| *hours < 24)?;
    let minutes = take::<2>(bytes).filter(|minutes| *minutes < 60)?;
    Some(sign * (hours * 60 + minutes) * 60_000)
}

#[cfg(test)]
mod tests {
    use super::super::instant::{Format, Reading};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_way_agrees_with_the_long_one(
            date in "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?(Z| [+-][01][0-9][0-5]0)?",
        ) {
            if let Some(stamp) = iso(&date) {
                // Another blank sends it the long way.
                let long = date.replacen(['T', ' '], "  ", 1);
                prop_assert_eq!(Format::Iso.parse(&long, None), Format::Iso.parse(&date, None));
                prop_assert!(stamp.clock > 0 || date.as_str() < "1970-01-02");
            }
            for format in ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"] {
                if let Some(stamp) = Pattern::new(format).and_then(|pattern| pattern.read(&date)) {
                    let parsed = jiff::fmt::strtime::BrokenDownTime::parse(format, &date).unwrap();
                    let clock = parsed.to_datetime().unwrap().to_zoned(jiff::tz::TimeZone::UTC).unwrap();
                    prop_assert_eq!(stamp.clock, clock.timestamp().as_millisecond());
                    let offset = parsed.offset().map(|offset| i64::from(offset.seconds()) * 1_000);
                    prop_assert_eq!((stamp.offset, stamp.day), (offset, false));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn mail_dates_agree_with_the_long_way(
            day in 1..32u8,
            month in prop::sample::select(vec!["Jan", "Feb", "Jun", "Sept", "Dec"]),
            time in "[0-2][0-9]:[0-6][0-9]:[0-6][0-9]",
            offset in "[+-][01][0-9][0-5]0",
        ) {
            let date = format!("Thu, {day:02} {month} 2026 {time} {offset}");
            if let Some(stamp) = rfc2822(&date) {
                // Without its weekday it goes the long way.
                prop_assert_eq!(Format::Rfc2822.parse(&date[5..], None), Reading::At(stamp));
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_left_to_others() {
        for text in ["2026-1-31 23:59", "2026-12-31", "2026-12-31 24:00", "2026-02-30 10:15", "2026-12-31 23:59:59.5"] {
            assert_eq!(iso(text), None, "{text}");
        }
        assert!(Pattern::new("%d/%m/%y %H:%M").is_none() && Pattern::new("%Y-%m-%d").is_none());
        assert!(matches!(Format::named("%d/%m/%Y %H:%M").parse("31/12/2026 23:59", None), Reading::At(_)));
    }
}
