//! A column is what a vector of values or none would be, however it is packed.

use super::ints::Ints;
use super::*;
use crate::interaction::TableKind;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn one(channel: &str, started: i64) -> Table {
    let mut table = Table::new(TableKind::Interactions);
    let mut words = Words::default();
    let codes = vec![words.code(channel)].into();
    table.fill([], 1);
    table.set("channel", Data::Word { codes, words: words.into() });
    table.set("started_at", Data::Time(vec![started].into()));
    table
}

#[test]
fn appended_words_keep_their_meaning() {
    let mut table = one("email", 1);
    table.append(vec![one("phone", 2), Table::new(TableKind::Interactions), one("email", 3)]);
    let read: Vec<_> = (0..3).map(|row| table.word("channel", row)).collect();
    assert_eq!(read, ["email", "phone", "email"]);
    assert_eq!(table.take(&[2, 0]).times("started_at").map(|times| times.iter().collect()), Some(vec![3, 1]));
}

#[test]
fn a_column_that_only_one_table_has_is_missing_elsewhere() {
    let mut table = one("email", 1);
    let mut other = Table::new(TableKind::Interactions);
    other.fill([], 2);
    table.append(vec![other]);
    assert_eq!(table.rows(), 3);
    assert_eq!((table.word("channel", 2), table.time("started_at", 2)), ("", None));
    assert!(table.column("agent").is_none());
}

/// What is done to a column; rows are taken modulo their number.
#[derive(Debug, Clone)]
enum Step<T> {
    Push(T),
    Set(usize, T),
    Take(Vec<usize>),
    Append(Vec<T>),
}

fn steps<T: Clone + std::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Vec<Step<T>>> {
    let step = prop_oneof![
        6 => value.clone().prop_map(Step::Push),
        2 => (any::<usize>(), value.clone()).prop_map(|(row, value)| Step::Set(row, value)),
        1 => prop::collection::vec(any::<usize>(), 0..12).prop_map(Step::Take),
        1 => prop::collection::vec(value, 0..12).prop_map(Step::Append),
    ];
    prop::collection::vec(step, 0..40)
}

/// What a test asks of a kind of column.
trait Tried<T>: Sized + Default + FromIterator<T> {
    fn push(&mut self, value: T);
    /// Whether values can be set.
    fn set(&mut self, row: usize, value: T) -> bool;
    fn take(&self, rows: &[u32]) -> Self;
    fn append(&mut self, more: Self);
    fn all(&self) -> Vec<T>;
    fn one(&self, row: usize) -> T;
}

/// Do the same to a column and to a vector; the column must be the vector.
fn same<T: Clone + PartialEq + std::fmt::Debug, C: Tried<T>>(steps: Vec<Step<T>>) -> Result<(), TestCaseError> {
    let (mut column, mut plain) = (C::default(), Vec::new());
    for step in steps {
        match step {
            Step::Push(value) => {
                plain.push(value.clone());
                column.push(value);
            }
            Step::Set(..) if plain.is_empty() => {}
            Step::Set(row, value) => {
                let row = row % plain.len();
                if column.set(row, value.clone()) {
                    plain[row] = value;
                }
            }
            Step::Take(rows) => {
                let rows: Vec<usize> = rows.iter().filter_map(|row| row.checked_rem(plain.len())).collect();
                column = column.take(&rows.iter().map(|&row| row as u32).collect::<Vec<_>>());
                plain = rows.iter().map(|&row| plain[row].clone()).collect();
            }
            Step::Append(values) => {
                column.append(values.iter().cloned().collect());
                plain.extend(values);
            }
        }
    }
    prop_assert_eq!(&column.all(), &plain);
    let singly: Vec<T> = (0..plain.len()).map(|row| column.one(row)).collect();
    prop_assert_eq!(singly, plain);
    Ok(())
}

/// The methods of a column as they are; `set` where it has one.
macro_rules! tried {
    ($column:ty, $value:ty, $($set:ident)?) => {
        impl Tried<$value> for $column {
            fn push(&mut self, value: $value) {
                self.push(value);
            }
            fn set(&mut self, _row: usize, _value: $value) -> bool {
                $(self.$set(_row, _value); return true;)?
                #[allow(unreachable_code)]
                false
            }
            fn take(&self, rows: &[u32]) -> Self {
                self.take(rows)
            }
            fn append(&mut self, more: Self) {
                self.append(more);
            }
            fn all(&self) -> Vec<$value> {
                self.iter().collect()
            }
            fn one(&self, row: usize) -> $value {
                self.get(row)
            }
        }
    };
}

tried!(Ints, i64, set);
tried!(Times, i64, set);
tried!(Codes, u32,);
tried!(Counts, i32,);
tried!(Flags, u8,);

impl FromIterator<Bits> for Numbers {
    fn from_iter<I: IntoIterator<Item = Bits>>(numbers: I) -> Self {
        numbers.into_iter().map(|bits| f64::from_bits(bits.0)).collect()
    }
}

/// A number by its bits, so that none equals none and -0 is not 0.
#[derive(Debug, Clone, PartialEq)]
struct Bits(u64);

impl Tried<Bits> for Numbers {
    fn push(&mut self, value: Bits) {
        self.push(f64::from_bits(value.0));
    }
    fn set(&mut self, _: usize, _: Bits) -> bool {
        false
    }
    fn take(&self, rows: &[u32]) -> Self {
        self.take(rows)
    }
    fn append(&mut self, more: Self) {
        self.append(more);
    }
    fn all(&self) -> Vec<Bits> {
        self.to_vec().into_iter().map(|number| Bits(number.to_bits())).collect()
    }
    fn one(&self, row: usize) -> Bits {
        Bits(self.get(row).to_bits())
    }
}

impl FromIterator<String> for Texts {
    fn from_iter<I: IntoIterator<Item = String>>(values: I) -> Self {
        let mut texts = Self::default();
        values.into_iter().for_each(|text| texts.push(&text));
        texts
    }
}

impl Tried<String> for Texts {
    fn push(&mut self, value: String) {
        self.push(&value);
    }
    fn set(&mut self, _: usize, _: String) -> bool {
        false
    }
    fn take(&self, rows: &[u32]) -> Self {
        self.take(rows)
    }
    fn append(&mut self, more: Self) {
        self.append(more);
    }
    fn all(&self) -> Vec<String> {
        self.iter().map(|text| text.to_string()).collect()
    }
    fn one(&self, row: usize) -> String {
        self.get(row).into_cow().into_owned()
    }
}

/// Whole numbers of every width, their bounds, and none.
fn int() -> impl Strategy<Value = i64> + Clone {
    let bound = prop::sample::select(vec![7, 8, 15, 16, 31, 32, 62]).prop_flat_map(|bits| {
        (-2_i64..=2, prop::bool::ANY).prop_map(move |(by, minus)| (if minus { -1 } else { 1 }) * (1_i64 << bits) + by)
    });
    prop_oneof![4 => -100_i64..100, 2 => bound, 1 => Just(NO_TIME)].boxed()
}

fn number() -> impl Strategy<Value = Bits> + Clone {
    let number = prop_oneof![
        40 => (-9_i32..300).prop_map(f64::from),
        // As they are parsed, not as they are computed.
        40 => (-900_i64..90_000).prop_map(|n| format!("{}.{:02}", n / 100, n.abs() % 100).parse::<f64>().unwrap()),
        1 => prop::sample::select(vec![0.125, -0.0, f64::INFINITY, f64::NEG_INFINITY, 1e300, 9_007_199_254_740_993.0]),
        5 => Just(f64::NAN),
    ];
    number.prop_map(|number| Bits(number.to_bits())).boxed()
}

fn text() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        20 => (0_i64..1_000_000).prop_map(|number| number.to_string()),
        1 => "[0-9]{1,20}",
        1 => "[a-zé+-]{0,3}",
        2 => Just(String::new()),
    ]
    .boxed()
}

proptest! {
    #[test]
    fn whole_numbers_are_kept(steps in steps(int())) {
        same::<_, Ints>(steps)?;
    }

    #[test]
    fn times_are_kept_whole_seconds_or_not(
        steps in steps(prop_oneof![9 => (-50_i64..2_000_000).prop_map(|s| s * 1_000), 1 => -50_i64..9_999, 1 => Just(NO_TIME)].boxed())
    ) {
        same::<_, Times>(steps)?;
    }

    #[test]
    fn codes_are_kept(steps in steps(prop_oneof![9 => 0_u32..500, 1 => (u32::MAX - 3)..=u32::MAX].boxed())) {
        same::<_, Codes>(steps)?;
    }

    #[test]
    fn counts_are_kept(steps in steps(prop_oneof![9 => -5_i32..500, 1 => any::<i32>(), 1 => Just(NO_COUNT)].boxed())) {
        same::<_, Counts>(steps)?;
    }

    #[test]
    fn flags_are_kept(steps in steps((0_u8..=2).boxed())) {
        same::<_, Flags>(steps)?;
    }

    #[test]
    fn numbers_are_kept_to_the_bit(steps in steps(number())) {
        same::<_, Numbers>(steps)?;
    }

    #[test]
    fn texts_are_kept_numbers_or_not(steps in steps(text())) {
        same::<_, Texts>(steps)?;
    }

    #[test]
    fn texts_are_equal_and_ordered_as_texts(a in text(), b in text()) {
        prop_assert_eq!(Text::new(&a).cmp(&Text::new(&b)), a.cmp(&b));
        prop_assert_eq!(Text::new(&a) == Text::new(&b), a == b);
    }

    #[test]
    fn words_are_found_by_text_and_by_code(ours in prop::collection::vec(text(), 0..60), theirs in prop::collection::vec(text(), 0..60)) {
        let (mut words, mut more) = (Words::default(), Words::default());
        let codes: Vec<u32> = ours.iter().map(|text| words.code(text)).collect();
        let new: Vec<u32> = theirs.iter().map(|text| more.code(text)).collect();
        let renumbered = words.merge(&more);
        let read = |code: u32| words.text(code).unwrap_or_default();
        prop_assert!(ours.iter().zip(codes).all(|(text, code)| read(code) == text));
        for (text, code) in theirs.iter().zip(new) {
            let code = renumbered.get(code as usize).copied().unwrap_or(NO_WORD);
            prop_assert_eq!(read(code), text);
            prop_assert_eq!(words.find(text), Some(code).filter(|&code| code != NO_WORD));
        }
        let distinct: BTreeSet<_> = ours.iter().chain(&theirs).filter(|text| !text.is_empty()).collect();
        prop_assert_eq!(words.len(), distinct.len());
    }

    #[test]
    fn words_that_were_heard_are_learnt(known in prop::collection::vec(text(), 0..60), said in prop::collection::vec(text(), 0..400)) {
        let (mut words, mut heard) = (Words::default(), Heard::with_room(Room::default()));
        known.iter().for_each(|text| { words.code(text); });
        let codes: Vec<u32> = said.iter().map(|text| heard.code(text)).collect();
        let learnt = words.learn(&heard);
        for (text, code) in said.iter().zip(codes) {
            let code = learnt.get(code as usize).copied().unwrap_or(NO_WORD);
            prop_assert_eq!(words.text(code).unwrap_or_default(), text);
        }
        let distinct: BTreeSet<_> = known.iter().chain(&said).filter(|text| !text.is_empty()).collect();
        prop_assert_eq!(words.len(), distinct.len());
    }
}

#[test]
fn columns_take_the_bytes_that_they_need() {
    let mut table = Table::new(TableKind::Interactions);
    let mut words = Words::default();
    let code = words.code("calls.csv");
    table.fill([], 1000);
    table.set("file", Data::Word { codes: Codes::filled(code, 1000), words: words.into() });
    table.set("started_at", Data::Time((0..1000).map(|n| 1_700_000_000_000 + n * 1_000).collect()));
    table.set("interaction_id", Data::Text((0..1000).map(|n| format!("{}", n + 1_000_000)).collect()));
    let bytes: Vec<_> = table.weights().map(|(name, weight)| (name, weight.values + weight.words)).collect();
    assert!(matches!(bytes[..], [("interaction_id", 4000), ("started_at", 4000), ("file", 1000..1100)]), "{bytes:?}");
}

#[test]
fn amounts_are_held_as_hundredths() {
    let amounts: Numbers = (0..1000).map(|n| format!("{}.{:02}", n % 300, n % 100).parse::<f64>().unwrap()).collect();
    assert_eq!(amounts.bytes(), 2000);
}

#[test]
fn a_mistyped_date_makes_dates_wide_only_while_it_is_there() {
    let mut table = Table::new(TableKind::Interactions);
    table.fill([], 2);
    let (right, mistyped) = (1_700_000_000_000, 2_900_000_000_000);
    table.set("started_at", Data::Time(vec![right, mistyped].into()));
    assert_eq!(table.weights().next(), Some(("started_at", Weight { values: 16, words: 0 })));
    table.forget("started_at", &[1]);
    assert_eq!(table.weights().next(), Some(("started_at", Weight { values: 8, words: 0 })));
    assert_eq!(table.times("started_at").map(|times| times.iter().collect()), Some(vec![right, NO_TIME]));
}

#[test]
fn many_texts_of_any_length_are_found_again() {
    let text = |n: usize| "x".repeat(n % 3);
    let mut texts = Texts::default();
    (0..200_000).for_each(|n| texts.push(&text(n)));
    assert!((0..200_000).all(|n| texts.get(n) == Text::Plain(&text(n))));
}
