//! `profile`: an export that nobody knows is readable in two commands, and what it leaves open is asked.

use crate::desk::{Desk, cell, json, root};
use std::fmt::Write as _;
use std::path::PathBuf;

/// A file of `../shared/data`, if the folder is there.
fn shared(name: &str) -> Option<PathBuf> {
    let file = root().join("../shared/data").join(name);
    file.is_file().then_some(file)
}

/// Draft a profile of a file in the folder; what was found.
fn drafted(desk: &Desk, file: &str) -> String {
    desk.out(&["profile", file, "-o", "x.toml"])
}

/// The drafted profile's text.
fn profile(desk: &Desk) -> String {
    std::fs::read_to_string(desk.path("x.toml")).unwrap()
}

/// The rows that come of a file with the drafted profile.
fn rows(desk: &Desk, file: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let out = desk.out(&["interactions", file, "--profile", "x.toml", "-q"]);
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// The answer to a question: the first line with this text loses its `#`.
fn answer(desk: &Desk, line: &str) {
    let text = profile(desk);
    assert!(text.contains(&format!("\n# {line}")), "{line} is not asked in\n{text}");
    std::fs::write(desk.path("x.toml"), text.replacen(&format!("\n# {line}"), &format!("\n{line}"), 1)).unwrap();
}

#[test]
fn a_list_in_german_is_read_at_once() {
    let list = "Ticketnummer;Erstellt am;Kanal;Status;Priorität;Bearbeiter;Kunde;E-Mail-Adresse;Wartezeit (Sek.);Geschlossen am\n\
                A-1;31.10.2026 09:15;Telefon;Geschlossen;hoch;Tom;Ana Ruiz;Ana@Example.com;12,5;31.10.2026 10:00\n\
                A-2;01.11.2026 10:00;E-Mail;In Bearbeitung;normal;Nicht zugewiesen;Bo Li;bo@example.com;;\n";
    let desk = Desk::new().with("liste.csv", list);
    let found = drafted(&desk, "liste.csv");
    assert!(found.contains("2 of 2 rows used, 0 ignored, 0 left out."), "{found}");
    let rows = rows(&desk, "liste.csv");
    for (column, values) in [
        ("interaction_id", ["A-1", "A-2"]),
        ("started_at", ["2026-10-31T09:15:00Z", "2026-11-01T10:00:00Z"]),
        ("channel", ["phone", "email"]),
        ("status", ["closed", "open"]),
        ("priority", ["hoch", "normal"]),
        ("agent", ["Tom", ""]),
        ("customer_email", ["ana@example.com", "bo@example.com"]),
        ("wait", ["12.5", ""]),
        ("closed_at", ["2026-10-31T10:00:00Z", ""]),
    ] {
        assert_eq!(rows.iter().map(|row| row[column].as_str()).collect::<Vec<_>>(), values, "{column}");
    }
}

/// Headers of the same list in other languages.
#[test]
fn the_same_list_in_other_languages_is_the_same() {
    for (language, header, words) in [
        (
            "French",
            "Référence,Date de création,Canal,Statut,Conseiller,Adresse e-mail,Temps d'attente (secondes)",
            "Téléphone,Fermé",
        ),
        (
            "Spanish",
            "Número de caso,Fecha de creación,Canal,Estado,Agente,Correo electrónico,Tiempo de espera (seg)",
            "Teléfono,Cerrado",
        ),
        (
            "Portuguese",
            "Protocolo,Data de abertura,Canal,Situação,Atendente,E-mail,Tempo de espera (segundos)",
            "Telefone,Encerrado",
        ),
        (
            "Italian",
            "Numero ticket,Data di apertura,Canale,Stato,Operatore,Indirizzo e-mail,Tempo di attesa (secondi)",
            "Telefono,Chiuso",
        ),
        ("Dutch", "Zaaknummer,Aangemaakt op,Kanaal,Status,Medewerker,E-mailadres,Wachttijd (sec)", "Telefoon,Gesloten"),
    ] {
        let list = format!(
            "{header}\n1,2026-10-31 09:15,{words},Tom,ana@example.com,12\n2,2026-10-31 10:15,{words},Ann,bo@example.com,15\n"
        );
        let desk = Desk::new().with("list.csv", list);
        drafted(&desk, "list.csv");
        let rows = rows(&desk, "list.csv");
        let got = |column: &str| rows[0].get(column).map_or("", String::as_str);
        assert_eq!(
            (got("interaction_id"), got("started_at"), got("channel"), got("status"), got("agent"), got("wait")),
            ("1", "2026-10-31T09:15:00Z", "phone", "closed", "Tom", "12"),
            "{language}: {}",
            profile(&desk)
        );
    }
}

#[test]
fn day_or_month_first_is_asked_and_read_as_answered() {
    let list = "id,created,closed date,status\n1,03/04/2026 09:00,05/04/2026 10:00,closed\n2,04/04/2026 09:00,,open\n";
    let desk = Desk::new().with("list.csv", list);
    let found = drafted(&desk, "list.csv");
    assert!(found.contains("Which comes first in its dates, day or month?") && found.contains("Not yet:"), "{found}");
    let said = desk.run(&["table", "list.csv", "--profile", "x.toml"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("may be day/month or month/day") && said.err.contains("day_order under [read]"),
        "{}",
        said.err
    );
    answer(&desk, "day_order = \"mdy\"");
    let rows = rows(&desk, "list.csv");
    assert_eq!(
        (rows[0]["started_at"].as_str(), rows[0]["closed_at"].as_str()),
        ("2026-03-04T09:00:00Z", "2026-05-04T10:00:00Z")
    );
}

#[test]
fn one_date_that_tells_settles_the_others() {
    let list = "id,created,closed date,status\n1,03/04/2026 09:00,05/04/2026,closed\n2,24/04/2026 09:00,,open\n";
    let desk = Desk::new().with("list.csv", list);
    drafted(&desk, "list.csv");
    assert!(
        profile(&desk).contains("closed_at = { from = \"closed date\", format = \"%d/%m/%Y\" }"),
        "{}",
        profile(&desk)
    );
    let rows = rows(&desk, "list.csv");
    assert_eq!((rows[0]["started_at"].as_str(), rows[0]["closed_at"].as_str()), ("2026-04-03T09:00:00Z", "2026-04-05"));
}

#[test]
fn a_bare_number_is_no_length_of_time_until_its_unit_shows() {
    let list = |waits: [&str; 6]| {
        let mut list = String::from("call id,call time,answered at,waiting time\n");
        for (i, wait) in waits.iter().enumerate() {
            let _ = writeln!(list, "{i},2026-03-02 09:0{i}:00,2026-03-02 09:0{i}:30,{wait}");
        }
        list
    };
    let desk = Desk::new().with("calls.csv", list(["30", "30", "30", "30", "30", "30"]));
    let found = drafted(&desk, "calls.csv");
    assert!(
        found.contains("answered_at") && profile(&desk).contains("wait = { from = \"waiting time\", unit = \"s\" }"),
        "{found}"
    );

    let desk = Desk::new().with("calls.csv", list(["7", "8", "9", "10", "11", "12"]));
    let found = drafted(&desk, "calls.csv");
    assert!(found.contains("What does `waiting time` count?"), "{found}");
    assert!(!rows(&desk, "calls.csv")[0].contains_key("wait"));
    answer(&desk, "wait = { from = \"waiting time\", unit = \"s\" }");
    assert_eq!(rows(&desk, "calls.csv")[0]["wait"], "7");
}

#[test]
fn halves_of_an_hour_or_of_a_minute_are_asked() {
    let desk = Desk::new()
        .with("calls.csv", "call id,call time,talk time\n1,2026-03-02 09:00,06:11\n2,2026-03-02 10:00,01:30\n");
    assert!(drafted(&desk, "calls.csv").contains("minutes and seconds, or hours and minutes?"));
    let desk = Desk::new()
        .with("calls.csv", "call id,call time,talk time\n1,2026-03-02 09:00,0:06:11\n2,2026-03-02 10:00,1:01:30\n");
    drafted(&desk, "calls.csv");
    assert_eq!(rows(&desk, "calls.csv")[1]["talk"], "3690");
}

#[test]
fn scales_and_the_direction_of_effort_are_asked() {
    let list =
        "id,created,status,rating,customer effort score\n1,2026-03-02 09:00,open,4,2\n2,2026-03-02 10:00,closed,5,6\n";
    let desk = Desk::new().with("list.csv", list);
    let found = drafted(&desk, "list.csv");
    assert!(found.contains("How many points has the scale of `rating`?"), "{found}");
    assert!(found.contains("mean little effort or much"), "{found}");
    let row = rows(&desk, "list.csv").remove(0);
    assert!(!row.contains_key("csat") && !row.contains_key("ces"), "{row:?}");
    answer(&desk, "csat = \"rating\"");
    answer(&desk, "csat_scale = { from = \"rating\", value = 5 }");
    let row = rows(&desk, "list.csv").remove(0);
    assert_eq!((row["csat"].as_str(), row["csat_scale"].as_str()), ("4", "5"));
}

#[test]
fn a_survey_of_recommendation_needs_no_scale() {
    let list = "Response ID,Date,Email,How likely are you to recommend us?\nr1,2026-03-02 09:00,ana@example.com,9\nr2,2026-03-03 09:00,bo@example.com,3\n";
    let desk = Desk::new().with("survey.csv", list);
    let found = drafted(&desk, "survey.csv");
    assert!(found.contains("each an answer to a survey") && found.contains("2 of 2 rows used"), "{found}");
    let text = profile(&desk);
    assert!(text.contains("kind = \"surveys\"") && text.contains("kind = { value = \"nps\" }"), "{text}");
}

#[test]
fn customers_orders_and_events_are_told_apart() {
    for (kind, list) in [
        (
            "a customer",
            "Customer ID,Full name,Email,Phone,Plan\n1,Ana Ruiz,ana@example.com,+34600000001,Pro\n2,Bo Li,bo@example.com,+34600000002,Pro\n",
        ),
        (
            "an order",
            "Order number,Order date,Total,Email\n1,2026-03-02,12.50,ana@example.com\n2,2026-03-03,7.00,bo@example.com\n",
        ),
        (
            "an event",
            "case id,activity,timestamp,resource\n1,Created,2026-03-02 09:00,Tom\n1,Assigned,2026-03-02 09:10,Tom\n1,Closed,2026-03-02 10:00,Ann\n2,Created,2026-03-02 11:00,Ann\n2,Closed,2026-03-02 11:30,Ann\n",
        ),
        ("a contact", "Ticket,Opened,Channel,Status\n1,2026-03-02 09:00,Email,Open\n2,2026-03-02 10:00,Phone,Closed\n"),
    ] {
        let desk = Desk::new().with("list.csv", list);
        let found = drafted(&desk, "list.csv");
        assert!(found.contains(&format!("each {kind}")), "{found}");
        assert!(found.contains("0 left out."), "{found}");
    }
    let desk = Desk::new().with("list.csv", "Name,Email\nAna,ana@example.com\n");
    let found = desk.out(&["profile", "list.csv", "--kind", "interactions", "-o", "x.toml"]);
    assert!(found.contains("each a contact"), "{found}");
}

#[test]
fn a_number_that_comes_again_is_a_question_and_versions_are_none() {
    let legs = "Call ID,Call time,Agent\n1,2026-03-02 09:00,Tom\n1,2026-03-02 09:05,Ann\n2,2026-03-02 10:00,Tom\n";
    let desk = Desk::new().with("calls.csv", legs);
    let found = drafted(&desk, "calls.csv");
    assert!(found.contains("`Call ID` does not tell rows apart (2 of them in 3 rows)"), "{found}");
    let count = |desk: &Desk, file: &str| {
        json(&desk.out(&["table", file, "--profile", "x.toml", "-q", "-f", "json"]))["rows"][0]["contacts"].clone()
    };
    assert_eq!(count(&desk, "calls.csv"), 3);
    answer(&desk, "case_id = \"Call ID\"");
    assert_eq!(count(&desk, "calls.csv"), 2);

    let versions = "id,created,updated at,status\n1,2026-03-02 09:00,2026-03-02 09:00,open\n1,2026-03-02 09:00,2026-03-02 11:00,closed\n2,2026-03-02 10:00,2026-03-02 10:00,open\n";
    let desk = Desk::new().with("tickets.csv", versions);
    drafted(&desk, "tickets.csv");
    assert_eq!(count(&desk, "tickets.csv"), 2);
    assert_eq!(rows(&desk, "tickets.csv").iter().filter(|row| row["status"] == "closed").count(), 1);
}

#[test]
fn json_is_drafted_by_its_paths() {
    let records = r#"{"meta": {"page": 1}, "conversations": [
        {"id": 1, "created_at": 1772442000, "status": "closed", "channel": "chat", "customer": {"email": "ana@example.com"}, "tags": ["vip", "late"]},
        {"id": 2, "created_at": 1772445600, "status": "open", "channel": "chat", "customer": {"email": "bo@example.com"}, "tags": []}]}"#;
    let desk = Desk::new().with("chats.json", records);
    let found = drafted(&desk, "chats.json");
    assert!(found.contains("2 of 2 rows used"), "{found}");
    let rows = rows(&desk, "chats.json");
    assert_eq!(
        (rows[0]["started_at"].as_str(), rows[0]["customer_email"].as_str()),
        ("2026-03-02T09:00:00Z", "ana@example.com")
    );
    assert_eq!((rows[0]["channel"].as_str(), rows[0]["tags"].as_str()), ("chat", "vip,late"));
}

/// Layouts that nobody could check: headers as they are said to be.
#[test]
fn layouts_known_from_memory_only_are_readable_in_two_commands() {
    for (file, list) in [
        (
            "tidio.csv",
            "Date,Visitor,Email,Operator,Channel,Status,Rating\n2026-03-02 09:15:00,Ana Ruiz,ana@example.com,Tom,Live chat,Solved,Good\n2026-03-02 10:15:00,Bo Li,bo@example.com,Ann,Messenger,Open,Bad\n",
        ),
        (
            "olark.csv",
            "Date,Time,Visitor Name,Visitor Email,Operators,Chat Duration,Tags\n2026-03-02,09:15:00,Ana Ruiz,ana@example.com,Tom,0:05:10,billing\n2026-03-02,10:15:00,Bo Li,bo@example.com,Ann,0:01:10,refund\n",
        ),
        (
            "sprout.csv",
            "Date,Network,Profile,Message Type,From,Message,Assigned To,Tags\n2026-03-02 09:15,Twitter,@acme,Mention,@ana,help,Tom,billing\n2026-03-02 10:15,Facebook,Acme,Message,Bo Li,hello,Ann,refund\n",
        ),
        (
            "front.csv",
            "Message ID,Message API ID,Conversation ID,Direction,Status,Date,From,To,Assignee,Inbox\nm1,a1,c1,Inbound,Archived,2026-03-02 09:15:00,ana@example.com,help@acme.example,Tom,Support\nm2,a2,c1,Outbound,Archived,2026-03-02 09:20:00,help@acme.example,ana@example.com,Tom,Support\n",
        ),
        (
            "gorgias.csv",
            "Ticket id,Initial channel,Last used integration type,Creation date,Closed date,Customer email,Assignee name,Priority,Status,Tags\n1,email,email,2026-03-02 09:15:00,2026-03-02 10:15:00,ana@example.com,Tom,normal,closed,billing\n2,chat,chat,2026-03-02 11:15:00,,bo@example.com,,high,open,refund\n",
        ),
        (
            "helpscout.csv",
            "Number,Subject,Customer,Customer Email,Status,Assigned To,Mailbox,Created At,Closed At,Tags\n7,Refund,Ana Ruiz,ana@example.com,Closed,Tom,Support,2026-03-02 09:15:00,2026-03-02 10:15:00,billing\n8,Login,Bo Li,bo@example.com,Active,Ann,Support,2026-03-02 09:15:00,,\n",
        ),
        (
            "livechat.csv",
            "chat_id,chat_start_date,chat_duration,chat_agent,visitor_name,visitor_email,chat_rating,queue_duration\nA1,2026-03-02 09:15:00,310,Tom,Ana Ruiz,ana@example.com,rated good,12\nA2,2026-03-02 10:15:00,70,Ann,Bo Li,bo@example.com,,3\n",
        ),
        (
            "ringcentral.csv",
            "Direction,Type,Phone Number,Name,Date,Time,Action,Action Result,Duration\nInbound,Voice,+34600000001,Ana Ruiz,2026-03-02,9:15 AM,Phone Call,Accepted,0:05:10\nInbound,Voice,+34600000002,Bo Li,2026-03-02,10:15 AM,Phone Call,Missed,0:00:10\n",
        ),
        (
            "twilio.csv",
            "Sid,ParentCallSid,DateCreated,StartTime,EndTime,From,To,Direction,Duration,Status\nCA1,,2026-03-02 09:15:00,2026-03-02 09:15:05,2026-03-02 09:20:05,+34600000001,+34600000009,inbound,300,completed\nCA2,CA1,2026-03-02 09:15:01,2026-03-02 09:15:06,2026-03-02 09:20:05,+34600000009,+34600000008,outbound-dial,299,completed\n",
        ),
        (
            "salesforce.csv",
            "Id,CaseNumber,Status,Priority,Origin,CreatedDate,ClosedDate,IsClosed,ContactEmail,OwnerId\n500A,00001026,Closed,High,Email,2026-03-02T09:15:00.000Z,2026-03-02T10:15:00.000Z,true,ana@example.com,005A\n500B,00001027,New,Low,Phone,2026-03-02T11:15:00.000Z,,false,bo@example.com,005A\n",
        ),
        (
            "cdr.csv",
            "calldate,clid,src,dst,duration,billsec,disposition,uniqueid\n2026-03-02 09:15:00,Ana,34600000001,600,310,300,ANSWERED,17.1\n2026-03-02 10:15:00,Bo,34600000002,600,10,0,NO ANSWER,17.2\n",
        ),
        (
            "drift.json",
            "{\"data\": [{\"id\": 1, \"status\": \"closed\", \"contactId\": 7, \"createdAt\": 1772442000000, \"updatedAt\": 1772445600000}, {\"id\": 2, \"status\": \"open\", \"contactId\": 8, \"createdAt\": 1772445600000, \"updatedAt\": 1772445600000}]}",
        ),
    ] {
        let desk = Desk::new().with(file, list);
        let found = desk.out(&["profile", file, "--anyway", "-o", "x.toml"]);
        assert!(found.contains("2 of 2 rows used, 0 ignored, 0 left out."), "{file}: {found}");
        let said = desk.run(&["report", file, "--profile", "x.toml", "--period", "2026-03"]);
        assert_eq!(said.code, 0, "{file}: {}", said.err);
        let row = rows(&desk, file).remove(0);
        assert!(row["started_at"].starts_with("2026-03-02T09:"), "{file}: {row:?}\n{}", profile(&desk));
    }
}

#[test]
fn the_city_s_requests_are_read_when_the_order_of_day_and_month_is_said() {
    let Some(requests) = shared("nyc-311-sample.csv") else { return };
    let desk = Desk::new();
    let file = requests.to_str().unwrap();
    let found = drafted(&desk, file);
    assert!(found.contains("924 rows, each a contact") && found.contains("Not yet:"), "{found}");
    answer(&desk, "day_order = \"mdy\"");
    let table =
        |more: &[&str]| json(&desk.out(&[&["table", file, "--profile", "x.toml", "-q", "-f", "json"], more].concat()));
    let channels = table(&["--by", "channel", "--metrics", "contacts"]);
    // Published: ONLINE 501, PHONE 139; MOBILE 280 is not known and UNKNOWN 4 is.
    for (channel, requests) in [("web_form", 501), ("phone", 139), ("other", 284)] {
        assert_eq!(cell(&channels, "channel", channel, "contacts"), requests, "{channel}");
    }
    let all = table(&["--metrics", "contacts,ttr_full_n,ttr_full_mean"])["rows"][0].clone();
    assert_eq!((&all["contacts"], &all["ttr_full_n"]), (&924.into(), &480.into()));
    assert!((all["ttr_full_mean"].as_f64().unwrap() / 3600.0 - 0.6312).abs() < 0.00005, "{all}");
}

#[test]
fn the_bank_s_calls_are_read_with_units_that_the_moments_show() {
    let Some(calls) = shared("anonymous-bank-january.txt") else { return };
    let desk = Desk::new();
    let file = calls.to_str().unwrap();
    let found = drafted(&desk, file);
    assert!(found.contains("31,599 of 31,599 rows used, 0 ignored, 0 left out."), "{found}");
    let table =
        |more: &[&str]| json(&desk.out(&[&["table", file, "--profile", "x.toml", "-q", "-f", "json"], more].concat()));
    let outcomes = table(&["--by", "outcome", "--metrics", "contacts"]);
    assert_eq!(cell(&outcomes, "outcome", "answered", "contacts"), 27_060);
    assert_eq!(cell(&outcomes, "outcome", "abandoned", "contacts"), 4_299);
    let wait =
        table(&["--metrics", "wait_mean", "--where", "outcome=answered"])["rows"][0]["wait_mean"].as_f64().unwrap();
    assert!((wait - 35.03).abs() < 0.005, "{wait}");
}

#[test]
fn complaints_to_the_bureau_are_read_at_once() {
    let Some(complaints) = shared("cfpb-sample.csv") else { return };
    let desk = Desk::new();
    let file = complaints.to_str().unwrap();
    let found = drafted(&desk, file);
    assert!(found.contains("145 of 145 rows used, 0 ignored, 0 left out."), "{found}");
    let rows = rows(&desk, file);
    // Counted with pandas.
    let count = |column: &str, value: &str| rows.iter().filter(|row| row[column] == value).count();
    assert_eq!((count("channel", "web_form"), count("channel", "phone")), (101, 9));
    assert_eq!((count("vendor_response_sla", "true"), count("vendor_response_sla", "false")), (134, 11));
    assert!(!rows[0].contains_key("status"), "a state of the union is no status");
}

#[test]
fn a_known_export_is_named_and_its_profile_printed() {
    let desk = Desk::new().with("rows.csv", "interaction_id,started_at\n1,2026-03-02T09:00:00Z\n");
    let said = desk.run(&["profile", "rows.csv"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(
        said.err.contains("`deskstat-interactions`") && said.err.contains("--like deskstat-interactions"),
        "{}",
        said.err
    );
    let own = desk.out(&["profile", "--like", "zendesk-tickets"]);
    assert_eq!(own, std::fs::read_to_string(root().join("src/input/profiles/zendesk-tickets.toml")).unwrap());
    assert_eq!(desk.run(&["profile", "--like", "zendesk-ticket"]).code, 2);
    assert_eq!(desk.run(&["profile"]).code, 2);
}

#[test]
fn without_a_file_the_profile_alone_goes_to_standard_output() {
    let desk = Desk::new().with("list.csv", "id,created,status\n1,2026-03-02 09:00,open\n");
    let said = desk.run(&["profile", "list.csv"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.parse::<toml::Table>().is_ok(), "{}", said.out);
    assert!(said.err.contains("-o my.toml"), "{}", said.err);
    drafted(&desk, "list.csv");
    assert_eq!(profile(&desk), said.out);
    let again = desk.run(&["profile", "list.csv", "-o", "x.toml"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("`x.toml` is there already\nhint: "), "{}", again.err);
}

#[test]
fn what_is_no_export_is_refused_by_name() {
    for (content, said) in [
        ("Dear all,\nplease note\n", "is no table"),
        ("id,created\n", "has no rows to learn from"),
        ("<html><body>log in</body></html>", "is a web page"),
        ("[{}]", "has no rows to learn from"),
        ("", "is empty"),
    ] {
        let desk = Desk::new().with("x.csv", content);
        let run = desk.run(&["profile", "x.csv", "-o", "x.toml"]);
        assert_eq!(run.code, 1, "{content}");
        assert!(run.err.contains(said) && run.err.contains("\nhint: "), "{content}: {}", run.err);
        assert!(!desk.path("x.toml").exists());
    }
}
