//! Output: which formats there are, which one is meant, and where the bytes go.
//!
//! `FORMATS` is the whole list. Numbers as words are in `text.rs`, raw numbers in `raw.rs`; nothing here computes.
//! A new format is one file with a `write` function and one line in `FORMATS`.

mod csv;
mod html;
mod json;
mod ledger;
mod long;
mod markdown;
mod marks;
mod matrix;
mod parquet;
mod provenance;
mod raw;
mod records;
mod rows;
#[cfg(test)]
mod sample;
mod sink;
mod style;
mod terminal;
mod waterfall;
mod words;
mod xlsx;

pub use sink::{PERIOD, Sink, holds_period};
pub use style::{Color, Style};

use crate::notice::closest;
use crate::report::{Report, Table, text};
use crate::rows::Rows;
use anyhow::{Result, anyhow, bail};
use std::io::Write;
use std::path::Path;

/// Writes a whole report.
pub type WriteReport = fn(&Report, &Style, &mut dyn Write) -> Result<()>;
/// Writes rows of data.
pub type WriteRows = fn(&Rows, &Style, &mut dyn Write) -> Result<()>;

/// One way to write an answer.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// As `-f` and `deskstat list formats` name it.
    pub name: &'static str,
    /// File name endings that mean it.
    pub extensions: &'static [&'static str],
    /// One line for `deskstat list formats`.
    pub help: &'static str,
    /// Absent where a report makes no sense in this format.
    pub write: Option<WriteReport>,
    /// Absent where rows make no sense in this format.
    pub rows: Option<WriteRows>,
}

/// Every format. The first that has rows is the default of `interactions` and `customers`, the first of all that of
/// the rest.
pub const FORMATS: &[Format] = &[
    Format {
        name: "text",
        extensions: &["txt"],
        help: "for people, in the terminal",
        write: Some(terminal::write),
        rows: None,
    },
    Format {
        name: "csv",
        extensions: &["csv"],
        help: "raw values: a line a figure, for `table` a line a row",
        write: Some(csv::write),
        rows: Some(rows::csv),
    },
    Format {
        name: "tsv",
        extensions: &["tsv", "tab"],
        help: "the same with tabs: no quotes, \\t and \\n within cells",
        write: Some(csv::write_tabs),
        rows: Some(rows::tabs),
    },
    Format {
        name: "json",
        extensions: &["json"],
        help: "raw values in one document",
        write: Some(json::write),
        rows: Some(rows::json),
    },
    Format {
        name: "ndjson",
        extensions: &["ndjson", "jsonl"],
        help: "raw values, one JSON object a line",
        write: Some(json::write_lines),
        rows: Some(rows::lines),
    },
    Format {
        name: "xlsx",
        extensions: &["xlsx"],
        help: "a workbook with typed cells and charts",
        write: Some(xlsx::write),
        rows: Some(xlsx::write_rows),
    },
    Format {
        name: "parquet",
        extensions: &["parquet"],
        help: "typed columns, for rows only",
        write: None,
        rows: Some(parquet::write),
    },
    Format {
        name: "html",
        extensions: &["html", "htm"],
        help: "for people, to look at and to forward: one page with charts",
        write: Some(html::write),
        rows: None,
    },
    Format {
        name: "md",
        extensions: &["md"],
        help: "for people, in a chat, a wiki or an issue: Markdown with tables",
        write: Some(markdown::write),
        rows: None,
    },
];

/// What a command is going to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Of `report`, `table`, `check`, `list`, `explain`.
    Report,
    /// Of `interactions`, `customers`, `table --ids`.
    Rows,
}

/// The format of one destination: what `-f` names, else what the file's extension means, else the default.
pub fn choose(named: Option<&str>, file: Option<&Path>, content: Content) -> Result<&'static Format> {
    let meant = match (named, file.and_then(extension)) {
        (Some(name), _) => Some(by_name(name)?),
        (None, Some(extension)) => Some(by_extension(&extension)?),
        (None, None) => None,
    };
    let fits = |f: &Format| match content {
        Content::Report => f.write.is_some(),
        Content::Rows => f.rows.is_some(),
    };
    match meant {
        Some(format) if !fits(format) => {
            let able: Vec<_> = FORMATS.iter().filter(|f| fits(f)).map(|f| f.name).collect();
            let what = if content == Content::Rows { "rows" } else { "a report" };
            bail!("{what} cannot be written as {}\nhint: name one of {} with -f", format.name, text::or(&able))
        }
        Some(format) => Ok(format),
        None => FORMATS.iter().find(|f| fits(f)).ok_or_else(|| anyhow!("there is no output format")),
    }
}

fn extension(file: &Path) -> Option<String> {
    file.extension().map(|e| e.to_string_lossy().to_lowercase())
}

fn by_name(name: &str) -> Result<&'static Format> {
    FORMATS.iter().find(|f| f.name == name).ok_or_else(|| {
        let names: Vec<_> = FORMATS.iter().map(|f| f.name).collect();
        let hint = closest(name, names.iter().copied())
            .map_or_else(|| format!("there are {}", text::and(&names)), |near| format!("did you mean {near}?"));
        anyhow!("unknown format `{name}`\nhint: {hint}")
    })
}

fn by_extension(extension: &str) -> Result<&'static Format> {
    FORMATS.iter().find(|f| f.extensions.contains(&extension)).ok_or_else(|| {
        let names: Vec<_> = FORMATS.iter().map(|f| f.name).collect();
        let known = FORMATS.iter().flat_map(|f| f.extensions).copied();
        let near = closest(extension, known).map_or_else(String::new, |near| format!("did you mean `.{near}`? "));
        anyhow!("no format is known by `.{extension}`\nhint: {near}name {} with -f", text::or(&names))
    })
}

/// The one table of a report that machine formats write a line a row, raw: of `table`, and of lists of words.
fn lone_table(report: &Report) -> Option<&Table> {
    let [section] = report.sections.as_slice() else { return None };
    let [table] = section.tables.as_slice() else { return None };
    let words_only = table.columns.iter().all(|c| c.unit == crate::report::Unit::Text);
    (section.id == "table" || words_only).then_some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(named: Option<&str>, file: Option<&str>, content: Content) -> Result<&'static str, String> {
        choose(named, file.map(Path::new), content).map(|f| f.name).map_err(|e| e.to_string())
    }

    #[test]
    fn the_flag_wins_over_the_extension_and_that_over_the_default() {
        assert_eq!(chosen(Some("json"), Some("a.csv"), Content::Report), Ok("json"));
        assert_eq!(chosen(None, Some("week.CSV"), Content::Report), Ok("csv"));
        assert_eq!(chosen(None, Some("report"), Content::Report), Ok("text"));
        assert_eq!(chosen(None, None, Content::Rows), Ok("csv"));
        assert_eq!(chosen(None, Some("rows.jsonl"), Content::Rows), Ok("ndjson"));
    }

    #[test]
    fn a_format_that_is_not_there_is_said_with_the_cure() {
        let unknown = chosen(Some("jsn"), None, Content::Report);
        assert_eq!(unknown, Err("unknown format `jsn`\nhint: did you mean json?".into()));
        let rows = chosen(Some("text"), None, Content::Rows);
        assert!(rows.unwrap_err().starts_with("rows cannot be written as text\nhint: name one of csv, tsv, "));
        let report = chosen(None, Some("week.parquet"), Content::Report).unwrap_err();
        assert!(report.starts_with("a report cannot be written as parquet\nhint: name one of text, "), "{report}");
        let odd = chosen(None, Some("a.docx"), Content::Report).unwrap_err();
        assert!(odd.starts_with("no format is known by `.docx`\nhint: name text, "), "{odd}");
    }
}
