//! One row of several: what becomes of each column, by the rule that `interaction.rs` gives it.
//!
//! Nearly every rule chooses one of the rows, so a column is folded by naming a row for each group and taking
//! those; only sums are computed. A new rule is one variant of `Fold` and one arm here. Rules that look at more
//! than one column are with those who need them, in `cases.rs` and `threads.rs`.

use super::groups::Groups;
use super::order::compare;
use crate::columns::{Data, Field, Fold, Kind, NO_COUNT, NO_TIME, Table};
use crate::interaction::day_bit;

/// One row a group.
pub fn combine(table: Table, groups: &Groups) -> Table {
    let by_day = by_day(&table, groups);
    let fields = table.kind.fields();
    let mut combined = Table::new(table.kind);
    let columns = table.into_columns().map(|(position, data)| (position, column(&data, &fields[position], groups)));
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
        Some((data, field)) => column(data, field, groups),
        None => Data::missing(position.map_or(Kind::Flag, |at| table.kind.fields()[at].kind), groups.len()),
    }
}

fn column(data: &Data, field: &Field, groups: &Groups) -> Data {
    match (field.fold, data) {
        (Fold::Sum, Data::Time(values)) => Data::Time(sums(data, values, groups, NO_TIME, i64::saturating_add)),
        (Fold::Sum, Data::Count(values)) => Data::Count(sums(data, values, groups, NO_COUNT, i32::saturating_add)),
        (Fold::Sum, Data::Number(values)) => Data::Number(sums(data, values, groups, f64::NAN, |a, b| a + b)),
        _ => data.take(&choices(data, field.fold, groups)),
    }
}

/// The sums of the values that are there.
fn sums<T: Copy>(data: &Data, values: &[T], groups: &Groups, missing: T, add: fn(T, T) -> T) -> Vec<T> {
    let there = |row: &&u32| !data.is_missing(**row as usize);
    let sum = |rows: &[u32]| rows.iter().filter(there).map(|&row| values[row as usize]).reduce(add);
    groups.iter().map(|rows| sum(rows).unwrap_or(missing)).collect()
}

/// For each group the row whose value stays.
fn choices(data: &Data, fold: Fold, groups: &Groups) -> Vec<u32> {
    let answered = match data {
        Data::Word { words, .. } => words.find("answered"),
        _ => None,
    };
    groups.iter().map(|rows| if let [row] = rows { *row } else { choice(data, fold, rows, answered) }).collect()
}

fn choice(data: &Data, fold: Fold, rows: &[u32], answered: Option<u32>) -> u32 {
    let mut there = rows.iter().copied().filter(|&row| !data.is_missing(row as usize));
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
        Data::Flag(values) if values[row as usize] == 0 => 0,
        Data::Flag(values) if values[row as usize] == 1 => 2,
        _ => 1,
    }
}

fn code(data: &Data, row: u32) -> Option<u32> {
    match data {
        Data::Word { codes, .. } => Some(codes[row as usize]),
        _ => None,
    }
}

/// Whether an instant is known to the day only is so of the row that it was taken from.
fn by_day(table: &Table, groups: &Groups) -> Option<Data> {
    let known = table.counts("by_day").filter(|_| groups.any_joined())?;
    let mut bits = vec![0; groups.len()];
    let instants = table.kind.fields().iter().filter(|field| field.kind == Kind::Instant);
    for field in instants {
        let Some(data) = table.column(field.name) else { continue };
        let bit = day_bit(table.kind, field.name);
        for (bits, row) in bits.iter_mut().zip(choices(data, field.fold, groups)) {
            let of_row = known[row as usize];
            if of_row != NO_COUNT && !data.is_missing(row as usize) {
                *bits |= of_row & bit;
            }
        }
    }
    Some(Data::Count(bits))
}
