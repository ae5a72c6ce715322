//! Instants and durations: whole seconds as long as all of them are, else milliseconds.

use super::ints::{Ints, NO_INT};
use super::{Bits, NO_TIME};

/// Milliseconds a second.
const SECOND: i64 = 1_000;

/// Milliseconds, or `NO_TIME`. What exports hold fits four bytes a row where it is whole seconds.
#[derive(Debug, Clone)]
pub struct Times {
    /// Milliseconds that one stands for: 1000 or 1.
    unit: i64,
    ints: Ints,
}

impl Default for Times {
    fn default() -> Self {
        Self { unit: SECOND, ints: Ints::default() }
    }
}

fn scaled(value: i64, unit: i64) -> i64 {
    if value == NO_INT { NO_TIME } else { value * unit }
}

impl Times {
    /// So many missing ones.
    pub fn missing(rows: usize) -> Self {
        Self { unit: SECOND, ints: Ints::filled(NO_INT, rows) }
    }

    pub fn len(&self) -> usize {
        self.ints.len()
    }

    /// The bytes that the values take.
    pub fn bytes(&self) -> usize {
        self.ints.bytes()
    }

    #[inline]
    pub fn get(&self, row: usize) -> i64 {
        scaled(self.ints.get(row), self.unit)
    }

    /// Which of them are there.
    pub fn there(&self) -> Bits {
        self.ints.there()
    }

    pub fn push(&mut self, time: i64) {
        let time = self.in_unit(time);
        self.ints.push(time);
    }

    /// Add several.
    #[inline]
    pub fn extend(&mut self, times: impl Iterator<Item = i64> + Clone) {
        if self.unit == SECOND && times.clone().any(|time| time != NO_TIME && time % SECOND != 0) {
            self.refine();
        }
        match self.unit {
            SECOND => self.ints.extend(times.map(|time| if time == NO_TIME { NO_INT } else { time / SECOND })),
            _ => self.ints.extend(times),
        }
    }

    #[inline]
    pub fn set(&mut self, row: usize, time: i64) {
        let time = self.in_unit(time);
        self.ints.set(row, time);
    }

    /// Hold all in no more bytes than they need.
    pub fn narrow(&mut self) {
        self.ints.narrow();
    }

    pub fn iter(&self) -> impl Iterator<Item = i64> + Clone + '_ {
        let unit = self.unit;
        self.ints.iter().map(move |value| scaled(value, unit))
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[u32]) -> Self {
        Self { unit: self.unit, ints: self.ints.take(rows) }
    }

    /// Add others after these.
    pub fn append(&mut self, mut more: Self) {
        if more.unit < self.unit {
            self.refine();
        } else if self.unit < more.unit {
            more.refine();
        }
        self.ints.append(more.ints);
    }

    /// Make room for so many more, and for no others.
    pub fn reserve(&mut self, more: usize) {
        self.ints.reserve(more);
    }

    /// A time as it is held here; the first with a fraction of a second changes how all are.
    fn in_unit(&mut self, time: i64) -> i64 {
        if time == NO_TIME {
            return NO_INT;
        }
        // Divided by a constant, which is a multiplication.
        match self.unit {
            SECOND if time % SECOND == 0 => return time / SECOND,
            SECOND => self.refine(),
            _ => {}
        }
        time
    }

    fn refine(&mut self) {
        self.ints = self.iter().collect();
        self.unit = 1;
    }
}

impl FromIterator<i64> for Times {
    fn from_iter<I: IntoIterator<Item = i64>>(times: I) -> Self {
        let mut out = Self::default();
        times.into_iter().for_each(|time| out.push(time));
        out
    }
}

impl From<Vec<i64>> for Times {
    fn from(times: Vec<i64>) -> Self {
        let mut out = Self::default();
        out.extend(times.iter().copied());
        out
    }
}
