//! Keys of customers and records made comparable: e-mail addresses, ids, names. Phone numbers have their
//! own file.
//!
//! A cleaner turns what stands in a cell into what is compared, or into nothing. Which keys are
//! placeholders or shared by many people is decided in identity, not here.

use std::borrow::Cow;

/// `Ana <ANA@example.com>` → `ana@example.com`; of several addresses the first; no address, no key.
pub fn email(text: &str) -> Option<Cow<'_, str>> {
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

/// An id without a spreadsheet's leading apostrophe and a float's trailing `.0`.
pub fn id(text: &str) -> &str {
    let text = text.strip_prefix('\'').unwrap_or(text);
    match text.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => text,
    }
}

/// A name with single spaces.
pub fn name(text: &str) -> Cow<'_, str> {
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
    }

    #[test]
    fn names_have_single_spaces() {
        assert_eq!(
            (name("Ana  Ruiz").as_ref(), name("Ana\tRuiz").as_ref(), name("Ana Ruiz").as_ref()),
            ("Ana Ruiz", "Ana Ruiz", "Ana Ruiz")
        );
    }
}
