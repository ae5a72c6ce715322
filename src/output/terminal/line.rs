//! Lines of text: measured, cut, wrapped.
//!
//! An export is untrusted, so every text from it goes through `words::visible` before it is measured or shown.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const UNITS: [&str; 7] = ["%", "s", "min", "h", "d", "points", "percent"];

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// At most `limit` columns; a text that does not fit loses its middle, for names differ at their ends.
pub fn cut(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    match limit {
        0 => String::new(),
        1 => "…".into(),
        _ => format!("{}…{}", head(text, limit / 2), tail(text, (limit - 1) / 2)),
    }
}

/// As much of the beginning as fits.
fn head(text: &str, limit: usize) -> &str {
    let (mut taken, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        taken += c.width().unwrap_or(0);
        if taken > limit {
            break;
        }
        end = at + c.len_utf8();
    }
    // A sequence may be wider than its characters.
    while width(&text[..end]) > limit {
        end = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    }
    &text[..end]
}

/// As much of the end as fits, not beginning with an accent whose letter is gone.
fn tail(text: &str, limit: usize) -> &str {
    let (mut taken, mut start) = (0, text.len());
    for (at, c) in text.char_indices().rev() {
        taken += c.width().unwrap_or(0);
        if taken > limit {
            break;
        }
        start = at;
    }
    while text[start..].chars().next().is_some_and(|c| c.width() == Some(0)) || width(&text[start..]) > limit {
        start += text[start..].chars().next().map_or(1, char::len_utf8);
    }
    &text[start..]
}

/// Lines of at most `limit` columns, broken at spaces; a figure keeps its unit, a word too long is broken.
pub fn wrap(text: &str, limit: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        for piece in pieces(&word, limit) {
            match lines.last_mut() {
                Some(line) if line.is_empty() => line.push_str(piece),
                Some(line) if width(line) + 1 + width(piece) <= limit => {
                    line.push(' ');
                    line.push_str(piece);
                }
                _ => lines.push(piece.to_owned()),
            }
        }
    }
    lines
}

/// A word in parts that fit. A character wider than the line is a part all the same: better wide than lost.
fn pieces(word: &str, limit: usize) -> Vec<&str> {
    let (mut out, mut rest) = (Vec::new(), word);
    while !rest.is_empty() {
        let one = rest.chars().next().map_or(0, char::len_utf8);
        let (piece, after) = rest.split_at(head(rest, limit).len().max(one));
        out.push(piece);
        rest = after;
    }
    out
}

/// Wrapped, with `first` before the first line and as many spaces before the others.
pub fn hang(first: &str, text: &str, limit: usize) -> Vec<String> {
    let indent = width(first);
    let lines = wrap(text, limit.saturating_sub(indent));
    lines
        .iter()
        .enumerate()
        .map(|(i, line)| if i == 0 { format!("{first}{line}") } else { pad(line, indent) })
        .collect()
}

fn pad(line: &str, indent: usize) -> String {
    format!("{:indent$}{line}", "")
}

/// Words, with `2 h 10 min` and `6.7 %` as one.
fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let glued = out.last().and_then(|last| last.rsplit(' ').next()).is_some_and(|before| belongs(before, word));
        match out.last_mut() {
            Some(last) if glued => {
                last.push(' ');
                last.push_str(word);
            }
            _ => out.push(word.to_owned()),
        }
    }
    out
}

fn belongs(before: &str, word: &str) -> bool {
    let digit = |text: &str| text.chars().next_back().is_some_and(|c| c.is_ascii_digit());
    let unit = UNITS.contains(&word.trim_end_matches([',', '.', ';', ':', ')']));
    (digit(before) && unit) || (matches!(before, "d" | "h" | "min") && word.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_middle_by_columns_not_by_letters() {
        assert_eq!(cut("Customer Success Europe", 12), "Custom…urope");
        assert_eq!(cut("Returns", 7), "Returns");
        for text in [
            "カスタマーサポート東京本社",
            "👩‍👩‍👧 family 👩‍👩‍👧",
            "e\u{301}e\u{301}e\u{301}e\u{301}",
            "❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}",
        ] {
            for limit in 0..12 {
                assert!(width(&cut(text, limit)) <= limit, "{text} {limit}");
            }
        }
    }

    #[test]
    fn lines_break_at_spaces_but_not_within_a_figure() {
        assert_eq!(wrap("they take 2 h 10 min, up", 20), ["they take", "2 h 10 min, up"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(hang("note: ", "one two three", 12), ["note: one", "      two", "      three"]);
        assert_eq!(wrap("東京", 1), ["東", "京"]);
    }
}
