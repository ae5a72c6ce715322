//! Tests of `instant.rs` and `month_names.rs`.

use super::*;
use proptest::prelude::*;

fn read(format: &Format, text: &str) -> String {
    match format.parse(text, None) {
        Reading::At(stamp) => {
            let clock = jiff::Timestamp::from_millisecond(stamp.clock).unwrap();
            let offset = stamp.offset.map_or(String::new(), |o| format!(" {}", o / 60_000));
            format!("{}{offset}{}", clock, if stamp.day { " day" } else { "" })
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn shapes_of_many_exports() {
    for (text, expected) in [
        ("2026-12-31", "2026-12-31T00:00:00Z day"),
        ("2026-12-31 23:59", "2026-12-31T23:59:00Z"),
        ("2026-12-31T23:59:58.123456Z", "2026-12-31T23:59:58.123Z 0"),
        ("2026-12-31T23:59:58+01:00", "2026-12-31T23:59:58Z 60"),
        ("2025-10-22 12:58:38 +0530", "2025-10-22T12:58:38Z 330"),
        ("2025-10-22 12:58:38 UTC", "2025-10-22T12:58:38Z 0"),
        ("2025-10-22 12:58 CDT", "2025-10-22T12:58:00Z -300"),
        ("25/Feb/26 10:17 PM CET", "2026-02-25T22:17:00Z 60"),
        ("2024/3/4 9:05", "2024-03-04T09:05:00Z"),
        ("20240304", "2024-03-04T00:00:00Z day"),
        ("6/23/25 07:00 AM", "2025-06-23T07:00:00Z"),
        ("23/06/2025 12:30 p.m.", "2025-06-23T12:30:00Z"),
        ("12/31/2026 12:00 AM", "2026-12-31T00:00:00Z"),
        ("31.12.2026 23:59", "2026-12-31T23:59:00Z"),
        ("04.03.2024", "2024-03-04T00:00:00Z day"),
        ("31/12/2026, 9:15:01", "2026-12-31T09:15:01Z"),
        ("1709543700", "2024-03-04T09:15:00Z 0"),
        ("1709543700.17", "2024-03-04T09:15:00.17Z 0"),
        ("1709543700170", "2024-03-04T09:15:00.17Z 0"),
        ("1.7095437E9", "2024-03-04T09:15:00Z 0"),
        ("Thu, 27 Oct 2016 14:51:34", "2016-10-27T14:51:34Z"),
        ("Thu, 27 Oct 2016 14:51:34 +0000", "2016-10-27T14:51:34Z 0"),
        ("Tue Oct 31 22:10:47 +0000 2017", "2017-10-31T22:10:47Z 0"),
        ("Mar 4, 2024 9:15 PM", "2024-03-04T21:15:00Z"),
        ("04-Mar-2024", "2024-03-04T00:00:00Z day"),
        ("4 March 24 at 9:05am", "2024-03-04T09:05:00Z"),
    ] {
        assert_eq!(read(&Format::Any, text), expected, "{text}");
    }
}

#[test]
fn what_is_no_moment() {
    for text in [
        "2026-02-30",
        "31/31/2026",
        "2026-13-01",
        "########",
        "45123.5",
        "yesterday",
        "2026-01-01 25:00",
        "1.7E+09",
        "0:00",
        "-5",
        "2026-01-01T",
        "2026-01-01 10:00 Mars",
        "2026-01-01 10:00 CST",
        "12/31",
        "1/2/3",
        "May",
        "ü",
        "4 4 4 4",
        "\u{0}",
    ] {
        assert_eq!(
            read(&Format::Any, text),
            if text == "2026-01-01T" { "2026-01-01T00:00:00Z day" } else { "Bad" },
            "{text}"
        );
    }
    assert_eq!(read(&Format::Any, "3/4/2024"), "Open");
    assert_eq!(read(&Format::Any, "0"), "Never");
    assert_eq!(read(&Format::Epoch, "0.0"), "Never");
    assert_eq!(read(&Format::Iso, "0000-00-00 00:00:00"), "Never");
    assert_eq!(read(&Format::Any, "1970-01-01 09:46:18"), "FarOff");
    assert_eq!(read(&Format::Any, "2206-01-01"), "FarOff");
}

#[test]
fn directives_are_jiffs() {
    let read = |format: &str, text| read(&Format::named(format), text);
    assert_eq!(read("%d/%m/%Y %H:%M", "3/4/2024 9:05"), "2024-04-03T09:05:00Z");
    assert_eq!(read("%y%m%d %H:%M:%S", "990101 1:20:04"), "1999-01-01T01:20:04Z");
    assert_eq!(read("%d.%m.%Y", "31.12.2026"), "2026-12-31T00:00:00Z day");
    assert_eq!(read("%d/%m/%Y", "30/02/2026"), "Bad");
    assert_eq!(Format::named("%d.%m.%Y %H:%M").example(), "31.12.2026 23:59");
}

#[test]
fn the_order_of_the_column_is_kept() {
    let dmy = |text| Format::Any.parse(text, Some(DayOrder::Dmy));
    assert!(matches!(dmy("3/4/2024"), Reading::At(stamp) if stamp.clock == 1_712_102_400_000));
    assert_eq!(dmy("12/31/2024"), Reading::Bad);
}

proptest! {
    #[test]
    fn what_jiff_writes_is_read_back(millis in 631_152_000_000_i64..4_102_444_800_000) {
        let instant = jiff::Timestamp::from_millisecond(millis).unwrap();
        let read = Format::Any.parse(&instant.to_string(), None);
        prop_assert_eq!(read, Reading::At(Stamp { clock: millis, offset: Some(0), day: false }));
        let zoned = instant.to_zoned(jiff::tz::TimeZone::UTC);
        for format in ["%d %b %Y %H:%M:%S", "%a, %d %b %Y %H:%M:%S", "%Y/%m/%d %I:%M:%S %p", "%d.%m.%Y %H:%M:%S"] {
            let text = zoned.strftime(format).to_string();
            let whole = millis - millis.rem_euclid(1_000);
            prop_assert_eq!(Format::Any.parse(&text, None), Reading::At(Stamp { clock: whole, offset: None, day: false }), "{}", text);
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,40}", dateish in "[0-9 :/.TZeE+-]{0,24}") {
        for text in [&text, &dateish] {
            for format in [Format::Any, Format::Iso, Format::Rfc2822, Format::Epoch, Format::named("%d/%m/%y %H:%M")] {
                let _ = format.parse(text, Some(DayOrder::Mdy));
            }
            let _ = super::super::duration::parse(text, super::super::duration::Unit::Clock, None);
            let _ = super::super::number::parse(text, Some(','));
            let _ = super::super::number::vote(text);
        }
    }
}
