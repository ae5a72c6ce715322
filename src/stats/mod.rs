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
}
