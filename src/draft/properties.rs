//! Whatever a file holds, its draft is a profile, and reads it or says why not.

use super::{Draft, text};
use crate::input::{Options, glance, profiles, read};
use crate::settings::Settings;
use proptest::prelude::*;

/// Draft from a text and read it with what came of it: how many rows were read, where the file could be looked at.
fn drafted(content: &str) -> Option<u64> {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("x.csv"), content).unwrap();
    let file = at("x.csv").to_string_lossy().into_owned();
    let settings = Settings::default();
    let with = |profiles| Options::new(&settings, profiles);
    let seen = glance::glance(&file, &with(&[])).ok()?;
    let draft = Draft::new(&seen, "x".into(), None);
    std::fs::write(at("x.toml"), text(&draft)).unwrap();
    let own = [at("x.toml")];
    if let Err(error) = profiles(&with(&own)) {
        panic!("{error:#}\n{}", text(&draft));
    }
    Some(read(&[file], &with(&own)).map_or(0, |inputs| inputs.sources.iter().map(|source| source.counts.read).sum()))
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        "\\PC{0,6}",
        "[0-9]{1,13}(\\.[0-9]{1,3})?",
        "[0-3]?[0-9]/[01]?[0-9]/(20)?2[0-9]( [0-2]?[0-9]:[0-5][0-9])?",
        "[0-9]{1,2}:[0-5][0-9](:[0-5][0-9])?",
        "(open|closed|Yes|No|Phone|-|N/A|ana@example\\.com|1h 2m|Good|)",
    ]
}

fn header() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{1,12}",
        "\\PC{1,8}",
        "(id|ticket id|created at|date|time|status|channel|answered|email|phone|wait|talk time|csat|nps|ces|agent|closed at|order id|amount|case id|activity|timestamp|updated at|subject|first response time|type)",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_csv_is_drafted_into_a_profile(
        headers in prop::collection::vec(header(), 1..8),
        rows in prop::collection::vec(prop::collection::vec(cell(), 8), 0..12),
    ) {
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        out.write_record(&headers).unwrap();
        rows.iter().for_each(|row| out.write_record(&row[..headers.len()]).unwrap());
        drafted(&String::from_utf8(out.into_inner().unwrap()).unwrap());
    }

    #[test]
    fn any_text_is_drafted_or_refused(content in "([ -~]|[,;\n\"{}\\[\\]:0-9/])*", json in "\\{(\"[a-z.\\[\\]]{0,6}\": ?(1|\"x\"|null|\\{\\}|\\[\\]|\\[\\{\"a\":1\\}\\]),?){0,4}\\}") {
        drafted(&content);
        drafted(&json);
    }
}

#[test]
fn a_plain_list_is_read_at_once() {
    assert_eq!(drafted("id,created,status\n1,2026-03-02 09:00,open\n2,2026-03-03 10:00,closed\n"), Some(2));
}
