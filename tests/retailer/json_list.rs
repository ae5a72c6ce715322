//! A JSON list, an element a line, within what comes before and after it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub struct JsonList {
    out: BufWriter<File>,
    length: u64,
}

impl JsonList {
    pub fn create(path: &Path, before: &str) -> io::Result<Self> {
        let mut out = BufWriter::new(File::create(path)?);
        write!(out, "{before}[")?;
        Ok(Self { out, length: 0 })
    }

    pub fn push(&mut self, element: &str) -> io::Result<()> {
        let between = if self.length == 0 { "\n" } else { ",\n" };
        self.length += 1;
        write!(self.out, "{between}{element}")
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn finish(&mut self, after: &str) -> io::Result<()> {
        writeln!(self.out, "\n]{after}")?;
        self.out.flush()
    }
}

/// The value, or JSON's null.
pub fn or_null(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}
