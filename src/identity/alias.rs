//! The alias file: a CSV of two columns, each row two keys of one customer, written by a person.
//!
//! Keys are recognised by their form: with `@` an e-mail, with a leading `+` a phone, else a CRM id, an
//! external id, `source:id` or the bare id of one source, the first of these that the data have.
//! A new form is one arm in `recognise`.

use super::keys::{Index, KeyKind};
use super::quarantine::Verdicts;
use super::rules::normal;
use crate::notice::{Notice, count};
use crate::settings::Settings;
use anyhow::{Context, Result};
use rustc_hash::FxHashMap;
use std::path::Path;

/// Two keys of one customer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alias {
    pub keys: (u32, u32),
    /// Physical line of the alias file.
    pub line: u64,
}

/// What the alias file says of the data.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    pub links: Vec<Alias>,
    /// The file as the settings name it.
    pub file: String,
    /// Rows that name a key which no table has, or not two keys.
    pub unused: usize,
}

impl Aliases {
    /// Read the file that the settings name, if they name one.
    pub fn read(settings: &Settings, index: &mut Index) -> Result<Self> {
        let Some(path) = &settings.aliases else { return Ok(Self::default()) };
        let found = settings.resolve(path);
        let bytes = std::fs::read(&found).with_context(|| format!("cannot read alias file `{}`", found.display()))?;
        // Decodes UTF-16 with a byte-order mark as well: spreadsheets write it.
        let (text, ..) = encoding_rs::UTF_8.decode(&bytes);
        Self::parse(&text, path, index)
    }

    fn parse(text: &str, path: &Path, index: &mut Index) -> Result<Self> {
        let mut aliases = Self { file: path.display().to_string(), ..Self::default() };
        let own = index.own_ids();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        for (n, record) in reader.records().enumerate() {
            let record = record.with_context(|| format!("cannot read alias file `{}`", aliases.file))?;
            let mut cells = record.iter().filter(|cell| !cell.is_empty());
            let keys = [cells.next(), cells.next()].map(|cell| recognise(cell?, index, &own));
            match keys {
                [Some(a), Some(b)] if cells.next().is_none() => {
                    let line = record.position().map_or(0, csv::Position::line);
                    aliases.links.push(Alias { keys: (a, b), line });
                }
                // The first row may be a header.
                [None, None] if n == 0 => {}
                _ => aliases.unused += 1,
            }
        }
        Ok(aliases)
    }

    /// Rows that name a key which is nobody's. To be asked before phones in conflict become such.
    pub fn barred(&self, verdicts: &Verdicts) -> usize {
        let is_barred = |alias: &&Alias| !verdicts.is_usable(alias.keys.0) || !verdicts.is_usable(alias.keys.1);
        self.links.iter().filter(is_barred).count()
    }

    /// What the reader should know of rows that joined nothing; `barred` name a key that is nobody's.
    pub fn notices(&self, barred: usize) -> impl Iterator<Item = Notice> {
        let unused = (self.unused > 0).then(|| {
            let rows = count(self.unused, "row");
            Notice::warning(format!("alias file `{}`: {rows} without two keys that the data know", self.file))
                .hint("a row is two keys of one customer: an e-mail, a phone as +442079460000, or an id of an export")
        });
        let barred = (barred > 0).then(|| {
            let rows = count(barred, "row");
            Notice::warning(format!("alias file `{}`: {rows} with a shared or own address, left out", self.file))
        });
        unused.into_iter().chain(barred)
    }
}

fn recognise(cell: &str, index: &mut Index, own: &FxHashMap<String, u32>) -> Option<u32> {
    if cell.contains('@') {
        index.find_or_add(KeyKind::Email, &normal(cell))
    } else if cell.starts_with('+') {
        index.find_or_add(KeyKind::Phone, &normal(cell))
    } else {
        index.find_id(cell).or_else(|| own.get(cell).copied())
    }
}

/// Spreadsheets write `;` or a tab where the comma is the decimal mark.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().next().unwrap_or_default();
    [b';', b'\t'].into_iter().find(|&d| line.bytes().any(|b| b == d)).unwrap_or(b',')
}
