//! How texts are held: words with few distinct values as codes, record numbers in one buffer.
//!
//! No meaning here; what a column's words are is said in `interaction.rs`, and columns are in `columns.rs`.

use rustc_hash::FxHashMap;
use std::sync::Arc;

/// No word, no text: the code of an empty cell.
pub const NO_WORD: u32 = u32::MAX;

/// Distinct texts and their codes, in order of first appearance.
#[derive(Debug, Clone, Default)]
pub struct Words {
    codes: FxHashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Words {
    /// The code of a text, made if it is new. Empty text has none.
    pub fn code(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return NO_WORD;
        }
        if let Some(&code) = self.codes.get(text) {
            return code;
        }
        let code = u32::try_from(self.texts.len()).unwrap_or(NO_WORD);
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.codes.insert(text, code);
        code
    }

    /// The code of a text that is there.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.codes.get(text).copied()
    }

    /// The text of a code.
    pub fn text(&self, code: u32) -> Option<&str> {
        self.texts.get(code as usize).map(AsRef::as_ref)
    }

    /// How many distinct texts there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// All texts, by code.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }
}

/// Many short texts in one buffer.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    buffer: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Add one; empty means missing.
    pub fn push(&mut self, text: &str) {
        self.buffer.push_str(text);
        self.ends.push(self.buffer.len());
    }

    /// So many missing ones.
    pub fn missing(rows: usize) -> Self {
        Self { buffer: String::new(), ends: vec![0; rows] }
    }

    /// Add all of another buffer after these.
    pub fn append(&mut self, more: &Self) {
        let offset = self.buffer.len();
        self.buffer.push_str(&more.buffer);
        self.ends.extend(more.ends.iter().map(|end| end + offset));
    }

    /// One text; empty where it is missing.
    pub fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.buffer[start..self.ends[row]]
    }
}
