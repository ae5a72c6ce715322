//! Calls and other live contacts: what was offered, answered, given up (metrics.md §3).

use super::expressions::{count, has, is};
use super::{Clock, Compute, Context, Metric, Population, Role, left_out, n, output, value};
use crate::settings::Formula;
use crate::unit::{Better, Unit};
use polars::prelude::{Expr, col, lit};

const OFFERED_CALLS: Population = Population::new(Clock::Start, "calls offered, by their start");
const OFFERED_LIVE: Population = Population::new(Clock::Start, "live contacts offered, by their start");

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "service_level",
        label: "calls answered in time",
        help: "Of the calls offered, the share answered within the threshold (default 20 s, inclusive). Offered = answered + abandoned + missed + voicemail + overflow. An answered call without a usable wait is left out and counted; an abandoned one without a wait is offered and in no \"within\". A source in which nothing but answered calls occurs has no service level. The settings choose among seven formulas: offered (default), answered, late-abandons, short-excluded, abandon-ok, short-ok, removed.",
        formula: "answered with wait <= threshold / offered",
        better: Better::Up,
        population: OFFERED_CALLS,
        outputs: &[
            value("", "in time", Unit::Share),
            n("calls"),
            left_out("unknown", "answered, wait unknown"),
            output("callbacks", "asked to be called", Unit::Count, Role::Told),
        ],
        needs: &["outcome", "answered_at"],
        compute: Compute::Aggregate(service_level),
        ripens: None,
        proof: &[("", 0.5), ("n", 4.0), ("unknown", 1.0)],
    },
    Metric {
        id: "abandonment",
        label: "abandoned",
        help: "Of the live contacts offered, the share whose customer left before a human answered. A source in which nothing but answered contacts occurs has no abandonment.",
        formula: "abandoned / offered",
        better: Better::Down,
        population: OFFERED_LIVE,
        outputs: &[value("", "abandoned", Unit::Share), n("offered")],
        needs: &["outcome"],
        compute: Compute::Aggregate(|_| {
            vec![count(is("abandoned").and(is("offered"))) / count(is("offered")), count(is("offered"))]
        }),
        ripens: None,
        proof: &[("", 2.0 / 7.0), ("n", 7.0)],
    },
];

fn service_level(context: &Context) -> Vec<Expr> {
    let level = &context.settings.service_level;
    let call = is("live").and(is("phone"));
    let unknown = call.clone().and(is("offered")).and(is("answered")).and(has("wait").not());
    let offered = call.clone().and(is("offered")).and(unknown.clone().not());
    let answered = offered.clone().and(is("answered"));
    let abandoned = offered.clone().and(is("abandoned"));
    let within = |millis: i64| col("wait").lt_eq(lit(millis)).fill_null(lit(false));
    let (soon, short) = (within(level.within.0), within(context.settings.short_abandon.0));
    let callback = call.and(is("callback"));
    let asked = callback.clone();
    let in_time = count(answered.clone().and(soon.clone()));
    let gave_up_soon = count(abandoned.clone().and(soon.clone()));
    let gave_up_at_once = count(abandoned.clone().and(short));
    let all = count(offered.clone());
    let (part, whole) = match level.formula {
        Formula::Offered => (in_time, all),
        Formula::Answered => (in_time, count(answered)),
        Formula::LateAbandons => (in_time, all - gave_up_soon),
        Formula::ShortExcluded => (in_time, all - gave_up_at_once),
        Formula::AbandonOk => (in_time + gave_up_soon, all),
        Formula::ShortOk => (in_time + gave_up_at_once, all),
        Formula::Removed => (in_time + gave_up_soon + count(callback.clone().and(soon)), all + count(callback)),
    };
    vec![part / whole.clone(), whole, count(unknown), count(asked)]
}
