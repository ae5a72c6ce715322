//! The bare split: how long it takes to find every delimiter, quote and line end of some files, and nothing else.
//!
//! What any reader of CSV must do at the least, on as many threads as deskstat uses; `bench.py` holds deskstat's own
//! reading against it. Files are read in pieces and not kept, as deskstat reads them.
//!
//!     cargo run --release --example split -- FILE...

/// What is measured, as it stands in the reader.
#[path = "../src/input"]
#[allow(dead_code, reason = "only a part of the reader is measured")]
mod input {
    pub mod block;
    pub mod csv {
        pub mod marks;
    }
}

use input::csv::marks::Marks;
use rayon::prelude::*;
use std::fs::File;
use std::io::Read;
use std::time::Instant;

/// How long pieces are.
const PIECE: u64 = 1 << 20;

fn main() -> std::io::Result<()> {
    let begun = Instant::now();
    let files: Vec<String> = std::env::args().skip(1).collect();
    let found: Vec<(u64, u64)> = files.par_iter().map(|file| split(file)).collect::<std::io::Result<_>>()?;
    let (bytes, marks) = found.iter().fold((0, 0), |(bytes, marks), found| (bytes + found.0, marks + found.1));
    println!("{{\"seconds\": {}, \"bytes\": {bytes}, \"marks\": {marks}}}", begun.elapsed().as_secs_f64());
    Ok(())
}

/// How many bytes a file has, and how many marks. Semicolons separate where the first line has more of them.
fn split(file: &str) -> std::io::Result<(u64, u64)> {
    let mut from = File::open(file)?;
    let (mut bytes, mut marks) = (0, 0);
    let mut delimiter = None;
    loop {
        let pieces: Vec<Vec<u8>> = (0..2 * rayon::current_num_threads())
            .map(|_| {
                let mut piece = Vec::new();
                from.by_ref().take(PIECE).read_to_end(&mut piece).map(|_| piece)
            })
            .collect::<std::io::Result<_>>()?;
        let read: usize = pieces.iter().map(Vec::len).sum();
        if read == 0 {
            return Ok((bytes, marks));
        }
        let delimiter = *delimiter.get_or_insert_with(|| likely(&pieces[0]));
        bytes += read as u64;
        marks += pieces.par_iter().map(|piece| Marks::new(piece, delimiter).count() as u64).sum::<u64>();
    }
}

fn likely(top: &[u8]) -> u8 {
    let line = top.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}
