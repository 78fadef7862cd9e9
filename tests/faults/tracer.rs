//! Runs a program under ptrace: it tells each system call that the toolkit's processes make,
//! and can make one of them fail. A process that becomes a program of somebody else's is let
//! go at that moment; what surrounds it then is written down. Judges nothing.
//!
//! A call is known by the process that makes it and by how many that process made before, so
//! that the order in which processes run does not matter.
//!
//! # Safety
//!
//! Between fork and exec only system calls are made.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, pipe2};

use super::surroundings::Surroundings;

/// How long a run may take: only one that hangs takes so long.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The descriptor that every process of a run has, and that tells when the last one is gone.
pub const LEASH: i32 = 100;

/// What a call returns inside of the kernel that will be made again.
const RESTARTS: std::ops::RangeInclusive<i64> = -516..=-512;

/// Held while files are written and processes started: a child that another thread forks in
/// between would keep a file open for writing, and its execution would fail.
pub static STARTING: Mutex<()> = Mutex::new(());

/// What is run.
pub struct Start<'a> {
    /// The file to execute.
    pub program: PathBuf,
    /// Its words behind `argv[0]`.
    pub words: Vec<String>,
    /// All of its environment.
    pub environment: Vec<(String, String)>,
    /// Where it runs.
    pub directory: &'a Path,
    /// Where its output goes: two files are made there.
    pub output: &'a Path,
    /// What standard input reads.
    pub input: &'a Path,
    /// The toolkit's own programs are in here, or are this file.
    pub own: &'a Path,
}

/// A call that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    /// The process: nothing for the first one, and for another, the numbers of its ancestors
    /// among the children of theirs, and its own.
    pub process: Vec<usize>,
    /// How many calls it made before.
    pub index: usize,
    /// Its number in the kernel's table.
    pub number: i64,
}

/// What happens to a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It is not made, and fails.
    Error(i32),
    /// It is made, and fails all the same: as with `close`, whose descriptor is gone.
    ErrorBehind(i32),
    /// No more than one byte is read or written.
    Short,
}

/// What came of a run.
#[derive(Debug)]
pub struct Run {
    /// All calls of the toolkit's processes.
    pub calls: Vec<Made>,
    /// What surrounded each of the programs that were let go.
    pub let_go: Vec<Surroundings>,
    /// The exit code; nothing where a signal killed it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// The signals that killed processes of the toolkit.
    pub killed_by: Vec<Signal>,
    /// It had to be killed, or something of it was there when it was over.
    pub hung: bool,
    /// The call that was to fail was made.
    pub failed: bool,
}

/// A process that is traced.
struct Process {
    path: Vec<usize>,
    /// How many calls it made.
    calls: usize,
    children: usize,
    /// It is stopped for the first time when it begins.
    begins: bool,
    /// What becomes of the call it is in.
    answer: Option<i32>,
}

impl Process {
    fn new(path: Vec<usize>, begins: bool) -> Process {
        Process {
            path,
            calls: 0,
            children: 0,
            begins,
            answer: None,
        }
    }
}

/// Runs it to its end, with a fault at one place if one is wanted.
pub fn run(start: &Start, fault: Option<(&Made, Fault)>) -> Run {
    let output = |name: &str| start.output.join(name);
    let (leash, held) = pipe2(OFlag::O_CLOEXEC).expect("a pipe");
    let mut command = Command::new(&start.program);
    command
        .args(&start.words)
        .env_clear()
        .envs(start.environment.iter().cloned())
        .current_dir(start.directory)
        .process_group(0)
        .stdin(File::open(start.input).expect("the standard input"))
        .stdout(Stdio::from(File::create(output("stdout")).expect("a file")))
        .stderr(Stdio::from(File::create(output("stderr")).expect("a file")));
    let number = held.as_raw_fd();
    // SAFETY: see the head of this file.
    unsafe {
        command.pre_exec(move || {
            // Whoever started the tests may have left descriptors open.
            let private = libc::CLOSE_RANGE_CLOEXEC as libc::c_int;
            if libc::close_range(3, libc::c_uint::MAX, private) < 0 || libc::dup2(number, LEASH) < 0
            {
                return Err(std::io::Error::last_os_error());
            }
            ptrace::traceme().map_err(std::io::Error::from)
        });
    }
    let child = {
        let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        command.spawn().expect("the program starts")
    };
    drop(held);
    let root = Pid::from_raw(i32::try_from(child.id()).expect("a process id"));
    let (over, is_over) = mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        let hangs = is_over.recv_timeout(TIME_LIMIT).is_err();
        if hangs {
            // Its processes may all have ended just now.
            let _ = killpg(root, Signal::SIGKILL);
        }
        hangs
    });
    let mut tracer = Tracer {
        own: start.own,
        fault,
        root,
        processes: BTreeMap::new(),
        early: Vec::new(),
        known: Vec::new(),
        run: Run {
            calls: Vec::new(),
            let_go: Vec::new(),
            code: None,
            stdout: String::new(),
            stderr: String::new(),
            killed_by: Vec::new(),
            hung: false,
            failed: false,
        },
    };
    tracer.follow();
    let mut run = tracer.run;
    // What was let go, and is not ours to wait for, has the leash while it lives.
    let mut ends = [PollFd::new(leash.as_fd(), PollFlags::POLLIN)];
    let limit = PollTimeout::try_from(TIME_LIMIT).expect("a time");
    if poll(&mut ends, limit).expect("a pipe to wait for") == 0 {
        run.hung = true;
        let _ = killpg(root, Signal::SIGKILL);
    }
    // Where the watch is over already, there is nobody to tell.
    let _ = over.send(());
    run.hung |= watch.join().expect("the watch");
    let read = |name| {
        let mut text = Vec::new();
        let mut file = File::open(output(name)).expect("the output");
        file.read_to_end(&mut text).expect("the output");
        String::from_utf8_lossy(&text).into_owned()
    };
    (run.stdout, run.stderr) = (read("stdout"), read("stderr"));
    run
}

struct Tracer<'a> {
    own: &'a Path,
    fault: Option<(&'a Made, Fault)>,
    root: Pid,
    processes: BTreeMap<Pid, Process>,
    /// Those that stopped before their parent told of them.
    early: Vec<Pid>,
    /// The numbers of all processes there were.
    known: Vec<Pid>,
    run: Run,
}

impl Tracer<'_> {
    /// Follows all processes until none is left.
    fn follow(&mut self) {
        let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
        loop {
            match waitpid(None, Some(flags)) {
                Ok(status) => self.take_notice(status),
                Err(Errno::EINTR) => {}
                Err(Errno::ECHILD) => return,
                Err(error) => panic!("nothing can be waited for: {error}"),
            }
        }
    }

    fn take_notice(&mut self, status: WaitStatus) {
        match status {
            WaitStatus::Exited(pid, code) => {
                self.processes.remove(&pid);
                if pid == self.root {
                    self.run.code = Some(code);
                }
            }
            WaitStatus::Signaled(pid, signal, _) => {
                if self.processes.remove(&pid).is_some() {
                    self.run.killed_by.push(signal);
                }
            }
            WaitStatus::PtraceEvent(pid, _, event) => self.event(pid, event),
            WaitStatus::PtraceSyscall(pid) => self.call(pid),
            WaitStatus::Stopped(pid, signal) => self.stopped(pid, signal),
            other => panic!("an unexpected status: {other:?}"),
        }
    }

    fn stopped(&mut self, pid: Pid, signal: Signal) {
        if pid == self.root && !self.processes.contains_key(&pid) {
            // It has executed the program.
            let options = Options::PTRACE_O_TRACESYSGOOD
                | Options::PTRACE_O_TRACEFORK
                | Options::PTRACE_O_TRACEVFORK
                | Options::PTRACE_O_TRACECLONE
                | Options::PTRACE_O_TRACEEXEC
                | Options::PTRACE_O_EXITKILL;
            ptrace::setoptions(pid, options).expect("the options of a tracer");
            self.processes.insert(pid, Process::new(Vec::new(), false));
            self.known.push(pid);
            resume(pid, None);
            return;
        }
        match self.processes.get_mut(&pid) {
            None => self.early.push(pid),
            Some(process) if process.begins => {
                process.begins = false;
                resume(pid, None);
            }
            Some(_) => resume(pid, Some(signal)),
        }
    }

    fn event(&mut self, pid: Pid, event: i32) {
        if event != ptrace::Event::PTRACE_EVENT_EXEC as i32 {
            let Ok(child) = ptrace::getevent(pid) else {
                return;
            };
            let child = Pid::from_raw(i32::try_from(child).expect("a process id"));
            let process = self
                .processes
                .get_mut(&pid)
                .expect("a process that is known");
            process.children += 1;
            let path = [process.path.as_slice(), &[process.children]].concat();
            let is_early = self.early.contains(&child);
            self.early.retain(|early| *early != child);
            self.processes.insert(child, Process::new(path, !is_early));
            self.known.push(child);
            if is_early {
                resume(child, None);
            }
            resume(pid, None);
            return;
        }
        let file = std::fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
        if file.starts_with(self.own) {
            resume(pid, None);
            return;
        }
        self.run.let_go.push(Surroundings::of(pid, &self.known));
        self.processes.remove(&pid);
        // It may have been killed meanwhile.
        let _ = ptrace::detach(pid, None);
    }

    /// A call begins or ends.
    fn call(&mut self, pid: Pid) {
        const BEGINS: u8 = libc::PTRACE_SYSCALL_INFO_ENTRY;
        let (Ok(stop), Ok(mut registers)) = (ptrace::syscall_info(pid), ptrace::getregs(pid))
        else {
            // Killed meanwhile.
            return;
        };
        let process = self
            .processes
            .get_mut(&pid)
            .expect("a process that is known");
        if stop.op == BEGINS {
            let made = Made {
                process: process.path.clone(),
                index: process.calls,
                number: registers.orig_rax as i64,
            };
            process.calls += 1;
            if let Some((wanted, fault)) = self.fault
                && *wanted == made
            {
                self.run.failed = true;
                match fault {
                    Fault::Error(errno) => {
                        process.answer = Some(errno);
                        registers.orig_rax = u64::MAX;
                    }
                    Fault::ErrorBehind(errno) => process.answer = Some(errno),
                    Fault::Short => registers.rdx = registers.rdx.min(1),
                }
                let _ = ptrace::setregs(pid, registers);
            }
            self.run.calls.push(made);
        } else if RESTARTS.contains(&(registers.rax as i64)) {
            // A signal came, as it does to a process that is traced even if it ignores it.
            process.calls -= 1;
            let (path, calls) = (process.path.clone(), process.calls);
            self.run
                .calls
                .retain(|made| made.process != path || made.index != calls);
        } else if let Some(errno) = process.answer.take() {
            registers.rax = (-i64::from(errno)) as u64;
            let _ = ptrace::setregs(pid, registers);
        }
        resume(pid, None);
    }
}

/// Lets a stopped process go on to its next call. It may have been killed meanwhile.
fn resume(pid: Pid, signal: Option<Signal>) {
    let _ = ptrace::syscall(pid, signal);
}
