//! Phone numbers made comparable: E.164 where the number can be understood, else its digits.
//!
//! Rules of countries come from the `phonenumber` crate; this file strips what exports put around numbers
//! and tells placeholders and spreadsheet damage from numbers. Parsing costs microseconds, so callers
//! keep what they have asked.

use phonenumber::{PhoneNumber, country};

/// What a cell turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phone {
    Key(String),
    /// `anonymous`, `-`, an internal extension: nothing that names a customer.
    Nobody,
    /// `4.41E+11`: the digits are gone.
    Damaged,
}

const NOBODY: &[&str] = &[
    "anonymous",
    "unknown",
    "restricted",
    "private",
    "blocked",
    "withheld",
    "unavailable",
    "n/a",
    "na",
    "none",
    "null",
    "no caller id",
    "caller id blocked",
    "-",
    "--",
    "0",
];

/// Fewer digits are an extension of somebody's own switchboard.
const SHORTEST: usize = 7;
/// An international number without its `+` has at least so many; a national one rarely has.
const SHORTEST_INTERNATIONAL: usize = 11;
/// What E.164 allows.
const LONGEST: usize = 15;

/// The country that `region` of the settings means; nothing for what is no country.
pub fn region(code: &str) -> Option<country::Id> {
    code.trim().to_ascii_uppercase().parse().ok()
}

/// Read one cell.
pub fn clean(text: &str, region: Option<country::Id>) -> Phone {
    let text = bare(text);
    if NOBODY.contains(&text.to_ascii_lowercase().as_str()) {
        return Phone::Nobody;
    }
    if is_damaged(text) {
        return Phone::Damaged;
    }
    let text = text.split([';', ',']).next().unwrap_or(text);
    let text = without_extension(text);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if digits.len() < SHORTEST || digits.bytes().all(|b| b == b'0') || letters > 0 {
        return Phone::Nobody;
    }
    Phone::Key(key(text, digits, region))
}

/// The best key there is: understood as written, as international without its `+`, or the bare digits.
fn key(text: &str, digits: String, region: Option<country::Id>) -> String {
    let plus = text.trim_start_matches(['(', ' ']).starts_with(['+', '＋']);
    let international = if plus {
        Some(digits.clone())
    } else if region.is_none() {
        // The most usual prefix of a call abroad; with a region, its own rules are known.
        digits.strip_prefix("00").map(str::to_owned)
    } else {
        None
    };
    if let Some(digits) = international {
        let spelt = format!("+{digits}");
        if is_e164(&digits) {
            return spelt;
        }
        return phonenumber::parse(None, &spelt).map_or(spelt, |number| e164(&number));
    }
    let national = region.and_then(|region| phonenumber::parse(Some(region), text).ok());
    if let Some(number) = national.as_ref().filter(|number| number.is_valid()) {
        return e164(number);
    }
    if (SHORTEST_INTERNATIONAL..=LONGEST).contains(&digits.len())
        && let Ok(number) = phonenumber::parse(None, format!("+{digits}"))
        && number.is_valid()
    {
        return e164(&number);
    }
    national.map_or(digits, |number| e164(&number))
}

/// Calling codes after which nothing but a 0 is ever dropped, so that a number without one is E.164 as it stands.
const PLAIN_CODES: &[&str] = &[
    "20", "27", "30", "31", "32", "33", "34", "40", "41", "43", "44", "45", "46", "47", "48", "49", "60", "61", "63",
    "64", "65", "66", "81", "82", "84", "90", "91", "92", "94", "98", "351", "352", "353", "354", "356", "357", "358",
    "359", "385", "386", "420", "421",
];

/// Whether digits after a `+` need no parser: it costs microseconds and a lock, and most numbers are written so.
fn is_e164(digits: &str) -> bool {
    let in_north_america = |rest: &str| rest.len() == 10 && !rest.starts_with(['0', '1']);
    let code = PLAIN_CODES.iter().find_map(|code| digits.strip_prefix(code));
    let plain = code.is_some_and(|rest| (7..=12).contains(&rest.len()) && !rest.starts_with('0'));
    plain || digits.strip_prefix('1').is_some_and(in_north_america)
}

/// Written by hand: the crate's own way panics on codes that it does not know.
fn e164(number: &PhoneNumber) -> String {
    format!("+{}{}", number.country().code(), number.national())
}

/// Without `tel:`, `whatsapp:`, `sip:…@host`, a name around it, an apostrophe before it.
fn bare(text: &str) -> &str {
    let text = text.trim().trim_start_matches('\'');
    let text = match text.rsplit_once(['<', '(']) {
        // `"Ana" <5550100>` and `Ana Ruiz (5550100)`, but not `+1 (415) 555-0100` nor `(020) 7946 0018`.
        Some((before, inside)) if before.chars().any(|c| c.is_alphabetic() || c == '"') || inside.ends_with('>') => {
            inside.trim_end_matches([')', '>', ' '])
        }
        _ => text,
    };
    let scheme = |text: &str| text.find(':').filter(|&at| text[..at].bytes().all(|b| b.is_ascii_alphabetic()));
    let mut text = text;
    while let Some(at) = scheme(text) {
        text = &text[at + 1..];
    }
    text.split('@').next().unwrap_or(text).trim().trim_matches('"')
}

/// `4.41E+11`, `4,41E+11`, and numbers that a spreadsheet could not show.
fn is_damaged(text: &str) -> bool {
    let exponent = text.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        let numeric = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'+'));
        !mantissa.is_empty() && !exponent.is_empty() && numeric(mantissa) && numeric(exponent)
    });
    exponent || (!text.is_empty() && text.bytes().all(|b| b == b'#'))
}

/// `+1 415 555 0100 ext. 12`, `… x12`, `…;ext=12` → without the extension.
fn without_extension(text: &str) -> &str {
    let text = match text.find(|c: char| c.is_ascii_alphabetic()) {
        Some(at)
            if at > 0
                && text[at..]
                    .to_ascii_lowercase()
                    .trim_start_matches("ext")
                    .trim_start_matches("ension")
                    .trim_start_matches(['x', '.', ' ', ':'])
                    .bytes()
                    .all(|b| b.is_ascii_digit()) =>
        {
            &text[..at]
        }
        _ => text,
    };
    // Floats of spreadsheets that kept the digits.
    text.strip_suffix(".0").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, country: Option<&str>) -> Option<String> {
        match clean(text, country.and_then(region)) {
            Phone::Key(key) => Some(key),
            Phone::Nobody => None,
            Phone::Damaged => Some("damaged".into()),
        }
    }

    #[test]
    fn one_number_in_many_clothes() {
        for text in [
            "+61 400 000 001",
            "61400000001",
            "tel:+61400000001",
            "whatsapp:+61400000001",
            "sip:61400000001@pbx.example",
            "'+61400000001",
            "0061 400 000 001",
            "\"Ana\" <+61400000001>",
            "Ana Ruiz (61400000001)",
            "+61400000001 ext. 5",
            "61400000001.0",
            "+61 (400) 000-001",
            "+61400000001;ext=5",
        ] {
            assert_eq!(read(text, None).as_deref(), Some("+61400000001"), "{text}");
        }
        assert_eq!(read("0400 000 001", Some("AU")).as_deref(), Some("+61400000001"));
        assert_eq!(read("33600000001", Some("gb")).as_deref(), Some("+33600000001"));
        assert_eq!(read("(020) 7946 0018", Some("GB")).as_deref(), Some("+442079460018"));
    }

    #[test]
    fn numbers_that_no_country_knows_stay_keys() {
        assert_eq!(read("+1 555-0100", None).as_deref(), Some("+15550100"));
        assert_eq!(read("555-0100", None).as_deref(), Some("5550100"));
        assert_eq!(read("+999 123 456 789", None).as_deref(), Some("+999123456789"));
        assert_eq!(read("4155550100", None).as_deref(), Some("4155550100"));
    }

    #[test]
    fn placeholders_and_damage_are_no_keys() {
        for text in
            ["anonymous", "Unknown", "-", "", "101", "0000000000", "sip:reception@pbx.example", "N/A", "Softphone"]
        {
            assert_eq!(read(text, None), None, "{text}");
        }
        for text in ["4.41E+11", "4,41E+11", "4.41e11", "########"] {
            assert_eq!(read(text, None).as_deref(), Some("damaged"), "{text}");
        }
    }

    #[test]
    fn the_short_way_agrees_with_the_parser() {
        // Every calling code with every beginning of two digits, in all lengths that occur.
        let tails = ["2345", "23456", "234567", "2345678", "23456789", "234567890", "2345678901"];
        let starts = 10..100;
        let mut agreed = 0;
        for code in PLAIN_CODES.iter().copied().chain(["1"]) {
            for digits in starts.clone().flat_map(|start| tails.map(|tail| format!("{code}{start}{tail}"))) {
                if is_e164(&digits) {
                    let spelt = format!("+{digits}");
                    let parsed = phonenumber::parse(None, &spelt).map_or_else(|_| spelt.clone(), |n| e164(&n));
                    assert_eq!(spelt, parsed);
                    agreed += 1;
                }
            }
        }
        assert!(agreed > 10_000, "{agreed}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in ".{0,30}", numberish in "[+0-9() .;,xeEtl:/<>#*０-９٠-٩-]{0,30}") {
            for text in [&text, &numberish] {
                for country in [None, region("GB"), region("US"), region("IT")] {
                    let _ = clean(text, country);
                }
            }
        }
    }
}
