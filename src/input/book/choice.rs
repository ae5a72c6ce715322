//! Which sheets of a workbook are read.
//!
//! Those that `--sheet` names, or `sheets` under `[[source]]`; else the first that fits, of those that are not hidden:
//! who hides a sheet does not show it to others. That there are rows in others is said, never passed over.

use super::super::csv::layout;
use super::super::find::{Found, inert};
use super::super::source::{self, Failure};
use super::super::trouble::Trouble;
use super::{Book, Tab};
use crate::notice::{Notice, closest};
use crate::settings::Settings;

/// Whether a sheet can be read, of which the text begins so.
pub type Fits<'f> = &'f dyn Fn(&Found, &[u8]) -> Result<(), Failure>;

/// How many are listed.
const LISTED: usize = 12;
/// How many are said what is wrong with.
const SAID: usize = 3;

/// The sheets that somebody named.
pub fn wanted<'s>(found: &Found, settings: &'s Settings) -> Result<&'s [String], Failure> {
    let own = source::own_settings(found, settings)?.map_or(&[][..], |own| &own.sheets);
    Ok(if settings.sheets.is_empty() { own } else { &settings.sheets })
}

/// The tabs to read, and what is said of the others. Of several kinds of fitting the first counts by which one fits.
pub fn choose(
    book: &mut Book,
    found: &Found,
    wanted: &[String],
    fits: &[Fits],
) -> Result<(Vec<usize>, Option<Notice>), Failure> {
    if !wanted.is_empty() {
        return Ok((named(book, wanted).map_err(Failure::Misfit)?, None));
    }
    let tops = tops(book, found).map_err(Failure::Misfit)?;
    let mut failures = Vec::new();
    for fits in fits {
        failures.clear();
        for top in tops.iter().filter(|top| !top.hidden) {
            match fits(&top.found, &top.text) {
                Ok(()) => return Ok((vec![top.tab], left(book, top.tab, &tops, *fits))),
                Err(failure @ Failure::Undecided(_)) => return Err(failure),
                Err(failure) => failures.push(failure),
            }
        }
    }
    Err(none(book, &tops, failures))
}

/// The tabs of these names or numbers.
fn named(book: &Book, wanted: &[String]) -> Result<Vec<usize>, Trouble> {
    let mut chosen = Vec::new();
    for name in wanted {
        let is_named = |tab: &Tab| tab.name.trim().to_lowercase() == name.trim().to_lowercase();
        let numbered = || name.trim().parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < book.tabs.len());
        let Some(tab) = book.tabs.iter().position(is_named).or_else(numbered) else {
            return Err(unknown(book, name));
        };
        if !book.tabs[tab].has_cells {
            let trouble = Trouble::new(format!("sheet `{}` of `{}` is a chart", inert(name), book.file));
            return Err(trouble.hint("name the sheet that the chart is of"));
        }
        if !chosen.contains(&tab) {
            chosen.push(tab);
        }
    }
    chosen.sort_unstable();
    Ok(chosen)
}

fn unknown(book: &Book, name: &str) -> Trouble {
    let trouble = Trouble::new(format!("`{}` has no sheet `{}`", book.file, inert(name)));
    let names: Vec<&str> = book.tabs.iter().map(|tab| tab.name.as_str()).collect();
    let near = closest(name, names.iter().copied());
    let there = if names.len() == 1 { "there is" } else { "there are" };
    let trouble = trouble.detail(format!("{there} {}", list(names.iter().map(|name| inert(name)))));
    match near {
        Some(near) => trouble.hint(format!("did you mean `{}`?", inert(near))),
        None => trouble.hint("name one of them, or say its number, from 1"),
    }
}

/// `` `A`, `B` … (14) ``
fn list(names: impl ExactSizeIterator<Item = String>) -> String {
    let all = names.len();
    let listed: Vec<String> = names.take(LISTED).map(|name| format!("`{name}`")).collect();
    if all > LISTED { format!("{} … ({all})", listed.join(", ")) } else { listed.join(", ") }
}

/// The beginning of a sheet that has rows.
struct Top {
    tab: usize,
    hidden: bool,
    found: Found,
    text: Vec<u8>,
}

fn tops(book: &mut Book, found: &Found) -> Result<Vec<Top>, Trouble> {
    let mut tops = Vec::new();
    for tab in 0..book.tabs.len() {
        if !book.tabs[tab].has_cells {
            continue;
        }
        let text = match book.top(tab) {
            Ok(text) => text,
            // Nobody sees it, and nobody has asked for it.
            Err(_) if book.tabs[tab].hidden => continue,
            Err(trouble) => return Err(trouble),
        };
        if !text.trim_ascii().is_empty() {
            let Tab { name, hidden, .. } = &book.tabs[tab];
            tops.push(Top { tab, hidden: *hidden, found: found.at_sheet(name), text });
        }
    }
    Ok(tops)
}

/// What is said of tables in sheets that are not read.
fn left(book: &Book, chosen: usize, tops: &[Top], fits: Fits) -> Option<Notice> {
    let is_table = |top: &&Top| top.tab != chosen && layout::is_table(&String::from_utf8_lossy(&top.text));
    let others: Vec<&Top> = tops.iter().filter(is_table).collect();
    if others.is_empty() {
        return None;
    }
    let name = |top: &&Top| inert(&book.tabs[top.tab].name);
    let names = list(others.iter().map(name));
    let text = format!(
        "of `{}` only sheet `{}` was read; there are rows in {names}",
        book.file,
        inert(&book.tabs[chosen].name)
    );
    // Another one of the same kind may be half of what there is.
    let is_export = others.iter().any(|top| !top.hidden && fits(&top.found, &top.text).is_ok());
    let notice = if is_export { Notice::warning(text) } else { Notice::note(text) };
    Some(notice.hint("say which you mean: --sheet, which may be repeated, or sheets under [[source]] in deskstat.toml"))
}

/// No sheet fits.
fn none(book: &Book, tops: &[Top], mut failures: Vec<Failure>) -> Failure {
    if failures.len() == 1 || failures.iter().any(|failure| matches!(failure, Failure::OwnOutput)) {
        let own = failures.iter().position(|failure| matches!(failure, Failure::OwnOutput));
        return failures.swap_remove(own.unwrap_or(0));
    }
    let file = book.file;
    if failures.is_empty() {
        let trouble = match tops.first() {
            Some(hidden) => Trouble::new(format!("all rows of `{file}` are in hidden sheets"))
                .hint(format!("--sheet reads one: `{}`", inert(&book.tabs[hidden.tab].name))),
            None => Trouble::new(format!("`{file}` is a workbook without any rows"))
                .hint("export it again, or leave it out"),
        };
        return Failure::Misfit(trouble);
    }
    let mut all = Trouble::new(format!("no sheet of `{file}` is an export that is known"));
    for failure in failures.into_iter().take(SAID) {
        if let Failure::Misfit(trouble) | Failure::Prose(trouble) = failure {
            all = all.detail(trouble.line());
        }
    }
    Failure::Misfit(all.hint("--sheet says which you mean; `deskstat profile` drafts a mapping of your own for it"))
}
