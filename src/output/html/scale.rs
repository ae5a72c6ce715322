//! From figures to places in a drawing. Places are per cents of its width and height, so that a drawing of any size
//! keeps its lettering and its lines as they are.

use askama::filters::HtmlSafe;
use std::fmt;

/// So much of the width or height.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Part(pub f64);

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", (self.0 * 100.0).round() / 100.0 + 0.0)
    }
}

impl HtmlSafe for Part {}

/// Figures from one to the other lie between two places; what is beyond lies at the end.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    figures: (f64, f64),
    places: (f64, f64),
}

impl Scale {
    pub fn new(figures: (f64, f64), places: (f64, f64)) -> Self {
        Self { figures, places }
    }

    /// Of all these, from the least to the most.
    pub fn over(figures: impl IntoIterator<Item = f64>, places: (f64, f64)) -> Self {
        Self::new(extent(figures), places)
    }

    /// So many places beside each other.
    #[expect(clippy::cast_precision_loss, reason = "a few places")]
    pub fn places(count: usize, places: (f64, f64)) -> Self {
        Self::new((0.0, count.saturating_sub(1) as f64), places)
    }

    pub fn at(self, figure: f64) -> Part {
        let ((from, to), (start, end)) = (self.figures, self.places);
        let share = if to > from { ((figure - from) / (to - from)).clamp(0.0, 1.0) } else { 0.5 };
        Part(start + share * (end - start))
    }

    /// The place of the one of this number.
    #[expect(clippy::cast_precision_loss, reason = "a few places")]
    pub fn nth(self, nth: usize) -> Part {
        self.at(nth as f64)
    }

    pub fn low(self) -> f64 {
        self.figures.0
    }

    pub fn high(self) -> f64 {
        self.figures.1
    }
}

/// The least and the most; from 0 to 0 of none.
pub fn extent(figures: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let known = figures.into_iter().filter(|figure| figure.is_finite());
    let ends = known.fold(None, |ends: Option<(f64, f64)>, figure| match ends {
        None => Some((figure, figure)),
        Some((low, high)) => Some((low.min(figure), high.max(figure))),
    });
    ends.unwrap_or((0.0, 0.0))
}

/// A straight line between two places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    pub from: (Part, Part),
    pub to: (Part, Part),
}

/// A line through known points; over a missing one there is none.
pub fn lines(points: &[Option<(Part, Part)>]) -> Vec<Line> {
    points.windows(2).filter_map(|two| Some(Line { from: two[0]?, to: two[1]? })).collect()
}

/// Points that no line touches.
pub fn alone(points: &[Option<(Part, Part)>]) -> Vec<(Part, Part)> {
    let known = |at: Option<usize>| at.and_then(|at| points.get(at).copied().flatten()).is_some();
    let alone = |(at, point): (usize, &Option<(Part, Part)>)| {
        point.filter(|_| !known(at.checked_sub(1)) && !known(at.checked_add(1)))
    };
    points.iter().enumerate().filter_map(alone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_no_line() {
        let at = |x: f64| Some((Part(x), Part(x)));
        let points = [at(0.0), at(1.0), None, at(3.0), None];
        assert_eq!(lines(&points), [Line { from: (Part(0.0), Part(0.0)), to: (Part(1.0), Part(1.0)) }]);
        assert_eq!(alone(&points), [(Part(3.0), Part(3.0))]);
    }

    #[test]
    fn places_are_written_short_and_stay_within() {
        let scale = Scale::new((0.0, 3.0), (0.0, 100.0));
        assert_eq!(scale.at(1.0).to_string(), "33.33%");
        assert_eq!((scale.at(9.0), scale.at(-1.0)), (Part(100.0), Part(0.0)));
        assert_eq!(Scale::over([7.0, f64::NAN], (0.0, 100.0)).at(7.0), Part(50.0));
        assert_eq!(Part(-0.000_1).to_string(), "0%");
    }
}
