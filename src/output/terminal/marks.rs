//! Charts in text: small columns, bars, shades.
//!
//! Each says what it says without colour. Arrows and ticks, which all formats for people share, are `output/marks.rs`.

use super::ink::Ink;

/// Periods that a small chart shows.
pub const PERIODS: usize = 8;
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// The last periods as columns on a scale from 0; a missing one is a dot, for it is not a small one.
pub fn sparkline(series: &[Option<f64>]) -> String {
    let last = &series[series.len().saturating_sub(PERIODS)..];
    let known = |v: &Option<f64>| v.filter(|v| v.is_finite());
    let top = last.iter().filter_map(known).fold(0.0, f64::max);
    last.iter().map(|v| known(v).map_or('·', |v| LEVELS[level(v, top)])).collect()
}

/// A horizontal bar of a fraction, in eighths of a column.
pub fn bar(fraction: f64, width: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a few columns")]
    let eighths = (fraction.clamp(0.0, 1.0) * (width * 8) as f64).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the width")]
    let eighths = eighths as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// The shade of a value on a scale from 0 to `top`.
pub fn shade(value: f64, top: f64) -> Ink {
    #[expect(clippy::cast_possible_truncation, reason = "there are eight levels")]
    Ink::Shade(level(value, top) as u8)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 7")]
fn level(value: f64, top: f64) -> usize {
    if top > 0.0 { (value.clamp(0.0, top) / top * 7.0).round() as usize } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_period_is_never_a_low_one() {
        assert_eq!(sparkline(&[Some(0.0), Some(4.0), None, Some(8.0), Some(f64::NAN)]), "▁▅·█·");
        assert_eq!(sparkline(&[None, Some(0.0)]), "·▁");
        assert_eq!(sparkline(&[Some(1.0); 20]).chars().count(), PERIODS);
        assert_eq!(sparkline(&[]), "");
    }

    #[test]
    fn bars_are_measured_in_eighths() {
        assert_eq!(bar(0.5, 3), "█▌");
        assert_eq!((bar(0.0, 4), bar(2.0, 2), bar(f64::NAN, 2)), (String::new(), "██".into(), String::new()));
    }
}
