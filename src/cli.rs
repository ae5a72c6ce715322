//! The command line: exactly what was typed. No I/O, no meaning; `run/` gives it both.
//!
//! A new option is a field here with its help; what it does is decided where it is used.

use crate::examples;
use crate::output::Color;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::num::NonZeroUsize;
use std::path::PathBuf;

const AFTER: &str = "\
Exit codes: 0 done · 1 could not go on, nothing written · 2 wrong usage · 3 written, but --strict found rows left out \
· 4 written, and a --fail-if or --stale-after holds.

Without INPUT, the inputs of deskstat.toml are read. Settings are --config FILE, else deskstat.toml in the input \
folder, in the working folder, or in the user's config folder.

`deskstat COMMAND --help` shows examples.";

/// Customer-support exports in, trustworthy reports out.
#[derive(Debug, Parser)]
#[command(name = "deskstat", version, about, after_help = AFTER, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The Monday report: last full week against the one before.
    #[command(after_help = examples::REPORT)]
    Report(ReportArgs),
    /// Any metric by any dimension.
    #[command(after_help = examples::TABLE)]
    Table(TableArgs),
    /// Why a figure moved: mix against what changed within the groups.
    #[command(after_help = examples::WHY)]
    Why(WhyArgs),
    /// The joined rows, one an interaction: for pivots and drill-down.
    #[command(after_help = examples::INTERACTIONS)]
    Interactions(RowsArgs),
    /// One row a customer, or why two keys are one customer.
    #[command(after_help = examples::CUSTOMERS)]
    Customers(CustomersArgs),
    /// What was recognised, joined, left out, suspicious.
    #[command(after_help = examples::CHECK)]
    Check(CheckArgs),
    /// A commented deskstat.toml, filled with what the exports show.
    #[command(after_help = examples::INIT)]
    Init(InitArgs),
    /// A mapping drafted for an export that no profile reads.
    #[command(after_help = examples::PROFILE)]
    Profile(ProfileArgs),
    /// What there is: metrics, dimensions, sections, profiles or formats.
    #[command(after_help = examples::LIST)]
    List(ListArgs),
    /// What a metric or a dimension means and needs, or what a profile gives.
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArgs),
    /// Completions and manual pages, made of the definitions above.
    #[command(hide = true, after_help = examples::GENERATE)]
    Generate(GenerateArgs),
}

/// What to read and how.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Files, folders, globs, `-` for standard input; gzip, ZIP and Excel workbooks are read as they are.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// Read with this profile: a TOML file, or the name of a built-in one.
    #[arg(long, value_name = "FILE")]
    pub profile: Vec<PathBuf>,
    /// Of workbooks, read this sheet: its name, or its number from 1; may be repeated; default: the first that is known.
    #[arg(long, value_name = "SHEET")]
    pub sheet: Vec<String>,
    /// Settings, instead of deskstat.toml where it is looked for.
    #[arg(long, value_name = "FILE", env = "DESKSTAT_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// Judge state at this instant: 2026-11-15, 2026-11-15T18:00, with or without a zone.
    #[arg(long, value_name = "INSTANT")]
    pub as_of: Option<String>,
    /// The report's time zone, such as Europe/London.
    #[arg(long, value_name = "ZONE", env = "DESKSTAT_TZ", hide_env_values = true)]
    pub tz: Option<String>,
    /// Write every row and cell left out, as it stood, to this file.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Data that end longer ago than this, such as 8d, are an error: exit code 4 (the report is written all the same).
    #[arg(long, value_name = "SPAN")]
    pub stale_after: Option<String>,
    /// Rows left out are an error: exit code 3 (the report is written all the same).
    #[arg(long)]
    pub strict: bool,
    /// Number the agents instead of naming them.
    #[arg(long)]
    pub anonymise_agents: bool,
    /// Pseudonyms instead of customers' numbers, addresses and names; --where and --explain take them too.
    #[arg(long)]
    pub pseudonymise: bool,
    /// The secret that pseudonyms are made with: the same file, the same pseudonyms.
    #[arg(long, value_name = "FILE", env = "DESKSTAT_KEY_FILE", hide_env_values = true)]
    pub key_file: Option<PathBuf>,
    /// No notices on standard error.
    #[arg(long, short)]
    pub quiet: bool,
    /// No progress bar.
    #[arg(long)]
    pub no_progress: bool,
    /// Read and join with so many threads; default: one a core.
    #[arg(long, value_name = "N", env = "DESKSTAT_THREADS", hide_env_values = true, value_parser = threads)]
    pub threads: Option<NonZeroUsize>,
    /// Say on standard error how long each stage took and how many bytes a row takes.
    #[arg(long)]
    pub stats: bool,
}

/// Which rows count.
#[derive(Debug, Args)]
pub struct PeriodArgs {
    /// last-week, this-month, last-4-weeks, all, 2026-W46, 2026-10, 2026-10-01..2026-10-31.
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// previous, year-ago, none or a period.
    #[arg(long, value_name = "PERIOD", default_value = "previous")]
    pub compare: String,
    /// Count only rows where this holds: channel=email,chat · priority!=low · wait>=60; may be repeated.
    #[arg(long = "where", value_name = "CONDITION")]
    pub conditions: Vec<String>,
}

/// Where the answer goes.
#[derive(Debug, Clone, Args)]
pub struct OutputArgs {
    /// As `deskstat list formats` names it; default: by the extension of -o, else text, or CSV for rows.
    #[arg(long, short, value_name = "FORMAT")]
    pub format: Option<String>,
    /// CSV for spreadsheets: marked as UTF-8, and no cell is taken for a formula.
    #[arg(long)]
    pub excel: bool,
    /// Write to this file, beside it first and renamed when done; {period} in its name becomes 2026-W46; may be repeated.
    #[arg(long, short, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// When to use colour; `NO_COLOR` is honoured.
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
}

#[derive(Debug, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub period: PeriodArgs,
    /// Only these sections; may be repeated or separated by commas.
    #[arg(long, value_name = "SECTION", value_delimiter = ',')]
    pub only: Vec<String>,
    /// All sections, those of depth too; `list sections` says which they are.
    #[arg(long)]
    pub full: bool,
    /// All but these sections.
    #[arg(long, value_name = "SECTION", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Leave out figures of fewer rows or customers than this, but for zero.
    #[arg(long, value_name = "N")]
    pub suppress_under: Option<u64>,
    /// Exit with 4 if this holds: `response_sla<80%`, `frt_p50>2h if unusual`, `contacts unusual`; may be repeated.
    #[arg(long, value_name = "CONDITION")]
    pub fail_if: Vec<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct TableArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// Dimensions, separated by commas: channel,week.
    #[arg(long, value_name = "DIMENSIONS", value_delimiter = ',')]
    pub by: Vec<String>,
    /// Metrics or their columns, separated by commas: `contacts,frt_p50,fcr`.
    #[arg(long, value_name = "METRICS", value_delimiter = ',', default_value = "contacts")]
    pub metrics: Vec<String>,
    /// With `--metrics service_level`: by each of the seven formulas in use.
    #[arg(long)]
    pub compare_formulas: bool,
    /// Default: all that the exports hold.
    #[arg(long, value_name = "PERIOD", default_value = "all")]
    pub period: String,
    /// Count only rows where this holds; may be repeated.
    #[arg(long = "where", value_name = "CONDITION")]
    pub conditions: Vec<String>,
    /// The interactions behind each count, a row each, in place of the counts.
    #[arg(long, conflicts_with_all = ["compare_formulas", "sort", "limit"])]
    pub ids: bool,
    /// Sort by this column; a minus before it sorts downwards.
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// At most this many rows.
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Leave out figures of fewer rows or customers than this, but for zero.
    #[arg(long, value_name = "N", conflicts_with = "ids")]
    pub suppress_under: Option<u64>,
    /// Exit with 4 if this holds for the total: `response_sla<80%`, `contacts unusual`; may be repeated.
    #[arg(long, value_name = "CONDITION")]
    pub fail_if: Vec<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct WhyArgs {
    /// The figure to take apart: `contacts`, `frt_p50`, `csat`; a metric stands for its first column.
    pub metric: String,
    #[command(flatten)]
    pub input: InputArgs,
    /// The groups, by dimensions separated by commas: channel,topic.
    #[arg(long, value_name = "DIMENSIONS", value_delimiter = ',', default_value = "channel")]
    pub by: Vec<String>,
    #[command(flatten)]
    pub period: PeriodArgs,
    /// Leave out figures of fewer rows or customers than this, but for zero.
    #[arg(long, value_name = "N")]
    pub suppress_under: Option<u64>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Which rows, and which of their columns.
#[derive(Debug, Args)]
#[group(id = "rows", multiple = true)]
pub struct ChosenArgs {
    /// Only interactions where this holds, and their customers; may be repeated.
    #[arg(long = "where", value_name = "CONDITION")]
    pub conditions: Vec<String>,
    /// These columns in this order, separated by commas; default: all that are filled.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub columns: Vec<String>,
}

#[derive(Debug, Args)]
pub struct RowsArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub rows: ChosenArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct CustomersArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub rows: ChosenArgs,
    /// Say which keys joined whom: an e-mail address, a phone number, any key.
    #[arg(long, value_name = "KEY", conflicts_with = "rows")]
    pub explain: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct InitArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// Write to this new file; default: deskstat.toml in the working folder.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ProfileArgs {
    /// The export: CSV, JSON or XLSX.
    #[arg(value_name = "FILE", required_unless_present = "like")]
    pub file: Option<String>,
    /// Write the profile to this new file, and show what was found; default: the profile alone, to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Call the profile so; default: as the file is called.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// What a row is: interactions, customers, surveys, orders or events; default: what it seems to be.
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Draft one though a known profile reads the file.
    #[arg(long)]
    pub anyway: bool,
    /// Of a workbook, look at this sheet: its name, or its number from 1.
    #[arg(long, value_name = "SHEET")]
    pub sheet: Option<String>,
    /// Print this built-in profile instead, to begin with.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["file", "name", "kind", "anyway", "sheet"])]
    pub like: Option<String>,
    /// Settings, instead of deskstat.toml where it is looked for.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    #[arg(value_enum)]
    pub what: ListWhat,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListWhat {
    Metrics,
    Dimensions,
    Sections,
    Profiles,
    Formats,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A metric, one of its columns, a dimension, a canonical column, or a profile.
    pub name: String,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct GenerateArgs {
    #[command(subcommand)]
    pub what: Generate,
}

#[derive(Debug, Subcommand)]
pub enum Generate {
    /// What completes a command line in this shell.
    Completions { shell: Shell },
    /// The manual page of deskstat, or of one of its commands.
    Man { command: Option<String> },
}

/// How many threads were asked for.
fn threads(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "write a whole number from 1")
}
