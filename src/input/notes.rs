//! What the reader should know of one file: guesses, damage, and profiles that miss it.
//!
//! Rows and cells that could not be used are rejects and not said here. A new notice is one function here.

use super::Origin;
use super::convert::Converter;
use super::find::{Found, Meant};
use super::header::Header;
use super::profile::Profile;
use crate::notice::{Notice, closest, count, shown};

/// What one file was read with, and what came of it.
pub struct Seen<'s> {
    pub found: &'s Found,
    pub profile: &'s Profile,
    /// The profile is the user's.
    pub own: bool,
    pub header: &'s Header,
    pub origin: &'s Origin,
    pub converter: &'s Converter,
}

/// All notices of a file.
pub fn notes(seen: &Seen) -> Vec<Notice> {
    [encoding(seen), zone(seen), phones(seen), misspelt(seen), all_ignored(seen)].into_iter().flatten().collect()
}

fn encoding(seen: &Seen) -> Option<Notice> {
    let text = format!("`{}` is not UTF-8 and was read as Windows-1252", seen.found.shown);
    seen.origin
        .encoding_guessed
        .then(|| Notice::note(text).hint("if names look wrong, say it in deskstat.toml: encoding under [[source]]"))
}

fn zone(seen: &Seen) -> Option<Notice> {
    let zone = seen.origin.zone.as_ref().filter(|zone| zone.assumed && zone.needed)?;
    let text = format!("times in `{}` carry no zone and were read as {}", seen.found.shown, zone.name);
    Some(Notice::warning(text).hint("say it in deskstat.toml: source_time_zone, or time_zone under [[source]]"))
}

fn phones(seen: &Seen) -> Option<Notice> {
    let tools = &seen.converter.tools;
    let damaged = usize::try_from(tools.damaged).ok().filter(|damaged| *damaged > 0)?;
    let numbers = count(damaged, "phone number");
    let were = if damaged == 1 { "was" } else { "were" };
    let (file, example) = (&seen.found.shown, &tools.damaged_example);
    let text = format!("{numbers} in `{file}` {were} damaged by a spreadsheet");
    Some(
        Notice::warning(text)
            .of_cell(example)
            .hint("export again and do not save it with a spreadsheet, or import the column as text"),
    )
}

/// A header that the user's own profile reads in vain; built-in profiles know several layouts each.
fn misspelt(seen: &Seen) -> Option<Notice> {
    let absent = seen.header.absent();
    if !seen.own || absent.is_empty() {
        return None;
    }
    let (name, file) = (&seen.profile.name, &seen.found.shown);
    let text = format!("profile `{name}` reads `{}`, which `{file}` does not have", absent.join("`, `"));
    let unused = seen.header.unused();
    let near = |absent: &String| Some((absent.clone(), closest(absent, unused.iter().map(String::as_str))?));
    Some(Notice::warning(text).hint(match absent.iter().find_map(near) {
        Some((_, near)) if absent.len() == 1 => format!("did you mean `{}`?", shown(near)),
        Some((absent, near)) => format!("did you mean `{}` by `{absent}`?", shown(near)),
        None => "`deskstat check` shows the headers that it has".to_owned(),
    }))
}

/// A file that was asked for and gave nothing.
fn all_ignored(seen: &Seen) -> Option<Notice> {
    let (counts, ruled_out) = (&seen.converter.counts, seen.converter.ruled_out);
    if seen.found.meant == Meant::Folder || ruled_out == 0 || counts.used + counts.rejected > 0 {
        return None;
    }
    let rows = usize::try_from(ruled_out).unwrap_or(usize::MAX);
    let all = if rows == 1 { "the only row".to_owned() } else { format!("all {}", count(rows, "row")) };
    let was = if rows == 1 { "was" } else { "were" };
    let (name, file) = (&seen.profile.name, &seen.found.shown);
    Some(Notice::warning(format!("{all} of `{file}` {was} ignored by a rule of profile `{name}`")))
}
