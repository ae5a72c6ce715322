//! What a run tells of its data besides the report: rows left out, sources that end early, events of nothing, contacts that
//! may count twice.

use crate::columns::{NO_TIME, NO_WORD};
use crate::desk::Desk;
use crate::input::profile::FoldRule;
use crate::input::{Inputs, SourceFile};
use crate::interaction::TableKind;
use crate::notice::{Notice, RejectGroup, count, grouped, shown, thousands};
use crate::report::text;
use anyhow::anyhow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Why there is nothing to count up to: the first thing that was noticed.
pub fn no_date(inputs: &mut Inputs) -> anyhow::Error {
    let why = reject_notices(inputs, false).into_iter().chain(inputs.notices.drain(..)).next();
    let Some(why) = why.map(|notice| notice.text) else {
        let has_contacts = inputs.tables.iter().any(|table| table.kind == TableKind::Interactions && table.rows() > 0);
        let cure = match has_contacts {
            true => "a profile says in which column the dates are: `deskstat profile` drafts one",
            false => "name an export of contacts too; a list of customers alone has no figures",
        };
        return anyhow!("nothing that was read says when anything happened\nhint: {cure}");
    };
    anyhow!("no row has a date that could be read: {why}\nhint: a profile says which dates an export holds: --profile")
}

/// Events that tell of nothing else that was read.
pub fn strays(desk: &Desk) -> Option<Notice> {
    let strays = desk.facts.history.strays;
    let (events, belong) = (count(strays, "event"), if strays == 1 { "belongs" } else { "belong" });
    (strays > 0).then(|| {
        Notice::warning(format!("{events} {belong} to no interaction that was read, or to several of one number"))
            .hint("give the export of the interactions too, or name their `source` in the events")
    })
}

/// One warning for all rows left out, with the commonest reasons; one note for emptied cells. Beside pseudonyms,
/// nothing writes rows as they stand.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn reject_notices(inputs: &Inputs, pseudonymised: bool) -> Vec<Notice> {
    let read: u64 = inputs.sources.iter().map(|s| s.counts.read).sum();
    let (rows, cells) = (grouped(&inputs.rejects, true), grouped(&inputs.rejects, false));
    let total = |groups: &[RejectGroup]| groups.iter().map(|group| group.count).sum::<usize>();
    let mut out = Vec::new();
    if let left_out @ 1.. = total(&rows) {
        let (were, share) = (if left_out == 1 { "was" } else { "were" }, 100.0 * left_out as f64 / read.max(1) as f64);
        let (left_out, read) = (thousands(left_out as u64), thousands(read));
        let text = format!("{left_out} of {read} rows {were} left out ({share:.1} %){}", reasons(rows, "row"));
        let all = if pseudonymised { "" } else { "--rejects bad.csv writes them all; " };
        out.push(Notice::warning(text).hint(format!("{all}--strict makes this an error")));
    }
    if let emptied @ 1.. = total(&cells) {
        let counts = if emptied == 1 { "counts" } else { "count" };
        let text = format!("{} could not be read and {counts} as empty", count(emptied, "cell"));
        out.push(Notice::note(text + &reasons(cells, "cell")));
    }
    out
}

/// A line for each of the commonest reasons.
fn reasons(mut groups: Vec<RejectGroup>, noun: &str) -> String {
    const SHOWN: usize = 3;
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    let mut out = String::new();
    for RejectGroup { first, count: n } in groups.iter().take(SHOWN) {
        let column = if first.column.is_empty() { String::new() } else { format!("`{}` ", first.column) };
        let (file, reason, line) = (&first.file, &first.reason, first.line);
        let text = if first.text.is_empty() { String::new() } else { format!(": `{}`", shown(&first.text)) };
        let _ = write!(out, "\n  {file}  {column}{reason}   {}   first at line {line}{text}", count(*n, noun));
    }
    if groups.len() > SHOWN {
        let _ = write!(out, "\n  and {} more", count(groups.len() - SHOWN, "reason"));
    }
    out
}

/// Sources whose contacts end on another day than the newest, in one warning.
pub fn early_ends(desk: &Desk) -> Option<Notice> {
    let table = &desk.facts.table;
    let ((codes, words), started) = table.words("source").zip(table.times("started_at"))?;
    let mut latest = vec![NO_TIME; words.len()];
    for (code, at) in codes.iter().zip(started.iter()) {
        if let Some(known) = latest.get_mut(code as usize) {
            *known = at.max(*known);
        }
    }
    let zone = &desk.timeline.zone;
    let dated = words.iter().zip(latest).filter(|(_, at)| *at != NO_TIME);
    let mut ends: Vec<(&str, i32)> = dated.map(|(source, at)| (source, zone.day(at))).collect();
    ends.sort_unstable();
    let newest = ends.iter().map(|(_, day)| *day).max()?;
    let said = |day: i32| crate::zone::date(day).strftime("%a %-d %b").to_string();
    let early = ends.iter().filter(|(_, day)| *day < newest).map(|(source, day)| format!("{source} {}", said(*day)));
    let early: Vec<String> = early.collect();
    let warning = || format!("sources end on different days: {}; the others {}", early.join(", "), said(newest));
    (!early.is_empty())
        .then(|| Notice::warning(warning()).hint("export all up to the same day, unless these were closed"))
}

/// Exports of one vendor in two layouts that share no numbers, with contacts of one channel in the same days.
pub fn twice(desk: &Desk, files: &[SourceFile]) -> Vec<Notice> {
    let file = |source: &str| files.iter().find(|file| file.instance == source);
    let is_log = |source: &str| file(source).is_some_and(|file| file.profile.fold == FoldRule::Events);
    // Nearly always there is nothing to look for.
    let kinds: BTreeSet<Exported> = files.iter().map(Exported::of).collect();
    let several = kinds.iter().any(|one| kinds.iter().any(|other| one.may_hold(other)));
    let spans = if several { spans(desk) } else { Vec::new() };
    let mut pairs: BTreeMap<[&str; 2], Vec<(&str, [i32; 2])>> = BTreeMap::new();
    for (nth, (source, channel, from, to)) in spans.iter().enumerate() {
        let same = |(other, own_channel, ..): &&Channel| {
            let both = file(source).zip(file(other));
            own_channel == channel && both.is_some_and(|(one, other)| Exported::of(one).may_hold(&Exported::of(other)))
        };
        for (other, _, first, last) in spans[nth + 1..].iter().filter(same) {
            let days = [*from.max(first), *to.min(last)];
            if days[0] <= days[1] {
                pairs.entry([source, other]).or_default().push((channel, days));
            }
        }
    }
    let notice = |(pair, both): ([&str; 2], Vec<(&str, [i32; 2])>)| {
        let joins = if pair.iter().any(|source| is_log(source)) { PUT_TOGETHER } else { "" };
        both_hold(pair, &both).hint(format!("leave one of them out{joins}"))
    };
    pairs.into_iter().map(notice).collect()
}

/// What an export is of.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Exported<'f> {
    vendor: &'f str,
    source: &'f str,
    layout: &'f str,
}

impl<'f> Exported<'f> {
    fn of(file: &'f SourceFile) -> Self {
        Self { vendor: file.profile.vendor(), source: &file.instance, layout: &file.profile.name }
    }

    /// Whether it may hold what another does. Two accounts have one layout, and each its own contacts; in our own columns
    /// their user says what is what.
    fn may_hold(&self, other: &Self) -> bool {
        let is_vendor = self.vendor == other.vendor && self.vendor != "deskstat";
        is_vendor && self.source != other.source && self.layout != other.layout
    }
}

/// Records and a log of what happened to them complete each other.
const PUT_TOGETHER: &str = "; or, where their numbers are the same, put them together: one `source` for both under [[source]] in deskstat.toml";

/// A source, one of its channels, and its first and last day there.
type Channel<'t> = (&'t str, &'t str, i32, i32);

fn spans(desk: &Desk) -> Vec<Channel<'_>> {
    let (table, zone) = (&desk.facts.table, &desk.timeline.zone);
    let columns = (table.words("source"), table.words("channel"), table.times("started_at"));
    let (Some((sources, source)), Some((channels, channel)), Some(started)) = columns else { return Vec::new() };
    let mut found = vec![(i64::MAX, i64::MIN); source.len() * channel.len()];
    for ((source, way), at) in sources.iter().zip(channels.iter()).zip(started.iter()) {
        if at != NO_TIME && source != NO_WORD && way != NO_WORD {
            let (first, last) = &mut found[source as usize * channel.len() + way as usize];
            (*first, *last) = (at.min(*first), at.max(*last));
        }
    }
    let pairs = source.iter().flat_map(|own| channel.iter().map(move |way| (own, way)));
    let seen = pairs.zip(found).filter(|(_, (first, last))| first <= last);
    let mut all: Vec<Channel> =
        seen.map(|((own, way), (first, last))| (own, way, zone.day(first), zone.day(last))).collect();
    all.sort_unstable();
    all
}

fn both_hold([one, other]: [&str; 2], both: &[(&str, [i32; 2])]) -> Notice {
    let said = |(channel, days): &(&str, [i32; 2])| {
        let [from, to] = days.map(|day| crate::zone::date(day).strftime("%-d %b %Y").to_string());
        if from == to { format!("{channel} of {from}") } else { format!("{channel} of {from} to {to}") }
    };
    let contacts = text::and(&both.iter().map(said).collect::<Vec<_>>());
    let text =
        format!("`{one}` and `{other}` both have contacts by {contacts}: if these are the same, they count twice");
    Notice::warning(text)
}
