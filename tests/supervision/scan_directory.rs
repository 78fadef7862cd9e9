//! The supervisor at work on the scan directory of a workspace, and what can be
//! asked of it. Deliberately without an opinion of what the answers should be.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::process::Child;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Deserialize;

use crate::deadline::within_deadline;
use crate::toolkit::{output_of, spawn};
use crate::workspace::Workspace;

pub const AGENT: &str = "configuration-agent";
pub const WORKER: &str = "worker";

/// What a resident program wrote down when it began to stay.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Record {
    pub pid: i32,
    pub uid: u32,
    pub gid: u32,
    pub umask: String,
    pub directory: String,
    /// The processes that this one never started but is the parent of.
    pub children: String,
}

/// What a finish script wrote down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Death {
    pub word: String,
    pub code: i32,
    pub signal: i32,
    pub service: String,
}

/// What a resident program has from those who executed it, apart from what it
/// was told in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inheritance {
    pub descriptors: BTreeMap<u32, String>,
    pub environment: Vec<String>,
    pub arguments: Vec<String>,
    pub status: Vec<String>,
}

pub struct ScanDirectory<'a> {
    workspace: &'a Workspace,
    supervisor: RefCell<Child>,
}

impl<'a> ScanDirectory<'a> {
    /// Starts the supervisor; the gate of the configuration agent is shut.
    pub fn supervise(workspace: &'a Workspace) -> Self {
        let log = File::create(workspace.path("log")).unwrap();
        let mut command = workspace.command("s6-svscan");
        command
            .arg(workspace.path("scan"))
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            // Of its own, so that it and its supervisors can be told from this test.
            .process_group(0);
        Self {
            workspace,
            supervisor: RefCell::new(spawn(&mut command)),
        }
    }

    /// Starts the supervisor and waits until both services stay.
    pub fn settled(workspace: &'a Workspace) -> Self {
        let scan = Self::supervise(workspace);
        workspace.say("configuration-agent/gate", 0);
        scan.resident(AGENT);
        scan.resident(WORKER);
        scan
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.supervisor.borrow().id()).unwrap()
    }

    /// One field of a service's status as the supervisor tells it; nothing while
    /// the service has no supervisor.
    pub fn status(&self, service: &str, field: &str) -> Option<String> {
        self.workspace.traces.observe();
        let mut command = self.workspace.command("s6-svstat");
        command.arg("-o").arg(field).arg(self.service(service));
        // Its complaint that there is no supervisor yet says nothing new.
        command.stderr(std::process::Stdio::null());
        let (status, output) = output_of(&mut command);
        status.success().then_some(output)
    }

    /// Waits until a field of the status has a value.
    pub fn await_status(&self, service: &str, field: &str, value: &str) {
        within_deadline(&format!("{field} of {service} to be {value}"), || {
            (self.status(service, field)? == value).then_some(())
        });
    }

    /// The record of a service if its resident program once stayed.
    pub fn record(&self, service: &str) -> Option<Record> {
        let path = self.workspace.path(&format!("state/{service}/record"));
        let text = fs::read_to_string(path).ok()?;
        Some(toml::from_str(&text).unwrap())
    }

    /// Waits until the process that the supervisor knows is a resident program
    /// that has written its record.
    pub fn resident(&self, service: &str) -> Record {
        within_deadline(&format!("{service} to stay"), || {
            let record = self.record(service)?;
            (self.status(service, "pid")? == record.pid.to_string()).then_some(record)
        })
    }

    /// Waits for a resident program that is another process than the one before.
    pub fn successor(&self, service: &str, before: &Record) -> Record {
        within_deadline(&format!("another process of {service}"), || {
            let record = self.record(service)?;
            let known = self.status(service, "pid")?;
            (record.pid != before.pid && known == record.pid.to_string()).then_some(record)
        })
    }

    /// Brings about a death and waits until the finish script has seen it. The
    /// service stays before that: no other death is still to be written down.
    pub fn death_by(&self, service: &str, bring_about: impl FnOnce()) -> Death {
        let before = deaths(self.workspace, service).len();
        bring_about();
        within_deadline(&format!("the finish script of {service}"), || {
            deaths(self.workspace, service).into_iter().nth(before)
        })
    }

    /// What the resident program of a service found when it started.
    pub fn inheritance(&self, service: &str) -> Inheritance {
        let read = |file: &str| {
            let path = self.workspace.path(&format!("state/{service}/{file}"));
            fs::read_to_string(path).unwrap()
        };
        let descriptors = read("descriptors");
        let descriptors = descriptors.lines().filter_map(|line| {
            let (entry, target) = line.split_once(" -> ")?;
            let descriptor = entry.split(' ').next_back()?.parse().unwrap();
            // Which pipe it is changes from run to run.
            let target = target.split(":[").next()?;
            Some((descriptor, self.workspace.generalize(target)))
        });
        let words = |file: &str| {
            let mut words = self.workspace.words_of(&format!("state/{service}/{file}"));
            words.retain(|word| !self.workspace.is_choice_of_toolkit(word));
            words
                .iter()
                .map(|word| self.workspace.generalize(word))
                .collect::<Vec<_>>()
        };
        let status = read("status");
        let status = status.lines().filter(|line| {
            ["Umask:", "Uid:", "Gid:", "Groups:", "SigBlk:", "SigIgn:"]
                .iter()
                .any(|field| line.starts_with(field))
        });
        Inheritance {
            descriptors: descriptors.collect(),
            environment: words("environment"),
            arguments: words("arguments"),
            status: status.map(str::to_owned).collect(),
        }
    }

    pub fn signal(&self, process: &Record, signal: Signal) {
        kill(Pid::from_raw(process.pid), signal).unwrap();
    }

    /// Gives the supervisor of a service a command.
    pub fn control(&self, service: &str, option: &str) {
        let mut command = self.workspace.command("s6-svc");
        self.workspace
            .succeed(command.arg(option).arg(self.service(service)));
    }

    pub fn service(&self, service: &str) -> std::path::PathBuf {
        self.workspace.path("scan").join(service)
    }

    /// Stops everything in good order and asserts that nothing is left.
    pub fn terminate(self) {
        self.workspace.traces.observe();
        let mut command = self.workspace.command("s6-svscanctl");
        self.workspace
            .succeed(command.arg("-t").arg(self.workspace.path("scan")));
        let status = within_deadline("the end of the supervisor", || {
            self.supervisor.borrow_mut().try_wait().unwrap()
        });
        assert!(status.success(), "s6-svscan: {status}");
        self.workspace.assert_nothing_runs();
    }
}

impl Drop for ScanDirectory<'_> {
    fn drop(&mut self) {
        let mut supervisor = self.supervisor.borrow_mut();
        if supervisor.try_wait().is_ok_and(|status| status.is_none()) {
            // The test failed. What is seen now is known when nobody leads it.
            self.workspace.traces.observe();
            self.workspace.traces.kill();
            let _ = supervisor.wait();
        }
    }
}

/// The deaths that the finish script has seen so far; it is a file, and outlives the supervisor.
pub fn deaths(workspace: &Workspace, service: &str) -> Vec<Death> {
    let path = workspace.path(&format!("state/{service}/finished"));
    fs::read_to_string(path)
        .unwrap_or_default()
        .lines()
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            // Later versions of the supervisor say more, at the end.
            let [word, code, signal, service, ..] = words[..] else {
                panic!("the finish script wrote: {line}");
            };
            Death {
                word: word.to_owned(),
                code: code.parse().unwrap(),
                signal: signal.parse().unwrap(),
                service: service.to_owned(),
            }
        })
        .collect()
}
