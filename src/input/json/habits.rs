//! What records usually look like: an object mostly has the keys of the one that stood in its place before, written the
//! same way and in the same order. Then they need not be read and looked up once more.
//!
//! What comes of a record does not depend on it: a key that is written in another way is read (`json.rs`).

use super::paths::{Child, Tree};
use super::walker::Walker;

/// Objects with more keys than that have no habits beyond: a record may be anything.
const MOST: usize = 256;

/// By the places of a tree: the keys of the last object there.
#[derive(Debug, Default)]
pub struct Habits(Vec<Vec<Known>>);

/// A key that was read.
#[derive(Debug)]
struct Known {
    /// With its quotes and its colon.
    written: String,
    /// What is wanted of its value.
    child: Option<Child>,
}

impl Habits {
    /// None yet, at so many places.
    pub fn new(places: usize) -> Self {
        Self((0..places).map(|_| Vec::new()).collect())
    }

    /// Pass the n-th key of an object if it is the usual one; what is wanted of its value.
    #[inline]
    pub fn pass(&self, tree: &Tree, nth: usize, walker: &mut Walker) -> Option<Option<Child>> {
        let known = self.0.get(tree.place)?.get(nth)?;
        walker.pass(&known.written).then_some(known.child)
    }

    /// Take note of the n-th key of an object.
    pub fn note(&mut self, tree: &Tree, nth: usize, written: &str, child: Option<Child>) {
        let Some(keys) = self.0.get_mut(tree.place) else { return };
        match keys.get_mut(nth) {
            Some(known) => {
                written.clone_into(&mut known.written);
                known.child = child;
            }
            None if nth < MOST => keys.push(Known { written: written.to_owned(), child }),
            None => {}
        }
    }
}
