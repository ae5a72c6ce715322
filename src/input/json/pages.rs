//! The way to the records of a JSON text that arrives in blocks: through the objects that wrap them, from one value
//! to the next.
//!
//! What stands on the way is read as JSON; of records, which are nearly all of a file, only the ends are looked for
//! (`scan.rs`). Records on lines of their own are found in `framing.rs`.

use super::framing::Invalid;
use super::scan::Scan;
use super::walker;
use std::ops::Range;

/// A value so long that is not whole yet may be none that ever ends, for want of a quote.
const LONG: usize = 1 << 20;

/// Where in the text the reader stands. All offsets count from the beginning of the text at hand.
#[derive(Debug, Default)]
pub struct Pages {
    /// Only what the array wraps is a record: other arrays are passed, element by element, and objects left alone.
    only: bool,
    skips: bool,
    at: usize,
    /// Something stands before the text at hand.
    begun: bool,
    /// How many objects are open on the way to the array of records, and where the outermost begins.
    depth: usize,
    from: usize,
    /// That object has wrapped records: it is no record itself.
    wraps: bool,
    array: bool,
    after: After,
    /// The value that begins here, as far as it has been looked through.
    scan: Scan,
    checked: usize,
}

/// What the reader has just passed in an array or object.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum After {
    #[default]
    Bracket,
    Item,
    Comma,
}

/// One text on the way.
struct Text<'t> {
    text: &'t str,
    /// Nothing follows it.
    last: bool,
}

/// Why the reader stands still.
enum Stop {
    Invalid(Invalid),
    /// The text ends within something.
    Unfinished,
}

impl Pages {
    /// At the beginning of a text. `only`: what the array does not wrap is no record.
    pub fn new(only: bool) -> Self {
        Self { only, ..Self::default() }
    }

    /// Go through a text, as `Framer::frames` does.
    pub fn read(
        &mut self,
        text: &str,
        last: bool,
        path: &[String],
        frames: &mut Vec<Range<usize>>,
    ) -> Result<usize, Invalid> {
        let text = Text { text, last };
        loop {
            match self.step(&text, path, frames) {
                Ok(()) => {}
                Err(Stop::Invalid(invalid)) => return Err(invalid),
                Err(Stop::Unfinished) => break,
            }
        }
        // An object that wraps nothing yet may turn out to be a record.
        let done = if self.depth > 0 && !self.wraps && !self.only { self.from } else { self.at };
        self.at -= done;
        self.from = self.from.saturating_sub(done);
        self.begun |= done > 0;
        Ok(done)
    }

    /// Pass the next thing.
    fn step(&mut self, text: &Text, path: &[String], frames: &mut Vec<Range<usize>>) -> Result<(), Stop> {
        let Some(byte) = self.peek(text) else {
            let between = self.depth == 0 && !self.array;
            return Err(if between || !text.last { Stop::Unfinished } else { invalid(self.at) });
        };
        match byte {
            _ if self.array => self.element(byte, text, frames),
            _ if self.depth > 0 => self.member(byte, text, path, frames),
            b'[' => {
                self.enter_array(!self.only);
                Ok(())
            }
            b'{' if path.is_empty() => self.record(text, frames),
            b'{' => {
                (self.from, self.wraps) = (self.at, false);
                self.enter_object();
                Ok(())
            }
            // Some tools write `},{` without the brackets around it.
            b',' if self.at > 0 || self.begun => {
                self.at += 1;
                Ok(())
            }
            _ => Err(invalid(self.at)),
        }
    }

    /// In the array of records.
    fn element(&mut self, byte: u8, text: &Text, frames: &mut Vec<Range<usize>>) -> Result<(), Stop> {
        if self.is_item(byte, b']')? {
            self.record(text, frames)?;
        }
        self.array = byte != b']';
        Ok(())
    }

    fn record(&mut self, text: &Text, frames: &mut Vec<Range<usize>>) -> Result<(), Stop> {
        let value = self.value(text)?;
        if !self.skips {
            frames.push(value);
        }
        Ok(())
    }

    /// In an object that may wrap records.
    fn member(&mut self, byte: u8, text: &Text, path: &[String], frames: &mut Vec<Range<usize>>) -> Result<(), Stop> {
        if self.is_item(byte, b'}')? {
            let before = (self.at, self.after);
            let passed = self.key_and_value(byte, text, path);
            if matches!(passed, Err(Stop::Unfinished)) {
                // Both come again.
                (self.at, self.after) = before;
            }
            return passed;
        }
        self.depth -= usize::from(byte == b'}');
        if self.depth == 0 && !self.wraps && !self.only {
            frames.push(self.from..self.at);
        }
        Ok(())
    }

    /// Pass a key and its value, or enter the value if it lies on the way.
    fn key_and_value(&mut self, byte: u8, text: &Text, path: &[String]) -> Result<(), Stop> {
        if byte != b'"' {
            return Err(invalid(self.at));
        }
        let key = &text.text[self.scalar(text)?];
        match self.peek(text) {
            Some(b':') => self.at += 1,
            None if !text.last => return Err(Stop::Unfinished),
            _ => return Err(invalid(self.at)),
        }
        let wanted = says(key, &path[self.depth - 1]);
        let wraps = wanted && self.depth == path.len();
        match self.peek(text) {
            Some(b'[') if wraps || self.only => {
                self.wraps |= wraps;
                self.enter_array(wraps);
            }
            Some(b'{') if wanted && self.depth < path.len() => self.enter_object(),
            None if !text.last => return Err(Stop::Unfinished),
            _ => {
                let value = self.value(text)?;
                let raw = &text.text[value.clone()];
                if !walker::is_json(raw) {
                    return Err(invalid(value.start + walker::fault(raw).byte));
                }
            }
        }
        Ok(())
    }

    /// Enter an array of records, or of what is to be passed.
    fn enter_array(&mut self, of_records: bool) {
        (self.array, self.skips) = (true, !of_records);
        self.at += 1;
        self.after = After::Bracket;
    }

    fn enter_object(&mut self) {
        self.depth += 1;
        self.at += 1;
        self.after = After::Bracket;
    }

    /// Whether an item begins here; a comma is passed, and the end of the array or object.
    fn is_item(&mut self, byte: u8, end: u8) -> Result<bool, Stop> {
        self.after = match self.after {
            After::Item if byte == b',' => After::Comma,
            After::Item | After::Bracket if byte == end => After::Item,
            After::Item => return Err(invalid(self.at)),
            After::Bracket | After::Comma => return Ok(true),
        };
        self.at += 1;
        Ok(false)
    }

    /// The next byte that is no space.
    fn peek(&mut self, text: &Text) -> Option<u8> {
        let rest = &text.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(rest.len());
        text.text.as_bytes().get(self.at).copied()
    }

    /// One whole value; an object or array need not be JSON.
    fn value(&mut self, text: &Text) -> Result<Range<usize>, Stop> {
        let rest = &text.text[self.at..];
        if !rest.starts_with(['{', '[']) {
            return self.scalar(text);
        }
        let Some(len) = self.scan.end(rest.as_bytes()) else {
            return Err(self.endless(rest, text.last));
        };
        (self.scan, self.checked) = (Scan::default(), 0);
        Ok(self.pass(len))
    }

    /// A string, number or word.
    fn scalar(&mut self, text: &Text) -> Result<Range<usize>, Stop> {
        match walker::first_value(&text.text[self.at..]) {
            // A number may go on.
            Ok(len) if text.last || self.at + len < text.text.len() => Ok(self.pass(len)),
            Ok(_) => Err(Stop::Unfinished),
            Err(fault) if fault.at_end && !text.last => Err(Stop::Unfinished),
            Err(fault) => Err(invalid(self.at + fault.byte)),
        }
    }

    /// What to do about an object or array without an end.
    fn endless(&mut self, rest: &str, last: bool) -> Stop {
        let seen = self.scan.seen();
        if last || seen > LONG.max(2 * self.checked) {
            self.checked = seen;
            let fault = walker::fault(rest);
            if last || !fault.at_end {
                return invalid(self.at + fault.byte);
            }
        }
        Stop::Unfinished
    }

    fn pass(&mut self, len: usize) -> Range<usize> {
        let from = self.at;
        self.at += len;
        self.after = After::Item;
        from..self.at
    }
}

const fn invalid(byte: usize) -> Stop {
    Stop::Invalid(Invalid { byte })
}

/// Whether a key, as it is written, is this name in small letters.
fn says(key: &str, name: &str) -> bool {
    if key.is_ascii() && !key.contains('\\') {
        return key[1..key.len() - 1].eq_ignore_ascii_case(name);
    }
    serde_json::from_str::<String>(key).is_ok_and(|key| key.to_lowercase() == name)
}
