//! How far the exports' own durations lie from ours, row by row, and why (metrics.md §0.12). Their verdicts are in
//! `verdicts.rs`.
//!
//! Ours count; a vendor's enters a figure only where there are no instants. To compare one more duration: a line in
//! `COMPARED`. To name one more cause: an arm of `Apart::cause`.

use super::check::ratio;
use super::{Better, Cell, Column, Row, Table, Unit};
use crate::columns::NO_TIME;
use crate::desk::Desk;
use crate::facts::history::{Actor, Event, Kind};
use crate::interaction::day_bit;
use std::cmp::Reverse;
use std::collections::BTreeMap;

const MINUTE: i64 = 60_000;
/// Zones lie quarters of an hour apart, and none more than this many minutes from UTC.
const ZONE_STEP: i64 = 15;
const ZONE_MOST: i64 = 14 * 60;

/// A duration that exports compute too.
struct Compared {
    what: &'static str,
    /// The instant at which it ends, and the vendor's column.
    ends: &'static str,
    vendor: &'static str,
    in_hours: bool,
}

const REPLY: &str = "first_response_at";
const RESOLUTION: &str = "resolved_at";

const COMPARED: [Compared; 4] = [
    Compared { what: "first reply", ends: REPLY, vendor: "vendor_first_response", in_hours: false },
    Compared {
        what: "first reply, business hours",
        ends: REPLY,
        vendor: "vendor_first_response_business",
        in_hours: true,
    },
    Compared { what: "resolution", ends: RESOLUTION, vendor: "vendor_resolution", in_hours: false },
    Compared {
        what: "resolution, business hours",
        ends: RESOLUTION,
        vendor: "vendor_resolution_business",
        in_hours: true,
    },
];

/// A line a source and duration: how many rows agree, how far theirs lie from ours, and the likely cause.
pub fn durations(desk: &Desk) -> Table {
    let figure = |id: &str, label: &str, unit| Column::figure(id, label, unit, Better::Neither);
    let columns = vec![
        Column::name("source", "Source"),
        Column::name("what", "Duration"),
        figure("rows", "rows with both", Unit::Count),
        figure("equal", "equal within a minute", Unit::Share),
        figure("median", "apart, half within", Unit::Seconds),
        figure("p90", "apart, 9 in 10 within", Unit::Seconds),
        figure("commonest", "theirs minus ours, commonest", Unit::Seconds),
        Column::name("cause", "Likely cause"),
    ];
    let mut rows = Vec::new();
    for compared in &COMPARED {
        for (source, apart) in differences(desk, compared) {
            let cause = apart.cause(compared.in_hours);
            let mut cells = vec![Cell::text(source), Cell::text(compared.what)];
            cells.extend(apart.figures());
            cells.push(Cell::text(cause));
            rows.push(Row { cells, series: Vec::new() });
        }
    }
    let title = "The exports' own durations beside ours, where both are there".into();
    Table { id: "vendor".into(), title, columns, rows, ..Table::default() }
}

/// By source: how theirs differ from ours. A reply shortly before its question is no figure, but tells of zones.
fn differences<'d>(desk: &'d Desk, compared: &Compared) -> BTreeMap<&'d str, Apart> {
    let (facts, mut out) = (&desk.facts, BTreeMap::<&str, Apart>::new());
    let (Some(ends), Some(theirs)) = (facts.table.times(compared.ends), facts.table.times(compared.vendor)) else {
        return out;
    };
    let (days, day) = (facts.table.counts("by_day"), day_bit(facts.table.kind, compared.ends));
    let by_day = |row: usize| facts.by_day[row] || days.is_some_and(|days| days.get(row).max(0) & day != 0);
    for row in 0..facts.rows() {
        let (at, ended, theirs) = (facts.at.get(row), ends.get(row), theirs.get(row));
        if at == NO_TIME || ended == NO_TIME || theirs == NO_TIME || by_day(row) {
            continue;
        }
        let at = if compared.ends == REPLY { facts.asked_at(row) } else { at };
        let elapsed = ended.saturating_sub(at);
        if ended > desk.timeline.as_of || elapsed < -ZONE_MOST * MINUTE {
            continue;
        }
        let open = desk.calendar(row).map(|calendar| calendar.between(at, ended));
        let (ours, otherwise) = if compared.in_hours { (open, Some(elapsed)) } else { (Some(elapsed), open) };
        if let Some(ours) = ours {
            let after_bot = compared.ends == REPLY && is_after_bot(desk, row, ended);
            out.entry(facts.table.word("source", row)).or_default().add(theirs, ours, otherwise, after_bot);
        }
    }
    out
}

/// Whether a bot spoke before the reply, as far as the agent's name, the export or the history tells.
fn is_after_bot(desk: &Desk, row: usize, replied: i64) -> bool {
    let spoke = |event: Event| event.kind == Kind::MessageOut && event.by == Actor::Bot && event.at <= replied;
    desk.facts.bot[row] || desk.facts.history.of(row).any(spoke)
}

/// How far durations of the vendor lie from ours.
#[derive(Debug, Default)]
struct Apart {
    /// Theirs minus ours, in milliseconds.
    millis: Vec<i64>,
    /// More than a minute apart.
    unequal: usize,
    /// Of these, theirs is ours by the other clock.
    by_other_clock: usize,
    /// Of these, theirs is shorter, and a bot spoke before the reply.
    by_bot: usize,
}

impl Apart {
    fn add(&mut self, theirs: i64, ours: i64, otherwise: Option<i64>, after_bot: bool) {
        let differs = |ours: i64| theirs.saturating_sub(ours).saturating_abs() > MINUTE;
        self.millis.push(theirs.saturating_sub(ours));
        if differs(ours) {
            self.unequal += 1;
            self.by_other_clock += usize::from(otherwise.is_some_and(|ours| !differs(ours)));
            self.by_bot += usize::from(theirs < ours && after_bot);
        }
    }

    fn figures(&self) -> [Cell; 5] {
        let apart: Vec<i64> = self.millis.iter().map(|d| d.saturating_abs()).collect();
        let rows = self.millis.len() as u64;
        let equal = Cell { n: Some(rows), ..Cell::number(ratio(self.millis.len() - self.unequal, self.millis.len())) };
        #[expect(clippy::cast_precision_loss, reason = "minutes of a duration are far below 2^52")]
        let commonest = Cell::number(self.commonest().map(|minutes| (minutes * 60) as f64));
        [Cell::count(rows), equal, at(apart.clone(), 0.5), at(apart, 0.9), commonest]
    }

    /// The commonest difference of those of more than a minute, in minutes: begun ones are whole, as vendors cut off
    /// seconds. Of two as common the lesser.
    fn commonest(&self) -> Option<i64> {
        let mut counted: BTreeMap<i64, usize> = BTreeMap::new();
        for millis in self.millis.iter().filter(|millis| millis.saturating_abs() > MINUTE) {
            let minutes = millis.div_euclid(MINUTE) + i64::from(millis.rem_euclid(MINUTE) > 0);
            *counted.entry(minutes).or_default() += 1;
        }
        counted.into_iter().max_by_key(|&(minutes, n)| (n, Reverse(minutes.abs()))).map(|(minutes, _)| minutes)
    }

    /// What explains most of the rows that differ. Hours come before zones: nights, too, are constant and whole.
    fn cause(&self, in_hours: bool) -> &'static str {
        let most = |explained: usize| explained * 2 > self.unequal;
        match () {
            () if self.unequal == 0 => "",
            () if most(self.by_other_clock) && in_hours => "the export counts every hour",
            () if most(self.by_other_clock) => "the export counts business hours",
            () if self.is_of_another_zone() => "times of another zone",
            () if most(self.by_bot) => "a bot's reply counts there",
            () => "",
        }
    }

    /// Whether most of all rows are the same whole, half or quarter hours apart, within a minute.
    fn is_of_another_zone(&self) -> bool {
        let step = |minutes: i64| minutes.saturating_add(ZONE_STEP / 2).div_euclid(ZONE_STEP) * ZONE_STEP;
        let constant = self.commonest().map(step).filter(|&minutes| minutes != 0 && minutes.abs() <= ZONE_MOST);
        constant.is_some_and(|minutes| {
            let near = |millis: &&i64| millis.saturating_sub(minutes * MINUTE).saturating_abs() <= MINUTE;
            self.millis.iter().filter(near).count() * 2 > self.millis.len()
        })
    }
}

/// A quantile by linear interpolation (type 7), in seconds.
#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position in a list")]
fn at(mut millis: Vec<i64>, quantile: f64) -> Cell {
    millis.sort_unstable();
    let place = quantile * (millis.len().max(1) - 1) as f64;
    let value = |at: usize| millis.get(at).or(millis.last()).map(|&ms| ms as f64 / 1_000.0);
    let (low, high) = (value(place.floor() as usize), value(place.ceil() as usize));
    Cell::number(low.zip(high).map(|(low, high)| low + (high - low) * place.fract()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        let tenths: Vec<i64> = (1..=10).map(|n| n * 1_000).collect();
        assert_eq!(at(tenths, 0.9), Cell::number(Some(9.1)), "p90 of 1..10");
        assert_eq!(at(Vec::new(), 0.5), Cell::default());
    }

    /// Differences in minutes, nothing else known.
    fn apart(minutes: &[i64]) -> Apart {
        let mut apart = Apart::default();
        minutes.iter().for_each(|minutes| apart.add(minutes * MINUTE, 0, None, false));
        apart
    }

    #[test]
    fn the_same_quarters_of_an_hour_are_a_zone_and_nights_are_not() {
        let zone = "times of another zone";
        assert_eq!(apart(&[-60, -60, -60, 0]).cause(false), zone);
        assert_eq!(apart(&[345, 345, 344]).cause(false), zone, "Nepal is 5 h 45 min ahead; seconds are cut off");
        assert_eq!(apart(&[-60, -60, 0, 0]).cause(false), "", "not most of the rows");
        assert_eq!(apart(&[-960, -960, -960]).cause(false), "", "no zone is 16 hours away");
        assert_eq!(apart(&[20, 20, 20]).cause(false), "");
        assert_eq!((apart(&[1, 0, -1]).unequal, apart(&[1, 0, -1]).commonest()), (0, None));
        assert_eq!(apart(&[-5, 5, -7, 9, 9]).commonest(), Some(9));
        assert_eq!(apart(&[i64::MAX / MINUTE, i64::MIN / MINUTE]).cause(false), "", "no overflow");
    }
}
