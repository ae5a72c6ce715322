//! Logs, one row an event, whose records are folded while they are read: what is held of them, and what of them must be
//! read once more.
//!
//! How rows are folded is not known here: whoever reads hands it down. It is given the rows of one piece at a time and
//! takes for whole what begins and ends in them. Only when all is read can it be told whether that was so; a log with
//! numbers that come again elsewhere, in another place or in another file, is then read once more, their rows as they stand.
//! So of a log whose rows stand together no more is held than its records, and what comes of any log is the same.

use super::SourceFile;
use super::profile::FoldRule;
use super::source::{Done, Failure};
use crate::columns::{Flags, Table, Text};
use crate::interaction::TableKind;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// Folds the rows of a piece of a log as far as that changes nothing of what comes of it; but not those of these numbers.
pub type Early<'a> = dyn Fn(Table, &SourceFile, &Numbers) -> Log + Sync + 'a;

/// Numbers in their sources, by their hashes: another that happens to have the same one is taken for it, which costs a
/// second reading and changes nothing.
#[derive(Debug, Clone, Default)]
pub struct Numbers(FxHashSet<u64>);

impl Numbers {
    /// Whether it is one of these.
    pub fn has(&self, source: &str, number: Text) -> bool {
        !self.0.is_empty() && self.0.contains(&hash(source, number))
    }
}

fn hash(source: &str, number: Text) -> u64 {
    FxBuildHasher.hash_one((source, number))
}

/// The rows of a log.
#[derive(Debug)]
pub struct Log {
    pub table: Table,
    /// 1 where a row is several of the log.
    pub joined: Flags,
}

impl Log {
    /// No rows yet.
    pub fn new() -> Self {
        Self { table: Table::new(TableKind::Interactions), joined: Flags::default() }
    }

    /// Put what came of the pieces that follow after this.
    pub fn append(&mut self, parts: Vec<Self>) {
        let mut tables = Vec::with_capacity(parts.len());
        for part in parts {
            self.joined.append(part.joined);
            tables.push(part.table);
        }
        self.table.append(tables);
    }

    /// Make room for so many times the rows that there are.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a guess")]
    pub fn make_room(&mut self, times: f64) {
        self.table.reserve((self.table.rows() as f64 * times) as usize);
    }

    /// All rows, and which of them are several; empty where none is.
    pub fn finish(self) -> (Table, Flags) {
        let any = self.joined.iter().any(|joined| joined == 1);
        (self.table, if any { self.joined } else { Flags::default() })
    }
}

/// What stands in these columns depends on whether they are empty in all of a file.
const OF_ALL: [&str; 2] = ["source", "csat_top"];

/// Whether a file is a log whose rows can be told piece by piece.
pub fn is_log(source: &SourceFile) -> bool {
    let profile = &source.profile;
    let by_piece = !OF_ALL.iter().any(|column| profile.columns.contains_key(*column));
    let named = !source.instance.is_empty();
    profile.kind == TableKind::Interactions && profile.fold == FoldRule::Events && by_piece && named
}

/// Read so many inputs, and once more, but for these numbers, what turns out to have some that come again elsewhere.
pub fn read(inputs: usize, one: &(dyn Fn(usize, &Numbers) -> Read + Sync)) -> Vec<Read> {
    let mut but = vec![Numbers::default(); inputs];
    let mut read: Vec<Read> = (0..inputs).into_par_iter().map(|nth| one(nth, &but[nth])).collect();
    loop {
        let astray = astray(&read);
        if astray.is_empty() {
            return read;
        }
        for (nth, numbers) in astray {
            // Never is there both, what was read before and what is read now.
            read[nth] = Ok(Vec::new());
            but[nth].0.extend(numbers.0);
            read[nth] = one(nth, &but[nth]);
        }
    }
}

/// What came of one input.
type Read = Result<Vec<Done>, Failure>;

/// By input, the numbers of its rows that are several and whose number has any other row in its source.
fn astray(read: &[Read]) -> BTreeMap<usize, Numbers> {
    let all = || read.iter().enumerate().flat_map(|(input, done)| done.iter().flatten().map(move |done| (input, done)));
    let logs = || all().filter(|(_, done)| done.joined.len() > 0);
    let sources: FxHashSet<&str> = logs().map(|(_, done)| done.source.instance.as_str()).collect();
    let mut whole: FxHashMap<u64, usize> = FxHashMap::default();
    let mut astray: BTreeMap<usize, Numbers> = BTreeMap::new();
    let mut note = |input: usize, hash: u64| astray.entry(input).or_default().0.extend([hash]);
    for (input, done) in logs() {
        each(done, &sources, &mut |hash, joined| {
            if joined && let Some(other) = whole.insert(hash, input) {
                note(other, hash);
                note(input, hash);
            }
        });
    }
    for (_, done) in all().filter(|_| !whole.is_empty()) {
        each(done, &sources, &mut |hash, joined| {
            if !joined && let Some(&input) = whole.get(&hash) {
                note(input, hash);
            }
        });
    }
    astray
}

/// All rows of interactions that have a number in these sources: its hash, and whether the row is several.
fn each(done: &Done, sources: &FxHashSet<&str>, take: &mut dyn FnMut(u64, bool)) {
    for table in done.tables.iter().filter(|table| table.kind == TableKind::Interactions) {
        let (Some((codes, words)), Some(numbers)) = (table.words("source"), table.texts("interaction_id")) else {
            continue;
        };
        let wanted: Vec<Option<&str>> = words.iter().map(|word| sources.get(word).copied()).collect();
        if wanted.iter().all(Option::is_none) {
            continue;
        }
        for (row, (code, number)) in codes.iter().zip(numbers.iter()).enumerate() {
            let source = wanted.get(code as usize).copied().flatten();
            if let Some(source) = source.filter(|_| !number.is_empty()) {
                take(hash(source, number), row < done.joined.len() && done.joined.get(row) == 1);
            }
        }
    }
}
