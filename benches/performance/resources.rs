//! What a toolkit takes beside time: the memory of a command that waits, the bytes of its
//! files, and the processes it makes.

use super::cases::Case;
use super::place::{Party, Place};
use nix::sys::ptrace::{self, Event, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use serde::Serialize;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Memory of a process, in kB.
#[derive(Serialize)]
pub struct Memory {
    /// That is the process's own: stack, heap, and what it changed of its file.
    pub anonymous: u64,
    /// Of it all, what no other process has.
    pub private: u64,
}

/// As many processes are looked at: where the kernel begins a stack in its page it draws by lot,
/// so that one in fifteen has a page more.
const LOOKS: usize = 21;

/// A `foreground` that waits for its block, started by execlineb from a script: the medians.
pub fn waiting_foreground(place: &Place, party: &Party) -> Memory {
    let script = place.file("foreground { sleep 60 }\n@NOTHING@\n");
    let (mut anonymous, mut private): (Vec<u64>, Vec<u64>) = (0..LOOKS)
        .map(|_| one_waiting_foreground(&script, party))
        .map(|memory| (memory.anonymous, memory.private))
        .unzip();
    anonymous.sort_unstable();
    private.sort_unstable();
    Memory {
        anonymous: anonymous[LOOKS / 2],
        private: private[LOOKS / 2],
    }
}

fn one_waiting_foreground(script: &str, party: &Party) -> Memory {
    let mut child = Command::new(party.directory.join("execlineb"))
        .args(["-P", script])
        .env_clear()
        .envs(entries(party))
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("execlineb starts");
    let sleeper = wait_for_sleeper(child.id());
    let memory = memory_of(child.id());
    kill(Pid::from_raw(-(child.id() as i32)), Signal::SIGKILL).expect("the group is there");
    child.wait().expect("a child to wait for");
    assert!(sleeper, "foreground has started no sleep");
    memory
}

fn wait_for_sleeper(parent: u32) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(10) {
        let children = format!("/proc/{parent}/task/{parent}/children");
        let children = std::fs::read_to_string(children).unwrap_or_default();
        for child in children.split_whitespace() {
            let name = std::fs::read_to_string(format!("/proc/{child}/comm"));
            if name.is_ok_and(|name| name == "sleep\n") {
                return true;
            }
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

fn memory_of(pid: u32) -> Memory {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).expect("its memory");
    let field = |name: &str| -> u64 {
        text.lines()
            .filter(|line| line.starts_with(name))
            .filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
            .sum()
    };
    Memory {
        anonymous: field("Anonymous:"),
        private: field("Private_Clean:") + field("Private_Dirty:"),
    }
}

/// The bytes of all commands, each file once.
pub fn size(directory: &Path, names: &[&str]) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let mut seen = std::collections::BTreeSet::new();
    names
        .iter()
        .filter_map(|name| std::fs::metadata(directory.join(name)).ok())
        .filter(|file| seen.insert((file.dev(), file.ino())))
        .map(|file| file.len())
        .sum()
}

/// How many processes a case makes, its first one included.
pub fn processes(place: &Place, party: &Party, case: &Case) -> usize {
    let contestant = place.contestant(party, &case.work);
    // It waits until it is watched.
    let mut child = Command::new("/bin/sh")
        .args(["-c", "kill -STOP $$; exec \"$0\" \"$@\""])
        .args(contestant.words())
        .env_clear()
        .envs(entries(party))
        .spawn()
        .expect("a shell");
    let first = Pid::from_raw(child.id() as i32);
    let stopped = waitpid(first, Some(WaitPidFlag::WUNTRACED)).expect("a stopped shell");
    assert_eq!(stopped, WaitStatus::Stopped(first, Signal::SIGSTOP));
    let options =
        Options::PTRACE_O_TRACEFORK | Options::PTRACE_O_TRACEVFORK | Options::PTRACE_O_TRACECLONE;
    ptrace::seize(first, options).expect("a process to watch");
    kill(first, Signal::SIGCONT).expect("a process to go on");
    let mut count = 1;
    loop {
        match waitpid(None, Some(WaitPidFlag::__WALL)) {
            Ok(WaitStatus::PtraceEvent(pid, _, event)) => {
                if event != Event::PTRACE_EVENT_STOP as i32 {
                    count += 1;
                }
                let _ = ptrace::cont(pid, None);
            }
            Ok(WaitStatus::Stopped(pid, signal)) => {
                let signal =
                    (signal != Signal::SIGSTOP && signal != Signal::SIGTRAP).then_some(signal);
                let _ = ptrace::cont(pid, signal);
            }
            Ok(WaitStatus::Exited(pid, code)) if pid == first => {
                assert_eq!(code, 0, "{}", case.name)
            }
            Ok(_) => {}
            // There is nobody left.
            Err(_) => break,
        }
    }
    // It was waited for above.
    let _ = child.wait();
    count
}

fn entries(party: &Party) -> Vec<(String, String)> {
    party
        .environment()
        .iter()
        .filter_map(|entry| entry.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}
