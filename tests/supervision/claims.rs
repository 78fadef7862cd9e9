//! What holds of a supervision tree, whoever's commands are in it.
//! Deliberately without a word about which toolkit it is.

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use nix::sys::signal::Signal;
use nix::unistd::{Uid, User};
use serde::Deserialize;

use crate::deadline::within_deadline;
use crate::process_table::{Process, descendants};
use crate::scan_directory::{AGENT, Inheritance, ScanDirectory, WORKER, deaths};
use crate::toolkit::Toolkit;
use crate::workspace::{UNPRIVILEGED, Workspace};

pub fn readiness_follows_the_agents_notification(workspace: &Workspace) {
    let scan = ScanDirectory::supervise(workspace);
    scan.await_status(AGENT, "up", "true");
    // The agent waits at its gate, so this is no question of time.
    assert_eq!(scan.status(AGENT, "ready").unwrap(), "false");
    workspace.say("configuration-agent/gate", 0);
    workspace.succeed(
        workspace
            .command("s6-svwait")
            .args(["-U", "-t", "30000"])
            .arg(scan.service(AGENT)),
    );
    assert_eq!(scan.status(AGENT, "ready").unwrap(), "true");
    let configuration = workspace.path("state/configuration-agent/configuration");
    assert_eq!(fs::read_to_string(configuration).unwrap(), "answer = 42\n");
    scan.resident(WORKER);
    scan.terminate();
}

pub fn dependent_service_waits_for_readiness(workspace: &Workspace) {
    let scan = ScanDirectory::supervise(workspace);
    // Before the agent has a supervisor, who waits for it fails and is restarted.
    scan.await_status(AGENT, "up", "true");
    within_deadline("the worker to wait for the agent", || {
        let waits = |process: &Process| process.command_line.starts_with("s6-svwait -U ");
        descendants(scan.pid()).iter().any(waits).then_some(())
    });
    assert_eq!(scan.status(AGENT, "ready").unwrap(), "false");
    assert_eq!(scan.record(WORKER), None);
    workspace.say("configuration-agent/gate", 0);
    scan.resident(WORKER);
    assert_eq!(scan.status(AGENT, "ready").unwrap(), "true");
    scan.terminate();
}

pub fn failed_agent_is_tried_again_and_not_ready(workspace: &Workspace) {
    let scan = ScanDirectory::supervise(workspace);
    workspace.say("configuration-agent/gate", 7);
    let death = within_deadline("the agent's failure", || deaths(workspace, AGENT).pop());
    // Not 7: the block that fails is the test of the agent's exit code.
    assert_eq!(
        (death.word.as_str(), death.code, death.signal),
        ("crash", 1, 0)
    );
    assert_eq!(scan.status(AGENT, "ready").unwrap(), "false");
    assert_eq!(scan.record(AGENT), None);
    assert_eq!(scan.record(WORKER), None);
    workspace.say("configuration-agent/gate", 0);
    scan.resident(AGENT);
    scan.resident(WORKER);
    scan.await_status(AGENT, "ready", "true");
    scan.terminate();
}

pub fn dependent_service_runs_unprivileged_in_its_directory(workspace: &Workspace) {
    let scan = ScanDirectory::settled(workspace);
    let record = scan.resident(WORKER);
    if Uid::effective().is_root() {
        let user = User::from_name(UNPRIVILEGED).unwrap().unwrap();
        assert_eq!(
            (record.uid, record.gid),
            (user.uid.as_raw(), user.gid.as_raw())
        );
    } else {
        assert_eq!(record.uid, Uid::effective().as_raw());
    }
    assert_eq!(
        workspace.path("state/worker").to_str().unwrap(),
        record.directory
    );
    assert_eq!(u32::from_str_radix(&record.umask, 8).unwrap(), 0o027);
    scan.terminate();
}

pub fn crashed_service_is_restarted(workspace: &Workspace) {
    let scan = ScanDirectory::settled(workspace);
    let agent = scan.resident(AGENT);
    let worker = scan.resident(WORKER);
    workspace.say("worker/control", 3);
    let successor = scan.successor(WORKER, &worker);
    assert_ne!(successor.pid, worker.pid);
    assert_eq!(successor.directory, worker.directory);
    assert_eq!(scan.resident(AGENT), agent);
    scan.terminate();
}

/// A row of `deaths.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedDeath {
    cause: Cause,
    seen: Seen,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
enum Cause {
    Exit(i32),
    Signal(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    word: String,
    code: i32,
    signal: i32,
}

pub fn finish_tells_how_the_service_died(workspace: &Workspace) {
    #[derive(Deserialize)]
    struct Deaths {
        death: Vec<ExpectedDeath>,
    }
    let deaths: Deaths = toml::from_str(include_str!("deaths.toml")).unwrap();
    let scan = ScanDirectory::settled(workspace);
    let mut worker = scan.resident(WORKER);
    for expected in deaths.death {
        let death = scan.death_by(WORKER, || match &expected.cause {
            Cause::Exit(code) => workspace.say("worker/control", *code),
            Cause::Signal(name) => scan.signal(&worker, name.parse::<Signal>().unwrap()),
        });
        assert_eq!(
            (death.word.as_str(), death.code, death.signal),
            (
                expected.seen.word.as_str(),
                expected.seen.code,
                expected.seen.signal
            ),
            "{expected:?}"
        );
        assert_eq!(death.service, WORKER);
        worker = scan.successor(WORKER, &worker);
    }
    scan.terminate();
}

pub fn clean_stop_is_told_from_a_crash(workspace: &Workspace) {
    let scan = ScanDirectory::settled(workspace);
    let worker = scan.resident(WORKER);
    let death = scan.death_by(WORKER, || scan.control(WORKER, "-d"));
    assert_eq!(
        (death.word.as_str(), death.code, death.signal),
        ("clean", 0, 0)
    );
    scan.await_status(WORKER, "up", "false");
    scan.control(WORKER, "-u");
    scan.successor(WORKER, &worker);
    scan.terminate();
}

pub fn staying_programs_are_all_that_is_left_of_the_scripts(workspace: &Workspace) {
    let scan = ScanDirectory::settled(workspace);
    assert_tree_is_bare(&scan);
    // Also of those that were waited for, killed or finished in between.
    let worker = scan.resident(WORKER);
    scan.signal(&worker, Signal::SIGSEGV);
    scan.successor(WORKER, &worker);
    assert_tree_is_bare(&scan);
    scan.terminate();
}

/// Two supervisors with one program each, and neither a zombie nor anybody else.
fn assert_tree_is_bare(scan: &ScanDirectory<'_>) {
    let records = [AGENT, WORKER].map(|service| scan.resident(service));
    for record in &records {
        // Seen by the program itself, because its shell clears such things away.
        assert_eq!(record.children, "", "{record:?}");
    }
    let mut residents = records.map(|record| record.pid);
    residents.sort_unstable();
    let mut last = Vec::new();
    within_deadline("a tree of two supervisors and two programs", || {
        let tree = descendants(scan.pid());
        if tree != last {
            // Seen where the deadline passes.
            eprintln!("under the supervisor: {tree:#?}");
            last.clone_from(&tree);
        }
        let (supervisors, mut programs): (Vec<&Process>, Vec<&Process>) = tree
            .iter()
            .partition(|process| process.parent == scan.pid());
        programs.sort_unstable_by_key(|process| process.pid);
        let bare = supervisors.len() == 2
            && supervisors
                .iter()
                .all(|process| process.name == "s6-supervise")
            && programs.iter().map(|process| process.pid).eq(residents)
            && tree.iter().all(|process| process.state != 'Z');
        bare.then_some(())
    });
}

pub fn staying_programs_inherit_what_the_reference_leaves_them(workspace: &Workspace) {
    /// Compared with itself, the reference shows that the comparison is fair.
    static REFERENCE: LazyLock<[Inheritance; 2]> =
        LazyLock::new(|| inheritances(&Workspace::new(Toolkit::Reference)));
    let [agent, worker] = inheritances(workspace);
    let [reference_agent, reference_worker] = &*REFERENCE;
    assert_eq!(&agent, reference_agent);
    assert_eq!(&worker, reference_worker);
    // Something was seen at all, and it is what the services arrange.
    assert_eq!(agent.descriptors.get(&0).unwrap(), "/dev/null");
    assert_eq!(agent.descriptors.get(&1).unwrap(), "@ROOT@/log");
    assert_eq!(agent.descriptors.get(&3).unwrap(), "pipe");
    assert!(!worker.descriptors.contains_key(&3));
    assert!(!agent.environment.iter().any(|word| word.starts_with("?=")));
}

fn inheritances(workspace: &Workspace) -> [Inheritance; 2] {
    let scan = ScanDirectory::settled(workspace);
    let inheritances = [scan.inheritance(AGENT), scan.inheritance(WORKER)];
    scan.terminate();
    inheritances
}

pub fn termination_stops_every_service_cleanly(workspace: &Workspace) {
    let scan = ScanDirectory::settled(workspace);
    let before = [AGENT, WORKER].map(|service| deaths(workspace, service).len());
    scan.terminate();
    for (service, before) in [AGENT, WORKER].into_iter().zip(before) {
        let last = &deaths(workspace, service)[before..];
        assert_eq!(last.len(), 1, "{service}: {last:?}");
        assert_eq!(
            (last[0].word.as_str(), last[0].code, last[0].signal),
            ("clean", 0, 0),
            "{service}"
        );
    }
}

/// A row of `environments.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvironmentCase {
    name: String,
    given: BTreeMap<String, String>,
    expected: BTreeMap<String, String>,
    arguments: Vec<String>,
}

pub fn script_gives_the_environment_directory_and_the_arguments(workspace: &Workspace) {
    #[derive(Deserialize)]
    struct Cases {
        case: Vec<EnvironmentCase>,
    }
    let cases: Cases = toml::from_str(include_str!("environments.toml")).unwrap();
    let report = workspace.path("programs/report");
    for case in cases.case {
        let name = &case.name;
        let mut command = workspace.command(workspace.path("scripts/with-environment"));
        command.envs(&case.given).arg(&report).args(&case.arguments);
        workspace.succeed(&mut command);

        let mut expected: Vec<String> = case
            .expected
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        expected.push(format!(
            "PATH={}",
            workspace.search_path().to_str().unwrap()
        ));
        expected.sort_unstable();
        let mut environment = workspace.words_of("state/report/environment");
        environment.retain(|word| !workspace.is_choice_of_toolkit(word));
        environment.sort_unstable();
        assert_eq!(environment, expected, "environment of: {name}");

        // Before the script's own name is the shell that runs it.
        let arguments = workspace.words_of("state/report/arguments");
        let mut arguments = arguments.into_iter();
        arguments
            .find(|word| *word == report.to_str().unwrap())
            .unwrap();
        assert!(arguments.eq(case.arguments), "arguments of: {name}");
    }
    workspace.assert_nothing_runs();
}
