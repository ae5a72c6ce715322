//! Scores and amounts: whole numbers as long as all of them are, hundredths as long as all are such.

use super::ints::{Ints, NO_INT};

/// Numbers; NaN is none.
#[derive(Debug, Clone)]
pub enum Numbers {
    /// So many of these make one: 1 or 100.
    Parts(Ints, i64),
    Any(Vec<f64>),
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Parts(Ints::default(), 1)
    }
}

/// What an amount of money has.
const HUNDREDTHS: i64 = 100;

/// A number as so many parts, where they make the very same number again; -0 is not.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "numbers beyond 2^53 are turned away")]
fn parts(value: f64, of_one: i64) -> Option<i64> {
    const EXACT: f64 = (1_i64 << 53) as f64;
    if value.is_nan() {
        return Some(NO_INT);
    }
    let scaled = (value * of_one as f64).round();
    let int = scaled as i64;
    (scaled.abs() < EXACT && number(int, of_one).to_bits() == value.to_bits()).then_some(int)
}

#[expect(clippy::cast_precision_loss, reason = "all are below 2^53")]
fn number(int: i64, of_one: i64) -> f64 {
    match (int, of_one) {
        (NO_INT, _) => f64::NAN,
        (int, 1) => int as f64,
        (int, of_one) => int as f64 / of_one as f64,
    }
}

impl Numbers {
    /// So many missing ones.
    pub fn missing(rows: usize) -> Self {
        Self::Parts(Ints::filled(NO_INT, rows), 1)
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Parts(ints, _) => ints.len(),
            Self::Any(numbers) => numbers.len(),
        }
    }

    /// The bytes that the values take.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Parts(ints, _) => ints.bytes(),
            Self::Any(numbers) => size_of_val(numbers.as_slice()),
        }
    }

    #[inline]
    pub fn get(&self, row: usize) -> f64 {
        match self {
            Self::Parts(ints, of_one) => number(ints.get(row), *of_one),
            Self::Any(numbers) => numbers[row],
        }
    }

    pub fn push(&mut self, number: f64) {
        match self {
            Self::Any(numbers) => numbers.push(number),
            Self::Parts(ints, of_one) => match parts(number, *of_one) {
                Some(int) => ints.push(int),
                None => {
                    self.refine();
                    self.push(number);
                }
            },
        }
    }

    /// Hold the same in smaller parts, or as what they are.
    fn refine(&mut self) {
        *self = match self {
            Self::Parts(ints, 1) => {
                let hundredths = |int| if int == NO_INT { Some(NO_INT) } else { parts(number(int, 1), HUNDREDTHS) };
                match ints.iter().map(hundredths).collect::<Option<Ints>>() {
                    Some(ints) => Self::Parts(ints, HUNDREDTHS),
                    None => Self::Any(self.to_vec()),
                }
            }
            _ => Self::Any(self.to_vec()),
        };
    }

    pub fn iter(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    pub fn to_vec(&self) -> Vec<f64> {
        match self {
            Self::Any(numbers) => numbers.clone(),
            Self::Parts(ints, of_one) => {
                let mut numbers = Vec::with_capacity(ints.len());
                ints.iter().for_each(|int| numbers.push(number(int, *of_one)));
                numbers
            }
        }
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[u32]) -> Self {
        match self {
            Self::Parts(ints, of_one) => Self::Parts(ints.take(rows), *of_one),
            Self::Any(numbers) => Self::Any(rows.iter().map(|&row| numbers[row as usize]).collect()),
        }
    }

    /// Add others after these.
    pub fn append(&mut self, more: Self) {
        match (&mut *self, more) {
            (ours, more) if ours.len() == 0 => *ours = more,
            (Self::Parts(ints, ours), Self::Parts(more, theirs)) if *ours == theirs => ints.append(more),
            (_, more) => more.iter().for_each(|number| self.push(number)),
        }
    }

    /// Make room for so many more, and for no others.
    pub fn reserve(&mut self, more: usize) {
        match self {
            Self::Parts(ints, _) => ints.reserve(more),
            Self::Any(numbers) => drop(numbers.try_reserve_exact(more)),
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
