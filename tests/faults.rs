//! Failing system calls: each call that a script makes fails once, in turn, with each error
//! that its manual page names.
//!
//! A failure is told in upstream's form and with a code of its class; nothing hangs, nothing
//! is left, and no program is run in surroundings that are not the ones it has otherwise.
//! What may fail without consequence stands in `faults/calls.toml`, with the reason.
//!
//! Without further ado each call is tried with one of its errors, a different one for each.
//! `EXECLINE_FAULTS=all` tries all of them, and `EXECLINE_FAULTS=forx` all of them on the
//! scripts whose names hold this. It deliberately knows no message by heart: those are the
//! conformance tests'.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]
#![allow(unsafe_code, reason = "see faults/tracer.rs")]

#[path = "faults/script.rs"]
mod script;
#[path = "faults/surroundings.rs"]
mod surroundings;
#[path = "faults/tracer.rs"]
mod tracer;
#[path = "faults/verdict.rs"]
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use syscalls::Sysno;

use script::{Script, Stage};
use tracer::Run;
use verdict::{Call, Use};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scripts {
    script: Vec<Script>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Calls {
    call: Vec<Call>,
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/faults")
        .join(file);
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What was found in all scripts, one way of running them.
#[derive(Default)]
struct Findings {
    /// How often each fault was found, by what is wrong where.
    wrong: BTreeMap<String, BTreeSet<String>>,
    used: BTreeSet<Use>,
    runs: usize,
}

fn try_all(
    scripts: &[Script],
    calls: &BTreeMap<&str, &Call>,
    is_unfused: bool,
    one_each: bool,
) -> Findings {
    let links = tempfile::tempdir().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_execline"))
        .canonicalize()
        .unwrap();
    let installed = Command::new(&program)
        .arg("--install")
        .arg(links.path())
        .status()
        .unwrap();
    assert!(installed.success());
    let stage = Stage {
        toolkit: links.path(),
        own: &program,
        is_unfused,
        directory: directory.path(),
    };
    let mut findings = Findings::default();
    // How often each call had its turn.
    let mut turns: BTreeMap<&str, usize> = BTreeMap::new();
    for script in scripts {
        let way = if is_unfused { "unfused" } else { "fused" };
        let title = format!("{} [{way}]", script.name);
        let base = script.run(&stage, None);
        let found = without_fault(script, &base);
        if !found.is_empty() {
            findings.wrong.entry(title).or_default().extend(found);
            continue;
        }
        for made in &base.calls {
            let name = Sysno::new(made.number as usize).map_or("unknown", |call| call.name());
            let Some(call) = calls.get(name) else {
                findings
                    .wrong
                    .entry(format!("{title} makes {name}"))
                    .or_default()
                    .insert("calls.toml does not know it".to_owned());
                continue;
            };
            let mut faults = call.faults();
            if one_each && !faults.is_empty() {
                let turn = turns.entry(name).or_default();
                faults = vec![faults[*turn % faults.len()]];
                *turn += 1;
            }
            for (fault, error) in faults {
                let mut run = script.run(&stage, Some((made, fault)));
                // Processes that wait for time or for others may make one call more or less.
                for _ in 0..3 {
                    if run.failed {
                        break;
                    }
                    run = script.run(&stage, Some((made, fault)));
                }
                findings.runs += 1;
                let found = verdict::faults_of(
                    script,
                    call,
                    (fault, error),
                    &base,
                    &run,
                    &mut findings.used,
                );
                for fault in found {
                    let place =
                        format!("{title} {name} {:?}.{}: {fault}", made.process, made.index);
                    findings
                        .wrong
                        .entry(place)
                        .or_default()
                        .insert(error.to_owned());
                }
            }
        }
    }
    findings
}

/// What is wrong with a run in which nothing failed.
fn without_fault(script: &Script, base: &Run) -> Vec<String> {
    let mut found = Vec::new();
    if base.code != Some(script.code) || !base.stderr.is_empty() || base.hung {
        found.push(format!(
            "without a fault it ends with {:?} and says {:?}",
            base.code, base.stderr
        ));
    }
    if base.let_go.is_empty() {
        found.push("it runs no program".to_owned());
    }
    found
}

#[test]
fn each_call_that_fails_is_told_and_leaves_nothing_half_done() {
    let mut scripts: Scripts = read("scripts.toml");
    let wanted = std::env::var("EXECLINE_FAULTS").ok();
    let only = wanted.as_deref().filter(|wanted| *wanted != "all");
    let one_each = wanted.is_none();
    if let Some(only) = only {
        scripts.script.retain(|script| script.name.contains(only));
        assert!(!scripts.script.is_empty(), "no script is called {only}");
    }
    let calls: Calls = read("calls.toml");
    let by_name: BTreeMap<&str, &Call> =
        calls.call.iter().map(|call| (&*call.name, call)).collect();
    let [fused, unfused] = std::thread::scope(|scope| {
        [false, true]
            .map(|is_unfused| {
                scope.spawn({
                    let (scripts, by_name) = (&scripts.script, &by_name);
                    move || try_all(scripts, by_name, is_unfused, one_each)
                })
            })
            .map(|thread| thread.join().unwrap())
    });
    println!("{} runs fused, {} unfused", fused.runs, unfused.runs);
    let mut wrong = fused.wrong;
    wrong.extend(unfused.wrong);
    // With one error for each call, some entries have no turn.
    if only.is_none() && !one_each {
        let used: BTreeSet<Use> = fused.used.union(&unfused.used).cloned().collect();
        for call in &calls.call {
            for (kind, list) in [("harmless", &call.harmless), ("silent", &call.silent)] {
                for place in 0..list.len() {
                    if !used.contains(&(call.name.clone(), kind, place)) {
                        let what = format!("{}: entry {place} of {kind} is of no use", call.name);
                        wrong.entry(what).or_default();
                    }
                }
            }
        }
    }
    let text: String = wrong
        .iter()
        .map(|(what, errors)| {
            let errors: Vec<&str> = errors.iter().map(String::as_str).collect();
            format!("  {what} ({})\n", errors.join(" "))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{text}");
}
