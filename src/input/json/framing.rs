//! Where the records of a JSON file are: an array, an array under a key, one a line, or one after the other.
//!
//! A text may arrive in blocks; no more of it is held than a record that is not whole yet. Records are found by
//! their brackets (`scan.rs`) as spans of text. Whether one is JSON is found by whoever takes its values, as
//! `json.rs` does. What stands between records is read here, by `pages.rs`.

use super::pages::Pages;
use super::walker;
use std::ops::{ControlFlow, Range};

/// How much of a text that is there as a whole is framed at a time.
const STEP: usize = 1 << 20;

/// A piece of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'t> {
    Record(&'t str),
    /// A line that is no JSON, among lines that are.
    Broken(&'t str),
}

/// Where the text stops being JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid {
    pub byte: usize,
}

impl<'t> Frame<'t> {
    /// The text of it.
    pub fn raw(self) -> &'t str {
        let (Self::Record(raw) | Self::Broken(raw)) = self;
        raw
    }
}

impl Invalid {
    /// Where a text that is no JSON value stops being one.
    pub fn of(text: &str) -> Self {
        Self { byte: walker::fault(text).byte }
    }
}

/// Why reading ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    Invalid(Invalid),
    /// The caller has seen enough.
    Enough,
}

/// What becomes of the frames.
type Each<'t, 'e> = dyn FnMut(Frame<'t>) -> ControlFlow<()> + 'e;

/// What takes the records: `Invalid`, with the byte in the frame, if one is no JSON; then nothing came of it.
pub type Take<'t, 'e> = dyn FnMut(Frame<'t>) -> Result<(), Halt> + 'e;

/// How the records of a text stand in it.
#[derive(Debug, Clone)]
pub struct Form {
    /// Each line is a record, or a page of them.
    lines: bool,
    /// The keys that lead to the array that wraps the records.
    path: Vec<String>,
    /// What that array does not wrap is no record.
    only: bool,
    /// Nothing wraps the records, as far as the text's beginning shows.
    bare: bool,
}

/// Finds the records of a text that arrives in blocks.
#[derive(Debug)]
pub struct Framer {
    form: Form,
    pages: Pages,
}

impl Framer {
    /// The form is told by the top of the text. `key` names the array that wraps the records, `a.b` for one below
    /// another; a file without that key is taken as records standing by themselves.
    pub fn new(top: &str, key: Option<&str>) -> Self {
        let path = key.map(path).unwrap_or_default();
        let form = Form { lines: is_lines(top), path, only: false, bare: false };
        let first = top.trim_start().lines().next().unwrap_or_default();
        let bare = first.starts_with('[') || form.lines && !form.may_wrap(first.as_bytes());
        Self::of(Form { bare, ..form })
    }

    /// The records of a text of this form, from its beginning.
    pub fn of(form: Form) -> Self {
        Self { pages: Pages::new(form.only), form }
    }

    pub fn form(&self) -> &Form {
        &self.form
    }

    /// Where the last whole line of a text of lines ends, whose records are found in `Form::take`.
    pub fn lines(&self, text: &[u8], last: bool) -> Option<usize> {
        let end = || memchr::memrchr(b'\n', text).map_or(0, |end| end + 1);
        self.form.lines.then(|| if last { text.len() } else { end() })
    }

    /// The records that are whole in `text`, put to `frames` as ranges of bytes; of lines only where the last whole
    /// one ends, for their records are quickly found in `Form::take`. Gives how many bytes are done with: the next
    /// text begins behind them. `last`: nothing follows this text.
    ///
    /// Where the text stops being JSON, the frames before that have been put: they are to be taken first, for one of
    /// them may be no JSON either.
    pub fn frames(&mut self, text: &str, last: bool, frames: &mut Vec<Range<usize>>) -> Result<usize, Invalid> {
        match self.lines(text.as_bytes(), last) {
            Some(end) => Ok(end),
            None => self.pages.read(text, last, &self.form.path, frames),
        }
    }
}

/// The keys that lead to an array.
fn path(key: &str) -> Vec<String> {
    key.split('.').map(str::to_lowercase).collect()
}

impl Form {
    /// Of the records of another array in the same text; `None` where nothing can be beside the first.
    pub fn beside(&self, key: &str) -> Option<Self> {
        (!self.bare).then(|| Self { path: path(key), only: true, ..*self })
    }

    /// Go through the records of what `Framer::frames` was done with, given the frames that it put. Every such text
    /// stands by itself: several may be gone through at a time. `Invalid` has the byte in the text.
    pub fn take<'t>(&self, text: &'t str, frames: &[Range<usize>], take: &mut Take<'t, '_>) -> Result<(), Halt> {
        if self.lines { self.lines(text, take) } else { records(text, frames, take) }
    }

    fn lines<'t>(&self, text: &'t str, take: &mut Take<'t, '_>) -> Result<(), Halt> {
        let mut frames = Vec::new();
        let mut at = 0;
        for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
            let line = &text[at..end];
            match self.line(line, &mut frames, take) {
                // A page of records is too much to be lost for one broken byte.
                Err(Halt::Invalid(Invalid { byte })) if self.is_page(line) => return Err(invalid(at + byte)),
                // It is told once, by who reads all.
                Err(Halt::Invalid(_)) if self.only => {}
                Err(Halt::Invalid(_)) => take(Frame::Broken(line.trim()))?,
                other => other?,
            }
            at = end + 1;
        }
        Ok(())
    }

    fn line<'t>(&self, line: &'t str, frames: &mut Vec<Range<usize>>, take: &mut Take<'t, '_>) -> Result<(), Halt> {
        let trimmed = line.trim_matches([' ', '\t', '\r']);
        // Nearly always it is one record and nothing else.
        if trimmed.starts_with('{') && !self.may_wrap(trimmed.as_bytes()) {
            if self.only {
                return Ok(());
            }
            match take(Frame::Record(trimmed)) {
                Err(Halt::Invalid(_)) => {}
                other => return other,
            }
        } else if trimmed.trim().is_empty() {
            return Ok(());
        }
        frames.clear();
        let read = Pages::new(self.only).read(line, true, &self.path, frames);
        records(line, frames, take)?;
        read.map(drop).map_err(Halt::Invalid)
    }

    /// Whether an array in a line may be the one that wraps records: told by the key before it, which is quickly seen.
    fn may_wrap(&self, line: &[u8]) -> bool {
        let Some(key) = self.path.last() else { return false };
        let keyed = |bracket: usize| {
            let before = line[..bracket].trim_ascii_end().strip_suffix(b":").map(<[u8]>::trim_ascii_end);
            let Some(named) = before.and_then(|before| before.strip_suffix(b"\"")) else { return false };
            let begin = memchr::memrchr(b'"', named).map_or(0, |quote| quote + 1);
            let name = &named[begin..];
            // What is spelt with escapes, or has letters of other cases than ASCII's, is for others to read.
            let is_spelt = name.contains(&b'\\') || named[..begin].ends_with(b"\\\"");
            is_spelt || !name.is_ascii() || name.eq_ignore_ascii_case(key.as_bytes())
        };
        memchr::memchr_iter(b'[', line).any(keyed)
    }

    fn is_page(&self, line: &str) -> bool {
        self.path.last().is_some_and(|key| line.to_lowercase().replace(' ', "").contains(&format!("\"{key}\":[")))
    }
}

fn records<'t>(text: &'t str, frames: &[Range<usize>], take: &mut Take<'t, '_>) -> Result<(), Halt> {
    for frame in frames {
        take(Frame::Record(&text[frame.clone()])).map_err(|halt| match halt {
            Halt::Invalid(Invalid { byte }) => invalid(frame.start + byte),
            Halt::Enough => halt,
        })?;
    }
    Ok(())
}

/// Go through the records of a text that is there as a whole.
pub fn take<'t>(text: &'t str, key: Option<&str>, take: &mut Take<'t, '_>) -> Result<(), Invalid> {
    let mut framer = Framer::new(text, key);
    let mut frames = Vec::new();
    let (mut at, mut end) = (0, 0);
    while end < text.len() {
        end = text.ceil_char_boundary(end + STEP);
        frames.clear();
        let cut = framer.frames(&text[at..end], end == text.len(), &mut frames);
        let next = cut.map_or(end, |done| at + done);
        match (framer.form().take(&text[at..next], &frames, take), cut) {
            (Err(Halt::Enough), _) => return Ok(()),
            (Err(Halt::Invalid(Invalid { byte })), _) | (Ok(()), Err(Invalid { byte })) => {
                return Err(Invalid { byte: at + byte });
            }
            (Ok(()), Ok(_)) => at = next,
        }
    }
    Ok(())
}

/// Go through the records of a text that is there as a whole, none of which is looked into further.
pub fn read<'t>(text: &'t str, key: Option<&str>, each: &mut Each<'t, '_>) -> Result<(), Invalid> {
    take(text, key, &mut |frame| match frame {
        Frame::Record(raw) if !walker::is_json(raw) => Err(Halt::Invalid(Invalid::of(raw))),
        _ if each(frame).is_break() => Err(Halt::Enough),
        _ => Ok(()),
    })
}

/// Whether a text begins as JSON does; chats that begin with a date in brackets do not.
pub fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    let inside = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || inside.is_some_and(|inside| inside.is_empty() || inside.starts_with(['{', '[', ']', '"']))
}

/// Whether each line is a record: one of the first lines is whole objects and nothing else, and what holds them is not
/// opened on a line of its own.
fn is_lines(top: &str) -> bool {
    let filled: Vec<&str> = top.lines().map(str::trim).filter(|line| !line.is_empty()).take(4).collect();
    let whole = |line: &str| {
        line.starts_with('{')
            && serde_json::Deserializer::from_str(line).into_iter::<serde::de::IgnoredAny>().all(|value| value.is_ok())
    };
    let opens = filled.first().is_some_and(|first| first.ends_with(['[', '{', ',']));
    filled.len() > 1 && !opens && filled.into_iter().any(whole)
}

const fn invalid(byte: usize) -> Halt {
    Halt::Invalid(Invalid { byte })
}
