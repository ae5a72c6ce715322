//! How far reading has come: each file tells of itself, and all of them are added up.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a file tells of itself.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// So many of its bytes are read.
    Bytes(u64),
    /// So many of its rows are.
    Rows(u64),
}

/// How far all files have come.
#[derive(Debug, Clone, Copy)]
pub struct Headway<'a> {
    /// The file that told last.
    pub file: &'a str,
    pub bytes: u64,
    pub rows: u64,
}

/// Bytes and rows, of one file or of all.
#[derive(Debug, Default)]
pub struct Tally {
    bytes: AtomicU64,
    rows: AtomicU64,
}

impl Tally {
    /// Add what is new of a file's own tally; from any thread.
    pub fn add<'a>(&self, file: &'a str, own: &Self, step: Step) -> Headway<'a> {
        let (own, all, come) = match step {
            Step::Bytes(come) => (&own.bytes, &self.bytes, come),
            Step::Rows(come) => (&own.rows, &self.rows, come),
        };
        let before = own.fetch_max(come, Ordering::Relaxed);
        all.fetch_add(come.saturating_sub(before), Ordering::Relaxed);
        let now = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Headway { file, bytes: now(&self.bytes), rows: now(&self.rows) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_twice_counts_once() {
        let (all, one, two) = (Tally::default(), Tally::default(), Tally::default());
        for step in [Step::Bytes(100), Step::Bytes(300), Step::Rows(4), Step::Bytes(300)] {
            all.add("a", &one, step);
        }
        let come = all.add("b", &two, Step::Rows(3));
        assert_eq!((come.file, come.bytes, come.rows), ("b", 300, 7));
    }
}
