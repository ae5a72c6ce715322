//! `profile`: a mapping drafted for an export that no profile reads, or a built-in one to begin with.

use super::prepare::find_settings;
use super::{Outcome, usage};
use crate::cli::ProfileArgs;
use crate::draft::{self, Draft};
use crate::input::{self, USUAL};
use crate::interaction::TableKind;
use crate::notice::{self, Notice, closest, count, thousands};
use crate::output::{Color, Content, Sink};
use crate::report::drafted;
use crate::settings::Settings;
use anyhow::{Result, anyhow, bail};
use std::io::Write;
use std::path::{Path, PathBuf};

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
    let settings = find_settings(args.config.as_deref(), std::slice::from_ref(file))?;
    let glance = input::glance::glance(file, &options(&settings, &[]))?;
    if let (Some(known), false) = (&glance.known, args.anyway) {
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

fn options<'a>(settings: &'a Settings, profiles: &'a [PathBuf]) -> input::Options<'a> {
    input::Options { profiles, settings, piece: USUAL, progress: &|_, _| {} }
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
    let is_taken = input::profiles(&options(settings, &[]))?.iter().any(|profile| profile.name == name);
    Ok(if is_taken { format!("my-{name}") } else { name })
}

/// How the file is read with the draft, and what to do next.
fn tried(file: &str, path: &Path, text: &str, settings: &Settings) -> Result<Vec<String>> {
    let mut draft = tempfile::Builder::new().prefix("deskstat-").suffix(".toml").tempfile()?;
    draft.write_all(text.as_bytes())?;
    let profiles = [draft.path().to_owned()];
    let next = format!("Next: deskstat report {file} --profile {}", path.display());
    if file == "-" {
        return Ok(vec![next]);
    }
    match input::read(&[file.to_owned()], &options(settings, &profiles)) {
        Ok(inputs) => {
            let counts =
                inputs.sources.iter().map(|source| source.counts).fold(input::Counts::default(), input::Counts::plus);
            let mut said = vec![format!(
                "{} of {} used, {} ignored, {} left out.",
                thousands(counts.used),
                count(usize::try_from(counts.read).unwrap_or(usize::MAX), "row"),
                thousands(counts.ignored),
                thousands(counts.rejected)
            )];
            for group in
                notice::grouped(&inputs.rejects, true).iter().chain(&notice::grouped(&inputs.rejects, false)).take(5)
            {
                let (first, what) = (group.first, if group.first.whole_row { "rows" } else { "cells" });
                said.push(format!(
                    "{} {what}: `{}` {}, such as `{}`.",
                    group.count,
                    notice::shown(&first.column),
                    first.reason,
                    notice::shown(&first.text)
                ));
            }
            said.push(next);
            Ok(said)
        }
        Err(error) => Ok(vec![
            format!("Not yet: {}.", error.to_string().lines().next().unwrap_or_default()),
            format!("Answer in {}, then: deskstat report {file} --profile {0}", path.display()),
        ]),
    }
}
