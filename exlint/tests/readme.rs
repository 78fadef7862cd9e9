//! What the README shows of the linter is what it prints, and what it gives as examples passes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

/// The checkout, and the linter run in it.
#[path = "checkout/mod.rs"]
mod checkout;

use checkout::{exlint, read};
use exlint::config::Config;
use exlint::programs::Programs;

#[test]
fn the_readme_shows_what_is_printed() {
    const COMMAND: &str = "```sh\ncargo run --release --quiet -p exlint -- ";
    let readme = read("README.md");
    let shown: Vec<&str> = readme.split(COMMAND).skip(1).collect();
    assert!(!shown.is_empty(), "the README shows nothing");
    for rest in shown {
        let (command, rest) = rest.split_once('\n').expect("a command");
        let rest = rest.strip_prefix("```\n\n```text\n").expect("its output");
        let (expected, _) = rest.split_once("```\n").expect("an end");
        let arguments: Vec<&str> = command.split(' ').collect();
        let (printed, _) = exlint(&arguments);
        assert_eq!(printed, expected, "{command}");
    }
}

#[test]
fn the_configuration_that_is_shown_can_be_read() {
    let text = read("docs/exlint.md");
    let (_, rest) = text.split_once("```toml\n").expect("a configuration");
    let (shown, _) = rest.split_once("```\n").expect("its end");
    let config = Config::read(shown).expect("a configuration");
    let programs = config.programs.iter().map(String::as_str);
    assert!(Programs::known().with_configured(programs).is_ok());
    assert!(config.overlay_version.is_some() && config.paths.len() == 1);
}

#[test]
fn the_examples_pass() {
    let (printed, code) = exlint(&["examples", "--fail-on", "note"]);
    assert_eq!((printed.as_str(), code), ("", Some(0)));
}
