//! What every rule must show from its own constant: its bad sample yields it, its good sample
//! yields nothing at all, and a fix makes one of the other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use exlint::config::Config;
use exlint::finding::Finding;
use exlint::inspection::{Inspection, Outcome};
use exlint::level::Level;
use exlint::programs::Programs;
use exlint::rule::Rule;
use exlint::rules;
use exlint::tree::{Kind, Tree, sample};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn config_of(tree: &Tree) -> Config {
    match tree.within(tree.root(), b"exlint.toml") {
        Some(node) => {
            let bytes = tree.entry(node).bytes().expect("the configuration");
            Config::read(std::str::from_utf8(bytes).expect("text")).expect("a configuration")
        }
        None => Config::default(),
    }
}

fn inspect(tree: &Tree, rules: &[&'static Rule]) -> Outcome {
    let config = config_of(tree);
    let programs = Programs::known()
        .with_configured(config.programs.iter().map(String::as_str))
        .expect("usage lines");
    Inspection::of_sample(tree, &config, &programs, rules).run(&|_| {})
}

fn shown(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| {
            format!(
                "\n    {}: {}[{}]: {}",
                String::from_utf8_lossy(&finding.path),
                finding.level.name(),
                finding.rule,
                finding.message
            )
        })
        .collect()
}

/// The findings in a sample; it must be something that is recognised.
fn check(rule: &Rule, which: &str, text: &str) -> Vec<Finding> {
    let tree = sample::tree(text).unwrap_or_else(|error| panic!("{}: {error}", rule.name));
    let outcome = inspect(&tree, &rules::all());
    assert!(
        outcome.pieces > 0,
        "{}: the {which} sample holds nothing that is recognised",
        rule.name
    );
    outcome.findings
}

#[test]
fn bad_samples_yield_their_rule() {
    for rule in rules::all() {
        let findings = check(rule, "bad", rule.bad);
        assert!(
            findings.iter().any(|finding| finding.rule == rule.name),
            "{}: nothing found in\n{}\n  but{}",
            rule.name,
            rule.bad,
            shown(&findings)
        );
    }
}

#[test]
fn good_samples_yield_nothing() {
    for rule in rules::all() {
        let findings: Vec<Finding> = check(rule, "good", rule.good)
            .into_iter()
            .filter(|finding| finding.level > Level::Note || finding.rule == rule.name)
            .collect();
        assert!(
            findings.is_empty(),
            "{}: found in its good sample{}",
            rule.name,
            shown(&findings)
        );
    }
}

#[test]
fn a_rule_says_what_it_is() {
    let all = rules::all();
    for rule in &all {
        let name = rule.name;
        let is_plain = name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(is_plain && !name.is_empty(), "{name}: the name");
        assert_eq!(
            all.iter().filter(|other| other.name == name).count(),
            1,
            "{name}"
        );
        for (what, text) in [("summary", rule.summary), ("why", rule.why)] {
            assert!(!text.is_empty() && text.trim() == text, "{name}: {what}");
        }
        assert!(
            !rule.summary.ends_with('.'),
            "{name}: the summary is a clause"
        );
        assert!(rule.why.ends_with('.'), "{name}: why is sentences");
        let checks = [
            rule.script.is_some(),
            rule.service.is_some(),
            rule.definition.is_some(),
            rule.image.is_some(),
        ];
        assert!(checks.contains(&true), "{name} looks at nothing");
    }
}

#[test]
fn messages_are_clauses() {
    for rule in rules::all() {
        for finding in check(rule, "bad", rule.bad) {
            let message = &finding.message;
            assert!(
                !message.is_empty()
                    && !message.ends_with('.')
                    && !message.contains('\n')
                    && !message.starts_with(|c: char| c.is_uppercase()
                        && message.chars().nth(1).is_some_and(char::is_lowercase)),
                "{}: `{message}`",
                finding.rule
            );
        }
    }
}

#[test]
fn a_fix_is_announced() {
    for rule in rules::all() {
        let fixes = check(rule, "bad", rule.bad)
            .iter()
            .any(|finding| finding.rule == rule.name && finding.fix.is_some());
        assert_eq!(fixes, rule.fix.is_some(), "{}: fixes", rule.name);
    }
}

/// Every file below a directory: its mode and what it holds.
fn everything(directory: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut left = vec![directory.to_path_buf()];
    while let Some(next) = left.pop() {
        for entry in std::fs::read_dir(&next).expect("a directory") {
            let path = entry.expect("an entry").path();
            let metadata = path.symlink_metadata().expect("metadata");
            let below = path.strip_prefix(directory).expect("below").to_path_buf();
            if metadata.is_dir() {
                left.push(path);
            } else if metadata.is_symlink() {
                let target = std::fs::read_link(&path).expect("a link");
                found.insert(below, (0, target.into_os_string().into_encoded_bytes()));
            } else {
                let mode = metadata.permissions().mode() & 0o7777;
                found.insert(below, (mode, std::fs::read(&path).expect("a file")));
            }
        }
    }
    found
}

/// The sample on disk.
fn written(text: &str) -> tempfile::TempDir {
    let tree = sample::tree(text).expect("a sample");
    let directory = tempfile::tempdir().expect("a directory");
    for node in tree.all().skip(1) {
        let path = directory.path().join(OsStr::from_bytes(&tree.path(node)));
        let entry = tree.entry(node);
        match &entry.kind {
            Kind::Directory => std::fs::create_dir_all(&path).expect("a directory"),
            Kind::Link(target) => {
                std::os::unix::fs::symlink(OsStr::from_bytes(target), &path).expect("a link");
                continue;
            }
            Kind::File => std::fs::write(&path, entry.bytes().expect("text")).expect("a file"),
            Kind::Other => continue,
        }
        let mode = std::fs::Permissions::from_mode(entry.mode);
        std::fs::set_permissions(&path, mode).expect("a mode");
    }
    directory
}

fn exlint(directory: &Path, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_exlint"))
        .args(options)
        .arg(".")
        .current_dir(directory)
        .output()
        .expect("the program")
}

/// Run as people would, on disk.
#[test]
fn a_fix_makes_the_bad_sample_the_good_one_and_settles() {
    for rule in rules::all().into_iter().filter(|rule| rule.fix.is_some()) {
        let directory = written(rule.bad);
        exlint(directory.path(), &["--fix"]);
        let fixed = everything(directory.path());
        let good = written(rule.good);
        assert_eq!(fixed, everything(good.path()), "{}", rule.name);
        exlint(directory.path(), &["--fix"]);
        assert_eq!(
            fixed,
            everything(directory.path()),
            "{}: fixed twice",
            rule.name
        );
    }
}

#[test]
fn what_is_on_disk_is_found_as_in_the_sample() {
    for rule in rules::all() {
        // A sample can have other users' files, and ones that nobody may read.
        if rule.bad.contains("unreadable") || rule.bad.contains(':') && has_owner(rule.bad) {
            continue;
        }
        let directory = written(rule.bad);
        let output = exlint(directory.path(), &["--format", "json", "--fail-on", "note"]);
        let text = String::from_utf8(output.stdout).expect("text");
        let name = format!("\"rule\":\"{}\"", rule.name);
        assert!(
            text.replace(": ", ":").contains(&name),
            "{}: {text}{}",
            rule.name,
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.status.code(), Some(1), "{}", rule.name);
    }
}

fn has_owner(text: &str) -> bool {
    let tree = sample::tree(text).expect("a sample");
    tree.all()
        .any(|node| tree.entry(node).owner != 0 || tree.entry(node).group != 0)
}
