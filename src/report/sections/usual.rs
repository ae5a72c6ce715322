//! The sections of the Monday report: what a manager reads each week.

use super::super::figures::Spec;
use super::super::{Layout, experience, flow, retention};
use super::{SectionSpec, grid, ledger};

pub(super) const SECTIONS: &[SectionSpec] = &[
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
                &["ttr_full_p50", "fcr", "repeat_contacts", "contacts"],
            ),
            grid(
                "backlog_by_age",
                "Open at the end, by age",
                &["channel"],
                &["backlog", "backlog_0_1d", "backlog_1_3d", "backlog_3_7d", "backlog_7_30d", "backlog_30d"],
            ),
        ],
        extra: &[flow::flow],
        notes: &[
            "Of contacts with a state: open before + started + reopened − resolved − merged − deleted = open after.",
        ],
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
                layout: Layout::Bars,
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
];
