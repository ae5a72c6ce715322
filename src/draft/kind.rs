//! What a row of an unknown export is: a contact, a customer, an answer to a survey, an order, or an event.
//!
//! Told by which names its columns have. A contact where nothing says otherwise.

use super::choose::fits;
use super::synonyms::Likeness;
use super::{Seen, Taken};
use crate::interaction::TableKind;

/// What only contacts have.
const CONTACT: &[&str] = &[
    "channel",
    "direction",
    "status",
    "outcome",
    "priority",
    "topic",
    "agent",
    "team",
    "first_response_at",
    "resolved_at",
    "closed_at",
    "wait",
    "talk",
    "hold",
    "wrap",
    "handle",
    "vendor_first_response",
    "vendor_resolution",
];
/// What only a rated contact has, and no answer to a survey.
const WORKED: &[&str] = &[
    "channel",
    "direction",
    "status",
    "outcome",
    "priority",
    "wait",
    "talk",
    "resolved_at",
    "closed_at",
    "first_response_at",
];
/// Words of headers that speak of contacts.
const TRADE: &[&str] = &["chat", "call", "conversation", "visitor", "operator", "operators"];
/// Words of headers that only orders have.
const ORDERS: &[&str] =
    &["order", "lineitem", "fulfillment", "sku", "bestellung", "commande", "pedido", "ordine", "bestelling"];
/// What names a customer.
const KEYS: &[&str] = &["customer_email", "customer_phone", "customer_name"];

/// Whether little speaks for contacts: no word of the trade but one.
pub fn is_doubtful(taken: &[Taken]) -> bool {
    taken.iter().filter(|taken| CONTACT.contains(&taken.field.name) && !taken.rule.from.is_empty()).count() < 2
}

/// What the rows seem to be.
pub fn of(columns: &[Seen]) -> TableKind {
    let has = |table: TableKind, field: &str, worst: Likeness| {
        columns.iter().any(|seen| {
            let like = seen.words.like(table, field).filter(|(likeness, _)| *likeness <= worst);
            like.is_some_and(|(likeness, _)| fits(seen, table, field, likeness))
        })
    };
    let count =
        |table: TableKind, fields: &[&str]| fields.iter().filter(|field| has(table, field, Likeness::Within)).count();
    let contact = |field: &str| has(TableKind::Interactions, field, Likeness::Has);
    let repeats = columns.iter().any(|seen| {
        let id = seen
            .words
            .like(TableKind::Events, "interaction_id")
            .is_some_and(|(likeness, _)| likeness == Likeness::Named);
        id && seen.shape.distinct * 4 <= seen.shape.filled * 3
    });
    let is_order = columns.iter().any(|seen| seen.words.has_any(ORDERS));
    let tells = has(TableKind::Events, "kind", Likeness::Named) || super::changes::of(columns).is_some();
    if repeats && tells && has(TableKind::Events, "at", Likeness::Named) {
        return TableKind::Events;
    }
    if is_order && has(TableKind::Orders, "amount", Likeness::Named) && count(TableKind::Interactions, WORKED) <= 1 {
        return TableKind::Orders;
    }
    let rated = ["csat", "nps", "ces"].into_iter().any(contact);
    if rated && count(TableKind::Interactions, WORKED) == 0 {
        return TableKind::Surveys;
    }
    let is_key = |seen: &&Seen| {
        let like = |key: &str| seen.words.like(TableKind::Customers, key).map(|(likeness, _)| likeness);
        let bare = |key: &str| like(key) == Some(Likeness::Maybe) && key != "customer_name";
        KEYS.iter().any(|key| like(key) == Some(Likeness::Named) || bare(key))
    };
    let keys = columns.iter().filter(is_key).count();
    let worked = count(TableKind::Interactions, CONTACT);
    // One word of the trade may be chance: contacts of a sales list have owners too.
    let chance = worked == 1 && keys >= 2 && !columns.iter().any(|seen| seen.words.has_any(TRADE));
    if keys > 0 && (worked == 0 || chance) { TableKind::Customers } else { TableKind::Interactions }
}
