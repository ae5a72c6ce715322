//! Lines that are no rows, headers that repeat, and files without one.

use super::{counts, of, rows, with};

/// Tickets in deskstat's own columns.
const LIST: &str = "interaction_id,started_at,channel\n1,2026-03-02T09:00:00Z,email\n2,2026-03-03T09:00:00Z,phone\n";

#[test]
fn rule_4_titles_stand_before_the_header() {
    for title in [
        "Contacts of March\n\n",
        "Contacts of March\nby channel, and week\n\n",
        "\n\n",
        "sep=,\n",
        "\"Contacts, all\"\n",
    ] {
        let desk = with("list.csv", format!("{title}{LIST}"));
        assert_eq!(rows(&desk, "interaction_id,line").len(), 2, "{title}");
        assert_eq!(counts(&desk), [2, 2, 0, 0, 0, 0], "{title}");
        let line = 2 + title.matches('\n').count();
        assert_eq!(rows(&desk, "line")[0], line.to_string(), "{title}: lines are those of the file");
    }
    // Chatwoot's title is one of what is summed up: it is refused by its columns, below it.
    let desk = with(
        "agents.csv",
        "Reporting period 2024-03-01 to 2024-03-31\n\nAgent name,Assigned conversations,Avg first response time,Avg resolution time\nTom Hill,12,2 minutes 10 seconds,1 day 3 hours\n",
    );
    let said = desk.run(&["interactions", "in/agents.csv"]);
    assert!(
        said.code == 1 && said.err.contains("is a Chatwoot agent report that is already summed up"),
        "{}",
        said.err
    );
}

#[test]
fn rule_4_footers_stand_after_the_rows() {
    let cases = "\"Case Number\",\"Contact: Email\",\"Status\",\"Date/Time Opened\",\"Date/Time Closed\"\n\
                 \"00001026\",\"ana@example.com\",\"Closed\",\"3/14/2024, 9:15 AM\",\"3/15/2024, 11:20 AM\"\n\
                 \n\
                 \"Grand Totals (1 records)\"\n\
                 \n\
                 \"Confidential Information - Do Not Distribute\"\n\
                 \"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"\n";
    let desk = with("cases.csv", cases);
    assert_eq!(rows(&desk, "interaction_id,started_at"), ["00001026|2024-03-14T09:15:00Z"]);
    let [_, used, .., rejects] = counts(&desk);
    assert_eq!((used, rejects), (1, 0));
    let ratings = "Agent Name,Rating,Contact Email Address,Link to the conversation,Recorded date\n\
                   Tom Hill (tom@acme.example),5,ana@example.com,https://chat.acme.example/app/accounts/1/conversations/55,2024-03-04 11:00:00 UTC\n\
                   Reporting period 2024-03-01 to 2024-03-31\n";
    assert_eq!(counts(&with("csat.csv", ratings)), [2, 1, 0, 0, 1, 0]);
}

#[test]
fn rule_4_a_second_header_row_is_no_answer() {
    let answers = "Respondent ID,Collector ID,End Date,Email Address,How likely is it that you would recommend us?,Which channels do you use?,\n\
                   ,,,,Response,Phone,Email\n\
                   118,400,03/14/2024 09:18:00 AM,ana@example.com,9,Phone,\n";
    let desk = with("answers.csv", answers);
    assert_eq!(counts(&desk), [2, 1, 0, 0, 1, 0]);
    assert_eq!(super::figure(&desk, "nps_n"), Some(1.0));
}

#[test]
fn the_header_comes_again_where_files_were_put_together() {
    let desk = with("list.csv", format!("{LIST}{}", LIST.replace("\n1,", "\n3,").replace("\n2,", "\n4,")));
    assert_eq!(rows(&desk, "interaction_id"), ["1", "3", "2", "4"]);
    assert_eq!(counts(&desk), [5, 4, 0, 0, 1, 0]);
}

#[test]
fn rule_5_headers_repeat() {
    let jira = "Summary,Issue key,Issue id,Status,Reporter,Created,Resolved,Labels,Watchers,Labels,Watchers,Labels,Comment,Comment,Status Category\n\
                Cannot log in,SUP-12,46025,Triage,Ana Ruiz,25/Feb/26 10:17 PM,,login,Tom,,Ann,vip,25/Feb/26 10:40 PM;1;a,26/Feb/26 9:00 AM;1;b,To Do\n";
    assert_eq!(of("issues.csv", jira, "interaction_id,tags,status"), ["SUP-12|login,vip|open"]);
    // The second tags are the contact's.
    let freshdesk = "Ticket ID,Status,Tags,Created time,Last update time,First response time (in hrs),Tags\n7,Open,refund,2024-03-04 10:00:00,2024-03-04 10:00:00,,gold\n";
    assert_eq!(of("tickets.csv", freshdesk, "tags"), ["refund"]);
    let freshservice = "Ticket Id,Requester Email,Created Time,Last Updated Time,First Response Time (in Hrs),Status,Others,Others\nINC-17,ana@example.com,2024-03-04 09:15:00,,00:35:00,Closed,a,b\n";
    assert_eq!(of("tickets.csv", freshservice, "interaction_id,vendor_first_response_business"), ["INC-17|2100"]);
    let typeform =
        "#,Why?,Why?,How likely are you to recommend us?,Submit Date (UTC),Network ID\na,x,y,9,2024-10-05 02:41:38,n\n";
    assert_eq!(super::figure(&with("answers.csv", typeform), "nps_n"), Some(1.0));
    // A list of one's own: each column of the header is one to choose.
    let desk =
        with("list.csv", "id,created,status,tag,tag\n1,2026-03-02 09:00,open,a,b\n2,2026-03-02 10:00,closed,a,c\n");
    let found = desk.out(&["profile", "in/list.csv", "-o", "list.toml"]);
    assert!(found.contains("2 of 2 rows used"), "{found}");
}

/// A headerless call of 45 cells, as Talkdesk's contacts report names them.
fn talkdesk(number: &str, call: &str, minute: u8) -> String {
    format!(
        "{call},{number},+12025550199,Main,+12025550100,,Inbound,Call,2024-03-04T09:{minute}:00Z,00:00:31,,,,,00:00:05,,2024-03-04T09:{minute}:31Z,2024-03-04T09:{minute}:32Z,00:01:00,00:00:40,00:00:00,00:00:40,00:00:20,2024-03-04T09:{minute}:59Z,00:01:31,00:01:50,Yes,Yes,No,No,,No,,No,support,Tom Hill,,Team A,u1,,t1,support,No,Yes,Valid\n"
    )
}

#[test]
fn rule_6_there_is_no_header() {
    let call = |flags: &str| {
        format!(
            "\"SIP/1\",\"SIP/2\",\"Dial\",\"SIP/2,20\",\"2024-03-04 09:15:00\",\"2024-03-04 09:15:02\",\"2024-03-04 09:21:13\",373,371,\"ANSWERED\",\"DOCUMENTATION\"{flags}\n"
        )
    };
    let numbers = "\"2025550100\",\"600\",\"from-trunk\"";
    let master = format!("\"\",{numbers},\"\"\"Ana\"\" <2025550100>\",{}", call(",\"17.1\",\"\""));
    let custom = format!("\"\"\"Ana\"\" <2025550100>\",{numbers},{}", call(",\"\",\"17.1\",\"\",1"));
    let log = "1709543700|17.1|support|NONE|ENTERQUEUE||2025550100|1\n1709543740|17.1|support|NONE|ABANDON|1|1|40\n";
    let columns = "source,interaction_id,customer_phone,started_at,outcome";
    for (name, content, row) in [
        ("Master.csv", master.as_str(), "asterisk-cdr|17.1|2025550100|2024-03-04T09:15:00Z|answered"),
        ("Master.csv", custom.as_str(), "asterisk-cdr-custom|17.1|2025550100|2024-03-04T09:15:00Z|answered"),
        ("queue_log", log, "asterisk-queue-log|17.1|2025550100|2024-03-04T09:15:00Z|abandoned"),
    ] {
        assert_eq!(of(name, content, columns), [row]);
    }
    // Talkdesk, by what its labels say of the cells below them; two legs are one call.
    let legs = talkdesk("c1", "i1", 15) + &talkdesk("c2", "i1", 20) + &talkdesk("c3", "i2", 40);
    let calls = of("contacts.csv", legs, "source,interaction_id,case_id,customer_phone,started_at,talk,agent");
    assert_eq!(
        calls,
        [
            "talkdesk-contacts|c1|i1|+12025550100|2024-03-04T09:15:00Z|120|Tom Hill",
            "talkdesk-contacts|c3|i2|+12025550100|2024-03-04T09:40:00Z|60|Tom Hill",
        ]
    );
}

#[test]
fn rows_of_bare_commas_end_a_sheet() {
    let desk = with("list.csv", format!("{LIST},,\n,,\n , ,\n\n\"\",\"\",\"\"\n"));
    assert_eq!(rows(&desk, "interaction_id"), ["1", "2"]);
    let [read, used, _, _, ignored, rejects] = counts(&desk);
    assert_eq!((read - ignored, used, rejects), (2, 2, 0));
}

#[test]
fn lines_end_with_cr_alone() {
    for end in ["\r", "\r\n", "\n"] {
        let desk = with("list.csv", LIST.replace('\n', end));
        assert_eq!(
            rows(&desk, "interaction_id,started_at,line"),
            ["1|2026-03-02T09:00:00Z|2", "2|2026-03-03T09:00:00Z|3"]
        );
    }
    // A line break inside quotes is text, whatever ends the lines.
    let quoted =
        "interaction_id,started_at,customer_name\r1,2026-03-02T09:00:00Z,\"Ana\nRuiz\"\r2,2026-03-03T09:00:00Z,Bo\r";
    assert_eq!(of("list.csv", quoted, "interaction_id,customer_name"), ["1|Ana Ruiz", "2|Bo"]);
}
