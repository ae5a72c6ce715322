//! Moments in a column: how they are written, and what their writing leaves open.
//!
//! Dates of three numbers are written day first, month first or, bare, in still other orders; the values tell, or
//! nobody does: then all ways that read them are kept, and which of them is meant is asked. Nothing is guessed.

use super::shape::Values;
use crate::input::instant::{Format, Reading, Stamp, three_numbers};
use crate::input::sniff::Votes;
use crate::settings::DayOrder;

/// How the moments of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Nothing but digits: only the header can say that it is a moment.
    pub bare: bool,
    /// No value has a time of day, none is without a zone.
    pub day_only: bool,
    pub zoned: bool,
    /// The ways in which all can be read; several where the values leave it open.
    pub ways: Vec<Way>,
    /// The value that shows the way, where one does.
    pub shown_by: Option<String>,
}

/// One way to read a column of moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// As questions name it: `day first`.
    pub name: &'static str,
    /// `format` of the profile; none: as they show themselves.
    pub formats: Vec<String>,
    pub order: Option<DayOrder>,
}

/// What may follow a date of numbers.
const TIMES: &[&str] = &[
    "",
    " %H:%M",
    " %H:%M:%S",
    " %I:%M %p",
    " %I:%M:%S %p",
    ", %H:%M",
    ", %H:%M:%S",
    ", %I:%M %p",
    ", %I:%M:%S %p",
    " %H:%M:%S%.f",
];
/// Six digits.
const BARE: &[(&str, &str)] =
    &[("year, month, day", "%y%m%d"), ("day, month, year", "%d%m%y"), ("month, day, year", "%m%d%y")];

impl Moment {
    /// The moments that most values are, if they are.
    pub fn of(values: &Values) -> Option<Self> {
        let bare = values
            .are(|value| value.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') && !value.contains('-'));
        let bare = bare && values.are(|value| value.matches('.').count() < 2);
        if bare && values.are(|value| value.len() == 6) {
            return Self::of_six_digits(values);
        }
        let mut votes = Votes::default();
        values.counts.keys().for_each(|value| votes.date(value));
        let open = votes.is_open();
        let order = if open { Some(DayOrder::Dmy) } else { votes.day_order() };
        let read = |value: &str| Format::Any.parse(value, order);
        if !values.are(|value| matches!(read(value), Reading::At(_) | Reading::Never)) {
            return None;
        }
        let stamps: Vec<Stamp> = values.counts.keys().filter_map(|value| at(read(value))).collect();
        let (day_only, zoned) = (stamps.iter().all(|s| s.day), stamps.iter().all(|s| s.offset.is_some()));
        if stamps.is_empty() {
            return None;
        }
        let way = |order| Way { name: name_of(order), formats: formats(values, order), order: Some(order) };
        let ways = match (open, votes.day_order()) {
            (true, _) => vec![way(DayOrder::Dmy), way(DayOrder::Mdy)],
            (false, Some(order)) => vec![way(order)],
            (false, None) => vec![Way { name: "as they stand", formats: Vec::new(), order: None }],
        };
        let shows = |value: &&&str| three_numbers(value).is_some_and(|(a, b, ..)| a > 12 || b > 12);
        let shown_by =
            votes.day_order().and_then(|_| values.counts.keys().find(shows)).map(|value| (*value).to_owned());
        Some(Self { bare, day_only, zoned, ways, shown_by })
    }

    fn of_six_digits(values: &Values) -> Option<Self> {
        let fits = |format: &str| values.are(|value| at(Format::named(format).parse(value, None)).is_some());
        let ways: Vec<Way> = BARE
            .iter()
            .filter(|(_, format)| fits(format))
            .map(|(name, format)| Way { name, formats: vec![(*format).to_owned()], order: None })
            .collect();
        (!ways.is_empty()).then_some(Self { bare: true, day_only: true, zoned: false, ways, shown_by: None })
    }

    /// The only way, where the values leave none open.
    pub fn way(&self) -> Option<&Way> {
        if let [way] = self.ways.as_slice() { Some(way) } else { None }
    }

    /// Take the order that other columns of the file show.
    pub fn settle(&mut self, order: DayOrder) {
        if self.ways.len() > 1 && self.ways.iter().any(|way| way.order == Some(order)) {
            self.ways.retain(|way| way.order == Some(order));
        }
    }
}

impl Way {
    /// The moment that a text is, on its own clock.
    pub fn read(&self, text: &str) -> Option<i64> {
        let formats = self.formats.iter().map(|format| Format::named(format));
        let read = |format: Format| at(format.parse(text, self.order)).map(|stamp| stamp.clock);
        if self.formats.is_empty() { read(Format::Any) } else { formats.into_iter().find_map(read) }
    }
}

fn at(reading: Reading) -> Option<Stamp> {
    if let Reading::At(stamp) = reading { Some(stamp) } else { None }
}

const fn name_of(order: DayOrder) -> &'static str {
    match order {
        DayOrder::Dmy => "day first",
        DayOrder::Mdy => "month first",
    }
}

/// The formats that read all dates of three numbers in this order; none where some are written otherwise.
fn formats(values: &Values, order: DayOrder) -> Vec<String> {
    let dates: Vec<&str> = values.counts.keys().copied().filter(|value| three_numbers(value).is_some()).collect();
    let Some((.., separator, _)) = dates.first().and_then(|date| three_numbers(date)) else { return Vec::new() };
    let (first, second) = match order {
        DayOrder::Dmy => ("%d", "%m"),
        DayOrder::Mdy => ("%m", "%d"),
    };
    let candidates = ["%Y", "%y"]
        .into_iter()
        .flat_map(|year| TIMES.iter().map(move |time| format!("{first}{separator}{second}{separator}{year}{time}")));
    let mut left = dates;
    let mut taken = Vec::new();
    for candidate in candidates {
        let format = Format::named(&candidate);
        let before = left.len();
        left.retain(|date| at(format.parse(date, None)).is_none());
        if left.len() < before {
            taken.push(candidate);
        }
    }
    let all = values.counts.keys().all(|value| three_numbers(value).is_some());
    if left.is_empty() && all { taken } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(values: &[&str]) -> Option<Moment> {
        let counts = values.iter().map(|&value| (value, 1)).collect();
        Moment::of(&Values { counts, filled: values.len() })
    }

    fn ways(values: &[&str]) -> Vec<(&'static str, Vec<String>)> {
        moment(values)
            .map_or_else(Vec::new, |moment| moment.ways.into_iter().map(|way| (way.name, way.formats)).collect())
    }

    #[test]
    fn dates_show_their_order_or_leave_it_open() {
        assert_eq!(
            ways(&["05/01/2022 12:00:03 AM", "05/23/2022 1:07:46 PM"]),
            [("month first", vec!["%m/%d/%Y %I:%M:%S %p".to_owned()])]
        );
        assert_eq!(
            ways(&["5/1/22 9:15", "23/1/22"]),
            [("day first", vec!["%d/%m/%y".to_owned(), "%d/%m/%y %H:%M".to_owned()])]
        );
        let open = ways(&["05/01/2022", "06/01/2022"]);
        assert_eq!(open, [("day first", vec!["%d/%m/%Y".to_owned()]), ("month first", vec!["%m/%d/%Y".to_owned()])]);
        for values in
            [["2022-05-01 09:15", "2022-05-02 10:00"], ["31.12.2022", "01.02.2023"], ["4 Mar 2024 9:15", "Mar 5, 2024"]]
        {
            assert_eq!(ways(&values), [("as they stand", Vec::new())], "{values:?}");
        }
        assert_eq!(ways(&["990101", "990131"]), [("year, month, day", vec!["%y%m%d".to_owned()])]);
        assert_eq!(ways(&["010203", "020304"]).len(), 3);
        assert!(moment(&["Billing", "Refund"]).is_none() && moment(&["17", "4"]).is_none());
    }

    #[test]
    fn bare_digits_need_a_header() {
        assert!(moment(&["1709543700", "1709543731"]).is_some_and(|moment| moment.bare && moment.zoned));
        assert!(moment(&["2024-03-04"]).is_some_and(|moment| !moment.bare && moment.day_only));
    }
}
