//! Quantiles: of values that count alike, and of values with weights.

/// The quantile by linear interpolation (Hyndman and Fan 1996, type 7): what Excel's PERCENTILE.INC and numpy give.
/// The values ascend. `None` where there are none.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let place = q.clamp(0.0, 1.0) * last as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between the first place and the last")]
    let (lower, upper) = (place.floor() as usize, place.ceil() as usize);
    let (low, high) = (*sorted.get(lower)?, *sorted.get(upper)?);
    Some(low + (place - place.floor()) * (high - low))
}

/// Half within, 9 in 10 within, the mean, all in seconds, and how many; NaN of none.
#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
pub fn spread(mut millis: Vec<i64>) -> [f64; 4] {
    millis.sort_unstable();
    let sorted: Vec<f64> = millis.into_iter().map(|value| value as f64).collect();
    let n = sorted.len() as f64;
    let within = |q| quantile(&sorted, q).unwrap_or(f64::NAN) / 1_000.0;
    [within(0.5), within(0.9), sorted.iter().sum::<f64>() / n / 1_000.0, n]
}

/// The quantile of `(value, weight)` sorted by value: type 7 with weights by Kish's effective sample size (Akinshin 2023,
/// "Weighted quantile estimators", arXiv:2304.07265, §5). Equal weights give type 7. `None` where nothing has weight.
pub fn weighted_quantile(sorted: &[(f64, f64)], q: f64) -> Option<f64> {
    let total: f64 = sorted.iter().map(|(_, weight)| weight).sum();
    let squares: f64 = sorted.iter().map(|(_, weight)| weight * weight).sum();
    if total <= 0.0 || squares <= 0.0 {
        return None;
    }
    let effective = total * total / squares;
    // Type 7 is the mean of the values over a stretch of shares that is one value wide, n being the effective size.
    let from = (effective - 1.0) * q.clamp(0.0, 1.0) / effective;
    let within = |share: f64| ((share - from) * effective).clamp(0.0, 1.0);
    let (mut below, mut sum) = (0.0, 0.0);
    for (value, weight) in sorted {
        let upto = below + weight / total;
        let part = within(upto) - within(below);
        if part > 0.0 {
            sum += part * value;
        }
        below = upto;
    }
    // The weights add up to 1 but for a rounding error, which belongs to the last value.
    let rest = 1.0 - within(below);
    Some(sorted.last().map_or(sum, |(value, _)| sum + rest * value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_7_as_in_the_contract() {
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        assert!((quantile(&ten, 0.9).unwrap() - 9.1).abs() < 1e-12);
        assert_eq!(quantile(&ten, 0.5), Some(5.5));
        assert_eq!((quantile(&ten, 0.0), quantile(&ten, 1.0)), (Some(1.0), Some(10.0)));
        assert_eq!((quantile(&[7.0], 0.5), quantile(&[], 0.5)), (Some(7.0), None));
        let tenths: Vec<i64> = (1..=10).rev().map(|n| n * 1_000).collect();
        assert_eq!((spread(tenths), spread(Vec::new())[3]), ([5.5, 9.1, 5.5, 10.0], 0.0));
    }

    #[test]
    fn equal_weights_give_type_7() {
        let values = [1.0, 2.5, 4.0, 4.0, 9.0, 12.0, 40.0];
        for q in [0.0, 0.1, 0.25, 0.5, 0.77, 0.9, 1.0] {
            let weighted: Vec<(f64, f64)> = values.iter().map(|v| (*v, 0.3)).collect();
            let (plain, weighted) = (quantile(&values, q).unwrap(), weighted_quantile(&weighted, q).unwrap());
            assert!((plain - weighted).abs() < 1e-9, "{q}: {plain} {weighted}");
        }
    }

    #[test]
    fn weights_as_the_integral_over_the_stretch_gives_them() {
        // numpy 2.4.6: the mean of the step function of quantiles over two million points of the stretch.
        let values = [(3.0, 0.5), (5.0, 2.0), (8.0, 1.0), (13.0, 3.0), (21.0, 0.25), (34.0, 1.5)];
        for (q, expected) in [(0.1, 5.196_981_5), (0.5, 12.056_605), (0.9, 23.156_980_5)] {
            assert!((weighted_quantile(&values, q).unwrap() - expected).abs() < 1e-5, "{q}");
        }
    }

    #[test]
    fn a_value_without_weight_is_not_there() {
        let with = [(1.0, 0.0), (2.0, 1.0), (3.0, 1.0), (8.0, 1.0), (90.0, 0.0)];
        for q in [0.0, 0.5, 0.9, 1.0] {
            let expected = quantile(&[2.0, 3.0, 8.0], q).unwrap();
            assert!((weighted_quantile(&with, q).unwrap() - expected).abs() < 1e-9, "{q}");
        }
        assert_eq!(weighted_quantile(&[(1.0, 0.0)], 0.5), None);
        assert_eq!(weighted_quantile(&[], 0.5), None);
    }
}
