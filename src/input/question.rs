//! What only the user can say of a file, and the lines of `deskstat.toml` that say it.
//!
//! All files of a run that leave something open are named at once. A new question is made where it is seen, with the
//! sentence and the line that answers it.

use super::find::Found;
use super::source::last_name;
use super::trouble::Trouble;
use crate::notice::count;
use crate::quote::quoted;

/// What a file leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The sentence, without a cure.
    pub what: Trouble,
    /// The pattern of `[[source]]` that fits the file.
    file: String,
    /// What to write below it: `day_order = "dmy" # or "mdy"`.
    answer: String,
    /// Where else it may be said.
    or: Option<&'static str>,
}

impl Question {
    /// A question about a file, and the setting that answers it.
    pub fn new(found: &Found, what: Trouble, answer: impl Into<String>, or: Option<&'static str>) -> Self {
        Self { what, file: glob::Pattern::escape(last_name(&found.shown)), answer: answer.into(), or }
    }

    /// The block of the settings that answers it.
    pub fn lines(&self) -> [String; 3] {
        ["[[source]]".to_owned(), format!("file = {}", quoted(&self.file)), self.answer.clone()]
    }
}

/// All questions as one trouble, its cure to be pasted.
pub fn trouble(questions: &[Question]) -> Trouble {
    let what = match questions {
        [only] => only.what.clone(),
        several => {
            let all = Trouble::new(format!("{} leave open what only you can say", count(several.len(), "file")));
            several.iter().fold(all, |all, question| all.detail(question.what.line()))
        }
    };
    let mut hint = "say it in deskstat.toml".to_owned();
    if let Some(or) = questions.iter().find_map(|question| question.or) {
        hint.push_str(&format!(", or {or}"));
    }
    hint.push(':');
    let mut blocks: Vec<String> =
        questions.iter().map(|question| format!("\n  {}", question.lines().join("\n  "))).collect();
    blocks.dedup();
    what.hint(hint + &blocks.join("\n"))
}
