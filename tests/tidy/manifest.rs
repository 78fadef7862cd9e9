//! What the package may depend on and how it is built, as its manifest says.
//! What the linker made of it is in `elf`.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::tree;

fn manifest() -> Table {
    tree::read("Cargo.toml").parse().expect("a manifest")
}

/// Features are unified over the whole build: a dependency that links std would end the
/// runtime program's being without it.
#[test]
fn the_runtime_depends_on_two_crates_without_std() {
    let manifest = manifest();
    let dependencies = manifest["dependencies"].as_table().expect("a table");
    let names: BTreeSet<&str> = dependencies.keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["libc", "syscalls"]));
    for (name, dependency) in dependencies {
        assert_eq!(
            dependency.get("default-features").and_then(Value::as_bool),
            Some(false),
            "{name} with its default features could link std"
        );
        assert!(dependency.get("features").is_none(), "{name} has features");
    }
    assert!(!manifest.contains_key("target"), "no target has others");
    assert!(!manifest.contains_key("build-dependencies"));
}

#[test]
fn nothing_unwinds() {
    let manifest = manifest();
    for profile in ["dev", "release"] {
        assert_eq!(
            manifest["profile"][profile]["panic"].as_str(),
            Some("abort"),
            "profile {profile}"
        );
    }
}
