//! Where each interaction stands: population, handling, outcome, response (metrics.md §1-3, §11).
//!
//! One pass a row over typed columns; nothing here looks at another row but to learn whether a source
//! knows of lost calls at all.

use super::{Facts, Out, codes, days_only, is_word, possible, resolution, seen, times};
use crate::columns::{Counts, NO_COUNT, NO_FLAG, NO_TIME, Words};
use crate::settings::Settings;
use crate::terms::{self, Mode, Outcome, Status, meaning};
use crate::zone::Zone;

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
    wait: Vec<i64>,
    talk: Vec<i64>,
    vendor_reply: Vec<i64>,
    replies: Vec<i32>,
    reply_by_day: Vec<bool>,
    answer_by_day: Vec<bool>,
    chat: Vec<bool>,
    as_of: i64,
}

/// Fill in all that depends on the row alone.
pub(super) fn fill(facts: &mut Facts, settings: &Settings, zone: &Zone, as_of: i64) {
    let columns = Columns::of(facts, settings, as_of);
    resolution::fill(facts, &columns.status, &columns.statuses, zone, as_of);
    let lossy = lossy_sources(facts, &columns);
    for (row, source) in codes(&facts.table, "source").into_iter().enumerate() {
        facts.out[row] = columns.out(row);
        let outcome = columns.outcome(row, facts.mode[row]);
        live(facts, &columns, row, outcome);
        facts.offered[row] &= lossy.get(source as usize).copied().unwrap_or(false);
        reply(facts, &columns, row);
        let replied = facts.replied_at[row] != NO_TIME;
        let spoken = outcome == Outcome::Answered || columns.talk[row] > 0;
        let touched = spoken || (!replied && columns.has_reply(facts, row));
        facts.touched[row] = touched && !columns.bot[row];
        facts.handled[row] = facts.touched[row] || replied;
    }
}

impl Columns {
    fn of(facts: &Facts, settings: &Settings, as_of: i64) -> Self {
        let table = &facts.table;
        let none = Words::default();
        let words = |name| table.words(name).map_or(&none, |(_, words)| words);
        let replies = table.counts("replies").map_or_else(|| vec![NO_COUNT; table.rows()], Counts::to_vec);
        Self {
            status: codes(table, "status"),
            statuses: terms::statuses(words("status")),
            outcome: codes(table, "outcome"),
            outcomes: terms::outcomes(words("outcome")),
            outbound: is_word(table, "direction", "outbound"),
            bot: bots(facts, settings),
            answered: seen(table, "answered_at", as_of),
            replied: seen(table, "first_response_at", as_of),
            wait: times(table, "wait"),
            talk: times(table, "talk"),
            vendor_reply: times(table, "vendor_first_response"),
            replies,
            reply_by_day: days_only(table, "first_response_at"),
            answer_by_day: days_only(table, "answered_at"),
            chat: is_word(table, "channel", "chat"),
            as_of,
        }
    }

    fn status(&self, row: usize) -> Status {
        meaning(&self.statuses, self.status[row], Status::Unknown)
    }

    /// From the start to the human answer, where instants tell: of a chat to the first human word, else to the pick-up.
    fn time_to_answer(&self, facts: &Facts, row: usize, outcome: Outcome) -> i64 {
        let (at, picked_up, replied) = (facts.at[row], self.answered[row], self.replied[row]);
        if outcome != Outcome::Answered || at == NO_TIME || facts.by_day[row] {
            NO_TIME
        } else if self.chat[row] && replied != NO_TIME && !self.reply_by_day[row] {
            replied - at
        } else if picked_up != NO_TIME && !self.answer_by_day[row] {
            picked_up - at
        } else {
            NO_TIME
        }
    }

    /// Whether an instant lies after as-of, and so is not seen.
    fn is_later(&self, facts: &Facts, row: usize, name: &str) -> bool {
        facts.table.time(name, row).is_some_and(|at| at > self.as_of)
    }

    /// Whether a human replied, on any channel, whatever is known of when; an impossible reply is none.
    fn has_reply(&self, facts: &Facts, row: usize) -> bool {
        let (at, replied) = (facts.at[row], self.replied[row]);
        let said = replied != NO_TIME && (at == NO_TIME || self.reply_by_day[row] || replied >= at);
        said || (self.replies[row] > 0 && !self.is_later(facts, row, "first_response_at"))
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

impl Facts {
    /// A written contact whose start is known to the minute.
    pub fn is_written(&self, row: usize) -> bool {
        self.mode[row] == Mode::Written && !self.by_day[row] && self.at[row] != NO_TIME
    }

    /// It had its first human reply by an instant.
    pub fn has_reply(&self, row: usize, by: i64) -> bool {
        self.replied_at[row] != NO_TIME && self.replied_at[row] <= by
    }

    /// A written contact that had no reply by an instant and was still open then, or replied to later: an unknown state
    /// does not wait.
    pub fn is_waiting(&self, row: usize, at: i64) -> bool {
        let still_open = self.open[row] || self.done[row] && self.resolved_at[row] > at;
        let replied_later = self.replied_at[row] > at;
        self.is_written(row) && !self.has_reply(row, at) && (still_open || replied_later)
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
    let flag = |row: usize| said.map_or(NO_FLAG, |flags| flags.get(row));
    (0..facts.rows()).map(|row| flag(row) == 1 || meaning(&is_bot, agent[row], false)).collect()
}

/// Sources with a live contact that nobody answered; only they know what was offered.
fn lossy_sources(facts: &Facts, columns: &Columns) -> Vec<bool> {
    let mut lossy = vec![false; facts.table.words("source").map_or(0, |(_, words)| words.len())];
    for (row, source) in codes(&facts.table, "source").into_iter().enumerate() {
        let outcome = columns.outcome(row, facts.mode[row]);
        let lost = matches!(outcome, Outcome::Abandoned | Outcome::Lost | Outcome::Callback);
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
    let wait =
        if columns.wait[row] == NO_TIME { columns.time_to_answer(facts, row, outcome) } else { columns.wait[row] };
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
    } else if columns.vendor_reply[row] != NO_TIME && !columns.is_later(facts, row, "first_response_at") {
        let took = possible(facts, row, columns.vendor_reply[row], "first response");
        if took != NO_TIME && at + took <= columns.as_of {
            facts.replied_at[row] = at + took;
            facts.reply_by_vendor[row] = true;
        }
    }
}
