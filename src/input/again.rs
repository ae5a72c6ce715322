//! Records as they stand in their file, read once more: for rows that are found wanting after reading.
//!
//! Nothing is kept of a file but its tables, so this opens it again; standard input is gone. A file that has
//! changed since is not looked at.

use super::record::Lines;
use super::{SourceFile, framing, open, quotes};
use framing::Frame;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The records that begin at some lines of a file, by line.
pub fn records(source: &SourceFile, lines: &[u64]) -> BTreeMap<u64, String> {
    let mut found: BTreeMap<u64, String> = lines.iter().map(|line| (*line, String::new())).collect();
    if let Some(text) = text(source) {
        match source.origin.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok()) {
            Some(delimiter) => rows(&text, delimiter, &mut found),
            None => objects(&text, source.profile.detect.records.as_deref(), &mut found),
        }
    }
    found.retain(|_, record| !record.is_empty());
    found
}

/// The file's text, if it is still what it was.
fn text(source: &SourceFile) -> Option<String> {
    let bytes = std::fs::read(source.path.as_ref()?).ok()?;
    if open::sha256(&bytes) != source.origin.sha256 {
        return None;
    }
    let bytes = open::unpack(&source.file, bytes).ok()?;
    Some(open::decode(bytes, open::encoding(source.origin.encoding).ok()).text)
}

fn rows(text: &str, delimiter: u8, wanted: &mut BTreeMap<u64, String>) {
    let lines = Lines::new(text);
    let (mut at, mut line) = (0, 1);
    for (wanted, record) in wanted {
        while line < *wanted && at < text.len() {
            (at, line) = (lines.next_line(at), line + 1);
        }
        let row = &text.as_bytes()[at..];
        let below = lines.next_line(at) - at;
        let end = quotes::row_end(row, delimiter, lines.end(), &(0..=usize::MAX)).unwrap_or(below);
        text[at..at + end].trim_end_matches(['\r', '\n']).clone_into(record);
    }
}

/// A line on which several records begin names none of them.
fn objects(text: &str, key: Option<&str>, wanted: &mut BTreeMap<u64, String>) {
    let mut lines = Lines::new(text);
    let last = wanted.keys().next_back().copied().unwrap_or(0);
    let mut several = Vec::new();
    // What is no JSON further down has been said when the file was read.
    let _ = framing::read(text, key, &mut |frame| {
        let (Frame::Record(raw) | Frame::Broken(raw)) = frame;
        let line = lines.at(raw.as_ptr() as usize - text.as_ptr() as usize);
        match wanted.get_mut(&line) {
            Some(record) if record.is_empty() => raw.clone_into(record),
            Some(_) => several.push(line),
            None => {}
        }
        if line <= last { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    wanted.retain(|line, _| !several.contains(line));
}
