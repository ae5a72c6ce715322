//! `--stats`: how long each stage took, how many rows a second went through it, and what the rows weigh.
//!
//! Told on standard error, never in a report: a report's bytes do not depend on the clock. A new stage is one call of
//! `Gauge::stage` where it ends.

use crate::columns::{Table, Weight};
use crate::interaction::TableKind;
use crate::notice::thousands;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// The stages of one run.
pub struct Gauge {
    last: Instant,
    stages: Vec<Stage>,
    weights: BTreeMap<TableKind, String>,
}

struct Stage {
    name: &'static str,
    took: Duration,
    rows: u64,
    /// Peak memory of the run so far in MiB, where the system tells.
    peak: Option<u64>,
}

impl Gauge {
    /// Begin now.
    pub fn new() -> Self {
        Self { last: Instant::now(), stages: Vec::new(), weights: BTreeMap::new() }
    }

    /// A stage has ended through which so many rows went.
    pub fn stage(&mut self, name: &'static str, rows: u64) {
        let now = Instant::now();
        self.stages.push(Stage { name, took: now - self.last, rows, peak: peak() });
        self.last = now;
    }

    /// Note what rows weigh, before those that nobody asks for are let go.
    pub fn weigh(&mut self, tables: &[Table]) {
        let there = tables.iter().filter(|table| table.rows() > 0);
        self.weights.extend(there.map(|table| (table.kind, weight(table))));
    }

    /// A line a stage, and one a column; `rest` is what came after the last stage.
    pub fn lines(&self, rest: &'static str) -> String {
        let rest = [Stage { name: rest, took: self.last.elapsed(), rows: 0, peak: peak() }];
        let mut out = format!("{:<12}{:>9}{:>15}{:>10}\n", "stage", "seconds", "rows a second", "peak MiB");
        for Stage { name, took, rows, peak } in self.stages.iter().chain(&rest) {
            let seconds = took.as_secs_f64();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded rate")]
            #[expect(clippy::cast_precision_loss, reason = "rows are far below 2^52")]
            let rate = (*rows as f64 / seconds.max(1e-9)) as u64;
            let rate = if *rows == 0 { String::new() } else { thousands(rate) };
            let peak = peak.map_or_else(String::new, thousands);
            let _ = writeln!(out, "{name:<12}{seconds:>9.3}{rate:>15}{peak:>10}");
        }
        self.weights.values().fold(out, |out, weight| out + weight)
    }
}

/// The most memory that this process has held, in MiB: known to Linux.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kib| kib / 1024)
}

/// What a table takes in memory, in bytes a row: by column, the heaviest first.
fn weight(table: &Table) -> String {
    let rows = table.rows();
    #[expect(clippy::cast_precision_loss, reason = "bytes in memory are far below 2^52")]
    let a_row = |bytes: usize| bytes as f64 / rows.max(1) as f64;
    let mut columns: Vec<(&str, Weight)> = table.weights().collect();
    columns.sort_by_key(|(name, weight)| (Reverse(weight.values + weight.words), *name));
    let values = columns.iter().map(|(_, weight)| weight.values).sum();
    let words = columns.iter().map(|(_, weight)| weight.words).sum();
    let name = format!("{:?}", table.kind).to_lowercase();
    let mut out = format!("{:<34}{:>9}{:>14}\n", format!("bytes a row, {name}"), "rows", "dictionaries");
    let mut line = |name: &str, weight: Weight| {
        let _ = writeln!(out, "  {name:<32}{:>9.1}{:>14.1}", a_row(weight.values), a_row(weight.words));
    };
    line(&format!("all columns, {} rows", thousands(rows as u64)), Weight { values, words });
    columns.into_iter().for_each(|(name, weight)| line(name, weight));
    out
}
