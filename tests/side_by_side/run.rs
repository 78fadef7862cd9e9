//! Runs one case on one toolkit in a directory of its own. Judges nothing.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::case::{Case, Ending, Files, Program};
use super::toolkit::{Kind, Toolkit};

/// How long a case may take. Generous, because the machine may be busy: only a
/// case that hangs gets here.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The name of a script's file in its directory.
const SCRIPT: &str = "script";

/// The one line by which an unfused run's environment differs.
const UNFUSED: (&str, &str) = ("EXECLINE_FUSION", "0");

/// What came out of a run.
pub struct Outcome {
    /// How it ended; `None` when it had to be killed.
    pub ending: Option<Ending>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// New and changed files.
    pub after: Files,
    /// Files that were there before and are no more.
    pub gone: Vec<String>,
}

/// Held while an executable file is written and while a process is started: a
/// child that forks off another thread in between would keep the file open for
/// writing, and its execution would fail with "Text file busy".
static STARTING: Mutex<()> = Mutex::new(());

/// Makes every descriptor above standard error private to this process.
///
/// Whoever started the tests may have left descriptors open. A case that looks
/// at its descriptors must see only those its own toolkit made.
#[allow(
    unsafe_code,
    reason = "a descriptor that this program did not open has no owned type"
)]
pub fn keep_descriptors_private() {
    for entry in std::fs::read_dir("/proc/self/fd").expect("the open descriptors") {
        let name = entry.expect("an open descriptor").file_name();
        let number: i32 = name.to_string_lossy().parse().expect("a number");
        if number > 2 {
            // SAFETY: the borrow ends with this statement. A descriptor closed
            // meanwhile by another thread makes the call fail, which is as good.
            let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
            let _ = fcntl(descriptor, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC));
        }
    }
}

/// Runs `case` on `toolkit`.
pub fn run(case: &Case, toolkit: &Toolkit) -> Outcome {
    let cwd = tempfile::tempdir().expect("a directory for the case");
    // The kernel reports the real path, so the replacement needs it too.
    let directory = cwd.path().canonicalize().expect("the directory's path");
    let place = |text: &[u8]| fill_in(text, toolkit, &directory);

    let words = {
        let _starting = STARTING.lock().unwrap();
        for (name, content) in &case.files {
            make_file(&directory.join(name), &place(content));
        }
        match &case.program {
            Program::Script(text, arguments) => {
                make_file(&directory.join(SCRIPT), &place(text));
                let mut words: Vec<Vec<u8>> =
                    vec![b"execlineb".to_vec(), b"-P".to_vec(), SCRIPT.into()];
                words.extend(arguments.iter().map(|word| place(word)));
                words
            }
            Program::Argv(words) => words.iter().map(|word| place(word)).collect(),
        }
    };

    let path = format!("{}:/usr/bin:/bin", toolkit.directory.display());
    let mut command = Command::new(find(&words[0], &path));
    command
        .arg0(OsStr::from_bytes(&words[0]))
        .args(words[1..].iter().map(|word| OsStr::from_bytes(word)))
        .env_clear()
        .env("PATH", &path)
        .current_dir(&directory)
        .process_group(0)
        .stdin(if case.stdin.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if toolkit.kind == Kind::Unfused {
        command.env(UNFUSED.0, UNFUSED.1);
    }
    for (variable, value) in &case.env {
        command.env(
            OsStr::from_bytes(variable),
            std::ffi::OsString::from_vec(place(value)),
        );
    }
    let child = {
        let _starting = STARTING.lock().unwrap();
        command
            .spawn()
            .unwrap_or_else(|error| panic!("`{}`: {error}", case.name))
    };
    let (ending, stdout, stderr) = collect(child, case.stdin.clone());

    let (after, gone) = changes(case, &directory, &place);
    let neutral = |text: Vec<u8>| neutralise(text, toolkit, &directory);
    Outcome {
        ending,
        stdout: neutral(stdout),
        stderr: neutral(stderr),
        after: after
            .into_iter()
            .map(|(name, text)| (name, neutral(text)))
            .collect(),
        gone,
    }
}

/// Where a word is found; a word that is nowhere is run as it is and fails.
fn find(word: &[u8], path: &str) -> PathBuf {
    let word = Path::new(OsStr::from_bytes(word));
    path.split(':')
        .map(|directory| Path::new(directory).join(word))
        .find(|candidate| candidate.exists())
        .unwrap_or_else(|| word.to_path_buf())
}

fn make_file(file: &Path, content: &[u8]) {
    let is_directory = file.as_os_str().as_bytes().ends_with(b"/");
    let parent = if is_directory {
        Some(file)
    } else {
        file.parent()
    };
    std::fs::create_dir_all(parent.expect("a file is in a directory")).expect("a directory");
    if is_directory {
        return;
    }
    std::fs::write(file, content).expect("a file of the case");
    if content.starts_with(b"#!") {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))
            .expect("an executable file");
    }
}

/// Feeds the process and waits for it and for everything that writes where it
/// wrote, within the time limit. Nothing of its process group survives.
fn collect(mut child: Child, input: Option<Vec<u8>>) -> (Option<Ending>, Vec<u8>, Vec<u8>) {
    let group = Pid::from_raw(i32::try_from(child.id()).expect("a process id"));
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
        // A reader that stops early closes the pipe; that is its right.
        std::thread::spawn(move || stdin.write_all(&input).is_ok());
    }
    let stdout = read_to_end(child.stdout.take().expect("standard output"));
    let stderr = read_to_end(child.stderr.take().expect("standard error"));
    let (sender, status) = mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait()).is_ok());

    let deadline = Instant::now() + TIME_LIMIT;
    let left = || deadline.saturating_duration_since(Instant::now());
    let status = status.recv_timeout(left());
    let written = (stdout.recv_timeout(left()), stderr.recv_timeout(left()));
    // The leader may be gone already and the group empty: nothing to kill then.
    let _ = killpg(group, Signal::SIGKILL);
    match (status, written) {
        (Ok(status), (Ok(stdout), Ok(stderr))) => (
            Some(ending(status.expect("the status of the case"))),
            stdout,
            stderr,
        ),
        (_, (out, err)) => {
            let late = Duration::from_secs(5);
            let out = out.or_else(|_| stdout.recv_timeout(late));
            let err = err.or_else(|_| stderr.recv_timeout(late));
            (None, out.unwrap_or_default(), err.unwrap_or_default())
        }
    }
}

fn read_to_end(mut from: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        from.read_to_end(&mut text).expect("a readable pipe");
        sender.send(text).is_ok()
    });
    receiver
}

fn ending(status: ExitStatus) -> Ending {
    match (status.code(), status.signal()) {
        (Some(code), _) => Ending::Code(code),
        (None, signal) => Ending::Signal(signal.unwrap_or(0)),
    }
}

/// The new and changed files, and those that are gone.
fn changes(
    case: &Case,
    directory: &Path,
    place: &impl Fn(&[u8]) -> Vec<u8>,
) -> (Files, Vec<String>) {
    let mut found = Files::new();
    list(directory, directory, &mut found);
    if matches!(case.program, Program::Script(..)) {
        found.remove(SCRIPT);
    }
    let mut gone = Vec::new();
    for (name, content) in &case.files {
        if name.ends_with('/') {
            continue;
        }
        match found.get(name) {
            None => gone.push(name.clone()),
            Some(now) if *now == place(content) => {
                found.remove(name);
            }
            Some(_) => {}
        }
    }
    (found, gone)
}

fn list(root: &Path, directory: &Path, found: &mut Files) {
    for entry in std::fs::read_dir(directory).expect("a directory of the case") {
        let entry = entry.expect("an entry of the case's directory");
        let path = entry.path();
        let name = path.strip_prefix(root).expect("a path below the root");
        let name = name.to_string_lossy().into_owned();
        let kind = entry.file_type().expect("the entry's type");
        if kind.is_dir() {
            list(root, &path, found);
        } else if kind.is_file() {
            found.insert(name, std::fs::read(&path).expect("a file of the case"));
        }
        // Links, pipes and sockets have no content to compare.
    }
}

/// The case's text with this run's paths.
fn fill_in(text: &[u8], toolkit: &Toolkit, cwd: &Path) -> Vec<u8> {
    let text = replace(text, b"@DIR@", toolkit.directory.as_os_str().as_bytes());
    replace(&text, b"@CWD@", cwd.as_os_str().as_bytes())
}

/// The run's text without this run's paths, and without the one variable that
/// selects an unfused run: the case did not put it there.
fn neutralise(text: Vec<u8>, toolkit: &Toolkit, cwd: &Path) -> Vec<u8> {
    let text = replace(&text, toolkit.directory.as_os_str().as_bytes(), b"@DIR@");
    let text = replace(&text, cwd.as_os_str().as_bytes(), b"@CWD@");
    if toolkit.kind != Kind::Unfused {
        return text;
    }
    let line = format!("{}={}\n", UNFUSED.0, UNFUSED.1).into_bytes();
    text.split_inclusive(|&byte| byte == b'\n')
        .filter(|candidate| *candidate != line)
        .collect::<Vec<&[u8]>>()
        .concat()
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with(from) {
            replaced.extend_from_slice(to);
            at += from.len();
        } else {
            replaced.push(text[at]);
            at += 1;
        }
    }
    replaced
}
