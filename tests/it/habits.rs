//! What people expect of any program in a shell: examples, completions, a manual page, a hint at each slip.

use crate::desk::{Desk, on_sample, root, run_in};
use std::process::{Command, Stdio};

/// The commands that the help lists.
fn commands() -> Vec<String> {
    let help = on_sample(&["--help"]);
    let (_, rest) = help.split_once("Commands:\n").unwrap();
    let lines = rest.lines().take_while(|line| !line.is_empty());
    let names: Vec<String> = lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    assert!(names.iter().any(|name| name == "report"), "{help}");
    names
}

/// The words of a line as a shell takes them apart, with single quotes.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(nth, part)| match nth % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[cfg(unix)]
#[test]
fn every_example_in_the_help_can_be_run() {
    let desk = Desk::new();
    std::os::unix::fs::symlink(root().join("sample-data"), desk.path("exports")).unwrap();
    for command in commands().iter().map(String::as_str).chain(["generate"]) {
        let help = on_sample(&[command, "--help"]);
        let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  deskstat ")).collect();
        assert!(!examples.is_empty(), "`{command}` has no example");
        for example in examples {
            let args = words(example);
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            assert!(args[0] == command, "{example}");
            let said = run_in(desk.folder.path(), &args, "");
            assert_eq!(said.code, 0, "{example}: {}", said.err);
        }
    }
}

#[test]
fn shells_complete_what_there_is() {
    for shell in ["bash", "zsh", "fish"] {
        let script = on_sample(&["generate", "completions", shell]);
        for word in ["interactions", "fail-if", "no-progress"] {
            assert!(script.contains(word), "{shell} does not complete `{word}`");
        }
    }
    // Bash at least is everywhere: it takes the script.
    let script = on_sample(&["generate", "completions", "bash"]);
    let checked = Command::new("bash").args(["-n", "-c", &script]).stdin(Stdio::null()).output();
    assert!(checked.is_ok_and(|output| output.status.success()));
}

#[test]
fn each_command_has_a_manual_page() {
    let page = on_sample(&["generate", "man"]);
    assert!(page.contains(".TH deskstat 1") && page.contains("deskstat\\-report"), "{page}");
    for command in commands() {
        let page = on_sample(&["generate", "man", &command]);
        assert!(page.contains(&format!(".TH deskstat-{command} 1")), "{page}");
        assert!(page.contains("Examples:") && page.contains(".SH OPTIONS"), "{page}");
    }
}

#[test]
fn a_slip_is_met_with_what_was_meant() {
    let desk = Desk::new()
        .with("t.csv", "interaction_id,channel,started_at\n1,email,2026-03-02T09:00:00Z\n")
        .with("source.toml", "[[source]]\nfile = 't.csv'\nprofile = 'deskstat-interaction'\n");
    for (args, meant) in [
        (&["reprot", "."][..], "'report'"),
        (&["report", ".", "--quite"], "'--quiet'"),
        (&["report", ".", "--only", "respons"], "`response`"),
        (&["report", ".", "--period", "lastweek"], "`last-week`"),
        (&["report", ".", "--tz", "Europe/Londn"], "`Europe/London`"),
        (&["report", ".", "-f", "jsn"], "did you mean json"),
        (&["table", ".", "--metrics", "service_lvl"], "`service_level`"),
        (&["table", ".", "--by", "chanel"], "`channel`"),
        (&["table", ".", "--sort", "-contcts"], "`contacts`"),
        (&["table", ".", "--where", "chanel=email"], "`channel`"),
        (&["table", ".", "--profile", "zendesk-ticket"], "`zendesk-tickets"),
        (&["table", ".", "--fail-if", "contcts>5"], "`contacts`"),
        (&["table", ".", "--config", "source.toml"], "did you mean `"),
        (&["list", "metric"], "'metrics'"),
        (&["explain", "frtt"], "`frt"),
        (&["customers", ".", "--colour", "never"], "'--color'"),
        (&["generate", "man", "reprot"], "`report`"),
    ] {
        let said = desk.run(args);
        assert!(said.code == 1 || said.code == 2, "{args:?}: {}", said.err);
        assert!(said.err.contains(meant), "{args:?}: {}", said.err);
    }
}

#[test]
fn what_is_wrong_in_the_settings_is_said_with_its_line() {
    for (settings, line, meant) in [
        ("time_zone = 'UTC'\ntime_zon = 'x'\n", 2, "`time_zone`"),
        ("\ntime_zone = 'Europe/Londn'\n", 2, "`Europe/London`"),
        ("[goals]\ncsat = 0.9\nrespnse_sla = 0.9\n", 3, "`response_sla`"),
        (
            "[targets]\nresponse = [\n  { channel = 'email', within = '8h' },\n  { channel = 'emial', within = '8h' },\n]\n",
            4,
            "`email`",
        ),
        ("[costs]\nphone = { minute = 1 }\nphon = { minute = 1 }\n", 3, "`phone`"),
        ("[synonyms.taem]\na = 'b'\n", 1, "`team`"),
        ("[touchpoints]\na = 'complaint'\nb = 'complaints'\n", 3, "`complaint`"),
        (
            "[[hours]]\nname = 'A'\ndaily = '9-17'\n[[hours]]\nname = 'B'\nchannel = 'phon'\ndaily = '9-17'\n",
            6,
            "`phone`",
        ),
        ("[[hours]]\nname = 'A'\ndaily = '9-17'\n[[hours]]\nname = 'A'\ndaily = '8-18'\n", 4, "`until`"),
        ("[[source]]\nfile = 'a'\n[[source]]\nfile = 'b'\ntime_zone = 'Mars'\n", 5, "Europe/London"),
        ("[report]\nperiod = 'lastweek'\n", 2, "`last-week`"),
        ("[report]\noutput = ['a.csv']\n", 2, "`outputs`"),
        ("[report]\noutputs = [\n  'a.csv',\n  'a.htlm',\n]\n", 4, "`.htm`"),
        ("stale_after = 'soon'\n", 1, "7d"),
        ("\nregion = 'XX'\n", 2, "such as GB"),
    ] {
        let desk = Desk::new().with("t.csv", "interaction_id,channel,started_at\n1,email,2026-03-02T09:00:00Z\n");
        let said = desk.with("deskstat.toml", settings).run(&["report", "."]);
        assert_eq!(said.code, 1, "{settings}: {}", said.err);
        let start = format!("error: settings `./deskstat.toml`, line {line}: ");
        assert!(said.err.starts_with(&start) && said.err.contains(meant), "{settings}: {}", said.err);
        assert!(said.err.contains("\nhint: "), "{settings}: {}", said.err);
    }
}
