//! The form of one file: how its bytes become records, once that is known.
//!
//! Told in `source.rs` by the top of the file; used there to read it, and in `again.rs` to look at it once more.

use super::csv::{self, Rules, Stop, Stretch};
use super::detect::{self, Body, Fit};
use super::header::Header;
use super::json;
use super::open::{Bytes, Content, Text};
use super::pieces::{Cut, Piece, Pieces};
use super::record::{Each, line_end};
use super::source::Failure;
use encoding_rs::Encoding;
use memchr::memchr_iter;

/// How a file is read.
#[derive(Debug)]
pub struct Form {
    pub fit: Fit,
    encoding: &'static Encoding,
    line_end: u8,
    /// How many bytes and lines stand above the records.
    above: (usize, u64),
}

impl Form {
    /// Of a file with this profile and encoding, whose text begins so.
    pub fn new(fit: Fit, encoding: &'static Encoding, top: &[u8]) -> Self {
        let line_end = line_end(top);
        let above = match &fit.body {
            Body::Csv(layout) => {
                let above = top.get(..layout.body).unwrap_or(top);
                (layout.body, memchr_iter(line_end, above).count() as u64)
            }
            Body::Json => (0, 0),
        };
        Self { fit, encoding, line_end, above }
    }

    /// The text below the header, in pieces of about this size. `summed`: with its SHA-256.
    pub fn pieces<'f>(
        &self,
        (file, content): (&'f str, Content<'f>),
        size: usize,
        progress: &'f (dyn Fn(u64) + Sync),
        summed: bool,
    ) -> Result<Pieces<'f>, Failure> {
        let cut = match self.fit.body {
            Body::Csv(_) => Cut::Rows(self.line_end),
            Body::Json => Cut::Never,
        };
        let text = Text::new(Bytes::open(file, content, summed)?, self.encoding);
        Pieces::new(text, cut, size, self.above, progress)
    }

    /// Go through the events of a piece; where its last record ended.
    pub fn each(
        &self,
        file: &str,
        piece: &Piece,
        ended: bool,
        header: &Header,
        each: &mut Each,
    ) -> Result<Stop, Failure> {
        let text = std::str::from_utf8(&piece.bytes).map_err(|_| Failure::NotUtf8)?;
        match &self.fit.body {
            Body::Csv(layout) => {
                let rules = Rules::new(layout, &self.fit.profile.read.footer, self.line_end);
                Ok(csv::read(Stretch { text, line: piece.line, last: piece.last, ended }, &rules, each))
            }
            Body::Json => {
                let key = self.fit.profile.detect.records.as_deref();
                json::read(text, key, header.names(), each)
                    .map_err(|invalid| Failure::Misfit(detect::not_json(file, text, invalid)))?;
                Ok(Stop { byte: text.len(), line: 0, ended: false })
            }
        }
    }
}
