//! The sections of the report: one literal each. `--only`, `--skip`, `list sections` follow from it.
//!
//! A section is a title, a sentence on what it answers, and tables as data. To add one: a literal in
//! `SECTIONS`; a table that is no list of figures gets an arm in `extra`. Page one is `page.rs`.

use super::figures::{self, Spec};
use super::readings::Asked;
use super::{Layout, Section, Table, experience, retention};
use crate::desk::Desk;
use anyhow::Result;
use rayon::prelude::*;

/// A section as data.
pub struct SectionSpec {
    pub id: &'static str,
    pub title: &'static str,
    /// What it answers; ends with a full stop.
    pub help: &'static str,
    pub tables: &'static [Spec],
    /// Tables that are no list of figures; one without rows is not shown.
    pub extra: &'static [fn(&Desk) -> Table],
    /// What must be said of those.
    pub notes: &'static [&'static str],
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
        tables: &[ledger("retention", &["retention", "contact_return", "customers"])],
        extra: &[experience::experience, retention::cohorts],
        notes: &[
            "A bad experience is a rating of 2 or less, a missed response target, three contacts within 7 days, or an abandoned call that no answered one followed; not active is without an order or a customer record's dates in the active window after it.",
            "Months that are not over stay blank; customers of the data's first month are left out, for they may not be new.",
        ],
    },
    SectionSpec {
        id: "channels",
        title: "Channel mix",
        help: "Where contacts and customers come from, and who uses several channels.",
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
        tables: &[
            ledger("satisfaction", &["csat", "nps"]),
            grid("satisfaction_by_channel", "By channel", &["channel"], &["csat", "csat_low", "csat_high", "csat_n"]),
            grid("satisfaction_by_team", "By team", &["team"], &["csat", "csat_low", "csat_high", "csat_n"]),
        ],
        extra: &[],
        notes: &[],
    },
];

/// Measure a section.
pub fn section(desk: &Desk, spec: &SectionSpec, asked: &Asked) -> Result<Section> {
    let measured = || spec.tables.par_iter().map(|table| figures::table(desk, table, asked)).collect::<Result<_>>();
    let made = || spec.extra.par_iter().map(|make| make(desk)).collect::<Vec<_>>();
    let (tables, made): (Result<Vec<Table>>, _) = rayon::join(measured, made);
    let mut tables = tables?;
    tables.extend(made.into_iter().filter(|table| !table.rows.is_empty()));
    let mut notes = left_out(&tables);
    if tables.len() > spec.tables.len() {
        notes.extend(spec.notes.iter().map(|note| (*note).to_owned()));
    }
    Ok(Section { id: spec.id.into(), title: spec.title.into(), summary: Vec::new(), tables, notes })
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
