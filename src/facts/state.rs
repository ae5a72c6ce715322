//! Where each interaction stands: population, handling, outcome, response (metrics.md §1-3, §11).
//!
//! One pass a row over typed columns; nothing here looks at another row but to learn whether a source
//! knows of lost calls at all.

use super::history::Kind;
use super::seen::{Coded, DayOnly, Is, Seen, codes, days_only, is_word, seen, times};
use super::{Facts, Out, possible, resolution};
use crate::columns::{Bits, Counts, NO_COUNT, NO_TIME, Table, Words};
use crate::interaction::place;
use crate::settings::Settings;
use crate::terms::{self, Mode, Outcome, Status, meaning};
use crate::zone::Zone;

const FIRST_RESPONSE: usize = place("first_response_at");

/// The columns that states are worked out from.
struct Columns<'t> {
    status: Coded<'t>,
    statuses: Vec<Status>,
    outcome: Coded<'t>,
    outcomes: Vec<Outcome>,
    outbound: Is<'t>,
    /// No human took part: said by the export, or the agent is one of the settings' bots.
    bot: Bits,
    answered: Seen<'t>,
    replied: Seen<'t>,
    wait: Seen<'t>,
    talk: Seen<'t>,
    vendor_reply: Seen<'t>,
    replies: Option<&'t Counts>,
    reply_by_day: DayOnly<'t>,
    answer_by_day: DayOnly<'t>,
    chat: Is<'t>,
    as_of: i64,
}

/// Fill in all that depends on the row alone.
pub(super) fn fill(facts: &mut Facts, table: &Table, settings: &Settings, zone: &Zone, as_of: i64) {
    let columns = Columns::of(table, settings, as_of);
    resolution::fill(facts, table, (columns.status, &columns.statuses), zone, as_of);
    let lossy = lossy_sources(facts, table, &columns);
    let telling = telling_sources(facts, table, &columns);
    let sources = codes(table, "source");
    for row in 0..facts.rows() {
        facts.bot.set(row, columns.bot[row]);
        facts.out[row] = columns.out(row);
        let outcome = columns.outcome(row, facts.mode[row]);
        live(facts, table, &columns, row, outcome);
        let known = lossy.get(sources.get(row) as usize).copied().unwrap_or(false);
        facts.offered.set(row, facts.offered[row] && known);
        facts.tells_replies.set(row, telling.get(sources.get(row) as usize).copied().unwrap_or(false));
        reply(facts, table, &columns, row);
        let replied = facts.replied_at.get(row) != NO_TIME;
        let spoken = outcome == Outcome::Answered || columns.talk.get(row) > 0;
        let touched = spoken || (!replied && columns.has_reply(facts, row));
        facts.touched.set(row, touched && !columns.bot[row]);
        facts.handled.set(row, facts.touched[row] || replied);
    }
}

impl<'t> Columns<'t> {
    fn of(table: &'t Table, settings: &Settings, as_of: i64) -> Self {
        let none = Words::default();
        let words = |name| table.words(name).map_or(&none, |(_, words)| words);
        Self {
            status: codes(table, "status"),
            statuses: terms::statuses(words("status")),
            outcome: codes(table, "outcome"),
            outcomes: terms::outcomes(words("outcome")),
            outbound: is_word(table, "direction", "outbound"),
            bot: bots(table, settings),
            answered: seen(table, "answered_at", as_of),
            replied: seen(table, "first_response_at", as_of),
            wait: times(table, "wait"),
            talk: times(table, "talk"),
            vendor_reply: times(table, "vendor_first_response"),
            replies: table.counts("replies"),
            reply_by_day: days_only(table, "first_response_at"),
            answer_by_day: days_only(table, "answered_at"),
            chat: is_word(table, "channel", "chat"),
            as_of,
        }
    }

    fn status(&self, row: usize) -> Status {
        meaning(&self.statuses, self.status.get(row), Status::Unknown)
    }

    /// From the start to the human answer, where instants tell: of a chat to the first human word, else to the pick-up.
    fn time_to_answer(&self, facts: &Facts, row: usize, outcome: Outcome) -> i64 {
        let (at, picked_up, replied) = (facts.at.get(row), self.answered.get(row), self.replied.get(row));
        if outcome != Outcome::Answered || at == NO_TIME || facts.by_day[row] {
            NO_TIME
        } else if self.chat.get(row) && replied != NO_TIME && !self.reply_by_day.get(row) {
            replied - at
        } else if picked_up != NO_TIME && !self.answer_by_day.get(row) {
            picked_up - at
        } else {
            NO_TIME
        }
    }

    /// Whether a human replied, on any channel, whatever is known of when; an impossible reply is none.
    fn has_reply(&self, facts: &Facts, row: usize) -> bool {
        let (at, replied) = (facts.at.get(row), self.replied.get(row));
        let said = replied != NO_TIME && (at == NO_TIME || self.reply_by_day.get(row) || replied >= at);
        said || (self.replies.is_some_and(|replies| replies.get(row) > 0) && !self.replied.is_later(row))
    }

    /// The first reason of outbound, deleted, spam, merged, test.
    fn out(&self, row: usize) -> Out {
        match self.status(row) {
            _ if self.outbound.get(row) => Out::Outbound,
            Status::Deleted => Out::Deleted,
            Status::Spam => Out::Spam,
            Status::Merged => Out::Merged,
            Status::Test => Out::Test,
            _ => Out::No,
        }
    }

    /// `outcome` wins over an `answered_at` that contradicts it; without it, a filled one is an answer.
    fn outcome(&self, row: usize, mode: Mode) -> Outcome {
        match meaning(&self.outcomes, self.outcome.get(row), Outcome::Unknown) {
            Outcome::Unknown if mode == Mode::Live && self.answered.get(row) != NO_TIME => Outcome::Answered,
            outcome => outcome,
        }
    }
}

impl Facts {
    /// A written contact whose start is known to the minute, in a source that tells of replies.
    #[inline]
    pub fn is_written(&self, row: usize) -> bool {
        self.mode[row] == Mode::Written && self.tells_replies[row] && !self.by_day[row] && self.at.get(row) != NO_TIME
    }

    /// A human took part by an instant, other than by a written reply whose time is known. A reply known to the day
    /// begins with it.
    pub fn was_touched(&self, row: usize, by: i64) -> bool {
        self.touched[row] && (self.mode[row] != Mode::Written || self.replied_on(row).is_none_or(|day| day <= by))
    }

    /// When the day began on which it was replied to, where no more than that is known.
    fn replied_on(&self, row: usize) -> Option<i64> {
        let times = self.table.times_at(FIRST_RESPONSE).filter(|times| times.get(row) != NO_TIME)?;
        let by_day = days_only(&self.table, "first_response_at").get(row);
        by_day.then(|| times.get(row))
    }

    /// When a live contact's wait ended.
    #[inline]
    pub fn picked_up_at(&self, row: usize) -> i64 {
        let (at, wait) = (self.at.get(row), self.wait.get(row));
        if at == NO_TIME || wait == NO_TIME { NO_TIME } else { at.saturating_add(wait) }
    }

    /// It had its first human reply by an instant.
    #[inline]
    pub fn has_reply(&self, row: usize, by: i64) -> bool {
        self.replied_at.get(row) != NO_TIME && self.replied_at.get(row) <= by
    }

    /// When anybody first replied to a written contact, bots too: by its history, else the human reply, else the reply of
    /// what a bot dealt with.
    pub fn any_reply_at(&self, row: usize) -> i64 {
        if !self.is_written(row) {
            return NO_TIME;
        }
        if let Some(first) = self.history.of(row).find(|event| event.kind == Kind::MessageOut) {
            return first.at;
        }
        let own = seen(&self.table, "first_response_at", self.as_of).get(row);
        let by_day = days_only(&self.table, "first_response_at").get(row);
        let by_bot = self.bot[row] && own >= self.at.get(row) && !by_day;
        if by_bot { own } else { self.replied_at.get(row) }
    }

    /// It had no reply by anybody at an instant, and was still open then or replied to later.
    pub fn is_waiting_for_anybody(&self, row: usize, at: i64) -> bool {
        let replied = self.any_reply_at(row);
        let unanswered = replied == NO_TIME && !self.was_touched(row, at) && self.is_unanswered(row, at);
        self.is_written(row) && (replied > at || unanswered)
    }

    /// Still open at an instant.
    #[inline]
    pub fn is_unanswered(&self, row: usize, at: i64) -> bool {
        (self.open[row] || self.done[row]) && !self.was_resolved(row, at)
    }

    /// A written contact that had no reply by an instant and was still open then, or replied to later: an unknown state
    /// does not wait, nor does one that was replied to at an unknown time.
    pub fn is_waiting(&self, row: usize, at: i64) -> bool {
        let replied_later = self.replied_at.get(row) > at;
        let unanswered = !self.was_touched(row, at) && self.is_unanswered(row, at);
        self.is_written(row) && !self.has_reply(row, at) && (unanswered || replied_later)
    }
}

/// Rows in which no human took part.
fn bots(table: &Table, settings: &Settings) -> Bits {
    let agents = table.words("agent").map(|(_, words)| words);
    let is_bot: Vec<bool> =
        agents.map_or_else(Vec::new, |words| words.iter().map(|agent| settings.is_bot(agent)).collect());
    let (agent, said) = (codes(table, "agent"), table.flags("bot"));
    let is_said = |row: usize| said.is_some_and(|flags| flags.get(row) == 1);
    (0..table.rows()).map(|row| is_said(row) || meaning(&is_bot, agent.get(row), false)).collect()
}

/// Sources with a live contact that nobody answered; only they know what was offered.
fn lossy_sources(facts: &Facts, table: &Table, columns: &Columns) -> Vec<bool> {
    let mut lossy = vec![false; table.words("source").map_or(0, |(_, words)| words.len())];
    let sources = codes(table, "source");
    for row in 0..facts.rows() {
        let Some(flag) = lossy.get_mut(sources.get(row) as usize) else { continue };
        let lost =
            || matches!(columns.outcome(row, Mode::Live), Outcome::Abandoned | Outcome::Lost | Outcome::Callback);
        *flag = *flag || facts.mode[row] == Mode::Live && lost();
    }
    lossy
}

/// Sources that say of any interaction when, or how often, it was replied to: in the others, silence says nothing.
fn telling_sources(facts: &Facts, table: &Table, columns: &Columns) -> Vec<bool> {
    let mut telling = vec![false; table.words("source").map_or(0, |(_, words)| words.len())];
    let sources = codes(table, "source");
    for row in 0..facts.rows() {
        let Some(flag) = telling.get_mut(sources.get(row) as usize) else { continue };
        let counted = || columns.replies.is_some_and(|replies| replies.get(row) != NO_COUNT);
        let timed = || columns.replied.get(row) != NO_TIME || columns.replied.is_later(row);
        *flag = *flag || counted() || timed() || columns.vendor_reply.get(row) != NO_TIME;
    }
    telling
}

/// Outcome and waiting time of a live contact.
fn live(facts: &mut Facts, table: &Table, columns: &Columns, row: usize, outcome: Outcome) {
    if facts.mode[row] != Mode::Live || columns.bot[row] {
        return;
    }
    facts.answered.set(row, outcome == Outcome::Answered);
    facts.abandoned.set(row, outcome == Outcome::Abandoned);
    facts.missed.set(row, outcome == Outcome::Lost);
    facts.callback.set(row, outcome == Outcome::Callback);
    facts.offered.set(row, matches!(outcome, Outcome::Answered | Outcome::Abandoned | Outcome::Lost));
    // One that cannot be is missing: then the pick-up tells.
    let wait = match possible(facts, table, row, columns.wait.get(row), "wait") {
        NO_TIME => {
            let wait = columns.time_to_answer(facts, row, outcome);
            possible(facts, table, row, wait, "wait")
        }
        wait => wait,
    };
    facts.wait.set(row, wait);
}

/// The first human reply to a written contact, from the export's instants or else from its own duration.
fn reply(facts: &mut Facts, table: &Table, columns: &Columns, row: usize) {
    let at = facts.at.get(row);
    if facts.mode[row] != Mode::Written || columns.bot[row] || at == NO_TIME || facts.by_day[row] {
        return;
    }
    if columns.replied.get(row) != NO_TIME && !columns.reply_by_day.get(row) {
        let took = possible(facts, table, row, columns.replied.get(row) - at, "first response");
        facts.replied_at.set(row, if took == NO_TIME { NO_TIME } else { at + took });
    } else if columns.vendor_reply.get(row) != NO_TIME && !columns.replied.is_later(row) {
        let took = possible(facts, table, row, columns.vendor_reply.get(row), "first response");
        if took != NO_TIME && at + took <= columns.as_of {
            facts.replied_at.set(row, at + took);
            facts.reply_by_vendor.set(row, true);
        }
    }
}
