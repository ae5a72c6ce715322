//! Rows in the order of a number each, byte by byte of it: nothing is compared, and what is in order already is told soon.
//!
//! A number and its row stand together in 64 bits. What the numbers are, hashes or seconds, is known to those who sort.

use crate::columns::NO_TIME;
use rayon::prelude::*;

/// Values of a byte.
const VALUES: usize = 1 << u8::BITS;
/// Bytes of a number.
const BYTES: usize = size_of::<u32>();

/// A number to sort by, with the row, or whatever else it is of.
pub fn beside(number: u32, row: u32) -> u64 {
    u64::from(number) << u32::BITS | u64::from(row)
}

/// By their numbers; rows of one number stay as they stand.
pub fn sorted(mut keys: Vec<u64>) -> Vec<u64> {
    if keys.is_sorted_by_key(|key| key >> u32::BITS) {
        return keys;
    }
    let byte = |key: u64, nth: usize| usize::from(key.to_le_bytes()[BYTES + nth]);
    let mut counts = [[0; VALUES]; BYTES];
    for &key in &keys {
        counts.iter_mut().enumerate().for_each(|(nth, counts)| counts[byte(key, nth)] += 1);
    }
    let rows = keys.len();
    let mut sorted = vec![0; rows];
    for (nth, counts) in counts.iter().enumerate().filter(|(_, counts)| !counts.contains(&rows)) {
        let mut next = 0;
        let mut places = counts.map(|count| {
            next += count;
            next - count
        });
        for &key in &keys {
            let place = &mut places[byte(key, nth)];
            sorted[*place] = key;
            *place += 1;
        }
        std::mem::swap(&mut keys, &mut sorted);
    }
    keys
}

/// Rows by time, those without one last. Nearly all are told apart by the second; those of one are put in order by
/// `within`.
pub fn by_time(rows: &mut [u32], at: impl Fn(u32) -> i64 + Sync, within: impl Fn(&mut [u32])) {
    // Times from 1970 to 2106; the ones before and after count as one.
    let second = |row: u32| match at(row) {
        NO_TIME => u32::MAX,
        at => u32::try_from(at.max(0) / 1_000).unwrap_or(u32::MAX).min(u32::MAX - 1),
    };
    let keys = sorted(rows.par_iter().map(|&row| beside(second(row), row)).collect());
    rows.iter_mut().zip(&keys).for_each(|(row, &key)| *row = key as u32);
    let mut rest = rows;
    for ties in keys.chunk_by(|a, b| a >> u32::BITS == b >> u32::BITS) {
        let (tied, others) = rest.split_at_mut(ties.len());
        if tied.len() > 1 {
            within(tied);
        }
        rest = others;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_in_the_order_that_comparing_gives(
            numbers in prop::collection::vec(prop_oneof![any::<u32>(), 0..3u32, Just(u32::MAX), 0..70_000u32], 0..600),
        ) {
            let keys: Vec<u64> = numbers.iter().zip(0..).map(|(&number, row)| beside(number, row)).collect();
            let mut compared = keys.clone();
            compared.sort_by_key(|key| key >> 32);
            prop_assert_eq!(sorted(keys), compared);
        }

        #[test]
        fn rows_are_in_order_of_time(times in prop::collection::vec(
            prop_oneof![-5_000..5_000i64, Just(NO_TIME), Just(i64::MAX), any::<i64>()], 0..300,
        )) {
            let mut rows: Vec<u32> = (0..).take(times.len()).collect();
            let key = |row: u32| (times[row as usize] == NO_TIME, times[row as usize], row);
            by_time(&mut rows, |row| times[row as usize], |tied| tied.sort_by_key(|&row| key(row)));
            prop_assert!(rows.is_sorted_by_key(|&row| key(row)), "{:?}", rows);
        }
    }
}
