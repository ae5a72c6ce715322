//! The days that the sample covers, counted back from its last one.

use super::clock::{self, DAY, HOUR, Instant, MINUTE};

/// Orders reach further back than contacts: retention needs two windows of 90 days, cohorts a year.
const ORDER_DAYS_BEFORE: i64 = 229;

pub struct Calendar {
    pub orders_from: i64,
    pub first_day: i64,
    pub last_day: i64,
    /// When the newest exports were made: nothing later is known.
    pub exported: Instant,
    /// When the first of the two help-desk exports was made.
    pub first_export: Instant,
    /// The second one has what was created or updated since.
    pub second_since: Instant,
}

impl Calendar {
    pub fn new(weeks: u32) -> Self {
        let last_day = clock::day_number(2026, 11, 15);
        let first_day = last_day + 1 - 7 * i64::from(weeks);
        let cut = first_day + 7 * i64::from(weeks * 15 / 26);
        Self {
            orders_from: first_day - ORDER_DAYS_BEFORE,
            first_day,
            last_day,
            exported: clock::london(last_day, 23 * HOUR + 41 * MINUTE),
            first_export: clock::london(cut - 1, 20 * HOUR + 12 * MINUTE),
            second_since: clock::london(cut - 7, 0),
        }
    }

    pub fn last_monday(&self) -> i64 {
        self.last_day - 6
    }

    /// The share of the usual wait that people have in a week, in per cent. In the last week every
    /// channel is faster than ever, and yet the median over all of them rises: the e-mail that comes
    /// in addition is the slowest of the channels.
    pub fn pace(&self, at: Instant) -> i64 {
        if self.in_last_week(at) { 79 } else { 100 }
    }

    /// The same for e-mail, which has the surge to bear.
    pub fn pace_of_email(&self, at: Instant) -> i64 {
        if self.in_last_week(at) { 90 } else { 100 }
    }

    fn in_last_week(&self, at: Instant) -> bool {
        at >= clock::london(self.last_monday(), 0)
    }

    pub fn is_known(&self, at: Instant) -> bool {
        at <= self.exported
    }

    pub fn days_before_export(&self, days: i64) -> Instant {
        self.exported - days * DAY
    }
}
