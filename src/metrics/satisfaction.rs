//! What customers say when asked (metrics.md §5).

use super::{Clock, Compute, Metric, Population, Role, left_out, n, output, value};
use crate::desk::Group;
use crate::facts::answers::Asked;
use crate::identity::NO_CUSTOMER;
use crate::stats::{self, Z95};
use crate::unit::{Better, Unit};
use rustc_hash::FxHashMap;

const ANSWERED: Population = Population::new(Clock::Answer, "ratings of contacts, by the answer");

pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "csat",
        label: "satisfied",
        help: "Answers in the top box of the source's scale (5-point {4, 5}, 3-point {3}, 2-point {good}) over the answers with a rating, with Wilson's 95 % interval. The last rating of an interaction counts; a rating on an unknown scale is left out and counted. Placed by the time of the answer; without it by the resolution, else by the start.",
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
        help: "Share of 9 and 10 minus share of 0 to 6, in points; 7 and 8 are in the denominator. The last answer of each customer counts. The interval is the score ± 1.96 standard errors.",
        formula: "100 × (P − D); SE = 100 × sqrt((P + D − (P − D)²) / n)",
        better: Better::Up,
        population: ANSWERED,
        outputs: &[
            value("", "net promoter score", Unit::Points),
            n("customers"),
            output("low", "from", Unit::Points, Role::Low),
            output("high", "to", Unit::Points, Role::High),
        ],
        needs: &["nps", "score"],
        compute: Compute::Grouped(nps),
        ripens: None,
        proof: &[("", 25.0), ("n", 4.0)],
    },
];

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn csat(group: &Group) -> Vec<f64> {
    let (mut good, mut all, mut unscaled, mut borrowed) = (0u64, 0u64, 0u64, 0u64);
    for answer in group.rows.iter().map(|&row| &group.desk.answers[row as usize]).filter(|a| a.asked == Asked::Csat) {
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
    let answers = group.rows.iter().map(|&row| &group.desk.answers[row as usize]).filter(|a| a.asked == Asked::Nps);
    let mut last: FxHashMap<u32, (i64, f64)> = FxHashMap::default();
    let mut scores: Vec<f64> = Vec::new();
    for answer in answers {
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
    let error = Z95 * ((promoters + detractors - score * score) / n).sqrt();
    vec![100.0 * score, n, 100.0 * (score - error), 100.0 * (score + error)]
}
