//! What a workbook says of itself, counted before it is believed.
//!
//! The crate that reads workbooks holds the texts that cells share, styles and the list of sheets as a whole, and makes
//! room for as many texts as are announced. So every part is unpacked here once, kept nowhere, and what is too much is
//! refused. A further claim to be doubted is one line in `part`.

use super::super::refuse;
use super::super::trouble::Trouble;
use super::{damaged, too_much};
use flate2::read::DeflateDecoder;
use memchr::{memchr2, memmem, memrchr};
use rawzip::extra_fields::ExtraFieldId;
use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};
use std::io::Read;

/// All parts together unpack to so many bytes at most.
const ALL: u64 = 1 << 31;
/// The texts that cells share.
const TEXTS: u64 = 1 << 29;
/// Parts that list sheets, styles and such.
const LISTS: u64 = 1 << 24;
/// What stands between two tags: Excel's cells hold 32,767 characters.
const BETWEEN: usize = 1 << 24;
/// So many shared texts may be announced.
const ANNOUNCED: u64 = 1 << 24;
/// How much is unpacked at once, and how much of that is looked at once more.
const BLOCK: usize = 1 << 16;
const SEAM: usize = 1 << 10;

/// Whether an archive is a workbook, and one that can be read.
pub fn check(file: &str, bytes: &[u8]) -> Result<bool, Trouble> {
    let Ok(archive) = ZipArchive::from_slice(bytes) else {
        return if memmem::find(bytes, b"xl/").is_some() { Err(cut(file)) } else { Ok(false) };
    };
    let names = names(&archive).ok_or_else(|| cut(file))?;
    if names.iter().any(|name| is_binary(name)) {
        return Err(refuse::binary_workbook(file));
    }
    if !names.iter().any(|name| is_workbook(name)) {
        return Ok(false);
    }
    let mut left = ALL;
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(|_| cut(file))? {
        left -= part(file, &archive, &entry, left)?;
    }
    Ok(true)
}

/// Whether a member of an archive is what makes it a workbook.
pub fn is_workbook(name: &str) -> bool {
    name.starts_with("xl/workbook") && name.ends_with(".xml")
}

/// The same, of workbooks that cannot be read.
pub fn is_binary(name: &str) -> bool {
    name == "xl/workbook.bin"
}

fn names(archive: &ZipSliceArchive<&[u8]>) -> Option<Vec<String>> {
    let (mut names, mut entries) = (Vec::new(), archive.entries());
    while let Some(entry) = entries.next_entry().ok()? {
        names.push(name(&entry));
    }
    Some(names)
}

fn name(entry: &ZipFileHeaderRecord) -> String {
    String::from_utf8_lossy(entry.file_path().as_bytes()).to_lowercase()
}

/// Unpack a part; how many bytes it is, of those that are left.
fn part(file: &str, archive: &ZipSliceArchive<&[u8]>, entry: &ZipFileHeaderRecord, left: u64) -> Result<u64, Trouble> {
    let place = archive.get_entry(entry.wayfinder()).map_err(|_| cut(file))?;
    let mut from: Box<dyn Read> = match entry.compression_method() {
        CompressionMethod::STORE => Box::new(place.data()),
        CompressionMethod::DEFLATE => Box::new(DeflateDecoder::new(place.data())),
        _ => return Err(damaged(file, "it is packed in a way that workbooks are not")),
    };
    if entry.extra_fields().any(|(id, _)| id == ExtraFieldId::INFO_ZIP_UNICODE_PATH) {
        return Err(damaged(file, "a part of it has two names"));
    }
    let name = name(entry);
    let texts = name.ends_with("sharedstrings.xml");
    let most = left.min(if texts { TEXTS } else { held_as_a_whole(&name).map_or(left, |most| most) });
    let (mut block, mut seam, mut come, mut between) = (vec![0; SEAM + BLOCK], SEAM, 0, 0);
    loop {
        let read = from.read(&mut block[SEAM..]).map_err(|_| damaged(file, "a part of it cannot be unpacked"))?;
        come += read as u64;
        if read == 0 {
            return Ok(come);
        }
        if come > most {
            let most = crate::notice::thousands(most >> 20);
            return Err(too_much(file).detail(format!("a part of it unpacks to more than {most} MiB")));
        }
        let end = SEAM + read;
        between = memrchr(b'<', &block[SEAM..end]).map_or(between + read, |tag| read - tag);
        if between > BETWEEN {
            return Err(too_much(file).detail("a cell of it is longer than any that Excel writes"));
        }
        if texts {
            plausible(&block[seam..end]).map_err(|why| damaged(file, why))?;
        }
        // What is announced may stand across two blocks.
        block.copy_within(end - SEAM..end, 0);
        seam = usize::try_from(come).map_or(0, |come| SEAM.saturating_sub(come));
    }
}

/// How long a part may be of which all is held.
fn held_as_a_whole(name: &str) -> Option<u64> {
    let own = name.rsplit('/').next().unwrap_or(name);
    let is_list = own.starts_with("workbook") || own.starts_with("styles") || own.starts_with("theme");
    (is_list || own.ends_with(".rels") || name.starts_with("docprops/")).then_some(LISTS)
}

/// Whether so many shared texts can be as are announced. What is not ASCII at heart could announce them unseen, and so
/// could what goes on for longer than is looked at twice.
fn plausible(block: &[u8]) -> Result<(), &'static str> {
    if memchr2(0, 0x1b, block).is_some() {
        return Err("its texts are in an encoding that workbooks do not have");
    }
    for at in memmem::find_iter(block, b"uniqueCount") {
        let rest = &block[at + b"uniqueCount".len()..];
        let start = rest.iter().position(u8::is_ascii_digit).unwrap_or(rest.len());
        let is_value = rest[..start].iter().all(|byte| b" \t\r\n='\"+".contains(byte));
        let end = rest[start..].iter().position(|byte| !byte.is_ascii_digit());
        if is_value && end.is_none() && block.len() - at >= SEAM {
            return Err("it announces its texts in a way that workbooks do not");
        }
        let digits = &rest[start..start + end.unwrap_or(rest.len() - start)];
        let count =
            digits.iter().fold(0_u64, |count, digit| count.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        if is_value && count > ANNOUNCED {
            return Err("it announces more texts than there can be");
        }
    }
    Ok(())
}

fn cut(file: &str) -> Trouble {
    damaged(file, "its directory is not whole: it may have been cut short on its way")
}
