//! What is usual: the limits that a series stays within while nothing changes.

/// How many earlier points limits take at least.
pub const ENOUGH: usize = 8;

/// 3 / 1.128: three standard deviations, by the mean moving range of neighbours.
const BY_MOVING_RANGE: f64 = 2.66;

/// Limits of individual values, the individuals chart (`XmR`): mean ± 2.66 × mean moving range (Wheeler 1993,
/// "Understanding Variation"). `None` under eight points.
#[expect(clippy::cast_precision_loss, reason = "a handful of weeks")]
pub fn limits(earlier: &[f64]) -> Option<(f64, f64)> {
    if earlier.len() < ENOUGH {
        return None;
    }
    let mean = earlier.iter().sum::<f64>() / earlier.len() as f64;
    let ranges: f64 = earlier.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
    let spread = BY_MOVING_RANGE * ranges / (earlier.len() - 1) as f64;
    Some((mean - spread, mean + spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_the_flow_rates_in_the_handbook() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: 45.8159 to 55.8041 with 3/1.128.
        let flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];
        let (low, high) = limits(&flow).unwrap();
        assert!((low - 45.8159).abs() < 1.5e-3 && (high - 55.8041).abs() < 1.5e-3, "{low} {high}");
    }

    #[test]
    fn seven_weeks_are_too_few() {
        assert_eq!(limits(&[5.0; 7]), None);
        assert_eq!(limits(&[5.0; 8]), Some((5.0, 5.0)));
    }
}
