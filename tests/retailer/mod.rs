//! The seeded generator of the sample data: half a year of the support desk of Harbour & Pine, a British
//! homeware retailer that does not exist, as its tools would export it on Sunday 2026-11-15 at 23:41.
//!
//! The default [`Size`] gives the committed `sample-data` byte for byte; a larger one gives as many rows
//! as a disk holds. Who is who:
//!
//! - `random`, `clock`, `csv`, `json_list`, `flaws`: tools;
//! - `calendar`, `volume`, `topics`, `names`, `people`, `cast`: what the retailer is like;
//! - `world`, `shoppers`, `ticket`: what happens, day by day;
//! - `files` and a module a vendor: what an export shows of it.
//!
//! A vendor is added as a module with `create`, `take` and `finish` like `visits`, and a line in each of
//! the three functions of `files`; a new way to make contact is a [`volume::Channel`] with its pattern.
//!
//! # Stories
//!
//! 1. In the last week e-mail more than doubles. Every channel is faster than before, and yet the median
//!    first response over the written ones rises (`calendar::pace`, `volume::SURGE`).
//! 2. Who had a bad experience orders less often afterwards (`world::LEAVE`).
//! 3. The team Returns is slow because it gets the slow topics; topic by topic it is as fast as the others
//!    (`topics`).
//!
//! # Hard joins
//!
//! - Mira Okafor writes from `mira.okafor@example.com` (the only one in the CRM),
//!   `m.okafor.design@studio.example` (orders, visits) and `miraokafor88@mail.example` (visits). Only the
//!   number +44 7700 900995, which appears with each of them, joins the three.
//! - Tom and Sarah Ellery, two people with two CRM records, share the line +44 20 7946 0950.
//! - Nine people write from `info@thegreathotel.example`, one sender to the help desk.
//! - Priya Nair, an agent, writes tickets from `priya@harbourandpine.example`.
//!
//! Rows are spoilt at a steady rate (`flaws`), and one visit is dated 2062.
// Numbers here are small and known: the casts between integer types lose nothing. The vendors' names
// in the documentation are no code.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss, clippy::doc_markdown)]

mod aircall;
mod calendar;
mod cast;
mod clock;
mod connect;
mod csv;
mod delighted;
mod files;
mod flaws;
mod hubspot;
mod intercom;
mod json_list;
mod names;
mod people;
mod random;
mod shopify;
mod shoppers;
mod ticket;
mod topics;
mod twilio;
mod visits;
mod volume;
mod world;
mod zendesk;

use std::fs;
use std::io;
use std::path::Path;

/// How much to write.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// About so many contacts, whatever their channel.
    pub interactions: u32,
    /// Full weeks up to Sunday 2026-11-15.
    pub weeks: u32,
    pub seed: u64,
}

impl Default for Size {
    fn default() -> Self {
        Self { interactions: 8120, weeks: 26, seed: 20_261_115 }
    }
}

impl Size {
    /// Memory is in proportion to these.
    fn customers(&self) -> u32 {
        (self.interactions / 100 * 19).max(10)
    }
}

/// Writes the retailer's exports into `dir`, which is created where it is missing.
pub fn write(dir: &Path, size: &Size) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    world::World::new(size).write(dir, size.seed)
}
