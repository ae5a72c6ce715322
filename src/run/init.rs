//! `init`: a commented `deskstat.toml`, filled with what the exports show.

use super::gather::{Gathered, Needs, gather};
use super::profile::new_file;
use super::{Outcome, UNDATED};
use crate::cli::InitArgs;
use crate::columns::{NO_WORD, Table};
use crate::draft::{self, Shown};
use crate::input::phone;
use crate::interaction::TableKind;
use crate::notice::Notice;
use crate::settings;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// So many topics, teams and agents are listed.
const LISTED: usize = 12;
/// So many phone numbers tell of which country most are.
const PHONES: usize = 2_000;
/// Domains where anybody has an address.
const FREE_MAIL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "gmx.de",
    "web.de",
    "proton.me",
];
/// Parts of names that programs bear.
const BOTS: &[&str] = &["bot", "automation", "system", "automatic", "fin ai", "virtual"];

/// Write settings to begin with.
pub fn init(args: &InitArgs) -> Result<Outcome> {
    let target = args.output.clone().unwrap_or_else(|| PathBuf::from(settings::FILE));
    let sink = new_file(std::slice::from_ref(&target))?;
    if args.input.inputs.is_empty() {
        sink.text(&draft::settings(&Shown::default()))?;
        return Ok(Outcome::Done);
    }
    let needs = Needs { rows: true, undated: Some(UNDATED), only_clear: true, ..Needs::default() };
    let gathered = gather(&args.input, &[], &[], needs)?;
    let inputs = args.input.inputs.iter().filter(|input| *input != "-").map(|input| place(Path::new(input), &target));
    let profiles = args.input.profile.iter().filter(|path| path.is_file()).map(|path| place(path, &target));
    let shown = Shown { inputs: inputs.collect(), profiles: profiles.collect(), ..shown(&gathered) };
    sink.text(&draft::settings(&shown))?;
    for question in &shown.questions {
        let notice = Notice::warning(format!("{}; it was left out", question.what.line()));
        gathered.say(&notice.hint(format!("say it in {}, below [[source]]", target.display())));
    }
    gathered.finish(&args.input, false)
}

/// A path as the settings must name it: relative to them.
fn place(path: &Path, settings: &Path) -> String {
    let beside = settings.parent().is_none_or(|folder| folder.as_os_str().is_empty());
    let path = if beside { Ok(path.to_owned()) } else { std::path::absolute(path) };
    path.map_or_else(|_| String::new(), |path| path.to_string_lossy().into_owned())
}

/// What was read and joined shows.
fn shown(gathered: &Gathered) -> Shown {
    let table = &gathered.desk.facts.table;
    let agents: Vec<String> = words(table, "agent", usize::MAX).into_iter().map(|(agent, _)| agent).collect();
    let addresses: Vec<&String> = agents.iter().filter(|agent| agent.contains('@')).collect();
    let is_free = |address: &str| FREE_MAIL.iter().any(|free| address.ends_with(&format!("@{free}")));
    let domain = |address: &&String| Some(address.rsplit_once('@')?.1.to_lowercase());
    let mut own_domains: Vec<String> = addresses.iter().filter(|a| !is_free(a)).filter_map(domain).collect();
    own_domains.sort();
    own_domains.dedup();
    let is_bot = |name: &&String| BOTS.iter().any(|bot| name.to_lowercase().contains(bot));
    let is_number = |(name, _): &(String, u64)| name.bytes().all(|b| b.is_ascii_digit());
    let zones = gathered.inputs.sources.iter().filter_map(|source| Some((source, source.origin.zone.as_ref()?)));
    Shown {
        inputs: Vec::new(),
        profiles: Vec::new(),
        time_zone: gathered.desk.settings.time_zone.clone(),
        zoneless: zones
            .filter(|(_, zone)| zone.assumed && zone.needed)
            .map(|(source, _)| source.file.clone())
            .collect(),
        region: region(gathered),
        own_domains,
        agents: addresses
            .iter()
            .filter(|address| is_free(address))
            .map(|address| (*address).clone())
            .take(LISTED)
            .collect(),
        bots: agents.iter().filter(is_bot).take(LISTED).cloned().collect(),
        channels: words(table, "channel", usize::MAX),
        topics: words(table, "topic", LISTED),
        questions: gathered.inputs.questions.clone(),
        teams: words(table, "team", usize::MAX).into_iter().filter(is_number).take(LISTED).collect(),
        scales: scales(gathered),
    }
}

/// The words of a column, those of most rows first.
fn words(table: &Table, column: &str, most: usize) -> Vec<(String, u64)> {
    let Some((codes, words)) = table.words(column) else { return Vec::new() };
    let mut counts = vec![0_u64; words.len()];
    for code in codes.iter().filter(|&code| code != NO_WORD) {
        counts[code as usize] += 1;
    }
    let mut all: Vec<(String, u64)> =
        words.iter().map(str::to_owned).zip(counts).filter(|(_, count)| *count > 0).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(most);
    all
}

/// The country of most phone numbers that name one.
fn region(gathered: &Gathered) -> Option<String> {
    let phones = gathered.joined().flat_map(|(table, _)| table.words("customer_phone").into_iter());
    let phones = phones.flat_map(|(_, words)| words.iter()).filter(|phone| phone.starts_with('+'));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for country in phones.take(PHONES).filter_map(phone::country) {
        *counts.entry(country).or_insert(0) += 1;
    }
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(country, _)| country)
}

/// The scales of satisfaction, by source.
fn scales(gathered: &Gathered) -> Vec<(String, String)> {
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for (table, _) in gathered.joined() {
        let column = if table.kind == TableKind::Surveys { "scale" } else { "csat_scale" };
        let Some(scales) = table.numbers(column) else { continue };
        for (row, scale) in scales.iter().enumerate().filter(|(_, scale)| !scale.is_nan()) {
            found.insert((table.word("source", row).to_owned(), scale.to_string()));
        }
    }
    found.into_iter().collect()
}
