//! What figures are measured in, and which way is better: known to metrics, reports and formats alike.

/// What a figure is measured in. Values are raw: seconds, fractions, milliseconds since 1970 for instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Text,
    Count,
    /// A fraction, 0 to 1.
    Share,
    Seconds,
    /// -100 to 100.
    Points,
    /// A plain number such as contacts per 100 orders.
    Number,
    /// A number near one, such as how many times as often: two decimals.
    Ratio,
    /// Milliseconds since 1970-01-01T00:00Z.
    Instant,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    Up,
    Down,
    Neither,
}
