//! The canonical columns: what profiles map to, `interactions` prints and `--where` filters.
//!
//! One row of a table here is one column everywhere: reading, folding, printing and help follow from
//! it. A new column is one row. How columns are stored is `columns.rs`; nothing here computes.

use crate::columns::{Field, Fold, Kind};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

use Fold::{All, Best, First, Last, Max, Min, Sum};
use Kind::{Count, Duration, Flag, Instant, Number, Text, Word};

/// Which table a profile's columns feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableKind {
    Interactions,
    Customers,
    Surveys,
    Orders,
    Events,
}

impl TableKind {
    /// All tables, in the order in which they are read and printed.
    pub const ALL: [Self; 5] = [Self::Interactions, Self::Customers, Self::Surveys, Self::Orders, Self::Events];

    /// As profiles and lists call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interactions => "interactions",
            Self::Customers => "customers",
            Self::Surveys => "surveys",
            Self::Orders => "orders",
            Self::Events => "events",
        }
    }

    /// The columns of this table.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Interactions => INTERACTION,
            Self::Customers => CUSTOMER,
            Self::Surveys => SURVEY,
            Self::Orders => ORDER,
            Self::Events => EVENT,
        }
    }

    /// Whether its rows are of customers; events are of interactions, and theirs through these.
    pub fn has_customers(self) -> bool {
        self != Self::Events
    }

    /// The column that says which record a row is; rows that share it (within a source) are one record.
    pub fn id(self) -> &'static str {
        match self {
            Self::Interactions => "interaction_id",
            Self::Customers => "customer_crm_id",
            Self::Surveys => "survey_id",
            Self::Orders => "order_id",
            Self::Events => "event_id",
        }
    }

    /// The instant without which a row cannot be placed, if the table has one.
    pub fn start(self) -> Option<&'static str> {
        match self {
            Self::Interactions => Some("started_at"),
            Self::Customers => None,
            Self::Surveys => Some("answered_at"),
            Self::Orders => Some("ordered_at"),
            Self::Events => Some("at"),
        }
    }

    /// The instant that places a row which has not come to its start: a survey that was sent and not answered.
    pub fn start_instead(self) -> Option<&'static str> {
        (self == Self::Surveys).then_some("sent_at")
    }

    /// The position of a column in this table.
    pub fn position(self, name: &str) -> Option<usize> {
        POSITIONS[self as usize].get(name).copied()
    }

    /// A column of this table.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.position(name).map(|at| &self.fields()[at])
    }
}

/// Where each table's columns stand; asked often, so looked up rather than searched.
static POSITIONS: LazyLock<[FxHashMap<&'static str, usize>; TableKind::ALL.len()]> = LazyLock::new(|| {
    TableKind::ALL.map(|table| table.fields().iter().enumerate().map(|(at, f)| (f.name, at)).collect())
});

/// Where a column of interactions stands, found as the program is compiled: for those who ask row by row.
pub const fn place(name: &str) -> usize {
    let mut at = 0;
    while !is_same(INTERACTION[at].name.as_bytes(), name.as_bytes()) {
        at += 1;
    }
    at
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// The bit of an instant in the column `by_day`: the n-th instant of the table has the n-th bit.
pub fn day_bit(table: TableKind, name: &str) -> i32 {
    let instants = table.fields().iter().filter(|f| f.kind == Instant);
    instants.map(|f| f.name).position(|n| n == name).map_or(0, |nth| 1 << nth)
}

/// The keys by which rows are joined to customers; every table has them.
pub const KEYS: &[&str] =
    &["customer_id", "customer_crm_id", "customer_external_id", "customer_email", "customer_phone", "customer_name"];

const fn field(name: &'static str, kind: Kind, fold: Fold, help: &'static str) -> Field {
    Field { name, kind, fold, help }
}

const CUSTOMER_ID: Field = field("customer_id", Word, First, "the source's own number of the customer");
const CRM_ID: Field = field("customer_crm_id", Word, First, "the number in the customer system");
const EXTERNAL_ID: Field = field("customer_external_id", Word, First, "a number shared by several systems");
const EMAIL: Field = field("customer_email", Word, First, "e-mail address, lower case");
const PHONE: Field = field("customer_phone", Word, First, "phone number, E.164");
const NAME: Field = field("customer_name", Word, First, "as written; never a key");
const SOURCE: Field = field("source", Word, First, "the export's profile, or the name given to the input");
const UPDATED: Field = field("updated_at", Instant, Max, "last change; of two copies of a record the later counts");
const FILE: Field = field("file", Word, First, "the file that the row stood in");
const LINE: Field = field("line", Count, First, "the physical line at which the row began");
const BY_DAY: Field = field("by_day", Count, Max, "bits of the instants that are known to the day only");

/// One interaction: a call, chat, ticket, message thread, visit or self-service session.
pub const INTERACTION: &[Field] = &[
    field("interaction_id", Text, First, "the export's own number of the record"),
    field("case_id", Text, First, "what legs and messages of one case share"),
    SOURCE,
    field("customer", Word, First, "who the customer is after the join; made here, never read"),
    CUSTOMER_ID,
    CRM_ID,
    EXTERNAL_ID,
    EMAIL,
    PHONE,
    NAME,
    field(
        "channel",
        Word,
        First,
        "phone, email, web_form, chat, social, sms, messaging, in_person, self_service, bot, other",
    ),
    field("direction", Word, First, "inbound or outbound; missing is inbound"),
    field("touchpoint", Word, First, "before, during or after a purchase, or complaint"),
    field("status", Word, Last, "open, pending, resolved, closed, unresolved, merged, spam, deleted, test"),
    field("outcome", Word, Best, "answered, abandoned, missed, voicemail, overflow, callback"),
    field("bot", Flag, All, "true where no human took part"),
    field("priority", Word, First, "low, normal, high, urgent, or the export's own words"),
    field("topic", Word, First, "what it was about"),
    field("tags", Word, First, "the export's tags"),
    field("agent", Word, Last, "who handled it"),
    field("team", Word, Last, "the group or queue"),
    field("segment", Word, First, "the customer's group"),
    field("started_at", Instant, Min, "when the customer made contact"),
    field("queued_at", Instant, First, "when the customer began to wait for a human"),
    field("answered_at", Instant, First, "when a human picked up"),
    field("first_response_at", Instant, First, "first public reply by a human"),
    field("resolved_at", Instant, Max, "last resolution"),
    field("first_resolved_at", Instant, Min, "first resolution"),
    field("closed_at", Instant, Max, "when it was closed"),
    UPDATED,
    field("csat_at", Instant, Last, "when the rating was given"),
    field("ended_at", Instant, Max, "when the call or session ended"),
    field("wait", Duration, First, "from queue entry to the human answer, or to giving up"),
    field("talk", Duration, Sum, "speaking time"),
    field("segments", Count, Sum, "legs with a human that talk, hold and wrap are the sum of"),
    field("hold", Duration, Sum, "time on hold"),
    field("wrap", Duration, Sum, "work after the contact"),
    field("handle", Duration, Sum, "talk, hold and wrap, where the export has only their sum"),
    field("vendor_first_response", Duration, First, "first response as the export computed it"),
    field("vendor_first_response_business", Duration, First, "the same in business time"),
    field("vendor_resolution", Duration, Last, "resolution as the export computed it"),
    field("vendor_resolution_business", Duration, Last, "the same in business time"),
    field("vendor_response_sla", Flag, Last, "the export's own verdict on its response target"),
    field("vendor_resolution_sla", Flag, Last, "the export's own verdict on its resolution target"),
    field("replies", Count, Sum, "public replies by humans"),
    field("messages", Count, Sum, "all messages"),
    field("transfers", Count, Sum, "hand-overs after the answer"),
    field("reopens", Count, Sum, "times reopened"),
    field("reassignments", Count, Sum, "changes of agent"),
    field("csat", Number, Last, "rating, 1 to csat_scale with csat_scale best"),
    field("csat_scale", Number, Last, "points on the rating's scale"),
    field("csat_top", Flag, Last, "whether the rating is in the top box; default: by its scale"),
    field("nps", Number, Last, "0 to 10"),
    field("ces", Number, Last, "effort, 1 to ces_scale"),
    field("ces_scale", Number, Last, "points on the scale of effort"),
    field("ces_high_is_easy", Flag, Last, "whether a high score means little effort; never guessed"),
    field("qa", Number, Last, "quality score"),
    field("cost", Number, Sum, "cost of the contact"),
    FILE,
    LINE,
    BY_DAY,
];

/// One record of a customer system.
pub const CUSTOMER: &[Field] = &[
    SOURCE,
    CUSTOMER_ID,
    CRM_ID,
    EXTERNAL_ID,
    EMAIL,
    PHONE,
    NAME,
    field("active_from", Instant, Min, "customer since"),
    field("active_until", Instant, Max, "customer until"),
    field("segment", Word, Last, "the customer's group"),
    field("plan", Word, Last, "what the customer has bought"),
    field("value", Number, Last, "worth of the customer"),
    UPDATED,
    FILE,
    LINE,
    BY_DAY,
];

/// One answer to a survey.
pub const SURVEY: &[Field] = &[
    field("survey_id", Text, First, "the export's own number of the answer"),
    SOURCE,
    CUSTOMER_ID,
    CRM_ID,
    EXTERNAL_ID,
    EMAIL,
    PHONE,
    NAME,
    field("interaction_id", Text, First, "the interaction that the survey was about"),
    field("kind", Word, First, "csat, nps or ces"),
    field("sent_at", Instant, First, "when the survey was sent"),
    field("answered_at", Instant, Last, "when it was answered"),
    field("score", Number, Last, "1 to scale with scale best; nps: 0 to 10"),
    field("scale", Number, Last, "points on the scale"),
    field("top", Flag, Last, "whether the score is in the top box; default: by its scale"),
    field("high_is_easy", Flag, Last, "ces: whether a high score means little effort; never guessed"),
    UPDATED,
    FILE,
    LINE,
    BY_DAY,
];

/// One order; several rows of an export (line items) may be one order.
pub const ORDER: &[Field] = &[
    field("order_id", Text, First, "the export's own number of the order"),
    SOURCE,
    CUSTOMER_ID,
    CRM_ID,
    EXTERNAL_ID,
    EMAIL,
    PHONE,
    NAME,
    field("ordered_at", Instant, Min, "when it was placed"),
    field("amount", Number, First, "total, in the shop's currency"),
    field("refunded", Number, First, "of that, paid back"),
    UPDATED,
    FILE,
    LINE,
    BY_DAY,
];

/// One event in the history of an interaction.
pub const EVENT: &[Field] = &[
    field("event_id", Text, First, "the export's own number of the event"),
    SOURCE,
    // Not as numbers mostly are: each has several events.
    field("interaction_id", Word, First, "the interaction that it happened to"),
    field("at", Instant, First, "when it happened"),
    field(
        "kind",
        Word,
        First,
        "message_in, message_out, note, opened, pending, resolved, reopened, closed, merged, deleted, assigned, transferred, queued, answered",
    ),
    field("actor", Word, First, "who did it"),
    field("actor_kind", Word, First, "human, bot or customer"),
    UPDATED,
    FILE,
    LINE,
    BY_DAY,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_the_keys_and_no_column_twice() {
        for table in TableKind::ALL {
            let keys = KEYS.iter().filter(|_| table.has_customers());
            for name in keys.chain(&["source", "file", "line"]) {
                assert!(table.position(name).is_some(), "{table:?} lacks {name}");
            }
            let mut names: Vec<_> = table.fields().iter().map(|f| f.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.fields().len(), "{table:?} repeats a column");
        }
    }
}
