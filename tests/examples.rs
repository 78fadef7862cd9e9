//! The manual's examples are true: each is run on ours, fused and unfused, and on the
//! reference where that is new enough.
//!
//! The examples are the commands' own constants; this file only hands them to the harness.
//! It is deliberately not the conformance suite: an example is there to be read first.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[expect(
    dead_code,
    reason = "examples come from the commands, not from files of cases"
)]
mod side_by_side;

use execline::command::{Command, Example};
use execline::commands::COMMANDS;
use side_by_side::case::{Case, Ending, Files, Program};
use side_by_side::toolkit::Version;

/// What an example says it is new in, where no version of the reference has it.
const OURS: &str = "ours";

fn case(command: &Command, number: usize, example: &Example) -> Case {
    let words = ["execlineb", "-Pc", example.script];
    let is_ours = example.since == Some(OURS);
    Case {
        name: format!("{}, example {number}", command.name),
        program: Program::Argv(words.map(|word| word.as_bytes().to_vec()).to_vec()),
        env: Vec::new(),
        stdin: None,
        files: Files::new(),
        stdout: example.prints.as_bytes().to_vec(),
        stderr: example.complains.as_bytes().to_vec(),
        ending: Ending::Code(i32::from(example.code)),
        after: Files::new(),
        gone: Vec::new(),
        unordered: false,
        since: example
            .since
            .filter(|since| *since != OURS)
            .map(Version::parse),
        deviation: is_ours.then(|| "the reference has no such thing".to_owned()),
    }
}

/// True where this is another command by a second name: its examples are the other's.
fn is_alias(command: &Command) -> bool {
    command.name != command.program
}

#[test]
fn every_example_does_what_it_shows() {
    let mut cases = Vec::new();
    for command in COMMANDS.iter().filter(|command| !is_alias(command)) {
        for (place, example) in command.examples.iter().enumerate() {
            cases.push(case(command, place + 1, example));
        }
    }
    side_by_side::check("examples", &cases);
}

#[test]
fn every_command_has_an_example() {
    let without: Vec<&str> = COMMANDS
        .iter()
        .filter(|command| command.examples.is_empty())
        .map(|command| command.name)
        .collect();
    assert!(without.is_empty(), "without an example: {without:?}");
}

/// The examples of an alias run once, under the command's own name, so some of them have to
/// call the alias.
#[test]
fn every_alias_is_called_in_an_example() {
    for alias in COMMANDS.iter().filter(|command| is_alias(command)) {
        let call = format!("{} ", alias.name);
        assert!(
            alias
                .examples
                .iter()
                .any(|example| example.script.starts_with(&call)),
            "no example of {} calls it {}",
            alias.program,
            alias.name
        );
    }
}
