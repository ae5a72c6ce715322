//! Keys and their numbers: every distinct key of all tables becomes one dense `u32`.
//!
//! Words are mapped to numbers once per dictionary, so that everything after this file touches integers
//! only. Which keys are unusable is `quarantine.rs`, what they join is `union.rs`. A new kind of key is a
//! variant of `KeyKind` with its column; the rest follows from `is_strong`.

use super::rows::{Distinct, Row};
use crate::columns::{Arena, NO_WORD, Slots, Table, Words, hash};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

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

/// All distinct keys by number. Their texts stay in the dictionaries that they were met in first.
#[derive(Debug, Default)]
pub(super) struct Keys {
    dictionaries: Vec<(KeyKind, Arc<Words>)>,
    /// By key: its dictionary, and its code there.
    dictionary: Vec<u8>,
    code: Vec<u32>,
    /// Number of the source; 0 for all but a source's own ids.
    sources: Vec<u32>,
    source_names: Vec<String>,
    /// What keys are called instead of their texts, if anything.
    reworded: Option<Arena>,
}

impl Keys {
    pub fn len(&self) -> usize {
        self.code.len()
    }

    pub fn kind(&self, key: u32) -> KeyKind {
        self.dictionaries[usize::from(self.dictionary[key as usize])].0
    }

    pub fn text(&self, key: u32) -> &str {
        if let Some(reworded) = &self.reworded {
            return reworded.get(key as usize);
        }
        self.word((self.dictionary[key as usize], self.code[key as usize]))
    }

    fn words(&self, dictionary: u8) -> &Words {
        &self.dictionaries[usize::from(dictionary)].1
    }

    fn word(&self, (dictionary, code): (u8, u32)) -> &str {
        self.words(dictionary).text(code).unwrap_or_default()
    }

    /// Whether a key is such a word.
    fn is(&self, key: u32, word: (u8, u32)) -> bool {
        let own = (self.dictionary[key as usize], self.code[key as usize]);
        own == word || own.0 != word.0 && self.word(own) == self.word(word)
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

    /// Say another text for each key; their numbers stay.
    pub fn reword(&mut self, other: impl Fn(&str) -> String) {
        let mut texts = Arena::default();
        (0..self.len() as u32).for_each(|key| texts.push(&other(self.text(key))));
        self.reworded = Some(texts);
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

    /// Add a word of a dictionary.
    fn push(&mut self, (dictionary, code): (u8, u32), source: u32) -> u32 {
        let key = self.len() as u32;
        self.dictionary.push(dictionary);
        self.code.push(code);
        self.sources.push(source);
        key
    }

    /// Add a word that none of the dictionaries has; nothing for an empty one.
    fn add_word(&mut self, dictionary: u8, text: &str) -> Option<u32> {
        let words = Arc::make_mut(&mut self.dictionaries[usize::from(dictionary)].1);
        Some(words.code(text)).filter(|&code| code != NO_WORD)
    }

    /// Add a dictionary of keys of a kind: one a table and kind, and one a kind of what only the alias file has.
    fn dictionary(&mut self, kind: KeyKind, words: Arc<Words>) -> u8 {
        self.dictionaries.push((kind, words));
        (self.dictionaries.len() - 1) as u8
    }
}

/// Numbers keys while tables are read; finds them by text.
#[derive(Default)]
pub(super) struct Index<'a> {
    pub keys: Keys,
    /// The rows of all tables, equal ones of a table once.
    pub rows: Vec<Row>,
    /// By kind: the dictionaries read so far, with the key number of each code.
    read: [Vec<(u8, Arc<Vec<u32>>)>; KINDS],
    /// Which of them has what stands in the alias file only.
    extra: [Option<usize>; KINDS],
    /// The sources' own ids.
    own: Slots,
    sources: FxHashMap<&'a str, u32>,
    names: Words,
}

/// What a table's words are to the join, by their codes.
struct Meanings {
    /// Of no use for sources' own ids.
    keys: [Arc<Vec<u32>>; KINDS],
    /// The dictionary of the sources' own ids, and their hashes.
    own: Option<(u8, Vec<u32>)>,
    names: Vec<u32>,
    sources: Vec<u32>,
    /// The source of rows that name none.
    nameless: u32,
}

impl Meanings {
    /// Numbers in the place of codes, but for sources' own ids: these are numbered as they are met.
    fn give_numbers(&self, row: &mut Row) {
        let meaning = |numbers: &[u32], code: u32| numbers.get(code as usize).copied();
        row.source = meaning(&self.sources, row.source).unwrap_or(self.nameless);
        row.name = meaning(&self.names, row.name).unwrap_or(NO_NAME);
        for kind in KeyKind::ALL.into_iter().filter(|&kind| kind != KeyKind::Source) {
            let key = &mut row.keys[kind as usize];
            *key = meaning(&self.keys[kind as usize], *key).unwrap_or(NO_KEY);
        }
    }
}

impl<'a> Index<'a> {
    /// The keys and the rows, now that nothing more is looked for.
    pub fn into_numbered(self) -> (Keys, Vec<Row>) {
        (self.keys, self.rows)
    }

    /// Add the rows of one table; where each is among `rows`.
    pub fn add(&mut self, table: &'a Table, distinct: Distinct) -> Vec<u32> {
        let meanings = self.meanings(table);
        let Distinct { mut rows, mut places, .. } = distinct;
        let before = self.rows.len() as u32;
        places.iter_mut().for_each(|place| *place += before);
        rows.par_iter_mut().for_each(|row| meanings.give_numbers(row));
        if let Some((dictionary, hashes)) = &meanings.own {
            for row in &mut rows {
                let own = &mut row.keys[KeyKind::Source as usize];
                *own =
                    hashes.get(*own as usize).map_or(NO_KEY, |&hash| self.own(row.source, (*dictionary, *own), hash));
            }
        }
        self.rows.append(&mut rows);
        places
    }

    fn meanings(&mut self, table: &'a Table) -> Meanings {
        let all = |name: &str| table.words(name).into_iter().flat_map(|(_, words)| words.iter());
        // To look keys up takes long, and one kind has nothing to do with another.
        let known = KeyKind::ALL.into_par_iter().map(|kind| match table.dictionary(kind.column()) {
            Some(words) if kind != KeyKind::Source => Some((kind, self.known(kind, &words), words)),
            _ => None,
        });
        let mut keys: [Arc<Vec<u32>>; KINDS] = Default::default();
        for (kind, known, words) in known.collect::<Vec<_>>().into_iter().flatten() {
            keys[kind as usize] = self.number(kind, known, words);
        }
        Meanings {
            nameless: self.source(""),
            sources: all("source").map(|name| self.source(name)).collect(),
            keys,
            own: table.dictionary(KeyKind::Source.column()).map(|words| {
                let hashes = words.hashes();
                (self.keys.dictionary(KeyKind::Source, words), hashes)
            }),
            names: all("customer_name").map(|name| self.name(name)).collect(),
        }
    }

    /// The key numbers that words of a dictionary have already. They are distinct within it, so only earlier ones are asked.
    fn known(&self, kind: KeyKind, words: &Words) -> Vec<u32> {
        let mut numbers = vec![NO_KEY; words.len()];
        let hashes = words.hashes();
        let mut unknown: Vec<u32> = (0..words.len() as u32).collect();
        for (earlier, known) in &self.read[kind as usize] {
            let codes = self.keys.words(*earlier).codes_of(&unknown, words, &hashes);
            for (&word, code) in unknown.iter().zip(codes) {
                numbers[word as usize] = known.get(code as usize).copied().unwrap_or(NO_KEY);
            }
            unknown.retain(|&word| numbers[word as usize] == NO_KEY);
        }
        numbers
    }

    /// Number the others, too.
    fn number(&mut self, kind: KeyKind, mut numbers: Vec<u32>, words: Arc<Words>) -> Arc<Vec<u32>> {
        let dictionary = self.keys.dictionary(kind, words);
        for (code, number) in (0..).zip(&mut numbers).filter(|(_, number)| **number == NO_KEY) {
            *number = self.keys.push((dictionary, code), 0);
        }
        let numbers = Arc::new(numbers);
        self.read[kind as usize].push((dictionary, Arc::clone(&numbers)));
        numbers
    }

    fn find_word(&self, kind: KeyKind, text: &str, hash: u32) -> Option<u32> {
        self.read[kind as usize].iter().find_map(|(dictionary, numbers)| {
            let code = self.keys.words(*dictionary).find_hashed(hash, text)?;
            numbers.get(code as usize).copied()
        })
    }

    /// A source's own id: the same word is another key in another source.
    fn own(&mut self, source: u32, word: (u8, u32), hash: u32) -> u32 {
        let keys = &mut self.keys;
        let hash = hash ^ source.wrapping_mul(0x9e37_79b9);
        let is_same = |key: u32| keys.sources[key as usize] == source && keys.is(key, word);
        self.own.find(hash, is_same).unwrap_or_else(|| {
            let key = keys.push(word, source);
            self.own.insert(hash, key);
            key
        })
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
        if super::rules::is_placeholder(&name) { NO_NAME } else { self.names.code(&name) }
    }

    /// A key by kind and text, made if no table has it; not for sources' own ids.
    pub fn find_or_add(&mut self, kind: KeyKind, text: &str) -> Option<u32> {
        if let Some(key) = self.find_word(kind, text, hash(text)) {
            return Some(key);
        }
        let read = &mut self.read[kind as usize];
        let place = *self.extra[kind as usize].get_or_insert_with(|| {
            read.push((self.keys.dictionary(kind, Arc::default()), Arc::default()));
            read.len() - 1
        });
        let (dictionary, numbers) = &mut read[place];
        let code = self.keys.add_word(*dictionary, text)?;
        let key = self.keys.push((*dictionary, code), 0);
        Arc::make_mut(numbers).push(key);
        Some(key)
    }

    /// A CRM id or an external id that some table has.
    pub fn find_id(&self, text: &str) -> Option<u32> {
        [KeyKind::Crm, KeyKind::External].into_iter().find_map(|kind| self.find_word(kind, text, hash(text)))
    }

    /// All sources' own ids, by `source:id` and by the bare id where only one source has it.
    pub fn own_ids(&self) -> FxHashMap<String, u32> {
        let own = || self.keys.all().filter(|(_, key)| key.kind == KeyKind::Source);
        let mut by_text: FxHashMap<String, u32> = FxHashMap::default();
        for (number, key) in own() {
            by_text.entry(key.text.to_owned()).and_modify(|known| *known = NO_KEY).or_insert(number);
        }
        by_text.retain(|_, key| *key != NO_KEY);
        by_text.extend(own().map(|(number, key)| (key.to_string(), number)));
        by_text
    }
}
