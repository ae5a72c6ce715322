//! Live chat: Intercom conversations, times in epoch seconds. A bot opens some and closes a few itself.

use std::io;
use std::path::Path;

use super::calendar::Calendar;
use super::clock::{DAY, HOUR, Instant, MINUTE};
use super::flaws::{Flaw, Flaws};
use super::json_list::{JsonList, or_null};
use super::people::Customer;
use super::random::{Quantiles, Rng, Spread};
use super::topics::{self, TOPICS, Team};
use super::world::{Contact, Outcome};

/// Seconds to the first human reply.
const WAIT: Quantiles = Quantiles(&[(0, 6), (250, 24), (500, 42), (750, 78), (900, 150), (970, 240), (1000, 420)]);
/// Seconds from the reply to the end of the talk.
const TALK: Quantiles = Quantiles(&[(0, 60), (250, 260), (500, 480), (800, 960), (1000, 3600)]);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    Answered,
    /// Closed by the bot, no person having written.
    BotOnly,
    /// The customer left before an answer.
    Left,
    /// Answered, and not yet closed.
    Waiting,
}

struct Chat {
    id: u64,
    at: Instant,
    course: Course,
    /// The bot came first.
    bot: bool,
    replied: Option<Instant>,
    closed: Option<Instant>,
    reopens: u32,
    rating: Option<i64>,
    team: &'static Team,
    agent: &'static str,
}

pub struct Intercom {
    list: JsonList,
    flaws: Flaws,
    waits: Spread,
    id: u64,
    rng: Rng,
}

impl Intercom {
    pub fn create(dir: &Path, seed: u64) -> io::Result<Self> {
        let mut rng = Rng::new(seed, "intercom");
        let before = "{\"type\":\"conversation.list\",\"conversations\":";
        Ok(Self {
            list: JsonList::create(&dir.join("intercom-conversations.json"), before)?,
            flaws: Flaws::one_in(190),
            waits: Spread::new(&mut rng),
            id: 215_470_000,
            rng,
        })
    }

    pub fn take(&mut self, days: &Calendar, contact: &Contact, who: &Customer) -> io::Result<Outcome> {
        let chat = self.chat(days, contact);
        let flaw = self.flaws.next();
        let contact_id = Rng::new(u64::from(who.id), "intercom contact").hex(24);
        self.list.push(&conversation(&chat, contact, who, &contact_id, flaw))?;
        Ok(Outcome { bad: chat.rating.is_some_and(|rating| rating <= 2), hung_up: false })
    }

    fn chat(&mut self, days: &Calendar, contact: &Contact) -> Chat {
        self.id += self.rng.between(1, 30) as u64;
        let wait = WAIT.at(self.waits.next()) * days.pace(contact.at) / 100;
        let talk = TALK.draw(&mut self.rng);
        let rng = &mut self.rng;
        let (team, agent) = topics::assign(contact.topic, rng);
        let waiting = if contact.at > days.days_before_export(6) { 60 } else { 4 };
        let course = match rng.below(1000) {
            0..150 => Course::BotOnly,
            150..205 => Course::Left,
            roll if roll < 205 + waiting => Course::Waiting,
            _ => Course::Answered,
        };
        let human = matches!(course, Course::Answered | Course::Waiting);
        let replied = human.then_some(contact.at + wait);
        let closed = match course {
            Course::Answered => Some(contact.at + wait + talk),
            Course::BotOnly => Some(contact.at + talk / 2 + 60),
            Course::Left => Some(contact.at + DAY),
            Course::Waiting => None,
        };
        let rating = (course == Course::Answered && rng.chance(360)).then(|| stars(rng));
        let reopens = u32::from(course == Course::Answered && rng.chance(30));
        let known = |event: Option<Instant>| event.filter(|&event| days.is_known(event));
        Chat {
            id: self.id,
            at: contact.at,
            course,
            bot: course == Course::BotOnly || (course != Course::Left && rng.chance(330)),
            replied: known(replied),
            closed: known(closed),
            reopens,
            rating: rating.filter(|_| known(closed).is_some()),
            team,
            agent,
        }
    }

    pub fn finish(&mut self) -> io::Result<()> {
        let length = self.list.length();
        let pages = "\"pages\":{\"type\":\"pages\",\"page\":1,\"per_page\":150,\"total_pages\":1}";
        self.list.finish(&format!(",{pages},\"total_count\":{length}}}"))
    }
}

fn stars(rng: &mut Rng) -> i64 {
    [5, 4, 3, 2, 1][rng.weighted(&[62, 26, 5, 3, 4])]
}

fn conversation(chat: &Chat, contact: &Contact, who: &Customer, contact_id: &str, flaw: Option<Flaw>) -> String {
    let created = match flaw {
        Some(Flaw::ImpossibleDate | Flaw::NotADate) => "\"n/a\"".to_owned(),
        Some(Flaw::NoStart) => "null".to_owned(),
        _ => chat.at.to_string(),
    };
    let updated = chat.closed.or(chat.replied).unwrap_or(chat.at);
    let state = match (chat.closed, chat.course) {
        (Some(_), _) => "closed",
        (None, Course::Waiting) if chat.id.is_multiple_of(2) => "snoozed",
        (None, _) => "open",
    };
    let handled = chat.course != Course::BotOnly;
    let assignee = or_null(handled.then(|| topics::agent_number(chat.agent)));
    let team = or_null(handled.then(|| format!("\"{}\"", chat.team.id)));
    format!(
        "{{\"type\":\"conversation\",\"id\":\"{}\",\"created_at\":{created},\"updated_at\":{updated},\"open\":{},\
         \"state\":\"{state}\",\"priority\":\"not_priority\",\"admin_assignee_id\":{assignee},\
         \"team_assignee_id\":{team},\"tags\":{{\"tags\":[{{\"name\":\"{}\"}}]}},\"conversation_rating\":{},\
         \"source\":{{\"type\":\"conversation\",\"author\":{}}},\
         \"contacts\":{{\"contacts\":[{{\"id\":\"{contact_id}\",\"external_id\":{}}}]}},\"statistics\":{},\
         \"conversation_parts\":{{\"conversation_parts\":[{}]}},\"ai_agent_participated\":{},\"ai_agent\":{}}}",
        chat.id,
        chat.closed.is_none(),
        TOPICS[contact.topic].name,
        rating(chat, flaw),
        author(who, contact_id),
        or_null(who.shop_number.as_ref().map(|number| format!("\"{number}\""))),
        statistics(chat, flaw),
        first_part(chat).unwrap_or_default(),
        chat.bot,
        ai_agent(chat),
    )
}

fn author(who: &Customer, contact_id: &str) -> String {
    let (name, email) = (who.name(), &who.email);
    format!("{{\"type\":\"user\",\"id\":\"{contact_id}\",\"name\":\"{name}\",\"email\":\"{email}\"}}")
}

fn rating(chat: &Chat, flaw: Option<Flaw>) -> String {
    let Some((rating, closed)) = chat.rating.zip(chat.closed) else {
        return "null".to_owned();
    };
    // The flaw that a start cannot show: a score off the scale.
    let rating = if flaw == Some(Flaw::ExtraCells) { 9 } else { rating };
    format!("{{\"rating\":{rating},\"created_at\":{}}}", closed + 2 * MINUTE)
}

/// Who answered, as the first part of the conversation tells.
fn first_part(chat: &Chat) -> Option<String> {
    let at = chat.replied?;
    let (name, email) = (chat.agent, topics::agent_address(chat.agent));
    let number = topics::agent_number(name);
    Some(format!(
        "{{\"part_type\":\"comment\",\"created_at\":{at},\"author\":\
         {{\"type\":\"admin\",\"id\":\"{number}\",\"name\":\"{name}\",\"email\":\"{email}\"}}}}"
    ))
}

fn statistics(chat: &Chat, flaw: Option<Flaw>) -> String {
    let replied = chat.replied.map(|at| if flaw == Some(Flaw::Backwards) { chat.at - HOUR } else { at });
    format!(
        "{{\"first_admin_reply_at\":{},\"last_close_at\":{},\"count_reopens\":{},\
         \"count_assignments\":{},\"count_conversation_parts\":{},\"handling_time\":{}}}",
        or_null(replied),
        or_null(chat.closed),
        chat.reopens,
        u8::from(chat.replied.is_some()),
        2 + chat.id % 9,
        or_null(chat.closed.zip(chat.replied).map(|(closed, replied)| (closed - replied) * 7 / 10)),
    )
}

fn ai_agent(chat: &Chat) -> String {
    if !chat.bot {
        return "null".to_owned();
    }
    let state = match chat.course {
        Course::BotOnly if chat.id.is_multiple_of(3) => "confirmed_resolution",
        Course::BotOnly => "assumed_resolution",
        _ => "escalated",
    };
    format!("{{\"resolution_state\":\"{state}\"}}")
}
