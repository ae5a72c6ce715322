//! How a destination is written: width and colour of text, whether notices stand at its foot, CSV for spreadsheets.
//!
//! Decided once per destination from flags, environment and terminal; what is drawn is in `terminal/`.

use std::io::IsTerminal;

/// Where nothing says how wide a line may be.
const PIPED: usize = 80;
const NARROWEST: usize = 40;
const WIDEST: usize = 200;

/// What `--color` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    /// In a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    Always,
    Never,
}

/// How a destination is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of the widest line.
    pub width: usize,
    /// Whether ANSI colours are used; nothing is said by colour alone.
    pub color: bool,
    /// Whether notices stand at the foot: in files, which go on without what standard error said.
    pub notices: bool,
    /// Whether CSV is for spreadsheets: marked as UTF-8, and without formulas.
    pub excel: bool,
}

impl Style {
    /// Of standard output.
    pub fn stdout(color: Color) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let columns = if terminal { terminal_size::terminal_size().map(|(w, _)| usize::from(w.0)) } else { None };
        Self::resolve(color, terminal, columns, |name| std::env::var(name).ok())
    }

    /// Of a file.
    pub fn file(color: Color) -> Self {
        Self { notices: true, ..Self::resolve(color, false, None, |name| std::env::var(name).ok()) }
    }

    /// `COLUMNS` wins over the terminal's own answer, because somebody exported it; `--color always` wins over
    /// `NO_COLOR`, because somebody typed it.
    fn resolve(color: Color, terminal: bool, columns: Option<usize>, var: impl Fn(&str) -> Option<String>) -> Self {
        let exported = var("COLUMNS").and_then(|c| c.trim().parse().ok()).filter(|&c| c > 0);
        let plain = var("NO_COLOR").is_some_and(|v| !v.is_empty()) || var("TERM").is_some_and(|t| t == "dumb");
        Self {
            width: exported.or(columns).unwrap_or(PIPED).clamp(NARROWEST, WIDEST),
            color: match color {
                Color::Auto => terminal && !plain,
                Color::Always => true,
                Color::Never => false,
            },
            notices: false,
            excel: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_is_the_exported_one_then_the_terminals_then_80() {
        let width = |terminal, columns, exported: &str| {
            let var = |name: &str| (name == "COLUMNS" && !exported.is_empty()).then(|| exported.to_owned());
            Style::resolve(Color::Auto, terminal, columns, var).width
        };
        assert_eq!(width(false, None, ""), 80);
        assert_eq!(width(true, Some(132), ""), 132);
        assert_eq!(width(true, Some(132), "100"), 100);
        assert_eq!(width(true, Some(132), "wide"), 132);
        assert_eq!((width(true, Some(9), ""), width(true, Some(900), "")), (40, 200));
    }

    #[test]
    fn colour_is_for_terminals_and_for_those_who_ask() {
        let color = |flag, terminal, no_color: &str| {
            let var = |name: &str| (name == "NO_COLOR").then(|| no_color.to_owned());
            Style::resolve(flag, terminal, None, var).color
        };
        assert!(color(Color::Auto, true, ""));
        assert!(!color(Color::Auto, true, "1"));
        assert!(!color(Color::Auto, false, ""));
        assert!(color(Color::Always, false, "1"));
        assert!(!color(Color::Never, true, ""));
    }
}
