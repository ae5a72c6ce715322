//! What got solved, how fast, and whether it held (metrics.md §4).

use super::expressions::{count, has, is, only, replied, share};
use super::{Clock, Compute, Context, Metric, Output, Population, Role, left_out, n, output, value};
use crate::unit::{Better, Unit};
use crate::zone::DAY;
use polars::prelude::{DataType, Expr, col, lit};

const STARTED: Population = Population::new(Clock::Start, "contacts with a known state, by their start");
const HANDLED: Population =
    Population::new(Clock::Start, "contacts that a human handled, with a known state, by their start");
const OF_KNOWN: Population = Population::new(Clock::Start, "contacts of known customers, by their start");
const RESOLVED: Population = Population::new(Clock::Resolution, "resolved contacts, by their last resolution");
const STATE: Population = Population::new(Clock::State, "contacts with a state, at the period's end");

/// One-touch resolutions are watched for this long.
const WATCHED: i64 = 7 * DAY;

const TOO_RECENT: Output = output("immature", "too recent to judge", Unit::Count, Role::TooRecent);

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "resolution_rate",
        label: "resolved",
        help: "Of the contacts with a known state that started in the period, the share resolved at the judging instant; each period is judged at its own end plus the same lag. A live contact without a state is left out and counted. Resolved without a usable time: in no rate that is judged before as-of.",
        formula: "resolved_at <= judging instant / contacts with a known state",
        better: Better::Up,
        population: STARTED,
        outputs: &[
            value("", "resolved", Unit::Share),
            n("contacts"),
            left_out("unknown", "state unknown"),
            left_out("undated", "resolved at an unknown time"),
        ],
        needs: &["status"],
        compute: Compute::Aggregate(|context| {
            let mut out = resolved_of(context, &lit(true));
            out.push(count(is("status_known").not()));
            out.push(count(undated(context)));
            out
        }),
        ripens: None,
        proof: &[("", 6.0 / 9.0), ("n", 9.0), ("unknown", 8.0), ("undated", 0.0)],
    },
    Metric {
        id: "resolved_handled",
        label: "resolved, of those handled",
        help: "The same share over the contacts that a human had handled by then: answered, or spoken, or replied to. One well-known call data set gives 72.9 % or 89.9 % by this choice, so both are printed.",
        formula: "resolved_at <= judging instant / handled contacts with a known state",
        better: Better::Up,
        population: HANDLED,
        outputs: &[value("", "resolved, of those handled", Unit::Share), n("handled contacts")],
        needs: &["status"],
        compute: Compute::Aggregate(|context| resolved_of(context, &is("touched").or(replied()))),
        ripens: None,
        proof: &[("", 5.0 / 7.0), ("n", 7.0)],
    },
    Metric {
        id: "resolved",
        label: "closed",
        help: "Contacts whose last resolution lies in the period.",
        formula: "count by resolved_at",
        better: Better::Up,
        population: RESOLVED,
        outputs: &[value("", "closed", Unit::Count)],
        needs: &["status"],
        compute: Compute::Aggregate(|_| vec![count(is("done"))]),
        ripens: None,
        proof: &[("", 6.0)],
    },
    Metric {
        id: "ttr_full",
        label: "time to resolution",
        help: "From the start to the last resolution, of the contacts resolved in the period. Of those closed: contacts still open have no time yet, so this is lower than what a new contact may expect.",
        formula: "resolved_at − started_at",
        better: Better::Down,
        population: RESOLVED,
        outputs: &[
            value("p50", "half within", Unit::Seconds),
            value("p90", "9 in 10 within", Unit::Seconds),
            value("mean", "mean", Unit::Seconds),
            n("closed"),
            output("vendor", "by the vendor's own duration", Unit::Count, Role::Told),
        ],
        needs: &["resolved_at", "closed_at", "vendor_resolution"],
        compute: Compute::Spread {
            millis: |_| only(col("resolved_at") - col("started_at"), is("done").and(is("timed"))),
            told: |_| vec![count(is("done").and(is("timed")).and(is("resolved_by_vendor")))],
        },
        ripens: None,
        proof: &[("p50", 48_600.0), ("p90", 86_400.0), ("mean", 45_900.0), ("n", 6.0)],
    },
    Metric {
        id: "one_touch",
        label: "solved with one reply",
        help: "Of the contacts resolved in the period after at least one human reply, windows over, the share with exactly one reply and not reopened within 7 days. An unknown number of replies is left out; a reopening without a date counts as one; a contact open now that was resolved before is a failure.",
        formula: "replies = 1 and not reopened / replies >= 1, resolved_at + 7 d <= as-of",
        better: Better::Up,
        population: RESOLVED,
        outputs: &[
            value("", "with one reply", Unit::Share),
            n("resolved after a reply"),
            TOO_RECENT,
            left_out("unknown", "number of replies unknown"),
            output("unwatched", "reopenings unknown", Unit::Count, Role::Told),
        ],
        needs: &["replies"],
        compute: Compute::Aggregate(one_touch),
        ripens: Some(|_| WATCHED),
        proof: &[("", 0.25), ("n", 4.0), ("immature", 1.0), ("unknown", 0.0), ("unwatched", 2.0)],
    },
    Metric {
        id: "fcr",
        label: "solved at first contact",
        help: "Of the handled contacts (of calls: the answered ones) of a known customer that started in the period, windows over: no further inbound contact of the same customer (with the same topic where both have one) on any channel within 7 days of the start, and not known to be unresolved at the window's end. Left out and counted: unknown customer, too recent, calls that go on with the one before. Of A, B and C in one window A and B fail and C stands.",
        formula: "no contact of the customer in (start, start + window], resolved or unknown / handled contacts, start + window <= as-of",
        better: Better::Up,
        population: OF_KNOWN,
        outputs: &[
            value("", "at first contact", Unit::Share),
            n("contacts"),
            TOO_RECENT,
            left_out("unknown", "unknown customer"),
            left_out("continued", "goes on with the call before"),
        ],
        needs: &[],
        compute: Compute::Aggregate(fcr),
        ripens: Some(|settings| settings.repeat_window.0),
        proof: &[("", 5.0 / 8.0), ("n", 8.0), ("immature", 2.0), ("unknown", 2.0), ("continued", 1.0)],
    },
    Metric {
        id: "repeat_rate",
        label: "followed by another contact",
        help: "Of the contacts of a known customer, windows over: the share followed by another inbound contact of the same customer, on any channel, within 7 days.",
        formula: "next contact − start <= window / contacts, start + window <= as-of",
        better: Better::Down,
        population: OF_KNOWN,
        outputs: &[
            value("", "followed by another", Unit::Share),
            n("contacts"),
            TOO_RECENT,
            left_out("unknown", "unknown customer"),
        ],
        needs: &[],
        compute: Compute::Aggregate(repeat_rate),
        ripens: Some(|settings| settings.repeat_window.0),
        proof: &[("", 4.0 / 11.0), ("n", 11.0), ("immature", 3.0), ("unknown", 2.0)],
    },
    Metric {
        id: "repeat_contacts",
        label: "came back within 7 days",
        help: "Of the period's contacts of known customers, the share preceded by another inbound contact of the same customer, on any channel, within 7 days. Looks back, so it needs no waiting. Contacts in the data's first 7 days are left out and counted.",
        formula: "start − previous contact <= window / contacts",
        better: Better::Down,
        population: OF_KNOWN,
        outputs: &[
            value("", "came back", Unit::Share),
            n("contacts"),
            left_out("unknown", "unknown customer"),
            left_out("early", "in the data's first days"),
        ],
        needs: &[],
        compute: Compute::Aggregate(repeat_contacts),
        ripens: None,
        proof: &[("", 0.2), ("n", 10.0), ("unknown", 2.0), ("early", 4.0)],
    },
    Metric {
        id: "backlog",
        label: "open",
        help: "Contacts with a state that started before the period's end (or as-of) and were not resolved before it, by age. Unresolved for good is over, not open. Resolved at an unknown time is in no earlier backlog.",
        formula: "started_at < T and not resolved_at < T",
        better: Better::Down,
        population: STATE,
        outputs: &[
            value("", "open", Unit::Count),
            value("0_1d", "up to 1 day", Unit::Count),
            value("1_3d", "1 to 3 days", Unit::Count),
            value("3_7d", "3 to 7 days", Unit::Count),
            value("7_30d", "7 to 30 days", Unit::Count),
            value("30d", "over 30 days", Unit::Count),
            value("over_7d", "over 7 days", Unit::Count),
            value("oldest", "oldest", Unit::Seconds),
            value("untouched", "without a reply", Unit::Count),
        ],
        needs: &["status"],
        compute: Compute::Aggregate(backlog),
        ripens: None,
        proof: &[
            ("", 3.0),
            ("0_1d", 1.0),
            ("1_3d", 1.0),
            ("3_7d", 0.0),
            ("7_30d", 1.0),
            ("30d", 0.0),
            ("over_7d", 1.0),
            ("oldest", 1_209_600.0),
            ("untouched", 1.0),
        ],
    },
];

/// Resolved, but nobody knows when: judged before as-of, it is in neither part.
fn undated(context: &Context) -> Expr {
    is("done").and(has("resolved_at").not()).and(col("judged_at").lt(lit(context.as_of)))
}

fn resolved_of(context: &Context, among: &Expr) -> Vec<Expr> {
    let in_time = has("resolved_at").and(col("resolved_at").lt_eq(col("judged_at"))).fill_null(lit(false));
    let resolved = is("done").and(in_time.or(has("resolved_at").not()));
    let whole = is("status_known").and(undated(context).not()).and(among.clone());
    vec![share(resolved, whole.clone()), count(whole)]
}

fn one_touch(context: &Context) -> Vec<Expr> {
    let over = (col("at") + lit(WATCHED)).lt_eq(lit(context.as_of));
    let replied = col("replies").gt(lit(0)).fill_null(lit(false));
    let reopened = is("open").or(col("reopens").gt(lit(0)).fill_null(lit(false)));
    let whole = replied.clone().and(over.clone());
    vec![
        share(col("replies").eq(lit(1)).and(reopened.not()), whole.clone()),
        count(whole.clone()),
        count(replied.and(over.not())),
        count(has("replies").not()),
        count(whole.and(has("reopens").not())),
    ]
}

/// Contacts of known customers that begin something, and whether their windows are over.
fn heads(context: &Context) -> (Expr, Expr) {
    let over = (col("at") + lit(context.settings.repeat_window.0)).lt_eq(lit(context.as_of));
    (has("customer").and(is("continuation").not()).and(has("at")), over)
}

fn fcr(context: &Context) -> Vec<Expr> {
    let window = context.settings.repeat_window.0;
    let (heads, over) = heads(context);
    let came_back = (col("next_same_topic_at") - col("at")).lt_eq(lit(window)).fill_null(lit(false));
    let late = (col("resolved_at") - col("at")).gt(lit(window)).fill_null(lit(false));
    let unsolved = is("open").or(is("unresolved")).or(late);
    // Of calls only answered ones: a voicemail that was called back is no first contact.
    let candidates = heads.and(is("handled")).and(is("phone").not().or(is("answered")));
    vec![
        share(came_back.or(unsolved).not(), candidates.clone().and(over.clone())),
        count(candidates.clone().and(over.clone())),
        count(candidates.and(over.not())),
        count(has("customer").not().and(is("handled"))),
        count(is("continuation").and(is("handled"))),
    ]
}

fn repeat_rate(context: &Context) -> Vec<Expr> {
    let (heads, over) = heads(context);
    let followed = (col("next_at") - col("at")).lt_eq(lit(context.settings.repeat_window.0)).fill_null(lit(false));
    vec![
        share(followed, heads.clone().and(over.clone())),
        count(heads.clone().and(over.clone())),
        count(heads.and(over.not())),
        count(has("customer").not()),
    ]
}

fn repeat_contacts(context: &Context) -> Vec<Expr> {
    let window = context.settings.repeat_window.0;
    let (heads, _) = heads(context);
    let early = col("at").lt(lit(context.first_at.saturating_add(window)));
    let preceded = (col("at") - col("previous_at")).lt_eq(lit(window)).fill_null(lit(false));
    vec![
        share(preceded, heads.clone().and(early.clone().not())),
        count(heads.clone().and(early.clone().not())),
        count(has("customer").not()),
        count(heads.and(early)),
    ]
}

fn backlog(_: &Context) -> Vec<Expr> {
    let resolved = is("done").and(col("resolved_at").lt(col("ends_at")).fill_null(lit(true)));
    let open = is("open").or(is("done")).and(resolved.not()).and(has("at"));
    let age = col("judged_at") - col("at");
    let between = |from: i64, to: i64| {
        count(open.clone().and(age.clone().gt_eq(lit(from * DAY))).and(age.clone().lt(lit(to * DAY))))
    };
    let replied = col("replied_at").lt(col("ends_at")).fill_null(lit(false));
    vec![
        count(open.clone()),
        between(0, 1),
        between(1, 3),
        between(3, 7),
        between(7, 30),
        between(30, 1_000_000),
        between(7, 1_000_000),
        only(age.clone(), open.clone()).max().cast(DataType::Float64) / lit(1_000.0),
        count(open.and(replied.or(is("touched")).not())),
    ]
}
