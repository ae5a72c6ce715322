//! Every figure against an oracle that is not ours: `tests/oracle/`, written from the contract without this program.
//!
//! `expected.csv` holds what its Python, with pandas, lifelines, statsmodels and scipy, makes of the desk beside it; here the
//! same exports go through the whole line, and each figure must agree to 1e-9. A metric that the oracle does not know
//! fails the test. `make oracle` computes the expected figures anew.

use super::sample::desk;
use super::{METRICS, Metric};
use crate::dimensions::{self, Dimension};
use crate::measure::{Ask, measure_all};
use crate::settings::Settings;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Of the greater of 1 and the value.
const NEAR: f64 = 1e-9;

/// The figures of one metric's column: by how they are split, and the group's name.
type Figures = BTreeMap<(String, String, String), f64>;

fn expected(folder: &Path) -> Figures {
    let mut rows = ::csv::Reader::from_path(folder.join("expected.csv")).unwrap();
    let figure = |row: Result<::csv::StringRecord, ::csv::Error>| {
        let row = row.unwrap();
        let value = row[3].parse().unwrap_or(f64::NAN);
        ((row[0].to_owned(), row[1].to_owned(), row[2].to_owned()), value)
    };
    rows.records().map(figure).collect()
}

/// What the program makes of the same.
fn measured(folder: &Path) -> Figures {
    let settings = Settings::read(&folder.join("desk/deskstat.toml")).unwrap();
    let desk = desk(&folder.join("desk"), settings);
    let everything = desk.timeline.everything();
    let mut out = Figures::new();
    for split in ["total", "channel", "week"] {
        let by: Vec<&'static Dimension> = dimensions::find(split).into_iter().collect();
        let ask = Ask { metrics: &METRICS, by: &by, window: everything.clone() };
        let measured = measure_all(&desk, &[ask]).unwrap().into_iter().flatten();
        for (metric, figures) in METRICS.iter().zip(measured) {
            for (key, values) in figures {
                let name = key.first().map_or_else(String::new, |&key| by[0].name(&desk, key));
                for (output, value) in metric.outputs.iter().zip(values) {
                    out.insert((metric.column(output), split.to_owned(), name.clone()), value);
                }
            }
        }
    }
    out
}

#[test]
fn every_figure_agrees_with_the_oracle() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let (expected, measured) = (expected(&folder), measured(&folder));
    let mut wrong = Vec::new();
    for ((column, split, group), value) in &expected {
        let ours = measured.get(&(column.clone(), split.clone(), group.clone())).copied().unwrap_or(f64::NAN);
        if value.is_nan() != ours.is_nan() || (value - ours).abs() > NEAR * value.abs().max(1.0) {
            wrong.push(format!("{column} by {split} {group}: {ours} instead of {value}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} figures are not the oracle's:\n{}",
        wrong.len(),
        expected.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_oracle_knows_every_metric() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let known: BTreeSet<String> = expected(&folder).into_keys().map(|(column, ..)| column).collect();
    let unknown =
        |metric: &&&'static Metric| !metric.outputs.iter().any(|output| known.contains(&metric.column(output)));
    let unknown: Vec<&str> = METRICS.iter().filter(unknown).map(|metric| metric.id).collect();
    assert!(unknown.is_empty(), "the oracle has no figure of {unknown:?}");
}
