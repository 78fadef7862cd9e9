//! The linter on the corpus: of what works, nothing at warning or error; of what does not,
//! exactly what the file `NAME.expected` beside it says. `BLESS=1` rewrites those files, and
//! then their changes are to be judged by a person.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus")
}

/// What is in a folder of the corpus, but for what is beside it: expectations.
fn entries(folder: &str) -> Vec<PathBuf> {
    let directory = corpus().join(folder);
    let mut entries: Vec<PathBuf> = std::fs::read_dir(&directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            let extension = path.extension().unwrap_or_default();
            extension != "expected" && extension != "notes"
        })
        .collect();
    entries.sort();
    assert!(entries.len() > 20, "{folder} is nearly empty");
    entries
}

struct Found {
    rule: String,
    level: String,
    path: String,
    line: Option<u64>,
    message: String,
}

fn lint(path: &Path) -> Vec<Found> {
    let output = Command::new(env!("CARGO_BIN_EXE_exlint"))
        .args(["--format", "json", "--fail-on", "never"])
        .arg(path)
        .output()
        .expect("the program");
    assert!(
        output.status.success(),
        "{}: {}",
        path.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let prefix = path.to_string_lossy().into_owned();
    let findings = report["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            let full = text("path");
            let inside = full.strip_prefix(&prefix).unwrap_or(&full);
            Found {
                rule: text("rule"),
                level: text("level"),
                path: inside.trim_start_matches('/').to_owned(),
                line: finding["line"].as_u64(),
                message: text("message"),
            }
        })
        .collect()
}

/// Nothing may be said at warning or error of something that works.
fn nothing_found(folder: &str) {
    let mut faults = Vec::new();
    for path in entries(folder) {
        for found in lint(&path) {
            if found.level != "note" {
                faults.push(format!(
                    "{}/{}:{}: {}[{}]: {}",
                    path.file_name().unwrap().to_string_lossy(),
                    found.path,
                    found.line.map(|line| line.to_string()).unwrap_or_default(),
                    found.level,
                    found.rule,
                    found.message
                ));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "false alarms in {folder}:\n  {}",
        faults.join("\n  ")
    );
}

/// `rule<TAB>place` for each finding, and what is expected.
fn as_expected(folder: &str, place: impl Fn(&Found) -> String) {
    let bless = std::env::var_os("BLESS").is_some_and(|value| value == "1");
    let mut faults = Vec::new();
    for path in entries(folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let found = lint(&path);
        for (extension, is_wanted) in [("expected", false), ("notes", true)] {
            let file = path.with_file_name(format!("{name}.{extension}"));
            // Notes are told of where somebody wrote them down.
            if is_wanted && !file.exists() {
                continue;
            }
            let lines: BTreeSet<String> = found
                .iter()
                .filter(|found| (found.level == "note") == is_wanted)
                .map(|found| format!("{}\t{}", found.rule, place(found)))
                .collect();
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            let expected: BTreeSet<String> = text.lines().map(str::to_owned).collect();
            if bless && lines != expected {
                let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
                std::fs::write(&file, text).expect("an expectation");
                continue;
            }
            let missing = expected
                .difference(&lines)
                .map(|line| format!("missing {line}"));
            let further = lines
                .difference(&expected)
                .map(|line| format!("further {line}"));
            faults.extend(missing.chain(further).map(|line| format!("{name}: {line}")));
        }
    }
    assert!(faults.is_empty(), "in {folder}:\n  {}", faults.join("\n  "));
}

#[test]
fn trees_that_work_are_clean() {
    nothing_found("trees/clean");
}

#[test]
fn scripts_that_work_are_clean() {
    nothing_found("execline");
}

#[test]
fn scripts_of_the_runtime_are_clean() {
    nothing_found("scripts");
}

#[test]
fn broken_trees_are_found_broken() {
    as_expected("trees/broken", |found| found.path.clone());
}

#[test]
fn broken_scripts_are_found_broken() {
    as_expected("execline-broken", |found| {
        found.line.map(|line| line.to_string()).unwrap_or_default()
    });
}
