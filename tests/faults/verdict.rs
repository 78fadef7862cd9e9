//! What must hold of a run in which a call failed. The data it goes by are the calls'
//! (`calls.toml`) and the scripts' own (`scripts.toml`).

use std::collections::{BTreeMap, BTreeSet};

use execline::commands::COMMANDS;
use execline::sys::Errno;
use nix::sys::signal::Signal;
use serde::Deserialize;

use super::script::Script;
use super::surroundings::Surroundings;
use super::tracer::{Fault, Run};

/// The codes of commands that could not do their work.
const CODES: [i32; 4] = [100, 111, 126, 127];

/// What is known of a system call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    pub name: String,
    /// The errors that its manual page names, as far as they can come of something else than
    /// a mistake of ours.
    pub errors: Vec<String>,
    /// With these of them, it has done its work all the same.
    #[serde(default)]
    pub behind: Vec<String>,
    /// It may read or write less than it is asked to.
    #[serde(default)]
    pub may_be_short: bool,
    /// The failures without consequence.
    #[serde(default)]
    pub harmless: Vec<Harmless>,
    /// The failures with consequences of which nothing is said, or not in the words
    /// of the error.
    #[serde(default)]
    pub silent: Vec<Harmless>,
}

/// Failures and why they are no matter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Harmless {
    /// All of the call's, where none is given.
    #[serde(default)]
    errors: Vec<String>,
    /// All scripts, where none is given.
    #[serde(default)]
    scripts: Vec<String>,
    #[allow(dead_code, reason = "for people")]
    why: String,
}

impl Harmless {
    fn covers(&self, error: &str, script: &Script) -> bool {
        (self.errors.is_empty() || self.errors.iter().any(|known| known == error))
            && (self.scripts.is_empty() || self.scripts.contains(&script.name))
    }
}

impl Call {
    /// The faults it is tried with, and what they are called.
    pub fn faults(&self) -> Vec<(Fault, &str)> {
        let mut faults: Vec<(Fault, &str)> = Vec::new();
        for name in &self.errors {
            let number = number_of(name);
            let fault = if self.behind.contains(name) {
                Fault::ErrorBehind(number)
            } else {
                Fault::Error(number)
            };
            faults.push((fault, name));
        }
        if self.may_be_short {
            faults.push((Fault::Short, SHORT));
        }
        faults
    }
}

/// The name of the fault that is no error.
pub const SHORT: &str = "one byte";

fn number_of(name: &str) -> i32 {
    (1..=133)
        .find(|&number| format!("{:?}", nix::errno::Errno::from_raw(number)) == name)
        .unwrap_or_else(|| panic!("{name} is no error"))
}

/// A failure that may be without consequence, and was.
pub type Use = (String, &'static str, usize);

/// What is wrong with `run`, in which `call` had this `fault`, and `base` is the run without.
pub fn faults_of(
    script: &Script,
    call: &Call,
    (fault, error): (Fault, &str),
    base: &Run,
    run: &Run,
    used: &mut BTreeSet<Use>,
) -> Vec<String> {
    let mut faults = Vec::new();
    if !run.failed {
        if script.varies.is_none() {
            faults.push("the call was not made again".to_owned());
        }
        return faults;
    }
    if run.hung {
        faults.push("it hangs, or leaves processes".to_owned());
    }
    // Who writes into a pipe whose reader failed dies of it.
    if run
        .killed_by
        .iter()
        .any(|&signal| signal != Signal::SIGPIPE)
    {
        faults.push(format!("a process was killed by {:?}", run.killed_by));
    }
    let strange = strange(base, run);
    if script.may_change(&call.name) {
        return faults;
    }
    if !strange.is_empty() {
        faults.push(format!(
            "in other surroundings: {}",
            difference(base, strange[0])
        ));
    }
    let is_same = (run.code, &run.stdout, &run.stderr) == (base.code, &base.stdout, &base.stderr)
        && run.let_go.len() == base.let_go.len()
        && strange.is_empty();
    if is_same {
        let why = call
            .harmless
            .iter()
            .position(|harmless| harmless.covers(error, script));
        match why {
            Some(place) => drop(used.insert((call.name.clone(), "harmless", place))),
            None if fault == Fault::Short => {}
            None => faults.push("nothing comes of it".to_owned()),
        }
        return faults;
    }
    if fault == Fault::Short {
        faults.push("something comes of it".to_owned());
        return faults;
    }
    // A script may have sent its errors where its output goes.
    let said = run.stderr.lines().chain(run.stdout.lines()).next();
    let said = said.unwrap_or_default();
    if !is_message(said, error) {
        let why = call
            .silent
            .iter()
            .position(|silent| silent.covers(error, script));
        match why {
            Some(place) => drop(used.insert((call.name.clone(), "silent", place))),
            None => faults.push(format!("it says {said:?}")),
        }
    }
    match run.code {
        Some(code) if CODES.contains(&code) || script.codes.contains(&code) => {}
        code => faults.push(format!("it ends with {code:?}")),
    }
    faults
}

/// True for `NAME: fatal: WHAT: ERROR`, or a warning.
fn is_message(line: &str, error: &str) -> bool {
    let words = Errno(number_of(error)).message();
    let Some((program, rest)) = line.split_once(": ") else {
        return false;
    };
    let program = program.strip_suffix(" (child)").unwrap_or(program);
    let is_ours = COMMANDS.iter().any(|command| command.name == program);
    let begins = rest.starts_with("fatal: ") || rest.starts_with("warning: ");
    is_ours && begins && (rest.ends_with(&format!(": {words}")) || rest.ends_with(OUT_OF_MEMORY))
}

/// What is said without memory to say more in.
const OUT_OF_MEMORY: &str = "fatal: out of memory, or an internal error";

/// What a block that could not run leaves in these variables tells of its failure.
fn without_tellers(surroundings: &Surroundings) -> Surroundings {
    let mut surroundings = surroundings.clone();
    surroundings
        .environment
        .retain(|entry| !entry.starts_with("?=") && !entry.starts_with("!="));
    surroundings
}

/// The surroundings that are in no run without a fault.
fn strange<'r>(base: &Run, run: &'r Run) -> Vec<&'r Surroundings> {
    let mut known: BTreeMap<Surroundings, usize> = BTreeMap::new();
    for surroundings in &base.let_go {
        *known.entry(without_tellers(surroundings)).or_default() += 1;
    }
    run.let_go
        .iter()
        .filter(
            |surroundings| match known.get_mut(&without_tellers(surroundings)) {
                Some(times) if *times > 0 => {
                    *times -= 1;
                    false
                }
                _ => true,
            },
        )
        .collect()
}

/// How surroundings differ from those of the same words.
fn difference(base: &Run, strange: &Surroundings) -> String {
    let words = strange.words.join(" ");
    let Some(usual) = base
        .let_go
        .iter()
        .find(|usual| usual.words == strange.words)
    else {
        return format!("`{words}`, which does not run otherwise");
    };
    let parts = |surroundings: &Surroundings| -> BTreeSet<String> {
        let surroundings = without_tellers(surroundings);
        let descriptors = surroundings
            .descriptors
            .iter()
            .map(|(number, target)| format!("{number}: {target}"));
        descriptors
            .chain(surroundings.environment)
            .chain(surroundings.status)
            .chain([surroundings.directory])
            .chain([format!("{} children", surroundings.children)])
            .collect()
    };
    let (strange, usual) = (parts(strange), parts(usual));
    format!(
        "`{words}` has {:?} and not {:?}",
        strange.difference(&usual).collect::<Vec<_>>(),
        usual.difference(&strange).collect::<Vec<_>>()
    )
}
