//! The sections of the report: one literal each. `--only`, `--skip`, `list sections` follow from it.
//!
//! A section is a title, a sentence on what it answers, and tables as data. To add one: a literal in
//! `SECTIONS`; a table that is no list of figures gets an arm in `extra`. Page one is `page.rs`.

use super::figures::{self, Spec};
use super::readings::Asked;
use super::{Layout, Section, Table, experience, journeys, retention, survival};
use crate::desk::Desk;
use anyhow::Result;
use rayon::prelude::*;

/// A section as data.
pub struct SectionSpec {
    pub id: &'static str,
    pub title: &'static str,
    /// What it answers; ends with a full stop.
    pub help: &'static str,
    /// Depth: shown with `--full`, or when `--only` names it.
    pub full: bool,
    pub tables: &'static [Spec],
    /// Tables that are no list of figures.
    pub extra: &'static [fn(&Desk, &Asked) -> Made],
    /// What must be said of those.
    pub notes: &'static [&'static str],
}

/// A table that is no list of figures, and the sentences that stand above the section's tables.
#[derive(Debug, Default)]
pub struct Made {
    /// Not shown without rows.
    pub table: Table,
    pub says: Vec<String>,
}

/// Page one's id; it has no literal because it is made in `page.rs`.
pub const PAGE_ONE: &str = "summary";

const fn ledger(id: &'static str, figures: &'static [&'static str]) -> Spec {
    Spec { id, title: "", layout: Layout::Ledger, by: &[], figures, charted: false }
}

const fn grid(
    id: &'static str,
    title: &'static str,
    by: &'static [&'static str],
    figures: &'static [&'static str],
) -> Spec {
    Spec { id, title, layout: Layout::Grid, by, figures, charted: false }
}

/// All sections after page one, in order.
pub const SECTIONS: &[SectionSpec] = &[
    SectionSpec {
        id: "response",
        title: "Response times",
        help: "How long customers wait for a human, by channel, team and topic.",
        full: false,
        tables: &[
            ledger(
                "response",
                &[
                    "response_sla",
                    " response_sla_late_p50",
                    "frt_p50",
                    " frt_p90",
                    " frt_mean",
                    "wait_p50",
                    " wait_p90",
                    " wait_mean",
                    "service_level",
                    "abandonment",
                ],
            ),
            grid(
                "response_by_channel",
                "By channel",
                &["channel"],
                &["frt_p50", "frt_p90", "response_sla", "wait_p50", "wait_p90", "abandonment"],
            ),
            grid(
                "response_by_team",
                "By team",
                &["team"],
                &["frt_p50", "frt_p90", "response_sla", "wait_p50", "abandonment"],
            ),
            grid("response_by_topic", "By topic", &["topic"], &["frt_p50", "frt_p90", "response_sla", "wait_p50"]),
        ],
        extra: &[],
        notes: &[],
    },
    SectionSpec {
        id: "resolution",
        title: "Resolution",
        help: "What got solved, how fast, whether it held, and what is open.",
        full: false,
        tables: &[
            ledger(
                "resolution",
                &[
                    "resolution_rate",
                    " resolved_handled|of those handled",
                    "resolved",
                    "ttr_full_p50",
                    " ttr_full_p90",
                    "one_touch",
                    "fcr",
                    "repeat_rate",
                    "repeat_contacts",
                    "backlog",
                    " backlog_over_7d",
                    " backlog_untouched",
                    " backlog_oldest",
                ],
            ),
            grid(
                "resolution_by_channel",
                "By channel",
                &["channel"],
                &["resolution_rate", "resolved", "ttr_full_p50", "fcr", "repeat_contacts", "backlog"],
            ),
            grid(
                "resolution_by_team",
                "By team",
                &["team"],
                &["resolution_rate", "resolved", "ttr_full_p50", "one_touch", "backlog"],
            ),
            grid(
                "resolution_by_topic",
                "By topic",
                &["topic"],
                &["contacts", "ttr_full_p50", "fcr", "repeat_contacts"],
            ),
            grid(
                "backlog_by_age",
                "Open at the end, by age",
                &["channel"],
                &["backlog_0_1d", "backlog_1_3d", "backlog_3_7d", "backlog_7_30d", "backlog_30d", "backlog"],
            ),
        ],
        extra: &[],
        notes: &[],
    },
    SectionSpec {
        id: "retention",
        title: "Retention",
        help: "Which customers stay, and which come back with another contact.",
        full: false,
        tables: &[ledger("retention", &["retention", "contact_return", "customers"])],
        extra: &[experience::effect, retention::cohorts],
        notes: &[
            "A bad experience is a rating of 2 or less, a missed response target, three contacts within 7 days, or an abandoned call that no answered one followed; not active is without an order or a customer record's dates in the active window after it. With as many contacts: compared within customers who had made 1, 2, 3, 4, 5 and more.",
            "Months that are not over stay blank; customers of the data's first month are left out, for they may not be new.",
        ],
    },
    SectionSpec {
        id: "channels",
        title: "Channel mix",
        help: "Where contacts and customers come from, and who uses several channels.",
        full: false,
        tables: &[
            ledger(
                "channels",
                &[
                    "contacts",
                    " contacts_per_100_orders|per 100 orders",
                    "customers",
                    " multi_channel|on two or more channels",
                ],
            ),
            Spec {
                id: "mix",
                title: "By channel",
                layout: Layout::Grid,
                by: &["channel"],
                figures: &["contacts", "contacts_share", "customers", "customers_share", "contact_return"],
                charted: true,
            },
        ],
        extra: &[],
        notes: &[],
    },
    SectionSpec {
        id: "satisfaction",
        title: "Satisfaction",
        help: "What customers say when asked.",
        full: false,
        tables: &[
            ledger("satisfaction", &["csat", "nps"]),
            grid("satisfaction_by_channel", "By channel", &["channel"], &["csat", "csat_low", "csat_high", "csat_n"]),
            grid("satisfaction_by_team", "By team", &["team"], &["csat", "csat_low", "csat_high", "csat_n"]),
        ],
        extra: &[],
        notes: &[],
    },
    SectionSpec {
        id: "journeys",
        title: "Journeys",
        help: "How customers go from channel to channel, whether channels serve alike, and what bots and the company did by themselves.",
        full: true,
        tables: &[
            ledger(
                "journeys",
                &[
                    "journeys",
                    " journeys_contacts",
                    " journeys_multi",
                    "proactive_share|begun by the company",
                    "consistency_csat|channels apart, satisfied",
                    " consistency_resolution_rate|resolved",
                    " consistency_response_sla|in target",
                    "bot_contained",
                    " bot_verified|no human for 72 h",
                    " bot_leaked|a human within 72 h",
                ],
            ),
            grid(
                "journeys_by_channel",
                "By the channel of the first contact",
                &["channel"],
                &["journeys", "journeys_contacts|contacts in each", "journeys_multi|on several channels"],
            ),
            grid(
                "touchpoints",
                "By touchpoint",
                &["touchpoint"],
                &["contacts", "contacts_share|share", "frt_p50|first reply", "resolution_rate", "csat"],
            ),
        ],
        extra: &[journeys::channels_per_journey, journeys::switches],
        notes: &[
            "A journey is the contacts of one customer, each less than 72 hours after the one before; it counts where it begins. Channels apart: the highest share minus the lowest, of channels with 20 or more.",
        ],
    },
    SectionSpec {
        id: "customers",
        title: "Customers",
        help: "How long customers stay, what they spend, and how both go with their first channel and what they had been through.",
        full: true,
        tables: &[
            ledger(
                "customers",
                &[
                    "survival_p50|half of customers stay for",
                    " survival_90d|still there after 90 days",
                    " survival_365d|after a year",
                    "churn",
                    "clv",
                    " clv_orders|orders",
                    " clv_refunded|paid back",
                    "experience_effect|bad experience, times as often gone",
                ],
            ),
            grid(
                "customers_by_first_channel",
                "By the channel of the first contact",
                &["first_channel"],
                &["retention", "retention_n|active before", "clv", "clv_n|who ordered", "clv_refunded|paid back"],
            ),
        ],
        extra: &[experience::by_kind, survival::by_first_channel, survival::curves],
        notes: &[
            "By what customers had been through: those who made contact before the active window that ended last, and what they did in it. Many contacts: three within 7 days; a call given up: abandoned, and none answered later. A customer may have been through several.",
            "By first channel, customers are watched from their first contact on, all of them from their beginning on; left is the active window after the last order, or the end in the customer file. Intervals of 95 % by Greenwood, on the log-log scale.",
        ],
    },
];

/// Measure a section.
pub fn section(desk: &Desk, spec: &SectionSpec, asked: &Asked) -> Result<Section> {
    let measured = || spec.tables.par_iter().map(|table| figures::table(desk, table, asked)).collect::<Result<_>>();
    let made = || spec.extra.par_iter().map(|make| make(desk, asked)).collect::<Vec<_>>();
    let (tables, made): (Result<Vec<Table>>, _) = rayon::join(measured, made);
    let (mut tables, mut summary) = (tables?, Vec::new());
    for Made { table, says } in made {
        summary.extend(says);
        tables.extend(Some(table).filter(|table| !table.rows.is_empty()));
    }
    let mut notes = left_out(&tables);
    if tables.len() > spec.tables.len() {
        notes.extend(spec.notes.iter().map(|note| (*note).to_owned()));
    }
    Ok(Section { id: spec.id.into(), title: spec.title.into(), summary, tables, notes })
}

/// What the figures of the ledgers leave out and why: one sentence a metric.
fn left_out(tables: &[Table]) -> Vec<String> {
    let mut notes = Vec::new();
    for table in tables.iter().filter(|t| t.layout == Layout::Ledger) {
        for (column, cell) in table.columns.iter().zip(table.rows.iter().flat_map(|row| &row.cells)) {
            let note = cell.note.as_ref().filter(|_| !column.indent);
            notes.extend(note.map(|note| format!("{}: {note}.", capital(&column.label))));
        }
    }
    notes
}

/// The first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::{Figure, dimensions_of};

    #[test]
    fn every_name_in_a_section_resolves() {
        for spec in SECTIONS {
            assert!(spec.help.ends_with('.'), "{}", spec.id);
            for table in spec.tables {
                assert!(dimensions_of(table.by).is_ok(), "{}", table.id);
                for figure in table.figures {
                    let column = figure.split('|').next().unwrap();
                    assert!(Figure::parse(column).is_ok(), "{}: {figure}", table.id);
                }
            }
        }
    }
}
