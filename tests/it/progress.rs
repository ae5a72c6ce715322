//! What is told while the program works: on a terminal by file, with bytes, rows and the time left; elsewhere nothing.
//!
//! The work is made long by a pipe with a name, whose writer takes its time. `script` makes the terminal.

use crate::desk::{Desk, program};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const HEADER: &str = "interaction_id,channel,started_at\n";
/// Longer than the program waits before it tells of its progress.
const LONG: Duration = Duration::from_millis(900);

/// Two exports, of which the first is a pipe; nothing where no pipe can be made.
fn desk() -> Option<Desk> {
    let desk = Desk::new().with("plain.csv", format!("{HEADER}0,email,2026-03-02T09:00:00Z\n"));
    let made = Command::new("mkfifo").arg(desk.path("slow.csv")).status();
    made.is_ok_and(|made| made.success()).then_some(desk)
}

/// Write an export in two halves.
fn write_slowly(pipe: &Path) {
    let mut pipe = std::fs::File::options().write(true).open(pipe).unwrap();
    let rows =
        |from: u32| -> String { (from..from + 20_000).map(|n| format!("{n},chat,2026-03-03T09:00:00Z\n")).collect() };
    pipe.write_all(format!("{HEADER}{}", rows(1)).as_bytes()).unwrap();
    std::thread::sleep(LONG);
    pipe.write_all(rows(20_001).as_bytes()).unwrap();
}

/// What a command says while the pipe is written to.
fn said(desk: &Desk, mut command: Command) -> Output {
    let folder = desk.folder.path();
    command.current_dir(folder).env_clear().env("HOME", folder).env("PATH", "/usr/bin:/bin").env("TERM", "xterm");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    std::thread::scope(|scope| {
        scope.spawn(|| write_slowly(&desk.path("slow.csv")));
        command.output().unwrap()
    })
}

/// What a terminal gets, where there is a `script` that makes one.
fn on_terminal(desk: &Desk, options: &str) -> Option<String> {
    let deskstat = env!("CARGO_BIN_EXE_deskstat");
    let line = format!("stty cols 100; '{deskstat}' report slow.csv plain.csv --threads 1 {options} > report.txt");
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]);
    if Command::new("script").arg("--version").output().is_err() {
        return None;
    }
    let said = said(desk, command);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    assert!(std::fs::read_to_string(desk.path("report.txt")).unwrap().contains("40,001"), "the report is there");
    Some(String::from_utf8(said.stdout).unwrap())
}

#[test]
fn a_terminal_is_told_by_file_with_bytes_rows_and_time_left() {
    let Some((desk, told)) = desk().and_then(|desk| on_terminal(&desk, "").map(|told| (desk, told))) else {
        println!("skipped: there is no mkfifo or no script here");
        return;
    };
    let frames: Vec<&str> = told.split('\r').filter(|frame| frame.contains("reading")).collect();
    assert!(!frames.is_empty(), "{told:?}");
    for frame in &frames {
        assert!(frame.contains("reading slow.csv, ") || frame.contains("reading plain.csv, "), "{frame:?}");
        assert!(frame.contains(" rows ") && frame.contains("B/") && frame.contains(" left"), "{frame:?}");
    }
    assert!(frames.iter().any(|frame| frame.contains("reading slow.csv, 40,00")), "{frames:?}");
    assert!(told.ends_with("\u{1b}[2K"), "the line is cleared: {told:?}");
    for option in ["--quiet", "--no-progress"] {
        let told = on_terminal(&desk, option).unwrap_or_default();
        assert!(!told.contains("reading") && !told.contains('\u{1b}'), "{option}: {told:?}");
    }
}

#[test]
fn a_pipe_is_told_nothing_of_progress() {
    let Some(desk) = desk() else {
        println!("skipped: there is no mkfifo here");
        return;
    };
    let mut command = program();
    command.args(["report", "slow.csv", "plain.csv"]);
    let said = said(&desk, command);
    let err = String::from_utf8(said.stderr).unwrap();
    assert!(said.status.success(), "{err}");
    assert!(!err.contains("reading ") && !err.contains('\u{1b}') && !err.contains('\r'), "{err:?}");
    assert!(String::from_utf8(said.stdout).unwrap().contains("40,001"));
}
