//! Texts with few distinct values, and keys: a dictionary that gives each a code.
//!
//! The texts stand in one buffer, and a text is hashed once in its life: growth and the merging of dictionaries
//! go by the hashes that are kept. What a piece of a file holds comes from `heard.rs`.

use super::arena::Arena;
use super::heard::Heard;
use super::slots::Slots;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// No word, no text: the code of an empty cell.
pub const NO_WORD: u32 = u32::MAX;

/// So many are looked up one after the other before any is compared: what one has to wait for from memory is then on
/// its way for the next ones too.
pub const TOGETHER: usize = 256;

/// Distinct texts and their codes, in order of first appearance.
#[derive(Debug, Clone, Default)]
pub struct Words {
    texts: Arena,
    slots: Slots,
}

/// The hash by which dictionaries find a text.
pub fn hash(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    (hash ^ hash >> 32) as u32
}

impl Words {
    /// The code of a text, made if it is new. Empty text has none.
    pub fn code(&mut self, text: &str) -> u32 {
        if text.is_empty() { NO_WORD } else { self.code_hashed(hash(text), text) }
    }

    fn code_hashed(&mut self, hash: u32, text: &str) -> u32 {
        if let Some(code) = self.find_hashed(hash, text) {
            return code;
        }
        let code = u32::try_from(self.len()).unwrap_or(NO_WORD);
        if code != NO_WORD {
            self.slots.insert(hash, code);
            self.texts.push(text);
        }
        code
    }

    /// The code of a text that is there.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.find_hashed(hash(text), text)
    }

    /// The same, where the hash is known.
    pub fn find_hashed(&self, hash: u32, text: &str) -> Option<u32> {
        self.slots.find(hash, |code| self.texts.is(code as usize, text))
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
        self.slots.iter().for_each(|(hash, code)| hashes[code as usize] = hash);
        hashes
    }

    /// Add all words of another dictionary; the codes that they have here, by their codes there.
    pub fn merge(&mut self, more: &Self) -> Vec<u32> {
        self.codes(&more.texts, &more.hashes())
    }

    /// Add all words that were heard; the codes that they have here, by their codes there.
    pub fn learn(&mut self, heard: &Heard) -> Vec<u32> {
        self.codes(heard.texts(), heard.hashes())
    }

    /// The codes of texts, made for those that are new.
    fn codes(&mut self, texts: &Arena, hashes: &[u32]) -> Vec<u32> {
        let mut codes = Vec::with_capacity(hashes.len());
        for (hashes, from) in hashes.chunks(TOGETHER).zip((0..).step_by(TOGETHER)) {
            let places: Vec<u32> = (from..).take(hashes.len()).collect();
            let found = self.look_up(texts, &places, hashes);
            for ((code, at), &hash) in found.into_iter().zip(places).zip(hashes) {
                let text = || texts.get(at as usize);
                codes.push(if code == NO_WORD { self.code_hashed(hash, text()) } else { code });
            }
        }
        codes
    }

    /// The codes that some words of another dictionary have here, where all of that have these hashes; `NO_WORD` for
    /// those that are not here.
    pub fn codes_of(&self, some: &[u32], other: &Self, hashes: &[u32]) -> Vec<u32> {
        let look_up = |some: &[u32]| {
            let hashes: Vec<u32> = some.iter().map(|&code| hashes[code as usize]).collect();
            self.look_up(&other.texts, some, &hashes)
        };
        some.chunks(TOGETHER).flat_map(look_up).collect()
    }

    /// The codes that the texts at these places have here, if they have any.
    fn look_up(&self, texts: &Arena, places: &[u32], hashes: &[u32]) -> Vec<u32> {
        // The first of a hash nearly always is the one that is looked for.
        let mut codes = self.slots.firsts(hashes);
        let are_same = self.texts.are_same(&codes, texts, places);
        for (((code, is_same), &at), &hash) in codes.iter_mut().zip(are_same).zip(places).zip(hashes) {
            if !is_same && *code != NO_WORD {
                *code = self.find_hashed(hash, texts.get(at as usize)).unwrap_or(NO_WORD);
            }
        }
        codes
    }

    /// The bytes that the dictionary takes.
    pub fn bytes(&self) -> usize {
        self.texts.bytes() + self.slots.bytes()
    }
}
