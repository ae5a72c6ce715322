//! Texts with few distinct values, and keys: a dictionary that gives each a code.
//!
//! The texts stand in one buffer, and a text is hashed once in its life: growth and the merging of dictionaries
//! go by the hashes that are kept.

use super::texts::Arena;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// No word, no text: the code of an empty cell.
pub const NO_WORD: u32 = u32::MAX;

/// So many are looked up one after the other before any is compared: what one has to wait for from memory is then on
/// its way for the next ones too.
pub const TOGETHER: usize = 512;

/// Distinct texts and their codes, in order of first appearance.
#[derive(Debug, Clone, Default)]
pub struct Words {
    texts: Arena,
    /// Hash and code of each.
    table: HashTable<(u32, u32)>,
}

/// How many words there are, and how long they are together.
#[derive(Debug, Clone, Copy, Default)]
pub struct Room {
    words: usize,
    bytes: usize,
}

/// The hash by which dictionaries find a text.
pub fn hash(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}

/// The table looks at the first bits and at the last ones.
pub fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

impl Words {
    /// No words yet, with room for as many as another dictionary has.
    pub fn with_room(room: Room) -> Self {
        Self { texts: Arena::with_room(room.bytes), table: HashTable::with_capacity(room.words) }
    }

    /// The room that these words take.
    pub fn room(&self) -> Room {
        Room { words: self.len(), bytes: self.texts.bytes() }
    }

    /// The code of a text, made if it is new. Empty text has none.
    pub fn code(&mut self, text: &str) -> u32 {
        if text.is_empty() { NO_WORD } else { self.code_hashed(hash(text), text) }
    }

    fn code_hashed(&mut self, hash: u32, text: &str) -> u32 {
        let Self { texts, table } = self;
        let is_same = |&(other, code): &(u32, u32)| other == hash && texts.get(code as usize) == text;
        match table.entry(spread(hash), is_same, |&(hash, _)| spread(hash)) {
            Entry::Occupied(known) => known.get().1,
            Entry::Vacant(place) => {
                let code = u32::try_from(texts.len()).unwrap_or(NO_WORD);
                if code != NO_WORD {
                    place.insert((hash, code));
                    texts.push(text);
                }
                code
            }
        }
    }

    /// The code of a text that is there.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.find_hashed(hash(text), text)
    }

    /// The same, where the hash is known.
    pub fn find_hashed(&self, hash: u32, text: &str) -> Option<u32> {
        let is_same = |&(other, code): &(u32, u32)| other == hash && self.texts.get(code as usize) == text;
        self.table.find(spread(hash), is_same).map(|&(_, code)| code)
    }

    /// The text of a code.
    pub fn text(&self, code: u32) -> Option<&str> {
        ((code as usize) < self.len()).then(|| self.texts.get(code as usize))
    }

    /// How many distinct texts there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// All texts, by code.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter()
    }

    /// All hashes, by code.
    pub fn hashes(&self) -> Vec<u32> {
        let mut hashes = vec![0; self.len()];
        self.table.iter().for_each(|&(hash, code)| hashes[code as usize] = hash);
        hashes
    }

    /// Add all words of another dictionary; the codes that they have here, by their codes there.
    pub fn merge(&mut self, more: &Self) -> Vec<u32> {
        let hashes = more.hashes();
        let mut codes = self.codes_of(more, &hashes);
        for ((code, text), hash) in codes.iter_mut().zip(more.iter()).zip(hashes) {
            if *code == NO_WORD {
                *code = self.add(hash, text);
            }
        }
        codes
    }

    /// The codes that the words of another dictionary have here, by their codes there; `NO_WORD` where they have none.
    pub fn codes_of(&self, other: &Self, hashes: &[u32]) -> Vec<u32> {
        let mut codes = Vec::with_capacity(other.len());
        let mut texts = other.iter();
        for hashes in hashes.chunks(TOGETHER) {
            let firsts: Vec<Option<u32>> = hashes.iter().map(|&hash| self.first(hash)).collect();
            for ((first, &hash), text) in firsts.into_iter().zip(hashes).zip(texts.by_ref()) {
                let found = first.and_then(|first| match self.texts.get(first as usize) == text {
                    true => Some(first),
                    false => self.find_hashed(hash, text),
                });
                codes.push(found.unwrap_or(NO_WORD));
            }
        }
        codes
    }

    /// The first text of a hash, which nearly always is the one that is looked for.
    fn first(&self, hash: u32) -> Option<u32> {
        self.table.find(spread(hash), |&(other, _)| other == hash).map(|&(_, code)| code)
    }

    /// Add a text that is not there.
    fn add(&mut self, hash: u32, text: &str) -> u32 {
        let code = u32::try_from(self.texts.len()).unwrap_or(NO_WORD);
        if code != NO_WORD {
            self.table.insert_unique(spread(hash), (hash, code), |&(hash, _)| spread(hash));
            self.texts.push(text);
        }
        code
    }

    /// The bytes that the dictionary takes.
    pub fn bytes(&self) -> usize {
        self.texts.bytes() + self.table.capacity() * (size_of::<(u32, u32)>() + 1)
    }
}
