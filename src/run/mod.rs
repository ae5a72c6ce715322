//! The straight line, one short function a command. The only module that knows all others.
//!
//! What every command that reads needs is `gather.rs`. A new command is an arm here and a variant in `cli.rs`.

mod anonymise;
mod fail_if;
mod gather;
mod generate;
mod init;
mod notices;
mod outputs;
mod prepare;
mod profile;
mod pseudonymise;
mod rejects;
mod rows;
mod stale;
mod twice;
mod why;

use crate::cli::{CheckArgs, Cli, Command, ExplainArgs, ListArgs, ListWhat, OutputArgs, ReportArgs, TableArgs};
use crate::dimensions::{Dimension, Key};
use crate::filter::Condition;
use crate::notice::{Notice, count, did_you_mean};
use crate::output::{Content, FORMATS, Sink, choose};
use crate::period::{Anchors, Compare, Grain, Period};
use crate::report::figures::{self, Figure};
use crate::report::readings::Asked;
use crate::report::sections::{self, SECTIONS};
use crate::report::suppress::suppress;
use crate::report::{Provenance, Report, Section, Table, catalogue, check, formulas, ids, page};
use crate::rows::Rows;
use crate::settings::Settings;
use anyhow::{Error, Result, bail};
#[cfg(test)]
pub use gather::desk;
use gather::{Gathered, Needs, gather, gather_with};
use prepare::prepare;
use rayon::prelude::*;
use std::fmt;
use std::process::ExitCode;

/// How a run that wrote its report ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// `--strict`, and rows were left out.
    LeftOut,
    /// A `--fail-if` or `--stale-after` holds.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::LeftOut => 3,
            Outcome::Failed => 4,
        })
    }
}

/// What was typed cannot be meant: exit code 2.
#[derive(Debug)]
struct Usage(Error);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl std::error::Error for Usage {}

fn usage(error: Error) -> Error {
    Error::new(Usage(error))
}

/// 2 for what was typed wrongly, 1 for all else.
pub fn exit_code_of(error: &Error) -> ExitCode {
    ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
}

/// Carry out what was typed.
pub fn run(cli: &Cli) -> Result<Outcome> {
    match &cli.command {
        Command::Report(args) => report(args),
        Command::Table(args) => table(args),
        Command::Why(args) => why::why(args),
        Command::Interactions(args) => rows::interactions(args),
        Command::Customers(args) => rows::customers(args),
        Command::Check(args) => checked(args),
        Command::Init(args) => init::init(args),
        Command::Profile(args) => profile::profile(args),
        Command::List(args) => list(args),
        Command::Explain(args) => explain(args),
        Command::Generate(args) => generate::generate(&args.what),
    }
}

/// Open the destinations; a format that does not exist was typed wrongly, a file that cannot be written was not.
fn sink(output: &OutputArgs, content: Content) -> Result<Sink> {
    let format = output.format.as_deref();
    let files = output.output.iter().map(|file| Some(file.as_path())).chain([None]);
    for file in files.filter(|file| format.is_some() || file.is_some_and(|file| file.as_os_str() != "-")) {
        choose(format, file, content).map_err(usage)?;
    }
    let sink = Sink::open(format, &output.output, output.color, content)?;
    if output.excel { sink.for_excel().map_err(usage) } else { Ok(sink) }
}

fn conditions(texts: &[String]) -> Result<Vec<Condition>> {
    texts.iter().map(|text| Condition::parse(text)).collect::<Result<_>>().map_err(usage)
}

fn report(args: &ReportArgs) -> Result<Outcome> {
    let wanted = wanted_sections(&args.only, &args.skip, args.full).map_err(usage)?;
    let filters = conditions(&args.period.conditions)?;
    Period::parse(args.period.period.as_deref().unwrap_or("all"), Anchors::ANY).map_err(usage)?;
    Compare::parse(&args.period.compare, Anchors::ANY).map_err(usage)?;
    let prepared = prepare(&args.input)?;
    let fail_if = fail_if::of_report(&args.fail_if, &prepared.settings)?;
    let output = outputs::of_report(&args.output, &prepared.settings)?;
    let period = args.period.period.clone().or_else(|| prepared.settings.report.period.clone());
    let sink = sink(&output, Content::Report)?;
    let gathered = gather_with(prepared, &args.input, &filters, &output.output, Needs::default())?;
    let desk = &gathered.desk;
    let asked = asked(&gathered, period.as_deref().unwrap_or("last-week"), &args.period.compare)?;
    let mut out = gathered.titled(&asked, None);
    let sheet = sections::sheet(desk, &wanted, &asked)?;
    let section = |id: &&'static str| match SECTIONS.iter().find(|spec| spec.id == *id) {
        Some(spec) => sections::section(desk, spec, &sheet, &asked),
        None => page::page(desk, &sheet, &asked, &check::left_out(&gathered.inputs)),
    };
    out.sections = wanted.par_iter().map(section).collect::<Result<_>>()?;
    if let Some(under) = args.suppress_under {
        suppress(&mut out, under);
    }
    sink.report(&out)?;
    let failed = fail_if::failed(&gathered, &fail_if, &asked, args.suppress_under)?;
    let ended = gathered.finish(&args.input, failed)?;
    if let Some(note) = outputs::written(&args.output, &output, &out.provenance.period) {
        gathered.say(&note);
    }
    Ok(ended)
}

/// The ids of the sections to print, in the report's order.
fn wanted_sections(only: &[String], skip: &[String], full: bool) -> Result<Vec<&'static str>> {
    let all: Vec<&'static str> = std::iter::once(sections::PAGE_ONE).chain(SECTIONS.iter().map(|s| s.id)).collect();
    let is_depth = |id: &str| SECTIONS.iter().any(|spec| spec.full && spec.id == id);
    if let Some(unknown) = only.iter().chain(skip).find(|id| !all.contains(&id.as_str())) {
        let hint = did_you_mean(unknown, all.iter().copied());
        bail!("unknown section `{unknown}`\nhint: {hint}there are {}", all.join(", "));
    }
    let named = |list: &[String], id: &str| list.iter().any(|l| l == id);
    let shown = |id: &str| if only.is_empty() { full || !is_depth(id) } else { named(only, id) };
    Ok(all.into_iter().filter(|id| shown(id) && !named(skip, id)).collect())
}

/// What period and comparison mean for these data.
fn asked(gathered: &Gathered, period: &str, compare: &str) -> Result<Asked> {
    let timeline = &gathered.desk.timeline;
    let period = Period::parse(period, timeline.anchors).map_err(usage)?;
    let compare = Compare::parse(compare, timeline.anchors).map_err(usage)?;
    let compared = period.and_then(|p| p.compared(&compare));
    let newest = [period, compared].into_iter().flatten().max_by_key(|p| p.to);
    let lag = newest.map_or(0, |p| timeline.lag(p));
    Ok(Asked { period, compared, lag, steps_back: true })
}

fn table(args: &TableArgs) -> Result<Outcome> {
    let mut wanted = Vec::new();
    for text in &args.metrics {
        let new = Figure::parse_all(text).map_err(usage)?;
        wanted.extend(
            new.into_iter()
                .filter(|figure| !wanted.iter().any(|known: &Figure| known.column() == figure.column()))
                .collect::<Vec<_>>(),
        );
    }
    let by = figures::dimensions_of(&once(&args.by)).map_err(usage)?;
    check_column(args.sort.as_deref(), &by, &wanted).map_err(usage)?;
    check_formulas(args, &wanted).map_err(usage)?;
    if args.ids {
        ids::check(&wanted).map_err(usage)?;
    }
    Period::parse(&args.period, Anchors::ANY).map_err(usage)?;
    let fail_if = fail_if::parse_all(&args.fail_if)?;
    let filters = conditions(&args.conditions)?;
    let sink = sink(&args.output, if args.ids { Content::Rows } else { Content::Report })?;
    let names = by.iter().any(|dimension| dimension.key == Key::Customer);
    let needs = Needs { names, rows: args.ids, ..Needs::default() };
    let gathered = gather(&args.input, &filters, &args.output.output, needs)?;
    let asked = asked(&gathered, &args.period, "none")?;
    if args.ids {
        let rows = ids::rows(&gathered.desk, &wanted, &by, &asked)?;
        sink.rows(&Rows { about: gathered.titled(&asked, None), ..rows })?;
        return gathered.finish(&args.input, fail_if::failed(&gathered, &fail_if, &asked, args.suppress_under)?);
    }
    let mut table = if args.compare_formulas {
        formulas::compared(&gathered.desk, &asked)?
    } else {
        figures::build(&gathered.desk, &wanted, &by, &asked)?
    };
    table.id = "table".into();
    let mut out = gathered.titled(&asked, by.iter().filter_map(|d| d.grain()).min());
    out.sections.push(Section { id: "table".into(), tables: vec![table], ..Section::default() });
    if let Some(under) = args.suppress_under {
        suppress(&mut out, under);
    }
    for table in out.sections.iter_mut().flat_map(|section| &mut section.tables) {
        arrange(table, args.sort.as_deref(), args.limit);
    }
    sink.report(&out)?;
    gathered.finish(&args.input, fail_if::failed(&gathered, &fail_if, &asked, args.suppress_under)?)
}

/// Names in the order in which they were typed, each once.
fn once(ids: &[String]) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    for id in ids {
        if !out.contains(&id.as_str()) {
            out.push(id);
        }
    }
    out
}

/// Sort by a column and cut; missing values come last either way.
fn arrange(table: &mut Table, sort: Option<&str>, limit: Option<usize>) {
    let (name, down) =
        sort.map_or(("", false), |column| column.strip_prefix('-').map_or((column, false), |name| (name, true)));
    if let Some(at) = table.columns.iter().position(|c| c.id == name) {
        table.rows.sort_by(|a, b| {
            let (a, b) = (&a.cells[at].value, &b.cells[at].value);
            match (a.as_f64(), b.as_f64()) {
                (Some(a), Some(b)) if down => b.total_cmp(&a),
                (Some(a), Some(b)) => a.total_cmp(&b),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) if down => b.as_text().cmp(a.as_text()),
                (None, None) => a.as_text().cmp(b.as_text()),
            }
        });
    }
    table.rows.truncate(limit.unwrap_or(usize::MAX));
}

/// Formulas are of the service level, and of nothing beside it.
fn check_formulas(args: &TableArgs, figures: &[Figure]) -> Result<()> {
    let alone = args.by.is_empty() && figures.iter().all(|figure| figure.metric.id == "service_level");
    if args.compare_formulas && !alone {
        bail!(
            "--compare-formulas is for the service level alone\nhint: write `--metrics service_level --compare-formulas`, without --by; --where chooses the calls"
        );
    }
    Ok(())
}

/// The column to sort by must be one of the table's.
fn check_column(sort: Option<&str>, by: &[&'static Dimension], figures: &[Figure]) -> Result<()> {
    let ids: Vec<String> = by.iter().map(|d| d.id.to_owned()).chain(figures.iter().map(Figure::column)).collect();
    match sort.map(|column| column.strip_prefix('-').unwrap_or(column)) {
        Some(name) if !ids.iter().any(|id| id == name) => {
            let hint = did_you_mean(name, ids.iter().map(String::as_str));
            bail!("the table has no column `{name}` to sort by\nhint: {hint}its columns are {}", ids.join(", "))
        }
        _ => Ok(()),
    }
}

/// All that the exports hold.
const EVERYTHING: Asked = Asked { period: None, compared: None, lag: 0, steps_back: true };

/// Stands for as-of where nothing has a date.
const UNDATED: i64 = 0;

fn checked(args: &CheckArgs) -> Result<Outcome> {
    let sink = sink(&args.output, Content::Report)?;
    let gathered = gather(
        &args.input,
        &[],
        &args.output.output,
        Needs { rows: true, undated: Some(UNDATED), ..Needs::default() },
    )?;
    let mut out = gathered.titled(&EVERYTHING, None);
    if gathered.desk.timeline.as_of == UNDATED {
        out.subtitle = "no row has a date that could be read".into();
    }
    let samples = gather::check_own_profiles(&args.input, &gathered.desk.settings)?;
    samples.iter().for_each(|notice| gathered.say(notice));
    out.notices.extend(samples);
    out.sections = check::sections(&gathered.inputs, &gathered.identity, &gathered.desk, !args.input.pseudonymise);
    sink.report(&out)?;
    gathered.finish(&args.input, false)
}

fn list(args: &ListArgs) -> Result<Outcome> {
    let answer = match args.what {
        ListWhat::Metrics => catalogue::metrics(),
        ListWhat::Dimensions => catalogue::dimensions(),
        ListWhat::Sections => catalogue::sections(),
        ListWhat::Formats => catalogue::formats(FORMATS.iter().map(|f| (f.name, f.extensions, f.help))),
        ListWhat::Profiles => catalogue::profiles(&gather::profiles(&Settings::default())?),
    };
    sink(&args.output, Content::Report)?.report(&answer)?;
    Ok(Outcome::Done)
}

fn explain(args: &ExplainArgs) -> Result<Outcome> {
    let answer = catalogue::explain(&args.name, &gather::profiles(&Settings::default())?).map_err(usage)?;
    sink(&args.output, Content::Report)?.report(&answer)?;
    Ok(Outcome::Done)
}

/// What a report is called and where its numbers come from.
impl Gathered {
    fn titled(&self, asked: &Asked, split: Option<Grain>) -> Report {
        let timeline = &self.desk.timeline;
        let zone = timeline.zone.name();
        let what = asked.period.map_or_else(|| "All data".to_owned(), Period::title);
        let window = asked.window(&self.desk);
        let cut = match split {
            Some(grain) => {
                timeline.cut_label(&timeline.split(&window, grain)).map(|cut| format!(", each {} {cut}", grain.word()))
            }
            None => timeline.cut_label(&window).map(|cut| format!(" {cut}")),
        };
        let cut = cut.unwrap_or_default();
        let to = timeline.zone.civil(timeline.as_of).strftime("data to %a %-d %b %H:%M").to_string();
        let period = asked.period.map_or_else(|| "all".to_owned(), Period::name);
        let compared = asked.compared.map_or_else(String::new, Period::name);
        Report {
            title: format!("{what}{cut}, {zone}"),
            subtitle: to,
            provenance: Provenance { period, compared, ..self.provenance() },
            sections: Vec::new(),
            notices: self.notices.clone(),
        }
    }

    /// Tell what was left out, and how the run ended.
    fn finish(&self, args: &crate::cli::InputArgs, failed: bool) -> Result<Outcome> {
        for notice in &self.notices {
            self.say(notice);
        }
        self.say_stats();
        let failed = stale::stale(self) || failed;
        let rejected = self.inputs.rejects.iter().filter(|r| r.whole_row).count();
        if args.strict && rejected > 0 && !failed {
            self.say(&Notice::warning(format!("{} left out, and --strict was given", count(rejected, "row"))));
        }
        Ok(if failed {
            Outcome::Failed
        } else if args.strict && rejected > 0 {
            Outcome::LeftOut
        } else {
            Outcome::Done
        })
    }
}
