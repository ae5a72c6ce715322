//! One row of several: what becomes of each column, by the rule that `interaction.rs` gives it.
//!
//! Nearly every rule chooses one of the rows, so a column is folded by naming a row for each group and taking
//! those; only sums are computed. A new rule is one variant of `Fold` and one arm here. Rules that look at more
//! than one column are with those who need them, in `cases.rs` and `threads.rs`.

use super::groups::Groups;
use super::order::compare;
use crate::columns::{Bits, Data, Field, Fold, Kind, NO_COUNT, NO_TIME, Table};
use crate::interaction::day_bit;
use rayon::prelude::*;
use std::borrow::Cow;

/// One row a group.
pub fn combine(table: Table, groups: &Groups) -> Table {
    combine_by(table, groups, |field| field.fold)
}

/// One row a group, in which the first value that is there stays.
pub fn complete(table: Table, groups: &Groups) -> Table {
    combine_by(table, groups, |_| Fold::First)
}

fn combine_by(table: Table, groups: &Groups, rule: fn(&Field) -> Fold) -> Table {
    if let Some(rows) = groups.singles() {
        let as_they_stand = rows.len() == table.rows() && (0..).zip(rows).all(|(at, &row)| at == row);
        return if as_they_stand { table } else { table.into_taken(rows) };
    }
    let (folding, fields) = (Folding::new(groups, table.rows()), table.kind.fields());
    let by_day = folding.by_day(&table, rule);
    let mut combined = Table::new(table.kind);
    let columns: Vec<_> = table.into_columns().collect();
    let fold = |(position, data): (usize, Data)| (position, folding.column(&data, rule(&fields[position])));
    let columns: Vec<_> = columns.into_par_iter().map(fold).collect();
    combined.fill(columns, groups.len());
    if let Some(data) = by_day {
        combined.set("by_day", data);
    }
    combined
}

/// Groups, and what about them is the same for all columns.
struct Folding<'g> {
    groups: &'g Groups,
    /// The first row of each: the one whose value stays unless another has to say something.
    firsts: Vec<u32>,
    /// Which have several rows, and the rows of these.
    several: Vec<u32>,
    joined: Bits,
}

impl<'g> Folding<'g> {
    fn new(groups: &'g Groups, rows: usize) -> Self {
        let (mut several, mut joined) = (Vec::new(), Bits::none(rows));
        for (nth, rows) in (0..).zip(groups.iter()).filter(|(_, rows)| rows.len() > 1) {
            several.push(nth);
            rows.iter().for_each(|&row| joined.set(row as usize, true));
        }
        Self { groups, firsts: groups.iter().map(|rows| rows[0]).collect(), several, joined }
    }

    /// One column, folded by its rule.
    fn column(&self, data: &Data, rule: Fold) -> Data {
        let there = data.there();
        match (rule, data) {
            (Fold::Sum, Data::Time(values)) => {
                Data::Time(self.sums(&there, |row| values.get(row), NO_TIME, i64::saturating_add).into())
            }
            (Fold::Sum, Data::Count(values)) => {
                Data::Count(self.sums(&there, |row| values.get(row), NO_COUNT, i32::saturating_add).into())
            }
            (Fold::Sum, Data::Number(values)) => {
                Data::Number(self.sums(&there, |row| values.get(row), f64::NAN, |a, b| a + b).into())
            }
            _ => data.take(&self.choices(data, &there, rule)),
        }
    }

    /// The sums of the values that are there.
    fn sums<T: Copy>(&self, there: &Bits, value: impl Fn(usize) -> T, missing: T, add: fn(T, T) -> T) -> Vec<T> {
        let mut sums: Vec<T> = self.firsts.iter().map(|&row| value(row as usize)).collect();
        if !there.meets(&self.joined) {
            return sums;
        }
        for &nth in &self.several {
            let rows = self.groups.get(nth as usize).iter().map(|&row| row as usize);
            sums[nth as usize] = rows.filter(|&row| there[row]).map(&value).reduce(add).unwrap_or(missing);
        }
        sums
    }

    /// For each group the row whose value stays.
    fn choices(&self, data: &Data, there: &Bits, rule: Fold) -> Cow<'_, [u32]> {
        if !there.meets(&self.joined) {
            return Cow::Borrowed(&self.firsts);
        }
        let answered = match data {
            Data::Word { words, .. } => words.find("answered"),
            _ => None,
        };
        let mut rows = self.firsts.clone();
        for &nth in &self.several {
            rows[nth as usize] = choice((data, there), rule, self.groups.get(nth as usize), answered);
        }
        Cow::Owned(rows)
    }

    /// Whether an instant is known to the day only is so of the row that it was taken from.
    fn by_day(&self, table: &Table, rule: fn(&Field) -> Fold) -> Option<Data> {
        let known = table.counts("by_day")?;
        let mut bits = vec![0; self.groups.len()];
        let instants = table.kind.fields().iter().filter(|field| field.kind == Kind::Instant);
        for field in instants {
            let Some(data) = table.column(field.name) else { continue };
            let bit = day_bit(table.kind, field.name);
            for (bits, &row) in bits.iter_mut().zip(&*self.choices(data, &data.there(), rule(field))) {
                let of_row = known.get(row as usize);
                if of_row != NO_COUNT && !data.is_missing(row as usize) {
                    *bits |= of_row & bit;
                }
            }
        }
        Some(Data::Count(bits.into()))
    }
}

/// The row of a group whose value stays.
fn choice((data, there): (&Data, &Bits), fold: Fold, rows: &[u32], answered: Option<u32>) -> u32 {
    let mut there = rows.iter().copied().filter(|&row| there[row as usize]);
    let chosen = match fold {
        Fold::First | Fold::Sum => there.next(),
        Fold::Last => there.next_back(),
        Fold::Min => there.min_by(|&a, &b| compare(data, a, b)),
        Fold::Max => there.max_by(|&a, &b| compare(data, a, b)),
        Fold::All => rows.iter().copied().min_by_key(|&row| truth(data, row)),
        Fold::Best => there.clone().find(|&row| code(data, row) == answered).or_else(|| there.next_back()),
    };
    chosen.unwrap_or(rows[0])
}

/// False, unknown, true: what is not known of one is not known of all.
fn truth(data: &Data, row: u32) -> u8 {
    match data {
        Data::Flag(values) if values.get(row as usize) == 0 => 0,
        Data::Flag(values) if values.get(row as usize) == 1 => 2,
        _ => 1,
    }
}

fn code(data: &Data, row: u32) -> Option<u32> {
    match data {
        Data::Word { codes, .. } => Some(codes.get(row as usize)),
        _ => None,
    }
}
