//! The real s6 runs services where no execline is but ours: start, readiness, restart, finish,
//! logging, and the end of the tree, in each layout that install.sh knows.
//!
//! Deliberately not a comparison with the reference: that is `supervision`'s. What is shown here
//! is that nothing of upstream's package needs to be there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/replacement");

/// What the services and those who look at them see, whatever the layout.
const SEEN: &str = concat!(
    "execline is execline ",
    env!("CARGO_PKG_VERSION"),
    ", compatible with execline 2.9.9.2
theirs:\x20
started: true true
restarted: true true
down: false false -1 SIGTERM
up again: true true
it is: replaced-daemon 1000\x20
finished:
daemon 256 15
daemon 256 15
failing 3 0
logged:
STARTED WITH HELLO IN MODE NONE
STARTED WITH HELLO IN MODE NONE
STARTED WITH HELLO IN MODE NONE
the tree has ended
"
);

/// Installs so, and runs the services in a root that has the machine's programs, our
/// installation at these places, and nothing where the machine has upstream's.
fn check(options: &[&str], places: &[&str], interpreter: &str, search_path: &str) {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let programs = root.join("programs");
    fs::create_dir(&programs).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_execline"), programs.join("execline")).unwrap();
    let installed = root.join("installed");
    let output = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/install.sh"))
        .args(["--prefix", "/usr", "--only", "execline", "--programs"])
        .arg(&programs)
        .arg("--destdir")
        .arg(&installed)
        .args(options)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let work = root.join("work");
    copy(
        &Path::new(HERE).join("services"),
        &work.join("services"),
        interpreter,
    );
    copy(
        &Path::new(HERE).join("check.sh"),
        &work.join("check.sh"),
        interpreter,
    );

    let mut sandbox = Command::new("bwrap");
    sandbox
        .args(["--unshare-pid", "--die-with-parent", "--clearenv"])
        .args(["--ro-bind", "/usr", "/usr"])
        .args([
            "--symlink",
            "usr/bin",
            "/bin",
            "--symlink",
            "usr/lib",
            "/lib",
        ])
        .args(["--symlink", "usr/lib64", "/lib64"])
        .args(["--ro-bind", "/etc/passwd", "/etc/passwd"])
        .args(["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"])
        .args(["--tmpfs", "/usr/lib/execline"])
        .args(["--ro-bind", "/dev/null", "/usr/bin/execlineb"])
        .args(["--setenv", "PATH", search_path])
        .arg("--bind")
        .args([&work, Path::new("/work")]);
    // Debian's s6-log knows no other place of execlineb, which runs its processors.
    if !places.contains(&"/usr/lib/execline") {
        sandbox.args(["--symlink", "/command", "/usr/lib/execline/bin"]);
    }
    for place in places {
        let from = installed.join(place.trim_start_matches('/'));
        sandbox.arg("--ro-bind").args([&from, Path::new(place)]);
    }
    let output = sandbox
        .args(["/work/check.sh", interpreter])
        .output()
        .expect("Debian's package `bubblewrap`");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        SEEN,
        "on standard error: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{}", output.status);
}

/// Copies a file or a directory; what stands for the interpreter becomes its path.
fn copy(from: &Path, to: &Path, interpreter: &str) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    if from.is_dir() {
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()), interpreter);
        }
        return;
    }
    let text = fs::read_to_string(from).unwrap();
    fs::write(to, text.replace("@EXECLINEB@", interpreter)).unwrap();
    // Independent of the umask of a checkout.
    let mode = if text.starts_with("#!") { 0o755 } else { 0o644 };
    fs::set_permissions(to, Permissions::from_mode(mode)).unwrap();
}

// One test: what one thread writes another could not execute.
#[test]
fn s6_needs_no_execline_but_ours() {
    check(
        &["--layout", "usr"],
        &["/usr/lib/execline", "/usr/bin/execlineb"],
        "/usr/bin/execlineb",
        "/usr/bin:/bin",
    );
    check(
        &["--layout", "command"],
        &["/command"],
        "/command/execlineb",
        "/command:/usr/bin:/bin",
    );
    check(
        &["--layout", "package"],
        &["/command", "/package"],
        "/command/execlineb",
        "/command:/usr/bin:/bin",
    );
}
