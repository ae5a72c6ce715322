//! All files of the folder, open at once: contacts and orders reach them in the order of time.

use std::io;
use std::path::Path;

use super::aircall::Aircall;
use super::calendar::Calendar;
use super::clock::Instant;
use super::connect::Connect;
use super::delighted::Delighted;
use super::hubspot::Hubspot;
use super::intercom::Intercom;
use super::people::{Customer, People};
use super::shopify::Shopify;
use super::twilio::Twilio;
use super::visits::Visits;
use super::volume::Channel;
use super::world::{Contact, Outcome};
use super::zendesk::Zendesk;

pub struct Files {
    zendesk: Zendesk,
    aircall: Aircall,
    connect: Connect,
    intercom: Intercom,
    twilio: Twilio,
    visits: Visits,
    delighted: Delighted,
    shopify: Shopify,
    hubspot: Hubspot,
}

impl Files {
    pub fn create(dir: &Path, seed: u64) -> io::Result<Self> {
        Ok(Self {
            zendesk: Zendesk::create(dir, seed)?,
            aircall: Aircall::create(dir, seed)?,
            connect: Connect::create(dir, seed)?,
            intercom: Intercom::create(dir, seed)?,
            twilio: Twilio::create(dir, seed)?,
            visits: Visits::create(dir, seed)?,
            delighted: Delighted::create(dir, seed)?,
            shopify: Shopify::create(dir, seed)?,
            hubspot: Hubspot::create(dir, seed)?,
        })
    }

    pub fn contact(&mut self, days: &Calendar, contact: &Contact, who: &Customer) -> io::Result<Outcome> {
        let outcome = match contact.channel {
            // The help desk and the chat have surveys of their own.
            Channel::Email | Channel::WebForm => return self.zendesk.take(days, contact, who),
            Channel::Chat => return self.intercom.take(days, contact, who),
            Channel::Phone => self.aircall.take(days, contact, who)?,
            Channel::ReturnsLine => self.connect.take(days, contact, who)?,
            Channel::Sms | Channel::WhatsApp => self.twilio.take(days, contact, who)?,
            Channel::Visit => self.visits.take(days, contact, who)?,
        };
        let unhappy = !who.in_cast && self.delighted.after_contact(days, who, contact.at)?;
        Ok(Outcome { bad: outcome.bad || unhappy, ..outcome })
    }

    pub fn order(&mut self, days: &Calendar, who: &Customer, at: Instant, pleased: bool) -> io::Result<()> {
        self.shopify.order(who, at)?;
        self.delighted.after_order(days, who, at, pleased)
    }

    /// Writes the customer file, now that every customer's last contact is known, and closes the rest.
    pub fn finish(mut self, days: &Calendar, people: &People, last: impl Fn(u32) -> i64) -> io::Result<()> {
        self.hubspot.write(days, people, last)?;
        self.zendesk.finish()?;
        self.aircall.finish()?;
        self.connect.finish()?;
        self.intercom.finish()?;
        self.twilio.finish()?;
        self.visits.finish()?;
        self.delighted.finish()?;
        self.shopify.finish()
    }
}
