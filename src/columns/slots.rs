//! Where something stands, by the hash of what it is: hashes and places side by side in one row of slots.
//!
//! What it is that stands there is not known here; whoever asks compares. A hash looks for its slot as far along the
//! row as it is along all hashes, and from there on: rows grow from one end to the other, and what is looked up is read
//! from one place.

/// Nothing stands here.
const FREE: u64 = u64::MAX;
/// No place.
pub const NO_PLACE: u32 = u32::MAX;
/// The first slots.
const LEAST: usize = 4;

/// Hashes and places.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    slots: Vec<u64>,
    len: usize,
}

impl Slots {
    /// The first place of this hash that is the right one.
    #[inline]
    pub fn find(&self, hash: u32, mut is_right: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.start(hash);
        while let Some(&slot) = self.slots.get(at)
            && slot != FREE
        {
            let (other, place) = parts(slot);
            if other == hash && is_right(place) {
                return Some(place);
            }
            at = self.next(at);
        }
        None
    }

    /// The first place of each hash, or `NO_PLACE`. All slots are asked for before any is looked at: what one has to wait
    /// for from memory is then on its way for the next ones too.
    pub fn firsts(&self, hashes: &[u32]) -> Vec<u32> {
        let slots: Vec<u64> =
            hashes.iter().map(|&hash| self.slots.get(self.start(hash)).copied().unwrap_or(FREE)).collect();
        let first = |(slot, &hash)| match parts(slot) {
            (_, place) if slot == FREE => place,
            (other, place) if other == hash => place,
            _ => self.find(hash, |_| true).unwrap_or(NO_PLACE),
        };
        slots.into_iter().zip(hashes).map(first).collect()
    }

    /// Add a place; it is another one than all of this hash.
    pub fn insert(&mut self, hash: u32, place: u32) {
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            let wider = vec![FREE; (self.slots.len() * 2).max(LEAST)];
            let slots = std::mem::replace(&mut self.slots, wider);
            slots.into_iter().filter(|&slot| slot != FREE).for_each(|slot| self.put(slot));
        }
        self.put(u64::from(hash) << 32 | u64::from(place));
        self.len += 1;
    }

    /// All hashes with their places.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        self.slots.iter().filter(|&&slot| slot != FREE).map(|&slot| parts(slot))
    }

    /// The bytes that the slots take.
    pub fn bytes(&self) -> usize {
        size_of_val(self.slots.as_slice())
    }

    fn put(&mut self, slot: u64) {
        let mut at = self.start(parts(slot).0);
        while self.slots[at] != FREE {
            at = self.next(at);
        }
        self.slots[at] = slot;
    }

    fn start(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.slots.len() as u64) >> 32) as usize
    }

    fn next(&self, at: usize) -> usize {
        if at + 1 == self.slots.len() { 0 } else { at + 1 }
    }
}

/// Hash and place.
const fn parts(slot: u64) -> (u32, u32) {
    ((slot >> 32) as u32, slot as u32)
}
