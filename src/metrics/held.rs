//! Whether what was solved stayed solved, and who came back (metrics.md §4, §11 "Repeats and FCR").

use super::expressions::{count, has, is, share};
use super::{Clock, Compute, Context, Metric, Population, Role, TOO_RECENT, left_out, n, output, value};
use crate::desk::Group;
use crate::facts::course::{After, WATCHED};
use crate::unit::{Better, Unit};
use polars::prelude::{Expr, col, lit};

const RESOLVED: Population = Population::new(Clock::Resolution, "resolved contacts, by their last resolution");
const RESOLUTIONS: Population = Population::new(Clock::Closing, "resolutions of contacts, by their own time");
const OF_KNOWN: Population = Population::new(Clock::Start, "contacts of known customers, by their start");

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "one_touch",
        label: "solved with one reply",
        help: "Of the contacts resolved in the period after at least one human reply, windows over, the share with exactly one reply and not reopened within 7 days. An unknown number of replies is left out; with a history, a reopening within 7 days after the resolution; without, any reopening; a contact open now that was resolved before is a failure.",
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
        proof: &[("", 0.5), ("n", 4.0), ("immature", 1.0), ("unknown", 0.0), ("unwatched", 2.0)],
    },
    Metric {
        id: "reopen_rate",
        label: "reopened",
        help: "Of the resolutions in the period, windows over, the share reopened within 7 days; solved, reopened and still open counts. With a history each resolution counts at its own time. Without, the last one of each contact: open now is reopened, known never to have been reopened is not; else the reopening history is unknown, left out and counted.",
        formula: "reopened <= 7 d after / resolutions, resolution + 7 d <= as-of",
        better: Better::Down,
        population: RESOLUTIONS,
        outputs: &[
            value("", "reopened", Unit::Share),
            n("resolutions"),
            TOO_RECENT,
            left_out("unknown", "reopen history unknown"),
        ],
        needs: &["reopens", "events", "status"],
        compute: Compute::Grouped(reopen_rate),
        ripens: Some(|_| WATCHED),
        proof: &[("", 1.0 / 3.0), ("n", 3.0), ("immature", 1.0), ("unknown", 3.0)],
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
        proof: &[("", 5.0 / 8.0), ("n", 8.0), ("immature", 2.0), ("unknown", 3.0), ("continued", 1.0)],
    },
    Metric {
        id: "fcr_issue",
        label: "issues solved at first contact",
        help: "The same by issues: of the contacts that `fcr` counts, those that begin a chain, that is without another contact of the same customer (with the same topic where both have one) within the window before. A, B and C in one window are one issue, not solved at first contact. Contacts in the data's first days, whose chains may have begun before, are left out and counted.",
        formula: "chains of one contact / chains, start + window <= as-of",
        better: Better::Up,
        population: OF_KNOWN,
        outputs: &[
            value("", "at first contact", Unit::Share),
            n("issues"),
            TOO_RECENT,
            left_out("unknown", "unknown customer"),
            left_out("early", "in the data's first days"),
        ],
        needs: &[],
        compute: Compute::Aggregate(fcr_issue),
        ripens: Some(|settings| settings.repeat_window.0),
        proof: &[("", 1.0 / 3.0), ("n", 3.0), ("immature", 1.0), ("unknown", 3.0), ("early", 4.0)],
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
        proof: &[("", 5.0 / 12.0), ("n", 12.0), ("immature", 5.0), ("unknown", 3.0)],
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
        proof: &[("", 5.0 / 13.0), ("n", 13.0), ("unknown", 3.0), ("early", 4.0)],
    },
    Metric {
        id: "follow_up_rate",
        label: "followed up by us",
        help: "Of the contacts resolved in the period, windows over, the share whose customer was contacted by the company within 7 days after: proactive follow-up. Unknown customers are left out and counted.",
        formula: "outbound in (resolution, resolution + 7 d] / resolved contacts of known customers, resolution + 7 d <= as-of",
        better: Better::Neither,
        population: RESOLVED,
        outputs: &[
            value("", "followed up", Unit::Share),
            n("resolved"),
            TOO_RECENT,
            left_out("unknown", "unknown customer"),
        ],
        needs: &["direction"],
        compute: Compute::Aggregate(|context| {
            let over = (col("at") + lit(WATCHED)).lt_eq(lit(context.as_of));
            let known = is("done").and(has("customer"));
            vec![
                share(is("followed_up"), known.clone().and(over.clone())),
                count(known.clone().and(over.clone())),
                count(known.and(over.not())),
                count(is("done").and(has("customer").not())),
            ]
        }),
        ripens: Some(|_| WATCHED),
        proof: &[("", 0.2), ("n", 5.0), ("immature", 1.0), ("unknown", 0.0)],
    },
];

fn one_touch(context: &Context) -> Vec<Expr> {
    let over = (col("at") + lit(WATCHED)).lt_eq(lit(context.as_of));
    let replied = col("replies").gt(lit(0)).fill_null(lit(false));
    let reopened = is("was_reopened");
    let whole = replied.clone().and(over.clone());
    vec![
        share(col("replies").eq(lit(1)).and(reopened.not()), whole.clone()),
        count(whole.clone()),
        count(replied.and(over.not())),
        count(has("replies").not()),
        count(whole.and(has("reopens").not())),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn reopen_rate(group: &Group) -> Vec<f64> {
    let (mut reopened, mut all, mut recent, mut unknown) = (0u64, 0u64, 0u64, 0u64);
    for closing in group.rows.iter().filter_map(|&nth| group.desk.facts.closing(nth)) {
        let held = match closing.after {
            After::Held => true,
            After::Reopened(at) => at - closing.at > WATCHED,
            After::ReopenedSometime => false,
            After::Unknown => {
                unknown += 1;
                continue;
            }
        };
        if closing.at + WATCHED > group.desk.timeline.as_of {
            recent += 1;
        } else {
            all += 1;
            reopened += u64::from(!held);
        }
    }
    vec![reopened as f64 / all as f64, all as f64, recent as f64, unknown as f64]
}

/// Contacts of known customers that begin something, and whether their windows are over.
fn heads(context: &Context) -> (Expr, Expr) {
    let over = (col("at") + lit(context.settings.repeat_window.0)).lt_eq(lit(context.as_of));
    (has("customer").and(is("continuation").not()).and(has("at")), over)
}

/// Contacts that fcr is asked of, those that pass, and whether their windows are over. Of calls only answered ones: a
/// voicemail that was called back is no first contact.
fn first_contacts(context: &Context) -> (Expr, Expr, Expr) {
    let window = context.settings.repeat_window.0;
    let (heads, over) = heads(context);
    let came_back = (col("next_same_topic_at") - col("at")).lt_eq(lit(window)).fill_null(lit(false));
    let late = (col("resolved_at") - col("at")).gt(lit(window)).fill_null(lit(false));
    let unsolved = is("open").or(is("unresolved")).or(late);
    let candidates = heads.and(is("handled")).and(is("phone").not().or(is("answered")));
    (candidates, came_back.or(unsolved).not(), over)
}

fn fcr(context: &Context) -> Vec<Expr> {
    let (candidates, passes, over) = first_contacts(context);
    vec![
        share(passes, candidates.clone().and(over.clone())),
        count(candidates.clone().and(over.clone())),
        count(candidates.and(over.not())),
        count(has("customer").not().and(is("handled"))),
        count(is("continuation").and(is("handled"))),
    ]
}

fn fcr_issue(context: &Context) -> Vec<Expr> {
    let window = context.settings.repeat_window.0;
    let (candidates, passes, over) = first_contacts(context);
    let early = col("at").lt(lit(context.first_at.saturating_add(window)));
    let goes_on = (col("at") - col("previous_same_topic_at")).lt_eq(lit(window)).fill_null(lit(false));
    let issues = candidates.clone().and(goes_on.not()).and(early.clone().not());
    vec![
        share(passes, issues.clone().and(over.clone())),
        count(issues.clone().and(over.clone())),
        count(issues.and(over.not())),
        count(has("customer").not().and(is("handled"))),
        count(candidates.and(early)),
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
