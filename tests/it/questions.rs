//! What files leave open and only their user can say: all of it at once, with an answer that can be pasted.

use crate::desk::Desk;

/// Cases whose dates may be day first or month first.
const CASES: &str =
    "Case Number,Contact: Email,Status,Date/Time Opened\n00001,ana@example.com,Closed,\"3/4/2024, 9:15 AM\"\n";
const CHAT: &str = "[16/03/2024, 9:41:13 AM] Ana: hello\n[16/03/2024, 9:51:13 AM] Acme: yes\n";
const LIST: &str = "interaction_id,started_at\n7,2024-03-05T09:00:00Z\n";

/// Four files, of which three leave something open.
fn mixed() -> Desk {
    Desk::new()
        .with("in/cases.csv", CASES)
        .with("in/more/cases [2].csv", CASES.replace("00001", "00002"))
        .with("in/chat.txt", CHAT)
        .with("in/list.csv", LIST)
}

/// What a message says to write into the settings.
fn cure(err: &str) -> String {
    err.split_once("deskstat.toml:\n").unwrap_or_else(|| panic!("{err}")).1.to_owned()
}

#[test]
fn all_that_is_open_is_said_at_once() {
    let said = mixed().run(&["report", "in"]);
    assert_eq!(said.code, 1);
    for line in [
        "error: 3 files leave open what only you can say",
        "  the dates of column `Date/Time Opened` in `cases.csv` may be day/month or month/day",
        "  the dates of column `Date/Time Opened` in `more/cases [2].csv` may be day/month or month/day",
        "  `chat.txt` is a chat, and nothing says which of its senders is you; there write `Ana`, `Acme`",
    ] {
        assert!(said.err.lines().any(|own| own == line), "{line} is not in\n{}", said.err);
    }
}

#[test]
fn the_cure_is_pasted_as_it_stands() {
    let desk = mixed();
    let cure = cure(&desk.run(&["report", "in"]).err);
    let answered = cure.replacen("\"?\"", "\"mdy\"", 1).replace("\"?\"", "\"dmy\"").replace("your name there", "Acme");
    let desk = desk.with("deskstat.toml", format!("time_zone = \"UTC\"\n{answered}"));
    let rows = desk.out(&["interactions", "in", "-q", "--columns", "interaction_id,started_at"]);
    let expected = [
        "interaction_id,started_at",
        "00001,2024-03-04T09:15:00Z",
        "7,2024-03-05T09:00:00Z",
        "chat.txt:1,2024-03-16T09:41:13Z",
        "00002,2024-04-03T09:15:00Z",
    ];
    assert_eq!(rows.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn settings_to_begin_with_ask_it() {
    let desk = mixed();
    let said = desk.run(&["init", "in"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err
            .contains("in `cases.csv` may be day/month or month/day; it was left out\nhint: say it in deskstat.toml")
    );
    let settings = std::fs::read_to_string(desk.path("deskstat.toml")).unwrap();
    let asked = "# ? the dates of column `Date/Time Opened` in `cases.csv` may be day/month or month/day\n#[[source]]\n#file = \"cases.csv\"\n#day_order = \"?\" # \"dmy\" if the day comes first, \"mdy\" if the month does\n";
    assert!(settings.contains(asked), "{settings}");
    // The answers are lines without their #.
    let answered = ["#[[source]]\n", "#file = \"c", "#day_order = \"?", "#us = [\"your"];
    let answered = answered.iter().fold(settings, |text, line| text.replace(line, &line[1..]));
    let desk = desk.with("deskstat.toml", answered.replace("your name there", "Acme").replace("\"?\"", "\"dmy\""));
    assert_eq!(desk.out(&["table", "-q", "-f", "csv", "--period", "all"]), "contacts\n4\n");
}

#[test]
fn an_answer_that_nobody_has_given_is_refused() {
    let desk = Desk::new().with("in/cases.csv", CASES);
    let cure = cure(&desk.run(&["report", "in"]).err);
    let said = desk.with("deskstat.toml", cure).run(&["report", "in"]);
    assert!(
        said.code == 1 && said.err.contains("line 3: unknown variant `?`\nhint: write `dmy` or `mdy`"),
        "{}",
        said.err
    );
}

#[test]
fn what_the_settings_say_already_is_added_to() {
    let desk = Desk::new().with("in/cases.csv", CASES);
    let settings = "time_zone = \"UTC\"\n[[source]]\nfile = \"ca*.csv\"\n";
    let desk = desk.with("deskstat.toml", settings);
    let cure = cure(&desk.run(&["report", "in"]).err);
    assert!(cure.starts_with("  # below file = \"ca*.csv\", which is there already:\n  day_order = \"?\""), "{cure}");
    let desk = desk.with("deskstat.toml", format!("{settings}{}", cure.replace('?', "dmy")));
    assert!(desk.out(&["interactions", "in", "-q"]).contains("2024-04-03T09:15:00Z"));
}
