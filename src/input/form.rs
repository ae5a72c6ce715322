//! The form of one file: how its bytes become records, once that is known.
//!
//! Told in `source.rs` by the top of the file; used there to read it, and in `again.rs` to look at it once more.

use super::chat;
use super::csv::{self, Rules, Stop, Stretch};
use super::detect::{Body, Fit, stops_being_json};
use super::header::Header;
use super::json::Taker;
use super::json::framing::{self, Framer, Halt, Invalid};
use super::open::{Bytes, Content, Text};
use super::pieces::{Cut, Piece, Pieces};
use super::profile::Profile;
use super::record::{Each, Lines, line_end};
use super::source::Failure;
use encoding_rs::Encoding;
use memchr::memchr_iter;
use std::sync::Arc;

/// How a file is read.
#[derive(Debug)]
pub struct Form {
    pub fit: Fit,
    encoding: &'static Encoding,
    line_end: u8,
    /// How many bytes and lines stand above the records.
    above: (usize, u64),
    /// How the records of JSON stand in it.
    framing: framing::Form,
}

impl Form {
    /// Of a file with this profile and encoding, whose text begins so.
    pub fn new(fit: Fit, encoding: &'static Encoding, text: &str) -> Self {
        let top = text.as_bytes();
        let line_end = line_end(top);
        let above = match &fit.body {
            Body::Csv(layout) => {
                let above = top.get(..layout.body).unwrap_or(top);
                (layout.body, memchr_iter(line_end, above).count() as u64)
            }
            Body::Json(_) | Body::Chat(_) => (0, 0),
        };
        let key = match &fit.body {
            Body::Json(key) => key.as_deref(),
            Body::Csv(_) | Body::Chat(_) => None,
        };
        let framing = Framer::new(text, key).form().clone();
        Self { fit, encoding, line_end, above, framing }
    }

    /// Of a list that may stand beside the records, under a key, with its own profile.
    pub fn beside(&self, key: &str, profile: Arc<Profile>) -> Option<Self> {
        let framing = self.framing.beside(key)?;
        let fit = Fit { profile, own: self.fit.own, body: Body::Json(Some(key.to_owned())) };
        Some(Self { fit, framing, ..*self })
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
            Body::Csv(_) | Body::Chat(_) => Cut::Rows,
            Body::Json(_) => Cut::Records(Box::new(Framer::of(self.framing.clone()))),
        };
        let text = Text::new(Bytes::open(file, content, summed)?, self.encoding);
        Pieces::new(text, (cut, self.line_end), size, self.above, progress)
    }

    /// Go through the events of a piece, which is this text; where its last record ended.
    pub fn each(
        &self,
        file: &str,
        (piece, text): (&Piece, &str),
        ended: bool,
        header: &Header,
        each: &mut Each,
    ) -> Result<Stop, Failure> {
        match &self.fit.body {
            Body::Csv(layout) => {
                let rules = Rules::new(layout, &self.fit.profile.read.footer, self.line_end);
                Ok(csv::read(Stretch { text, line: piece.line, last: piece.last, ended }, &rules, each))
            }
            Body::Chat(_) => {
                let stretch = Stretch { text, line: piece.line, last: piece.last, ended };
                Ok(chat::read(stretch, self.line_end, each))
            }
            Body::Json(_) => self.records(piece, text, header.names(), each).map_err(|invalid| {
                let place = (piece.line, piece.column, piece.offset);
                Failure::Misfit(stops_being_json(file, text, place, invalid))
            }),
        }
    }

    /// Go through the records of a piece of JSON.
    fn records(&self, piece: &Piece, text: &str, paths: &[String], each: &mut Each) -> Result<Stop, Invalid> {
        let mut taker = Taker::new(paths);
        let mut lines = Lines::from(text, piece.line, self.line_end);
        let taken = self.framing.take(text, &piece.frames, &mut |frame| {
            let line = lines.at(frame.raw().as_ptr() as usize - text.as_ptr() as usize);
            taker.give(frame, line, each)
        });
        match (taken, piece.invalid) {
            (Err(Halt::Invalid(invalid)), _) | (Ok(()), Some(invalid)) => Err(invalid),
            _ => Ok(Stop { byte: text.len(), line: 0, ended: false }),
        }
    }
}
