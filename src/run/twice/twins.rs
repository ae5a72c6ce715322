//! Which contacts of one export have a twin in another: one of the same customer that begins or ends within a minute, or one
//! of the same channel that begins in the same second.

use super::FEW;
use crate::columns::{Codes, NO_TIME, NO_WORD, Times};
use crate::desk::Desk;
use crate::facts::Out;
use crate::input::SourceFile;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 3_600_000;
/// A contact that ends later than this after its start is not looked for by its end.
const LONGEST: i64 = 4 * HOUR;
/// No more of a customer's contacts, or of one second's, are looked at: whoever has more of them is a machine.
const LOOKED_AT: usize = 64;

/// The contacts of one export: of a source, or of a file.
pub struct Export<'d> {
    pub name: &'d str,
    /// A file of it.
    pub input: Option<&'d SourceFile>,
    /// Its rows have this code in this column.
    code: u32,
    column: &'d Codes,
    /// Those that are counted, in order of time.
    rows: Vec<u32>,
    /// A bit a channel; of very many, some share one.
    channels: u64,
    /// To the second, or to the minute where the export says no more.
    finest: i64,
}

/// What twins are looked for by.
pub struct Contacts<'d> {
    desk: &'d Desk,
    channels: Option<&'d Codes>,
    ended: Option<&'d Times>,
}

impl Export<'_> {
    /// Both are files of one source.
    pub fn is_of_source_of(&self, other: &Self) -> bool {
        self.input.zip(other.input).is_some_and(|(one, other)| one.instance == other.instance)
    }

    /// Both are of one tool; in our own columns their user says what is what.
    pub fn is_of_tool_of(&self, other: &Self) -> bool {
        let vendors = self.input.zip(other.input).map(|(one, other)| (one.profile.vendor(), other.profile.vendor()));
        vendors.is_some_and(|(one, other)| one == other && one != "deskstat")
    }

    fn has(&self, row: usize) -> bool {
        self.column.get(row) == self.code
    }
}

impl<'d> Contacts<'d> {
    pub fn of(desk: &'d Desk) -> Self {
        let table = &desk.facts.table;
        Self { desk, channels: table.words("channel").map(|(codes, _)| codes), ended: table.times("ended_at") }
    }

    /// The contacts of each source, by name.
    pub fn by_source(&self, inputs: &'d [SourceFile]) -> Vec<Export<'d>> {
        self.by("source", |name| Some(inputs.iter().find(|input| input.instance == name)))
    }

    /// The contacts of each file of a source that has several, by name.
    pub fn by_file(&self, inputs: &'d [SourceFile]) -> Vec<Export<'d>> {
        let is_beside = |one: &SourceFile| {
            let is = |other: &SourceFile| {
                other.instance == one.instance && other.file != one.file && other.profile.kind == one.profile.kind
            };
            inputs.iter().any(is)
        };
        self.by("file", |name| {
            inputs.iter().find(|input| input.file == name).filter(|input| is_beside(input)).map(Some)
        })
    }

    /// By the words of a column that are wanted, each with a file.
    fn by(&self, column: &str, wanted: impl Fn(&str) -> Option<Option<&'d SourceFile>>) -> Vec<Export<'d>> {
        let Some((column, words)) = self.desk.facts.table.words(column) else { return Vec::new() };
        let export = |(code, name)| {
            let input = wanted(name)?;
            Some(Export { name, input, code, column, rows: Vec::new(), channels: 0, finest: MINUTE })
        };
        let mut all: Vec<Option<Export>> = (0..).zip(words.iter()).map(export).collect();
        if all.iter().flatten().count() > 1 {
            for row in (0..self.desk.facts.rows()).filter(|&row| self.counts(row)) {
                if let Some(Some(export)) = all.get_mut(column.get(row) as usize) {
                    self.put(row, export);
                }
            }
        }
        let mut all: Vec<Export> = all.into_iter().flatten().filter(|export| !export.rows.is_empty()).collect();
        all.sort_unstable_by_key(|export| export.name);
        all
    }

    fn put(&self, row: usize, export: &mut Export) {
        export.rows.extend(u32::try_from(row));
        export.channels |= self.channel(row).map_or(0, |channel| 1 << (channel % u64::BITS));
        if self.desk.facts.at.get(row) % MINUTE != 0 {
            export.finest = SECOND;
        }
    }

    /// Whether a row is a contact that is counted, and begins at a known time.
    fn counts(&self, row: usize) -> bool {
        let facts = &self.desk.facts;
        facts.out[row] == Out::No && facts.at.get(row) != NO_TIME && !facts.by_day[row] && self.desk.keeps(row)
    }

    fn channel(&self, row: usize) -> Option<u32> {
        self.channels.map(|codes| codes.get(row)).filter(|&code| code != NO_WORD)
    }

    /// An export's contacts between the first and the last of another.
    pub fn beside<'e>(&self, export: &'e Export, other: &Export) -> &'e [u32] {
        let at = |row: &u32| self.desk.facts.at.get(*row as usize);
        let (Some(first), Some(last)) = (other.rows.first().map(at), other.rows.last().map(at)) else { return &[] };
        let from = export.rows.partition_point(|row| at(row) < first);
        let to = export.rows.partition_point(|row| at(row) <= last);
        &export.rows[from..to.max(from)]
    }

    /// How many of these contacts of an export have a twin in another that begins so much later.
    pub fn twins(&self, rows: &[u32], [own, other]: [&Export; 2], later: i64) -> usize {
        // Among many exports two with a few contacts each begin together somewhere.
        let by_channel = own.channels & other.channels != 0 && rows.len() >= FEW;
        let finest = own.finest.max(other.finest);
        let has_twin = |row: usize| {
            self.customer_has(row, other, later) || by_channel && self.channel_has(row, other, later, finest)
        };
        rows.iter().filter(|&&row| has_twin(row as usize)).count()
    }

    /// A tool that notes down another's call may do so when it begins or when it is over.
    fn customer_has(&self, row: usize, other: &Export, later: i64) -> bool {
        let facts = &self.desk.facts;
        let ends = |row: usize| {
            let (at, end) = (facts.at.get(row), self.ended.map_or(NO_TIME, |ended| ended.get(row)));
            if (at..at + LONGEST).contains(&end) { end } else { at }
        };
        let (start, end) = (facts.at.get(row) + later, ends(row) + later);
        let is_near = |one: i64, other: i64| one.abs_diff(other) <= MINUTE as u64;
        let before = facts.before(facts.customer[row], end + MINUTE).take(LOOKED_AT);
        let mut near = before.take_while(|&twin| facts.at.get(twin) >= start - LONGEST);
        near.any(|twin| {
            let at = facts.at.get(twin);
            (is_near(start, at) || is_near(end, at) || is_near(start, ends(twin)))
                && other.has(twin)
                && self.counts(twin)
        })
    }

    /// On the hour begins what nobody looked at a clock for.
    fn channel_has(&self, row: usize, other: &Export, later: i64, finest: i64) -> bool {
        let facts = &self.desk.facts;
        let (at, channel) = (facts.at.get(row) + later, self.channel(row));
        let from = at - at.rem_euclid(finest);
        let mut near = facts.started(from, from + finest).take(LOOKED_AT).map(|twin| twin as usize);
        at % HOUR != 0
            && channel.is_some()
            && near.any(|twin| self.channel(twin) == channel && other.has(twin) && self.counts(twin))
    }
}
