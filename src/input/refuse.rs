//! Files that are no exports, told by their content and refused by name.
//!
//! Two kinds of refusal: of bytes before decoding, and of text. A new kind is one line in `bytes` or `text`,
//! or one row in `AGGREGATES`. deskstat's own outputs are told in `own_output.rs`.

use super::archive::is_archive;
use super::csv::layout;
use super::trouble::Trouble;

/// What is wrong with bytes that no export begins with.
pub fn bytes(file: &str, bytes: &[u8]) -> Option<Trouble> {
    let is = |what: &str, hint: &str| Some(Trouble::new(format!("`{file}` is {what}")).hint(hint));
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    match bytes {
        _ if bytes.iter().all(u8::is_ascii_whitespace) => {
            is("empty", "export it again; a period without contacts has no rows to read")
        }
        // Workbooks have been opened before, and so have archives on disk.
        _ if is_archive(bytes) && has(bytes, b"xl/") => is("a workbook of more than 256 MiB", SAVED),
        _ if is_archive(bytes) => {
            is("a ZIP archive, and such are read only as files of their own", "save it to a file and name that")
        }
        _ if begins(&OLE) && has(bytes, &utf16("EncryptedPackage")) => is("an Excel workbook with a password", LOCKED),
        _ if begins(&OLE) => is("an old Excel workbook, or one with a password", SHEET),
        _ if begins(&[0x28, 0xb5, 0x2f, 0xfd]) => is("packed with zstd", "unpack it first: `zstd -d`"),
        _ if begins(b"BZh") => is("packed with bzip2", "unpack it first: `bunzip2`"),
        _ if begins(&[0xfd, b'7', b'z', b'X', b'Z', 0]) => is("packed with xz", "unpack it first: `unxz`"),
        _ if begins(b"%PDF") => is("a PDF document", "export the data as CSV or JSON instead"),
        _ if begins(b"7z\xbc\xaf\x27\x1c") => is("packed with 7-Zip", "unpack it first: `7z x`"),
        _ if begins(b"Rar!\x1a") => is("packed with RAR", "unpack it first: `unrar x`"),
        _ if begins(b"PAR1") => is("a Parquet file", "export the data as CSV or JSON instead"),
        _ if begins(b"SQLite format 3\0") => is("a database", "export the table as CSV"),
        _ if is_image(bytes) => is("an image", "name the export that it shows: CSV or JSON"),
        _ if is_sound(bytes) => is("a recording", "name the list of calls instead: CSV or JSON"),
        _ => None,
    }
}

fn is_image(bytes: &[u8]) -> bool {
    let magics: [&[u8]; 5] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"];
    magics.iter().any(|magic| bytes.starts_with(magic)) || is_riff(bytes, b"WEBP")
}

fn is_sound(bytes: &[u8]) -> bool {
    let magics: [&[u8]; 5] = [b"ID3\x02", b"ID3\x03", b"ID3\x04", b"OggS\0", b"fLaC\0"];
    magics.iter().any(|magic| bytes.starts_with(magic)) || is_riff(bytes, b"WAVE")
}

fn is_riff(bytes: &[u8], kind: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(kind)
}

/// What is wrong with a workbook whose sheets are no XML.
pub fn binary_workbook(file: &str) -> Trouble {
    Trouble::new(format!("`{file}` is a binary Excel workbook (.xlsb)")).hint(SHEET)
}

/// What is wrong with a spreadsheet that is no workbook of Excel's.
pub fn open_document(file: &str) -> Trouble {
    Trouble::new(format!("`{file}` is an OpenDocument file")).hint(SHEET)
}

/// What old and encrypted workbooks begin with.
const OLE: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];

/// The cures of workbooks.
const SHEET: &str = "open it and save it as an Excel workbook (.xlsx), or the sheet as CSV";
const SAVED: &str = "save the sheet as CSV, which is read whatever its size";
const LOCKED: &str = "open it, save it without the password (File, Info, Protect Workbook), and name that";

/// A name as the directory of such a file has it.
fn utf16(name: &str) -> Vec<u8> {
    name.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// What is wrong with a text that no export is.
pub fn text(file: &str, text: &str) -> Option<Trouble> {
    let top = text.trim_start().get(..64).unwrap_or_else(|| text.trim_start()).to_ascii_lowercase();
    let told = if top.is_empty() {
        Some(("empty", "export it again; a period without contacts has no rows to read"))
    } else if top.starts_with("version https://git-lfs") {
        Some(("a git-lfs pointer, not the file itself", "`git lfs pull` fetches it"))
    } else {
        // The first line of all that Chatwoot sums up.
        let report = || top.starts_with("reporting period ").then_some((CHATWOOT_REPORT, CHATWOOT));
        markup(&top, text).or_else(|| aggregate(text)).or_else(report)
    };
    told.map(|(what, hint)| Trouble::new(format!("`{file}` is {what}")).hint(hint))
}

/// What a text is that is written for browsers and word processors, and what helps.
fn markup(top: &str, text: &str) -> Option<(&'static str, &'static str)> {
    let near = &text[..text.floor_char_boundary(NEAR)];
    if top.starts_with("<?xml") {
        let is_workbook = near.contains("urn:schemas-microsoft-com:office:spreadsheet");
        return Some(if is_workbook {
            ("an Excel workbook of 2003 (XML)", SHEET)
        } else {
            ("XML", "export the data as CSV or JSON instead")
        });
    }
    if top.starts_with("{\\rtf") {
        return Some(("a text document", "export the data as CSV or JSON instead"));
    }
    if !["<!doctype", "<html", "<table"].iter().any(|tag| top.starts_with(tag)) {
        return None;
    }
    // Exports that call themselves spreadsheets and are web pages; log-in pages have tables too.
    let lower = near.to_ascii_lowercase();
    Some(if lower.contains("<table") && !lower.contains("<form") {
        (
            "a table of a web page, whatever its name says",
            "open it with a spreadsheet and save it as CSV, or export as CSV",
        )
    } else {
        ("a web page, whatever its name says", "it may be a log-in page; sign in and download the export again")
    })
}

/// Within so many bytes a page shows what it is.
const NEAR: usize = 1 << 14;

/// Reports that are no lists of contacts: headers that all must be there, what it is, what to export instead.
const AGGREGATES: &[(&[&str], &str, &str)] = &[
    (
        &["Interval Start", "Interval End", "Interval Complete"],
        "a Genesys report that is already summed up",
        "open the view Interactions, there the export panel, and export that: one row a conversation",
    ),
    (
        &["Agent name", "Assigned conversations", "Avg first response time"],
        "a Chatwoot agent report that is already summed up",
        CHATWOOT,
    ),
    (&["Inbox name", "Avg first response time"], "a Chatwoot inbox report that is already summed up", CHATWOOT),
    (&["Label", "Avg first response time"], "a Chatwoot label report that is already summed up", CHATWOOT),
    (&["Team name", "Avg first response time"], "a Chatwoot team report that is already summed up", CHATWOOT),
    (&["Conversations", "Messages received"], CHATWOOT_REPORT, CHATWOOT),
    (
        &["user_id", "ruleset_id", "receipt_id", "first_open"],
        "an Intercom export of what was sent out, not of conversations",
        "export the conversation dataset (Reports, or /export/reporting_data of its API), or conversations as JSON",
    ),
];

const CHATWOOT_REPORT: &str = "a Chatwoot report that is already summed up";
/// What to take of Chatwoot instead.
const CHATWOOT: &str = "fetch the conversations by its API (/api/v1/accounts/…/conversations): one record each";

fn aggregate(text: &str) -> Option<(&'static str, &'static str)> {
    let layouts = layout::candidates(text, &layout::DELIMITERS);
    let fits = |headers: &[&str]| layouts.iter().any(|layout| headers.iter().all(|header| layout.header.has(header)));
    AGGREGATES.iter().find(|(headers, ..)| fits(headers)).map(|(_, what, hint)| (*what, *hint))
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_export_is_named() {
        let said = |trouble: Option<Trouble>| trouble.map(|trouble| trouble.what).unwrap_or_default();
        assert_eq!(
            said(bytes("a.csv", b"PK\x03\x04 ... xl/workbook.xml")),
            "`a.csv` is a workbook of more than 256 MiB"
        );
        let locked = [&OLE[..], &utf16("EncryptedPackage")].concat();
        assert_eq!(said(bytes("a.xlsx", &locked)), "`a.xlsx` is an Excel workbook with a password");
        assert_eq!(said(bytes("a.xls", &OLE)), "`a.xls` is an old Excel workbook, or one with a password");
        assert_eq!(said(bytes("a.csv", b"%PDF-1.7")), "`a.csv` is a PDF document");
        assert_eq!(said(bytes("a.csv", b" \n")), "`a.csv` is empty");
        for image in [&b"\x89PNG\r\n"[..], b"\xff\xd8\xff\xe0", b"II*\0", b"RIFF\0\0\0\0WEBPVP8 "] {
            assert_eq!(said(bytes("a.csv", image)), "`a.csv` is an image");
        }
        for sound in [&b"RIFF\0\0\0\0WAVEfmt "[..], b"ID3\x03"] {
            assert_eq!(said(bytes("a.csv", sound)), "`a.csv` is a recording");
        }
        assert_eq!((bytes("a.csv", b"RIFF,a\n1,2\n"), bytes("a.csv", b"ID3,a\n1,2\n")), (None, None));
        assert_eq!(said(text("a.csv", "\n<!DOCTYPE html><html>")), "`a.csv` is a web page, whatever its name says");
        assert_eq!(
            said(text("a.xls", "<html><table><tr>")),
            "`a.xls` is a table of a web page, whatever its name says"
        );
        assert_eq!(said(text("a.xml", "<?xml version='1.0'?><tickets/>")), "`a.xml` is XML");
        let workbook = "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>";
        assert_eq!(said(text("a.xls", workbook)), "`a.xls` is an Excel workbook of 2003 (XML)");
        assert_eq!(
            said(text("a.csv", "version https://git-lfs.github.com/spec/v1\n")),
            "`a.csv` is a git-lfs pointer, not the file itself"
        );
        assert!(
            said(text("a.csv", "Report\n\nAgent name,Assigned conversations,Avg first response time\nx,1,2\n"))
                .contains("summed up")
        );
        assert!(
            said(text("a.csv", "user_id,email,ruleset_id,receipt_id,first_open\n1,a@example.com,2,3,\n"))
                .contains("not of conversations")
        );
        assert_eq!(text("a.csv", "a,b\n1,2\n"), None);
    }
}
