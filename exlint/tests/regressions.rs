//! What fuzzing once broke, and what it starts from: the claims of `fuzz/` hold of every input
//! that is kept in `corpus/regressions/`. Nothing is made up at random here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unsafe_code,
    missing_docs,
    reason = "a test that cannot go on has failed"
)]

/// The claims, one for each fuzz target.
#[path = "../../fuzz/src/lib.rs"]
mod properties;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn names(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn what_was_found_once_stays_mended() {
    let mut inputs = 0;
    for folder in names(&root().join("corpus/regressions")) {
        let name = stem(&folder);
        let target = properties::TARGETS
            .iter()
            .find(|(target, _)| *target == name);
        let (_, holds) = target.unwrap_or_else(|| panic!("there is no target `{name}`"));
        for input in names(&folder) {
            // Where it panics, this line is what says which input it was.
            println!("{}", input.display());
            holds(&fs::read(&input).unwrap());
            inputs += 1;
        }
    }
    assert!(inputs >= 7, "{inputs} inputs are not all there were");
}

#[test]
fn the_seeds_of_execline_keep_the_claims() {
    for folder in [
        "corpus/execline",
        "corpus/execline-broken",
        "corpus/scripts",
    ] {
        for script in names(&root().join(folder)) {
            let Ok(text) = fs::read(&script) else {
                continue;
            };
            println!("{}", script.display());
            for wanted in [
                "lexing",
                "quoting",
                "execline_scripts",
                "shell_scripts",
                "envfile",
            ] {
                let target = properties::TARGETS.iter().find(|(name, _)| *name == wanted);
                let (_, holds) = target.unwrap();
                holds(&text);
            }
        }
    }
}

#[test]
fn every_target_is_built_and_has_its_claim() {
    let targets: BTreeSet<String> = properties::TARGETS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let files = names(&root().join("fuzz/fuzz_targets"));
    let files: BTreeSet<String> = files.iter().map(|file| stem(file)).collect();
    assert_eq!(targets, files);
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for target in &targets {
        let line = format!("path = \"fuzz_targets/{target}.rs\"");
        assert!(manifest.contains(&line), "{target} is not in the manifest");
    }
}
