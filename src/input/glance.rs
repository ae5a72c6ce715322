//! A file that may fit no profile, looked at: its form, its columns, and what stands in them.
//!
//! It is opened and taken apart as any file is; only that nothing says what its columns mean. What they may mean is
//! the matter of `draft/`.

use super::book::{self, Sheet};
use super::csv::layout::Layout;
use super::detect::{self, Body, Fit, Wish};
use super::find::{self, Found};
use super::form::Form;
use super::header::Header;
use super::json;
use super::json::framing::{self, Frame};
use super::library::{self, Known};
use super::open::{self, Content};
use super::pieces::{self, Piece};
use super::profile::{Profile, Shape};
use super::record::Event;
use super::source::{self, Failure, Reading};
use super::trouble::Trouble;
use super::{Options, USUAL, csv, held, instant, own_output, refuse};
use crate::notice::shown;
use encoding_rs::{Encoding, WINDOWS_1252};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// So many bytes of rows are looked at, and no more.
const ENOUGH: usize = 1 << 24;
/// So many records show which paths there are.
const RECORDS: usize = 200;
/// Paths beyond these are not looked at.
const PATHS: usize = 400;
const DEEPEST: usize = 5;

/// What a file shows.
#[derive(Debug)]
pub struct Glance {
    /// As messages call it.
    pub file: String,
    pub shape: Shape,
    /// JSON: the key under which the records lie.
    pub records: Option<String>,
    pub columns: Vec<Column>,
    /// Nothing in it says what the columns are called: their names are made up.
    pub unheaded: bool,
    pub rows: usize,
    /// No row was left unseen.
    pub whole: bool,
    /// The profile that reads it as it is.
    pub known: Option<Arc<Profile>>,
}

/// One column of a file: its name, and a text a row, empty where nothing stands.
#[derive(Debug)]
pub struct Column {
    pub name: String,
    /// Which of the columns of that name it is, where there are several.
    pub nth: Option<usize>,
    /// JSON: every record has it.
    pub always: bool,
    pub values: Vec<String>,
}

/// Look at one file.
pub fn glance(arg: &str, options: &Options) -> Result<Glance, Trouble> {
    let found = find::find(&[arg.to_owned()])?;
    let [found] = found.as_slice() else {
        let names: Vec<&str> = found.iter().take(3).map(|found| found.shown.as_str()).collect();
        let trouble = Trouble::new(format!("`{}` is several files", find::inert(arg)));
        return Err(trouble.hint(format!("name one of them, such as `{}`", names.join("`, `"))));
    };
    if let Some(trouble) = &found.refused {
        return Err(trouble.clone());
    }
    let profiles = library::all(options)?;
    let look = || {
        let held = held(found)?;
        let content = match (&held, &found.path) {
            (None, Some(path)) => Content::of(path, found.member.as_ref()),
            _ => Content::Held(held.as_deref().unwrap_or_default()),
        };
        let (settings, piece) = (options.settings, options.piece);
        let with = Reading { profiles: &profiles, settings, piece, early: None, progress: &|_| {} };
        if let Some((found, sheet)) = sheet(found, content, with)? {
            return look(&found, Content::Sheet(&sheet), &profiles, true);
        }
        match look(found, content, &profiles, true) {
            Err(Failure::NotUtf8) => look(found, content, &profiles, false),
            done => done,
        }
    };
    look().map_err(|failure| match failure {
        Failure::Misfit(trouble) | Failure::Prose(trouble) | Failure::Undecided(trouble) => trouble,
        Failure::Open(question) => question.what,
        Failure::OwnOutput => Trouble::new(format!("`{}` was written by deskstat", found.shown))
            .hint("name an export; what deskstat writes it can read without a mapping, or not at all"),
        Failure::NotUtf8 => Trouble::new(format!("`{}` changed while it was read", found.shown)),
    })
}

/// The sheet to look at, if it is a workbook: one that is known, else the first with a header.
fn sheet(found: &Found, content: Content, with: Reading) -> Result<Option<(Found, Sheet)>, Failure> {
    let wanted = book::wanted(found, with.settings)?;
    let has_header = |found: &Found, top: &[u8]| {
        csv_outline(found, &String::from_utf8_lossy(top)).map(drop).map_err(Failure::Misfit)
    };
    let fits: [book::Fits; 2] = [&|found, top| source::fits(found, top, with), &has_header];
    let chosen = book::sheets((found, content), wanted, &fits, &|_| {})?;
    Ok(chosen.and_then(|chosen| chosen.sheets.into_iter().next()))
}

fn look(found: &Found, content: Content, profiles: &[Known], utf8: bool) -> Result<Glance, Failure> {
    let file = found.shown.as_str();
    let (top, whole) = source::top(file, content, source::TOP)?;
    let misfit = |trouble: Option<Trouble>| trouble.map_or(Ok(()), |trouble| Err(Failure::Misfit(trouble)));
    misfit(refuse::bytes(file, &top))?;
    let encoding = open::told_encoding(&top, utf8).unwrap_or(WINDOWS_1252);
    let text = encoding.decode(&top).0;
    misfit(refuse::text(file, &text))?;
    if own_output::is_report(&text) {
        return Err(Failure::OwnOutput);
    }
    let known = detect::fit(found, &text, profiles, Wish { profile: None, delimiter: found.delimiter() })
        .ok()
        .map(|fit| fit.profile);
    let outline = match framing::looks_like_json(&text) {
        false => csv_outline(found, &text),
        true => match json_outline(file, &text) {
            // Records may begin further down, or the first may be huge.
            Err(_) if !whole => json_outline(file, &encoding.decode(&source::top(file, content, usize::MAX)?.0).0),
            outline => outline,
        },
    };
    let outline = match (outline, known.is_some()) {
        (Ok(outline), _) => outline,
        // What a profile reads need not be a table with names.
        (Err(_), true) => Outline { body: Body::Json(None), names: Vec::new() },
        (Err(trouble), false) => return Err(Failure::Misfit(trouble)),
    };
    if outline.names.is_empty() && known.is_some() {
        return Ok(outline.filled(file, Vec::new(), true, known));
    }
    let (rows, whole) = rows(file, content, encoding, &text, &outline)?;
    Ok(outline.filled(file, rows, whole, known))
}

/// The form of a file and the names of its columns.
struct Outline {
    body: Body,
    names: Vec<(String, Option<usize>, bool)>,
}

impl Outline {
    /// A profile that says nothing: it takes one to read.
    fn profile(file: &str) -> Result<Profile, Failure> {
        let mut detect = toml::Table::new();
        detect.insert("headers".into(), toml::Value::Array(Vec::new()));
        let mut bare = toml::Table::new();
        for word in ["name", "title"] {
            bare.insert(word.into(), file.into());
        }
        for (key, table) in [("detect", detect), ("columns", toml::Table::new())] {
            bare.insert(key.into(), toml::Value::Table(table));
        }
        bare.try_into().map_err(|error: toml::de::Error| Failure::Misfit(Trouble::new(error.to_string())))
    }

    fn filled(self, file: &str, rows: Vec<Vec<String>>, whole: bool, known: Option<Arc<Profile>>) -> Glance {
        let count = rows.len();
        let unheaded = matches!(&self.body, Body::Csv(layout) if layout.header.is_given());
        let (shape, records) = match self.body {
            Body::Csv(_) | Body::Chat(_) => (Shape::Csv, None),
            Body::Json(key) => (Shape::Json, key),
        };
        let mut columns: Vec<Column> = self
            .names
            .into_iter()
            .map(|(name, nth, always)| Column { name, nth, always, values: Vec::with_capacity(count) })
            .collect();
        for row in rows {
            columns.iter_mut().zip(row).for_each(|(column, cell)| column.values.push(cell));
        }
        Glance { file: file.to_owned(), shape, records, columns, unheaded, rows: count, whole, known }
    }
}

/// The rows as texts by column, and whether they are all.
fn rows(
    file: &str,
    content: Content,
    encoding: &'static Encoding,
    text: &str,
    outline: &Outline,
) -> Result<(Vec<Vec<String>>, bool), Failure> {
    let fit = Fit { profile: Arc::new(Outline::profile(file)?), own: true, body: outline.body.clone() };
    let form = Form::new(fit, encoding, text);
    let header = match &outline.body {
        Body::Csv(layout) => layout.header.clone(),
        Body::Json(_) | Body::Chat(_) => {
            let mut header = Header::paths();
            for (path, ..) in &outline.names {
                header.position(path, None);
            }
            header
        }
    };
    let width = outline.names.len();
    let take = |piece: &Piece, ended: bool| {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let stop = form.each(file, (piece, piece.text()?), ended, &header, &mut |event| {
            if let Event::Record(record) = event
                && !record.is_empty()
            {
                rows.push((0..width).map(|at| record.cell(at).to_owned()).collect());
            }
            ControlFlow::Continue(())
        })?;
        Ok((rows, stop))
    };
    let mut pieces = form.pieces((file, content), USUAL, &|_| {}, false)?;
    let (mut all, mut bytes, mut whole) = (Vec::<Vec<String>>::new(), 0, true);
    pieces::read(&mut pieces, &take, &mut |parts| {
        for row in parts.into_iter().flatten() {
            // Which rows are looked at does not depend on where pieces end.
            if bytes >= ENOUGH {
                whole = false;
                return ControlFlow::Break(());
            }
            bytes += row.iter().map(String::len).sum::<usize>();
            all.push(row);
        }
        ControlFlow::Continue(())
    })?;
    if all.is_empty() {
        let trouble = Trouble::new(format!("`{file}` has no rows to learn from"));
        return Err(Failure::Misfit(trouble.hint("export it again with some rows in it")));
    }
    Ok((all, whole))
}

fn csv_outline(found: &Found, text: &str) -> Result<Outline, Trouble> {
    let file = found.shown.as_str();
    let begins = || format!("it begins: `{}`", shown(text.lines().next().unwrap_or_default()));
    let Some(layout) = csv::layout::likeliest(text, found.delimiter()) else {
        return Err(Trouble::new(format!("`{file}` is no table"))
            .detail(begins())
            .hint("export the data as CSV or JSON, one row a contact"));
    };
    let names = layout.header.names();
    if names.iter().filter(|name| is_data(name)).count() * 3 >= names.len() {
        return Ok(unheaded(layout.delimiter, names.len()));
    }
    let mut seen = BTreeMap::new();
    let mut of_name = |name: &String| {
        let nth = seen.entry(name.to_lowercase()).or_insert(0);
        *nth += 1;
        (name.clone(), Some(*nth).filter(|nth| *nth > 1), true)
    };
    let names = names.iter().map(&mut of_name).collect();
    Ok(Outline { body: Body::Csv(layout), names })
}

/// A table whose first line is a row already, so many cells wide.
fn unheaded(delimiter: u8, width: usize) -> Outline {
    let names: Vec<String> = (1..=width).map(|nth| format!("column {nth}")).collect();
    let header = Header::given(&names, width, width);
    let names = names.into_iter().map(|name| (name, None, true)).collect();
    Outline { body: Body::Csv(Layout { delimiter, header, body: 0, line: 0 }), names }
}

/// Whether a header is no name but a value.
fn is_data(name: &str) -> bool {
    let is_number = name.bytes().any(|b| b.is_ascii_digit()) && !name.chars().any(char::is_alphabetic);
    is_number || name.contains('@') || matches!(instant::Format::Iso.parse(name, None), instant::Reading::At(_))
}

fn json_outline(file: &str, text: &str) -> Result<Outline, Trouble> {
    let records = wrapping_key(text);
    let (mut paths, mut order, mut read) = (BTreeMap::<String, usize>::new(), Vec::new(), 0);
    let framed = framing::read(text, records.as_deref(), &mut |frame| {
        if let Frame::Record(raw) = frame
            && let Ok(record @ Value::Object(_)) = serde_json::from_str::<Value>(raw)
        {
            read += 1;
            let mut own = Vec::new();
            list_paths("", &record, 0, &mut own);
            for path in own {
                let count = paths.entry(path.clone()).or_insert(0);
                if *count == 0 {
                    order.push(path);
                }
                *count += 1;
            }
        }
        if read < RECORDS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    if read == 0 {
        return Err(match framed {
            Err(invalid) => detect::stops_being_json(file, text, (1, 0, 0), invalid),
            Ok(()) => Trouble::new(format!("`{file}` has no records"))
                .hint("records are objects: in an array, under a key, or one a line"),
        });
    }
    order.truncate(PATHS);
    let names = order.into_iter().map(|path| {
        let always = paths.get(&path) == Some(&read);
        (path, None, always)
    });
    Ok(Outline { body: Body::Json(records), names: names.collect() })
}

/// The key whose array wraps the records: one that most of the first object is made of.
fn wrapping_key(text: &str) -> Option<String> {
    let mut first = None;
    // Of an array the records stand by themselves; an error is found by whoever reads them.
    if text.trim_start().starts_with('[') {
        return None;
    }
    let _ = framing::read(text, None, &mut |frame| {
        first = Some(frame.raw());
        ControlFlow::Break(())
    });
    let whole = first?;
    inner_array(whole, whole.len(), 0)
}

fn inner_array(object: &str, size: usize, depth: usize) -> Option<String> {
    let (key, raw) = json::members(object).into_iter().max_by_key(|(_, raw)| raw.len())?;
    if raw.len() * 2 < size || depth > 2 || key.contains('.') {
        return None;
    }
    let inside = raw.strip_prefix('[').map(str::trim_start);
    match inside {
        Some(inside) => inside.starts_with('{').then_some(key),
        None => raw.starts_with('{').then(|| inner_array(raw, size, depth + 1))?.map(|inner| format!("{key}.{inner}")),
    }
}

/// The paths to all values of a record; of an array of objects those of its first.
fn list_paths(path: &str, value: &Value, depth: usize, into: &mut Vec<String>) {
    match value {
        Value::Object(members) if depth < DEEPEST => {
            for (key, value) in members {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                list_paths(&path, value, depth + 1, into);
            }
        }
        Value::Array(elements) if elements.iter().any(Value::is_object) => {
            if let Some(first) = elements.first() {
                list_paths(&format!("{path}[0]"), first, depth + 1, into);
            }
        }
        Value::Object(_) => {}
        _ if into.contains(&path.to_owned()) => {}
        _ => into.push(path.to_owned()),
    }
}
