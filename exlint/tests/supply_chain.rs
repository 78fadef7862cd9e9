//! What the two programs are built from, by what cargo itself resolves: whose, under which
//! licences, in how many versions; and that the runtime is the same bytes wherever it is built.
//! The linter is not built here, which takes minutes.
//! `deny.toml` says what is allowed, here and to cargo-deny, which `.ci/supply-chain` runs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// All packages of Cargo.lock, for every platform.
fn metadata() -> Value {
    serde_json::from_str(&cargo(&["metadata", "--locked", "--format-version", "1"])).unwrap()
}

fn deny() -> toml::Table {
    fs::read_to_string(root().join("deny.toml"))
        .unwrap()
        .parse()
        .unwrap()
}

fn verdict(claim: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{claim}:\n  {}", faults.join("\n  "));
}

/// Whether a licence expression can be met with these: `OR` binds less than `AND`.
fn is_met(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    // Before there were expressions, a slash was written for `OR`.
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let met = either(&mut words, allowed);
    assert_eq!(words.next(), None, "{expression}");
    met
}

type Words<'w> = std::iter::Peekable<std::str::SplitWhitespace<'w>>;

fn either(words: &mut Words<'_>, allowed: &BTreeSet<&str>) -> bool {
    let mut met = both(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= both(words, allowed);
    }
    met
}

fn both(words: &mut Words<'_>, allowed: &BTreeSet<&str>) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words<'_>, allowed: &BTreeSet<&str>) -> bool {
    let word = words.next().expect("a licence");
    if word == "(" {
        let met = either(words, allowed);
        assert_eq!(words.next(), Some(")"));
        return met;
    }
    // An exception allows more, and another name of it is another licence.
    if words.next_if_eq(&"WITH").is_some() {
        let exception = words.next().expect("an exception");
        return allowed.contains(&*format!("{word} WITH {exception}"));
    }
    allowed.contains(word)
}

#[test]
fn licence_expressions_are_read() {
    let allowed = BTreeSet::from(["MIT", "Zlib"]);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 OR MIT", true),
        ("Apache-2.0 AND MIT", false),
        ("(Apache-2.0 OR MIT) AND Zlib", true),
        ("Apache-2.0 OR MIT AND GPL-3.0-only", false),
        ("MIT WITH LLVM-exception", false),
    ] {
        assert_eq!(is_met(expression, &allowed), expected, "{expression}");
    }
}

#[test]
fn every_licence_is_allowed() {
    let deny = deny();
    let allowed = deny["licenses"]["allow"].as_array().unwrap();
    let allowed: BTreeSet<&str> = allowed.iter().map(|it| it.as_str().unwrap()).collect();
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let faults = packages.iter().filter_map(|package| {
        let licence = package["license"].as_str().unwrap_or("");
        let is_fine = !licence.is_empty() && is_met(licence, &allowed);
        (!is_fine).then(|| format!("{}: {licence:?}", package["name"]))
    });
    let faults: Vec<String> = faults.collect();
    verdict("licences are those of deny.toml", &faults);
    assert!(packages.len() > 20);
}

#[test]
fn everything_comes_from_one_registry_with_its_checksum() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let lock: toml::Table = lock.parse().unwrap();
    let allowed = deny()["sources"]["allow-registry"].clone();
    let registry = format!("registry+{}", allowed[0].as_str().unwrap());
    let mut faults = Vec::new();
    for package in lock["package"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let is_own = ["execline", "exlint"].contains(&name);
        let source = package.get("source").and_then(toml::Value::as_str);
        let is_sound = match source {
            None => is_own,
            Some(source) => source == registry && package.get("checksum").is_some() && !is_own,
        };
        if !is_sound {
            faults.push(format!("{name}: {source:?}"));
        }
    }
    verdict("sources are those of deny.toml", &faults);
    let ignored = fs::read_to_string(root().join(".gitignore")).unwrap();
    assert!(!ignored.contains("Cargo.lock"));
}

/// The packages that the programs are built from here, `name@version`: without those of tests,
/// as cargo-deny counts them.
fn taken() -> BTreeSet<String> {
    let tree = cargo(&[
        "tree",
        "--locked",
        "--workspace",
        "-e",
        "no-dev",
        "--prefix",
        "none",
        "-f",
        "{p}",
    ]);
    // An empty line stands between the members of the workspace.
    let packages = tree.lines().filter(|line| !line.is_empty()).map(|line| {
        let mut words = line.split(' ');
        let (name, version) = (words.next().unwrap(), words.next().unwrap());
        format!("{name}@{}", version.trim_start_matches('v'))
    });
    packages.collect()
}

#[test]
fn there_is_one_version_of_each_or_a_reason() {
    let deny = deny();
    let skipped = deny["bans"]["skip"].as_array().unwrap();
    let skipped: BTreeSet<&str> = skipped
        .iter()
        .inspect(|it| assert!(it["reason"].as_str().unwrap().len() > 10, "{it}"))
        .map(|it| it["crate"].as_str().unwrap())
        .collect();
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in taken() {
        let (name, _) = package.split_once('@').unwrap();
        versions.entry(name.to_owned()).or_default().push(package);
    }
    let several = versions.into_values().filter(|them| them.len() > 1);
    let several: Vec<Vec<String>> = several.collect();
    let faults: Vec<String> = several
        .iter()
        .filter(|them| them.iter().filter(|it| !skipped.contains(&***it)).count() != 1)
        .map(|them| them.join(", "))
        .collect();
    verdict("several versions have their reason in deny.toml", &faults);
    let unneeded = skipped
        .iter()
        .filter(|it| !several.iter().flatten().any(|package| package == **it));
    let unneeded: Vec<String> = unneeded.map(|it| (*it).to_owned()).collect();
    verdict("what deny.toml excuses is there", &unneeded);
}

/// With the features that cargo gives them, on any platform: what the manifest does not say.
#[test]
fn the_runtime_is_built_from_two_crates_without_features() {
    let tree = cargo(&[
        "tree", "--locked", "-p", "execline", "-e", "no-dev", "--target", "all", "--prefix",
        "none", "-f", "{p}|{f}",
    ]);
    let crates: BTreeSet<(&str, &str)> = tree
        .lines()
        .map(|line| {
            let (package, features) = line.split_once('|').unwrap();
            (package.split(' ').next().unwrap(), features)
        })
        .collect();
    let expected = [("execline", ""), ("libc", ""), ("syscalls", "")];
    assert_eq!(crates, BTreeSet::from(expected));
    // Whatever the workspace unifies, they depend on nothing.
    let metadata = metadata();
    for node in metadata["resolve"]["nodes"].as_array().unwrap() {
        let id = node["id"].as_str().unwrap();
        if id.contains("#libc@") || id.contains("#syscalls@") {
            assert_eq!(node["deps"].as_array().unwrap().len(), 0, "{id}");
        }
    }
}

#[test]
fn what_is_locked_is_what_is_tested() {
    for script in [
        "test",
        ".ci/run",
        "Makefile",
        "packaging/release-build",
        "packaging/debian/rules",
        "packaging/alpine/APKBUILD",
        "packaging/apk/melange.yaml",
        "packaging/container/Containerfile.base",
        "packaging/container/Containerfile.linted",
    ] {
        let text = fs::read_to_string(root().join(script)).unwrap();
        let mut builds = 0;
        for line in text.lines().map(str::trim) {
            let line = line.split('#').next().unwrap();
            let is_build = ["cargo test", "cargo clippy", "cargo build", "cargo bench"]
                .iter()
                .any(|it| line.contains(it));
            if is_build {
                builds += 1;
                // The other is the same, and without the network.
                let is_locked = line.contains("--locked") || line.contains("--frozen");
                assert!(is_locked, "{script}: {line}");
            }
        }
        assert!(builds > 0, "{script} builds nothing");
    }
}

#[test]
fn the_runtime_is_the_same_bytes_in_any_directory() {
    let output = Command::new(root().join("packaging/release-compare"))
        .arg("execline")
        .current_dir("/")
        // Whoever builds may have flags of his own.
        .env("RUSTFLAGS", "-Cdebuginfo=2 -Ctarget-cpu=native")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let compared = String::from_utf8_lossy(&output.stdout);
    assert!(compared.ends_with("  execline\n"), "{compared}");
    assert_eq!(compared.lines().count(), 1);
}
