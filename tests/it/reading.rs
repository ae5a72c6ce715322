//! One set of rows in all the shapes in which it may come, and folders as they are.

use crate::desk::{Desk, program, run_in};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

const CSV: &str = "\
interaction_id,channel,started_at,status,customer_name
1,email,2026-03-02T09:00:00Z,open,Zoë
2,phone,2026-03-03T09:00:00Z,,\"Ann \"\"A\"\"\nSmith\"
3,sms,2026-03-04T09:00:00Z,resolved,Bob
";

fn rows() -> Vec<String> {
    let row = |id: &str, channel: &str, day: u8, status: &str| {
        format!(
            r#"{{"interaction_id": "{id}", "channel": "{channel}", "started_at": "2026-03-0{day}T09:00:00Z", "status": {status}}}"#
        )
    };
    vec![row("1", "email", 2, "\"open\""), row("2", "phone", 3, "null"), row("3", "sms", 4, "\"resolved\"")]
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const FIGURES: [&str; 6] = ["--by", "channel", "--metrics", "contacts,resolution_rate", "-f", "csv"];
const EXPECTED: &str = "channel,contacts,resolution_rate,resolution_rate_n\nemail,1,0,1\nphone,1,,0\nsms,1,1,1\n";

fn table(desk: &Desk, input: &str) -> String {
    desk.out(&[&["table", input], &FIGURES[..]].concat())
}

#[test]
fn every_shape_gives_the_same_figures() {
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(CSV.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin: Vec<u8> = CSV.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let shapes: Vec<(&str, Vec<u8>)> = vec![
        ("plain.csv", CSV.into()),
        ("bom.csv", format!("\u{feff}{CSV}").into()),
        ("crlf.csv", CSV.replace('\n', "\r\n").into()),
        ("semicolons.csv", CSV.replace(',', ";").into()),
        ("tabs.txt", CSV.replace(',', "\t").into()),
        ("utf16.csv", utf16),
        ("latin.csv", latin),
        ("packed.csv.gz", gz(CSV.as_bytes())),
        ("two-members.csv.gz", [gz(&CSV.as_bytes()[..40]), gz(&CSV.as_bytes()[40..])].concat()),
        ("array.json", format!("[{}]", rows().join(",\n")).into()),
        ("lines.ndjson", rows().join("\n").into()),
        ("concatenated.json", rows().concat().into()),
        ("packed.ndjson.gz", gz(rows().join("\n").as_bytes())),
    ];
    for (name, content) in shapes {
        let desk = Desk::new().with(name, content);
        assert_eq!(table(&desk, name), EXPECTED, "{name}");
        assert_eq!(table(&desk, "."), EXPECTED, "{name} in a folder");
        assert_eq!(table(&desk, "*.*"), EXPECTED, "{name} by a glob");
    }
}

#[test]
fn standard_input_is_an_input() {
    let desk = Desk::new();
    let said = run_in(desk.folder.path(), &[&["table", "-"], &FIGURES[..]].concat(), CSV);
    assert_eq!((said.code, said.out.as_str()), (0, EXPECTED), "{}", said.err);
}

#[test]
fn a_folder_may_hold_our_own_output_and_other_things() {
    let desk =
        Desk::new().with("in/rows.csv", CSV).with("in/README.md", "# notes").with("in/photo.png", b"\x89PNG\r\n\x1a\n");
    desk.out(&["report", "in", "-o", "in/report.csv", "-o", "in/report.json", "-o", "in/report.txt"]);
    desk.out(&["check", "in", "-o", "in/check.json", "--rejects", "in/bad.csv"]);
    assert_eq!(table(&desk, "in"), EXPECTED);
}

#[test]
fn the_same_file_named_twice_is_read_once() {
    let desk = Desk::new().with("in/rows.csv", CSV);
    assert_eq!(desk.out(&[&["table", "in", "in/rows.csv", "in/*.csv"], &FIGURES[..]].concat()), EXPECTED);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = program()
        .args(["interactions", "sample-data"])
        .current_dir(crate::desk::root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(first.starts_with("interaction_id,"), "{first}");
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn files_without_a_header_are_told_by_what_stands_in_them() {
    let (numbers, name) = (r#""2025550100","600","from-trunk""#, r#""""Ana"" <2025550100>""#);
    let rest = r#""SIP/1","SIP/2","Dial","SIP/2,20","2024-03-04 09:15:00","2024-03-04 09:15:02","2024-03-04 09:21:13",373,371,"ANSWERED","DOCUMENTATION""#;
    let call = format!("\"\",{numbers},{name},{rest}");
    let later = call.replace(" 09:", " 10:");
    let custom = format!("{name},{numbers},{rest},\"\",\"1709543700.17\",\"\",1");
    let desk = Desk::new()
        .with("a/Master.csv", format!("{call}\r\n{later}\r\n"))
        .with("b/Master.csv", format!("\u{feff}{custom}\n"))
        .with("c/Master.csv", later.replace(',', ";"));
    let counts = |row: &serde_json::Value| (row["used"]["value"].as_u64(), row["duplicates"]["value"].as_u64());
    let read: Vec<_> = desk.checked("files").iter().map(counts).collect();
    assert_eq!(read, [(Some(2), Some(0)), (Some(1), Some(0)), (Some(0), Some(1))], "the later call is in two files");
    let rows = desk.out(&["interactions", ".", "-q", "-f", "csv"]);
    let is_custom: Vec<bool> = rows.lines().skip(1).map(|row| row.contains("asterisk-cdr-custom")).collect();
    assert_eq!(is_custom, [false, true, false], "by the caller's place: {rows}");
}
