//! Records as they stand in their file, read once more: for rows that are found wanting after reading.
//!
//! Nothing is kept of a file but its tables, so this opens it again; standard input is gone. A file that has
//! changed since is not looked at.

use super::book;
use super::header::Header;
use super::open::Content;
use super::source::Failure;
use super::{SourceFile, USUAL, pieces};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The records that begin at some lines of a file, by line. A line on which several begin names none of them.
pub fn records(source: &SourceFile, lines: &[u64]) -> BTreeMap<u64, String> {
    let mut wanted = lines.to_vec();
    wanted.sort_unstable();
    look(source, &wanted).unwrap_or_default()
}

/// Nothing where the file cannot be read as it was.
fn look(source: &SourceFile, wanted: &[u64]) -> Result<BTreeMap<u64, String>, Failure> {
    let (Some(form), Some(path)) = (&source.form, &source.path) else { return Ok(BTreeMap::new()) };
    let file = Content::of(path, source.member.as_ref());
    let sheet = match &source.origin.sheet {
        Some(name) => book::again(&source.file, file, name)?,
        None => None,
    };
    let content = sheet.as_ref().map_or(file, Content::Sheet);
    let mut pieces = form.pieces((&source.file, content), USUAL, &|_| {}, true)?;
    let header = Header::paths();
    let look = |piece: &pieces::Piece, ended: bool| {
        let mut seen = Vec::new();
        let stop = form.each(&source.file, (piece, piece.text()?), ended, &header, &mut |event| {
            if let Some(line) = event.line().filter(|line| wanted.binary_search(line).is_ok()) {
                seen.push((line, event.raw().to_owned()));
            }
            ControlFlow::Continue(())
        })?;
        Ok((seen, stop))
    };
    let mut found: BTreeMap<u64, String> = BTreeMap::new();
    let mut several = Vec::new();
    pieces::read(&mut pieces, &look, &mut |parts| {
        for (line, record) in parts.into_iter().flatten() {
            if found.insert(line, record).is_some() {
                several.push(line);
            }
        }
        ControlFlow::Continue(())
    })?;
    if pieces.text().bytes().sha256().as_ref() != Some(&source.origin.sha256) {
        return Ok(BTreeMap::new());
    }
    found.retain(|line, _| !several.contains(line));
    Ok(found)
}
