//! Files whose rows are messages or events, folded while they are read: what is held of them, and what of them must be read
//! once more.
//!
//! How rows are folded is not known here: whoever reads hands it down. Every so many rows it is given all that are open and
//! takes out what seems to be over, because nothing like it came of late. Only when all is read can it be told whether that
//! was so; a file of which more came later, or in another file, is then read once more, these rows as they stand. What is
//! over at which row is the same then, so that one more reading will do. So of a file sorted by time, or whose rows stand
//! together by number, no more is held than its records and what is open, and what comes of any file is the same.

use super::SourceFile;
use super::fill::Filler;
use super::profile::FoldRule;
use super::source::{Done, Failure};
use crate::columns::{Table, Text};
use crate::interaction::TableKind;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashSet};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// How many rows come before it is looked what is over: they take some fifty megabytes, and looking more often takes longer
/// than it spares.
pub const EVERY: usize = 1 << 20;

/// Folds rows while others are read.
pub trait Early: Sync {
    /// What of these rows of a file is over, as the last `recent` of them show; but of these numbers each row by itself.
    fn over(&self, rows: Table, recent: usize, source: &SourceFile, but: &Numbers) -> Over;
    /// The records that are not whole, because a message of them stands elsewhere: their files' places and their numbers.
    fn torn(&self, parts: &[Part]) -> Vec<(usize, u64)>;
}

/// What became of open rows.
#[derive(Debug)]
pub struct Over {
    /// One row of several each.
    pub records: Table,
    /// The numbers of these, each of which no other row may have.
    pub numbers: Vec<u64>,
    /// Rows that are over, as they stand.
    pub alone: Table,
    /// The others, in the order in which they came.
    pub open: Table,
}

/// The interactions of a file.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Which input it is of.
    pub input: usize,
    pub source: &'a SourceFile,
    pub table: &'a Table,
    /// How many of its rows, the first ones, are several.
    pub joined: usize,
}

/// What a file is folded with while it is read.
#[derive(Clone, Copy)]
pub struct Folding<'a> {
    pub early: &'a dyn Early,
    pub but: &'a Numbers,
    /// After how many rows it is looked what is over: `EVERY`, but for tests.
    pub every: usize,
}

/// Numbers in their sources, by their hashes: another that happens to have the same one is taken for it, which costs a
/// second reading and changes nothing.
#[derive(Debug, Clone, Default)]
pub struct Numbers(FxHashSet<u64>);

impl Numbers {
    /// Whether it is one of these.
    pub fn has(&self, source: &str, number: Text) -> bool {
        !self.0.is_empty() && self.0.contains(&Self::hash(source, number))
    }

    /// A number in its source.
    pub fn hash(source: &str, number: Text) -> u64 {
        FxBuildHasher.hash_one((source, number))
    }
}

/// What of a file is over. Codes of words are those of the file's own dictionaries, which still grow.
#[derive(Debug)]
pub struct Log {
    /// Look by look, so that they grow once, in the end.
    records: Vec<Table>,
    alone: Vec<Table>,
    numbers: Vec<u64>,
    /// How many rows were left open; of them, how many not because they were recent.
    left: usize,
    carried: usize,
}

impl Log {
    pub fn new() -> Self {
        Self { records: Vec::new(), alone: Vec::new(), numbers: Vec::new(), left: 0, carried: 0 }
    }

    /// Fold what is over, if it is time to look or the file has `ended`; how many rows became part of another.
    pub fn look(&mut self, open: &mut Filler, with: Folding, source: &SourceFile, ended: bool) -> u64 {
        let new = open.len() - self.left;
        // One chat a file: nothing follows it anywhere.
        let all = ended && source.profile.fold == FoldRule::Chat;
        if !all && (ended || new < with.every.max(self.carried)) {
            return 0;
        }
        let recent = if all { 0 } else { new.div_ceil(4) };
        let rows = open.give(&source.file, &source.instance);
        let before = rows.rows();
        let mut over = with.early.over(rows, recent, source, with.but);
        let after = over.records.rows() + over.alone.rows() + over.open.rows();
        (self.left, self.carried) = (over.open.rows(), over.open.rows().saturating_sub(recent));
        open.take_back(over.open);
        over.records.forget_words();
        over.alone.forget_words();
        self.records.push(over.records);
        self.alone.push(over.alone);
        self.numbers.extend(over.numbers);
        (before - after) as u64
    }

    /// All rows, those that are several first; how many these are, and their numbers from the least.
    pub fn finish(mut self, open: Table) -> (Table, usize, Vec<u64>) {
        let joined = self.records.iter().map(Table::rows).sum();
        let mut parts = self.records;
        parts.append(&mut self.alone);
        parts.iter_mut().for_each(|part| part.remember_words(&open));
        parts.push(open);
        let mut all = Table::new(TableKind::Interactions);
        all.append(parts);
        self.numbers.shrink_to_fit();
        (all, joined, sorted(self.numbers))
    }
}

/// What stands in these columns depends on whether they are empty in all of a file.
const OF_ALL: [&str; 2] = ["source", "csat_top"];
/// What records have only if they were folded while they were read.
const TELLING: [&str; 2] = ["segments", "messages"];

/// Whether a file's rows can be folded before all are there.
pub fn is_log(source: &SourceFile) -> bool {
    let profile = &source.profile;
    let by_part = !OF_ALL.iter().chain(&TELLING).any(|column| profile.columns.contains_key(*column));
    let named = !source.instance.is_empty();
    let of_several = matches!(profile.fold, FoldRule::Events | FoldRule::Thread | FoldRule::Chat);
    profile.kind == TableKind::Interactions && of_several && by_part && named
}

/// What came of one input.
type Read = Result<Vec<Done>, Failure>;

/// Read so many inputs, and once more, but for these numbers, what turns out to have records that are not whole.
pub fn read(inputs: usize, early: Option<&dyn Early>, one: &(dyn Fn(usize, &Numbers) -> Read + Sync)) -> Vec<Read> {
    let mut but = vec![Numbers::default(); inputs];
    let mut read: Vec<Read> = (0..inputs).into_par_iter().map(|nth| one(nth, &but[nth])).collect();
    let Some(early) = early else { return read };
    loop {
        let astray = astray(&read, early);
        if astray.is_empty() {
            return read;
        }
        for (nth, numbers) in astray {
            // Never is there both, what was read before and what is read now.
            read[nth] = Ok(Vec::new());
            but[nth].0.extend(numbers);
            read[nth] = one(nth, &but[nth]);
        }
    }
}

/// By input, numbers of all its records that are not whole.
fn astray(read: &[Read], early: &dyn Early) -> BTreeMap<usize, Vec<u64>> {
    let all = || read.iter().enumerate().flat_map(|(input, done)| done.iter().flatten().map(move |done| (input, done)));
    let mut astray: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    if all().all(|(_, done)| done.joined == 0) {
        return astray;
    }
    let done: Vec<&Done> = all().map(|(_, done)| done).collect();
    let (several, said) = (several(&done), said(&done));
    for (input, done) in all() {
        let is_said = said.contains(done.source.instance.as_str());
        let is_astray = |number: &u64| is_said || several.contains(number);
        let numbers: Vec<u64> = done.numbers.iter().copied().filter(is_astray).collect();
        if !numbers.is_empty() {
            astray.entry(input).or_default().extend(numbers);
        }
    }
    for (input, number) in early.torn(&all().flat_map(parts).collect::<Vec<_>>()) {
        astray.entry(input).or_default().push(number);
    }
    astray
}

/// The interactions that came of a file.
fn parts((input, done): (usize, &Done)) -> impl Iterator<Item = Part<'_>> {
    let tables = done.tables.iter().filter(|table| table.kind == TableKind::Interactions);
    tables.map(move |table| Part { input, source: &done.source, table, joined: done.joined })
}

/// The sources in which an export that fills what others leave empty fills what tells apart what was folded.
fn said<'d>(all: &[&'d Done]) -> FxHashSet<&'d str> {
    let says = |table: &Table| TELLING.iter().any(|column| table.column(column).is_some());
    let sides = all.iter().filter(|done| done.source.profile.fold == FoldRule::Side);
    sides.filter(|done| done.tables.iter().any(says)).map(|done| done.source.instance.as_str()).collect()
}

/// The numbers of records that another record or row has too.
fn several(all: &[&Done]) -> FxHashSet<u64> {
    let logs: Vec<&Done> = all.iter().copied().filter(|done| done.joined > 0).collect();
    let numbers = match logs[..] {
        [one] => Cow::Borrowed(&one.numbers),
        _ => Cow::Owned(sorted(logs.iter().flat_map(|done| &done.numbers).copied().collect())),
    };
    let twice = numbers.windows(2).filter(|pair| pair[0] == pair[1]);
    let mut several: FxHashSet<u64> = twice.map(|pair| pair[0]).collect();
    let sources: FxHashSet<&str> = logs.iter().map(|done| done.source.instance.as_str()).collect();
    let mut others = Vec::new();
    for part in all.iter().flat_map(|done| parts((0, done))) {
        each(&part, &sources, &mut |number| others.push(number));
    }
    // Both from the least on: to look each up would be a walk all over memory.
    let mut own = numbers.iter().peekable();
    for number in sorted(others) {
        while own.next_if(|own| **own < number).is_some() {}
        several.extend((own.peek() == Some(&&number)).then_some(number));
    }
    several
}

fn sorted(mut numbers: Vec<u64>) -> Vec<u64> {
    numbers.par_sort_unstable();
    numbers
}

/// The numbers of all rows in these sources that are not several.
fn each(part: &Part, sources: &FxHashSet<&str>, take: &mut dyn FnMut(u64)) {
    let (Some((codes, words)), Some(numbers)) = (part.table.words("source"), part.table.texts("interaction_id")) else {
        return;
    };
    let wanted: Vec<Option<&str>> = words.iter().map(|word| sources.get(word).copied()).collect();
    if wanted.iter().all(Option::is_none) {
        return;
    }
    for (code, number) in codes.iter().zip(numbers.iter()).skip(part.joined) {
        let source = wanted.get(code as usize).copied().flatten();
        if let Some(source) = source.filter(|_| !number.is_empty()) {
            take(Numbers::hash(source, number));
        }
    }
}
