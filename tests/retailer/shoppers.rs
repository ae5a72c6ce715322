//! Who orders when.

use super::calendar::Calendar;
use super::people::People;
use super::random::{Quantiles, Rng};

/// Days from one order to the next: half the time within a season, else long after.
const GAP: Quantiles = Quantiles(&[(0, 22), (700, 84), (780, 105), (1000, 300)]);

/// The customers who will order, by the day on which they do.
pub struct Shoppers {
    due: Vec<Vec<u32>>,
    from: i64,
    rng: Rng,
}

impl Shoppers {
    pub fn new(people: &People, calendar: &Calendar, seed: u64) -> Self {
        let days = (calendar.last_day - calendar.orders_from + 1) as u32;
        let mut due = vec![Vec::new(); days as usize];
        let mut rng = Rng::new(seed, "shoppers");
        for customer in (0..people.len()).map(|id| people.customer(id)).filter(|customer| customer.buys) {
            // Half of them on the later of two days: the shop wins more customers as time goes on.
            let first = rng.below(days);
            let first = if rng.chance(500) { first.max(rng.below(days)) } else { first };
            // The cast came early, so that its orders are there to be joined.
            let first = if customer.in_cast { first / 2 } else { first };
            due[first as usize].push(customer.id);
        }
        Self { due, from: calendar.orders_from, rng }
    }

    pub fn on(&mut self, day: i64) -> Vec<u32> {
        std::mem::take(&mut self.due[(day - self.from) as usize])
    }

    /// Plans the order after the one of `day`.
    pub fn next(&mut self, id: u32, day: i64) {
        let next = day - self.from + GAP.draw(&mut self.rng);
        if let Some(due) = self.due.get_mut(next as usize) {
            due.push(id);
        }
    }
}
