//! Where each interaction stands: population, handling, outcome, response, resolution (metrics.md §1-4, §11).
//!
//! One pass a row over typed columns; nothing here looks at another row but to learn whether a source
//! knows of lost calls at all.

use super::{Facts, Out, codes, days_only, is_word, seen, times};
use crate::columns::{NO_COUNT, NO_FLAG, NO_TIME, Words};
use crate::settings::Settings;
use crate::terms::{self, Mode, Outcome, Status, meaning};

/// The columns that states are worked out from.
struct Columns {
    status: Vec<u32>,
    statuses: Vec<Status>,
    outcome: Vec<u32>,
    outcomes: Vec<Outcome>,
    outbound: Vec<bool>,
    /// No human took part: said by the export, or the agent is one of the settings' bots.
    bot: Vec<bool>,
    answered: Vec<i64>,
    replied: Vec<i64>,
    resolved: Vec<i64>,
    closed: Vec<i64>,
    wait: Vec<i64>,
    talk: Vec<i64>,
    vendor_reply: Vec<i64>,
    vendor_resolution: Vec<i64>,
    replies: Vec<i32>,
    reply_by_day: Vec<bool>,
    resolution_by_day: Vec<bool>,
    as_of: i64,
}

/// Fill in all that depends on the row alone.
pub(super) fn fill(facts: &mut Facts, settings: &Settings, as_of: i64) {
    let columns = Columns::of(facts, settings, as_of);
    let lossy = lossy_sources(facts, &columns);
    for (row, source) in codes(&facts.table, "source").into_iter().enumerate() {
        facts.out[row] = columns.out(row);
        let outcome = columns.outcome(row, facts.mode[row]);
        live(facts, &columns, row, outcome);
        facts.offered[row] &= lossy.get(source as usize).copied().unwrap_or(false);
        reply(facts, &columns, row);
        let replied = facts.replied_at[row] != NO_TIME;
        let spoken = outcome == Outcome::Answered || columns.talk[row] > 0;
        facts.touched[row] = !columns.bot[row] && (spoken || (columns.replies[row] > 0 && !replied));
        facts.handled[row] = facts.touched[row] || replied;
        resolution(facts, &columns, row);
    }
}

impl Columns {
    fn of(facts: &Facts, settings: &Settings, as_of: i64) -> Self {
        let table = &facts.table;
        let none = Words::default();
        let words = |name| table.words(name).map_or(&none, |(_, words)| words);
        let replies = table.counts("replies").map_or_else(|| vec![NO_COUNT; table.rows()], <[i32]>::to_vec);
        Self {
            status: codes(table, "status"),
            statuses: terms::statuses(words("status")),
            outcome: codes(table, "outcome"),
            outcomes: terms::outcomes(words("outcome")),
            outbound: is_word(table, "direction", "outbound"),
            bot: bots(facts, settings),
            answered: seen(table, "answered_at", as_of),
            replied: seen(table, "first_response_at", as_of),
            resolved: seen(table, "resolved_at", as_of),
            closed: seen(table, "closed_at", as_of),
            wait: times(table, "wait", NO_TIME),
            talk: times(table, "talk", NO_TIME),
            vendor_reply: times(table, "vendor_first_response", NO_TIME),
            vendor_resolution: times(table, "vendor_resolution", NO_TIME),
            replies,
            reply_by_day: days_only(table, "first_response_at"),
            resolution_by_day: days_only(table, "resolved_at"),
            as_of,
        }
    }

    fn status(&self, row: usize) -> Status {
        meaning(&self.statuses, self.status[row], Status::Unknown)
    }

    /// The first reason of outbound, deleted, spam, merged, test.
    fn out(&self, row: usize) -> Out {
        match self.status(row) {
            _ if self.outbound[row] => Out::Outbound,
            Status::Deleted => Out::Deleted,
            Status::Spam => Out::Spam,
            Status::Merged => Out::Merged,
            Status::Test => Out::Test,
            _ => Out::No,
        }
    }

    /// `outcome` wins over an `answered_at` that contradicts it; without it, a filled one is an answer.
    fn outcome(&self, row: usize, mode: Mode) -> Outcome {
        match meaning(&self.outcomes, self.outcome[row], Outcome::Unknown) {
            Outcome::Unknown if mode == Mode::Live && self.answered[row] != NO_TIME => Outcome::Answered,
            outcome => outcome,
        }
    }
}

/// Rows in which no human took part.
fn bots(facts: &Facts, settings: &Settings) -> Vec<bool> {
    let names: Vec<String> = settings.bots.iter().map(|name| name.to_lowercase()).collect();
    let is_bot: Vec<bool> = facts
        .table
        .words("agent")
        .map_or_else(Vec::new, |(_, words)| words.iter().map(|agent| names.contains(&agent.to_lowercase())).collect());
    let agent = codes(&facts.table, "agent");
    let said = facts.table.flags("bot");
    let flag = |row: usize| said.map_or(NO_FLAG, |flags| flags[row]);
    (0..facts.rows()).map(|row| flag(row) == 1 || meaning(&is_bot, agent[row], false)).collect()
}

/// Sources with a live contact that nobody answered; only they know what was offered.
fn lossy_sources(facts: &Facts, columns: &Columns) -> Vec<bool> {
    let mut lossy = vec![false; facts.table.words("source").map_or(0, |(_, words)| words.len())];
    for (row, source) in codes(&facts.table, "source").into_iter().enumerate() {
        let lost = matches!(columns.outcome(row, facts.mode[row]), Outcome::Abandoned | Outcome::Lost);
        if lost
            && facts.mode[row] == Mode::Live
            && let Some(flag) = lossy.get_mut(source as usize)
        {
            *flag = true;
        }
    }
    lossy
}

/// Outcome and waiting time of a live contact.
fn live(facts: &mut Facts, columns: &Columns, row: usize, outcome: Outcome) {
    if facts.mode[row] != Mode::Live || columns.bot[row] {
        return;
    }
    facts.answered[row] = outcome == Outcome::Answered;
    facts.abandoned[row] = outcome == Outcome::Abandoned;
    facts.missed[row] = outcome == Outcome::Lost;
    facts.callback[row] = outcome == Outcome::Callback;
    facts.offered[row] = matches!(outcome, Outcome::Answered | Outcome::Abandoned | Outcome::Lost);
    let (at, picked_up, replied) = (facts.at[row], columns.answered[row], columns.replied[row]);
    let wait = match columns.wait[row] {
        NO_TIME if at == NO_TIME || facts.by_day[row] => NO_TIME,
        // A chat waits for the first human word, a call for the pick-up.
        NO_TIME if replied != NO_TIME => replied - at,
        NO_TIME if picked_up != NO_TIME => picked_up - at,
        wait => wait,
    };
    facts.wait[row] = possible(facts, row, wait, "wait");
}

/// The first human reply to a written contact, from the export's instants or else from its own duration.
fn reply(facts: &mut Facts, columns: &Columns, row: usize) {
    let at = facts.at[row];
    if facts.mode[row] != Mode::Written || columns.bot[row] || at == NO_TIME || facts.by_day[row] {
        return;
    }
    if columns.replied[row] != NO_TIME && !columns.reply_by_day[row] {
        let took = possible(facts, row, columns.replied[row] - at, "first response");
        facts.replied_at[row] = if took == NO_TIME { NO_TIME } else { at + took };
    } else if columns.vendor_reply[row] != NO_TIME {
        let took = possible(facts, row, columns.vendor_reply[row], "first response");
        if took != NO_TIME && at + took <= columns.as_of {
            facts.replied_at[row] = at + took;
            facts.reply_by_vendor[row] = true;
        }
    }
}

/// Resolved, open or unknown, and since when.
fn resolution(facts: &mut Facts, columns: &Columns, row: usize) {
    let status = columns.status(row);
    let at = facts.at[row];
    facts.status_known[row] = status != Status::Unknown;
    facts.unresolved[row] = status == Status::Unresolved;
    facts.open[row] = status == Status::Open;
    facts.done[row] = status == Status::Done;
    if !matches!(status, Status::Done | Status::Open) {
        return;
    }
    let vendor = columns.vendor_resolution[row];
    let (resolved, by_vendor) = match (columns.resolved[row], columns.closed[row]) {
        // A vendor's resolution time on a case that is not resolved is no resolution.
        (NO_TIME, _) if status == Status::Open => (NO_TIME, false),
        (NO_TIME, NO_TIME) if vendor != NO_TIME && vendor >= 0 && at != NO_TIME => (at + vendor, true),
        (NO_TIME, closed) => (closed, false),
        (resolved, _) => (resolved, false),
    };
    if status == Status::Done && unseen_resolution(facts, columns, row, resolved) {
        facts.done[row] = false;
        facts.open[row] = true;
        return;
    }
    if resolved == NO_TIME {
        return;
    }
    let took =
        if at == NO_TIME { 0 } else { possible(facts, row, resolved - day_slack(facts, columns, row), "resolution") };
    if took == NO_TIME {
        return;
    }
    facts.resolved_at[row] = resolved;
    if status == Status::Done && at != NO_TIME && (by_vendor || facts.by_day[row] == columns.resolution_by_day[row]) {
        facts.ttr[row] = resolved - at;
    }
}

/// A resolution that happens after `as_of` has not happened yet.
fn unseen_resolution(facts: &Facts, columns: &Columns, row: usize, resolved: i64) -> bool {
    let later = |name| facts.table.time(name, row).is_some_and(|at| at > columns.as_of);
    if resolved == NO_TIME { later("resolved_at") || later("closed_at") } else { resolved > columns.as_of }
}

/// What to measure a resolution against: a day is not before an instant within it.
fn day_slack(facts: &Facts, columns: &Columns, row: usize) -> i64 {
    let at = facts.at[row];
    if columns.resolution_by_day[row] && !facts.by_day[row] { at - crate::zone::DAY } else { at }
}

/// A duration if it can be; a negative one is noted and left out (metrics.md §0.10).
fn possible(facts: &mut Facts, row: usize, duration: i64, what: &'static str) -> i64 {
    if duration >= 0 || duration == NO_TIME {
        return duration;
    }
    facts.impossible.push((u32::try_from(row).unwrap_or(u32::MAX), what));
    NO_TIME
}
