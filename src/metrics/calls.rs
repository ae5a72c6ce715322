//! Calls and other live contacts: what was offered, answered, given up, and the work in it (metrics.md §3).

use super::expressions::{count, has, is, share};
use super::{Clock, Compute, Context, Metric, Population, Role, left_out, n, output, told, value};
use crate::columns::NO_TIME;
use crate::desk::Group;
use crate::settings::Formula;
use crate::stats::clusters::Sample;
use crate::terms::Mode;
use crate::unit::{Better, Unit};
use polars::prelude::{Expr, col, lit};

const OFFERED_CALLS: Population = Population::new(Clock::Start, "calls offered, by their start");
const OFFERED_LIVE: Population = Population::new(Clock::Start, "live contacts offered, by their start");

const HANDLED_LIVE: Population = Population::new(Clock::Start, "live contacts that a human handled, by their start");
const ANSWERED_LIVE: Population = Population::new(Clock::Start, "answered live contacts, by their start");
const STARTED: Population = Population::new(Clock::Start, "contacts, by their start");

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
        id: "service_level_by_formula",
        label: "calls answered in time, by formula",
        help: "The service level by each of the seven formulas in use, with the calls that each divides by: one desk, seven numbers. `table --metrics service_level --compare-formulas` prints them side by side.",
        formula: "see `table --metrics service_level --compare-formulas`",
        better: Better::Up,
        population: OFFERED_CALLS,
        outputs: &[
            value("offered", "offered", Unit::Share),
            told("offered_n", "offered"),
            value("answered", "answered", Unit::Share),
            told("answered_n", "answered"),
            value("late_abandons", "late-abandons", Unit::Share),
            told("late_abandons_n", "late-abandons"),
            value("short_excluded", "short-excluded", Unit::Share),
            told("short_excluded_n", "short-excluded"),
            value("abandon_ok", "abandon-ok", Unit::Share),
            told("abandon_ok_n", "abandon-ok"),
            value("short_ok", "short-ok", Unit::Share),
            told("short_ok_n", "short-ok"),
            value("removed", "removed", Unit::Share),
            told("removed_n", "removed"),
        ],
        needs: &["outcome", "answered_at"],
        compute: Compute::Aggregate(by_formula),
        ripens: None,
        proof: &[
            ("offered", 0.5),
            ("answered", 2.0 / 3.0),
            ("late_abandons", 0.5),
            ("short_excluded", 0.5),
            ("abandon_ok", 0.5),
            ("short_ok", 0.5),
            ("removed", 0.5),
            ("removed_n", 4.0),
        ],
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
    Metric {
        id: "aht",
        label: "handling time",
        help: "Talk, hold and wrap-up of handled live contacts, by agent segment: a call of several legs counts as many as had talk. Where hold or wrap-up is unknown, what is known counts, and is counted. A handled contact without any handling time is left out and counted.",
        formula: "Σ (talk + hold + wrap) / segments",
        better: Better::Neither,
        population: HANDLED_LIVE,
        outputs: &[
            value("", "mean", Unit::Seconds),
            n("segments"),
            told("partial", "hold or wrap-up unknown"),
            left_out("unknown", "handling time unknown"),
        ],
        needs: &["talk", "handle"],
        compute: Compute::Mean { each: handling_times, told: handling_told },
        ripens: None,
        proof: &[("", 142.5), ("n", 4.0), ("partial", 4.0), ("unknown", 2.0)],
    },
    Metric {
        id: "transfer_rate",
        label: "transferred",
        help: "Of the answered live contacts, the share handed over at least once after the answer. Where the export does not tell of transfers, left out and counted.",
        formula: "transfers >= 1 / answered",
        better: Better::Down,
        population: ANSWERED_LIVE,
        outputs: &[value("", "transferred", Unit::Share), n("answered"), left_out("unknown", "transfers unknown")],
        needs: &["transfers"],
        compute: Compute::Aggregate(|_| {
            let told = is("answered").and(has("transfers"));
            vec![
                share(col("transfers").gt(lit(0)).fill_null(lit(false)), told.clone()),
                count(told),
                count(is("answered").and(has("transfers").not())),
            ]
        }),
        ripens: None,
        proof: &[("", 0.5), ("n", 2.0), ("unknown", 4.0)],
    },
    Metric {
        id: "cost_per_contact",
        label: "cost per contact",
        help: "The export's own cost, else the unit costs of the settings by channel: so much a contact, so much a handled minute, or both. A contact whose channel has no unit cost, or whose minutes are unknown where they cost, is left out and counted.",
        formula: "Σ cost / contacts with a cost",
        better: Better::Down,
        population: STARTED,
        outputs: &[value("", "a contact", Unit::Ratio), n("contacts"), left_out("unknown", "cost unknown")],
        needs: &[],
        compute: Compute::Mean { each: costs, told: uncosted },
        ripens: None,
        proof: &[("", 51.9 / 11.0), ("n", 11.0), ("unknown", 10.0)],
    },
];

/// The handled live contacts, and whether their handling time is known.
fn handled(group: &Group) -> impl Iterator<Item = (usize, bool)> {
    let facts = &group.desk.facts;
    let rows = group.rows.iter().map(|&row| row as usize);
    let handled = rows.filter(|&row| facts.mode[row] == Mode::Live && facts.handled[row]);
    handled.map(|row| (row, facts.handle_time(row) != NO_TIME))
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
fn handling_times(group: &Group) -> Vec<Sample> {
    let facts = &group.desk.facts;
    let timed = handled(group).filter(|(_, timed)| *timed);
    let sample = |(row, _): (usize, bool)| Sample {
        value: facts.handle_time(row) as f64 / 1_000.0,
        of: f64::from(facts.segments(row)),
        customer: facts.customer_of(row),
    };
    timed.map(sample).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn handling_told(group: &Group) -> Vec<f64> {
    let (timed, unknown): (Vec<_>, Vec<_>) = handled(group).partition(|(_, timed)| *timed);
    let partly = timed.iter().filter(|(row, _)| group.desk.facts.is_partly_timed(*row)).count();
    vec![partly as f64, unknown.len() as f64]
}

fn costs(group: &Group) -> Vec<Sample> {
    let costed = group.rows.iter().filter_map(|&row| Some((row as usize, cost(group, row as usize)?)));
    costed.map(|(row, cost)| Sample::one(group.desk.facts.customer_of(row), cost)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn uncosted(group: &Group) -> Vec<f64> {
    vec![group.rows.iter().filter(|&&row| cost(group, row as usize).is_none()).count() as f64]
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
fn cost(group: &Group, row: usize) -> Option<f64> {
    let facts = &group.desk.facts;
    let own = facts.table.numbers("cost").map(|costs| costs.get(row)).filter(|cost| cost.is_finite());
    if own.is_some() {
        return own;
    }
    let unit = group.desk.settings.costs.get(facts.table.word("channel", row))?;
    if unit.minute == 0.0 {
        return Some(unit.contact);
    }
    let handled = Some(facts.handle_time(row)).filter(|&time| time != NO_TIME)?;
    Some(unit.contact + unit.minute * handled as f64 / 60_000.0)
}

/// The formulas of metrics.md §3: what each divides, and where it is usual.
pub struct FormulaWords {
    pub formula: Formula,
    /// As the settings name it.
    pub name: &'static str,
    pub words: &'static str,
    pub usual_at: &'static str,
}

const fn formula(formula: Formula, name: &'static str, words: &'static str, usual_at: &'static str) -> FormulaWords {
    FormulaWords { formula, name, words, usual_at }
}

/// All seven, in the order of the outputs of `service_level_by_formula`.
pub const FORMULAS: [FormulaWords; 7] = [
    formula(Formula::Offered, "offered", "in time / offered", "Genesys"),
    formula(Formula::Answered, "answered", "in time / answered", "Asterisk"),
    formula(
        Formula::LateAbandons,
        "late-abandons",
        "in time / (offered − abandoned within the threshold)",
        "Bright Pattern",
    ),
    formula(Formula::ShortExcluded, "short-excluded", "in time / (offered − short abandoned)", "RingCentral"),
    formula(
        Formula::AbandonOk,
        "abandon-ok",
        "(in time + abandoned within the threshold) / offered",
        "Asterisk, its second",
    ),
    formula(Formula::ShortOk, "short-ok", "(in time + short abandoned) / offered", ""),
    formula(
        Formula::Removed,
        "removed",
        "(answered + abandoned + callbacks, each within the threshold) / queued",
        "Amazon Connect",
    ),
];

/// All formulas, each with the calls that it divides by.
fn by_formula(context: &Context) -> Vec<Expr> {
    let values = FORMULAS.iter().flat_map(|formula| {
        let mut all = level_by(context, formula.formula);
        all.truncate(2);
        all
    });
    values.collect()
}

fn service_level(context: &Context) -> Vec<Expr> {
    level_by(context, context.settings.service_level.formula)
}

fn level_by(context: &Context, formula: Formula) -> Vec<Expr> {
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
    let (part, whole) = match formula {
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
