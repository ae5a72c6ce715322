//! Volume and mix: how many contacts and customers, over which channels (metrics.md §2, §7).

use super::expressions::{count, has};
use super::{Clock, Compute, Metric, Population, left_out, n, told, value};
use crate::columns::NO_WORD;
use crate::desk::Group;
use crate::identity::NO_CUSTOMER;
use crate::radix;
use crate::unit::{Better, Unit};
use polars::prelude::{DataType, col, len};

const STARTED: Population = Population::new(Clock::Start, "contacts, by their start");
const CUSTOMERS: Population =
    Population { pools: false, ..Population::new(Clock::Start, "known customers of the contacts") };

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "contacts",
        label: "contacts",
        help: "Inbound interactions that are not spam, deleted, merged or test, placed by their start.",
        formula: "count of contacts",
        better: Better::Neither,
        population: STARTED,
        outputs: &[value("", "contacts", Unit::Count)],
        needs: &[],
        compute: Compute::Aggregate(|_| vec![len().cast(DataType::Float64)]),
        ripens: None,
        proof: &[("", 21.0)],
    },
    Metric {
        id: "outside_hours",
        label: "began outside opening hours",
        help: "Of the contacts whose start is known to the minute, the share that began while the opening hours that they go by (settings) were closed; and the same of those that began a journey (see `journeys`): when customers first ask. A contact that no hours fit is left out and counted.",
        formula: "started while closed / contacts with opening hours",
        better: Better::Neither,
        population: STARTED,
        outputs: &[
            value("", "outside hours", Unit::Share),
            n("contacts"),
            left_out("no_hours", "no opening hours apply"),
            value("first", "of first contacts", Unit::Share),
            told("first_n", "first contacts of journeys"),
        ],
        needs: &["hours"],
        compute: Compute::Grouped(outside_hours),
        ripens: None,
        proof: &[("", 3.0 / 21.0), ("n", 21.0), ("no_hours", 0.0), ("first", 2.0 / 12.0), ("first_n", 12.0)],
    },
    Metric {
        id: "contacts_share",
        label: "share of contacts",
        help: "The group's contacts over all contacts of the same time. Adds up to 100 %.",
        formula: "contacts / contacts of all groups",
        better: Better::Neither,
        population: STARTED,
        outputs: &[value("", "of contacts", Unit::Share)],
        needs: &[],
        compute: Compute::OfTotal("contacts"),
        ripens: None,
        proof: &[("", 1.0)],
    },
    Metric {
        id: "contacts_per_100_orders",
        label: "contacts per 100 orders",
        help: "Contacts of the period over the orders placed in it, times 100. Needs an export of orders.",
        formula: "100 × contacts / orders",
        better: Better::Down,
        population: STARTED,
        outputs: &[value("", "per 100 orders", Unit::Number), n("orders")],
        needs: &[],
        compute: Compute::PerHundred(contacts_and_orders),
        ripens: None,
        proof: &[("", 262.5), ("n", 8.0)],
    },
    Metric {
        id: "customers",
        label: "customers",
        help: "Distinct known customers who made contact. Groups do not add up to the total: one customer may be in several.",
        formula: "count of distinct customers of the contacts",
        better: Better::Neither,
        population: CUSTOMERS,
        outputs: &[value("", "customers", Unit::Count), left_out("unknown", "contacts of unknown customers")],
        needs: &[],
        compute: Compute::Aggregate(|_| {
            vec![col("customer").drop_nulls().n_unique().cast(DataType::Float64), count(has("customer").not())]
        }),
        ripens: None,
        proof: &[("", 9.0), ("unknown", 3.0)],
    },
    Metric {
        id: "customers_share",
        label: "share of customers",
        help: "The group's distinct customers over all distinct customers of the same time. Does not add up to 100 %: one customer may use several channels.",
        formula: "customers / distinct customers of all groups",
        better: Better::Neither,
        population: CUSTOMERS,
        outputs: &[value("", "of customers", Unit::Share)],
        needs: &[],
        compute: Compute::OfTotal("customers"),
        ripens: None,
        proof: &[("", 1.0)],
    },
    Metric {
        id: "multi_channel",
        label: "customers on two or more channels",
        help: "Of the known customers who made contact in the period, the share who used two or more channels in it.",
        formula: "customers with contacts on >= 2 channels / customers",
        better: Better::Neither,
        population: CUSTOMERS,
        outputs: &[value("", "on 2 or more channels", Unit::Share), n("customers")],
        needs: &["channel"],
        compute: Compute::Grouped(multi_channel),
        ripens: None,
        proof: &[("", 5.0 / 9.0), ("n", 9.0)],
    },
];

fn contacts_and_orders(group: &Group) -> [usize; 2] {
    let orders_between = |&(from, to): &(i64, i64)| group.desk.activity.orders_between(from, to);
    [group.rows.len(), group.stretches().iter().flatten().map(orders_between).sum()]
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn outside_hours(group: &Group) -> Vec<f64> {
    let facts = &group.desk.facts;
    let (mut of_all, mut of_first, mut without) = ((0u64, 0u64), (0u64, 0u64), 0u64);
    for row in group.rows.iter().map(|&row| row as usize) {
        let Some(calendar) = group.desk.calendar(row) else {
            without += 1;
            continue;
        };
        if facts.by_day[row] {
            continue;
        }
        let outside = u64::from(!calendar.is_open(facts.at.get(row)));
        of_all = (of_all.0 + outside, of_all.1 + 1);
        if facts.journeys.begins[row] {
            of_first = (of_first.0 + outside, of_first.1 + 1);
        }
    }
    let share = |(outside, all): (u64, u64)| [outside as f64 / all as f64, all as f64];
    share(of_all).into_iter().chain([without as f64]).chain(share(of_first)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn multi_channel(group: &Group) -> Vec<f64> {
    let facts = &group.desk.facts;
    let Some((channel, _)) = facts.table.words("channel") else { return vec![f64::NAN, 0.0] };
    let (mut customers, mut several) = (0u64, 0u64);
    let known = group.rows.iter().map(|&row| row as usize).filter(|&row| facts.customer[row] != NO_CUSTOMER);
    let of_customers = radix::sorted(known.map(|row| radix::beside(facts.customer[row], row as u32)).collect());
    for rows in of_customers.chunk_by(|a, b| a >> u32::BITS == b >> u32::BITS) {
        customers += 1;
        let mut known = rows.iter().map(|&row| channel.get(row as u32 as usize)).filter(|&channel| channel != NO_WORD);
        let first = known.next();
        several += u64::from(known.any(|channel| Some(channel) != first));
    }
    vec![several as f64 / customers as f64, customers as f64]
}
