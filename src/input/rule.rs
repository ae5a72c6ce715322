//! One rule of a profile, compiled against a file's header: which text a record holds for a column.
//!
//! Conditions, alternatives, joins, constants, empty words and maps are here; what the text means as a
//! date or a number is in `cell.rs`. A new word of the vocabulary that picks or changes text belongs here.

use super::header::Header;
use super::key::lower;
use super::memo::Memo;
use super::pattern::Pattern;
use super::profile;
use super::record::Record;
use rustc_hash::FxHashMap;

/// A test on one cell.
#[derive(Debug, Clone)]
pub struct Test {
    /// None: the file has no such column, so all its cells are empty.
    position: Option<usize>,
    is: Vec<Pattern>,
    not: Vec<Pattern>,
}

impl Test {
    /// Compile a condition.
    pub fn new(condition: &profile::Condition, header: &mut Header) -> Self {
        let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::new(text)).collect();
        let position = header.position(&condition.from, None);
        if position.is_none() {
            header.note_absent(&condition.from);
        }
        Self { position, is: patterns(&condition.is), not: patterns(&condition.not) }
    }

    /// Whether it holds for a record. `known` is this test's own.
    pub fn holds(&self, record: &Record, known: &mut Memo<bool>) -> bool {
        let cell = self.position.map_or("", |position| record.cell(position));
        known.find(cell).unwrap_or_else(|| {
            let holds = self.fits(&lower(cell));
            known.keep(cell, holds);
            holds
        })
    }

    fn fits(&self, cell: &str) -> bool {
        let is = self.is.is_empty() || self.is.iter().any(|pattern| pattern.fits(cell));
        is && !self.not.iter().any(|pattern| pattern.fits(cell))
    }
}

/// Words of the export → ours.
#[derive(Debug, Clone, Default)]
struct Map {
    exactly: FxHashMap<String, String>,
    /// The longest first.
    patterns: Vec<(Pattern, String)>,
    any: Option<String>,
    empty: Option<String>,
}

impl Map {
    fn new<'s>(entries: impl Iterator<Item = (&'s String, &'s profile::Scalar)>) -> Self {
        let mut map = Self::default();
        for (from, to) in entries {
            let to = to.0.clone();
            match Pattern::new(from) {
                Pattern::Empty => map.empty = Some(to),
                Pattern::Any => map.any = Some(to),
                Pattern::Exactly(exactly) => drop(map.exactly.insert(exactly, to)),
                pattern @ Pattern::Pieces(_) => map.patterns.push((pattern, to)),
            }
        }
        map.patterns.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.length()));
        map
    }

    fn is_trivial(&self) -> bool {
        self.exactly.is_empty() && self.patterns.is_empty() && self.any.is_none()
    }

    /// Ours, or what stands there where the map says nothing of it.
    fn get<'m>(&'m self, text: &'m str) -> &'m str {
        if self.is_trivial() {
            return text;
        }
        let folded = lower(text);
        let pattern = || self.patterns.iter().find(|(pattern, _)| pattern.fits(&folded)).map(|(_, to)| to);
        self.exactly.get(folded.as_ref()).or_else(pattern).or(self.any.as_ref()).map_or(text, String::as_str)
    }
}

/// A compiled rule.
#[derive(Debug, Clone)]
pub struct Rule {
    when: Option<Test>,
    /// Columns of the file, and their names there.
    parts: Vec<(usize, String)>,
    join: Option<String>,
    /// Several columns of one header are read as one list.
    is_list: bool,
    after: Option<String>,
    constant: Option<String>,
    missing: Vec<String>,
    map: Map,
    /// What is in the cell is what is meant: no map, no constant, no end of it.
    is_plain: bool,
}

/// A text that a rule found.
#[derive(Debug, Clone, Copy)]
pub struct Picked<'r> {
    /// As it is to be read: mapped.
    pub text: &'r str,
    /// As it stood, before the map.
    pub cell: &'r str,
    /// The export's column.
    pub column: &'r str,
}

impl Rule {
    /// Compile; nothing where the file has none of the columns.
    pub fn new(rule: &profile::Rule, everywhere_missing: &[String], header: &mut Header) -> Option<Self> {
        let wanted = &rule.from.0;
        let mut parts = Vec::new();
        for name in wanted {
            parts.extend(header.positions(name, rule.nth).into_iter().map(|at| (at, name.trim().to_owned())));
        }
        let enough = if rule.join.is_some() { parts.len() == wanted.len() } else { !parts.is_empty() };
        if !(enough || wanted.is_empty() && rule.value.is_some()) {
            return None;
        }
        let map = Map::new(rule.map.iter());
        let missing = rule.missing.iter().chain(everywhere_missing).map(|text| text.trim().to_owned()).collect();
        Some(Self {
            when: rule.when.as_ref().map(|condition| Test::new(condition, header)),
            is_list: rule.join.is_none() && parts.len() > wanted.len(),
            parts,
            join: rule.join.clone(),
            after: rule.after.clone(),
            constant: rule.value.as_ref().map(|value| value.0.clone()),
            missing,
            is_plain: map.is_trivial() && rule.value.is_none() && rule.after.is_none(),
            map,
        })
    }

    /// Whether it reads the file at all, or is a constant only.
    pub fn reads(&self) -> bool {
        !self.parts.is_empty() || self.when.is_some()
    }

    /// The export's name of what it reads.
    pub fn column(&self) -> &str {
        self.parts.first().map_or("", |(_, name)| name)
    }

    /// Whether it applies to all records.
    pub const fn is_unconditional(&self) -> bool {
        self.when.is_none()
    }

    /// Whether it reads no cell of the records that it applies to.
    pub const fn is_constant(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether its condition holds, if it has one.
    pub fn applies(&self, record: &Record, known: &mut Memo<bool>) -> bool {
        self.when.as_ref().is_none_or(|test| test.holds(record, known))
    }

    /// The only column that it reads, where what it picks follows from that cell alone, and from an empty one nothing.
    pub fn only(&self) -> Option<usize> {
        match self.parts.as_slice() {
            [(position, _)] if self.join.is_none() && self.map.empty.is_none() => Some(*position),
            _ => None,
        }
    }

    /// What it picks from its only cell, where it changes nothing of it; `None` where it does more than that.
    #[inline]
    pub fn plain<'r>(&'r self, cell: &'r str) -> Option<Option<Picked<'r>>> {
        if !self.is_plain {
            return None;
        }
        let picked = || Picked { text: cell, cell, column: self.column() };
        Some((!self.is_missing(cell)).then(picked))
    }

    /// The text that a record to which it applies holds, if it holds one.
    pub fn pick<'r>(&'r self, record: &Record<'r>, scratch: &'r mut String) -> Option<Picked<'r>> {
        let found = match &self.join {
            Some(between) => self.joined(record, between, scratch),
            None if self.is_list => self.listed(record, scratch),
            None => self.first(record),
        };
        let (cell, column) = match (found, &self.map.empty, &self.constant) {
            (Some(found), ..) => found,
            (None, Some(empty), _) => return filled(empty, "", self.column()),
            (None, None, Some(constant)) if self.parts.is_empty() => (constant.as_str(), ""),
            (None, None, _) => return None,
        };
        let text = match &self.constant {
            Some(constant) => constant,
            None => self.map.get(self.end_of(cell)),
        };
        filled(text, cell, column)
    }

    /// What of a cell is meant.
    fn end_of<'r>(&self, cell: &'r str) -> &'r str {
        let after = self.after.as_deref().and_then(|mark| cell.rsplit_once(mark));
        after.map_or(cell, |(_, end)| end.trim())
    }

    fn first<'r>(&'r self, record: &Record<'r>) -> Option<(&'r str, &'r str)> {
        let cells = self.parts.iter().map(|(position, name)| (record.cell(*position), name.as_str()));
        cells.into_iter().find(|(cell, _)| !self.is_missing(cell))
    }

    fn listed<'r>(&'r self, record: &Record<'r>, scratch: &'r mut String) -> Option<(&'r str, &'r str)> {
        scratch.clear();
        let cells = self.parts.iter().map(|(position, _)| record.cell(*position));
        for cell in cells.filter(|cell| !self.is_missing(cell)) {
            scratch.extend((!scratch.is_empty()).then_some(','));
            scratch.push_str(cell);
        }
        (!scratch.is_empty()).then_some((scratch.as_str(), self.column()))
    }

    fn joined<'r>(&'r self, record: &Record<'r>, between: &str, scratch: &'r mut String) -> Option<(&'r str, &'r str)> {
        scratch.clear();
        for (i, (position, _)) in self.parts.iter().enumerate() {
            let cell = record.cell(*position);
            if self.is_missing(cell) {
                return None;
            }
            if i > 0 {
                scratch.push_str(between);
            }
            scratch.push_str(cell);
        }
        Some((scratch.as_str(), self.column()))
    }

    fn is_missing(&self, cell: &str) -> bool {
        cell.is_empty() || self.missing.iter().any(|missing| missing.eq_ignore_ascii_case(cell))
    }
}

/// A text that a map made empty is none.
fn filled<'r>(text: &'r str, cell: &'r str, column: &'r str) -> Option<Picked<'r>> {
    (!text.is_empty()).then_some(Picked { text, cell, column })
}

#[cfg(test)]
mod tests {
    use super::super::record::Cells;
    use super::*;

    /// What a rule picks from a row under the headers A, B, C.
    fn pick(rule: &str, row: &[&str]) -> Option<String> {
        let mut header = Header::row(["A", "B", "C"].into_iter());
        let rule: profile::Rule = toml::from_str(rule).unwrap();
        let rule = Rule::new(&rule, &["?".to_owned()], &mut header)?;
        let row: Vec<String> = row.iter().map(|&cell| cell.to_owned()).collect();
        let record = Record { line: 2, raw: "", cells: Cells::Values(&row) };
        rule.applies(&record, &mut Memo::default()).then_some(())?;
        rule.pick(&record, &mut String::new()).map(|picked| picked.text.to_owned())
    }

    #[test]
    fn the_first_that_holds_a_value() {
        assert_eq!(pick("from = ['Z', 'A', 'B']", &["?", " x "]).as_deref(), Some("x"));
        assert_eq!(pick("from = 'Z'", &["a"]), None);
        assert_eq!(pick("value = 'phone'", &["a"]).as_deref(), Some("phone"));
        assert_eq!(pick("from = 'A'\nvalue = 'answered'", &["a"]).as_deref(), Some("answered"));
        assert_eq!(pick("from = 'A'\nvalue = 'answered'", &[""]), None);
    }

    #[test]
    fn the_end_of_a_link_is_a_number() {
        let rule = "from = 'A'\nafter = '/'\nmap = { 7 = 'seven' }";
        for (cell, end) in [("https://x.example/c/55", "55"), ("a/7", "seven"), ("55", "55")] {
            assert_eq!(pick(rule, &[cell]).as_deref(), Some(end));
        }
        assert_eq!(pick(rule, &["a/"]), None);
    }

    #[test]
    fn a_join_lacks_nothing() {
        let rule = "from = ['A', 'B']\njoin = ' '\nmissing = ['0:00:00']";
        assert_eq!(pick(rule, &["990101", "11:20:04"]).as_deref(), Some("990101 11:20:04"));
        assert_eq!(pick(rule, &["990101", "0:00:00"]), None);
    }

    #[test]
    fn columns_of_one_header_are_a_list() {
        let list = |row: &[&str]| {
            let mut header = Header::row(["Label", "A", "Label", "label"].into_iter());
            let rule: profile::Rule = toml::from_str("from = 'Label[]'").unwrap();
            let rule = Rule::new(&rule, &[], &mut header)?;
            let row: Vec<String> = row.iter().map(|&cell| cell.to_owned()).collect();
            let record = Record { line: 2, raw: "", cells: Cells::Values(&row) };
            rule.pick(&record, &mut String::new()).map(|picked| picked.text.to_owned())
        };
        assert_eq!(list(&["vip", "a", "", "refund"]).as_deref(), Some("vip,refund"));
        assert_eq!(list(&["", "a", "", ""]), None);
    }

    #[test]
    fn maps_know_words_beginnings_others_and_nothing() {
        let rule = "from = 'A'\nmap = { 'Agent' = 'answered', 'hang*' = 'abandoned', 'hang up later' = 'callback', '*' = 'missed', '' = 'overflow' }";
        for (cell, word) in [
            ("AGENT", "answered"),
            ("Hang up", "abandoned"),
            ("hang up later", "callback"),
            ("fnord", "missed"),
            ("", "overflow"),
        ] {
            assert_eq!(pick(rule, &[cell]).as_deref(), Some(word), "{cell}");
        }
        assert_eq!(pick("from = 'A'\nmap = { 'x' = '' }", &["X"]), None);
        assert_eq!(pick("from = 'A'\nmap = { 'x' = 'y' }", &["Z"]).as_deref(), Some("Z"));
    }

    #[test]
    fn conditions_choose_rows() {
        let rule = "from = 'A'\nwhen = { from = 'B', is = ['in*', ''], not = ['internal'] }";
        assert!(pick(rule, &["a", "Inbound"]).is_some() && pick(rule, &["a", ""]).is_some());
        assert!(pick(rule, &["a", "internal"]).is_none() && pick(rule, &["a", "out"]).is_none());
    }
}
