//! What a short text came to the last time it was met.
//!
//! Most columns of an export hold a handful of words, in every row again. A few slots, each for the last text that
//! fell into it, spare nearly all of the work on them; a text that is not found is worked out anew.

/// How many slots there are; a power of two.
const SLOTS: usize = 64;
/// Longer texts are not kept.
const LONGEST: usize = 23;

/// A short text as numbers, with its length in the last byte.
type Key = [u64; 3];

/// Texts and what they came to.
#[derive(Debug, Clone)]
pub struct Memo<V> {
    slots: Box<[Option<(Key, V)>]>,
}

impl<V: Copy> Default for Memo<V> {
    fn default() -> Self {
        Self { slots: vec![None; SLOTS].into() }
    }
}

impl<V: Copy> Memo<V> {
    /// What a text came to, if it is remembered.
    #[inline]
    pub fn find(&self, text: &str) -> Option<V> {
        let key = key(text)?;
        self.slots[slot(key)].filter(|(known, _)| is_same(*known, key)).map(|(_, value)| value)
    }

    /// Remember what a text came to.
    pub fn keep(&mut self, text: &str, value: V) {
        if let Some(key) = key(text) {
            self.slots[slot(key)] = Some((key, value));
        }
    }
}

/// Loads of eight bytes that may overlap; together with the length they say all of the text.
#[inline]
fn key(text: &str) -> Option<Key> {
    let bytes = text.as_bytes();
    let length = bytes.len() as u64;
    let mark = length << 56;
    Some(match bytes.len() {
        0 => [0, 0, mark],
        1..4 => {
            let middle = bytes[bytes.len() / 2];
            [u64::from_le_bytes([bytes[0], middle, bytes[bytes.len() - 1], 0, 0, 0, 0, 0]), 0, mark]
        }
        4..8 => [four(bytes.first_chunk()?) | four(bytes.last_chunk()?) << 32, 0, mark],
        8..=16 => [eight(bytes.first_chunk()?), eight(bytes.last_chunk()?), mark],
        17..=LONGEST => {
            // The last bytes of the middle are the first of the end; only seven are left to say.
            let end = eight(bytes.last_chunk()?);
            [eight(bytes.first_chunk()?), eight(bytes[8..].first_chunk()?), mark | end >> 8]
        }
        _ => return None,
    })
}

/// Number by number: what has just been put together is not yet there to be compared as a whole.
#[inline]
const fn is_same([a, b, c]: Key, [x, y, z]: Key) -> bool {
    (a ^ x) | (b ^ y) | (c ^ z) == 0
}

#[inline]
fn four(bytes: &[u8; 4]) -> u64 {
    u64::from(u32::from_le_bytes(*bytes))
}

#[inline]
fn eight(bytes: &[u8; 8]) -> u64 {
    u64::from_le_bytes(*bytes)
}

/// Mixed by a multiplication whose high bits depend on all of the text.
#[inline]
fn slot([a, b, c]: Key) -> usize {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (a ^ b.rotate_left(23) ^ c.rotate_left(47)).wrapping_mul(ODD);
    usize::try_from(mixed >> 58).unwrap_or(0) % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_remembered_is_what_was_kept(texts in prop::collection::vec("[ab\0é]{0,30}", 0..200)) {
            let mut memo = Memo::default();
            let mut kept = std::collections::HashMap::new();
            for (nth, text) in texts.iter().enumerate() {
                let found = memo.find(text);
                prop_assert!(found.is_none() || found == kept.get(text).copied());
                memo.keep(text, nth);
                kept.insert(text, nth);
                prop_assert_eq!(memo.find(text), (text.len() <= LONGEST).then_some(nth));
            }
        }
    }
}
