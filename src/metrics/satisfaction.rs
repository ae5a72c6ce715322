//! What customers say when asked (metrics.md §5).

use super::{Clock, Compute, Metric, Population, Role, left_out, n, output, value};
use crate::columns::NO_TIME;
use crate::desk::Group;
use crate::facts::answers::{Answer, Asked, on_scale};
use crate::identity::NO_CUSTOMER;
use crate::stats::clusters::Sample;
use crate::stats::{self, Z95};
use crate::unit::{Better, Unit};
use rustc_hash::FxHashMap;

const ANSWERED: Population = Population::new(Clock::Answer, "ratings of contacts, by the answer");

const SENT: Population = Population::new(Clock::Sending, "surveys sent");

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "csat",
        label: "satisfied",
        help: "Answers in the top box of the source's scale (5-point {4, 5}, 3-point {3}, 2-point {good}) over the answers with a rating, with Wilson's 95 % interval. The last rating of an interaction counts; a rating on an unknown scale is left out and counted. Placed by the time of the answer; without it by the resolution, else by the start. A survey that names no contact is about the customer's last one of the 7 days before it was sent (else answered): that says whose channel, team or topic it is.",
        formula: "top box / answers; interval: Wilson (1927)",
        better: Better::Up,
        population: ANSWERED,
        outputs: &[
            value("", "satisfied", Unit::Share),
            n("answers"),
            output("low", "from", Unit::Share, Role::Low),
            output("high", "to", Unit::Share, Role::High),
            left_out("unscaled", "scale unknown"),
            output("borrowed", "placed by resolution or start", Unit::Count, Role::Told),
        ],
        needs: &["csat", "score"],
        compute: Compute::Grouped(csat),
        ripens: None,
        proof: &[
            ("", 0.75),
            ("n", 4.0),
            ("low", 0.30064184258240184),
            ("high", 0.9544127391902995),
            ("unscaled", 1.0),
            ("borrowed", 3.0),
        ],
    },
    Metric {
        id: "nps",
        label: "net promoter score",
        help: "Share of 9 and 10 minus share of 0 to 6, in points; 7 and 8 are in the denominator. The last answer of each customer counts; a survey that names no contact is about the customer's last one of the 7 days before. The interval is the score ± 1.96 standard errors.",
        formula: "100 × (P − D); SE = 100 × sqrt((P + D − (P − D)²) / n)",
        better: Better::Up,
        population: ANSWERED,
        outputs: &[
            value("", "net promoter score", Unit::Points),
            n("customers"),
            output("low", "from", Unit::Points, Role::Low),
            output("high", "to", Unit::Points, Role::High),
            value("se", "standard error", Unit::Points),
        ],
        needs: &["nps", "score"],
        compute: Compute::Grouped(nps),
        ripens: None,
        proof: &[("", 25.0), ("n", 4.0), ("se", 41.457_809_879_442_5)],
    },
    Metric {
        id: "csat_mean",
        label: "mean rating",
        help: "The mean of the ratings, each put on 1 to 5 by its scale. An extra: the share of satisfied answers says more, for a mean hides who was angry. A rating on an unknown scale is left out and counted.",
        formula: "Σ (1 + 4 × (score − 1) / (scale − 1)) / answers",
        better: Better::Up,
        population: ANSWERED,
        outputs: &[value("", "mean, 1 to 5", Unit::Number), n("answers"), left_out("unscaled", "scale unknown")],
        needs: &["csat", "score"],
        compute: Compute::Mean { each: ratings, told: unscaled },
        ripens: None,
        proof: &[("", 4.0), ("n", 4.0), ("unscaled", 1.0)],
    },
    Metric {
        id: "survey_response",
        label: "surveys answered",
        help: "Of the surveys sent in the period, the share answered by the judging instant. Only of exports that say when a survey was sent.",
        formula: "answered / sent",
        better: Better::Up,
        population: SENT,
        outputs: &[value("", "answered", Unit::Share), n("sent")],
        needs: &["sent_at"],
        compute: Compute::Grouped(survey_response),
        ripens: None,
        proof: &[("", 2.0 / 3.0), ("n", 3.0)],
    },
    Metric {
        id: "ces",
        label: "ease",
        help: "The mean of the answers about effort, each put on 1 to 7 with 7 the easiest. Which end of the scale is easy, and how many points it has, the profile declares; it is never guessed: an answer without either is left out and counted. Easy: the share at 5 and above.",
        formula: "Σ (1 + 6 × (e − 1) / (scale − 1)) / answers, e = score or scale + 1 − score",
        better: Better::Up,
        population: ANSWERED,
        outputs: &[
            value("", "mean, 1 to 7", Unit::Number),
            n("answers"),
            value("easy", "easy", Unit::Share),
            left_out("undeclared", "scale or direction not declared"),
        ],
        needs: &["ces", "score"],
        compute: Compute::Mean { each: eases, told: ease_told },
        ripens: None,
        proof: &[("", 5.75), ("n", 2.0), ("easy", 1.0), ("undeclared", 1.0)],
    },
    Metric {
        id: "qa",
        label: "quality score",
        help: "The mean quality score of the contacts that have one, on the export's own scale.",
        formula: "Σ qa / contacts with a score",
        better: Better::Up,
        population: Population::new(Clock::Start, "contacts with a quality score, by their start"),
        outputs: &[value("", "mean", Unit::Number), n("scored")],
        needs: &["qa"],
        compute: Compute::Mean { each: quality_scores, told: |_| Vec::new() },
        ripens: None,
        proof: &[("", 85.0), ("n", 2.0)],
    },
];

/// Answers to one question.
fn answers<'g>(group: &'g Group, asked: Asked) -> impl Iterator<Item = &'g Answer> {
    group.rows.iter().map(|&row| &group.desk.answers[row as usize]).filter(move |answer| answer.asked == asked)
}

fn of(answer: &Answer, value: f64) -> Sample {
    Sample::one(Some(answer.customer).filter(|&customer| customer != NO_CUSTOMER), value)
}

fn ratings(group: &Group) -> Vec<Sample> {
    let scaled = answers(group, Asked::Csat).filter(|answer| answer.scale > 1.0);
    scaled.map(|answer| of(answer, on_scale(answer.score, answer.scale, 5.0))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn unscaled(group: &Group) -> Vec<f64> {
    vec![(answers(group, Asked::Csat).count() - ratings(group).len()) as f64]
}

/// How easy an answer says that it was, where its scale and direction are declared.
fn ease(answer: &Answer) -> Option<f64> {
    let high = answer.high_is_easy.filter(|_| answer.scale > 1.0)?;
    let ease = if high { answer.score } else { answer.scale + 1.0 - answer.score };
    Some(on_scale(ease, answer.scale, 7.0))
}

fn eases(group: &Group) -> Vec<Sample> {
    answers(group, Asked::Ces).filter_map(|answer| Some(of(answer, ease(answer)?))).collect()
}

/// The share of those who found it easy, and how many did not declare their scale.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn ease_told(group: &Group) -> Vec<f64> {
    let declared: Vec<f64> = answers(group, Asked::Ces).filter_map(ease).collect();
    let easy = declared.iter().filter(|&&ease| ease >= 5.0).count() as f64;
    vec![easy / declared.len() as f64, (answers(group, Asked::Ces).count() - declared.len()) as f64]
}

fn quality_scores(group: &Group) -> Vec<Sample> {
    let facts = &group.desk.facts;
    let Some(scores) = facts.table.numbers("qa") else { return Vec::new() };
    let scored = group.rows.iter().map(|&row| (row as usize, scores.get(row as usize)));
    scored.filter(|(_, score)| score.is_finite()).map(|(row, qa)| Sample::one(facts.customer_of(row), qa)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn survey_response(group: &Group) -> Vec<f64> {
    let answered = group.judged().filter(|&(nth, judged_at)| {
        let at = group.desk.sent[nth].answered_at;
        at != NO_TIME && at <= judged_at
    });
    let (answered, sent) = (answered.count() as f64, group.rows.len() as f64);
    vec![answered / sent, sent]
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn csat(group: &Group) -> Vec<f64> {
    let (mut good, mut all, mut unscaled, mut borrowed) = (0u64, 0u64, 0u64, 0u64);
    for answer in answers(group, Asked::Csat) {
        let Some(top) = answer.top else {
            unscaled += 1;
            continue;
        };
        all += 1;
        good += u64::from(top);
        borrowed += u64::from(answer.borrowed_time);
    }
    let (low, high) = stats::wilson(good, all).unwrap_or((f64::NAN, f64::NAN));
    vec![good as f64 / all as f64, all as f64, low, high, unscaled as f64, borrowed as f64]
}

/// The last answer of each customer; an answer without a customer stands for itself.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn nps(group: &Group) -> Vec<f64> {
    let mut last: FxHashMap<u32, (i64, f64)> = FxHashMap::default();
    let mut scores: Vec<f64> = Vec::new();
    for answer in answers(group, Asked::Nps) {
        if answer.customer == NO_CUSTOMER {
            scores.push(answer.score);
            continue;
        }
        let kept = last.entry(answer.customer).or_insert((answer.at, answer.score));
        if (answer.at, answer.score) >= *kept {
            *kept = (answer.at, answer.score);
        }
    }
    scores.extend(last.values().map(|(_, score)| *score));
    let n = scores.len() as f64;
    let promoters = scores.iter().filter(|&&s| s >= 9.0).count() as f64 / n;
    let detractors = scores.iter().filter(|&&s| s <= 6.0).count() as f64 / n;
    let score = promoters - detractors;
    let se = ((promoters + detractors - score * score) / n).sqrt();
    vec![100.0 * score, n, 100.0 * (score - Z95 * se), 100.0 * (score + Z95 * se), 100.0 * se]
}
