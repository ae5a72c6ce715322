//! What went wrong with the data, and what the reader should know: `Reject` and `Notice`.
//!
//! A reject is a row or a cell that could not be used; it is counted and kept, never an error. A notice
//! is one sentence for standard error and the report's foot. What cannot go on at all is `anyhow`.
//! New trouble with data: a new `Reject` reason at the place that sees it, worded as the others are.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

/// How much of a cell's text a message shows.
const SHOWN: usize = 60;

/// One row that was left out, or one cell of a used row that was emptied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reject {
    /// The file's name as the report shows it.
    pub file: String,
    /// Physical line, from 1, at which the record begins.
    pub line: u64,
    /// The export's own name of the column; empty where the whole record is at fault.
    pub column: String,
    /// Why, without file, line and text: `is not a date like 31.12.2026 23:59`.
    pub reason: String,
    /// The text at fault, as it stood.
    pub text: String,
    /// The record as it stood in the file, for `--rejects`.
    pub record: String,
    /// True where the whole row is left out, false where only the cell is.
    pub whole_row: bool,
}

/// Rejects of one file, column and reason.
#[derive(Debug, Clone, Copy)]
pub struct RejectGroup<'r> {
    /// The one that stands first in the file.
    pub first: &'r Reject,
    pub count: usize,
}

/// Group whole rows, or else single cells, by file, column and reason.
pub fn grouped(rejects: &[Reject], whole_row: bool) -> Vec<RejectGroup<'_>> {
    let mut groups: BTreeMap<(&str, &str, &str), RejectGroup> = BTreeMap::new();
    for reject in rejects.iter().filter(|reject| reject.whole_row == whole_row) {
        let key = (reject.file.as_str(), reject.column.as_str(), reject.reason.as_str());
        let group = groups.entry(key).or_insert(RejectGroup { first: reject, count: 0 });
        group.count += 1;
        if reject.line < group.first.line {
            group.first = reject;
        }
    }
    groups.into_values().collect()
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The numbers may not be what they seem.
    Warning,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
        }
    }
}

/// One thing that the reader should know, with the cure where there is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    pub severity: Severity,
    pub text: String,
    pub hint: Option<String>,
    /// The text of a cell, as it stands in brackets at the end of `text`.
    pub cell: Option<String>,
}

impl Notice {
    /// Something worth knowing.
    pub fn note(text: impl Into<String>) -> Self {
        Self { severity: Severity::Note, text: text.into(), hint: None, cell: None }
    }

    /// Something that may mislead.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, text: text.into(), hint: None, cell: None }
    }

    /// With the text of a cell.
    pub fn of_cell(mut self, cell: &str) -> Self {
        let cell = format!(" (`{}`)", shown(cell));
        self.text += &cell;
        self.cell = Some(cell);
        self
    }

    /// The same without it.
    pub fn forget_cell(&mut self) {
        if let Some(cell) = self.cell.take() {
            self.text.truncate(self.text.len() - cell.len());
        }
    }

    /// The cure.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity.name(), self.text)?;
        self.hint.iter().try_for_each(|hint| write!(f, "\nhint: {hint}"))
    }
}

/// Tell standard error; if nobody listens there, the work goes on.
pub fn tell(what: &impl fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{what}");
}

/// `1 row`, `3 rows`, `1,204 rows`.
pub fn count(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(n as u64), if n == 1 { "" } else { "s" })
}

/// `1204` → `1,204`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Text of a cell as a message may show it: one line, visible, at most 60 characters.
pub fn shown(text: &str) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == SHOWN {
            out.push('…');
            break;
        }
        match c {
            '\n' => out.push('⏎'),
            '\t' => out.push('→'),
            c if c.is_control() || is_invisible(c) => out.push('�'),
            c => out.push(c),
        }
    }
    out
}

/// Text of a message in full, with marks in the place of what is no visible character.
pub fn inert_whole(text: &str) -> String {
    text.chars().map(|c| shown(c.encode_utf8(&mut [0; 4]))).collect()
}

/// Marks that change how the text around them is shown: bidi controls, zero widths, line separators, tags.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The candidate nearest to what was typed, if any is near enough to be meant.
pub fn closest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|c| (strsim::jaro_winkler(&typed.to_lowercase(), &c.to_lowercase()), c))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, c)| c)
}

/// "did you mean `frt`? ", or nothing where no candidate is near enough: the beginning of a hint.
pub fn did_you_mean<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    closest(typed, candidates).map_or_else(String::new, |near| format!("did you mean `{near}`? "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_thousands_are_right() {
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(0, "row"), "0 rows");
        assert_eq!(count(1_204_000, "row"), "1,204,000 rows");
    }

    #[test]
    fn hostile_text_is_shown_inert() {
        assert_eq!(shown("a\u{1b}[31mb\nc\u{202e}"), "a�[31mb⏎c�");
        assert_eq!(shown(&"x".repeat(100)).chars().count(), SHOWN + 1);
    }

    #[test]
    fn a_misspelt_name_finds_its_neighbour() {
        assert_eq!(closest("service_lvl", ["frt", "service_level", "csat"]), Some("service_level"));
        assert_eq!(closest("zzz", ["frt", "csat"]), None);
    }
}
