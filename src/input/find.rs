//! What was typed → the files meant: files, folders, globs, standard input.
//!
//! Nothing is opened here, but archives, whose members are files of their own. Every file comes once, in an order
//! that does not depend on what was typed first, and under a name of its own that messages may show.

use super::archive::{self, Member};
use super::trouble::Trouble;
use crate::notice::closest;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// None: standard input.
    pub path: Option<PathBuf>,
    /// Of the archive at the path it is this.
    pub member: Option<Member>,
    /// Of the workbook there it is this sheet.
    pub sheet: Option<String>,
    /// What is already known to be wrong with it.
    pub refused: Option<Trouble>,
    /// What the settings' patterns are held against: the path below the folder that all files are in.
    pub name: String,
    /// How reports call it: its name without what a terminal would obey, and no other file's.
    pub shown: String,
    pub meant: Meant,
    pub size: u64,
}

/// How the user came to mean a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meant {
    /// It lies in a folder: what cannot be read is left out.
    Folder,
    /// It fits a pattern: what cannot be read is an error, and our own outputs are left out.
    Pattern,
    /// The user named it, and wants just that file.
    Named,
}

/// Files by canonical path, so that one named twice is read once; with the path to open.
type Files = BTreeMap<PathBuf, (PathBuf, Meant)>;

/// What helps where there is nothing to read.
const CURE: &str = "name exports as CSV, JSON or XLSX, packed with gzip, ZIP or not at all; hidden files are not read";
/// Endings of files in folders that are no exports and need no word.
const PASSED_OVER: &[&str] = &[
    "toml", "md", "html", "htm", "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "pdf", "doc", "docx", "ppt",
    "pptx", "yml", "yaml", "lock", "log", "sh", "py", "sql", "bak", "tmp",
];
/// Beginnings of names of the same kind.
const PASSED_NAMES: &[&str] = &["readme", "license", "licence", "copying", "notice", "makefile"];
/// Folders below folders are followed so far.
const DEEPEST: usize = 32;

/// Find all files that the arguments mean.
pub fn find(args: &[String]) -> Result<Vec<Found>, Trouble> {
    let mut files = Files::new();
    let mut stdin = false;
    for arg in args {
        let path = Path::new(arg);
        if arg == "-" {
            stdin = true;
        } else if path.is_dir() {
            walk(path, 0, &mut files)?;
        } else if path.exists() {
            put(&mut files, path, Meant::Named);
        } else {
            glob(arg, &mut files)?;
        }
    }
    let files = shown(files.into_values().collect());
    let mut found: Vec<Found> = files.into_iter().flat_map(archive::members).collect();
    if stdin {
        found.push(Found::unfiled("stdin"));
    }
    if found.is_empty() {
        return Err(nothing(args));
    }
    set_apart(&mut found);
    found.sort_by(|a, b| a.shown.cmp(&b.shown));
    Ok(found)
}

/// There is nothing to read.
pub fn nothing(args: &[String]) -> Trouble {
    let places = if args.is_empty() {
        "no input is named".to_owned()
    } else {
        format!("nothing to read in `{}`", inert(&args.join("`, `")))
    };
    Trouble::new(places).hint(CURE)
}

/// There is nothing to read in an archive.
pub fn nothing_in(archive: &str) -> Trouble {
    Trouble::new(format!("nothing to read in `{archive}`")).hint(CURE)
}

fn put(files: &mut Files, path: &Path, meant: Meant) {
    let canonical = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let entry = files.entry(canonical).or_insert_with(|| (absolute.clone(), meant));
    // Of two names the same one whatever the order.
    if absolute < entry.0 {
        entry.0 = absolute;
    }
    entry.1 = entry.1.max(meant);
}

fn walk(folder: &Path, depth: usize, files: &mut Files) -> Result<(), Trouble> {
    let unreadable = |error: std::io::Error| {
        Trouble::new(format!("cannot read folder `{}`", inert(&folder.to_string_lossy()))).detail(error.to_string())
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let is_link = path.is_symlink();
        if name.starts_with('.') {
            continue;
        }
        // A link to a folder could lead round in a circle.
        if path.is_dir() && !is_link && depth < DEEPEST {
            walk(&path, depth + 1, files)?;
        } else if path.is_file() && !is_passed_over(&name) {
            put(files, &path, Meant::Folder);
        }
    }
    Ok(())
}

/// Whether a file of this name, in lower case, is no export and needs no word.
pub fn is_passed_over(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    PASSED_OVER.contains(&ending)
        || PASSED_NAMES.iter().any(|beginning| name.starts_with(beginning))
        || name.ends_with('~')
}

fn glob(pattern: &str, files: &mut Files) -> Result<(), Trouble> {
    if !pattern.contains(['*', '?', '[']) {
        return Err(no_such_file(pattern));
    }
    let typed = inert(pattern);
    let paths = glob::glob(pattern)
        .map_err(|error| Trouble::new(format!("`{typed}` is no pattern of files")).detail(error.to_string()))?;
    let mut any = false;
    for path in paths.flatten().chain(not_unicode(pattern)).filter(|path| !is_hidden(path, pattern)) {
        any = true;
        if path.is_dir() {
            walk(&path, 0, files)?;
        } else {
            put(files, &path, Meant::Pattern);
        }
    }
    if any {
        Ok(())
    } else {
        Err(Trouble::new(format!("no file fits `{typed}`")).hint("`*` stands for any name, `**` for any folders"))
    }
}

/// Files of the pattern's own folder that fit it under names that are no Unicode: the crate passes them over.
fn not_unicode(pattern: &str) -> Vec<PathBuf> {
    let path = Path::new(pattern);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|name| glob::Pattern::new(&name.to_string_lossy()).ok());
    let (Some(name), Ok(entries)) = (name, std::fs::read_dir(folder)) else { return Vec::new() };
    let fits = |path: &PathBuf| {
        path.file_name().is_some_and(|own| own.to_str().is_none() && name.matches(&own.to_string_lossy()))
    };
    entries.flatten().map(|entry| entry.path()).filter(fits).collect()
}

/// Whether some part of a path begins with a dot that no part of the pattern begins with.
fn is_hidden(path: &Path, pattern: &str) -> bool {
    let dotted: Vec<_> =
        pattern.split('/').filter(|p| p.starts_with('.')).filter_map(|p| glob::Pattern::new(p).ok()).collect();
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    parts.into_iter().any(|name| name.starts_with('.') && !dotted.iter().any(|pattern| pattern.matches(&name)))
}

fn no_such_file(typed: &str) -> Trouble {
    let trouble = Trouble::new(format!("there is no file `{}`", inert(typed)));
    let path = Path::new(typed);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match closest(&wanted, names.iter().map(String::as_str)) {
        Some(near) => trouble.hint(format!("did you mean `{}`?", inert(&path.with_file_name(near).to_string_lossy()))),
        None if !folder.is_dir() => {
            trouble.hint(format!("there is no folder `{}` either", inert(&folder.to_string_lossy())))
        }
        None => trouble.hint("check the path, or name the folder to read all in it"),
    }
}

/// Call each file by what follows the folder that all are in.
fn shown(files: Vec<(PathBuf, Meant)>) -> Vec<Found> {
    let folders = files.iter().filter_map(|(path, _)| path.parent());
    let common = folders
        .map(Path::to_path_buf)
        .reduce(|a, b| a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect());
    let name = |path: &Path| {
        let rest = common.as_ref().and_then(|common| path.strip_prefix(common).ok()).unwrap_or(path);
        // The same name on every system.
        rest.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |data| data.len());
    let found = |(path, meant): (PathBuf, Meant)| {
        let name = name(&path);
        Found { shown: inert(&name), meant, size: size(&path), path: Some(path), ..Found::unfiled(&name) }
    };
    files.into_iter().map(found).collect()
}

/// A name in full, with marks in the place of what is no visible character.
pub fn inert(name: &str) -> String {
    crate::notice::inert_whole(name)
}

/// Number the second and later of those that look alike: rows find their file by the name that is shown.
fn set_apart(found: &mut [Found]) {
    let mut taken = BTreeSet::new();
    for found in found {
        let alike = found.shown.clone();
        for nth in 2.. {
            if taken.insert(found.shown.clone()) {
                break;
            }
            found.shown = format!("{alike} ({nth})");
        }
    }
}

impl Found {
    /// No file: standard input, or a text at hand.
    pub fn unfiled(name: &str) -> Self {
        let (name, shown) = (name.to_owned(), name.to_owned());
        Self { path: None, member: None, sheet: None, refused: None, name, shown, meant: Meant::Named, size: 0 }
    }

    /// Whether a pattern is of its name, of its path, or of its name within an archive or a workbook.
    pub fn is_called(&self, pattern: &glob::Pattern) -> bool {
        let path = self.name.as_str();
        let name = path.rsplit('/').next().unwrap_or(path);
        let within = self.member.as_ref().map_or(name, |member| &member.name);
        let sheet = self.sheet.as_deref().unwrap_or(name);
        [path, name, within, sheet].iter().any(|name| pattern.matches(name))
    }

    /// What parts its cells, if it is a sheet: in `book/` it becomes such a text.
    pub fn delimiter(&self) -> Option<char> {
        self.sheet.as_ref().map(|_| ',')
    }

    /// A sheet of a workbook as a file of its own.
    pub fn at_sheet(&self, name: &str) -> Self {
        let shown = format!("{}/{}", self.shown, inert(name));
        Self { shown, sheet: Some(name.to_owned()), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        dir
    }

    fn names(found: &[Found]) -> Vec<(&str, Meant)> {
        found.iter().map(|found| (found.shown.as_str(), found.meant)).collect()
    }

    #[test]
    fn folders_globs_and_files_come_once_and_sorted() {
        let dir = folder(&["b.csv", "a/x.csv", ".hidden/y.csv", "a/.z.csv", "README.md", "deskstat.toml", "a/c.csv"]);
        let at = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
        let found = find(&[at("b.csv"), at("")]).unwrap();
        assert_eq!(names(&found), [("a/c.csv", Meant::Folder), ("a/x.csv", Meant::Folder), ("b.csv", Meant::Named)]);
        let found = find(&[at("a/*.csv"), at("a/./x.csv")]).unwrap();
        assert_eq!(names(&found), [("c.csv", Meant::Pattern), ("x.csv", Meant::Named)]);
        let found = find(&[at("**/*.csv"), at(".hidden/*")]).unwrap();
        let shown: Vec<&str> = found.iter().map(|found| found.shown.as_str()).collect();
        assert_eq!(shown, [".hidden/y.csv", "a/c.csv", "a/x.csv", "b.csv"]);
        assert_eq!(find(&[at("a/.*.csv")]).unwrap()[0].shown, ".z.csv");
    }

    #[test]
    fn what_is_not_there_is_said_with_its_neighbour() {
        let dir = folder(&["march.csv"]);
        let typed = dir.path().join("mrach.csv").to_string_lossy().into_owned();
        let trouble = find(&[typed]).unwrap_err();
        assert!(trouble.hint.unwrap().ends_with("march.csv`?"));
        let empty = folder(&["README.md"]);
        let trouble = find(&[empty.path().to_string_lossy().into_owned()]).unwrap_err();
        assert!(trouble.what.starts_with("nothing to read in"));
        assert!(find(&[dir.path().join("*.json").to_string_lossy().into_owned()]).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn hostile_names_are_shown_inert_and_apart() {
        use std::os::unix::ffi::OsStrExt;
        let long = format!("{}.csv", "x".repeat(100));
        let dir = folder(&["a\u{1b}[31m\nb.csv", "a\u{7}[31m\nb.csv", &long]);
        for byte in [0xfe, 0xff] {
            let name = [b"m", &[byte][..], b".csv"].concat();
            std::fs::write(dir.path().join(std::ffi::OsStr::from_bytes(&name)), "x").unwrap();
        }
        let expected = ["a�[31m⏎b.csv", "a�[31m⏎b.csv (2)", "m�.csv", "m�.csv (2)", &long];
        for typed in ["", "*.csv"] {
            let found = find(&[dir.path().join(typed).to_string_lossy().into_owned()]).unwrap();
            let shown: Vec<&str> = found.iter().map(|found| found.shown.as_str()).collect();
            assert_eq!(shown, expected, "{typed}");
            assert!(found.iter().all(|found| found.name.ends_with(".csv") && found.path.as_ref().unwrap().exists()));
        }
    }
}
