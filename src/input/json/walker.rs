//! Walks over the values of one JSON text, from byte to byte: what is wanted of it is in `json.rs`.
//!
//! Everything that is passed is read as JSON, be it wanted or not: a text is found to be JSON or not just as
//! `serde_json` finds it, which says where it is not.

use super::super::block::{self, Block};
use serde::de::IgnoredAny;
use std::borrow::Cow;

/// Objects and arrays that lie in each other deeper than this are left to `serde_json`.
const DEEP: u32 = 60;

/// Stands in a text. What gives nothing has come upon something that is no JSON.
#[derive(Debug)]
pub struct Walker<'t> {
    text: &'t str,
    at: usize,
    /// The block of bytes at hand, and which of them end or interrupt strings.
    block: usize,
    stops: u64,
    /// How many escapes the last string has.
    escapes: usize,
}

impl<'t> Walker<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0, block: 0, stops: Block::at(text.as_bytes(), 0).string_stops(), escapes: 0 }
    }

    /// The next byte that is no space; nothing at the end of the text.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            match *self.text.as_bytes().get(self.at)? {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Pass an opening bracket; whether something stands before the closing one, which is passed if not.
    #[inline]
    pub fn enter(&mut self, close: u8) -> Option<bool> {
        self.at += 1;
        let empty = self.peek()? == close;
        self.at += usize::from(empty);
        Some(!empty)
    }

    /// Pass what stands behind an item; whether that is a comma, not the closing bracket.
    #[inline]
    pub fn goes_on(&mut self, close: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at += 1;
        (byte == b',' || byte == close).then_some(byte == b',')
    }

    /// Pass a key and its colon; as it is written.
    #[inline]
    pub fn key(&mut self) -> Option<&'t str> {
        if self.peek()? != b'"' {
            return None;
        }
        let key = self.string()?;
        let colon = self.peek()? == b':';
        self.at += 1;
        colon.then_some(key)
    }

    /// Pass what is written just so, if it is the next thing but for spaces; whether it was.
    #[inline]
    pub fn pass(&mut self, written: &str) -> bool {
        let is_next = self.peek().is_some() && self.text.as_bytes()[self.at..].starts_with(written.as_bytes());
        self.at += if is_next { written.len() } else { 0 };
        is_next
    }

    /// Pass a string, number or word; as it is written.
    #[inline]
    pub fn scalar(&mut self) -> Option<&'t str> {
        let byte = self.peek()?;
        let from = self.at;
        match byte {
            b'"' => return self.string(),
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => self.number()?,
        }
        Some(&self.text[from..self.at])
    }

    /// What the key or scalar says that has been passed just now. A lone surrogate has no text; what is left of the
    /// string is not worth guessing.
    #[inline]
    pub fn said(&self, raw: &'t str) -> Cow<'t, str> {
        match raw.as_bytes() {
            [b'"', ..] if self.escapes > 0 => Cow::Owned(serde_json::from_str(raw).unwrap_or_default()),
            [b'"', ..] => Cow::Borrowed(&raw[1..raw.len() - 1]),
            _ => Cow::Borrowed(raw),
        }
    }

    /// Pass a value of any kind.
    #[inline]
    pub fn skip(&mut self) -> Option<()> {
        match self.peek()? {
            b'{' | b'[' => self.skip_nested(),
            _ => self.scalar().map(drop),
        }
    }

    fn skip_nested(&mut self) -> Option<()> {
        // The brackets that are open, one bit each: whether of an object. Above them stands a one.
        let mut open = 1_u64;
        loop {
            let byte = self.peek()?;
            let entered = match byte {
                // A closing bracket is the next but one to its opening one.
                b'{' | b'[' if open >> DEEP == 0 => self.enter(byte + 2)?,
                b'{' | b'[' => self.skip_deep().map(|()| false)?,
                _ => self.scalar().map(|_| false)?,
            };
            if entered {
                open = open << 1 | u64::from(byte == b'{');
            } else {
                while open > 1 && !self.goes_on(if open & 1 == 1 { b'}' } else { b']' })? {
                    open >>= 1;
                }
                if open == 1 {
                    return Some(());
                }
            }
            if open & 1 == 1 {
                self.key()?;
            }
        }
    }

    #[cold]
    fn skip_deep(&mut self) -> Option<()> {
        self.at += first_value(&self.text[self.at..]).ok()?;
        Some(())
    }

    /// Pass a value of any kind; as it is written.
    pub fn passed(&mut self) -> Option<&'t str> {
        self.peek()?;
        let from = self.at;
        self.skip()?;
        Some(&self.text[from..self.at])
    }

    /// Where it stands.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// What it has passed since it stood there.
    pub fn since(&self, from: usize) -> &'t str {
        &self.text[from..self.at]
    }

    #[inline]
    fn word<const LEN: usize>(&mut self, word: &[u8; LEN]) -> Option<()> {
        let is = self.text.as_bytes()[self.at..].first_chunk() == Some(word);
        self.at += LEN;
        is.then_some(())
    }

    fn number(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        self.at += usize::from(bytes.get(self.at) == Some(&b'-'));
        let zero = bytes.get(self.at) == Some(&b'0');
        let digits = self.digits()?;
        if zero && digits > 1 {
            return None;
        }
        if bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(bytes.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some(())
    }

    #[inline]
    fn digits(&mut self) -> Option<usize> {
        let rest = &self.text.as_bytes()[self.at..];
        let digits = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        self.at += digits;
        (digits > 0).then_some(digits)
    }

    /// Pass a string, standing at its quote.
    #[inline]
    fn string(&mut self) -> Option<&'t str> {
        let from = self.at;
        self.escapes = 0;
        self.at += 1;
        loop {
            self.at = self.stop();
            match *self.text.as_bytes().get(self.at)? {
                b'"' => break,
                b'\\' => self.escape()?,
                _ => return None,
            }
            self.escapes += 1;
        }
        self.at += 1;
        Some(&self.text[from..self.at])
    }

    /// Where the next byte is that ends or interrupts a string; the end of the text does.
    #[inline]
    fn stop(&mut self) -> usize {
        let block = self.at / block::SIZE * block::SIZE;
        if block != self.block {
            self.look(block);
        }
        let mut ahead = self.stops & u64::MAX << (self.at - block);
        while ahead == 0 {
            self.look(self.block + block::SIZE);
            ahead = self.stops;
        }
        self.block + ahead.trailing_zeros() as usize
    }

    #[inline]
    fn look(&mut self, block: usize) {
        self.block = block;
        self.stops = Block::at(self.text.as_bytes(), block).string_stops();
    }

    /// Pass a backslash and what it escapes.
    fn escape(&mut self) -> Option<()> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        self.at += match rest.first()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
            b'u' if rest.get(1..5)?.iter().all(u8::is_ascii_hexdigit) => 6,
            _ => return None,
        };
        Some(())
    }
}

/// Whether a text is one JSON value and nothing else.
pub fn is_json(text: &str) -> bool {
    let mut walker = Walker::new(text);
    walker.skip().is_some() && walker.peek().is_none()
}

/// Where a text stops being JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub byte: usize,
    /// It may be JSON if more comes.
    pub at_end: bool,
}

/// How long the value is that a text begins with.
pub fn first_value(text: &str) -> Result<usize, Fault> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let byte = match values.next() {
        Some(Ok(_)) => return Ok(values.byte_offset()),
        Some(Err(error)) => byte_of(text, error.line(), error.column()),
        None => text.len(),
    };
    Err(Fault { byte, at_end: byte + 1 >= text.len() })
}

/// What is wrong with a text that is no JSON.
pub fn fault(text: &str) -> Fault {
    match first_value(text) {
        Ok(byte) => Fault { byte, at_end: false },
        Err(fault) => fault,
    }
}

/// The byte of a line and column, both from 1.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split('\n').take(line.saturating_sub(1)).map(|line| line.len() + 1).sum();
    (start + column.saturating_sub(1)).min(text.len())
}
