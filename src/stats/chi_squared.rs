//! The tail of the chi-squared distribution, for whole degrees of freedom.

/// A test: its statistic, degrees of freedom and p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    pub statistic: f64,
    pub freedom: u32,
    pub p: f64,
}

impl Test {
    pub fn new(statistic: f64, freedom: u32) -> Self {
        Self { statistic, freedom, p: upper_tail(statistic, freedom) }
    }
}

/// The chance of so large a value or a larger one: Q(k/2, x/2), the upper incomplete gamma function, by its series
/// below the mean and by Lentz's continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31).
pub fn upper_tail(x: f64, freedom: u32) -> f64 {
    if freedom == 0 || x.is_nan() {
        return f64::NAN;
    }
    let (a, x) = (f64::from(freedom) / 2.0, x / 2.0);
    if x <= 0.0 {
        return 1.0;
    }
    if x.is_infinite() {
        return 0.0;
    }
    let scale = (a * x.ln() - x - ln_gamma_of_half(freedom)).exp();
    let tail = if x < a + 1.0 { 1.0 - scale * lower_series(a, x) } else { scale * upper_fraction(a, x) };
    tail.clamp(0.0, 1.0)
}

/// ln Γ(k/2), from Γ(1/2) = √π or Γ(1) = 1 upwards.
fn ln_gamma_of_half(k: u32) -> f64 {
    let (mut at, start) = if k.is_multiple_of(2) { (2, 0.0) } else { (1, std::f64::consts::PI.sqrt().ln()) };
    let mut sum = start;
    while at < k {
        sum += (f64::from(at) / 2.0).ln();
        at += 2;
    }
    sum
}

/// More terms than any sum here needs to reach the last bit.
const TERMS: u32 = 10_000;

fn lower_series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut at) = (1.0 / a, 1.0 / a, a);
    for _ in 0..TERMS {
        at += 1.0;
        term *= x / at;
        sum += term;
        if term < sum * f64::EPSILON {
            break;
        }
    }
    sum
}

fn upper_fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let nonzero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / TINY, 1.0 / nonzero(b));
    let mut fraction = d;
    for i in 1..TERMS {
        let i = f64::from(i);
        let part = -i * (i - a);
        b += 2.0;
        d = 1.0 / nonzero(part * d + b);
        c = nonzero(b + part / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_as_scipy_gives_them() {
        // scipy 1.17.1, scipy.stats.chi2.sf.
        let cases = [
            (3.841_458_820_694_124, 1, 0.05),
            (0.5, 1, 0.479_500_122_186_953_37),
            (10.0, 2, 0.006_737_946_999_085_468),
            (7.3, 3, 0.062_926_236_459_043_12),
            (0.02, 5, 0.999_997_012_398_468),
            (60.0, 12, 2.257_348_746_396_286e-8),
            (200.0, 3, 4.218_541_107_192_018e-43),
            (30.0, 41, 0.897_758_923_979_002_9),
        ];
        for (x, freedom, expected) in cases {
            let tail = upper_tail(x, freedom);
            assert!((tail / expected - 1.0).abs() < 1e-11, "{x}, {freedom}: {tail} for {expected}");
        }
        assert_eq!((upper_tail(0.0, 3), upper_tail(-1.0, 1)), (1.0, 1.0));
        assert_eq!(upper_tail(f64::INFINITY, 2), 0.0);
        assert!(upper_tail(1.0, 0).is_nan());
    }
}
