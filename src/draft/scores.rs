//! Scores of customers: satisfaction, recommendation, effort.
//!
//! The scale of a score and the direction of effort are in the question that was asked, seldom in the file: where it
//! does not say, its user is asked.

use super::choose::{Choice, Chosen};
use super::shape::Shape;
use super::{Question, Rule};
use crate::interaction::TableKind;

/// Verdicts that some tools have in the place of scores, in lower case, and whether they are good.
const VERDICTS: &[(&str, bool)] = &[
    ("good", true),
    ("bad", false),
    ("satisfied", true),
    ("dissatisfied", false),
    ("unsatisfied", false),
    ("positive", true),
    ("negative", false),
    ("happy", true),
    ("unhappy", false),
    ("gut", true),
    ("schlecht", false),
    ("zufrieden", true),
    ("unzufrieden", false),
    ("satisfait", true),
    ("insatisfait", false),
    ("bueno", true),
    ("malo", false),
    ("satisfecho", true),
    ("insatisfecho", false),
    ("bom", true),
    ("ruim", false),
    ("satisfeito", true),
    ("insatisfeito", false),
    ("buono", true),
    ("cattivo", false),
    ("soddisfatto", true),
    ("insoddisfatto", false),
    ("goed", true),
    ("slecht", false),
    ("tevreden", true),
    ("ontevreden", false),
];
/// What stands where nobody has answered, in lower case.
const NO_ANSWER: &[&str] = &["offered", "not offered", "unoffered", "not rated", "unrated", "no rating", "pending"];
/// Scales in use.
const SCALES: &[u32] = &[2, 3, 5, 7, 10, 100];
const USUAL: u32 = 5;

/// What a score is called in the table that it goes to: itself, its scale, its direction.
struct Names {
    score: &'static str,
    scale: &'static str,
    easy: &'static str,
}

/// Take the scores.
pub fn scores(chosen: &mut Chosen) {
    let is_survey = chosen.kind == TableKind::Surveys;
    let mut done = false;
    for kind in ["nps", "csat", "ces"] {
        let Some(choice) = choice(chosen, kind) else { continue };
        if is_survey && done {
            // An answer has one score; what else was asked stays among what is left.
            chosen.set_used(choice.column, false);
            continue;
        }
        done = true;
        let names = match (is_survey, kind) {
            (true, _) => Names { score: "score", scale: "scale", easy: "high_is_easy" },
            (_, "ces") => Names { score: "ces", scale: "ces_scale", easy: "ces_high_is_easy" },
            (_, "nps") => Names { score: "nps", scale: "", easy: "" },
            _ => Names { score: "csat", scale: "csat_scale", easy: "" },
        };
        if is_survey && let Some(field) = chosen.kind.field("kind") {
            let rule = Rule { value: Some(kind.to_owned()), ..Rule::default() };
            let choice = Choice { field, others: Vec::new(), ..choice };
            chosen.take(&choice, rule, choice.likeness.words());
        }
        match kind {
            "nps" => take(chosen, &choice, names.score, Rule::default(), "0 to 10"),
            "csat" => satisfaction(chosen, &choice, &names),
            _ => effort(chosen, &choice, &names),
        }
    }
}

/// The column of a score: chosen already, or in a survey found by what it is called elsewhere.
fn choice(chosen: &mut Chosen, kind: &str) -> Option<Choice> {
    if chosen.kind != TableKind::Surveys {
        return chosen.choice(kind);
    }
    let field = chosen.kind.field("score")?;
    let is_free = |at: &usize| !chosen.is_used(*at);
    let like = |at: usize| {
        let seen = &chosen.columns[at];
        let (likeness, rank) = seen.words.like(TableKind::Interactions, kind)?;
        super::choose::fits(seen, TableKind::Interactions, kind, likeness).then_some((likeness, rank, at))
    };
    let (likeness, _, column) = (0..chosen.columns.len()).filter(is_free).filter_map(like).min()?;
    chosen.set_used(column, true);
    Some(Choice { field, column, likeness, others: Vec::new() })
}

fn take(chosen: &mut Chosen, choice: &Choice, name: &str, rule: Rule, why: &str) {
    let Some(field) = chosen.kind.field(name) else { return };
    let own = Rule::of(chosen.columns[choice.column].column);
    let rule = Rule { from: own.from, nth: own.nth, ..rule };
    let choice = Choice { field, column: choice.column, likeness: choice.likeness, others: choice.others.clone() };
    chosen.take(&choice, rule, format!("{}; {why}", choice.likeness.words()));
}

fn satisfaction(chosen: &mut Chosen, choice: &Choice, names: &Names) {
    let seen = &chosen.columns[choice.column];
    if let Some(verdicts) = verdicts(&seen.shape) {
        let map = |good: bool| if good { "2" } else { "1" }.to_owned();
        let known: Vec<_> = verdicts.iter().filter_map(|(word, good)| Some((word.clone(), map((*good)?)))).collect();
        let other: Vec<_> = verdicts.iter().filter(|(_, good)| good.is_none()).map(|(word, _)| word.clone()).collect();
        let rule = Rule { map: known, missing: other.clone(), ..Rule::default() };
        take(chosen, choice, names.score, rule, "good or bad, a scale of two");
        let rule = Rule { value: Some("2".to_owned()), missing: other, ..Rule::default() };
        return take(chosen, choice, names.scale, rule, "good or bad, a scale of two");
    }
    let header = seen.column.name.clone();
    if let Some(scale) = said_scale(&header) {
        take(chosen, choice, names.score, Rule::default(), &format!("its name says 1 to {scale}"));
        let rule = Rule { value: Some(scale.to_string()), ..Rule::default() };
        return take(chosen, choice, names.scale, rule, &format!("its name says 1 to {scale}"));
    }
    let most = seen.shape.number.map_or(0.0, |numbers| numbers.most);
    let own = Rule::of(seen.column);
    let mut scales: Vec<u32> = SCALES.iter().copied().filter(|scale| f64::from(*scale) >= most).collect();
    // The most usual one is written out, for its user to confirm.
    scales.sort_by_key(|scale| *scale != USUAL);
    let Some((first, others)) = scales.split_first() else { return };
    let others: Vec<String> = others.iter().map(u32::to_string).collect();
    let rules = vec![(names.score, own.clone()), (names.scale, Rule { value: Some(first.to_string()), ..own })];
    let answers = vec![(rules, format!("1 to {first}; or {}", others.join(", ")))];
    let what = format!("How many points has the scale of `{header}`? {most} is the most that the file has.");
    chosen.asked.push(Question { header, field: names.score, what, answers });
}

fn effort(chosen: &mut Chosen, choice: &Choice, names: &Names) {
    let seen = &chosen.columns[choice.column];
    let header = seen.column.name.clone();
    let most = seen.shape.number.map_or(0.0, |numbers| numbers.most);
    let own = Rule::of(seen.column);
    let value = |value: &str| Rule { value: Some(value.to_owned()), ..own.clone() };
    let mut answers = Vec::new();
    let scales = said_scale(&header).map_or_else(|| vec![5, 7, 10], |scale| vec![scale]);
    for scale in scales.into_iter().filter(|scale| f64::from(*scale) >= most) {
        for (easy, words) in [("true", "much means easy"), ("false", "much means hard")] {
            let rules =
                vec![(names.score, own.clone()), (names.scale, value(&scale.to_string())), (names.easy, value(easy))];
            answers.push((rules, format!("1 to {scale}, {words}")));
        }
    }
    let what = format!("Does a high `{header}` mean little effort or much, and of how many points?");
    chosen.asked.push(Question { header, field: names.score, what, answers });
}

/// Words of good and bad, each with what it is, none being no answer; `None` where there are others, of a finer scale.
pub fn verdicts(shape: &Shape) -> Option<Vec<(String, Option<bool>)>> {
    let verdict = |word: &str| {
        let word = word.to_lowercase();
        let known = VERDICTS.iter().find(|(known, _)| *known == word).map(|(_, good)| Some(*good));
        known.or_else(|| NO_ANSWER.contains(&word.as_str()).then_some(None))
    };
    let all: Option<Vec<_>> = shape.few.iter().map(|(word, _)| Some((word.clone(), verdict(word)?))).collect();
    all.filter(|all| all.iter().any(|(_, good)| good.is_some()))
}

/// `Rating (1-5)`, `Score out of 10` → the points.
fn said_scale(header: &str) -> Option<u32> {
    let lower = header.to_lowercase();
    let after = |mark: &str| {
        let rest = lower.split_once(mark)?.1.trim_start();
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..digits].parse().ok()
    };
    let scale = ["1-", "1 -", "1–", "1 – ", "1 to ", "1..", "out of ", "von 1 bis ", "de 1 à ", "de 1 a ", "/"]
        .into_iter()
        .find_map(after);
    scale.filter(|scale| SCALES.contains(scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_and_bad_are_a_scale_of_two_and_with_a_middle_they_are_none() {
        let verdicts = |words: &[&str]| {
            verdicts(&Shape::of(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())).map(|all| all.len())
        };
        assert_eq!((verdicts(&["Good", "Bad", "Offered"]), verdicts(&["Good", "Neutral", "Bad"])), (Some(3), None));
        assert_eq!(verdicts(&["offered"]), None);
    }

    #[test]
    fn some_headers_say_their_scale() {
        assert_eq!(
            (said_scale("Rating (1-5)"), said_scale("Score out of 10"), said_scale("CSAT")),
            (Some(5), Some(10), None)
        );
        assert_eq!((said_scale("Note de 1 à 7"), said_scale("rating/2024")), (Some(7), None));
    }
}
