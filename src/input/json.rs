//! JSON records → cells: the values of the paths that a profile reads, and nothing else.
//!
//! All paths together are a tree; one pass over a record takes out what the tree names and skips the rest
//! unparsed. Values are kept as they are written, so that long ids keep their digits. Where records are is
//! found in `framing.rs`.

use super::framing::{self, Frame, Invalid};
use super::record::{Cells, Each, Event, Lines, Record};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// What lies at and below one place of a record.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    keys: Vec<(String, Tree)>,
    elements: Vec<(usize, Tree)>,
    every: Option<Box<Tree>>,
    /// The cells that this value fills.
    cells: Vec<usize>,
    /// Whether several values of a record come here, to be put together with commas.
    many: bool,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Element(usize),
    Every,
}

/// `a[0].b` → its steps; what is in brackets and no number means every element.
fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in path.trim().split('.') {
        let (key, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !key.is_empty() {
            steps.push(Step::Key(key.to_owned()));
        }
        while let Some((inside, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            steps.push(inside.parse().map_or(Step::Every, Step::Element));
            rest = after;
        }
    }
    steps
}

impl Tree {
    /// The tree of all paths; the n-th path fills the n-th cell.
    pub fn new(paths: &[String]) -> Self {
        let mut root = Self::default();
        for (cell, path) in paths.iter().enumerate() {
            root.insert(&steps(path), cell, false);
            // A key may itself have dots in it.
            if path.contains('.') {
                root.insert(&[Step::Key(path.trim().to_owned())], cell, false);
            }
        }
        root.spread();
        root
    }

    fn insert(&mut self, steps: &[Step], cell: usize, many: bool) {
        let Some((step, rest)) = steps.split_first() else {
            self.cells.push(cell);
            self.many |= many;
            return;
        };
        match step {
            Step::Key(key) => {
                child(&mut self.keys, |own| own.eq_ignore_ascii_case(key), || key.clone()).insert(rest, cell, many);
            }
            Step::Element(at) => child(&mut self.elements, |own| own == at, || *at).insert(rest, cell, many),
            Step::Every => self.every.get_or_insert_default().insert(rest, cell, true),
        }
    }

    /// What is asked of every element is asked of single elements too: a value is visited once.
    fn spread(&mut self) {
        if let Some(every) = &mut self.every {
            every.spread();
            self.elements.iter_mut().for_each(|(_, tree)| tree.merge(every));
        }
        self.keys.iter_mut().for_each(|(_, tree)| tree.spread());
        self.elements.iter_mut().for_each(|(_, tree)| tree.spread());
    }

    fn merge(&mut self, other: &Self) {
        for (key, tree) in &other.keys {
            child(&mut self.keys, |own| own == key, || key.clone()).merge(tree);
        }
        for (at, tree) in &other.elements {
            child(&mut self.elements, |own| own == at, || *at).merge(tree);
        }
        if let Some(every) = &other.every {
            self.every.get_or_insert_default().merge(every);
        }
        self.cells.extend(&other.cells);
        self.many |= other.many;
    }

    fn has_children(&self) -> bool {
        !self.keys.is_empty() || !self.elements.is_empty() || self.every.is_some()
    }
}

/// The child of a name, made if it is new.
fn child<K>(children: &mut Vec<(K, Tree)>, same: impl Fn(&K) -> bool, make: impl Fn() -> K) -> &mut Tree {
    let at = children.iter().position(|(key, _)| same(key)).unwrap_or_else(|| {
        children.push((make(), Tree::default()));
        children.len() - 1
    });
    &mut children[at].1
}

/// Go through the records of a JSON text.
pub fn read(text: &str, key: Option<&str>, paths: &[String], each: &mut Each) -> Result<(), Invalid> {
    let tree = Tree::new(paths);
    let mut cells = vec![String::new(); paths.len()];
    let mut lines = Lines::new(text);
    framing::read(text, key, &mut |frame| {
        let (Frame::Record(raw) | Frame::Broken(raw)) = frame;
        let line = lines.at(raw.as_ptr() as usize - text.as_ptr() as usize);
        let broken = |reason: &str| Event::Broken { line, raw, reason: reason.to_owned() };
        each(match frame {
            Frame::Broken(_) => broken("line is not valid JSON"),
            Frame::Record(_) if !raw.starts_with('{') => broken("record is no JSON object"),
            Frame::Record(_) => match take(&tree, raw, &mut cells) {
                Ok(()) => Event::Record(Record { line, raw, cells: Cells::Values(&cells) }),
                Err(_) => broken("record is not valid JSON"),
            },
        })
    })
}

/// Take the values of one record.
fn take(tree: &Tree, raw: &str, cells: &mut [String]) -> serde_json::Result<()> {
    cells.iter_mut().for_each(String::clear);
    Capture { tree, cells, presence: false }.deserialize(&mut serde_json::Deserializer::from_str(raw))
}

/// Which paths are in a record, though their values be null; added to what is known of earlier records.
pub fn note_present(raw: &str, paths: &[String], present: &mut [bool]) {
    let mut cells = vec![String::new(); paths.len()];
    let capture = Capture { tree: &Tree::new(paths), cells: &mut cells, presence: true };
    if raw.starts_with('{') && capture.deserialize(&mut serde_json::Deserializer::from_str(raw)).is_ok() {
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

/// Takes what a tree names out of one value.
struct Capture<'c> {
    tree: &'c Tree,
    cells: &'c mut [String],
    /// Ask only whether there is a value, be it null or an object.
    presence: bool,
}

impl<'de> DeserializeSeed<'de> for Capture<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        if self.tree.cells.is_empty() {
            return deserializer.deserialize_any(self);
        }
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        self.fill(raw);
        if self.tree.has_children() && raw.starts_with(['{', '[']) {
            // The text is valid JSON: it has just been read.
            let _ = serde_json::Deserializer::from_str(raw).deserialize_any(self);
        }
        Ok(())
    }
}

impl Capture<'_> {
    /// Put a value into the cells of this place: scalars as they are written, lists of them with commas.
    fn fill(&mut self, raw: &str) {
        if self.presence {
            self.put("1", true);
        } else if raw.starts_with('[') {
            let elements: Vec<&RawValue> = serde_json::from_str(raw).unwrap_or_default();
            let scalars = elements.iter().map(|element| element.get()).filter(|raw| !raw.starts_with(['{', '[']));
            scalars.for_each(|raw| self.put(raw, true));
        } else {
            self.put(raw, self.tree.many);
        }
    }

    fn put(&mut self, raw: &str, many: bool) {
        let unescaped;
        let text = match raw.as_bytes() {
            [b'{', ..] | b"null" => return,
            [b'"', inside @ .., b'"'] if inside.contains(&b'\\') => {
                // A lone surrogate has no text; what is left of the string is not worth guessing.
                unescaped = serde_json::from_str::<String>(raw).unwrap_or_default();
                &unescaped
            }
            [b'"', .., b'"'] => &raw[1..raw.len() - 1],
            _ => raw,
        };
        for &cell in &self.tree.cells {
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

impl<'de> Visitor<'de> for Capture<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(child) = map.next_key_seed(Key(self.tree))? {
            match child {
                Some(tree) => {
                    map.next_value_seed(Capture { tree, cells: &mut *self.cells, presence: self.presence })?;
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        for at in 0.. {
            let own = self.tree.elements.iter().find(|(element, _)| *element == at).map(|(_, tree)| tree);
            let more = match own.or(self.tree.every.as_deref()) {
                Some(tree) => {
                    seq.next_element_seed(Capture { tree, cells: &mut *self.cells, presence: self.presence })?.is_some()
                }
                None => seq.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    // Scalars where the paths lead further down: nothing is there.

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Finds a key among a tree's children.
struct Key<'c>(&'c Tree);

impl<'de, 'c> DeserializeSeed<'de> for Key<'c> {
    type Value = Option<&'c Tree>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'c> Visitor<'_> for Key<'c> {
    type Value = Option<&'c Tree>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.keys.iter().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, tree)| tree))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(record: &str, paths: &[&str]) -> Vec<String> {
        let paths: Vec<String> = paths.iter().map(|&path| path.to_owned()).collect();
        let mut cells = vec!["old".to_owned(); paths.len()];
        take(&Tree::new(&paths), record, &mut cells).unwrap();
        cells
    }

    #[test]
    fn paths_lead_to_values_as_they_are_written() {
        let record = r#"{"ID": 12345678901234567890123, "a": {"b": [{"c": "x\ny"}, {"c": null}, {"c": true}]},
            "tags": ["red", "blue", {"no": 1}], "n": 1.10, "d.e": 5, "empty": {}, "a2": "z"}"#;
        assert_eq!(
            values(
                record,
                &["id", "a.b[0].c", "a.b[].c", "tags", "tags[]", "tags[1]", "n", "d.e", "empty", "a2.b", "zz"]
            ),
            ["12345678901234567890123", "x\ny", "x\ny,true", "red,blue", "red,blue", "blue", "1.10", "5", "", "", ""]
        );
        assert_eq!(values(record, &["a", "a.b", "a.b[9].c"]), ["", "", ""]);
        assert_eq!(values(r#"{"x": "\ud800", "y": [[1], 2]}"#, &["x", "y"]), ["", "2"]);
    }

    #[test]
    fn presence_does_not_ask_for_a_value() {
        let paths = ["sid", "a[0].b", "a[].b", "a.b", "a[1].b", "a"].map(str::to_owned);
        let mut present = [false; 6];
        note_present(r#"{"Sid": null, "a": [{"b": 1}]}"#, &paths, &mut present);
        assert_eq!(present, [true, true, true, false, false, true]);
    }
}
