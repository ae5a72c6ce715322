//! What can never be a key, told from its text alone: placeholders, colleagues, shared addresses.
//!
//! What must be seen in the rows (many names, ids that stand with shared addresses) is `quarantine.rs`.
//! A new word that stands for "no one" or a new role address is one entry in the lists below.

use super::keys::{Key, KeyKind};
use crate::input::key::lower;
use crate::settings::Settings;
use rustc_hash::FxHashSet;
use std::fmt;

/// Words that people and systems write where they know no customer; lower case.
const PLACEHOLDERS: &[&str] = &[
    "anonym",
    "anonymous",
    "anonymous caller",
    "blocked",
    "guest",
    "n/a",
    "na",
    "nan",
    "nil",
    "no email",
    "none",
    "not available",
    "null",
    "#n/a",
    "#name?",
    "#ref!",
    "#value!",
    "private",
    "private number",
    "restricted",
    "unavailable",
    "unbekannt",
    "undefined",
    "unknown",
    "unknown caller",
    "withheld",
];

/// Local parts behind which sit many people, or none; lower case, sorted for the eye only.
const ROLES: &[&str] = &[
    "account",
    "accounting",
    "accounts",
    "accueil",
    "admin",
    "administration",
    "administrator",
    "anfrage",
    "atendimento",
    "billing",
    "bounce",
    "bounces",
    "buchhaltung",
    "contact",
    "contacto",
    "contato",
    "customercare",
    "customerservice",
    "do-not-reply",
    "donotreply",
    "email",
    "enquiries",
    "enquiry",
    "facturation",
    "finance",
    "hello",
    "help",
    "helpdesk",
    "hostmaster",
    "info",
    "inquiries",
    "inquiry",
    "invoice",
    "invoices",
    "klantenservice",
    "kontakt",
    "kundenservice",
    "mail",
    "mailer-daemon",
    "newsletter",
    "no-email",
    "no-reply",
    "no.reply",
    "no_reply",
    "noemail",
    "nomail",
    "noreply",
    "notification",
    "notifications",
    "office",
    "order",
    "orders",
    "post",
    "postmaster",
    "purchasing",
    "rechnung",
    "reception",
    "root",
    "sales",
    "secretariat",
    "sekretariat",
    "service",
    "services",
    "soporte",
    "support",
    "team",
    "ventas",
    "verwaltung",
    "vertrieb",
    "webmaster",
    "zentrale",
];

/// Why a key identifies nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// An address in an own domain, or one that the settings name as an agent's.
    Colleague,
    /// `anonymous`, `-`, `n/a`; no address at all in the column of addresses.
    Placeholder,
    /// `4.41E+11`: a spreadsheet has lost the digits.
    Damaged,
    /// The settings name it as shared.
    Listed,
    /// `info@`, `noreply@` and their like.
    Role,
    /// More distinct names than one person has.
    ManyNames,
    /// An id that stands with a shared address and with no other.
    WithShared,
    /// An id that stands with a colleague's address and with no other.
    WithColleague,
    /// A phone that would join different customers of the customer system.
    Conflict,
}

impl Reason {
    /// Whether ids that stand with such an address are in doubt as well: the help desk gives all who write
    /// from `info@` one requester id. A placeholder is a missing address, which says nothing of the id.
    pub(super) const fn spreads(self) -> bool {
        matches!(self, Self::Colleague | Self::Listed | Self::Role | Self::ManyNames)
    }

    /// Whether the key is one that several people use.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Listed | Self::Role | Self::ManyNames | Self::WithShared)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Colleague => "a colleague's address",
            Self::Placeholder => "a placeholder",
            Self::Damaged => "a number that a spreadsheet has cut",
            Self::Listed => "shared, by the settings",
            Self::Role => "the address of a role, not of a person",
            Self::ManyNames => "used under many names",
            Self::WithShared => "stands with a shared address only",
            Self::WithColleague => "stands with a colleague's address only",
            Self::Conflict => "would join different customers of the customer system",
        })
    }
}

/// The settings' part in the judgement, ready to be asked.
pub(super) struct Rules {
    domains: Vec<String>,
    agents: FxHashSet<String>,
    shared: FxHashSet<String>,
    placeholders: FxHashSet<&'static str>,
    roles: FxHashSet<&'static str>,
}

impl Rules {
    pub fn new(settings: &Settings) -> Self {
        let domain = |text: &String| text.trim().trim_start_matches(['*', '@', '.']).to_lowercase();
        Self {
            domains: settings.own_domains.iter().map(domain).filter(|d| !d.is_empty()).collect(),
            agents: settings.agents.iter().map(|text| text.trim().to_lowercase()).collect(),
            shared: settings.shared.iter().map(|text| normal(text)).collect(),
            placeholders: PLACEHOLDERS.iter().copied().collect(),
            roles: ROLES.iter().copied().collect(),
        }
    }

    /// Why this can be nobody's key, if its text says so.
    pub fn judge(&self, key: Key<'_>) -> Option<Reason> {
        if key.kind == KeyKind::Email && self.is_colleague(key.text) {
            return Some(Reason::Colleague);
        }
        let lower = lower(key.text);
        if (key.kind == KeyKind::Email && !lower.contains('@')) || self.is_placeholder(&lower) {
            return Some(Reason::Placeholder);
        }
        if is_damaged(key.text) {
            return Some(Reason::Damaged);
        }
        if self.is_listed(key, &lower) {
            return Some(Reason::Listed);
        }
        (key.kind == KeyKind::Email && self.is_role(&lower)).then_some(Reason::Role)
    }

    fn is_colleague(&self, address: &str) -> bool {
        let host = address.rsplit_once('@').map_or("", |(_, host)| host);
        let within = |domain: &String| {
            host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        self.agents.contains(address) || self.domains.iter().any(within)
    }

    fn is_placeholder(&self, lower: &str) -> bool {
        is_word(&self.placeholders, lower) || !lower.contains(char::is_alphanumeric)
    }

    fn is_listed(&self, key: Key<'_>, lower: &str) -> bool {
        !self.shared.is_empty() && (self.shared.contains(lower) || self.shared.contains(&normal(&key.to_string())))
    }

    /// `info@`, `info+web@`, and the placeholders as addresses: `anonymous@`.
    fn is_role(&self, address: &str) -> bool {
        let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
        let local = local.split_once('+').map_or(local, |(name, _)| name);
        is_word(&self.roles, local) || self.is_placeholder(local)
    }
}

/// Whether a list has it. No word of the lists has a digit, and most keys have one.
fn is_word(list: &FxHashSet<&str>, text: &str) -> bool {
    !text.bytes().any(|byte| byte.is_ascii_digit()) && list.contains(text)
}

/// Whether a name, lower case, names nobody.
pub(super) fn is_placeholder(lower: &str) -> bool {
    PLACEHOLDERS.contains(&lower) || !lower.contains(char::is_alphanumeric)
}

/// A key as a person writes it → as tables hold it: lower case, phones without blanks and brackets.
pub(super) fn normal(text: &str) -> String {
    let text = text.trim();
    match text.strip_prefix('+') {
        Some(number) => format!("+{}", number.replace(|c: char| !c.is_ascii_digit(), "")),
        None => text.to_lowercase(),
    }
}

/// `4.41E+11`
fn is_damaged(text: &str) -> bool {
    if !matches!(text.as_bytes().get(1), Some(b'.' | b',' | b'e' | b'E')) {
        return false;
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    exponent.strip_prefix('+').is_some_and(digits) && whole.len() == 1 && digits(whole) && digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(kind: KeyKind, text: &str) -> Option<Reason> {
        let settings = Settings {
            own_domains: vec!["@Acme.com".into()],
            agents: vec!["Jo@agency.example ".into()],
            shared: vec!["+44 (20) 7946 0000".into(), "Lobby@client.example".into()],
            ..Settings::default()
        };
        Rules::new(&settings).judge(Key { kind, source: "", text })
    }

    #[test]
    fn colleagues_are_known_by_domain_and_by_name() {
        assert_eq!(judged(KeyKind::Email, "jo@acme.com"), Some(Reason::Colleague));
        assert_eq!(judged(KeyKind::Email, "jo@desk.acme.com"), Some(Reason::Colleague));
        assert_eq!(judged(KeyKind::Email, "jo@agency.example"), Some(Reason::Colleague));
        assert_eq!(judged(KeyKind::Email, "jo@notacme.com"), None);
        assert_eq!(judged(KeyKind::Email, "acme.com@example.org"), None);
    }

    #[test]
    fn words_for_nobody_are_no_keys() {
        for text in ["Anonymous", "-", "N/A", "??", "unknown"] {
            assert_eq!(judged(KeyKind::Crm, text), Some(Reason::Placeholder), "{text}");
        }
        assert_eq!(judged(KeyKind::Email, "see notes"), Some(Reason::Placeholder));
        assert_eq!(judged(KeyKind::External, "4.41E+11"), Some(Reason::Damaged));
        assert_eq!(judged(KeyKind::External, "12E+4X"), None);
        assert_eq!(judged(KeyKind::Crm, "0"), None);
    }

    #[test]
    fn no_word_of_the_lists_has_a_digit() {
        assert!(!PLACEHOLDERS.iter().chain(ROLES).any(|word| word.contains(|c: char| c.is_ascii_digit())));
    }

    #[test]
    fn shared_addresses_are_known_by_role_and_by_setting() {
        for text in ["info@client.example", "no-reply@shop.example", "support+7@x.example", "anonymous@x.example"] {
            assert_eq!(judged(KeyKind::Email, text), Some(Reason::Role), "{text}");
        }
        assert_eq!(judged(KeyKind::Email, "lobby@client.example"), Some(Reason::Listed));
        assert_eq!(judged(KeyKind::Phone, "+442079460000"), Some(Reason::Listed));
        assert_eq!(judged(KeyKind::Email, "informatics.bob@client.example"), None);
    }
}
