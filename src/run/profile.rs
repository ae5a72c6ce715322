//! `profile`: a mapping drafted for an export that no profile reads, or a built-in one to begin with.

use super::gather::profiles;
use super::prepare::find_settings;
use super::{Outcome, usage};
use crate::cli::ProfileArgs;
use crate::draft::{self, Draft};
use crate::input::{self, Counts, Inputs, Options};
use crate::interaction::TableKind;
use crate::notice::{self, Notice, closest, count, grouped, shown, thousands};
use crate::output::{Color, Content, Sink};
use crate::report::drafted;
use crate::settings::Settings;
use anyhow::{Result, anyhow, bail};
use std::io::Write;
use std::path::{Path, PathBuf};

/// So many reasons for rows and cells left out are said.
const REASONS: usize = 5;

/// Draft a profile, or print one.
pub fn profile(args: &ProfileArgs) -> Result<Outcome> {
    let target = args.output.as_slice();
    let sink = new_file(target)?;
    if let Some(name) = &args.like {
        sink.text(input::built_in_text(name).map_err(|trouble| usage(trouble.into()))?)?;
        return Ok(Outcome::Done);
    }
    let Some(file) = &args.file else { return Ok(Outcome::Done) };
    let kind = args.kind.as_deref().map(kind).transpose().map_err(usage)?;
    let mut settings = find_settings(args.config.as_deref(), std::slice::from_ref(file))?;
    settings.sheets.extend(args.sheet.clone());
    let glance = input::glance::glance(file, &Options::new(&settings, &[]))?;
    if let Some(known) = glance.known.as_ref().filter(|_| !args.anyway || glance.columns.is_empty()) {
        let name = &known.name;
        bail!(
            "`{}` is read without a mapping of yours: it is {} (`{name}`)\nhint: `deskstat profile --like {name}` prints that profile to be changed; --anyway drafts a new one",
            glance.file,
            known.title
        );
    }
    let draft = Draft::new(&glance, name(args, &glance.file, &settings)?, kind);
    let text = draft::text(&draft);
    let Some(path) = target.first() else {
        sink.text(&text)?;
        let text = format!(
            "{} open in it, {} not read",
            count(draft.questions(), "question"),
            count(draft.left.len(), "column")
        );
        notice::tell(
            &Notice::note(text)
                .hint("-o my.toml writes it to a file, reads the export with it, and shows what was found"),
        );
        return Ok(Outcome::Done);
    };
    let end = tried(file, path, &text, &settings)?;
    sink.text(&text)?;
    Sink::open(None, &[], Color::Auto, Content::Report)?.report(&drafted::findings(&draft, end))?;
    Ok(Outcome::Done)
}

/// The destination: a file that is not there yet, for what is there may have been changed by hand.
pub fn new_file(target: &[PathBuf]) -> Result<Sink> {
    if let Some(there) = target.iter().find(|path| path.exists() && !path.is_dir()) {
        let path = there.display();
        return Err(usage(anyhow!("`{path}` is there already\nhint: name another file with -o, or remove it first")));
    }
    Sink::open(Some("text"), target, Color::Never, Content::Report)
}

fn kind(text: &str) -> Result<TableKind> {
    TableKind::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| {
        let names = TableKind::ALL.map(TableKind::name);
        let near = closest(text, names).map_or_else(String::new, |near| format!("did you mean {near}? "));
        anyhow!("`{text}` is no kind of rows\nhint: {near}there are {}", names.join(", "))
    })
}

/// What is said, else the file's own name; never that of another profile.
fn name(args: &ProfileArgs, file: &str, settings: &Settings) -> Result<String> {
    if let Some(name) = &args.name {
        return Ok(name.clone());
    }
    let own = Path::new(file).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().to_lowercase());
    let parts: Vec<&str> = own.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let name = if parts.is_empty() { "export".to_owned() } else { parts.join("-") };
    let is_taken = profiles(settings)?.iter().any(|profile| profile.name == name);
    Ok(if is_taken { format!("my-{name}") } else { name })
}

/// How the file is read with the draft, and what to do next.
fn tried(file: &str, path: &Path, text: &str, settings: &Settings) -> Result<Vec<String>> {
    let mut draft = tempfile::Builder::new().prefix("deskstat-").suffix(".toml").tempfile()?;
    draft.write_all(text.as_bytes())?;
    let profiles = [draft.path().to_owned()];
    let sheet: String = settings.sheets.iter().map(|sheet| format!(" --sheet {}", typed(sheet))).collect();
    let command = format!("deskstat report {}{sheet} --profile {}", typed(file), typed(&path.to_string_lossy()));
    let next = format!("Next: {command}");
    if file == "-" {
        return Ok(vec![next]);
    }
    Ok(match input::read(&[file.to_owned()], &Options::new(settings, &profiles)) {
        Ok(inputs) => became(&inputs).into_iter().chain([next]).collect(),
        Err(error) => vec![
            format!("Not yet: {}.", error.to_string().lines().next().unwrap_or_default()),
            format!("Answer in {}, then: {command}", path.display()),
        ],
    })
}

/// What became of the rows, and the first of those that were left out.
fn became(inputs: &Inputs) -> Vec<String> {
    let counts = inputs.sources.iter().map(|source| source.counts).fold(Counts::default(), Counts::plus);
    let rows = count(usize::try_from(counts.read).unwrap_or(usize::MAX), "row");
    let [used, ignored, left_out] = [counts.used, counts.ignored, counts.rejected].map(thousands);
    let mut said = vec![format!("{used} of {rows} used, {ignored} ignored, {left_out} left out.")];
    let groups = [true, false].into_iter().flat_map(|whole_row| grouped(&inputs.rejects, whole_row));
    said.extend(groups.take(REASONS).map(|group| {
        let (first, noun) = (group.first, if group.first.whole_row { "row" } else { "cell" });
        let (column, text) = (shown(&first.column), shown(&first.text));
        format!("{}: `{column}` {}, such as `{text}`.", count(group.count, noun), first.reason)
    }));
    said
}

/// As it must be typed: in quotes, where there are spaces in it.
fn typed(path: &str) -> String {
    if path.contains(char::is_whitespace) { format!("'{path}'") } else { path.to_owned() }
}
