//! The error gallery: every bad input that we know, with all that the program says to it, in `tests/errors.md`.
//!
//! The page is made from the cases below and compared in full; `UPDATE_GALLERY=1 make test` writes it anew,
//! to be read before it is committed. A new message is a new case here.

use crate::archives::zip;
use crate::desk::{Desk, root, run_in};
use crate::workbooks::book;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fmt::Write as _;
use std::io::Write as _;

/// A bad input and how it is met.
struct Case {
    title: &'static str,
    files: Vec<(&'static str, Vec<u8>)>,
    args: &'static [&'static str],
}

const HEADER: &str = "interaction_id,channel,started_at,status\n";
const GOOD: &str = "1,email,2026-03-02T09:00:00Z,open\n";

fn case(title: &'static str, file: &'static str, content: impl Into<Vec<u8>>, args: &'static [&'static str]) -> Case {
    Case { title, files: vec![(file, content.into())], args }
}

fn good() -> Vec<u8> {
    format!("{HEADER}{GOOD}").into_bytes()
}

/// Contacts of five customers, a day each.
fn five(domain: &str) -> Vec<u8> {
    let row = |n: u32| format!("{n},phone,2026-03-0{n}T09:17:03Z,c{n}{domain}\n");
    let head = "interaction_id,channel,started_at,customer_email\n".to_owned();
    (1..6).map(row).fold(head, |all, row| all + &row).into_bytes()
}

/// A gzip that ends in the middle.
fn truncated() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let rows: String =
        (0..2_000).map(|i| format!("{i},email,2026-03-02T09:{:02}:{:02}Z,open\n", i / 60 % 60, i % 60)).collect();
    encoder.write_all(format!("{HEADER}{rows}").as_bytes()).unwrap();
    let mut bytes = encoder.finish().unwrap();
    bytes.truncate(bytes.len() / 2);
    bytes
}

/// A ZIP archive whose only member says that it is encrypted.
fn locked() -> Vec<u8> {
    let mut bytes = zip(&[("tickets.csv", &good())]);
    let entry = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    bytes[entry + 8] |= 1;
    bytes
}

/// What Excel makes of a workbook with a password: no ZIP, and a name in UTF-16.
fn encrypted() -> Vec<u8> {
    let name = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes);
    [0xd0, 0xcf, 0x11, 0xe0].into_iter().chain(name).collect()
}

/// A sheet of contacts.
const TICKETS: &[&[&str]] = &[&["interaction_id", "channel", "started_at"], &["1", "email", "2026-03-02T09:00:00Z"]];

/// What Asterisk writes of a call.
const CALL: &str = "\"\",\"2025550100\",\"600\",\"from-trunk\",\"2025550100\",\"SIP/1\",\"SIP/2\",\"Dial\",\"SIP/2,20\",\"2024-03-04 09:15:00\",\"2024-03-04 09:15:02\",\"2024-03-04 09:21:13\",373,371,\"ANSWERED\",\"DOCUMENTATION\"\n";

/// A plain list of calls whose profile does not say which of day and month comes first.
const LIST: &str = "\
name = 'list'
title = 'A list'
[detect]
headers = ['Nr', 'Date', 'What']
[columns]
interaction_id = 'Nr'
started_at = 'Date'
topic = 'What'
channel = { value = 'phone' }
";

fn cases() -> Vec<Case> {
    vec![
        case("No such file", "tickets.csv", good(), &["table", "tickest.csv"]),
        case("An empty folder", "folder/.keep", "", &["report", "folder"]),
        case("Nothing named", "tickets.csv", good(), &["report"]),
        case("An empty file", "empty.csv", "", &["table", "empty.csv"]),
        case("A header and nothing else", "header.csv", HEADER, &["table", "header.csv"]),
        case(
            "HTML saved as CSV",
            "page.csv",
            "<!DOCTYPE html>\n<html><body>Please log in</body></html>\n",
            &["table", "page.csv"],
        ),
        case(
            "A web page that calls itself a spreadsheet",
            "calls.xls",
            "<html><head><meta charset=\"utf-8\"></head><body><table><tr><td>Call ID</td></tr></table></body></html>\n",
            &["table", "calls.xls"],
        ),
        case(
            "XML",
            "tickets.xml",
            "<?xml version=\"1.0\"?>\n<tickets><ticket/></tickets>\n",
            &["table", "tickets.xml"],
        ),
        case("A PDF document", "report.csv", "%PDF-1.7\n", &["table", "report.csv"]),
        case("An image", "report.csv", *b"\x89PNG\r\n\x1a\n", &["table", "report.csv"]),
        case("A recording", "call.json", *b"RIFF\x24\0\0\0WAVEfmt ", &["table", "call.json"]),
        case(
            "A Chatwoot agent report",
            "agents.csv",
            "Reporting period 2024-03-01 to 2024-03-31\n\nAgent name,Assigned conversations,Avg first response time,Avg resolution time,Avg customer waiting time\nTom Hill,12,2 minutes 10 seconds,1 day 3 hours,--\n",
            &["table", "agents.csv"],
        ),
        case(
            "Another Chatwoot report",
            "labels.csv",
            "Reporting period 2024-03-01 to 2024-03-31\n\nLabel,Conversations\nrefund,12\n",
            &["table", "labels.csv"],
        ),
        case(
            "A Genesys report by the interval",
            "agents.csv",
            "Interval Start,Interval End,Interval Complete,Filters,Media Type,Agent Id,Agent Name,Handle,Avg Handle\n2025-06-23 07:00,2025-06-23 07:30,TRUE,,voice,u1,Tom Hill,3,371000\n",
            &["table", "agents.csv"],
        ),
        case(
            "Intercom's statistics of what was sent out",
            "receipts.csv",
            "user_id,email,ruleset_id,receipt_id,first_open\n70,ana@example.com,1,2,2024-03-04 09:15:00\n",
            &["table", "receipts.csv"],
        ),
        case(
            "A git-lfs pointer",
            "twcs.csv",
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 516\n",
            &["table", "twcs.csv"],
        ),
        case(
            "An unknown layout",
            "march.csv",
            "Ticket,Opened,Closed,Requester\n1,2026-03-02,,ann\n",
            &["table", "march.csv"],
        ),
        case(
            "A layout that is nearly known",
            "calls.csv",
            "line,datetime (utc),missed call reason,waiting time,call id (internal)\nSupport,2026-03-02 09:00:00,,00:00:05,1\n",
            &["table", "calls.csv"],
        ),
        Case {
            title: "Day and month that could be either",
            files: vec![
                ("list.csv", b"Nr,Date,What\n1,03/04/2026 09:00,bill\n2,05/04/2026 10:00,bill\n".to_vec()),
                ("list.toml", LIST.into()),
            ],
            args: &["table", "list.csv", "--profile", "list.toml"],
        },
        Case {
            title: "Several files that leave something open",
            files: vec![
                ("cases.csv", b"Case Number,Date/Time Opened\n00001026,\"3/4/2024, 9:15 AM\"\n".to_vec()),
                ("chat.txt", b"[16/03/2024, 9:41:13 AM] Ana: hello\n[16/03/2024, 9:51:13 AM] Acme: yes\n".to_vec()),
            ],
            args: &["table", "."],
        },
        case("A truncated gzip", "tickets.csv.gz", truncated(), &["table", "tickets.csv.gz"]),
        case(
            "A ZIP archive with nothing to read in it",
            "exports.zip",
            zip(&[("README.md", b"# notes")]),
            &["table", "exports.zip"],
        ),
        case(
            "A ZIP archive cut short",
            "exports.zip",
            &zip(&[("tickets.csv", &good())])[..90],
            &["table", "exports.zip"],
        ),
        case("A ZIP archive with a password", "exports.zip", locked(), &["table", "exports.zip"]),
        case(
            "A ZIP archive with more than exports",
            "exports.zip",
            zip(&[("tickets.csv", &good()), ("staff.csv", b"Name,Desk\nAnn,3\n")]),
            &["table", "exports.zip"],
        ),
        case(
            "A workbook of which no sheet is known",
            "desk.xlsx",
            book(&[("Staff", &[&["Name", "Desk"], &["Ann", "3"]]), ("Read me", &[&["Dear all"], &["please note"]])]),
            &["table", "desk.xlsx"],
        ),
        case(
            "A workbook with rows in another sheet",
            "tickets.xlsx",
            book(&[("Tickets", TICKETS), ("Archive", TICKETS)]),
            &["table", "tickets.xlsx"],
        ),
        case(
            "A sheet that is not there",
            "tickets.xlsx",
            book(&[("Tickets", TICKETS), ("Archive", TICKETS)]),
            &["table", "tickets.xlsx", "--sheet", "Tikets"],
        ),
        case(
            "A damaged workbook",
            "tickets.csv",
            zip(&[("[Content_Types].xml", b"<?xml"), ("xl/workbook.xml", b"<?xml")]),
            &["table", "tickets.csv"],
        ),
        case(
            "A workbook with more in it than can be",
            "tickets.xlsx",
            zip(&[("xl/workbook.xml", b"<workbook/>"), ("xl/styles.xml", &[b' '; 20_000_000])]),
            &["table", "tickets.xlsx"],
        ),
        case("A binary workbook", "tickets.xlsb", zip(&[("xl/workbook.bin", b"x")]), &["table", "tickets.xlsb"]),
        case(
            "An OpenDocument file",
            "tickets.ods",
            zip(&[("mimetype", b"x"), ("content.xml", b"x")]),
            &["table", "tickets.ods"],
        ),
        case("A workbook with a password", "tickets.xlsx", encrypted(), &["table", "tickets.xlsx"]),
        case(
            "Invalid JSON in an array",
            "calls.json",
            "{\"messages\": [\n{\"sid\": \"1\", \"num_segments\": \"1\", \"messaging_service_sid\": null, \"direction\": \"inbound\",\n \"from\": +44}\n]}\n",
            &["table", "calls.json"],
        ),
        case(
            "A broken line of NDJSON",
            "rows.ndjson",
            "{\"interaction_id\": \"1\", \"started_at\": \"2026-03-02T09:00:00Z\", \"channel\": \"email\"}\n{\"interaction_id\": \"2\", \"started\n{\"interaction_id\": \"3\", \"started_at\": \"2026-03-03T09:00:00Z\", \"channel\": \"email\"}\n",
            &["table", "rows.ndjson"],
        ),
        case(
            "A row too long",
            "tickets.csv",
            format!("{HEADER}{GOOD}2,email,2026-03-02T10:00:00Z,open,extra,cells\n"),
            &["table", "tickets.csv"],
        ),
        case("A row too short", "tickets.csv", format!("{HEADER}{GOOD}2,email\n"), &["table", "tickets.csv"]),
        case(
            "A row too short in a file without a header",
            "Master.csv",
            format!("{CALL}{CALL}\"\",\"2025550100\",\"600\"\n"),
            &["table", "Master.csv", "--tz", "UTC"],
        ),
        case(
            "A bad date",
            "tickets.csv",
            format!("{HEADER}{GOOD}2,email,2026-02-30T10:00:00Z,open\n"),
            &["table", "tickets.csv"],
        ),
        case(
            "A bad cell in a row that counts",
            "tickets.csv",
            format!("{HEADER}{GOOD}2,email,2026-03-02T10:00:00Z,on fire\n"),
            &["table", "tickets.csv"],
        ),
        case(
            "A quote that is never closed",
            "tickets.csv",
            format!("{HEADER}{GOOD}2,email,\"2026-03-02T10:00:00Z,open\n3,email,2026-03-03T10:00:00Z,open\n"),
            &["table", "tickets.csv"],
        ),
        case(
            "No date that could be read",
            "tickets.csv",
            format!("{HEADER}1,email,yesterday,open\n"),
            &["table", "tickets.csv"],
        ),
        case("An unwritable output", "tickets.csv", good(), &["table", "tickets.csv", "-o", "nowhere/out.csv"]),
        case("A misspelt metric", "tickets.csv", good(), &["table", "tickets.csv", "--metrics", "service_lvl"]),
        case("A misspelt dimension", "tickets.csv", good(), &["table", "tickets.csv", "--by", "chanel"]),
        case("A misspelt section", "tickets.csv", good(), &["report", "tickets.csv", "--only", "respons"]),
        case("A period that is none", "tickets.csv", good(), &["report", "tickets.csv", "--period", "lastweek"]),
        case("A condition that is none", "tickets.csv", good(), &["table", "tickets.csv", "--where", "channel"]),
        case("A format that is none", "tickets.csv", good(), &["table", "tickets.csv", "-f", "exel"]),
        case("Rows as text", "tickets.csv", good(), &["interactions", "tickets.csv", "-o", "rows.txt"]),
        case("A misspelt column", "tickets.csv", good(), &["interactions", "tickets.csv", "--columns", "chanel"]),
        case(
            "Ids behind what is no count",
            "tickets.csv",
            good(),
            &["table", "tickets.csv", "--metrics", "frt_p50", "--ids"],
        ),
        case("CSV for spreadsheets where none is written", "tickets.csv", good(), &["table", "tickets.csv", "--excel"]),
        Case {
            title: "A misspelt setting",
            files: vec![
                ("tickets.csv", good()),
                ("deskstat.toml", b"time_zone = 'Europe/London'\ntime_zon = 'x'\n".to_vec()),
            ],
            args: &["table", "tickets.csv"],
        },
        Case {
            title: "Opening hours that are no part of a day",
            files: vec![
                ("tickets.csv", good()),
                ("deskstat.toml", b"[[hours]]\nname = 'Office'\nweekdays = '9 to 5'\n".to_vec()),
            ],
            args: &["table", "tickets.csv"],
        },
        Case {
            title: "A holiday that is none",
            files: vec![
                ("tickets.csv", good()),
                ("deskstat.toml", b"holidays = [\n  '2026-12-25',\n  '26.12.2026',\n]\n".to_vec()),
            ],
            args: &["table", "tickets.csv"],
        },
        Case {
            title: "Two of the same opening hours at once",
            files: vec![
                ("tickets.csv", good()),
                (
                    "deskstat.toml",
                    b"[[hours]]\nname = 'Office'\nweekdays = '9-17'\n[[hours]]\nname = 'Office'\nweekdays = '8-18'\n"
                        .to_vec(),
                ),
            ],
            args: &["table", "tickets.csv"],
        },
        Case {
            title: "A list without a header that is called otherwise than its profile wants",
            files: vec![
                ("stock.csv", b"5,7\n6,8\n".to_vec()),
                (
                    "list.toml",
                    b"name = 'list'\ntitle = 'A list'\n[detect]\nnames = ['a', 'b']\nfiles = ['list-*.csv']\n[columns]\nstarted_at = 'a'\n"
                        .to_vec(),
                ),
            ],
            args: &["report", "stock.csv", "--profile", "list.toml"],
        },
        Case {
            title: "Two accounts of one tool",
            files: vec![
                ("uk.csv", good()),
                ("us.csv", format!("{HEADER}1,email,2026-03-05T17:20:00Z,open\n").into_bytes()),
            ],
            args: &["table", ".", "--period", "all"],
        },
        Case {
            title: "One list in two tools",
            files: vec![
                ("a.csv", five("@example.com")),
                ("b.csv", five("@EXAMPLE.com")),
                ("deskstat.toml", b"[[source]]\nfile = 'b.csv'\nsource = 'other'\n".to_vec()),
            ],
            args: &["table", ".", "--period", "all"],
        },
        Case {
            title: "A goal that names no figure",
            files: vec![("tickets.csv", good()), ("deskstat.toml", b"[goals]\nrespnse_sla = 0.9\n".to_vec())],
            args: &["report", "tickets.csv"],
        },
        Case {
            title: "A target on a channel that is none",
            files: vec![
                ("tickets.csv", good()),
                ("deskstat.toml", b"targets.response = [{ channel = 'emial', within = '8h' }]\n".to_vec()),
            ],
            args: &["report", "tickets.csv"],
        },
        Case {
            title: "A touchpoint that is none",
            files: vec![
                ("tickets.csv", good()),
                ("deskstat.toml", b"[touchpoints]\nrefunds = 'complaints'\n".to_vec()),
            ],
            args: &["report", "tickets.csv"],
        },
        Case {
            title: "Business time without opening hours",
            files: vec![
                ("tickets.csv", good()),
                ("deskstat.toml", b"targets.response = [{ within = '4h', clock = 'business' }]\n".to_vec()),
            ],
            args: &["report", "tickets.csv"],
        },
        case("Writing over an export", "tickets.csv", good(), &["table", "tickets.csv", "-o", "tickets.csv"]),
        case("A number compared with a word", "tickets.csv", good(), &["table", "tickets.csv", "--where", "wait=long"]),
        Case {
            title: "A zone that is none",
            files: vec![("tickets.csv", good())],
            args: &["table", "tickets.csv", "--tz", "Europe/Londn"],
        },
        case("A mapping for an export that is known", "tickets.csv", good(), &["profile", "tickets.csv"]),
        Case {
            title: "A mapping that is there already",
            files: vec![("list.csv", b"id,created\n1,2026-03-02\n".to_vec()), ("list.toml", LIST.into())],
            args: &["profile", "list.csv", "-o", "list.toml"],
        },
        case("Settings that are there already", "deskstat.toml", "", &["init"]),
        case(
            "A share that is more than all",
            "tickets.csv",
            good(),
            &["report", "tickets.csv", "--fail-if", "response_sla<80"],
        ),
        case("Pseudonyms without a secret", "tickets.csv", good(), &["table", "tickets.csv", "--pseudonymise"]),
        case(
            "A folder named by the period",
            "tickets.csv",
            good(),
            &["report", "tickets.csv", "-o", "{period}/report.csv"],
        ),
        Case {
            title: "A condition in the settings that is none",
            files: vec![
                ("tickets.csv", good()),
                ("deskstat.toml", b"[report]\nfail_if = [\n  'contacts>5',\n  'contcts>5',\n]\n".to_vec()),
            ],
            args: &["report", "tickets.csv"],
        },
        case("A figure that cannot be taken apart", "tickets.csv", good(), &["why", "contacts_share", "tickets.csv"]),
        case("Why without two periods", "tickets.csv", good(), &["why", "contacts", "tickets.csv", "--period", "all"]),
    ]
}

#[test]
fn the_gallery_shows_what_the_program_says() {
    let mut page = String::from(
        "# What deskstat says to bad input\n\nMade and checked by `tests/it/errors.rs`; standard error in full. \
         No message ends a run without saying what, where and how to go on.\n",
    );
    for case in cases() {
        let desk = case.files.iter().fold(Desk::new(), |desk, (name, content)| desk.with(name, content));
        let said = run_in(desk.folder.path(), case.args, "");
        assert!(!said.err.is_empty(), "{}: nothing was said", case.title);
        assert!(said.code >= 0, "{}: killed", case.title);
        assert!(!said.err.contains("panicked"), "{}: {}", case.title, said.err);
        if said.code != 0 {
            assert!(said.err.starts_with("error: ") && said.err.contains("\nhint: "), "{}: {}", case.title, said.err);
            assert_eq!(said.out, "", "{}: an error prints no report", case.title);
        }
        let _ = write!(
            page,
            "\n## {}\n\n```\n$ deskstat {}\n{}```\nExit code {}.\n",
            case.title,
            case.args.join(" "),
            said.err,
            said.code
        );
    }
    let path = root().join("tests/errors.md");
    if std::env::var_os("UPDATE_GALLERY").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == page, "tests/errors.md is not what the program says; it says:\n{page}");
}
