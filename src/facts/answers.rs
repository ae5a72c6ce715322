//! Ratings that customers gave, from interactions and from surveys alike (metrics.md §5).

use super::numbered::Numbered;
use super::seen::{DayOnly, Seen, days_only, seen};
use super::{Facts, Impossible, Out};
use crate::columns::{NO_FLAG, NO_TIME, Numbers, Table};
use crate::identity::NO_CUSTOMER;
use crate::zone::DAY;

/// No interaction: a survey that names none, or none that is known.
pub const NO_CONTACT: u32 = u32::MAX;

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    Csat,
    Nps,
    Ces,
}

/// One rating.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub asked: Asked,
    pub at: i64,
    pub customer: u32,
    /// The row in `Facts` that it is about, by its number.
    pub contact: u32,
    /// The same, or else the contact that the customer had made last, not long before.
    pub about: u32,
    pub score: f64,
    /// In the top box of its scale; `None` where the scale is not known.
    pub top: Option<bool>,
    /// Points on the scale; NaN where it is not known.
    pub scale: f64,
    /// Of effort: whether a high score means little of it, where anybody says.
    pub high_is_easy: Option<bool>,
    /// Placed by the resolution or the start for want of its own time.
    pub borrowed_time: bool,
    /// That time is known to the day only.
    pub by_day: bool,
}

/// The surveys of all sources, beside who was asked and about what.
pub struct Surveys<'t> {
    table: &'t Table,
    customers: &'t [u32],
    /// The row in `Facts` that each names, or `NO_CONTACT`.
    contacts: Vec<u32>,
}

impl<'t> Surveys<'t> {
    pub fn new(facts: &Facts, table: &'t Table, customers: &'t [u32]) -> Self {
        let contacts = if table.column("interaction_id").is_some() {
            let numbered = Numbered::new(&facts.table);
            let contact = |row| numbered.of(table.text("interaction_id", row)).unwrap_or(NO_CONTACT);
            (0..table.rows()).map(contact).collect()
        } else {
            vec![NO_CONTACT; table.rows()]
        };
        Self { table, customers, contacts }
    }

    fn customer(&self, row: usize) -> u32 {
        self.customers.get(row).copied().unwrap_or(NO_CUSTOMER)
    }

    /// The contact that it names, else the one that the customer had made last when he was asked.
    fn about(&self, facts: &Facts, row: usize, customer: u32, asked_at: i64) -> u32 {
        match self.contacts[row] {
            NO_CONTACT => last_contact(facts, customer, asked_at),
            contact => contact,
        }
    }
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
    /// The row in `Facts` that it is about: by its number, else the contact that the customer had made last.
    pub about: u32,
}

/// A survey that names no interaction is about a contact so long ago at most.
const RECENT: i64 = 7 * DAY;

/// What a survey of a customer at an instant is about, where it does not say: his last contact not long before.
fn last_contact(facts: &Facts, customer: u32, at: i64) -> u32 {
    if customer == NO_CUSTOMER {
        return NO_CONTACT;
    }
    let mut recent = facts.before(customer, at).take_while(|&row| facts.at.get(row) >= at.saturating_sub(RECENT));
    let last = recent.find(|&row| facts.out[row] == Out::No);
    last.map_or(NO_CONTACT, |row| u32::try_from(row).unwrap_or(NO_CONTACT))
}

/// The surveys that say when they were sent, answered or not, of contacts or of none.
pub fn sent(facts: &Facts, surveys: &Surveys) -> Vec<Sent> {
    let table = surveys.table;
    let (sent, by_day) = (seen(table, "sent_at", facts.as_of), days_only(table, "sent_at"));
    let answered = seen(table, "answered_at", facts.as_of);
    let rows = (0..table.rows()).filter(|&row| sent.get(row) != NO_TIME);
    let one = |row: usize| {
        let (at, customer) = (sent.get(row), surveys.customer(row));
        let about = surveys.about(facts, row, customer, at);
        Sent { at, by_day: by_day.get(row), answered_at: answered.get(row), customer, about }
    };
    let among = |sent: &Sent| sent.about == NO_CONTACT || facts.out[sent.about as usize] == Out::No;
    rows.map(one).filter(among).collect()
}

/// All ratings of the default population, by time; of one interaction the last counts.
///
/// Ratings outside their scales are noted among the facts' impossible values.
pub fn answers(facts: &mut Facts, surveys: &Surveys) -> Vec<Answer> {
    let mut impossible = Vec::new();
    let mut answers = of_interactions(facts, &mut impossible);
    answers.extend(of_surveys(facts, surveys, &mut impossible));
    impossible.sort();
    facts.impossible.extend(impossible);
    answers.sort_by(|a, b| {
        let key = |x: &Answer| (x.asked, x.contact, x.at, x.customer);
        key(a).cmp(&key(b)).then(a.score.total_cmp(&b.score))
    });
    let same = |a: &Answer, b: &Answer| a.contact != NO_CONTACT && (a.asked, a.contact) == (b.asked, b.contact);
    let last = answers.iter().enumerate().filter(|(i, a)| answers.get(i + 1).is_none_or(|b| !same(a, b)));
    last.map(|(_, answer)| *answer).collect()
}

/// Customers who rated 2 or less, each with the first time; ascending. The better of two grades is none of these.
pub fn unhappy(answers: &[Answer]) -> Vec<(u32, i64)> {
    let rated = answers.iter().filter(|answer| answer.asked == Asked::Csat && answer.customer != NO_CUSTOMER);
    let low = rated.filter(|answer| answer.score <= (answer.scale - 1.0).min(2.0) && !answer.scale.is_nan());
    let mut out: Vec<(u32, i64)> = low.map(|answer| (answer.customer, answer.at)).collect();
    out.sort_unstable();
    out.dedup_by_key(|(customer, _)| *customer);
    out
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

/// A score of a scale from 1 on another one from 1; NaN where the scale is not known.
pub fn on_scale(score: f64, scale: f64, points: f64) -> f64 {
    1.0 + (points - 1.0) * (score - 1.0) / (scale - 1.0)
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

fn of_interactions(facts: &Facts, impossible: &mut Vec<Impossible>) -> Vec<Answer> {
    let table = &facts.table;
    let rated = Rated::new(table, facts.as_of);
    let [csat, scale, nps, ces, ces_scale] =
        ["csat", "csat_scale", "nps", "ces", "ces_scale"].map(|name| table.numbers(name));
    let (top, easy) = (table.flags("csat_top"), table.flags("ces_high_is_easy"));
    let mut out = Vec::new();
    for row in (0..facts.rows()).filter(|&row| facts.out[row] == Out::No) {
        let of = |column: Option<&Numbers>| column.map_or(f64::NAN, |values| values.get(row));
        if [csat, nps, ces].into_iter().all(|column| of(column).is_nan()) {
            continue;
        }
        let Some((at, by_day)) = rated.at(facts, row) else { continue };
        let place = Place {
            at,
            by_day,
            customer: facts.customer[row],
            contact: u32::try_from(row).unwrap_or(NO_CONTACT),
            about: u32::try_from(row).unwrap_or(NO_CONTACT),
            borrowed_time: rated.given.get(row) == NO_TIME,
        };
        for (asked, score, scale, flags) in [
            (Asked::Csat, of(csat), of(scale), top),
            (Asked::Nps, of(nps), 10.0, None),
            (Asked::Ces, of(ces), of(ces_scale), easy),
        ] {
            match place.answer(asked, (score, scale), flags.map_or(NO_FLAG, |flags| flags.get(row))) {
                Ok(answer) => out.extend(answer),
                Err(what) => impossible.push(Impossible::of(table, row, what)),
            }
        }
    }
    out
}

/// Where and when an answer stands.
struct Place {
    at: i64,
    by_day: bool,
    customer: u32,
    contact: u32,
    about: u32,
    borrowed_time: bool,
}

impl Place {
    /// The answer that a score is, if it is one; what it is called where it cannot be. The flag says whether it is in
    /// the top box, or for effort whether a high score means little.
    fn answer(&self, asked: Asked, (score, scale): (f64, f64), said: u8) -> Result<Option<Answer>, &'static str> {
        let is_one = if asked == Asked::Nps { (0.0..=10.0).contains(&score) } else { rating(score, scale) };
        if !is_one {
            return match asked {
                Asked::Nps if score.is_nan() => Ok(None),
                Asked::Nps => Err("likelihood to recommend"),
                _ if !is_score(score) => Ok(None),
                Asked::Csat => Err("rating"),
                Asked::Ces => Err("effort"),
            };
        }
        let (at, by_day, customer, contact, about) = (self.at, self.by_day, self.customer, self.contact, self.about);
        let top = if asked == Asked::Csat { in_top_box(score, scale, said) } else { None };
        let high_is_easy = (asked == Asked::Ces && said != NO_FLAG).then_some(said == 1);
        let borrowed_time = self.borrowed_time;
        Ok(Some(Answer { asked, at, customer, contact, about, score, top, scale, high_is_easy, borrowed_time, by_day }))
    }
}

fn of_surveys(facts: &Facts, surveys: &Surveys, impossible: &mut Vec<Impossible>) -> Vec<Answer> {
    let table = surveys.table;
    let (at, by_day) = (seen(table, "answered_at", facts.as_of), days_only(table, "answered_at"));
    let sent = seen(table, "sent_at", facts.as_of);
    let (scores, scales) = (table.numbers("score"), table.numbers("scale"));
    let mut out = Vec::new();
    for row in (0..table.rows()).filter(|&row| at.get(row) != NO_TIME) {
        let contact = surveys.contacts[row];
        if contact != NO_CONTACT && facts.out[contact as usize] != Out::No {
            continue;
        }
        let (asked, said) = match table.word("kind", row) {
            "csat" => (Asked::Csat, "top"),
            "nps" => (Asked::Nps, ""),
            "ces" => (Asked::Ces, "high_is_easy"),
            _ => continue,
        };
        let known = surveys.customer(row);
        let of_contact = known == NO_CUSTOMER && contact != NO_CONTACT;
        let customer = if of_contact { facts.customer[contact as usize] } else { known };
        let asked_at = if sent.get(row) == NO_TIME { at.get(row) } else { sent.get(row) };
        let about = surveys.about(facts, row, customer, asked_at);
        let place = Place { at: at.get(row), by_day: by_day.get(row), customer, contact, about, borrowed_time: false };
        let of = |column: Option<&Numbers>| column.map_or(f64::NAN, |values| values.get(row));
        let said = table.flags(said).map_or(NO_FLAG, |flags| flags.get(row));
        match place.answer(asked, (of(scores), of(scales)), said) {
            Ok(answer) => out.extend(answer),
            Err(what) => impossible.push(Impossible::of(table, row, what)),
        }
    }
    out
}
