//! Records that are over while their file is still read: one row each, before the rest of it is there.
//!
//! Rows come as time goes by, or those of a number stand together: what nothing came to of late is over. Of events that is
//! a number without any row among those that came last, of messages a thread whose pause has passed in all of these. That
//! it was so, and no row elsewhere is of the same record, `input` finds out when all is read: by their numbers, and by what
//! `torn.rs` finds. Then one row here is what the fold of all would have made of the same rows, and that takes it as it is.

use super::cases::Keys;
use super::groups::Groups;
use super::ledger::Ledger;
use super::one_each;
use super::order::Order;
use super::torn::torn;
use crate::columns::{NO_TIME, Table, Text, Texts, Times};
use crate::input::profile::FoldRule;
use crate::input::{self, Numbers, Over, Part, SourceFile};
use crate::settings::{Settings, Span};

/// Folds messages and events while others are read.
pub struct Early {
    pause: Span,
}

impl Early {
    pub fn new(settings: &Settings) -> Self {
        Self { pause: settings.thread_gap }
    }
}

impl input::Early for Early {
    fn over(&self, rows: Table, recent: usize, source: &SourceFile, but: &Numbers) -> Over {
        let ledger = Ledger::new(&rows, std::slice::from_ref(source));
        let (parted, numbers) = self.part(&rows, &ledger, recent, (source, but));
        let [alone, open] = [Fate::Alone, Fate::Open].map(|fate| rows.take(&parted.rows(fate)));
        Over { records: one_each(rows, &parted.joined, &ledger), numbers, alone, open }
    }

    fn torn(&self, parts: &[Part]) -> Vec<(usize, u64)> {
        torn(parts, self.pause)
    }
}

impl Early {
    /// What becomes of each row, and the numbers of those that become one with others.
    fn part(
        &self,
        table: &Table,
        ledger: &Ledger,
        recent: usize,
        (source, but): (&SourceFile, &Numbers),
    ) -> (Parted, Vec<u64>) {
        let (now, texts) = (Now::new(table, source, recent, self.pause), table.texts("interaction_id"));
        let number = |row: u32| texts.map_or(Text::EMPTY, |texts| texts.get(row as usize));
        let is_log = source.profile.fold == FoldRule::Events;
        let (rows, order) = ((0..).take(table.rows()).collect::<Vec<u32>>(), Order::new(table));
        let records = match texts.filter(|_| is_log) {
            Some(numbers) => events(&rows, numbers, &order),
            None => Keys::new(table, ledger).group(&rows, &order, self.pause),
        };
        let mut fates: Vec<Fate> = rows.iter().map(|row| now.fate(&[*row])).collect();
        let (mut joined, mut numbers) = (Groups::default(), Vec::new());
        for rows in records.iter() {
            // All events of a record have its number.
            let numbered = if is_log { &rows[..1] } else { rows };
            let mut fate = now.fate(rows);
            if fate == Fate::Alone && !numbered.iter().any(|&row| but.has(&source.instance, number(row))) {
                fate = Fate::Joined;
                joined.push(rows);
                numbers.extend(numbered.iter().map(|&row| Numbers::hash(&source.instance, number(row))));
            }
            rows.iter().for_each(|&row| fates[row as usize] = fate);
        }
        (Parted { fates, joined }, numbers)
    }
}

/// Events of one number, by two and more in the order in which they happened. Those that stand together are looked up
/// once.
fn events(rows: &[u32], numbers: &Texts, order: &Order) -> Groups {
    let number = |row: u32| numbers.as_it_stands(row as usize);
    let runs: Vec<&[u32]> =
        rows.chunk_by(|&a, &b| number(a) == number(b)).filter(|run| !number(run[0]).is_empty()).collect();
    let run = |nth: u32| runs[nth as usize];
    let all: Vec<u32> = (0..).take(runs.len()).collect();
    let met = Groups::meeting(&all, |nth| Some(number(run(nth)[0])));
    let mut groups = Groups::default();
    for runs in Groups::around(all, &met, |_| ()).iter() {
        let mut rows: Vec<u32> = runs.iter().flat_map(|&nth| run(nth)).copied().collect();
        if rows.len() > 1 {
            order.sort_events(&mut rows);
            groups.push(&rows);
        }
    }
    groups
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It waits for others.
    Open,
    /// It stays by itself.
    Alone,
    /// It is one with others.
    Joined,
}

/// What becomes of all rows, and those that are one.
struct Parted {
    fates: Vec<Fate>,
    joined: Groups,
}

impl Parted {
    fn rows(&self, fate: Fate) -> Vec<u32> {
        (0..).zip(&self.fates).filter(|(_, own)| **own == fate).map(|(row, _)| row).collect()
    }
}

/// What came last of a file.
struct Now<'t> {
    starts: Option<&'t Times>,
    /// The first of the last rows.
    first: usize,
    /// Of messages: the first and the last time in these, a pause before and behind.
    times: Option<(i64, i64)>,
}

impl<'t> Now<'t> {
    fn new(table: &'t Table, source: &SourceFile, recent: usize, pause: Span) -> Self {
        let (first, starts) = (table.rows().saturating_sub(recent), table.times("started_at"));
        let times = || starts.into_iter().flat_map(|starts| starts.iter().skip(first)).filter(|&at| at != NO_TIME);
        let around = times().min().zip(times().max());
        let around = around.map(|(from, to)| (from.saturating_sub(pause.0), to.saturating_add(pause.0)));
        Self { starts, first, times: around.filter(|_| source.profile.fold != FoldRule::Events) }
    }

    /// What becomes of rows that are all of a record so far, in order of time, if nobody joins them: they wait, or not.
    fn fate(&self, rows: &[u32]) -> Fate {
        let start = |row: u32| self.starts.map_or(NO_TIME, |starts| starts.get(row as usize));
        let is_over = match self.times {
            Some((from, to)) => start(rows[0]) > to || rows.last().is_none_or(|&last| start(last) < from),
            None => rows.iter().all(|&row| (row as usize) < self.first),
        };
        if is_over { Fate::Alone } else { Fate::Open }
    }
}
