//! Tests of reading as a whole: real files in folders, every trap at least once.

use super::*;
use crate::columns::{Counts as Numbered, Flags, Numbers};
use std::fs;
use tempfile::TempDir;

/// Tickets with an id, a start, and some of everything.
pub(super) const PROFILE: &str = r#"
name = "acme"
title = "Acme"
[detect]
headers = ["Ticket", "Opened"]
[read]
missing = ["?"]
footer = ["Total"]
[[ignore]]
from = "State"
is = ["phantom"]
[columns]
interaction_id = "Ticket"
started_at = "Opened"
closed_at = "Closed"
status = "State"
channel = "Via"
customer_email = "Mail"
customer_phone = "Phone"
wait = { from = "Wait", unit = "min" }
cost = "Cost"
csat = { from = "Stars", top = [4, 5] }
[surveys]
score = "Stars"
scale = { value = 5 }
kind = { value = "csat" }
answered_at = ["Closed", "Opened"]
"#;

/// A folder with files, the profile among them as `acme.toml`.
pub(super) fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("acme.toml"), PROFILE).unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// Read files of it; that they lack most of what the profile reads is not said.
pub(super) fn read_all(dir: &TempDir, names: &[&str], settings: &str) -> Result<Inputs> {
    let mut inputs = read_as_is(dir, names, settings)?;
    inputs.notices.retain(|notice| !notice.text.starts_with("profile `acme` reads"));
    Ok(inputs)
}

pub(super) fn read_as_is(dir: &TempDir, names: &[&str], settings: &str) -> Result<Inputs> {
    let mut settings: Settings = toml::from_str(settings).unwrap();
    settings.profiles.push(dir.path().join("acme.toml"));
    let args: Vec<String> = names.iter().map(|name| dir.path().join(name).to_string_lossy().into_owned()).collect();
    read(&args, &Options::new(&settings, &[]))
}

/// One file, read in London.
fn read_one(text: &str) -> Inputs {
    read_all(&folder(&[("x.csv", text)]), &["x.csv"], "time_zone = 'Europe/London'").unwrap()
}

fn failure(text: &str) -> String {
    format!("{:#}", read_all(&folder(&[("x.csv", text)]), &["x.csv"], "").unwrap_err())
}

pub(super) fn rejects(inputs: &Inputs) -> Vec<String> {
    let said = |r: &Reject| {
        format!("{}:{} `{}` {} [{}]{}", r.file, r.line, r.column, r.reason, r.text, if r.whole_row { "!" } else { "" })
    };
    inputs.rejects.iter().map(said).collect()
}

pub(super) fn texts(inputs: &Inputs, table: usize, column: &str) -> Vec<String> {
    let table = &inputs.tables[table];
    (0..table.rows()).map(|row| table.text(column, row).to_string()).collect()
}

pub(super) fn counts(inputs: &Inputs) -> (u64, u64, u64, u64) {
    let c = inputs.sources[0].counts;
    (c.read, c.used, c.ignored, c.rejected)
}

#[test]
fn built_in_profiles_read_their_own_samples() {
    let settings = Settings::default();
    let all: Vec<_> = library::built_in().unwrap().into_iter().map(|known| known.profile).collect();
    let fold = |inputs: &mut Inputs| crate::fold::fold(inputs, &settings);
    let failed: Vec<_> = all
        .iter()
        .filter_map(|p| super::samples::check_samples(p, &all, &settings, &fold).err())
        .map(|e| format!("{e:#}"))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_sample_fits_no_other_profile_than_its_own() {
    let all = library::built_in().unwrap();
    // Ours are recognised by any two columns of ours.
    for known in all.iter().filter(|known| !known.profile.name.starts_with("deskstat-")) {
        for sample in &known.profile.tests {
            assert_eq!(detect::fitting(&sample.input, &all), [known.profile.name.as_str()], "{}", sample.input);
        }
    }
}

#[test]
fn bad_rows_are_left_out_and_bad_cells_emptied() {
    let inputs = read_one(
        "Ticket,Opened,State,Via,Wait,Cost\n\
         1,2026-03-04 09:15,open,mail,1.5,3\n\
         ,2026-03-04 09:15,open,mail,,\n\
         3,2026-02-30,open,mail,,\n\
         4,,open,mail,,\n\
         5,2026-07-04 09:15,fnord,pigeon,soon,x\n\
         6,2026-07-04,phantom,mail,,\n\
         ,,,,,\n\
         7,2026-07-04\n\
         8,2026-07-04,?,?,?,?\n\
         Total 8,,,,,\n",
    );
    assert_eq!(
        rejects(&inputs),
        [
            "x.csv:3 `Ticket` is empty, and no row is without its number []!",
            "x.csv:4 `Opened` is not a date like 2026-12-31 23:59 [2026-02-30]!",
            "x.csv:5 `Opened` is empty, and no row is without its date []!",
            "x.csv:6 `Via` is no known channel [pigeon]",
            "x.csv:6 `State` is no known status [fnord]",
            "x.csv:6 `Wait` is not a length of time like 35.5 [soon]",
            "x.csv:6 `Cost` is not a number [x]",
            "x.csv:9 `` row has 2 cells, the header has 6 [7,2026-07-04]!",
        ]
    );
    assert_eq!(counts(&inputs), (10, 3, 3, 4));
    assert_eq!(texts(&inputs, 0, "interaction_id"), ["1", "5", "8"]);
    assert_eq!(texts(&inputs, 0, "channel"), ["email", "other", ""]);
    let table = &inputs.tables[0];
    // 09:15 in London: winter, then summer; and the last is known to the day only.
    assert_eq!(
        table.times("started_at").map(|times| times.iter().collect()),
        Some(vec![1_772_615_700_000, 1_783_152_900_000, 1_783_119_600_000])
    );
    assert_eq!(
        table.counts("by_day").map(Numbered::to_vec),
        Some(vec![0, 0, crate::interaction::day_bit(TableKind::Interactions, "started_at")])
    );
    assert_eq!((table.time("wait", 0), table.column("csat")).0, Some(90_000));
    assert_eq!(inputs.rejects[3].record, "5,2026-07-04 09:15,fnord,pigeon,soon,x");
}

#[test]
fn ratings_feed_surveys_too() {
    let inputs = read_one(
        "Ticket,Opened,Closed,Stars,Mail\n1,2026-03-04,2026-03-05,4,a@example.com\n2,2026-03-04,,,b@example.com\n3,2026-03-04,,2,\n",
    );
    assert_eq!(inputs.tables[0].flags("csat_top").map(Flags::to_vec), Some(vec![1, 2, 0]));
    let surveys = &inputs.tables[2];
    assert_eq!(
        (surveys.rows(), texts(&inputs, 2, "survey_id"), texts(&inputs, 2, "interaction_id")),
        (2, vec!["1".into(), "3".into()], vec!["1".into(), "3".into()])
    );
    assert_eq!(texts(&inputs, 2, "customer_email"), ["a@example.com", ""]);
    assert_eq!(counts(&inputs), (3, 3, 0, 0));
}

#[test]
fn day_and_month_are_told_by_the_file_or_asked_for() {
    let started = |inputs: &Inputs| inputs.tables[0].time("started_at", 0);
    let dmy = read_one("Ticket,Opened,Closed\n1,3/4/2026,\n2,3/4/2026,13/4/2026\n");
    let mdy = read_one("Ticket,Opened\n1,3/4/2026\n2,3/14/2026\n");
    assert_eq!((started(&dmy), started(&mdy)), (Some(1_775_170_800_000), Some(1_772_582_400_000)));
    let text = "Ticket,Opened\n1,3/4/2026\n";
    assert_eq!(
        failure(text),
        "the dates of column `Opened` in `x.csv` may be day/month or month/day\n\
         hint: say it in deskstat.toml, or in the profile: day_order under [read]:\n  \
         [[source]]\n  file = \"x.csv\"\n  day_order = \"?\" # \"dmy\" if the day comes first, \"mdy\" if the month does"
    );
    let settings = "time_zone = 'Europe/London'\n[[source]]\nfile = 'x*'\nday_order = 'dmy'\nsource = 'acme-eu'";
    let asked = read_all(&folder(&[("x.csv", text)]), &["x.csv"], settings).unwrap();
    assert_eq!((started(&asked), texts(&asked, 0, "source")), (started(&dmy), vec!["acme-eu".into()]));
}

#[test]
fn commas_and_points_are_told_by_the_column() {
    let inputs = read_one("Ticket;Opened;Cost;Wait\n1;2026-03-04;1.234;1,5\n2;2026-03-04;1.234,50;2\n");
    assert_eq!(inputs.tables[0].numbers("cost").map(Numbers::to_vec), Some(vec![1234.0, 1234.5]));
    assert_eq!(inputs.tables[0].time("wait", 0), Some(90_000));
}

#[test]
fn zones_are_the_inputs_then_the_settings_then_utc_with_a_word() {
    let text = "Ticket,Opened\n1,2026-03-04 09:15\n";
    let started = |settings: &str| {
        let inputs = read_all(&folder(&[("x.csv", text)]), &["x.csv"], settings).unwrap();
        let hour = inputs.tables[0].time("started_at", 0).unwrap() / 3_600_000 % 24;
        (hour, inputs.notices.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"))
    };
    assert_eq!(started("time_zone = 'Asia/Tokyo'\nsource_time_zone = 'Europe/Berlin'"), (8, String::new()));
    assert_eq!(
        started("time_zone = 'Asia/Tokyo'\n[[source]]\nfile = 'x.csv'\ntime_zone = 'Europe/Athens'"),
        (7, String::new())
    );
    let (hour, said) = started("");
    assert_eq!(hour, 9);
    assert!(said.starts_with("warning: times in `x.csv` carry no zone and were read as UTC\nhint: "));
    let zoned = read_all(&folder(&[("x.csv", "Ticket,Opened\n1,2026-03-04T09:15Z\n")]), &["x.csv"], "").unwrap();
    assert!(zoned.notices.is_empty());
}

#[test]
fn phones_are_keys_or_nobody_and_damage_is_counted() {
    let inputs = read_one(
        "Ticket,Opened,Phone\n1,2026-03-04,'+61 400 000 001\n2,2026-03-04,anonymous\n3,2026-03-04,4.41E+11\n4,2026-03-04,4.41E+11\n",
    );
    assert_eq!(texts(&inputs, 0, "customer_phone"), ["+61400000001", "", "", ""]);
    assert!(
        inputs.notices[0].text.starts_with("2 phone numbers in `x.csv` were damaged by a spreadsheet (`4.41E+11`)")
    );
}

#[test]
fn a_layout_that_nobody_knows_is_described() {
    let said = failure("Ticket,Closed,Mood\n1,2026-03-04,fine\n");
    let expected = "no profile fits `x.csv`\n  headers found: Ticket, Closed, Mood\n  closest: `acme` (1 of 2; missing `Opened`)\nhint: ";
    assert!(said.starts_with(expected), "{said}");
    assert!(failure("Ticket,Opened\n").starts_with("`x.csv` has a header and no rows"));
    assert!(failure("").starts_with("`x.csv` is empty"));
    assert!(failure("<!DOCTYPE html>").starts_with("`x.csv` is a web page"));
    assert!(failure("{\"a\": [1,}").starts_with("`x.csv` is not valid JSON at line 1, column 10 (byte 9)"));
}

#[test]
fn misfits_in_a_folder_are_notices_and_named_ones_errors() {
    let files = [
        ("in/a.csv", "Ticket,Opened\n1,2026-03-04T10:00Z\n"),
        ("in/b.csv", "What,Ever\n1,2\n"),
        ("in/report.csv", "section,table,period\n"),
        ("in/readme.txt", "x"),
    ];
    let dir = folder(&files);
    let inputs = read_all(&dir, &["in"], "").unwrap();
    assert_eq!((inputs.sources.len(), inputs.notices.len()), (1, 1));
    assert!(
        inputs.notices[0].text.starts_with("no profile fits `b.csv`; headers found: What, Ever"),
        "{:?}",
        inputs.notices
    );
    assert!(read_all(&dir, &["in", "in/b.csv"], "").is_err());
    assert!(format!("{}", read_all(&dir, &["in/report.csv"], "").unwrap_err()).contains("was written by deskstat"));
    let dir = folder(&[("in/b.csv", "What,Ever\n1,2\n")]);
    assert!(format!("{}", read_all(&dir, &["in"], "").unwrap_err()).starts_with("nothing to read in"));
}

#[test]
fn the_order_of_inputs_does_not_matter() {
    let a = "Ticket,Opened,State\n1,2026-03-04T10:00Z,open\n2,2026-03-04T11:00Z,solved\n";
    let b = "Ticket,Opened,State\n3,2026-03-04T10:00Z,solved\n";
    let dir = folder(&[("a.csv", a), ("b.csv", b)]);
    let one = read_all(&dir, &["a.csv", "b.csv", "a.csv"], "").unwrap();
    let other = read_all(&dir, &["b.csv", "a.csv"], "").unwrap();
    assert_eq!(texts(&one, 0, "interaction_id"), ["1", "2", "3"]);
    for column in ["interaction_id", "status", "file"] {
        assert_eq!(texts(&one, 0, column), texts(&other, 0, column));
    }
}

#[test]
fn copies_of_files_without_numbers_are_read_once() {
    let text = "Ticket,Opened\n,2026-03-04T10:00Z\n,2026-03-04T10:00Z\n";
    let dir = folder(&[("a.csv", text), ("b.csv", text)]);
    fs::write(dir.path().join("acme.toml"), PROFILE.replace("[read]", "[read]\nrow = true")).unwrap();
    let inputs = read_all(&dir, &["a.csv", "b.csv"], "").unwrap();
    assert_eq!(texts(&inputs, 0, "interaction_id"), ["a.csv:2", "a.csv:3"]);
    assert_eq!(inputs.notices[0].text, "`b.csv` has the same content as `a.csv` and was left out");
}

#[test]
fn undated_rows_are_kept_where_the_profile_says_so() {
    let dir = folder(&[("x.csv", "Ticket,Opened\n1,\n2,0\n3,soon\n")]);
    fs::write(dir.path().join("acme.toml"), PROFILE.replace("[read]", "[read]\nundated = 'keep'")).unwrap();
    let inputs = read_all(&dir, &["x.csv"], "").unwrap();
    assert_eq!((counts(&inputs), rejects(&inputs).len()), ((3, 2, 0, 1), 1));
}

#[test]
fn encodings_delimiters_and_titles_are_found_together() {
    let text = "sep=;\nTickets of März\n\nTicket;Opened;Mail\n1;04.03.2026;\"Zoë <Z@EXAMPLE.com>\"\n";
    let dir = folder(&[]);
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode(text);
    for bytes in [text.as_bytes(), &utf16, &latin] {
        fs::write(dir.path().join("x.csv"), bytes).unwrap();
        let inputs = read_all(&dir, &["x.csv"], "time_zone = 'UTC'").unwrap();
        assert_eq!(texts(&inputs, 0, "customer_email"), ["z@example.com"]);
        let origin = &inputs.sources[0].origin;
        assert_eq!(origin.delimiter, Some(';'));
        assert_eq!(inputs.notices.len(), usize::from(bytes == latin.as_ref()));
    }
}

#[test]
fn a_broken_line_among_records_is_a_reject() {
    let profile = PROFILE.replace("[detect]", "[detect]\nshape = 'json'\nrecords = 'tickets'");
    let read_json = |text: &str| {
        let dir = folder(&[("x.json", text)]);
        fs::write(dir.path().join("acme.toml"), &profile).unwrap();
        read_all(&dir, &["x.json"], "")
    };
    let inputs = read_json(
        "{\"ticket\": 1, \"Opened\": 1709543700, \"Cost\": 1.5}\n{\"ticket\": 2,\n{\"ticket\": 3, \"opened\": \"2026-03-04T10:00:00Z\"}\n",
    );
    let inputs = inputs.unwrap();
    assert_eq!(texts(&inputs, 0, "interaction_id"), ["1", "3"]);
    assert_eq!(rejects(&inputs), ["x.json:2 `` line is not valid JSON [{\"ticket\": 2,]!"]);
    let said =
        format!("{}", read_json("{\"tickets\": [{\"ticket\": 1, \"opened\": 0},\n {\"ticket\" 2}]}").unwrap_err());
    assert!(said.starts_with("`x.json` is not valid JSON at line 2, column 12 (byte 52)"), "{said}");
}

#[test]
fn a_wished_profile_is_used_and_a_misspelt_one_is_said() {
    let dir = folder(&[("x.csv", "Ticket,Opened\n1,2026-03-04T10:00Z\n")]);
    let wish = |name: &str| read_all(&dir, &["x.csv"], &format!("[[source]]\nfile = 'x.csv'\nprofile = '{name}'"));
    assert_eq!(wish("acme").unwrap().sources[0].profile.name, "acme");
    assert!(format!("{}", wish("acmee").unwrap_err()).contains("did you mean `acme`?"));
    assert!(format!("{}", wish("zendesk-tickets").unwrap_err()).starts_with("profile `zendesk-tickets` does not fit"));
}

#[test]
fn an_essential_column_that_is_not_there_is_an_error() {
    let dir = folder(&[("x.csv", "Ticket,Opened\n1,2026-03-04T10:00Z\n")]);
    fs::write(
        dir.path().join("acme.toml"),
        PROFILE.replace("interaction_id = \"Ticket\"", "interaction_id = \"Tickets\""),
    )
    .unwrap();
    let said = format!("{}", read_all(&dir, &["x.csv"], "").unwrap_err());
    assert!(said.starts_with("`x.csv` has no column `Tickets`\n  profile `acme` reads `interaction_id` from it\nhint: there is a column `Ticket`"), "{said}");
    fs::write(dir.path().join("acme.toml"), PROFILE.replace("closed_at", "closed")).unwrap();
    let said = format!("{}", read_all(&dir, &["x.csv"], "").unwrap_err());
    assert!(said.contains("fills `closed`, which is no column\nhint: write `closed_at`"), "{said}");
}

#[test]
fn a_column_that_is_empty_for_long_still_shows_its_habits() {
    let mut text = "Ticket,Opened,Closed\n".to_owned();
    let mut rows = 0;
    while text.len() < 3 << 20 {
        rows += 1;
        text += &format!("{rows},2026-03-02T10:00Z,\n");
    }
    text += "a,2026-03-02T10:00Z,04/03/2026 10:00\nb,2026-03-02T10:00Z,13/03/2026 10:00\n";
    let inputs = read_all(&folder(&[("x.csv", &text)]), &["x.csv"], "time_zone = 'UTC'").unwrap();
    let closed = inputs.tables[0].times("closed_at").map(|times| (times.get(rows), times.get(rows + 1)));
    assert_eq!((rejects(&inputs).len(), closed), (0, Some((1_772_618_400_000, 1_773_396_000_000))));
}
