//! `CONFORMANCE.md`: what the cases of `conformance/` cover, counted, and what is done on
//! purpose in another way than the reference does it.
//!
//! The page is derived: `cargo test` compares it with the cases, `BLESS=1 cargo test`
//! rewrites it. A command without a case, and an option that no case uses, fail here.
//! It deliberately runs no case and knows no outcome: that a case holds is shown by the test
//! `conformance`, and a page of a tree whose tests pass is true.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

/// Comparing, or rewriting, what is derived.
#[path = "tidy/bless.rs"]
mod bless;
/// Which commands a case calls, with which options.
#[path = "conformance_table/calls.rs"]
mod calls;
/// The cases.
#[allow(dead_code, reason = "here they are read, not run")]
#[path = "side_by_side/case.rs"]
mod case;
/// The page.
#[path = "conformance_table/page.rs"]
mod page;
/// Versions.
#[allow(dead_code, reason = "nothing is run here")]
#[path = "side_by_side/toolkit.rs"]
mod toolkit;
/// The files of the repository.
#[allow(dead_code, reason = "only some files are looked at here")]
#[path = "tidy/tree.rs"]
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use execline::commands::COMMANDS;

use calls::Calls;
use case::Case;

/// The reference that everybody has: Debian's.
const INSTALLED: &str = "2.9.3.0";

/// Fails with all faults at once.
fn verdict(claim: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{claim}:\n  {}", faults.join("\n  "));
}

/// A file of cases, and what each of its cases calls.
struct Area {
    name: String,
    cases: Vec<(Case, Calls)>,
}

fn areas() -> Vec<Area> {
    let files = tree::files("tests/conformance", ".toml");
    let area = |file: &tree::File| Area {
        name: file.stem().to_owned(),
        cases: case::read_cases(&tree::root().join(&file.path))
            .into_iter()
            .map(|case| {
                let calls = calls::of(&case);
                (case, calls)
            })
            .collect(),
    };
    files.iter().map(area).collect()
}

/// The names of an option, as people write them.
fn shown(option: &execline::command::CommandOption) -> String {
    match (option.letter, option.long) {
        ('\0', long) => format!("--{}", long.unwrap_or_default()),
        (letter, Some(long)) => format!("-{letter}/--{long}"),
        (letter, None) => format!("-{letter}"),
    }
}

#[test]
fn the_page_says_what_the_cases_cover() {
    let derived = BTreeMap::from([("CONFORMANCE.md".to_owned(), page::text(&areas()))]);
    bless::settle(&derived, None);
}

#[test]
fn every_command_and_every_option_has_a_case() {
    let mut called = BTreeSet::new();
    let mut used = BTreeSet::new();
    for area in areas() {
        for (_, calls) in area.cases {
            called.extend(calls.commands);
            used.extend(calls.options);
        }
    }
    let mut faults = Vec::new();
    for command in &COMMANDS {
        if !called.contains(command.name) {
            faults.push(format!("{}: no case calls it", command.name));
            continue;
        }
        for (place, option) in command.options.iter().enumerate() {
            if !used.contains(&(command.name, place)) {
                faults.push(format!(
                    "{} {}: no case uses it",
                    command.name,
                    shown(option)
                ));
            }
        }
    }
    verdict("what there is has a case in tests/conformance", &faults);
}
