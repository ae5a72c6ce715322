//! What a row's own file says about it, and how many rows of each file are folded or duplicates.
//!
//! A profile may feed several tables with one row; only the table of its own kind decides what became of
//! the row, so that every row is counted once.

use super::groups::Groups;
use crate::columns::{Data, Table};
use crate::input::SourceFile;
use crate::input::profile::FoldRule;
use rustc_hash::FxHashMap;

/// What a file says about the rows of its own table.
#[derive(Debug, Clone, Copy)]
struct Own {
    /// Position among the sources.
    source: usize,
    fold: FoldRule,
    /// File and line are the row's number: equal rows are not copies.
    unnumbered: bool,
    /// Some of its rows were folded while it was read.
    early: bool,
}

/// The files of one table, by their code in the column `file`.
pub struct Ledger {
    /// Where the column `file` is.
    file: Option<usize>,
    own: Vec<Option<Own>>,
    folded: Vec<u64>,
    duplicates: Vec<u64>,
}

impl Ledger {
    pub fn new(table: &Table, sources: &[SourceFile]) -> Self {
        let by_name: FxHashMap<&str, usize> = sources.iter().enumerate().map(|(i, s)| (s.file.as_str(), i)).collect();
        let own = |name: &str| {
            let &source = by_name.get(name)?;
            let profile = &sources[source].profile;
            // The number of an event's row is that of what it happened to.
            let unnumbered = profile.read.row || profile.fold == FoldRule::Events;
            let early = sources[source].counts.folded > 0;
            let own = Own { source, fold: profile.fold, unnumbered, early };
            (profile.kind == table.kind).then_some(own)
        };
        let own: Vec<_> = table.words("file").map(|(_, files)| files.iter().map(own).collect()).unwrap_or_default();
        let (file, none) = (table.kind.position("file"), vec![0; own.len()]);
        Self { file, folded: none.clone(), duplicates: none, own }
    }

    /// The code of the file that a row stood in.
    #[inline]
    fn file_of(&self, table: &Table, row: u32) -> Option<usize> {
        match table.at(self.file?)? {
            Data::Word { codes, .. } => Some(codes.get(row as usize) as usize),
            _ => None,
        }
    }

    #[inline]
    fn own(&self, table: &Table, row: u32) -> Option<Own> {
        *self.own.get(self.file_of(table, row)?)?
    }

    /// Whether any file folds by this rule.
    pub fn any(&self, rule: FoldRule) -> bool {
        self.own.iter().flatten().any(|own| own.fold == rule)
    }

    /// The rule by which a row's own file folds.
    #[inline]
    pub fn rule(&self, table: &Table, row: u32) -> Option<FoldRule> {
        self.own(table, row).map(|own| own.fold)
    }

    /// Whether a row's own file folds by this rule.
    #[inline]
    pub fn folds_by(&self, rule: FoldRule, table: &Table, row: u32) -> bool {
        self.rule(table, row) == Some(rule)
    }

    /// Whether rows were folded while they were read.
    pub fn any_early(&self) -> bool {
        self.own.iter().flatten().any(|own| own.early)
    }

    /// Whether a row stood in a file of which that is so.
    pub fn is_early(&self, table: &Table, row: u32) -> bool {
        self.own(table, row).is_some_and(|own| own.early)
    }

    /// Whether any file's rows are messages.
    pub fn any_messages(&self) -> bool {
        self.any(FoldRule::Thread) || self.any(FoldRule::Chat)
    }

    /// Whether a row is a message.
    #[inline]
    pub fn is_message(&self, table: &Table, row: u32) -> bool {
        matches!(self.rule(table, row), Some(FoldRule::Thread | FoldRule::Chat))
    }

    /// Whether a row has no number of its own.
    #[inline]
    pub fn is_unnumbered(&self, table: &Table, row: u32) -> bool {
        self.own(table, row).is_some_and(|own| own.unnumbered)
    }

    /// All but the first of each group became part of another row.
    pub fn note_folded(&mut self, table: &Table, groups: &Groups) {
        for &row in groups.iter().flat_map(|rows| &rows[1..]) {
            if let Some(count) = self.file_of(table, row).and_then(|file| self.folded.get_mut(file)) {
                *count += 1;
            }
        }
    }

    /// These rows are older copies of others.
    pub fn note_duplicates(&mut self, table: &Table, rows: &[u32]) {
        for &row in rows {
            if let Some(count) = self.file_of(table, row).and_then(|file| self.duplicates.get_mut(file)) {
                *count += 1;
            }
        }
    }

    /// Move the rows from used to what became of them.
    pub fn settle(self, sources: &mut [SourceFile]) {
        for ((own, folded), duplicates) in self.own.into_iter().zip(self.folded).zip(self.duplicates) {
            if let Some(own) = own {
                let counts = &mut sources[own.source].counts;
                counts.used = counts.used.saturating_sub(folded + duplicates);
                counts.folded += folded;
                counts.duplicates += duplicates;
            }
        }
    }
}
