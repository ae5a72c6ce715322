//! ZIP archives: which of their members are files to be read, and the bytes of one.
//!
//! An archive is told by content, never by name. Only its directory is read ahead: a member is unpacked on the way,
//! from its beginning as often as it must be. Names of members are words and never paths, and what a directory says
//! of sizes and checksums is only compared with what comes. Workbooks are archives too, and files by themselves:
//! they are opened in `book/`. Archives in archives are refused in `refuse.rs`.

use super::book;
use super::find::{Found, Meant, inert, is_passed_over, nothing_in};
use super::refuse;
use super::trouble::Trouble;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, FileReader, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, ZipArchive, ZipFileHeaderRecord};
use std::fs::File;
use std::io::{BufReader, Error, ErrorKind, Read, Seek, SeekFrom, Take};
use std::path::Path;

/// What archives begin with: members, nothing, and parts of an archive that has only one.
const BEGINNINGS: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
/// So many bytes tell.
pub const MARK: usize = BEGINNINGS[0].len();
/// Members that LibreOffice's own spreadsheets have.
const OPEN_DOCUMENT: [&str; 2] = ["mimetype", "content.xml"];
/// How much is asked of the system at once.
const BUFFER: usize = 1 << 17;

/// A member: where its packed bytes are, and what must come of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its path within the archive.
    pub name: String,
    start: u64,
    packed: u64,
    deflated: bool,
    size: u64,
    crc: u32,
}

/// Whether these bytes begin an archive.
pub fn is_archive(bytes: &[u8]) -> bool {
    BEGINNINGS.iter().any(|beginning| bytes.starts_with(beginning))
}

/// The members of an archive, each a file of its own, or any other file as it is.
pub fn members(found: Found) -> Vec<Found> {
    let Some(file) = found.path.as_deref().and_then(archive) else { return vec![found] };
    match listed(&found, file) {
        Ok(members) => members,
        Err(trouble) => vec![Found { refused: Some(trouble), ..found }],
    }
}

/// The file, if it is an archive. One that cannot be read is said later.
fn archive(path: &Path) -> Option<File> {
    // A pipe is read but once, and not here.
    let mut file = if path.is_file() { File::open(path).ok()? } else { return None };
    let mut top = Vec::new();
    file.by_ref().take(MARK as u64).read_to_end(&mut top).ok()?;
    is_archive(&top).then_some(file)
}

/// The members that would be read if they lay in a folder.
fn listed(archive: &Found, file: File) -> Result<Vec<Found>, Trouble> {
    let broken = |error: rawzip::Error| damaged(&archive.shown, &error.to_string());
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let directory = ZipArchive::from_file(file, &mut buffer).map_err(broken)?;
    let mut entries = directory.entries(&mut buffer);
    let (mut members, mut seen, mut open_document) = (Vec::new(), 0, 0);
    while let Some(entry) = entries.next_entry().map_err(broken)? {
        seen += 1;
        let name = name(entry.file_path().as_bytes());
        // It is opened in `book/`.
        if book::is_workbook(&name) {
            return Ok(vec![archive.clone()]);
        }
        if book::is_binary(&name) {
            return Err(refuse::binary_workbook(&archive.shown));
        }
        open_document += usize::from(OPEN_DOCUMENT.contains(&name.as_str()));
        if !is_folder(entry.file_path().as_bytes()) && !is_left_out(&name) {
            members.push(found(archive, &directory, &entry, name));
        }
    }
    if seen < directory.entries_hint() {
        return Err(damaged(&archive.shown, "its directory is not whole"));
    }
    if open_document == OPEN_DOCUMENT.len() {
        return Err(refuse::open_document(&archive.shown));
    }
    match members.as_mut_slice() {
        [] => return Err(nothing_in(&archive.shown)),
        // Whoever names an archive of one file names that file.
        [only] => only.meant = archive.meant,
        _ => {}
    }
    Ok(members)
}

/// A member as a file of its own.
fn found(archive: &Found, directory: &ZipArchive<FileReader>, entry: &ZipFileHeaderRecord, name: String) -> Found {
    let shown = format!("{}/{}", archive.shown, inert(&name));
    let whole = format!("{}/{name}", archive.name);
    let (member, refused) = match member(&shown, directory, entry, name) {
        Ok(member) => (Some(member), None),
        Err(trouble) => (None, Some(trouble)),
    };
    // A directory may say anything.
    let size = entry.compressed_size_hint().min(archive.size);
    Found { path: archive.path.clone(), member, sheet: None, refused, name: whole, shown, meant: Meant::Folder, size }
}

fn member(
    shown: &str,
    directory: &ZipArchive<FileReader>,
    entry: &ZipFileHeaderRecord,
    name: String,
) -> Result<Member, Trouble> {
    if entry.flags().is_encrypted() || entry.flags().has_strong_encryption() {
        return Err(Trouble::new(format!("`{shown}` is encrypted")).hint("unpack it with its password first"));
    }
    let method = entry.compression_method();
    if ![CompressionMethod::STORE, CompressionMethod::DEFLATE].contains(&method) {
        let trouble = Trouble::new(format!("`{shown}` is packed in a way that deskstat does not know"));
        return Err(trouble.hint("unpack it first, or make the archive anew with deflate, as most tools do"));
    }
    let place = directory.get_entry(entry.wayfinder()).map_err(|error| damaged(shown, &error.to_string()))?;
    let (start, end) = place.compressed_data_range();
    let (size, crc) = (entry.uncompressed_size_hint(), entry.crc32());
    Ok(Member { name, start, packed: end - start, deflated: method == CompressionMethod::DEFLATE, size, crc })
}

/// The path of a member, of plain names only.
fn name(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    text.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect::<Vec<_>>().join("/")
}

fn is_folder(raw: &[u8]) -> bool {
    raw.last().is_none_or(|last| matches!(last, b'/' | b'\\'))
}

/// Whether a folder would pass it over; the Finder adds a folder of its own to archives.
fn is_left_out(name: &str) -> bool {
    let own = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX") || name.is_empty() || is_passed_over(&own)
}

/// What is wrong with an archive, or with a member of it.
fn damaged(shown: &str, why: &str) -> Trouble {
    Trouble::new(format!("`{shown}` cannot be unpacked"))
        .detail(why)
        .hint("copy or download it again: the archive is damaged or its end is missing")
}

/// The bytes of a member on their way.
pub struct Unpacked {
    from: Packed,
    come: u64,
    sum: Crc,
    size: u64,
    crc: u32,
}

enum Packed {
    Stored(Take<File>),
    Deflated(DeflateDecoder<BufReader<Take<File>>>),
}

impl Member {
    /// Its bytes, from the beginning.
    pub fn open(&self, path: &Path) -> std::io::Result<Unpacked> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(self.start))?;
        let packed = file.take(self.packed);
        let from = if self.deflated {
            Packed::Deflated(DeflateDecoder::new(BufReader::with_capacity(BUFFER, packed)))
        } else {
            Packed::Stored(packed)
        };
        Ok(Unpacked { from, come: 0, sum: Crc::new(), size: self.size, crc: self.crc })
    }
}

impl Unpacked {
    /// How many packed bytes have been read.
    pub fn count(&self) -> u64 {
        match &self.from {
            Packed::Stored(_) => self.come,
            Packed::Deflated(packed) => packed.total_in(),
        }
    }

    /// What all that has come must be, now that nothing more comes.
    fn check(&self) -> std::io::Result<()> {
        if self.come < self.size {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        if self.sum.sum() != self.crc {
            return Err(Error::new(ErrorKind::InvalidData, "its checksum is wrong"));
        }
        Ok(())
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = match &mut self.from {
            Packed::Stored(from) => from.read(buffer)?,
            Packed::Deflated(from) => from.read(buffer)?,
        };
        self.come += read as u64;
        self.sum.update(&buffer[..read]);
        if self.come > self.size {
            return Err(Error::new(ErrorKind::InvalidData, "it is longer than the archive says"));
        }
        if read == 0 && !buffer.is_empty() {
            self.check()?;
        }
        Ok(read)
    }
}
