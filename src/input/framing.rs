//! Where the records of a JSON file are: an array, an array under a key, one a line, or one after the other.
//!
//! Records are found as spans of text and not parsed further; `json.rs` takes the values out of them. Nothing
//! of the file is held but the text itself.

use serde_json::value::RawValue;
use std::ops::ControlFlow;

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

/// Why reading ended early.
enum Halt {
    Invalid(Invalid),
    /// The caller has seen enough.
    Enough,
}

/// What becomes of the frames.
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

/// Whether a text begins as JSON does; chats that begin with a date in brackets do not.
pub fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    let inside = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || inside.is_some_and(|inside| inside.is_empty() || inside.starts_with(['{', '[', ']', '"']))
}

/// Whether each line is a record: one of the first lines is whole objects and nothing else.
fn is_lines(text: &str) -> bool {
    let filled: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(4).collect();
    let whole = |line: &str| {
        line.starts_with('{')
            && serde_json::Deserializer::from_str(line).into_iter::<&RawValue>().all(|value| value.is_ok())
    };
    filled.len() > 1 && filled.into_iter().any(whole)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn records(text: &str, key: Option<&str>) -> Result<Vec<String>, usize> {
        let mut found = Vec::new();
        let done = read(text, key, &mut |frame| {
            found.push(match frame {
                Frame::Record(raw) => raw.to_owned(),
                Frame::Broken(raw) => format!("broken {raw}"),
            });
            ControlFlow::Continue(())
        });
        done.map(|()| found).map_err(|invalid| invalid.byte)
    }

    #[test]
    fn every_frame_that_vendors_use() {
        let two = Ok(vec![r#"{"a":1}"#.to_owned(), r#"{"a":2}"#.to_owned()]);
        for (text, key) in [
            (r#"[{"a":1}, {"a":2}]"#, None),
            (r#" {"count": 2, "Tickets": [{"a":1},{"a":2}], "next": null}"#, Some("tickets")),
            (r#"{"_embedded": {"x": [], "list": [{"a":1},{"a":2}]}}"#, Some("_embedded.list")),
            ("{\"t\":[{\"a\":1}]}\n{\"t\":[{\"a\":2}]}\n", Some("t")),
            ("{\"a\":1}\r\n\r\n{\"a\":2}\r\n", None),
            ("{\"a\":1}\n{\"a\":2}", Some("tickets")),
            (r#"{"a":1}{"a":2}"#, None),
            (r#"{"a":1},{"a":2}"#, None),
            (r#"[{"a":1},{"a":2}]"#, Some("tickets")),
        ] {
            assert_eq!(records(text, key), two, "{text}");
        }
        assert_eq!(records("{\n \"a\": 1\n}\n{\n \"a\": 2\n}", None).map(|r| r.len()), Ok(2));
        assert_eq!(records("[]", None), Ok(vec![]));
        assert_eq!(records(r#"[1, "x"]"#, None).map(|r| r.len()), Ok(2));
    }

    #[test]
    fn a_broken_line_is_lost_alone_and_a_broken_array_is_an_error() {
        assert_eq!(
            records("{\"a\":1}\n{\"a\":\n{\"a\":2}\n", None),
            Ok(vec!["{\"a\":1}".into(), "broken {\"a\":".into(), "{\"a\":2}".into()])
        );
        assert_eq!(records(r#"[{"a":1}, {"a" 2}]"#, None), Err(15));
        assert_eq!(records(r#"[{"a":1}"#, None), Err(8));
        assert_eq!(records("{\"t\":[{\"a\":1}]}\n{\"t\":[{\"a\":x}]}\n", Some("t")), Err(27));
        assert!(records("[{\"a\":1},]", None).is_err() && records("[,]", None).is_err());
    }

    #[test]
    fn deep_nesting_does_not_overflow() {
        let deep = "[".repeat(200_000);
        assert!(records(&format!("[{deep}"), None).is_err());
        assert!(records(&format!("{{\"a\":{deep}"), None).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[\\[\\]{}:,\"a1 \n\\\\]{0,60}") {
            let _ = records(&text, None);
            let _ = records(&text, Some("a.b"));
        }
    }
}
