//! What every text file must look like. Knows no Rust but how a file opens.

use super::{source, tree, verdict};

/// Files that may be longer than `LONGEST`, and why.
const LONG: [(&str, &str); 2] = [
    (
        "src/process/engine.rs",
        "the walk over levels and the ways a level gets its process rest on one invariant, \
         and are read together",
    ),
    (
        "src/pattern/regex/tests.rs",
        "patterns and what glibc makes of them: a table, read by looking something up",
    ),
];

/// The most lines of a file in a package's `src`.
const LONGEST: usize = 600;

/// What a path on somebody's machine begins with.
const MACHINES: [&str; 3] = ["/root/", "/home/", "/tmp/"];

#[test]
fn every_file_says_what_it_is() {
    let faults: Vec<String> = tree::files("", ".rs")
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path)
        .collect();
    verdict("a file opens with `//!` and what it is", &faults);
}

#[test]
fn white_space_is_tidy() {
    let mut faults = Vec::new();
    for ending in [".rs", ".md"] {
        for file in tree::files("", ending) {
            for (line, number) in file.text.lines().zip(1..) {
                let place = format!("{}:{number}", file.path);
                if line.trim_end() != line {
                    faults.push(format!("{place}: white space at the end"));
                }
                if line.contains('\t') && ending == ".rs" {
                    faults.push(format!("{place}: a tab"));
                }
            }
            if !file.text.is_empty() && !file.text.ends_with('\n') {
                faults.push(format!("{}: no newline at the end", file.path));
            }
        }
    }
    verdict("white space", &faults);
}

#[test]
fn files_are_short_enough_to_read() {
    let mut faults = Vec::new();
    let mut files = tree::files("src", ".rs");
    files.extend(tree::files("exlint/src", ".rs"));
    for file in &files {
        let lines = file.text.lines().count();
        let is_excused = LONG.iter().any(|(path, _)| *path == file.path);
        if lines > LONGEST && !is_excused {
            faults.push(format!("{} has {lines} lines", file.path));
        }
    }
    for (path, _) in LONG {
        if !files.iter().any(|file| file.path == path) {
            faults.push(format!("{path} is not there"));
        }
    }
    verdict("a file has at most 600 lines", &faults);
}

#[test]
fn nothing_is_ignored_and_nothing_should_panic() {
    let mut faults = Vec::new();
    for file in tree::files("", ".rs") {
        let code = source::blank(&file.text);
        for pair in source::tokens(&code).windows(2) {
            if matches!(pair, ["[", "ignore" | "should_panic"]) {
                faults.push(format!("{}: #[{}]", file.path, pair[1]));
            }
        }
    }
    verdict("a test is run, and says what it expects", &faults);
}

#[test]
fn documents_name_nobodys_machine() {
    let mut faults = Vec::new();
    for file in tree::files("", ".md") {
        // The rules' pages show files of images, whose paths are nobody's.
        if file.path.starts_with("docs/rules/") {
            continue;
        }
        for (line, number) in file.text.lines().zip(1..) {
            for machine in MACHINES {
                if line.contains(machine) {
                    faults.push(format!("{}:{number}: {machine}", file.path));
                }
            }
        }
    }
    verdict("documents have no path of a developer's machine", &faults);
}
