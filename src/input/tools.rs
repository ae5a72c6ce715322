//! What the parsers of one file share: its clocks and its country, and what they have met that is said once a file.
//!
//! What a cell means by them is in `cell.rs`.

use super::local_time::LocalTime;

/// What parsers of one file share.
#[derive(Debug)]
pub struct Tools {
    pub local: LocalTime,
    /// The report's own zone, in which days begin.
    pub days: LocalTime,
    pub region: Option<phonenumber::country::Id>,
    /// Moments without a zone were read in `local`.
    pub zoneless: bool,
    /// Phone numbers that a spreadsheet damaged, and one of them.
    pub damaged: u64,
    pub damaged_example: String,
}

impl Tools {
    /// The same for another piece of the file.
    pub fn fork(&self) -> Self {
        let (zoneless, damaged, damaged_example) = (false, 0, String::new());
        Self {
            local: self.local.clone(),
            days: self.days.clone(),
            region: self.region,
            zoneless,
            damaged,
            damaged_example,
        }
    }

    /// Put what a piece that follows has met to this.
    pub fn absorb(&mut self, part: Self) {
        self.zoneless |= part.zoneless;
        self.damaged += part.damaged;
        if self.damaged_example.is_empty() {
            self.damaged_example = part.damaged_example;
        }
    }
}
