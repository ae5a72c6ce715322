//! Which interactions are one: legs of a call by their case, messages by customer, channel and pause, events by number.
//!
//! All other rows stay by themselves. What becomes of the columns of messages is in `threads.rs`.

use super::groups::Groups;
use super::ledger::Ledger;
use super::order::Order;
use crate::columns::{Codes, Data, NO_COUNT, NO_TIME, NO_WORD, Table, Text, Texts, Times};
use crate::input::profile::FoldRule;
use crate::interaction::TableKind;
use crate::settings::Span;

/// Whom a message is from or to: the first of these that is there.
pub const CORRESPONDENT: [&str; 3] = ["customer_phone", "customer_email", "customer_id"];

/// What rows of one interaction share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'a> {
    /// Source and case.
    Leg(u32, Text<'a>),
    /// Source and number.
    Event(u32, Text<'a>),
    /// Source and file.
    Chat(u32, u32),
    /// Source, channel, which key of the customer it is, and the key.
    Message(u32, u32, usize, u32),
}

/// The rows of each record, in the order of their first rows.
pub fn records(table: &Table, ledger: &Ledger, rows: Vec<u32>, pause: Span) -> Groups {
    let order = Order::new(table);
    let keys = Keys::new(table, ledger);
    let joined = if keys.is_empty() { Groups::default() } else { keys.group(&rows, &order, pause) };
    Groups::around(rows, &joined, |rows| order.sort(rows))
}

/// What tells which rows are one interaction.
pub struct Keys<'a> {
    table: &'a Table,
    ledger: &'a Ledger,
    cases: Option<&'a Texts>,
    numbers: Option<&'a Texts>,
    sources: Option<&'a Codes>,
    files: Option<&'a Codes>,
    channels: Option<&'a Codes>,
    correspondents: Vec<&'a Codes>,
    starts: Option<&'a Times>,
}

impl<'a> Keys<'a> {
    pub fn new(table: &'a Table, ledger: &'a Ledger) -> Self {
        let codes = |name: &str| table.words(name).map(|(codes, _)| codes);
        Self {
            table,
            ledger,
            cases: table.texts("case_id"),
            numbers: table.texts("interaction_id"),
            sources: codes("source"),
            files: codes("file"),
            channels: codes("channel"),
            correspondents: CORRESPONDENT.into_iter().filter_map(codes).collect(),
            starts: table.times("started_at"),
        }
    }

    /// Whether no row can belong to another.
    fn is_empty(&self) -> bool {
        let by_rule = self.ledger.any_messages() || self.ledger.any(FoldRule::Events);
        self.table.kind != TableKind::Interactions || self.cases.is_none() && !by_rule
    }

    fn of(&self, row: u32) -> Option<Key<'a>> {
        let at = row as usize;
        let code = |codes: Option<&Codes>| codes.map_or(NO_WORD, |codes| codes.get(at));
        let source = code(self.sources);
        match self.ledger.rule(self.table, row) {
            Some(FoldRule::Chat) => return self.start(row).map(|_| Key::Chat(source, code(self.files))),
            Some(FoldRule::Thread) => {
                let mut keys = self.correspondents.iter().map(|codes| codes.get(at)).enumerate();
                let (which, customer) = keys.find(|&(_, key)| key != NO_WORD)?;
                return self.start(row).map(|_| Key::Message(source, code(self.channels), which, customer));
            }
            Some(FoldRule::Events) => {
                let number = self.numbers?.get(at);
                return (!number.is_empty()).then_some(Key::Event(source, number));
            }
            _ => {}
        }
        let case = self.cases.map_or(Text::EMPTY, |cases| cases.get(at));
        if !case.is_empty() {
            return Some(Key::Leg(source, case));
        }
        // What a list of the same tool says of a logged case is one more state of it.
        let logged = self.ledger.any(FoldRule::Events) && !self.ledger.is_unnumbered(self.table, row);
        let number = self.numbers.filter(|_| logged).map_or(Text::EMPTY, |numbers| numbers.get(at));
        (!number.is_empty()).then_some(Key::Event(source, number))
    }

    fn start(&self, row: u32) -> Option<i64> {
        self.starts.map(|starts| starts.get(row as usize)).filter(|&start| start != NO_TIME)
    }

    /// Rows of one interaction, by two and more in order of time; a pause ends a thread.
    pub fn group(&self, rows: &[u32], order: &Order, pause: Span) -> Groups {
        let by_time = |rows: &mut [u32]| {
            if matches!(self.of(rows[0]), Some(Key::Event(..))) {
                order.sort_events(rows);
            } else {
                rows.sort_unstable_by(|&a, &b| order.compare(a, b));
            }
        };
        Groups::meeting(rows, |row| self.of(row)).parted(by_time, |a, b| self.is_pause(a, b, pause))
    }

    /// Whether so long passed between two messages that the later one is a new contact.
    fn is_pause(&self, a: u32, b: u32, pause: Span) -> bool {
        let passed = self.start(a).zip(self.start(b)).map_or(0, |(a, b)| b.saturating_sub(a));
        passed > pause.0 && self.ledger.is_message(self.table, b)
    }
}

/// How many legs with talk the sums of each interaction's legs are of, unless an export says. Those of records that were
/// folded while they were read are counted already.
pub fn segments(table: &Table, groups: &Groups, ledger: &Ledger) -> Vec<(&'static str, Data)> {
    let any_early = ledger.any_early();
    let counts = table.counts("segments");
    let Some(talk) = table.times("talk").filter(|_| any_early || groups.any_joined() && counts.is_none()) else {
        return Vec::new();
    };
    let counted = |row: u32| counts.map(|counts| counts.get(row as usize)).filter(|&count| count != NO_COUNT);
    let is_ours = |row: u32| any_early && ledger.is_early(table, row);
    let is_said = (0..).take(table.rows()).any(|row| counted(row).is_some() && !is_ours(row));
    let legs = |&row: &u32| match counted(row) {
        Some(_) if is_said && is_ours(row) => None,
        None => (!is_said && talk.get(row as usize) > 0).then_some(1),
        counted => counted,
    };
    let segments = |rows: &[u32]| rows.iter().filter_map(legs).reduce(i32::saturating_add).unwrap_or(NO_COUNT);
    vec![("segments", Data::Count(groups.map(segments).into()))]
}

/// The wait of each interaction whose legs are several: of the first leg that waited or was answered. A leg in
/// front of the queue did neither; the wait of a later leg, after an answer, is that of a transfer. Beside a log, a record
/// that knows of no wait says nothing of it.
pub fn waits(table: &Table, groups: &Groups, ledger: &Ledger) -> Vec<(&'static str, Data)> {
    let (Some(waits), true) = (table.times("wait"), groups.any_joined()) else { return Vec::new() };
    let outcomes = table.words("outcome").map(|(codes, words)| (codes, words.find("answered")));
    let answered_at = table.times("answered_at");
    let is_answered = |row: u32| match outcomes.map(|(codes, answered)| (codes.get(row as usize), answered)) {
        Some((code, answered)) if code != NO_WORD => Some(code) == answered,
        _ => answered_at.is_some_and(|instants| instants.get(row as usize) != NO_TIME),
    };
    let wait = |rows: &[u32]| {
        if let [row] = *rows {
            return waits.get(row as usize);
        }
        let is_logged = || rows.iter().any(|&row| ledger.folds_by(FoldRule::Events, table, row));
        let says = |row: u32| waits.get(row as usize) != NO_TIME || !is_logged();
        let first = rows.iter().find(|&&row| waits.get(row as usize) > 0 || is_answered(row) && says(row));
        let any = || rows.iter().find(|&&row| waits.get(row as usize) != NO_TIME);
        first.or_else(any).map_or(NO_TIME, |&row| waits.get(row as usize))
    };
    vec![("wait", Data::Time(groups.map(wait).into()))]
}
