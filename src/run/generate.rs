//! `generate`: shell completions and manual pages, made of the command line's own definitions.

use super::{Outcome, usage};
use crate::cli::{Cli, Generate};
use crate::notice::did_you_mean;
use anyhow::{Context, Result, anyhow};
use clap::CommandFactory;
use std::io::{self, ErrorKind, Write};

/// Print what is asked for.
pub fn generate(what: &Generate) -> Result<Outcome> {
    let mut out = Vec::new();
    match what {
        Generate::Completions { shell } => {
            clap_complete::generate(*shell, &mut Cli::command(), env!("CARGO_PKG_NAME"), &mut out);
        }
        Generate::Man { command } => {
            let version = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
            clap_mangen::Man::new(page_of(command.as_deref())?).source(version).render(&mut out)?;
        }
    }
    match io::stdout().write_all(&out) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write"),
        _ => Ok(Outcome::Done),
    }
}

/// The command that a page is about.
fn page_of(name: Option<&str>) -> Result<clap::Command> {
    let mut all = Cli::command();
    all.build();
    let Some(name) = name else { return Ok(all) };
    if let Some(found) = all.find_subcommand(name) {
        return Ok(found.clone());
    }
    let names = all.get_subcommands().filter(|command| !command.is_hide_set()).map(clap::Command::get_name);
    let names: Vec<&str> = names.collect();
    let hint = did_you_mean(name, names.iter().copied());
    Err(usage(anyhow!("there is no command `{name}`\nhint: {hint}there are {}", names.join(", "))))
}
