//! Contacts that stand in two exports, and so count twice.
//!
//! Within a source numbers tell copies (`fold/copies.rs`). Between sources, and where files have no numbers or others, nothing
//! does but customer, channel and time: if more contacts of the one begin with one of the other than chance explains, the
//! reader is told how many. Nothing is left out for it. What a twin is, and where they are found, is in `twice/twins.rs`.

mod twins;

use crate::desk::Desk;
use crate::input::SourceFile;
use crate::input::profile::FoldRule;
use crate::notice::{Notice, count, thousands};
use crate::settings::Span;
use rayon::prelude::*;
use twins::{Contacts, Export};

/// Zones are whole quarters of an hour apart, and no more than so many from each other.
const QUARTER: i64 = 900_000;
const ZONES: i64 = 14 * 4;
/// As many twins as there are so much earlier or later, there are by chance: at that time of day as many contacts begin.
const BESIDE: [i64; 4] = [-2 * QUARTER, -QUARTER, QUARTER, 2 * QUARTER];
/// So many contacts show whether there is anything to count; so many, which zone it may be.
const SAMPLE: usize = 500;
const SAMPLE_OF_ZONES: usize = 24;
/// Fewer are worth a word only where they are most, of one tool and of known customers.
pub const FEW: usize = 4;
/// Fewer tell no zone.
const FEW_OF_ZONES: usize = 10;
/// So many pairs of exports are told of one by one.
const SHOWN: usize = 3;

/// Records and a log of what happened to them complete each other.
const PUT_TOGETHER: &str = "leave one of them out; or, where their numbers are the same, put them together: one `source` for both under [[source]] in deskstat.toml";

/// Contacts of one export and the other that has their twins.
struct Pair<'e> {
    exports: [&'e Export<'e>; 2],
    /// Those of the first, in the days that both are of.
    rows: &'e [u32],
}

/// What a pair has in common: so many twins, which begin so much later in the second.
struct Common<'e> {
    pair: Pair<'e>,
    twins: usize,
    later: i64,
}

/// What the reader should know of sources that hold the same contacts, and of files of one source that do.
pub fn twice(desk: &Desk, inputs: &[SourceFile]) -> Vec<Notice> {
    let contacts = Contacts::of(desk);
    let (sources, files) = rayon::join(|| contacts.by_source(inputs), || contacts.by_file(inputs));
    let of_one_source = pairs(&files).filter(|[one, other]| one.is_of_source_of(other));
    let pairs: Vec<[&Export; 2]> = pairs(&sources).chain(of_one_source).collect();
    let common: Vec<Common> = pairs.into_par_iter().filter_map(|pair| Common::of(&contacts, pair)).collect();
    let mut notices: Vec<Notice> = common.iter().take(SHOWN).map(Common::notice).collect();
    if let more @ 1.. = common.len().saturating_sub(SHOWN) {
        let pairs = count(more, "more pair");
        notices.push(Notice::warning(format!("{pairs} of exports seem to hold the same contacts")));
    }
    notices
}

/// Each two of these.
fn pairs<'e>(all: &'e [Export<'e>]) -> impl Iterator<Item = [&'e Export<'e>; 2]> {
    all.iter().enumerate().flat_map(|(nth, one)| all[nth + 1..].iter().map(move |other| [one, other]))
}

impl<'e> Common<'e> {
    fn of(contacts: &Contacts, [one, other]: [&'e Export<'e>; 2]) -> Option<Self> {
        let (in_one, in_other) = (contacts.beside(one, other), contacts.beside(other, one));
        let pair = match in_one.len() <= in_other.len() {
            true => Pair { exports: [one, other], rows: in_one },
            false => Pair { exports: [other, one], rows: in_other },
        };
        let later = if pair.at_once(contacts) { 0 } else { pair.zone(contacts)? };
        let twins = contacts.twins(pair.rows, pair.exports, later);
        Some(Self { pair, twins, later })
    }

    fn notice(&self) -> Notice {
        let [fewer, more] = self.pair.exports;
        let text = format!("{}: they seem to count twice", self.text());
        let logs =
            [fewer, more].iter().any(|export| export.input.is_some_and(|own| own.profile.fold == FoldRule::Events));
        match (fewer.is_of_source_of(more), fewer.is_of_tool_of(more)) {
            _ if self.later != 0 => Notice::warning(format!("{text}, and one of the two is read in a wrong time zone"))
                .hint("say it in deskstat.toml, time_zone under [[source]]; then leave one of them out"),
            (true, _) => Notice::warning(text)
                .hint("copies are told by their numbers, and these have none or others: leave out what both hold"),
            (_, true) if logs => Notice::warning(text).hint(PUT_TOGETHER),
            (_, true) => Notice::warning(text).hint("leave one of them out"),
            _ => Notice::note(text).hint(
                "if one tool notes down the other's contacts, leave these out of one of the two, as with --where",
            ),
        }
    }

    /// `412 of 430 contacts in `a` have a twin in `b`, of the same customer or channel at the same time`
    fn text(&self) -> String {
        let [fewer, more] = self.pair.exports;
        let (twins, of) = (thousands(self.twins as u64), count(self.pair.rows.len(), "contact"));
        let have = if self.twins == 1 { "has" } else { "have" };
        let when = match self.later {
            0 => "at the same time".to_owned(),
            later => format!("{} {}", Span(later.abs()), if later > 0 { "later" } else { "earlier" }),
        };
        format!(
            "{twins} of {of} in `{}` {have} a twin in `{}`, of the same customer or channel {when}",
            fewer.name, more.name
        )
    }
}

impl Pair<'_> {
    /// Whether the contacts begin when those of the other export do.
    fn at_once(&self, contacts: &Contacts) -> bool {
        let rows = sample(self.rows, SAMPLE);
        let of_one_tool = self.exports[0].is_of_tool_of(self.exports[1]);
        let enough = |twins| twins * 10 >= rows.len() && (twins >= FEW || of_one_tool && twins * 2 > rows.len());
        let twins = contacts.twins(&rows, self.exports, 0);
        enough(twins) && enough(self.beyond_chance(contacts, &rows, 0, twins))
    }

    /// By how much most of them begin earlier or later, if it is by whole quarters of an hour.
    fn zone(&self, contacts: &Contacts) -> Option<i64> {
        // Files of one source are read in one zone.
        if self.exports[0].is_of_source_of(self.exports[1]) || self.rows.len() < FEW_OF_ZONES {
            return None;
        }
        let few = sample(self.rows, SAMPLE_OF_ZONES);
        let all = (-ZONES..=ZONES).map(|quarters| quarters * QUARTER).filter(|&later| later != 0);
        let seen = all.map(|later| (contacts.twins(&few, self.exports, later), later)).filter(|(twins, _)| *twins > 0);
        let (_, later) = seen.max_by_key(|&(twins, later)| (twins, -later.abs(), later))?;
        let rows = sample(self.rows, SAMPLE);
        let enough = |twins: usize| twins * 2 >= rows.len() && twins >= FEW_OF_ZONES;
        let twins = contacts.twins(&rows, self.exports, later);
        (enough(twins) && enough(self.beyond_chance(contacts, &rows, later, twins))).then_some(later)
    }

    /// How many more twins there are than chance explains.
    fn beyond_chance(&self, contacts: &Contacts, rows: &[u32], later: i64, twins: usize) -> usize {
        let chance = BESIDE.iter().map(|by| contacts.twins(rows, self.exports, later + by)).max().unwrap_or(0);
        let beyond = twins.saturating_sub(chance);
        // Four standard deviations.
        if beyond * beyond >= 16 * chance { beyond } else { 0 }
    }
}

/// So many rows at most, from all over.
fn sample(rows: &[u32], most: usize) -> Vec<u32> {
    rows.iter().copied().step_by(rows.len().div_ceil(most).max(1)).collect()
}
