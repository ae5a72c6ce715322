//! The words of the trade that metrics ask about: modes of channels, states, outcomes (metrics.md §1).
//!
//! Exports' own words become these in their profiles; here they become numbers, once per dictionary,
//! so that no row compares text. A new word is one row of its table.

use crate::columns::{NO_WORD, Words};

/// How a channel is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Mode {
    Live,
    Written,
    SelfService,
    /// Neither said nor known.
    Other,
}

impl Mode {
    pub const NAMES: [&'static str; 4] = ["live", "written", "self-service", "other"];
}

/// The canonical channels and their modes.
pub const CHANNELS: &[(&str, Mode)] = &[
    ("phone", Mode::Live),
    ("chat", Mode::Live),
    ("in_person", Mode::Live),
    ("email", Mode::Written),
    ("web_form", Mode::Written),
    ("social", Mode::Written),
    ("sms", Mode::Written),
    ("messaging", Mode::Written),
    ("self_service", Mode::SelfService),
    ("bot", Mode::SelfService),
    ("other", Mode::Other),
];

/// Where in a customer's dealings a contact falls: before a purchase, during one, after it, or a complaint.
pub const TOUCHPOINTS: [&str; 4] = ["before", "during", "after", "complaint"];

/// Where an interaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Unknown,
    Open,
    Done,
    /// Over, and known not to be solved.
    Unresolved,
    Merged,
    Spam,
    Deleted,
    Test,
}

/// What became of a live contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Unknown,
    Answered,
    Abandoned,
    /// Missed, voicemail or overflow: nobody picked up.
    Lost,
    Callback,
}

/// The mode of each word of a channel dictionary.
pub fn modes(words: &Words) -> Vec<Mode> {
    words.iter().map(|w| CHANNELS.iter().find(|(name, _)| *name == w).map_or(Mode::Other, |(_, mode)| *mode)).collect()
}

/// The state of each word of a status dictionary.
pub fn statuses(words: &Words) -> Vec<Status> {
    let status = |word| match word {
        "open" | "pending" => Status::Open,
        "resolved" | "closed" => Status::Done,
        "unresolved" => Status::Unresolved,
        "merged" => Status::Merged,
        "spam" => Status::Spam,
        "deleted" => Status::Deleted,
        "test" => Status::Test,
        _ => Status::Unknown,
    };
    words.iter().map(status).collect()
}

/// The outcome of each word of an outcome dictionary.
pub fn outcomes(words: &Words) -> Vec<Outcome> {
    let outcome = |word| match word {
        "answered" => Outcome::Answered,
        "abandoned" => Outcome::Abandoned,
        "missed" | "voicemail" | "overflow" => Outcome::Lost,
        "callback" => Outcome::Callback,
        _ => Outcome::Unknown,
    };
    words.iter().map(outcome).collect()
}

/// What a row's code means, with the meaning of no word at all.
#[inline]
pub fn meaning<T: Copy>(table: &[T], code: u32, none: T) -> T {
    if code == NO_WORD { none } else { table.get(code as usize).copied().unwrap_or(none) }
}
