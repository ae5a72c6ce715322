//! The README shows what the program prints.

use crate::desk::{on_sample, root};

/// The blocks of the README that begin with this command, without it.
fn shown(command: &str) -> String {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let start = format!("```\n$ {command}\n");
    let (_, rest) = readme.split_once(&start).unwrap_or_else(|| panic!("the README does not show `{command}`"));
    rest.split_once("\n```").unwrap().0.to_owned()
}

#[test]
fn page_one_is_as_it_prints() {
    assert!(on_sample(&["report", "sample-data"]).starts_with(&shown("deskstat report sample-data")));
}

#[test]
fn the_first_story_is_as_it_prints() {
    let command = "why frt_p50 sample-data --by channel";
    let args: Vec<&str> = command.split(' ').collect();
    assert!(on_sample(&args).starts_with(shown(&format!("deskstat {command}")).trim_end()));
}

#[test]
fn every_option_that_it_names_is_there() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let help: String = ["report", "table", "why", "interactions", "customers", "check", "init", "profile"]
        .iter()
        .map(|command| on_sample(&[command, "--help"]))
        .collect();
    let words = readme.split(|c: char| c.is_whitespace() || c == '`');
    let is_option =
        |word: &&str| word.strip_prefix("--").is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic()));
    let options = words.filter(is_option);
    for option in options {
        assert!(help.contains(option.trim_end_matches([',', '.', ')'])), "{option}");
    }
}
