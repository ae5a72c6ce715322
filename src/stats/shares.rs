//! Shares and counts: intervals of one and of the difference of two.
//!
//! Of one over another, and over several strata together, it is `strata.rs`.

use super::Z95;

/// Wilson's 95 % interval of a share (Wilson 1927). `None` where nothing was counted.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn wilson(successes: u64, trials: u64) -> Option<(f64, f64)> {
    if trials == 0 {
        return None;
    }
    let (n, z2) = (trials as f64, Z95 * Z95);
    let p = successes as f64 / n;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    Some(((centre - half).max(0.0), (centre + half).min(1.0)))
}

/// 95 % interval of the difference of two shares, later minus earlier (Newcombe 1998, method 10).
pub fn newcombe(later: (u64, u64), earlier: (u64, u64)) -> Option<(f64, f64)> {
    let ((l1, u1), (l2, u2)) = (wilson(later.0, later.1)?, wilson(earlier.0, earlier.1)?);
    let (p1, p2) = (share(later), share(earlier));
    let low = p1 - p2 - ((p1 - l1).powi(2) + (u2 - p2).powi(2)).sqrt();
    let high = p1 - p2 + ((u1 - p1).powi(2) + (p2 - l2).powi(2)).sqrt();
    Some((low, high))
}

/// 95 % interval of the difference of two counts, taken as Poisson (normal approximation).
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn poisson_difference(later: u64, earlier: u64) -> (f64, f64) {
    let (difference, spread) = (later as f64 - earlier as f64, Z95 * ((later + earlier) as f64).sqrt());
    (difference - spread, difference + spread)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn share((successes, trials): (u64, u64)) -> f64 {
    successes as f64 / trials as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_as_worked_in_the_contract() {
        let near = |a: f64, b: f64| (a - b).abs() < 5e-5;
        let (low, high) = wilson(9, 10).unwrap();
        assert!(near(low, 0.5958) && near(high, 0.9821));
        let (low, high) = wilson(0, 10).unwrap();
        assert!(low == 0.0 && near(high, 0.2775));
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn newcombe_as_worked_in_his_paper() {
        // Newcombe (1998), table II, method 10: 56/70 against 48/80 is 0.0524 to 0.3339.
        let (low, high) = newcombe((56, 70), (48, 80)).unwrap();
        assert!((low - 0.0524).abs() < 5e-5 && (high - 0.3339).abs() < 5e-5);
        assert_eq!(newcombe((1, 2), (0, 0)), None);
    }

    #[test]
    fn counts_differ_by_chance_within_two_standard_errors() {
        let covers = |(low, high): (f64, f64)| low <= 0.0 && high >= 0.0;
        assert!(covers(poisson_difference(110, 100)));
        assert!(!covers(poisson_difference(140, 100)));
    }
}
