//! Rows of delimited text, a cell quoted only where it must be.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub struct Csv {
    out: BufWriter<File>,
    delimiter: char,
    row: String,
    cells: usize,
}

impl Csv {
    /// Creates the file and writes its header line as given.
    pub fn create(path: &Path, delimiter: char, header: &str) -> io::Result<Self> {
        let mut out = BufWriter::new(File::create(path)?);
        writeln!(out, "{header}")?;
        Ok(Self { out, delimiter, row: String::new(), cells: 0 })
    }

    /// Takes numbers and text alike.
    #[allow(clippy::needless_pass_by_value)]
    pub fn cell(&mut self, value: impl ToString) -> &mut Self {
        if self.cells > 0 {
            self.row.push(self.delimiter);
        }
        self.cells += 1;
        let value = value.to_string();
        if value.contains([self.delimiter, '"', '\n']) {
            self.row.push('"');
            self.row.push_str(&value.replace('"', "\"\""));
            self.row.push('"');
        } else {
            self.row.push_str(&value);
        }
        self
    }

    /// A cell that is empty where there is no value.
    pub fn maybe(&mut self, value: Option<impl ToString>) -> &mut Self {
        self.cell(value.map_or_else(String::new, |value| value.to_string()))
    }

    pub fn blanks(&mut self, count: usize) -> &mut Self {
        for _ in 0..count {
            self.cell("");
        }
        self
    }

    pub fn end(&mut self) -> io::Result<()> {
        self.row.push('\n');
        self.out.write_all(self.row.as_bytes())?;
        self.row.clear();
        self.cells = 0;
        Ok(())
    }

    pub fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
