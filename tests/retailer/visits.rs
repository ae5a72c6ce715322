//! The shops' own list of visits to the counter, typed by hand.

use std::io;
use std::path::Path;

use super::calendar::Calendar;
use super::clock;
use super::csv::Csv;
use super::flaws::{self, Flaw, Flaws};
use super::people::Customer;
use super::random::{Quantiles, Rng};
use super::topics::TOPICS;
use super::world::{Contact, Outcome};

const HEADER: &str = "Date;Time;Shop;Name;Phone;E-mail;Reason;Served by;Minutes waited;Solved";
const SHOPS: [(&str, &str); 3] = [("Leith", "Fiona"), ("Bristol Harbourside", "Marcus"), ("Whitby", "Jo")];

/// Tenths of a minute at the counter.
const WAIT: Quantiles = Quantiles(&[(0, 2), (300, 15), (600, 35), (850, 80), (1000, 220)]);

/// The visit whose year was mistyped.
const MISTYPED: u64 = 187;

pub struct Visits {
    csv: Csv,
    flaws: Flaws,
    rows: u64,
    rng: Rng,
}

impl Visits {
    pub fn create(dir: &Path, seed: u64) -> io::Result<Self> {
        Ok(Self {
            csv: Csv::create(&dir.join("shop-visits.csv"), ';', HEADER)?,
            flaws: Flaws::one_in(120),
            rows: 0,
            rng: Rng::new(seed, "visits"),
        })
    }

    pub fn take(&mut self, days: &Calendar, contact: &Contact, who: &Customer) -> io::Result<Outcome> {
        self.rows += 1;
        let flaw = self.flaws.next();
        let rng = &mut self.rng;
        let (shop, served_by) = rng.pick(&SHOPS);
        let leaves = if who.in_cast { 3 } else { rng.below(4) };
        let tenths = WAIT.draw(rng) * days.pace(contact.at) / 100;
        let tenths = if flaw == Some(Flaw::Backwards) { -tenths - 1 } else { tenths };
        let solved = !rng.chance(120);
        let date = day_month_year(contact.at, self.rows == MISTYPED);
        let time = clock::london_minute(contact.at);
        self.csv.cell(flaws::start(flaw, "30/02/2026", date)).cell(&time[11..]).cell(shop).cell(who.name());
        self.csv.cell(if leaves & 1 == 1 { who.phone.typed(rng) } else { String::new() });
        self.csv.cell(if leaves == 1 { "" } else { who.email.as_str() });
        self.csv.cell(TOPICS[contact.topic].name).cell(served_by).cell(decimal_comma(tenths));
        self.csv.cell(if solved { "yes" } else { "no" });
        if flaw == Some(Flaw::ExtraCells) {
            self.csv.cell("see book");
        }
        self.csv.end()?;
        Ok(Outcome::default())
    }

    pub fn finish(&mut self) -> io::Result<()> {
        self.csv.finish()
    }
}

fn day_month_year(at: clock::Instant, mistyped: bool) -> String {
    let (year, month, day) = clock::date(clock::london_day(at));
    let year = if mistyped { 2062 } else { year };
    format!("{day:02}/{month:02}/{year}")
}

fn decimal_comma(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.abs();
    match tenths % 10 {
        0 => format!("{sign}{}", tenths / 10),
        rest => format!("{sign}{},{rest}", tenths / 10),
    }
}
