//! JSON records → cells: the values of the paths that a profile reads, and nothing else.
//!
//! One pass over a record takes out what the tree of paths (`paths.rs`) names and passes over the rest. Values are
//! kept as they are written, so that long ids keep their digits. Where records are is found in `framing.rs`.

#[cfg(test)]
mod by_serde;
pub mod framing;
#[cfg(test)]
mod framing_by_serde;
#[cfg(test)]
mod framing_tests;
mod habits;
mod pages;
mod paths;
mod scan;
#[cfg(test)]
mod tests;
mod walker;

use super::record::{Cells, Each, Event, Record};
use framing::{Frame, Halt, Invalid};
use habits::Habits;
pub use paths::whole;
use paths::{Child, Said, Tree};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use walker::Walker;

/// Takes the values of records, one record at a time.
#[derive(Debug)]
pub struct Taker {
    tree: Tree,
    habits: Habits,
    cells: Vec<String>,
}

impl Taker {
    /// The n-th path fills the n-th cell.
    pub fn new(paths: &[String]) -> Self {
        let mut tree = Tree::new(paths);
        Self { habits: Habits::new(tree.number(0)), tree, cells: vec![String::new(); paths.len()] }
    }

    /// Make an event of a frame that begins on a line. A record that is no JSON is none.
    pub fn give(&mut self, frame: Frame, line: u64, each: &mut Each) -> Result<(), Halt> {
        let event = match frame {
            Frame::Broken(raw) => Event::Broken { line, raw, reason: "line is not valid JSON".to_owned() },
            Frame::Record(raw) if !self.take(raw) => return Err(Halt::Invalid(Invalid::of(raw))),
            Frame::Record(raw) if !raw.starts_with('{') => {
                Event::Broken { line, raw, reason: "record is no JSON object".to_owned() }
            }
            Frame::Record(raw) => Event::Record(Record { line, raw, cells: Cells::Values(&self.cells) }),
        };
        if each(event).is_break() { Err(Halt::Enough) } else { Ok(()) }
    }

    /// Make a record of each object of a list, which begins on a line.
    pub fn each(&mut self, list: &str, line: u64, each: &mut dyn FnMut(&Record)) {
        for raw in objects(list) {
            if self.take(raw) {
                each(&Record { line, raw, cells: Cells::Values(&self.cells) });
            }
        }
    }

    /// Fill the cells with the values of one record; whether it is JSON.
    fn take(&mut self, raw: &str) -> bool {
        self.cells.iter_mut().for_each(String::clear);
        Capture { cells: &mut self.cells, habits: &mut self.habits, presence: false }.record(&self.tree, raw)
    }
}

/// Which paths are in a record, though their values be null; added to what is known of earlier records.
pub fn note_present(raw: &str, paths: &[String], present: &mut [bool]) {
    let mut cells = vec![String::new(); paths.len()];
    let capture = Capture { cells: &mut cells, habits: &mut Habits::default(), presence: true };
    if raw.starts_with('{') && capture.record(&Tree::new(paths), raw) {
        present.iter_mut().zip(cells).for_each(|(present, cell)| *present |= !cell.is_empty());
    }
}

/// The keys of an object and their values.
pub fn members(raw: &str) -> Vec<(String, &str)> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, &'de str)>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
                members.push((key, value.get()));
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(raw).deserialize_map(Members).unwrap_or_default()
}

/// Takes what a tree names out of one record.
struct Capture<'c> {
    cells: &'c mut [String],
    habits: &'c mut Habits,
    /// Ask only whether there is a value, be it null or an object.
    presence: bool,
}

impl Capture<'_> {
    /// Whether the record is JSON.
    fn record(mut self, tree: &Tree, raw: &str) -> bool {
        let mut walker = Walker::new(raw);
        self.value(tree, &mut walker).is_some() && walker.peek().is_none()
    }

    fn value(&mut self, tree: &Tree, walker: &mut Walker) -> Option<()> {
        match walker.peek()? {
            bracket @ (b'{' | b'[') => {
                if self.presence {
                    self.put(tree, "1", false);
                }
                let from = walker.at();
                match bracket {
                    b'{' if tree.has_keys() => self.object(tree, walker)?,
                    b'[' if tree.has_elements() => self.array(tree, walker)?,
                    _ => walker.skip()?,
                }
                self.put_into(&tree.whole, walker.since(from), false);
                Some(())
            }
            _ => {
                let scalar = walker.scalar()?;
                self.scalar(tree, walker, scalar, tree.many);
                Some(())
            }
        }
    }

    fn object(&mut self, tree: &Tree, walker: &mut Walker) -> Option<()> {
        let mut more = walker.enter(b'}')?;
        let mut nth = 0;
        while more {
            let child = match self.habits.pass(tree, nth, walker) {
                Some(child) => child,
                None => self.key(tree, nth, walker)?,
            };
            match child {
                Some(child) => self.value(tree.child(child), walker)?,
                None => walker.skip()?,
            }
            more = walker.goes_on(b'}')?;
            nth += 1;
        }
        Some(())
    }

    /// Read the n-th key of an object; where the tree says what is wanted of its value.
    fn key(&mut self, tree: &Tree, nth: usize, walker: &mut Walker) -> Option<Option<Child>> {
        walker.peek()?;
        let from = walker.at();
        let key = walker.key()?;
        let child = tree.find(&walker.said(key));
        self.habits.note(tree, nth, walker.since(from), child);
        Some(child)
    }

    /// The scalars of an array are values of its own place too, put together with commas.
    fn array(&mut self, tree: &Tree, walker: &mut Walker) -> Option<()> {
        let mut more = walker.enter(b']')?;
        let mut at = 0;
        while more {
            match (tree.element(at), walker.peek()?) {
                (child, b'{' | b'[') if !tree.wheres().is_empty() => self.chosen(tree, child, walker.passed()?)?,
                (Some(child), b'{' | b'[') => self.value(child, walker)?,
                (None, b'{' | b'[') => walker.skip()?,
                (child, _) => {
                    let scalar = walker.scalar()?;
                    self.scalar(tree, walker, scalar, true);
                    if let Some(child) = child {
                        self.scalar(child, walker, scalar, child.many);
                    }
                }
            }
            more = walker.goes_on(b']')?;
            at += 1;
        }
        Some(())
    }

    /// An element that some paths choose by what a key of it says.
    fn chosen(&mut self, tree: &Tree, child: Option<&Tree>, raw: &str) -> Option<()> {
        let said = tree.wheres().iter().filter(|(said, _)| says(raw, said)).map(|(_, tree)| tree);
        child.into_iter().chain(said).try_for_each(|tree| self.value(tree, &mut Walker::new(raw)))
    }

    fn scalar(&mut self, tree: &Tree, walker: &Walker, raw: &str, many: bool) {
        if self.presence {
            self.put(tree, "1", many);
        } else if !tree.cells.is_empty() && raw != "null" {
            self.put(tree, &walker.said(raw), many);
        }
    }

    fn put(&mut self, tree: &Tree, text: &str, many: bool) {
        self.put_into(&tree.cells, text, many);
    }

    fn put_into(&mut self, cells: &[usize], text: &str, many: bool) {
        for &cell in cells {
            let cell = &mut self.cells[cell];
            match (cell.is_empty(), many) {
                (true, _) => cell.push_str(text),
                (false, true) => {
                    cell.push(',');
                    cell.push_str(text);
                }
                // A path that is there twice, as keys and as one key with dots: the first counts.
                (false, false) => {}
            }
        }
    }
}

/// Whether a key of an object says this.
fn says(raw: &str, said: &Said) -> bool {
    let mut cell = [String::new()];
    let is_json = Capture { cells: &mut cell, habits: &mut Habits::default(), presence: false }.record(&said.way, raw);
    is_json && cell[0].eq_ignore_ascii_case(&said.value)
}

/// The objects of a list, as they are written.
pub fn objects(list: &str) -> impl Iterator<Item = &str> {
    let mut walker = Walker::new(list);
    let mut more = walker.peek() == Some(b'[') && walker.enter(b']') == Some(true);
    let elements = std::iter::from_fn(move || {
        let raw = more.then(|| walker.passed()).flatten()?;
        more = walker.goes_on(b']') == Some(true);
        Some(raw)
    });
    elements.filter(|raw| raw.starts_with('{'))
}
