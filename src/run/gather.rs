//! From the command line to a desk full of facts: what every command that reads goes through.

use super::usage;
use crate::cli::InputArgs;
use crate::columns::{NO_TIME, Table};
use crate::desk::Desk;
use crate::facts::Facts;
use crate::facts::answers::answers;
use crate::facts::orders::Activity;
use crate::filter::{self, Condition};
use crate::identity::{self, Identity};
use crate::input::profile::Profile;
use crate::input::{self, Inputs};
use crate::interaction::TableKind;
use crate::metrics::METRICS;
use crate::notice::{Notice, Reject, count, shown, thousands};
use crate::progress::Progress;
use crate::report::{InputUsed, Provenance};
use crate::settings::{self, Settings};
use crate::timeline::Timeline;
use crate::zone::Zone;
use crate::{asof, fold};
use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Everything that was read, joined and worked out.
pub struct Gathered {
    pub inputs: Inputs,
    pub identity: Identity,
    pub desk: Desk,
    pub notices: Vec<Notice>,
    quiet: bool,
}

/// Read, fold, date, join, and work out the facts.
pub fn gather(args: &InputArgs, conditions: &[Condition]) -> Result<Gathered> {
    let mut settings = find_settings(args)?;
    settings.time_zone = args.tz.clone().or(settings.time_zone);
    let zone = Zone::named(settings.time_zone.as_deref().unwrap_or("UTC")).map_err(usage)?;
    let given = args.as_of.as_deref().map(|text| as_of(text, &zone)).transpose().map_err(usage)?;
    let paths = input_paths(args, &settings)?;
    let progress = Progress::new(!args.no_progress && !args.quiet);
    let told = |done, total| progress.at(done, total);
    let options = input::Options { profiles: &args.profile, settings: &settings, progress: &told };
    let mut inputs = input::read(&paths, &options)?;
    drop(progress);
    fold::fold(&mut inputs, &settings);
    for (column, synonyms) in &settings.synonyms {
        inputs.tables[TableKind::Interactions as usize].rename(column, synonyms);
    }
    let Some(as_of) = asof::settle(&mut inputs, given) else {
        let why = reject_notices(&inputs.rejects, &inputs).into_iter().next().map_or_else(String::new, |n| n.text);
        bail!(
            "no row has a date that could be read: {why}\nhint: a profile says which dates an export holds: --profile"
        );
    };
    let (identity, joined) = identity::join(&inputs.tables, &settings)?;
    let mut notices = reject_notices(&inputs.rejects, &inputs);
    notices.append(&mut inputs.notices);
    notices.extend(joined);
    if let Some(path) = &args.rejects {
        write_rejects(path, &inputs.rejects)?;
    }
    let desk = desk(&inputs, &identity, settings, zone, as_of, conditions)?;
    notices.extend(early_ends(&inputs, &desk));
    Ok(Gathered { inputs, identity, desk, notices, quiet: args.quiet })
}

/// Facts, ratings, orders and time, ready to be measured.
fn desk(
    inputs: &Inputs,
    identity: &Identity,
    settings: Settings,
    zone: Zone,
    as_of: i64,
    conditions: &[Condition],
) -> Result<Desk> {
    let table = |kind: TableKind| &inputs.tables[kind as usize];
    let contacts = (table(TableKind::Interactions), identity.of(TableKind::Interactions));
    let mut facts = Facts::new(contacts.0, contacts.1, &settings, &zone, as_of);
    facts.name_customers((0..identity.count).map(|customer| identity.display(customer).to_string()));
    let answers = answers(&facts, table(TableKind::Surveys), identity.of(TableKind::Surveys), as_of);
    let activity = Activity::new(
        (table(TableKind::Orders), identity.of(TableKind::Orders)),
        (table(TableKind::Customers), identity.of(TableKind::Customers)),
        &zone,
        as_of,
    );
    let keep = filter::keep(conditions, &facts).map_err(usage)?;
    let timeline = Timeline::new(zone, as_of, &facts);
    Ok(Desk { facts, answers, activity, timeline, settings, keep })
}

/// `--config`, else the settings of the input folder, of the working folder, of the user, else none.
fn find_settings(args: &InputArgs) -> Result<Settings> {
    if let Some(path) = &args.config {
        return Settings::read(path);
    }
    let folders = args.inputs.iter().map(PathBuf::from).filter(|path| path.is_dir());
    let own = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let own = own.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".config")));
    let places = folders.chain([PathBuf::new()]).chain(own.map(|folder| folder.join("deskstat")));
    let found = places.map(|folder| folder.join(settings::FILE)).find(|path| path.is_file());
    found.map_or_else(|| Ok(Settings::default()), |path| Settings::read(&path))
}

/// What was named, else what the settings name.
fn input_paths(args: &InputArgs, settings: &Settings) -> Result<Vec<String>> {
    if !args.inputs.is_empty() {
        return Ok(args.inputs.clone());
    }
    if settings.inputs.is_empty() {
        return Err(usage(anyhow!(
            "there is nothing to read\nhint: name files or folders, as in `deskstat report exports/`, or `inputs` in {}",
            settings::FILE
        )));
    }
    let path = |input: &String| settings.resolve(Path::new(input)).to_string_lossy().into_owned();
    Ok(settings.inputs.iter().map(path).collect())
}

/// The instant that `--as-of` names: a date means its end, a time without a zone is local.
fn as_of(text: &str, zone: &Zone) -> Result<i64> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(at.as_millisecond());
    }
    if let Ok(date) = text.parse::<jiff::civil::Date>()
        && text.len() == 10
    {
        return Ok(zone.midnight(crate::zone::day_number(date) + 1) - 1);
    }
    if let Ok(at) = text.parse::<jiff::Zoned>() {
        return Ok(at.timestamp().as_millisecond());
    }
    let Some(at) = text.parse::<jiff::civil::DateTime>().ok().filter(|_| !text.contains('[')) else {
        bail!(
            "`{text}` is not an instant\nhint: write one such as 2026-11-15, 2026-11-15T18:00 or 2026-11-15T18:00:00Z"
        );
    };
    let local = jiff::tz::TimeZone::get(zone.name())?;
    Ok(at.to_zoned(local)?.timestamp().as_millisecond())
}

/// Whether the user's own profiles pass the samples inside them.
pub fn check_own_profiles(args: &InputArgs, settings: &Settings) -> Result<Vec<Notice>> {
    let options = input::Options { profiles: &args.profile, settings, progress: &|_, _| {} };
    input::check_own_samples(&options, &|inputs| fold::fold(inputs, settings))
}

/// All profiles that a run with these settings knows.
pub fn profiles(settings: &Settings) -> Result<Vec<Arc<Profile>>> {
    input::profiles(&input::Options { profiles: &[], settings, progress: &|_, _| {} })
}

/// One warning for all rows left out, with the three commonest reasons; one note for emptied cells.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn reject_notices(rejects: &[Reject], inputs: &Inputs) -> Vec<Notice> {
    const SHOWN: usize = 3;
    let read: u64 = inputs.sources.iter().map(|s| s.counts.read).sum();
    let mut out = Vec::new();
    for whole_row in [true, false] {
        let mut groups: BTreeMap<(&str, &str, &str), Vec<&Reject>> = BTreeMap::new();
        for reject in rejects.iter().filter(|r| r.whole_row == whole_row) {
            groups.entry((&reject.file, &reject.column, &reject.reason)).or_default().push(reject);
        }
        let total: usize = groups.values().map(Vec::len).sum();
        if total == 0 {
            continue;
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, rejects)| std::cmp::Reverse(rejects.len()));
        let mut text = if whole_row {
            let share = 100.0 * total as f64 / read.max(1) as f64;
            let were = if total == 1 { "was" } else { "were" };
            format!("{} of {} rows {were} left out ({share:.1} %)", thousands(total as u64), thousands(read))
        } else {
            let counts = if total == 1 { "counts" } else { "count" };
            format!("{} could not be read and {counts} as empty", count(total, "cell"))
        };
        for ((file, column, reason), rejects) in groups.iter().take(SHOWN) {
            let first = rejects.iter().min_by_key(|r| r.line).map_or((0, ""), |r| (r.line, r.text.as_str()));
            let column = if column.is_empty() { String::new() } else { format!("`{column}` ") };
            let rows = count(rejects.len(), if whole_row { "row" } else { "cell" });
            text.push_str(&format!(
                "\n  {file}  {column}{reason}   {rows}   first at line {}: `{}`",
                first.0,
                shown(first.1)
            ));
        }
        if groups.len() > SHOWN {
            text.push_str(&format!("\n  and {} more", count(groups.len() - SHOWN, "reason")));
        }
        let notice = if whole_row {
            Notice::warning(text).hint("--rejects bad.csv writes them all; --strict makes this an error")
        } else {
            Notice::note(text)
        };
        out.push(notice);
    }
    out
}

/// Sources whose contacts end on another day than the newest, in one warning.
fn early_ends(inputs: &Inputs, desk: &Desk) -> Option<Notice> {
    let table = &inputs.tables[TableKind::Interactions as usize];
    let ((codes, words), started) = table.words("source").zip(table.times("started_at"))?;
    let mut latest = vec![NO_TIME; words.len()];
    for (&code, &at) in codes.iter().zip(started) {
        if let Some(known) = latest.get_mut(code as usize) {
            *known = at.max(*known);
        }
    }
    let zone = &desk.timeline.zone;
    let dated = words.iter().zip(latest).filter(|(_, at)| *at != NO_TIME);
    let mut ends: Vec<(&str, i32)> = dated.map(|(source, at)| (source, zone.day(at))).collect();
    ends.sort_unstable();
    let newest = ends.iter().map(|(_, day)| *day).max()?;
    let said = |day: i32| crate::zone::date(day).strftime("%a %-d %b").to_string();
    let early = ends.iter().filter(|(_, day)| *day < newest).map(|(source, day)| format!("{source} {}", said(*day)));
    let early: Vec<String> = early.collect();
    let warning = || format!("sources end on different days: {}; the others {}", early.join(", "), said(newest));
    (!early.is_empty())
        .then(|| Notice::warning(warning()).hint("export all up to the same day, unless these were closed"))
}

/// Every reject as it stood.
fn write_rejects(path: &Path, rejects: &[Reject]) -> Result<()> {
    let cannot = || format!("cannot write `{}`", path.display());
    let mut out = csv::Writer::from_path(path).with_context(cannot)?;
    out.write_record(["file", "line", "column", "reason", "text", "what", "record"]).with_context(cannot)?;
    for r in rejects {
        let what = if r.whole_row { "row left out" } else { "cell emptied" };
        let line = r.line.to_string();
        out.write_record([&r.file, &line, &r.column, &r.reason, &r.text, what, &r.record]).with_context(cannot)?;
    }
    out.flush().with_context(cannot)
}

impl Gathered {
    /// Tell the reader, on standard error.
    pub fn say(&self, notice: &Notice) {
        if !self.quiet {
            eprintln!("{notice}");
        }
    }

    /// The joined rows that `--where` lets through, each with its customer, in order of time.
    pub fn interactions(&self) -> Table {
        let facts = &self.desk.facts;
        let kept = (0..facts.rows()).filter(|&row| self.desk.keep.as_ref().is_none_or(|keep| keep[row]));
        let mut rows: Vec<u32> = kept.filter_map(|row| u32::try_from(row).ok()).collect();
        rows.sort_by_key(|&row| (facts.at[row as usize], row));
        facts.table.take(&rows)
    }

    /// Where the numbers come from.
    pub fn provenance(&self) -> Provenance {
        let mut definitions = Sha256::new();
        METRICS.iter().for_each(|m| definitions.update(format!("{}\0{}\0{}\0", m.id, m.help, m.formula)));
        let settings = &self.desk.settings;
        let text = settings.origin.as_ref().map_or("", |origin| origin.text.as_str());
        let file = settings.origin.as_ref().map_or_else(String::new, |origin| origin.path.display().to_string());
        let as_of = jiff::Timestamp::from_millisecond(self.desk.timeline.as_of);
        Provenance {
            period: String::new(),
            as_of: as_of.map_or_else(|_| String::new(), |t| t.to_string()),
            zone: self.desk.timeline.zone.name().to_owned(),
            definitions: hex(&definitions.finalize()),
            settings: hex(&Sha256::digest(text)),
            settings_file: file,
            inputs: self
                .inputs
                .sources
                .iter()
                .map(|s| InputUsed {
                    file: s.file.clone(),
                    profile: s.profile.name.clone(),
                    rows: s.counts.read,
                    sha256: s.origin.sha256.clone(),
                })
                .collect(),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
