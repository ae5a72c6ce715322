//! Keys of customers and records made comparable: e-mail addresses, ids, names. Phone numbers have their
//! own file.
//!
//! A cleaner turns what stands in a cell into what is compared, or into nothing. Which keys are
//! placeholders or shared by many people is decided in identity, not here.

use std::borrow::Cow;

/// `Ana <ANA@example.com>` → `ana@example.com`; of several addresses the first; no address, no key.
pub fn email(text: &str) -> Option<Cow<'_, str>> {
    if is_plain_address(text.as_bytes()) {
        return Some(Cow::Borrowed(text));
    }
    let first = text.split([';', ',']).find(|part| part.contains('@'))?;
    let inside = first.rsplit_once('<').map_or(first, |(_, address)| address.split('>').next().unwrap_or(address));
    let address = inside.trim().trim_start_matches('\'').trim_start_matches("mailto:").trim_matches('"');
    let (name, domain) = address.rsplit_once('@')?;
    let dotted = domain.split_once('.').is_some_and(|(host, top)| !host.is_empty() && !top.is_empty());
    if name.is_empty() || !dotted || address.contains(char::is_whitespace) {
        return None;
    }
    Some(lower(address))
}

/// An address and nothing else, in lower case: nearly all are written so.
fn is_plain_address(text: &[u8]) -> bool {
    let is_plain = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'+');
    let Some(at) = memchr::memchr(b'@', text) else { return false };
    let (name, domain) = (&text[..at], &text[at + 1..]);
    let dot = memchr::memchr(b'.', domain).unwrap_or(0);
    at > 0 && dot > 0 && dot + 1 < domain.len() && name.iter().all(is_plain) && domain.iter().all(is_plain)
}

/// An id without a spreadsheet's leading apostrophe and a float's trailing `.0`.
pub fn id(text: &str) -> &str {
    let text = text.strip_prefix('\'').unwrap_or(text);
    match text.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => text,
    }
}

/// `6.42198E+15`: a spreadsheet kept the first digits, and many ids have become one.
pub fn is_damaged(id: &str) -> bool {
    let (mantissa, exponent) = match id.as_bytes() {
        [mantissa @ .., b'E', b'+', exponent] => (mantissa, std::slice::from_ref(exponent)),
        [mantissa @ .., b'E', b'+', _, _] => (mantissa, &id.as_bytes()[id.len() - 2..]),
        _ => return false,
    };
    let is_numeric = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    !mantissa.is_empty() && mantissa.iter().all(is_numeric) && exponent.iter().all(u8::is_ascii_digit)
}

/// A name with single spaces.
pub fn name(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_plain =
        |(nth, byte): (usize, &u8)| byte.is_ascii_graphic() || *byte == b' ' && bytes.get(nth + 1) != Some(&b' ');
    if bytes.iter().enumerate().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let single =
        |text: &str| text.chars().zip(text.chars().skip(1)).all(|(a, b)| !(a.is_whitespace() && b.is_whitespace()));
    if text.chars().all(|c| c == ' ' || !c.is_whitespace()) && single(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Lower case, copied only where something changes.
pub fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_what_surrounds_them() {
        for (text, address) in [
            ("ana@example.com", Some("ana@example.com")),
            ("Ana Ruiz <ANA@Example.com>", Some("ana@example.com")),
            ("\"Ruiz, Ana\" <ana@example.com>", Some("ana@example.com")),
            ("ana@example.com;joe@example.com", Some("ana@example.com")),
            (" mailto:ana@example.com ", Some("ana@example.com")),
            ("ana@localhost", None),
            ("ana at example.com", None),
            ("@example.com", None),
            ("ana@.", None),
            ("n/a", None),
        ] {
            assert_eq!(email(text).as_deref(), address, "{text}");
        }
    }

    #[test]
    fn ids_survive_spreadsheets() {
        assert_eq!(id("7253394974479.0"), "7253394974479");
        assert_eq!(
            (id("'7012345678901"), id("00001026"), id("v1.0"), id(".0")),
            ("7012345678901", "00001026", "v1.0", ".0")
        );
        let damaged = ["6.42198E+15", "3,67E+9", "4E+11"];
        assert!(damaged.into_iter().all(is_damaged));
        assert!(!["6421977457180672", "E+15", "a1E+15", "1E15", "1E+1b", "+1", ""].into_iter().any(is_damaged));
    }

    #[test]
    fn names_have_single_spaces() {
        assert_eq!(
            (name("Ana  Ruiz").as_ref(), name("Ana\tRuiz").as_ref(), name("Ana Ruiz").as_ref()),
            ("Ana Ruiz", "Ana Ruiz", "Ana Ruiz")
        );
    }
}
