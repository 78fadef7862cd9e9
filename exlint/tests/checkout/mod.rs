//! The checkout: its files, and the linter run at its root, as whoever reads the README runs it.
//! Deliberately judges nothing of what comes of that.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of a file.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What the linter prints, and its exit code.
pub fn exlint(arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_exlint"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the program");
    let text = String::from_utf8(output.stdout).expect("text");
    (text, output.status.code())
}
