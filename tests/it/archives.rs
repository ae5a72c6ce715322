//! ZIP archives through the command line: an archive is the folder that it was made of.

use crate::desk::{Desk, root, run_in};
use flate2::{Compression, write::DeflateEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use std::io::Write;

/// An archive of these files.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut out);
    for (name, bytes) in members {
        let file = archive.new_file(*name).compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().unwrap();
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
        writer.write_all(bytes).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    out
}

const EXPORTS: [&str; 3] = ["zendesk-tickets-to-november.csv", "amazon-connect-contacts.json.gz", "shopify-orders.csv"];

#[test]
fn an_archive_gives_the_report_of_its_folder() {
    let read = |name: &str| std::fs::read(root().join("sample-data").join(name)).unwrap();
    let files = EXPORTS.map(|name| (name, read(name)));
    let mut members: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let desk = Desk::new().with("one.zip", zip(&members));
    members.reverse();
    let desk = desk.with("exports/two.zip", zip(&members));
    let desk = files.iter().fold(desk, |desk, (name, bytes)| desk.with(&format!("folder/{name}"), bytes));
    for command in [&["report"][..], &["report", "-f", "csv"], &["table", "--by", "channel,week", "-f", "csv"]] {
        // Where the numbers come from is another place, and the last that is said.
        let figures = |said: String| {
            let end = said.find("\nprovenance,").or_else(|| said.rfind("\n  deskstat ")).unwrap_or(said.len());
            said[..end].to_owned()
        };
        let said = |input: &str| figures(desk.out(&[command, &[input]].concat()));
        let expected = said("folder");
        assert_eq!(said("one.zip"), expected, "{command:?}");
        assert_eq!(said("exports"), expected, "{command:?}, members in another order");
    }
    let rows = desk.out(&["interactions", "one.zip"]);
    assert!(rows.contains("one.zip/zendesk-tickets-to-november.csv"), "{}", rows.lines().nth(1).unwrap());
}

#[test]
fn an_archive_beside_its_own_files_counts_once() {
    let tickets = std::fs::read(root().join("sample-data").join(EXPORTS[0])).unwrap();
    let archive = zip(&[("march.csv", &tickets), ("again.csv", &tickets)]);
    let desk = Desk::new().with("one/t.csv", &tickets).with("all/t.csv", &tickets).with("all/t.zip", archive);
    let figures = |input: &str| desk.out(&["table", input, "--by", "channel", "-f", "csv"]);
    assert_eq!(figures("all"), figures("one"));
}

#[test]
fn an_archive_on_standard_input_is_refused() {
    let archive = zip(&[("tickets.csv", b"interaction_id,started_at\n1,2026-03-02\n")]);
    let said = run_in(root(), &["table", "-"], archive);
    assert_eq!(said.code, 1);
    let said = said.err;
    assert!(said.contains("`stdin` is a ZIP archive") && said.contains("hint: save it to a file"), "{said}");
}

#[test]
fn an_archive_is_never_written_over() {
    let tickets = b"interaction_id,channel,started_at\n1,email,2026-03-02T10:00:00Z\n";
    let desk = Desk::new().with("exports.zip", zip(&[("tickets.csv", tickets)]));
    let before = std::fs::read(desk.path("exports.zip")).unwrap();
    let said = desk.run(&["table", "exports.zip", "-f", "csv", "-o", "exports.zip"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("is one of the exports that were read"), "{}", said.err);
    assert!(std::fs::read(desk.path("exports.zip")).unwrap() == before);
}
