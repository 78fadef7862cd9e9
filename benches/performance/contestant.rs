//! One way to do a piece of work, and how long it takes: spawn and wait as a whole.

use std::ffi::{CStr, CString};
use std::path::Path;
use std::time::{Duration, Instant};

use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, posix_spawn};
use nix::sys::wait::{WaitStatus, waitpid};
use serde::Serialize;

/// A time as a part of another.
#[derive(Clone, Copy, Serialize)]
pub struct Ratio {
    /// The median of the ratios inside a round.
    pub median: f64,
    /// The ratio of the least times: what it costs where nothing disturbs and all is in caches.
    pub least: f64,
}

/// What is started, again and again.
pub struct Contestant {
    path: CString,
    argv: Vec<CString>,
    environment: Vec<CString>,
    /// How often it runs in a round, one after the other.
    repeats: usize,
    /// What the rounds took.
    pub times: Vec<Duration>,
}

impl Contestant {
    /// The program in the file `path`, with all its words and its environment.
    pub fn new(path: &Path, argv: &[&str], environment: &[String]) -> Self {
        Self {
            path: string(path.to_str().expect("a path in UTF-8")),
            argv: argv.iter().map(|word| string(word)).collect(),
            environment: environment.iter().map(|entry| string(entry)).collect(),
            repeats: 1,
            times: Vec::new(),
        }
    }

    /// The same so many times in each round.
    pub fn repeated(mut self, repeats: usize) -> Self {
        self.repeats = repeats;
        self
    }

    /// With these entries in the environment too.
    pub fn surrounded(mut self, entries: &[String]) -> Self {
        self.environment
            .extend(entries.iter().map(|entry| string(entry)));
        self
    }

    /// The file and the words behind `argv[0]`.
    pub fn words(&self) -> Vec<String> {
        [&self.path]
            .into_iter()
            .chain(self.argv.iter().skip(1))
            .map(|word| word.to_string_lossy().into_owned())
            .collect()
    }

    /// Does it all and waits for its end.
    pub fn run(&self) -> Duration {
        let actions = PosixSpawnFileActions::init().expect("no actions");
        let attributes = PosixSpawnAttr::init().expect("no attributes");
        let begin = Instant::now();
        for _ in 0..self.repeats {
            let pid = posix_spawn::<CStr, _, _>(
                &*self.path,
                &actions,
                &attributes,
                &self.argv,
                &self.environment,
            )
            .unwrap_or_else(|error| panic!("{}: {error}", self.described()));
            let status = waitpid(pid, None).expect("a child to wait for");
            assert_eq!(status, WaitStatus::Exited(pid, 0), "{}", self.described());
        }
        begin.elapsed()
    }

    /// Runs it once more, and keeps the time.
    pub fn measure(&mut self) {
        let time = self.run();
        self.times.push(time);
    }

    /// The median of the rounds, in seconds.
    pub fn median(&self) -> f64 {
        median(self.times.iter().map(Duration::as_secs_f64))
    }

    /// How this one compares with another that ran in turn with it.
    pub fn ratio(&self, other: &Contestant) -> Ratio {
        let pairs = self.times.iter().zip(&other.times);
        let least = |one: &Contestant| one.times.iter().min().map_or(0.0, Duration::as_secs_f64);
        Ratio {
            median: median(pairs.map(|(one, other)| one.as_secs_f64() / other.as_secs_f64())),
            least: least(self) / least(other),
        }
    }

    fn described(&self) -> String {
        let words: Vec<_> = self
            .argv
            .iter()
            .take(6)
            .map(|word| word.to_string_lossy())
            .collect();
        format!("{}, as {}", self.path.to_string_lossy(), words.join(" "))
    }
}

/// Runs all in turns, `rounds` times; the first place goes round, so that what disturbs the
/// machine disturbs all alike.
pub fn run_in_turns(contestants: &mut [Contestant], rounds: usize) {
    for contestant in contestants.iter() {
        contestant.run();
    }
    let count = contestants.len();
    for round in 0..rounds {
        for turn in 0..count {
            contestants[(round + turn) % count].measure();
        }
    }
}

/// The value in the middle.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn string(text: &str) -> CString {
    CString::new(text).expect("text without NUL")
}
