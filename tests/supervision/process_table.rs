//! The processes of the machine as /proc shows them, and which of them belong to
//! one test. Deliberately not a way to change them, except to clean up.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// One process at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    pub pid: i32,
    pub parent: i32,
    pub group: i32,
    pub session: i32,
    /// In clock ticks since boot: with the pid, it names a process for good.
    pub started: u64,
    pub state: char,
    pub name: String,
    pub command_line: String,
}

impl Process {
    fn read(pid: i32) -> Option<Self> {
        let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
        let stat = String::from_utf8_lossy(&stat);
        // The name may contain anything, also parentheses; what follows the last
        // one cannot.
        let (head, tail) = stat.rsplit_once(')')?;
        let (_, name) = head.split_once('(')?;
        let fields: Vec<&str> = tail.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse().ok();
        Some(Self {
            pid,
            state: fields.first()?.chars().next()?,
            parent: number(1)?,
            group: number(2)?,
            session: number(3)?,
            started: fields.get(19)?.parse().ok()?,
            name: name.to_owned(),
            command_line: read_words(pid, "cmdline"),
        })
    }

    fn is_zombie(&self) -> bool {
        self.state == 'Z' || self.state == 'X'
    }
}

/// A file of strings each ended by NUL; empty where it cannot be read.
fn read_words(pid: i32, file: &str) -> String {
    let bytes = fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ")
}

fn all() -> Vec<Process> {
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(Process::read)
        .collect()
}

/// Everything that descends from a process, zombies included.
pub fn descendants(ancestor: i32) -> Vec<Process> {
    let table = all();
    let mut found: Vec<Process> = Vec::new();
    let mut parents = vec![ancestor];
    while let Some(parent) = parents.pop() {
        for process in table.iter().filter(|process| process.parent == parent) {
            parents.push(process.pid);
            found.push(process.clone());
        }
    }
    found
}

/// The traces by which the processes of one test are known: a directory that is
/// named in what they were started with, and the sessions and process groups of
/// those that were seen.
pub struct Traces {
    root: PathBuf,
    leaders: RefCell<BTreeMap<i32, u64>>,
}

impl Traces {
    pub fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            leaders: RefCell::default(),
        }
    }

    /// Remembers the sessions and groups of the processes that are there now.
    pub fn observe(&self) {
        let mut leaders = self.leaders.borrow_mut();
        for process in all() {
            let leads = process.pid == process.session || process.pid == process.group;
            if leads && self.is_marked(&process) {
                leaders.insert(process.pid, process.started);
            }
        }
    }

    /// The processes of the test that run.
    ///
    /// Zombies do not count: this is asked when nothing of the test should be
    /// left, so their parent is not one of its processes but whoever adopts
    /// orphans on this machine. The zombies that matter are `descendants`.
    pub fn running(&self) -> Vec<Process> {
        let table = all();
        let leaders = self.leaders.borrow();
        let led = |leader: i32| {
            leaders.get(&leader).is_some_and(|started| {
                // The number may meanwhile be another process's.
                table
                    .iter()
                    .find(|process| process.pid == leader)
                    .is_none_or(|process| process.started == *started)
            })
        };
        table
            .iter()
            .filter(|process| !process.is_zombie())
            .filter(|process| led(process.session) || led(process.group) || self.is_marked(process))
            .cloned()
            .collect()
    }

    /// Kills what is left, for a test that fails in the middle.
    pub fn kill(&self) {
        // What is being started while the first are killed is found the next time.
        for _ in 0..100 {
            let running = self.running();
            if running.is_empty() {
                return;
            }
            for process in running {
                // It may have ended by itself.
                let _ = kill(Pid::from_raw(process.pid), Signal::SIGKILL);
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    fn is_marked(&self, process: &Process) -> bool {
        let root = self.root.to_str().unwrap();
        let pid = process.pid;
        process.command_line.contains(root)
            || read_words(pid, "environ").contains(root)
            || ["cwd", "exe"].iter().any(|link| {
                fs::read_link(format!("/proc/{pid}/{link}"))
                    .is_ok_and(|target| target.starts_with(&self.root))
            })
    }
}
