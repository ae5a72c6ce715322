//! `--rejects`: every row and cell left out, as it stood, in a file that appears only when it is whole.
//!
//! Opened before the work begins, as reports are; also written when a run ends for want of anything to count.

use super::usage;
use crate::notice::Reject;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Where the rows left out go: never where a report goes.
pub fn open(path: Option<&Path>, targets: &[PathBuf]) -> Result<Option<RejectsFile>> {
    let file = path.map(RejectsFile::open).transpose()?;
    if path.is_some_and(|path| targets.iter().any(|target| target == path)) {
        return Err(usage(anyhow!(
            "the report and the rows left out cannot go to the same file\nhint: name another for --rejects"
        )));
    }
    Ok(file)
}

/// The file beside the one asked for, until all is written.
pub struct RejectsFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl RejectsFile {
    /// Fails early where nothing can be written.
    fn open(path: &Path) -> Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::Builder::new().prefix(".deskstat-").suffix(".part").tempfile_in(folder);
        let file = file.with_context(|| cannot(path))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Write all and put the file in its place.
    pub fn write(self, rejects: &[Reject]) -> Result<()> {
        let mut out = csv::Writer::from_writer(self.file);
        let mut all = || -> Result<()> {
            out.write_record(["file", "line", "column", "reason", "text", "what", "record"])?;
            for r in rejects {
                let what = if r.whole_row { "row left out" } else { "cell emptied" };
                out.write_record([&r.file, &r.line.to_string(), &r.column, &r.reason, &r.text, what, &r.record])?;
            }
            Ok(out.flush()?)
        };
        all().with_context(|| cannot(&self.path))?;
        let file = out.into_inner().map_err(csv::IntoInnerError::into_error).with_context(|| cannot(&self.path))?;
        file.persist(&self.path).with_context(|| cannot(&self.path))?;
        Ok(())
    }
}

fn cannot(path: &Path) -> String {
    format!("cannot write `{}`", path.display())
}
