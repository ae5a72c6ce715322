//! Which rows a query counts, in which group each one is, and when it is judged.

use super::Key;
use crate::columns::NO_TIME;
use crate::desk::{Desk, Group};
use crate::dimensions::{Dimension, Key as Split, Place};
use crate::facts::Out;
use crate::facts::answers::NO_CONTACT;
use crate::identity::NO_CUSTOMER;
use crate::metrics::{Clock, Frame};
use crate::period::Grain;
use crate::timeline::Window;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

/// The rows of one query.
pub(super) struct Selection {
    pub clock: Clock,
    /// Rows of `facts`, in its order; on the clocks of answers, sendings and orders, of those; on that of trailing
    /// windows, customers.
    pub rows: Vec<u32>,
    /// The group of each row.
    pub group: Vec<u32>,
    /// When each row is judged.
    pub judged_at: Vec<i64>,
    /// What a state must have come before, exclusive.
    pub ends_at: i64,
    /// The key of each group.
    pub keys: Vec<Key>,
    /// The period that all rows are of, where each is taken by itself.
    split: Option<(Grain, i64)>,
    /// Nothing is split: there is one group, even without rows.
    pub total: bool,
}

/// Groups are numbered as their keys are met.
#[derive(Default)]
struct Numbers {
    numbers: FxHashMap<Key, u32>,
    /// Of single small keys, such as the code of a word: no hashing.
    small: Vec<Option<u32>>,
    keys: Vec<Key>,
}

/// Single keys below this are looked up by their place.
const SMALL: usize = 1 << 16;

impl Numbers {
    #[inline]
    fn of(&mut self, key: &[i64]) -> u32 {
        let place = match key {
            [] if !self.keys.is_empty() => return 0,
            [one] => usize::try_from(*one).ok().filter(|&one| one < SMALL),
            _ => None,
        };
        let Some(place) = place else {
            return self.numbers.get(key).copied().unwrap_or_else(|| {
                let number = self.add(key);
                self.numbers.insert(key.to_vec(), number);
                number
            });
        };
        if place >= self.small.len() {
            self.small.resize(place + 1, None);
        }
        self.small[place].unwrap_or_else(|| {
            let number = self.add(key);
            self.small[place] = Some(number);
            number
        })
    }

    fn add(&mut self, key: &[i64]) -> u32 {
        self.keys.push(key.to_vec());
        u32::try_from(self.keys.len() - 1).unwrap_or(u32::MAX)
    }
}

impl Selection {
    /// `firsts` are those of the same dimensions, where states are asked for.
    pub fn new(
        desk: &Desk,
        (frame, clock): (Frame, Clock),
        (by, firsts): (&[&Dimension], &[u32]),
        window: &Window,
        split: Option<(Grain, i64)>,
    ) -> Self {
        let mut out = Self {
            clock,
            rows: Vec::new(),
            group: Vec::new(),
            judged_at: Vec::new(),
            ends_at: window.to.min(desk.timeline.as_of + 1),
            keys: Vec::new(),
            split,
            total: by.is_empty(),
        };
        let mut numbers = Numbers::default();
        let only_time = by.iter().all(|d| d.grain().is_some());
        let trails = clock == Clock::Trailing;
        let no_state = (split.is_some() || trails) && by.iter().any(|d| matches!(d.key, Split::Weekday | Split::Hour));
        let mut key = vec![0; by.len()];
        if by.is_empty() || (trails && only_time) {
            by.iter().zip(&mut key).for_each(|(d, k)| *k = split.map_or(0, |s| time_key(d, s)));
            numbers.of(&key);
        }
        let mut judged = Judged { day: i32::MIN, at: window.judged_at };
        let numbered: Vec<_> = by.iter().map(|dimension| dimension.numbered(desk)).collect();
        let candidates = if no_state { Vec::new() } else { candidates(desk, clock, firsts, window) };
        out.rows.reserve(candidates.len());
        out.group.reserve(candidates.len());
        out.judged_at.reserve(candidates.len());
        for row in candidates {
            let Some(place) = place(desk, (frame, clock), row as usize, window) else { continue };
            let Some(judged_at) = judged.of(desk, clock, window, place) else { continue };
            for ((dimension, numbered), key) in by.iter().zip(&numbered).zip(&mut key) {
                *key = match split {
                    Some(split) if dimension.grain().is_some() => time_key(dimension, split),
                    _ => numbered.of(place),
                };
            }
            out.rows.push(row);
            out.group.push(numbers.of(&key));
            out.judged_at.push(judged_at);
        }
        out.keys = numbers.keys;
        out
    }

    /// The rows, group by group.
    pub fn groups(&self) -> Vec<Grouped> {
        let empty = |key: &Key| Grouped { key: key.clone(), rows: Vec::new(), judged_at: Vec::new() };
        let mut groups: Vec<Grouped> = self.keys.iter().map(empty).collect();
        for ((&row, &group), &judged_at) in self.rows.iter().zip(&self.group).zip(&self.judged_at) {
            groups[group as usize].rows.push(row);
            groups[group as usize].judged_at.push(judged_at);
        }
        groups
    }
}

/// Give each selection the groups of the others: where one metric has a contact to count, another that has none counts 0
/// and not nothing. Orders and customers over windows of their own are no contacts.
pub(super) fn share_groups(desk: &Desk, by: &[&Dimension], selections: &mut [Selection]) {
    let of_contacts = |selection: &Selection| !matches!(selection.clock, Clock::Order | Clock::Trailing);
    let keys = selections.iter().filter(|selection| of_contacts(selection)).flat_map(|selection| &selection.keys);
    let all: BTreeSet<Key> = keys.filter(|key| is_covered(desk, by, key)).cloned().collect();
    for selection in selections.iter_mut().filter(|selection| of_contacts(selection)) {
        let own: BTreeSet<&Key> = selection.keys.iter().collect();
        let wanting = |key: &&Key| !own.contains(key) && selection.has_time_of(by, key);
        let wanting: Vec<Key> = all.iter().filter(wanting).cloned().collect();
        selection.keys.extend(wanting);
    }
}

/// Whether the data reach into the periods of a key: before the first contact there is nothing to count, which is not 0.
fn is_covered(desk: &Desk, by: &[&Dimension], key: &Key) -> bool {
    let covered = |grain: Grain, key: i64| {
        let day = i32::try_from(key).ok();
        day.is_some_and(|day| desk.timeline.zone.midnight(grain.end(day)) > desk.facts.first_at)
    };
    by.iter().zip(key).all(|(dimension, &key)| dimension.grain().is_none_or(|grain| covered(grain, key)))
}

impl Selection {
    /// Whether a key is of the period that all rows are of.
    fn has_time_of(&self, by: &[&Dimension], key: &Key) -> bool {
        let Some(split) = self.split else { return true };
        by.iter().zip(key).all(|(dimension, &key)| dimension.grain().is_none() || key == time_key(dimension, split))
    }
}

/// The rows of one group.
pub(super) struct Grouped {
    pub key: Key,
    rows: Vec<u32>,
    judged_at: Vec<i64>,
}

impl Grouped {
    /// The same for those who count them.
    pub fn group<'g>(
        &'g self,
        desk: &'g Desk,
        by: &'g [&'static Dimension],
        window: &'g Window,
        in_hours: bool,
    ) -> Group<'g> {
        let Self { key, rows, judged_at } = self;
        Group { desk, rows, judged_at, window, by, key, in_hours }
    }
}

/// When rows of a day are judged: they stand by time, so that neighbours are mostly of one.
struct Judged {
    day: i32,
    at: i64,
}

impl Judged {
    /// `None` of a row that lies beyond its period's cut, or in no period.
    #[inline]
    fn of(&mut self, desk: &Desk, clock: Clock, window: &Window, place: Place) -> Option<i64> {
        // The end of a period is the instant that a state is judged at.
        if clock == Clock::State {
            let dated = window.split.is_none() || place.day != i32::MIN;
            return dated.then(|| window.to.min(window.judged_at));
        }
        if self.day != place.day {
            *self = Self { day: place.day, at: desk.timeline.judged_at(window, place.day) };
        }
        let split = window.split.is_some();
        (!split || place.at <= self.at && place.day != i32::MIN).then_some(self.at)
    }
}

/// The key of a time dimension for what is taken period by period.
fn time_key(dimension: &Dimension, (_, from): (Grain, i64)) -> i64 {
    let first_day = i32::try_from(from).unwrap_or(0);
    dimension.grain().map_or(from, |grain| i64::from(grain.start(first_day)))
}

/// The rows among which a window's are.
fn candidates(desk: &Desk, clock: Clock, firsts: &[u32], window: &Window) -> Vec<u32> {
    let facts = &desk.facts;
    match clock {
        Clock::Answer => (0..).take(desk.answers.len()).collect(),
        Clock::Sending => (0..).take(desk.sent.len()).collect(),
        Clock::Order => desk.activity.between(window.from, window.to).collect(),
        Clock::Trailing => (0..desk.customers()).collect(),
        Clock::Start => facts.started(window.from, window.to).collect(),
        Clock::Resolution => facts.resolved(window.from, window.to).collect(),
        Clock::Closing => facts.closings(window.from, window.to).collect(),
        Clock::State => {
            let mut rows: Vec<u32> =
                firsts.iter().copied().filter(|&row| facts.at.get(row as usize) < window.to).collect();
            rows.extend(facts.open_at(window.to.min(desk.timeline.as_of + 1)));
            rows.sort_unstable();
            rows.dedup();
            rows
        }
    }
}

/// The first row of each group: one that has nothing open at some instant has its line all the same.
pub(super) fn firsts(desk: &Desk, by: &[&Dimension]) -> Arc<[u32]> {
    let by: Vec<&Dimension> = by.iter().copied().filter(|dimension| dimension.grain().is_none()).collect();
    let ids: Vec<&'static str> = by.iter().map(|dimension| dimension.id).collect();
    // Whoever panicked while holding it has left nothing half done.
    let known = || desk.firsts.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(firsts) = known().get(&ids) {
        return Arc::clone(firsts);
    }
    let firsts: Arc<[u32]> = find_firsts(desk, &by).into();
    known().insert(ids, Arc::clone(&firsts));
    firsts
}

fn find_firsts(desk: &Desk, by: &[&Dimension]) -> Vec<u32> {
    let by: Vec<_> = by.iter().map(|dimension| dimension.numbered(desk)).collect();
    let everything = desk.timeline.everything();
    let mut numbers = Numbers::default();
    let mut key = vec![0; by.len()];
    let mut firsts = Vec::new();
    for row in desk.facts.started(NO_TIME, everything.to) {
        let Some(place) = place(desk, (Frame::Contacts, Clock::State), row as usize, &everything) else { continue };
        by.iter().zip(&mut key).for_each(|(numbered, key)| *key = numbered.of(place));
        if numbers.of(&key) as usize == firsts.len() {
            firsts.push(row);
        }
        if by.is_empty() {
            break;
        }
    }
    firsts
}

/// Where a row stands on this clock, if it is in the metric's frame, let through, and in the window. A place that went
/// through memory would be waited for.
#[inline(always)]
fn place(desk: &Desk, (frame, clock): (Frame, Clock), row: usize, window: &Window) -> Option<Place> {
    let place = stands(desk, clock, row, window)?;
    let out = |row: usize| desk.facts.out[row];
    let among = |row: usize| out(row) == Out::No || frame == Frame::BothWays && out(row) == Out::Outbound;
    let kept = match (clock, place.row) {
        (Clock::Order | Clock::Trailing, _) => place.customer != NO_CUSTOMER && desk.keeps_customer(place.customer),
        (_, Some(row)) => among(row) && desk.keeps(row),
        (_, None) => desk.keep.is_none(),
    };
    let inside = match clock {
        Clock::State => place.at < window.to,
        Clock::Start => (window.from..window.to).contains(&place.at),
        _ => place.at != NO_TIME && (window.from..window.to).contains(&place.at),
    };
    (kept && inside).then_some(place)
}

/// Where and when a row stands, whoever asks.
#[inline(always)]
fn stands(desk: &Desk, clock: Clock, row: usize, window: &Window) -> Option<Place> {
    let facts = &desk.facts;
    let contact = |row: u32| (row != NO_CONTACT).then_some(row as usize);
    let (row, customer, at, by_day) = match clock {
        Clock::Answer => desk.answers.get(row).map(|one| (contact(one.about), one.customer, one.at, one.by_day))?,
        Clock::Sending => desk.sent.get(row).map(|one| (contact(one.about), one.customer, one.at, one.by_day))?,
        Clock::Order => desk.activity.purchases.get(row).map(|order| (None, order.customer, order.at, false))?,
        // A customer stands at the end of the window that trails.
        Clock::Trailing => (None, u32::try_from(row).ok()?, window.to.saturating_sub(1), true),
        Clock::Closing => {
            let closing = facts.closing(u32::try_from(row).ok()?)?;
            let row = closing.row as usize;
            (Some(row), facts.customer[row], closing.at, facts.resolved_by_day[row])
        }
        Clock::Resolution => (Some(row), facts.customer[row], facts.resolved_at.get(row), facts.resolved_by_day[row]),
        Clock::Start | Clock::State => {
            let (customer, day, by_day) = (facts.customer[row], facts.day[row], facts.by_day[row]);
            return Some(Place { row: Some(row), customer, at: facts.at.get(row), day, by_day });
        }
    };
    Some(Place { row, customer, at, day: desk.timeline.zone.day(at), by_day })
}
