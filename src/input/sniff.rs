//! What the cells of a whole column show together: day before month or after, comma or point.
//!
//! One cell rarely tells, a file usually does. Settings and profiles that say it are not second-guessed:
//! then nothing is counted.

use super::{instant, number};
use crate::settings::DayOrder;

/// What cells have shown so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Votes {
    dmy: u64,
    mdy: u64,
    /// Dates that can be read both ways, and mean different days.
    open: u64,
    comma: u64,
    point: u64,
    /// Dates of any kind.
    dates: u64,
}

impl Votes {
    /// Count a cell of a column of moments.
    pub fn date(&mut self, text: &str) {
        self.dates += 1;
        match instant::three_numbers(text) {
            None | Some((.., '.', _)) => {}
            Some((first, second, ..)) if first == second => {}
            Some((13.., ..)) => self.dmy += 1,
            Some((_, 13.., ..)) => self.mdy += 1,
            Some(_) => self.open += 1,
        }
    }

    /// Count a cell of a column of numbers.
    pub fn number(&mut self, text: &str) {
        match number::vote(text) {
            Some(',') => self.comma += 1,
            Some(_) => self.point += 1,
            None => {}
        }
    }

    /// Put another column's votes to these.
    pub fn add(&mut self, other: &Self) {
        self.dmy += other.dmy;
        self.mdy += other.mdy;
        self.open += other.open;
        self.comma += other.comma;
        self.point += other.point;
        self.dates += other.dates;
    }

    /// Whether no date was met.
    pub fn is_unseen(&self) -> bool {
        self.dates == 0
    }

    /// Whether some date was seen whose order matters and is not known.
    pub fn is_open(&self) -> bool {
        self.open > 0 && self.day_order().is_none()
    }

    /// The order that the dates show.
    pub fn day_order(&self) -> Option<DayOrder> {
        match self.dmy.cmp(&self.mdy) {
            std::cmp::Ordering::Greater => Some(DayOrder::Dmy),
            std::cmp::Ordering::Less => Some(DayOrder::Mdy),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// The decimal mark that the numbers show.
    pub fn decimal(&self) -> Option<char> {
        match self.comma.cmp(&self.point) {
            std::cmp::Ordering::Greater => Some(','),
            std::cmp::Ordering::Less => Some('.'),
            std::cmp::Ordering::Equal => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_telling_date_decides() {
        let mut votes = Votes::default();
        votes.date("3/4/2024 9:15");
        assert!(votes.is_open());
        votes.date("4/23/2024");
        assert_eq!((votes.is_open(), votes.day_order()), (false, Some(DayOrder::Mdy)));
    }

    #[test]
    fn dates_that_cannot_be_misread_ask_nothing() {
        let mut votes = Votes::default();
        for text in ["2024-03-04", "04.03.2024", "5/5/2024", "", "Mar 4, 2024"] {
            votes.date(text);
        }
        assert_eq!(votes, Votes { dates: 5, ..Votes::default() });
    }
}
