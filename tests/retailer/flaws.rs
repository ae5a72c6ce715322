//! What goes wrong in real exports, at a steady rate and in turn.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A day that no calendar has.
    ImpossibleDate,
    /// Words where the start should be.
    NotADate,
    /// No start at all.
    NoStart,
    /// More cells than the header names.
    ExtraCells,
    /// An end before the beginning.
    Backwards,
}

const IN_TURN: [Flaw; 5] = [Flaw::ImpossibleDate, Flaw::NotADate, Flaw::ExtraCells, Flaw::NoStart, Flaw::Backwards];

/// Spoils one row in `every`, each time in the next way.
pub struct Flaws {
    every: u64,
    row: u64,
}

impl Flaws {
    pub fn one_in(every: u64) -> Self {
        Self { every, row: 0 }
    }

    pub fn next(&mut self) -> Option<Flaw> {
        self.row += 1;
        let turn = (self.row / self.every) as usize % IN_TURN.len();
        (self.row % self.every == self.every / 2).then_some(IN_TURN[turn])
    }
}

/// The text of a start, spoilt where the flaw is one of the start; `impossible` is the vendor's
/// spelling of a day that does not exist.
pub fn start(flaw: Option<Flaw>, impossible: &str, good: String) -> String {
    match flaw {
        Some(Flaw::ImpossibleDate) => impossible.to_owned(),
        Some(Flaw::NotADate) => "n/a".to_owned(),
        Some(Flaw::NoStart) => String::new(),
        _ => good,
    }
}
