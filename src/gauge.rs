//! `--stats`: how long each stage took, how many rows a second went through it, and what the rows weigh.
//!
//! Told on standard error, never in a report: a report's bytes do not depend on the clock. A new stage is one call of
//! `Gauge::stage` where it ends.

use crate::notice::thousands;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// The stages of one run.
pub struct Gauge {
    last: Instant,
    stages: Vec<(&'static str, Duration, u64)>,
}

impl Gauge {
    /// Begin now.
    pub fn new() -> Self {
        Self { last: Instant::now(), stages: Vec::new() }
    }

    /// A stage has ended through which so many rows went.
    pub fn stage(&mut self, name: &'static str, rows: u64) {
        let now = Instant::now();
        self.stages.push((name, now - self.last, rows));
        self.last = now;
    }

    /// All stages, and what took the time since the last one.
    pub fn lines(&self, rest: &'static str) -> String {
        let mut out = format!("{:<12}{:>9}{:>14}\n", "stage", "seconds", "rows a second");
        let rest = [(rest, self.last.elapsed(), 0)];
        for (name, took, rows) in self.stages.iter().chain(&rest) {
            let seconds = took.as_secs_f64();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded rate")]
            #[expect(clippy::cast_precision_loss, reason = "rows are far below 2^52")]
            let rate = (*rows as f64 / seconds.max(1e-9)) as u64;
            let rate = if *rows == 0 { String::new() } else { thousands(rate) };
            let _ = writeln!(out, "{name:<12}{seconds:>9.3}{rate:>14}");
        }
        out
    }
}
