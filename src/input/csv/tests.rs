//! Reading CSV: by example, and held against the `csv` crate.

use super::super::header::Header;
use super::super::record::line_end;
use super::*;
use csv::StringRecord;
use proptest::prelude::*;
use std::ops::ControlFlow;

/// Rows as `line: cell|cell`, broken ones as `line! reason`.
fn rows(text: &str, delimiter: u8, footers: &[&str]) -> Vec<String> {
    let mut header_row = StringRecord::new();
    let mut header = reader(text.as_bytes(), delimiter);
    header.read_record(&mut header_row).unwrap();
    let body = usize::try_from(header.position().byte()).unwrap();
    let layout = Layout { delimiter, header: Header::row(header_row.iter()), body, line: 1 };
    let footers: Vec<String> = footers.iter().map(|&footer| footer.to_owned()).collect();
    let line_end = line_end(text.as_bytes());
    let rules = Rules::new(&layout, &footers, line_end);
    let line = 1 + text[..body].bytes().filter(|byte| *byte == line_end).count() as u64;
    let mut found = Vec::new();
    read(Stretch { text: &text[body..], line, last: true, ended: false }, &rules, &mut |event| {
        found.push(match event {
            Event::Record(Record { line, cells: Cells::Row(row), .. }) => {
                format!("{line}: {}", row.iter().collect::<Vec<_>>().join("|"))
            }
            Event::Broken { line, reason, raw } => format!("{line}! {reason} [{raw}]"),
            _ => "skipped".to_owned(),
        });
        ControlFlow::Continue(())
    });
    found
}

#[test]
fn lines_are_the_files_lines() {
    let text = "a,b\r\n\r\n1,\"x\r\ny\"\r\n\r\n2,z\r\n";
    assert_eq!(rows(text, b',', &[]), ["3: 1|x\r\ny", "6: 2|z"]);
    assert_eq!(rows("a,b\r1,2\r3,4", b',', &[]), ["2: 1|2", "3: 3|4"]);
}

#[test]
fn rows_of_another_width_are_said() {
    let text = "a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n,,,,,\n,\n1,2,3\n";
    assert_eq!(
        rows(text, b',', &[]),
        [
            "2! row has 2 cells, the header has 3 [1,2]",
            "3! row has 4 cells, the header has 3 [1,2,3,4]",
            "4: 1|2|3||",
            "5: |||||",
            "6: |",
            "7: 1|2|3"
        ]
    );
    // Columns without a header at the end may be left out.
    assert_eq!(rows("a,b,,\n1,2\n1,2,x\n", b',', &[]), ["2: 1|2", "3: 1|2|x"]);
}

#[test]
fn a_footer_ends_the_table() {
    let text = "a,b\n1,2\n\n\"Grand Totals (1 records)\"\n\nCopyright (c)\n3,4\n";
    assert_eq!(rows(text, b',', &["Grand Totals"]), ["2: 1|2", "skipped", "skipped", "skipped"]);
    // Two exports put together by hand.
    let text = "a,b\n1,2\nTotal,1\n\nReport\na,b\n3,4\nTotal,1\n5,6\n";
    let skipped = "skipped";
    assert_eq!(rows(text, b',', &["Total"]), ["2: 1|2", skipped, skipped, skipped, "7: 3|4", skipped, skipped]);
}

#[test]
fn files_put_together_by_hand_have_headers_in_the_middle() {
    assert_eq!(rows("a,b\n1,2\na,B\n3,4\n", b',', &[]), ["2: 1|2", "skipped", "4: 3|4"]);
}

#[test]
fn a_quote_that_never_closes_loses_one_line() {
    let mut text = "a;b\n1;2\n2;\"oops\n".to_owned();
    text.extend((3..3_000).map(|i| format!("{i};fine\n")));
    let found = rows(&text, b';', &[]);
    assert_eq!(found[1], "3! a quote opened here is never closed [2;\"oops]");
    assert_eq!(found[2], "4: 3|fine");
    assert_eq!((found.len(), found.last().map(String::as_str)), (2_999, Some("3000: 2999|fine")));
    // Closed much too late: by the next quote.
    text.push_str("3000;\"x\"\n");
    let found = rows(&text, b';', &[]);
    assert_eq!((found.len(), found.last().map(String::as_str)), (3_000, Some("3001: 3000|x")));
}

#[test]
fn a_stray_quote_does_not_swallow_the_next_row() {
    let text = "a,b\n1,x\n2,\"broken\n3,\"quoted\"\n4,\"two\nlines\"\n";
    let reason = "a quote opened here is never closed";
    assert_eq!(
        rows(text, b',', &[]),
        ["2: 1|x", &format!("3! {reason} [2,\"broken]"), "4: 3|quoted", "5: 4|two\nlines"]
    );
    // On one line such a quote harms nobody.
    assert_eq!(rows("a,b\n1,\"19\" x\n2,y\n", b',', &[]), ["2: 1|19 x", "3: 2|y"]);
    assert_eq!(rows("a,b\n1,\"x\ny\" \n2,y\n", b',', &[]), ["2: 1|x\ny ", "4: 2|y"]);
}

#[test]
fn unbalanced_quotes_take_no_longer_than_other_rows() {
    let (lines, header) = (10_000, "a,b,c\n".to_owned());
    for line in ["2,19\" x,\"y\n", "2,x,\"y\n", "1\",\"2\n"] {
        let text = header.clone() + &line.repeat(lines);
        let begun = std::time::Instant::now();
        let found = rows(&text, b',', &[]);
        assert!(found.len() >= lines / 2 && found.iter().all(|row| row.contains('!')), "{line}");
        assert!(begun.elapsed().as_secs() < 20, "{line}: {:?}", begun.elapsed());
    }
}

#[test]
fn long_quoted_texts_are_no_fault() {
    for lines in [900, 5_000] {
        let text = format!("a,b\n1,\"{}\"\n2,x\n", "line\n".repeat(lines));
        let found = rows(&text, b',', &[]);
        assert_eq!((found.len(), found.last().cloned()), (2, Some(format!("{}: 2|x", lines + 3))));
    }
    assert_eq!(rows("a,b\n1,\"x\"", b',', &[]), ["2: 1|x"]);
    assert_eq!(rows("a,b\n1,\"\"", b',', &[]), ["2: 1|"]);
}

proptest! {
    #[test]
    fn what_the_crate_writes_is_read_back(
        table in prop::collection::vec(prop::collection::vec("[a-z\"', ;\t|\r\n]{0,12}", 3), 1..20),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        always in any::<bool>(),
    ) {
        let style = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).quote_style(style).from_writer(Vec::new());
        writer.write_record(["1", "2", "3"]).unwrap();
        for row in &table {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let found = rows(&text, delimiter, &[]);
        let cells: Vec<_> = found.iter().map(|row| row.split_once(": ").map_or("", |(_, cells)| cells)).collect();
        let expected: Vec<_> = table.iter().map(|row| row.join("|")).collect();
        prop_assert_eq!(cells, expected);
    }

    #[test]
    fn sound_rows_end_where_the_crate_ends_them(text in "[a\", ][a\", \n]{0,30}", width in 1..4usize) {
        let text = text + "\n1,2\n";
        let mut read = reader(text.as_bytes(), b',');
        read.read_record(&mut StringRecord::new()).unwrap();
        let end = usize::try_from(read.position().byte()).unwrap();
        let habits = Habits { delimiter: b',', line_end: b'\n', width: width..=width };
        if let End::At(told) = row_end(text.as_bytes(), &habits, true) {
            prop_assert_eq!(told, text[..end].trim_end_matches('\n').len(), "{:?}", text);
        }
    }

    #[test]
    fn sound_rows_have_the_cells_that_the_crate_finds(text in "[a\", ][a\", ;]{0,30}") {
        let habits = Habits { delimiter: b',', line_end: b'\n', width: 1..=9 };
        if let End::At(_) = row_end(text.as_bytes(), &habits, true) {
            let mut theirs = StringRecord::new();
            reader(text.as_bytes(), b',').read_record(&mut theirs).unwrap();
            let mut row = Row::new(&text);
            row.split(0, text.len(), b',');
            prop_assert_eq!(row.iter().collect::<Vec<_>>(), theirs.iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn line_numbers_are_true(table in prop::collection::vec(prop::collection::vec("[a-z\"\n]{0,8}", 2), 1..20)) {
        let mut text = "1,2\n".to_owned();
        let mut expected = Vec::new();
        for row in &table {
            expected.push(text.matches('\n').count() + 1);
            let cells: Vec<_> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        let found: Vec<usize> = rows(&text, b',', &[]).iter().map(|row| row.split(':').next().unwrap().parse().unwrap()).collect();
        prop_assert_eq!(found, expected);
    }
}
