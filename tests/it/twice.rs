//! One contact in two exports of a vendor, of different layouts: it counts once where the numbers tell, and else it is
//! said.

use crate::desk::Desk;

fn rows(desk: &Desk, columns: &str) -> Vec<String> {
    let out = desk.out(&["interactions", "in", "-q", "--tz", "UTC", "--columns", columns]);
    out.lines().skip(1).map(str::to_owned).collect()
}

/// An incident's list and log. The list was exported on `updated`.
fn incident(state: &str, updated: &str) -> Desk {
    let list = format!(
        "number,opened_at,short_description,caller_id,state,contact_type,resolved_at,sys_updated_on,reassignment_count\n\
         INC1,2026-02-01 09:00:00,VPN,Ana Ruiz,{state},phone,2026-02-03 11:00:00,{updated},2\n\
         INC9,2026-02-01 09:00:00,VPN,Bo Li,New,phone,,2026-02-01 09:00:00,0\n"
    );
    let log = "number,incident_state,sys_mod_count,opened_at,sys_updated_by,sys_updated_at,contact_type\n\
               INC1,New,0,1/2/2026 09:00,a,1/2/2026 09:00,Phone\n\
               INC1,Resolved,1,1/2/2026 09:00,b,1/2/2026 13:00,Phone\n\
               INC1,Active,2,1/2/2026 09:00,c,3/2/2026 09:00,Phone\n\
               INC1,Resolved,3,1/2/2026 09:00,b,3/2/2026 11:00,Phone\n\
               INC2,New,0,14/2/2026 10:00,a,14/2/2026 10:00,Phone\n";
    Desk::new().with("in/list.csv", list).with("in/log.csv", log)
}

#[test]
fn an_incident_and_its_log_are_one() {
    let columns = "interaction_id,status,customer_name,resolved_at,reopens,reassignments";
    // The later of the two says the state: the list closed it after the log ends, or stands as it was before.
    for (state, updated, status) in
        [("Closed", "2026-02-10 11:00:00", "closed"), ("New", "2026-02-01 10:00:00", "resolved")]
    {
        let desk = incident(state, updated);
        let incident = format!("INC1,{status},Ana Ruiz,2026-02-03T11:00:00Z,1,2");
        assert_eq!(rows(&desk, columns), [incident.as_str(), "INC9,open,Bo Li,,,0", "INC2,open,,,0,"], "{state}");
        let files = desk.checked("files");
        let sum = |count: &str| files.iter().map(|row| row[count]["value"].as_u64().unwrap()).sum::<u64>();
        assert_eq!((sum("read"), sum("used"), sum("folded"), sum("rejects")), (7, 3, 4, 0));
    }
}

#[test]
fn a_conversation_and_its_row_of_the_view_are_one() {
    let details = r#"{"conversations": [{"conversationId": "c1", "conversationStart": "2025-06-23T07:00:00.000Z", "conversationEnd": "2025-06-23T07:06:00.000Z", "originatingDirection": "inbound", "participants": [{"purpose": "customer", "sessions": [{"mediaType": "voice", "ani": "tel:+12025550100"}]}, {"purpose": "agent", "participantName": "Tom Hill", "sessions": [{"metrics": [{"name": "tAnswered", "value": 31000}, {"name": "tTalk", "value": 250000}]}]}]}]}"#;
    let view = "Full Export Completed,Partial Result Timestamp,Filters,Media Type,Users,Remote,Date,Direction,ANI,Wrap-up,Conversation ID\n\
                YES,,,voice,Tom Hill,Ana Ruiz,2025-06-23 07:00:00,Inbound,tel:+12025550100,Refund,c1\n\
                YES,,,voice,Ann Lee,Bo Li,2025-06-23 08:00:00,Inbound,tel:+12025550101,Login,c2\n";
    let desk = Desk::new().with("in/details.json", details).with("in/view.csv", view);
    assert_eq!(rows(&desk, "interaction_id,talk,topic,customer_name"), ["c1,250,Refund,Ana Ruiz", "c2,,Login,Bo Li"]);
}

#[test]
fn calls_of_aircall_are_one_as_csv_and_json() {
    // The CSV knows how long who waited, the API when the call was over.
    let csv = "datetime (utc),direction,from,to,answered,missed_call_reason,user,duration (in call),waiting time,call id (internal)\n\
               2024-11-26 12:08:15.083,inbound,12025550100,33176360695,Yes,,Tom Hill,361,00:00:10,123\n\
               2024-11-26 12:30:00,inbound,12025550101,33176360695,No,short_abandoned,[No associated user],0,00:00:05,124\n";
    let json = r#"{"calls": [{"id": 123, "direction": "inbound", "missed_call_reason": null, "started_at": 1732622895, "answered_at": 1732622905, "ended_at": 1732623266, "raw_digits": "+1 202-555-0100", "user": {"name": "Tom Hill"}, "tags": [{"name": "refund"}]},
{"id": 125, "direction": "inbound", "missed_call_reason": "no_available_agent", "started_at": 1732626000, "answered_at": null, "ended_at": 1732626030, "raw_digits": "+1 202-555-0102", "user": null, "tags": []}]}"#;
    let desk = Desk::new().with("in/calls.csv", csv).with("in/calls.json", json);
    assert_eq!(
        rows(&desk, "interaction_id,source,outcome,agent,tags,wait,talk,ended_at"),
        [
            "123,aircall,answered,Tom Hill,refund,10,361,2024-11-26T12:14:26Z",
            "124,aircall,abandoned,,,5,0,",
            "125,aircall,missed,,,,,2024-11-26T13:00:30Z"
        ]
    );
    assert_eq!(desk.run(&["report", "in", "--tz", "UTC", "--period", "all"]).err, "");
}

#[test]
fn calls_of_dialpad_are_one_as_csv_and_events() {
    // A call with the agent's leg, one that nobody took, and one that only the events tell of.
    let csv = "date_started,call_id,entry_point_call_id,category,categories,direction,external_number,target_kind,name,time_to_answer,talk_duration,queued_duration\n\
               2024-11-14 22:40:39,64,,incoming,\"answered,inbound\",inbound,+12025550100,CallCenter,Support,0.75,5.0,\n\
               2024-11-14 22:40:50,65,64,incoming,\"answered,inbound\",inbound,+12025550100,UserProfile,Tom Hill,0.25,5.0,\n\
               2024-11-14 23:10:00,66,,abandoned,\"unanswered,inbound\",inbound,+12025550101,CallCenter,Support,,,0.5\n";
    let event = |id: u32, at: u64, phone: &str, more: &str| {
        format!(
            r#"{{"call_id": {id}, "event_timestamp": {}, "date_started": {at}, "direction": "inbound", "external_number": "{phone}", "state": "hangup"{more}}}"#,
            at + 400_000
        )
    };
    let start = 1_731_624_039_404;
    let events = [
        event(
            64,
            start,
            "+12025550100",
            r#", "contact": {"name": "Ana Ruiz", "email": "ana@example.com"}, "date_connected": 1731624084404, "date_ended": 1731624384404"#,
        ),
        event(
            65,
            start + 11_000,
            "+12025550100",
            r#", "entry_point_call_id": 64, "date_connected": 1731624084404, "date_ended": 1731624384404, "target": {"name": "Tom Hill", "type": "user"}"#,
        ),
        event(66, 1_731_625_800_000, "+12025550101", r#", "contact": {"name": "Bo Li"}"#),
        event(67, 1_731_629_400_000, "+12025550102", ""),
    ];
    let desk = Desk::new().with("in/calls.csv", csv).with("in/events.json", events.join("\n"));
    assert_eq!(
        rows(&desk, "interaction_id,source,outcome,agent,team,customer_name,customer_email,wait,talk"),
        [
            "64,dialpad,answered,Tom Hill,Support,Ana Ruiz,ana@example.com,45,300",
            "66,dialpad,abandoned,,Support,Bo Li,,30,",
            "67,dialpad,,,,,,,"
        ]
    );
}

#[test]
fn a_call_record_and_the_queue_s_log_are_put_together_where_that_is_said() {
    let record = "\"\",\"2025550100\",\"600\",\"from-trunk\",\"\"\"Ana\"\" <2025550100>\",\"SIP/1\",\"SIP/2\",\"Queue\",\"support\",\"2024-03-04 09:15:00\",\"2024-03-04 09:15:02\",\"2024-03-04 09:21:13\",373,371,\"ANSWERED\",\"DOCUMENTATION\",\"1709543700.17\",\"\"\n";
    let log = "1709543700|1709543700.17|support|NONE|ENTERQUEUE||2025550100|1\n\
               1709543731|1709543700.17|support|Tom Hill|CONNECT|31|1709543725.18|6\n\
               1709543981|1709543700.17|support|Tom Hill|COMPLETECALLER|31|250|1\n";
    let desk = Desk::new().with("in/Master.csv", record).with("in/queue_log", log);
    let said = desk.run(&["report", "in", "--tz", "UTC", "--period", "all"]).err;
    assert!(
        said.contains("seem to count twice\nhint: leave one of them out; or, where their numbers are the same"),
        "{said}"
    );
    let settings = ["Master.csv", "queue_log"].map(|file| format!("[[source]]\nfile = '{file}'\nsource = 'pbx'\n"));
    let desk = desk.with("in/deskstat.toml", settings.concat());
    assert_eq!(
        rows(&desk, "interaction_id,outcome,agent,ended_at,wait,talk"),
        ["1709543700.17,answered,Tom Hill,2024-03-04T09:21:13Z,31,250"]
    );
}
