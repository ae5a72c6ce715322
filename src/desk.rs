//! The desk: everything that numbers are computed from, once the exports are read, joined and understood.
//!
//! Data only, and small questions about customers. What is true of each row is `facts/`; what is counted is
//! `metrics/`; by what it is split is `dimensions.rs`.

use crate::facts::Facts;
use crate::facts::answers::Answer;
use crate::facts::orders::Activity;
use crate::settings::Settings;
use crate::timeline::{Timeline, Window};

/// Everything that numbers are computed from.
pub struct Desk {
    pub facts: Facts,
    pub answers: Vec<Answer>,
    pub activity: Activity,
    pub timeline: Timeline,
    pub settings: Settings,
    /// Rows of `facts` that `--where` lets through; `None`: all.
    pub keep: Option<Vec<bool>>,
}

/// One group's rows, for what polars cannot say in an expression.
pub struct Group<'a> {
    pub desk: &'a Desk,
    /// Rows of `facts` in (customer, time) order; of `answers` on the clock of answers.
    pub rows: &'a [u32],
    /// The window asked for, not that of the rows where the metric looks at the period before.
    pub window: &'a Window,
}

impl Desk {
    /// What a customer with contacts is called: the display key of the join.
    pub fn customer_name(&self, customer: u32) -> &str {
        self.facts.of(customer).next().map_or("(none)", |row| self.facts.table.text("customer", row))
    }

    /// Of these customers, those with an interaction that `--where` lets through.
    pub fn kept_customers(&self, customers: Vec<u32>) -> Vec<u32> {
        let Some(keep) = &self.keep else { return customers };
        customers.into_iter().filter(|&c| self.facts.of(c).any(|row| keep[row])).collect()
    }
}
