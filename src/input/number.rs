//! Numbers as people and spreadsheets write them: `1.234,56`, `1,234.56`, `€ 12.00`, `(3.50)`, `85 %`.
//!
//! Which mark is the decimal one is a matter of the column: `vote` says what a cell shows, `sniff.rs`
//! counts. Lengths of time are in `duration.rs`.

/// What a number tells about its column's decimal mark, where it is certain.
pub fn vote(text: &str) -> Option<char> {
    if text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let mut marks = text.char_indices().filter(|(_, c)| matches!(c, '.' | ','));
    let (_, first) = marks.next()?;
    let other = if first == ',' { '.' } else { ',' };
    if let Some((_, next)) = marks.next_back() {
        // `1.234,56` shows the last mark to be the decimal one, `1.234.567` the other.
        return Some(if next == first { other } else { next });
    }
    let (before, after) = text.split_once(first)?;
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let grouped = digits(after) == 3 && (1..=3).contains(&digits(before)) && !before.ends_with("-0") && before != "0";
    (!grouped).then_some(first)
}

/// A number. Without a decimal mark known for the column, the cell's own look decides; a lone mark before
/// three digits is then a thousands mark if it is a comma, and a decimal one if it is a point.
pub fn parse(text: &str, decimal: Option<char>) -> Option<f64> {
    if decimal != Some(',')
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'))
        && let Ok(number) = text.parse::<f64>()
    {
        return Some(number);
    }
    let (text, negative) = bare(text);
    let decimal = decimal.or_else(|| vote(text)).unwrap_or('.');
    let number = ungrouped(text, decimal)?;
    Some(if negative { -number } else { number })
}

/// A whole number; `3.0` is one.
pub fn whole(text: &str, decimal: Option<char>) -> Option<i32> {
    if let Ok(number) = text.parse::<i32>() {
        return (number != i32::MIN).then_some(number);
    }
    let number = parse(text, decimal)?;
    #[expect(clippy::cast_possible_truncation, reason = "checked in the same line")]
    (number.fract() == 0.0 && number.abs() < f64::from(i32::MAX)).then_some(number as i32)
}

/// Without currency, per cent, apostrophe before, and sign; and whether there was a minus.
fn bare(text: &str) -> (&str, bool) {
    let mut text = text.trim();
    let mut negative = false;
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        (text, negative) = (inner, true);
    }
    // Signs and currencies come in any order: `-€5`, `€-5`, `'5`.
    loop {
        let before = text;
        text = text.trim_start_matches(is_decoration).trim_end_matches(is_decoration);
        text = without_currency_code(text);
        if let Some(rest) = text.strip_prefix(['-', '\u{2212}']) {
            (text, negative) = (rest, true);
        }
        text = text.strip_prefix('+').unwrap_or(text);
        if text == before {
            return (text, negative);
        }
    }
}

fn is_decoration(c: char) -> bool {
    c.is_whitespace() || matches!(c, '$' | '£' | '¥' | '¢' | '\'' | '%' | '\u{20a0}'..='\u{20cf}')
}

/// `USD 12` and `12 EUR` → `12`.
fn without_currency_code(text: &str) -> &str {
    let is_code = |code: &str| code.bytes().all(|b| b.is_ascii_uppercase());
    if let Some((code, rest)) = text.split_at_checked(3)
        && is_code(code)
    {
        return rest;
    }
    match text.len().checked_sub(3).and_then(|at| text.split_at_checked(at)) {
        Some((rest, code)) if is_code(code) => rest,
        _ => text,
    }
}

/// Digits with one decimal mark at most; the other mark, spaces and apostrophes only between groups.
fn ungrouped(text: &str, decimal: char) -> Option<f64> {
    let (whole, fraction) = text.split_once(decimal).unwrap_or((text, ""));
    let is_separator =
        |c: char| (matches!(c, '.' | ',') && c != decimal) || matches!(c, '\'' | '’') || c.is_whitespace();
    let mut groups = whole.split(is_separator);
    let mut digits = groups.next()?.to_owned();
    let grouped: Vec<&str> = groups.collect();
    // The last group has three digits; those before it two in India.
    for (i, group) in grouped.iter().enumerate() {
        let length = group.len();
        if !(length == 3 || (length == 2 && i + 1 < grouped.len())) || digits.is_empty() {
            return None;
        }
        digits.push_str(group);
    }
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(&digits) || !all_digits(fraction) || (digits.is_empty() && fraction.is_empty()) {
        return None;
    }
    digits.push('.');
    digits.push_str(fraction);
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_decorations_of_many_countries() {
        for (text, number) in [
            ("12", 12.0),
            ("-0.200", -0.2),
            ("1,234.56", 1234.56),
            ("1.234,56", 1234.56),
            ("1 234,50 €", 1234.5),
            ("1'234.50", 1234.5),
            ("12,5", 12.5),
            ("1,234", 1234.0),
            ("1.234", 1.234),
            ("1,00,000", 100_000.0),
            ("$-5.00", -5.0),
            ("(3.50)", -3.5),
            ("USD 12", 12.0),
            ("12 EUR", 12.0),
            ("'42", 42.0),
            ("85 %", 85.0),
        ] {
            assert_eq!(parse(text, None), Some(number), "{text}");
        }
        assert_eq!(parse("1.234", Some(',')), Some(1234.0));
        assert_eq!(parse("0,750", None), Some(0.75));
        for text in ["", "abc", "1,2,3", "1.2.3", "12a", "NaN", "inf", "--", "1,5", "€"] {
            assert_eq!(parse(text, Some('.')), None, "{text}");
        }
    }

    #[test]
    fn a_vote_is_cast_only_where_the_mark_is_certain() {
        assert_eq!(vote("1.234,56"), Some(','));
        assert_eq!(vote("1,5"), Some(','));
        assert_eq!(vote("1,234,567"), Some('.'));
        assert_eq!(vote("0,750"), Some(','));
        assert_eq!((vote("1,234"), vote("1.234"), vote("12")), (None, None, None));
    }

    #[test]
    fn whole_numbers_may_be_written_as_floats() {
        assert_eq!(whole("3.0", None), Some(3));
        assert_eq!((whole("3.5", None), whole("99999999999", None)), (None, None));
    }
}
