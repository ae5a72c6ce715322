//! Lists inside JSON records, each object of which is a row of a further table: the messages of a conversation.
//!
//! The further table's paths begin at such an object. What becomes of the row is in `fill.rs`.

use super::header::Header;
use super::json::{Taker, whole};
use super::record::Record;

/// One list, and what is taken of its objects.
#[derive(Debug)]
pub struct Inner {
    /// The cell that holds the list as it is written.
    list: usize,
    paths: Vec<String>,
    taker: Taker,
}

impl Inner {
    /// The list at a path of the record, and the paths that `objects` have been asked for. `None` where the file has
    /// no paths at all.
    pub fn new(path: &str, header: &mut Header, objects: &Header) -> Option<Self> {
        let paths = objects.names().to_vec();
        Some(Self { list: header.position(&whole(path), None)?, taker: Taker::new(&paths), paths })
    }

    /// The same for another piece of the file.
    pub fn fork(&self) -> Self {
        Self { list: self.list, paths: self.paths.clone(), taker: Taker::new(&self.paths) }
    }

    /// Go through the objects of a record's list.
    pub fn each(&mut self, record: &Record, each: &mut dyn FnMut(&Record)) {
        self.taker.each(record.cell(self.list), record.line, each);
    }
}
