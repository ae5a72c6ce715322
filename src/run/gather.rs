//! From the command line to a desk full of facts: what every command that reads goes through.

use super::notices::{early_ends, no_date, reject_notices, strays};
use super::outputs::may_replace;
use super::prepare::{Prepared, prepare};
use super::pseudonymise::Pseudonyms;
use super::twice::twice;
use super::{anonymise, rejects, usage};
use crate::calendar::Calendars;
use crate::cli::InputArgs;
use crate::columns::{NO_TIME, Table};
use crate::desk::Desk;
use crate::facts::Facts;
use crate::facts::answers::{Surveys, answers, sent, unhappy};
use crate::facts::orders::Activity;
use crate::facts::told;
use crate::filter::{self, Condition};
use crate::gauge::Gauge;
use crate::identity::{self, Identity};
use crate::input::profile::Profile;
use crate::input::{self, Inputs, Options, SourceFile, hex};
use crate::interaction::{KEYS, TableKind};
use crate::metrics::METRICS;
use crate::notice::{self, Notice};
use crate::progress::Progress;
use crate::report::{InputUsed, Provenance};
use crate::settings::Settings;
use crate::timeline::Timeline;
use crate::zone::Zone;
use crate::{asof, fold};
use anyhow::{Result, anyhow};
use sha2::{Digest, Sha256};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Everything that was read, joined and worked out.
pub struct Gathered {
    pub inputs: Inputs,
    pub identity: Identity,
    pub desk: Desk,
    pub notices: Vec<Notice>,
    quiet: bool,
    /// What was typed, as far as it moves figures.
    options: Vec<String>,
    /// Where `--stats` asks for it.
    gauge: Option<Gauge>,
}

/// What a command needs beside the facts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Needs {
    /// What each customer is called.
    pub names: bool,
    /// The rows themselves, to print or to explain them. Without, what only they need is let go as soon as it can be.
    pub rows: bool,
    /// Go on without any date, with this as-of in their stead: `check` must tell what is wrong.
    pub undated: Option<i64>,
    /// Leave out files that leave something open: `init` asks it.
    pub only_clear: bool,
}

/// What tells where a row stood, which no figure asks.
const PLACES: [&str; 3] = ["interaction_id", "file", "line"];

/// Read, fold, date, join, and work out the facts. `targets` are the files that will be written.
pub fn gather(args: &InputArgs, conditions: &[Condition], targets: &[PathBuf], needs: Needs) -> Result<Gathered> {
    gather_with(prepare(args)?, args, conditions, targets, needs)
}

/// The same where the settings had to be known before.
pub fn gather_with(
    prepared: Prepared,
    args: &InputArgs,
    conditions: &[Condition],
    targets: &[PathBuf],
    needs: Needs,
) -> Result<Gathered> {
    let Prepared { settings, zone, given, paths, pseudonyms } = prepared;
    let rejects = rejects::open(args.rejects.as_deref(), targets)?;
    let mut gauge = Gauge::new();
    use_threads(args.threads);
    let (mut inputs, read) = read_and_fold(args, &settings, (&paths, needs), &mut gauge)?;
    let settled = asof::settle(&mut inputs, given);
    spare_inputs(targets.iter().chain(&args.rejects), &inputs)?;
    rejects.map_or(Ok(()), |file| file.write(&inputs.rejects))?;
    if pseudonyms.is_some() {
        Pseudonyms::rejects(&mut inputs);
    }
    let Some(as_of) = settled.or(needs.undated) else {
        return Err(no_date(&mut inputs));
    };
    gauge.stage("dating", read);
    if args.stats {
        gauge.weigh(&inputs.tables);
    }
    let (joined, facts) = join(&mut inputs, &settings, (&zone, as_of), needs);
    let (mut identity, joined) = joined?;
    gauge.stage("joining", read);
    if args.stats {
        gauge.weigh(&inputs.tables);
    }
    let mut notices = reject_notices(&inputs, pseudonyms.is_some());
    notices.append(&mut inputs.notices);
    notices.extend(joined);
    let names = needs.names || conditions.iter().any(|condition| condition.name == "customer");
    if let Some(pseudonyms) = &pseudonyms {
        pseudonyms.customers(&mut inputs, &mut identity);
    }
    if !needs.rows {
        identity = let_keys_go(&mut inputs, identity, conditions, names);
    }
    let mut desk = desk((&mut inputs, &mut identity), facts, (settings, zone, as_of), (names, conditions))?;
    let (twice, early_ends) = rayon::join(|| twice(&desk, &inputs.sources), || early_ends(&desk));
    if !needs.rows {
        (inputs.tables, identity) = (Vec::new(), Identity::default());
        PLACES.iter().for_each(|column| desk.facts.table.drop(column));
    }
    if args.anonymise_agents {
        anonymise::agents(&mut desk.facts.table);
    }
    notices.extend(early_ends);
    notices.extend(twice);
    notices.extend(strays(&desk));
    gauge.stage("facts", desk.facts.rows() as u64);
    let gauge = Some(gauge).filter(|_| args.stats);
    let options = typed(args, conditions, pseudonyms.as_ref());
    Ok(Gathered { inputs, identity, desk, notices, quiet: args.quiet, options, gauge })
}

/// Use so many threads, if so many are asked for: once only, before any thread works, so nothing can be in the way.
fn use_threads(threads: Option<NonZeroUsize>) {
    if let Some(threads) = threads {
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global();
    }
}

/// Who the customers are, and what is true of each contact by itself: these have nothing to do with each other. With the
/// facts the interactions that they are of, where they are not of all.
fn join(
    inputs: &mut Inputs,
    settings: &Settings,
    (zone, as_of): (&Zone, i64),
    needs: Needs,
) -> (Joined, (Facts, Option<Vec<u32>>)) {
    let history = told::history(&mut inputs.tables, settings, as_of);
    if !needs.rows {
        inputs.tables[TableKind::Events as usize] = Table::new(TableKind::Events);
    }
    let contacts = &inputs.tables[TableKind::Interactions as usize];
    let seen = asof::seen(contacts, as_of);
    let taken = seen.as_ref().map(|rows| contacts.take(rows));
    let history = if let Some(rows) = &seen { history.take(rows) } else { history };
    let (joined, facts) = rayon::join(
        || identity::join(&inputs.tables, settings),
        || Facts::of_rows(taken.as_ref().unwrap_or(contacts), history, settings, zone, as_of),
    );
    (joined, (facts, seen))
}

/// The customers, and what the reader should know of them.
type Joined = Result<(Identity, Vec<Notice>)>;

/// Who is who is settled: of keys only those are needed that conditions name, and what customers are called if it is asked.
fn let_keys_go(inputs: &mut Inputs, identity: Identity, conditions: &[Condition], names: bool) -> Identity {
    let asked = |key: &&&str| conditions.iter().any(|condition| condition.name == **key);
    for key in KEYS.iter().filter(|key| !asked(key)) {
        inputs.tables.iter_mut().for_each(|table| table.drop(key));
    }
    if names { identity } else { identity.without_keys() }
}

/// The exports as records under the company's own words, and how many rows were read.
fn read_and_fold(
    args: &InputArgs,
    settings: &Settings,
    (paths, needs): (&[String], Needs),
    gauge: &mut Gauge,
) -> Result<(Inputs, u64)> {
    let progress = Progress::new(!args.no_progress && !args.quiet);
    let told = |come: &input::Headway, total| progress.at(come, total);
    let early = fold::Early::new(settings);
    let options = Options { early: Some(&early), progress: &told, ..Options::new(settings, &args.profile) };
    let read = if needs.only_clear { input::read_what_is_clear } else { input::read };
    let mut inputs = read(paths, &options)?;
    drop(progress);
    let read: u64 = inputs.sources.iter().map(|source| source.counts.read).sum();
    gauge.stage("reading", read);
    fold::fold(&mut inputs, settings);
    gauge.stage("folding", read);
    for (column, synonyms) in &settings.synonyms {
        inputs.tables[TableKind::Interactions as usize].rename(column, synonyms);
    }
    Ok((inputs, read))
}

/// What was typed, as far as it moves figures and is not said elsewhere.
fn typed(args: &InputArgs, conditions: &[Condition], pseudonyms: Option<&Pseudonyms>) -> Vec<String> {
    let mut options: Vec<String> = conditions.iter().map(|condition| format!("--where {}", condition.text)).collect();
    options.extend(args.profile.iter().map(|profile| format!("--profile {}", profile.display())));
    options.extend(args.sheet.iter().map(|sheet| format!("--sheet {sheet}")));
    options.extend(args.anonymise_agents.then(|| "--anonymise-agents".to_owned()));
    options.extend(pseudonyms.map(|pseudonyms| format!("--pseudonymise {}", pseudonyms.name())));
    options
}

/// Facts, ratings, orders and time, ready to be measured. Interactions and their customers are the desk's from here on.
///
/// `seen` are the interactions that the facts are of, where they are not of all.
pub fn desk(
    (inputs, identity): (&mut Inputs, &mut Identity),
    (facts, seen): (Facts, Option<Vec<u32>>),
    (settings, zone, as_of): (Settings, Zone, i64),
    (names, conditions): (bool, &[Condition]),
) -> Result<Desk> {
    let kind = TableKind::Interactions;
    let mut contacts = std::mem::replace(&mut inputs.tables[kind as usize], Table::new(kind));
    let mut customers = std::mem::take(&mut identity.customers[kind as usize]);
    if let Some(rows) = seen {
        contacts = contacts.take(&rows);
        customers = rows.iter().map(|&row| customers[row as usize]).collect();
    }
    let table = |kind: TableKind| &inputs.tables[kind as usize];
    let facts = || {
        let mut facts = facts.joined(contacts, customers);
        if names {
            facts.name_customers((0..identity.count).map(|customer| identity.display(customer).to_string()));
        }
        let surveys = Surveys::new(&facts, table(TableKind::Surveys), identity.of(TableKind::Surveys));
        let answers = answers(&mut facts, &surveys);
        let sent = sent(&facts, &surveys);
        (facts, answers, sent)
    };
    let activity = || {
        let (orders, records) = (TableKind::Orders, TableKind::Customers);
        Activity::new((table(orders), identity.of(orders)), (table(records), identity.of(records)), &zone, as_of)
    };
    let ((mut facts, answers, sent), activity) = rayon::join(facts, activity);
    let timeline = Timeline::new(zone, as_of, &facts);
    // Rows stand by their start; nothing that is counted lies before the first, or after as-of.
    let first = facts.at.iter().next().filter(|&at| at != NO_TIME).unwrap_or(as_of);
    let calendars = Calendars::new(&settings, &timeline.zone, (first, as_of))?;
    facts.followed(&activity, &settings.touchpoints, calendars.as_ref());
    let keep = filter::keep(conditions, &facts).map_err(usage)?;
    let unhappy = unhappy(&answers);
    Ok(Desk { facts, answers, sent, unhappy, activity, timeline, calendars, settings, keep, firsts: Mutex::default() })
}

/// Whether the user's own profiles pass the samples inside them.
pub fn check_own_profiles(args: &InputArgs, settings: &Settings) -> Result<Vec<Notice>> {
    input::check_own_samples(&Options::new(settings, &args.profile), &|inputs| fold::fold(inputs, settings))
}

/// All profiles that a run with these settings knows.
pub fn profiles(settings: &Settings) -> Result<Vec<Arc<Profile>>> {
    input::profiles(&Options::new(settings, &[]))
}

/// Refuse to write over an export that was read, however it is named or linked: by its content, or as an archive.
fn spare_inputs<'p>(targets: impl Iterator<Item = &'p PathBuf>, inputs: &Inputs) -> Result<()> {
    for path in targets.flat_map(|path| may_replace(path)).filter(|path| path.is_file()) {
        let Ok(content) = std::fs::read(&path) else { continue };
        let sum = hex(&Sha256::digest(&content));
        // A member of an archive has a sum of its own.
        let is_own = |own: &PathBuf| own.canonicalize().ok() == path.canonicalize().ok();
        let is_read = |s: &SourceFile| s.origin.sha256 == sum || s.path.as_ref().is_some_and(is_own);
        if inputs.sources.iter().any(is_read) {
            let what = format!("`{}` is one of the exports that were read", path.display());
            return Err(usage(anyhow!("{what}\nhint: write to another file, or the export would be lost")));
        }
    }
    Ok(())
}

impl Gathered {
    /// Tell the reader, on standard error.
    pub fn say(&self, notice: &Notice) {
        if !self.quiet {
            notice::tell(notice);
        }
    }

    /// What `--stats` asks for, now that all is written.
    pub fn say_stats(&self) {
        if let Some(gauge) = &self.gauge {
            let facts = &self.desk.facts;
            eprint!("{}", gauge.lines("answering"));
            eprintln!("bytes a row, facts: {}", facts.bytes() / facts.rows().max(1));
            let history = &facts.history;
            if !history.is_empty() {
                eprintln!("bytes an event, history: {}", history.bytes() / history.len());
            }
        }
    }

    /// The tables that were joined, with the customer of each row.
    pub fn joined(&self) -> impl Iterator<Item = (&Table, &[u32])> {
        let facts = &self.desk.facts;
        let joins = |table: &&Table| table.kind != TableKind::Interactions && table.kind.has_customers();
        let others = self.inputs.tables.iter().filter(joins);
        std::iter::once((&facts.table, facts.customer.as_slice()))
            .chain(others.map(|table| (table, self.identity.of(table.kind))))
    }

    /// Where the numbers come from.
    pub fn provenance(&self) -> Provenance {
        let mut definitions = Sha256::new();
        METRICS.iter().for_each(|m| definitions.update(format!("{}\0{}\0{}\0", m.id, m.help, m.formula)));
        let settings = &self.desk.settings;
        let text = settings.origin.as_ref().map_or("", |origin| origin.text.as_str());
        let file = settings.origin.as_ref().map_or_else(String::new, |origin| origin.path.display().to_string());
        let mut in_force = Sha256::new_with_prefix(text);
        let aliases = settings.aliases.as_ref().and_then(|path| std::fs::read(settings.resolve(path)).ok());
        in_force.update(aliases.unwrap_or_default());
        let as_of = jiff::Timestamp::from_millisecond(self.desk.timeline.as_of);
        Provenance {
            period: String::new(),
            compared: String::new(),
            options: self.options.clone(),
            as_of: as_of.map_or_else(|_| String::new(), |t| t.to_string()),
            zone: self.desk.timeline.zone.name().to_owned(),
            definitions: hex(&definitions.finalize()),
            settings: hex(&in_force.finalize()),
            settings_file: file,
            inputs: self
                .inputs
                .sources
                .iter()
                .map(|s| InputUsed {
                    file: s.file.clone(),
                    profile: s.profile.name.clone(),
                    profile_sha256: s.profile.sha256.clone(),
                    rows: s.counts.read,
                    sha256: s.origin.sha256.clone(),
                })
                .collect(),
        }
    }
}
