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
    let by_day = by_day(&table, groups, rule);
    let fields = table.kind.fields();
    let mut combined = Table::new(table.kind);
    let columns: Vec<_> = table.into_columns().collect();
    let fold = |(position, data): (usize, Data)| {
        let rule = rule(&fields[position]);
        let folded = sum(&data, rule, groups).unwrap_or_else(|| {
            let rows = choices(&data, rule, groups);
            data.take(&rows)
        });
        (position, folded)
    };
    let columns: Vec<_> = columns.into_par_iter().map(fold).collect();
    combined.fill(columns, groups.len());
    if let Some(data) = by_day {
        combined.set("by_day", data);
    }
    combined
}

/// One column, folded by its rule; all missing where no source fills it.
pub fn folded(table: &Table, name: &str, groups: &Groups) -> Data {
    let position = table.kind.position(name);
    match position.and_then(|at| Some((table.at(at)?, &table.kind.fields()[at]))) {
        Some((data, field)) => {
            sum(data, field.fold, groups).unwrap_or_else(|| data.take(&choices(data, field.fold, groups)))
        }
        None => Data::missing(position.map_or(Kind::Flag, |at| table.kind.fields()[at].kind), groups.len()),
    }
}

/// The column of sums, where it is one.
fn sum(data: &Data, fold: Fold, groups: &Groups) -> Option<Data> {
    match (fold, data) {
        (Fold::Sum, Data::Time(values)) => {
            Some(Data::Time(sums(data, groups, |row| values.get(row), NO_TIME, i64::saturating_add).collect()))
        }
        (Fold::Sum, Data::Count(values)) => {
            Some(Data::Count(sums(data, groups, |row| values.get(row), NO_COUNT, i32::saturating_add).collect()))
        }
        (Fold::Sum, Data::Number(values)) => {
            Some(Data::Number(sums(data, groups, |row| values.get(row), f64::NAN, |a, b| a + b).collect()))
        }
        _ => None,
    }
}

/// The sums of the values that are there.
fn sums<T: Copy>(
    data: &Data,
    groups: &Groups,
    value: impl Fn(usize) -> T,
    missing: T,
    add: fn(T, T) -> T,
) -> impl Iterator<Item = T> {
    let there = data.there();
    groups.iter().map(move |rows| {
        let there = rows.iter().map(|&row| row as usize).filter(|&row| there[row]);
        there.map(&value).reduce(add).unwrap_or(missing)
    })
}

/// For each group the row whose value stays.
fn choices(data: &Data, fold: Fold, groups: &Groups) -> Vec<u32> {
    let answered = match data {
        Data::Word { words, .. } => words.find("answered"),
        _ => None,
    };
    let there = data.there();
    let choice = |rows: &[u32]| if let [row] = rows { *row } else { choice((data, &there), fold, rows, answered) };
    groups.iter().map(choice).collect()
}

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

/// Whether an instant is known to the day only is so of the row that it was taken from.
fn by_day(table: &Table, groups: &Groups, rule: fn(&Field) -> Fold) -> Option<Data> {
    let known = table.counts("by_day").filter(|_| groups.any_joined())?;
    let mut bits = vec![0; groups.len()];
    let instants = table.kind.fields().iter().filter(|field| field.kind == Kind::Instant);
    for field in instants {
        let Some(data) = table.column(field.name) else { continue };
        let bit = day_bit(table.kind, field.name);
        for (bits, row) in bits.iter_mut().zip(choices(data, rule(field), groups)) {
            let of_row = known.get(row as usize);
            if of_row != NO_COUNT && !data.is_missing(row as usize) {
                *bits |= of_row & bit;
            }
        }
    }
    Some(Data::Count(bits.into()))
}
