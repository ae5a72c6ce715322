//! A report that runs by itself: what the settings say of it, what fails it, and what it says then.

use crate::desk::{Desk, Said, json, program, root, run_in};
use std::fmt::Write as _;
use std::process::Command;

/// Nine weeks of e-mails from Monday 5 January 2026 on: four a week with a reply after one hour, and in the last one
/// `last` with a reply after three.
fn weeks(last: usize) -> String {
    let mut csv = String::from("interaction_id,channel,started_at,first_response_at,status\n");
    for week in 0..9 {
        let count = if week == 8 { last } else { 4 };
        for n in 0..count {
            let day = 5 + 7 * week + n % 5;
            let (month, day) = if day > 59 {
                (3, day - 59)
            } else if day > 31 {
                (2, day - 31)
            } else {
                (1, day)
            };
            let reply = if week == 8 { 13 } else { 11 };
            let minute = n % 60;
            let _ = writeln!(
                csv,
                "{week}-{n},email,2026-{month:02}-{day:02}T10:{minute:02}:00Z,2026-{month:02}-{day:02}T{reply}:{minute:02}:00Z,closed"
            );
        }
    }
    csv + "last,email,2026-03-09T09:00:00Z,,open\n"
}

fn desk(last: usize, settings: &str) -> Desk {
    Desk::new().with("exports/t.csv", weeks(last)).with("deskstat.toml", settings)
}

fn failed(said: &Said) -> Vec<&str> {
    said.err.lines().filter(|line| line.starts_with("failed: ")).collect()
}

#[test]
fn the_settings_name_inputs_outputs_and_period() {
    let settings =
        "inputs = ['exports']\n[report]\nperiod = '2026-W08'\noutputs = ['out/{period}.json', 'out/latest.txt']\n";
    let desk = desk(4, settings).with("out/old.txt", "kept").with("out/latest.txt", "old");
    let said = desk.run(&["report", "--quiet"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", ""));
    let report = json(&std::fs::read_to_string(desk.path("out/2026-W08.json")).unwrap());
    assert_eq!(report["deskstat"]["period"], "2026-W08");
    assert!(std::fs::read_to_string(desk.path("out/latest.txt")).unwrap().starts_with("Week 8,"));
    let mut names: Vec<_> = std::fs::read_dir(desk.path("out")).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["2026-W08.json", "latest.txt", "old.txt"]);

    // What is typed wins, and what was written is said to whom nobody told to be quiet.
    let typed = desk.run(&["report", "-o", "-", "--period", "2026-W09"]);
    assert!(typed.out.starts_with("Week 9,"), "{}", typed.out);
    assert!(desk.run(&["report", "-f", "csv"]).out.starts_with("section,table,period"));
    let told = desk.run(&["report"]);
    assert!(told.out.is_empty() && told.err.contains("out/2026-W08.json"), "{}", told.err);
    let table = desk.run(&["table", "-q"]);
    assert!(table.code == 0 && table.out.contains("37"), "only the report goes where the settings say");
}

#[test]
fn settings_elsewhere_speak_of_their_own_folder() {
    let settings = "inputs = ['exports']\n[report]\noutputs = ['{period}.csv']\n";
    let desk = Desk::new().with("shop/exports/t.csv", weeks(4)).with("shop/deskstat.toml", settings);
    assert_eq!(desk.run(&["report", "-q", "--config", "shop/deskstat.toml"]).code, 0);
    assert!(desk.path("shop/2026-W10.csv").exists());
}

#[test]
fn an_export_is_not_written_over_by_a_name_with_a_period() {
    let desk = Desk::new().with("2026-W10.csv", weeks(4));
    let said = desk.run(&["report", "2026-W10.csv", "-o", "{period}.csv"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert_eq!(std::fs::read_to_string(desk.path("2026-W10.csv")).unwrap(), weeks(4));
    assert_eq!(desk.run(&["report", "2026-W10.csv", "-o", "x-{period}.csv", "-q"]).code, 0);
    assert!(desk.path("x-2026-W10.csv").exists());
}

#[test]
fn what_fails_a_run_is_said_in_a_line_each() {
    // Eight weeks of four contacts let nothing but four be expected; each reply took one hour, and now three.
    let desk = desk(40, "inputs = ['exports']\n");
    let run = |condition: &str| desk.run(&["report", "-q", "-o", "r.txt", "--fail-if", condition]);
    for (condition, expected) in [
        ("frt_p50>2h", Some("failed: frt_p50>2h: 3 h in 2026-W10, n 40")),
        ("frt_p50>3h", None),
        ("contacts>39", Some("failed: contacts>39: 40 in 2026-W10")),
        ("contacts unusual", Some("failed: contacts unusual: 40 in 2026-W10, where 4 to 4 would be usual")),
        ("contacts>100 if unusual", None),
        ("response_sla<80%", None),
    ] {
        let said = run(condition);
        assert_eq!(failed(&said), expected.into_iter().collect::<Vec<_>>(), "{condition}: {}", said.err);
        assert_eq!(said.code, if expected.is_some() { 4 } else { 0 }, "{condition}");
        assert!(std::fs::read_to_string(desk.path("r.txt")).unwrap().starts_with("Week 10,"));
    }
    let both = desk.run(&["report", "-q", "-o", "r.txt", "--fail-if", "contacts>9", "--fail-if", "frt_p50>1m"]);
    assert_eq!((both.code, failed(&both).len(), both.err.lines().count()), (4, 2, 2), "{}", both.err);
}

#[test]
fn four_contacts_as_in_each_week_before_are_nothing_unusual() {
    let desk = desk(4, "inputs = ['exports']\n[report]\nfail_if = ['contacts unusual', 'contacts<4', 'frt_p50>1d']\n");
    let said = desk.run(&["report", "-q", "-o", "-"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
}

#[test]
fn what_is_usual_must_be_known() {
    let desk = desk(4, "inputs = ['exports']\n");
    let said = desk.run(&["table", "--fail-if", "contacts unusual"]);
    assert!(said.code == 0 && said.err.contains("what is usual of `contacts` is not known"), "{}", said.err);
}

#[test]
fn conditions_that_cannot_be_meant_are_refused() {
    let desk = desk(4, "inputs = ['exports']\n");
    for (condition, said) in [
        ("response_sla<80", "is a share, from 0 to 1"),
        ("contacts>2h", "is no length of time"),
        ("frt_p50>5%", "is no share"),
        ("contcts unusual", "did you mean `contacts`?"),
        ("contacts>5 unusual", "`contacts>5`"),
        (" unusual", "no condition"),
        ("unusual", "no condition"),
        ("contacts", "no condition"),
    ] {
        let refused = desk.run(&["report", "--fail-if", condition]);
        assert_eq!(refused.code, 2, "{condition}: {}", refused.err);
        assert!(refused.err.contains(said) && refused.err.contains("\nhint: "), "{condition}: {}", refused.err);
    }
    let settings = "inputs = ['exports']\n[report]\nfail_if = [\n  'contacts>1',\n  'contcts>2',\n]\n";
    let refused = Desk::new().with("exports/t.csv", weeks(4)).with("deskstat.toml", settings).run(&["report"]);
    assert!(refused.code == 1 && refused.err.contains("deskstat.toml`, line 5: "), "{}", refused.err);
}

#[test]
fn data_are_stale_only_where_that_is_asked_for() {
    let plain = desk(4, "inputs = ['exports']\n");
    let report = plain.out(&["report", "-q", "-f", "json"]);
    for (settings, args) in [("", &["--stale-after", "8d"][..]), ("stale_after = '8d'\n", &[])] {
        let desk = desk(4, &format!("inputs = ['exports']\n{settings}"));
        let said = desk.run(&[&["report", "-q", "-f", "json"], args].concat());
        assert_eq!(said.code, 4);
        assert!(failed(&said)[0].contains("the data end Mon 9 Mar 2026 09:00"), "{}", said.err);
        let figures = |text: &str| json(text)["sections"].clone();
        assert_eq!(figures(&said.out), figures(&report), "no report knows what time it is");
    }
    let now = jiff_now();
    let fresh = format!("interaction_id,channel,started_at\n1,email,{now}\n");
    let fresh = Desk::new().with("t.csv", fresh).run(&["report", ".", "-q", "--stale-after", "8d"]);
    assert_eq!((fresh.code, fresh.err.as_str()), (0, ""));
    assert_eq!(plain.run(&["report", "--stale-after", "soon"]).code, 2);
}

fn jiff_now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The block of the README after this line.
fn recipe(heading: &str) -> String {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme.split_once(heading).unwrap_or_else(|| panic!("the README has no `{heading}`"));
    let (_, block) = rest.split_once("```").unwrap();
    let (block, _) = block.split_once("\n```").unwrap();
    block.split_once('\n').unwrap().1.to_owned()
}

/// Mutt hands the mail to what it takes for sendmail, which here writes it to a file.
#[cfg(unix)]
#[test]
fn the_mail_holds_the_report_as_text_and_as_a_page() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new().with("t.csv", weeks(40)).with("sendmail", "#!/bin/sh\ncat > mail\n").with("reports/x", "");
    std::fs::set_permissions(desk.path("sendmail"), std::fs::Permissions::from_mode(0o755)).unwrap();
    desk.out(&["report", "t.csv", "-q", "-o", "reports/latest.html", "-o", "reports/latest.txt"]);
    let folder = desk.folder.path().to_str().unwrap();
    let command = recipe("Any mailer that takes attachments").replace("/srv/support", folder);
    let command = command.replace("mutt -e", &format!("mutt -e 'set sendmail={folder}/sendmail' -e"));
    let line = ["-i", &format!("HOME={folder}"), "PATH=/usr/bin:/bin", "/bin/sh", "-c", command.trim()];
    let output = Command::new("env").args(line).current_dir(folder).output().unwrap();
    if output.status.code() == Some(127) {
        println!("skipped: there is no mutt here");
        return;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mail = std::fs::read_to_string(desk.path("mail")).unwrap();
    assert!(mail.contains("To: you@example.com\n") && mail.contains("\nSubject: Support, last week\n"), "{mail:.500}");
    assert!(mail.contains("Content-Type: text/plain; charset=utf-8\n"), "{mail:.500}");
    assert!(mail.contains("Content-Type: text/html; charset=utf-8\n") && mail.contains("filename=\"latest.html\""));
    assert!(mail.contains("Contacts") && mail.contains("<!DOCTYPE html>"));
}

#[cfg(unix)]
#[test]
fn the_crontab_line_runs_under_a_bare_environment() {
    let settings = recipe("and the settings say the rest:");
    let line = recipe("The crontab has one line:");
    let (time, command) = line.split_at(line.find("cd ").unwrap());
    assert_eq!(time.split_whitespace().count(), 5, "{line}");
    let desk = Desk::new().with("exports/t.csv", weeks(40)).with("deskstat.toml", settings).with("reports/x", "");
    let folder = desk.folder.path().to_str().unwrap();
    let command = command.replace("/srv/support", folder);
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_deskstat")).parent().unwrap().to_str().unwrap();
    let output = Command::new("env")
        .args(["-i", &format!("PATH={bin}:/usr/bin:/bin"), "/bin/sh", "-c", command.trim()])
        .current_dir("/")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert_eq!(out, "");
    let lines: Vec<&str> = err.lines().collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("failed: ")), "{err}");
    assert!(desk.path("reports/2026-W10.html").exists() && desk.path("reports/latest.txt").exists());
    // A second run says and writes the same.
    let again = run_in(desk.folder.path(), &["report", "--quiet"], "");
    assert_eq!((again.code, again.err), (4, err));
}

#[test]
fn the_environment_stands_in_for_options() {
    let desk = desk(4, "inputs = ['exports']\n").with("other.toml", "inputs = ['exports']\ntime_zone = 'Asia/Tokyo'\n");
    let run = |vars: &[(&str, &str)], args: &[&str]| {
        let output = program()
            .args(args)
            .current_dir(desk.folder.path())
            .env_clear()
            .envs(vars.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        json(&String::from_utf8(output.stdout).unwrap())["deskstat"]["zone"].clone()
    };
    let report = ["report", "-q", "-f", "json"];
    assert_eq!(run(&[], &report), "UTC");
    assert_eq!(run(&[("DESKSTAT_TZ", "Europe/London")], &report), "Europe/London");
    assert_eq!(run(&[("DESKSTAT_CONFIG", "other.toml")], &report), "Asia/Tokyo");
    let typed = [&report[..], &["--tz", "Europe/Paris"]].concat();
    assert_eq!(run(&[("DESKSTAT_TZ", "Europe/London")], &typed), "Europe/Paris");
}
