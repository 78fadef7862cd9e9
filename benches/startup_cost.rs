//! What a start costs: spawn and wait as a whole, ours beside a bare assembly program and
//! beside the reference.
//!
//! Everything is measured in one run and in turns, each round one start of each, the first
//! place going round: what disturbs the machine disturbs all alike. Besides the medians it
//! prints the median of the ratios inside a round, which a busy machine moves least.
//!
//! It is deliberately not a test: nothing here fails for a time. What it does refuse is a
//! start that does not end with 0, as there would be nothing to compare then.
//!
//! ```text
//! cargo bench --bench startup_cost -- ROUNDS
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot go on has nothing to show"
)]

#[allow(dead_code, reason = "the other half is for comparing outcomes")]
#[path = "../tests/side_by_side/toolkit.rs"]
mod toolkit;

use std::ffi::{CStr, CString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, posix_spawn};
use nix::sys::wait::{WaitStatus, waitpid};
use toolkit::Toolkit;

/// How many rounds are measured when the command line names no number.
const ROUNDS: usize = 4000;

/// One in so many rounds is run before, unmeasured, until the files are in memory.
const WARM_UP: usize = 20;

/// The least that a program can do.
#[cfg(target_arch = "x86_64")]
const NOTHING: &str = ".globl _start\n_start: mov $231, %eax\n xor %edi, %edi\n syscall\n";
#[cfg(target_arch = "aarch64")]
const NOTHING: &str = ".globl _start\n_start: mov x8, #94\n mov x0, #0\n svc #0\n";

/// What is started, again and again.
struct Contestant {
    label: &'static str,
    path: CString,
    argv: Vec<CString>,
    environment: Vec<CString>,
    times: Vec<Duration>,
}

impl Contestant {
    fn new(
        label: &'static str,
        path: &Path,
        argv: &[&str],
        commands: &Path,
        more: &[&str],
    ) -> Self {
        let path_variable = format!("PATH={}:/usr/bin:/bin", commands.display());
        let strings = |words: &[&str]| words.iter().map(|word| string(word)).collect();
        Self {
            label,
            path: string(path.to_str().expect("a path in UTF-8")),
            argv: strings(argv),
            environment: strings(&[&[path_variable.as_str()], more].concat()),
            times: Vec::new(),
        }
    }

    /// Starts it and waits for its end.
    fn run(&self) -> Duration {
        let actions = PosixSpawnFileActions::init().expect("no actions");
        let attributes = PosixSpawnAttr::init().expect("no attributes");
        let begin = Instant::now();
        let pid = posix_spawn::<CStr, _, _>(
            &*self.path,
            &actions,
            &attributes,
            &self.argv,
            &self.environment,
        )
        .unwrap_or_else(|error| panic!("{}: {error}", self.label));
        let status = waitpid(pid, None).expect("a child to wait for");
        let time = begin.elapsed();
        assert_eq!(status, WaitStatus::Exited(pid, 0), "{}", self.label);
        time
    }

    fn median(&self) -> f64 {
        median(self.times.iter().map(Duration::as_secs_f64).collect())
    }
}

fn main() {
    // `cargo bench` adds an option of its own.
    let rounds = std::env::args()
        .find_map(|word| word.parse().ok())
        .unwrap_or(ROUNDS);

    let directory = tempfile::tempdir().expect("a directory for the programs");
    let nothing = assemble(directory.path());
    let script = directory.path().join("script");
    std::fs::write(&script, service_script(&nothing)).expect("the script");
    let script = script.to_str().expect("a path in UTF-8");

    let ours = Toolkit::ours(&directory.path().join("commands"), true).directory;
    let reference = Toolkit::reference().directory;
    let execlineb = |toolkit: &Path| toolkit.join("execlineb");
    let empty = ["execlineb", "-Pc", ""];
    let run_script = ["execlineb", "-P", script];
    let unfused = ["EXECLINE_FUSION=0"];

    let mut contestants = [
        Contestant::new("nothing: assembly", &nothing, &["nothing"], &ours, &[]),
        Contestant::new("nothing: exit", &ours.join("exit"), &["exit"], &ours, &[]),
        Contestant::new(
            "nothing: execlineb -Pc ''",
            &execlineb(&ours),
            &empty,
            &ours,
            &[],
        ),
        Contestant::new(
            "nothing: exit, reference",
            &reference.join("exit"),
            &["exit"],
            &reference,
            &[],
        ),
        Contestant::new("script: fused", &execlineb(&ours), &run_script, &ours, &[]),
        Contestant::new(
            "script: unfused",
            &execlineb(&ours),
            &run_script,
            &ours,
            &unfused,
        ),
        Contestant::new(
            "script: reference",
            &execlineb(&reference),
            &run_script,
            &reference,
            &[],
        ),
    ];
    let [assembly, exit, empty, _, fused, unfused, theirs] = [0, 1, 2, 3, 4, 5, 6];

    for _ in 0..rounds.div_ceil(WARM_UP) {
        for contestant in &contestants {
            contestant.run();
        }
    }
    for round in 0..rounds {
        let count = contestants.len();
        for turn in 0..count {
            let contestant = &mut contestants[(round + turn) % count];
            let time = contestant.run();
            contestant.times.push(time);
        }
    }

    println!("{rounds} rounds, microseconds for spawn and wait");
    println!("{:<28} {:>9} {:>9}", "", "least", "median");
    for contestant in &contestants {
        let least = contestant.times.iter().min().expect("a measured round");
        println!(
            "{:<28} {:>9.1} {:>9.1}",
            contestant.label,
            least.as_secs_f64() * 1e6,
            contestant.median() * 1e6
        );
    }
    println!();
    println!("{:<52} {:>9} {:>9}", "", "medians", "in pairs");
    for (one, other, goal) in [
        (exit, assembly, "goal 1.15"),
        (empty, assembly, "goal 1.15"),
        (fused, theirs, "goal 0.08"),
        (unfused, theirs, ""),
    ] {
        let (one, other) = (&contestants[one], &contestants[other]);
        let pairs = one.times.iter().zip(&other.times);
        println!(
            "{:<52} {:>9.3} {:>9.3}   {goal}",
            format!("{} / {}", one.label, other.label),
            one.median() / other.median(),
            median(
                pairs
                    .map(|(one, other)| one.as_secs_f64() / other.as_secs_f64())
                    .collect()
            ),
        );
    }
}

/// A service's run script in small: a program, its outcome, the surroundings, the daemon.
fn service_script(nothing: &Path) -> String {
    let nothing = nothing.display();
    format!(
        "foreground {{ {nothing} }}\n\
         importas -i ? ?\n\
         if {{ eltest ${{?}} = 0 }}\n\
         export GREETING hello\n\
         cd /\n\
         {nothing}\n"
    )
}

/// Makes the program that does nothing.
fn assemble(directory: &Path) -> PathBuf {
    let program = directory.join("nothing");
    let mut compiler = Command::new("cc")
        .args(["-nostdlib", "-static", "-x", "assembler", "-", "-o"])
        .arg(&program)
        .stdin(Stdio::piped())
        .spawn()
        .expect("a C compiler, called cc");
    let mut stdin = compiler.stdin.take().expect("a pipe to the compiler");
    stdin
        .write_all(NOTHING.as_bytes())
        .expect("a reading compiler");
    drop(stdin);
    assert!(compiler.wait().expect("the compiler's end").success());
    program
}

fn string(text: &str) -> CString {
    CString::new(text).expect("text without NUL")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
