//! Scores and amounts: whole numbers as long as all of them are.

use super::ints::{Ints, NO_INT};

/// Numbers; NaN is none.
#[derive(Debug, Clone)]
pub enum Numbers {
    Whole(Ints),
    Any(Vec<f64>),
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Whole(Ints::default())
    }
}

/// A number that is whole and is the same once held as such; -0 is not.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "numbers beyond 2^53 are turned away")]
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = (1_i64 << 53) as f64;
    if number.is_nan() {
        return Some(NO_INT);
    }
    let int = number as i64;
    (number.abs() < EXACT && (int as f64).to_bits() == number.to_bits()).then_some(int)
}

#[expect(clippy::cast_precision_loss, reason = "all are below 2^53")]
fn number(int: i64) -> f64 {
    if int == NO_INT { f64::NAN } else { int as f64 }
}

impl Numbers {
    /// So many missing ones.
    pub fn missing(rows: usize) -> Self {
        Self::Whole(Ints::filled(NO_INT, rows))
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Whole(ints) => ints.len(),
            Self::Any(numbers) => numbers.len(),
        }
    }

    /// The bytes that the values take.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Whole(ints) => ints.bytes(),
            Self::Any(numbers) => size_of_val(numbers.as_slice()),
        }
    }

    pub fn get(&self, row: usize) -> f64 {
        match self {
            Self::Whole(ints) => number(ints.get(row)),
            Self::Any(numbers) => numbers[row],
        }
    }

    pub fn push(&mut self, number: f64) {
        match (&mut *self, whole(number)) {
            (Self::Whole(ints), Some(int)) => ints.push(int),
            (Self::Whole(_), None) => {
                let mut numbers = self.to_vec();
                numbers.push(number);
                *self = Self::Any(numbers);
            }
            (Self::Any(numbers), _) => numbers.push(number),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    pub fn to_vec(&self) -> Vec<f64> {
        match self {
            Self::Any(numbers) => numbers.clone(),
            Self::Whole(ints) => {
                let mut numbers = Vec::with_capacity(ints.len());
                ints.iter().for_each(|int| numbers.push(number(int)));
                numbers
            }
        }
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[u32]) -> Self {
        match self {
            Self::Whole(ints) => Self::Whole(ints.take(rows)),
            Self::Any(numbers) => Self::Any(rows.iter().map(|&row| numbers[row as usize]).collect()),
        }
    }

    /// Add others after these.
    pub fn append(&mut self, more: Self) {
        match (&mut *self, more) {
            (Self::Whole(ints), Self::Whole(more)) => ints.append(more),
            (Self::Whole(ints), more) if ints.len() == 0 => *self = more,
            (Self::Whole(_), Self::Any(more)) => {
                let mut numbers = self.to_vec();
                numbers.extend(more);
                *self = Self::Any(numbers);
            }
            (Self::Any(numbers), more) => numbers.extend(more.iter()),
        }
    }

    /// Make room for so many more, and for no others.
    pub fn reserve(&mut self, more: usize) {
        match self {
            Self::Whole(ints) => ints.reserve(more),
            Self::Any(numbers) => drop(numbers.try_reserve_exact(more)),
        }
    }

    /// Give back the room that is not used.
    pub fn fit(&mut self) {
        match self {
            Self::Whole(ints) => ints.fit(),
            Self::Any(numbers) => numbers.shrink_to_fit(),
        }
    }
}

impl FromIterator<f64> for Numbers {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut out = Self::default();
        numbers.into_iter().for_each(|number| out.push(number));
        out
    }
}

impl From<Vec<f64>> for Numbers {
    fn from(numbers: Vec<f64>) -> Self {
        numbers.into_iter().collect()
    }
}
