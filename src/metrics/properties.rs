//! What must hold of every metric, whoever adds it: on the oracle's desk, which has every trap in it.

use super::METRICS;
use super::sample::desk;
use crate::desk::Desk;
use crate::dimensions::{self, Dimension};
use crate::measure::{Key, measure};
use crate::settings::Settings;
use crate::timeline::Window;
use crate::unit::Unit;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const DIMENSIONS: [&str; 5] = ["channel", "week", "team", "hour", "first_channel"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/desk")
}

fn settings() -> Settings {
    Settings::read(&folder().join("deskstat.toml")).unwrap()
}

/// All figures by a dimension, each group by its name.
fn figures(desk: &Desk, by: &[&'static Dimension], window: &Window) -> BTreeMap<(&'static str, String), Vec<f64>> {
    let mut out = BTreeMap::new();
    for metric in METRICS.iter() {
        let name = |key: &Key| by.iter().zip(key).map(|(d, &key)| d.name(desk, key)).collect::<String>();
        let groups = measure(desk, metric, by, window).unwrap();
        out.extend(groups.into_iter().map(|(key, values)| ((metric.id, name(&key)), values)));
    }
    out
}

/// The names of the figures that differ by more than the last bits of a sum.
fn differences(
    a: &BTreeMap<(&'static str, String), Vec<f64>>,
    b: &BTreeMap<(&'static str, String), Vec<f64>>,
) -> Vec<String> {
    let same = |a: f64, b: f64| a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * a.abs().max(1.0);
    let equal = |key: &(&'static str, String), values: &Vec<f64>| {
        b.get(key).is_some_and(|others| values.iter().zip(others).all(|(&a, &b)| same(a, b)))
    };
    let other = |key: &(&'static str, String), a: &[f64]| format!("{} {}: {a:?}, {:?}", key.0, key.1, b.get(key));
    let found = a.iter().filter(|(key, values)| !equal(key, values)).map(|(key, values)| other(key, values));
    found.chain(b.keys().filter(|key| !a.contains_key(key)).map(|key| format!("{key:?}"))).collect()
}

#[test]
fn no_share_leaves_0_to_1_and_no_count_is_negative() {
    let desk = desk(&folder(), settings());
    let mut wrong = Vec::new();
    for id in DIMENSIONS {
        let by: Vec<_> = dimensions::find(id).into_iter().collect();
        for ((metric, group), values) in figures(&desk, &by, &desk.timeline.everything()) {
            let outputs = super::find(metric).unwrap().outputs;
            for (output, value) in outputs.iter().zip(values).filter(|(_, value)| !value.is_nan()) {
                let fits = match output.unit {
                    // Risks and channels lie apart by up to 1 either way.
                    Unit::Share if output.suffix == "difference" => (-1.0..=1.0).contains(&value),
                    Unit::Share => (0.0..=1.0).contains(&value),
                    Unit::Count => value >= 0.0 && value.fract() == 0.0,
                    Unit::Seconds => value >= 0.0,
                    _ => true,
                };
                if !fits {
                    wrong.push(format!("{metric}_{} by {id} {group}: {value}", output.suffix));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_total_is_the_figure_of_a_group_of_all_rows() {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(super::properties::folder()).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        // One source for all: a dimension that leaves nobody out and parts nobody.
        let text = ["branch", "lines", "live", "portal", "shop"]
            .iter()
            .fold(text, |text, source| text.replace(&format!(",{source},"), ",desk,"));
        std::fs::write(folder.path().join(path.file_name().unwrap()), text).unwrap();
    }
    let desk = desk(folder.path(), settings());
    let everything = desk.timeline.everything();
    let total = figures(&desk, &[], &everything);
    let source: Vec<_> = dimensions::find("source").into_iter().collect();
    let by_source = figures(&desk, &source, &everything);
    let of_rows = |id: &str| {
        let population = super::find(id).unwrap().population;
        use super::Clock::{Closing, Resolution, Start, State};
        matches!(population.clock, Start | Resolution | Closing | State) && population.span == super::Span::Own
    };
    let mut compared = 0;
    for ((metric, _), values) in total.iter().filter(|((metric, _), _)| of_rows(metric)) {
        let Some((_, of_source)) = by_source.iter().find(|((id, group), _)| id == metric && group == "desk") else {
            continue;
        };
        compared += 1;
        let equal = values.iter().zip(of_source).all(|(a, b)| a.is_nan() && b.is_nan() || (a - b).abs() < 1e-9);
        assert!(equal, "{metric}: {values:?} in all, {of_source:?} in its only source");
    }
    assert!(compared > 30, "only {compared} metrics have a group of all rows");
}

#[test]
fn neither_the_order_of_rows_nor_their_files_change_anything() {
    let split = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let Some((header, rows)) = text.split_once('\n').filter(|_| name.ends_with(".csv")) else { continue };
        let rows: Vec<&str> = rows.lines().collect();
        for part in 0..3 {
            // Every third row, from the last to the first; events of one instant keep their order.
            let mut own: Vec<&str> = rows.iter().skip(part).step_by(3).copied().collect();
            if name == "events.csv" {
                own = if part == 0 { rows.clone() } else { Vec::new() };
            } else {
                own.reverse();
            }
            if !own.is_empty() {
                std::fs::write(split.path().join(format!("{part}-{name}")), format!("{header}\n{}\n", own.join("\n")))
                    .unwrap();
            }
        }
    }
    let (whole, parts) = (desk(&folder(), settings()), desk(split.path(), settings()));
    for id in ["", "channel", "week"] {
        let by: Vec<_> = dimensions::find(id).into_iter().collect();
        let of = |desk: &Desk| figures(desk, &by, &desk.timeline.everything());
        assert_eq!(differences(&of(&whole), &of(&parts)), Vec::<String>::new());
    }
}
