//! `Trouble`: what cannot go on, said with its details and its cure.
//!
//! Bad rows and cells are no trouble: they are `Reject`s. New trouble is made where it is seen, with
//! `Trouble::new(what).detail(…).hint(…)`; it becomes `anyhow::Error` by itself, and `main` prints it.

use std::fmt;

/// An error in the voice of the tool: one sentence, then indented details, then one hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub what: String,
    pub details: Vec<String>,
    pub hint: Option<String>,
}

impl Trouble {
    /// One sentence in lower case, no full stop.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), details: Vec::new(), hint: None }
    }

    /// One more line below the sentence.
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// The cure.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The sentence and its details in one line, as a notice has them.
    pub fn line(&self) -> String {
        let mut line = self.what.clone();
        for detail in &self.details {
            line.push_str("; ");
            line.push_str(detail);
        }
        line
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.details.iter().try_for_each(|detail| write!(f, "\n  {detail}"))?;
        self.hint.iter().try_for_each(|hint| write!(f, "\nhint: {hint}"))
    }
}

impl std::error::Error for Trouble {}
