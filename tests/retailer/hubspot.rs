//! The CRM: HubSpot's contacts, exported under a European locale, so with semicolons. Not everybody is
//! in it, and a few people are in it twice.

use std::io;
use std::path::Path;

use super::calendar::Calendar;
use super::clock::{self, HOUR};
use super::csv::Csv;
use super::people::{Customer, People};
use super::random::Rng;

const HEADER: &str = "Record ID;First Name;Last Name;Email;Phone Number;Contact owner;Lead Status;Lifecycle Stage;\
Marketing contact status;Create Date;Last Activity Date;Original Source;Original Source Drill-Down 1;\
Associated Company";

const SOURCES: [&str; 5] = ["Organic Search", "Direct Traffic", "Paid Social", "Email Marketing", "Offline Sources"];

/// People of the crowd between two who were entered twice.
const TWICE_EVERY: u32 = 180;

pub struct Hubspot {
    csv: Csv,
    record: u64,
    rng: Rng,
}

impl Hubspot {
    pub fn create(dir: &Path, seed: u64) -> io::Result<Self> {
        Ok(Self {
            csv: Csv::create(&dir.join("hubspot-contacts.csv"), ';', HEADER)?,
            record: 78_971_000,
            rng: Rng::new(seed, "hubspot"),
        })
    }

    /// Writes everybody who is known to the CRM, with the London day of the last contact (0: none).
    pub fn write(&mut self, days: &Calendar, people: &People, last: impl Fn(u32) -> i64) -> io::Result<()> {
        let mut since_double = 0;
        for id in 0..people.len() {
            let who = people.customer(id);
            since_double += 1;
            if !who.in_crm {
                continue;
            }
            self.row(days, &who, last(id))?;
            if since_double >= TWICE_EVERY && !who.in_cast {
                since_double = 0;
                let capitals = Customer { email: who.email.to_uppercase(), ..who };
                self.row(days, &capitals, 0)?;
            }
        }
        self.csv.finish()
    }

    fn row(&mut self, days: &Calendar, who: &Customer, last: i64) -> io::Result<()> {
        self.record += self.rng.between(1, 60) as u64;
        let rng = &mut self.rng;
        let created = days.orders_from - 40 + rng.between(0, 400);
        let created = clock::london(created, rng.between(8 * HOUR, 18 * HOUR));
        let stage = if who.buys { "Customer" } else { rng.pick(&["Lead", "Subscriber", "Opportunity"]) };
        let status = rng.pick(&["New", " New", "Open", "Connected", ""]);
        let phone = if who.in_cast || rng.chance(820) { who.phone.typed(rng) } else { String::new() };
        let active = (last > 0).then(|| clock::london_minute(clock::london(last, 17 * HOUR)));
        self.csv.cell(self.record).cell(who.first).cell(who.last).cell(&who.email).cell(phone);
        self.csv.cell("").cell(status).cell(stage).cell("Marketing contact").cell(clock::london_minute(created));
        self.csv.maybe(active).cell(rng.pick(&SOURCES)).cell("").cell("");
        self.csv.end()
    }
}
