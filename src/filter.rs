//! `--where` and `--fail-if`: one column, one comparison, some values. No expressions, no SQL.
//!
//! `--where` is judged on the canonical columns after identity and facts, so it never hides a row from
//! the join, from repeats or from journeys.

use crate::columns::{Codes, Data, Kind, NO_COUNT, NO_FLAG, NO_TIME, NO_WORD, Table, Words};
use crate::facts::Facts;
use crate::interaction::{INTERACTION, TableKind};
use crate::notice::closest;
use crate::terms::Mode;
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
    pub name: String,
    pub comparison: Comparison,
    pub values: Vec<String>,
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
        if (ordered && (values.len() != 1 || values[0].parse::<f64>().is_err())) || values[0].starts_with('=') {
            bail!("`{text}` is no condition\nhint: write one such as channel=email,chat or wait>=60");
        }
        Ok(Self { name: text[..at].trim().to_owned(), comparison, values })
    }

    /// Whether a number fulfils this; a missing one never does.
    pub fn holds(&self, value: f64) -> bool {
        let against = |text: &String| text.parse::<f64>().ok();
        let first = self.values.first().and_then(against);
        match (self.comparison, first) {
            _ if value.is_nan() => false,
            (Comparison::Is, _) => self.values.iter().filter_map(against).any(|v| v == value),
            (Comparison::Not, _) => !self.values.iter().filter_map(against).any(|v| v == value),
            (Comparison::Less, Some(limit)) => value < limit,
            (Comparison::AtMost, Some(limit)) => value <= limit,
            (Comparison::More, Some(limit)) => value > limit,
            (Comparison::AtLeast, Some(limit)) => value >= limit,
            (_, None) => false,
        }
    }

    /// All values are numbers: what a number is compared with.
    pub fn check_numbers(&self) -> Result<()> {
        if let Some(word) = self.values.iter().find(|value| value.parse::<f64>().is_err()) {
            bail!("`{}` is a number and `{word}` is none\nhint: write one such as {}>=60", self.name, self.name);
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
        let near = closest(&condition.name, INTERACTION.iter().map(|f| f.name));
        let hint = near.map_or_else(String::new, |near| format!("\nhint: did you mean `{near}`?"));
        bail!("unknown column `{}` in --where{hint}", condition.name);
    };
    let numeric = !matches!(field.kind, Kind::Word | Kind::Text | Kind::Flag);
    if field.kind == Kind::Instant {
        bail!("`{}` is an instant\nhint: choose a --period instead", condition.name);
    }
    if numeric { condition.check_numbers() } else { condition.check_words() }?;
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
        for text in ["channel", "=email", "wait>long", "wait<1,2"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_missing_number_fulfils_nothing() {
        let less = Condition::parse("csat<3").unwrap();
        assert!(less.holds(2.0) && !less.holds(3.0) && !less.holds(f64::NAN));
    }
}
