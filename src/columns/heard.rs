//! Words of a piece of a file, in the order in which they come: most are not told apart before they meet the
//! dictionary of the whole file, which knows far more of them.

use super::arena::Arena;
use super::words::{NO_WORD, hash};

/// How many are remembered; a power of two.
const RECENT: usize = 64;

/// Texts with their hashes. One that came just before is not kept again; one that came long ago is.
#[derive(Debug)]
pub struct Heard {
    texts: Arena,
    hashes: Vec<u32>,
    /// Where the last one of some hashes stands.
    recent: [u32; RECENT],
}

/// How many there are, and how long they are together.
#[derive(Debug, Clone, Copy, Default)]
pub struct Room {
    words: usize,
    bytes: usize,
}

impl Heard {
    /// Nothing yet, with room for as much as was heard elsewhere.
    pub fn with_room(room: Room) -> Self {
        Self {
            texts: Arena::with_room(room.words, room.bytes),
            hashes: Vec::with_capacity(room.words),
            recent: [NO_WORD; RECENT],
        }
    }

    /// The room that these take, and a little more: as much is not heard everywhere.
    pub fn room(&self) -> Room {
        let more = |n: usize| n + n / 8;
        Room { words: more(self.hashes.len()), bytes: more(self.texts.bytes()) }
    }

    /// The code of a text. Empty text has none.
    pub fn code(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return NO_WORD;
        }
        let hash = hash(text);
        let recent = &mut self.recent[hash as usize % RECENT];
        let at = *recent as usize;
        if self.hashes.get(at) == Some(&hash) && self.texts.is(at, text) {
            return *recent;
        }
        *recent = u32::try_from(self.hashes.len()).unwrap_or(NO_WORD);
        self.hashes.push(hash);
        self.texts.push(text);
        *recent
    }

    /// All texts, by code.
    pub fn texts(&self) -> &Arena {
        &self.texts
    }

    /// All hashes, by code.
    pub fn hashes(&self) -> &[u32] {
        &self.hashes
    }
}
