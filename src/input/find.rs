//! What was typed → the files meant: files, folders, globs, standard input.
//!
//! Nothing is opened here. Every file comes once, in an order that does not depend on what was typed first.

use super::trouble::Trouble;
use crate::notice::closest;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// None: standard input.
    pub path: Option<PathBuf>,
    /// How reports call it: the file's name, with as many folders as tell the files apart.
    pub shown: String,
    /// The user named it, or a pattern that it fits: if it cannot be read, that is an error.
    pub named: bool,
    pub size: u64,
}

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
    // By canonical path, so that a file named twice is read once.
    let mut files: BTreeMap<PathBuf, (PathBuf, bool)> = BTreeMap::new();
    let mut stdin = false;
    for arg in args {
        let path = Path::new(arg);
        if arg == "-" {
            stdin = true;
        } else if path.is_dir() {
            walk(path, 0, &mut files)?;
        } else if path.exists() {
            put(&mut files, path, true);
        } else {
            glob(arg, &mut files)?;
        }
    }
    let mut found = shown(files.into_values().collect());
    if stdin {
        found.push(Found { path: None, shown: "stdin".to_owned(), named: true, size: 0 });
    }
    if found.is_empty() {
        return Err(nothing(args));
    }
    found.sort_by(|a, b| a.shown.cmp(&b.shown));
    Ok(found)
}

/// There is nothing to read.
pub fn nothing(args: &[String]) -> Trouble {
    let places = if args.is_empty() {
        "no input is named".to_owned()
    } else {
        format!("nothing to read in `{}`", args.join("`, `"))
    };
    Trouble::new(places).hint("name exports as CSV or JSON, packed with gzip or not; hidden files are not read")
}

fn put(files: &mut BTreeMap<PathBuf, (PathBuf, bool)>, path: &Path, named: bool) {
    let canonical = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let entry = files.entry(canonical).or_insert_with(|| (absolute.clone(), named));
    // Of two names the same one whatever the order.
    if absolute < entry.0 {
        entry.0 = absolute;
    }
    entry.1 |= named;
}

fn walk(folder: &Path, depth: usize, files: &mut BTreeMap<PathBuf, (PathBuf, bool)>) -> Result<(), Trouble> {
    let unreadable = |error: std::io::Error| {
        Trouble::new(format!("cannot read folder `{}`", folder.display())).detail(error.to_string())
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
            put(files, &path, false);
        }
    }
    Ok(())
}

fn is_passed_over(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    PASSED_OVER.contains(&ending)
        || PASSED_NAMES.iter().any(|beginning| name.starts_with(beginning))
        || name.ends_with('~')
}

fn glob(pattern: &str, files: &mut BTreeMap<PathBuf, (PathBuf, bool)>) -> Result<(), Trouble> {
    if !pattern.contains(['*', '?', '[']) {
        return Err(no_such_file(pattern));
    }
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let paths = glob::glob_with(pattern, options)
        .map_err(|error| Trouble::new(format!("`{pattern}` is no pattern of files")).detail(error.to_string()))?;
    let mut any = false;
    for path in paths.flatten() {
        any = true;
        if path.is_dir() {
            walk(&path, 0, files)?;
        } else {
            put(files, &path, true);
        }
    }
    if any {
        Ok(())
    } else {
        Err(Trouble::new(format!("no file fits `{pattern}`")).hint("`*` stands for any name, `**` for any folders"))
    }
}

fn no_such_file(typed: &str) -> Trouble {
    let trouble = Trouble::new(format!("there is no file `{typed}`"));
    let path = Path::new(typed);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match closest(&wanted, names.iter().map(String::as_str)) {
        Some(near) => trouble.hint(format!("did you mean `{}`?", path.with_file_name(near).display())),
        None if !folder.is_dir() => trouble.hint(format!("there is no folder `{}` either", folder.display())),
        None => trouble.hint("check the path, or name the folder to read all in it"),
    }
}

/// Call each file by what follows the folder that all are in.
fn shown(files: Vec<(PathBuf, bool)>) -> Vec<Found> {
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
    files
        .into_iter()
        .map(|(path, named)| Found { shown: name(&path), size: size(&path), path: Some(path), named })
        .collect()
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

    fn names(found: &[Found]) -> Vec<(&str, bool)> {
        found.iter().map(|found| (found.shown.as_str(), found.named)).collect()
    }

    #[test]
    fn folders_globs_and_files_come_once_and_sorted() {
        let dir = folder(&["b.csv", "a/x.csv", ".hidden/y.csv", "a/.z.csv", "README.md", "deskstat.toml", "a/c.csv"]);
        let at = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
        let found = find(&[at("b.csv"), at("")]).unwrap();
        assert_eq!(names(&found), [("a/c.csv", false), ("a/x.csv", false), ("b.csv", true)]);
        let found = find(&[at("a/*.csv"), at("a/./x.csv")]).unwrap();
        assert_eq!(names(&found), [("c.csv", true), ("x.csv", true)]);
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
}
