//! Columns of few words: which words there are, and what exports call them.
//!
//! A profile's `map` comes first; here the words are unified that mean the same everywhere. A new word
//! of ours goes into `interaction.rs`'s help and its table here; a vendor's own word into its profile.

use super::key::lower;
use crate::interaction::TableKind;
use std::borrow::Cow;

/// What a cell's word turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word<'t> {
    Known(&'static str),
    /// Any word is allowed; in lower case.
    Free(Cow<'t, str>),
    /// Not one of ours; what to put in its place, if anything.
    Unknown(Option<&'static str>),
}

/// A column of few words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vocabulary {
    /// Ours → what else it is called, in lower case with spaces.
    words: &'static [(&'static str, &'static [&'static str])],
    /// What an unknown word becomes.
    otherwise: Option<&'static str>,
    /// What the words are, for messages.
    pub noun: &'static str,
}

impl Vocabulary {
    /// The vocabulary of a canonical column, if it has one.
    pub fn of(table: TableKind, column: &str) -> Option<Self> {
        let (words, otherwise, noun) = match column {
            "status" => (STATUS, None, "status"),
            "channel" => (CHANNEL, Some("other"), "channel"),
            "direction" => (DIRECTION, None, "direction"),
            "outcome" => (OUTCOME, None, "outcome"),
            "kind" if table == TableKind::Events => (EVENT_KIND, None, "kind of event"),
            "kind" => (SURVEY_KIND, None, "kind of survey"),
            "actor_kind" => (ACTOR_KIND, None, "kind of actor"),
            "priority" | "touchpoint" => (&[][..], None, ""),
            _ => return None,
        };
        Some(Self { words, otherwise, noun })
    }

    /// Our words; none where any word is allowed.
    pub fn words(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.words.iter().map(|(word, _)| *word)
    }

    /// Whether a word may stand in the column.
    pub fn knows(&self, text: &str) -> bool {
        !matches!(self.read(text), Word::Unknown(_))
    }

    /// What a cell means.
    pub fn read<'t>(&self, text: &'t str) -> Word<'t> {
        let lower = lower(text);
        if self.words.is_empty() {
            return Word::Free(lower);
        }
        // `on-hold`, `ON_HOLD` and `On Hold` are one word.
        let spaced = lower.replace(['-', '_'], " ");
        let ours = |(word, others): &&(&str, &[&str])| *word == lower || others.contains(&spaced.as_str());
        let same = |(word, _): &&(&str, &[&str])| word.replace('_', " ") == spaced;
        let found = self.words.iter().find(same).or_else(|| self.words.iter().find(ours));
        found.map_or(Word::Unknown(self.otherwise), |(word, _)| Word::Known(word))
    }
}

type Words = &'static [(&'static str, &'static [&'static str])];

const STATUS: Words = &[
    (
        "open",
        &[
            "new",
            "active",
            "assigned",
            "unassigned",
            "in progress",
            "work in progress",
            "reopened",
            "re opened",
            "to do",
            "todo",
        ],
    ),
    (
        "pending",
        &[
            "hold",
            "on hold",
            "snoozed",
            "waiting",
            "waiting on customer",
            "waiting on third party",
            "waiting for customer",
            "waiting for support",
            "awaiting your reply",
            "paused",
        ],
    ),
    ("resolved", &["solved"]),
    ("closed", &["archived", "complete", "completed", "done", "finished"]),
    ("unresolved", &[]),
    ("merged", &[]),
    ("spam", &[]),
    ("deleted", &["trashed", "trash", "draft"]),
    ("test", &[]),
];

const CHANNEL: Words = &[
    ("phone", &["call", "calls", "voice", "telephone", "inbound call", "outbound call"]),
    ("email", &["e mail", "mail"]),
    ("web_form", &["web", "form", "webform", "web portal", "portal", "website"]),
    ("chat", &["live chat", "livechat", "web chat", "webchat", "chats"]),
    ("social", &["twitter", "x", "facebook", "instagram", "linkedin", "social media"]),
    ("sms", &["text", "text message"]),
    ("messaging", &["whatsapp", "messenger", "facebook messenger", "telegram", "viber", "line", "messages"]),
    ("in_person", &["walk in", "visit", "face to face"]),
    ("self_service", &["help center", "help centre", "knowledge base"]),
    ("bot", &["chatbot", "voicebot"]),
    ("other", &[]),
];

const DIRECTION: Words = &[("inbound", &["in", "incoming", "received"]), ("outbound", &["out", "outgoing", "sent"])];

const OUTCOME: Words = &[
    ("answered", &["connected"]),
    ("abandoned", &["abandon", "hung up"]),
    ("missed", &["no answer", "unanswered"]),
    ("voicemail", &["voice mail"]),
    ("overflow", &["overflowed"]),
    ("callback", &["call back"]),
];

const EVENT_KIND: Words = &[
    ("message_in", &[]),
    ("message_out", &[]),
    ("note", &["internal note", "private note"]),
    ("opened", &["open", "created"]),
    ("pending", &["on hold", "hold"]),
    ("resolved", &["solved"]),
    ("reopened", &["re opened"]),
    ("closed", &[]),
    ("merged", &[]),
    ("deleted", &[]),
    ("assigned", &["reassigned"]),
    ("transferred", &["transfer"]),
    ("queued", &[]),
    ("answered", &[]),
];

const ACTOR_KIND: Words =
    &[("human", &["agent"]), ("bot", &["system", "automation"]), ("customer", &["user", "visitor"])];

const SURVEY_KIND: Words = &[("csat", &[]), ("nps", &[]), ("ces", &[])];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(column: &str, text: &str) -> String {
        match Vocabulary::of(TableKind::Interactions, column).unwrap().read(text) {
            Word::Known(word) => word.to_owned(),
            Word::Free(word) => format!("~{word}"),
            Word::Unknown(instead) => format!("?{}", instead.unwrap_or_default()),
        }
    }

    #[test]
    fn words_that_mean_the_same_are_one() {
        for (text, status) in [
            ("New", "open"),
            ("on-hold", "pending"),
            ("In Progress", "open"),
            ("Solved", "resolved"),
            ("trashed", "deleted"),
            ("unresolved", "unresolved"),
            ("fnord", "?"),
        ] {
            assert_eq!(read("status", text), status);
        }
        for (text, channel) in [
            ("E-Mail", "email"),
            ("Web Form", "web_form"),
            ("web_form", "web_form"),
            ("WhatsApp", "messaging"),
            ("pigeon", "?other"),
        ] {
            assert_eq!(read("channel", text), channel);
        }
        assert_eq!((read("priority", "URGENT"), read("direction", "Incoming")), ("~urgent".into(), "inbound".into()));
        assert!(Vocabulary::of(TableKind::Interactions, "topic").is_none());
    }
}
