//! Starts a toolkit's command in surroundings that no well-meaning caller makes, within
//! limits on time and memory. It says what came of it and judges nothing.
//!
//! The program is executed by hand between fork and exec: an empty argv, an environment
//! entry without `=` and closed standard descriptors are beyond what `Command` can be told.
//!
//! # Safety
//!
//! Between fork and exec only system calls are made; all they read was built before.

use std::ffi::CString;
use std::fs::{File, Permissions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::side_by_side::case::Ending;
use super::side_by_side::toolkit::{Kind, Toolkit};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// How long a start may take: a hang, and not a busy machine, gets here.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// How much memory the reference may address, in MiB; it shares libraries.
const GENEROUS: u64 = 4096;

/// The stack limit, from which `execve` derives how many arguments it takes.
pub const STACK: u64 = 8 << 20;

/// How much a process may write, in bytes.
const OUTPUT: u64 = 64 << 20;

/// Held while files are made and a process is started: a child that another thread forks in
/// between would keep a file open for writing, and its execution would fail.
static STARTING: Mutex<()> = Mutex::new(());

/// A file's content: a piece many times over, between two others.
#[derive(Clone, Default)]
pub struct Content {
    pub head: Vec<u8>,
    pub piece: Vec<u8>,
    pub times: usize,
    pub tail: Vec<u8>,
}

impl Content {
    /// Just this.
    pub fn of(text: &[u8]) -> Content {
        Content {
            head: text.to_vec(),
            ..Content::default()
        }
    }

    /// `piece` so many times, and `tail`.
    pub fn repeated(piece: &[u8], times: usize, tail: &[u8]) -> Content {
        Content {
            piece: piece.to_vec(),
            times,
            tail: tail.to_vec(),
            ..Content::default()
        }
    }

    fn write(&self, to: &Path) {
        // Written piece by piece: this process's own memory counts as its children's until
        // they have executed something.
        let mut file = BufWriter::new(File::create(to).expect("a file of the claim"));
        let pieces = std::iter::repeat_n(&self.piece, self.times);
        for part in [&self.head].into_iter().chain(pieces).chain([&self.tail]) {
            file.write_all(part).expect("room for the file");
        }
        file.flush().expect("room for the file");
    }
}

/// What is started, and in which surroundings.
#[derive(Clone)]
pub struct Start {
    /// The command, looked up in the toolkit; its name is no word.
    pub command: &'static str,
    /// All words, `argv[0]` first.
    pub argv: Vec<Vec<u8>>,
    /// Files that are there: name, content, mode.
    pub files: Vec<(&'static str, Content, u32)>,
    /// The environment's entries; `@PATH@` stands for the toolkit's.
    pub environment: Vec<Vec<u8>>,
    /// Descriptors that are closed.
    pub closed: Vec<i32>,
    /// Where standard output goes, where it is not recorded.
    pub stdout: Option<&'static str>,
    /// A shell's text that feeds the fifo `fifo`.
    pub fed_by: Option<&'static str>,
    /// True where even root may read only what its mode says.
    pub is_restricted: bool,
    /// How much memory each process of ours may address, in MiB. The peak of what it used is
    /// no measure: it begins with that of the process it was forked from.
    pub memory: u64,
}

/// What came of it.
pub struct Result {
    /// `None` where it had to be killed.
    pub ending: Option<Ending>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// Runs it on `toolkit`, in a fresh directory.
pub fn run(start: &Start, toolkit: &Toolkit) -> Result {
    let directory = tempfile::tempdir().expect("a directory for the claim");
    let place = |name: &str| directory.path().join(name);
    let starting = STARTING.lock().unwrap();
    for (name, content, mode) in &start.files {
        content.write(&place(name));
        std::fs::set_permissions(place(name), Permissions::from_mode(*mode)).expect("a mode");
    }
    let feeder = start.fed_by.map(|text| {
        let fifo = place("fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).expect("a fifo");
        Command::new("/bin/sh")
            .args(["-c", text])
            .current_dir(directory.path())
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("a shell")
    });

    let path = format!("{}:/usr/bin:/bin", toolkit.directory.display());
    let fusion = (toolkit.kind == Kind::Unfused).then(|| b"EXECLINE_FUSION=0".to_vec());
    let environment = start
        .environment
        .iter()
        .map(|entry| match entry.strip_suffix(b"@PATH@") {
            Some(key) => [key, path.as_bytes()].concat(),
            None => entry.clone(),
        });
    let file = CString::new(
        toolkit
            .directory
            .join(start.command)
            .into_os_string()
            .into_encoded_bytes(),
    )
    .unwrap();
    let argv = Strings::new(start.argv.iter().cloned());
    let environment = Strings::new(environment.chain(fusion));
    let memory = match toolkit.kind {
        Kind::Reference => GENEROUS,
        Kind::Fused | Kind::Unfused => start.memory,
    };
    let (closed, is_restricted) = (start.closed.clone(), start.is_restricted);

    let output = |name| File::create(place(name)).expect("a file for the output");
    let mut command = Command::new(start.command);
    command
        .current_dir(directory.path())
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(match start.stdout {
            Some(device) => File::options().write(true).open(device).expect(device),
            None => output(".stdout"),
        })
        .stderr(output(".stderr"));
    // SAFETY: see the head of this file.
    unsafe {
        command.pre_exec(move || {
            limit(libc::RLIMIT_AS, memory << 20)?;
            limit(libc::RLIMIT_STACK, STACK)?;
            limit(libc::RLIMIT_FSIZE, OUTPUT)?;
            limit(libc::RLIMIT_CORE, 0)?;
            if is_restricted && libc::geteuid() == 0 {
                // CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH.
                for capability in [1, 2] {
                    if libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 {
                        return Err(std::io::Error::last_os_error());
                    }
                }
            }
            for &descriptor in &closed {
                libc::close(descriptor);
            }
            libc::execve(file.as_ptr(), argv.list(), environment.list());
            Err(std::io::Error::last_os_error())
        });
    }
    let child = command.spawn().unwrap_or_else(|error| {
        panic!("{} could not be started: {error}", start.command);
    });
    drop(starting);
    let ending = wait(child);
    if let Some(feeder) = feeder {
        kill_group(&feeder);
        wait(feeder);
    }
    let read = |name| {
        let text = std::fs::read(place(name)).unwrap_or_default();
        neutral(&text, path.as_bytes())
    };
    Result {
        ending,
        stdout: read(".stdout"),
        stderr: read(".stderr"),
    }
}

/// Waits for `child` within the time limit. Nothing of its process group survives.
fn wait(mut child: Child) -> Option<Ending> {
    let deadline = Instant::now() + TIME_LIMIT;
    let status = loop {
        match child.try_wait().expect("a child to wait for") {
            None if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(1)),
            status => break status,
        }
    };
    kill_group(&child);
    match status {
        Some(status) => Some(match (status.code(), status.signal()) {
            (Some(code), _) => Ending::Code(code),
            (None, signal) => Ending::Signal(signal.unwrap_or_default()),
        }),
        None => {
            child.wait().expect("the end of a killed process");
            None
        }
    }
}

fn kill_group(child: &Child) {
    // It may be empty already: nothing to kill then.
    let group = i32::try_from(child.id()).expect("a process id");
    let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
}

/// The text without this run's paths, and without the variable that selects an unfused run.
fn neutral(text: &[u8], path: &[u8]) -> Vec<u8> {
    let mut lines = Vec::new();
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        if line == b"EXECLINE_FUSION=0\n" {
            continue;
        }
        match line
            .strip_prefix(b"PATH=")
            .and_then(|value| value.strip_prefix(path))
        {
            Some(rest) => lines.extend_from_slice(&[b"PATH=@PATH@", rest].concat()),
            None => lines.extend_from_slice(line),
        }
    }
    lines
}

fn limit(resource: libc::__rlimit_resource_t, value: u64) -> std::io::Result<()> {
    let limit = libc::rlimit {
        rlim_cur: value,
        rlim_max: value,
    };
    // SAFETY: the record is complete.
    match unsafe { libc::setrlimit(resource, &raw const limit) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}

/// Strings as `execve` takes them.
struct Strings {
    /// Their addresses and a null; numbers, as a pointer may not go to another thread.
    addresses: Vec<usize>,
    _strings: Vec<CString>,
}

impl Strings {
    fn new(strings: impl Iterator<Item = Vec<u8>>) -> Strings {
        let strings: Vec<CString> = strings
            .map(|string| CString::new(string).expect("a string without NUL"))
            .collect();
        let mut addresses: Vec<usize> = strings.iter().map(|s| s.as_ptr().addr()).collect();
        addresses.push(0);
        Strings {
            addresses,
            _strings: strings,
        }
    }

    fn list(&self) -> *const *const libc::c_char {
        self.addresses.as_ptr().cast()
    }
}
