//! How often each tag stands on contacts, now and before: the volume of what has no topic of its own.
//!
//! A contact has as many lines as tags, so that they do not add up to the contacts.

use super::readings::Asked;
use super::sections::Made;
use super::{Better, Cell, Column, Row, Table, Unit};
use crate::columns::NO_WORD;
use crate::desk::Desk;
use crate::facts::Out;
use crate::timeline::Window;
use std::collections::{BTreeMap, BTreeSet};

/// What parts tags in a cell.
const MARKS: [char; 3] = [',', ';', '|'];
/// So many of the commonest are shown.
const SHOWN: usize = 15;

pub fn tags(desk: &Desk, asked: &Asked) -> Made {
    let parted = parted_by_blanks(desk);
    let now = counted(desk, &asked.window(desk), &parted);
    let before = asked.window_before(desk).map(|window| counted(desk, &window, &parted));
    let mut tags: Vec<(&str, u64)> = now.iter().map(|(tag, &count)| (tag.as_str(), count)).collect();
    tags.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let line = |(tag, count): (&str, u64)| {
        let before = before.as_ref().map(|before| before.get(tag).copied().unwrap_or(0));
        Row { cells: vec![Cell::text(tag), Cell::compared_count(count, before)], series: Vec::new() }
    };
    let rows = tags.into_iter().take(SHOWN).map(line).collect();
    let columns =
        vec![Column::name("tag", "Tag"), Column::figure("contacts", "contacts", Unit::Count, Better::Neither)];
    let title = "By tag, the commonest".into();
    Made { table: Table { id: "tags".into(), title, columns, rows, ..Table::default() }, ..Made::default() }
}

/// How many contacts of a window have each tag, by its words: `product_question` and `product question` are one.
fn counted(desk: &Desk, window: &Window, parted: &BTreeSet<u32>) -> BTreeMap<String, u64> {
    let facts = &desk.facts;
    let mut counts = BTreeMap::new();
    let Some((codes, words)) = facts.table.words("tags") else { return counts };
    let source = sources(desk);
    let mut by_code: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for row in facts.started(window.from, window.to).map(|row| row as usize) {
        let code = codes.get(row);
        if code != NO_WORD && facts.out[row] == Out::No && desk.keeps(row) {
            *by_code.entry((source(row), code)).or_default() += 1;
        }
    }
    for (&(source, code), count) in &by_code {
        let by_blanks = parted.contains(&source);
        let text = words.text(code).unwrap_or_default();
        let tags = text.split(|sign: char| MARKS.contains(&sign) || by_blanks && sign == ' ');
        let own: BTreeSet<String> = tags.map(|tag| tag.replace('_', " ").trim().to_owned()).collect();
        for tag in own.into_iter().filter(|tag| !tag.is_empty()) {
            *counts.entry(tag).or_default() += count;
        }
    }
    counts
}

/// The source of each row.
fn sources(desk: &Desk) -> impl Fn(usize) -> u32 {
    let sources = desk.facts.table.words("source").map(|(codes, _)| codes);
    move |row| sources.map_or(NO_WORD, |sources| sources.get(row))
}

/// Sources whose tags a blank parts: where one writes `product_question`, it does; where it writes `product question`,
/// it does not.
fn parted_by_blanks(desk: &Desk) -> BTreeSet<u32> {
    let Some((codes, words)) = desk.facts.table.words("tags") else { return BTreeSet::new() };
    let joined: Vec<bool> = words.iter().map(|tags| tags.contains('_')).collect();
    let writes_so = |row: &usize| joined.get(codes.get(*row) as usize).copied().unwrap_or(false);
    (0..desk.facts.rows()).filter(writes_so).map(sources(desk)).collect()
}
