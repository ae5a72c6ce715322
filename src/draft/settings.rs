//! What exports show → a commented `deskstat.toml` to begin with.
//!
//! Every setting stands in it, at least as an example behind a `#`; taking that away is all that it takes. Lines for
//! people have a space behind the `#`. A new setting is one line here: a test fails where one is missing.

use crate::input::Question;
use crate::notice::{inert_whole, thousands};
use crate::quote::{list, quoted};

/// What exports show of the company that they are of.
#[derive(Debug, Default)]
pub struct Shown {
    pub inputs: Vec<String>,
    pub profiles: Vec<String>,
    /// The report's zone, where it is said.
    pub time_zone: Option<String>,
    /// Files whose times carry no zone.
    pub zoneless: Vec<String>,
    /// The country that most phone numbers are of.
    pub region: Option<String>,
    /// Domains and addresses of agents.
    pub own_domains: Vec<String>,
    pub agents: Vec<String>,
    /// Agents that may be programs.
    pub bots: Vec<String>,
    /// Each with how many contacts.
    pub channels: Vec<(String, u64)>,
    pub topics: Vec<(String, u64)>,
    /// Teams that are called by numbers.
    pub teams: Vec<(String, u64)>,
    /// Points of the scales of satisfaction, each with what it was found in.
    pub scales: Vec<(String, String)>,
    /// What files leave open.
    pub questions: Vec<Question>,
}

/// Channels whose customers wait for an answer in writing.
const WRITTEN: &[&str] = &["email", "web_form", "social", "sms", "messaging"];

/// The settings' text.
pub fn settings(shown: &Shown) -> String {
    let mut page = Page::default();
    page.say("What deskstat should know of us. Take the # from a line to set it; what stands there is an example, or the default.");
    page.say("It is found in the folder of the exports, where deskstat is run, or in your config folder.");
    time(shown, &mut page);
    people(shown, &mut page);
    windows(&mut page);
    promises(shown, &mut page);
    hours(&mut page);
    money(shown, &mut page);
    names(shown, &mut page);
    by_itself(&mut page);
    sources(shown, &mut page);
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    /// A line for people.
    fn say(&mut self, text: &str) {
        self.0.push_str(&format!("# {}\n", inert_whole(text)));
    }

    /// A line that counts.
    fn set(&mut self, line: &str) {
        self.0.push_str(&format!("{line}\n"));
    }

    /// A line that counts once its # is taken away.
    fn offer(&mut self, line: &str) {
        self.0.push_str(&format!("#{line}\n"));
    }

    /// A line that counts where something was found, and an example where not.
    fn found(&mut self, name: &str, found: &[String], example: &str) {
        match found {
            [] => self.offer(&format!("{name} = {example}")),
            found => self.set(&format!("{name} = {}", list(found))),
        }
    }

    fn gap(&mut self) {
        self.0.push('\n');
    }
}

fn time(shown: &Shown, page: &mut Page) {
    page.gap();
    page.say("What to read where the command line names nothing; profiles of our own.");
    page.found("inputs", &shown.inputs, "[\"exports\"]");
    page.found("profiles", &shown.profiles, "[\"our-list.toml\"]");
    page.say("Data that end longer ago than this fail a run: exit code 4.");
    page.offer("stale_after = \"8d\"");
    page.gap();
    page.say("Days and weeks of the report begin at midnight here.");
    match &shown.time_zone {
        Some(zone) => page.set(&format!("time_zone = {}", quoted(zone))),
        None => page.offer("time_zone = \"Europe/London\""),
    }
    page.say("Times that carry no zone are of this one, where neither [[source]] nor a profile says otherwise.");
    if !shown.zoneless.is_empty() {
        page.say(&format!("There are such in {}.", shown.zoneless.join(", ")));
    }
    page.offer("source_time_zone = \"Europe/London\"");
    page.gap();
    page.say("The country of phone numbers that name none.");
    if let Some(region) = &shown.region {
        page.say(&format!("Of those that do, most are of {region}."));
    }
    page.offer(&format!("region = {}", quoted(shown.region.as_deref().unwrap_or("GB"))));
}

fn people(shown: &Shown, page: &mut Page) {
    page.gap();
    page.say("Mail from these domains and addresses is from colleagues, never from customers.");
    page.found("own_domains", &shown.own_domains, "[\"example.com\"]");
    page.found("agents", &shown.agents, "[\"night.desk@example.org\"]");
    page.say("Names under which programs answer.");
    let bots: Vec<String> = if shown.bots.is_empty() { vec!["Answer Bot".to_owned()] } else { shown.bots.clone() };
    page.offer(&format!("bots = {}", list(&bots)));
    page.say("Addresses and numbers that many people use: they join nobody. More names than shared_names tell that by themselves.");
    page.offer("shared = [\"reception@example.org\"]");
    page.offer("shared_names = 5");
    page.say("Two keys of one customer in each row of a CSV: e-mail addresses, phone or customer numbers.");
    page.offer("aliases = \"aliases.csv\"");
    page.say("The secret that --pseudonymise makes pseudonyms with: openssl rand -hex 32 > deskstat.key");
    page.offer("key_file = \"deskstat.key\"");
}

fn windows(page: &mut Page) {
    page.gap();
    page.say("A contact so long after another of the same customer has nothing to do with it.");
    page.offer("repeat_window = \"7d\"");
    page.say("A customer is active so long after an order.");
    page.offer("active_window = \"90d\"");
    page.say("A call given up sooner than this was none.");
    page.offer("short_abandon = \"5s\"");
    page.say("After such a pause the next message begins a new contact.");
    page.offer("thread_gap = \"1d\"");
    page.say("Days on which nobody is there, or parts of them.");
    page.offer("holidays = [\"2026-12-25\", \"2026-12-24 12:00-24:00\"]");
}

fn promises(shown: &Shown, page: &mut Page) {
    page.gap();
    page.say("What we promise: the first reply and the last resolution, by channel and priority, in calendar or business time.");
    if !shown.channels.is_empty() {
        page.say(&format!("There are contacts by {}.", counted(&shown.channels)));
    }
    page.set("[targets]");
    let written =
        shown.channels.iter().map(|(channel, _)| channel.as_str()).filter(|channel| WRITTEN.contains(channel));
    let mut channels: Vec<&str> = written.collect();
    if channels.is_empty() {
        channels.push("email");
    }
    let each = |more: &str| -> String {
        channels
            .iter()
            .map(|channel| format!("{{ channel = {}, {more} }}", quoted(channel)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let first = quoted(channels[0]);
    page.offer(&format!(
        "response = [{}, {{ channel = {first}, priority = \"urgent\", within = \"2h\" }}]",
        each("within = \"8h\"")
    ));
    page.offer(&format!("resolution = [{}]", each("within = \"16h\", clock = \"business\"")));
    page.gap();
    page.say("Calls answered in time: the first within so long, by one of the formulas of `deskstat table --metrics service_level --compare-formulas`.");
    page.set("[service_level]");
    page.offer("within = \"20s\"");
    page.offer("formula = \"offered\"");
    page.gap();
    page.say("What we aim at, by any column of `deskstat list metrics`.");
    if !shown.scales.is_empty() {
        let scales: Vec<String> =
            shown.scales.iter().map(|(source, points)| format!("{points} points in {source}")).collect();
        page.say(&format!("Satisfaction is on a scale of {}; csat is the share of the best.", scales.join(", ")));
    }
    page.set("[goals]");
    page.offer("response_sla = 0.9");
    page.offer("csat = 0.9");
}

fn hours(page: &mut Page) {
    page.gap();
    page.say("When somebody is there; of those that fit a contact the one with most conditions counts.");
    for line in ["[[hours]]", "name = \"Office\"", "weekdays = [\"09:00-12:30\", \"13:30-17:00\"]"] {
        page.offer(line);
    }
    page.gap();
    for line in [
        "[[hours]]",
        "name = \"Phones\"",
        "channel = \"phone\"",
        "team = [\"First line\"]",
        "priority = [\"high\", \"urgent\"]",
        "time_zone = \"Europe/Dublin\"",
        "daily = \"08:00-20:00\"",
        "weekend = \"10:00-16:00\"",
        "monday = \"07:00-20:00\"",
        "tuesday = \"08:00-20:00\"",
        "wednesday = \"08:00-20:00\"",
        "thursday = \"08:00-20:00\"",
        "friday = \"08:00-18:00\"",
        "saturday = \"10:00-16:00\"",
        "sunday = []",
        "from = \"2026-01-01\"",
        "until = \"2026-12-31\"",
        "holidays = [\"2026-12-27..2026-12-30\"]",
    ] {
        page.offer(line);
    }
}

fn money(shown: &Shown, page: &mut Page) {
    page.gap();
    page.say("What a contact costs: so much each, so much a minute that it is handled, or both.");
    page.set("[costs]");
    let examples = [("phone".to_owned(), 0), ("email".to_owned(), 0)];
    for (channel, _) in if shown.channels.is_empty() { &examples[..] } else { &shown.channels } {
        let cost = if matches!(channel.as_str(), "phone" | "chat") { "minute = 0.9" } else { "contact = 3.2" };
        page.offer(&format!("{channel} = {{ {cost} }}"));
    }
}

fn names(shown: &Shown, page: &mut Page) {
    page.gap();
    page.say("Contacts fall before, during or after a purchase by the customer's orders, but for topics that say it themselves.");
    page.set("[touchpoints]");
    match shown.topics.as_slice() {
        [] => page.offer("\"refund dispute\" = \"complaint\""),
        topics => topics.iter().for_each(|(topic, contacts)| {
            page.offer(&format!("{} = \"complaint\" # {}", quoted(topic), thousands(*contacts)));
        }),
    }
    page.gap();
    page.say("Other names for an export's words, by column.");
    page.set("[synonyms.team]");
    match shown.teams.as_slice() {
        [] => page.offer("5017691 = \"Orders\""),
        teams => teams.iter().for_each(|(team, contacts)| {
            page.offer(&format!("{} = \"…\" # {}", quoted(team), thousands(*contacts)));
        }),
    }
}

fn by_itself(page: &mut Page) {
    page.gap();
    page.say("What `deskstat report` does where the command line does not say; {period} becomes 2026-W46.");
    page.set("[report]");
    page.offer("period = \"last-week\"");
    page.offer("outputs = [\"reports/{period}.html\", \"reports/{period}.csv\"]");
    page.offer("fail_if = [\"response_sla<80%\", \"contacts unusual\"]");
}

fn sources(shown: &Shown, page: &mut Page) {
    page.gap();
    page.say("What single files need to be told; the first pattern that fits counts.");
    for question in &shown.questions {
        page.say(&format!("? {}", question.what.line()));
        question.lines().iter().for_each(|line| page.offer(line));
        page.gap();
    }
    let example = ["calls-*.csv".to_owned()];
    let files = if shown.zoneless.is_empty() { &example[..] } else { &shown.zoneless };
    for (nth, file) in files.iter().enumerate() {
        page.offer("[[source]]");
        page.offer(&format!("file = {}", quoted(file)));
        page.offer("time_zone = \"Europe/London\"");
        if nth == 0 {
            for line in [
                "profile = \"aircall-calls\"",
                "source = \"second-desk\"",
                "day_order = \"dmy\"",
                "delimiter = \";\"",
                "encoding = \"windows-1252\"",
                "sheets = [\"Tickets\"] # of workbooks: which to read, by name or number",
                "us = [\"Acme Support\"] # of chats: the senders who are ours",
            ] {
                page.offer(line);
            }
        }
        page.gap();
    }
}

/// `email (1,204), phone (301)`
fn counted(words: &[(String, u64)]) -> String {
    let word = |(word, count): &(String, u64)| format!("{word} ({})", thousands(*count));
    words.iter().map(word).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    /// The text with every line that it offers set.
    fn all_set(text: &str) -> String {
        let set = |line: &str| match line.strip_prefix('#') {
            Some(offered) if !offered.starts_with(' ') => offered.to_owned(),
            _ => line.to_owned(),
        };
        text.lines().map(set).collect::<Vec<_>>().join("\n")
    }

    /// What may be set at a place, as the reader says when something else is.
    fn settable(wrong: &str) -> Vec<String> {
        let said = toml::from_str::<Settings>(wrong).unwrap_err().to_string();
        let names = said.split("expected").nth(1).unwrap_or_default();
        names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    fn shown() -> Shown {
        Shown {
            inputs: vec!["exports".into()],
            zoneless: vec!["a \"b\".csv".into(), "c.csv".into()],
            own_domains: vec!["acme.example".into()],
            channels: vec![("email".into(), 3), ("phone".into(), 2)],
            topics: vec![("say \"hi\"\n".into(), 3)],
            teams: vec![("5017691".into(), 3)],
            scales: vec![("x".into(), "5".into())],
            ..Shown::default()
        }
    }

    #[test]
    fn it_is_read_as_it_stands_and_with_every_line_set() {
        for shown in [Shown::default(), shown()] {
            let text = settings(&shown);
            for text in [&text, &all_set(&text)] {
                toml::from_str::<Settings>(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            }
        }
    }

    #[test]
    fn every_setting_stands_in_it() {
        let text = all_set(&settings(&Shown::default()));
        for wrong in [
            "zzz = 1",
            "[[source]]\nfile = 'x'\nzzz = 1",
            "[service_level]\nzzz = 1",
            "[report]\nzzz = 1",
            "[targets]\nzzz = 1",
            "[targets]\nresponse = [{ zzz = 1 }]",
            "[costs.phone]\nzzz = 1",
            "[[hours]]\nname = 'x'\nzzz = 1",
        ] {
            let names = settable(wrong);
            assert!(names.len() > 1, "{wrong}");
            for name in names {
                let is_there = [format!("{name} = "), format!("[{name}]"), format!("[{name}.")]
                    .iter()
                    .any(|key| text.contains(key));
                assert!(is_there, "`{name}` is not in what `deskstat init` writes");
            }
        }
    }

    #[test]
    fn defaults_are_those_of_the_settings() {
        let set: Settings = toml::from_str(&all_set(&settings(&Shown::default()))).unwrap();
        let usual = Settings::default();
        assert_eq!((set.repeat_window, set.active_window), (usual.repeat_window, usual.active_window));
        assert_eq!((set.short_abandon, set.thread_gap), (usual.short_abandon, usual.thread_gap));
        assert_eq!((set.shared_names, set.service_level.within), (usual.shared_names, usual.service_level.within));
        assert_eq!(set.service_level.formula, usual.service_level.formula);
    }
}
