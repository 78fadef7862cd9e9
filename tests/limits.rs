//! Scarce resources: few descriptors, few processes, little memory, a small stack, files that
//! may not grow, closed standard descriptors, full devices, and a PATH or an environment that
//! is no pleasure.
//!
//! For every value of a limit a script gets to its end, or it says in upstream's form what it
//! could not do; it never crashes or hangs, and leaves no process. Where the reference fails at
//! the same value, it says the same. The scripts are in `limits/scripts.toml`.
//!
//! It deliberately does not make single calls fail: that is `faults.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[path = "endurance/left.rs"]
mod left;
#[path = "limits/stage.rs"]
mod stage;
#[allow(dead_code, reason = "only the toolkits are used here")]
#[path = "side_by_side/toolkit.rs"]
mod toolkit;

use std::ffi::OsString;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use stage::{END, Outcome, Stage, limit, processes, without_rights, words};
use toolkit::{Kind, Toolkit, Version};

/// A script and what comes of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    script: String,
    #[serde(default)]
    says: String,
    code: Option<i32>,
    signal: Option<i32>,
    since: Option<String>,
    ours: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scripts {
    few_descriptors: Vec<String>,
    few_processes: Vec<String>,
    one_process: Vec<Told>,
    closed: Vec<Told>,
    full_device: Vec<Told>,
    full_file_system: Vec<Told>,
    small_files: Vec<Told>,
    small_files_ignored: Vec<Told>,
    path: Vec<Told>,
    large_environment: Vec<Told>,
    longest_environment: Vec<Told>,
}

fn scripts() -> Scripts {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/limits/scripts.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

impl Told {
    /// Whether it is a claim about this toolkit at all.
    fn holds_for(&self, toolkit: &Toolkit) -> bool {
        let since = self.since.as_deref().map(Version::parse);
        match toolkit.kind {
            Kind::Fused => true,
            // A step that is a real one may need what a fused one does not.
            Kind::Unfused => self.ours.is_none(),
            Kind::Reference => {
                self.ours.is_none() && since.is_none_or(|since| since <= toolkit.version)
            }
        }
    }

    fn is_told_by(&self, outcome: &Outcome) -> bool {
        let said = outcome.first_line();
        let is_said = match self.says.strip_suffix("...") {
            Some(beginning) => said.starts_with(beginning),
            None => said == self.says,
        };
        let code = self.code.unwrap_or(END);
        is_said
            && match self.signal {
                Some(signal) => outcome.signal == Some(signal),
                None => outcome.code == Some(code),
            }
    }
}

/// Runs all scripts on all toolkits.
fn check(stage: &Stage, told: &[Told], around: &[String], variables: &[(OsString, OsString)]) {
    let mut faults = String::new();
    for told in told {
        let words = ["-c", &told.script, "a", "b"];
        for toolkit in stage.toolkits.iter().filter(|kind| told.holds_for(kind)) {
            let outcome = stage.run(toolkit, around, &words, variables);
            if !told.is_told_by(&outcome) {
                let (script, kind) = (&told.script, toolkit.kind);
                faults += &format!("  `{script}`, {kind:?}: {outcome:?}\n");
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// What can be compared of what is said: not the words of the error, which are the C library's;
/// and of a version that does things in another order, only who says it.
fn said<'o>(reference: &Toolkit, outcome: &'o Outcome) -> &'o str {
    let line = outcome.first_line();
    let is_present = reference.version >= Version::parse("2.9.9.2");
    let split = if is_present {
        line.rsplit_once(": ")
    } else {
        line.split_once(": ")
    };
    split.map_or(line, |(said, _)| said)
}

/// Tries all values of a limit on all scripts. Both ends must be seen: too little for at
/// least one of the scripts, and enough for each.
fn sweep(scripts: &[String], values: &[u64], around: impl Fn(u64) -> Vec<String>) {
    let stage = Stage::new();
    let mut faults = String::new();
    let mut too_little = 0;
    let [fused, unfused, reference] = &stage.toolkits;
    for script in scripts {
        let words = ["-Pc", script];
        let mut is_enough = false;
        for &value in values {
            let theirs = stage.run(reference, &around(value), &words, &[]);
            for toolkit in [fused, unfused] {
                let outcome = stage.run(toolkit, &around(value), &words, &[]);
                is_enough = outcome.is_end();
                too_little += u32::from(!is_enough);
                let is_right = outcome.is_end()
                    || outcome.is_failure()
                        && !theirs.is_end()
                        && (!is_comparable(&theirs)
                            || said(reference, &theirs) == said(reference, &outcome));
                if !is_right {
                    faults += &format!(
                        "  {value}, `{script}`, {:?}: {outcome:?}\n    reference: {theirs:?}\n",
                        toolkit.kind
                    );
                }
            }
        }
        if !is_enough {
            faults += &format!("  `{script}` never gets to its end\n");
        }
    }
    assert!(too_little > 0, "no value was too little");
    assert!(faults.is_empty(), "\n{faults}");
}

/// False where the reference's C library could not even begin, with the program or with a
/// child; that may take it a descriptor that ours needs not.
fn is_comparable(theirs: &Outcome) -> bool {
    theirs.is_failure()
        && !theirs.stderr.contains("shared librar")
        && !theirs.stderr.contains("unable to spawn")
}

#[test]
fn few_descriptors() {
    let values = [0, 3, 4, 5, 6, 7, 8, 16];
    sweep(&scripts().few_descriptors, &values, |value| {
        limit("nofile", value)
    });
}

#[test]
fn few_processes() {
    sweep(&scripts().few_processes, &[1, 2, 3, 4, 5, 16], processes);
}

#[test]
fn no_process_more_is_allowed() {
    check(&Stage::new(), &scripts().one_process, &processes(1), &[]);
}

/// Scripts that take memory and stack in different ways.
fn demanding() -> Vec<String> {
    let nested = |depth: usize, innermost: &str| {
        format!(
            "{} {innermost} {} exit 7",
            "if { ".repeat(depth),
            "} ".repeat(depth)
        )
    };
    let long = "x".repeat(20_000);
    let parentheses = format!("{}a{}", "(".repeat(300), ")".repeat(300));
    vec![
        "exit 7".to_owned(),
        nested(1, "exit 0"),
        nested(20, "exit 0"),
        nested(100, "exit 0"),
        nested(20, "redirfd -r 0 /dev/null pipeline { exit 0 } exit 0"),
        nested(3, &format!("elglob f {} exit 0", "*/".repeat(1000))),
        nested(9, "elglob f /usr/bin/* exit 0"),
        nested(
            5,
            &format!("case a {{ {parentheses} {{ exit 0 }} }} exit 1"),
        ),
        nested(12, "trap { USR1 { exit 0 } } forx i { a b } exit 0"),
        format!(
            "if {{ {} exit 0 }} exit 7",
            "forx -x 111,126,127 i { a } ".repeat(30)
        ),
        format!(
            "define -s x \"{}\" foreground {{ redirfd -r 0 /dev/null exit 0 $x }} exit 7",
            "a ".repeat(200)
        ),
        format!("multidefine {long} {{ a }} backtick x {{ exit 0 }} exit 7"),
        format!("heredoc 0 {long} withstdinas x exit 7"),
        "pipeline { exit 0 } elglob f /usr/bin/* case a { \"(a|b)*c\" { exit 1 } } exit 7"
            .to_owned(),
        "if { forx -p i { a b c } if { exit 0 } background { exit 0 } exit 0 } exit 7".to_owned(),
    ]
}

/// Only ours: the reference's C library needs other amounts.
fn sweep_ours(values: &[u64], around: impl Fn(u64) -> Vec<String>) -> u32 {
    let stage = Stage::new();
    let (mut faults, mut too_little) = (String::new(), 0);
    let mut surroundings: Vec<(u64, Vec<String>)> = Vec::new();
    for &value in values {
        // Below some value the kernel cannot even load the program, and kills it.
        let words = ["-Pc", "", &"x".repeat(30_000)];
        let nothing = stage.run(&stage.toolkits[0], &around(value), &words, &[]);
        if nothing.signal.is_none() {
            surroundings.push((value, around(value)));
        }
    }
    for script in demanding() {
        let mut is_enough = false;
        let title = &script[..script.len().min(60)];
        for (value, around) in &surroundings {
            for toolkit in &stage.toolkits[..2] {
                let outcome = stage.run(toolkit, around, &["-Pc", &script], &[]);
                is_enough = outcome.is_end();
                too_little += u32::from(!is_enough);
                if !outcome.is_end() && !outcome.is_failure() {
                    let kind = toolkit.kind;
                    faults += &format!("  {value}, `{title}`, {kind:?}: {outcome:?}\n");
                }
            }
        }
        if !is_enough {
            faults += &format!("  `{title}` never gets to its end\n");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
    too_little
}

#[test]
fn little_memory() {
    let values: Vec<u64> = (1..=16).map(|step| step * 160 * 1024).collect();
    let values = [values.as_slice(), &[64 << 20]].concat();
    assert!(sweep_ours(&values, |value| limit("as", value)) > 0);
}

#[test]
fn a_small_stack() {
    let values = [64, 80, 96, 128, 192, 256, 512, 1024, 4096, 8192].map(|value| value * 1024);
    sweep_ours(&values, |value| limit("stack", value));
}

/// A stack that is nearly filled by what the kernel puts there.
#[test]
fn words_that_leave_little_of_a_small_stack() {
    let stage = Stage::new();
    let mut faults = String::new();
    let (mut ends, mut failures) = (0, 0);
    for script in ["exit 7", "if { if { exit 0 } exit 0 } exit 7"] {
        for kilobytes in 1..=44 {
            let long = OsString::from("x".repeat(kilobytes * 1024));
            let variables = [("LONG".into(), long)];
            for toolkit in &stage.toolkits[..2] {
                let around = limit("stack", 64 * 1024);
                let outcome = stage.run(toolkit, &around, &["-Pc", script], &variables);
                ends += u32::from(outcome.is_end());
                failures += u32::from(outcome.is_failure());
                if !outcome.is_end() && !outcome.is_failure() {
                    faults += &format!("  {kilobytes} kB, `{script}`: {outcome:?}\n");
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
    assert!(ends > 0, "it never gets to its end");
    // How much a build needs depends on its optimisation.
    assert!(failures > 0 || !cfg!(debug_assertions), "it never fails");
}

#[test]
fn standard_descriptors_may_be_closed() {
    let stage = Stage::new();
    let mut faults = String::new();
    std::fs::write(stage.path().join("file"), "text\n").unwrap();
    let seen = stage.path().join("seen");
    for told in scripts().closed {
        for combination in 0..8 {
            let closing: String = (0..3)
                .filter(|descriptor| combination & (1 << descriptor) != 0)
                .map(|descriptor| format!(" {descriptor}>&-"))
                .collect();
            let around = words(&["/bin/sh", "-c", &format!("exec \"$@\"{closing}"), "-"]);
            let results: Vec<_> = stage
                .toolkits
                .iter()
                .filter(|toolkit| told.holds_for(toolkit))
                .map(|toolkit| {
                    // A file that is there: what nobody waits for may open it late.
                    std::fs::write(&seen, "").unwrap();
                    let outcome = stage.run(toolkit, &around, &["-Pc", &told.script], &[]);
                    let is_well = matches!(outcome.code, Some(0 | END));
                    for _ in 0..300 {
                        let is_written = std::fs::read(&seen).is_ok_and(|text| !text.is_empty());
                        if is_written || !is_well || !told.script.contains("seen") {
                            break;
                        }
                        std::thread::sleep(Duration::from_millis(10));
                    }
                    let seen = std::fs::read_to_string(&seen).unwrap();
                    (outcome.code, outcome.first_line().to_owned(), seen)
                })
                .collect();
            if results.iter().any(|result| *result != results[0]) {
                faults += &format!("  `{}`{closing}: {results:#?}\n", told.script);
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn a_full_device_is_told() {
    let around = words(&["/bin/sh", "-c", "exec \"$@\" > /dev/full", "-"]);
    let variables = [("OLDPWD".into(), "/usr".into())];
    check(&Stage::new(), &scripts().full_device, &around, &variables);
}

/// A file system without room, in a namespace of its own.
#[test]
fn a_full_file_system_is_told() {
    let stage = Stage::new();
    std::fs::create_dir(stage.path().join("small")).unwrap();
    // The last page is taken by what is in a file, which leaves one inode.
    let fill = "mount -t tmpfs -o size=4k,nr_inodes=3 tmpfs small && cd small && \
        head -c 4096 /dev/zero > full && exec \"$@\"";
    let around = words(&["/usr/bin/unshare", "-rm", "/bin/sh", "-c", fill, "-"]);
    check(&stage, &scripts().full_file_system, &around, &[]);
}

#[test]
fn files_that_may_not_grow_are_told() {
    let scripts = scripts();
    let mut around = limit("fsize", 0);
    check(&Stage::new(), &scripts.small_files, &around, &[]);
    around.extend(words(&["/usr/bin/env", "--ignore-signal=XFSZ"]));
    check(&Stage::new(), &scripts.small_files_ignored, &around, &[]);
}

#[test]
fn path_may_lead_into_loops_and_closed_directories() {
    let stage = Stage::new();
    let place = |name: &str| -> PathBuf { stage.path().join(name) };
    symlink("loop", place("loop")).unwrap();
    symlink("b", place("a")).unwrap();
    symlink("a", place("b")).unwrap();
    std::fs::create_dir(place("closed")).unwrap();
    std::fs::create_dir(place("wild")).unwrap();
    symlink("wild-program", place("wild/wild-program")).unwrap();
    std::fs::set_permissions(place("closed"), PermissionsExt::from_mode(0o000)).unwrap();
    let around = without_rights();
    let [fused, unfused, reference] = &stage.toolkits;
    let mut faults = String::new();
    for path in ["loop", "a", "closed", "closed:loop", "wild"] {
        for behind in ["", ":/usr/bin"] {
            for told in scripts().path {
                let run = |toolkit: &Toolkit| {
                    // Theirs must find their own commands; ours find each other.
                    let own = match toolkit.kind {
                        Kind::Reference => format!(":{}", toolkit.directory.display()),
                        _ => String::new(),
                    };
                    let path = format!("{path}{behind}{own}");
                    let variables = [("PATH".into(), path.into())];
                    let outcome = stage.run(toolkit, &around, &["-Pc", &told.script], &variables);
                    let said = outcome.first_line();
                    // The words of the error are the C library's.
                    let said = said.rsplit_once(": ").map_or(said, |(said, _)| said);
                    (outcome.code, said.to_owned())
                };
                let (fused, unfused, reference) = (run(fused), run(unfused), run(reference));
                // An error that ends the search keeps the reference from finding its own.
                let is_about_own = ["if", "foreground", "tryexec"]
                    .iter()
                    .any(|own| reference.1.ends_with(&format!("unable to exec {own}")));
                if fused != unfused || fused != reference && !is_about_own {
                    faults += &format!(
                        "  PATH={path}{behind} `{}`: {fused:?} {unfused:?} {reference:?}\n",
                        told.script
                    );
                }
            }
        }
    }
    std::fs::set_permissions(place("closed"), PermissionsExt::from_mode(0o755)).unwrap();
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn an_environment_of_two_megabytes_is_carried() {
    const LENGTH: usize = 100_000;
    let scripts = scripts();
    let long = OsString::from("x".repeat(LENGTH));
    let variables: Vec<(OsString, OsString)> = (0..20)
        .map(|number| (format!("A{number}").into(), long.clone()))
        .collect();
    let stage = Stage::new();
    // The kernel takes a quarter of the stack's limit.
    for (scripts, megabytes) in [
        (scripts.large_environment, 16),
        (scripts.longest_environment, 8),
    ] {
        check(
            &stage,
            &scripts,
            &limit("stack", megabytes << 20),
            &variables,
        );
    }
}
