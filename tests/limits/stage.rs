//! Running a script on each toolkit in surroundings that are poor. Not what is expected of it.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

use super::left;
use super::toolkit::{Kind, Toolkit, Version};

/// How a script ends that gets to its end.
pub const END: i32 = 7;

/// What came of a start.
#[derive(PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The exit code; nothing where a signal killed it.
    pub code: Option<i32>,
    /// The signal that killed it.
    pub signal: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// It got to its end without a word.
    pub fn is_end(&self) -> bool {
        self.code == Some(END) && self.stderr.is_empty()
    }

    /// What upstream says, too: the lines for people are ours.
    pub fn first_line(&self) -> &str {
        self.stderr.lines().next().unwrap_or_default()
    }

    /// It failed as a command fails that could not do its work.
    pub fn is_failure(&self) -> bool {
        let has_form = self
            .first_line()
            .split_once(": fatal: ")
            .is_some_and(|(name, _)| !name.contains(' ') || name == "heredoc (child)");
        has_form && matches!(self.code, Some(111 | 126 | 127))
    }
}

/// Held while a program is written and while a process is started: a child of another thread
/// would keep the file open for writing, and nobody could execute it.
fn starting() -> MutexGuard<'static, ()> {
    static STARTING: Mutex<()> = Mutex::new(());
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The toolkits and a place to run in, which everybody may enter.
pub struct Stage {
    /// Ours, ours with every step a real `execve`, and the reference.
    pub toolkits: [Toolkit; 3],
    directory: TempDir,
}

impl Stage {
    /// A fresh one.
    pub fn new() -> Stage {
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
        // A copy, because the program may lie where another user may not go.
        let program = directory.path().join("execline");
        {
            let _starting = starting();
            std::fs::copy(env!("CARGO_BIN_EXE_execline"), &program).unwrap();
        }
        let links = directory.path().join("links");
        std::fs::create_dir(&links).unwrap();
        let mut command = Command::new(&program);
        let installing = {
            let _starting = starting();
            command.arg("--install").arg(&links).spawn()
        };
        assert!(installing.unwrap().wait().unwrap().success());
        let ours = |kind| Toolkit {
            kind,
            directory: links.clone(),
            version: Version::parse("2.9.9.2"),
        };
        Stage {
            toolkits: [ours(Kind::Fused), ours(Kind::Unfused), Toolkit::reference()],
            directory,
        }
    }

    /// Where scripts run.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Runs a script, given with execlineb's options, behind the programs `around` it. The
    /// variables come after `PATH` and may replace it.
    pub fn run(
        &self,
        toolkit: &Toolkit,
        around: &[String],
        script: &[&str],
        variables: &[(OsString, OsString)],
    ) -> Outcome {
        let path = format!("{}:/usr/bin:/bin", toolkit.directory.display());
        let mut command = Command::new("/usr/bin/timeout");
        command
            .args(["-s", "KILL", "60"])
            .args(around)
            .arg(toolkit.directory.join("execlineb"))
            .args(script)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", path)
            .env("STAGE", self.path())
            .envs(variables.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if toolkit.kind == Kind::Unfused {
            command.env("EXECLINE_FUSION", "0");
        }
        let child = {
            let _starting = starting();
            command.spawn().unwrap()
        };
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Outcome {
            code: output.status.code(),
            signal: output.status.signal(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// When all is over, nothing of it runs.
impl Drop for Stage {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let left = left::processes(&format!("STAGE={}", self.path().display()), false);
            assert!(left.is_empty(), "processes are left: {left:#?}");
        }
    }
}

/// These words, owned.
pub fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What runs a program with a limit of this value.
pub fn limit(what: &str, value: u64) -> Vec<String> {
    words(&["/usr/bin/prlimit", &format!("--{what}={value}"), "--"])
}

/// What runs a program as a user who is not root.
pub fn without_rights() -> Vec<String> {
    // Nobody's, and another one each time: what ends late is not counted for the next.
    static USER: AtomicU32 = AtomicU32::new(61_437);
    if !nix::unistd::geteuid().is_root() {
        return Vec::new();
    }
    let user = USER.fetch_add(1, Ordering::Relaxed).to_string();
    words(&[
        "/usr/bin/setpriv",
        "--reuid",
        &user,
        "--regid",
        &user,
        "--clear-groups",
    ])
}

/// What runs a program that with its children may be so many processes. Root may have as many
/// as there are; whoever is not root here has more than one already.
pub fn processes(most: u64) -> Vec<String> {
    let mut around = without_rights();
    if most == 1 || !around.is_empty() {
        around.extend(limit("nproc", most));
    }
    around
}
