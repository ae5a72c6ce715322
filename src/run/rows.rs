//! `interactions` and `customers`: a row each.

use super::gather::{Gathered, Needs, gather};
use super::{EVERYTHING, Outcome, conditions, sink, usage};
use crate::cli::{CustomersArgs, RowsArgs};
use crate::interaction::TableKind;
use crate::output::Content;
use crate::report::{Report, customers};
use crate::rows::{self, Rows};
use anyhow::Result;

/// Rows of customers are called by their names.
const NAMED: Needs = Needs { names: true, rows: true, undated: None, only_clear: false };

pub fn interactions(args: &RowsArgs) -> Result<Outcome> {
    rows::check(&args.rows.columns, &rows::names(TableKind::Interactions)).map_err(usage)?;
    let filters = conditions(&args.rows.conditions)?;
    let sink = sink(&args.output, Content::Rows)?;
    let gathered = gather(&args.input, &filters, &args.output.output, NAMED)?;
    let table = &gathered.desk.facts.table;
    sink.rows(&gathered.about(Rows::of("interactions", table, gathered.kept(), &args.rows.columns)?))?;
    gathered.finish(&args.input, false)
}

pub fn customers(args: &CustomersArgs) -> Result<Outcome> {
    if let Some(key) = &args.explain {
        return explained(args, key);
    }
    rows::check(&args.rows.columns, &customers::names()).map_err(usage)?;
    let filters = conditions(&args.rows.conditions)?;
    let sink = sink(&args.output, Content::Rows)?;
    let gathered = gather(&args.input, &filters, &args.output.output, NAMED)?;
    let all = customers::rows(&gathered.identity, &gathered.desk);
    sink.rows(&gathered.about(all.only(&args.rows.columns)?))?;
    gathered.finish(&args.input, false)
}

/// Why two keys are one customer: that is for people.
fn explained(args: &CustomersArgs, key: &str) -> Result<Outcome> {
    let sink = sink(&args.output, Content::Report)?;
    let gathered = gather(&args.input, &[], &args.output.output, NAMED)?;
    let explained = customers::explained(&gathered.identity, gathered.joined(), key)?;
    let provenance = gathered.titled(&EVERYTHING, None).provenance;
    sink.report(&Report { provenance, ..explained })?;
    gathered.finish(&args.input, false)
}

impl Gathered {
    /// The interactions that `--where` lets through, in order of time.
    fn kept(&self) -> Vec<u32> {
        (0..).take(self.desk.facts.rows()).filter(|&row| self.desk.keeps(row as usize)).collect()
    }

    /// The same rows with what is to be said of them.
    fn about<'r>(&self, rows: Rows<'r>) -> Rows<'r> {
        Rows { about: self.titled(&EVERYTHING, None), ..rows }
    }
}
