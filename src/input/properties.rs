//! What holds of any bytes: every row is counted once, and neither threads nor pieces change what is read.

use super::tests::PROFILE;
use super::*;
use proptest::prelude::*;

/// Read these bytes as the profile's, in pieces of about this size, on so many threads.
fn read_bytes(raw: &[u8], piece: usize, threads: usize) -> Result<source::Done, TestCaseError> {
    read_as(PROFILE, raw, piece, threads)
}

fn read_as(profile: &str, raw: &[u8], piece: usize, threads: usize) -> Result<source::Done, TestCaseError> {
    let profile = Arc::new(library::parse(profile, "acme").unwrap());
    let profiles = [Known { profile, own: true, forced: true }];
    let settings: Settings = toml::from_str("[[source]]\nfile = '*'\nday_order = 'dmy'\nus = ['Bo']").unwrap();
    let with = Reading { profiles: &profiles, settings: &settings, piece, early: None, progress: &|_| {} };
    let threads = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let done = threads.install(|| source::read(&Found::unfiled("x"), Content::Held(raw), with));
    let mut all = done.map_err(|failure| TestCaseError::fail(format!("{failure:?}")))?;
    Ok(all.swap_remove(0))
}

/// All that came of a file, as text.
fn told(done: &source::Done) -> Vec<String> {
    let mut told: Vec<String> = done.rejects.iter().map(|reject| format!("{reject:?}")).collect();
    told.extend(done.notices.iter().map(|notice| format!("{notice:?}")));
    told.push(format!("{:?} {:?}", done.source.counts, done.source.origin));
    for table in &done.tables {
        let fields = 0..table.kind.fields().len();
        let row = |row| fields.clone().map(|at| samples::value(table, at, row)).collect::<Vec<_>>().join("|");
        told.extend((0..table.rows()).map(row));
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_bytes_are_counted_and_never_panic(
        rows in prop::collection::vec("[0-9a-z\"',;/: \t\r\n\u{0}é-]{0,40}", 0..20),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut raw = b"Ticket,Opened,State,Via,Phone,Wait,Cost,Mail\n1,2026-03-04T10:00Z,open,mail,,,,\n".to_vec();
        raw.extend(rows.join("\n").into_bytes());
        raw.push(b'\n');
        raw.extend(bytes);
        let done = read_bytes(&raw, USUAL, 2)?;
        let c = done.source.counts;
        prop_assert_eq!(c.read, c.used + c.ignored + c.rejected);
        let whole = done.rejects.iter().filter(|reject| reject.whole_row).count() as u64;
        prop_assert_eq!((done.tables[0].rows() as u64, whole), (c.used, c.rejected));
    }

    #[test]
    fn neither_threads_nor_pieces_change_what_is_read(
        rows in prop::collection::vec(prop_oneof![
            4 => "[1-9],2026-03-0[1-9]T10:00Z,(open|\"clo\nsed\"|\"a\"\"b\"|),(mail|call),[0-9 +]{0,9},[0-9.]{0,3},,[ab]@x.example",
            2 => "[0-9a-z\"',; \r\né-]{0,30}",
            1 => Just("Total 3".to_owned()),
            1 => Just("Ticket,Opened,State,Via,Phone,Wait,Cost,Mail".to_owned()),
        ], 0..30),
        piece in 1..200usize,
        threads in 1..4usize,
        not_utf8 in any::<bool>(),
    ) {
        let mut raw = b"Ticket,Opened,State,Via,Phone,Wait,Cost,Mail\n1,2026-03-04T10:00Z,open,mail,,,,\n".to_vec();
        raw.extend(rows.join("\n").into_bytes());
        raw.extend(if not_utf8 { &b"\n9,2026-03-04T10:00Z,\xe9\n"[..] } else { b"" });
        prop_assert_eq!(told(&read_bytes(&raw, piece, threads)?), told(&read_bytes(&raw, USUAL, 1)?));
    }

    #[test]
    fn neither_threads_nor_pieces_change_what_a_chat_says(
        lines in prop::collection::vec(prop_oneof![
            3 => "0[1-9]/03/2026, 2[0-3]:1[0-9] - (Ana|Bo|Cy): [a-z:\" é]{0,12}",
            1 => "[0-9a-z\",:/ \r\n\\[\\]é-]{0,20}",
        ], 0..20),
        piece in 1..120usize,
        threads in 1..4usize,
    ) {
        const CHAT: &str = "name = 'x'\ntitle = 'x'\nfold = 'chat'\ndetect.shape = 'chat'\nread.row = true\n[columns]\n\
            customer_name = { from = 'sender', when = { from = 'sender', not = ['@us'] } }\n\
            topic = 'text'\nstarted_at = 'time'";
        let raw = format!("01/03/2026, 20:10 - Ana: x\n{}", lines.join("\n"));
        let done = read_as(CHAT, raw.as_bytes(), piece, threads)?;
        let counts = done.source.counts;
        prop_assert_eq!(counts.read, counts.used + counts.ignored + counts.rejected);
        prop_assert_eq!(told(&done), told(&read_as(CHAT, raw.as_bytes(), USUAL, 1)?));
    }
}
