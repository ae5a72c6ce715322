//! How text is written down: encodings, delimiters by country, marks before the first header, files that are not there.

use super::{desk, rows, with};
use crate::archives::zip;

const LIST: &str = "interaction_id,started_at,customer_name,cost\n1,2026-03-02T09:00:00Z,Zoë,1234.5\n2,2026-03-03T09:00:00Z,Łukasz,2\n";

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

#[test]
fn rule_12_utf_16_with_and_without_its_mark() {
    let marked = format!("\u{feff}{LIST}");
    for (what, bytes) in [
        ("LE with a mark", utf16(&marked, u16::to_le_bytes)),
        ("BE with a mark", utf16(&marked, u16::to_be_bytes)),
        ("LE", utf16(LIST, u16::to_le_bytes)),
        ("BE", utf16(LIST, u16::to_be_bytes)),
        ("LE with tabs", utf16(&marked.replace(',', "\t"), u16::to_le_bytes)),
    ] {
        let desk = with("list.csv", bytes);
        assert_eq!(rows(&desk, "interaction_id,customer_name,cost"), ["1|Zoë|1234.5", "2|Łukasz|2"], "{what}");
        assert_eq!(rows(&desk, "line"), ["2", "3"], "{what}");
    }
}

#[test]
fn rule_12_windows_1252_is_said() {
    let (bytes, ..) = encoding_rs::WINDOWS_1252
        .encode("interaction_id,started_at,customer_name\n1,2026-03-02T09:00:00Z,Zoë “Z” – 5 €\n");
    let desk = with("list.csv", bytes);
    assert_eq!(rows(&desk, "customer_name"), ["Zoë “Z” – 5 €"]);
    let said = desk.run(&["interactions", "in"]);
    assert!(said.err.contains("was read as Windows-1252"), "{}", said.err);
    // Also where the first megabyte is ASCII.
    let plain = "2,2026-03-02T09:00:00Z,Ana\n".repeat(50_000);
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode("1,2026-03-02T08:00:00Z,Zoë\n");
    let long = [b"interaction_id,started_at,customer_name\n", plain.as_bytes(), &bytes].concat();
    assert_eq!(rows(&with("list.csv", long), "interaction_id,customer_name"), ["1|Zoë", "2|Ana"]);
}

#[test]
fn rule_12_semicolons_come_with_decimal_commas() {
    for (text, costs) in [
        (LIST.replace(',', ";").replace("1234.5", "1234,5"), ["1234.5", "2"]),
        (LIST.replace(',', ";").replace("1234.5", "1.234,5"), ["1234.5", "2"]),
        (LIST.replace(',', "\t").replace("1234.5", "1.234,50"), ["1234.5", "2"]),
        (LIST.replace("1234.5", "\"1,234.5\""), ["1234.5", "2"]),
        (LIST.replace(',', "|"), ["1234.5", "2"]),
    ] {
        assert_eq!(rows(&with("list.csv", &text), "cost"), costs, "{text}");
    }
}

#[test]
fn rule_12_marks_stand_before_the_first_header() {
    // The mark itself, twice, and what it looks like where it was read as Windows-1252 and written anew.
    for mark in ["\u{feff}", "\u{feff}\u{feff}", "ï»¿", "\u{feff}ï»¿", "ï»¿\"interaction_id\",started_at\n"] {
        let header = if mark.ends_with('\n') { "" } else { "interaction_id,started_at\n" };
        let desk = with("list.csv", format!("{mark}{header}1,2026-03-02T09:00:00Z\n"));
        assert_eq!(rows(&desk, "interaction_id"), ["1"], "{mark:?}");
    }
    let quoted = "\u{feff}\"interaction_id\";\"started_at\"\n\"1\";\"2026-03-02T09:00:00Z\"\n";
    assert_eq!(rows(&with("list.csv", quoted), "interaction_id"), ["1"]);
}

#[test]
fn rule_18_a_pointer_is_not_the_file() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 516527923\n";
    let desk = with("twcs.csv", pointer);
    let said = desk.run(&["interactions", "in/twcs.csv"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("is a git-lfs pointer, not the file itself\nhint: `git lfs pull` fetches it"),
        "{}",
        said.err
    );
    let desk = desk.with("in/list.csv", LIST);
    assert_eq!(rows(&desk, "interaction_id"), ["1", "2"], "beside others it is left out");
    assert!(desk.run(&["interactions", "in"]).err.contains("git-lfs pointer"));
}

#[test]
fn exports_come_in_one_archive() {
    let bytes =
        zip(&[("2026/list.csv", LIST.as_bytes()), ("2026/README.txt", b"notes\n"), ("__MACOSX/._list.csv", b"\0\0")]);
    let desk = desk().with("in/all.zip", bytes);
    assert_eq!(rows(&desk, "interaction_id,customer_name"), ["1|Zoë", "2|Łukasz"]);
}
