//! A text in pieces, each beginning with a record: read several at a time, put together in their order.
//!
//! Where CSV may be cut is guessed by counting quotes, which are paired where all is in order. Whoever reads a piece
//! says where its last record ended; where that is not where the next piece begins, that one is read again from
//! there. So what comes of a file depends neither on the number of threads nor on the size of the pieces, and no more
//! of it is held than the pieces at hand.

use super::csv::Stop;
use super::json::framing::{Framer, Invalid};
use super::open::Text;
use super::source::Failure;
use memchr::{memchr_iter, memrchr, memrchr2_iter};
use rayon::prelude::*;
use std::ops::{ControlFlow, Range};

/// How long pieces are: some thousand rows.
pub const USUAL: usize = 1 << 20;
/// How many pieces are at hand for each thread.
const AT_HAND: usize = 2;

/// A stretch of a file's text.
#[derive(Debug, Default)]
pub struct Piece {
    pub bytes: Vec<u8>,
    /// The line of its first byte, how many characters of that line stand before it, and how many bytes of text.
    pub line: u64,
    pub column: u64,
    pub offset: u64,
    /// Where the records of JSON are in it, and where it stops being JSON.
    pub frames: Vec<Range<usize>>,
    pub invalid: Option<Invalid>,
    /// Nothing follows it in the file.
    pub last: bool,
}

impl Piece {
    /// Its text, which nobody has looked at yet.
    pub fn text(&self) -> Result<&str, Failure> {
        std::str::from_utf8(&self.bytes).map_err(|_| Failure::NotUtf8)
    }
}

/// Where a text may be cut.
#[derive(Debug)]
pub enum Cut {
    /// Below rows of CSV.
    Rows,
    /// Behind records of JSON.
    Records(Box<Framer>),
}

/// Cuts a text into pieces.
pub struct Pieces<'f> {
    text: Text<'f>,
    cut: Cut,
    line_end: u8,
    size: usize,
    progress: &'f (dyn Fn(u64) + Sync),
    /// What has been read beyond the last piece.
    rest: Vec<u8>,
    /// Where that begins.
    line: u64,
    column: u64,
    offset: u64,
    /// All text has come; all of it has been given away.
    done: bool,
    given: bool,
}

impl<'f> Pieces<'f> {
    /// The pieces of a text below its first `skipped` bytes, which are `lines` lines.
    pub fn new(
        mut text: Text<'f>,
        (cut, line_end): (Cut, u8),
        size: usize,
        (skipped, lines): (usize, u64),
        progress: &'f (dyn Fn(u64) + Sync),
    ) -> Result<Self, Failure> {
        let mut rest = Vec::new();
        let mut done = false;
        while !done && rest.len() < skipped {
            let wanted = skipped - rest.len();
            done = text.fill(&mut rest, wanted)?;
        }
        rest.drain(..skipped.min(rest.len()));
        let (size, line, offset) = (size.max(1), lines + 1, skipped as u64);
        Ok(Self { text, cut, line_end, size, progress, rest, line, column: 0, offset, done, given: false })
    }

    /// The next pieces; none at the end. An empty text is one empty piece.
    fn batch(&mut self) -> Result<Vec<Piece>, Failure> {
        let most = AT_HAND * rayon::current_num_threads();
        let mut batch = Vec::with_capacity(most);
        while batch.len() < most && !self.given {
            let piece = self.piece()?;
            self.given = piece.last;
            batch.push(piece);
        }
        (self.progress)(self.text.bytes().count());
        Ok(batch)
    }

    fn piece(&mut self) -> Result<Piece, Failure> {
        let mut piece = Piece { line: self.line, column: self.column, offset: self.offset, ..Piece::default() };
        piece.bytes = std::mem::take(&mut self.rest);
        loop {
            if !self.done {
                // A record longer than a piece is looked for in ever longer ones.
                let wanted = self.size.max(piece.bytes.len());
                self.done = self.text.fill(&mut piece.bytes, wanted)?;
            }
            let end = match &mut self.cut {
                Cut::Rows if self.done => None,
                Cut::Rows => last_row_end(&piece.bytes, self.line_end),
                Cut::Records(framer) => framed(framer, &mut piece, self.done)?,
            };
            if self.done || piece.invalid.is_some() || end.is_some() {
                // What follows invalid JSON, nobody reads.
                self.rest = end.filter(|_| !self.done).map_or_else(Vec::new, |end| piece.bytes.split_off(end));
                piece.last = self.done || piece.invalid.is_some();
                self.pass(&piece.bytes);
                return Ok(piece);
            }
        }
    }

    /// Count what is given away.
    fn pass(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as u64;
        self.line += memchr_iter(self.line_end, bytes).count() as u64;
        let (own, before) = match memrchr(b'\n', bytes) {
            Some(end) => (&bytes[end + 1..], 0),
            None => (bytes, self.column),
        };
        if let Cut::Records(_) = self.cut {
            self.column = before + String::from_utf8_lossy(own).chars().count() as u64;
        }
    }

    /// The text that the pieces are of.
    pub fn text(&self) -> &Text<'f> {
        &self.text
    }
}

/// Where the last row in a text most likely ends.
fn last_row_end(text: &[u8], line_end: u8) -> Option<usize> {
    let mut open = memchr_iter(b'"', text).count() % 2 == 1;
    for mark in memrchr2_iter(b'"', line_end, text) {
        match text[mark] {
            b'"' => open = !open,
            _ if !open => return Some(mark + 1),
            _ => {}
        }
    }
    // Quotes are astray: any line is as likely as another.
    memrchr(line_end, text).map(|end| end + 1)
}

/// Find the records of a piece; where the last whole one ends.
fn framed(framer: &mut Framer, piece: &mut Piece, last: bool) -> Result<Option<usize>, Failure> {
    if let Some(done) = framer.lines(&piece.bytes, last) {
        return Ok(Some(done).filter(|done| *done > 0));
    }
    let text = match std::str::from_utf8(&piece.bytes) {
        Ok(text) => text,
        // The last character may not be whole yet.
        Err(error) if !last && error.error_len().is_none() => {
            std::str::from_utf8(&piece.bytes[..error.valid_up_to()]).map_err(|_| Failure::NotUtf8)?
        }
        Err(_) => return Err(Failure::NotUtf8),
    };
    match framer.frames(text, last, &mut piece.frames) {
        Ok(done) => Ok(Some(done).filter(|done| *done > 0)),
        Err(invalid) => {
            piece.invalid = Some(invalid);
            Ok(None)
        }
    }
}

/// Reads a piece, told whether the table has ended before it; says where its last record ended.
type Work<'w, T> = dyn Fn(&Piece, bool) -> Result<(T, Stop), Failure> + Sync + 'w;

/// Go through all pieces; `take` gets what came of several of them, in their order.
pub fn read<T: Send>(
    pieces: &mut Pieces,
    work: &Work<T>,
    take: &mut dyn FnMut(Vec<T>) -> ControlFlow<()>,
) -> Result<(), Failure> {
    let mut left: Option<Left> = None;
    let mut batch = pieces.batch()?;
    while !batch.is_empty() {
        let read_ahead = || pieces.batch();
        let read_these = || batch.par_iter().map(|piece| work(piece, false)).collect::<Vec<_>>();
        let (read, ahead) = rayon::join(read_these, read_ahead);
        let mut good = Vec::with_capacity(batch.len());
        for (mut piece, mut read) in std::mem::take(&mut batch).into_iter().zip(read) {
            if let Some(left) = left.take() {
                piece = left.before(&piece);
                read = work(&piece, left.ended);
            }
            let (what, stop) = read?;
            good.push(what);
            left = Left::of(&piece, stop);
        }
        if take(good).is_break() {
            return Ok(());
        }
        batch = ahead?;
    }
    Ok(())
}

/// What a piece did not read of itself, and what the next one must know.
struct Left {
    bytes: Vec<u8>,
    line: u64,
    ended: bool,
}

impl Left {
    fn of(piece: &Piece, stop: Stop) -> Option<Self> {
        let bytes = piece.bytes.get(stop.byte..).unwrap_or_default();
        (!piece.last && (stop.ended || !bytes.is_empty())).then(|| Self {
            bytes: bytes.to_vec(),
            line: stop.line,
            ended: stop.ended,
        })
    }

    /// The piece as it should have been cut.
    fn before(&self, next: &Piece) -> Piece {
        let mut bytes = self.bytes.clone();
        bytes.extend_from_slice(&next.bytes);
        let offset = next.offset - self.bytes.len() as u64;
        Piece { bytes, line: self.line, offset, last: next.last, ..Piece::default() }
    }
}
