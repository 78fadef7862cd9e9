//! The pages of `docs/` are true: what they tell a reader to write, run and type does what they
//! show, fused and with `EXECLINE_FUSION=0`.
//!
//! What calls the linter is for its own package; the pages of commands are made of examples,
//! which have a test of their own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod executable;
/// The steps of a page.
#[path = "docs/fences.rs"]
mod fences;
/// Taking them.
#[path = "docs/session.rs"]
mod session;

use session::Session;
use std::path::Path;
use std::process::Command;

/// What makes the runtime execute every step.
const UNFUSED: (&str, &str) = ("EXECLINE_FUSION", "0");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn steps(page: &str) -> Vec<fences::Step> {
    let text = std::fs::read_to_string(root().join(page)).unwrap();
    let steps = fences::steps(page, &text);
    assert!(!steps.is_empty(), "{page} shows nothing to do");
    steps
}

/// Does what a page says.
fn follow(page: &str, variables: &[(&'static str, &'static str)]) {
    let place = tempfile::tempdir().unwrap();
    let program = place.path().join("execline");
    executable::copy(env!("CARGO_BIN_EXE_execline"), &program);
    let commands = place.path().join("command");
    let status = Command::new(&program)
        .arg("--install")
        .arg(&commands)
        .status()
        .unwrap();
    assert!(status.success());
    let session = Session::new(&commands, &[], variables);
    for step in steps(page).iter().filter(|step| !step.is_linted()) {
        if let Err(faults) = session.take(step) {
            panic!(
                "{page}:{} {variables:?}\n{}\n{faults}",
                step.line, step.text
            );
        }
    }
}

#[test]
fn the_language_is_as_described() {
    follow("docs/language.md", &[]);
    follow("docs/language.md", &[UNFUSED]);
}

#[test]
fn the_tutorial_works_by_copy_and_paste() {
    follow("docs/tutorial.md", &[]);
    follow("docs/tutorial.md", &[UNFUSED]);
}

/// It says itself where fusion is off.
#[test]
fn fusion_looks_as_described() {
    follow("docs/fusion.md", &[]);
}

#[test]
fn people_from_skarnet_are_told_the_truth() {
    follow("docs/from-skarnet.md", &[]);
    follow("docs/from-skarnet.md", &[UNFUSED]);
}

/// What a program prints, and what it complains of, in a directory.
fn printed(directory: &Path, arguments: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_execline"))
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn the_readme_shows_a_message_as_it_is() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let fences = fences::fences(&readme);
    let shown = fences
        .iter()
        .find(|(_, _, text)| text.starts_with("execlineb: fatal: "))
        .map(|(_, _, text)| text.as_str());
    let place = tempfile::tempdir().unwrap();
    let script = "#!/command/execlineb -P\nif { eltest ${?} = 0\necho done\n";
    std::fs::write(place.path().join("run"), script).unwrap();
    let (_, complaint) = printed(place.path(), &["execlineb", "-P", "run"]);
    assert_eq!(Some(complaint.as_str()), shown);
}

#[test]
fn the_first_example_greets() {
    let (output, complaint) = printed(root(), &["execlineb", "-P", "examples/hello"]);
    let expected = "hello, world, this is Linux\n\
                    counting: one\ncounting: two\ncounting: three\n";
    assert_eq!(output, expected);
    assert_eq!(complaint, "");
}
