//! Tests of ZIP archives: as folders are, and as nobody should have made them.

use super::archive::is_archive;
use super::tests::{folder, read_all, rejects, texts};
use super::*;
use flate2::{Compression, write::DeflateEncoder, write::GzEncoder};
use proptest::prelude::*;
use rawzip::path::EntryPath;
use rawzip::{CompressionMethod, ZipArchiveWriter};
use std::fs;
use std::io::Write;
use tempfile::TempDir;

const MARCH: &str = "Ticket,Opened\n1,2026-03-04T10:00Z\n2,never\n";
const APRIL: &str = "Ticket,Opened\n3,2026-04-04T10:00Z\n";

/// An archive of these members; those called `stored` are not deflated.
pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut out);
    for (name, bytes) in members {
        let method = if name.contains("stored") { CompressionMethod::STORE } else { CompressionMethod::DEFLATE };
        let file = archive.new_file(EntryPath::verbatim(name.as_bytes())).compression_method(method);
        let (mut entry, config) = file.start().unwrap();
        let descriptor = if method == CompressionMethod::STORE {
            let mut writer = config.wrap(&mut entry);
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap().1
        } else {
            let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
            writer.write_all(bytes).unwrap();
            let (encoder, descriptor) = writer.finish().unwrap();
            encoder.finish().unwrap();
            descriptor
        };
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    out
}

/// A folder with an archive in it.
fn with(archive: &[u8]) -> TempDir {
    let dir = folder(&[]);
    fs::create_dir(dir.path().join("in")).unwrap();
    fs::write(dir.path().join("in/a.zip"), archive).unwrap();
    dir
}

fn named(archive: &[u8]) -> Result<Inputs> {
    read_all(&with(archive), &["in/a.zip"], "")
}

/// What is said of an archive that somebody names.
fn trouble(archive: &[u8]) -> String {
    named(archive).unwrap_err().to_string()
}

fn files(inputs: &Inputs) -> Vec<&str> {
    inputs.sources.iter().map(|source| source.file.as_str()).collect()
}

fn said(inputs: &Inputs) -> Vec<String> {
    inputs.notices.iter().map(|notice| notice.text.clone()).collect()
}

/// The archive with some bytes of the last entry of its directory changed.
fn changed(mut archive: Vec<u8>, at: usize, bytes: &[u8]) -> Vec<u8> {
    let entry = archive.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    archive[entry + at..entry + at + bytes.len()].copy_from_slice(bytes);
    archive
}

/// Where in an entry of the directory the flags are, and so on.
const FLAGS: usize = 8;
const METHOD: usize = 10;
const CRC: usize = 16;
const SIZE: usize = 24;

#[test]
fn members_are_files_as_in_a_folder() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(b"Ticket,Opened\n4,2026-05-04T10:00Z\n").unwrap();
    let archive = zip(&[
        ("b\\march.csv", MARCH.as_bytes()),
        ("a/april-stored.csv", APRIL.as_bytes()),
        ("may.csv.gz", &gzip.finish().unwrap()),
        ("a/", b""),
        ("b\\", b""),
        (".hidden.csv", MARCH.as_bytes()),
        ("a/.git/x.csv", MARCH.as_bytes()),
        ("__MACOSX/a/april.csv", MARCH.as_bytes()),
        ("README.md", b"# notes"),
        ("notes.csv", b"a,b\n1,2\n"),
    ]);
    let settings = "[[source]]\nfile = 'b/*.csv'\nsource = 'bees'\n[[source]]\nfile = 'may*'\nsource = 'mays'";
    let dir = with(&archive);
    for typed in ["in/a.zip", "in", "in/*.zip"] {
        let inputs = read_all(&dir, &[typed], settings).unwrap();
        assert_eq!(files(&inputs), ["a.zip/a/april-stored.csv", "a.zip/b/march.csv", "a.zip/may.csv.gz"], "{typed}");
        assert_eq!(texts(&inputs, 0, "source"), ["acme", "bees", "mays"]);
        assert_eq!(rejects(&inputs), ["a.zip/b/march.csv:3 `Opened` is not a date like 2026-12-31 23:59 [never]!"]);
        let [left_out] = said(&inputs).try_into().unwrap();
        assert!(left_out.starts_with("no profile fits `a.zip/notes.csv`") && left_out.ends_with("it was left out"));
        assert_eq!(inputs.sources[1].origin.sha256, hex(&<sha2::Sha256 as sha2::Digest>::digest(MARCH)));
        let rows = inputs.records("a.zip/b/march.csv", &[3]);
        assert_eq!(rows.into_iter().collect::<Vec<_>>(), [(3, "2,never".to_owned())]);
    }
}

#[test]
fn an_archive_of_one_file_is_that_file() {
    let notes = zip(&[("notes.csv", b"a,b\n1,2\n"), (".hidden", b"x")]);
    assert!(trouble(&notes).starts_with("no profile fits `a.zip/notes.csv`\n"));
    let dir = with(&notes);
    fs::write(dir.path().join("in/x.csv"), MARCH).unwrap();
    assert!(said(&read_all(&dir, &["in"], "").unwrap())[0].ends_with("it was left out"));
    let nested = zip(&[("inner.zip", &zip(&[("march.csv", MARCH.as_bytes())]))]);
    assert!(trouble(&nested).starts_with("`a.zip/inner.zip` is a ZIP archive, and such are read only as files"));
}

#[test]
fn what_is_no_archive_of_exports_is_named() {
    let beginning = |archive: &[u8], what: &str| {
        let said = trouble(archive);
        assert!(said.starts_with(what) && said.contains("\nhint: "), "{said}");
    };
    let workbook = zip(&[("[Content_Types].xml", b"<?xml?>"), ("xl/workbook.xml", b"<?xml?>")]);
    beginning(&workbook, "`a.zip` is a damaged workbook\n");
    beginning(&zip(&[("book.xlsx", &workbook)]), "`a.zip/book.xlsx` is a damaged workbook\n");
    beginning(&zip(&[]), "nothing to read in `a.zip`\n");
    beginning(&zip(&[("README.md", b"x"), ("__MACOSX/x.csv", b"x")]), "nothing to read in `a.zip`\n");
    beginning(&zip(&[("x.csv", b"")]), "`a.zip/x.csv` is empty\n");
    let good = zip(&[("x.csv", MARCH.as_bytes())]);
    beginning(&changed(good.clone(), FLAGS, &[9, 0]), "`a.zip/x.csv` is encrypted\n");
    beginning(&changed(good, METHOD, &[93, 0]), "`a.zip/x.csv` is packed in a way that deskstat does not know\n");
    let some = zip(&[("x.csv", MARCH.as_bytes()), ("y.csv", APRIL.as_bytes())]);
    let inputs = named(&changed(some, FLAGS, &[1, 0])).unwrap();
    assert_eq!(said(&inputs), ["`a.zip/y.csv` is encrypted; it was left out"]);
}

#[test]
fn what_is_damaged_is_said() {
    let rows: String = (0..40_000).map(|n| format!("{n},2026-03-04T10:{:02}Z\n", n % 60)).collect();
    let text = format!("Ticket,Opened\n{rows}");
    for name in ["x.csv", "x-stored.csv"] {
        let good = zip(&[(name, text.as_bytes())]);
        assert_eq!(named(&good).unwrap().tables[0].rows(), 40_000);
        let said = |archive: &[u8]| {
            let said = trouble(archive);
            assert!(said.contains("\nhint: copy or download it again"), "{said}");
            said
        };
        let mut flipped = good.clone();
        flipped[good.len() / 2] ^= 0x10;
        assert!(said(&flipped).starts_with(&format!("`a.zip/{name}` ")));
        assert!(said(&changed(good.clone(), CRC, &[0; 4])).contains("its checksum is wrong"));
        assert!(said(&changed(good.clone(), SIZE, &[1, 0, 0, 0])).contains("it is longer than the archive says"));
        assert!(said(&changed(good.clone(), SIZE, &[0xfe, 0xff, 0xff, 0xff])).contains("ends in the middle"));
        assert!(said(&good[..good.len() / 2]).starts_with("`a.zip` cannot be unpacked"));
    }
    // Of two members the good one is read.
    let mut archive = zip(&[("x-stored.csv", MARCH.as_bytes()), ("y-stored.csv", APRIL.as_bytes())]);
    let at = archive.windows(APRIL.len()).position(|window| window == APRIL.as_bytes()).unwrap();
    archive[at + 20] ^= 1;
    let inputs = named(&archive).unwrap();
    assert_eq!((files(&inputs), said(&inputs).len()), (vec!["a.zip/x-stored.csv"], 1));
}

#[test]
fn a_bomb_is_not_held() {
    let zeros = vec![0; 1 << 26];
    assert!(trouble(&zip(&[("x.csv", &zeros)])).starts_with("no profile fits `a.zip/x.csv`"));
}

#[test]
fn hostile_names_are_words() {
    let names = ["../../up.csv", "/etc/root.csv", "C:\\x\\..\\dos.csv", "a\u{1b}[2J.csv", "a\u{7}[2J.csv", "..", "./"];
    let texts: Vec<String> = (0..names.len()).map(|n| format!("Ticket,Opened\n{n},2026-03-04T10:00Z\n")).collect();
    let members: Vec<_> = names.into_iter().zip(texts.iter().map(String::as_bytes)).collect();
    let inputs = named(&zip(&members)).unwrap();
    let expected =
        ["a.zip/C:/x/dos.csv", "a.zip/a�[2J.csv", "a.zip/a�[2J.csv (2)", "a.zip/etc/root.csv", "a.zip/up.csv"];
    assert_eq!(files(&inputs), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The order of members changes nothing.
    #[test]
    fn order_is_nothing(order in Just(vec![0_usize, 1, 2]).prop_shuffle()) {
        let members = [("a.csv", MARCH.as_bytes()), ("b/x.csv", APRIL.as_bytes()), ("c.csv", b"Ticket,Opened\n9,2026-05-04T10:00Z\n")];
        let shuffled: Vec<_> = order.into_iter().map(|n| members[n]).collect();
        let (inputs, expected) = (named(&zip(&shuffled)).unwrap(), named(&zip(&members)).unwrap());
        prop_assert_eq!(files(&inputs), files(&expected));
        prop_assert_eq!(texts(&inputs, 0, "interaction_id"), texts(&expected, 0, "interaction_id"));
    }

    /// Whatever becomes of an archive: its rows are read as they were, or something is said.
    #[test]
    fn damage_is_never_silent(byte in 0..400_usize, bits in 1..=255_u8, cut in 0..4_usize, stored: bool) {
        let name = if stored { "x-stored.csv" } else { "x.csv" };
        let mut archive = zip(&[(name, MARCH.as_bytes()), ("y.csv", APRIL.as_bytes())]);
        let at = byte % archive.len();
        archive[at] ^= bits;
        archive.truncate(archive.len() - cut);
        if let Ok(inputs) = named(&archive) {
            let rows = texts(&inputs, 0, "interaction_id");
            prop_assert!(rows.iter().all(|row| ["1", "3"].contains(&row.as_str())), "{rows:?}");
            // A damaged name may be one that is passed over.
            let names = at > archive.windows(4).position(|window| window == b"PK\x01\x02").unwrap_or(0);
            prop_assert!(rows.len() == 2 || !inputs.notices.is_empty() || names, "{rows:?}");
        }
    }
}

#[test]
fn archives_are_told_by_content() {
    assert!(is_archive(&zip(&[])) && is_archive(&zip(&[("x", b"")])) && !is_archive(b"PK,a\n") && !is_archive(b""));
    let dir = folder(&[("x.zip", MARCH)]);
    assert_eq!(files(&read_all(&dir, &["x.zip"], "").unwrap()), ["x.zip"]);
}
