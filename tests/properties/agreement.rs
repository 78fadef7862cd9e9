//! Draws inputs, and runs one on ours and on the reference. Knows no command: what is run
//! and why is said where a property is.

use std::ffi::OsStr;
use std::fmt;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use proptest::strategy::Strategy;
use proptest::test_runner::{
    Config, RngSeed, TestCaseError, TestCaseResult, TestError, TestRunner,
};
use tempfile::TempDir;

use super::toolkit::{Kind, Toolkit, Version};

/// How long a run may take. Only one that hangs takes so long.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// The variable that selects an unfused run.
const UNFUSED: (&str, &str) = ("EXECLINE_FUSION", "0");

/// How many inputs a property is tried with: as the environment says, or `few`.
pub fn cases(few: u32) -> u32 {
    number("EXECLINE_CASES").map_or(few, |cases| {
        u32::try_from(cases).expect("a number of cases")
    })
}

fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {value}")),
    )
}

/// Tries a claim with `cases` inputs, and panics with the smallest one found to break it.
pub fn holds<S: Strategy>(cases: u32, inputs: &S, claim: impl Fn(S::Value) -> TestCaseResult) {
    let seed = number("EXECLINE_SEED").unwrap_or(0);
    let mut runner = TestRunner::new(Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        // A failure is a fact to be written down by a person, not a file to be found later.
        failure_persistence: None,
        max_shrink_iters: 1000,
        // An input that hangs is not run a thousand times.
        max_shrink_time: 30_000,
        ..Config::default()
    });
    match runner.run(inputs, claim) {
        Ok(()) => {}
        Err(TestError::Fail(reason, input)) => {
            panic!("EXECLINE_SEED={seed}: {reason}\n  for {input:?}")
        }
        Err(aborted) => panic!("EXECLINE_SEED={seed}: {aborted}"),
    }
}

/// What is run: words, variables besides `PATH`, standard input.
#[derive(Clone, Default)]
pub struct Input {
    /// The words; the first is a command of the toolkit.
    pub argv: Vec<Vec<u8>>,
    /// Variables in order.
    pub env: Vec<(String, String)>,
    /// What standard input holds: little enough for a pipe.
    pub stdin: Vec<u8>,
}

impl Input {
    /// A command with these words.
    pub fn new<W: Into<Vec<u8>>>(argv: impl IntoIterator<Item = W>) -> Input {
        Input {
            argv: argv.into_iter().map(Into::into).collect(),
            ..Input::default()
        }
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (variable, value) in &self.env {
            write!(to, "{variable}={value:?} ")?;
        }
        for word in &self.argv {
            write!(to, "\"{}\" ", word.escape_ascii())?;
        }
        if !self.stdin.is_empty() {
            write!(to, "<<< \"{}\"", self.stdin.escape_ascii())?;
        }
        Ok(())
    }
}

/// What came of a run.
#[derive(Clone, PartialEq, Eq)]
struct Outcome {
    status: ExitStatus,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl fmt::Debug for Outcome {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "{}, stdout \"{}\", stderr \"{}\"",
            self.status,
            self.stdout.escape_ascii(),
            self.stderr.escape_ascii()
        )
    }
}

/// The process that is waited for, and since when.
type Watched = Arc<Mutex<Option<(Pid, Instant)>>>;

/// The toolkits that are compared, and a directory for the runs of one property.
pub struct Sides {
    fused: Toolkit,
    unfused: Toolkit,
    reference: Toolkit,
    watched: Watched,
    directory: TempDir,
    _installed: TempDir,
}

impl Sides {
    /// Ours, and the reference there is; without one this fails.
    pub fn new() -> Sides {
        let installed = tempfile::tempdir().expect("a directory for the links of our commands");
        let watched = Watched::default();
        let watching = Arc::downgrade(&watched);
        std::thread::spawn(move || {
            while let Some(watched) = watching.upgrade() {
                if let Some((group, since)) = *watched.lock().unwrap()
                    && since.elapsed() > TIME_LIMIT
                {
                    // It may have ended just now, with its whole group.
                    let _ = killpg(group, Signal::SIGKILL);
                }
                drop(watched);
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        Sides {
            fused: Toolkit::ours(installed.path(), true),
            unfused: Toolkit::ours(installed.path(), false),
            reference: Toolkit::reference(),
            watched,
            directory: tempfile::tempdir().expect("a directory for the runs"),
            _installed: installed,
        }
    }

    /// The directory the runs start in. They must not leave anything there.
    pub fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    /// True where the reference is the version that ours follows: else what is newer than
    /// Debian's must not be drawn.
    pub fn is_newest(&self) -> bool {
        self.reference.version >= Version::parse("2.9.9.2")
    }

    /// Fails where ours, fused or unfused, does anything else than the reference.
    pub fn agree(&self, input: &Input) -> TestCaseResult {
        let expected = self.run(&self.reference, input);
        self.compare(&self.fused, input, &expected)?;
        self.compare(&self.unfused, input, &expected)
    }

    /// The same without the unfused run, for what happens before there is anything to fuse.
    pub fn agree_fused(&self, input: &Input) -> TestCaseResult {
        let expected = self.run(&self.reference, input);
        self.compare(&self.fused, input, &expected)
    }

    fn compare(&self, toolkit: &Toolkit, input: &Input, expected: &Outcome) -> TestCaseResult {
        let mut found = self.run(toolkit, input);
        let mut expected = expected.clone();
        if toolkit.kind == Kind::Unfused {
            // The one variable more changes where others stand.
            found.stdout = sorted(&found.stdout);
            expected.stdout = sorted(&expected.stdout);
        }
        if found == expected {
            return Ok(());
        }
        Err(TestCaseError::fail(format!(
            "ours ({:?}) and the reference differ\n  ours: {found:?}\n  reference: {expected:?}",
            toolkit.kind
        )))
    }

    fn run(&self, toolkit: &Toolkit, input: &Input) -> Outcome {
        let path = format!("{}:/usr/bin:/bin", toolkit.directory.display());
        let word = |word: &Vec<u8>| OsStr::from_bytes(word).to_owned();
        let mut command = Command::new(toolkit.directory.join(word(&input.argv[0])));
        command
            .arg0(word(&input.argv[0]))
            .args(input.argv[1..].iter().map(word))
            .env_clear()
            .env("PATH", path)
            .envs(input.env.iter().map(|(variable, value)| (variable, value)))
            .current_dir(self.directory())
            .process_group(0)
            .stdin(if input.stdin.is_empty() {
                Stdio::null()
            } else {
                Stdio::piped()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if toolkit.kind == Kind::Unfused {
            command.env(UNFUSED.0, UNFUSED.1);
        }
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{input:?}: {error}"));
        let group = Pid::from_raw(i32::try_from(child.id()).expect("a process id"));
        let start = Instant::now();
        *self.watched.lock().unwrap() = Some((group, start));
        if let Some(mut stdin) = child.stdin.take() {
            // A reader that stops early closes the pipe; that is its right.
            let _ = stdin.write_all(&input.stdin);
        }
        let output = child.wait_with_output().expect("the outcome of a run");
        *self.watched.lock().unwrap() = None;
        assert!(
            start.elapsed() < TIME_LIMIT,
            "{:?} does not end: {input:?}",
            toolkit.kind
        );
        self.neutral(toolkit, output)
    }

    /// Without what must differ: where the toolkit is, what ours says besides for people
    /// (lines that begin with two spaces), the variable of an unfused run, and, where the
    /// reference is old, what its usage lines say.
    fn neutral(&self, toolkit: &Toolkit, output: std::process::Output) -> Outcome {
        let directory = toolkit.directory.as_os_str().as_bytes();
        let fusion = format!("{}={}\n", UNFUSED.0, UNFUSED.1).into_bytes();
        let stdout = replace(&output.stdout, directory, b"@DIR@");
        let stdout = lines(&stdout)
            .filter(|line| *line != fusion)
            .collect::<Vec<&[u8]>>()
            .concat();
        let stderr = replace(&output.stderr, directory, b"@DIR@");
        let usage = b": usage: ";
        let stderr = lines(&stderr)
            .filter(|line| !line.starts_with(b"  "))
            .map(|line| {
                let place = line.windows(usage.len()).position(|part| part == usage);
                match place {
                    Some(place) if !self.is_newest() => &line[..place + usage.len()],
                    _ => line,
                }
            })
            .collect::<Vec<&[u8]>>()
            .concat();
        Outcome {
            status: output.status,
            stdout,
            stderr,
        }
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|&byte| byte == b'\n')
}

fn sorted(text: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = lines(text).collect();
    lines.sort_unstable();
    lines.concat()
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = text;
    while let Some(place) = rest.windows(from.len()).position(|part| part == from) {
        replaced.extend_from_slice(&rest[..place]);
        replaced.extend_from_slice(to);
        rest = &rest[place + from.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}
