//! The desk, day by day: who orders, who makes contact and with what consequence.
//!
//! Memory grows with the customers, never with the rows: beside the contacts of the day there are only
//! a few bytes a customer and the follow-ups that are still to come.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io;
use std::path::Path;

use super::Size;
use super::calendar::Calendar;
use super::cast;
use super::clock::{self, DAY, HOUR, Instant, MINUTE};
use super::files::Files;
use super::people::{self, People};
use super::random::{Rng, Spread};
use super::shoppers::Shoppers;
use super::topics;
use super::volume::{self, CHANNELS, Channel, Volume};

/// A customer makes contact. Ordered by time; `serial` decides between contacts of one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contact {
    pub at: Instant,
    pub serial: u64,
    pub channel: Channel,
    pub customer: u32,
    pub topic: usize,
    /// How many contacts about the same thing came before.
    pub round: u32,
}

/// What a contact leaves behind in the customer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    pub bad: bool,
    /// Hung up before anybody answered: may call again soon.
    pub hung_up: bool,
}

#[derive(Clone, Copy, Default)]
struct Trace {
    last_contact: i32,
    disappointed: bool,
    gone: bool,
}

/// Per mille of the customers with a bad experience who order no more.
const LEAVE: u32 = 430;
/// Nobody of the crowd starts upon something new within so many days of a contact.
const REST: i32 = 8;

pub struct World {
    calendar: Calendar,
    people: People,
    volume: Volume,
    shoppers: Shoppers,
    agenda: BinaryHeap<Reverse<Contact>>,
    traces: Vec<Trace>,
    /// The latest buyers: most contacts are about an order.
    buyers: VecDeque<u32>,
    serial: u64,
    /// By channel: a week's topics are those of any other week.
    topics: [Spread; CHANNELS.len()],
    rng: Rng,
}

impl World {
    pub fn new(size: &Size) -> Self {
        let calendar = Calendar::new(size.weeks);
        let mut rng = Rng::new(size.seed, "world");
        let people = People::new(size.seed, size.customers());
        Self {
            volume: Volume::new(size.interactions, size.weeks, size.seed),
            shoppers: Shoppers::new(&people, &calendar, size.seed),
            agenda: BinaryHeap::new(),
            traces: vec![Trace::default(); people.len() as usize],
            buyers: VecDeque::new(),
            serial: 0,
            topics: std::array::from_fn(|_| Spread::new(&mut rng)),
            rng,
            calendar,
            people,
        }
    }

    pub fn write(mut self, dir: &Path, seed: u64) -> io::Result<()> {
        let mut files = Files::create(dir, seed)?;
        for day in self.calendar.orders_from..=self.calendar.last_day {
            self.orders(day, &mut files)?;
            if day >= self.calendar.first_day {
                self.contacts(day, &mut files)?;
            }
        }
        let traces = &self.traces;
        files.finish(&self.calendar, &self.people, |id| i64::from(traces[id as usize].last_contact))
    }

    fn orders(&mut self, day: i64, files: &mut Files) -> io::Result<()> {
        let buyers = self.shoppers.on(day);
        let staying: Vec<u32> = buyers.into_iter().filter(|&id| !self.traces[id as usize].gone).collect();
        let mut orders: Vec<(Instant, u32)> = Vec::with_capacity(staying.len());
        for id in staying {
            orders.push((clock::london(day, self.rng.between(7 * HOUR, 23 * HOUR)), id));
            self.shoppers.next(id, day);
            self.remember_buyer(id);
        }
        orders.sort_unstable();
        for (at, id) in orders {
            let pleased = !self.traces[id as usize].disappointed;
            files.order(&self.calendar, &self.people.customer(id), at, pleased)?;
        }
        Ok(())
    }

    fn remember_buyer(&mut self, id: u32) {
        if id < self.people.crowd {
            self.buyers.push_back(id);
        }
        if self.buyers.len() > self.people.crowd as usize / 4 {
            self.buyers.pop_front();
        }
    }

    fn contacts(&mut self, day: i64, files: &mut Files) -> io::Result<()> {
        for cue in cast::cues(day, self.calendar.last_monday()) {
            self.announce(cue.at, cue.channel, self.people.crowd + cue.role, cue.topic, 0);
        }
        for channel in CHANNELS {
            for _ in 0..self.volume.on(channel, (day - self.calendar.first_day) as u64) {
                self.fresh(channel, day);
            }
        }
        let midnight = clock::london(day + 1, 0).min(self.calendar.exported + 1);
        while let Some(contact) = self.next_before(midnight) {
            let customer = self.people.customer(contact.customer);
            let outcome = files.contact(&self.calendar, &contact, &customer)?;
            self.remember(&contact, outcome, day);
            if !customer.in_cast {
                self.follow_up(&contact, outcome);
            }
        }
        Ok(())
    }

    fn next_before(&mut self, end: Instant) -> Option<Contact> {
        let due = self.agenda.peek().is_some_and(|Reverse(contact)| contact.at < end);
        if due { self.agenda.pop().map(|Reverse(contact)| contact) } else { None }
    }

    fn announce(&mut self, at: Instant, channel: Channel, customer: u32, topic: usize, round: u32) {
        self.serial += 1;
        let contact = Contact { at, serial: self.serial, channel, customer, topic, round };
        self.agenda.push(Reverse(contact));
    }

    /// Somebody of the crowd, most often a recent buyer, comes with something new.
    fn fresh(&mut self, channel: Channel, day: i64) {
        let customer = self.somebody(channel, day);
        // Taken at once, so that nobody is drawn twice on one day.
        self.traces[customer as usize].last_contact = day as i32;
        let topic = match channel {
            Channel::ReturnsLine => self.rng.pick(&topics::RETURNS_LINE),
            // The carrier's bad week.
            Channel::Email if day >= self.calendar.last_monday() && self.rng.chance(250) => topics::DELIVERY,
            _ => topics::at(self.topics[channel as usize].pair().0),
        };
        let at = clock::london(day, volume::second_of_day(channel, &mut self.rng));
        self.announce(at, channel, customer, topic, 0);
    }

    fn somebody(&mut self, channel: Channel, day: i64) -> u32 {
        let mut id = 0;
        for _ in 0..20 {
            id = self.rng.below(self.people.crowd);
            if !self.buyers.is_empty() && self.rng.chance(700) {
                id = self.buyers[self.rng.below(self.buyers.len() as u32) as usize];
            }
            let reachable = people::has_mobile(id) || !is_message(channel);
            if reachable && self.traces[id as usize].last_contact + REST <= day as i32 {
                break;
            }
        }
        id
    }

    fn remember(&mut self, contact: &Contact, outcome: Outcome, day: i64) {
        let trace = &mut self.traces[contact.customer as usize];
        trace.last_contact = day as i32;
        let bad = outcome.bad || contact.round >= 2;
        if bad && !trace.disappointed {
            trace.disappointed = true;
            trace.gone = self.rng.chance(LEAVE) && contact.customer < self.people.crowd;
        }
    }

    fn follow_up(&mut self, contact: &Contact, outcome: Outcome) {
        if outcome.hung_up {
            let at = contact.at + self.rng.between(4 * MINUTE, 80 * MINUTE);
            self.announce(at, contact.channel, contact.customer, contact.topic, contact.round);
            return;
        }
        let chance = match contact.round {
            0 if outcome.bad => 210,
            0 => 125,
            1 => 250,
            _ => 0,
        };
        if !self.rng.chance(chance) {
            return;
        }
        let days = self.rng.between(1, 6);
        let day = clock::london_day(contact.at) + days;
        let channel = self.next_channel(contact.channel, days, day);
        let at = clock::london(day, volume::second_of_day(channel, &mut self.rng));
        // Within a week of the first contact, whatever the hour.
        let at = if at > contact.at + 6 * DAY { at - DAY } else { at };
        self.announce(at, channel, contact.customer, contact.topic, contact.round + 1);
    }

    /// People stay or switch. Two threads of messages are more than a day apart, and nobody answers
    /// the telephone on a Sunday.
    fn next_channel(&mut self, before: Channel, days: i64, day: i64) -> Channel {
        let next = match self.rng.below(100) {
            0..45 => before,
            45..72 => Channel::Phone,
            72..90 => Channel::Email,
            _ => Channel::Chat,
        };
        let closed = matches!(next, Channel::Phone | Channel::ReturnsLine | Channel::Visit) && clock::weekday(day) == 6;
        let too_soon = is_message(next) && days < 3;
        if closed || too_soon { Channel::Email } else { next }
    }
}

fn is_message(channel: Channel) -> bool {
    matches!(channel, Channel::Sms | Channel::WhatsApp)
}
