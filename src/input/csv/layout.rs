//! Where a CSV file's header is and what separates its cells.
//!
//! Exports put titles and blank lines before the header and change the delimiter with the country, so every
//! line near the top is tried as a header with every delimiter. Which of them is one, `detect.rs` knows by
//! the profiles; without a profile, the delimiter under which most rows have one width is the likeliest.

use super::super::header::Header;
use super::super::record::Lines;
use super::quotes::{End, Habits, row_end};
use super::reader;
use super::row::Row;
use csv::StringRecord;

/// Delimiters that are tried.
pub const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The header is one of so many lines.
const TRIED: usize = 7;
/// How many rows are looked at for one width.
const ROWS: usize = 50;
/// A header and fifty rows are found in so many bytes, or not at all.
const NEAR: usize = 1 << 18;

/// A header and what is below it.
#[derive(Debug, Clone)]
pub struct Layout {
    pub delimiter: u8,
    pub header: Header,
    /// The byte at which the rows begin.
    pub body: usize,
    /// The line of the header.
    pub line: u64,
}

/// Every line near the top as a header, with every delimiter; those with two cells at least.
pub fn candidates(text: &str, delimiters: &[u8]) -> Vec<Layout> {
    let near = near(text);
    let mut lines = Lines::new(text);
    let mut starts = vec![0];
    while starts.len() < TRIED {
        let next = lines.next_line(starts[starts.len() - 1]);
        if next >= near.len() {
            break;
        }
        starts.push(next);
    }
    let mut found = Vec::new();
    for start in starts {
        let line = lines.at(start);
        found.extend(delimiters.iter().filter_map(|&delimiter| at(near, start, line, delimiter)));
    }
    found
}

/// The header that begins at a byte.
fn at(text: &str, start: usize, line: u64, delimiter: u8) -> Option<Layout> {
    let rest = &text.as_bytes()[start..];
    let habits = Habits { delimiter, line_end: b'\n', width: 0..=usize::MAX };
    let End::At(length @ 1..) = row_end(rest, &habits, true) else { return None };
    let mut row = Row::new(text);
    row.split(start, start + length, delimiter);
    if row.len() < 2 {
        return None;
    }
    let header = Header::row(row.iter());
    let line_end = if rest[length..].starts_with(b"\r\n") { 2 } else { 1 };
    let body = text.len().min(start + length + line_end);
    (header.width() > 1).then_some(Layout { delimiter, header, body, line })
}

/// The likeliest header where no profile says which: the first row as wide as most rows are. `delimiter`: it is known.
pub fn likeliest(text: &str, delimiter: Option<char>) -> Option<Layout> {
    let near = near(text);
    let known = delimiter.and_then(|delimiter| u8::try_from(delimiter).ok());
    let tried = known.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let (delimiter, width, _) = tried
        .into_iter()
        .filter_map(|delimiter| usual_width(near, delimiter).map(|(width, share)| (delimiter, width, share)))
        .max_by_key(|(_, width, share)| width * share)?;
    candidates(text, &[delimiter]).into_iter().find(|layout| layout.header.names().len() >= width)
}

/// Whether most rows have one width under some delimiter.
pub fn is_table(text: &str) -> bool {
    let near = near(text);
    DELIMITERS.iter().any(|&delimiter| usual_width(near, delimiter).is_some_and(|(_, share)| share > 500))
}

/// The width that most rows have under a delimiter, and how many of a thousand have it.
fn usual_width(text: &str, delimiter: u8) -> Option<(usize, usize)> {
    let mut widths: Vec<usize> = Vec::new();
    let mut row = StringRecord::new();
    let mut reader = reader(text.as_bytes(), delimiter);
    while widths.len() < ROWS && reader.read_record(&mut row).unwrap_or(false) {
        widths.push(row.len());
    }
    let count = |width: usize| widths.iter().filter(|w| **w == width).count();
    let usual = widths.iter().copied().filter(|width| *width > 1).max_by_key(|width| (count(*width), *width))?;
    Some((usual, count(usual) * 1_000 / widths.len()))
}

/// The top of a text, cut between characters.
pub fn near(text: &str) -> &str {
    &text[..text.floor_char_boundary(NEAR)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_blank_lines_stand_before_the_header() {
        let text = "Report, of March\n\nAgent;Calls\nTom;3\nAnn;4\n";
        let layout = likeliest(text, None).unwrap();
        assert_eq!(
            (layout.delimiter, layout.line, layout.header.names()),
            (b';', 3, &["Agent".to_owned(), "Calls".to_owned()][..])
        );
        assert_eq!(&text[layout.body..], "Tom;3\nAnn;4\n");
    }

    #[test]
    fn quoted_delimiters_do_not_count() {
        let text = "a;b\n\"1,2,3\";4\n\"5,6,7\";8\n";
        assert_eq!(likeliest(text, None).map(|layout| layout.delimiter), Some(b';'));
        assert!(likeliest("just\nwords\n", None).is_none() && likeliest("", None).is_none());
    }
}
