//! On which line of a TOML text something stands.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The line, from 1, of what keys and numbers of items in lists lead to; as far as they lead anywhere.
pub fn line(text: &str, steps: &[impl AsRef<str>]) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let steps: Vec<&str> = steps.iter().map(AsRef::as_ref).collect();
    let start = in_table(table.get_ref(), &steps)?;
    Some(text[..start].matches('\n').count() + 1)
}

fn in_table(table: &DeTable, steps: &[&str]) -> Option<usize> {
    let (first, rest) = steps.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == first)?;
    in_value(value, rest).or(Some(key.span().start))
}

fn in_value(value: &Spanned<DeValue>, steps: &[&str]) -> Option<usize> {
    match value.get_ref() {
        DeValue::Table(table) => in_table(table, steps),
        DeValue::Array(items) => {
            let (first, rest) = steps.split_first()?;
            let item = items.get(first.parse::<usize>().ok()?)?;
            in_value(item, rest).or(Some(item.span().start))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_however_it_is_written() {
        let text = "# a\nzone = 'x'\nlist = [\n  'one',\n  { name = 'two', near = 1 },\n]\n[costs]\na.b = 1\n[[hours]]\nname = 'A'\n[[hours]]\nname = 'B'\n";
        for (steps, expected) in [
            (&["zone"][..], Some(2)),
            (&["list", "0"], Some(4)),
            (&["list", "1", "near"], Some(5)),
            (&["list", "1", "far"], Some(5)),
            (&["list", "7"], Some(3)),
            (&["costs", "a", "b"], Some(8)),
            (&["hours", "1", "name"], Some(12)),
            (&["nowhere"], None),
        ] {
            assert_eq!(line(text, steps), expected, "{steps:?}");
        }
    }
}
