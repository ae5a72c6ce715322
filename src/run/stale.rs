//! `--stale-after`: whether the data end too long ago. The one place that asks for the time of day, and only where
//! that was asked for; no report knows of it.

use super::UNDATED;
use super::gather::Gathered;
use crate::notice;
use jiff::Timestamp;

/// Whether they do; told on standard error, quiet or not.
pub fn stale(gathered: &Gathered) -> bool {
    let Some(limit) = gathered.desk.settings.stale_after else { return false };
    let timeline = &gathered.desk.timeline;
    if timeline.as_of == UNDATED {
        return false;
    }
    let age = Timestamp::now().as_millisecond().saturating_sub(timeline.as_of);
    let is_stale = age > limit.0;
    if is_stale {
        let to = timeline.zone.civil(timeline.as_of).strftime("%a %-d %b %Y %H:%M");
        notice::tell(&format_args!("failed: the data end {to}, which is longer ago than {limit}"));
    }
    is_stale
}
