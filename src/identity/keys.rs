//! Keys and their numbers: every distinct key of all tables becomes one dense `u32`.
//!
//! Words are mapped to numbers once per dictionary, so that everything after this file touches integers
//! only. Which keys are unusable is `quarantine.rs`, what they join is `union.rs`. A new kind of key is a
//! variant of `KeyKind` with its column; the rest follows from `is_strong`.

use crate::columns::{NO_WORD, Table, Texts, Words};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::fmt;

/// No key of this kind in the row.
pub(super) const NO_KEY: u32 = u32::MAX;
/// No name in the row, or one that says nothing.
pub(super) const NO_NAME: u32 = u32::MAX;

/// What sort of key it is; the order is that in which a customer is called by one of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// The number in the customer system.
    Crm,
    Email,
    /// A number shared by several systems.
    External,
    Phone,
    /// The source's own number of the customer; means something within that source only.
    Source,
}

/// How many kinds there are.
pub(super) const KINDS: usize = KeyKind::ALL.len();

impl KeyKind {
    /// All kinds, in their order.
    pub const ALL: [Self; 5] = [Self::Crm, Self::Email, Self::External, Self::Phone, Self::Source];

    /// The canonical column that holds keys of this kind.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Crm => "customer_crm_id",
            Self::Email => "customer_email",
            Self::External => "customer_external_id",
            Self::Phone => "customer_phone",
            Self::Source => "customer_id",
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Crm => "CRM id",
            Self::Email => "e-mail",
            Self::External => "external id",
            Self::Phone => "phone",
            Self::Source => "source's id",
        }
    }

    /// Whether it joins whatever it stands with; a phone may be a household's.
    pub const fn is_strong(self) -> bool {
        !matches!(self, Self::Phone)
    }
}

/// One key, for reading. Ordered by kind, then source, then text: by content, never by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key<'a> {
    pub kind: KeyKind,
    /// The source whose number it is; empty for all other kinds.
    pub source: &'a str,
    pub text: &'a str,
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, self.source) {
            (KeyKind::Source, source) if !source.is_empty() => write!(f, "{source}:{}", self.text),
            _ => f.write_str(self.text),
        }
    }
}

/// All distinct keys by number.
#[derive(Debug, Default)]
pub(super) struct Keys {
    kinds: Vec<KeyKind>,
    /// Number of the source; 0 for all but a source's own ids.
    sources: Vec<u32>,
    texts: Texts,
    source_names: Vec<String>,
}

impl Keys {
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    pub fn kind(&self, key: u32) -> KeyKind {
        self.kinds[key as usize]
    }

    pub fn text(&self, key: u32) -> &str {
        self.texts.get(key as usize)
    }

    pub fn get(&self, key: u32) -> Key<'_> {
        let kind = self.kind(key);
        let source = if kind == KeyKind::Source { self.source_name(self.sources[key as usize]) } else { "" };
        Key { kind, source, text: self.text(key) }
    }

    pub fn all(&self) -> impl Iterator<Item = (u32, Key<'_>)> {
        (0..self.len() as u32).map(|key| (key, self.get(key)))
    }

    pub fn source_count(&self) -> usize {
        self.source_names.len()
    }

    pub fn source_name(&self, source: u32) -> &str {
        &self.source_names[source as usize]
    }

    /// Order by content.
    pub fn compare(&self, a: u32, b: u32) -> Ordering {
        // Most keys of a customer differ in kind, which spares a look at their texts.
        self.kind(a).cmp(&self.kind(b)).then_with(|| self.get(a).cmp(&self.get(b)))
    }

    /// Kind and the first 15 bytes as a number, in the order of keys: spares most comparisons of texts.
    pub fn prefix(&self, key: u32) -> u128 {
        let kind = self.kind(key);
        let mut start = [0; 16];
        start[0] = kind as u8;
        // A source's own ids are ordered by source first, which a prefix of the text would not know.
        if kind != KeyKind::Source {
            start[1..].iter_mut().zip(self.text(key).bytes()).for_each(|(to, byte)| *to = byte);
        }
        u128::from_be_bytes(start)
    }

    fn push(&mut self, kind: KeyKind, source: u32, text: &str) -> u32 {
        let key = self.kinds.len() as u32;
        self.kinds.push(kind);
        self.sources.push(source);
        self.texts.push(text);
        key
    }
}

/// What the join needs of one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// By kind; `NO_KEY` where the row has none.
    pub keys: [u32; KINDS],
    pub name: u32,
    pub source: u32,
}

impl Row {
    pub fn key(&self, kind: KeyKind) -> u32 {
        self.keys[kind as usize]
    }

    /// The keys that the row has, whatever they are worth.
    pub fn present(&self) -> impl Iterator<Item = u32> {
        self.keys.into_iter().filter(|&key| key != NO_KEY)
    }
}

/// Numbers keys while tables are read; finds them by text.
#[derive(Default)]
pub(super) struct Index<'a> {
    pub keys: Keys,
    /// By kind: the dictionaries read so far, with the key number of each code.
    read: [Vec<(&'a Words, Vec<u32>)>; KINDS],
    own: FxHashMap<(u32, &'a str), u32>,
    /// Keys that stand in the alias file only.
    extra: FxHashMap<(KeyKind, String), u32>,
    sources: FxHashMap<&'a str, u32>,
    names: FxHashMap<String, u32>,
}

impl<'a> Index<'a> {
    /// The rows of one table, as key numbers.
    pub fn add(&mut self, table: &'a Table) -> Vec<Row> {
        let source = self.source("");
        let mut rows = vec![Row { keys: [NO_KEY; KINDS], name: NO_NAME, source }; table.rows()];
        if let Some((codes, words)) = table.words("source") {
            let numbers: Vec<u32> = words.iter().map(|name| self.source(name)).collect();
            fill(&mut rows, codes, &numbers, |row, source| row.source = source);
        }
        for kind in KeyKind::ALL {
            let Some((codes, words)) = table.words(kind.column()) else { continue };
            if kind == KeyKind::Source {
                self.add_own(&mut rows, codes, words);
            } else {
                let numbers = self.number(kind, words);
                fill(&mut rows, codes, &numbers, |row, key| row.keys[kind as usize] = key);
                self.read[kind as usize].push((words, numbers));
            }
        }
        if let Some((codes, words)) = table.words("customer_name") {
            let numbers: Vec<u32> = words.iter().map(|name| self.name(name)).collect();
            fill(&mut rows, codes, &numbers, |row, name| row.name = name);
        }
        rows
    }

    /// The key numbers of a dictionary. Words are distinct within one, so only earlier ones are asked.
    fn number(&mut self, kind: KeyKind, words: &Words) -> Vec<u32> {
        words.iter().map(|text| self.find_word(kind, text).unwrap_or_else(|| self.keys.push(kind, 0, text))).collect()
    }

    fn find_word(&self, kind: KeyKind, text: &str) -> Option<u32> {
        let mut dictionaries = self.read[kind as usize].iter();
        dictionaries.find_map(|(words, numbers)| words.find(text).map(|code| numbers[code as usize]))
    }

    /// A source's own ids: the same word is another key in another source. Most words occur in one source
    /// only, so the source and key last seen for a word spare nearly every look-up.
    fn add_own(&mut self, rows: &mut [Row], codes: &[u32], words: &'a Words) {
        let mut last = vec![(u32::MAX, NO_KEY); words.len()];
        for (row, &code) in rows.iter_mut().zip(codes) {
            let Some(last) = last.get_mut(code as usize) else { continue };
            if last.0 != row.source {
                let text = words.text(code).unwrap_or_default();
                let keys = &mut self.keys;
                let key =
                    *self.own.entry((row.source, text)).or_insert_with(|| keys.push(KeyKind::Source, row.source, text));
                *last = (row.source, key);
            }
            row.keys[KeyKind::Source as usize] = last.1;
        }
    }

    fn source(&mut self, name: &'a str) -> u32 {
        let names = &mut self.keys.source_names;
        *self.sources.entry(name).or_insert_with(|| {
            names.push(name.to_owned());
            names.len() as u32 - 1
        })
    }

    fn name(&mut self, name: &str) -> u32 {
        let name = name.trim().to_lowercase();
        if super::rules::is_placeholder(&name) {
            return NO_NAME;
        }
        let next = self.names.len() as u32;
        *self.names.entry(name).or_insert(next)
    }

    /// A key by kind and text, made if no table has it; not for sources' own ids.
    pub fn find_or_add(&mut self, kind: KeyKind, text: &str) -> u32 {
        if let Some(key) = self.find_word(kind, text) {
            return key;
        }
        let keys = &mut self.keys;
        *self.extra.entry((kind, text.to_owned())).or_insert_with(|| keys.push(kind, 0, text))
    }

    /// A CRM id or an external id that some table has.
    pub fn find_id(&self, text: &str) -> Option<u32> {
        [KeyKind::Crm, KeyKind::External].into_iter().find_map(|kind| self.find_word(kind, text))
    }

    /// All sources' own ids, by `source:id` and by the bare id where only one source has it.
    pub fn own_ids(&self) -> FxHashMap<String, u32> {
        let mut by_text: FxHashMap<String, u32> = FxHashMap::default();
        for (&(_, id), &key) in &self.own {
            by_text.entry(id.to_owned()).and_modify(|known| *known = NO_KEY).or_insert(key);
        }
        by_text.retain(|_, key| *key != NO_KEY);
        by_text.extend(self.own.values().map(|&key| (self.keys.get(key).to_string(), key)));
        by_text
    }
}

/// Put the number of each row's word in place.
fn fill(rows: &mut [Row], codes: &[u32], numbers: &[u32], put: impl Fn(&mut Row, u32)) {
    for (row, &code) in rows.iter_mut().zip(codes) {
        if code != NO_WORD {
            put(row, numbers[code as usize]);
        }
    }
}
