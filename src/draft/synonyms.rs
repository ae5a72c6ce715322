//! What exports call things, in several languages: the table of `synonyms.toml`, and how a header is held against it.
//!
//! Names and words only; what stands in a column is `shape.rs`, and which column is taken for what `choose.rs`.

use crate::interaction::TableKind;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The table as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    nouns: Vec<String>,
    short: BTreeMap<String, String>,
    units: BTreeMap<String, Vec<String>>,
    business: Few,
    nobody: Few,
    any: Lists,
    customers: Lists,
    surveys: Lists,
    orders: Lists,
    events: Lists,
    words: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

#[derive(Debug, Default, Deserialize)]
struct Few {
    words: Vec<String>,
}

type Lists = BTreeMap<String, Vec<String>>;

/// A name in words; with a star at an end any others may follow there.
#[derive(Debug)]
struct Name {
    words: Vec<String>,
    open: (bool, bool),
    /// It may mean something else as well.
    maybe: bool,
}

/// The table as it is asked.
struct Synonyms {
    nouns: Vec<String>,
    short: BTreeMap<String, String>,
    units: Vec<(String, Vec<String>)>,
    business: Vec<String>,
    nobody: Vec<String>,
    /// By table, none being all others, and canonical column.
    names: BTreeMap<(Option<TableKind>, String), Vec<Name>>,
    /// By canonical column: theirs, folded → ours.
    words: BTreeMap<String, BTreeMap<String, String>>,
}

static SYNONYMS: LazyLock<Synonyms> =
    LazyLock::new(|| Synonyms::new(toml::from_str(include_str!("synonyms.toml")).unwrap_or_default()));

impl Synonyms {
    fn new(written: Written) -> Self {
        let split = |text: &String| spelt_out(text, &written.short);
        let mut names = BTreeMap::new();
        for (table, lists) in [
            (None, &written.any),
            (Some(TableKind::Customers), &written.customers),
            (Some(TableKind::Surveys), &written.surveys),
            (Some(TableKind::Orders), &written.orders),
            (Some(TableKind::Events), &written.events),
        ] {
            for (column, texts) in lists {
                let name = |text: &String| Name {
                    words: split(text),
                    open: (text.starts_with('*'), text.ends_with('*')),
                    maybe: text.ends_with('?'),
                };
                names.insert((table, column.clone()), texts.iter().map(name).collect());
            }
        }
        let mut units: Vec<_> = written
            .units
            .iter()
            .flat_map(|(unit, texts)| texts.iter().map(|text| (unit.clone(), parts(text))))
            .collect();
        units.sort_by_key(|(_, words)| std::cmp::Reverse(words.len()));
        let theirs = |(ours, texts): (&String, &Vec<String>)| -> Vec<(String, String)> {
            texts.iter().map(|text| (folded(text), ours.clone())).collect()
        };
        let words =
            written.words.iter().map(|(column, lists)| (column.clone(), lists.iter().flat_map(theirs).collect()));
        Self {
            nouns: written.nouns.iter().map(|noun| folded(noun)).collect(),
            units,
            nobody: written.nobody.words.iter().map(|word| folded(word)).collect(),
            business: written.business.words.iter().map(|word| folded(word)).collect(),
            names,
            words: words.collect(),
            short: written.short,
        }
    }
}

/// How well a header says that it is a canonical column: the better, the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// It is one of its names.
    Named,
    /// It is one behind words that say of what it is, or before a unit.
    Within,
    /// It is a name that may mean something else as well.
    Maybe,
    /// No name says it, and what stands below it does.
    Shown,
    /// It has one somewhere.
    Has,
}

/// A header in words, ready to be held against the table.
#[derive(Debug)]
pub struct Words(Vec<String>);

impl Words {
    pub fn of(header: &str) -> Self {
        // Where in an array something stands says nothing.
        Self(spelt_out(&header.replace("[0]", ""), &SYNONYMS.short))
    }

    /// Whether it may be a column of a table: how likely, and how far down its list of names.
    pub fn like(&self, table: TableKind, column: &str) -> Option<(Likeness, usize)> {
        let own = SYNONYMS.names.get(&(Some(table), column.to_owned()));
        let names = own.or_else(|| SYNONYMS.names.get(&(None, column.to_owned())))?;
        let (bare, core) = (self.without_units(), self.without_nouns());
        let likeness = |name: &Name| {
            let is = |words: &[String]| name.open == (false, false) && words == name.words;
            match is(&self.0) || is(bare) {
                true if name.maybe => Some(Likeness::Maybe),
                true => Some(Likeness::Named),
                false if !name.maybe && core.iter().any(|rest| is(rest)) => Some(Likeness::Within),
                false => name.is_in(&self.0).then_some(Likeness::Has),
            }
        };
        names.iter().enumerate().filter_map(|(rank, name)| Some((likeness(name)?, rank))).min()
    }

    /// The unit that it names.
    pub fn unit(&self) -> Option<&'static str> {
        let words = &self.0;
        let found = |at: usize, unit: &[String]| {
            let letter = unit.len() == 1 && unit[0].len() == 1;
            let business = at > 0 && SYNONYMS.business.contains(&words[at - 1]);
            words[at..].starts_with(unit) && !business && (!letter || at + 1 == words.len())
        };
        let at = |at: usize| SYNONYMS.units.iter().find(|(_, unit)| found(at, unit));
        (0..words.len()).find_map(at).map(|(unit, _)| unit.as_str())
    }

    /// Whether it speaks of business time.
    pub fn is_business(&self) -> bool {
        self.0.iter().any(|word| SYNONYMS.business.contains(word))
    }

    /// Whether some word is one of these.
    pub fn has_any(&self, words: &[&str]) -> bool {
        self.0.iter().any(|own| words.contains(&own.as_str()))
    }

    /// All of them together, and each.
    pub fn every(&self) -> impl Iterator<Item = String> {
        std::iter::once(self.0.join(" ")).chain(self.0.iter().cloned())
    }

    /// The words up to a unit or zone at the end.
    fn without_units(&self) -> &[String] {
        let mut words = self.0.as_slice();
        while let [rest @ .., last] = words {
            let is_unit = SYNONYMS.units.iter().any(|(_, unit)| unit.len() == 1 && unit[0] == *last);
            let fits = is_unit || matches!(last.as_str(), "utc" | "gmt" | "in" | "hh" | "mm" | "ss" | "timestamp");
            if rest.is_empty() || !fits {
                break;
            }
            words = rest;
        }
        words
    }

    /// What stays when words that say of what it is are left out, one after the other.
    fn without_nouns(&self) -> Vec<&[String]> {
        let mut rest = self.without_units();
        let mut all = Vec::new();
        while let [first, more @ ..] = rest
            && !more.is_empty()
            && SYNONYMS.nouns.contains(first)
        {
            rest = more;
            all.push(rest);
        }
        all
    }
}

impl Name {
    fn is_in(&self, words: &[String]) -> bool {
        match self.open {
            (false, false) => false,
            (true, false) => words.ends_with(&self.words),
            (false, true) => words.starts_with(&self.words),
            (true, true) => words.windows(self.words.len()).any(|window| window == self.words),
        }
    }
}

/// Our word for what stands in a column of few words, where the table has it.
pub fn word(column: &str, theirs: &str) -> Option<&'static str> {
    SYNONYMS.words.get(column)?.get(&folded(theirs)).map(String::as_str)
}

/// Whether a name of a person or team says that there is none.
pub fn is_nobody(name: &str) -> bool {
    SYNONYMS.nobody.contains(&folded(name))
}

/// A header's words, short forms spelt out.
fn spelt_out(text: &str, short: &BTreeMap<String, String>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in parts(text) {
        // `e-mail` is one word.
        let is_mail = word == "mail" && words.last().is_some_and(|last| last == "e");
        if is_mail {
            words.pop();
        }
        words.push(short.get(&word).cloned().unwrap_or(word));
    }
    words
}

/// The words of a text, folded; `createdAt` is two.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if (begins || !c.is_alphanumeric()) && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(String::new());
        }
        if let (true, Some(part)) = (c.is_alphanumeric(), parts.last_mut()) {
            part.extend(c.to_lowercase().map(without_mark));
        }
        before = c;
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A text as words are compared: lower case, no marks on letters, single spaces.
fn folded(text: &str) -> String {
    parts(&text.to_lowercase()).join(" ")
}

/// A letter without its accent.
fn without_mark(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ñ' | 'ń' => 'n',
        'ò'..='ö' | 'ø' | 'ō' => 'o',
        'ù'..='ü' | 'ū' => 'u',
        'ý' | 'ÿ' => 'y',
        'ß' => 's',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::vocabulary::Vocabulary;

    #[test]
    fn the_table_is_of_our_columns_and_words() {
        let written: Written = toml::from_str(include_str!("synonyms.toml")).unwrap();
        assert!(!written.short.is_empty());
        for ((table, column), names) in &SYNONYMS.names {
            let tables = TableKind::ALL.into_iter().filter(|kind| table.is_none_or(|table| table == *kind));
            assert!(tables.into_iter().any(|kind| kind.position(column).is_some()), "{table:?} has no {column}");
            assert!(names.iter().all(|name| !name.words.is_empty()), "{column} has a name without words");
        }
        for (column, words) in &SYNONYMS.words {
            let table = if column == "kind" { TableKind::Events } else { TableKind::Interactions };
            let vocabulary = Vocabulary::of(table, column).unwrap();
            assert!(words.values().all(|ours| vocabulary.words().any(|word| word == ours)), "{column}");
        }
        let units = crate::input::duration::Unit::NAMES;
        assert!(SYNONYMS.units.iter().all(|(unit, _)| units.contains(&unit.as_str())));
    }

    #[test]
    fn headers_of_many_habits_and_languages_say_the_same() {
        let like = |header: &str, column: &str| Words::of(header).like(TableKind::Interactions, column).map(|l| l.0);
        for (header, column) in [
            ("Created At", "started_at"),
            ("created_at", "started_at"),
            ("createdAt", "started_at"),
            ("Created (UTC)", "started_at"),
            ("Erstellt am", "started_at"),
            ("Date de création", "started_at"),
            ("Fecha de creación", "started_at"),
            ("Data de criação", "started_at"),
            ("Aangemaakt op", "started_at"),
            ("E-Mail-Adresse", "customer_email"),
            ("Priorität", "priority"),
            ("Wartezeit (Sek.)", "wait"),
            ("Tempo di attesa", "wait"),
        ] {
            assert_eq!(like(header, column), Some(Likeness::Named), "{header}");
        }
        assert_eq!(like("Ticket status", "status"), Some(Likeness::Named));
        assert_eq!(like("Call direction", "direction"), Some(Likeness::Named));
        assert_eq!(like("Conversation priority", "priority"), Some(Likeness::Within));
        assert_eq!(like("Open Data Channel Type", "channel"), Some(Likeness::Has));
        assert_eq!(like("name", "customer_name"), Some(Likeness::Maybe));
        assert_eq!((like("Street Name", "customer_name"), like("Location Type", "topic")), (None, None));
    }

    #[test]
    fn units_are_read_from_headers() {
        let unit = |header: &str| Words::of(header).unit();
        assert_eq!(unit("First reply time in minutes within business hours"), Some("min"));
        assert_eq!(unit("Age (Hours)"), Some("h"));
        assert_eq!(
            (unit("talk_time_s"), unit("durationMs"), unit("Time to close (HH:mm:ss)")),
            (Some("s"), Some("ms"), Some("h:m:s"))
        );
        assert_eq!((unit("Sens d'appel"), unit("wait"), unit("Resolution within business hours")), (None, None, None));
        assert!(Words::of("first_res_time_bhrs").is_business());
    }

    #[test]
    fn words_of_values_are_ours() {
        assert_eq!(
            (word("status", "Fermé"), word("status", "ON-HOLD"), word("channel", "Téléphone")),
            (Some("closed"), Some("pending"), Some("phone"))
        );
        assert_eq!(word("status", "fnord"), None);
    }
}
