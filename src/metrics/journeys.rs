//! Journeys over several channels, what the company began itself, and what bots did alone (metrics.md §7).
//!
//! What belongs to a journey and what is proactive is a fact (`facts/journeys.rs`).

use super::expressions::{count, has, is, replied, share};
use super::{Clock, Compute, Context, Frame, Metric, Output, Population, Role, left_out, n, output, value};
use crate::columns::NO_WORD;
use crate::desk::Group;
use crate::facts::journeys::APART;
use crate::identity::NO_CUSTOMER;
use crate::unit::{Better, Unit};
use polars::prelude::{Expr, col, lit};

const BEGUN: Population =
    Population::new(Clock::Start, "journeys of known customers, by the start and channel of their first contact");
const CONTACTS: Population = Population::new(Clock::Start, "contacts of channels with 20 or more, by their start");
const HANDLED: Population = Population {
    frame: Frame::BothWays,
    ..Population::new(Clock::Start, "handled contacts and what people sent of their own accord, by their start")
};
const WITH_BOT: Population = Population::new(Clock::Start, "contacts in which a bot took part, by their start");
const WITH_BOT_OF_KNOWN: Population =
    Population::new(Clock::Start, "contacts of known customers in which a bot took part, by their start");

const TOO_RECENT: Output = output("immature", "too recent to judge", Unit::Count, Role::TooRecent);

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "journeys",
        label: "journeys",
        help: "A journey is the contacts of one customer on any channel, each less than 72 hours after the one before. It is placed by its first contact, and its contacts count up to the judging instant. Several channels: the share of journeys with contacts on two or more. Contacts of unknown customers are in no journey and counted apart.",
        formula: "contacts of known customers with no other one in the 72 h before; their contacts / journeys; those on >= 2 channels / journeys",
        better: Better::Neither,
        population: BEGUN,
        outputs: &[
            value("", "journeys", Unit::Count),
            value("contacts", "contacts in each", Unit::Ratio),
            value("multi", "on several channels", Unit::Share),
            left_out("unknown", "contacts of unknown customers"),
        ],
        needs: &[],
        compute: Compute::Grouped(journeys),
        ripens: None,
        proof: &[("", 12.0), ("contacts", 1.5), ("multi", 0.25), ("unknown", 3.0)],
    },
    Metric {
        id: "consistency",
        label: "channels apart",
        help: "How far the best and the worst channel lie apart in satisfaction, in the share resolved and in the share that met its own channel's response target. Only channels with 20 or more counted rows are compared; with fewer than two such channels there is nothing to compare. Minutes are not compared: those of a call and of a letter are not of one kind. A change has no interval: which two channels lie farthest apart may itself change by chance.",
        formula: "highest − lowest value of csat, of resolution_rate and of response_sla over channels with n >= 20",
        better: Better::Down,
        population: CONTACTS,
        outputs: &[
            value("csat", "by satisfaction", Unit::Share),
            value("csat_channels", "channels compared", Unit::Count),
            value("resolution_rate", "by the share resolved", Unit::Share),
            value("resolution_rate_channels", "channels compared", Unit::Count),
            value("response_sla", "by the share in target", Unit::Share),
            value("response_sla_channels", "channels compared", Unit::Count),
        ],
        needs: &["channel"],
        compute: Compute::Across { of: &["csat", "resolution_rate", "response_sla"], by: "channel" },
        ripens: None,
        // Too few rows to compare anything by.
        proof: &[("csat_channels", 0.0), ("resolution_rate_channels", 0.0), ("response_sla_channels", 0.0)],
    },
    Metric {
        id: "proactive_share",
        label: "proactive",
        help: "Of all that people handled, contacts and messages of the company's own, the share that the company began itself: outbound, not by a bot, to a known customer without an open contact at that instant and without an inbound one in the 7 days before. Outbound to unknown customers is left out and counted.",
        formula: "outbound with nothing open and no contact in [at − 7 d, at] / (handled contacts + outbound by people to known customers)",
        better: Better::Neither,
        population: HANDLED,
        outputs: &[
            value("", "proactive", Unit::Share),
            n("handled"),
            left_out("unknown", "outbound to unknown customers"),
        ],
        needs: &["direction"],
        compute: Compute::Aggregate(proactive_share),
        ripens: None,
        proof: &[("", 1.0 / 16.0), ("n", 16.0), ("unknown", 1.0)],
    },
    Metric {
        id: "bot_contained",
        label: "by a bot alone",
        help: "Of the contacts in which a bot took part (said by the export; an agent that the settings name among the bots; the channel bot; a bot's message in the history), the share that no human handled. It says that nobody was asked to take over, not that anything was solved: see `bot_verified` and `bot_leaked`.",
        formula: "not handled by a human / contacts in which a bot took part",
        better: Better::Neither,
        population: WITH_BOT,
        outputs: &[value("", "by a bot alone", Unit::Share), n("contacts with a bot")],
        needs: &["bot", "agent", "channel"],
        compute: Compute::Aggregate(|_| vec![share(handled().not(), is("with_bot")), count(is("with_bot"))]),
        ripens: None,
        proof: &[("", 0.6), ("n", 5.0)],
    },
    Metric {
        id: "bot_verified",
        label: "by a bot alone, and held",
        help: "Of the contacts of known customers in which a bot took part, windows over: the share that no human handled and after which no human handled anything else of that customer on any channel within 72 hours.",
        formula: "not handled, and no handled contact of the customer in (start, start + 72 h] / contacts with a bot, start + 72 h <= as-of",
        better: Better::Up,
        population: WITH_BOT_OF_KNOWN,
        outputs: &[
            value("", "held", Unit::Share),
            n("contacts with a bot"),
            TOO_RECENT,
            left_out("unknown", "unknown customer"),
        ],
        needs: &["bot", "agent", "channel"],
        compute: Compute::Aggregate(|context| after_a_bot(context, &came_to_a_human().not())),
        ripens: Some(|_| APART),
        proof: &[("", 1.0 / 3.0), ("n", 3.0), ("immature", 1.0), ("unknown", 1.0)],
    },
    Metric {
        id: "bot_leaked",
        label: "by a bot alone, yet a human later",
        help: "Of the same contacts, windows over: the share that no human handled, but after which a human handled another contact of that customer, on any channel, within 72 hours. With `bot_verified` it adds up to what the bot contained of them.",
        formula: "not handled, and a handled contact of the customer in (start, start + 72 h] / contacts with a bot, start + 72 h <= as-of",
        better: Better::Down,
        population: WITH_BOT_OF_KNOWN,
        outputs: &[
            value("", "a human later", Unit::Share),
            n("contacts with a bot"),
            TOO_RECENT,
            left_out("unknown", "unknown customer"),
        ],
        needs: &["bot", "agent", "channel"],
        compute: Compute::Aggregate(|context| after_a_bot(context, &came_to_a_human())),
        ripens: Some(|_| APART),
        proof: &[("", 1.0 / 3.0), ("n", 3.0), ("immature", 1.0), ("unknown", 1.0)],
    },
];

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn journeys(group: &Group) -> Vec<f64> {
    let facts = &group.desk.facts;
    let channel = facts.table.words("channel").map(|(codes, _)| codes);
    let (mut journeys, mut contacts, mut several, mut unknown) = (0u64, 0u64, 0u64, 0u64);
    for (&row, &judged_at) in group.rows.iter().zip(group.judged_at) {
        let row = row as usize;
        unknown += u64::from(facts.customer[row] == NO_CUSTOMER);
        if !facts.journeys.begins[row] {
            continue;
        }
        let own = || facts.journey(row).take_while(|&contact| facts.at.get(contact) <= judged_at);
        let mut channels = own().filter_map(|contact| channel.map(|codes| codes.get(contact)));
        let first = channels.find(|&code| code != NO_WORD);
        journeys += 1;
        contacts += own().count() as u64;
        several += u64::from(channels.any(|code| code != NO_WORD && Some(code) != first));
    }
    let all = journeys as f64;
    vec![all, contacts as f64 / all, several as f64 / all, unknown as f64]
}

/// A human had taken part by the judging instant.
fn handled() -> Expr {
    is("touched").or(replied())
}

fn proactive_share(_: &Context) -> Vec<Expr> {
    let sent = is("outbound").and(is("by_bot").not());
    let handled = is("outbound").not().and(handled()).or(sent.clone().and(has("customer")));
    vec![share(is("proactive"), handled.clone()), count(handled), count(sent.and(has("customer").not()))]
}

/// A human handled another contact of the customer soon after.
fn came_to_a_human() -> Expr {
    (col("next_handled_at") - col("at")).lt_eq(lit(APART)).fill_null(lit(false))
}

/// Of the contacts with a bot, those that the bot kept to itself and of which this holds.
fn after_a_bot(context: &Context, holds: &Expr) -> Vec<Expr> {
    let over = (col("at") + lit(APART)).lt_eq(lit(context.as_of));
    let known = is("with_bot").and(has("customer"));
    let whole = known.clone().and(over.clone());
    vec![
        share(is("handled").not().and(holds.clone()), whole.clone()),
        count(whole),
        count(known.and(over.not())),
        count(is("with_bot").and(has("customer").not())),
    ]
}
