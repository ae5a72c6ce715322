//! What becomes of the made-up exports in `../shared/formats`: the rows and figures that the notes beside them promise,
//! read off the layouts by hand.
//!
//! That each is recognised, `skeletons.rs` holds. A new layout is a line here: `|` stands between cells.

use crate::desk::{Desk, json};
use crate::skeletons::layouts;

/// A layout, columns, and its interactions in order of time.
const ROWS: &[(&str, &str, &[&str])] = &[
    // help desks
    (
        "chatwoot_conversations.json",
        "interaction_id,customer_email,customer_phone,channel,status,agent,team,tags,started_at,first_response_at",
        &["55|ana@example.com|+15550100|chat|resolved|tom@acme.example|support|refund|2024-03-04T09:15:00Z|"],
    ),
    (
        "freescout_conversations.csv",
        "interaction_id,customer_email,channel,status,started_at,resolved_at,messages",
        &["17|ana@example.com|email|closed|2024-03-04T09:15:00Z|2024-03-05T11:20:00Z|3"],
    ),
    (
        "freshdesk_tickets.csv",
        "interaction_id,customer_id,customer_email,customer_phone,channel,status,priority,topic,tags,agent,team,started_at,first_response_at,resolved_at,closed_at,vendor_first_response_business,vendor_resolution_business,vendor_resolution_sla,replies",
        &[
            "1042|67038833123|ana@example.com|+15550100|email|closed|high|Refund|refund,vip|Tom Hill|Billing|2024-03-04T09:15:00Z|2024-03-04T09:50:00Z|2024-03-04T12:00:00Z|2024-03-06T12:00:00Z|2100|9900|true|2",
        ],
    ),
    (
        "freshdesk_tickets.json",
        "interaction_id,customer_email,channel,status,priority,started_at,first_response_at,resolved_at,closed_at",
        &[
            "1042|ana@example.com|email|closed|high|2024-03-04T09:15:00Z|2024-03-04T09:50:00Z|2024-03-04T12:00:00Z|2024-03-06T12:00:00Z",
        ],
    ),
    (
        "freshservice_tickets.csv",
        "interaction_id,customer_email,status,started_at,first_response_at,resolved_at,vendor_first_response_business,vendor_resolution_business",
        &["INC-17|ana@example.com|closed|2024-03-04T09:15:00Z|2024-03-04T09:50:00Z|2024-03-04T12:00:00Z|2100|9900"],
    ),
    (
        "front_conversations.json",
        "interaction_id,customer_email,status,agent,tags,started_at",
        &["cnv_yo1kg5q|ana@example.com|resolved|tom@acme.example|refund|2023-11-29T21:17:29.333Z"],
    ),
    (
        "gorgias_tickets.json",
        "interaction_id,customer_email,channel,status,agent,tags,started_at,resolved_at,messages",
        &[
            "13228870|ana@example.com|email|closed|tom@acme.example|urgent|2024-03-04T09:15:00.468Z|2024-03-05T11:20:00.932Z|3",
        ],
    ),
    (
        "helpscout_conversations.json",
        "interaction_id,customer_id,customer_email,channel,status,agent,tags,started_at,resolved_at,messages",
        &["10|238604|ana@example.com|email|closed|tom@acme.example|vip|2017-04-21T14:39:56Z|2017-04-21T14:43:24Z|2"],
    ),
    (
        "hubspot_tickets.csv",
        "interaction_id,customer_email,channel,status,priority,topic,agent,started_at,first_response_at,resolved_at,vendor_first_response,vendor_resolution",
        &[
            "15501234567|ana@example.com|email|closed|high|Billing|Tom Hill|2025-03-04T09:15:00Z|2025-03-04T09:50:00Z|2025-03-05T11:20:00Z|2112|93900",
        ],
    ),
    (
        "intercom_conversations.json",
        "interaction_id,customer_id,customer_external_id,customer_email,channel,status,agent,team,tags,started_at,first_response_at,resolved_at,handle,reopens,csat,csat_scale,bot",
        &[
            "1295|5ba682d23d7cf92bef87bfd4|70|ana@example.com|chat|closed|4077639|5017691|refund|2022-09-19T14:20:23Z|2022-09-19T14:22:23Z|2022-09-19T14:35:23Z|300|0|5|5|false",
        ],
    ),
    (
        "intercom_dataset_calls.csv",
        "interaction_id,direction,outcome,agent,team,started_at,wait,talk",
        &["887|inbound|abandoned|Tom Hill|Support - Voice|2024-03-04T09:15:00Z|65|"],
    ),
    (
        "intercom_dataset_conversation.csv",
        "interaction_id,customer_id,channel,status,agent,team,started_at,first_response_at,first_resolved_at,resolved_at,handle,replies,reassignments,csat",
        &[
            "1295|70|chat|closed|Tom Hill|Support - Chat|2024-03-04T09:15:00Z|2024-03-04T09:17:00Z|2024-03-04T09:30:00Z|2024-03-04T09:30:00Z|300|2|0|5",
        ],
    ),
    (
        "intercom_dataset_conversation_ui.csv",
        "interaction_id,customer_id,channel,status,agent,started_at,first_response_at,resolved_at,csat",
        &["1295|70|chat|closed|Tom Hill|2024-03-04T09:15:00Z|2024-03-04T09:17:00Z|2024-03-04T09:30:00Z|5"],
    ),
    (
        "jira_issues.csv",
        "interaction_id,customer_id,status,priority,agent,started_at,first_response_at,resolved_at,csat",
        &[
            "SUP-12|qm:6ce1:abc|resolved|medium|Tom Hill|2026-02-25T22:17:00Z|2026-02-25T22:40:58.679Z|2026-02-27T09:00:00Z|5",
        ],
    ),
    (
        "kaggle_customer_support_tickets.csv",
        "interaction_id,customer_email,channel,started_at,first_response_at,resolved_at,csat",
        &["1|ana@example.com|email||2023-06-01T12:15:36Z|2023-06-01T18:05:38Z|3"],
    ),
    (
        "osticket_tickets.csv",
        "interaction_id,customer_email,channel,status,topic,agent,team,started_at,resolved_at,messages,reopens",
        &["123456|ana@example.com|email|closed|Billing|Tom Hill|Support|2024-03-04T09:15:00Z|2024-03-05T11:20:00Z|4|0"],
    ),
    (
        "servicenow_incident.csv",
        "interaction_id,channel,status,priority,topic,agent,team,started_at,resolved_at,closed_at,vendor_resolution,reopens,reassignments",
        &[
            "INC0010007|phone|closed|normal|Inquiry / Help|Tom Hill|Service Desk|2024-03-04T09:15:00Z|2024-03-04T12:00:00Z|2024-03-11T12:00:00Z|9900|0|1",
        ],
    ),
    (
        "servicenow_incident_labels.csv",
        "interaction_id,status,agent,team,started_at,resolved_at,reopens",
        &["INC0010007|closed|Tom Hill|Service Desk|2024-03-04T09:15:00Z|2024-03-04T12:00:00Z|0"],
    ),
    (
        "zammad_tickets.json",
        "interaction_id,customer_email,status,agent,team,started_at,first_response_at,resolved_at,vendor_first_response_business,messages",
        &[
            "22001|ana@example.com|closed|tom@acme.example|Users|2024-03-04T09:15:00.759Z|2024-03-04T09:50:00Z|2024-03-05T11:20:00Z|2100|4",
        ],
    ),
    // Its users lack what tells that they are such; the address stands in the ticket too.
    (
        "zendesk_incremental_tickets.json",
        "interaction_id,customer_id,customer_email,channel,status,priority,tags,started_at,resolved_at,vendor_first_response,vendor_first_response_business,vendor_resolution,replies,reopens,csat",
        &[
            "160|360839922496|ana@example.com|email|resolved|high|login,vip|2024-04-12T13:39:05Z|2024-08-19T16:19:27Z|5860020|1382400||2|1|",
        ],
    ),
    (
        "zendesk_ticket_metrics.json",
        "interaction_id,resolved_at,vendor_first_response,vendor_resolution,reopens",
        &["160|2024-08-19T16:19:27Z|5860020||1"],
    ),
    (
        "zendesk_tickets_legacy.csv",
        "interaction_id,customer_id,customer_email,channel,status,priority,tags,agent,team,started_at,resolved_at,vendor_first_response,vendor_resolution,replies,reopens,csat,csat_scale",
        &[
            "4012|360001|ana@example.com|email|closed|high|login vip|Tom Hill|Support|2024-03-04T09:15:00Z|2024-03-05T11:20:00Z|2100|93900|3|1|2|2",
        ],
    ),
    // calls
    (
        "aircall_calls.csv",
        "interaction_id,customer_phone,direction,outcome,agent,team,tags,started_at,wait,talk",
        &[
            "3331500001|+61400000001|inbound|answered|Tom Hill|Support|refund|2025-12-04T07:14:00Z|6|282",
            "3331500002|+61400000002|inbound|abandoned||Support||2025-12-04T07:20:00Z|5|0",
        ],
    ),
    (
        "aircall_calls.json",
        "interaction_id,customer_phone,outcome,agent,team,tags,started_at,answered_at,ended_at,talk",
        &[
            "123|+15550100000|answered|Tom Hill|Support|refund|2024-11-26T12:08:15Z|2024-11-26T12:08:25Z|2024-11-26T12:14:26Z|361",
        ],
    ),
    (
        "aircall_calls_v1.csv",
        "customer_phone,outcome,agent,started_at,talk",
        &["+33600000001|answered|Tom Hill|2023-12-04T07:14:00Z|282"],
    ),
    (
        "amazonconnect_ctr.json",
        "interaction_id,customer_phone,channel,direction,outcome,agent,team,started_at,answered_at,ended_at,wait,talk,hold,wrap",
        &[
            "15a5cf14-3212-45a1-9f86-a8e97db8afaf|+15550100|phone|inbound|answered|tom|BasicQueue|2022-04-08T14:59:38Z|2022-04-08T15:00:49Z|2022-04-08T15:01:22Z|7|33|0|32",
        ],
    ),
    (
        "amazonconnect_ctr_firehose_concatenated.json",
        "interaction_id,outcome,agent,wait",
        &["15a5cf14-3212-45a1-9f86-a8e97db8afaf|answered|tom|7", "26b6df25-0000-4000-8000-000000000000|abandoned||90"],
    ),
    // The queue's own log knows wait and talk; the records begin when anything answered.
    (
        "asterisk_cdr.csv",
        "interaction_id,customer_phone,direction,outcome,started_at,ended_at",
        &["1709543700.17|5550100|inbound|answered|2024-03-04T09:15:00Z|2024-03-04T09:21:13Z"],
    ),
    (
        "asterisk_cdr_custom.csv",
        "interaction_id,customer_phone,direction,outcome,started_at,ended_at",
        &["1709543700.17|5550100|inbound|answered|2024-03-04T09:15:00Z|2024-03-04T09:21:13Z"],
    ),
    (
        "asterisk_queue_log.csv",
        "interaction_id,customer_phone,outcome,agent,started_at,wait,talk,transfers",
        &[
            "1709543700.17|5550100|answered|Tom Hill|2024-03-04T09:15:00Z|31|250|",
            "1709544000.20|5550101|abandoned||2024-03-04T09:20:00Z|40||",
            "1709544060.22||||2024-03-04T09:21:40Z|||",
            "1709544150.25||answered|Tom Hill|2024-03-04T09:23:20Z||90|1",
            "1709544250.28||overflow||2024-03-04T09:25:00Z|60||",
        ],
    ),
    (
        "dialpad_call_event.json",
        "interaction_id,customer_phone,direction,started_at,ended_at",
        &["6421977457180672|+15550100|inbound|2024-11-14T22:40:39.404Z|2024-11-14T22:40:48.355Z"],
    ),
    (
        "dialpad_calls.csv",
        "interaction_id,customer_phone,direction,outcome,agent,started_at,answered_at,ended_at,wait,talk,hold,wrap,transfers",
        &[
            "6421977457180672|+15550100|inbound|answered|Tom Hill|2026-09-01T06:10:00Z|2026-09-01T06:10:45Z|2026-09-01T06:15:45Z|45|300|30|60|0",
        ],
    ),
    (
        "five9_call_log.csv",
        "interaction_id,customer_phone,customer_name,direction,outcome,topic,agent,team,started_at,wait,talk,hold,wrap,transfers",
        &[
            "24382|5550100|Ana Ruiz|inbound|answered|Resolved|Tom Hill|Support IN|2016-10-27T14:51:34Z|31|250|40|60|0",
            "24383|5550101||outbound||No Answer|||2016-10-27T14:55:00Z|0|0|0|0|",
        ],
    ),
    (
        "genesys_conversation_details.json",
        "interaction_id,customer_id,customer_phone,channel,direction,outcome,topic,agent,team,started_at,ended_at,wait,talk,hold,wrap,bot",
        &[
            "b58e069b-ea04-4219-98ad-43de79e6dba3|x|+15550100|phone|inbound|answered|w1|Tom Hill|Support|2020-01-01T10:00:00Z|2020-01-01T10:06:11Z|31|250|40|60|false",
        ],
    ),
    (
        "genesys_interactions.csv",
        "interaction_id,customer_phone,customer_name,channel,direction,topic,agent,team,started_at,ended_at",
        &[
            "b58e069b-ea04-4219-98ad-43de79e6dba3|+15550100|Ana Ruiz|phone|inbound|Refund|Ann Lee; Tom Hill|Support|2025-06-23T07:00:00Z|2025-06-23T07:06:00Z",
        ],
    ),
    (
        "genesys_interactions_es.csv",
        "customer_phone,direction,agent,team,started_at,wait,handle,transfers",
        &["+56912345678|inbound|Ana Pérez; Luis Soto|Cola - SAC|2025-06-23T07:00:00Z|31|350|0"],
    ),
    (
        "ringcentral_call_log.json",
        "interaction_id,case_id,customer_phone,direction,outcome,agent,started_at",
        &["VgLcd1KWffJVzUA|1039811321016|+15550100|inbound|answered|101|2023-04-10T23:58:47.594Z"],
    ),
    (
        "talkdesk_calls.json",
        "interaction_id,customer_phone,direction,outcome,topic,tags,agent,team,started_at,ended_at,wait,talk,hold",
        &[
            "0a1b|+15550100|inbound|answered|Refund|support|Tom Hill|Team A|2024-03-04T09:15:00Z|2024-03-04T09:21:11Z|31|250|40",
        ],
    ),
    (
        "threecx_call_log.csv",
        "case_id,customer_phone,direction,outcome,agent,team,started_at,wait,talk",
        &["00000195-0001|5550100|inbound|answered|Tom Hill (101)|Support Queue (800)|2026-09-22T10:05:00Z|5|250"],
    ),
    (
        "twilio_calls.json",
        "interaction_id,customer_phone,direction,outcome,started_at,ended_at,wait",
        &["CA00000000000000000000000000000000|+15550100|inbound||2019-10-18T17:00:00Z|2019-10-18T17:06:11Z|"],
    ),
    // chat and messaging
    (
        "crisp_conversations.json",
        "interaction_id,customer_email,customer_phone,channel,status,tags,started_at",
        &[
            "session_700c65e1-85e2-465a-b9ac-ecb5ec2c9881|ana@example.com|+15550100|chat|resolved|refund|2024-03-04T09:15:00Z",
        ],
    ),
    (
        "crisp_messages.json",
        "interaction_id,agent,started_at,messages",
        &["session_700c65e1-85e2-465a-b9ac-ecb5ec2c9881|Tom Hill|2024-03-04T09:16:00Z|1"],
    ),
    (
        "livechat_archives.json",
        "interaction_id,customer_email,agent,tags,started_at,first_response_at,replies",
        &["PZ070E0W1B|ana@example.com|Tom Hill|refund|2019-10-11T09:40:59.219Z||0"],
    ),
    (
        "tawkto_transcript.json",
        "interaction_id,customer_email,agent,started_at,first_response_at,ended_at,messages",
        &[
            "70fe3290-99ad-11e9-a30a-51567162179f|ana@example.com|Tom Hill|2024-07-03T01:00:00Z|2024-07-03T01:01:00Z|2024-07-03T01:02:37.78Z|2",
        ],
    ),
    (
        "twcs_tweets.csv",
        "interaction_id,customer_id,team,direction,started_at,first_response_at,messages",
        &["2|115712|sprintcare|inbound|2017-10-31T22:10:47Z|2017-10-31T22:15:00Z|2"],
    ),
    (
        "twilio_messages.json",
        "interaction_id,customer_phone,channel,direction,started_at,messages",
        &["SM00000000000000000000000000000000|+15550100|messaging|inbound|2019-05-24T17:44:50Z|1"],
    ),
];

/// Settings that answer what a layout leaves open.
const ANSWERED: &[(&str, &str, &str, &[&str])] = &[
    (
        "salesforce_cases_report.csv",
        "day_order = 'mdy'",
        "interaction_id,customer_email,channel,status,priority,topic,agent,started_at,resolved_at",
        &["00001026|ana@example.com|email|closed|high|Problem|Tom Hill|2024-03-04T09:15:00Z|2024-03-05T11:20:00Z"],
    ),
    (
        "whatsapp_chat_android.txt",
        "us = ['Acme Support']\nday_order = 'dmy'",
        "customer_name,agent,started_at,first_response_at,messages",
        &["Ana Ruiz|Acme Support|2024-03-06T23:22:00Z|2024-03-06T23:25:00Z|2"],
    ),
    (
        "whatsapp_chat_ios.txt",
        "us = ['Acme', 'Acme Support']\nday_order = 'dmy'",
        "customer_name,agent,started_at,first_response_at",
        &["Ana Ruiz|Acme Support|2024-03-12T09:41:13Z|2024-03-12T09:42:00Z"],
    ),
];

/// A layout without interactions, a figure of it, and that.
const FIGURES: &[(&str, &str, f64)] = &[
    // 103 and good are the best that there is, 1 is great; of one recommendation of 9 all are promoters.
    ("freshdesk_satisfaction_ratings.json", "csat", 1.0),
    ("zendesk_satisfaction_ratings.json", "csat", 1.0),
    ("helpscout_happiness_ratings.json", "csat", 1.0),
    ("delighted_survey_responses.json", "nps", 100.0),
    ("typeform_responses.csv", "nps", 100.0),
    ("shopify_orders.csv", "clv_revenue", 110.0),
    ("shopify_orders.csv", "clv_orders", 1.0),
];

/// A file of customers, and one of a key of theirs.
const CUSTOMERS: &[(&str, &str)] = &[
    ("hubspot_contacts.csv", "+1 555-0100"),
    ("salesforce_contacts_api.csv", "003Ab000001AAAAAAA"),
    ("shopify_customers.csv", "7012345678901"),
    ("stripe_subscriptions.csv", "cus_1"),
];

/// The path of a layout, where the folder is there at all.
fn path(layout: &str) -> Option<String> {
    let all = layouts();
    let found = all.iter().find(|path| path.file_name().is_some_and(|name| name == layout));
    assert!(found.is_some() || all.is_empty(), "{layout} is not there");
    found.map(|path| path.to_str().unwrap().to_owned())
}

fn holds(layout: &str, settings: &str, columns: &str, expected: &[&str]) {
    let Some(path) = path(layout) else { return };
    let desk = Desk::new().with("deskstat.toml", format!("time_zone = 'UTC'\n{settings}"));
    let out = desk.out(&["interactions", &path, "-q", "--columns", columns]);
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let rows: Vec<String> = reader.records().map(|row| row.unwrap().iter().collect::<Vec<_>>().join("|")).collect();
    assert_eq!(rows, expected, "{layout}: {columns}");
}

#[test]
fn every_layout_gives_the_rows_that_its_notes_promise() {
    for (layout, columns, expected) in ROWS {
        holds(layout, "", columns, expected);
    }
    for (layout, settings, columns, expected) in ANSWERED {
        holds(layout, &format!("[[source]]\nfile = '{layout}'\n{settings}\n"), columns, expected);
    }
}

#[test]
fn surveys_and_orders_give_their_figures() {
    for (layout, figure, expected) in FIGURES {
        let Some(path) = path(layout) else { return };
        let table = Desk::new().out(&["table", &path, "-q", "-f", "json", "--period", "all", "--metrics", figure]);
        assert_eq!(json(&table)["rows"][0][figure].as_f64(), Some(*expected), "{layout}: {figure}");
    }
}

#[test]
fn customers_are_known_by_their_address_and_their_number() {
    for (layout, key) in CUSTOMERS {
        let Some(path) = path(layout) else { return };
        let calls = "interaction_id,started_at,customer_email\n1,2024-03-10T09:00:00Z,ana@example.com\n";
        let desk = Desk::new().with("deskstat.toml", "region = 'US'\n").with("calls.csv", calls);
        let said = desk.run(&["customers", "calls.csv", &path, "-q", "--explain", key]);
        assert!(said.code == 0 && said.out.contains("ana@example.com"), "{layout}: {}{}", said.out, said.err);
    }
}

#[test]
fn every_layout_that_is_read_is_among_them() {
    let known = |layout: &str| {
        ROWS.iter().any(|(own, ..)| *own == layout)
            || FIGURES.iter().any(|(own, ..)| *own == layout)
            || CUSTOMERS.iter().any(|(own, _)| *own == layout)
    };
    for (layout, _) in crate::skeletons::READ {
        assert!(known(layout), "{layout}");
    }
}
