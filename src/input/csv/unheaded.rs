//! CSV files without a header: told by what stands in their first rows, their columns called as a profile says.
//!
//! Exports with a header are in `layout.rs`; which profile fits best, `detect.rs` knows.

use super::super::header::Header;
use super::super::memo::Memo;
use super::super::profile::{Condition, Detect};
use super::super::record::{Cells, Event, Record, line_end};
use super::super::rule::Test;
use super::layout::{Layout, near};
use super::quotes::Habits;
use super::{Rules, Stretch};
use std::ops::ControlFlow;

/// How many rows are looked at.
const ROWS: usize = 20;

/// The table that a text is under a delimiter, and the columns that do not hold what they should.
pub fn table(text: &str, delimiter: u8, detect: &Detect) -> Option<(Layout, Vec<String>)> {
    let rows = first_rows(text, delimiter);
    let widest = rows.iter().map(Vec::len).max().filter(|cells| *cells > 1)?;
    let position = |row: &Condition| Header::given(&detect.names, 0, detect.names.len()).position(&row.from, None);
    let least = detect.rows.iter().filter_map(position).max().map_or(0, |last| last + 1);
    let header = Header::given(&detect.names, least, widest.max(detect.names.len()));
    let misses = |row: &&Condition| !holds_mostly(row, &header, &rows);
    let missing = detect.rows.iter().filter(misses).map(|row| row.from.clone()).collect();
    Some((Layout { delimiter, header, body: 0, line: 0 }, missing))
}

fn first_rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    let (top, line_end) = (near(text), line_end(text.as_bytes()));
    let habits = Habits { delimiter, line_end, width: 0..=usize::MAX };
    let rules = Rules { header: &Header::default(), habits, footers: &[] };
    let stretch = Stretch { text: top, line: 1, last: top.len() == text.len(), ended: false };
    let mut rows: Vec<Vec<String>> = Vec::new();
    super::read(stretch, &rules, &mut |event| {
        if let Event::Record(Record { cells: Cells::Row(row), .. }) = event {
            rows.push(row.iter().map(str::to_owned).collect());
        }
        if rows.len() < ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    rows
}

/// A few rows may be damaged, or of another kind.
fn holds_mostly(condition: &Condition, header: &Header, rows: &[Vec<String>]) -> bool {
    let test = Test::new(condition, &mut header.clone());
    let record = |row| Record { line: 1, raw: "", cells: Cells::Values(row) };
    let holding = rows.iter().filter(|row| test.holds(&record(row), &mut Memo::default())).count();
    holding * 2 > rows.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLS: &str = "
        names = ['who', 'when', 'how', 'why']
        rows = [{ from = 'when', is = ['20*-*-*'] }, { from = 'how', is = ['in', 'out'] }]
    ";

    fn told(text: &str, delimiter: u8) -> Option<(Layout, Vec<String>)> {
        table(text, delimiter, &toml::from_str(CALLS).unwrap())
    }

    #[test]
    fn most_rows_tell() {
        let (layout, missing) = told("\"<1>\",2026-01-02,in\nx\n2,2026-01-03,out,why,more\n", b',').unwrap();
        assert_eq!((missing.is_empty(), layout.body, layout.line, layout.header.width()), (true, 0, 0, 3));
        assert_eq!(layout.header.names(), ["who", "when", "how", "why", ""]);
        let (_, missing) = told("1,2026-01-01,in\n1,\"2026\n2,2026-01-03,out\n", b',').unwrap();
        assert!(missing.is_empty(), "a quote astray costs its own line");
        let (_, missing) = told("a,b,c\n1,2026-01-02,in\n", b',').unwrap();
        assert_eq!(missing, ["when", "how"], "one of two rows is not most of them");
        assert!(told("a,b,c\n", b';').is_none() && told("", b',').is_none());
    }
}
