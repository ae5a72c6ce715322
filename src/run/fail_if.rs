//! `--fail-if`: figures of the whole period that fail a run, with a line for whoever gets the mail.
//!
//! `frt_p50>2h` holds beyond a limit, `contacts unusual` beyond what the weeks before let expect (metrics.md §8), and
//! `frt_p50>2h if unusual` beyond both. A missing value is a warning and fails nothing.

use super::gather::Gathered;
use super::usage;
use crate::filter::Condition;
use crate::notice::{self, Notice};
use crate::period::Period;
use crate::report::figures::{self, Figure};
use crate::report::readings::Asked;
use crate::report::{Cell, Table, suppress, text};
use crate::settings::Settings;
use anyhow::{Result, bail};

/// One condition on one figure.
pub struct FailIf {
    /// As it was typed.
    text: String,
    figure: Figure,
    limit: Option<Condition>,
    unusual: bool,
}

/// What was typed, else what the settings of the report say.
pub fn of_report(typed: &[String], settings: &Settings) -> Result<Vec<FailIf>> {
    if !typed.is_empty() {
        return parse_all(typed);
    }
    let said = settings.report.fail_if.iter().enumerate();
    let parse = |(nth, text): (usize, &String)| {
        FailIf::parse(text).map_err(|error| settings.wrong(&["report", "fail_if", &nth.to_string()], error))
    };
    said.map(parse).collect()
}

/// Conditions as they were typed.
pub fn parse_all(texts: &[String]) -> Result<Vec<FailIf>> {
    texts.iter().map(|text| FailIf::parse(text)).collect::<Result<_>>().map_err(usage)
}

impl FailIf {
    fn parse(text: &str) -> Result<Self> {
        let typed = text.trim();
        let (limit, unusual) = match typed.strip_suffix(" unusual").map(str::trim_end) {
            Some(name) => (name.strip_suffix(" if"), true),
            None => (Some(typed), false),
        };
        let limit = limit.map(Condition::parse).transpose()?;
        let name = limit.as_ref().map_or_else(|| typed.trim_end_matches("unusual").trim_end(), |limit| &limit.name);
        let figures = Figure::parse(name)?;
        let Some(&figure) = figures.first() else { bail!("`{text}` names no figure") };
        limit.iter().try_for_each(|limit| limit.check_numbers(figure.unit()))?;
        Ok(Self { text: typed.to_owned(), figure, limit, unusual })
    }

    /// Whether it holds; `None` where that cannot be told.
    fn holds(&self, cell: &Cell) -> Option<bool> {
        let value = cell.value.as_f64()?;
        let beyond = self.limit.as_ref().is_none_or(|limit| limit.holds(value));
        if !self.unusual {
            return Some(beyond);
        }
        cell.usual.map(|_| beyond && cell.unusual().is_some())
    }

    /// `frt_p50>2h: 2 h 51 min in 2026-W46, n 321`
    fn told(&self, cell: &Cell, period: &str) -> String {
        let value = |value: f64| text::figure(value, self.figure.unit(), &jiff::tz::TimeZone::UTC).to_string();
        let now = cell.value.as_f64().map_or_else(String::new, value);
        let usual = cell.usual.filter(|_| self.unusual);
        let usual = usual.map_or_else(String::new, |(low, high)| {
            format!(", where {} to {} would be usual", value(low), value(high))
        });
        let n = cell.n.map_or_else(String::new, |n| format!(", n {n}"));
        format!("{}: {now} in {period}{usual}{n}", self.text)
    }
}

/// Whether any condition holds; each that does is told on standard error, quiet or not, without its value where that is
/// of fewer than `under`.
pub fn failed(gathered: &Gathered, conditions: &[FailIf], asked: &Asked, under: Option<u64>) -> Result<bool> {
    if conditions.is_empty() {
        return Ok(false);
    }
    let alone = Asked { compared: None, ..asked.clone() };
    let figures = conditions.iter().map(|condition| (condition.figure, condition.unusual));
    let tables = figures::watched(&gathered.desk, figures, &alone)?;
    let mut failed = false;
    for (condition, table) in conditions.iter().zip(tables) {
        let few = under.filter(|&under| is_of_few(&table, under));
        let (cell, period) = judged(table, &alone);
        match condition.holds(&cell) {
            Some(true) => {
                failed = true;
                let told = match few {
                    Some(under) => format!("{}: in {period}, left out by --suppress-under {under}", condition.text),
                    None => condition.told(&cell, &period),
                };
                notice::tell(&format_args!("failed: {told}"));
            }
            Some(false) => {}
            None => gathered.say(&unknown(condition, &cell)),
        }
    }
    Ok(failed)
}

fn is_of_few(table: &Table, under: u64) -> bool {
    let cells = table.rows.iter().flat_map(|row| table.columns.iter().zip(&row.cells));
    cells.take(1).any(|(column, cell)| suppress::is_of_few(column, cell, under))
}

/// The cell that a condition is judged by, and the period that this is of.
fn judged(table: Table, asked: &Asked) -> (Cell, String) {
    let period = table.columns.into_iter().find_map(|column| column.period);
    let period = period.unwrap_or_else(|| asked.period.map_or_else(|| "all data".to_owned(), Period::name));
    (table.rows.into_iter().flat_map(|row| row.cells).next().unwrap_or_default(), period)
}

/// Why a condition cannot be judged.
fn unknown(condition: &FailIf, cell: &Cell) -> Notice {
    let name = condition.figure.column();
    if cell.value.as_f64().is_none() {
        return Notice::warning(format!("`{name}` has no value, so --fail-if does not hold"));
    }
    Notice::warning(format!("what is usual of `{name}` is not known, so --fail-if does not hold"))
        .hint("it takes a --period of one week, and the weeks before it in the exports")
}
