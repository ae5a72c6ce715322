//! Lists inside JSON records, each object of which is a row of a further table: the messages of a conversation.
//!
//! The further table's paths begin at such an object. What becomes of the row is in `fill.rs`.

use super::header::Header;
use super::json::{self, Taker, whole};
use super::number;
use super::profile::Events;
use super::record::Record;

/// One list, and what is taken of its objects.
#[derive(Debug)]
pub struct Inner {
    /// The cell that holds the list as it is written.
    list: usize,
    /// The cell that says how many objects there should be.
    whole: Option<usize>,
    paths: Vec<String>,
    taker: Taker,
}

impl Inner {
    /// The list of a profile's events in the record, and the paths that `objects` have been asked for. `None` where the
    /// file has no paths at all.
    pub fn new(events: &Events, header: &mut Header, objects: &Header) -> Option<Self> {
        let paths = objects.names().to_vec();
        let list = header.position(&whole(events.each.as_deref()?), None)?;
        let whole = events.whole.as_deref().and_then(|path| header.position(path, None));
        Some(Self { list, whole, taker: Taker::new(&paths), paths })
    }

    /// The same for another piece of the file.
    pub fn fork(&self) -> Self {
        Self { list: self.list, whole: self.whole, paths: self.paths.clone(), taker: Taker::new(&self.paths) }
    }

    /// Go through the objects of a record's list.
    pub fn each(&mut self, record: &Record, each: &mut dyn FnMut(&Record)) {
        let list = record.cell(self.list);
        let all = self.whole.and_then(|whole| number::whole(record.cell(whole), Some('.')));
        let is_whole = |all| usize::try_from(all).map_or(true, |all| json::objects(list).count() >= all);
        if all.is_none_or(is_whole) {
            self.taker.each(list, record.line, each);
        }
    }
}
