//! Where a report goes where the command line does not say, and which files a name with `{period}` may mean.

use crate::cli::OutputArgs;
use crate::notice::Notice;
use crate::output::{Content, PERIOD, choose, holds_period};
use crate::period::{Anchors, Period};
use crate::report::text;
use crate::settings::Settings;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// What was typed; else, where nothing was, the outputs of the settings.
pub fn of_report(typed: &OutputArgs, settings: &Settings) -> Result<OutputArgs> {
    if !typed.output.is_empty() || typed.format.is_some() {
        return Ok(typed.clone());
    }
    let said = settings.report.outputs.iter().enumerate().map(|(nth, path)| {
        let known = choose(None, Some(path), Content::Report);
        known.map_err(|error| settings.wrong(&["report", "outputs", &nth.to_string()], error))?;
        Ok(settings.resolve(path))
    });
    Ok(OutputArgs { output: said.collect::<Result<_>>()?, ..typed.clone() })
}

/// Say where a report went that the settings sent to files: on the screen is nothing of it.
pub fn written(typed: &OutputArgs, output: &OutputArgs, period: &str) -> Option<Notice> {
    let names = output.output.iter().map(|path| path.display().to_string().replace(PERIOD, period));
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let note = || Notice::note(format!("the report went to {}", text::and(&names)));
    (typed.output.is_empty() && !names.is_empty()).then(|| note().hint("`-o -` prints it instead"))
}

/// The files that may be written over: those there whose names are that of the target with some period.
pub fn may_replace(target: &Path) -> Vec<PathBuf> {
    if !holds_period(target) {
        return vec![target.to_owned()];
    }
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let Some((before, after)) = name.split_once(PERIOD) else { return Vec::new() };
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let fits = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let middle = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        middle.is_some_and(|middle| Period::parse(middle, Anchors::ANY).is_ok())
    };
    let there = std::fs::read_dir(folder).into_iter().flatten().flatten();
    there.map(|entry| target.with_file_name(entry.file_name())).filter(fits).collect()
}
