//! Equal follow-up: where nothing changes, the newest week is no better and no worse than an older one (metrics.md §0.7).
//!
//! A thousand teams work for six weeks, always in the same way, and the data end two days after the last full week. For
//! each figure the newest full week of each team is held against its week three weeks before: the mean of the differences
//! must be 0 but for chance. (Judged all at one instant, older weeks would look better for having had more time.)

use super::sample::desk;
use super::{METRICS, Role};
use crate::dimensions::{self, Dimension, NO_KEY};
use crate::measure::measure;
use crate::period::Grain;
use crate::settings::Settings;
use crate::unit::Unit;
use std::collections::BTreeMap;
use std::fmt::Write;

const TEAMS: usize = 1_000;
const WEEKS: i64 = 6;
const HOUR: f64 = 3_600.0;
const DAY: f64 = 24.0 * HOUR;
/// Monday 2026-02-02T00:00Z.
const BEGIN: f64 = 1_769_990_400.0;
/// Differences beyond so many standard errors are no chance.
const CHANCE: f64 = 4.5;

/// Numbers between 0 and 1 that are the same in every run (Steele, Lea and Flood 2014, `SplitMix64`).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        f64::from(u32::try_from((bits ^ (bits >> 31)) >> 32).unwrap()) / f64::from(u32::MAX)
    }

    fn wait(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.next() * 0.999_999).ln()
    }
}

/// An instant that has come by the end of the data, as the exports write it.
fn instant(at: f64, end: f64) -> String {
    #[allow(clippy::cast_possible_truncation, reason = "seconds of this century")]
    let second = at as i64;
    let text = || jiff::Timestamp::from_second(second).unwrap().to_string();
    if at <= end { text() } else { String::new() }
}

/// One team's contacts: each written one is replied to and resolved at the same pace, and one in ten comes back.
fn contacts(out: &mut String, team: usize, chance: &mut Chance, end: f64) {
    let mut at = BEGIN;
    let mut number = 0;
    loop {
        at += chance.wait(DAY / 2.0);
        if at > end {
            return;
        }
        number += 1;
        let customer = (chance.next() * 12.0).floor();
        let (replied, resolved) = (at + chance.wait(20.0 * HOUR), at + chance.wait(3.0 * DAY));
        let replied = replied.min(resolved);
        let status = if resolved <= end { "resolved" } else { "open" };
        let live = chance.next() < 0.3;
        let channel = if live { "phone" } else { "email" };
        let (wait, outcome) = (chance.wait(30.0).floor(), if chance.next() < 0.8 { "answered" } else { "abandoned" });
        let rating = if chance.next() < 0.4 { (1.0 + chance.next() * 5.0).floor() } else { 0.0 };
        let live_part = if live { format!("{wait},{outcome},{}", chance.wait(200.0).floor()) } else { ",,".to_owned() };
        let rated_at = if rating > 0.0 && !live { instant(resolved + chance.wait(DAY), end) } else { String::new() };
        let rating = if rated_at.is_empty() { String::new() } else { rating.to_string() };
        let replies = i32::from(replied <= end) + i32::from(replied <= end && chance.next() < 0.3);
        let written = if live {
            ",,,,".to_owned()
        } else {
            format!("{},{},{status},{replies},0", instant(replied, end), instant(resolved, end))
        };
        let _ = writeln!(
            out,
            "{team}-{number},team-{team},{channel},{team}-{customer}@example.com,{},{live_part},{written},{rated_at},{rating},5",
            instant(at, end)
        );
    }
}

#[test]
fn a_desk_where_nothing_changes_shows_no_trend() {
    let end = BEGIN + 7.0 * DAY * f64::from(i32::try_from(WEEKS).unwrap()) + 2.0 * DAY;
    let mut csv = String::from(
        "interaction_id,team,channel,customer_email,started_at,wait,outcome,talk,first_response_at,resolved_at,status,replies,reopens,csat_at,csat,csat_scale\n",
    );
    let mut chance = Chance(46);
    (0..TEAMS).for_each(|team| contacts(&mut csv, team, &mut chance, end));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("contacts.csv"), csv).unwrap();
    let settings: Settings = toml::from_str(
        "time_zone = 'UTC'\ntargets.response = [{ channel = 'email', within = '12h' }]\ntargets.resolution = [{ channel = 'email', within = '48h' }]\n",
    )
    .unwrap();
    let desk = desk(folder.path(), settings);
    let newest = i64::from(Grain::Week.start(desk.timeline.anchors.last_week));
    let by: Vec<&'static Dimension> = ["team", "week"].iter().filter_map(|id| dimensions::find(id)).collect();
    let (mut compared, mut wrong) = (0, Vec::new());
    for metric in METRICS.iter() {
        let weekly = measure(&desk, metric, &by, &desk.timeline.everything()).unwrap();
        for (at, output) in metric.outputs.iter().enumerate().filter(|(_, o)| o.role == Role::Value) {
            let mut teams: BTreeMap<i64, [f64; 2]> = BTreeMap::new();
            for (key, values) in weekly.iter().filter(|(key, _)| key[0] != NO_KEY) {
                let which = [newest, newest - 21].iter().position(|&week| key[1] == week);
                if let Some(which) = which {
                    teams.entry(key[0]).or_insert([f64::NAN; 2])[which] = values[at];
                }
            }
            let nothing = if output.unit == Unit::Count { 0.0 } else { f64::NAN };
            let difference = |[new, old]: &[f64; 2]| {
                let known = |value: f64| if value.is_nan() { nothing } else { value };
                known(*new) - known(*old)
            };
            let differences: Vec<f64> = teams.values().map(difference).filter(|d| d.is_finite()).collect();
            if differences.len() < TEAMS / 10 {
                continue;
            }
            compared += 1;
            let n = f64::from(u32::try_from(differences.len()).unwrap());
            let mean = differences.iter().sum::<f64>() / n;
            let error = (differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt();
            if mean.abs() > CHANCE * error && mean != 0.0 {
                wrong.push(format!("{}: {mean} ± {error} over {n} teams", metric.column(output)));
            }
        }
    }
    assert!(compared > 40, "only {compared} figures could be compared");
    assert!(wrong.is_empty(), "figures with a trend where there is none:\n{}", wrong.join("\n"));
}
