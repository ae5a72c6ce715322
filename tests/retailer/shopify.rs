//! The shop: Shopify's order export, a row for each line of an order and the order's own columns on the
//! first of them only.

use std::io;
use std::path::Path;

use super::clock::{self, Instant};
use super::csv::Csv;
use super::flaws::{self, Flaw, Flaws};
use super::people::Customer;
use super::random::Rng;

const HEADER: &str = "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,\
Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,\
Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,\
Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,\
Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,\
Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,\
Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,\
Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,\
Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,\
Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name";

/// Name, article number, pence.
const GOODS: [(&str, &str, i64); 10] = [
    ("Linen cushion", "LC-01", 2800),
    ("Oak shelf, 80 cm", "OS-80", 6500),
    ("Stoneware vase", "SV-02", 3450),
    ("Table lamp", "TL-07", 8900),
    ("Wool throw", "WT-03", 7400),
    ("Beeswax candles, 6", "BC-06", 1950),
    ("Enamel jug", "EJ-01", 2200),
    ("Storage basket", "SB-04", 3100),
    ("Picture frame, A3", "PF-A3", 2650),
    ("Side table", "ST-05", 14_500),
];
const CITIES: [(&str, &str); 6] = [
    ("London", "SE1 9GF"),
    ("Leeds", "LS1 4AP"),
    ("Cardiff", "CF10 1EP"),
    ("Edinburgh", "EH6 6JJ"),
    ("Bristol", "BS1 5DB"),
    ("York", "YO1 7HH"),
];
const NOTES: [&str; 3] = ["Leave with neighbour,\nnumber 12", "Gift: \"Happy birthday\"", "Ring twice,\nplease"];

pub struct Shopify {
    csv: Csv,
    flaws: Flaws,
    number: u64,
    rng: Rng,
}

/// How many of which of the goods.
type Line = (i64, (&'static str, &'static str, i64));

impl Shopify {
    pub fn create(dir: &Path, seed: u64) -> io::Result<Self> {
        Ok(Self {
            csv: Csv::create(&dir.join("shopify-orders.csv"), ',', HEADER)?,
            flaws: Flaws::one_in(400),
            number: 10_270,
            rng: Rng::new(seed, "shopify"),
        })
    }

    pub fn order(&mut self, who: &Customer, at: Instant) -> io::Result<()> {
        self.number += 1;
        let flaw = self.flaws.next();
        let lines = self.lines();
        let name = format!("#{}", self.number);
        // Some type their address with capitals.
        let capital = self.rng.chance(30) && !who.in_cast;
        let email = if capital { who.email.to_uppercase() } else { who.email.clone() };
        let created = flaws::start(flaw, "2026-02-30 10:15:00 +0000", clock::london_with_offset(at));
        for (index, line) in lines.iter().enumerate() {
            self.csv.cell(&name).cell(&email);
            if index == 0 {
                self.money(&lines, at);
            } else {
                self.csv.blanks(13);
            }
            goods(&mut self.csv, &created, *line);
            if index == 0 {
                self.buyer(who, &lines);
            } else {
                self.csv.blanks(51);
            }
            if flaw == Some(Flaw::ExtraCells) {
                self.csv.cell("x");
            }
            self.csv.end()?;
        }
        Ok(())
    }

    fn lines(&mut self) -> Vec<Line> {
        let count = 1 + self.rng.weighted(&[85, 11, 4]);
        (0..count).map(|_| (1 + i64::from(self.rng.chance(150)), self.rng.pick(&GOODS))).collect()
    }

    /// From `Financial Status` to `Shipping Method`.
    fn money(&mut self, lines: &[Line], at: Instant) {
        let subtotal = value(lines);
        let shipping = if subtotal >= 5000 { 0 } else { 395 };
        let paid = clock::london_with_offset(at + self.rng.between(2, 90));
        self.csv.cell("paid").cell(paid).cell("fulfilled").cell("").cell("").cell("GBP");
        self.csv.cell(pounds(subtotal)).cell(pounds(shipping)).cell("").cell(pounds(subtotal + shipping));
        self.csv.blanks(3);
    }

    /// From `Billing Name` to the end.
    fn buyer(&mut self, who: &Customer, lines: &[Line]) {
        let rng = &mut self.rng;
        let (city, zip) = rng.pick(&CITIES);
        let phone = if who.in_cast || rng.chance(700) { format!("'{}", who.phone.e164()) } else { String::new() };
        let note = if rng.chance(12) { rng.pick(&NOTES) } else { "" };
        let refunded = match rng.below(1000) {
            0..25 => value(lines),
            25..65 => value(lines) / 2,
            _ => 0,
        };
        self.csv.cell(who.name()).blanks(4).cell(city).cell(format!("'{zip}")).blanks(13);
        self.csv.cell(note).blanks(4).cell(pounds(refunded)).blanks(5);
        self.csv.cell(5_901_234_000_000 + self.number * 7).blanks(14);
        self.csv.cell(phone).blanks(4);
    }

    pub fn finish(&mut self) -> io::Result<()> {
        self.csv.finish()
    }
}

/// From `Created at` to `Lineitem fulfillment status`.
fn goods(csv: &mut Csv, created: &str, (quantity, (name, sku, pence)): Line) {
    csv.cell(created).cell(quantity).cell(name).cell(pounds(pence)).cell("").cell(sku).blanks(3);
}

fn value(lines: &[Line]) -> i64 {
    lines.iter().map(|(quantity, (_, _, pence))| quantity * pence).sum()
}

fn pounds(pence: i64) -> String {
    format!("{}.{:02}", pence / 100, pence % 100)
}
