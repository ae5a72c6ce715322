//! What only the user can say of a file, and the lines of `deskstat.toml` that say it.
//!
//! All files of a run that leave something open are named at once. A new question is one function here, with the sentence and
//! the line that answers it.

use super::find::Found;
use super::trouble::Trouble;
use crate::notice::{count, shown};
use crate::quote::quoted;
use crate::settings::SourceSettings;

/// What a file leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The sentence, without a cure.
    pub what: Trouble,
    /// The pattern of `[[source]]` that fits the file, and whether the settings have it.
    file: String,
    is_there: bool,
    /// What to write below it. As long as nobody has answered, it is refused: a guess would be believed.
    answer: String,
    /// Where else it may be said.
    or: Option<&'static str>,
}

/// The file that leaves something open, and what the settings say of it.
type Asked<'a> = (&'a Found, Option<&'a SourceSettings>);

impl Question {
    fn new((found, own): Asked, what: Trouble, answer: &str, or: Option<&'static str>) -> Self {
        // Without its folders, as patterns of the settings may be.
        let name = found.name.rsplit('/').next().unwrap_or(&found.name);
        let name = || glob::Pattern::escape(found.sheet.as_deref().unwrap_or(name));
        let file = own.map_or_else(name, |own| own.file.clone());
        Self { what, file, is_there: own.is_some(), answer: answer.to_owned(), or }
    }

    /// Dates of a column may be day first or month first; whether its profile is the user's own.
    pub fn day_order(asked: Asked, column: &str, own: bool) -> Self {
        let file = &asked.0.shown;
        let what = Trouble::new(format!("the dates of column `{column}` in `{file}` may be day/month or month/day"));
        let or = own.then_some("in the profile: day_order under [read]");
        Self::new(asked, what, "day_order = \"?\" # \"dmy\" if the day comes first, \"mdy\" if the month does", or)
    }

    /// A chat does not say which of its senders is the company.
    pub fn who_are_we(asked: Asked, senders: &[String]) -> Self {
        let named: Vec<String> = senders.iter().map(|sender| format!("`{}`", shown(sender))).collect();
        let what = format!("`{}` is a chat, and nothing says which of its senders is you", asked.0.shown);
        let what = Trouble::new(what).detail(format!("there write {}", named.join(", ")));
        Self::new(asked, what, "us = [\"your name there\"]", None)
    }

    /// The block of the settings that answers it; of one that is there already, the line that it lacks.
    pub fn lines(&self) -> Vec<String> {
        let file = format!("file = {}", quoted(&self.file));
        match self.is_there {
            true => vec![format!("# below {file}, which is there already:"), self.answer.clone()],
            false => vec!["[[source]]".to_owned(), file, self.answer.clone()],
        }
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
