//! The program run on something, and what is claimed of every run.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::fs::File;
use std::io::{Read, Seek};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{OnceLock, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

/// No run takes as long, however slow and busy the machine is.
const LIMIT: Duration = Duration::from_secs(120);

/// Nobody's number: root may read everything, which would leave nothing to be tested.
const NOBODY: u32 = 65534;

/// What came of a run.
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

fn as_nobody() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exlint"));
    command.uid(NOBODY).gid(NOBODY);
    command
}

/// True where the program runs as root: nobody may be kept from where it stands.
pub fn is_privileged() -> bool {
    static IS_PRIVILEGED: OnceLock<bool> = OnceLock::new();
    *IS_PRIVILEGED.get_or_init(|| {
        let output = || as_nobody().current_dir("/").arg("--version").output();
        nix::unistd::geteuid().is_root() && !output().is_ok_and(|output| output.status.success())
    })
}

/// The user whom the program runs as, where that is another one than ours.
pub fn program_user() -> Option<u32> {
    (nix::unistd::geteuid().is_root() && !is_privileged()).then_some(NOBODY)
}

/// The program, without privileges.
pub fn program() -> Command {
    as_the_program(Command::new(env!("CARGO_BIN_EXE_exlint")))
}

/// Another program with as few privileges.
pub fn as_the_program(mut command: Command) -> Command {
    if nix::unistd::geteuid().is_root() && !is_privileged() {
        command.uid(NOBODY).gid(NOBODY);
    }
    // Cargo's libraries are looked for before the machine's.
    command.env_remove("LD_LIBRARY_PATH");
    command.env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

/// Who measures is alone; whoever else starts the program has to wait.
static ALONE: RwLock<()> = RwLock::new(());

/// Kept by those who start the program without `exlint`, as long as it runs.
pub fn among_others() -> RwLockReadGuard<'static, ()> {
    ALONE.read().unwrap_or_else(PoisonError::into_inner)
}

/// How many seconds of a processor's time a run takes.
pub fn seconds(directory: &Path, arguments: &[&str]) -> f64 {
    let _alone = ALONE.write().unwrap_or_else(PoisonError::into_inner);
    let now = || {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
        let times = [usage.user_time(), usage.system_time()];
        let micros: i64 = times.iter().map(|time| time.num_microseconds()).sum();
        Duration::from_micros(micros.try_into().unwrap()).as_secs_f64()
    };
    let before = now();
    let outcome = run(directory, arguments);
    assert!(outcome.code < 2, "{}", outcome.stderr);
    now() - before
}

/// Runs the program in a directory.
///
/// # Panics
///
/// As `run`.
pub fn exlint(directory: &Path, arguments: &[&str]) -> Outcome {
    let _shared = among_others();
    run(directory, arguments)
}

/// Runs the program in a directory.
///
/// # Panics
///
/// Where it hangs, is killed, panics, or writes what harms a terminal.
fn run(directory: &Path, arguments: &[&str]) -> Outcome {
    let mut stdout = tempfile::tempfile().unwrap();
    let mut stderr = tempfile::tempfile().unwrap();
    let begin = Instant::now();
    let mut child = program()
        .args(arguments)
        .current_dir(directory)
        .stdout(stdout.try_clone().unwrap())
        .stderr(stderr.try_clone().unwrap())
        .spawn()
        .unwrap();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begin.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("{arguments:?} takes longer than {LIMIT:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let outcome = Outcome {
        code: status.code().unwrap_or(-1),
        stdout: text(&mut stdout),
        stderr: text(&mut stderr),
    };
    let said = &outcome.stderr;
    assert_eq!(status.signal(), None, "{arguments:?}: {said}");
    assert!((0..=2).contains(&outcome.code), "{arguments:?}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    harmless(said);
    match arguments
        .iter()
        .find(|it| matches!(**it, "json" | "sarif" | "gitlab"))
    {
        Some(format) if outcome.code < 2 => machine_readable(format, &outcome.stdout),
        Some(_) => {}
        // A patch is made of what files hold, and not meant for a terminal where it goes elsewhere.
        None if arguments.contains(&"--diff") => {}
        None => harmless(&outcome.stdout),
    }
    outcome
}

fn text(file: &mut File) -> String {
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// No control character but the newline.
fn harmless(text: &str) {
    let harmful = text.chars().find(|c| c.is_control() && *c != '\n');
    let line = text.lines().find(|line| line.chars().any(char::is_control));
    assert_eq!(harmful, None, "{line:?}");
}

fn machine_readable(format: &str, text: &str) {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    let is_whole = match format {
        "sarif" => value["version"] == "2.1.0" && value["runs"][0]["results"].is_array(),
        "gitlab" => value.is_array(),
        _ => value["findings"].is_array(),
    };
    assert!(is_whole, "{format}: {text}");
}
