//! The help desk: the classic ticket CSV, exported twice, the second time with what was created or
//! updated since a Monday before the first. Times are London ones without a zone, durations minutes.

use std::io;
use std::path::Path;

use super::calendar::Calendar;
use super::clock::{self, HOUR, Instant, MINUTE};
use super::csv::Csv;
use super::flaws::{self, Flaw, Flaws};
use super::people::Customer;
use super::random::{Rng, Spread};
use super::ticket::{self, Fate, Seen, Ticket};
use super::topics::{self, TOPICS};
use super::volume::Channel;
use super::world::{Contact, Outcome};

const HEADER: &str = "Summation column,Id,Requester,Requester id,Requester external id,Requester email,\
Requester domain,Submitter,Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,\
Assigned at,Organization,Due date,Initially assigned at,Solved at,Resolution time,Satisfaction Score,\
Group stations,Assignee stations,Reopens,Replies,First reply time in minutes,\
First reply time in minutes within business hours,First resolution time in minutes,\
First resolution time in minutes within business hours,Full resolution time in minutes,\
Full resolution time in minutes within business hours,Agent wait time in minutes,\
Agent wait time in minutes within business hours,Requester wait time in minutes,\
Requester wait time in minutes within business hours,On hold time in minutes,\
On hold time in minutes within business hours,Product area [list],Order number [txt]";

/// The promise for e-mail: later is a bad experience.
const PROMISE: i64 = 8 * HOUR;

/// Everything about a ticket that does not change from one export to the next.
struct Card {
    id: u64,
    requester: String,
    requester_id: u64,
    external_id: String,
    email: String,
    agent: &'static str,
    team: &'static str,
    subject: String,
    topic: &'static str,
    priority: &'static str,
    kind: &'static str,
    form: bool,
    assigned: Instant,
    order: String,
    stations: u32,
}

pub struct Zendesk {
    first: Csv,
    second: Csv,
    flaws: [Flaws; 2],
    emails: Spread,
    forms: Spread,
    /// Team and effort, by topic: within a topic every team has the same work.
    desks: [Spread; TOPICS.len()],
    id: u64,
    rng: Rng,
}

impl Zendesk {
    pub fn create(dir: &Path, seed: u64) -> io::Result<Self> {
        let mut rng = Rng::new(seed, "zendesk");
        Ok(Self {
            first: Csv::create(&dir.join("zendesk-tickets-to-august.csv"), ',', HEADER)?,
            // Saved from a spreadsheet, which leaves a byte order mark.
            second: Csv::create(&dir.join("zendesk-tickets-to-november.csv"), ',', &format!("\u{feff}{HEADER}"))?,
            flaws: [Flaws::one_in(230), Flaws::one_in(230)],
            emails: Spread::new(&mut rng),
            forms: Spread::new(&mut rng),
            desks: std::array::from_fn(|_| Spread::new(&mut rng)),
            id: 48_210,
            rng,
        })
    }

    pub fn take(&mut self, days: &Calendar, contact: &Contact, who: &Customer) -> io::Result<Outcome> {
        let topic = &TOPICS[contact.topic];
        let form = contact.channel == Channel::WebForm;
        let (staffed, pace) = if form {
            (ticket::FORM_REPLY.at(self.forms.next()), days.pace(contact.at))
        } else {
            (ticket::EMAIL_REPLY.at(self.emails.next()), days.pace_of_email(contact.at))
        };
        let staffed = staffed * topic.pace / 100 * pace / 100;
        let (desk, effort) = self.desks[contact.topic].pair();
        let mut ticket = Ticket::ordinary(contact.at, staffed, effort, topic.pace, &mut self.rng);
        let late = ticket.replied.is_none_or(|replied| replied - contact.at > PROMISE);
        self.rate(&mut ticket, late, topic.pace > 180);
        let mut card = self.card(contact, who, desk);
        self.decorate(&mut card);
        self.export(days, &card, &ticket)?;
        self.extras(days, contact, who)?;
        let unhappy = ticket.rated.is_some_and(|(_, good)| !good);
        Ok(Outcome { bad: unhappy || (late && !form), hung_up: false })
    }

    fn rate(&mut self, ticket: &mut Ticket, late: bool, dispute: bool) {
        let Some(solved) = ticket.last_solved() else {
            return;
        };
        let bad = 80 + if late { 60 } else { 0 } + if dispute { 110 } else { 0 };
        if ticket.replied.is_some() && self.rng.chance(270) {
            let at = solved + self.rng.between(HOUR, 60 * HOUR);
            ticket.rated = Some((at, !self.rng.chance(bad)));
        }
    }

    fn card(&mut self, contact: &Contact, who: &Customer, desk: u32) -> Card {
        self.id += self.rng.between(1, 2) as u64;
        let rng = &mut self.rng;
        let (team, agent) = topics::assign_at(contact.topic, desk, rng);
        let order = if rng.chance(350) { format!("#{}", rng.between(10_400, 13_900)) } else { "-".to_owned() };
        Card {
            id: self.id,
            requester: who.name(),
            requester_id: who.requester,
            external_id: who.shop_number.clone().unwrap_or_default(),
            email: who.email.clone(),
            agent,
            team: team.name,
            subject: rng.pick(&TOPICS[contact.topic].subjects).to_owned(),
            topic: TOPICS[contact.topic].name,
            priority: ["Low", "Normal", "High", "Urgent"][rng.weighted(&[10, 74, 13, 3])],
            kind: ["Question", "Problem", "Incident", ""][rng.weighted(&[55, 25, 10, 10])],
            form: contact.channel == Channel::WebForm,
            assigned: contact.at + rng.between(MINUTE, 40 * MINUTE),
            order,
            stations: 1 + u32::from(rng.chance(110)),
        }
    }

    /// Subjects as people write them, now and then with commas, quotes and line ends; some matters
    /// without an area.
    fn decorate(&mut self, card: &mut Card) {
        card.subject = match self.rng.below(60) {
            0 => format!("{},\nplease \"urgently\"", card.subject),
            1 => format!("\"{}\", as promised", card.subject),
            2 => format!("FW: {}, order {}", card.subject, card.order),
            3..12 => format!("Re: {}", card.subject),
            _ => std::mem::take(&mut card.subject),
        };
        if self.rng.chance(25) {
            card.topic = "-";
        }
    }

    /// Rows that are no contact of anybody: spam, doubles that were merged, deletions.
    fn extras(&mut self, days: &Calendar, contact: &Contact, who: &Customer) -> io::Result<()> {
        let (fate, minutes) = match self.rng.below(2000) {
            0..14 => (Fate::Spam, self.rng.between(5, 300)),
            14..18 => (Fate::Merged, self.rng.between(4, 50)),
            18..22 => (Fate::Deleted, self.rng.between(4, 500)),
            _ => return Ok(()),
        };
        let created = contact.at + self.rng.between(MINUTE, 20 * MINUTE);
        let desk = self.rng.below(65536);
        let mut card = self.card(contact, who, desk);
        if fate == Fate::Spam {
            "Prize Draw".clone_into(&mut card.requester);
            card.requester_id = 360_009_000 + card.id % 7;
            card.external_id.clear();
            card.email = format!("winner{}@prizes.example", card.id % 7);
            "You have WON, claim now".clone_into(&mut card.subject);
            card.topic = "-";
        }
        card.assigned = created;
        self.export(days, &card, &Ticket::unanswered(created, fate, minutes))
    }

    fn export(&mut self, days: &Calendar, card: &Card, ticket: &Ticket) -> io::Result<()> {
        let [first, second] = &mut self.flaws;
        if ticket.created <= days.first_export {
            let seen = ticket.seen(days.first_export);
            row(&mut self.first, card, ticket, &seen, first.next())?;
        }
        let seen = ticket.seen(days.exported);
        if ticket.created <= days.exported && seen.updated >= days.second_since {
            row(&mut self.second, card, ticket, &seen, second.next())?;
        }
        Ok(())
    }

    pub fn finish(&mut self) -> io::Result<()> {
        self.first.finish()?;
        self.second.finish()
    }
}

fn row(csv: &mut Csv, card: &Card, ticket: &Ticket, seen: &Seen, flaw: Option<Flaw>) -> io::Result<()> {
    let domain = card.email.split('@').nth(1).unwrap_or_default();
    csv.cell(1).cell(card.id).cell(&card.requester).cell(card.requester_id).cell(&card.external_id);
    csv.cell(&card.email).cell(domain).cell(&card.requester).cell(card.agent).cell(card.team);
    csv.cell(&card.subject).cell(tags(card, ticket)).cell(seen.status).cell(card.priority);
    csv.cell(if card.form { "Web form" } else { "Mail" }).cell(card.kind);
    dates(csv, card, ticket, seen, flaw);
    csv.cell(seen.satisfaction).cell(1 + card.stations / 2).cell(card.stations);
    csv.cell(seen.reopens).cell(seen.replies);
    minutes(csv, card, ticket, seen);
    csv.cell(card.topic).cell(&card.order);
    if flaw == Some(Flaw::ExtraCells) {
        csv.cell("pasted").cell("by hand");
    }
    csv.end()
}

/// From `Created at` to `Resolution time`, which is in whole hours.
fn dates(csv: &mut Csv, card: &Card, ticket: &Ticket, seen: &Seen, flaw: Option<Flaw>) {
    let assigned = clock::london_minute(card.assigned.min(seen.updated.max(ticket.created)));
    let hotel = if card.email.ends_with("@thegreathotel.example") { "The Great Hotel" } else { "" };
    let solved = match flaw {
        Some(Flaw::Backwards) => seen.solved.map(|_| ticket.created - 3 * HOUR),
        _ => seen.solved,
    };
    csv.cell(flaws::start(flaw, "2026-02-30 10:15", clock::london_minute(ticket.created)));
    csv.cell(clock::london_minute(seen.updated)).cell(&assigned).cell(hotel).cell("").cell(&assigned);
    csv.maybe(solved.map(clock::london_minute));
    csv.maybe(seen.solved.map(|solved| (solved - ticket.created) / HOUR));
}

/// The minute columns; without a business schedule in the account their second halves stay empty.
fn minutes(csv: &mut Csv, card: &Card, ticket: &Ticket, seen: &Seen) {
    let since_created = |event: Instant| (event - ticket.created) / MINUTE;
    let full = seen.solved.map(since_created);
    let first_reply = seen.replied.map(since_created);
    let waited = full.map(|full| first_reply.unwrap_or(full).min(full));
    let rest = full.zip(waited).map(|(full, waited)| full - waited);
    let held = if ticket.waiting_as == "Hold" { rest.map(|rest| rest / 3) } else { full.map(|_| 0) };
    csv.maybe(first_reply).cell("").maybe(seen.first_solved.map(since_created)).cell("");
    csv.maybe(full).cell("").maybe(rest.map(|rest| rest / 2)).cell("");
    csv.maybe(waited.zip(rest).map(|(waited, rest)| waited + rest / i64::from(4 + card.stations))).cell("");
    csv.maybe(held).cell("");
}

fn tags(card: &Card, ticket: &Ticket) -> String {
    let mut tags = if card.topic == "-" { String::new() } else { card.topic.replace(' ', "_") };
    let mark = match ticket.fate {
        Fate::Spam => "spam",
        Fate::Merged => "closed_by_merge",
        Fate::Ordinary | Fate::Deleted if card.form => "web_form",
        Fate::Ordinary | Fate::Deleted => "",
    };
    if !tags.is_empty() && !mark.is_empty() {
        tags.push(' ');
    }
    tags + mark
}
