//! Words of profiles in which `*` stands for anything, as conditions, maps and names of headers use them.

use super::key::lower;

/// A pattern of a profile, in lower case; `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    Empty,
    /// Anything but empty.
    Any,
    Exactly(String),
    /// What stands between the stars, in this order; the first begins the text and the last ends it.
    Pieces(Vec<String>),
}

impl Pattern {
    /// The pattern of a profile's word.
    pub fn new(text: &str) -> Self {
        let text = lower(text.trim()).into_owned();
        match text.as_str() {
            "" => Self::Empty,
            "*" => Self::Any,
            starred if starred.contains('*') => Self::Pieces(starred.split('*').map(str::to_owned).collect()),
            _ => Self::Exactly(text),
        }
    }

    /// Whether a text in lower case is such a one.
    pub fn fits(&self, text: &str) -> bool {
        match self {
            Self::Empty => text.is_empty(),
            Self::Any => !text.is_empty(),
            Self::Exactly(exactly) => text == exactly,
            Self::Pieces(pieces) => fits_pieces(pieces, text),
        }
    }

    /// How much of a text it fixes: of two patterns that fit, the longer is meant.
    pub fn length(&self) -> usize {
        match self {
            Self::Empty | Self::Any => 0,
            Self::Exactly(text) => text.len(),
            Self::Pieces(pieces) => pieces.iter().map(String::len).sum(),
        }
    }
}

fn fits_pieces(pieces: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = pieces else { return false };
    let Some(rest) = text.strip_prefix(first.as_str()) else { return false };
    let Some(mut rest) = rest.strip_suffix(last.as_str()) else { return false };
    // Whether one is there costs less than where.
    let Some((end, before)) = middle.split_last() else { return true };
    before.iter().all(|piece| match rest.split_once(piece.as_str()) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    }) && rest.contains(end.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        let fits = |pattern: &str, text: &str| Pattern::new(pattern).fits(text);
        assert!(
            fits("*outbound*", "phone call (outbound)") && fits("* spam *", "a spam b") && fits("spam *", "spam a")
        );
        assert!(
            !fits("* spam *", "anti_spam b")
                && !fits("ab*ba", "aba")
                && fits("ab*ba", "abba")
                && fits("a*b*c", "axbxc")
        );
    }
}
