//! Texts as TOML has them, whatever is in them: on one line, in quotes.

use crate::notice::is_invisible;
use std::fmt::Write;

/// Any text as a TOML text of one line.
pub fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || is_invisible(c) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Texts as a TOML list.
pub fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_stands_on_one_line() {
        let hostile = "a\"b\\c\nd\u{0}e\u{202e}f'''g # h";
        let table: toml::Table = toml::from_str(&format!("x = {}", list(&[hostile.to_owned()]))).unwrap();
        assert_eq!(table["x"][0].as_str(), Some(hostile));
        assert!(!quoted(hostile).contains('\n'));
    }
}
