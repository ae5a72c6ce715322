//! Abbreviations of time zones, as exports put them behind a time: ` CDT`, ` AEST`.
//!
//! Those that mean one thing are offsets. Of those that several countries use, only the zone of the file can tell which
//! is meant; `local_time.rs` knows what is said in a zone at a moment.

/// Abbreviation and minutes from UTC.
const ONE: &[(&str, i64)] = &[
    ("EST", -300),
    ("EDT", -240),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("WET", 0),
    ("WEST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("SAST", 120),
    ("HKT", 480),
    ("JST", 540),
    ("KST", 540),
    ("AWST", 480),
    ("ACST", 570),
    ("ACDT", 630),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
];

/// Abbreviation and where it is said.
const SEVERAL: &[(&str, &str)] = &[
    ("AST", "Arabia or Atlantic Canada"),
    ("BST", "Bangladesh or Britain"),
    ("CST", "China, Cuba or North America"),
    ("GST", "the Gulf or South Georgia"),
    ("IST", "India, Ireland or Israel"),
    ("SST", "Samoa or Singapore"),
];

/// The offset of an abbreviation that means one thing, in milliseconds.
pub fn offset(name: &str) -> Option<i64> {
    ONE.iter().find(|(own, _)| *own == name).map(|(_, minutes)| minutes * 60_000)
}

/// A text that ends with an abbreviation that means several things: what stands before it, the abbreviation, and where it
/// is said.
pub fn several(text: &str) -> Option<(&str, &'static str, &'static str)> {
    let (rest, name) = text.rsplit_once(' ')?;
    let (own, places) = SEVERAL.iter().find(|(own, _)| *own == name)?;
    Some((rest.trim_end(), own, places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_means_one_thing_or_several() {
        assert_eq!((offset("CDT"), offset("ACST"), offset("CST")), (Some(-18_000_000), Some(34_200_000), None));
        assert_eq!(several("2025-01-04 09:15 IST"), Some(("2025-01-04 09:15", "IST", "India, Ireland or Israel")));
        assert_eq!((several("2025-01-04 09:15 CDT"), several("IST")), (None, None));
        assert!(SEVERAL.iter().all(|(name, _)| offset(name).is_none()));
    }
}
