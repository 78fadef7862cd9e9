//! What the pages of `docs/` show of the linter is what it prints, and the service trees that
//! they give as examples are what it is called for there.
//!
//! What is run is for the runtime's own tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[path = "../../tests/executable/mod.rs"]
mod executable;
/// The steps of a page.
#[path = "../../tests/docs/fences.rs"]
mod fences;
/// Taking them.
#[path = "../../tests/docs/session.rs"]
mod session;

use session::Session;
use std::path::Path;

/// Writes what a page says, and calls the linter where the page does.
fn follow(page: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join(page)).expect("the page");
    let steps = fences::steps(page, &text);
    let linted = steps.iter().filter(|step| step.is_linted()).count();
    assert!(linted > 0, "{page} does not call the linter");
    let program = Path::new(env!("CARGO_BIN_EXE_exlint"));
    let programs = program.parent().expect("a directory");
    // Nothing of it is run, so its commands may be anywhere.
    let session = Session::new(Path::new("/command"), &[programs], &[]);
    for step in &steps {
        if (step.is_linted() || step.is_of_files)
            && let Err(faults) = session.take(step)
        {
            panic!("{page}:{}\n{}\n{faults}", step.line, step.text);
        }
    }
}

#[test]
fn the_tutorial_shows_what_the_linter_says() {
    follow("docs/tutorial.md");
}
