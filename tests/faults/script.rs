//! A script of `scripts.toml` and how it is started. Not what is expected of it.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::tracer::{Fault, Made, Run, STARTING, Start, run};

/// See the head of `scripts.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub name: String,
    text: String,
    #[serde(default = "parameterless")]
    options: Vec<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    pub code: i32,
    #[serde(default)]
    pub codes: Vec<i32>,
    #[serde(default)]
    changes: Vec<Change>,
    /// Why it does not make the same calls every time.
    pub varies: Option<String>,
}

/// A call whose failure programs may notice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// All of them, where none is given.
    #[serde(default)]
    calls: Vec<String>,
    #[allow(dead_code, reason = "for people")]
    why: String,
}

/// How long `@LONG@` is in a variable: more than a pipe takes at the least.
const LONG: usize = 5000;

fn parameterless() -> Vec<String> {
    vec!["-P".to_owned()]
}

/// Where a script runs: always the same place, so that runs can be compared.
pub struct Stage<'a> {
    /// The toolkit's directory, which is the first of PATH.
    pub toolkit: &'a Path,
    /// What its programs are, with links resolved.
    pub own: &'a Path,
    /// Whether each step is to be executed.
    pub is_unfused: bool,
    /// A directory for all that a run needs.
    pub directory: &'a Path,
}

impl Script {
    pub fn may_change(&self, call: &str) -> bool {
        self.changes
            .iter()
            .any(|change| change.calls.is_empty() || change.calls.iter().any(|known| known == call))
    }

    /// Runs it with fresh files.
    pub fn run(&self, stage: &Stage<'_>, fault: Option<(&Made, Fault)>) -> Run {
        let place = |name: &str| stage.directory.join(name);
        let toolkit = stage.toolkit.to_str().expect("a path that is text");
        let fill_in = |text: &str| text.replace("@DIR@", toolkit);
        let starting = STARTING
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let cwd = place("cwd");
        if cwd.exists() {
            std::fs::remove_dir_all(&cwd).expect("an old directory to remove");
        }
        std::fs::create_dir(&cwd).expect("a directory");
        for (name, content) in &self.files {
            write(&cwd.join(name), &fill_in(content));
        }
        write(&place("script"), &fill_in(&self.text));
        write(&place("input"), &self.stdin);
        drop(starting);
        let mut words = self.options.clone();
        words.push(place("script").to_string_lossy().into_owned());
        words.extend(self.args.iter().cloned());
        let mut environment = vec![("PATH".to_owned(), format!("{toolkit}:/usr/bin:/bin"))];
        let long = "x".repeat(LONG);
        let env = self.env.iter();
        environment.extend(env.map(|(key, value)| (key.clone(), value.replace("@LONG@", &long))));
        if stage.is_unfused {
            environment.push(("EXECLINE_FUSION".to_owned(), "0".to_owned()));
        }
        let start = Start {
            program: stage.toolkit.join("execlineb"),
            words,
            environment,
            directory: &cwd,
            output: stage.directory,
            input: &place("input"),
            own: stage.own,
        };
        run(&start, fault)
    }
}

fn write(file: &PathBuf, content: &str) {
    let is_directory = file.to_string_lossy().ends_with('/');
    let parent = if is_directory {
        Some(file.as_path())
    } else {
        file.parent()
    };
    std::fs::create_dir_all(parent.expect("a file is in a directory")).expect("a directory");
    if is_directory {
        return;
    }
    std::fs::write(file, content).expect("a file");
    if content.starts_with("#!") {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    }
}
