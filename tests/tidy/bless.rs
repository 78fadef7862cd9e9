//! Comparing what is derived with what is there; with `BLESS` in the environment, rewriting
//! it. Derives nothing itself.

use std::collections::BTreeMap;

use super::{tree, verdict};

/// What to do about a difference.
pub const REMEDY: &str = "run BLESS=1 cargo test";

/// True where derived files are to be rewritten.
pub fn is_on() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| !value.is_empty() && value != "0")
}

/// The derived files by path, and no others in `directory` where one is given.
pub fn settle(derived: &BTreeMap<String, String>, directory: Option<&str>) {
    let mut faults = Vec::new();
    for (path, text) in derived {
        let place = tree::root().join(path);
        let found = std::fs::read_to_string(&place).ok();
        if found.as_ref() == Some(text) {
            continue;
        }
        if is_on() {
            std::fs::create_dir_all(place.parent().expect("a file is in a directory"))
                .and_then(|()| std::fs::write(&place, text))
                .unwrap_or_else(|error| panic!("{path}: {error}"));
        } else {
            faults.push(difference(path, found.as_deref().unwrap_or_default(), text));
        }
    }
    for path in directory.into_iter().flat_map(existing) {
        if derived.contains_key(&path) {
            continue;
        }
        if is_on() {
            std::fs::remove_file(tree::root().join(&path))
                .unwrap_or_else(|error| panic!("{path}: {error}"));
        } else {
            faults.push(format!("{path} comes from nothing any more"));
        }
    }
    verdict(
        &format!("what is derived is not what it comes from: {REMEDY}"),
        &faults,
    );
}

fn existing(directory: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(tree::root().join(directory)) else {
        return Vec::new();
    };
    entries
        .map(|entry| entry.expect("an entry of a directory").file_name())
        .map(|name| format!("{directory}/{}", name.to_string_lossy()))
        .collect()
}

/// The first line that differs.
fn difference(path: &str, found: &str, derived: &str) -> String {
    let same = found
        .lines()
        .zip(derived.lines())
        .take_while(|(found, derived)| found == derived)
        .count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(nothing)").to_owned();
    format!(
        "{path}:{}: `{}` should be `{}`",
        same + 1,
        line(found),
        line(derived)
    )
}
