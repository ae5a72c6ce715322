//! What is true or false of each row, a bit a row.

use std::ops::Index;

/// Bits in a word.
const WORD: usize = u64::BITS as usize;

/// A bit a row; all false at first.
#[derive(Debug, Clone, Default)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// So many that are false.
    pub fn none(rows: usize) -> Self {
        Self(vec![0; rows.div_ceil(WORD)])
    }

    /// The bytes that they take.
    pub fn bytes(&self) -> usize {
        self.0.len() * size_of::<u64>()
    }

    /// Of each value whether it is so.
    pub fn of<T: Copy>(values: &[T], is: impl Fn(T) -> bool) -> Self {
        let word = |values: &[T]| values.iter().rev().fold(0, |word, &value| word << 1 | u64::from(is(value)));
        Self(values.chunks(WORD).map(word).collect())
    }

    /// Whether some row is true here and there.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(own, other)| own & other != 0)
    }

    #[inline]
    pub fn set(&mut self, row: usize, is: bool) {
        let bit = 1 << (row % WORD);
        let word = &mut self.0[row / WORD];
        *word = if is { *word | bit } else { *word & !bit };
    }
}

impl Index<usize> for Bits {
    type Output = bool;

    #[inline]
    fn index(&self, row: usize) -> &bool {
        if self.0[row / WORD] >> (row % WORD) & 1 == 1 { &true } else { &false }
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(rows: I) -> Self {
        let (mut bits, mut word, mut at) = (Vec::new(), 0, 0);
        rows.into_iter().for_each(|is| {
            word |= u64::from(is) << at;
            at += 1;
            if at == WORD {
                bits.push(word);
                (word, at) = (0, 0);
            }
        });
        bits.extend((at > 0).then_some(word));
        Self(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bits_are_what_they_were_set_to(rows in prop::collection::vec(any::<bool>(), 1..200), at in 0..200usize) {
            let mut bits: Bits = rows.iter().copied().collect();
            let at = at % rows.len();
            bits.set(at, !rows[at]);
            for (row, is) in rows.iter().enumerate() {
                prop_assert_eq!(bits[row], *is != (row == at));
            }
            let (other, mut alone) = (Bits::of(&rows, |is| !is), Bits::none(rows.len()));
            alone.set(at, true);
            prop_assert_eq!((bits.meets(&other), bits.meets(&alone), other.meets(&alone)), (!rows[at], !rows[at], !rows[at]));
        }
    }
}
