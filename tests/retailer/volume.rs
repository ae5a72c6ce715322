//! How much comes in: by channel, week, weekday and hour.

use super::clock::HOUR;
use super::random::Rng;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Email,
    WebForm,
    Sms,
    WhatsApp,
    Phone,
    ReturnsLine,
    Chat,
    Visit,
}

pub const CHANNELS: [Channel; 8] = [
    Channel::Email,
    Channel::WebForm,
    Channel::Sms,
    Channel::WhatsApp,
    Channel::Phone,
    Channel::ReturnsLine,
    Channel::Chat,
    Channel::Visit,
];

/// Contacts of an ordinary week; Monday to Sunday in per mille; the hours of the day as weights.
struct Pattern {
    weekly: u64,
    days: [u64; 7],
    hours: &'static [u32; 24],
}

const LETTERS: [u32; 24] = [2, 1, 1, 1, 1, 3, 10, 34, 90, 120, 118, 104, 84, 80, 78, 66, 52, 42, 34, 28, 22, 16, 10, 4];
const MESSAGES: [u32; 24] = [0, 0, 0, 0, 0, 0, 2, 20, 70, 95, 100, 95, 90, 85, 80, 80, 75, 75, 60, 40, 20, 4, 0, 0];
const CALLS: [u32; 24] = [0, 0, 0, 0, 0, 0, 0, 0, 3, 130, 150, 130, 100, 105, 115, 110, 95, 70, 10, 3, 0, 0, 0, 0];
const CHATS: [u32; 24] = [0, 0, 0, 0, 0, 0, 0, 0, 60, 95, 105, 100, 105, 95, 90, 85, 80, 75, 65, 50, 0, 0, 0, 0];
const SHOPS: [u32; 24] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 140, 150, 150, 150, 140, 120, 0, 0, 0, 0, 0, 0, 0];

const WEEKDAYS_MOSTLY: [u64; 7] = [215, 195, 185, 180, 155, 42, 28];
const PHONE_DAYS: [u64; 7] = [210, 185, 180, 175, 170, 80, 0];
const SHOP_DAYS: [u64; 7] = [120, 120, 130, 140, 180, 310, 0];

fn pattern(channel: Channel) -> Pattern {
    let (weekly, days, hours) = match channel {
        Channel::Email => (77, WEEKDAYS_MOSTLY, &LETTERS),
        Channel::WebForm => (47, WEEKDAYS_MOSTLY, &LETTERS),
        Channel::Sms => (41, WEEKDAYS_MOSTLY, &MESSAGES),
        Channel::WhatsApp => (33, WEEKDAYS_MOSTLY, &MESSAGES),
        Channel::Phone => (50, PHONE_DAYS, &CALLS),
        Channel::ReturnsLine => (18, PHONE_DAYS, &CALLS),
        Channel::Chat => (31, WEEKDAYS_MOSTLY, &CHATS),
        Channel::Visit => (18, SHOP_DAYS, &SHOPS),
    };
    Pattern { weekly, days, hours }
}

/// In the last week a carrier fails, and people write: per mille of the usual e-mail.
const SURGE: u64 = 2420;
/// Some of what comes in is a second or third contact about the same thing (see `world`).
const FRESH: u64 = 862;

/// Per mille of an ordinary week: an even summer, a slow autumn growth.
fn growth(week: u64, weeks: u64) -> u64 {
    let autumn = weeks * 15 / 26;
    950 + week.saturating_sub(autumn) * 160 / (weeks - autumn)
}

fn expected(channel: Channel, week: u64, weeks: u64) -> u64 {
    let surge = if channel == Channel::Email && week + 1 == weeks { SURGE } else { 1000 };
    pattern(channel).weekly * growth(week, weeks) * surge / 1000
}

/// Counts contacts day by day; what is less than one is carried over to the next day.
pub struct Volume {
    interactions: u64,
    weeks: u64,
    /// What the patterns give for all weeks, in thousandths of a contact.
    nominal: u64,
    carried: [u64; CHANNELS.len()],
    rng: Rng,
}

impl Volume {
    pub fn new(interactions: u32, weeks: u32, seed: u64) -> Self {
        let weeks = u64::from(weeks);
        let nominal = (0..weeks).flat_map(|week| CHANNELS.map(|channel| expected(channel, week, weeks)));
        Self {
            interactions: interactions.into(),
            weeks,
            nominal: nominal.sum::<u64>().max(1),
            carried: [0; CHANNELS.len()],
            rng: Rng::new(seed, "volume"),
        }
    }

    /// How many first contacts a day brings: `day` counts from the first Monday.
    pub fn on(&mut self, channel: Channel, day: u64) -> u64 {
        let share = pattern(channel).days[(day % 7) as usize] * FRESH / 1000;
        let weather = u64::from(self.rng.below(240)) + 880;
        let mass = expected(channel, day / 7, self.weeks) * self.interactions / 1000 * share * weather / 1000;
        let carried = &mut self.carried[channel as usize];
        *carried += mass;
        let count = *carried / self.nominal;
        *carried %= self.nominal;
        count
    }
}

/// A second of the day, by the channel's hours.
pub fn second_of_day(channel: Channel, rng: &mut Rng) -> i64 {
    rng.weighted(pattern(channel).hours) as i64 * HOUR + rng.between(0, HOUR - 1)
}
