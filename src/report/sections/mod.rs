//! The sections of the report: one literal each, the usual ones in `usual.rs`, depth in `depth.rs`. `--only`, `--skip`, `list sections` follow from it.
//!
//! A section is a title, a sentence on what it answers, and tables as data. To add one: a literal in
//! `SECTIONS`; a table that is no list of figures gets an arm in `extra`. Page one is `page.rs`.

mod depth;
mod usual;

use super::figures::{self, Spec, drop_missing};
use super::page;
use super::readings::Asked;
use super::sheet::Sheet;
use super::{Layout, Section, Table, Value};
use crate::desk::Desk;
use anyhow::Result;
use rayon::prelude::*;
use std::sync::LazyLock;

/// A section as data.
pub struct SectionSpec {
    pub id: &'static str,
    pub title: &'static str,
    /// What it answers; ends with a full stop.
    pub help: &'static str,
    /// Depth: shown with `--full`, or when `--only` names it.
    pub full: bool,
    pub tables: &'static [Spec],
    /// Tables that are no list of figures.
    pub extra: &'static [fn(&Desk, &Asked) -> Made],
    /// What must be said of those.
    pub notes: &'static [&'static str],
}

/// A table that is no list of figures, and the sentences that stand above the section's tables.
#[derive(Debug, Default)]
pub struct Made {
    /// Not shown without rows.
    pub table: Table,
    pub says: Vec<String>,
}

/// Page one's id; it has no literal because it is made in `page.rs`.
pub const PAGE_ONE: &str = "summary";

const fn ledger(id: &'static str, figures: &'static [&'static str]) -> Spec {
    Spec { id, title: "", layout: Layout::Ledger, by: &[], figures, charted: false }
}

const fn grid(
    id: &'static str,
    title: &'static str,
    by: &'static [&'static str],
    figures: &'static [&'static str],
) -> Spec {
    Spec { id, title, layout: Layout::Bars, by, figures, charted: false }
}

/// All sections after page one, in order.
pub static SECTIONS: LazyLock<Vec<&'static SectionSpec>> =
    LazyLock::new(|| usual::SECTIONS.iter().chain(depth::SECTIONS).collect());

/// Measure what the tables of these sections show.
pub fn sheet(desk: &Desk, ids: &[&str], asked: &Asked) -> Result<Sheet> {
    let mut wanted = if ids.contains(&PAGE_ONE) { page::wanted()? } else { Vec::new() };
    for table in SECTIONS.iter().filter(|spec| ids.contains(&spec.id)).flat_map(|spec| spec.tables) {
        wanted.push(table.wanted()?);
    }
    Sheet::of(desk, &wanted, asked)
}

/// A section, its tables from the sheet.
pub fn section(desk: &Desk, spec: &SectionSpec, sheet: &Sheet, asked: &Asked) -> Result<Section> {
    let measured = || spec.tables.iter().map(|table| figures::table(desk, table, sheet, asked)).collect::<Result<_>>();
    let made = || spec.extra.par_iter().map(|make| make(desk, asked)).collect::<Vec<_>>();
    let (tables, made): (Result<Vec<Table>>, _) = rayon::join(measured, made);
    let (mut tables, mut summary) = (tables?, Vec::new());
    if spec.full {
        // Depth looks for much that few exports hold.
        tables.iter_mut().filter(|table| table.layout == Layout::Ledger).for_each(drop_missing);
        tables.iter_mut().filter(|table| table.layout == Layout::Bars).for_each(drop_empty_columns);
        tables.retain(|table| !table.rows.is_empty() && table.columns.len() > table.dimensions());
    }
    let measured = tables.len();
    for Made { table, says } in made {
        summary.extend(says);
        tables.extend(Some(table).filter(|table| !table.rows.is_empty()));
    }
    let mut notes = left_out(&tables);
    if tables.is_empty() {
        notes.push("These exports tell nothing of this.".into());
    }
    if tables.len() > measured {
        notes.extend(spec.notes.iter().map(|note| (*note).to_owned()));
    }
    Ok(Section { id: spec.id.into(), title: spec.title.into(), summary, tables, notes })
}

/// Columns that have a figure in no line; where the first has none, there is nothing to show.
fn drop_empty_columns(table: &mut Table) {
    let names = table.dimensions();
    let missing = |at: usize| table.rows.iter().all(|row| row.cells[at].value == Value::Missing);
    let first = names < table.columns.len() && missing(names);
    let keep: Vec<bool> = (0..table.columns.len()).map(|at| at < names || !first && !missing(at)).collect();
    let kept = |at: &mut usize| {
        *at += 1;
        keep.get(*at - 1).copied().unwrap_or(true)
    };
    for row in table.rows.iter_mut().chain(&mut table.total) {
        let mut at = 0;
        row.cells.retain(|_| kept(&mut at));
    }
    let mut at = 0;
    table.columns.retain(|_| kept(&mut at));
}

/// What the figures of the ledgers leave out and why: one sentence a metric.
pub fn left_out(tables: &[Table]) -> Vec<String> {
    let mut notes = Vec::new();
    for table in tables.iter().filter(|t| t.layout == Layout::Ledger) {
        for (column, cell) in table.columns.iter().zip(table.rows.iter().flat_map(|row| &row.cells)) {
            let note = cell.note.as_ref().filter(|_| !column.indent);
            notes.extend(note.map(|note| format!("{}: {note}.", capital(&column.label))));
        }
    }
    notes
}

/// The first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::{Figure, dimensions_of};

    #[test]
    fn every_name_in_a_section_resolves() {
        for spec in SECTIONS.iter() {
            assert!(spec.help.ends_with('.'), "{}", spec.id);
            for table in spec.tables {
                assert!(dimensions_of(table.by).is_ok(), "{}", table.id);
                for figure in table.figures {
                    let column = figure.split('|').next().unwrap();
                    assert!(Figure::parse(column).is_ok(), "{}: {figure}", table.id);
                }
            }
        }
    }
}
