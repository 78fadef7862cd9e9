//! The integrations with CI: the action of GitHub, the template of GitLab, the hooks of
//! pre-commit, and the reports that they hand on. The tests are in Python, as what judges them
//! is: pre-commit itself, and the public schemas.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

/// Where Python's packages are.
#[path = "tools/mod.rs"]
mod tools;

use std::path::Path;
use std::process::Command;

/// Runs the tests in a file.
fn check(file: &str) {
    let python = tools::directory().join("python/bin/python");
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integrations");
    let output = Command::new(&python)
        .args(["-B", file])
        .current_dir(directory)
        .env("EXLINT", env!("CARGO_BIN_EXE_exlint"))
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}: {}", python.display(), tools::REMEDY));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{file}: {said}\n{}", tools::REMEDY);
    assert!(
        said.contains("\nRan ") && !said.contains("Ran 0 tests"),
        "{said}"
    );
    assert!(!said.contains("skipped"), "{said}");
}

#[test]
fn the_action_of_github_does_what_it_says() {
    check("test_action.py");
}

#[test]
fn the_template_of_gitlab_publishes_a_report() {
    check("test_gitlab.py");
}

#[test]
fn the_hooks_of_pre_commit_refuse_what_is_broken() {
    check("test_pre_commit.py");
}

#[test]
fn reports_in_sarif_agree_with_the_official_schema() {
    check("test_sarif.py");
}
