//! A folder with exports in it and the program run on it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A temporary folder, and what is run in it.
pub struct Desk {
    pub folder: TempDir,
}

/// What a run said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Put a file there.
    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Run the program in the folder, away from the user's own settings and terminal.
    pub fn run(&self, args: &[&str]) -> Said {
        run_in(self.folder.path(), args, "")
    }

    /// Run it and expect success.
    pub fn out(&self, args: &[&str]) -> String {
        let said = self.run(args);
        assert_eq!(said.code, 0, "{}", said.err);
        said.out
    }

    /// The rows of a table of `check` on the folder; none where it is not there.
    pub fn checked(&self, table: &str) -> Vec<serde_json::Value> {
        let check = json(&self.out(&["check", ".", "-q", "-f", "json"]));
        let sections = check["sections"].as_array().unwrap();
        let mut tables = sections.iter().flat_map(|section| section["tables"].as_array().unwrap());
        tables
            .find(|found| found["id"] == table)
            .map_or_else(Vec::new, |found| found["rows"].as_array().unwrap().clone())
    }
}

/// The program, to be run.
pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_deskstat"))
}

/// Run the program in a folder with something on standard input, away from the user's own settings and terminal.
pub fn run_in(folder: &Path, args: &[&str], input: impl AsRef<[u8]> + Send) -> Said {
    let mut command = program();
    command.args(args).current_dir(folder).env_clear().env("HOME", folder);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // What does not want it all closes the pipe: that is no failure of the test.
        scope.spawn(move || stdin.write_all(input.as_ref()).or_else(unless_closed).unwrap());
        child.wait_with_output().unwrap()
    });
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn unless_closed(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// The repository's own folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Run on the sample data and expect success.
pub fn on_sample(args: &[&str]) -> String {
    let said = run_in(root(), args, "");
    assert_eq!(said.code, 0, "{}", said.err);
    said.out
}

/// JSON as data.
pub fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

/// The cell of a `table -f json` row in which a dimension has a name.
pub fn cell<'a>(table: &'a serde_json::Value, dimension: &str, name: &str, column: &str) -> &'a serde_json::Value {
    let rows = table["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row[dimension] == name).unwrap_or_else(|| panic!("no {dimension} {name}"));
    &row[column]
}
