//! One file from bytes to tables: the straight line of reading.
//!
//! What the settings say of an input is looked up here and handed down. Files are found in `find.rs` and put
//! together in `mod.rs`; what is said of a file is worded in `notes.rs`.

use super::batch::Batch;
use super::chat;
use super::convert::{Converter, Finished};
use super::detect::{self, Body, Fit, Wish};
use super::early::{self, Folding};
use super::find::{Found, Meant};
use super::form::Form;
use super::header::Header;
use super::headway::Step;
use super::json::framing;
use super::library::{self, Known};
use super::local_time::LocalTime;
use super::notes::{Seen, notes};
use super::open::{self, Bytes, Content};
use super::pieces::{self, Piece};
use super::profile::Profile;
use super::question::Question;
use super::tools::Tools;
use super::trouble::Trouble;
use super::{Origin, SourceFile, ZoneUse, own_output, refuse};
use crate::columns::Table;
use crate::notice::{Notice, Reject};
use crate::settings::{Settings, SourceSettings};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use jiff::tz::TimeZone;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

/// How much of a file shows what it is.
pub const TOP: usize = 1 << 20;
/// How many bytes of text show a file's habits: usually, and where these leave a question open.
const SNIFFED: [u64; 2] = [1 << 20, 1 << 24];

/// What came of one file.
#[derive(Debug)]
pub struct Done {
    pub source: SourceFile,
    pub tables: Vec<Table>,
    /// How many rows of the interactions, the first ones, are several that were folded, and the numbers of these.
    pub joined: usize,
    pub numbers: Vec<u64>,
    pub rejects: Vec<Reject>,
    pub notices: Vec<Notice>,
}

/// Why nothing came of one file.
#[derive(Debug)]
pub enum Failure {
    /// It is no export that can be read: an error if the user named it.
    Misfit(Trouble),
    /// It is text for people: an error if the user named just this file.
    Prose(Trouble),
    /// It is one, and leaves open what only the user can say.
    Open(Box<Question>),
    /// Nothing can be read before the user has changed something.
    Undecided(Trouble),
    /// deskstat wrote it: an error if the user named just this file.
    OwnOutput,
    /// It began as UTF-8 and does not go on so: it is read once more.
    NotUtf8,
}

/// What all files are read with.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub profiles: &'a [Known],
    pub settings: &'a Settings,
    /// How long the pieces are in which files are read, in bytes.
    pub piece: usize,
    /// Folds messages and events while others are read.
    pub early: Option<Folding<'a>>,
    /// Told how much of the file is read.
    pub progress: &'a (dyn Fn(Step) + Sync),
}

/// Read one file: its records, and the lists beside them that have profiles of their own.
pub fn read(found: &Found, content: Content, with: Reading) -> Result<Vec<Done>, Failure> {
    match Job::new(found, content, with, true).and_then(Job::run_all) {
        Err(Failure::NotUtf8) => Job::new(found, content, with, false).and_then(Job::run_all),
        done => done,
    }
}

/// One file about to be read.
struct Job<'a> {
    found: &'a Found,
    content: Content<'a>,
    with: Reading<'a>,
    own: Option<&'a SourceSettings>,
    form: Form,
    origin: Origin,
}

impl<'a> Job<'a> {
    /// Find out what the file is. `utf8`: what shows no other encoding is taken for UTF-8.
    fn new(found: &'a Found, content: Content<'a>, with: Reading<'a>, utf8: bool) -> Result<Self, Failure> {
        let file = found.shown.as_str();
        let own = own_settings(found, with.settings)?;
        let (top, whole) = top(file, content, TOP)?;
        if let Some(trouble) = refuse::bytes(file, &top) {
            return Err(Failure::Misfit(trouble));
        }
        let told = match text_and_fit(found, &top, utf8, own, with) {
            // Of JSON the records may begin further down; of all else nobody holds the whole, which may have no end.
            Err(Failure::Misfit(_)) if !whole && looks_like_json(&top) => {
                text_and_fit(found, &self::top(file, content, usize::MAX)?.0, utf8, own, with)?
            }
            told => told?,
        };
        let origin = Origin {
            encoding: if found.sheet.is_some() { "workbook" } else { told.encoding.name() },
            encoding_guessed: told.guessed,
            delimiter: told.fit.delimiter().map(char::from).filter(|_| found.sheet.is_none()),
            sheet: found.sheet.clone(),
            ..Origin::default()
        };
        Ok(Self { found, content, with, own, form: Form::new(told.fit, told.encoding, &told.text), origin })
    }

    /// Read its records, and what stands beside them.
    fn run_all(self) -> Result<Vec<Done>, Failure> {
        let (content, with, own, origin) = (self.content, self.with, self.own, self.origin.clone());
        let beside = self.beside()?;
        let mut all = vec![self.run()?];
        for (found, form) in beside {
            match (Job { found: &found, content, with, own, form, origin: origin.clone() }).run() {
                Ok(done) => all.push(done),
                // All of the text is JSON: there is no such list.
                Err(Failure::Misfit(_)) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(all)
    }

    /// The lists that may stand beside its records, each as if it were a file of its own in this one.
    fn beside(&self) -> Result<Vec<(Found, Form)>, Failure> {
        let mut beside = Vec::new();
        for (key, name) in &self.form.fit.profile.beside {
            let known = library::named(self.with.profiles, name).map_err(Failure::Undecided)?;
            let found = Found { shown: format!("{}/{key}", self.found.shown), ..self.found.clone() };
            beside.extend(self.form.beside(key, known.profile).map(|form| (found, form)));
        }
        Ok(beside)
    }

    /// Read it.
    fn run(mut self) -> Result<Done, Failure> {
        let (file, settings) = (self.found.shown.as_str(), self.with.settings);
        let mut header = match &self.form.fit.body {
            Body::Csv(layout) => layout.header.clone(),
            Body::Json(_) => Header::paths(),
            Body::Chat(_) => Header::row(chat::COLUMNS.into_iter()),
        };
        if let Body::Chat(senders) = &self.form.fit.body {
            let us = self.own.map_or(&[][..], |own| &own.us);
            if us.is_empty() {
                return Err(Failure::Open(Box::new(Question::who_are_we((self.found, self.own), senders))));
            }
            self.form.fit.profile = Arc::new(self.form.fit.profile.knowing(us));
        }
        let zone = zone(self.own, &self.form.fit.profile, settings);
        let tools = tools(&zone, settings)?;
        let order = self.own.and_then(|own| own.day_order).or(self.form.fit.profile.read.day_order);
        let decimal = matches!(self.form.fit.body, Body::Json(_)).then_some('.');
        let mut converter = Converter::new(file, &self.form.fit.profile, &mut header, tools, order, decimal)
            .map_err(Failure::Misfit)?;
        self.origin.absent = header.absent().to_vec();
        self.origin.unused = header.unused();
        self.sniff(&header, &mut converter)?;
        self.convert(&header, &mut converter)?;
        self.origin.zone = Some(ZoneUse { needed: converter.tools.zoneless, ..zone });
        Ok(self.done(&header, converter))
    }

    /// Settle the file's habits before reading it.
    fn sniff(&self, header: &Header, converter: &mut Converter) -> Result<(), Failure> {
        if !converter.is_open() {
            return Ok(());
        }
        for limit in SNIFFED {
            converter.forget_votes();
            self.look(header, converter, limit)?;
            if !converter.has_questions() {
                break;
            }
        }
        converter.settle().map_err(|column| {
            Failure::Open(Box::new(Question::day_order((self.found, self.own), &column, self.form.fit.own)))
        })
    }

    /// Count what the records that begin in so many bytes show.
    fn look(&self, header: &Header, converter: &mut Converter, limit: u64) -> Result<(), Failure> {
        let (file, blank) = (self.found.shown.as_str(), converter.fork());
        let look = |piece: &Piece, ended: bool| {
            let mut looking = blank.fork();
            let start = piece.bytes.as_ptr() as usize;
            let stop = self.form.each(file, (piece, piece.text()?), ended, header, &mut |event| {
                // Which rows are looked at does not depend on where pieces end.
                if piece.offset + (event.raw().as_ptr() as usize - start) as u64 >= limit {
                    return ControlFlow::Break(());
                }
                looking.sniff(&event);
                ControlFlow::Continue(())
            })?;
            Ok(((looking, piece.offset + piece.bytes.len() as u64), stop))
        };
        let mut pieces = self.form.pieces((file, self.content), self.with.piece, &|_| {}, false)?;
        pieces::read(&mut pieces, &look, &mut |parts| {
            let enough = parts.iter().any(|(_, end)| *end >= limit);
            parts.iter().for_each(|(looked, _)| converter.add_votes(looked));
            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }

    /// Read the file.
    fn convert(&mut self, header: &Header, converter: &mut Converter) -> Result<(), Failure> {
        let (file, progress) = (self.found.shown.as_str(), self.with.progress);
        let bytes = |bytes| progress(Step::Bytes(bytes));
        let mut pieces = self.form.pieces((file, self.content), self.with.piece, &bytes, true)?;
        let (blank, source) = (converter.fork(), self.source());
        let folding = self.with.early.filter(|_| early::is_log(&source));
        // The first pieces tell how much room others need.
        let roomy: OnceLock<Converter> = OnceLock::new();
        let convert = |piece: &Piece, ended: bool| {
            let (mut part, text) = (roomy.get().unwrap_or(&blank).fork(), piece.text()?);
            let mut batch = Batch::new(text);
            let stop = self.form.each(file, (piece, text), ended, header, &mut |event| {
                part.take(&event, &mut batch);
                ControlFlow::Continue(())
            })?;
            part.convert(&mut batch);
            Ok(((part, piece.bytes.len() as u64), stop))
        };
        let mut length = pieces.text().length();
        pieces::read(&mut pieces, &convert, &mut |parts| {
            let (parts, read): (Vec<Converter>, Vec<u64>) = parts.into_iter().unzip();
            converter.absorb(parts);
            if let Some(length) = length.take() {
                converter.make_room(length, read.iter().sum());
            }
            roomy.get_or_init(|| converter.fork());
            folding.iter().for_each(|folding| converter.fold(*folding, &source, false));
            progress(Step::Rows(converter.counts.read));
            ControlFlow::Continue(())
        })?;
        folding.iter().for_each(|folding| converter.fold(*folding, &source, true));
        self.origin.sha256 = pieces.text().bytes().sha256().unwrap_or_default();
        if converter.counts.read == 0 {
            let what = if matches!(self.form.fit.body, Body::Csv(_)) { "a header and no rows" } else { "no records" };
            let trouble = Trouble::new(format!("`{}` has {what}", self.found.shown));
            return Err(Failure::Misfit(trouble.hint("export it again, or leave it out")));
        }
        Ok(())
    }

    /// The file, of which nothing has been read.
    fn source(&self) -> SourceFile {
        let profile = &self.form.fit.profile;
        let instance = self.own.and_then(|own| own.source.as_deref()).unwrap_or(profile.instance());
        SourceFile::new(&self.found.shown, profile.clone(), instance)
    }

    fn done(self, header: &Header, converter: Converter) -> Done {
        let mut source = self.source();
        let Self { found, form, origin, .. } = self;
        let fit = &form.fit;
        let seen = Seen { found, profile: &fit.profile, own: fit.own, header, origin: &origin, converter: &converter };
        let notices = notes(&seen);
        (source.path, source.member) = (found.path.clone(), found.member.clone());
        (source.counts, source.origin) = (converter.counts, origin);
        let Finished { tables, joined, numbers, rejects } = converter.finish(&source.instance);
        source.form = Some(Arc::new(form));
        Done { source, tables, joined, numbers, rejects, notices }
    }
}

/// The beginning of a file, unpacked, and whether it is all of it.
pub fn top(file: &str, content: Content, wanted: usize) -> Result<(Vec<u8>, bool), Failure> {
    let mut top = Vec::new();
    let whole = Bytes::open(file, content, false)?.fill(&mut top, wanted)?;
    Ok((top, whole))
}

/// Whether the text that begins so may be JSON, in whatever encoding.
fn looks_like_json(top: &[u8]) -> bool {
    framing::looks_like_json(&open::shown_encoding(top).unwrap_or(UTF_8).decode(top).0)
}

/// What the top of a file tells.
struct Told {
    text: String,
    encoding: &'static Encoding,
    /// Nothing said what the encoding is.
    guessed: bool,
    fit: Fit,
}

/// The text and its profile. A profile may know the encoding of bytes that say nothing themselves, and is
/// itself found in the text: headers of such files are ASCII often enough.
fn text_and_fit(
    found: &Found,
    top: &[u8],
    utf8: bool,
    own: Option<&SourceSettings>,
    reading: Reading,
) -> Result<Told, Failure> {
    let wished = match own.and_then(|own| own.encoding.as_deref()) {
        Some(name) => Some(open::encoding(name).map_err(Failure::Undecided)?),
        None => None,
    };
    let shown = open::told_encoding(top, utf8);
    let mut encoding = shown.or(wished).unwrap_or(WINDOWS_1252);
    let mut guessed = shown.or(wished).is_none();
    let mut text = encoding.decode(top).0.into_owned();
    if let Some(trouble) = refuse::text(&found.shown, &text) {
        return Err(Failure::Misfit(trouble));
    }
    // Our rows can be read back by whoever names them; beside their exports they would count everything twice.
    if own_output::is_report(&text) || (found.meant != Meant::Named && own_output::is_rows(&text)) {
        return Err(Failure::OwnOutput);
    }
    let profile = own.and_then(|own| own.profile.as_deref());
    let wish = Wish { profile, delimiter: found.delimiter().or(own.and_then(|own| own.delimiter)) };
    let fit = |text: &str| {
        detect::fit(found, text, reading.profiles, wish).map_err(|trouble| match trouble {
            _ if own_output::is_answer(text) => Failure::OwnOutput,
            trouble if own_output::is_prose(&found.name, text) => Failure::Prose(trouble),
            trouble => Failure::Misfit(trouble),
        })
    };
    let mut best = fit(&text)?;
    if let (true, Some(name)) = (guessed, &best.profile.read.encoding) {
        (encoding, guessed) = (open::encoding(name).map_err(Failure::Undecided)?, false);
        text = encoding.decode(top).0.into_owned();
        best = fit(&text)?;
    }
    Ok(Told { text, encoding, guessed, fit: best })
}

/// Whether a file can be read whose text begins so.
pub fn fits(found: &Found, top: &[u8], with: Reading) -> Result<(), Failure> {
    text_and_fit(found, top, true, own_settings(found, with.settings)?, with).map(drop)
}

/// The settings of this input: the first whose pattern fits its name.
pub fn own_settings<'s>(found: &Found, settings: &'s Settings) -> Result<Option<&'s SourceSettings>, Failure> {
    for own in &settings.sources {
        let pattern = glob::Pattern::new(&own.file).map_err(|error| {
            let trouble = Trouble::new(format!("`{}` under [[source]] is no pattern of files", own.file));
            Failure::Undecided(trouble.detail(error.to_string()))
        })?;
        if found.is_called(&pattern) {
            return Ok(Some(own));
        }
    }
    Ok(None)
}

/// The zone of moments that carry none, and who says so.
fn zone(own: Option<&SourceSettings>, profile: &Profile, settings: &Settings) -> ZoneUse {
    let said = [
        (own.and_then(|own| own.time_zone.as_deref()), "[[source]] of the settings"),
        (profile.read.time_zone.as_deref(), "the profile"),
        (settings.source_time_zone.as_deref(), "source_time_zone of the settings"),
        (settings.time_zone.as_deref(), "the report's own zone"),
    ];
    let (name, why) =
        said.into_iter().find_map(|(name, why)| Some((name?, why))).unwrap_or(("UTC", "nothing said otherwise"));
    let assumed = said.iter().all(|(name, _)| name.is_none());
    ZoneUse { name: name.to_owned(), why, assumed, needed: false }
}

fn tools(zone: &ZoneUse, settings: &Settings) -> Result<Tools, Failure> {
    let local = TimeZone::get(&zone.name).map_err(|_| {
        let trouble = Trouble::new(format!("`{}` is no time zone", zone.name));
        Failure::Undecided(trouble.detail(format!("said by {}", zone.why)).hint("write one such as Europe/London"))
    })?;
    let days = LocalTime::new(
        settings.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC),
    );
    Ok(Tools {
        local: LocalTime::new(local),
        days,
        region: settings.region.map(|region| region.0),
        zoneless: false,
        damaged: 0,
        damaged_example: String::new(),
    })
}
