//! A temporary directory with the services of the corpus, made for one toolkit.
//! Deliberately not a supervisor: `scan_directory` runs one in it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use nix::sys::stat::Mode;
use nix::unistd::{Uid, mkfifo};
use tempfile::TempDir;

use crate::deadline::within_deadline;
use crate::process_table::Traces;
use crate::toolkit::{Toolkit, search_path, spawn, writing};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/services");

/// The fifos by which a test steers the stand-ins.
const FIFOS: [&str; 3] = [
    "configuration-agent/gate",
    "configuration-agent/control",
    "worker/control",
];

/// Who the worker runs as where that can be chosen.
pub const UNPRIVILEGED: &str = "nobody";

pub struct Workspace {
    pub traces: Traces,
    /// Open for reading and writing as long as the workspace is: a word that is
    /// written waits for its reader, and a reader that outlives the test gets an
    /// end of file and goes.
    fifos: BTreeMap<&'static str, File>,
    commands: PathBuf,
    toolkit: Toolkit,
    root: PathBuf,
    // Last, so that it is there until everything else is gone.
    _directory: TempDir,
}

impl Workspace {
    pub fn new(toolkit: Toolkit) -> Self {
        let directory = tempfile::tempdir().unwrap();
        // As the system will name it, whatever links led here.
        let root = directory.path().canonicalize().unwrap();
        fs::set_permissions(&root, Permissions::from_mode(0o755)).unwrap();
        let commands = toolkit.install(&root);
        let placeholders = [
            ("@TOOLKIT@", commands.to_str().unwrap().to_owned()),
            ("@ROOT@", root.to_str().unwrap().to_owned()),
            (
                "@UNPRIVILEGED@",
                // Only root can become somebody else.
                if Uid::effective().is_root() {
                    format!("s6-setuidgid {UNPRIVILEGED}")
                } else {
                    String::new()
                },
            ),
        ];
        writing(|| copy(Path::new(CORPUS), &root, &placeholders));
        for state in ["configuration-agent", "worker", "report"] {
            let state = root.join("state").join(state);
            fs::create_dir_all(&state).unwrap();
            // The worker writes here as another user.
            fs::set_permissions(&state, Permissions::from_mode(0o777)).unwrap();
        }
        let fifos = FIFOS.map(|name| {
            let path = root.join("state").join(name);
            mkfifo(&path, Mode::S_IRUSR | Mode::S_IWUSR).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
            let file = OpenOptions::new().read(true).write(true).open(&path);
            (name, file.unwrap())
        });
        Self {
            traces: Traces::of(&root),
            fifos: fifos.into(),
            commands,
            toolkit,
            root,
            _directory: directory,
        }
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// PATH with the commands under test before everything else.
    pub fn search_path(&self) -> OsString {
        let mut path = self.commands.clone().into_os_string();
        path.push(":");
        path.push(search_path());
        path
    }

    /// A command in an environment that the test knows to the last variable.
    pub fn command(&self, program: impl Into<PathBuf>) -> Command {
        let mut command = Command::new(program.into());
        command
            .env_clear()
            .env("PATH", self.search_path())
            .envs(self.toolkit.variables().iter().copied())
            .current_dir(&self.root)
            .stdin(Stdio::null());
        command
    }

    /// Says a word to a stand-in.
    pub fn say(&self, fifo: &str, word: i32) {
        let mut fifo = self.fifos.get(fifo).unwrap();
        writeln!(fifo, "{word}").unwrap();
    }

    /// Replaces what differs between two workspaces by nature, so that what is
    /// left can be compared.
    pub fn generalize(&self, text: &str) -> String {
        // The commands may be below the root, so they come first.
        text.replace(self.commands.to_str().unwrap(), "@TOOLKIT@")
            .replace(self.root.to_str().unwrap(), "@ROOT@")
    }

    /// Whether a variable is there only to choose the toolkit.
    pub fn is_choice_of_toolkit(&self, assignment: &str) -> bool {
        self.toolkit
            .variables()
            .iter()
            .any(|(name, value)| assignment == format!("{name}={value}"))
    }

    /// Asserts that no process of this test is there any more.
    pub fn assert_nothing_runs(&self) {
        let mut running = Vec::new();
        within_deadline("the end of every process of the test", || {
            let now = self.traces.running();
            if now != running && !now.is_empty() {
                // Seen where the deadline passes.
                eprintln!("still there: {now:#?}");
            }
            running = now;
            running.is_empty().then_some(())
        });
    }

    /// The words of a file that has each ended by NUL.
    pub fn words_of(&self, file: &str) -> Vec<String> {
        let text = String::from_utf8(fs::read(self.path(file)).unwrap()).unwrap();
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    /// Runs a command to its successful end.
    pub fn succeed(&self, command: &mut Command) {
        let status = spawn(command).wait().unwrap();
        assert!(status.success(), "{command:?}: {status}");
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        if thread::panicking() {
            let log = fs::read(self.path("log")).unwrap_or_default();
            eprintln!(
                "the supervision tree wrote:\n{}",
                String::from_utf8_lossy(&log)
            );
        }
        self.traces.kill();
    }
}

fn copy(from: &Path, to: &Path, placeholders: &[(&str, String)]) {
    fs::create_dir_all(to).unwrap();
    fs::set_permissions(to, Permissions::from_mode(0o755)).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target, placeholders);
            continue;
        }
        let mut text = fs::read_to_string(entry.path()).unwrap();
        for (placeholder, value) in placeholders {
            text = text.replace(placeholder, value);
        }
        fs::write(&target, text).unwrap();
        // Independent of the umask, both of this process and of the checkout.
        let executable = entry.metadata().unwrap().permissions().mode() & 0o100 != 0;
        let mode = if executable { 0o755 } else { 0o644 };
        fs::set_permissions(&target, Permissions::from_mode(mode)).unwrap();
    }
}
