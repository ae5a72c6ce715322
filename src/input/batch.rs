//! Records side by side, on their way from a reader to the columns: many at a time, so that a column is read row
//! after row and the way to its values is chosen once for all of them.
//!
//! Cells stay where they stand in the text; only what a reader had to put together is copied. What a cell means is not
//! known here.

use super::record::{Cells, Record, trimmed};

/// How many records stand side by side: as many as with their values stay in the nearest caches.
pub const ROWS: usize = 128;

/// Some records of one text.
#[derive(Debug)]
pub struct Batch<'t> {
    text: &'t str,
    rows: Vec<Row<'t>>,
    /// From where to where each cell goes. Beyond the text's end follows what was copied.
    spans: Vec<(usize, usize)>,
    copied: String,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy)]
struct Row<'t> {
    line: u64,
    /// As it stands in the text; empty if it is not of that text.
    raw: &'t str,
    /// Its cells among the spans.
    first: usize,
    end: usize,
}

impl<'t> Batch<'t> {
    /// No records of a text yet.
    pub fn new(text: &'t str) -> Self {
        Self { text, rows: Vec::with_capacity(ROWS), spans: Vec::new(), copied: String::new() }
    }

    /// Begin another batch of the same text.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.spans.clear();
        self.copied.clear();
    }

    /// Add a record, whose cells are copied unless they stand in the text of this batch.
    pub fn push(&mut self, record: &Record) {
        let first = self.spans.len();
        match record.cells {
            Cells::Row(row) if row.is_of(self.text) => {
                let (spans, copied) = row.spans();
                if copied.is_empty() {
                    self.spans.extend_from_slice(spans);
                } else {
                    let (end, base) = (self.text.len(), self.copied.len());
                    let moved =
                        |&(from, to): &(usize, usize)| if to > end { (from + base, to + base) } else { (from, to) };
                    self.spans.extend(spans.iter().map(moved));
                    self.copied.push_str(copied);
                }
            }
            Cells::Row(row) => row.iter().for_each(|cell| self.copy(cell)),
            Cells::Values(values) => values.iter().for_each(|cell| self.copy(cell)),
            Cells::Kept(batch, nth) => batch.cells(nth).for_each(|cell| self.copy(cell)),
        }
        let from = (record.raw.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let to = from.wrapping_add(record.raw.len());
        let raw = self.text.get(from..to).unwrap_or_default();
        self.rows.push(Row { line: record.line, raw, first, end: self.spans.len() });
    }

    fn copy(&mut self, cell: &str) {
        let from = self.text.len() + self.copied.len();
        self.copied.push_str(cell);
        self.spans.push((from, from + cell.len()));
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The n-th record.
    pub fn record(&self, nth: usize) -> Record<'_> {
        let Row { line, raw, .. } = self.rows[nth];
        Record { line, raw, cells: Cells::Kept(self, nth) }
    }

    /// A cell of the n-th record without outer space; empty where there is none. Asked so often that no call may stand
    /// between.
    #[inline(always)]
    pub fn cell(&self, nth: usize, position: usize) -> &str {
        let row = &self.rows[nth];
        let at = row.first + position;
        if at < row.end { trimmed(self.of(self.spans[at])) } else { "" }
    }

    /// All cells of the n-th record.
    pub fn cells(&self, nth: usize) -> impl Iterator<Item = &str> {
        let row = &self.rows[nth];
        self.spans[row.first..row.end].iter().map(|&span| self.of(span))
    }

    #[inline]
    fn of(&self, (from, to): (usize, usize)) -> &str {
        let end = self.text.len();
        if to <= end { &self.text[from..to] } else { &self.copied[from - end..to - end] }
    }
}

#[cfg(test)]
mod tests {
    use super::super::csv::row::Row;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cells_are_what_the_reader_saw(rows in prop::collection::vec("[a,\"é ]{0,12}", 1..9), spare in 0..3usize) {
            let text = rows.join("\n");
            let mut batch = Batch::new(&text);
            batch.push(&Record { line: 0, raw: "elsewhere", cells: Cells::Values(&["of".to_owned(), "another".to_owned()]) });
            let (mut from, mut seen) = (0, Vec::new());
            for own in &rows {
                let mut row = Row::new(&text);
                row.split(from, from + own.len(), b',');
                batch.push(&Record { line: from as u64, raw: &text[from..from + own.len()], cells: Cells::Row(&row) });
                seen.push(row.iter().map(str::to_owned).collect::<Vec<_>>());
                from += own.len() + 1;
            }
            prop_assert_eq!((batch.record(0).raw, batch.cell(0, 1), batch.cell(0, 2)), ("", "another", ""));
            for (nth, (own, cells)) in rows.iter().zip(&seen).enumerate() {
                let record = batch.record(nth + 1);
                prop_assert_eq!(record.raw, own);
                prop_assert_eq!(batch.cells(nth + 1).collect::<Vec<_>>(), cells.iter().collect::<Vec<_>>());
                prop_assert_eq!(record.cell(cells.len() + spare), "");
            }
        }
    }
}
