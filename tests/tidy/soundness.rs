//! Where `unsafe` may stand, and that nothing which is shipped panics on purpose.
//! What the compiler denies is checked again here only where a file could allow it itself.

use super::{source, tree, verdict};

/// The rooms that may opt in to `unsafe`.
const UNSAFE: [&str; 2] = ["src/sys/", "src/bin/execline/"];

/// Tests that may, and why.
const UNSAFE_TESTS: [(&str, &str); 5] = [
    (
        "tests/pointers.rs",
        "calls what the program does on raw pointers",
    ),
    ("src/pattern/glibc.rs", "calls glibc, which is the oracle"),
    (
        "tests/side_by_side/run.rs",
        "looks at descriptors that it did not open",
    ),
    (
        "tests/faults/tracer.rs",
        "has a child traced between fork and exec",
    ),
    (
        "tests/bad_input/start.rs",
        "executes a program with words no caller gives",
    ),
];

/// What ends the process instead of returning a failure.
const PANICS: [&[&str]; 5] = [
    &[".", "unwrap", "(", ")"],
    &[".", "expect", "("],
    &["panic", "!"],
    &["todo", "!"],
    &["unimplemented", "!"],
];

#[test]
fn unsafe_code_is_where_it_belongs_and_says_why() {
    let mut faults = Vec::new();
    let own = source::sources();
    for file in &own {
        if !source::tokens(&file.code).contains(&"unsafe") {
            continue;
        }
        if !UNSAFE.iter().any(|room| file.path.starts_with(room)) {
            faults.push(format!("{}: unsafe", file.path));
        }
        let head = file.text.lines().take_while(|line| line.starts_with("//!"));
        if !head.into_iter().any(|line| line == "//! # Safety") {
            faults.push(format!("{}: no `# Safety` in its head", file.path));
        }
    }
    for file in tree::files("", ".rs") {
        let is_own = own.iter().any(|source| source.path == file.path);
        let is_unsafe = source::tokens(&source::blank(&file.text)).contains(&"unsafe");
        let is_excused = UNSAFE_TESTS.iter().any(|(path, _)| *path == file.path);
        if !is_own && is_unsafe != is_excused {
            faults.push(if is_unsafe {
                format!("{}: unsafe in a test", file.path)
            } else {
                format!("{} needs its exception no more", file.path)
            });
        }
    }
    verdict("unsafe code", &faults);
}

#[test]
fn nothing_panics_outside_tests() {
    let mut faults = Vec::new();
    let files = source::sources().into_iter();
    for file in files.chain(source::sources_of_the_linter()) {
        for (line, number) in file.code.lines().zip(1..) {
            let tokens = source::tokens(line);
            for panic in PANICS {
                if tokens.windows(panic.len()).any(|window| window == panic) {
                    faults.push(format!("{}:{number}: {}", file.path, panic.concat()));
                }
            }
        }
    }
    verdict("what is shipped returns its failures", &faults);
}
