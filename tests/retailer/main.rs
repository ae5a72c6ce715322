//! Writes the sample data: `retailer --out DIR [--interactions N] [--weeks 26] [--seed 20261115]`.

use std::io;
use std::path::PathBuf;
use std::str::FromStr;

#[path = "mod.rs"]
mod retailer;

fn main() -> io::Result<()> {
    let mut size = retailer::Size::default();
    let mut out = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| wrong(&name, "has no value"))?;
        match name.as_str() {
            "--out" => out = Some(PathBuf::from(value)),
            "--interactions" => size.interactions = number(&name, &value)?,
            "--weeks" => size.weeks = number(&name, &value)?,
            "--seed" => size.seed = number(&name, &value)?,
            _ => return Err(wrong(&name, "is unknown")),
        }
    }
    let out = out.ok_or_else(|| wrong("--out DIR", "is missing"))?;
    retailer::write(&out, &size)
}

fn number<T: FromStr>(name: &str, value: &str) -> io::Result<T> {
    value.parse().map_err(|_| wrong(name, "needs a whole number"))
}

fn wrong(name: &str, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("{name} {what}"))
}
