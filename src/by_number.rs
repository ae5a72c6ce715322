//! Places by the number of what stands there: rows by customer, keys by customer, events by interaction, rows by group.
//!
//! Found by counting, so nothing is compared, and places of one number stay as they stand. What a number means is known to
//! those who ask; orders that need comparing are in `radix.rs`.

use std::ops::Range;

/// What stands there has no number.
const NO_NUMBER: u32 = u32::MAX;

/// Places that have a number, by that.
#[derive(Debug, Default)]
pub struct ByNumber {
    /// Where the places of each number begin; one more at the end.
    bounds: Vec<u32>,
    places: Vec<u32>,
}

impl ByNumber {
    /// From the number at each place; `u32::MAX` is none.
    pub fn new(numbers: impl Iterator<Item = u32> + Clone) -> Self {
        Self::of_many(numbers, 0)
    }

    /// The same of so many numbers at least, though there may be no place of the last ones.
    pub fn of_many(numbers: impl Iterator<Item = u32> + Clone, least: usize) -> Self {
        let known = || numbers.clone().filter(|&number| number != NO_NUMBER);
        let count = known().max().map_or(0, |last| last as usize + 1).max(least);
        let mut bounds = vec![0u32; count + 1];
        known().for_each(|number| bounds[number as usize + 1] += 1);
        for nth in 1..bounds.len() {
            bounds[nth] += bounds[nth - 1];
        }
        let mut places = vec![0; bounds[count] as usize];
        let mut next = bounds.clone();
        for (place, number) in (0..).zip(numbers).filter(|(_, number)| *number != NO_NUMBER) {
            let next = &mut next[number as usize];
            places[*next as usize] = place;
            *next += 1;
        }
        Self { bounds, places }
    }

    /// The places of one number.
    pub fn of(&self, number: u32) -> &[u32] {
        self.places.get(self.range(number)).unwrap_or_default()
    }

    /// Each number with its places.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[u32])> {
        (0..self.count()).map(|number| (number, self.of(number)))
    }

    /// Where those of one number stand among all.
    pub fn range(&self, number: u32) -> Range<usize> {
        let bound = |nth: usize| self.bounds.get(nth).map_or(self.places.len(), |&at| at as usize);
        bound(number as usize)..bound(number as usize + 1)
    }

    /// One more than the greatest number.
    pub fn count(&self) -> u32 {
        u32::try_from(self.bounds.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The bytes that it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(self.bounds.as_slice()) + size_of_val(self.places.as_slice())
    }

    /// Where the places of each number begin, and one more at the end; and all places.
    pub fn into_parts(self) -> (Vec<u32>, Vec<u32>) {
        (self.bounds, self.places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_number_has_its_places(
            numbers in prop::collection::vec(prop_oneof![4 => 0..9u32, 1 => Just(NO_NUMBER)], 0..60),
            least in 0..12usize,
        ) {
            let by_number = ByNumber::of_many(numbers.iter().copied(), least);
            let greatest = numbers.iter().filter(|&&number| number != NO_NUMBER).max().map_or(0, |last| last + 1);
            prop_assert_eq!(by_number.count() as usize, least.max(greatest as usize));
            for number in 0..15 {
                let own: Vec<u32> = (0..).zip(&numbers).filter(|(_, own)| **own == number).map(|(at, _)| at).collect();
                prop_assert_eq!(by_number.of(number), &own[..]);
            }
            let known = numbers.iter().filter(|&&number| number != NO_NUMBER).count();
            prop_assert_eq!(by_number.into_parts().1.len(), known);
        }
    }
}
