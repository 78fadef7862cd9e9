//! What `packaging/` has for apko, melange and container builders: that each file has the fields
//! its tool knows, names what is there, and is clean in the eyes of the linter itself; and that
//! a broken image would not pass the build stage.
//!
//! Deliberately none of these tools is run: they need other machines. What of `packaging/` can
//! be run is run by the other package's `packaging` test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

/// The checkout, and the linter run in it.
#[path = "checkout/mod.rs"]
mod checkout;
#[path = "../../tests/executable/mod.rs"]
mod executable;
/// What melange and apko take, from their published schemas.
#[path = "packaging/schema.rs"]
mod schema;

use checkout::{exlint, read, root};
use saphyr::{LoadableYamlNode, Yaml};
use schema::{APKO, MELANGE};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

fn load(text: &str) -> Yaml<'_> {
    let mut documents = Yaml::load_from_str(text).expect("YAML");
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

/// The version in this workspace, and the one of upstream that it is compatible with.
fn versions() -> (String, String) {
    let manifest = read("Cargo.toml");
    let (_, rest) = manifest.split_once("\nversion = \"").unwrap();
    let (ours, _) = rest.split_once('"').unwrap();
    let command = read("src/commands/execline.rs");
    let (_, rest) = command.split_once("compatible with execline ").unwrap();
    let upstream: String = rest
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    (ours.to_owned(), upstream)
}

#[test]
fn what_apko_and_melange_are_given_has_the_fields_they_know() {
    for (path, schema) in [
        ("packaging/apk/melange.yaml", &MELANGE),
        ("packaging/apk/apko.yaml", &APKO),
    ] {
        let text = read(path);
        let mut faults = Vec::new();
        schema.check(&load(&text), path, &mut faults);
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

#[test]
fn a_field_that_a_tool_does_not_know_is_a_fault() {
    for (text, fault) in [
        (
            "package: {}\npipeline: []\n",
            "melange.package.name is missing",
        ),
        (
            "package: {name: a, version: '1', epoch: 0, licence: ISC}\npipeline: []\n",
            "melange.package.licence is unknown",
        ),
        (
            "package: {name: a, version: '1', epoch: none}\npipeline: []\n",
            "melange.package.epoch is no number",
        ),
        (
            "package: {name: a, version: '1', epoch: 0}\npipeline: [{run: make}]\n",
            "melange.pipeline[0].run is unknown",
        ),
    ] {
        let mut faults = Vec::new();
        MELANGE.check(&load(text), "melange", &mut faults);
        assert!(faults.iter().any(|found| found == fault), "{faults:?}");
    }
}

#[test]
fn packages_have_the_version_of_the_workspace_and_provide_the_version_of_upstream() {
    let (ours, upstream) = versions();
    let melange = read("packaging/apk/melange.yaml");
    let melange = load(&melange);
    assert_eq!(melange["package"]["version"].as_str(), Some(&*ours));
    let provided = &melange["package"]["dependencies"]["provides"][0];
    assert_eq!(provided.as_str(), Some(&*format!("execline={upstream}")));
    for (path, line) in [
        ("packaging/alpine/APKBUILD", format!("pkgver={ours}")),
        ("packaging/alpine/APKBUILD", format!("_upstream={upstream}")),
        (
            "packaging/debian/control",
            format!("Provides: execline (= {upstream})"),
        ),
    ] {
        assert!(
            read(path).lines().any(|there| there == line),
            "{path}: {line}"
        );
    }
    let changelog = read("packaging/debian/changelog");
    assert!(changelog.starts_with(&format!("execline-rs ({ours}) ")));
}

/// The files below a directory, as `usr/bin/exlint`.
fn files(directory: &Path, prefix: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), &format!("{path}/"), found);
        } else {
            found.insert(path);
        }
    }
}

/// Runs a step of melange where the sources are, and says what is in its package then.
fn laid_out(workspace: &Path, name: &str, step: &Yaml) -> BTreeSet<String> {
    let package = workspace.join("melange-out").join(name);
    let mut runs = step["runs"].as_str().unwrap().to_owned();
    for variable in ["targets.destdir", "targets.subpkgdir"] {
        runs = runs.replace(&format!("${{{{{variable}}}}}"), package.to_str().unwrap());
    }
    assert!(!runs.contains("${{"), "{runs}");
    let mut shell = Command::new("sh");
    shell.args(["-euc", &runs]).current_dir(workspace);
    let output = shell.env_remove("CARGO_TARGET_DIR").output().unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    let mut found = BTreeSet::new();
    files(&package, "", &mut found);
    found
}

#[test]
fn steps_of_melange_lay_out_its_packages() {
    let directory = tempfile::tempdir().unwrap();
    let workspace = directory.path();
    for name in ["docs", "Cargo.toml", "man"] {
        symlink(
            root().canonicalize().unwrap().join(name),
            workspace.join(name),
        )
        .unwrap();
    }
    // It looks for what was built beside itself.
    executable::copy(root().join("install.sh"), workspace.join("install.sh"));
    let programs = workspace.join("target/release");
    fs::create_dir_all(&programs).unwrap();
    for name in ["execline", "exlint"] {
        fs::write(programs.join(name), "a stand-in\n").unwrap();
    }
    let text = read("packaging/apk/melange.yaml");
    let melange = load(&text);
    let main = melange["package"]["name"].as_str().unwrap();
    let install = &melange["pipeline"][1];
    assert_eq!(install["name"].as_str(), Some("install"));
    let mut steps = vec![(main, install)];
    for package in melange["subpackages"].as_vec().unwrap() {
        steps.push((package["name"].as_str().unwrap(), &package["pipeline"][0]));
    }
    let mut names = Vec::new();
    for (name, step) in steps {
        let found = laid_out(workspace, name, step);
        names.push(name);
        // Nothing is in two packages, and what is to be read is apart.
        let share = found.iter().filter(|path| path.starts_with("usr/share/"));
        let expected = if name.ends_with("-doc") {
            found.len()
        } else {
            0
        };
        assert_eq!(share.count(), expected, "{name}: {found:?}");
        let contains = match name {
            "execline-rs" => "usr/bin/execlineb",
            "execline-rs-doc" => "usr/share/execline/commands/if.md",
            "exlint" => "usr/bin/exlint",
            _ => "usr/share/man/man1/exlint.1",
        };
        assert!(found.contains(contains), "{name}: {found:?}");
    }
    assert_eq!(
        names,
        ["execline-rs", "execline-rs-doc", "exlint", "exlint-doc"]
    );
}

#[test]
fn the_image_of_apko_names_the_packages_that_melange_makes() {
    let melange = read("packaging/apk/melange.yaml");
    let melange = load(&melange);
    let made = melange["package"]["name"].as_str().unwrap();
    let apko = read("packaging/apk/apko.yaml");
    let apko = load(&apko);
    let packages = apko["contents"]["packages"].as_vec().unwrap();
    let packages: Vec<&str> = packages.iter().map(|name| name.as_str().unwrap()).collect();
    assert!(
        packages.contains(&&*format!("{made}@local")),
        "{packages:?}"
    );
    assert!(packages.contains(&"s6"), "{packages:?}");
}

#[test]
fn the_linter_finds_nothing_in_what_is_shown() {
    // It says how much it has looked at: a file that it does not recognise would be clean too.
    for (path, files) in [("packaging/apk/apko.yaml", 1), ("packaging/container", 2)] {
        let output = Command::new(env!("CARGO_BIN_EXE_exlint"))
            .args(["--fail-on", "note", path])
            .current_dir(root())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{path}: {said}");
        assert!(
            said.contains(&format!("nothing found in {files} file")),
            "{said}"
        );
    }
}

#[test]
fn services_of_the_image_are_execline() {
    let broken = read("packaging/apk/apko.yaml").replace("foreground { sleep 60 }", "sleep 60 &&");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("apko.yaml");
    std::fs::write(&path, broken).unwrap();
    let (printed, code) = exlint(&["--format", "short", path.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(printed.contains("[shell-operator]"), "{printed}");
}

/// The arguments that a Containerfile gives to the linter.
fn arguments_in(containerfile: &str) -> Vec<String> {
    let mut words = containerfile.split_whitespace();
    words
        .by_ref()
        .find(|word| word.ends_with("/exlint") && word.starts_with("/linter"))
        .expect("a stage that runs the linter");
    words
        .take_while(|word| *word != "&&" && *word != "\\")
        .map(String::from)
        .collect()
}

#[test]
fn the_stage_that_lints_fails_where_the_image_is_broken() {
    let containerfile = read("packaging/container/Containerfile.linted");
    let arguments = arguments_in(&containerfile);
    assert_eq!(arguments, ["/etc"]);
    for (tree, expected) in [
        ("corpus/trees/broken/overlay-3.1.6.2-shop-names/rootfs", 1),
        ("corpus/trees/clean/overlay-3.1.6.2-shop/rootfs", 0),
    ] {
        // As the stage sees it: `/` is the image.
        let placed = arguments.iter().map(|path| format!("{tree}{path}"));
        let placed: Vec<String> = placed.collect();
        let placed: Vec<&str> = placed.iter().map(String::as_str).collect();
        let (printed, code) = exlint(&placed);
        assert_eq!(code, Some(expected), "{tree}: {printed}");
    }
}

#[test]
fn the_final_stage_waits_for_the_one_that_lints() {
    let containerfile = read("packaging/container/Containerfile.linted");
    let stages: Vec<&str> = containerfile.split("\nFROM ").collect();
    let last = stages.last().unwrap();
    assert!(last.starts_with("image\n"), "{last}");
    // A stage from which nothing is taken is not even built.
    assert!(last.contains("COPY --from=lint "), "{last}");
    let lint = stages[stages.len() - 2];
    assert!(
        lint.starts_with("image AS lint\n") && lint.contains("/exlint"),
        "{lint}"
    );
}
