//! Whose execline commands a supervision tree runs with: ours, fused or not, or
//! the reference's. Deliberately not the place where the two are compared.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::{Mutex, PoisonError};

/// Where Debian's package has the commands; it keeps them out of PATH.
const REFERENCE_COMMANDS: &str = "/usr/lib/execline/bin";

/// The commands that the services name. Each has to be in the directory under
/// test, or PATH would quietly supply somebody else's.
const COMMANDS: [&str; 11] = [
    "cd",
    "eltest",
    "emptyenv",
    "exec",
    "execlineb",
    "foreground",
    "if",
    "ifelse",
    "importas",
    "redirfd",
    "umask",
];

/// The supervisor's programs that the services and the tests name.
const SUPERVISOR_PROGRAMS: [&str; 8] = [
    "s6-envdir",
    "s6-setuidgid",
    "s6-supervise",
    "s6-svc",
    "s6-svscan",
    "s6-svscanctl",
    "s6-svstat",
    "s6-svwait",
];

const PACKAGES: &str = "this test needs Debian's packages `s6` and `execline` \
                        (apt-get install s6 execline)";

/// Held while an executable file is written and while a process is started.
///
/// A process that another thread starts in between would for a moment inherit
/// the descriptor that the file is written by, and as long as anybody has it
/// open for writing the file cannot be executed.
static WRITING_OR_SPAWNING: Mutex<()> = Mutex::new(());

/// Whose commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolkit {
    /// The reference implementation as Debian packages it.
    Reference,
    /// Ours as it comes.
    Fused,
    /// Ours with every step a real `execve`.
    Unfused,
}

impl Toolkit {
    /// Provides the commands and returns their directory; what has to be
    /// installed for that goes below `root`.
    pub fn install(self, root: &Path) -> PathBuf {
        for program in SUPERVISOR_PROGRAMS {
            assert!(in_path(program), "{program} is not in PATH: {PACKAGES}");
        }
        let directory = match self {
            Self::Reference => PathBuf::from(REFERENCE_COMMANDS),
            Self::Fused | Self::Unfused => install_ours(root),
        };
        for command in COMMANDS {
            let path = directory.join(command);
            assert!(
                path.exists(),
                "{} is missing{}",
                path.display(),
                match self {
                    Self::Reference => format!(": {PACKAGES}"),
                    Self::Fused | Self::Unfused => String::new(),
                }
            );
        }
        directory
    }

    /// What the environment needs besides PATH for these commands.
    pub fn variables(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Reference | Self::Fused => &[],
            Self::Unfused => &[("EXECLINE_FUSION", "0")],
        }
    }
}

/// A copy, because the program that was built may be where an unprivileged user
/// cannot look.
fn install_ours(root: &Path) -> PathBuf {
    let program = root.join("execline");
    writing(|| fs::copy(env!("CARGO_BIN_EXE_execline"), &program)).unwrap();
    let directory = root.join("commands");
    fs::create_dir(&directory).unwrap();
    let status = run(Command::new(&program).arg("--install").arg(&directory));
    assert!(
        status.success(),
        "execline --install {}: {status}",
        directory.display()
    );
    directory
}

fn in_path(program: &str) -> bool {
    std::env::split_paths(&search_path()).any(|directory| directory.join(program).is_file())
}

/// PATH as the test has it.
pub fn search_path() -> OsString {
    std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into())
}

/// Writes executable files while nobody starts a process.
pub fn writing<T>(write: impl FnOnce() -> T) -> T {
    // Whoever failed while holding it left nothing half done that matters here.
    let _guard = WRITING_OR_SPAWNING
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    write()
}

/// Starts a process while nobody writes an executable file.
pub fn spawn(command: &mut Command) -> std::process::Child {
    writing(|| command.spawn()).unwrap_or_else(|error| {
        let hint = match error.kind() {
            ErrorKind::NotFound => format!(" ({PACKAGES})"),
            _ => String::new(),
        };
        panic!("cannot run {command:?}: {error}{hint}")
    })
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> ExitStatus {
    spawn(command).wait().unwrap()
}

/// Runs a command to its end and returns what it wrote to its standard output.
pub fn output_of(command: &mut Command) -> (ExitStatus, String) {
    command.stdout(std::process::Stdio::piped());
    let output = spawn(command).wait_with_output().unwrap();
    (
        output.status,
        String::from_utf8(output.stdout).unwrap().trim().to_owned(),
    )
}
