//! Tests of workbooks: as Excel and others write them, and as nobody should have made them.

use super::super::archive_tests::zip;
use super::super::tests::{counts, folder, read_all, rejects, texts};
use super::super::{Inputs, SourceFile};
use anyhow::Result;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use std::fmt::Write;

const TYPES: &str = "<?xml version='1.0'?><Types/>";
const ROOT: &str = "<?xml version='1.0'?><Relationships><Relationship Id='r' \
    Type='http://x/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>";
/// Styles by number: general, a day, a moment, a time, a length of time, a share.
const STYLES: &str = "<?xml version='1.0'?><styleSheet><numFmts>\
    <numFmt numFmtId='164' formatCode='yyyy\\-mm\\-dd hh:mm:ss'/><numFmt numFmtId='165' formatCode='[h]:mm:ss;@'/>\
    </numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='20'/>\
    <xf numFmtId='165'/><xf numFmtId='10'/></cellXfs></styleSheet>";

/// A workbook by hand: sheets as the rows of their XML, further parts, and the properties of the workbook.
fn by_hand(sheets: &[(&str, &str)], further: &[(&str, &str)], properties: &str) -> Vec<u8> {
    let mut book = format!("<?xml version='1.0'?><workbook><workbookPr {properties}/><sheets>");
    let mut links = "<?xml version='1.0'?><Relationships>".to_owned();
    let mut parts: Vec<(String, String)> = further.iter().map(|(n, xml)| ((*n).into(), (*xml).into())).collect();
    for (nth, (attributes, rows)) in (1..).zip(sheets) {
        write!(book, "<sheet {attributes} sheetId='{nth}' r:id='r{nth}'/>").unwrap();
        let kind = if rows.is_empty() { "chartsheet" } else { "worksheet" };
        let target = format!("worksheets/sheet{nth}.xml");
        write!(links, "<Relationship Id='r{nth}' Type='http://x/{kind}' Target='{target}'/>").unwrap();
        parts.push((format!("xl/{target}"), format!("<?xml version='1.0'?><worksheet>{rows}</worksheet>")));
    }
    parts.push(("xl/workbook.xml".into(), book + "</sheets></workbook>"));
    parts.push(("xl/_rels/workbook.xml.rels".into(), links + "</Relationships>"));
    parts
        .extend([("[Content_Types].xml", TYPES), ("_rels/.rels", ROOT)].map(|(n, xml)| (n.to_owned(), xml.to_owned())));
    if !further.iter().any(|(name, _)| *name == "xl/styles.xml") {
        parts.push(("xl/styles.xml".into(), STYLES.into()));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())).collect();
    zip(&parts)
}

/// Rows of XML; texts are inline.
fn data(rows: &str) -> String {
    format!("<sheetData>{rows}</sheetData>")
}

fn row(texts: &[&str]) -> String {
    let cells: String = texts.iter().map(|text| format!("<c t='inlineStr'><is><t>{text}</t></is></c>")).collect();
    format!("<row>{cells}</row>")
}

fn tickets() -> String {
    data(&(row(&["Ticket", "Opened"]) + &row(&["1", "2026-03-04T10:00Z"])))
}

fn read(book: &[u8], settings: &str) -> Result<Inputs> {
    let dir = folder(&[]);
    std::fs::write(dir.path().join("a.xlsx"), book).unwrap();
    read_all(&dir, &["a.xlsx"], settings)
}

fn trouble(book: &[u8]) -> String {
    read(book, "").unwrap_err().to_string()
}

fn said(inputs: &Inputs) -> Vec<String> {
    inputs.notices.iter().map(ToString::to_string).collect()
}

/// The start of the only row of a sheet in which it stands as this cell.
fn opened(cell: &str, properties: &str) -> String {
    let rows = row(&["Ticket", "Opened"]) + &format!("<row><c><v>7</v></c>{cell}</row>");
    let inputs = read(&by_hand(&[("name='T'", &data(&rows))], &[], properties), "source_time_zone = 'UTC'").unwrap();
    rejects(&inputs).first().cloned().unwrap_or_else(|| {
        let at = inputs.tables[0].times("started_at").unwrap().get(0);
        jiff::Timestamp::from_millisecond(at).unwrap().to_string()
    })
}

#[test]
fn serials_are_moments_in_both_systems() {
    assert_eq!(opened("<c s='2'><v>46085.5</v></c>", ""), "2026-03-04T12:00:00Z");
    assert_eq!(opened("<c s='2'><v>44623.5</v></c>", "date1904='1'"), "2026-03-04T12:00:00Z");
    assert_eq!(opened("<c s='1'><v>46085</v></c>", ""), "2026-03-04T00:00:00Z");
    assert_eq!(opened("<c t='d'><v>2026-03-04T12:00:00</v></c>", ""), "2026-03-04T12:00:00Z");
    assert_eq!(opened("<c t='str'><f>NOW()</f><v>2026-03-04 12:00</v></c>", ""), "2026-03-04T12:00:00Z");
    assert_eq!(opened("<c s='1'><v>0</v></c>", ""), "a.xlsx/T:2 `Opened` is empty, and no row is without its date []!");
}

#[test]
fn cells_say_what_they_hold() {
    let shared = "<?xml version='1.0'?><sst><si><t>a_x000D_\nb@x.example</t></si><si/>\
        <si><r><t xml:space='preserve'>an</t></r><r><rPr><b/></rPr><t>n@x.example</t></r></si></sst>";
    let head = row(&["Ticket", "Opened", "Mail", "Phone", "Wait", "Cost"]);
    let start = "t='inlineStr'><is><t>2026-03-04T10:00Z</t></is></c>";
    let rows = [
        format!("<row r='2'><c r='A2'><v>7253394974479</v></c><c {start}<c r='C2' t='s'><v>2</v></c>"),
        "<c r='D2'><v>441632960001</v></c><c r='E2' s='4'><v>1.0416666666666667</v></c>".into(),
        "<c r='F2'><v>0.30000000000000004</v></c></row>".into(),
        format!("<row r='4'><c><v>8</v></c><c {start}<c t='s'><v>1</v></c><c t='e'><v>#N/A</v></c>"),
        "<c t='e'><v>#REF!</v></c><c><v>1.234</v></c></row>".into(),
        format!("<row r='5'><c r='B5' {start}<c r='A5'><v>9</v></c><c r='E5' s='3'><v>0.01875</v></c></row>"),
    ]
    .concat();
    let sheet = format!("<dimension ref='A1:B2'/>{}", data(&(head + &rows)));
    let book = by_hand(&[("name='T'", &sheet)], &[("xl/sharedStrings.xml", shared)], "");
    let inputs = read(&book, "").unwrap();
    assert_eq!((counts(&inputs), rejects(&inputs)), ((3, 3, 0, 0), Vec::new()));
    assert_eq!(texts(&inputs, 0, "interaction_id"), ["7253394974479", "8", "9"]);
    assert_eq!(texts(&inputs, 0, "customer_email"), ["ann@x.example", "", ""]);
    assert_eq!(texts(&inputs, 0, "customer_phone"), ["441632960001", "", ""]);
    let value = |column: &str, row| super::super::samples::value(&inputs.tables[0], at(&inputs, column), row);
    assert_eq!([0, 2].map(|row| value("wait", row)), ["90000000 ms", "1620000 ms"]);
    assert_eq!([0, 1].map(|row| value("cost", row)), ["0.3", "1.234"]);
    assert_eq!(said(&inputs), ["note: 2 cells of `a.xlsx/T` hold errors such as #N/A or #REF! and count as empty"]);
    assert_eq!(lines(&inputs), ["2", "4", "5"]);
}

fn at(inputs: &Inputs, column: &str) -> usize {
    inputs.tables[0].kind.fields().iter().position(|field| field.name == column).unwrap()
}

fn lines(inputs: &Inputs) -> Vec<String> {
    let line = at(inputs, "line");
    (0..inputs.tables[0].rows()).map(|row| super::super::samples::value(&inputs.tables[0], line, row)).collect()
}

#[test]
fn titles_footers_and_rows_over_several_lines_stand_where_excel_shows_them() {
    let rows = [
        row(&["Report of March"]),
        "<row/>".into(),
        row(&["Ticket", "Opened", "State"]),
        row(&["1", "2026-03-04T10:00Z", "one\ntwo\n\nthree"]),
        row(&["2", "never", "\"quoted\", so", "", "a note"]),
        row(&["Total 2"]),
    ];
    let dir = folder(&[]);
    std::fs::write(dir.path().join("a.xlsx"), by_hand(&[("name='T'", &data(&rows.concat()))], &[], "")).unwrap();
    let inputs = read_all(&dir, &["a.xlsx"], "").unwrap();
    assert_eq!(counts(&inputs), (3, 1, 1, 1));
    assert!(rejects(&inputs).iter().any(|said| said.starts_with("a.xlsx/T:5 `Opened` is not a date")));
    let records: Vec<_> = inputs.records("a.xlsx/T", &[4, 5]).into_iter().collect();
    let texts = ["1,2026-03-04T10:00Z,\"one\rtwo\r\rthree\",,", "2,never,\"\"\"quoted\"\", so\",,a note"];
    assert_eq!(records, [(4, texts[0].to_owned()), (5, texts[1].to_owned())]);
}

#[test]
fn a_cell_that_stands_twice_is_no_row_lost() {
    let again = "<row r='2'><c r='A2'><v>1</v></c></row>";
    let twice = row(&["Ticket", "Opened"]) + again + again;
    assert!(trouble(&by_hand(&[("name='T'", &data(&twice))], &[], "")).contains("\n  a cell stands in it twice\n"));
}

#[test]
fn dates_that_a_spreadsheet_did_not_know_are_doubted() {
    let known = "<row><c><v>1</v></c><c s='1'><v>46085</v></c></row>";
    let rows = row(&["Ticket", "Opened"]) + known + &row(&["2", "25/04/2026"]);
    let inputs = read(&by_hand(&[("name='T'", &data(&rows))], &[], ""), "time_zone = 'UTC'").unwrap();
    let [mixed] = said(&inputs).try_into().unwrap();
    assert!(mixed.starts_with("warning: of the dates in column B of `a.xlsx/T` some are text"), "{mixed}");
}

#[test]
fn long_numbers_are_doubted() {
    let rows = row(&["Ticket", "Opened"]) + "<row><c><v>1.23456789012345E+16</v></c><c s='2'><v>46085.5</v></c></row>";
    let inputs = read(&by_hand(&[("name='T'", &data(&rows))], &[], ""), "time_zone = 'UTC'").unwrap();
    assert_eq!(texts(&inputs, 0, "interaction_id"), ["12345678901234500"]);
    let [long] = said(&inputs).try_into().unwrap();
    assert!(long.starts_with("warning: 1 number in `a.xlsx/T` with more than 15 digits"), "{long}");
}

#[test]
fn the_first_sheet_that_is_known_is_read_unless_others_are_named() {
    let more =
        data(&(row(&["Ticket", "Opened"]) + &row(&["2", "2026-03-05T10:00Z"]) + &row(&["3", "2026-03-05T10:00Z"])));
    let notes = data(&(row(&["Dear all"]) + &row(&["please note"])));
    let staff = data(&(row(&["Name", "Desk"]) + &row(&["Ann", "3"])));
    let own = tickets();
    let sheets = [
        ("name='Notes'", notes.as_str()),
        ("name='Raw' state='hidden'", &more),
        ("name='Chart'", ""),
        ("name='Staff'", &staff),
        ("name='March'", &own),
        ("name='April &amp; May'", &more),
    ];
    let book = by_hand(&sheets, &[], "");
    let files = |inputs: &Inputs| inputs.sources.iter().map(|s: &SourceFile| s.file.clone()).collect::<Vec<_>>();
    let inputs = read(&book, "").unwrap();
    assert_eq!(files(&inputs), ["a.xlsx/March"]);
    let [left] = said(&inputs).try_into().unwrap();
    let text =
        "warning: of `a.xlsx` only sheet `March` was read; there are rows in `Raw`, `Staff`, `April & May`\nhint: ";
    assert!(left.starts_with(text), "{left}");
    let named = |sheets: &str| read(&book, &format!("[[source]]\nfile = 'a.xlsx'\nsheets = [{sheets}]"));
    for (sheets, expected) in [
        ("'raw'", &["a.xlsx/Raw"][..]),
        ("'5'", &["a.xlsx/March"]),
        ("' april & may ', 'March', '5'", &["a.xlsx/March", "a.xlsx/April & May"]),
    ] {
        let inputs = named(sheets).unwrap();
        assert_eq!((files(&inputs), said(&inputs).len()), (expected.iter().map(ToString::to_string).collect(), 0));
    }
    let fails = |sheets: &str| named(sheets).unwrap_err().to_string();
    assert!(fails("'Marhc'").starts_with("`a.xlsx` has no sheet `Marhc`\n  there are `Notes`, `Raw`, "));
    assert!(fails("'Marhc'").ends_with("hint: did you mean `March`?") && fails("'7'").contains("no sheet `7`"));
    assert!(fails("'Chart'").starts_with("sheet `Chart` of `a.xlsx` is a chart") && fails("'0'").contains("no sheet"));
    assert!(fails("'Staff'").starts_with("no profile fits `a.xlsx/Staff`"));
    let none = trouble(&by_hand(&sheets[..4], &[], ""));
    assert!(
        none.starts_with("no sheet of `a.xlsx` is an export that is known\n  no profile fits `a.xlsx/Notes`"),
        "{none}"
    );
}

#[test]
fn what_is_no_workbook_to_be_read_is_said() {
    let own = tickets();
    let one = |xml: &str| trouble(&by_hand(&[("name='T'", xml)], &[], ""));
    assert!(one(&data("")).starts_with("`a.xlsx` is a workbook without any rows\n"));
    assert!(trouble(&by_hand(&[("name='C'", "")], &[], "")).starts_with("`a.xlsx` is a workbook without any rows\n"));
    assert!(trouble(&by_hand(&[], &[], "")).starts_with("`a.xlsx` is a workbook without any rows\n"));
    let hidden = trouble(&by_hand(&[("name='T' state='veryHidden'", &own)], &[], ""));
    assert!(hidden.starts_with("all rows of `a.xlsx` are in hidden sheets\nhint: --sheet reads one: `T`"), "{hidden}");
    for damaged in [
        "<sheetData><row r='2'><c><v>1</v></c></row><row r='1'><c><v>1</v></c></row></sheetData>",
        "<sheetData><row r='1048577'><c><v>1</v></c></row></sheetData>",
        "<sheetData><row><c r='ZZZZZZ1'><v>1</v></c></row></sheetData>",
        "<sheetData><row><c t='s'><v>0</v></c></row></sheetData>",
        "<sheetData><row><c><v>1</v></c>",
        "<dimension ref='A1:XFD'/><sheetData/>",
        "<sheetData><row><c t='e'><v>#WHAT!</v></c><c><v>1</v></c></row></sheetData>",
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><sheetData><row><c t='str'><v>&b;</v></c></row></sheetData>",
    ] {
        let said = one(damaged);
        assert!(said.starts_with("`a.xlsx` is a damaged workbook\n") && said.contains("\nhint: open it"), "{said}");
    }
    let binary = trouble(&zip(&[("xl/workbook.bin", b"x")]));
    assert!(binary.starts_with("`a.xlsx` is a binary Excel workbook (.xlsb)\nhint: open it and save it"), "{binary}");
    let open = trouble(&zip(&[("mimetype", b"x"), ("content.xml", b"<x/>")]));
    assert!(open.starts_with("`a.xlsx` is an OpenDocument file\nhint: "), "{open}");
}

#[test]
fn claims_are_counted_before_they_are_believed() {
    let own = tickets();
    let with = |name: &str, part: &str| trouble(&by_hand(&[("name='T'", &own)], &[(name, part)], ""));
    let announced = |count: &str| with("xl/sharedStrings.xml", &format!("<?xml?><sst {count}><si><t>x</t></si></sst>"));
    let seam = " ".repeat((1 << 16) - 40);
    for count in [
        "uniqueCount='999999999999'",
        "uniqueCount =\n\"018446744073709551615\"",
        &format!("{seam}uniqueCount='99999999'"),
    ] {
        assert!(announced(count).contains("\n  it announces more texts than there can be\n"));
    }
    for long in [format!("uniqueCount{}='9'", " ".repeat(1 << 17)), format!("uniqueCount='{}9'", "0".repeat(1 << 17))] {
        assert!(announced(&long).contains("\n  it announces its texts in a way that workbooks do not\n"));
    }
    let utf16: String = "<sst uniqueCount='999999999999'/>".chars().flat_map(|c| [c, '\0']).collect();
    assert!(with("xl/sharedStrings.xml", &utf16).contains("in an encoding that workbooks do not have"));
    let styles = with("xl/styles.xml", &" ".repeat((1 << 24) + 1));
    assert!(
        styles.starts_with("`a.xlsx` is a workbook with too much in it\n  a part of it unpacks to more than 16 MiB\n")
    );
    let endless = format!("<sst><si><t>{}", "x".repeat((1 << 24) + 1));
    assert!(with("xl/sharedStrings.xml", &endless).contains("\n  a cell of it is longer than any that Excel writes\n"));
    let honest = by_hand(
        &[("name='T'", &own)],
        &[("xl/sharedStrings.xml", "<sst uniqueCount='1'><si><t>uniqueCount=\"99</t></si></sst>")],
        "",
    );
    assert_eq!(counts(&read(&honest, "").unwrap()), (1, 1, 0, 0));
}

#[test]
fn what_is_said_again_and_again_is_counted_too() {
    let texts = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let cells = "<c t='s'><v>0</v></c>".repeat(17);
    let rows = row(&["Ticket", "Opened"]) + &format!("<row>{cells}</row>");
    let long = by_hand(&[("name='T'", &data(&rows))], &[("xl/sharedStrings.xml", &texts)], "");
    assert!(trouble(&long).starts_with("`a.xlsx` is a workbook with too much in it\nhint: save the sheet as CSV"));
    let own = tickets();
    let many = by_hand(&vec![("name='T'", own.as_str()); 1_001], &[], "");
    assert!(trouble(&many).starts_with("`a.xlsx` is a workbook with too much in it\nhint: "));
    // A cell at the far end makes all rows wide.
    let far = "<row><c r='XFD1' t='inlineStr'><is><t>x</t></is></c></row>".to_owned() + &own.replace("sheetData", "x");
    let inputs = read(&by_hand(&[("name='T'", &data(&far))], &[], ""), "").unwrap();
    assert_eq!(counts(&inputs), (1, 1, 0, 0));
}

/// What Excel or something like it writes: texts are shared, numbers are numbers.
fn written(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, row) in (0..).zip(rows) {
        for (place, text) in (0..).zip(row) {
            sheet.write_string(at, place, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// All that was read, but for the name of the file.
fn told(inputs: &Inputs) -> Vec<String> {
    let mut told: Vec<String> = inputs.rejects.iter().map(|r| format!("{} {} {}", r.line, r.column, r.text)).collect();
    let table = &inputs.tables[0];
    let fields = (0..table.kind.fields().len()).filter(|at| table.kind.fields()[*at].name != "file");
    let fields: Vec<usize> = fields.collect();
    for row in 0..table.rows() {
        let values = fields.iter().map(|&at| super::super::samples::value(table, at, row));
        told.push(values.collect::<Vec<_>>().join("|"));
    }
    told.push(format!("{:?}", inputs.sources[0].counts));
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A table of texts means the same as a workbook and as CSV.
    #[test]
    fn a_sheet_is_the_csv_that_it_would_be(
        rows in prop::collection::vec(
            ("[0-9a-z]{1,4}|", "2026-03-0[1-9]T1[0-9]:00Z|never", "[ -~é€']{0,12}|=1\\+1|_x000D_", "[+0-9 ]{0,14}", "[0-9],[0-9]{1,2}|[0-9.]{0,4}"),
            1..30,
        ),
    ) {
        let mut table = vec![["Ticket", "Opened", "State", "Phone", "Wait"].map(str::to_owned).to_vec()];
        table.extend(rows.into_iter().map(|(a, b, c, d, e)| vec![a, b, c, d, e]));
        let mut csv = csv::WriterBuilder::new().from_writer(Vec::new());
        for row in &table {
            csv.write_record(row).unwrap();
        }
        let csv = String::from_utf8(csv.into_inner().unwrap()).unwrap();
        let from_csv = read_all(&folder(&[("a.csv", &csv)]), &["a.csv"], "region = 'GB'").unwrap();
        let from_book = read(&written(&table), "region = 'GB'").unwrap();
        prop_assert_eq!(told(&from_csv), told(&from_book));
    }

    /// Whatever becomes of a part of a workbook, it is read or something is said.
    #[test]
    fn damaged_parts_never_panic(
        part in 0_usize..5, at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let rows = row(&["Ticket", "Opened"]) + "<row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2' s='2'><v>46085.5</v></c></row>";
        let own = data(&rows);
        let names = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"];
        let book = by_hand(&[("name='T'", &own)], &[("xl/sharedStrings.xml", "<sst uniqueCount='1'><si><t>x</t></si></sst>")], "");
        let mut parts = unpacked(&book);
        let (_, xml) = parts.iter_mut().find(|(name, _)| name == names[part]).unwrap();
        let at = at.index(xml.len());
        if cut { xml.truncate(at) } else { xml[at] = byte }
        let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, xml)| (name.as_str(), xml.as_slice())).collect();
        if let Err(error) = read(&zip(&parts), "time_zone = 'UTC'") {
            prop_assert!(error.to_string().contains("a.xlsx"), "{}", error);
        }
    }
}

fn unpacked(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let archive = rawzip::ZipArchive::from_slice(book).unwrap();
    let (mut entries, mut parts) = (archive.entries(), Vec::new());
    while let Some(entry) = entries.next_entry().unwrap() {
        let place = archive.get_entry(entry.wayfinder()).unwrap();
        let mut xml = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(place.data()), &mut xml).unwrap();
        parts.push((String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned(), xml));
    }
    parts
}

#[test]
fn a_workbook_cut_or_flipped_anywhere_never_panics() {
    let rows: Vec<Vec<String>> = (0..40).map(|n| vec![format!("{n}"), "2026-03-04T10:00Z".into()]).collect();
    let head = vec!["Ticket".to_owned(), "Opened".to_owned()];
    let book = written(&[vec![head], rows].concat());
    for at in (0..book.len()).step_by(100) {
        let said = trouble(&book[..at]);
        assert!(said.contains("a.xlsx"), "{at}: {said}");
    }
    for at in (0..book.len()).step_by(17) {
        let mut flipped = book.clone();
        flipped[at] ^= 0x5a;
        if let Err(error) = read(&flipped, "") {
            assert!(error.to_string().contains("a.xlsx"), "{at}: {error}");
        }
    }
}
