//! Whether targets were met: on the first reply and on the resolution (metrics.md §2, §4).
//!
//! Which target applies to a contact is a fact (`facts/targets.rs`). What both metrics make of verdicts is `Judged`; a
//! third target is one more function that makes one.

use super::expressions::{
    InTime, count, has, in_own_time, is, only, precise_written, quantile, replied, share, waiting,
};
use super::response::timely;
use super::{Clock, Compute, Context, Metric, Output, Population, Role, left_out, n, output, told, value};
use crate::unit::{Better, Unit};
use polars::prelude::{Expr, col, lit, when};

const ON_REPLY: Population = Population::new(
    Clock::Start,
    "contacts with a response target that fell due by the judging instant, by their start",
);
const ON_RESOLUTION: Population = Population::new(
    Clock::Start,
    "contacts with a known state and a resolution target that fell due by the judging instant, by their start",
);

/// Its variant in business time says the same of all contacts with a target.
pub(super) const CLOSED: Output = left_out("closed", "target in business time, and no opening hours apply");

const VENDOR: Output = output("vendor", "by the export's own verdict", Unit::Count, Role::Told);

pub(super) const RESPONSE: &[Metric] = &[Metric {
    id: "response_sla",
    label: "first reply in target",
    help: "Of the contacts whose response target fell due by the judging instant, the share answered within it. Targets by channel and priority come from the settings (written: on the first reply; live: on the wait; a target without a channel is for written ones), and so does whether they are counted in calendar or business time. Where nothing allows ours (no target applies, the reply's time is unknown, or the target is in business time and no opening hours apply) the export's own verdict counts, and is told apart. Not yet due: in neither part, however early the reply. Late by how much: of the written ones that were answered late or still wait.",
    formula: "answered with frt <= target / contacts with started_at + target <= judging instant",
    better: Better::Up,
    population: ON_REPLY,
    outputs: &[
        value("", "in target", Unit::Share),
        n("due"),
        value("late_p50", "late by, half within", Unit::Seconds),
        told("late_n", "late"),
        VENDOR,
        left_out("not_due", "not yet due"),
        CLOSED,
    ],
    needs: &["first_response_at", "vendor_first_response", "wait", "answered_at", "vendor_response_sla"],
    compute: Compute::Due { figures: |context| reply(context).figures(), late: |context| reply(context).late() },
    ripens: None,
    proof: &[("", 8.0 / 11.0), ("n", 11.0), ("late_p50", 57_600.0), ("vendor", 0.0), ("not_due", 1.0)],
}];

pub(super) const RESOLUTION: &[Metric] = &[Metric {
    id: "resolution_sla",
    label: "resolved in target",
    help: "Of the contacts whose resolution target fell due by the judging instant, the share whose last resolution met it. Targets by channel and priority come from the settings (a target without a channel is for written ones), and so does whether they are counted in calendar or business time; over and known not to be solved is not met. Where nothing allows ours (no target applies, the state or the time of the resolution is unknown, or the target is in business time and no opening hours apply) the export's own verdict counts, and is told apart. Late by how much: of those resolved late or still open.",
    formula: "resolved_at − started_at <= target / contacts with started_at + target <= judging instant",
    better: Better::Up,
    population: ON_RESOLUTION,
    outputs: &[
        value("", "in target", Unit::Share),
        n("due"),
        value("late_p50", "late by, half within", Unit::Seconds),
        told("late_n", "late"),
        VENDOR,
        left_out("not_due", "not yet due"),
        left_out("undated", "resolved at an unknown time"),
        CLOSED,
    ],
    needs: &["status", "vendor_resolution_sla"],
    compute: Compute::Due {
        figures: |context| resolution(context).figures(),
        late: |context| resolution(context).late(),
    },
    ripens: None,
    proof: &[("", 4.0 / 6.0), ("n", 6.0), ("late_p50", 561_600.0), ("vendor", 0.0), ("not_due", 1.0), ("undated", 0.0)],
}];

/// How contacts stand to their targets.
struct Judged {
    /// A target of ours applies, and nothing but opening hours may be wanting to judge it.
    ours: Expr,
    /// It fell due by the judging instant; missing where it is in business time and no opening hours apply.
    due: Expr,
    met: Expr,
    /// Milliseconds beyond the target; missing of what is not met in another way than by being late.
    beyond: Expr,
    /// The export's own verdict: 0, 1, or 2 for none.
    theirs: Expr,
    /// Of those to which a target of ours applies, the ones of which nobody knows when it was done.
    undated: Option<Expr>,
}

impl Judged {
    /// Our own verdict is possible.
    fn known(&self) -> Expr {
        self.ours.clone().and(self.due.clone().is_not_null())
    }

    fn due(&self) -> Expr {
        self.ours.clone().and(self.due.clone().fill_null(lit(false)))
    }

    fn met(&self) -> Expr {
        self.met.clone().fill_null(lit(false))
    }

    fn by_vendor(&self) -> Expr {
        self.theirs.clone().lt(lit(2)).and(self.known().not())
    }

    /// Milliseconds, of those that are late.
    fn late(&self) -> Expr {
        only(self.beyond.clone(), self.due().and(self.met().not()))
    }

    fn figures(&self) -> Vec<Expr> {
        let (by_vendor, late) = (self.by_vendor(), self.late());
        let met = when(by_vendor.clone()).then(self.theirs.clone().eq(lit(1))).otherwise(self.met());
        let counted = self.due().or(by_vendor.clone());
        let closed = self.ours.clone().and(self.due.clone().is_null());
        let left_out = |which: Expr| count(which.and(by_vendor.clone().not()));
        let mut figures = vec![
            share(met, counted.clone()),
            count(counted),
            quantile(late.clone(), 0.5),
            count(late.is_not_null()),
            count(by_vendor.clone()),
            count(self.known().and(self.due().not())),
        ];
        figures.extend(self.undated.clone().map(left_out));
        figures.push(left_out(closed));
        figures
    }
}

fn reply(context: &Context) -> Judged {
    let targets = &context.settings.targets.response;
    let own = |of: &InTime| in_own_time("target_in_hours", targets, of);
    let dated = replied().or(is("touched").not());
    let written = precise_written().and(dated).and(timely_for_target(context));
    let lost = is("abandoned").or(is("missed"));
    let live = is("live").and(is("dated")).and(is("answered").and(has("wait")).or(lost));
    let took = when(written.clone())
        .then(own(&|at| at("replied_at") - at("asked_at")))
        .otherwise(only(own(&|at| at("picked_up_at") - at("at")), is("answered")));
    let beyond =
        own(&|at| when(replied()).then(at("replied_at")).otherwise(at("judged_at")) - at("asked_at") - col("target"));
    Judged {
        due: own(&|at| (at("asked_at") + col("target")).lt_eq(at("judged_at"))),
        met: took.lt_eq(col("target")),
        beyond: only(beyond, written.clone().and(replied().or(waiting()))),
        ours: has("target").and(written.or(live)),
        theirs: col("vendor_sla"),
        undated: None,
    }
}

fn resolution(context: &Context) -> Judged {
    let targets = &context.settings.targets.resolution;
    let own = |of: &InTime| in_own_time("resolution_target_in_hours", targets, of);
    let target = || col("resolution_target");
    let aimed = is("status_known").and(has("resolution_target")).and(is("dated"));
    // In business time a vendor's own duration says nothing.
    let in_hours = if context.in_hours { lit(true) } else { is("resolution_target_in_hours") };
    let undated = is("done").and(is("timed").not().or(is("resolved_by_vendor").and(in_hours)));
    let resolved = has("resolved_by_then");
    let took = own(&|at| at("resolved_by_then") - at("at"));
    let beyond =
        own(&|at| when(resolved.clone()).then(at("resolved_by_then")).otherwise(at("judged_at")) - at("at") - target());
    Judged {
        due: own(&|at| (at("at") + target()).lt_eq(at("judged_at"))),
        met: resolved.clone().and(took.lt_eq(target())),
        beyond: only(beyond, is("unresolved").not()),
        ours: aimed.clone().and(undated.clone().not()),
        theirs: col("vendor_resolution_sla"),
        undated: Some(aimed.and(undated)),
    }
}

/// The time of a reply counts in the time of its target: in business time not by a vendor's own duration.
fn timely_for_target(context: &Context) -> Expr {
    if context.in_hours { timely(context) } else { is("reply_by_vendor").and(is("target_in_hours")).not() }
}
