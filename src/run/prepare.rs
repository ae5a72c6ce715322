//! What a run goes by: settings, zone, as-of and inputs, before anything is read.
//!
//! What was typed wrongly is refused here, with exit code 2.

use super::pseudonymise::{self, Pseudonyms};
use super::usage;
use crate::cli::InputArgs;
use crate::metrics::{self, METRICS};
use crate::notice::did_you_mean;
use crate::settings::{self, Settings, Span};
use crate::zone::Zone;
use anyhow::{Result, anyhow, bail};
use std::path::{Path, PathBuf};

/// What a run goes by.
pub struct Prepared {
    pub settings: Settings,
    pub zone: Zone,
    /// As-of, where it is given.
    pub given: Option<i64>,
    pub paths: Vec<String>,
    pub pseudonyms: Option<Pseudonyms>,
}

/// Look for settings and inputs.
pub fn prepare(args: &InputArgs) -> Result<Prepared> {
    let mut settings = find_settings(args.config.as_deref(), &args.inputs)?;
    check_goals(&settings)?;
    settings.time_zone = args.tz.clone().or(settings.time_zone);
    settings.sheets.clone_from(&args.sheet);
    let zone = Zone::named(settings.time_zone.as_deref().unwrap_or("UTC")).map_err(usage)?;
    let given = args.as_of.as_deref().map(|text| as_of(text, &zone)).transpose().map_err(usage)?;
    let paths = input_paths(args, &settings)?;
    if let Some(text) = &args.stale_after {
        settings.stale_after = Some(Span::try_from(text.clone()).map_err(|error| usage(anyhow!(error)))?);
    }
    let pseudonyms = pseudonymise::asked_for(args, &settings)?;
    Ok(Prepared { settings, zone, given, paths, pseudonyms })
}

/// `--config`, else the settings of the input folder, of the working folder, of the user, else none.
pub fn find_settings(config: Option<&Path>, inputs: &[String]) -> Result<Settings> {
    if let Some(path) = config {
        return Settings::read(path);
    }
    // A file's folder is its input folder, however the file was named.
    let folder = |input: &String| match Path::new(input) {
        path if path.is_dir() => Some(path.to_owned()),
        path => path.parent().map(Path::to_owned),
    };
    let folders = inputs.iter().filter_map(folder);
    let own = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let own = own.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".config")));
    let places = folders.chain([PathBuf::new()]).chain(own.map(|folder| folder.join("deskstat")));
    let found = places.map(|folder| folder.join(settings::FILE)).find(|path| path.is_file());
    found.map_or_else(|| Ok(Settings::default()), |path| Settings::read(&path))
}

/// Goals name figures: a misspelt one would never be missed.
fn check_goals(settings: &Settings) -> Result<()> {
    let Some(unknown) = settings.goals.keys().find(|goal| metrics::find_column(goal).is_none()) else { return Ok(()) };
    let columns: Vec<String> = METRICS.iter().flat_map(|m| m.outputs.iter().map(|o| m.column(o))).collect();
    let hint = did_you_mean(unknown, columns.iter().map(String::as_str));
    let what = format!(
        "a goal is set for `{unknown}`, which is no figure\nhint: {hint}`deskstat list metrics` shows what there is"
    );
    Err(settings.wrong(&["goals", unknown], what))
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
