//! How values were taken before records were walked over: with `serde_json`. What the tests of `json.rs` compare with.

use super::paths::Tree;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Take the values of one record.
pub fn take(tree: &Tree, raw: &str, cells: &mut [String]) -> serde_json::Result<()> {
    cells.iter_mut().for_each(String::clear);
    Capture { tree, cells }.deserialize(&mut serde_json::Deserializer::from_str(raw))
}

/// Takes what a tree names out of one value.
struct Capture<'c> {
    tree: &'c Tree,
    cells: &'c mut [String],
}

impl<'de> DeserializeSeed<'de> for Capture<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        if self.tree.cells.is_empty() {
            return deserializer.deserialize_any(self);
        }
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        self.fill(raw);
        if (self.tree.has_keys() || self.tree.has_elements()) && raw.starts_with(['{', '[']) {
            serde_json::Deserializer::from_str(raw).deserialize_any(self).map_err(D::Error::custom)?;
        }
        Ok(())
    }
}

impl Capture<'_> {
    /// Put a value into the cells of this place: scalars as they are written, lists of them with commas.
    fn fill(&mut self, raw: &str) {
        if raw.starts_with('[') {
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
                    map.next_value_seed(Capture { tree, cells: &mut *self.cells })?;
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        for at in 0.. {
            let more = match self.tree.element(at) {
                Some(tree) => seq.next_element_seed(Capture { tree, cells: &mut *self.cells })?.is_some(),
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
        Ok(self.0.find(key).map(|child| self.0.child(child)))
    }
}
