//! Reading: exports of any known layout → typed columns of the canonical tables, and what could not be read.
//!
//! The line is `find` (which files) → `archive` (which members) → `book/` (which sheets) → `open` (bytes to text) →
//! `detect` (which profile) → `pieces` (parts of the text, read in parallel) → `csv/` or `json/` (records) → `convert`
//! (columns); `source.rs` goes it for one file, this file for all. On the way from a record to a column are `rule`
//! (which text), `way`, and `cell` (what it means). Shapes of single values have files of their own: `instant`, `duration`, `number`, `phone`,
//! `key`, `vocabulary`. What of messages and events is folded meanwhile, by whoever is handed down, is in `early`. No metric is known
//! here, and no record is joined with another. A new export is a TOML file in `profiles/`.

mod again;
mod archive;
mod batch;
mod block;
mod book;
pub mod cell;
mod chat;
mod column;
mod convert;
mod csv;
mod detect;
pub mod duration;
mod early;
mod fault;
mod fill;
mod find;
mod fixed;
mod form;
pub mod glance;
mod header;
mod headway;
mod inner;
pub mod instant;
mod json;
pub mod key;
mod library;
mod local_time;
mod memo;
mod month_names;
mod notes;
pub mod number;
mod open;
mod own_output;
mod pattern;
pub mod phone;
mod pieces;
pub mod profile;
mod question;
mod record;
mod refuse;
mod rule;
mod samples;
pub mod sniff;
mod source;
mod tools;
mod trouble;
mod validate;
pub mod vocabulary;
mod way;
mod written;
mod zone_name;

#[cfg(test)]
mod archive_tests;
#[cfg(test)]
mod early_tests;
#[cfg(test)]
mod folder_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use early::{EVERY, Early, Folding, Numbers, Over, Part};
pub use headway::Headway;
pub use open::hex;
pub use question::Question;
pub use trouble::Trouble;

use crate::columns::Table;
use crate::interaction::TableKind;
use crate::notice::{Notice, Reject};
use crate::settings::Settings;
use anyhow::Result;
use archive::Member;
use find::{Found, Meant};
use form::Form;
use headway::Tally;
use library::Known;
use open::Content;
use pieces::USUAL;
use profile::Profile;
use source::{Done, Failure, Reading};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How to read.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// `--profile`: files, or names of built-in profiles.
    pub profiles: &'a [PathBuf],
    pub settings: &'a Settings,
    /// How long the pieces are in which files are read, in bytes: `USUAL`, but for tests.
    pub piece: usize,
    /// Folds messages and events while others are read; none leaves all rows as they stand.
    pub early: Option<&'a dyn Early>,
    /// Told how far reading has come, of how many bytes.
    pub progress: &'a (dyn Fn(&Headway, u64) + Sync),
}

impl<'a> Options<'a> {
    /// Where nobody watches: row by row.
    pub fn new(settings: &'a Settings, profiles: &'a [PathBuf]) -> Self {
        Self { profiles, settings, piece: USUAL, early: None, progress: &|_, _| {} }
    }
}

/// All that was read.
#[derive(Debug)]
pub struct Inputs {
    /// One per `TableKind::ALL`; rows of all files, in the order of `sources`.
    pub tables: Vec<Table>,
    pub sources: Vec<SourceFile>,
    pub rejects: Vec<Reject>,
    pub notices: Vec<Notice>,
    /// What files leave open that were left out for it.
    pub questions: Vec<Question>,
}

/// One file that was read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// As reports call it; the column `file` says the same.
    pub file: String,
    pub profile: Arc<Profile>,
    /// The column `source`: the name given to the input, else the profile's.
    pub instance: String,
    pub counts: Counts,
    pub origin: Origin,
    /// Where it is; standard input is nowhere.
    pub path: Option<PathBuf>,
    /// Which member of the archive there, if it is one.
    member: Option<Member>,
    /// How it was read.
    form: Option<Arc<Form>>,
}

/// What became of a file's rows. Always: read = used + folded + duplicates + ignored + rejected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub read: u64,
    pub used: u64,
    /// Became part of another row: later, in `fold`.
    pub folded: u64,
    /// Older copies of another row: later, in `fold`.
    pub duplicates: u64,
    pub ignored: u64,
    pub rejected: u64,
}

/// What `check` says of a file.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// Of the raw bytes, in hexadecimal: packed as the file is, but of a member of an archive the member's own.
    pub sha256: String,
    /// Of a sheet it is `workbook`.
    pub encoding: &'static str,
    /// Nothing said what the encoding is.
    pub encoding_guessed: bool,
    /// Of CSV.
    pub delimiter: Option<char>,
    /// Of a workbook.
    pub sheet: Option<String>,
    pub zone: Option<ZoneUse>,
    /// Headers that the profile reads and the file does not have.
    pub absent: Vec<String>,
    /// Headers that the file has and the profile does not read.
    pub unused: Vec<String>,
}

/// The zone of moments that carry none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneUse {
    pub name: String,
    /// Who says so: `the profile`, `source_time_zone of the settings` …
    pub why: &'static str,
    /// Nobody says so.
    pub assumed: bool,
    /// There were such moments.
    pub needed: bool,
}

impl Counts {
    /// Of two files together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            read: self.read + other.read,
            used: self.used + other.used,
            folded: self.folded + other.folded,
            duplicates: self.duplicates + other.duplicates,
            ignored: self.ignored + other.ignored,
            rejected: self.rejected + other.rejected,
        }
    }
}

impl SourceFile {
    /// A file of which nothing has been read.
    pub fn new(file: &str, profile: Arc<Profile>, instance: &str) -> Self {
        let (counts, origin) = (Counts::default(), Origin::default());
        let (file, instance) = (file.to_owned(), instance.to_owned());
        Self { file, profile, instance, counts, origin, path: None, member: None, form: None }
    }
}

/// Run the samples inside the user's own profiles; a warning for each profile that fails.
pub fn check_own_samples(options: &Options, finish: &dyn Fn(&mut Inputs)) -> Result<Vec<Notice>> {
    let known = library::all(options)?;
    let all: Vec<Arc<Profile>> = known.iter().map(|known| Arc::clone(&known.profile)).collect();
    let own = known.iter().filter(|known| known.own);
    // Phone numbers mean what they mean in the exports; a zone is for each sample's own profile to say.
    let settings = Settings { region: options.settings.region, ..Settings::default() };
    let failed = own.filter_map(|known| samples::check_samples(&known.profile, &all, &settings, finish).err());
    Ok(failed.map(|error| Notice::warning(format!("{error:#}"))).collect())
}

/// Read files, folders, globs and `-`, of which none may leave anything open.
pub fn read(args: &[String], options: &Options) -> Result<Inputs> {
    let inputs = read_what_is_clear(args, options)?;
    if inputs.questions.is_empty() { Ok(inputs) } else { Err(question::trouble(&inputs.questions).into()) }
}

/// The same for those who ask the questions themselves.
pub fn read_what_is_clear(args: &[String], options: &Options) -> Result<Inputs> {
    let found = find::find(args)?;
    let profiles = library::all(options)?;
    let total = found.iter().map(|found| found.size).sum::<u64>();
    let all = Tally::default();
    let met = AtomicBool::new(false);
    let own: Vec<Tally> = found.iter().map(|_| Tally::default()).collect();
    let read_one = |nth: usize, but: &Numbers| {
        let (found, own) = (&found[nth], &own[nth]);
        let progress = |step| (options.progress)(&all.add(&found.shown, own, step), total);
        let (settings, piece) = (options.settings, options.piece);
        if let Some(trouble) = &found.refused {
            return Err(Failure::Misfit(trouble.clone()));
        }
        let held = held(found)?;
        let content = match (&held, &found.path) {
            (None, Some(path)) => Content::of(path, found.member.as_ref()),
            _ => Content::Held(held.as_deref().unwrap_or_default()),
        };
        // What is held cannot be read once more.
        let early = options.early.filter(|_| held.is_none()).map(|early| Folding { early, but, every: EVERY });
        let with = Reading { profiles: &profiles, settings, piece, early, progress: &progress };
        let read = book::read(found, content, with);
        met.fetch_or(!matches!(read, Ok(None)), Ordering::Relaxed);
        read?.map_or_else(|| source::read(found, content, with), Ok)
    };
    let done = early::read(found.len(), options.early, &read_one);
    let mut inputs = merge(args, &found, done)?;
    if !options.settings.sheets.is_empty() && !met.into_inner() {
        inputs.notices.push(Notice::note("--sheet says which sheet to read, and no input is a workbook"));
    }
    Ok(inputs)
}

/// All profiles: built in, of the settings, and given with `--profile`.
pub fn profiles(options: &Options) -> Result<Vec<Arc<Profile>>> {
    Ok(library::all(options)?.into_iter().map(|known: Known| known.profile).collect())
}

/// The text of the built-in profile of a name.
pub fn built_in_text(name: &str) -> Result<&'static str, Trouble> {
    library::built_in_text(name)
}

/// The bytes of what can be read but once: standard input, and pipes with a name.
fn held(found: &Found) -> Result<Option<Vec<u8>>, Failure> {
    let mut bytes = Vec::new();
    let read = match &found.path {
        Some(path) if path.is_file() => return Ok(None),
        Some(path) => std::fs::read(path).map(|all| bytes = all),
        None => std::io::stdin().lock().read_to_end(&mut bytes).map(drop),
    };
    let unreadable = |error: std::io::Error| {
        Failure::Undecided(Trouble::new(format!("cannot read `{}`", found.shown)).detail(error.to_string()))
    };
    read.map(|()| Some(bytes)).map_err(unreadable)
}

/// Put the files together, in their order.
fn merge(args: &[String], found: &[Found], done: Vec<Result<Vec<Done>, Failure>>) -> Result<Inputs, Trouble> {
    let tables = TableKind::ALL.map(Table::new).into();
    let (rejects, notices, questions) = (Vec::new(), Vec::new(), Vec::new());
    let mut inputs = Inputs { tables, sources: Vec::new(), rejects, notices, questions };
    let (mut tables, mut left_out) = (Vec::new(), Vec::new());
    for (found, done) in found.iter().zip(done) {
        let file = &found.shown;
        match done {
            Ok(done) => done.into_iter().for_each(|done| tables.extend(inputs.add(done))),
            Err(Failure::Open(question)) => inputs.questions.push(*question),
            Err(Failure::Undecided(trouble)) => return Err(trouble),
            Err(Failure::NotUtf8) => return Err(Trouble::new(format!("`{file}` changed while it was read"))),
            Err(Failure::Misfit(trouble)) if found.meant != Meant::Folder => return Err(trouble),
            Err(Failure::Prose(trouble)) if found.meant == Meant::Named => return Err(trouble),
            Err(Failure::OwnOutput) if found.meant == Meant::Named => {
                let trouble = Trouble::new(format!("`{file}` was written by deskstat"));
                return Err(trouble.hint(
                    "name the exports that it was made from; of deskstat's own files only rows as CSV or JSON can be read back",
                ));
            }
            Err(Failure::Misfit(trouble)) => {
                let notice = Notice::warning(format!("{}; it was left out", trouble.line()));
                inputs.notices.push(Notice { hint: trouble.hint.clone(), ..notice });
                left_out.push(trouble);
            }
            Err(Failure::Prose(_)) => {
                let what = format!("`{file}` is text for people");
                inputs.notices.push(Notice::note(format!("{what} and was left out")));
                left_out.push(Trouble::new(what));
            }
            Err(Failure::OwnOutput) => left_out.push(
                Trouble::new(format!("`{file}` was written by deskstat"))
                    .hint("name the exports that it was made from; rows are read back if the file itself is named"),
            ),
        }
    }
    inputs.fill(tables);
    let none = inputs.sources.is_empty() && inputs.questions.is_empty();
    if none { Err(nothing(args, &left_out)) } else { Ok(inputs) }
}

/// There is nothing to read, and what there is instead.
fn nothing(args: &[String], left_out: &[Trouble]) -> Trouble {
    let trouble = left_out.iter().take(3).map(Trouble::line).fold(find::nothing(args), Trouble::detail);
    let hint = left_out.iter().find_map(|trouble| trouble.hint.clone());
    Trouble { hint: hint.or(trouble.hint), ..trouble }
}

impl Inputs {
    /// Put one more file to these, but for its tables.
    fn add(&mut self, done: Done) -> Vec<Table> {
        let Done { source, tables, rejects, notices, .. } = done;
        // Rows without numbers cannot be told to be copies later.
        let is_same = |other: &Origin| other.sha256 == source.origin.sha256 && other.sheet == source.origin.sheet;
        let same = self.sources.iter().find(|s| is_same(&s.origin) && source.profile.read.row);
        if let Some(same) = same {
            let text = format!("`{}` has the same content as `{}` and was left out", source.file, same.file);
            self.notices.push(Notice::warning(text));
            return Vec::new();
        }
        self.sources.push(source);
        self.rejects.extend(rejects);
        self.notices.extend(notices);
        tables
    }

    /// The tables of all files, in their order.
    fn fill(&mut self, tables: Vec<Table>) {
        let mut by_kind = TableKind::ALL.map(|_| Vec::new());
        tables.into_iter().for_each(|table| by_kind[table.kind as usize].push(table));
        self.tables.iter_mut().zip(by_kind).for_each(|(all, tables)| all.append(tables));
    }

    /// Records as they stand in their file, by the line at which they begin. The file is read once more for all of
    /// them; what came from standard input or has changed since is left out.
    pub fn records(&self, file: &str, lines: &[u64]) -> BTreeMap<u64, String> {
        let source = self.sources.iter().find(|source| source.file == file);
        source.map_or_else(BTreeMap::new, |source| again::records(source, lines))
    }
}
