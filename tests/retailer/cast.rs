//! The few whose part is written out: they make the joins hard. See the module documentation.

use super::clock::{self, Instant};
use super::volume::Channel;

pub struct Member {
    pub first: &'static str,
    pub last: &'static str,
    pub email: &'static str,
    pub phone: (&'static str, &'static str),
    pub in_crm: bool,
    pub buys: bool,
}

const MIRAS_PHONE: (&str, &str) = ("7700", "900995");
const ELLERYS_PHONE: (&str, &str) = ("20", "7946 0950");
const HOTEL_PHONE: (&str, &str) = ("1632", "960960");
const HOTEL: &str = "info@thegreathotel.example";

const fn guest(first: &'static str, last: &'static str) -> Member {
    Member { first, last, email: HOTEL, phone: HOTEL_PHONE, in_crm: false, buys: false }
}

const fn mira(email: &'static str, in_crm: bool, buys: bool) -> Member {
    Member { first: "Mira", last: "Okafor", email, phone: MIRAS_PHONE, in_crm, buys }
}

const fn ellery(first: &'static str, email: &'static str) -> Member {
    Member { first, last: "Ellery", email, phone: ELLERYS_PHONE, in_crm: true, buys: true }
}

pub const CAST: [Member; 15] = [
    mira("mira.okafor@example.com", true, false),
    mira("m.okafor.design@studio.example", false, true),
    mira("miraokafor88@mail.example", false, false),
    ellery("Tom", "tom.ellery@example.com"),
    ellery("Sarah", "sarah.ellery@example.org"),
    guest("Beatrice", "Lang"),
    guest("Kofi", "Annan-Price"),
    guest("Juliet", "Marsh"),
    guest("Pavel", "Dvorak"),
    guest("Shireen", "Abbasi"),
    guest("Colin", "Tate"),
    guest("Wanda", "Pike"),
    guest("Emeka", "Obi"),
    guest("Lucy", "Strand"),
    Member {
        first: "Priya",
        last: "Nair",
        email: "priya@harbourandpine.example",
        phone: ("20", "7946 0992"),
        in_crm: false,
        buys: false,
    },
];

/// One contact of the script: weeks before the last one, weekday (Monday 0), hour and minute, channel,
/// who of the cast, topic.
struct Line(i64, i64, i64, i64, Channel, u32, usize);

use Channel::{Email, Phone, Visit, WebForm};

const SCRIPT: [Line; 31] = [
    Line(23, 1, 10, 12, Email, 0, 4),
    Line(20, 3, 9, 41, Email, 1, 0),
    Line(17, 5, 11, 25, Visit, 2, 4),
    Line(16, 0, 14, 3, Email, 2, 1),
    Line(10, 2, 16, 48, Phone, 0, 0),
    Line(6, 4, 13, 30, Visit, 1, 3),
    Line(2, 1, 8, 55, Email, 1, 3),
    Line(21, 0, 11, 7, Phone, 3, 0),
    Line(18, 2, 15, 20, Email, 4, 5),
    Line(12, 4, 10, 33, Phone, 4, 1),
    Line(7, 1, 9, 14, Email, 3, 0),
    Line(25, 2, 9, 30, Email, 5, 5),
    Line(24, 0, 15, 5, Email, 6, 0),
    Line(22, 3, 10, 50, WebForm, 7, 4),
    Line(19, 1, 12, 2, Email, 8, 3),
    Line(16, 4, 16, 44, Email, 9, 5),
    Line(14, 2, 8, 20, Email, 10, 0),
    Line(11, 0, 11, 58, WebForm, 11, 1),
    Line(9, 3, 14, 36, Email, 12, 4),
    Line(8, 1, 9, 9, Email, 13, 5),
    Line(5, 4, 10, 27, Email, 5, 3),
    Line(3, 2, 13, 15, Email, 7, 0),
    Line(1, 0, 10, 40, Email, 9, 5),
    Line(0, 6, 23, 38, Email, 6, 0),
    Line(22, 1, 17, 35, WebForm, 14, 5),
    Line(18, 4, 12, 10, Email, 14, 4),
    Line(13, 3, 9, 2, WebForm, 14, 6),
    Line(9, 2, 16, 20, Email, 14, 0),
    Line(4, 0, 11, 45, WebForm, 14, 5),
    Line(15, 1, 10, 10, Visit, 3, 1),
    Line(4, 3, 15, 30, Visit, 4, 4),
];

pub struct Cue {
    pub at: Instant,
    pub channel: Channel,
    pub role: u32,
    pub topic: usize,
}

/// What the script has for one London day.
pub fn cues(day: i64, last_monday: i64) -> impl Iterator<Item = Cue> {
    SCRIPT.iter().filter_map(move |&Line(weeks, weekday, hour, minute, channel, role, topic)| {
        let at = clock::london(day, hour * clock::HOUR + minute * clock::MINUTE + weeks);
        (last_monday - weeks * 7 + weekday == day).then_some(Cue { at, channel, role, topic })
    })
}
