//! Colour: few inks, one accent, never a meaning of its own.
//!
//! The only place that writes escape codes. Marks that carry the meaning are in `marks.rs`.

use crate::output::marks::Tone;

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ink {
    #[default]
    Plain,
    /// Titles and totals.
    Strong,
    /// What is read second: headings, what was before, notes.
    Quiet,
    /// Small charts and the titles of sections.
    Accent,
    /// A change or a target that is well.
    Good,
    /// One that is not.
    Bad,
    /// Ground of a matrix, 0 to 7.
    Shade(u8),
}

impl From<Tone> for Ink {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Plain => Self::Plain,
            Tone::Quiet => Self::Quiet,
            Tone::Good => Self::Good,
            Tone::Bad => Self::Bad,
        }
    }
}

/// Grounds of a matrix from faint to full in the 256 colours, each with the text colour that is read best on it.
const SHADES: [(u8, u8); 8] = [(235, 255), (237, 255), (23, 255), (30, 255), (37, 16), (73, 16), (116, 16), (152, 16)];

/// Paints, or does not.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    pub color: bool,
}

impl Paint {
    /// The text in an ink; the text alone where colour is off.
    pub fn with(self, ink: Ink, text: &str) -> String {
        match code(ink).filter(|_| self.color && !text.is_empty()) {
            Some(code) => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            None => text.to_owned(),
        }
    }
}

fn code(ink: Ink) -> Option<String> {
    let fixed = match ink {
        Ink::Plain => return None,
        Ink::Strong => "1",
        Ink::Quiet => "2",
        Ink::Accent => "36",
        Ink::Good => "32",
        Ink::Bad => "31",
        Ink::Shade(level) => {
            let (ground, text) = SHADES[usize::from(level).min(SHADES.len() - 1)];
            return Some(format!("48;5;{ground};38;5;{text}"));
        }
    };
    Some(fixed.to_owned())
}
