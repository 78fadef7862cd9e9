//! What surrounds a program at the moment it begins: all that it could notice of those who
//! executed it.

use std::collections::BTreeMap;
use std::fs;

use nix::unistd::Pid;

use super::tracer::LEASH;

/// The words, the environment, the directory, the descriptors and what else is inherited.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Surroundings {
    pub words: Vec<String>,
    pub environment: Vec<String>,
    pub directory: String,
    /// What each is open on, and how.
    pub descriptors: BTreeMap<i32, String>,
    /// The mask for new files, and the signals that are blocked and ignored.
    pub status: Vec<String>,
    /// How many children it has that it never started.
    pub children: usize,
}

impl Surroundings {
    /// Those of the process `pid`, in which the numbers of `processes` stand for no number, as
    /// they are others in each run.
    pub fn of(pid: Pid, processes: &[Pid]) -> Surroundings {
        let read = |what: &str| {
            let text = fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default();
            String::from_utf8_lossy(&text).into_owned()
        };
        let strings = |what: &str| {
            let text = read(what);
            text.split_terminator('\0')
                .map(|word| without_number(word, processes))
                .collect::<Vec<String>>()
        };
        let mut descriptors = BTreeMap::new();
        for entry in fs::read_dir(format!("/proc/{pid}/fd"))
            .into_iter()
            .flatten()
        {
            let Some(number) = entry
                .ok()
                .and_then(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
                .filter(|number| *number != LEASH)
            else {
                continue;
            };
            let target = fs::read_link(format!("/proc/{pid}/fd/{number}")).unwrap_or_default();
            let target = target.to_string_lossy().into_owned();
            // Which pipe it is changes from run to run.
            let target = target.split(":[").next().unwrap_or_default();
            let information = read(&format!("fdinfo/{number}"));
            let flags = information
                .lines()
                .find(|line| line.starts_with("flags:"))
                .unwrap_or_default();
            descriptors.insert(number, format!("{target} {flags}"));
        }
        let status = read("status");
        let status = status.lines().filter(|line| {
            ["Umask:", "SigBlk:", "SigIgn:"]
                .iter()
                .any(|field| line.starts_with(field))
        });
        Surroundings {
            words: strings("cmdline"),
            environment: strings("environ"),
            directory: fs::read_link(format!("/proc/{pid}/cwd"))
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            descriptors,
            status: status.map(str::to_owned).collect(),
            children: read(&format!("task/{pid}/children"))
                .split_whitespace()
                .count(),
        }
    }
}

/// The word or variable, where it is the number of one of `processes`, without it.
fn without_number(word: &str, processes: &[Pid]) -> String {
    let (name, value) = match word.split_once('=') {
        Some((name, value)) => (Some(name), value),
        None => (None, word),
    };
    let is_process = value
        .parse()
        .is_ok_and(|number| processes.contains(&Pid::from_raw(number)));
    match name {
        Some(name) if is_process => format!("{name}=PROCESS"),
        None if is_process => "PROCESS".to_owned(),
        _ => word.to_owned(),
    }
}
