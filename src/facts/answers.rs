//! Ratings that customers gave, from interactions and from surveys alike (metrics.md §5).

use super::seen::{DayOnly, Seen, days_only, seen};
use super::{Facts, Impossible, Out};
use crate::columns::{NO_FLAG, NO_TIME, Numbers, Table, Text};
use crate::identity::NO_CUSTOMER;
use rustc_hash::FxHashMap;

/// No interaction: a survey that names none, or none that is known.
pub const NO_CONTACT: u32 = u32::MAX;

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    Csat,
    Nps,
}

/// One rating.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub asked: Asked,
    pub at: i64,
    pub customer: u32,
    /// The row in `Facts` that it is about.
    pub contact: u32,
    pub score: f64,
    /// In the top box of its scale; `None` where the scale is not known.
    pub top: Option<bool>,
    /// Placed by the resolution or the start for want of its own time.
    pub borrowed_time: bool,
    /// That time is known to the day only.
    pub by_day: bool,
}

/// One survey that says when it was sent.
#[derive(Debug, Clone, Copy)]
pub struct Sent {
    pub at: i64,
    /// That time is known to the day only.
    pub by_day: bool,
    /// `NO_TIME` where it is not answered yet.
    pub answered_at: i64,
    pub customer: u32,
    /// The row in `Facts` that it is about.
    pub contact: u32,
}

/// The surveys that say when they were sent, answered or not, of contacts or of none.
pub fn sent(facts: &Facts, surveys: &Table, customers: &[u32], as_of: i64) -> Vec<Sent> {
    let (sent, by_day) = (seen(surveys, "sent_at", as_of), days_only(surveys, "sent_at"));
    let answered = seen(surveys, "answered_at", as_of);
    let by_number = interactions_by_number(facts, surveys);
    let rows = (0..surveys.rows()).filter(|&row| sent.get(row) != NO_TIME);
    let one = |row: usize| {
        let contact = by_number.get(&surveys.text("interaction_id", row)).copied().unwrap_or(NO_CONTACT);
        let customer = customers.get(row).copied().unwrap_or(NO_CUSTOMER);
        Sent { at: sent.get(row), by_day: by_day.get(row), answered_at: answered.get(row), customer, contact }
    };
    let among = |sent: &Sent| sent.contact == NO_CONTACT || facts.out[sent.contact as usize] == Out::No;
    rows.map(one).filter(among).collect()
}

/// All ratings of the default population, by time; of one interaction the last counts.
///
/// Ratings outside their scales are noted among the facts' impossible values.
pub fn answers(facts: &mut Facts, surveys: &Table, survey_customers: &[u32], as_of: i64) -> Vec<Answer> {
    let mut impossible = Vec::new();
    let mut answers = of_interactions(facts, as_of, &mut impossible);
    answers.extend(of_surveys(facts, surveys, survey_customers, as_of, &mut impossible));
    impossible.sort();
    facts.impossible.extend(impossible);
    answers.sort_by(|a, b| {
        let key = |x: &Answer| (x.asked, x.contact, x.at, x.customer);
        key(a).cmp(&key(b)).then(a.score.total_cmp(&b.score))
    });
    let same = |a: &Answer, b: &Answer| a.contact != NO_CONTACT && (a.asked, a.contact) == (b.asked, b.contact);
    let last: Vec<Answer> = answers
        .iter()
        .enumerate()
        .filter(|(i, a)| answers.get(i + 1).is_none_or(|b| !same(a, b)))
        .map(|(_, a)| *a)
        .collect();
    last
}

/// The top box of a scale that a profile does not describe.
fn in_top_box(score: f64, scale: f64, said: u8) -> Option<bool> {
    match said {
        0 | 1 => Some(said == 1),
        _ if scale == 5.0 => Some(score >= 4.0),
        _ if scale == 3.0 => Some(score >= 3.0),
        _ if scale == 2.0 => Some(score >= 2.0),
        _ => None,
    }
}

/// 0 is no answer; a score outside its scale is impossible.
fn rating(score: f64, scale: f64) -> bool {
    score >= 1.0 && (scale.is_nan() || score <= scale)
}

/// A number that stands for an answer; 0 is none.
fn is_score(score: f64) -> bool {
    !score.is_nan() && score != 0.0
}

/// When interactions were rated.
struct Rated<'t> {
    given: Seen<'t>,
    by_day: DayOnly<'t>,
    resolved: Seen<'t>,
    closed: Seen<'t>,
}

impl<'t> Rated<'t> {
    fn new(table: &'t Table, as_of: i64) -> Self {
        let seen = |name| seen(table, name, as_of);
        let by_day = days_only(table, "csat_at");
        Self { given: seen("csat_at"), by_day, resolved: seen("resolved_at"), closed: seen("closed_at") }
    }

    /// As said, else by the resolution, else by the start. None where that is not seen yet.
    fn at(&self, facts: &Facts, row: usize) -> Option<(i64, bool)> {
        let given = self.given.get(row);
        if given != NO_TIME {
            return Some((given, self.by_day.get(row)));
        }
        if self.given.is_later(row) || self.resolved.is_later(row) || self.closed.is_later(row) {
            return None;
        }
        let (resolved, started) = (facts.resolved_at.get(row), facts.at.get(row));
        if resolved != NO_TIME {
            return Some((resolved, facts.resolved_by_day[row]));
        }
        (started != NO_TIME).then_some((started, facts.by_day[row]))
    }
}

fn of_interactions(facts: &Facts, as_of: i64, impossible: &mut Vec<Impossible>) -> Vec<Answer> {
    let table = &facts.table;
    let rated = Rated::new(table, as_of);
    let number = |name| table.numbers(name);
    let (csat, scale, nps, top) = (number("csat"), number("csat_scale"), number("nps"), table.flags("csat_top"));
    let mut out = Vec::new();
    for row in (0..facts.rows()).filter(|&row| facts.out[row] == Out::No) {
        let Some((at, by_day)) = rated.at(facts, row) else { continue };
        let one = |asked, score, top| Answer {
            asked,
            at,
            customer: facts.customer[row],
            contact: u32::try_from(row).unwrap_or(NO_CONTACT),
            score,
            top,
            borrowed_time: rated.given.get(row) == NO_TIME,
            by_day,
        };
        let of = |column: Option<&Numbers>| column.map_or(f64::NAN, |values| values.get(row));
        if rating(of(csat), of(scale)) {
            let said = top.map_or(NO_FLAG, |flags| flags.get(row));
            out.push(one(Asked::Csat, of(csat), in_top_box(of(csat), of(scale), said)));
        } else if is_score(of(csat)) {
            impossible.push(Impossible::of(table, row, "rating"));
        }
        if (0.0..=10.0).contains(&of(nps)) {
            out.push(one(Asked::Nps, of(nps), None));
        } else if !of(nps).is_nan() {
            impossible.push(Impossible::of(table, row, "likelihood to recommend"));
        }
    }
    out
}

fn of_surveys(
    facts: &Facts,
    surveys: &Table,
    customers: &[u32],
    as_of: i64,
    impossible: &mut Vec<Impossible>,
) -> Vec<Answer> {
    let (at, by_day) = (seen(surveys, "answered_at", as_of), days_only(surveys, "answered_at"));
    let by_number = interactions_by_number(facts, surveys);
    let (scores, scales, tops) = (surveys.numbers("score"), surveys.numbers("scale"), surveys.flags("top"));
    let mut out = Vec::new();
    for row in (0..surveys.rows()).filter(|&row| at.get(row) != NO_TIME) {
        let contact = by_number.get(&surveys.text("interaction_id", row)).copied().unwrap_or(NO_CONTACT);
        if contact != NO_CONTACT && facts.out[contact as usize] != Out::No {
            continue;
        }
        let score = scores.map_or(f64::NAN, |values| values.get(row));
        let scale = scales.map_or(f64::NAN, |values| values.get(row));
        let (asked, top) = match surveys.word("kind", row) {
            "csat" if rating(score, scale) => {
                (Asked::Csat, in_top_box(score, scale, tops.map_or(NO_FLAG, |flags| flags.get(row))))
            }
            "nps" if (0.0..=10.0).contains(&score) => (Asked::Nps, None),
            kind => {
                if matches!(kind, "csat" | "nps") && is_score(score) {
                    impossible.push(Impossible::of(surveys, row, "rating"));
                }
                continue;
            }
        };
        let known = customers.get(row).copied().unwrap_or(NO_CUSTOMER);
        let customer =
            if known == NO_CUSTOMER && contact != NO_CONTACT { facts.customer[contact as usize] } else { known };
        let by_day = by_day.get(row);
        out.push(Answer { asked, at: at.get(row), customer, contact, score, top, borrowed_time: false, by_day });
    }
    out
}

/// Interactions by their number, where surveys name any; a number that two sources use names neither.
fn interactions_by_number<'a>(facts: &'a Facts, surveys: &Table) -> FxHashMap<Text<'a>, u32> {
    let mut by_number = FxHashMap::default();
    if surveys.column("interaction_id").is_none() {
        return by_number;
    }
    for row in 0..facts.rows() {
        let number = facts.table.text("interaction_id", row);
        if !number.is_empty() {
            let contact = u32::try_from(row).unwrap_or(NO_CONTACT);
            by_number.entry(number).and_modify(|c| *c = NO_CONTACT).or_insert(contact);
        }
    }
    by_number
}
