//! A place where scripts run one claim at a time, and that looks, when the claim is over,
//! for processes that are left. Compares nothing.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tempfile::TempDir;

use super::left;
use super::side_by_side::toolkit::Toolkit;

/// How long a run may take. Only one that hangs takes so long.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Held by the claim that is tried.
static TURN: Mutex<()> = Mutex::new(());

/// How our program runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ours {
    /// As people run it.
    Fused,
    /// With every step a real `execve`.
    Unfused,
}

impl Ours {
    /// Both ways.
    pub const BOTH: [Ours; 2] = [Ours::Fused, Ours::Unfused];
}

/// What came of a run.
pub struct Run {
    /// The exit code; nothing where a signal killed it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error, without what ours adds for people.
    pub stderr: String,
}

impl Run {
    /// It succeeds, prints this, and complains of nothing.
    pub fn prints(&self, stdout: &str) {
        assert_eq!(
            (self.code, &*self.stdout, &*self.stderr),
            (Some(0), stdout, "")
        );
    }
}

/// Our commands and a fresh directory.
pub struct Place {
    toolkit: Toolkit,
    directory: TempDir,
    installed: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Place {
    /// Waits for its turn.
    pub fn new() -> Place {
        // A claim that failed says so itself; the next one is tried all the same.
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let installed = tempfile::tempdir().expect("a directory for the links of our commands");
        Place {
            toolkit: Toolkit::ours(installed.path(), true),
            directory: tempfile::tempdir().expect("a directory for the runs"),
            installed,
            _turn: turn,
        }
    }

    /// Where scripts run.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Where our commands are.
    pub fn commands(&self) -> &Path {
        &self.toolkit.directory
    }

    /// Runs a script to its end.
    pub fn run(&self, ours: Ours, script: &str, stdin: &[u8]) -> Run {
        self.finish(self.start(ours, script, stdin))
    }

    /// Starts a script.
    pub fn start(&self, ours: Ours, script: &str, stdin: &[u8]) -> Child {
        let directory = self.toolkit.directory.display();
        // A file, because a script may be longer than a word can be.
        let file = self.directory().join("script");
        std::fs::write(&file, script).expect("the script");
        let input = self.directory().join("input");
        std::fs::File::create(&input)
            .and_then(|mut input| input.write_all(stdin))
            .expect("the standard input");
        let mut command = Command::new(self.toolkit.directory.join("execlineb"));
        command
            .args(["-P", "script"])
            .env_clear()
            .env("PATH", format!("{directory}:/usr/bin:/bin"))
            .current_dir(self.directory())
            .process_group(0)
            .stdin(std::fs::File::open(&input).expect("the standard input"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if ours == Ours::Unfused {
            command.env("EXECLINE_FUSION", "0");
        }
        command.spawn().expect("our program starts")
    }

    /// Waits for a script and for all that writes where it wrote.
    pub fn finish(&self, child: Child) -> Run {
        self.finish_within(child, TIME_LIMIT)
    }

    /// The same for one that takes longer.
    pub fn finish_within(&self, mut child: Child, time_limit: Duration) -> Run {
        let group = Pid::from_raw(i32::try_from(child.id()).expect("a process id"));
        let (over, is_over) = std::sync::mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            let hangs = is_over.recv_timeout(time_limit).is_err();
            if hangs {
                // Its processes may all have ended just now.
                let _ = killpg(group, Signal::SIGKILL);
            }
            hangs
        });
        let mut stderr = child.stderr.take().expect("standard error");
        let errors = std::thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).expect("a readable pipe");
            text
        });
        let mut stdout = Vec::new();
        let mut output = child.stdout.take().expect("standard output");
        output.read_to_end(&mut stdout).expect("a readable pipe");
        let stderr = errors.join().expect("the reader");
        let status = child.wait().expect("the status");
        // Where the watch is over already, there is nobody to tell.
        let _ = over.send(());
        assert!(!watch.join().expect("the watch"), "it does not end");
        let stderr = String::from_utf8_lossy(&stderr);
        let stderr = stderr
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("  "));
        Run {
            code: status.code(),
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr: stderr.collect(),
        }
    }
}

/// When a claim is over, nothing of it runs, and nothing waits to be waited for.
impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let left = left::processes(&self.installed.path().to_string_lossy(), true);
        assert!(left.is_empty(), "processes are left: {left:#?}");
    }
}
