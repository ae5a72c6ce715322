//! Intervals, tests and decompositions on plain numbers. The source stands at each formula.
//!
//! No data, no polars: what is counted is `metrics/`, how the rows are found `measure/`. A new formula goes
//! into the file of its kind, with its source, and a number that somebody else has worked out as a test.

pub mod chi_squared;
pub mod clusters;
pub mod decompose;
pub mod logrank;
pub mod quantile;
mod shares;
pub mod strata;
pub mod survival;
pub mod usual;

pub use quantile::spread;
pub use shares::{newcombe, poisson_difference, wilson};

/// The 97.5 % point of the standard normal distribution.
pub const Z95: f64 = 1.959_963_984_540_054;

/// A value with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Estimate {
    /// Of a value that is normal around the truth with this standard error.
    fn normal(value: f64, error: f64) -> Self {
        Self { value, low: value - Z95 * error, high: value + Z95 * error }
    }

    /// The difference of two independent ones, by the distances of their own bounds (Zou and Donner 2008), which need not
    /// lie evenly about the values.
    pub fn minus(self, other: Self) -> Self {
        let value = self.value - other.value;
        let low = value - (self.value - self.low).hypot(other.high - other.value);
        let high = value + (self.high - self.value).hypot(other.value - other.low);
        Self { value, low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_of_wilsons_intervals_is_newcombes() {
        // 56/70 against 48/80: 0.0524 to 0.3339 (Newcombe 1998, example (a), method 10).
        let share = |part: u64, whole: u64| {
            let (low, high) = wilson(part, whole).unwrap();
            Estimate { value: part as f64 / whole as f64, low, high }
        };
        let change = share(56, 70).minus(share(48, 80));
        assert!((change.low - 0.0524).abs() < 5e-5 && (change.high - 0.3339).abs() < 5e-5, "{change:?}");
    }
}
