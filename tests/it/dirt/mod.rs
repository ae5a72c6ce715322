//! Dirt: every rule of `../shared/formats/README.md` §1 on small exports, through the command line, with rows worked out
//! by hand.
//!
//! `units` has lengths of time (rules 1, 2, 3), `lines` what stands around rows and headers (4, 5, 6), `records` which rows
//! are one and how JSON frames them (7, 8, 9, 17), `cells` what single cells mean (10, 11, 13, 14, 15, 16, 19), `bytes` how
//! text is written down (12, 18). A test bears its rule's name, or that of the dirt it is about; a new kind of dirt is
//! one more test there. Tweets (7) are in `messages.rs`, exports of one tool in several files in `help_desks.rs`, archives in
//! `archives.rs`, what is refused by name in `errors.rs`.

mod bytes;
mod cells;
mod lines;
mod records;
mod units;

use crate::desk::{Desk, json};

/// A desk in UTC.
fn desk() -> Desk {
    Desk::new().with("deskstat.toml", "time_zone = \"UTC\"\n")
}

/// A file in it.
fn with(name: &str, content: impl AsRef<[u8]>) -> Desk {
    desk().with(&format!("in/{name}"), content)
}

/// These columns of all interactions of the folder, a line each, with `|` between them.
fn rows(desk: &Desk, columns: &str) -> Vec<String> {
    let out = desk.out(&["interactions", "in", "-q", "-f", "csv", "--columns", columns]);
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    reader.records().map(|row| row.unwrap().iter().collect::<Vec<_>>().join("|")).collect()
}

/// The same of one export.
fn of(name: &str, content: impl AsRef<[u8]>, columns: &str) -> Vec<String> {
    rows(&with(name, content), columns)
}

/// One figure of all that is in the folder.
fn figure(desk: &Desk, metric: &str) -> Option<f64> {
    let table = json(&desk.out(&["table", "in", "-q", "-f", "json", "--period", "all", "--metrics", metric]));
    table["rows"][0][metric].as_f64()
}

/// What became of the rows of all files: read, used, folded, duplicates, ignored, rejects.
fn counts(desk: &Desk) -> [u64; 6] {
    let files = desk.checked("files");
    let all = files.iter().filter(|row| row["file"] != "total");
    let sum = |name: &str| all.clone().map(|row| row[name]["value"].as_u64().unwrap_or_default()).sum();
    ["read", "used", "folded", "duplicates", "ignored", "rejects"].map(sum)
}
