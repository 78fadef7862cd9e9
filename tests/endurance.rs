//! Endurance: what depends on timing gives the same result every time, and what goes on for
//! long takes no more than it took in the beginning.
//!
//! Repeated under load are the cases of `endurance/repeated.toml`; the claims behind them are
//! about many children, much output, signals at the wrong moment, and what a loop leaves
//! behind. `EXECLINE_REPEATS=200` repeats more often than the ordinary run does; the variables
//! of `endurance/soak.rs` make that last longer.
//!
//! One claim is tried at a time, because each is about what is left when it is over.
//! It is deliberately no measurement of speed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[path = "endurance/left.rs"]
mod left;
/// A toolkit, a directory, and what is left behind.
#[path = "endurance/place.rs"]
mod place;
/// Running the repeated cases side by side.
#[allow(dead_code, reason = "only whole files of cases are run")]
mod side_by_side;
/// What is left when all goes on for very long.
#[path = "endurance/soak.rs"]
mod soak;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use place::{Ours, Place};

/// How often a claim is repeated.
fn repeats() -> usize {
    let Ok(value) = std::env::var("EXECLINE_REPEATS") else {
        return 20;
    };
    value
        .parse()
        .unwrap_or_else(|_| panic!("EXECLINE_REPEATS is no number: {value}"))
}

/// Does something while two threads keep two processors busy.
fn under_load(work: impl FnOnce()) {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        // A panic must not leave the threads spinning: the scope would wait for them.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        over.store(true, Ordering::Relaxed);
        if let Err(panic) = outcome {
            std::panic::resume_unwind(panic);
        }
    });
}

fn numbers(last: u32) -> String {
    let numbers: Vec<String> = (1..=last).map(|number| number.to_string()).collect();
    numbers.join(" ")
}

#[test]
fn the_same_result_again_and_again() {
    let _place = Place::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/endurance/repeated.toml");
    let cases = side_by_side::case::read_cases(&file);
    under_load(|| {
        for _ in 0..repeats() {
            side_by_side::check("endurance", &cases);
        }
    });
}

/// Children that end at once, and thousands of them, are each waited for once.
#[test]
fn thousands_of_children_at_once() {
    let place = Place::new();
    let values = numbers(2000);
    for ours in Ours::BOTH {
        let script = format!("forx -p -E i {{ {values} }} echo $i");
        let run = place.run(ours, &script, b"");
        let mut found: Vec<u32> = run
            .stdout
            .lines()
            .map(|line| line.parse().unwrap())
            .collect();
        found.sort_unstable();
        assert!(found.into_iter().eq(1..=2000), "{}", run.stderr);
        assert_eq!((run.code, &*run.stderr), (Some(0), ""));
        let script = format!("foreground {{ forx -p i {{ {values} }} exit 3 }} echo on");
        place.run(ours, &script, b"").prints("on\n");
        let script = format!("foreground {{ forx -p i {{ {values} }} /bin/false }} echo on");
        place.run(ours, &script, b"").prints("on\n");
    }
}

#[test]
fn a_full_pipe_loses_nothing() {
    let place = Place::new();
    under_load(|| {
        for _ in 0..repeats().div_ceil(10) {
            for ours in Ours::BOTH {
                let writer = "head -c 1000000 /dev/zero";
                for script in [
                    format!("pipeline {{ {writer} }} sh -c \"sleep 0.1 ; wc -c\""),
                    format!("pipeline -w {{ sh -c \"sleep 0.1 ; wc -c\" }} {writer}"),
                    format!(
                        "pipeline {{ pipeline {{ {writer} }} cat }} sh -c \"sleep 0.1 ; wc -c\""
                    ),
                ] {
                    place.run(ours, &script, b"").prints("1000000\n");
                }
            }
        }
    });
}

#[test]
fn much_output_and_nul_in_backtick() {
    let place = Place::new();
    let lines = "sh -c \"yes $(printf %0999d 0) | head -c 1000000\"";
    let too_long = "backtick: fatal: unable to exec importas: Argument list too long\n";
    let cut = "backtick: fatal: child process output contained a null character\n";
    for ours in Ours::BOTH {
        // No word can be that long: not even one that is never used.
        let script = format!("backtick v {{ {lines} }} importas v v echo on");
        let run = place.run(ours, &script, b"");
        assert_eq!(
            (run.code, &*run.stdout, &*run.stderr),
            (Some(126), "", too_long)
        );
        // But it can be read a line at a time.
        let script = format!("pipeline {{ forbacktickx v {{ {lines} }} echo on }} wc -l");
        place.run(ours, &script, b"").prints("1000\n");
        let script = "backtick -E v { sh -c \"yes 123456789 | head -c 100000\" } \
            sh -c \"printf %s \\\"$1\\\" | wc -c\" - $v";
        place.run(ours, script, b"").prints("99999\n");
        let run = place.run(
            ours,
            "backtick v { head -c 1000000 /dev/zero } echo on",
            b"",
        );
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (Some(124), "", cut));
        let run = place.run(ours, "backtick -I v { printf \"a\\\\0b\" } printenv v", b"");
        run.prints("a\n");
    }
}

/// Signals that do nothing, and being stopped and continued, interrupt system calls.
#[test]
fn interrupted_waits_go_on() {
    let place = Place::new();
    for ours in Ours::BOTH {
        for (script, stdout) in [
            ("foreground { sleep 0.3 } echo on", "on\n"),
            ("background { sleep 0.3 } wait { } echo on", "on\n"),
            ("background { sleep 0.3 } wait -t 5000 { } echo on", "on\n"),
            (
                "backtick -E v { sh -c \"echo a ; sleep 0.3 ; echo b\" } printf %s $v",
                "a\nb",
            ),
            ("forx -p i { 1 2 } sleep 0.3", ""),
            (
                "forbacktickx -E i { sh -c \"echo a ; sleep 0.3 ; echo b\" } echo $i",
                "a\nb\n",
            ),
            (
                "trap { USR1 { echo no } } sh -c \"sleep 0.3 ; echo on\"",
                "on\n",
            ),
            ("if { sleep 0.3 } echo on", "on\n"),
            ("loopwhilex -x 0 sleep 0.3", ""),
        ] {
            let child = place.start(ours, script, b"");
            let number = Pid::from_raw(i32::try_from(child.id()).unwrap());
            let over = AtomicBool::new(false);
            let run = std::thread::scope(|scope| {
                scope.spawn(|| {
                    let signals = [
                        Signal::SIGCONT,
                        Signal::SIGWINCH,
                        Signal::SIGURG,
                        Signal::SIGSTOP,
                        Signal::SIGCONT,
                    ];
                    for signal in signals.into_iter().cycle() {
                        if over.load(Ordering::Relaxed) {
                            return;
                        }
                        // It is waited for by now, perhaps: then there is no such process.
                        let _ = kill(number, signal);
                        std::thread::sleep(Duration::from_millis(3));
                    }
                });
                let run = place.finish(child);
                over.store(true, Ordering::Relaxed);
                run
            });
            assert_eq!(
                (run.code, &*run.stdout, &*run.stderr),
                (Some(0), stdout, ""),
                "{script}"
            );
        }
    }
}

/// The descriptors of the body and of the loop, and the loop's children, at each iteration.
#[test]
fn no_iteration_leaves_anything_to_the_next() {
    const SEEN: &str = "sh -c \"echo at: /proc/self/fd/* /proc/$PPID/fd/* ; wc -w < /proc/$PPID/task/$PPID/children\"";
    let place = Place::new();
    let times = 12;
    let lines: String = (1..=times).map(|number| format!("{number}\n")).collect();
    let values = numbers(times);
    let bodies = [
        SEEN.to_owned(),
        format!("redirfd -r 7 /dev/null {SEEN}"),
        format!("backtick -E v {{ echo a }} {SEEN}"),
        format!("if {{ pipeline {{ true }} true }} {SEEN}"),
        format!("foreground {{ redirfd -w 5 /dev/null true }} {SEEN}"),
        format!("heredoc 4 text {SEEN}"),
        format!("foreground {{ fdmove 9 0 exit 0 }} ifelse {{ eltest a = b }} {{ true }} {SEEN}"),
    ];
    for ours in Ours::BOTH {
        for body in &bodies {
            for script in [
                format!("forx i {{ {values} }} {body}"),
                format!("forstdin i {body}"),
                format!(
                    "forbacktickx i {{ printf \"{}\" }} {body}",
                    lines.replace('\n', "\\n")
                ),
                format!("loopwhilex if {{ {body} }} sh -c \"read x && test $x != {times}\""),
            ] {
                let run = place.run(ours, &script, lines.as_bytes());
                let by_number = |text: &str| {
                    text.split_whitespace()
                        .map(|path| {
                            path.rsplit_once('/')
                                .map_or(path, |(_, name)| name)
                                .to_owned()
                        })
                        .collect::<Vec<String>>()
                };
                let seen: Vec<&str> = run.stdout.split("at: ").collect();
                assert!(seen.len() > 2, "{script}: {} {}", run.stdout, run.stderr);
                let different: BTreeSet<Vec<String>> =
                    seen[1..].iter().map(|text| by_number(text)).collect();
                assert!(different.len() == 1, "{script}: {different:?}");
            }
        }
    }
}

/// Memory at the hundredth and at the last iteration, where no body leaves the process.
#[test]
fn ten_thousand_iterations_take_no_more_memory_than_a_hundred() {
    const LAST: u32 = 10_000;
    let place = Place::new();
    let body = "define -s x \"a b c d\" \
        ifelse { eltest $i = 100 } { sh -c \"grep VmRSS /proc/$PPID/status\" } \
        ifelse { eltest $i = 10000 } { sh -c \"grep VmRSS /proc/$PPID/status\" } \
        foreground { exit 3 } export A $x eltest $x";
    let lines: String = (1..=LAST).map(|number| format!("{number}\n")).collect();
    let values = numbers(LAST);
    for script in [
        format!("forx -E i {{ {values} }} {body}"),
        format!("forstdin -E i {body}"),
        format!("forbacktickx -E i {{ seq {LAST} }} {body}"),
    ] {
        let run = place.run(Ours::Fused, &script, lines.as_bytes());
        let sizes: Vec<u64> = run
            .stdout
            .lines()
            .map(|line| line.split_whitespace().nth(1).unwrap().parse().unwrap())
            .collect();
        let start = &script[..20];
        assert!(sizes.len() == 2, "{start}: {} {}", run.stdout, run.stderr);
        assert!(
            sizes[1] <= sizes[0] + 64,
            "{start}: from {} kB to {} kB",
            sizes[0],
            sizes[1]
        );
    }
}

/// The same of a loop that has no values: it is watched from outside.
#[test]
fn an_endless_loop_takes_no_more_memory() {
    let place = Place::new();
    let flag = place.directory().join("flag");
    std::fs::write(&flag, "").unwrap();
    let script = "loopwhilex define -s x \"a b c d\" foreground { exit 3 } eltest -e flag";
    let child = place.start(Ours::Fused, script, b"");
    let size = |when: u64| {
        std::thread::sleep(Duration::from_millis(when));
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS"))
            .unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    let (early, late) = (size(300), size(1500));
    std::fs::remove_file(&flag).unwrap();
    assert_eq!(place.finish(child).code, Some(1));
    assert!(late <= early + 64, "from {early} kB to {late} kB");
}
