//! How often each tag stands on contacts, now and before: the volume of what has no topic of its own.
//!
//! A contact has as many lines as tags, so that they do not add up to the contacts.

use super::readings::Asked;
use super::sections::Made;
use super::{Better, Cell, Column, Row, Table, Unit};
use crate::columns::NO_WORD;
use crate::desk::Desk;
use crate::facts::Out;
use crate::stats;
use crate::timeline::Window;
use std::collections::{BTreeMap, BTreeSet};

/// What parts tags in a cell.
const MARKS: [char; 3] = [',', ';', '|'];
/// So many of the commonest are shown.
const SHOWN: usize = 15;

pub fn tags(desk: &Desk, asked: &Asked) -> Made {
    let now = counted(desk, &asked.window(desk));
    let compared = asked.compared.map(|period| desk.timeline.window(period, asked.lag));
    let before = compared.filter(|window| desk.covers(window)).map(|window| counted(desk, &window));
    let mut tags: Vec<(&str, u64)> = now.iter().map(|(tag, &count)| (*tag, count)).collect();
    tags.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let line = |(tag, count): (&str, u64)| {
        let before = before.as_ref().map(|before| before.get(tag).copied().unwrap_or(0));
        Row { cells: vec![Cell::text(tag), compared_count(count, before)], series: Vec::new() }
    };
    let rows = tags.into_iter().take(SHOWN).map(line).collect();
    let columns =
        vec![Column::name("tag", "Tag"), Column::figure("contacts", "contacts", Unit::Count, Better::Neither)];
    let title = "By tag, the commonest".into();
    Made { table: Table { id: "tags".into(), title, columns, rows, ..Table::default() }, ..Made::default() }
}

/// A count beside the one before, and whether the change could be chance.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn compared_count(now: u64, before: Option<u64>) -> Cell {
    let change = before.map(|before| stats::poisson_difference(now, before));
    Cell {
        previous: before.map(|before| before as f64),
        chance: change.is_some_and(|(low, high)| low <= 0.0 && high >= 0.0),
        change_low: change.map(|(low, _)| low),
        change_high: change.map(|(_, high)| high),
        ..Cell::count(now)
    }
}

fn counted<'d>(desk: &'d Desk, window: &Window) -> BTreeMap<&'d str, u64> {
    let facts = &desk.facts;
    let mut counts = BTreeMap::new();
    let Some((codes, words)) = facts.table.words("tags") else { return counts };
    let sources = facts.table.words("source").map(|(codes, _)| codes);
    let source = |row: usize| sources.map_or(NO_WORD, |sources| sources.get(row));
    let mut by_code: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for row in facts.started(window.from, window.to).map(|row| row as usize) {
        let code = codes.get(row);
        if code != NO_WORD && facts.out[row] == Out::No && desk.keeps(row) {
            *by_code.entry((source(row), code)).or_default() += 1;
        }
    }
    let text = |code: u32| words.text(code).unwrap_or_default();
    // Where a source writes `product_question`, a blank parts its tags; where it writes `product question`, it does not.
    let written_as_one = by_code.keys().filter(|(_, code)| text(*code).contains('_'));
    let parted: BTreeSet<u32> = written_as_one.map(|(source, _)| *source).collect();
    for (&(source, code), count) in &by_code {
        let by_blanks = parted.contains(&source);
        let tags = text(code).split(|sign: char| MARKS.contains(&sign) || by_blanks && sign == ' ');
        let own: BTreeSet<&str> = tags.map(str::trim).filter(|tag| !tag.is_empty()).collect();
        own.into_iter().for_each(|tag| *counts.entry(tag).or_default() += count);
    }
    counts
}
