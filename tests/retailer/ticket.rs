//! The life of a ticket, and what an export of a given evening shows of it.

use super::clock::{self, DAY, HOUR, Instant, MINUTE};
use super::random::{Quantiles, Rng};

/// Staffed minutes to the first reply, for a matter of ordinary pace.
pub const EMAIL_REPLY: Quantiles = Quantiles(&[
    (0, 50),
    (100, 130),
    (250, 188),
    (400, 222),
    (500, 244),
    (650, 310),
    (800, 415),
    (900, 560),
    (970, 1000),
    (1000, 2400),
]);
pub const FORM_REPLY: Quantiles = Quantiles(&[
    (0, 8),
    (100, 30),
    (250, 54),
    (400, 68),
    (500, 77),
    (650, 94),
    (800, 135),
    (900, 260),
    (970, 600),
    (1000, 1500),
]);
/// A good third are solved by the first reply.
const AT_ONCE: u32 = 65536 * 38 / 100;
/// Minutes from the first reply to the solution.
const SOLUTION: Quantiles = Quantiles(&[
    (0, 0),
    (380, 15),
    (500, 180),
    (620, 800),
    (750, 1900),
    (870, 4600),
    (955, 10_000),
    (990, 17_000),
    (1000, 42_000),
]);

/// The help desk closes what was solved so long ago.
const CLOSE_AFTER: i64 = 4 * DAY;
const ASK_AFTER: i64 = DAY;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Ordinary,
    Spam,
    Merged,
    Deleted,
}

pub struct Ticket {
    pub fate: Fate,
    pub created: Instant,
    pub replied: Option<Instant>,
    pub replies: u32,
    /// While it waits, it is this.
    pub waiting_as: &'static str,
    pub solved: Option<Instant>,
    /// Reopened, and solved again.
    pub reopened: Option<(Instant, Instant)>,
    pub rated: Option<(Instant, bool)>,
}

impl Ticket {
    /// An ordinary ticket; `first` is the staffed time to its first reply, `effort` where it stands
    /// (0 to 65536) between those that are solved at once and those that take weeks.
    pub fn ordinary(created: Instant, first: i64, effort: u32, pace: i64, rng: &mut Rng) -> Self {
        let replied = clock::plus_staffed(created, first) + rng.between(0, MINUTE - 1);
        let at_once = effort < AT_ONCE;
        let delay = SOLUTION.at(effort) * pace / 100 * MINUTE;
        let solved = if at_once { replied } else { clock::when_staffed(replied + delay) };
        let mut ticket = Self {
            fate: Fate::Ordinary,
            created,
            replied: Some(replied),
            replies: if at_once { 1 } else { 1 + rng.below(4) },
            waiting_as: ["Open", "Pending", "Pending", "Hold"][rng.weighted(&[4, 3, 2, 1])],
            solved: Some(solved),
            reopened: None,
            rated: None,
        };
        ticket.turn(solved, rng);
        ticket
    }

    /// The few that go another way.
    fn turn(&mut self, solved: Instant, rng: &mut Rng) {
        match rng.below(1000) {
            // Forgotten by everybody.
            0..2 => (self.replied, self.replies, self.solved) = (None, 0, None),
            // Answered, and still not solved months later.
            2..5 => self.solved = None,
            // Closed without a reply.
            5..20 => (self.replied, self.replies) = (None, 0),
            20..80 => {
                let reopened = solved + rng.between(2 * HOUR, CLOSE_AFTER - HOUR);
                let again = clock::when_staffed(reopened + rng.between(HOUR, 3 * DAY));
                self.reopened = Some((reopened, again));
                self.replies += 1;
            }
            _ => {}
        }
    }

    /// Solved without a word: what nobody answers.
    pub fn unanswered(created: Instant, fate: Fate, minutes: i64) -> Self {
        Self {
            fate,
            created,
            replied: None,
            replies: 0,
            waiting_as: "Open",
            solved: Some(created + minutes * MINUTE),
            reopened: None,
            rated: None,
        }
    }

    pub fn last_solved(&self) -> Option<Instant> {
        self.reopened.map(|(_, again)| again).or(self.solved)
    }

    /// What an export made at `at` says.
    pub fn seen(&self, at: Instant) -> Seen {
        let known = |event: Option<Instant>| event.filter(|&event| event <= at);
        let reopened = self.reopened.filter(|&(reopened, _)| reopened <= at);
        let first_solved = known(self.solved);
        let solved = match reopened {
            Some((_, again)) => known(Some(again)),
            None => first_solved,
        };
        let closed = known(solved.map(|solved| solved + self.closes_after()));
        let rated = self.rated.filter(|&(rated, _)| rated <= at);
        let replied = known(self.replied);
        let events = [replied, first_solved, reopened.map(|(reopened, _)| reopened), solved, closed];
        let rated_at = rated.map(|(rated, _)| rated);
        Seen {
            status: self.status(replied, solved, closed, at),
            updated: events.into_iter().flatten().chain(rated_at).max().unwrap_or(self.created),
            replied,
            replies: if solved.is_some() { self.replies } else { self.replies.min(u32::from(replied.is_some())) },
            first_solved,
            solved,
            reopens: u32::from(reopened.is_some()),
            satisfaction: satisfaction(rated, solved.filter(|_| self.fate == Fate::Ordinary), at),
        }
    }

    fn closes_after(&self) -> i64 {
        if self.fate == Fate::Ordinary { CLOSE_AFTER } else { 0 }
    }

    fn status(
        &self,
        replied: Option<Instant>,
        solved: Option<Instant>,
        closed: Option<Instant>,
        at: Instant,
    ) -> &'static str {
        match () {
            () if self.fate == Fate::Deleted && solved.is_some() => "Deleted",
            () if closed.is_some() => "Closed",
            () if solved.is_some() => "Solved",
            () if replied.is_some() => self.waiting_as,
            () if at - self.created < 3 * HOUR => "New",
            () => "Open",
        }
    }
}

fn satisfaction(rated: Option<(Instant, bool)>, solved: Option<Instant>, at: Instant) -> &'static str {
    match (rated, solved) {
        (Some((_, true)), _) => "Good",
        (Some((_, false)), _) => "Bad",
        (None, Some(solved)) if solved + ASK_AFTER <= at => "Offered",
        _ => "Not Offered",
    }
}

pub struct Seen {
    pub status: &'static str,
    pub updated: Instant,
    pub replied: Option<Instant>,
    pub replies: u32,
    pub first_solved: Option<Instant>,
    pub solved: Option<Instant>,
    pub reopens: u32,
    pub satisfaction: &'static str,
}
