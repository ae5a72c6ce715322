//! The made-up exports in `../shared/formats`, one a layout: each is read by its own profile or refused by name. Skipped,
//! with a word, where the folder is absent.
//!
//! A new profile is a line in `READ`. What stands in neither list is a layout that nobody has seen: no profile may fit it.

use crate::desk::{Desk, json, root};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Layout and profile.
pub const READ: &[(&str, &str)] = &[
    // help desks
    ("chatwoot_conversations.json", "chatwoot-conversations"),
    ("freescout_conversations.csv", "freescout-conversations"),
    ("freshdesk_satisfaction_ratings.json", "freshdesk-satisfaction-ratings"),
    ("freshdesk_tickets.csv", "freshdesk-tickets"),
    ("freshdesk_tickets.json", "freshdesk-tickets-json"),
    ("freshservice_tickets.csv", "freshservice-tickets"),
    ("front_conversations.json", "front-conversations"),
    ("gorgias_tickets.json", "gorgias-tickets"),
    ("helpscout_conversations.json", "helpscout-conversations"),
    ("helpscout_happiness_ratings.json", "helpscout-ratings"),
    ("hubspot_tickets.csv", "hubspot-tickets"),
    ("intercom_conversations.json", "intercom-conversations"),
    ("intercom_dataset_calls.csv", "intercom-calls"),
    ("intercom_dataset_conversation.csv", "intercom-dataset"),
    ("intercom_dataset_conversation_ui.csv", "intercom-dataset-page"),
    ("jira_issues.csv", "jira-issues"),
    ("kaggle_customer_support_tickets.csv", "kaggle-support-tickets"),
    ("osticket_tickets.csv", "osticket-tickets"),
    ("servicenow_incident.csv", "servicenow-incidents"),
    ("servicenow_incident_labels.csv", "servicenow-incidents-labels"),
    ("zammad_tickets.json", "zammad-tickets"),
    ("zendesk_incremental_tickets.json", "zendesk-tickets-json"),
    ("zendesk_satisfaction_ratings.json", "zendesk-satisfaction-ratings"),
    ("zendesk_ticket_metrics.json", "zendesk-ticket-metrics"),
    ("zendesk_tickets_legacy.csv", "zendesk-tickets"),
    // calls
    ("aircall_calls.csv", "aircall-calls"),
    ("aircall_calls.json", "aircall-calls-json"),
    ("aircall_calls_v1.csv", "aircall-calls-v1"),
    ("amazonconnect_ctr.json", "amazon-connect-contacts"),
    ("amazonconnect_ctr_firehose_concatenated.json", "amazon-connect-contacts"),
    ("asterisk_cdr.csv", "asterisk-cdr"),
    ("asterisk_cdr_custom.csv", "asterisk-cdr-custom"),
    ("asterisk_queue_log.csv", "asterisk-queue-log"),
    ("dialpad_call_event.json", "dialpad-call-events"),
    ("dialpad_calls.csv", "dialpad-calls"),
    ("five9_call_log.csv", "five9-calls"),
    ("genesys_conversation_details.json", "genesys-conversations"),
    ("genesys_interactions.csv", "genesys-interactions"),
    ("genesys_interactions_es.csv", "genesys-interactions-es"),
    ("ringcentral_call_log.json", "ringcentral-calls"),
    ("talkdesk_calls.json", "talkdesk-calls"),
    ("threecx_call_log.csv", "threecx-calls"),
    ("twilio_calls.json", "twilio-calls"),
    // chat and messaging
    ("crisp_conversations.json", "crisp-conversations"),
    ("crisp_messages.json", "crisp-messages"),
    ("livechat_archives.json", "livechat-chats"),
    ("tawkto_transcript.json", "tawkto-transcripts"),
    ("twcs_tweets.csv", "twitter-support"),
    ("twilio_messages.json", "twilio-messages"),
    // surveys
    ("delighted_survey_responses.json", "delighted-surveys"),
    ("typeform_responses.csv", "typeform-responses"),
    // customers and orders
    ("hubspot_contacts.csv", "hubspot-contacts"),
    ("salesforce_contacts_api.csv", "salesforce-contacts-api"),
    ("shopify_customers.csv", "shopify-customers"),
    ("shopify_orders.csv", "shopify-orders"),
    ("stripe_subscriptions.csv", "stripe-subscriptions"),
];

/// Layouts that are refused, and how.
const REFUSED: &[(&str, &str)] = &[
    ("chatwoot_agent_report.csv", "is a Chatwoot agent report that is already summed up"),
    // Known, and the row does not show which of day and month comes first.
    ("surveymonkey_responses.csv", "the dates of column `End Date` in `surveymonkey_responses.csv` may be"),
    // Known, and the layout has no row.
    ("talkdesk_contacts.csv", "has a header and no rows"),
    // Known, and only the user can say which of the senders is the company.
    ("whatsapp_chat_android.txt", "is a chat, and nothing says which of its senders is you"),
    ("whatsapp_chat_ios.txt", "is a chat, and nothing says which of its senders is you"),
    // One row alone does not say whose dates these are.
    ("salesforce_cases_report.csv", "may be day/month or month/day\nhint: say it in deskstat.toml"),
];

/// The layouts, if the folder is there.
pub fn layouts() -> Vec<PathBuf> {
    let Ok(folder) = std::fs::read_dir(root().join("../shared/formats")) else {
        // Past the test runner, which keeps what a passing test prints to itself.
        let _ = writeln!(std::io::stderr(), "skipped: no ../shared/formats here");
        return Vec::new();
    };
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| !["INDEX.json", "README.md"].contains(&name(path)));
    paths.sort();
    paths
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// What stands beside a layout.
fn said(list: &[(&str, &'static str)], layout: &str) -> Option<&'static str> {
    list.iter().find(|(file, _)| *file == layout).map(|(_, said)| *said)
}

#[test]
fn every_layout_is_read_by_its_own_profile_or_refused_by_name() {
    let desk = Desk::new();
    for path in layouts() {
        let layout = name(&path);
        let ran = desk.run(&["check", path.to_str().unwrap(), "-q", "-f", "json"]);
        let Some(profile) = said(READ, layout) else {
            let expected = said(REFUSED, layout).unwrap_or("no profile fits");
            assert!(ran.code == 1 && ran.err.contains(expected), "{layout}: {}{}", ran.out, ran.err);
            continue;
        };
        assert_eq!(ran.code, 0, "{layout}: {}", ran.err);
        let check = json(&ran.out);
        assert_eq!(check["deskstat"]["inputs"][0]["profile"], profile, "{layout}");
        let rows = &check["sections"][0]["tables"][0]["rows"][0];
        assert!(rows["used"]["value"].as_u64() > Some(0) && rows["rejects"]["value"] == 0, "{layout}: {rows}");
    }
}

#[test]
fn the_order_of_days_and_months_is_asked_for_once() {
    let Some(cases) = layouts().into_iter().find(|path| name(path) == "salesforce_cases_report.csv") else { return };
    for (order, day) in [("mdy", "2024-03-04T09:15:00Z"), ("dmy", "2024-04-03T09:15:00Z")] {
        let settings = format!("time_zone = 'UTC'\n[[source]]\nfile = 'salesforce*'\nday_order = '{order}'\n");
        let rows = Desk::new().with("deskstat.toml", settings).out(&["interactions", cases.to_str().unwrap()]);
        assert!(rows.contains("00001026") && rows.contains(day), "{rows}");
    }
}

#[test]
fn every_layout_listed_is_there() {
    let layouts = layouts();
    for (file, _) in READ.iter().chain(REFUSED) {
        assert!(layouts.is_empty() || layouts.iter().any(|path| name(path) == *file), "{file}");
    }
}

#[test]
fn every_profile_says_where_its_layout_was_seen() {
    let profiles = json(&Desk::new().out(&["list", "profiles", "-f", "json"]));
    for row in profiles["rows"].as_array().unwrap() {
        assert_ne!(row["evidence"], "", "{row}");
    }
}
