//! deskstat: customer-support exports in, trustworthy reports out.
//!
//! The map of the house, along the one straight line that data take:
//!
//! ```text
//! cli          what was typed  (examples: what could be)  settings   deskstat.toml
//! run          the line below, one function a command
//! input        files → typed columns and rejects   (profiles/*.toml: one a vendor's export)
//! fold         copies, legs, line items, threads, events → one row an interaction
//! asof         the instant at which state is judged; dates that cannot be
//! identity     keys → customers
//! facts        what is true of each interaction    (histories, states, repeats, targets, ratings, orders)
//! timeline     periods → windows, and when each is judged
//! calendar     opening hours → business time
//! draft        what files seem to be → a profile, and settings, for their user to change
//! desk         all that numbers are computed from
//! measure      metrics × dimensions × window → figures     (metrics/, dimensions.rs)
//! stats        intervals, curves, decompositions, on plain numbers
//! report       figures → sections and tables       (page one, sections, why, check, lists)
//! output       report and rows → bytes             (text, HTML, Markdown, workbooks, CSV, JSON)
//! ```
//!
//! Arrows go downwards only: `output` knows no polars, `input` no metric, only `run` knows everybody.

mod asof;
mod by_number;
mod calendar;
mod cli;
mod columns;
mod desk;
mod dimensions;
mod draft;
mod examples;
mod facts;
mod filter;
mod fold;
mod gauge;
mod identity;
mod input;
mod interaction;
mod measure;
mod metrics;
mod notice;
mod output;
mod period;
mod progress;
mod quote;
mod radix;
mod report;
mod rows;
mod run;
mod settings;
mod stats;
mod terms;
mod timeline;
mod unit;
mod zone;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run::run(&cli::Cli::parse()) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            notice::tell(&format_args!("error: {error:#}"));
            run::exit_code_of(&error)
        }
    }
}
