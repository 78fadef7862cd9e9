//! What is true of the program as it is shipped: one small static file that holds no panic
//! message and no documentation. It builds the release profile itself; how the program behaves
//! is for other tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[allow(dead_code, reason = "the other half is for measuring")]
#[path = "../benches/performance/cases.rs"]
mod cases;
#[allow(dead_code, reason = "the other half is for measuring")]
#[path = "../benches/performance/contestant.rs"]
mod contestant;
#[path = "../benches/performance/floor.rs"]
mod floor;
#[allow(dead_code, reason = "the other half is for measuring")]
#[path = "../benches/performance/place.rs"]
mod place;
#[allow(dead_code, reason = "the other half is for measuring")]
#[path = "../benches/performance/resources.rs"]
mod resources;
#[allow(dead_code, reason = "the other half is for comparing outcomes")]
#[path = "side_by_side/toolkit.rs"]
mod toolkit;

use execline::commands::COMMANDS;
use place::{Party, Place};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The most bytes the file may have.
const LARGEST: usize = 200_000;

/// The most memory of its own that a `foreground` may have that waits, in kB: the stack with
/// argv and environment, and a page of heap.
const MOST_MEMORY: u64 = 16;

/// What compiled Rust leaves behind where something can panic, or knows its sources.
const TRACES: [&str; 12] = [
    "panicked at",
    "index out of bounds",
    "out of range for slice",
    "called `Option::unwrap()`",
    "called `Result::unwrap()`",
    "attempt to",
    "assertion",
    "capacity overflow",
    "already borrowed",
    ".rs",
    "/rustc/",
    "library/core",
];

/// The release build of the program.
fn program() -> Vec<u8> {
    std::fs::read(file()).unwrap()
}

/// Its file.
fn file() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_execline"))
        .ancestors()
        .nth(2)
        .unwrap();
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--bin", "execline", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert!(status.success(), "the release profile does not build");
    target.join("release/execline")
}

fn contains(program: &[u8], text: &str) -> bool {
    program
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[test]
fn program_is_one_small_static_file() {
    let program = program();
    assert!(
        program.len() <= LARGEST,
        "{} bytes, {LARGEST} are allowed",
        program.len()
    );
    assert!(program.starts_with(b"\x7fELF\x02\x01"));
    let number = |at: usize, length: usize| -> usize {
        let bytes = &program[at..at + length];
        bytes
            .iter()
            .rev()
            .fold(0, |number, &byte| number << 8 | usize::from(byte))
    };
    const FIXED_ADDRESS: usize = 2;
    assert_eq!(number(16, 2), FIXED_ADDRESS);
    let (table, size, count) = (number(0x20, 8), number(0x36, 2), number(0x38, 2));
    const DYNAMIC: usize = 2;
    const INTERPRETER: usize = 3;
    for entry in 0..count {
        let kind = number(table + entry * size, 4);
        assert!(
            kind != DYNAMIC && kind != INTERPRETER,
            "segment of kind {kind}"
        );
    }
}

#[test]
fn foreground_that_waits_has_little_memory() {
    let place = Place::new();
    let directory = place.ours.with_file_name("release");
    let installed = Command::new(file())
        .arg("--install")
        .arg(&directory)
        .status();
    assert!(installed.unwrap().success());
    let party = Party {
        label: "release".to_owned(),
        directory,
        is_fused: true,
    };
    let memory = resources::waiting_foreground(&place, &party);
    assert!(
        (1..=MOST_MEMORY).contains(&memory.anonymous),
        "it has {} kB",
        memory.anonymous
    );
}

#[test]
fn program_holds_no_panic_message_and_no_documentation() {
    let program = program();
    let mut found: BTreeSet<&str> = TRACES
        .into_iter()
        .filter(|trace| contains(&program, trace))
        .collect();
    let mut looked_for = 0;
    for command in &COMMANDS {
        let told = [command.summary]
            .into_iter()
            .chain(command.options.iter().map(|option| option.summary))
            .chain(command.examples.iter().map(|example| example.script));
        // A short text may stand there for another reason.
        for text in told.filter(|text| text.len() >= 16 && !command.usage.contains(text)) {
            looked_for += 1;
            if contains(&program, text) {
                found.insert(text);
            }
        }
    }
    assert!(looked_for > 100, "there is documentation to look for");
    assert!(found.is_empty(), "in the program: {found:#?}");
}
