//! One file from bytes to tables: the straight line of reading.
//!
//! What the settings say of an input is looked up here and handed down. Files are found in `find.rs` and put
//! together in `mod.rs`; what is said of a file is worded in `notes.rs`.

use super::cell::Tools;
use super::convert::Converter;
use super::detect::{self, Body, Fit, Wish};
use super::find::{Found, Meant};
use super::header::Header;
use super::library::Known;
use super::local_time::LocalTime;
use super::notes::{Seen, notes};
use super::profile::Profile;
use super::record::Each;
use super::trouble::Trouble;
use super::{Origin, SourceFile, ZoneUse, csv, json, open, own_output, phone, refuse};
use crate::columns::Table;
use crate::notice::{Notice, Reject};
use crate::settings::{Settings, SourceSettings};
use jiff::tz::TimeZone;
use std::ops::ControlFlow;

/// How many records show a file's habits.
const SNIFFED: u64 = 100_000;
/// Progress is told every so many records.
const STEP: u64 = 4_096;

/// What came of one file.
#[derive(Debug)]
pub struct Done {
    pub source: SourceFile,
    pub tables: Vec<Table>,
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
    /// It is one, and the user must decide something first.
    Undecided(Trouble),
    /// deskstat wrote it: an error if the user named just this file.
    OwnOutput,
}

/// What all files are read with.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub profiles: &'a [Known],
    pub settings: &'a Settings,
    /// Told which share of the file, 0 to 1, is done.
    pub progress: &'a dyn Fn(f64),
}

/// Read one file.
pub fn read(found: &Found, raw: Vec<u8>, with: Reading) -> Result<Done, Failure> {
    let file = found.shown.as_str();
    let own = own_settings(&found.name, with.settings)?;
    let mut origin = Origin { sha256: open::sha256(&raw), ..Origin::default() };
    let bytes = open::unpack(file, raw).map_err(Failure::Misfit)?;
    if let Some(trouble) = refuse::bytes(file, &bytes) {
        return Err(Failure::Misfit(trouble));
    }
    let (text, fit) = text_and_fit(found, bytes, own, with, &mut origin)?;
    let mut header = match &fit.body {
        Body::Csv(layout) => {
            origin.delimiter = Some(char::from(layout.delimiter));
            layout.header.clone()
        }
        Body::Json => Header::paths(),
    };
    let zone = zone(own, &fit.profile, with.settings);
    let tools = tools(&zone, with.settings)?;
    let order = own.and_then(|own| own.day_order);
    let decimal = matches!(fit.body, Body::Json).then_some('.');
    let mut converter =
        Converter::new(file, &fit.profile, &mut header, tools, order, decimal).map_err(Failure::Misfit)?;
    origin.absent = header.absent().to_vec();
    origin.unused = header.unused();
    sniff(file, &text, &fit, &header, &mut converter)?;
    convert(file, &text, &fit, &header, &mut converter, with.progress)?;
    origin.zone = Some(ZoneUse { needed: converter.tools.zoneless, ..zone });
    let instance = own.and_then(|own| own.source.as_deref()).unwrap_or(&fit.profile.name);
    Ok(done(found, &fit, &header, instance, converter, origin))
}

/// The text and its profile. A profile may know the encoding of bytes that say nothing themselves, and is
/// itself found in the text: headers of such files are ASCII often enough.
fn text_and_fit(
    found: &Found,
    bytes: Vec<u8>,
    own: Option<&SourceSettings>,
    reading: Reading,
    origin: &mut Origin,
) -> Result<(String, Fit), Failure> {
    let file = found.shown.as_str();
    let wished = match own.and_then(|own| own.encoding.as_deref()) {
        Some(name) => Some(open::encoding(name).map_err(Failure::Undecided)?),
        None => None,
    };
    let is_text = std::str::from_utf8(&bytes).is_ok();
    let kept = if is_text { Vec::new() } else { bytes.clone() };
    let mut opened = open::decode(bytes, wished);
    if let Some(trouble) = refuse::text(file, &opened.text) {
        return Err(Failure::Misfit(trouble));
    }
    // Our rows can be read back by whoever names them; beside their exports they would count everything twice.
    if own_output::is_report(&opened.text) || (found.meant != Meant::Named && own_output::is_rows(&opened.text)) {
        return Err(Failure::OwnOutput);
    }
    let wish =
        Wish { profile: own.and_then(|own| own.profile.as_deref()), delimiter: own.and_then(|own| own.delimiter) };
    let fit = |text: &str| {
        detect::fit(file, text, reading.profiles, wish).map_err(|trouble| match trouble {
            _ if own_output::is_answer(text) => Failure::OwnOutput,
            trouble if own_output::is_prose(&found.name, text) => Failure::Prose(trouble),
            trouble => Failure::Misfit(trouble),
        })
    };
    let mut best = fit(&opened.text)?;
    if let (true, Some(name)) = (opened.guessed, &best.profile.read.encoding) {
        opened = open::decode(kept, Some(open::encoding(name).map_err(Failure::Undecided)?));
        best = fit(&opened.text)?;
    }
    (origin.encoding, origin.encoding_guessed) = (opened.encoding, opened.guessed);
    Ok((opened.text, best))
}

/// The settings of this input: the first whose pattern fits its name.
fn own_settings<'s>(path: &str, settings: &'s Settings) -> Result<Option<&'s SourceSettings>, Failure> {
    let name = path.rsplit('/').next().unwrap_or(path);
    for own in &settings.sources {
        let pattern = glob::Pattern::new(&own.file).map_err(|error| {
            let trouble = Trouble::new(format!("`{}` under [[source]] is no pattern of files", own.file));
            Failure::Undecided(trouble.detail(error.to_string()))
        })?;
        if pattern.matches(path) || pattern.matches(name) {
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
    let region = match settings.region.as_deref() {
        Some(code) => Some(phone::region(code).ok_or_else(|| {
            let trouble = Trouble::new(format!("`{code}` is no country"));
            Failure::Undecided(trouble.detail("said by region of the settings").hint("write two letters such as GB"))
        })?),
        None => None,
    };
    let days = LocalTime::new(
        settings.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC),
    );
    Ok(Tools {
        local: LocalTime::new(local),
        days,
        region,
        zoneless: false,
        damaged: 0,
        damaged_example: String::new(),
    })
}

/// Go through the events of a file.
fn each(file: &str, text: &str, fit: &Fit, header: &Header, each: &mut Each) -> Result<(), Failure> {
    match &fit.body {
        Body::Csv(layout) => {
            csv::read(text, layout, &fit.profile.read.footer, each);
            Ok(())
        }
        Body::Json => json::read(text, fit.profile.detect.records.as_deref(), header.names(), each)
            .map_err(|invalid| Failure::Misfit(detect::not_json(file, text, invalid))),
    }
}

/// Look at the file's habits before reading it.
fn sniff(file: &str, text: &str, fit: &Fit, header: &Header, converter: &mut Converter) -> Result<(), Failure> {
    if !converter.is_open() {
        return Ok(());
    }
    let mut seen = 0;
    each(file, text, fit, header, &mut |event| {
        converter.sniff(&event);
        seen += 1;
        if seen < SNIFFED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    converter.settle().map_err(|column| {
        let trouble = Trouble::new(format!("the dates of column `{column}` in `{file}` may be day/month or month/day"));
        let name = file.rsplit('/').next().unwrap_or(file);
        Failure::Undecided(trouble.hint(format!(
            "say it in deskstat.toml: [[source]] with file = \"{name}\" and day_order = \"dmy\" or \"mdy\""
        )))
    })
}

/// Read the file.
fn convert(
    file: &str,
    text: &str,
    fit: &Fit,
    header: &Header,
    converter: &mut Converter,
    progress: &dyn Fn(f64),
) -> Result<(), Failure> {
    let start = text.as_ptr() as usize;
    each(file, text, fit, header, &mut |event| {
        converter.take(&event);
        if converter.counts.read.is_multiple_of(STEP) {
            #[expect(clippy::cast_precision_loss, reason = "a share of a whole, for a progress bar")]
            progress((event.raw().as_ptr() as usize - start) as f64 / text.len() as f64);
        }
        ControlFlow::Continue(())
    })?;
    if converter.counts.read == 0 {
        let what = if matches!(fit.body, Body::Csv(_)) { "a header and no rows" } else { "no records" };
        let trouble = Trouble::new(format!("`{file}` has {what}"));
        return Err(Failure::Misfit(trouble.hint("export it again, or leave it out")));
    }
    Ok(())
}

fn done(found: &Found, fit: &Fit, header: &Header, instance: &str, converter: Converter, origin: Origin) -> Done {
    let seen = Seen { found, profile: &fit.profile, own: fit.own, header, origin: &origin, converter: &converter };
    let notices = notes(&seen);
    let mut source = SourceFile::new(&found.shown, fit.profile.clone(), instance);
    (source.path, source.counts, source.origin) = (found.path.clone(), converter.counts, origin);
    let (tables, rejects) = converter.finish(instance);
    Done { source, tables, rejects, notices }
}
