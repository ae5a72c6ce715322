//! `--pseudonymise`: customers get pseudonyms before anything is printed of them.
//!
//! After the join, which needs what they are called, each of their keys is replaced by a keyed hash of its text in every
//! table, so that the same key has the same pseudonym wherever the same secret is used; names are dropped, and so is
//! all text of rows left out. Numbers of tickets and orders stay, and so do topics, tags and agents.

use super::usage;
use crate::cli::InputArgs;
use crate::identity::{Identity, KeyKind};
use crate::input::{Inputs, hex};
use crate::notice::Notice;
use crate::settings::Settings;
use anyhow::{Context, Result, anyhow};
use sha2::{Digest, Sha256};

/// A secret shorter than this can be guessed.
const SHORTEST: usize = 16;
/// What SHA-256 takes in at once.
const BLOCK: usize = 64;
/// How many digits a pseudonym has: enough for a billion customers.
const DIGITS: usize = 16;

/// HMAC-SHA-256 with a secret (RFC 2104). The crate `hmac` would turn on a feature of `digest`, and so build polars anew.
#[derive(Clone)]
pub struct Pseudonyms {
    inner: Sha256,
    outer: Sha256,
}

/// The secret, if pseudonyms are asked for; without one they are refused, for anybody could undo them.
pub fn asked_for(args: &InputArgs, settings: &Settings) -> Result<Option<Pseudonyms>> {
    if !args.pseudonymise {
        return Ok(None);
    }
    if args.rejects.is_some() {
        let what = "--rejects writes rows as they stand, and --pseudonymise lets nothing through as it stands";
        return Err(usage(anyhow!("{what}\nhint: leave one of them out")));
    }
    let set = || settings.key_file.as_ref().map(|path| settings.resolve(path));
    let Some(path) = args.key_file.clone().or_else(set) else {
        let how = "make a secret once, `openssl rand -hex 32 > deskstat.key`, and name it: --key-file deskstat.key";
        return Err(usage(anyhow!("pseudonyms need a secret, or anybody could undo them\nhint: {how}")));
    };
    let shown = path.display();
    let text = std::fs::read(&path).with_context(|| format!("cannot read the secret `{shown}`"))?;
    let secret = text.trim_ascii();
    if secret.len() < SHORTEST {
        let what = format!("the secret in `{shown}` is shorter than {SHORTEST} characters");
        return Err(usage(anyhow!("{what}\nhint: make a longer one: `openssl rand -hex 32`")));
    }
    Ok(Some(Pseudonyms::new(secret)))
}

impl Pseudonyms {
    fn new(secret: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        let short = if secret.len() > BLOCK { &Sha256::digest(secret)[..] } else { secret };
        block[..short.len()].copy_from_slice(short);
        let started = |pad: u8| Sha256::new().chain_update(block.map(|byte| byte ^ pad));
        Self { inner: started(0x36), outer: started(0x5c) }
    }

    /// The pseudonym of a text. The letter keeps spreadsheets from reading a number.
    pub fn of(&self, text: &str) -> String {
        let inner = self.inner.clone().chain_update(text).finalize();
        let hash = hex(&self.outer.clone().chain_update(inner).finalize());
        format!("p{}", &hash[..DIGITS])
    }

    /// What tells two secrets apart, and nothing else of them.
    pub fn name(&self) -> String {
        self.of("")
    }

    /// No text of a row left out is kept, nor of a cell that a message quotes.
    pub fn rejects(inputs: &mut Inputs) {
        inputs.notices.iter_mut().for_each(Notice::forget_cell);
        for reject in &mut inputs.rejects {
            reject.text.clear();
            reject.record.clear();
        }
    }

    /// Nothing is left of what customers are called.
    pub fn customers(&self, inputs: &mut Inputs, identity: &mut Identity) {
        for table in &mut inputs.tables {
            KeyKind::ALL.iter().for_each(|kind| table.reword(kind.column(), |text| self.of(text)));
            table.drop("customer_name");
        }
        identity.reword(|text| self.of(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_rfc_4231() {
        let of = |secret: &[u8], text: &str| Pseudonyms::new(secret).of(text);
        assert_eq!(of(&[0x0b; 20], "Hi There"), "pb0344c61d8db3853");
        assert_eq!(of(b"Jefe", "what do ya want for nothing?"), "p5bdcc146bf60754e");
        let long = "Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(of(&[0xaa; 131], long), "p60e431591ee0b67f");
    }
}
