//! `--where` and `--fail-if`: one column, one comparison, some values. No expressions, no SQL.
//!
//! `--where` is judged on the canonical columns after identity and facts, so it never hides a row from
//! the join, from repeats or from journeys.

use crate::columns::{Codes, Data, Kind, NO_COUNT, NO_FLAG, NO_TIME, NO_WORD, Table, Words};
use crate::facts::Facts;
use crate::interaction::{INTERACTION, TableKind};
use crate::notice::did_you_mean;
use crate::settings::Span;
use crate::terms::Mode;
use crate::unit::Unit;
use anyhow::{Result, bail};

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Is,
    Not,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// `channel=email,chat`
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// As it was typed.
    pub text: String,
    pub name: String,
    pub comparison: Comparison,
    pub values: Vec<String>,
    /// The same as numbers; NaN for what is none.
    numbers: Vec<f64>,
}

/// Longer signs come first, so that `<=` is not read as `<`.
const SIGNS: [(&str, Comparison); 6] = [
    ("!=", Comparison::Not),
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("=", Comparison::Is),
    ("<", Comparison::Less),
    (">", Comparison::More),
];

impl Condition {
    /// Read one as it is typed.
    pub fn parse(text: &str) -> Result<Self> {
        let sign = SIGNS
            .iter()
            .filter_map(|(sign, c)| Some((text.find(sign)?, *sign, *c)))
            .min_by_key(|s| (s.0, 2 - s.1.len()));
        let Some((at, sign, comparison)) = sign.filter(|s| s.0 > 0) else {
            bail!("`{text}` is no condition\nhint: write one such as channel=email,chat or wait>=60");
        };
        let values: Vec<String> = text[at + sign.len()..].split(',').map(|v| v.trim().to_owned()).collect();
        let ordered = !matches!(comparison, Comparison::Is | Comparison::Not);
        if (ordered && (values.len() != 1 || number(&values[0]).is_none())) || values[0].starts_with('=') {
            bail!("`{text}` is no condition\nhint: write one such as channel=email,chat or wait>=60");
        }
        let numbers = values.iter().map(|value| number(value).map_or(f64::NAN, |(value, _)| value)).collect();
        Ok(Self { text: text.trim().to_owned(), name: text[..at].trim().to_owned(), comparison, values, numbers })
    }

    /// Whether a number fulfils this; a missing one never does.
    pub fn holds(&self, value: f64) -> bool {
        let is_among = || self.numbers.contains(&value);
        let limit = self.numbers.first().copied().unwrap_or(f64::NAN);
        match self.comparison {
            _ if value.is_nan() => false,
            Comparison::Is => is_among(),
            Comparison::Not => !is_among(),
            Comparison::Less => value < limit,
            Comparison::AtMost => value <= limit,
            Comparison::More => value > limit,
            Comparison::AtLeast => value >= limit,
        }
    }

    /// All values are numbers of this unit: what a number is compared with.
    pub fn check_numbers(&self, unit: Unit) -> Result<()> {
        let name = &self.name;
        for text in &self.values {
            match number(text) {
                Some((_, Written::Span)) if unit != Unit::Seconds => {
                    bail!("`{name}` is no length of time, which `{text}` is\nhint: write one such as {name}>=60")
                }
                Some((_, Written::Share)) if unit != Unit::Share => {
                    bail!("`{name}` is no share, which `{text}` is\nhint: write one such as {name}>=60")
                }
                Some((value, Written::Plain)) if unit == Unit::Share && value > 1.0 => {
                    bail!(
                        "`{name}` is a share, from 0 to 1, and `{text}` is more\nhint: write {name}<{text}% or {name}<0.8"
                    )
                }
                Some(_) => {}
                None => bail!("`{name}` is a number and `{text}` is none\nhint: write one such as {name}>=60"),
            }
        }
        Ok(())
    }

    /// The comparison is one for words.
    fn check_words(&self) -> Result<()> {
        if !self.is_word() {
            bail!("`{}` holds words\nhint: compare it with = or !=", self.name);
        }
        Ok(())
    }

    fn is_word(&self) -> bool {
        matches!(self.comparison, Comparison::Is | Comparison::Not)
    }

    /// Whether a word is among the values, without case; an empty value means a missing word.
    fn allows(&self, word: &str) -> bool {
        let among = self.values.iter().any(|v| v.eq_ignore_ascii_case(word));
        among == (self.comparison == Comparison::Is)
    }
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// `60`
    Plain,
    /// `2h`
    Span,
    /// `80%`
    Share,
}

/// A number as it is typed; lengths of time in seconds, shares as fractions.
#[expect(clippy::cast_precision_loss, reason = "spans are far below 2^52 ms")]
fn number(text: &str) -> Option<(f64, Written)> {
    let plain = |text: &str| text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
    if let Some(value) = plain(text) {
        return Some((value, Written::Plain));
    }
    if let Some(percent) = text.strip_suffix('%') {
        return plain(percent).map(|percent| (percent / 100.0, Written::Share));
    }
    let span = Span::try_from(text.to_owned()).ok()?;
    Some((span.0 as f64 / 1_000.0, Written::Span))
}

/// Which rows of the facts fulfil all conditions; `None` where there are none.
pub fn keep(conditions: &[Condition], facts: &Facts) -> Result<Option<Vec<bool>>> {
    if conditions.is_empty() {
        return Ok(None);
    }
    let mut keep = vec![true; facts.rows()];
    for condition in conditions {
        let fulfilled = fulfilled(condition, facts)?;
        keep.iter_mut().zip(fulfilled).for_each(|(k, f)| *k &= f);
    }
    Ok(Some(keep))
}

fn fulfilled(condition: &Condition, facts: &Facts) -> Result<Vec<bool>> {
    if condition.name == "mode" {
        condition.check_words()?;
        return Ok(facts.mode.iter().map(|&m| condition.allows(Mode::NAMES[m as usize])).collect());
    }
    let Some(field) = INTERACTION.iter().find(|f| f.name == condition.name) else {
        let hint = did_you_mean(&condition.name, INTERACTION.iter().map(|f| f.name));
        let what = format!("unknown column `{}` in --where", condition.name);
        bail!("{what}\nhint: {hint}`deskstat explain COLUMN` says what one holds, `interactions` prints them");
    };
    let numeric = !matches!(field.kind, Kind::Word | Kind::Text | Kind::Flag);
    if field.kind == Kind::Instant {
        bail!("`{}` is an instant\nhint: choose a --period instead", condition.name);
    }
    let unit = if field.kind == Kind::Duration { Unit::Seconds } else { Unit::Number };
    if numeric { condition.check_numbers(unit) } else { condition.check_words() }?;
    Ok(column(condition, &facts.table))
}

/// Judge a whole column; words once each, by their codes.
fn column(condition: &Condition, table: &Table) -> Vec<bool> {
    let rows = table.rows();
    match TableKind::Interactions.position(&condition.name).and_then(|p| table.at(p)) {
        None if condition.is_word() => vec![condition.allows(""); rows],
        None => vec![false; rows],
        Some(Data::Word { codes, words }) => by_word(condition, codes, words),
        Some(Data::Text(texts)) => texts.iter().map(|text| condition.allows(&text.into_cow())).collect(),
        Some(Data::Flag(values)) => {
            let word = |v: u8| if v == NO_FLAG { "" } else { ["false", "true"][usize::from(v == 1)] };
            values.iter().map(|v| condition.allows(word(v))).collect()
        }
        Some(Data::Time(values)) => values.iter().map(|v| condition.holds(seconds(v))).collect(),
        Some(Data::Count(values)) => {
            values.iter().map(|v| condition.holds(if v == NO_COUNT { f64::NAN } else { f64::from(v) })).collect()
        }
        Some(Data::Number(values)) => values.iter().map(|v| condition.holds(v)).collect(),
    }
}

fn by_word(condition: &Condition, codes: &Codes, words: &Words) -> Vec<bool> {
    let allowed: Vec<bool> = words.iter().map(|word| condition.allows(word)).collect();
    let missing = condition.allows("");
    codes.iter().map(|c| if c == NO_WORD { missing } else { allowed[c as usize] }).collect()
}

#[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 ms")]
fn seconds(millis: i64) -> f64 {
    if millis == NO_TIME { f64::NAN } else { millis as f64 / 1_000.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_as_typed() {
        let read = |text: &str| Condition::parse(text).map(|c| (c.name, c.comparison, c.values.join("|")));
        assert_eq!(read("channel=email,chat").unwrap(), ("channel".into(), Comparison::Is, "email|chat".into()));
        assert_eq!(read("priority!=low").unwrap(), ("priority".into(), Comparison::Not, "low".into()));
        assert_eq!(read("wait<=60").unwrap(), ("wait".into(), Comparison::AtMost, "60".into()));
        for text in ["channel", "=email", "wait>long", "wait<1,2", "wait>nan", "wait>2parsecs"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_are_written_in_their_units() {
        assert_eq!(number("2h"), Some((7_200.0, Written::Span)));
        assert_eq!((number("80%"), number("12.5 %")), (Some((0.8, Written::Share)), Some((0.125, Written::Share))));
        let fits = |text: &str, unit| Condition::parse(text).unwrap().check_numbers(unit).is_ok();
        assert!(fits("wait>90s", Unit::Seconds) && fits("wait>90", Unit::Seconds) && !fits("wait>9%", Unit::Seconds));
        assert!(fits("csat<80%", Unit::Share) && fits("csat<0.8", Unit::Share) && !fits("csat<80", Unit::Share));
        assert!(fits("n<5", Unit::Count) && !fits("n<5%", Unit::Count) && !fits("n<5h", Unit::Count));
    }

    #[test]
    fn a_missing_number_fulfils_nothing() {
        let less = Condition::parse("csat<3").unwrap();
        assert!(less.holds(2.0) && !less.holds(3.0) && !less.holds(f64::NAN));
    }
}
