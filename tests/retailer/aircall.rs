//! The London line: Aircall's call CSV (v3), with three clocks in a row and durations in three shapes.

use std::io;
use std::path::Path;

use super::calendar::Calendar;
use super::clock::{self, HOUR, Instant, MINUTE};
use super::csv::Csv;
use super::flaws::{self, Flaw, Flaws};
use super::people::Customer;
use super::random::{Quantiles, Rng, Spread};
use super::topics::{self, TOPICS};
use super::world::{Contact, Outcome};

const HEADER: &str = "line,datetime (tz offset incl.),number timezone,datetime (utc),country_code,direction,from,to,\
answered,missed_call_reason,user,duration (total),duration (in call),voicemail,recording,comments,tags,\
call quality,team,call direction - type,call start time,call end time,aircall number,customer number,\
in-call duration,call id,call type,waiting time,time to answer,time in ivr,call id (internal),disconnected by,\
ivr branch,ivr widget,call timeline,callback details,callback failure,automatic callback pending time,\
time with ai voice agent,entry number,ai voice agent transfer branch";

const OWN: &str = "442079460990";
const OWN_SPACED: &str = "Main (+44 20 7946 0990)";
const NOBODY: &str = "[No associated user]";

/// Seconds to the answer.
const WAIT: Quantiles =
    Quantiles(&[(0, 3), (300, 7), (600, 11), (780, 16), (875, 20), (950, 48), (990, 130), (1000, 420)]);
/// Seconds after which people give up.
const PATIENCE: Quantiles = Quantiles(&[(0, 8), (300, 35), (600, 70), (900, 160), (1000, 400)]);
const TALK: Quantiles = Quantiles(&[(0, 25), (200, 95), (500, 230), (800, 480), (950, 900), (1000, 2100)]);

enum End {
    Answered { talk: i64 },
    Missed(&'static str),
}

struct Call {
    at: Instant,
    inbound: bool,
    waited: i64,
    ivr: i64,
    end: End,
    team: &'static str,
    agent: &'static str,
    topic: &'static str,
}

pub struct Aircall {
    csv: Csv,
    flaws: Flaws,
    waits: Spread,
    id: u64,
    rng: Rng,
}

impl Aircall {
    pub fn create(dir: &Path, seed: u64) -> io::Result<Self> {
        let mut rng = Rng::new(seed, "aircall");
        Ok(Self {
            csv: Csv::create(&dir.join("aircall-calls.csv"), ',', HEADER)?,
            flaws: Flaws::one_in(210),
            waits: Spread::new(&mut rng),
            id: 3_331_500_000,
            rng,
        })
    }

    pub fn take(&mut self, days: &Calendar, contact: &Contact, who: &Customer) -> io::Result<Outcome> {
        let call = self.inbound(days, contact);
        let left = matches!(call.end, End::Missed(reason) if reason.starts_with("abandoned"));
        // A little less than half of those who give up ring again and are answered.
        let again = left && self.rng.chance(450);
        let number = if who.in_cast { who.phone.digits() } else { self.number(who) };
        self.row(&call, &number, &who.phone.spaced())?;
        if self.rng.chance(110) && !left {
            self.call_back(days, &call, who)?;
        }
        Ok(Outcome { bad: left && !again, hung_up: again })
    }

    fn inbound(&mut self, days: &Calendar, contact: &Contact) -> Call {
        let (team, agent) = topics::assign(contact.topic, &mut self.rng);
        let closed = (contact.at + clock::london_offset(contact.at)).rem_euclid(clock::DAY) / HOUR >= 18;
        let ivr = self.rng.between(1, 3);
        let waited = WAIT.at(self.waits.next()) * days.pace(contact.at) / 100;
        let gave_up = PATIENCE.draw(&mut self.rng);
        let (end, waited) = match self.rng.below(1000) {
            _ if closed => (End::Missed("out_of_opening_hours"), ivr),
            0..44 => (End::Missed("abandoned_in_classic"), gave_up),
            44..50 => (End::Missed("abandoned_in_ivr"), ivr + gave_up / 5),
            50..60 => (End::Missed("short_abandoned"), self.rng.between(2, 5)),
            60..72 => (End::Missed("agents_did_not_answer"), 60),
            72..80 => (End::Missed("no_available_agent"), ivr + 25),
            _ => (End::Answered { talk: TALK.draw(&mut self.rng) }, waited.max(ivr + 1)),
        };
        let topic = TOPICS[contact.topic].name;
        Call { at: contact.at, inbound: true, waited, ivr, end, team: team.name, agent, topic }
    }

    /// The desk rings back with news, some hours later.
    fn call_back(&mut self, days: &Calendar, call: &Call, who: &Customer) -> io::Result<()> {
        let at = call.at + self.rng.between(30 * MINUTE, 3 * HOUR);
        let reached = self.rng.chance(800);
        let talk = TALK.draw(&mut self.rng);
        let end = if reached { End::Answered { talk } } else { End::Missed("") };
        let call = Call { at, inbound: false, waited: self.rng.between(5, 25), ivr: 0, end, ..*call };
        if days.is_known(at) { self.row(&call, &who.phone.digits(), &who.phone.spaced()) } else { Ok(()) }
    }

    /// The caller's number; withheld by some, and by some spreadsheet ruined for others.
    fn number(&mut self, who: &Customer) -> String {
        match self.rng.below(1000) {
            0..45 => "anonymous".to_owned(),
            45..57 => format!("{}E+11", &who.phone.digits()[..3]).replacen("44", "4.4", 1),
            _ => who.phone.digits(),
        }
    }

    fn row(&mut self, call: &Call, number: &str, spaced: &str) -> io::Result<()> {
        self.id += self.rng.between(1, 9) as u64;
        let flaw = self.flaws.next();
        let whole = number.bytes().all(|digit| digit.is_ascii_digit());
        let shown = if whole { spaced } else { number };
        let (from, to) = if call.inbound { (number, OWN) } else { (OWN, number) };
        let (answer, talk, reason) = match call.end {
            End::Answered { talk } => ("Yes", talk, ""),
            End::Missed(reason) => ("No", 0, reason),
        };
        let total = if flaw == Some(Flaw::Backwards) { -talk - 1 } else { call.waited + talk };
        let utc = flaws::start(flaw, "2026-02-30 10:15:00", clock::utc_second(call.at));
        let csv = &mut self.csv;
        csv.cell("Main").cell(clock::london_second(call.at)).cell("Europe/London").cell(utc);
        csv.cell("GB").cell(if call.inbound { "inbound" } else { "outbound" }).cell(from).cell(to);
        csv.cell(answer).cell(reason).cell(if talk > 0 { call.agent } else { NOBODY });
        csv.cell(total).cell(if flaw == Some(Flaw::Backwards) { -talk } else { talk });
        csv.blanks(3).cell(call.topic).cell("").cell(call.team).cell(kind(call));
        csv.cell(clock::london_second(call.at)).cell(clock::london_second(call.at + call.waited + talk));
        csv.cell(OWN_SPACED).cell(shown);
        tail(csv, call, talk, self.id);
        if flaw == Some(Flaw::ExtraCells) {
            csv.cell("see note");
        }
        csv.end()
    }

    pub fn finish(&mut self) -> io::Result<()> {
        self.csv.finish()
    }
}

fn kind(call: &Call) -> &'static str {
    match (call.inbound, &call.end) {
        (true, End::Answered { .. }) => "Inbound - Answered",
        (true, End::Missed(_)) => "Inbound - Missed",
        (false, End::Answered { .. }) => "Outbound - Answered",
        (false, End::Missed(_)) => "Outbound - Unanswered",
    }
}

/// From `in-call duration` to the last column.
fn tail(csv: &mut Csv, call: &Call, talk: i64, id: u64) {
    let answered = talk > 0;
    csv.maybe(answered.then(|| format!("{:02}:{:02}", talk / MINUTE, talk % MINUTE)));
    csv.cell(format!("call_{id}")).cell(if answered { "Answered" } else { "Missed" });
    csv.cell(clock::clock_face(call.waited));
    csv.maybe(answered.then(|| clock::clock_face(call.waited - call.ivr)));
    csv.cell(clock::clock_face(call.ivr)).cell(id);
    csv.cell(if answered && id.is_multiple_of(3) { "agent" } else { "external" }).blanks(9);
}
