//! A case and the file format it is read from. Not its execution.
//!
//! A file is a list of `[[case]]` tables:
//!
//! | field | meaning |
//! | --- | --- |
//! | `name` | the claim, unique in its file |
//! | `script` | text run by `execlineb -P script args...`, the file being called `script` |
//! | `argv` | or: the words to run; the first is looked up in the toolkit, then in `/usr/bin`, `/bin` |
//! | `args` | the script's arguments |
//! | `env` | variables besides `PATH`; may replace `PATH` |
//! | `stdin` | what standard input holds; empty when not given |
//! | `files` | name → content, made before; executable when it begins with `#!`; a name ending in `/` is a directory |
//! | `stdout`, `stderr` | what is written; nothing when not given |
//! | `code`, `signal` | how it ends; code 0 when not given |
//! | `after` | name → content of every file that is new or changed |
//! | `gone` | names of the `files` that exist no more |
//! | `unordered` | lines of the outputs come from several processes: their order is not compared |
//! | `since` | the version that brought this behaviour; an older reference is not run |
//! | `deviation` | why ours differs on purpose; the reference is not run |
//!
//! In every string `@DIR@` is the toolkit's directory, `@CWD@` the fresh
//! directory the case runs in, and `@xFF00@` the bytes FF 00, for what TOML
//! cannot hold.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::toolkit::{Toolkit, Version};

/// What is run.
pub enum Program {
    /// A script and its arguments.
    Script(Vec<u8>, Vec<Vec<u8>>),
    /// A command line.
    Argv(Vec<Vec<u8>>),
}

/// How a run ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// With an exit code.
    Code(i32),
    /// Killed by a signal.
    Signal(i32),
}

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// One claim about a command.
pub struct Case {
    /// The claim.
    pub name: String,
    /// What is run.
    pub program: Program,
    /// Variables besides `PATH`.
    pub env: Vec<(Vec<u8>, Vec<u8>)>,
    /// Standard input.
    pub stdin: Option<Vec<u8>>,
    /// Files that are there before.
    pub files: Files,
    /// What is expected on standard output.
    pub stdout: Vec<u8>,
    /// What is expected on standard error.
    pub stderr: Vec<u8>,
    /// The expected end.
    pub ending: Ending,
    /// New and changed files afterwards.
    pub after: Files,
    /// Files removed.
    pub gone: Vec<String>,
    /// Whether only the set of lines counts.
    pub unordered: bool,
    /// The version that brought this.
    pub since: Option<Version>,
    /// Why ours differs on purpose.
    pub deviation: Option<String>,
}

impl Case {
    /// Whether the expectation is a claim about this toolkit at all.
    pub fn holds_for(&self, toolkit: &Toolkit) -> bool {
        self.deviation.is_none()
            && self
                .since
                .as_ref()
                .is_none_or(|since| *since <= toolkit.version)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: String,
    script: Option<String>,
    argv: Option<Vec<String>>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    stdin: Option<String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    stdout: String,
    #[serde(default)]
    stderr: String,
    code: Option<i32>,
    signal: Option<i32>,
    #[serde(default)]
    after: BTreeMap<String, String>,
    #[serde(default)]
    gone: Vec<String>,
    #[serde(default)]
    unordered: bool,
    since: Option<String>,
    deviation: Option<String>,
}

/// Reads a file of cases; whatever is wrong with it ends the test.
pub fn read_cases(file: &Path) -> Vec<Case> {
    let text =
        std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let tables: File =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let cases: Vec<Case> = tables.case.into_iter().map(Case::from).collect();
    let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    for pair in names.windows(2) {
        assert!(
            pair[0] != pair[1],
            "{}: two cases claim `{}`",
            file.display(),
            pair[0]
        );
    }
    cases
}

impl From<Table> for Case {
    fn from(table: Table) -> Self {
        let name = table.name;
        let words = |list: Vec<String>| list.iter().map(|word| bytes(word)).collect();
        let program = match (table.script, table.argv) {
            (Some(script), None) => Program::Script(bytes(&script), words(table.args)),
            (None, Some(argv)) if !argv.is_empty() && table.args.is_empty() => {
                Program::Argv(words(argv))
            }
            _ => panic!("`{name}` needs either a script, with or without args, or an argv"),
        };
        let ending = match (table.code, table.signal) {
            (code, None) => Ending::Code(code.unwrap_or(0)),
            (None, Some(signal)) => Ending::Signal(signal),
            _ => panic!("`{name}` ends either with a code or by a signal"),
        };
        let contents = |files: BTreeMap<String, String>| {
            files
                .into_iter()
                .map(|(name, text)| (name, bytes(&text)))
                .collect()
        };
        Self {
            program,
            env: table
                .env
                .iter()
                .map(|(variable, value)| (bytes(variable), bytes(value)))
                .collect(),
            stdin: table.stdin.as_deref().map(bytes),
            files: contents(table.files),
            stdout: bytes(&table.stdout),
            stderr: bytes(&table.stderr),
            ending,
            after: contents(table.after),
            gone: table.gone,
            unordered: table.unordered,
            since: table.since.as_deref().map(Version::parse),
            deviation: table.deviation,
            name,
        }
    }
}

/// The bytes of a string of a case file, `@x..@` resolved.
fn bytes(text: &str) -> Vec<u8> {
    let mut resolved = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("@x") {
        resolved.extend_from_slice(&rest.as_bytes()[..at]);
        let tail = &rest[at + 2..];
        let digits = tail.find('@').map(|end| &tail[..end]);
        match digits.and_then(hexadecimal) {
            Some(mut raw) => {
                resolved.append(&mut raw);
                rest = &tail[digits.map_or(0, str::len) + 1..];
            }
            None => {
                resolved.extend_from_slice(b"@x");
                rest = tail;
            }
        }
    }
    resolved.extend_from_slice(rest.as_bytes());
    resolved
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = digits
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|n| u8::try_from(n).ok()))
        .collect();
    let digits = digits?;
    let pairs = digits.chunks_exact(2);
    if digits.is_empty() || !pairs.remainder().is_empty() {
        return None;
    }
    Some(pairs.map(|pair| pair[0] * 16 + pair[1]).collect())
}
