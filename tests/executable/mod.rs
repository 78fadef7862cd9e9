//! Files that are to be executed. Another process writes them: what this one has open for
//! writing is open in each child, too, that another test starts meanwhile, and until that
//! executes something the file itself cannot be executed ("Text file busy"). `side_by_side`, with its
//! thousands of files, holds a lock instead.
#![allow(
    dead_code,
    clippy::expect_used,
    reason = "each test takes what it needs; what cannot be written is no test"
)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A copy of a file, with its mode.
pub fn copy(from: impl AsRef<Path>, to: impl AsRef<Path>) {
    let mut command = Command::new("cp");
    command.arg("-p").args([from.as_ref(), to.as_ref()]);
    let status = command.status().expect("cp");
    assert!(status.success(), "{command:?}: {status}");
}

/// A file with this text, which everybody may execute.
pub fn write(to: impl AsRef<Path>, text: &str) {
    let mut command = Command::new("sh");
    command
        .args(["-c", "cat >\"$0\" && chmod 755 \"$0\""])
        .arg(to.as_ref())
        .stdin(Stdio::piped());
    let mut shell = command.spawn().expect("sh");
    let stdin = shell.stdin.take();
    stdin
        .expect("its standard input")
        .write_all(text.as_bytes())
        .expect("room for the file");
    let status = shell.wait().expect("its end");
    assert!(status.success(), "{command:?}: {status}");
}
