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

/// The two letters of the country of a number in E.164.
pub fn country(number: &str) -> Option<String> {
    let parsed = phonenumber::parse(None, number).ok().filter(PhoneNumber::is_valid)?;
    Some(parsed.country().id()?.as_ref().to_owned())
}

/// Write a number that is told by its digits alone, whatever marks stand between them: E.164, or national or
/// international without its `+` in a country of simple rules. False where it takes more to tell.
pub fn plain(text: &str, region: Option<country::Id>, into: &mut String) -> bool {
    let text = text.strip_prefix('\'').unwrap_or(text);
    let (plus, rest) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
    // A spreadsheet's float ends so.
    if rest.ends_with(".0") {
        return false;
    }
    into.clear();
    into.push('+');
    for byte in rest.bytes() {
        match byte {
            b'0'..=b'9' => into.push(char::from(byte)),
            b' ' | b'-' | b'.' | b'(' | b')' => {}
            _ => return false,
        }
    }
    if plus {
        return is_e164(&into[1..]);
    }
    let Some((code, from)) = region.and_then(|region| national(into.as_bytes(), region)) else { return false };
    into.replace_range(..from, code);
    true
}

/// What stands for the first bytes of `+` and digits in a region: its calling code. The trunk prefix, or the code
/// itself, is left out where what follows is as long as the region's numbers and begins as they do.
fn national(digits: &[u8], region: country::Id) -> Option<(&'static str, usize)> {
    let (code, trunk, length): (_, &[u8], _) = match region {
        country::Id::GB => ("+44", b"0", 10),
        country::Id::FR => ("+33", b"0", 9),
        country::Id::US | country::Id::CA => ("+1", b"", 10),
        _ => return None,
    };
    let begins = |first: u8| match code {
        "+44" => matches!(first, b'1'..=b'3' | b'5' | b'7'..=b'9'),
        "+33" => matches!(first, b'1'..=b'9'),
        _ => matches!(first, b'2'..=b'9'),
    };
    let fits = |rest: &[u8]| rest.len() == length && begins(rest[0]);
    let after_trunk = digits[1..].strip_prefix(trunk).filter(|rest| fits(rest));
    let after_code = digits.strip_prefix(code.as_bytes()).filter(|rest| fits(rest));
    after_trunk.or(after_code).map(|rest| (code, digits.len() - rest.len()))
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

/// Whether digits after a `+` need no parser: it costs microseconds and a lock, and most numbers are written so.
/// After these calling codes nothing but a 0 is ever dropped, so that a number without one is E.164 as it stands.
fn is_e164(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let rest = match bytes {
        [b'1', rest @ ..] => return rest.len() == 10 && !matches!(rest[0], b'0' | b'1'),
        [b'3', b'5', b'1'..=b'4' | b'6'..=b'9', rest @ ..]
        | [b'3', b'8', b'5' | b'6', rest @ ..]
        | [b'4', b'2', b'0' | b'1', rest @ ..]
        | [b'2', b'0' | b'7', rest @ ..]
        | [b'3', b'0'..=b'4', rest @ ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', rest @ ..]
        | [b'6', b'0' | b'1' | b'3'..=b'6', rest @ ..]
        | [b'8', b'1' | b'2' | b'4', rest @ ..]
        | [b'9', b'0'..=b'2' | b'4' | b'8', rest @ ..] => rest,
        _ => return false,
    };
    (7..=12).contains(&rest.len()) && rest[0] != b'0'
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
        match clean(text, country.and_then(|code| code.parse().ok())) {
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
        for code in (1..10).chain(20..70).chain(81..99).chain(350..360).chain(370..390).chain(420..422) {
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
        fn what_is_plain_is_what_the_parser_makes_of_it(
            text in "[(]?['+]?(0|00|1|33|44|)[1-9][0-9]{2} ?[0-9]{3}[ -]?[0-9]{2,5}(\\.0)?",
            country in proptest::sample::select(vec!["GB", "FR", "US", "CA", "DE"]),
        ) {
            let mut into = String::new();
            if plain(&text, country.parse().ok(), &mut into) {
                proptest::prop_assert_eq!(read(&text, Some(country)), Some(into), "{} in {}", text, country);
            }
        }

        #[test]
        fn no_text_panics(text in ".{0,30}", numberish in "[+0-9() .;,xeEtl:/<>#*０-９٠-٩-]{0,30}") {
            for text in [&text, &numberish] {
                for country in [None, Some(country::Id::GB), Some(country::Id::US), Some(country::Id::IT)] {
                    let _ = clean(text, country);
                }
            }
        }
    }
}
