//! Two groups compared within strata, and put together: Mantel and Haenszel.

use super::{Estimate, Z95};

/// One stratum: cases and all, of those exposed and of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stratum {
    pub exposed: (u64, u64),
    pub others: (u64, u64),
}

impl Stratum {
    /// Cases and all of both groups, and of the two together; `None` where one group has nobody.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn counts(self) -> Option<Counts> {
        let Self { exposed, others } = self;
        (exposed.1 > 0 && others.1 > 0).then(|| Counts {
            a: exposed.0 as f64,
            b: others.0 as f64,
            n1: exposed.1 as f64,
            n0: others.1 as f64,
            n: (exposed.1 + others.1) as f64,
        })
    }
}

#[derive(Clone, Copy)]
struct Counts {
    a: f64,
    b: f64,
    n1: f64,
    n0: f64,
    n: f64,
}

fn sum(strata: &[Stratum], of: impl Fn(Counts) -> f64) -> f64 {
    strata.iter().filter_map(|stratum| stratum.counts()).map(of).sum()
}

/// Risk of those exposed over that of the others, within strata (Mantel and Haenszel 1959), with the 95 % interval of
/// Greenland and Robins (1985). Strata without either group say nothing. `None` where either group has no case.
pub fn relative_risk(strata: &[Stratum]) -> Option<Estimate> {
    let over = sum(strata, |c| c.a * c.n0 / c.n);
    let under = sum(strata, |c| c.b * c.n1 / c.n);
    if over <= 0.0 || under <= 0.0 {
        return None;
    }
    let variance = sum(strata, |c| (c.n1 * c.n0 * (c.a + c.b) - c.a * c.b * c.n) / (c.n * c.n)) / (over * under);
    let (value, spread) = (over / under, (Z95 * variance.sqrt()).exp());
    Some(Estimate { value, low: value / spread, high: value * spread })
}

/// Risk of those exposed minus that of the others, within strata, with the 95 % interval of Greenland and Robins
/// (1985). Of one stratum it is the plain difference with Wald's interval.
pub fn risk_difference(strata: &[Stratum]) -> Option<Estimate> {
    let weight = sum(strata, |c| c.n1 * c.n0 / c.n);
    if weight <= 0.0 {
        return None;
    }
    let value = sum(strata, |c| (c.a * c.n0 - c.b * c.n1) / c.n) / weight;
    let binomial = |cases: f64, all: f64, other: f64| cases * (all - cases) * other.powi(3);
    let spread = sum(strata, |c| (binomial(c.a, c.n1, c.n0) + binomial(c.b, c.n0, c.n1)) / (c.n1 * c.n0 * c.n * c.n));
    Some(Estimate::normal(value, spread.sqrt() / weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deaths in the University Group Diabetes Program: tolbutamide against placebo, under 55 and older.
    const UGDP: [Stratum; 2] =
        [Stratum { exposed: (8, 106), others: (5, 120) }, Stratum { exposed: (22, 98), others: (16, 85) }];

    fn near(estimate: Estimate, expected: [f64; 3], within: f64) {
        let got = [estimate.value, estimate.low, estimate.high];
        assert!(got.iter().zip(expected).all(|(g, e)| (g - e).abs() < within), "{got:?} for {expected:?}");
    }

    #[test]
    fn relative_risk_of_the_diabetes_programme() {
        // Stata's manual, [ST] epitab, `cs case exposed, by(age)`; the value also by statsmodels 0.15.0.
        near(relative_risk(&UGDP).unwrap(), [1.325_555, 0.797_907, 2.202_132], 1e-6);
    }

    #[test]
    fn one_stratum_is_the_plain_relative_risk_and_difference() {
        // metrics.md §6: 30/100 against 20/200, Katz. The difference by Wald: 0.2 ± 1.96 √(.3×.7/100 + .1×.9/200).
        let one = [Stratum { exposed: (30, 100), others: (20, 200) }];
        near(relative_risk(&one).unwrap(), [3.0, 1.797, 5.008], 5e-4);
        let spread = Z95 * (0.0021_f64 + 0.000_45).sqrt();
        near(risk_difference(&one).unwrap(), [0.2, 0.2 - spread, 0.2 + spread], 1e-12);
    }

    #[test]
    fn nobody_to_compare_with_is_no_number() {
        let empty = Stratum { exposed: (3, 10), others: (0, 0) };
        assert_eq!((relative_risk(&[empty]), risk_difference(&[empty])), (None, None));
        assert_eq!(relative_risk(&[Stratum { exposed: (0, 10), others: (1, 10) }]), None);
        let mut with = UGDP.to_vec();
        with.push(empty);
        assert_eq!(relative_risk(&with), relative_risk(&UGDP));
    }
}
