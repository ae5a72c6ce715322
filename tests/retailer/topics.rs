//! What people write about, who gets it and how long such things take.

use super::random::Rng;

pub struct Topic {
    /// As the drop-down of the help desk shows it.
    pub name: &'static str,
    pub weight: u32,
    /// How long it takes, in per cent of an ordinary matter. The team plays no part in it: Returns is
    /// slow because it is sent the slow topics.
    pub pace: i64,
    /// Per cent of it that goes to each of `TEAMS`.
    pub teams: [u32; 4],
    pub subjects: [&'static str; 4],
}

pub const TOPICS: [Topic; 7] = [
    Topic {
        name: "delivery",
        weight: 300,
        pace: 90,
        teams: [72, 7, 12, 9],
        subjects: ["Where is my order?", "Parcel not here yet", "Delivery date, please", "Courier left no card"],
    },
    Topic {
        name: "returns",
        weight: 170,
        pace: 100,
        teams: [11, 69, 11, 9],
        subjects: [
            "Return label",
            "How do I send this back?",
            "Wrong size, want to return",
            "Exchange for the oak one",
        ],
    },
    Topic {
        name: "refund dispute",
        weight: 95,
        pace: 190,
        teams: [12, 64, 11, 13],
        subjects: ["Refund still missing", "You refunded too little", "Second request: refund", "Refund, again"],
    },
    Topic {
        name: "damaged item",
        weight: 110,
        pace: 165,
        teams: [13, 63, 15, 9],
        subjects: ["Arrived broken", "Vase cracked", "Lamp came in pieces", "Scratched table top"],
    },
    Topic {
        name: "product question",
        weight: 160,
        pace: 80,
        teams: [10, 7, 78, 5],
        subjects: ["Is the linen washable?", "Size of the shelf", "Back in stock?", "Care of oiled oak"],
    },
    Topic {
        name: "billing",
        weight: 90,
        pace: 90,
        teams: [9, 7, 7, 77],
        subjects: ["Charged twice", "VAT invoice", "Card declined", "Gift card balance"],
    },
    Topic {
        name: "account",
        weight: 75,
        pace: 80,
        teams: [26, 5, 12, 57],
        subjects: ["Cannot log in", "Change my address", "Newsletter", "Close my account"],
    },
];

pub const DELIVERY: usize = 0;
/// What the returns line is called about.
pub const RETURNS_LINE: [usize; 3] = [1, 2, 3];

pub struct Team {
    pub name: &'static str,
    pub id: u32,
    pub agents: [&'static str; 4],
}

pub const TEAMS: [Team; 4] = [
    Team { name: "Orders", id: 5_017_691, agents: ["Priya Nair", "Callum Reid", "Hannah Booth", "Owen Price"] },
    Team { name: "Returns", id: 5_017_692, agents: ["Grace Adeyemi", "Lewis Hart", "Nadia Rahman", "Ewan Muir"] },
    Team { name: "Products", id: 5_017_693, agents: ["Isla Fraser", "Joel Watts", "Beth Lowe", "Sam Okoro"] },
    Team { name: "Billing", id: 5_017_694, agents: ["Marta Zielinska", "Dev Patel", "Ruth Carey", "Kit Dunn"] },
];

/// The team and the agent that a topic falls to.
pub fn assign(topic: usize, rng: &mut Rng) -> (&'static Team, &'static str) {
    let team = &TEAMS[rng.weighted(&TOPICS[topic].teams)];
    (team, rng.pick(&team.agents))
}

/// The same, the team given by a number in `0..65536` instead of by chance.
pub fn assign_at(topic: usize, u: u32, rng: &mut Rng) -> (&'static Team, &'static str) {
    let mut left = u * 100 / 65536;
    for (team, share) in TEAMS.iter().zip(TOPICS[topic].teams) {
        if left < share {
            return (team, rng.pick(&team.agents));
        }
        left -= share;
    }
    assign(topic, rng)
}

/// The topic at a number in `0..65536`, each with its weight.
pub fn at(u: u32) -> usize {
    let total: u32 = TOPICS.iter().map(|topic| topic.weight).sum();
    let mut left = u * total / 65536;
    for (index, topic) in TOPICS.iter().enumerate() {
        if left < topic.weight {
            return index;
        }
        left -= topic.weight;
    }
    DELIVERY
}

/// `priya@harbourandpine.example`
pub fn agent_address(name: &str) -> String {
    let first = name.split(' ').next().unwrap_or(name);
    format!("{}@harbourandpine.example", first.to_lowercase())
}

/// The number by which the chat product knows an agent.
pub fn agent_number(name: &str) -> u32 {
    let agents = TEAMS.iter().flat_map(|team| team.agents);
    agents.zip(4_077_601..).find(|(agent, _)| *agent == name).map_or(0, |(_, number)| number)
}
