//! The words in which metrics are written: small expressions over the fact columns.
//!
//! Column names are those of `measure/columns.rs`. Shared by the families beside; no metric lives here.

use super::Context;
use super::hours::open_until;
use crate::settings::{Counted, Target};
use polars::prelude::{DataType, Expr, NULL, QuantileMethod, col, lit, when};

/// A fact that is true or false.
pub fn is(name: &str) -> Expr {
    col(name)
}

/// A fact that is there.
pub fn has(name: &str) -> Expr {
    col(name).is_not_null()
}

/// The value where a condition holds, else missing.
pub fn only(value: Expr, condition: Expr) -> Expr {
    when(condition).then(value).otherwise(lit(NULL))
}

/// How many rows a condition holds for.
pub fn count(condition: Expr) -> Expr {
    condition.sum().cast(DataType::Float64)
}

/// Rows of `part` that are also in `whole`, over those of `whole`; none of `whole` is missing (0 / 0).
pub fn share(part: Expr, whole: Expr) -> Expr {
    count(part.and(whole.clone())) / count(whole)
}

/// Milliseconds as seconds.
fn seconds(millis: Expr) -> Expr {
    millis / lit(1_000.0)
}

/// Linear interpolation between order statistics (Hyndman and Fan's type 7), of milliseconds, in seconds.
pub fn quantile(millis: Expr, at: f64) -> Expr {
    seconds(millis.quantile(lit(at), QuantileMethod::Linear))
}

/// Half within, 9 in 10 within, the mean and how many.
pub fn distribution(millis: &Expr) -> Vec<Expr> {
    vec![
        quantile(millis.clone(), 0.5),
        quantile(millis.clone(), 0.9),
        seconds(millis.clone().mean()),
        millis.clone().count().cast(DataType::Float64),
    ]
}

/// What is made of instants, given how to name one.
pub type InTime<'a> = dyn Fn(&dyn Fn(&str) -> Expr) -> Expr + 'a;

/// A condition or duration over instants, for each row in the time that its target is counted in: of the calendar, or
/// open hours where the flag is set. `of` is given how to name an instant.
pub fn in_own_time(flag: &str, targets: &[Target], of: &InTime) -> Expr {
    let calendar = of(&|name| col(name));
    if targets.iter().all(|target| target.clock == Counted::Calendar) {
        return calendar;
    }
    when(is(flag)).then(of(&open_until)).otherwise(calendar)
}

/// On a written channel.
pub fn on_written() -> Expr {
    is("on_written")
}

/// A written contact whose start is known to the minute, in a source that tells of replies.
pub fn precise_written() -> Expr {
    is("written")
}

/// A written contact that was still waiting for its first reply at the judging instant.
pub fn waiting() -> Expr {
    is("waiting")
}

/// In business time: how many of these no opening hours apply to.
pub fn without_hours(context: &Context, among: Expr) -> Option<Expr> {
    context.in_hours.then(|| count(is("without_hours").and(among)))
}

/// A written contact has its first human reply by the judging instant.
pub fn replied() -> Expr {
    is("replied")
}
