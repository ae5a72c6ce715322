//! A text in pieces, each beginning with a record: read several at a time, put together in their order.
//!
//! Where CSV may be cut is guessed by counting quotes, which are paired where all is in order. Whoever reads a piece
//! says where its last record ended; where that is not where the next piece begins, that one is read again from
//! there. So what comes of a file depends neither on the number of threads nor on the size of the pieces, and no more
//! of it is held than the pieces at hand.

use super::csv::Stop;
use super::open::Text;
use super::source::Failure;
use memchr::{memchr_iter, memrchr, memrchr2_iter};
use rayon::prelude::*;
use std::ops::ControlFlow;

/// How long pieces are: some thousand rows.
pub const USUAL: usize = 1 << 20;
/// How many pieces are at hand for each thread.
const AT_HAND: usize = 2;

/// A stretch of a file's text.
pub struct Piece {
    pub bytes: Vec<u8>,
    /// The line of its first byte, and how many bytes of text stand before it.
    pub line: u64,
    pub offset: u64,
    /// Nothing follows it in the file.
    pub last: bool,
}

/// Where a text may be cut.
#[derive(Debug, Clone, Copy)]
pub enum Cut {
    /// Below rows of CSV, whose lines end with this byte.
    Rows(u8),
    /// Nowhere.
    Never,
}

/// Cuts a text into pieces.
pub struct Pieces<'f> {
    text: Text<'f>,
    cut: Cut,
    size: usize,
    progress: &'f (dyn Fn(u64) + Sync),
    /// What has been read beyond the last piece, and where that begins.
    rest: Vec<u8>,
    line: u64,
    offset: u64,
    /// All text has come; all of it has been given away.
    done: bool,
    given: bool,
}

impl<'f> Pieces<'f> {
    /// The pieces of a text below its first `skipped` bytes, which are `lines` lines.
    pub fn new(
        mut text: Text<'f>,
        cut: Cut,
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
        Ok(Self { text, cut, size: size.max(1), progress, rest, line: lines + 1, offset: skipped as u64, done, given: false })
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
        let mut bytes = std::mem::take(&mut self.rest);
        loop {
            if !self.done {
                // A record longer than a piece is looked for in ever longer ones.
                let wanted = self.size.max(bytes.len());
                self.done = self.text.fill(&mut bytes, wanted)?;
            }
            let end = if self.done { None } else { self.cut.end(&bytes) };
            if self.done || end.is_some() {
                self.rest = end.map_or_else(Vec::new, |end| bytes.split_off(end));
                let piece = Piece { line: self.line, offset: self.offset, last: self.done, bytes };
                self.offset += piece.bytes.len() as u64;
                if let Cut::Rows(line_end) = self.cut {
                    self.line += memchr_iter(line_end, &piece.bytes).count() as u64;
                }
                return Ok(piece);
            }
        }
    }

    /// The text that the pieces are of.
    pub fn text(&self) -> &Text<'f> {
        &self.text
    }
}

impl Cut {
    /// Where the last record in a text most likely ends.
    fn end(self, text: &[u8]) -> Option<usize> {
        let Self::Rows(line_end) = self else { return None };
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
}

/// Go through all pieces. `work` reads one, told whether the table has ended before it, and says where its last record
/// ended; `take` gets what came of several of them, in their order.
pub fn read<T: Send>(
    pieces: &mut Pieces,
    work: &(dyn Fn(&Piece, bool) -> Result<(T, Stop), Failure> + Sync),
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
                piece = left.before(piece);
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
        (!piece.last && (stop.ended || !bytes.is_empty()))
            .then(|| Self { bytes: bytes.to_vec(), line: stop.line, ended: stop.ended })
    }

    /// The piece as it should have been cut.
    fn before(&self, next: Piece) -> Piece {
        let mut bytes = self.bytes.clone();
        bytes.extend_from_slice(&next.bytes);
        Piece { bytes, line: self.line, offset: next.offset - self.bytes.len() as u64, last: next.last }
    }
}
