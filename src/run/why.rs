//! `deskstat why`: a figure's change between two periods, taken apart by groups.
//!
//! How it is taken apart is `report/why/`.

use super::gather::{Needs, gather};
use super::{Outcome, asked, conditions, once, sink, usage};
use crate::cli::WhyArgs;
use crate::dimensions::{Dimension, Key};
use crate::output::Content;
use crate::period::{Anchors, Compare, Period};
use crate::report::figures::{self, Figure};
use crate::report::suppress::suppress;
use crate::report::why;
use anyhow::{Result, anyhow, bail};

/// Carry it out.
pub fn why(args: &WhyArgs) -> Result<Outcome> {
    let figure = Figure::parse(&args.metric).map_err(usage)?;
    let Some(&figure) = figure.first() else { return Ok(Outcome::Done) };
    why::kind(figure).map_err(usage)?;
    let by = groups_of(&args.by).map_err(usage)?;
    let filters = conditions(&args.period.conditions)?;
    let (period, compare) = (args.period.period.as_deref().unwrap_or("last-week"), &args.period.compare);
    let two = Period::parse(period, Anchors::ANY).map_err(usage)?.is_some()
        && Compare::parse(compare, Anchors::ANY).map_err(usage)? != Compare::Nothing;
    if !two {
        return Err(usage(anyhow!(
            "why compares two periods\nhint: name one that has another before it, such as --period last-4-weeks"
        )));
    }
    let sink = sink(&args.output, Content::Report)?;
    let names = by.iter().any(|dimension| dimension.key == Key::Customer);
    let gathered = gather(&args.input, &filters, &args.output.output, Needs { names, ..Needs::default() })?;
    // Of what must wait, the latest period that can be judged, and the report is of that.
    let asked = asked(&gathered, period, compare)?.ripe_for(&gathered.desk, figure.metric);
    let Some(why) = why::take_apart(&gathered.desk, figure, &by, &asked)? else {
        bail!("`{}` has no value in both of the periods\nhint: --period and --compare name others", figure.column())
    };
    let mut out = gathered.titled(&asked, None);
    out.sections.push(why::section(&why));
    if let Some(under) = args.suppress_under {
        suppress(&mut out, under);
    }
    sink.report(&out)?;
    gathered.finish(&args.input, false)
}

/// The dimensions that a change is taken apart by: any but time, which makes the two periods.
fn groups_of(ids: &[String]) -> Result<Vec<&'static Dimension>> {
    let by = figures::dimensions_of(&once(ids))?;
    match by.iter().find(|dimension| dimension.grain().is_some()) {
        Some(time) => bail!(
            "why compares two periods, so it has no groups by `{}`\nhint: --period and --compare name the periods",
            time.id
        ),
        None => Ok(by),
    }
}
