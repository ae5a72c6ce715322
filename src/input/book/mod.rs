//! Excel workbooks: a sheet as the text that it would be if it were saved as CSV, one line a row.
//!
//! So titles, headers, footers and repeated headers are found in sheets as in any CSV, and the line of a reject is the
//! number that Excel shows at the row. A workbook is told by content, wherever it lies. The line is `claims` (what it
//! says of itself, counted before it is believed) → `choice` (which of its sheets) → `text` (rows to lines) → `shown`
//! (what a cell says). Packed as it is, a workbook is held while its sheets become text, and so are the texts that its
//! cells share; what is left then is the text of the sheets that are read, packed too.

mod choice;
mod claims;
mod shown;
#[cfg(test)]
mod tests;
mod text;

use super::USUAL;
use super::archive;
use super::find::Found;
use super::headway::Step;
use super::open::{Bytes, Content};
use super::source::{self, Done, Failure, Reading};
use super::trouble::Trouble;
use crate::notice::Notice;
use calamine::{Reader, SheetType, SheetVisible, Xlsx};
pub use choice::{Fits, wanted};
pub use claims::{is_binary, is_workbook};
use std::io::{Cursor, Read, Seek, SeekFrom};

/// Workbooks are held as they are packed: so many bytes at most.
const MOST: usize = 1 << 28;
/// More sheets than these nobody looks at.
const TABS: usize = 1_000;

/// A sheet that is read.
#[derive(Debug)]
pub struct Sheet {
    /// Its text, with gzip.
    pub packed: Vec<u8>,
    /// Of its workbook.
    pub sha256: String,
    pub notices: Vec<Notice>,
}

/// What is read of a workbook.
pub struct Chosen {
    /// Each as a file of its own.
    pub sheets: Vec<(Found, Sheet)>,
    /// What is said of those that are not.
    pub left: Option<Notice>,
}

/// Read a file, if it is a workbook.
pub fn read(found: &Found, content: Content, with: Reading) -> Result<Option<Vec<Done>>, Failure> {
    let wanted = wanted(found, with.settings)?;
    let fits: [Fits; 1] = [&|found, top| source::fits(found, top, with)];
    let progress = |bytes| (with.progress)(Step::Bytes(bytes));
    let Some(chosen) = sheets((found, content), wanted, &fits, &progress)? else { return Ok(None) };
    let mut all = Vec::new();
    let mut left = chosen.left;
    // All bytes of the workbook have been told of.
    let rows = |step| match step {
        Step::Rows(_) => (with.progress)(step),
        Step::Bytes(_) => {}
    };
    for (found, sheet) in &chosen.sheets {
        let mut done = source::read(found, Content::Sheet(sheet), Reading { progress: &rows, ..with })?;
        if let Some(first) = done.first_mut() {
            first.notices.extend(sheet.notices.iter().cloned().chain(left.take()));
        }
        all.extend(done);
    }
    Ok(Some(all))
}

/// The sheets that are read of a file, if it is a workbook: those wanted, else the first that fits.
pub fn sheets(
    (found, content): (&Found, Content),
    wanted: &[String],
    fits: &[Fits],
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Option<Chosen>, Failure> {
    let Some(raw) = Raw::read(&found.shown, content)? else { return Ok(None) };
    let mut book = Book::open(&found.shown, &raw, progress).map_err(Failure::Misfit)?;
    if book.is_own() {
        return Err(Failure::OwnOutput);
    }
    let (tabs, left) = choice::choose(&mut book, found, wanted, fits)?;
    let mut sheets = Vec::new();
    for tab in tabs {
        let own = found.at_sheet(&book.tabs[tab].name);
        let sheet = book.sheet(tab, &own.shown).map_err(Failure::Misfit)?;
        sheets.push((own, sheet));
    }
    Ok(Some(Chosen { sheets, left }))
}

/// A sheet of a workbook once more.
pub fn again(file: &str, content: Content, name: &str) -> Result<Option<Sheet>, Failure> {
    let Some(raw) = Raw::read(file, content)? else { return Ok(None) };
    let mut book = Book::open(file, &raw, &|_| {}).map_err(Failure::Misfit)?;
    let tab = book.tabs.iter().position(|tab| tab.name == name);
    tab.map(|tab| book.sheet(tab, file)).transpose().map_err(Failure::Misfit)
}

/// A workbook as it is packed.
struct Raw {
    bytes: Vec<u8>,
    sha256: String,
}

impl Raw {
    /// The bytes of a file, if it is a workbook that can be held.
    fn read(file: &str, content: Content) -> Result<Option<Self>, Failure> {
        if !archive::is_archive(&source::top(file, content, archive::MARK)?.0) {
            return Ok(None);
        }
        let mut from = Bytes::open(file, content, true)?;
        let mut bytes = Vec::new();
        // Pieces, for nobody knows how many will come.
        while !from.fill(&mut bytes, USUAL)? {
            if bytes.len() > MOST {
                return Ok(None);
            }
        }
        let sha256 = from.sha256().unwrap_or_default();
        let is_book = claims::check(file, &bytes).map_err(Failure::Misfit)?;
        Ok(is_book.then_some(Self { bytes, sha256 }))
    }
}

/// An open workbook.
struct Book<'b> {
    file: &'b str,
    sha256: &'b str,
    xlsx: Xlsx<Told<'b>>,
    tabs: Vec<Tab>,
}

/// What can be clicked below its cells.
struct Tab {
    name: String,
    hidden: bool,
    /// There are cells in it, and no chart alone.
    has_cells: bool,
}

impl<'b> Book<'b> {
    fn open(file: &'b str, raw: &'b Raw, progress: &'b (dyn Fn(u64) + Sync)) -> Result<Self, Trouble> {
        let told = Told { bytes: Cursor::new(&raw.bytes), count: 0, progress };
        let xlsx = Xlsx::new(told).map_err(|error| damaged(file, &error.to_string()))?;
        if xlsx.sheets_metadata().len() > TABS {
            return Err(too_much(file));
        }
        let tabs = xlsx.sheets_metadata().iter().map(|sheet| Tab {
            name: sheet.name.clone(),
            hidden: sheet.visible != SheetVisible::Visible,
            has_cells: sheet.typ == SheetType::WorkSheet,
        });
        Ok(Self { file, sha256: &raw.sha256, tabs: tabs.collect(), xlsx })
    }

    /// Whether deskstat wrote it.
    fn is_own(&mut self) -> bool {
        let about = self.xlsx.workbook_properties().ok();
        about.and_then(|about| about.creator).is_some_and(|who| who.starts_with("deskstat "))
    }

    /// The beginning of a sheet as text.
    fn top(&mut self, tab: usize) -> Result<Vec<u8>, Trouble> {
        text::top(&mut self.xlsx, &self.tabs[tab].name).map_err(|halt| halt.said(self.file))
    }

    /// A sheet as text; `shown` is how it is called.
    fn sheet(&mut self, tab: usize, shown: &str) -> Result<Sheet, Trouble> {
        let (packed, met) = text::packed(&mut self.xlsx, &self.tabs[tab].name).map_err(|halt| halt.said(self.file))?;
        Ok(Sheet { packed, sha256: self.sha256.to_owned(), notices: met.notices(shown) })
    }
}

/// What is wrong with a workbook that cannot be read.
fn damaged(file: &str, why: &str) -> Trouble {
    Trouble::new(format!("`{file}` is a damaged workbook"))
        .detail(why)
        .hint("open it with a spreadsheet and save it anew, or save the sheet as CSV")
}

/// What is wrong with one that would take all memory.
fn too_much(file: &str) -> Trouble {
    Trouble::new(format!("`{file}` is a workbook with too much in it"))
        .hint("save the sheet as CSV, which is read whatever its size")
}

/// The bytes of a workbook, told of as they are read.
struct Told<'b> {
    bytes: Cursor<&'b Vec<u8>>,
    count: u64,
    progress: &'b (dyn Fn(u64) + Sync),
}

impl Read for Told<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        // Some parts are read more than once.
        self.count = (self.count + read as u64).min(self.bytes.get_ref().len() as u64);
        (self.progress)(self.count);
        Ok(read)
    }
}

impl Seek for Told<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.bytes.seek(to)
    }
}
