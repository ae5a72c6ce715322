//! Chats as phones export them: lines that begin with a time, who writes, and a text that may run over further lines.
//!
//! The time is put into a shape that `instant.rs` reads; which of day and month comes first is asked of the file there.
//! What a line without a sender says is the app's own. A further app's lines are one more arm in `head`.

use super::csv::{Stop, Stretch};
use super::instant::three_numbers;
use super::record::{Cells, Each, Event, Lines, Record};

/// What the cells of a message are called.
pub const COLUMNS: [&str; 3] = ["time", "sender", "text"];
/// How many lines show whether a text is a chat, and how many senders are named where the user must choose.
const LOOKED_AT: usize = 200;
const NAMED: usize = 6;
/// No time is written with more bytes than this.
const LONGEST: usize = 48;

/// Who writes near the top of a text; `None` where it is no chat.
pub fn senders(text: &str) -> Option<Vec<String>> {
    let text = text.trim_start_matches(is_mark);
    head(text.lines().next()?)?;
    let mut senders: Vec<String> = Vec::new();
    for sender in text.lines().take(LOOKED_AT).filter_map(|line| head(line)?.sender) {
        if senders.len() < NAMED && !senders.iter().any(|own| own == sender) {
            senders.push(sender.to_owned());
        }
    }
    (!senders.is_empty()).then_some(senders)
}

/// Go through the messages of a stretch. Where more of the file follows, the last message may go on there.
pub fn read(stretch: Stretch, line_end: u8, each: &mut Each) -> Stop {
    let mut lines = Lines::from(stretch.text, stretch.line, line_end);
    let starts = starts(stretch.text, &lines);
    let mut ends = starts.iter().skip(1).map(|(at, _)| *at).chain([stretch.text.len()]);
    let (mut byte, mut line) = (0, stretch.line);
    if let Some(&(first @ 1.., _)) = starts.first() {
        (byte, line) = (first, lines.at(first));
        if each(Event::Skipped { raw: &stretch.text[..first] }).is_break() {
            return Stop { byte, line, ended: false };
        }
    }
    for (nth, (from, head)) in starts.iter().enumerate() {
        let end = ends.next().unwrap_or(stretch.text.len());
        (byte, line) = (*from, lines.at(*from));
        if nth + 1 == starts.len() && !stretch.last {
            return Stop { byte, line, ended: false };
        }
        if tell(head, &stretch.text[*from..end], line, each).is_break() {
            break;
        }
        (byte, line) = (end, lines.at(end));
    }
    if starts.is_empty() && stretch.last && !stretch.text.trim().is_empty() {
        let raw = stretch.text.trim_end();
        let _ = each(Event::Broken { line, raw, reason: "is no message, and follows none".to_owned() });
        byte = stretch.text.len();
    }
    Stop { byte, line, ended: false }
}

/// One message, or what the app says itself.
fn tell(head: &Head, raw: &str, line: u64, each: &mut Each) -> std::ops::ControlFlow<()> {
    let raw = raw.trim_end();
    let Some(sender) = head.sender else { return each(Event::Skipped { raw }) };
    let text = raw.get(head.text..).unwrap_or_default();
    let cells = [head.time.clone(), sender.to_owned(), text.to_owned()];
    each(Event::Record(Record { line, raw, cells: Cells::Values(&cells) }))
}

/// Where messages begin.
fn starts<'t>(text: &'t str, lines: &Lines) -> Vec<(usize, Head<'t>)> {
    let mut starts = Vec::new();
    let mut from = 0;
    while from < text.len() {
        let next = lines.next_line(from);
        if let Some(head) = head(&text[from..next]) {
            starts.push((from, head));
        }
        from = next;
    }
    starts
}

/// How a message begins.
struct Head<'t> {
    /// `31/12/2026 23:59:00 PM`
    time: String,
    sender: Option<&'t str>,
    /// Where its text begins in the line.
    text: usize,
}

/// The beginning of a message: `[12/03/2024, 9:41:13 AM] Ana: hello` or `12/03/2024, 9:41 - Ana: hello`.
fn head(line: &str) -> Option<Head<'_>> {
    let inner = line.trim_start_matches(is_mark);
    let (time, said) = match inner.strip_prefix('[') {
        Some(rest) => rest.split_once("] ")?,
        None => inner.split_once(" - ")?,
    };
    let time = (time.len() <= LONGEST).then(|| readable(time)).flatten()?;
    let parts = said.split_once(": ").or_else(|| said.trim_end().split_once(":").filter(|(_, text)| text.is_empty()));
    // French typography has a space before the colon; a tilde stands before those who are no contacts.
    let bare = |name| str::trim(str::trim_matches(name, is_mark));
    let named = parts.map(|(name, text)| (bare(bare(name).trim_start_matches('~')), text));
    let (sender, text) =
        named.filter(|(name, _)| !name.is_empty()).map_or((None, said), |(name, text)| (Some(name), text));
    Some(Head { time, sender, text: text.as_ptr() as usize - line.as_ptr() as usize })
}

/// A date and a time of day as most programs write them, if it is both.
fn readable(time: &str) -> Option<String> {
    let plain: String =
        time.chars().filter(|c| !is_mark(*c)).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let (date, rest) = plain.split_once([',', '،', ' '])?;
    let is_date = |date: &str| three_numbers(date).is_some_and(|(.., rest)| rest.is_empty()) || is_iso(date);
    let clock = rest.find(|c: char| c.is_ascii_digit()).filter(|_| is_date(date)).map(|at| &rest[at..])?;
    let digits = clock.find(|c: char| !matches!(c, '0'..='9' | ':' | '.')).unwrap_or(clock.len());
    let (clock, half) = clock.split_at(digits);
    let clock = clock.trim_end_matches('.').replace('.', ":");
    let half = match half.replace(['.', ' '], "").to_lowercase().as_str() {
        "" => "",
        "am" | "ص" => " AM",
        "pm" | "م" => " PM",
        _ => return None,
    };
    let is_clock = clock.split(':').count() > 1 && clock.split(':').all(|part| matches!(part.len(), 1 | 2));
    is_clock.then(|| format!("{date} {clock}{half}"))
}

fn is_iso(date: &str) -> bool {
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts[0].len() == 4 && parts.iter().all(digits)
}

/// Marks that say in which direction a text runs, and nothing else.
const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    /// `line|time|sender|text` of each message; what is skipped with its text alone.
    fn messages(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        let stop = read(Stretch { text, line: 1, last: true, ended: false }, b'\n', &mut |event| {
            out.push(match event {
                Event::Record(record) => {
                    let cells: Vec<&str> = (0..3).map(|nth| record.cell(nth)).collect();
                    format!("{}|{}", record.line, cells.join("|"))
                }
                Event::Skipped { raw } => raw.to_owned(),
                Event::Broken { reason, .. } => reason,
            });
            ControlFlow::Continue(())
        });
        assert_eq!(stop.byte, text.len());
        out
    }

    #[test]
    fn messages_of_several_lines_and_what_the_app_says() {
        let text = "06/03/2024, 23:22 - Messages are encrypted.\n06/03/2024, 23:22 - Ana Ruiz: Where is: it?\nsecond line\n\n06/03/2024, 23:25 - Acme: <Media omitted>\n";
        assert_eq!(
            messages(text),
            [
                "06/03/2024, 23:22 - Messages are encrypted.",
                "2|06/03/2024 23:22|Ana Ruiz|Where is: it?\nsecond line",
                "5|06/03/2024 23:25|Acme|<Media omitted>",
            ]
        );
    }

    #[test]
    fn times_in_the_ways_of_several_countries() {
        for (line, time, sender) in [
            ("[12/03/2024, 9:41:13\u{202f}AM] Ana Ruiz: hello", "12/03/2024 9:41:13 AM", "Ana Ruiz"),
            (
                "\u{200e}[12/03/2024, 9:42:00 PM] ~\u{202f}Li Wei: \u{200e}image omitted",
                "12/03/2024 9:42:00 PM",
                "Li Wei",
            ),
            ("[12/01/2024 à 08:15:00] Zoé : bonjour", "12/01/2024 08:15:00", "Zoé"),
            ("12/1/24, 8:15 p. m. - Ana: hola", "12/1/24 8:15 PM", "Ana"),
            ("12/1/24, 8:15 م - Ana: x", "12/1/24 8:15 PM", "Ana"),
            ("[12/1/2024، 8:15:00 ص] Ana: x", "12/1/2024 8:15:00 AM", "Ana"),
            ("12.1.2024 klo 8.15 - Ana: hei", "12.1.2024 8:15", "Ana"),
            ("2024-03-12, 23:15 - +49 170 1234567: hallo", "2024-03-12 23:15", "+49 170 1234567"),
        ] {
            let head = head(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((head.time.as_str(), head.sender), (time, Some(sender)));
        }
        for line in
            ["hello - there: you", "12/03 - Ana: x", "[note] Ana: x", "12/03/2024 - Ana: x", "1/2/3, 4 - A: b", ""]
        {
            assert!(head(line).is_none(), "{line}");
        }
    }

    #[test]
    fn the_last_message_of_a_stretch_waits_for_the_next() {
        let text = "06/03/2024, 23:22 - Ana: one\n06/03/2024, 23:23 - Ana: two\nand";
        let mut seen = 0;
        let stop = read(Stretch { text, line: 5, last: false, ended: false }, b'\n', &mut |_| {
            seen += 1;
            ControlFlow::Continue(())
        });
        assert_eq!((seen, stop), (1, Stop { byte: 29, line: 6, ended: false }));
    }

    #[test]
    fn senders_are_named_once_and_other_texts_are_no_chats() {
        let text = "06/03/2024, 23:22 - Ana: one\n06/03/2024, 23:23 - Acme: two\n06/03/2024, 23:24 - Ana: three";
        assert_eq!(senders(text), Some(vec!["Ana".to_owned(), "Acme".to_owned()]));
        assert_eq!(senders("Dear Ana,\n06/03/2024, 23:22 - Ana: one"), None);
    }
}
