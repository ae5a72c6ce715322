//! One record a line: CSV as the RFC has it, CSV that spreadsheets open as it is meant, and TSV.
//!
//! What stands in the cells is decided in `csv.rs` and `rows.rs`.

use super::Style;
use anyhow::Result;
use std::borrow::Cow;
use std::io::Write;

/// Excel takes a file without it for one in the code page of the machine.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Where records go, cell by cell.
pub enum Records<'o> {
    Csv(::csv::Writer<&'o mut dyn Write>),
    /// CSV for spreadsheets: told to be UTF-8, and no cell is a formula.
    Excel(::csv::Writer<&'o mut dyn Write>),
    /// Tabs between cells; whether one stands before the next.
    Tsv(&'o mut dyn Write, bool),
}

impl<'o> Records<'o> {
    /// CSV, for spreadsheets if the style says so.
    pub fn csv(style: &Style, out: &'o mut dyn Write) -> Result<Self> {
        if !style.excel {
            return Ok(Self::Csv(::csv::Writer::from_writer(out)));
        }
        out.write_all(BYTE_ORDER_MARK)?;
        let mut csv = ::csv::WriterBuilder::new();
        Ok(Self::Excel(csv.terminator(::csv::Terminator::CRLF).from_writer(out)))
    }

    pub fn tsv(out: &'o mut dyn Write) -> Self {
        Self::Tsv(out, false)
    }

    /// One more cell of the record.
    pub fn cell(&mut self, text: &str) -> Result<()> {
        match self {
            Self::Csv(csv) => csv.write_field(text)?,
            Self::Excel(csv) => csv.write_field(defused(text).as_ref())?,
            Self::Tsv(out, inside) => {
                if std::mem::replace(inside, true) {
                    out.write_all(b"\t")?;
                }
                out.write_all(escaped(text).as_bytes())?;
            }
        }
        Ok(())
    }

    /// The record has all its cells.
    pub fn end(&mut self) -> Result<()> {
        match self {
            Self::Csv(csv) | Self::Excel(csv) => csv.write_record(None::<&[u8]>)?,
            Self::Tsv(out, inside) => {
                *inside = false;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// A whole record.
    pub fn record<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) -> Result<()> {
        cells.into_iter().try_for_each(|cell| self.cell(cell.as_ref()))?;
        self.end()
    }

    /// All records are there.
    pub fn finish(self) -> Result<()> {
        match self {
            Self::Csv(mut csv) | Self::Excel(mut csv) => Ok(csv.flush()?),
            Self::Tsv(..) => Ok(()),
        }
    }
}

/// A cell that a spreadsheet would compute gets an apostrophe before it; numbers and phone numbers are what they are.
fn defused(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text) && !is_phone(text) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

fn is_number(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit()) && text.parse::<f64>().is_ok()
}

/// `+4915112345678`, `+49 (0)30 1234`: with a dash or a slash in it, it could be computed.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|rest| {
        let mut digits = 0;
        rest.chars().all(|c| {
            digits += u32::from(c.is_ascii_digit());
            c.is_ascii_digit() || matches!(c, ' ' | '(' | ')')
        }) && digits > 0
    })
}

/// Tabs and ends of lines within a cell are written as `\t`, `\n` and `\r`, and a backslash as two.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['\t', '\n', '\r', '\\']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_are_not_harmed() {
        for text in
            ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "+49-30-1234", "+", "-", "=", "-inf"]
        {
            assert_eq!(defused(text), format!("'{text}"));
        }
        for text in [
            "-5",
            "-0.25",
            "+3",
            "-1e3",
            "+4915112345678",
            "+49 (0)30 1234",
            "a=b",
            "",
            "2026-11-15",
            "'=1",
            "ann@x.com",
        ] {
            assert_eq!(defused(text), text);
        }
    }

    #[test]
    fn a_cell_of_tsv_has_neither_tab_nor_end_of_line() {
        let mut bytes = Vec::new();
        let mut tsv = Records::tsv(&mut bytes);
        tsv.record(["a\tb", "two\r\nlines", "C:\\new", "\"quoted\""]).unwrap();
        tsv.record(["", "x"]).unwrap();
        tsv.finish().unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "a\\tb\ttwo\\r\\nlines\tC:\\\\new\t\"quoted\"\n\tx\n");
    }

    #[test]
    fn csv_for_spreadsheets_says_that_it_is_utf_8() {
        let mut bytes = Vec::new();
        let style = Style { excel: true, ..Style::file(crate::output::Color::Never) };
        let mut csv = Records::csv(&style, &mut bytes).unwrap();
        csv.record(["ä", "=1", "-5"]).unwrap();
        csv.finish().unwrap();
        assert_eq!(bytes, "\u{feff}ä,'=1,-5\r\n".as_bytes());
    }
}
