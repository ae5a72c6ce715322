//! Surveys: Delighted's responses, with the person written out. NPS some time after an order, CSAT on
//! the day after a call, a visit or a thread of messages.

use std::io;
use std::path::Path;

use super::calendar::Calendar;
use super::clock::{DAY, HOUR, Instant};
use super::flaws::{Flaw, Flaws};
use super::json_list::JsonList;
use super::people::Customer;
use super::random::Rng;

const NPS_SCORES: [i64; 11] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const PLEASED: [u32; 11] = [1, 0, 1, 1, 1, 4, 5, 13, 20, 30, 33];
const DISPLEASED: [u32; 11] = [5, 3, 4, 5, 5, 8, 10, 16, 18, 15, 14];

pub struct Delighted {
    list: JsonList,
    flaws: Flaws,
    id: u64,
    rng: Rng,
}

impl Delighted {
    pub fn create(dir: &Path, seed: u64) -> io::Result<Self> {
        Ok(Self {
            list: JsonList::create(&dir.join("delighted-surveys.json"), "")?,
            flaws: Flaws::one_in(170),
            id: 73_520_000,
            rng: Rng::new(seed, "delighted"),
        })
    }

    pub fn after_order(&mut self, days: &Calendar, who: &Customer, at: Instant, pleased: bool) -> io::Result<()> {
        let answered = at + self.rng.between(9, 21) * DAY + self.rng.between(-3, 3) * HOUR;
        let within = answered >= days.days_before_export(182) && days.is_known(answered);
        if !within || !self.rng.chance(160) {
            return Ok(());
        }
        let weights = if pleased { &PLEASED } else { &DISPLEASED };
        let score = NPS_SCORES[self.rng.weighted(weights)];
        self.push(who, "nps", score, answered)
    }

    /// Whether the customer answered, and badly.
    pub fn after_contact(&mut self, days: &Calendar, who: &Customer, at: Instant) -> io::Result<bool> {
        let answered = at + self.rng.between(18, 34) * HOUR;
        if !self.rng.chance(85) || !days.is_known(answered) {
            return Ok(false);
        }
        let score = [5, 4, 3, 2, 1][self.rng.weighted(&[60, 28, 5, 3, 4])];
        self.push(who, "csat", score, answered)?;
        Ok(score <= 2)
    }

    fn push(&mut self, who: &Customer, survey: &str, score: i64, at: Instant) -> io::Result<()> {
        self.id += self.rng.between(1, 40) as u64;
        let flaw = self.flaws.next();
        let score = if flaw == Some(Flaw::ExtraCells) { 11 } else { score };
        let created = match flaw {
            Some(Flaw::ImpossibleDate | Flaw::NotADate) => "\"n/a\"".to_owned(),
            Some(Flaw::NoStart) => "null".to_owned(),
            _ => at.to_string(),
        };
        let (id, person, email, name) = (self.id, 940_000 + who.id, &who.email, who.name());
        self.list.push(&format!(
            "{{\"id\":\"{id}\",\"person\":{{\"id\":\"{person}\",\"email\":\"{email}\",\"name\":\"{name}\"}},\
             \"survey_type\":\"{survey}\",\"score\":{score},\
             \"permalink\":\"https://app.delighted.com/r/{id}\",\"created_at\":{created},\
             \"person_properties\":{{\"Delighted Source\":\"Email\"}}}}"
        ))
    }

    pub fn finish(&mut self) -> io::Result<()> {
        self.list.finish("")
    }
}
