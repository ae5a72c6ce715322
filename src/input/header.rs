//! The columns that a file has: headers of CSV by position, or any path of JSON.
//!
//! Headers may repeat, so rules hold positions, never names. Where the header row is, is found in
//! `layout.rs`.

use super::csv::row::Row;
use super::key::lower;
use super::pattern::Pattern;

/// The columns of one file.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// As they stand, cleaned.
    names: Vec<String>,
    folded: Vec<String>,
    /// What each begins with.
    letters: Vec<Option<char>>,
    /// Whether some rule reads the column.
    used: Vec<bool>,
    /// JSON has every path that is asked for.
    open: bool,
    /// What columns ask for in vain.
    absent: Vec<String>,
    /// How many cells a full row has, where no header says it.
    least: Option<usize>,
}

impl Header {
    /// The header row of a CSV file.
    pub fn row<'c>(cells: impl Iterator<Item = &'c str>) -> Self {
        let mut header = Self::default();
        cells.for_each(|cell| header.push(clean(cell)));
        header
    }

    /// What a profile calls the columns of a CSV file without a header, of which rows have from `least` to `most`.
    pub fn given(names: &[String], least: usize, most: usize) -> Self {
        let mut header = Self { least: Some(least), ..Self::default() };
        (0..most).for_each(|nth| header.push(names.get(nth).map_or_else(String::new, |name| clean(name))));
        header
    }

    /// Whether a profile says what the columns are called, and no row of the file does.
    pub const fn is_given(&self) -> bool {
        self.least.is_some()
    }

    /// JSON: paths are added as they are asked for.
    pub fn paths() -> Self {
        Self { open: true, ..Self::default() }
    }

    fn push(&mut self, name: String) {
        let folded = lower(&name).into_owned();
        self.letters.push(first_letter(&folded));
        self.folded.push(folded);
        self.names.push(name);
        self.used.push(false);
    }

    /// The position of a header, or of the n-th column of that header (from 1). `*` in it stands for anything.
    pub fn position(&mut self, name: &str, nth: Option<usize>) -> Option<usize> {
        let found = self.find(name, nth);
        match found {
            Some(position) => self.used[position] = true,
            None if self.open => {
                self.push(name.trim().to_owned());
                self.used[self.names.len() - 1] = true;
                return Some(self.names.len() - 1);
            }
            None => {}
        }
        found
    }

    /// The positions of what a rule reads under a name: `Labels[]` is every column of the header `Labels`.
    pub fn positions(&mut self, name: &str, nth: Option<usize>) -> Vec<usize> {
        match (self.position(name, nth), name.trim().strip_suffix("[]")) {
            (Some(position), _) => vec![position],
            (None, Some(header)) => (1..).map_while(|nth| self.position(header, Some(nth))).collect(),
            (None, None) => Vec::new(),
        }
    }

    fn find(&self, name: &str, nth: Option<usize>) -> Option<usize> {
        let wanted = folded(name);
        let nth = nth.unwrap_or(1).saturating_sub(1);
        let exactly = (0..self.folded.len()).filter(|&i| self.folded[i] == wanted).nth(nth);
        if exactly.is_some() || self.open || !wanted.contains('*') {
            return exactly;
        }
        let pattern = Pattern::new(&wanted);
        (0..self.folded.len()).filter(|&i| pattern.fits(&self.folded[i])).nth(nth)
    }

    /// Whether there is such a header.
    pub fn has(&self, name: &str) -> bool {
        self.find(name, None).is_some()
    }

    /// All headers or paths, by position.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Headers that no rule reads.
    pub fn unused(&self) -> Vec<String> {
        let unused = self.names.iter().zip(&self.used).filter(|(name, used)| !**used && !name.is_empty());
        unused.map(|(name, _)| name.clone()).collect()
    }

    /// Note a header that a column asks for, and the file has neither it nor an alternative.
    pub fn note_absent(&mut self, name: &str) {
        if !self.absent.iter().any(|absent| absent == name) {
            self.absent.push(name.to_owned());
        }
    }

    /// Headers that columns ask for in vain.
    pub fn absent(&self) -> &[String] {
        &self.absent
    }

    /// Whether a row is the header once more, as in files that were put together by hand.
    pub fn is_repeated(&self, row: &Row) -> bool {
        // Asked of every row: one letter nearly always tells.
        let headers = self.letters.iter().zip(&self.folded);
        let same = |((letter, name), cell): ((&Option<char>, &String), &str)| {
            *letter == first_letter(cell) && *name == folded(cell)
        };
        row.len() == self.folded.len() && headers.zip(row.iter()).all(same)
    }

    /// How many cells a full row has: columns without a header at the end do not count.
    pub fn width(&self) -> usize {
        let named = || self.names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        self.least.unwrap_or_else(named)
    }
}

/// A header without what spreadsheets and careless decoding put before it, and with single spaces.
pub fn clean(cell: &str) -> String {
    let cell = cell.trim().trim_start_matches('\u{feff}').trim_start_matches("ï»¿");
    let cell = cell.trim_matches('\u{200b}').trim();
    let cell = cell.strip_prefix('\'').unwrap_or(cell).trim_matches('"');
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a header begins with, marks left out.
fn first_letter(name: &str) -> Option<char> {
    match name.bytes().find(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())? {
        letter if letter.is_ascii() => Some(char::from(letter.to_ascii_lowercase())),
        _ => {
            let name = name.trim_start_matches("ï»¿");
            name.chars().find(|c| c.is_alphanumeric()).and_then(|c| c.to_lowercase().next())
        }
    }
}

/// How headers are compared.
pub fn folded(name: &str) -> String {
    lower(&clean(name)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_without_case_and_by_number() {
        let mut header = Header::row(["\u{feff}Ticket  ID", "'Tags", "Tags ", "", " "].into_iter());
        assert_eq!(header.position("ticket id", None), Some(0));
        assert_eq!(
            (header.position("tags", None), header.position("TAGS", Some(2)), header.position("Tags", Some(3))),
            (Some(1), Some(2), None)
        );
        assert_eq!((header.positions("Tags[]", None), header.positions("Groups[]", None)), (vec![1, 2], Vec::new()));
        assert_eq!(header.width(), 3);
        assert!(header.unused().is_empty());
    }

    #[test]
    fn questions_are_found_by_what_they_ask() {
        let mut header = Header::row(["Why?", "How likely <b>are you</b>?", "*", "How likely else?"].into_iter());
        assert_eq!(header.position("*How likely*", None), Some(1));
        assert_eq!((header.position("*likely*", Some(2)), header.position("*", None)), (Some(3), Some(2)));
        assert_eq!(Header::paths().position("*", None), Some(0), "a key may be called so");
    }
}
