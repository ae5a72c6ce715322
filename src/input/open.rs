//! Bytes of a file → blocks of UTF-8: compression and encoding.
//!
//! A file is read from its beginning as often as it must be, and never held as a whole. Compression is told by
//! content, never by name; members of archives are unpacked in `archive.rs`, and may be packed with gzip themselves;
//! sheets of workbooks become text in `book/`. The encoding is the byte-order mark's, else UTF-8 where the bytes are
//! valid, else what settings or profile say, else Windows-1252, which can read anything; whether they are valid, those
//! who read the text find out.

use super::archive::{Member, Unpacked};
use super::book::Sheet;
use super::source::Failure;
use super::trouble::Trouble;
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;

/// How much is asked of the system at once.
const BUFFER: usize = 1 << 17;
/// Room for as much is made at once.
const ROOM: usize = 1 << 21;
/// What gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Where a file's bytes are.
#[derive(Debug, Clone, Copy)]
pub enum Content<'f> {
    At(&'f Path),
    /// In the archive at a path.
    In(&'f Path, &'f Member),
    /// What came from standard input: it can be read but once.
    Held(&'f [u8]),
    /// A sheet of a workbook.
    Sheet(&'f Sheet),
}

impl<'f> Content<'f> {
    /// Of a file, or of a member of it.
    pub fn of(path: &'f Path, member: Option<&'f Member>) -> Self {
        member.map_or(Content::At(path), |member| Content::In(path, member))
    }
}

/// A file's bytes, unpacked, as they come.
pub struct Bytes<'f> {
    file: &'f str,
    packed: Packed<'f>,
    /// How many there are, of a file that is not packed.
    length: Option<u64>,
}

/// The raw bytes, packed or not.
enum Packed<'f> {
    Plain(Counted<'f>),
    Gzip(Box<MultiGzDecoder<Counted<'f>>>),
}

type Counted<'f> = BufReader<Raw<'f>>;

/// Bytes of a file or member on their way, counted and, where that is wanted, summed up.
struct Raw<'f> {
    from: Origin<'f>,
    count: u64,
    sum: Sum<'f>,
}

/// The SHA-256 of the raw bytes.
enum Sum<'f> {
    Unwanted,
    Growing(Box<Sha256>),
    /// Of the workbook that a sheet was made from.
    Known(&'f str),
}

/// Where they come from.
enum Origin<'f> {
    Whole(Box<dyn Read + Send + 'f>),
    Member(Box<Unpacked>),
}

impl Read for Raw<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = match &mut self.from {
            Origin::Whole(from) => from.read(buffer)?,
            Origin::Member(from) => from.read(buffer)?,
        };
        self.count += read as u64;
        if let Sum::Growing(sum) = &mut self.sum {
            sum.update(&buffer[..read]);
        }
        Ok(read)
    }
}

impl<'f> Bytes<'f> {
    /// From the beginning. `summed`: sum up the raw bytes on the way.
    pub fn open(file: &'f str, content: Content<'f>, summed: bool) -> Result<Self, Failure> {
        let from = match content {
            Content::At(path) => File::open(path).map(|file| Origin::Whole(Box::new(file))),
            Content::In(path, member) => member.open(path).map(|member| Origin::Member(Box::new(member))),
            Content::Held(bytes) => Ok(Origin::Whole(Box::new(Cursor::new(bytes)))),
            Content::Sheet(sheet) => Ok(Origin::Whole(Box::new(Cursor::new(&sheet.packed)))),
        };
        let sum = match content {
            Content::Sheet(sheet) => Sum::Known(&sheet.sha256),
            _ if summed => Sum::Growing(Box::default()),
            _ => Sum::Unwanted,
        };
        let from = from.map_err(|error| unreadable(file, &error))?;
        let is_member = matches!(from, Origin::Member(_));
        let raw = Raw { from, count: 0, sum };
        let mut counted = BufReader::with_capacity(BUFFER, raw);
        let top = counted.fill_buf().map_err(|error| failure(file, is_member, &error))?;
        let (packed, length) = if top.starts_with(&GZIP) {
            (Packed::Gzip(Box::new(MultiGzDecoder::new(counted))), None)
        } else {
            (Packed::Plain(counted), length(content))
        };
        Ok(Self { file, packed, length })
    }

    /// Add so many bytes, or as many as there are; whether all have come.
    pub fn fill(&mut self, buffer: &mut Vec<u8>, wanted: usize) -> Result<bool, Failure> {
        let limit = wanted as u64;
        buffer.reserve(wanted.min(ROOM));
        let read = match &mut self.packed {
            Packed::Plain(plain) => plain.take(limit).read_to_end(buffer),
            Packed::Gzip(packed) => packed.take(limit).read_to_end(buffer),
        };
        let is_packed = matches!(self.packed, Packed::Gzip(_)) || matches!(self.raw().from, Origin::Member(_));
        read.map(|read| read < wanted).map_err(|error| failure(self.file, is_packed, &error))
    }

    fn raw(&self) -> &Raw<'f> {
        match &self.packed {
            Packed::Plain(plain) => plain.get_ref(),
            Packed::Gzip(packed) => packed.get_ref().get_ref(),
        }
    }

    /// How many bytes of the file have been read, of a member packed ones.
    pub fn count(&self) -> u64 {
        match &self.raw().from {
            Origin::Whole(_) => self.raw().count,
            Origin::Member(member) => member.count(),
        }
    }

    /// The SHA-256 of the raw bytes so far, in hexadecimal, if it was wanted.
    pub fn sha256(&self) -> Option<String> {
        match &self.raw().sum {
            Sum::Unwanted => None,
            Sum::Growing(sum) => Some(hex(&sum.clone().finalize())),
            Sum::Known(sum) => Some((*sum).to_owned()),
        }
    }
}

/// How many bytes there are, as the system says: for what needs no more than a guess.
fn length(content: Content) -> Option<u64> {
    match content {
        Content::At(path) => path.metadata().ok().map(|meta| meta.len()),
        Content::In(..) | Content::Sheet(_) => None,
        Content::Held(bytes) => Some(bytes.len() as u64),
    }
}

fn unreadable(file: &str, error: &std::io::Error) -> Failure {
    Failure::Undecided(Trouble::new(format!("cannot read `{file}`")).detail(error.to_string()))
}

/// Why bytes do not come.
fn failure(file: &str, is_packed: bool, error: &std::io::Error) -> Failure {
    if is_packed { Failure::Misfit(damaged(file, error)) } else { unreadable(file, error) }
}

/// What is wrong with packed data.
fn damaged(file: &str, error: &std::io::Error) -> Trouble {
    if error.kind() == std::io::ErrorKind::UnexpectedEof {
        return Trouble::new(format!("`{file}` ends in the middle of its compressed data"))
            .hint("copy or download it again: its end is missing");
    }
    Trouble::new(format!("`{file}` cannot be unpacked"))
        .detail(error.to_string())
        .hint("copy or download it again: its compressed data is damaged")
}

/// A file's text in blocks of UTF-8, without a byte-order mark.
pub struct Text<'f> {
    bytes: Bytes<'f>,
    /// What is not UTF-8 is decoded on the way.
    decoder: Option<Decoder>,
    begun: bool,
}

impl<'f> Text<'f> {
    /// The text of these bytes, from their beginning.
    pub fn new(bytes: Bytes<'f>, encoding: &'static Encoding) -> Self {
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder());
        Self { bytes, decoder, begun: false }
    }

    /// Add about so many bytes of text, or as many as there are; whether all have come. Blocks end anywhere, even
    /// within a character.
    pub fn fill(&mut self, text: &mut Vec<u8>, wanted: usize) -> Result<bool, Failure> {
        let begun = std::mem::replace(&mut self.begun, true);
        let Some(decoder) = &mut self.decoder else {
            let from = text.len();
            let last = self.bytes.fill(text, wanted.max(MARK.len()))?;
            if !begun && text[from..].starts_with(MARK) {
                text.drain(from..from + MARK.len());
            }
            return Ok(last);
        };
        let mut block = Vec::new();
        let last = self.bytes.fill(&mut block, wanted)?;
        let mut decoded = String::new();
        let mut rest = block.as_slice();
        loop {
            decoded.reserve(decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len()));
            let (result, read, _) = decoder.decode_to_string(rest, &mut decoded, last);
            rest = &rest[read..];
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        text.extend_from_slice(decoded.as_bytes());
        Ok(last)
    }

    /// How many bytes of text there are in all, where that is known before it is read.
    pub fn length(&self) -> Option<u64> {
        self.bytes.length.filter(|_| self.decoder.is_none())
    }

    /// The bytes that it is made from.
    pub fn bytes(&self) -> &Bytes<'f> {
        &self.bytes
    }
}

/// The byte-order mark of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The encoding that the beginning of a file shows; `None`: UTF-8, or one that does not show.
pub fn shown_encoding(top: &[u8]) -> Option<&'static Encoding> {
    let marked = Encoding::for_bom(top).map(|(encoding, _)| encoding);
    marked.or_else(|| utf16_without_mark(top)).filter(|encoding| *encoding != UTF_8)
}

/// The encoding that the beginning of a file tells; `utf8`: what shows no other is UTF-8 where it is valid.
pub fn told_encoding(top: &[u8], utf8: bool) -> Option<&'static Encoding> {
    // The top may end within a character.
    let is_utf8 = utf8 && std::str::from_utf8(top).map_or_else(|error| error.error_len().is_none(), |_| true);
    shown_encoding(top).or_else(|| is_utf8.then_some(UTF_8))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = |byte: &u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    bytes.iter().flat_map(digits).map(char::from).collect()
}

/// UTF-16 shows by its zeros: in text of any Western language every second byte is one.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let near = &bytes[..bytes.len().min(4_096) & !1];
    let zeros = |from: usize| near.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), near.len() / 2);
    if pairs < 2 {
        return None;
    }
    match (even * 3 > pairs * 2, odd * 3 > pairs * 2) {
        (false, true) if even * 10 < pairs => Some(UTF_16LE),
        (true, false) if odd * 10 < pairs => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding of a name.
pub fn encoding(name: &str) -> Result<&'static Encoding, Trouble> {
    Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        Trouble::new(format!("`{name}` is no encoding")).hint("write one such as windows-1252, shift_jis or utf-16le")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1252;
    use std::io::Write;

    fn utf16(text: &str, mark: bool, big: bool) -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        let units = format!("{mark}{text}").encode_utf16().collect::<Vec<_>>();
        units.iter().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    /// All text, read in blocks of so many bytes; the words of what is wrong.
    fn read(bytes: &[u8], encoding: &'static Encoding, block: usize) -> Result<String, String> {
        let said = |failure: Failure| match failure {
            Failure::Misfit(trouble) | Failure::Undecided(trouble) => trouble.what,
            _ => String::new(),
        };
        let mut text = Text::new(Bytes::open("x", Content::Held(bytes), true).map_err(said)?, encoding);
        let mut all = Vec::new();
        while !text.fill(&mut all, block).map_err(said)? {}
        assert_eq!(text.bytes().count(), bytes.len() as u64);
        assert_eq!(text.bytes().sha256(), Some(hex(&Sha256::digest(bytes))));
        String::from_utf8(all).map_err(|error| error.to_string())
    }

    #[test]
    fn every_encoding_is_told_and_read_in_blocks_of_any_size() {
        let text = "Número;Día\n1;2\n";
        for (bytes, shown) in [
            (text.as_bytes().to_vec(), None),
            (format!("\u{feff}{text}").into_bytes(), None),
            (utf16(text, true, false), Some(UTF_16LE)),
            (utf16(text, true, true), Some(UTF_16BE)),
            (utf16(text, false, false), Some(UTF_16LE)),
            (utf16(text, false, true), Some(UTF_16BE)),
        ] {
            assert_eq!(shown_encoding(&bytes), shown);
            for block in [3, 7, 1_000] {
                assert_eq!(read(&bytes, shown.unwrap_or(UTF_8), block).as_deref(), Ok(text));
            }
        }
        assert_eq!(read(&WINDOWS_1252.encode(text).0, WINDOWS_1252, 2).as_deref(), Ok(text));
        let (bytes, ..) = encoding_rs::SHIFT_JIS.encode("顧客");
        assert_eq!(encoding("shift_jis").map(|encoding| read(&bytes, encoding, 1)), Ok(Ok("顧客".to_owned())));
        assert!(encoding("fnord").is_err() && shown_encoding(&[0, b'a', 0]).is_none());
    }

    #[test]
    fn gzip_is_told_by_its_bytes() {
        let packed = [gzip(b"a,b\n"), gzip(b"1,2\n")].concat();
        assert_eq!(read(&packed, UTF_8, 5).as_deref(), Ok("a,b\n1,2\n"));
        let short = read(&packed[..packed.len() - 3], UTF_8, 100);
        assert_eq!(short, Err("`x` ends in the middle of its compressed data".to_owned()));
        let mut damaged = gzip(&b"abcdefgh".repeat(100));
        damaged[15] ^= 0xff;
        assert!(read(&damaged, UTF_8, 100).is_err());
    }

    #[test]
    fn bytes_have_two_digits() {
        assert_eq!(hex(&[0, 0x7f, 0xff]), "007fff");
    }
}
