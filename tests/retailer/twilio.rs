//! SMS and WhatsApp: Twilio's messages. A message is not a conversation: those of one number belong
//! together until more than a day of silence.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::path::Path;

use super::calendar::Calendar;
use super::clock::{self, Instant, MINUTE};
use super::flaws::{self, Flaws};
use super::json_list::JsonList;
use super::people::Customer;
use super::random::{Quantiles, Rng, Spread};
use super::topics::TOPICS;
use super::volume::Channel;
use super::world::{Contact, Outcome};

const OWN: &str = "+447700900999";

/// Seconds of staffed time to the first reply.
const SMS_REPLY: Quantiles =
    Quantiles(&[(0, 70), (200, 300), (400, 740), (500, 830), (600, 930), (800, 2400), (930, 6000), (1000, 20_000)]);
const WHATSAPP_REPLY: Quantiles =
    Quantiles(&[(0, 40), (200, 210), (400, 520), (500, 595), (600, 680), (800, 1700), (930, 4300), (1000, 16_000)]);
/// Seconds between two messages of one talk.
const PAUSE: Quantiles = Quantiles(&[(0, 30), (400, 200), (800, 1200), (950, 5400), (1000, 11_000)]);

const ANSWERS: [&str; 5] = [
    "Hello, let me look.",
    "It is on its way, due tomorrow.",
    "Sorry about that! We will sort it out.",
    "Could you send the order number?",
    "Done, you will get a mail.",
];
const REPLIES: [&str; 5] = ["Thanks", "OK, thank you", "#12345", "When?", "Great, cheers"];
const NOTICE: &str = "Harbour & Pine: your parcel is delayed by a day. Questions? Just reply.";

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Message {
    at: Instant,
    serial: u64,
    inbound: bool,
    number: String,
    body: String,
}

pub struct Twilio {
    list: JsonList,
    flaws: Flaws,
    sms: Spread,
    whatsapp: Spread,
    /// Messages of threads that are under way, so that the file is in order of time.
    waiting: BinaryHeap<Reverse<Message>>,
    serial: u64,
    rng: Rng,
}

impl Twilio {
    pub fn create(dir: &Path, seed: u64) -> io::Result<Self> {
        let mut rng = Rng::new(seed, "twilio");
        Ok(Self {
            list: JsonList::create(&dir.join("twilio-messages.json"), "{\"messages\":")?,
            flaws: Flaws::one_in(420),
            sms: Spread::new(&mut rng),
            whatsapp: Spread::new(&mut rng),
            waiting: BinaryHeap::new(),
            serial: 0,
            rng,
        })
    }

    pub fn take(&mut self, days: &Calendar, contact: &Contact, who: &Customer) -> io::Result<Outcome> {
        self.send(contact.at)?;
        let number = match contact.channel {
            Channel::WhatsApp => format!("whatsapp:{}", who.phone.e164()),
            _ => who.phone.e164(),
        };
        if self.rng.chance(45) {
            self.notice(days, contact, &number);
        } else {
            self.talk(days, contact, &number);
        }
        Ok(Outcome::default())
    }

    /// The desk writes first; some customers say thanks.
    fn notice(&mut self, days: &Calendar, contact: &Contact, number: &str) {
        self.announce(days, contact.at, false, number, NOTICE);
        if self.rng.chance(350) {
            let at = contact.at + PAUSE.draw(&mut self.rng);
            self.announce(days, at, true, number, REPLIES[0]);
        }
    }

    fn talk(&mut self, days: &Calendar, contact: &Contact, number: &str) {
        let first = match contact.channel {
            Channel::WhatsApp => WHATSAPP_REPLY.at(self.whatsapp.next()),
            _ => SMS_REPLY.at(self.sms.next()),
        };
        let first = first * days.pace(contact.at) / 100;
        let question = self.rng.pick(&TOPICS[contact.topic].subjects);
        self.announce(days, contact.at, true, number, question);
        if self.rng.chance(25) {
            return;
        }
        let mut at = clock::plus_staffed(contact.at, first / MINUTE) + first % MINUTE;
        let length = 1 + self.rng.weighted(&[66, 19, 9, 4, 2]);
        for turn in 0..length {
            let inbound = turn % 2 == 1;
            let body = self.rng.pick(if inbound { &REPLIES } else { &ANSWERS });
            self.announce(days, at, inbound, number, body);
            at += PAUSE.draw(&mut self.rng);
        }
    }

    fn announce(&mut self, days: &Calendar, at: Instant, inbound: bool, number: &str, body: &str) {
        if days.is_known(at) {
            self.serial += 1;
            let (number, body) = (number.to_owned(), body.to_owned());
            self.waiting.push(Reverse(Message { at, serial: self.serial, inbound, number, body }));
        }
    }

    fn send(&mut self, until: Instant) -> io::Result<()> {
        while self.waiting.peek().is_some_and(|Reverse(message)| message.at <= until) {
            if let Some(Reverse(message)) = self.waiting.pop() {
                self.write(&message)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, message: &Message) -> io::Result<()> {
        let own = if message.number.starts_with("whatsapp:") { format!("whatsapp:{OWN}") } else { OWN.to_owned() };
        let (from, to) = if message.inbound { (&message.number, &own) } else { (&own, &message.number) };
        // `outbound-reply` would be a program's answer; people write through the API.
        let (direction, status) = if message.inbound { ("inbound", "received") } else { ("outbound-api", "delivered") };
        let sent = flaws::start(self.flaws.next(), "Mon, 30 Feb 2026 10:15:00 +0000", clock::rfc_2822(message.at));
        let (sid, body) = (self.rng.hex(32), &message.body);
        self.list.push(&format!(
            "{{\"body\":\"{body}\",\"date_sent\":\"{sent}\",\"direction\":\"{direction}\",\"from\":\"{from}\",\
             \"messaging_service_sid\":null,\"num_segments\":\"1\",\"sid\":\"SM{sid}\",\"status\":\"{status}\",\
             \"to\":\"{to}\"}}"
        ))
    }

    pub fn finish(&mut self) -> io::Result<()> {
        self.send(Instant::MAX)?;
        self.list.finish(",\"page\":0,\"page_size\":1000}")
    }
}
