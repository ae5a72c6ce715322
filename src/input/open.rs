//! Bytes of a file → text: compression, encoding, and what is no text at all.
//!
//! Compression is told by content, never by name. The encoding is the byte-order mark's, else UTF-8 where the
//! bytes are valid, else what settings or profile say, else Windows-1252, which can read anything.

use super::trouble::Trouble;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::Read;

/// A file as text.
#[derive(Debug, Clone)]
pub struct Opened {
    pub text: String,
    /// `UTF-8`, `windows-1252` …
    pub encoding: &'static str,
    /// Nothing said what the encoding is: it was taken for Windows-1252.
    pub guessed: bool,
}

/// The SHA-256 of raw bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = |byte: &u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    bytes.iter().flat_map(digits).map(char::from).collect()
}

/// Unpack what is packed with gzip, in one or several members; anything else stays as it is.
pub fn unpack(file: &str, bytes: Vec<u8>) -> Result<Vec<u8>, Trouble> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::with_capacity(bytes.len().saturating_mul(4));
    match MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked) {
        Ok(_) => Ok(unpacked),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(Trouble::new(format!("`{file}` ends in the middle of its compressed data"))
                .hint("copy or download it again: its end is missing"))
        }
        Err(error) => Err(Trouble::new(format!("`{file}` cannot be unpacked"))
            .detail(error.to_string())
            .hint("copy or download it again: its compressed data is damaged")),
    }
}

/// Decode. `wished` is the encoding that settings or profile name, for bytes that say nothing themselves.
pub fn decode(bytes: Vec<u8>, wished: Option<&'static Encoding>) -> Opened {
    let marked = Encoding::for_bom(&bytes).map(|(encoding, _)| encoding);
    match marked.or_else(|| utf16_without_mark(&bytes)) {
        Some(encoding) if encoding != UTF_8 => return decoded(&bytes, encoding, false),
        _ => {}
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            Opened { text, encoding: UTF_8.name(), guessed: false }
        }
        Err(error) => decoded(error.as_bytes(), wished.unwrap_or(WINDOWS_1252), wished.is_none()),
    }
}

fn decoded(bytes: &[u8], encoding: &'static Encoding, guessed: bool) -> Opened {
    let (text, encoding, _) = encoding.decode(bytes);
    Opened { text: Cow::into_owned(text), encoding: encoding.name(), guessed }
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

    #[test]
    fn every_encoding_is_told() {
        let text = "Número;Día\n1;2\n";
        for (bytes, encoding, guessed) in [
            (text.as_bytes().to_vec(), "UTF-8", false),
            (format!("\u{feff}{text}").into_bytes(), "UTF-8", false),
            (utf16(text, true, false), "UTF-16LE", false),
            (utf16(text, true, true), "UTF-16BE", false),
            (utf16(text, false, false), "UTF-16LE", false),
            (utf16(text, false, true), "UTF-16BE", false),
            (WINDOWS_1252.encode(text).0.into_owned(), "windows-1252", true),
        ] {
            let opened = decode(bytes, None);
            assert_eq!((opened.text.as_str(), opened.encoding, opened.guessed), (text, encoding, guessed));
        }
        let (bytes, ..) = encoding_rs::SHIFT_JIS.encode("顧客");
        assert_eq!(decode(bytes.into_owned(), encoding("shift_jis").ok()).text, "顧客");
        assert!(encoding("fnord").is_err());
        assert_eq!(decode(vec![0, b'a', 0], None).text, "\0a\0");
    }

    #[test]
    fn gzip_is_told_by_its_bytes() {
        let packed = [gzip(b"a,b\n"), gzip(b"1,2\n")].concat();
        assert_eq!(unpack("x", packed.clone()), Ok(b"a,b\n1,2\n".to_vec()));
        assert_eq!(unpack("x.gz", b"a,b\n".to_vec()), Ok(b"a,b\n".to_vec()));
        let short = unpack("x.csv.gz", packed[..packed.len() - 3].to_vec()).unwrap_err();
        assert_eq!(short.what, "`x.csv.gz` ends in the middle of its compressed data");
        let mut damaged = gzip(&b"abcdefgh".repeat(100));
        damaged[15] ^= 0xff;
        assert!(unpack("x", damaged).is_err());
    }

    #[test]
    fn hashes_are_of_raw_bytes() {
        assert!(sha256(b"").starts_with("e3b0c44298fc1c14"));
        assert_eq!(hex(&[0, 0x7f, 0xff]), "007fff");
    }
}
