//! How records were found before they were found by their brackets: by reading every one of them. What the tests of
//! `framing.rs` compare with.

use super::framing::{Frame, Halt, Invalid};
use serde_json::value::RawValue;
use std::ops::ControlFlow;

type Each<'t, 'e> = dyn FnMut(Frame<'t>) -> ControlFlow<()> + 'e;

/// Go through the records. `key` names the array that wraps them, `a.b` for one below another; a file
/// without that key is taken as records standing by themselves.
pub fn read<'t>(text: &'t str, key: Option<&str>, each: &mut Each<'t, '_>) -> Result<(), Invalid> {
    let path: Vec<String> = key.map(|key| key.split('.').map(str::to_lowercase).collect()).unwrap_or_default();
    let done = if is_lines(text) { lines(text, &path, each) } else { Walker { text, at: 0, path: &path, each }.all() };
    match done {
        Err(Halt::Invalid(invalid)) => Err(invalid),
        Ok(()) | Err(Halt::Enough) => Ok(()),
    }
}

/// Whether each line is a record: one of the first lines is whole objects and nothing else.
fn is_lines(text: &str) -> bool {
    let filled: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(4).collect();
    let whole = |line: &str| {
        line.starts_with('{')
            && serde_json::Deserializer::from_str(line).into_iter::<&RawValue>().all(|value| value.is_ok())
    };
    let opens = filled.first().is_some_and(|first| first.ends_with(['[', '{', ',']));
    filled.len() > 1 && !opens && filled.into_iter().any(whole)
}

fn lines<'t>(text: &'t str, path: &[String], each: &mut Each<'t, '_>) -> Result<(), Halt> {
    let mut at = 0;
    for line in text.split('\n') {
        let base = at;
        at += line.len() + 1;
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        match (Walker { text: line, at: 0, path, each: &mut *each }).all() {
            // A page of records is too much to be lost for one broken byte.
            Err(Halt::Invalid(Invalid { byte })) if is_page(line, path) => return Err(invalid(base + byte)),
            Err(Halt::Invalid(_)) => give(each, Frame::Broken(trimmed))?,
            other => other?,
        }
    }
    Ok(())
}

fn is_page(line: &str, path: &[String]) -> bool {
    path.last().is_some_and(|key| line.to_lowercase().replace(' ', "").contains(&format!("\"{key}\":[")))
}

fn give<'t>(each: &mut Each<'t, '_>, frame: Frame<'t>) -> Result<(), Halt> {
    if each(frame).is_break() { Err(Halt::Enough) } else { Ok(()) }
}

const fn invalid(byte: usize) -> Halt {
    Halt::Invalid(Invalid { byte })
}

/// Walks over a text from value to value.
struct Walker<'t, 'w, 'e> {
    text: &'t str,
    at: usize,
    path: &'w [String],
    each: &'w mut Each<'t, 'e>,
}

impl<'t> Walker<'t, '_, '_> {
    /// All values of the text: an array's elements, objects, or the pages that wrap them.
    fn all(&mut self) -> Result<(), Halt> {
        while let Some(byte) = self.peek() {
            match byte {
                b'[' => self.array()?,
                b'{' if !self.path.is_empty() => self.page()?,
                b'{' => {
                    let record = self.value()?;
                    give(self.each, Frame::Record(record))?;
                }
                // Some tools write `},{` without the brackets around it.
                b',' if self.at > 0 => self.at += 1,
                _ => return Err(invalid(self.at)),
            }
        }
        Ok(())
    }

    /// An object that may wrap records; one that does not is a record itself.
    fn page(&mut self) -> Result<(), Halt> {
        let from = self.at;
        if !self.object(0)? {
            let record = &self.text[from..self.at];
            give(self.each, Frame::Record(record))?;
        }
        Ok(())
    }

    /// Go through an object on the way to the array; whether it was there.
    fn object(&mut self, depth: usize) -> Result<bool, Halt> {
        let mut found = false;
        self.at += 1;
        while self.expect_item(b'}')? {
            if self.peek() != Some(b'"') {
                return Err(invalid(self.at));
            }
            let key = self.value()?;
            self.expect(b':')?;
            let wanted = serde_json::from_str::<String>(key).is_ok_and(|key| key.to_lowercase() == self.path[depth]);
            match self.peek() {
                Some(b'[') if wanted && depth + 1 == self.path.len() => {
                    found = true;
                    self.array()?;
                }
                Some(b'{') if wanted && depth + 1 < self.path.len() => found |= self.object(depth + 1)?,
                _ => drop(self.value()?),
            }
        }
        Ok(found)
    }

    fn array(&mut self) -> Result<(), Halt> {
        self.at += 1;
        while self.expect_item(b']')? {
            let record = self.value()?;
            give(self.each, Frame::Record(record))?;
        }
        Ok(())
    }

    /// Stand before the next item of an array or object; false at its end, which is passed.
    fn expect_item(&mut self, end: u8) -> Result<bool, Halt> {
        let first = matches!(self.text.as_bytes().get(self.at.wrapping_sub(1)), Some(b'[' | b'{'));
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(false)
            }
            Some(b',') if !first => {
                self.at += 1;
                Ok(true)
            }
            Some(_) if first => Ok(true),
            _ => Err(invalid(self.at)),
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Halt> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(invalid(self.at))
    }

    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(rest.len());
        self.text.as_bytes().get(self.at).copied()
    }

    /// One whole value.
    fn value(&mut self) -> Result<&'t str, Halt> {
        self.peek();
        let rest = &self.text[self.at..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&'t RawValue>();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value.get())
            }
            Some(Err(error)) => Err(invalid(self.at + byte_of(rest, error.line(), error.column()))),
            None => Err(invalid(self.text.len())),
        }
    }
}

/// The byte of a line and column, both from 1.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split('\n').take(line.saturating_sub(1)).map(|line| line.len() + 1).sum();
    (start + column.saturating_sub(1)).min(text.len())
}
