//! Differences of means and quantiles whose rows are not independent: contacts of one customer are alike.
//!
//! The variance is the linearised one, summed by customer over both periods. A row without a customer stands by itself.

use super::quantile::quantile;
use super::{Estimate, Z95};

/// What one row comes to, and whom it is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    pub value: f64,
    /// Of how many: 1, but a call of several segments is several, and its value is their sum.
    pub of: f64,
    pub customer: Option<u32>,
}

impl Sample {
    /// One value.
    pub const fn one(customer: Option<u32>, value: f64) -> Self {
        Self { value, of: 1.0, customer }
    }
}

/// Rows of one period, in the orders that are asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Samples {
    /// Those without a customer first.
    by_customer: Vec<Sample>,
    ascending: Vec<f64>,
}

impl Samples {
    pub fn new(mut samples: Vec<Sample>) -> Self {
        let mut ascending: Vec<f64> = samples.iter().map(|sample| sample.value).collect();
        ascending.sort_unstable_by(f64::total_cmp);
        // By value too, so that sums do not depend on the order in which rows are met.
        samples.sort_unstable_by(|a, b| a.customer.cmp(&b.customer).then(a.value.total_cmp(&b.value)));
        Self { by_customer: samples, ascending }
    }

    /// The values, ascending.
    pub fn ascending(&self) -> &[f64] {
        &self.ascending
    }

    /// Of how many the rows are.
    fn count(&self) -> f64 {
        self.by_customer.iter().map(|sample| sample.of).sum()
    }

    /// How many customers they are of; a row without one stands by itself.
    fn customers(&self) -> usize {
        self.by_customer.chunk_by(|a, b| a.customer.is_some() && a.customer == b.customer).count()
    }

    /// The mean of what is made of each value.
    fn mean(&self, of: impl Fn(f64) -> f64) -> Option<f64> {
        let sum: f64 = self.by_customer.iter().map(|sample| of(sample.value)).sum();
        (!self.by_customer.is_empty()).then(|| sum / self.count())
    }

    /// Each row's part in a mean, by customer.
    fn parts(&self, mean: f64, sign: f64, of: impl Fn(f64) -> f64) -> impl Iterator<Item = Part> {
        let n = self.count();
        let part = move |sample: &Sample| (sample.customer, sign * (of(sample.value) - mean * sample.of) / n);
        self.by_customer.iter().map(part)
    }
}

/// A row's part in an estimate, for the variance.
type Part = (Option<u32>, f64);

/// The mean of the later rows minus that of the earlier ones, with its 95 % interval: the cluster-robust variance of
/// the linearised difference (Binder 1983; Cameron and Miller 2015), G/(G - 1) Σ (z - mean z)² over customers' sums of
/// z = ±(y - mean × m)/Σm, m being 1 or the segments of a row. `None` where either side is of fewer than two customers: one
/// alone does not vary, which is no certainty.
pub fn mean_difference(later: &Samples, earlier: &Samples) -> Option<Estimate> {
    let itself = |value| value;
    let (now, before) = (later.mean(itself)?, earlier.mean(itself)?);
    if later.customers() < 2 || earlier.customers() < 2 {
        return None;
    }
    let parts = later.parts(now, 1.0, itself).chain(earlier.parts(before, -1.0, itself));
    Some(Estimate::normal(now - before, variance(parts.collect())?.sqrt()))
}

/// The quantile of the later rows minus that of the earlier ones, with the 95 % interval of the two standard errors
/// together, each by Woodruff's method. `None` where either has none.
pub fn quantile_difference(later: &Samples, earlier: &Samples, q: f64) -> Option<Estimate> {
    let (now, before) = (Woodruff::new(later, q)?, Woodruff::new(earlier, q)?);
    Some(Estimate::normal(now.value - before.value, now.error.hypot(before.error)))
}

/// A quantile and its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Woodruff {
    pub value: f64,
    pub error: f64,
}

impl Woodruff {
    /// Woodruff's method (1952; Särndal, Swensson and Wretman 1992, §5.11): the 95 % interval of the share of rows at
    /// or below the quantile, with customers as clusters, read as quantiles; half its width is 1.96 standard errors.
    /// `None` where that interval reaches past the first or the last value: so few rows say nothing so far out.
    pub fn new(samples: &Samples, q: f64) -> Option<Self> {
        let at = |q| quantile(&samples.ascending, q);
        let value = at(q)?;
        let below = |own: f64| f64::from(u8::from(own <= value));
        let share = samples.mean(below)?;
        let spread = Z95 * variance(samples.parts(share, 1.0, below).collect())?.sqrt();
        let inside = q - spread >= 0.0 && q + spread <= 1.0;
        let error = (at(q + spread)? - at(q - spread)?) / (2.0 * Z95);
        inside.then_some(Self { value, error })
    }
}

/// G/(G - 1) Σ (z - mean z)² over the customers' sums; `None` under two.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn variance(mut parts: Vec<Part>) -> Option<f64> {
    // Two periods that are in order each are merged by this.
    parts.sort_by_key(|part| part.0);
    let together = parts.chunk_by(|a, b| a.0.is_some() && a.0 == b.0);
    let sums: Vec<f64> = together.map(|rows| rows.iter().map(|row| row.1).sum()).collect();
    if sums.len() < 2 {
        return None;
    }
    let count = sums.len() as f64;
    let mean = sums.iter().sum::<f64>() / count;
    let squares: f64 = sums.iter().map(|sum| (sum - mean).powi(2)).sum();
    Some(count / (count - 1.0) * squares)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(rows: &[(f64, u32)]) -> Samples {
        let sample = |&(value, who): &(f64, u32)| Sample::one((who > 0).then_some(who), value);
        Samples::new(rows.iter().map(sample).collect())
    }

    /// Customers 1, 2, 3 and 5 are in both; 0 is nobody.
    fn both() -> (Samples, Samples) {
        let later = [(14.0, 1), (20.0, 2), (7.0, 2), (35.0, 3), (33.0, 6), (18.0, 6), (25.0, 0), (60.0, 5), (11.0, 0)];
        let earlier = [(10.0, 1), (12.0, 1), (9.0, 2), (30.0, 3), (22.0, 3), (15.0, 4), (8.0, 0), (41.0, 5)];
        (samples(&later), samples(&earlier))
    }

    #[test]
    fn means_as_statsmodels_compares_them() {
        // statsmodels 0.15.0, OLS(y ~ later) with cov_type="cluster", use_correction=False, times √(G/(G-1)).
        let (later, earlier) = both();
        let change = mean_difference(&later, &earlier).unwrap();
        assert!((change.value - 6.402_777_777_777_8).abs() < 1e-10);
        let error = (change.high - change.low) / (2.0 * Z95);
        assert!((error - 3.037_181_240_886_469).abs() < 1e-10, "{error}");
    }

    #[test]
    fn medians_by_woodruff_on_the_share_that_statsmodels_gives() {
        // statsmodels 0.15.0, OLS(below ~ 1) by cluster, then numpy 2.4.6 quantiles at .5 ± 1.96 errors.
        let (later, earlier) = both();
        let now = Woodruff::new(&later, 0.5).unwrap();
        assert!((now.value - 20.0).abs() < 1e-12);
        assert!((now.error * 2.0 * Z95 - (34.484_293_3 - 11.773_560_05)).abs() < 1e-7, "{now:?}");
        let before = Woodruff::new(&earlier, 0.5).unwrap();
        assert!((before.error * 2.0 * Z95 - (38.293_163_12 - 8.246_076_08)).abs() < 1e-7, "{before:?}");
        let change = quantile_difference(&later, &earlier, 0.5).unwrap();
        assert!((change.value - 6.5).abs() < 1e-12);
        assert!((change.high - change.value - Z95 * now.error.hypot(before.error)).abs() < 1e-12);
    }

    #[test]
    fn too_few_rows_say_nothing() {
        let one = samples(&[(1.0, 7), (2.0, 7)]);
        assert_eq!(mean_difference(&one, &one), None, "one customer");
        assert_eq!(mean_difference(&one, &Samples::default()), None);
        let (alone, another) = (samples(&[(10.0, 1)]), samples(&[(40.0, 2)]));
        assert_eq!(mean_difference(&another, &alone), None, "one customer on each side");
        let few = samples(&[(1.0, 1), (2.0, 2), (3.0, 3)]);
        assert_eq!(Woodruff::new(&few, 0.9), None);
        assert_eq!(Woodruff::new(&Samples::default(), 0.5), None);
    }
}
