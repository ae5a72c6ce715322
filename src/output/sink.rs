//! Where output goes: standard output and files, all opened before the work begins.
//!
//! A file is written beside its place and renamed when everything is done, so that a failed run leaves what was
//! there. What is written is the formats' business.

use super::{Color, Content, Format, Style, choose};
use crate::report::Report;
use crate::rows::Rows;
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const BUFFER: usize = 1 << 16;

/// All destinations of a run.
#[derive(Debug)]
pub struct Sink {
    targets: Vec<Target>,
}

#[derive(Debug)]
struct Target {
    format: &'static Format,
    style: Style,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Stdout,
    /// A device or a pipe: cannot be replaced by renaming.
    Device(PathBuf, File),
    Beside {
        named: PathBuf,
        target: PathBuf,
        file: NamedTempFile,
    },
}

impl Sink {
    /// Open every destination: the files named, or standard output where none is. `-` is standard output too.
    pub fn open(named: Option<&str>, files: &[PathBuf], color: Color, content: Content) -> Result<Self> {
        if files.is_empty() {
            let format = choose(named, None, content)?;
            return Ok(Self { targets: vec![Target { format, style: Style::stdout(color), place: Place::Stdout }] });
        }
        if let Some(twice) = files.iter().enumerate().find_map(|(i, f)| files[..i].contains(f).then_some(f)) {
            bail!("`{}` is named twice\nhint: give each -o a file of its own", twice.display());
        }
        let open = |file: &PathBuf| {
            if file.as_os_str() == "-" {
                let format = choose(named, None, content)?;
                return Ok(Target { format, style: Style::stdout(color), place: Place::Stdout });
            }
            let format = choose(named, Some(file), content)?;
            Ok(Target { format, style: Style::file(color), place: place(file)? })
        };
        files.iter().map(open).collect::<Result<_>>().map(|targets| Self { targets })
    }

    /// Write a report to every destination.
    pub fn report(self, report: &Report) -> Result<()> {
        self.each(|format, style, out| match format.write {
            Some(write) => write(report, style, out),
            None => bail!("a report cannot be written as {}", format.name),
        })
    }

    /// CSV among the destinations is for spreadsheets.
    pub fn for_excel(mut self) -> Result<Self> {
        let mut csv = self.targets.iter_mut().filter(|target| target.format.name == "csv").peekable();
        if csv.peek().is_none() {
            bail!("--excel is for CSV, and none is written\nhint: write -f csv, or -o with a name that ends in .csv");
        }
        csv.for_each(|target| target.style.excel = true);
        Ok(self)
    }

    /// Write rows to every destination.
    pub fn rows(self, rows: &Rows) -> Result<()> {
        self.each(|format, style, out| match format.rows {
            Some(write) => write(rows, style, out),
            None => bail!("rows cannot be written as {}", format.name),
        })
    }

    /// Files first, then standard output; files take their names only when nothing has failed.
    fn each(mut self, write: impl Fn(&Format, &Style, &mut dyn Write) -> Result<()>) -> Result<()> {
        self.targets.sort_by_key(|t| matches!(t.place, Place::Stdout));
        for Target { format, style, place } in &mut self.targets {
            match place {
                Place::Stdout => to_pipe(io::stdout().lock(), |out| write(format, style, out))?,
                Place::Device(path, file) => to_pipe(file, |out| write(format, style, out))
                    .with_context(|| format!("cannot write `{}`", path.display()))?,
                Place::Beside { named, file, .. } => {
                    let mut out = BufWriter::with_capacity(BUFFER, file.as_file_mut());
                    write(format, style, &mut out)
                        .and_then(|()| Ok(out.flush()?))
                        .with_context(|| format!("cannot write `{}`", named.display()))?;
                }
            }
        }
        self.targets.into_iter().try_for_each(|target| target.place.settle())
    }
}

impl Place {
    /// Give a finished file its name, and the permissions of the one it replaces.
    fn settle(self) -> Result<()> {
        let Self::Beside { named, target, file } = self else { return Ok(()) };
        if let Ok(there) = fs::metadata(&target) {
            // A foreign file system may refuse; the content matters more.
            let _ = file.as_file().set_permissions(there.permissions());
        }
        file.persist(&target).with_context(|| format!("cannot write `{}`", named.display()))?;
        Ok(())
    }
}

/// Write to something whose reader may leave: `deskstat … | head` is a success.
fn to_pipe(inner: impl Write, write: impl Fn(&mut dyn Write) -> Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, Pipe { inner, closed: false });
    let written = write(&mut out).and_then(|()| Ok(out.flush()?));
    // Taken apart, for dropping a buffer would write to the closed pipe again.
    let (pipe, _) = out.into_parts();
    if pipe.closed { Ok(()) } else { written }
}

/// Remembers that its reader left, because serialisers wrap the error beyond recognition.
struct Pipe<W> {
    inner: W,
    closed: bool,
}

impl<W> Pipe<W> {
    fn note<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        self.closed |= result.as_ref().is_err_and(|e| e.kind() == ErrorKind::BrokenPipe);
        result
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes);
        self.note(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.inner.flush();
        self.note(flushed)
    }
}

/// Open one file: beside its place, so that renaming never crosses a file system.
fn place(named: &Path) -> Result<Place> {
    let refuse = |why: &str, hint: &str| bail!("cannot write `{}`: {why}\nhint: {hint}", named.display());
    // A link stays a link: what it points to is replaced.
    let target = fs::canonicalize(named).unwrap_or_else(|_| named.to_owned());
    match fs::metadata(&target) {
        Ok(there) if there.is_dir() => return refuse("it is a folder", "name a file in it"),
        Ok(there) if !there.is_file() => return device(named),
        Ok(there) if there.permissions().readonly() => {
            return refuse("it is write-protected", "name another file, or allow writing to it");
        }
        _ => {}
    }
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    match beside(folder) {
        Ok(file) => Ok(Place::Beside { named: named.to_owned(), target, file }),
        Err(e) => match e.kind() {
            ErrorKind::NotFound => refuse("no such folder", &format!("make the folder `{}` first", folder.display())),
            ErrorKind::NotADirectory => refuse("no such folder", &format!("`{}` is a file", folder.display())),
            ErrorKind::PermissionDenied => refuse("not allowed", "name a folder in which you may write"),
            _ => Err(e).with_context(|| format!("cannot write `{}`", named.display())),
        },
    }
}

fn device(named: &Path) -> Result<Place> {
    let file =
        File::options().write(true).open(named).with_context(|| format!("cannot write `{}`", named.display()))?;
    Ok(Place::Device(named.to_owned(), file))
}

/// A temporary file with the permissions of a normal new one; tempfile's own are for secrets.
fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".deskstat-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::sample;

    fn open(files: &[PathBuf]) -> Result<Sink> {
        Sink::open(None, files, Color::Never, Content::Report)
    }

    #[test]
    fn several_files_are_written_at_once_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["a.csv", "b.json", "c.txt"].map(|name| folder.path().join(name));
        open(&files).unwrap().report(&sample::report()).unwrap();
        assert!(fs::read_to_string(&files[0]).unwrap().starts_with("section,table,period"));
        assert!(fs::read_to_string(&files[1]).unwrap().starts_with("{\n  \"schema\": 1"));
        assert!(fs::read_to_string(&files[2]).unwrap().starts_with("Week 46"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_has_usual_permissions_and_a_replaced_one_keeps_its_own() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (new, usual, old) = (folder.path().join("n.csv"), folder.path().join("u"), folder.path().join("o.csv"));
        File::create(&usual).unwrap();
        fs::write(&old, "old").unwrap();
        fs::set_permissions(&old, fs::Permissions::from_mode(0o640)).unwrap();
        open(&[new.clone(), old.clone()]).unwrap().report(&sample::report()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&new), mode(&usual));
        assert_eq!(mode(&old), 0o640);
    }

    #[test]
    fn an_old_file_stays_until_success() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("week.json");
        fs::write(&old, "old").unwrap();
        drop(open(std::slice::from_ref(&old)).unwrap());
        assert_eq!(fs::read_to_string(&old).unwrap(), "old");
        let failed = open(std::slice::from_ref(&old)).unwrap().each(|_, _, out| {
            out.write_all(b"half")?;
            bail!("computing failed")
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&old).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_destination_that_cannot_be_is_said_before_the_work() {
        let folder = tempfile::tempdir().unwrap();
        let said = |file: PathBuf| open(&[file]).unwrap_err().to_string().replace(folder.path().to_str().unwrap(), "F");
        assert_eq!(
            said(folder.path().join("x/y.csv")),
            "cannot write `F/x/y.csv`: no such folder\nhint: make the folder `F/x` first"
        );
        let dir = folder.path().join("d.csv");
        fs::create_dir(&dir).unwrap();
        assert_eq!(said(dir), "cannot write `F/d.csv`: it is a folder\nhint: name a file in it");
        let twice = [folder.path().join("a.csv"), folder.path().join("a.csv")];
        assert!(open(&twice).unwrap_err().to_string().contains("is named twice"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_a_device_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.csv"), folder.path().join("link.csv"));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        open(std::slice::from_ref(&link)).unwrap().report(&sample::report()).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(&real).unwrap().starts_with("section"));
        let null = PathBuf::from("/dev/null");
        Sink::open(Some("csv"), &[null], Color::Never, Content::Report).unwrap().report(&sample::report()).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn a_closed_pipe_is_success_and_another_failure_is_not() {
        struct Failing(ErrorKind);
        impl Write for Failing {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(self.0.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for format in super::super::FORMATS {
            let Some(written) = format.write else { continue };
            let write = |out: &mut dyn Write| written(&sample::report(), &Style::file(Color::Never), out);
            assert!(to_pipe(Failing(ErrorKind::BrokenPipe), write).is_ok(), "{}", format.name);
            assert!(to_pipe(Failing(ErrorKind::StorageFull), write).is_err(), "{}", format.name);
        }
    }
}
