//! Rows as the join sees them: by the codes of their keys, equal ones once.
//!
//! A customer makes contact again and again by the same keys, so that everything after this file has far fewer
//! rows to look at than the tables have. Equal rows are found by a word that both have: a code says where to look, and
//! nothing is hashed.

use super::keys::{KINDS, KeyKind, NO_KEY};
use crate::columns::{Codes, NO_WORD, TOGETHER, Table};
use std::ops::Range;

/// No row.
const NO_ROW: u32 = u32::MAX;
/// So many different rows of a word are looked at. Behind a word that stands in more of them is nobody to be found.
const LOOKED_AT: usize = 8;

/// What the join needs of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// By kind; `NO_KEY` where the row has none.
    pub keys: [u32; KINDS],
    pub name: u32,
    pub source: u32,
    /// How many rows of the table are so.
    pub count: u32,
}

impl Row {
    /// Nothing is known of it.
    const BLANK: Self = Self { keys: [NO_WORD; KINDS], name: NO_WORD, source: NO_WORD, count: 0 };

    pub fn key(&self, kind: KeyKind) -> u32 {
        self.keys[kind as usize]
    }

    /// The keys that the row has, whatever they are worth.
    pub fn present(&self) -> impl Iterator<Item = u32> {
        self.keys.into_iter().filter(|&key| key != NO_KEY)
    }

    /// A key, or what comes after the last of them: name and source.
    fn part(&mut self, nth: usize) -> &mut u32 {
        match nth.checked_sub(KINDS) {
            None => &mut self.keys[nth],
            Some(0) => &mut self.name,
            Some(_) => &mut self.source,
        }
    }
}

/// The rows of one table.
#[derive(Default)]
pub(super) struct Distinct {
    /// Different rows, in the order of the first of those that are so; those of a word that has many of them may be there
    /// more than once. In the place of numbers they have the codes that the table's columns have.
    pub rows: Vec<Row>,
    /// Where each row of the table is among them.
    pub places: Vec<u32>,
}

/// A column that tells rows apart.
struct Part<'t> {
    nth: usize,
    codes: &'t Codes,
    words: usize,
}

impl Distinct {
    pub fn of(table: &Table) -> Self {
        let names = KeyKind::ALL.map(KeyKind::column).into_iter().chain(["customer_name", "source"]);
        let part = |(nth, name)| table.words(name).map(|(codes, words)| Part { nth, codes, words: words.len() });
        let mut parts: Vec<Part> = names.enumerate().filter_map(part).collect();
        // What has the most words tells the most, and has the last say.
        parts.sort_by_key(|part| part.words);

        let mut distinct = Self { places: Vec::with_capacity(table.rows()), ..Self::default() };
        let mut chains = Chains::new(parts.iter().map(|part| part.words).sum());
        for from in (0..table.rows()).step_by(TOGETHER) {
            let (rows, heads) = read(&parts, from..table.rows().min(from + TOGETHER));
            let last: Vec<u32> = heads.iter().map(|&head| chains.last[head]).collect();
            for ((row, head), last) in rows.iter().zip(heads).zip(last) {
                let place = if distinct.is(last, row) { last } else { distinct.place(row, head, &mut chains) };
                distinct.rows[place as usize].count += 1;
                distinct.places.push(place);
            }
        }
        distinct.rows.shrink_to_fit();
        distinct
    }

    fn is(&self, place: u32, row: &Row) -> bool {
        self.rows.get(place as usize).is_some_and(|known| Row { count: 0, ..*known } == *row)
    }

    fn place(&mut self, row: &Row, head: usize, chains: &mut Chains) -> u32 {
        let known = chains.of(head).take(LOOKED_AT).find(|&place| self.is(place, row));
        known.unwrap_or_else(|| {
            self.rows.push(*row);
            chains.add(head)
        })
    }
}

/// Some rows of a table, and for each the word by which it is looked for: words are numbered through all parts, and one
/// more stands for none.
fn read(parts: &[Part], some: Range<usize>) -> (Vec<Row>, Vec<usize>) {
    let words = parts.iter().map(|part| part.words).sum();
    let (mut rows, mut heads) = (vec![Row::BLANK; some.len()], vec![words; some.len()]);
    let mut before = 0;
    for part in parts {
        let mut of = rows.iter_mut().zip(&mut heads);
        part.codes.range(some.clone()).for_each(|code| {
            if let Some((row, head)) = of.next().filter(|_| code != NO_WORD) {
                (*row.part(part.nth), *head) = (code, before + code as usize);
            }
        });
        before += part.words;
    }
    (rows, heads)
}

/// Different rows by a word that they have.
struct Chains {
    /// By word: the last row.
    last: Vec<u32>,
    /// By row: the one before it of the same word.
    before: Vec<u32>,
}

impl Chains {
    fn new(words: usize) -> Self {
        Self { last: vec![NO_ROW; words + 1], before: Vec::new() }
    }

    /// The rows of a word, the last one first.
    fn of(&self, head: usize) -> impl Iterator<Item = u32> {
        let next = |&place: &u32| self.before.get(place as usize).copied();
        std::iter::successors(Some(self.last[head]), next).take_while(|&place| place != NO_ROW)
    }

    /// Add the next row.
    fn add(&mut self, head: usize) -> u32 {
        let place = self.before.len() as u32;
        self.before.push(std::mem::replace(&mut self.last[head], place));
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::{Data, Words};
    use crate::interaction::TableKind;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_row_has_its_place(rows in prop::collection::vec((0..4, 0..30, 0..3), 0..600)) {
            let mut table = Table::new(TableKind::Interactions);
            table.fill([], rows.len());
            let columns: [(&str, Vec<i32>); 3] = [
                ("customer_email", rows.iter().map(|row| row.0).collect()),
                ("customer_name", rows.iter().map(|row| row.1).collect()),
                ("source", rows.iter().map(|row| row.2).collect()),
            ];
            for (name, column) in columns {
                let mut words = Words::default();
                let word = |n: &i32| if *n == 0 { String::new() } else { n.to_string() };
                let codes = column.iter().map(|n| words.code(&word(n))).collect();
                table.set(name, Data::Word { codes, words: words.into() });
            }
            let distinct = Distinct::of(&table);
            let code = |name: &str, row| table.words(name).map_or(NO_WORD, |(codes, _)| codes.get(row));
            for (row, &place) in distinct.places.iter().enumerate() {
                let found = distinct.rows[place as usize];
                let own = [code("customer_email", row), code("customer_name", row), code("source", row)];
                prop_assert_eq!([found.key(KeyKind::Email), found.name, found.source], own);
            }
            let count: u32 = distinct.rows.iter().map(|row| row.count).sum();
            prop_assert_eq!((distinct.places.len(), count as usize), (rows.len(), rows.len()));
        }
    }
}
