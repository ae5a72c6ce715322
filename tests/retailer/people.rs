//! Who a customer is. Everything follows from the number of the customer, so nobody is kept in memory.

use super::cast::{CAST, Member};
use super::names::{FIRST, HOSTS, LAST, ascii};
use super::random::Rng;

/// Of the 1000 mobile and the 14 × 1000 fixed numbers that Ofcom reserves for fiction, these go to
/// customers; the rest belongs to the retailer and to the cast.
const FICTION_MOBILES: u32 = 980;
const FICTION_FIXED: u32 = 900;

/// Area code and the start of the number.
const AREAS: [(&str, &str); 14] = [
    ("20", "7946 0"),
    ("113", "496 0"),
    ("114", "496 0"),
    ("115", "496 0"),
    ("116", "496 0"),
    ("117", "496 0"),
    ("118", "496 0"),
    ("121", "496 0"),
    ("131", "496 0"),
    ("141", "496 0"),
    ("151", "496 0"),
    ("161", "496 0"),
    ("191", "498 0"),
    ("1632", "960"),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    area: String,
    rest: String,
}

impl Phone {
    pub fn new(area: &str, rest: &str) -> Self {
        Self { area: area.to_owned(), rest: rest.to_owned() }
    }

    /// `442079460001`
    pub fn digits(&self) -> String {
        format!("44{}{}", self.area, self.rest.replace(' ', ""))
    }

    /// `+442079460001`
    pub fn e164(&self) -> String {
        format!("+{}", self.digits())
    }

    /// `+44 20 7946 0001`
    pub fn spaced(&self) -> String {
        format!("+44 {} {}", self.area, self.rest)
    }

    /// `020 7946 0001`
    pub fn national(&self) -> String {
        format!("0{} {}", self.area, self.rest)
    }

    /// As people type it, in one of the usual ways.
    pub fn typed(&self, rng: &mut Rng) -> String {
        match rng.below(5) {
            0 => self.e164(),
            1 => self.spaced(),
            2 => self.national().replace(' ', ""),
            3 => format!("(0{}) {}", self.area, self.rest),
            _ => self.national(),
        }
    }
}

pub struct Customer {
    pub id: u32,
    pub first: &'static str,
    pub last: &'static str,
    pub email: String,
    pub phone: Phone,
    /// The number of the shop account, known to the tools where the customer was logged in.
    pub shop_number: Option<String>,
    /// The number under which the help desk knows the sender's address.
    pub requester: u64,
    pub in_crm: bool,
    pub buys: bool,
    pub in_cast: bool,
}

impl Customer {
    pub fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

pub struct People {
    rng: Rng,
    /// How many there are beside the cast, whose numbers follow.
    pub crowd: u32,
}

impl People {
    pub fn new(seed: u64, crowd: u32) -> Self {
        Self { rng: Rng::new(seed, "people"), crowd }
    }

    pub fn len(&self) -> u32 {
        self.crowd + CAST.len() as u32
    }

    /// The customer's own random numbers.
    pub fn rng(&self, id: u32) -> Rng {
        self.rng.of(id)
    }

    pub fn customer(&self, id: u32) -> Customer {
        match id.checked_sub(self.crowd).and_then(|role| CAST.get(role as usize)) {
            Some(member) => self.member(id, member),
            None => self.one_of_the_crowd(id),
        }
    }

    fn member(&self, id: u32, member: &'static Member) -> Customer {
        let sender = CAST.iter().position(|other| other.email == member.email).unwrap_or(0);
        Customer {
            id,
            first: member.first,
            last: member.last,
            email: member.email.to_owned(),
            phone: Phone::new(member.phone.0, member.phone.1),
            shop_number: None,
            requester: requester(self.crowd) + sender as u64,
            in_crm: member.in_crm,
            buys: member.buys,
            in_cast: true,
        }
    }

    fn one_of_the_crowd(&self, id: u32) -> Customer {
        let mut rng = self.rng(id);
        let pairs = (FIRST.len() * LAST.len()) as u32;
        // 4441 and the number of pairs have no common factor: every pair comes once before any again.
        let pair = (u64::from(id % pairs) * 4441 % u64::from(pairs)) as usize;
        let (first, last) = (FIRST[pair % FIRST.len()], LAST[pair / FIRST.len()]);
        Customer {
            id,
            first,
            last,
            email: address(first, last, id / pairs, &mut rng),
            phone: phone(id),
            shop_number: rng.chance(520).then(|| format!("HP-{}", 104_000 + id)),
            requester: requester(id),
            in_crm: rng.chance(640),
            buys: rng.chance(790),
            in_cast: false,
        }
    }
}

fn requester(id: u32) -> u64 {
    360_010_000 + u64::from(id)
}

fn address(first: &str, last: &str, namesakes: u32, rng: &mut Rng) -> String {
    let between = rng.pick(&[".", "_", ""]);
    let number = if namesakes == 0 { String::new() } else { namesakes.to_string() };
    format!("{}{between}{}{number}@{}", ascii(first), ascii(last), rng.pick(&HOSTS))
}

/// Even customers have a mobile, odd ones a fixed line.
fn phone(id: u32) -> Phone {
    let index = id / 2;
    if has_mobile(id) && index < FICTION_MOBILES {
        return Phone::new("7700", &format!("900{index:03}"));
    }
    let areas = AREAS.len() as u32;
    if !has_mobile(id) && index < FICTION_FIXED * areas {
        let (area, start) = AREAS[(index % areas) as usize];
        return Phone::new(area, &format!("{start}{:03}", index / areas));
    }
    Phone::new(&format!("71{:02}", id / 1_000_000), &format!("{:06}", id % 1_000_000))
}

pub fn has_mobile(id: u32) -> bool {
    id.is_multiple_of(2)
}
