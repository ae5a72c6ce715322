//! The program as its user meets it: through the command line, on files.
//!
//! One file an idea: stories of the sample data, reading, the join, journeys, customers, formats, errors, real data. What a
//! single function does is tested beside it in `src/`.

// A test that cannot go on should say where; that is what a panic does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod archives;
mod books;
mod copies;
mod cron;
mod customers;
mod desk;
mod dirt;
mod draft;
mod drafts_by_value;
mod edges;
mod errors;
mod formats;
mod habits;
mod help_desks;
mod histories;
mod hostile;
mod hours;
mod init;
mod join;
mod journeys;
mod logs;
mod messages;
mod pages;
mod periods;
mod privacy;
mod progress;
mod questions;
mod reading;
mod readme;
mod real_data;
mod rows;
mod sample_data;
mod sheets;
mod skeleton_rows;
mod skeletons;
mod stories;
mod suppressed;
mod twice;
mod twins;
mod vendor;
mod why;
mod workbooks;

#[path = "../retailer/mod.rs"]
mod retailer;
