//! The returns line: Amazon Connect contact records as Firehose puts them into a file, one object after
//! another with nothing between, gzipped. A transfer makes a further record; some records come twice.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::calendar::Calendar;
use super::clock::{self, Instant, MINUTE};
use super::flaws::{Flaw, Flaws};
use super::people::Customer;
use super::random::{Quantiles, Rng, Spread};
use super::topics::{TEAMS, TOPICS};
use super::world::{Contact, Outcome};

const INSTANCE: &str = "arn:aws:connect:eu-west-2:012345678901:instance/7d2f";

const WAIT: Quantiles = Quantiles(&[(0, 1), (300, 5), (600, 9), (780, 14), (880, 20), (950, 55), (1000, 300)]);
const PATIENCE: Quantiles = Quantiles(&[(0, 4), (300, 40), (600, 85), (1000, 380)]);
const TALK: Quantiles = Quantiles(&[(0, 30), (200, 130), (500, 290), (800, 540), (1000, 1900)]);

/// The part of a call that one agent, or none, had.
struct Leg {
    id: String,
    previous: Option<String>,
    next: Option<String>,
    initial: Option<String>,
    method: &'static str,
    at: Instant,
    queued: i64,
    agent: Option<Work>,
}

struct Work {
    name: &'static str,
    talk: i64,
    hold: i64,
    wrap: i64,
}

impl Leg {
    fn connected(&self) -> Instant {
        self.at + 6 + self.queued
    }

    fn ended(&self) -> Instant {
        self.connected() + self.agent.as_ref().map_or(0, |work| work.talk + work.hold)
    }

    fn updated(&self) -> Instant {
        self.ended() + self.agent.as_ref().map_or(0, |work| work.wrap) + MINUTE
    }
}

pub struct Connect {
    out: GzEncoder<BufWriter<File>>,
    flaws: Flaws,
    waits: Spread,
    /// A record that will be delivered once more, after the next one.
    again: Option<String>,
    rng: Rng,
}

impl Connect {
    pub fn create(dir: &Path, seed: u64) -> io::Result<Self> {
        let mut rng = Rng::new(seed, "connect");
        let file = BufWriter::new(File::create(dir.join("amazon-connect-contacts.json.gz"))?);
        Ok(Self {
            out: GzEncoder::new(file, Compression::best()),
            flaws: Flaws::one_in(230),
            waits: Spread::new(&mut rng),
            again: None,
            rng,
        })
    }

    pub fn take(&mut self, days: &Calendar, contact: &Contact, who: &Customer) -> io::Result<Outcome> {
        let mut leg = self.first_leg(days, contact);
        let abandoned = leg.agent.is_none();
        let again = abandoned && self.rng.chance(450);
        let transfers = if abandoned { 0 } else { self.rng.weighted(&[86, 11, 3]) };
        let reason = TOPICS[contact.topic].name;
        for _ in 0..transfers {
            let next = self.transferred(&mut leg);
            self.deliver(&leg, who, reason)?;
            leg = next;
        }
        self.deliver(&leg, who, reason)?;
        Ok(Outcome { bad: abandoned && !again, hung_up: again })
    }

    fn first_leg(&mut self, days: &Calendar, contact: &Contact) -> Leg {
        let patience = PATIENCE.draw(&mut self.rng);
        let wait = WAIT.at(self.waits.next()) * days.pace(contact.at) / 100;
        let abandoned = self.rng.chance(66);
        Leg {
            id: self.rng.uuid(),
            previous: None,
            next: None,
            initial: None,
            method: "INBOUND",
            at: contact.at,
            queued: if abandoned { patience } else { wait },
            agent: (!abandoned).then(|| self.work()),
        }
    }

    fn work(&mut self) -> Work {
        let hold = if self.rng.chance(220) { self.rng.between(15, 180) } else { 0 };
        Work {
            name: self.rng.pick(&TEAMS[1].agents),
            talk: TALK.draw(&mut self.rng),
            hold,
            wrap: self.rng.between(5, 120),
        }
    }

    fn transferred(&mut self, leg: &mut Leg) -> Leg {
        let id = self.rng.uuid();
        leg.next = Some(id.clone());
        Leg {
            id,
            previous: Some(leg.id.clone()),
            next: None,
            initial: Some(leg.initial.clone().unwrap_or_else(|| leg.id.clone())),
            method: if self.rng.chance(500) { "TRANSFER" } else { "QUEUE_TRANSFER" },
            at: leg.ended(),
            queued: self.rng.between(2, 50),
            agent: Some(self.work()),
        }
    }

    /// At least once: one record in twenty comes again, updated a little later.
    fn deliver(&mut self, leg: &Leg, who: &Customer, reason: &str) -> io::Result<()> {
        let flaw = self.flaws.next();
        self.out.write_all(record(leg, who, reason, 0, flaw).as_bytes())?;
        if let Some(again) = self.again.take() {
            self.out.write_all(again.as_bytes())?;
        }
        if self.rng.chance(50) {
            self.again = Some(record(leg, who, reason, self.rng.between(60, 900), None));
        }
        Ok(())
    }

    pub fn finish(&mut self) -> io::Result<()> {
        if let Some(again) = self.again.take() {
            self.out.write_all(again.as_bytes())?;
        }
        self.out.try_finish()?;
        self.out.get_mut().flush()
    }
}

fn record(leg: &Leg, who: &Customer, reason: &str, later: i64, flaw: Option<Flaw>) -> String {
    let start = match flaw {
        Some(Flaw::ImpossibleDate) => "\"2026-02-30T10:15:00Z\"".to_owned(),
        Some(Flaw::NotADate) => "\"n/a\"".to_owned(),
        Some(Flaw::NoStart) => "null".to_owned(),
        _ => format!("\"{}\"", clock::iso_utc(leg.at)),
    };
    let queued = if flaw == Some(Flaw::Backwards) { -leg.queued - 1 } else { leg.queued };
    let transferred = leg.next.is_some().then(|| clock::iso_utc(leg.ended()));
    let hung_up_by = if leg.agent.is_some() && leg.queued % 3 == 0 { "AGENT" } else { "CUSTOMER" };
    format!(
        "{{\"AWSAccountId\":\"012345678901\",\"AWSContactTraceRecordFormatVersion\":\"2017-03-10\",\"Agent\":{},\
         \"AgentConnectionAttempts\":1,\"Attributes\":{{\"reason\":\"{reason}\"}},\"Channel\":\"VOICE\",\
         \"ConnectedToSystemTimestamp\":\"{}\",\"ContactId\":\"{}\",\
         \"CustomerEndpoint\":{{\"Address\":\"{}\",\"Type\":\"TELEPHONE_NUMBER\"}},\
         \"DisconnectReason\":\"{hung_up_by}_DISCONNECT\",\"DisconnectTimestamp\":\"{}\",\
         \"InitialContactId\":{},\"InitiationMethod\":\"{}\",\"InitiationTimestamp\":{start},\
         \"InstanceARN\":\"{INSTANCE}\",\"LastUpdateTimestamp\":\"{}\",\"NextContactId\":{},\
         \"PreviousContactId\":{},\"Queue\":{{\"ARN\":\"{INSTANCE}/queue/returns\",\"DequeueTimestamp\":\"{}\",\
         \"Duration\":{queued},\"EnqueueTimestamp\":\"{}\",\"Name\":\"Returns\"}},\
         \"SystemEndpoint\":{{\"Address\":\"+442079460991\",\"Type\":\"TELEPHONE_NUMBER\"}},\
         \"TransferCompletedTimestamp\":{}}}",
        agent(leg),
        clock::iso_utc(leg.at),
        leg.id,
        who.phone.e164(),
        clock::iso_utc(leg.ended()),
        quoted(leg.initial.as_deref()),
        leg.method,
        clock::iso_utc(leg.updated() + later),
        quoted(leg.next.as_deref()),
        quoted(leg.previous.as_deref()),
        clock::iso_utc(leg.connected()),
        clock::iso_utc(leg.at + 6),
        quoted(transferred.as_deref()),
    )
}

fn agent(leg: &Leg) -> String {
    let Some(work) = &leg.agent else {
        return "null".to_owned();
    };
    let username = work.name.split(' ').next().unwrap_or(work.name).to_lowercase();
    format!(
        "{{\"ARN\":\"{INSTANCE}/agent/{username}\",\"AfterContactWorkDuration\":{},\
         \"AfterContactWorkEndTimestamp\":\"{}\",\"AfterContactWorkStartTimestamp\":\"{}\",\
         \"AgentInteractionDuration\":{},\"ConnectedToAgentTimestamp\":\"{}\",\"CustomerHoldDuration\":{},\
         \"LongestHoldDuration\":{},\"NumberOfHolds\":{},\"Username\":\"{username}\"}}",
        work.wrap,
        clock::iso_utc(leg.ended() + work.wrap),
        clock::iso_utc(leg.ended()),
        work.talk,
        clock::iso_utc(leg.connected()),
        work.hold,
        work.hold,
        u8::from(work.hold > 0),
    )
}

fn quoted(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), |text| format!("\"{text}\""))
}
